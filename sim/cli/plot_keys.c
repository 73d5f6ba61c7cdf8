/* SPDX-License-Identifier: MIT */
/* What tells curves apart. Method: a curve's name falls into pieces, each a key and a value; a
 * variant's by its slashes, settings by their blanks. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "plot.h"

/* Whatever would be beyond PIECES_MAX stays in the last one, so that nothing is lost. */
static void add_piece(struct curve *c, enum piece_of of, const char *key, size_t key_n,
                      const char *value, size_t value_n)
{
    struct piece *p = &c->piece[c->npieces];
    p->of = of;
    p->key = must(strndup(key, key_n));
    p->value = must(strndup(value, value_n));
    c->npieces++;
}

static bool has_piece(const struct curve *c, const char *key, size_t key_n, const char *value,
                      size_t value_n)
{
    for (uint32_t i = 0; i < c->npieces; i++)
        if (strlen(c->piece[i].key) == key_n && memcmp(c->piece[i].key, key, key_n) == 0 &&
            strlen(c->piece[i].value) == value_n &&
            memcmp(c->piece[i].value, value, value_n) == 0)
            return true;
    return false;
}

/* "key=value", a branch's bare name, "--calm", "--until 3s". */
static void add_word(struct curve *c, enum piece_of of, const char *word, size_t n)
{
    const char *is = memchr(word, '=', n), *blank = memchr(word, ' ', n);
    const char *cut = word[0] == '-' ? blank : is;
    size_t key_n = cut != NULL ? (size_t)(cut - word) : n;
    const char *value = cut != NULL ? cut + 1 : "";
    size_t value_n = cut != NULL ? n - key_n - 1 : 0;
    if (cut == NULL && of == OF_VARIANT)
        add_piece(c, of, "branch", 6, word, n);
    else if (!has_piece(c, word, key_n, value, value_n))
        add_piece(c, of, word, key_n, value, value_n);
}

/* The length of the setting at the beginning of the text: up to a blank behind which the next one
 * begins. A value may hold blanks. */
static size_t setting_length(const char *text)
{
    size_t n = strcspn(text, " ");
    while (text[n] != 0) {
        const char *next = text + n + 1;
        size_t word = strcspn(next, " ");
        if (memchr(next, '=', word) != NULL || strncmp(next, "--", 2) == 0)
            break;
        n += 1 + word;
    }
    return n;
}

void curve_pieces(struct curve *c)
{
    enum { LEFT = 2 }; /* room for the last setting, and for the revision */
    add_piece(c, OF_SCENARIO, "scenario", 8, c->path, strlen(c->path));
    for (const char *v = c->variant; *v != 0;) {
        size_t n = c->npieces + LEFT < PIECES_MAX ? strcspn(v, "/") : strlen(v);
        add_word(c, OF_VARIANT, v, n);
        v += n + (v[n] == '/');
    }
    for (const char *s = c->settings; *s != 0;) {
        size_t n = c->npieces + LEFT < PIECES_MAX ? setting_length(s) : strlen(s);
        add_word(c, OF_SETTINGS, s, n);
        s += n + (s[n] == ' ');
    }
    add_piece(c, OF_REVISION, "revision", 8, c->revision, strlen(c->revision));
}

/* ---- --by ------------------------------------------------------------------------------------ */

static const char *const groups[] = {
    [OF_SCENARIO] = "scenario", [OF_VARIANT] = "variant", [OF_SETTINGS] = "set",
    [OF_REVISION] = "revision"};
enum { GROUPS = sizeof(groups) / sizeof(groups[0]), NAMES_MAX = 64 };

/* Every name that --by takes, each once. */
static uint32_t names_of(const struct plot *p, const char *names[NAMES_MAX + 1])
{
    uint32_t n = 0;
    for (int i = 0; i < GROUPS; i++)
        names[n++] = groups[i];
    for (uint32_t i = 0; i < p->n; i++) {
        for (uint32_t k = 0; k < p->curves[i]->npieces; k++) {
            uint32_t at = 0;
            while (at < n && strcmp(names[at], p->curves[i]->piece[k].key) != 0)
                at++;
            if (at == n && n < NAMES_MAX)
                names[n++] = p->curves[i]->piece[k].key;
        }
    }
    names[n] = NULL;
    return n;
}

static bool name_known(const char *word, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, word) == 0)
            return true;
    return false;
}

bool by_says(const char *by, const char *word, size_t word_n)
{
    for (; by != NULL && *by != 0; by += strcspn(by, ",") + (by[strcspn(by, ",")] == ','))
        if (strcspn(by, ",") == word_n && memcmp(word, by, word_n) == 0)
            return true;
    return false;
}

bool by_names(const char *by, enum piece_of of, const char *key)
{
    return by_says(by, key, strlen(key)) || by_says(by, groups[of], strlen(groups[of]));
}

bool by_known(const struct plot *p)
{
    const char *names[NAMES_MAX + 1];
    uint32_t n = names_of(p, names);
    char all[1024] = "";
    for (uint32_t i = 0; i < n; i++)
        append(all, sizeof(all), "%s%s", i ? ", " : "", names[i]);
    for (const char *by = p->by; by != NULL;) {
        char word[SETTINGS_BYTES];
        snprintf(word, sizeof(word), "%.*s", (int)strcspn(by, ","), by);
        if (!name_known(word, names)) {
            const char *near = nearest(word, names);
            usage_error("--by %s: these runs have no such key%s%s%s; there are: %s", word,
                        near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
                        near != NULL ? "'" : "", all);
            return false;
        }
        by = by[strlen(word)] == ',' ? by + strlen(word) + 1 : NULL;
    }
    return true;
}
