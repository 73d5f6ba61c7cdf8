/* SPDX-License-Identifier: MIT */
/*
 * Text tapes, see tape.h. Method: the reader copies the input once and cuts it into lines and words
 * in place, so that every string of the tape points into one allocation, and a word's place there
 * is its place in the file, which is all that a message needs to show it.
 */
#define _GNU_SOURCE
#include "tape.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../check/check.h"
#include "../lang/lex.h"
#include "../lang/shown.h"
#include "../world/world.h"

enum { TAPE_VERSION = 1 };

/* ---- actors ---------------------------------------------------------------------------------- */

static int end_print(uint8_t actor, char *out, size_t size)
{
    if (is_client(actor))
        return snprintf(out, size, "c%u", (unsigned)(actor - CLIENT_BASE));
    return snprintf(out, size, "n%u", (unsigned)actor);
}

int actor_print(uint32_t actor, char *out, size_t size)
{
    char from[8], to[8];
    if (actor == 0)
        return snprintf(out, size, "-");
    if (actor >= ACTOR_FAULT(0))
        return snprintf(out, size, "line%" PRIu32, actor - ACTOR_FAULT(0));
    if (actor < ACTOR_LINK(0, 0))
        return end_print((uint8_t)actor, out, size);
    end_print((uint8_t)(actor >> 8), from, sizeof(from));
    end_print((uint8_t)actor, to, sizeof(to));
    return snprintf(out, size, "%s->%s", from, to);
}

/* n1 or c2 at *word, which moves behind it. */
static bool end_parse(const char **word, uint32_t *actor)
{
    const char *p = *word;
    if ((*p != 'n' && *p != 'c') || p[1] < '1' || p[1] > '9')
        return false;
    char *end;
    unsigned long n = strtoul(p + 1, &end, 10);
    if (n > (*p == 'n' ? (unsigned long)NODES_MAX : (unsigned long)CLIENTS_MAX))
        return false;
    *actor = (uint32_t)n + (*p == 'c' ? (uint32_t)CLIENT_BASE : 0u);
    *word = end;
    return true;
}

bool actor_parse(const char *word, uint32_t *actor)
{
    uint32_t from, to;
    *actor = 0;
    if (strcmp(word, "-") == 0)
        return true;
    if (strncmp(word, "line", 4) == 0 && word[4] >= '0' && word[4] <= '9') {
        char *end;
        unsigned long n = strtoul(word + 4, &end, 10);
        *actor = ACTOR_FAULT(n & 0xffff);
        return *end == 0 && n <= 0xffff;
    }
    if (!end_parse(&word, &from))
        return false;
    *actor = from;
    if (*word == 0)
        return true;
    if (strncmp(word, "->", 2) != 0)
        return false;
    word += 2;
    if (!end_parse(&word, &to) || *word != 0)
        return false;
    *actor = ACTOR_LINK(from, to);
    return true;
}

/* ---- text ------------------------------------------------------------------------------------ */

bool tape_add(struct tape *t, const struct exception *e)
{
    if (t->n == t->capacity) {
        uint32_t capacity = t->capacity ? t->capacity * 2 : 256;
        struct exception *grown = realloc(t->exceptions, capacity * sizeof(*grown));
        if (grown == NULL)
            return false;
        t->exceptions = grown;
        t->capacity = capacity;
    }
    t->exceptions[t->n++] = *e;
    return true;
}

void tape_free(struct tape *t)
{
    free(t->exceptions);
    free(t->owned);
    memset(t, 0, sizeof(*t));
}

bool tape_is_text(const void *data, size_t len)
{
    size_t n = strlen(TAPE_WORD);
    return len > n && memcmp(data, TAPE_WORD, n) == 0;
}

/* A whole word of digits. */
static bool read_number(const char *word, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(word, &end, 10);
    return word[0] >= '0' && word[0] <= '9' && *end == 0 && errno == 0;
}

/* A tape's text as it is read. */
struct reading {
    const char *name, *data;           /* the file, and its bytes as they came */
    size_t len, end;                   /* end: of the line that is being read */
    struct tape *tape;
    FILE *err;
};

/* What is wrong with the `width` bytes from `at` on; of width 0: with the line, or with what is
 * missing behind it. */
static bool wrong(const struct reading *r, size_t at, size_t width, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static bool wrong(const struct reading *r, size_t at, size_t width, const char *format, ...)
{
    char message[300];
    va_list ap;
    uint32_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < at; i++)
        if (r->data[i] == '\n')
            line++, start = i + 1;
    const char *newline = at < r->len ? memchr(r->data + at, '\n', r->len - at) : NULL;
    size_t end = newline != NULL ? (size_t)(newline - r->data) : r->len;
    fprintf(r->err, "%s:%" PRIu32, r->name, line);
    if (width > 0)
        fprintf(r->err, ":%zu", at - start + 1);
    va_start(ap, format);
    vsnprintf(message, sizeof(message), format, ap);
    va_end(ap);
    fputs(": error: ", r->err);
    show_clean(r->err, message, strlen(message));
    putc('\n', r->err);
    if (width > 0)
        show_line(r->err, r->data + start, (uint32_t)(end - start), (uint32_t)(at - start),
                  (uint32_t)width);
    return false;
}

static bool no_memory(const struct reading *r)
{
    fprintf(r->err, "%s: error: out of memory\n", r->name);
    return false;
}

static size_t place_of(const struct reading *r, const char *word)
{
    return (size_t)(word - r->tape->owned);
}

/* `word` is not what must stand there; NULL or empty: the line ends before it. */
static bool expected(const struct reading *r, const char *word, const char *what)
{
    if (word == NULL || word[0] == 0)
        return wrong(r, r->end, 1, "expected %s, but the line ends", what);
    return wrong(r, place_of(r, word), strlen(word), "expected %s, found '%.60s'", what, word);
}

static bool unknown_word(const struct reading *r, const char *word)
{
    static const char *const words[] = {"revision", "scenario", "variant", "set", "base",
                                        "calm", "check-every-step", "without", "until", "text"};
    struct guess g = guess_for(word, (uint32_t)strlen(word));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        guess_try(&g, words[i], strlen(words[i]));
    for (int i = 0; i < STREAM_COUNT; i++)
        guess_try(&g, stream_name(i), strlen(stream_name(i)));
    char hint[80] = "a line is `scenario PATH` or the like, or a draw: stream actor ordinal value";
    if (g.best != NULL)
        snprintf(hint, sizeof(hint), "did you mean '%.*s'?", (int)g.best_n, g.best);
    return wrong(r, place_of(r, word), strlen(word), "no such stream of draws '%.60s'; %s", word,
                 hint);
}

static bool read_exception(const struct reading *r, const char *stream, char *rest)
{
    char *save = NULL;
    struct exception e = {0};
    int id = stream_by_name(stream, strlen(stream));
    if (id < 0)
        return unknown_word(r, stream);
    e.stream = (uint8_t)id;
    const char *word = strtok_r(rest, " ", &save);
    if (word == NULL || !actor_parse(word, &e.actor))
        return expected(r, word, "an actor (n1, c2, n1->c2, line3 or -)");
    word = strtok_r(NULL, " ", &save);
    if (word == NULL || !read_number(word, &e.ordinal))
        return expected(r, word, "an ordinal, a whole number");
    word = strtok_r(NULL, " ", &save);
    if (word == NULL || !read_number(word, &e.value))
        return expected(r, word, "a value, a whole number");
    word = strtok_r(NULL, " ", &save);
    if (word != NULL)
        return wrong(r, place_of(r, word), strlen(word),
                     "unexpected '%.60s'; a draw is stream actor ordinal value", word);
    return tape_add(r->tape, &e) || no_memory(r);
}

static bool read_setting(const struct reading *r, char *rest)
{
    struct tape *t = r->tape;
    char *equals = strchr(rest, '=');
    if (t->nsettings == TAPE_SETTINGS_MAX)
        return wrong(r, place_of(r, rest), strlen(rest), "too many settings (at most %d)",
                     TAPE_SETTINGS_MAX);
    if (equals == NULL)
        return expected(r, rest, "KEY=VALUE");
    *equals = 0;
    t->settings[t->nsettings++] = (struct setting){.key = rest, .value = equals + 1};
    return true;
}

/* One line above `text`. */
static bool read_line(const struct reading *r, char *line)
{
    struct tape *t = r->tape;
    char *rest = line + strcspn(line, " ");
    if (*rest != 0)
        *rest++ = 0;
    const struct { const char *word, *what; char **to; } strings[] = {
        {"revision", "a revision", &t->revision}, {"scenario", "the scenario's path", &t->scenario},
        {"variant", "the variant's name", &t->variant}};
    for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
        if (strcmp(line, strings[i].word) == 0) {
            *strings[i].to = rest;
            return *rest != 0 || expected(r, NULL, strings[i].what);
        }
    }
    if (strcmp(line, "set") == 0)
        return read_setting(r, rest);
    if (strcmp(line, "base") == 0)
        return strcmp(rest, "zero") == 0 || expected(r, rest, "zero, the only base");
    if (strcmp(line, "calm") == 0)
        return (t->calm = strcmp(rest, "on") == 0) || expected(r, rest, "on");
    if (strcmp(line, "check-every-step") == 0)
        return (t->every_step = strcmp(rest, "on") == 0) || expected(r, rest, "on");
    if (strcmp(line, "without") == 0) {
        const char *bad = checks_parse(rest, &t->without);
        return bad == NULL || expected(r, bad, "the name of a check");
    }
    if (strcmp(line, "until") == 0)
        return (read_number(rest, &t->until) && t->until > 0) ||
               expected(r, rest, "a number of nanoseconds");
    return read_exception(r, line, rest);
}

static bool read_version(const struct reading *r)
{
    size_t at = strlen(TAPE_WORD), n = strcspn(r->tape->owned + at, "\r\n");
    const char *version = r->tape->owned + at;
    if (n == 1 && version[0] == '0' + TAPE_VERSION)
        return true;
    return wrong(r, at, n > 0 ? n : 1,
                 "this is a tape of version %.*s; this program reads version %d",
                 n < 40 ? (int)n : 40, version, TAPE_VERSION);
}

/* " 1234" as behind the word `text`, or nothing. */
static bool text_is_whole(const struct reading *r, const char *announced)
{
    uint64_t bytes;
    if (announced[0] == 0)
        return true;
    size_t at = place_of(r, announced) + 1;
    if (!read_number(announced + 1, &bytes))
        return expected(r, announced + 1, "the scenario's bytes, or nothing");
    if (r->tape->text_len == bytes)
        return true;
    return wrong(r, at, strlen(announced + 1), "the scenario below has %zu bytes; %s",
                 r->tape->text_len,
                 r->tape->text_len < bytes
                     ? "was the tape cut off?" : "where that is meant, write `text` alone");
}

/* All lines below the first, down to `text`. */
static bool read_lines(struct reading *r)
{
    struct tape *t = r->tape;
    for (char *line = strchr(t->owned, '\n'); line != NULL;) {
        char *start = line + 1;
        line = strchr(start, '\n');
        if (line != NULL)
            *line = 0;
        start[strcspn(start, "\r")] = 0;
        r->end = place_of(r, start) + strlen(start);
        if (line != NULL && (strcmp(start, "text") == 0 || strncmp(start, "text ", 5) == 0)) {
            t->text = line + 1;
            t->text_len = r->len - (size_t)(t->text - t->owned);
            return text_is_whole(r, start + 4);
        }
        if (*start != 0 && *start != '#' && !read_line(r, start))
            return false;
    }
    return wrong(r, r->len, 0,
                 "the tape ends before its line `text` and its scenario: was it cut off?");
}

/* ---- draws that cannot be meant -------------------------------------------------------------- */

/* Where the word number `word` (from 0) of the n-th draw (from 0) stands in the file. */
static size_t place_of_draw(const struct reading *r, uint32_t n, uint32_t word, size_t *width)
{
    size_t at = 0, k = 0;
    for (uint32_t seen = 0; at < r->len;) {
        k = strcspn(r->data + at, " \r\n");
        if (stream_by_name(r->data + at, k) >= 0 && seen++ == n)
            break;
        const char *newline = memchr(r->data + at, '\n', r->len - at);
        at = newline != NULL ? (size_t)(newline - r->data) + 1 : r->len;
    }
    for (; word > 0 && at < r->len; word--) {
        at += k;
        at += strspn(r->data + at, " ");
        k = strcspn(r->data + at, " \r\n");
    }
    *width = k;
    return at;
}

struct placed { struct exception e; uint32_t n; };

static int compare_draws(const struct exception *a, const struct exception *b)
{
    if (a->stream != b->stream)
        return a->stream < b->stream ? -1 : 1;
    if (a->actor != b->actor)
        return a->actor < b->actor ? -1 : 1;
    return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

static int compare_placed(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    int order = compare_draws(&x->e, &y->e);
    return order != 0 ? order : x->n < y->n ? -1 : x->n > y->n;
}

static bool each_stands_once(const struct reading *r)
{
    const struct tape *t = r->tape;
    struct placed *all = malloc((t->n + 1) * sizeof(*all));
    uint32_t first = 0, twice = t->n;
    size_t width;
    if (all == NULL)
        return no_memory(r);
    for (uint32_t i = 0; i < t->n; i++)
        all[i] = (struct placed){t->exceptions[i], i};
    qsort(all, t->n, sizeof(*all), compare_placed);
    for (uint32_t i = 1; i < t->n; i++)
        if (compare_draws(&all[i - 1].e, &all[i].e) == 0 && all[i].n < twice)
            twice = all[i].n, first = all[i - 1].n;
    free(all);
    if (twice == t->n)
        return true;
    uint32_t line = 1;
    size_t before = place_of_draw(r, first, 0, &width), at = place_of_draw(r, twice, 0, &width),
           end = at + strcspn(r->data + at, "\r\n");
    for (size_t i = 0; i < before; i++)
        line += r->data[i] == '\n';
    return wrong(r, at, end - at, "this draw stands in line %" PRIu32 " already; take one out",
                 line);
}

/* Is there such an end of a link, or such a node or client? */
static bool end_fits(const struct reading *r, const struct world_plan *plan, uint32_t n,
                     uint8_t end)
{
    char word[8];
    size_t width, at;
    bool client = is_client(end);
    if (client ? end - CLIENT_BASE <= plan->clients : end <= plan->nodes)
        return true;
    end_print(end, word, sizeof(word));
    at = place_of_draw(r, n, 1, &width);
    if (client && plan->clients == 0)
        return wrong(r, at, width, "unknown client '%s' (this scenario has none)", word);
    return wrong(r, at, width, "unknown %s '%s' (this scenario has %s1..%s%u)",
                 client ? "client" : "node", word, client ? "c" : "n", client ? "c" : "n",
                 client ? plan->clients : plan->nodes);
}

bool tape_fits(const struct tape *t, const struct world_plan *plan, const char *name,
               const void *data, size_t len, FILE *err)
{
    struct reading r = {.name = name, .data = data, .len = len, .err = err};
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t actor = t->exceptions[i].actor;
        if (actor == 0 || actor >= ACTOR_FAULT(0))
            continue;
        if (actor >= ACTOR_LINK(0, 0) && !end_fits(&r, plan, i, (uint8_t)(actor >> 8)))
            return false;
        if (!end_fits(&r, plan, i, (uint8_t)actor))
            return false;
    }
    return true;
}

/* ---- whole ----------------------------------------------------------------------------------- */

bool tape_read_text(struct tape *t, const char *name, const void *data, size_t len, FILE *err)
{
    static char nothing[] = "", no_name[] = "tape";
    struct reading r = {.name = name, .data = data, .len = len, .tape = t, .err = err};
    assert(tape_is_text(data, len));
    memset(t, 0, sizeof(*t));
    t->owned = malloc(len + 1);
    if (t->owned == NULL)
        return no_memory(&r);
    memcpy(t->owned, data, len);
    t->owned[len] = 0;
    t->scenario = no_name;
    t->revision = t->variant = nothing;
    if (read_version(&r) && read_lines(&r) && each_stands_once(&r))
        return true;
    tape_free(t);
    return false;
}

bool tape_is_other_text(const void *data, size_t len)
{
    static const char bom[] = "\xef\xbb\xbf", ours[] = "wavetank";
    const char *text = data;
    size_t skip = len > 3 && memcmp(text, bom, 3) == 0 ? 3 : 0, n = strlen(ours);
    if (tape_is_text(data, len) || len == 0)
        return false;
    if (len > 3 && (memcmp(text, "\xff\xfew\0", 4) == 0 || memcmp(text, "\xfe\xff\0w", 4) == 0))
        return true;
    return is_text(text, len) || (len >= skip + n && memcmp(text + skip, ours, n) == 0);
}

void tape_tell_other_text(const char *name, const void *data, size_t len, FILE *err)
{
    struct reading r = {.name = name, .data = data, .len = len, .err = err};
    const char *text = data, *newline = memchr(text, '\n', len);
    size_t n = newline != NULL ? (size_t)(newline - text) : len;
    while (n > 0 && (text[n - 1] == '\r' || text[n - 1] == ' '))
        n--;
    if (memcmp(text, "\xef\xbb\xbf", len < 3 ? len : 3) == 0)
        wrong(&r, 0, 0, "this is no tape: it begins with a byte order mark; save it without one");
    else if (text[0] == '\xff' || text[0] == '\xfe')
        wrong(&r, 0, 0, "this is no tape: it is UTF-16; save it as UTF-8");
    else
        wrong(&r, 0, n > 0 ? n : 1, "this is no tape: expected '" TAPE_WORD "%d', found '%.*s'; %s",
              TAPE_VERSION, (int)(n < 40 ? n : 40), text,
              len > 9 && memcmp(text, "wavetank ", 9) == 0
                  ? "a scenario is replayed with: wavetank replay FILE --seed S"
                  : "where a fuzzer made it, and its bytes happen to be text, give --raw too");
}

bool tape_write_text(FILE *out, const struct tape *t)
{
    fprintf(out, "%s%d\n", TAPE_WORD, TAPE_VERSION);
    if (t->revision != NULL && t->revision[0] != 0)
        fprintf(out, "revision %s\n", t->revision);
    fprintf(out, "scenario %s\n", t->scenario);
    if (t->variant[0] != 0)
        fprintf(out, "variant %s\n", t->variant);
    for (uint32_t i = 0; i < t->nsettings; i++)
        fprintf(out, "set %s=%s\n", t->settings[i].key, t->settings[i].value);
    fprintf(out, "%s%s", t->calm ? "calm on\n" : "", t->every_step ? "check-every-step on\n" : "");
    if (t->without != 0)
        fprintf(out, "without %s\n", checks_text(t->without, (char[CHECKS_TEXT]){0}));
    if (t->until != 0)
        fprintf(out, "until %" PRIu64 "\n", t->until);
    fprintf(out, "base zero\n");
    for (uint32_t i = 0; i < t->n; i++) {
        const struct exception *e = &t->exceptions[i];
        char actor[32];
        actor_print(e->actor, actor, sizeof(actor));
        fprintf(out, "%s %s %" PRIu64 " %" PRIu64 "\n", stream_name(e->stream), actor, e->ordinal,
                e->value);
    }
    fprintf(out, "text %zu\n", t->text_len);
    fwrite(t->text, 1, t->text_len, out);
    return fflush(out) == 0 && !ferror(out);
}
