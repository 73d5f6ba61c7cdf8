/* SPDX-License-Identifier: MIT */
/*
 * Method. A cursor walks over the tokens of one line. Clauses that may stand anywhere (`within 2s`,
 * `as r1`, `every 1s..5s`) are found and cut out first, so that the rest reads in one order.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "units.h"

const struct token *cur_peek(const struct cursor *c)
{
    return c->at < c->n ? &c->tok[c->at] : NULL;
}
bool cur_end(const struct cursor *c) { return c->at >= c->n; }

static bool token_is(const struct token *t, const char *word)
{
    return t->kind != TOK_STRING && strlen(word) == t->n && !memcmp(t->text, word, t->n);
}

bool cur_is(const struct cursor *c, const char *word)
{
    return !cur_end(c) && token_is(&c->tok[c->at], word);
}

bool cur_word(struct cursor *c, const char *word)
{
    if (!cur_is(c, word)) return tried_words(c, word), false;
    c->at++;
    return true;
}

bool cur_name(struct cursor *c, const char **name, uint32_t *len)
{
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_WORD) return false;
    *name = t->text, *len = t->n, c->at++;
    return true;
}

/* ---- numbers and units ---- */

static bool take_scaled(struct cursor *c, const struct unit *units, uint64_t *value)
{
    const struct token *t = cur_peek(c);
    if (!t || !unit_value(t, NULL, units, value) || *value > SCALED_MOST) return false;
    c->at++;
    return true;
}

static bool take_span(struct cursor *c, const struct unit *units, uint64_t *lo, uint64_t *hi)
{
    const struct token *t = cur_peek(c);
    if (!t) return false;
    bool two = c->at + 2 < c->n && token_is(&c->tok[c->at + 1], "..");
    if (!unit_value(t, two ? t + 2 : NULL, units, lo)) return false;
    if (two && !unit_value(t + 2, NULL, units, hi)) return false;
    if (!two) *hi = *lo;
    if (*hi < *lo || *hi > SCALED_MOST) return false;
    c->at += two ? 3 : 1;
    return true;
}

bool cur_number(struct cursor *c, uint64_t *v)
{
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_NUMBER || number_digits(t->text, t->n) != t->n ||
        !number_is_whole(t->text, t->n))
        return false;
    if (!number_scaled(t->text, t->n, 1, v)) return false;
    c->at++;
    return true;
}

bool cur_time(struct cursor *c, uint64_t *ns) { return take_scaled(c, time_units, ns); }
bool cur_bytes(struct cursor *c, uint64_t *v) { return take_scaled(c, byte_units, v); }
bool cur_span(struct cursor *c, uint64_t *lo, uint64_t *hi)
{
    return take_span(c, time_units, lo, hi);
}

bool cur_ppm(struct cursor *c, uint64_t *ppm)
{
    uint32_t at = c->at;
    uint64_t num, den;
    if (cur_number(c, &num) && cur_word(c, "/") && cur_number(c, &den) && den && num <= den &&
        num <= UINT64_MAX / 1000000u) {
        *ppm = num * 1000000u / den;
        return true;
    }
    c->at = at;
    return take_scaled(c, share_units, ppm);
}

bool cur_ppm_span(struct cursor *c, uint64_t *lo, uint64_t *hi)
{
    if (take_span(c, share_units, lo, hi)) return true;
    if (!cur_ppm(c, lo)) return false;
    *hi = *lo;
    return true;
}

bool cur_rate(struct cursor *c, uint64_t *per_1000s)
{
    const struct token *t = cur_peek(c);
    uint32_t at = c->at;
    if (!t || t->kind != TOK_NUMBER || number_digits(t->text, t->n) != t->n) return false;
    c->at++;
    if (cur_word(c, "/")) {
        uint64_t scale = cur_word(c, "s") ? 1000000
                                          : cur_word(c, "min") || cur_word(c, "m") ? 16667 : 0;
        if (scale && number_scaled(t->text, t->n, scale, per_1000s)) {
            *per_1000s /= 1000;
            return true;
        }
    }
    c->at = at;
    return false;
}

/* ---- what must be there ---- */

static int shown(const struct token *t) { return (int)(t->n < 60 ? t->n : 60); }

static bool need_failed(struct cursor *c, const char *what, const char *hint)
{
    const struct token *t = cur_peek(c);
    char instance[300];
    if (!hint && c->p->example) {
        snprintf(instance, sizeof instance, "for instance: %.280s", c->p->example);
        hint = instance;
    }
    if (!t) return cur_error(c, hint, "expected %s, but the line ends", what);
    const char *quote = t->kind == TOK_STRING ? "\"" : "";
    return cur_error(c, hint, "expected %s, found '%s%.*s%s'", what, quote, shown(t), t->text,
                     quote);
}

/* A unit like the given one, or else the longest that it begins with: of 3mms, ms; of 3sec, s. */
static const struct unit *unit_like(const char *text, uint32_t n, const struct unit *units)
{
    const struct unit *best = NULL;
    struct guess g = guess_for(text, n);
    for (const struct unit *u = units; u->name && n > 2; u++)
        guess_try(&g, u->name, strlen(u->name));
    for (const struct unit *u = units; g.best && u->name; u++)
        if (u->name == g.best) return u;
    for (; units->name; units++) {
        size_t len = strlen(units->name);
        if (len && len <= n && !memcmp(units->name, text, len) &&
            (!best || len > strlen(best->name)))
            best = units;
    }
    return best;
}

bool cur_beyond(const struct cursor *c, const struct unit *units)
{
    uint64_t value;
    for (uint32_t i = c->at; i < c->n && i <= c->at + 2; i += 2) {
        const struct token *t = &c->tok[i];
        if (t->kind != TOK_NUMBER || !unit_of(t, units)) return false;
        if (number_is_whole(t->text, t->n) &&
            (!unit_value(t, NULL, units, &value) || value > SCALED_MOST))
            return true;
        if (i + 2 >= c->n || !token_is(&c->tok[i + 1], "..")) return false;
    }
    return false;
}

/* A number with its unit that is none the less no such quantity. */
static bool number_failed(struct cursor *c, const struct unit *units, const char *what,
                          const char *hint)
{
    const struct token *t = cur_peek(c);
    const struct unit *u = unit_of(t, units);
    if (cur_beyond(c, units)) {
        const struct cursor low = {.tok = c->tok, .n = c->at + 1, .at = c->at};
        if (!cur_beyond(&low, units)) c->at += 2, t += 2;       /* the upper end of a span */
        if (units == time_units) hint = "a time is at most 277777h";
        if (units == byte_units) hint = "a size is at most 1000000000 GB";
        return cur_error(c, hint, "'%.*s' is too large", shown(t), t->text);
    }
    if (u->scale == 1 && *u->name && !number_is_whole(t->text, t->n))
        return cur_error(c, "leave its fraction out", "'%.*s' is no whole number of %s", shown(t),
                         t->text, u->name);
    return need_failed(c, what, hint);
}

/* It may stand behind a blank. */
static bool no_unit(struct cursor *c, const struct unit *units, const char *hint)
{
    const struct token *t = cur_peek(c), *next = c->at + 1 < c->n ? t + 1 : NULL;
    char together[120];
    while (next && units->name && (!*units->name || !token_is(next, units->name))) units++;
    if (next && units->name) {
        snprintf(together, sizeof together, "write %.*s%s, without a blank", shown(t), t->text,
                 units->name);
        hint = together;
    }
    return cur_error(c, hint, "'%.*s' has no unit", shown(t), t->text);
}

/* A number without its unit, or with one that nobody knows, gets a sentence of its own. */
static bool unit_failed(struct cursor *c, const struct unit *units, const char *what,
                        const char *hint)
{
    const struct token *t = cur_peek(c);
    char like[120];
    bool two = t && c->at + 2 < c->n && token_is(t + 1, "..") && t[2].kind == TOK_NUMBER;
    if (two && unit_of(t, units) && !unit_of(t + 2, units)) c->at += 2, t += 2; /* its upper end */
    if (!t || t->kind != TOK_NUMBER) return need_failed(c, what, hint);
    if (unit_of(t, units)) return number_failed(c, units, what, hint);
    uint32_t digits = number_digits(t->text, t->n);
    if (digits == t->n) return no_unit(c, units, hint);
    const struct unit *u = unit_like(t->text + digits, t->n - digits, units);
    if (u) {
        snprintf(like, sizeof like, "did you mean '%.*s%s'?", (int)(digits < 60 ? digits : 60),
                 t->text, u->name);
        hint = like;
    }
    return cur_error(c, hint, "unknown unit '%.*s'", (int)(t->n - digits < 40 ? t->n - digits : 40),
                     t->text + digits);
}

/* A span of times whose ends stand in the wrong order. */
static bool is_backwards(const struct cursor *c, uint64_t *lo, uint64_t *hi)
{
    const struct token *t = cur_peek(c);
    return t && t->kind == TOK_NUMBER && c->at + 2 < c->n && token_is(t + 1, "..") &&
           unit_value(t, t + 2, time_units, lo) && unit_value(t + 2, NULL, time_units, hi) &&
           *hi < *lo;
}

bool cur_need_time(struct cursor *c, uint64_t *ns, const char *what)
{
    return cur_time(c, ns) ||
           unit_failed(c, time_units, what,
                       "a time is a number with ns, us, ms, s, m or h, as in 150ms");
}

bool cur_need_bytes(struct cursor *c, uint64_t *bytes)
{
    return cur_bytes(c, bytes) ||
           unit_failed(c, byte_units, "bytes", "write a number, or one with kB, MB, KiB or MiB");
}

bool cur_need_span(struct cursor *c, uint64_t *lo, uint64_t *hi, const char *what)
{
    if (cur_span(c, lo, hi)) return true;
    char least[SPELLED_BYTES], most[SPELLED_BYTES], hint[2 * SPELLED_BYTES + 10];
    if (!is_backwards(c, lo, hi))
        return unit_failed(c, time_units, what, "write a time or a span with ns, us, ms, s, m or "
                                                "h, as in 10ms..40ms");
    time_spell(*hi, NULL, least), time_spell(*lo, NULL, most);
    snprintf(hint, sizeof hint, "write %s..%s", least, most);
    return cur_error(c, hint, "the lower end of a span comes first");
}

bool cur_need_share(struct cursor *c, uint64_t *ppm, uint64_t most)
{
    uint32_t at = c->at;
    if (cur_ppm(c, ppm) && *ppm <= most) return true;
    uint64_t num, den;
    bool too_much = c->at > at || (cur_number(c, &num) && cur_word(c, "/") && cur_number(c, &den));
    c->at = at;
    if (!too_much) return unit_failed(c, share_units, "a share", "write 5%, 100ppm or 3/100");
    return cur_error(c, NULL, "this share is more than %llu%%",
                     (most < 1000000 ? (unsigned long long)most : 1000000) / 10000);
}

bool cur_need_word(struct cursor *c, const char *word)
{
    char what[64];
    if (cur_word(c, word)) return true;
    snprintf(what, sizeof what, "'%s'", word);
    return need_failed(c, what, NULL);
}

bool cur_need_end(struct cursor *c)
{
    if (cur_end(c)) return true;
    const struct token *t = cur_peek(c);
    char hint[160];
    if (token_is(t, ",")) snprintf(hint, sizeof hint, "blanks alone stand between words");
    else if (!tried_list(c, hint, sizeof hint))
        snprintf(hint, sizeof hint, "the statement is complete before it");
    return cur_error(c, hint, "unexpected '%.*s'", shown(t), t->text);
}

bool cur_need_count(struct cursor *c, uint64_t *n, uint64_t least, uint64_t most, const char *what)
{
    const struct token *t = cur_peek(c);
    char hint[80];
    const bool written = t && t->kind == TOK_NUMBER, number = cur_number(c, n);
    if (number && *n >= least && *n <= most) return true;
    c->at -= number;
    const bool broken = written && memchr(t->text, '.', t->n),
               whole = written && !broken && number_digits(t->text, t->n) == t->n;
    int k = snprintf(hint, sizeof hint, "write a %snumber", broken ? "whole " : "");
    const bool to = most != UINT64_MAX || (whole && !number);
    if (least || to)
        k += snprintf(hint + k, sizeof hint - (size_t)k, " from %llu", (unsigned long long)least);
    if (to) snprintf(hint + k, sizeof hint - (size_t)k, " to %llu", (unsigned long long)most);
    else if (least) snprintf(hint + k, sizeof hint - (size_t)k, " on");
    return whole ? cur_error(c, hint, "'%.*s' is out of range", shown(t), t->text)
                 : need_failed(c, what, hint);
}

bool cur_need_name(struct cursor *c, const char **name, uint32_t *len, const char *what)
{
    return cur_name(c, name, len) || need_failed(c, what, NULL);
}

bool cur_need_string(struct cursor *c, char **text, const char *what)
{
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_STRING) return need_failed(c, what, "write it in \"quotes\"");
    char *s = pool_text(c->p->pool, t->text, t->n);
    if (!s) return out_of_memory(c->p);
    uint32_t k = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        if (s[i] == '\\' && i + 1 < t->n) i++;
        s[k++] = s[i];
    }
    s[k] = 0;
    *text = s, c->at++;
    return true;
}

bool take_choice(struct cursor *c, const char *words, uint32_t *which)
{
    const struct token *t = cur_peek(c);
    tried_words(c, words);
    if (!t || t->kind != TOK_WORD) return false;
    for (uint32_t i = 0; *words; i++, words += *words == '|') {
        size_t n = strcspn(words, "|");
        if (n == t->n && !memcmp(words, t->text, n)) {
            *which = i, c->at++;
            return true;
        }
        words += n;
    }
    return false;
}

bool cur_need_choice(struct cursor *c, const char *words, uint32_t *which, const char *what)
{
    if (take_choice(c, words, which)) return true;
    const struct token *t = cur_peek(c);
    char hint[300];
    struct guess g = guess_for(t ? t->text : "", t && t->kind == TOK_WORD ? t->n : 0);
    for (const char *w = words; *w; w += strcspn(w, "|"), w += *w == '|')
        guess_try(&g, w, strcspn(w, "|"));
    if (!did_you_mean(&g, hint, sizeof hint)) {
        const char *quoted = t && t->kind == TOK_STRING ? ", without quotes:" : "";
        size_t k = (size_t)snprintf(hint, sizeof hint, "it is one of%s", quoted);
        for (const char *w = words; *w && k + 40 < sizeof hint;
             w += strcspn(w, "|"), w += *w == '|')
            k += (size_t)snprintf(hint + k, sizeof hint - k, "%s %.*s", w > words ? "," : "",
                                  (int)strcspn(w, "|"), w);
    }
    return need_failed(c, what, hint);
}

/* ---- nodes ---- */

static bool node_word(const struct cursor *c, uint32_t at, uint8_t *node)
{
    uint64_t v;
    if (at >= c->n) return false;
    const struct token *t = &c->tok[at];
    if (t->kind != TOK_WORD || t->n < 2 || t->n > 3 || t->text[0] != 'n' || t->text[1] == '0')
        return false;
    if (number_digits(t->text + 1, t->n - 1) != t->n - 1 ||
        !number_scaled(t->text + 1, t->n - 1, 1, &v))
        return false;
    if (v > c->p->prog->plan.nodes) return false;
    *node = (uint8_t)v;
    return true;
}

bool cur_node(struct cursor *c, uint8_t *node)
{
    if (!node_word(c, c->at, node)) return false;
    c->at++;
    return true;
}

/* One of: n1, n1..n3, all. */
static bool take_static(struct cursor *c, node_set *set)
{
    uint8_t lo, hi;
    uint8_t nodes = c->p->prog->plan.nodes;
    if (nodes && cur_word(c, "all")) {
        *set |= (node_set)((UINT64_C(1) << nodes) - 1);
        return true;
    }
    if (!node_word(c, c->at, &lo)) return false;
    bool range = c->at + 2 < c->n && token_is(&c->tok[c->at + 1], "..");
    if (range && (!node_word(c, c->at + 2, &hi) || hi < lo)) return false;
    if (!range) hi = lo;
    c->at += range ? 3 : 1;
    for (; lo <= hi; lo++) *set |= NODE_BIT(lo);
    return true;
}

bool is_all_but(const struct cursor *c)
{
    struct cursor look = *c;
    if (!cur_is(&look, "all")) return false;
    look.at++;
    return cur_word(&look, "but");
}

bool cur_nodes(struct cursor *c, uint32_t *set)
{
    node_set s = 0, all = 0;
    uint32_t at = c->at;
    bool but = is_all_but(c);
    if (but) take_static(c, &all), c->at++;
    while (take_static(c, &s)) {}
    if (but) s = s ? all & ~s : 0;
    if (s) *set = s;
    else c->at = at;
    return s != 0;
}

/* ---- clauses that stand anywhere ---- */

void cur_drop(struct cursor *c, uint32_t from, uint32_t n)
{
    assert(from + n <= c->n);
    memmove(&c->tok[from], &c->tok[from + n], (c->n - from - n) * sizeof *c->tok);
    c->n -= n;
    if (c->at > from) c->at = c->at >= from + n ? c->at - n : from;
}

static bool find_clause(const struct cursor *c, const char *word, uint32_t *at)
{
    for (*at = c->at; *at < c->n; ++*at)
        if (token_is(&c->tok[*at], word)) return true;
    return tried_anywhere(c, word), false;
}

bool cur_cut_bound(struct cursor *c, const char *word, struct bound *b, bool *found)
{
    uint32_t i;
    char what[64];
    if (!(*found = find_clause(c, word, &i))) return true;
    struct cursor at = *c;
    at.at = i + 1;
    snprintf(what, sizeof what, "a time after `%s`", word);
    if (!cur_need_bound(&at, b, what)) return false;
    cur_drop(c, i, at.at - i);
    if (!find_clause(c, word, &i)) return true;
    c->at = i;
    return cur_error(c, "leave one of the two out", "`%s` is said twice, and once is for all of it",
                     word);
}

bool cur_cut_name(struct cursor *c, const char *word, const char **name, uint32_t *len, bool *found)
{
    uint32_t i;
    char what[64];
    if (!(*found = find_clause(c, word, &i))) return true;
    struct cursor at = *c;
    at.at = i + 1;
    snprintf(what, sizeof what, "a name after `%s`", word);
    if (!cur_need_name(&at, name, len, what)) return false;
    cur_drop(c, i, 2);
    return true;
}

char *cur_text(struct cursor *c, uint32_t from)
{
    size_t size = 1, k = 0;
    for (uint32_t i = from; i < c->n; i++) size += c->tok[i].n + 3u;
    char *s = pool_take(c->p->pool, size);
    if (!s) return out_of_memory(c->p), NULL;
    for (uint32_t i = from; i < c->n; i++) {
        const struct token *t = &c->tok[i];
        if (i > from && !t->glued) s[k++] = ' ';
        if (t->kind == TOK_STRING) s[k++] = '"';
        if (t->n) memcpy(s + k, t->text, t->n);
        k += t->n;
        if (t->kind == TOK_STRING) s[k++] = '"';
    }
    return s;
}

void *args_take(struct cursor *c, size_t size)
{
    void *a = pool_take(c->p->pool, size);
    if (!a) out_of_memory(c->p);
    return a;
}
