/* SPDX-License-Identifier: MIT */
/*
 * Method. A source is read whole, checked for what is no text, and cut into lines; lines without words are dropped. Blocks are matched here, once, so that the
 * expander can jump. A file that is included twice is read once.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "parse.h"

/* ---- reading files ---- */

static bool cannot(struct parser *p, const char *path, const char *why, const char *hint)
{
    if (p->line) return report(p, 0, p->line->n, hint, "cannot read '%s': %s", path, why);
    struct source here = {.name = path};
    struct place at = {.source = &here};
    return report_at(p, &at, hint, "cannot read it: %s", why);
}

static char *read_all(struct parser *p, FILE *f, const char *path, size_t *len)
{
    size_t cap = 16 << 10, n = 0;
    char *text = pool_take(p->pool, cap + 1);
    while (text) {
        n += fread(text + n, 1, cap - n, f);
        if (n < cap) break;
        if (cap > SOURCE_BYTES_MAX) return cannot(p, path, "it is larger than 4 MiB", "a scenario is a small text"), NULL;
        char *more = pool_take(p->pool, cap * 4 + 1);
        if (more) memcpy(more, text, n);
        text = more, cap *= 4;
    }
    if (!text) return out_of_memory(p), NULL;
    if (ferror(f)) return cannot(p, path, strerror(errno), NULL), NULL;
    *len = n;
    return text;
}

static const char *read_path(struct parser *p, const char *path, size_t *len)
{
    if (p->line && p->in->included) {
        const char *given = p->in->included(p->in->included_ctx, path, len);
        return given ? given : (cannot(p, path, strerror(ENOENT), NULL), NULL);
    }
    struct stat st;
    if (!strcmp(path, "-") && !p->line) return read_all(p, stdin, "standard input", len);
    if (stat(path, &st)) return cannot(p, path, strerror(errno), NULL), NULL;
    if (S_ISDIR(st.st_mode)) return cannot(p, path, "it is a directory", "name a file"), NULL;
    if (!S_ISREG(st.st_mode) && p->line) return cannot(p, path, "it is no regular file", NULL), NULL;
    FILE *f = fopen(path, "rb");
    if (!f) return cannot(p, path, strerror(errno), NULL), NULL;
    char *text = read_all(p, f, path, len);
    fclose(f);
    return text;
}

/* ---- lines ---- */

struct cutter { struct parser *p; struct source *s; uint32_t cap, depth; uint32_t open[DEPTH_MAX]; bool ok; };

static bool word_is(const char *w, uint32_t n, const char *word) { return strlen(word) == n && !memcmp(w, word, n); }

static bool cut_fail(struct cutter *k, const struct line *l, const char *hint, const char *what)
{
    struct place at = {.source = k->s, .line = l->number, .col = 1};
    k->ok = false;
    return report_at(k->p, &at, hint, "%s", what);
}

/* repeat, define, chaos and branch open a block; `branch` also closes the one before it. */
static bool match_block(struct cutter *k, uint32_t i)
{
    struct line *lines = k->s->lines;
    uint32_t n;
    const char *w = lex_first_word(k->s->text + lines[i].at, lines[i].n, &n);
    bool branch = word_is(w, n, "branch"), end = word_is(w, n, "end");
    if (branch && k->depth) {
        uint32_t m;
        const struct line *top = &lines[k->open[k->depth - 1]];
        const char *v = lex_first_word(k->s->text + top->at, top->n, &m);
        if (word_is(v, m, "branch")) {
            lines[k->open[k->depth - 1]].end = i;
            k->open[k->depth - 1] = i;
            return true;
        }
    }
    if (end) {
        if (!k->depth) return cut_fail(k, &lines[i], "repeat, define, branch and chaos open one", "this `end` closes nothing");
        lines[k->open[--k->depth]].end = i;
    } else if (branch || word_is(w, n, "repeat") || word_is(w, n, "define") || word_is(w, n, "chaos")) {
        if (k->depth == DEPTH_MAX) return cut_fail(k, &lines[i], NULL, "blocks nest too deep");
        k->open[k->depth++] = i;
    }
    return true;
}

static bool is_empty(const char *s, uint32_t n)
{
    for (uint32_t i = 0; i < n && s[i] != '#'; i++)
        if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r') return false;
    return true;
}

static bool add_line(struct cutter *k, struct line l)
{
    struct source *s = k->s;
    if (is_empty(s->text + l.at, l.n)) return true;
    if (s->nlines == SOURCE_LINES_MAX) return cut_fail(k, &l, NULL, "too many lines (at most 200000)");
    if (s->nlines == k->cap) {
        uint32_t cap = k->cap ? k->cap * 2 : 64;
        struct line *more = pool_take(k->p->pool, cap * sizeof *more);
        if (!more) return out_of_memory(k->p);
        if (s->nlines) memcpy(more, s->lines, s->nlines * sizeof *more);
        s->lines = more, k->cap = cap;
    }
    s->lines[s->nlines++] = l;
    if (l.n > LINE_BYTES_MAX) return cut_fail(k, &l, "break it up", "this line is too long (at most 4096 bytes)");
    return match_block(k, s->nlines - 1);
}

static bool cut_lines(struct parser *p, struct source *s)
{
    struct cutter k = {.p = p, .s = s, .ok = true};
    uint32_t number = 1;
    for (size_t at = 0; at < s->len && !gave_up(p); number++) {
        const char *nl = memchr(s->text + at, '\n', s->len - at);
        size_t n = nl ? (size_t)(nl - (s->text + at)) : s->len - at;
        if (!add_line(&k, (struct line){.at = (uint32_t)at, .n = (uint32_t)n, .number = number})) k.ok = false;
        at += n + 1;
    }
    while (k.depth && !gave_up(p))
        cut_fail(&k, &s->lines[k.open[--k.depth]], "close it with a line `end`", "this block does not end");
    return k.ok;
}

static bool is_text(struct parser *p, const struct source *s)
{
    if (s->len > SOURCE_BYTES_MAX) return cannot(p, s->name, "it is larger than 4 MiB", "a scenario is a small text");
    const char *nul = s->len ? memchr(s->text, 0, s->len) : NULL;
    if (!nul) return true;
    char why[80];
    snprintf(why, sizeof why, "it is no text (byte %zu is NUL)", (size_t)(nul - s->text) + 1);
    return cannot(p, s->name, why, "a scenario is a text that begins with 'wavetank 1'");
}

static struct source *known(const struct parser *p, const char *path)
{
    for (uint32_t i = 0; i < p->scenario->nsources; i++)
        if (!strcmp(p->scenario->sources[i]->name, path)) return p->scenario->sources[i];
    return NULL;
}

struct source *source_load(struct parser *p, const char *path, const char *text, size_t len)
{
    struct scenario *sc = p->scenario;
    struct source *s = known(p, path);
    if (s) return s;
    if (sc->nsources == SOURCES_MAX) return report(p, 0, 1, NULL, "too many files (at most %d)", SOURCES_MAX), NULL;
    s = pool_take(p->pool, sizeof *s);
    char *name = pool_text(p->pool, path, strlen(path));
    if (!s || !name) return out_of_memory(p), NULL;
    s->name = name, s->len = len, s->from = p->source;
    s->from_line = p->line ? p->line->number : 0;
    s->text = text ? pool_text(p->pool, text, len) : read_path(p, path, &s->len);
    if (!s->text || !is_text(p, s)) return NULL;
    sc->sources[sc->nsources++] = s;
    return cut_lines(p, s) ? s : NULL;
}

struct source *source_line(struct parser *p, const char *name, const char *text)
{
    struct source *s = pool_take(p->pool, sizeof *s);
    size_t n = strlen(text);
    if (!s) return out_of_memory(p), NULL;
    s->name = name, s->len = n;
    s->text = pool_text(p->pool, text, n);
    s->lines = pool_take(p->pool, sizeof *s->lines);
    if (!s->text || !s->lines) return out_of_memory(p), NULL;
    s->lines[0] = (struct line){.n = (uint32_t)(n < LINE_BYTES_MAX ? n : LINE_BYTES_MAX), .number = 1};
    s->nlines = 1;
    return s;
}
