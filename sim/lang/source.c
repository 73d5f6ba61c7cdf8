/* SPDX-License-Identifier: MIT */
/*
 * Method. A source is read whole, checked for what is no text, and cut into lines; lines without
 * words are dropped. Blocks are matched here, once, so that the expander can jump. A file that is
 * included twice is read once.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "parse.h"

/* ---- reading files ---- */

static bool cannot(struct parser *p, const char *path, const char *why, const char *hint)
{
    if (p->line) {                                      /* the name in the line that includes it */
        const char *line = p->source->text + p->line->at, *quote = memchr(line, '"', p->line->n);
        uint32_t col = quote ? (uint32_t)(quote - line) : 0;
        return report(p, col, quote ? (uint32_t)strlen(path) + 2 : p->line->n, hint,
                      "cannot read '%s': %s", path, why);
    }
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
        if (cap > SOURCE_BYTES_MAX)
            return cannot(p, path, "it is larger than 4 MiB", "a scenario is a small text"), NULL;
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
    if (!S_ISREG(st.st_mode) && p->line)
        return cannot(p, path, "it is no regular file", NULL), NULL;
    FILE *f = fopen(path, "rb");
    if (!f) return cannot(p, path, strerror(errno), NULL), NULL;
    char *text = read_all(p, f, path, len);
    fclose(f);
    return text;
}

/* ---- lines ---- */

struct cutter {
    struct parser *p;
    struct source *s;
    uint32_t cap, depth;
    uint32_t open[DEPTH_MAX];
};

static void cut_fail(struct cutter *k, const struct line *l, const char *hint, const char *what)
{
    struct place at = {.source = k->s, .line = l->number, .col = 1};
    report_at(k->p, &at, hint, "%s", what);
}

/* Else it is told why, as in `repeat 3 {`. */
static bool can_be_cut(struct cutter *k, const struct line *l)
{
    struct token t[LINE_TOKENS_MAX];
    struct lex_error e;
    uint32_t n;
    if (lex_line(k->s->text + l->at, l->n, t, &n, &e)) return true;
    const struct place at = {.source = k->s, .line = l->number, .col = e.col + 1};
    return report_at(k->p, &at, e.hint, "%s", e.what);
}

static bool is_empty(const char *s, uint32_t n)
{
    for (uint32_t i = 0; i < n && s[i] != '#'; i++)
        if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r') return false;
    return true;
}

bool is_golden(const struct source *s, const struct line *l)
{
    uint32_t n, m;
    const char *w = lex_first_word(s->text + l->at, l->n, &n), *rest = w + n;
    if (!word_among("trace", w, n)) return false;
    w = lex_first_word(rest, (uint32_t)(s->text + l->at + l->n - rest), &m);
    return word_among("expect", w, m);
}

bool opens_block(const struct source *s, const struct line *l)
{
    uint32_t n;
    const char *w = lex_first_word(s->text + l->at, l->n, &n);
    return word_among("repeat|define|branch|chaos", w, n) || is_golden(s, l);
}

/* Nothing but a comment stands from there on. */
static bool ends_here(const char *rest, const struct line *l, const struct source *s)
{
    return is_empty(rest, (uint32_t)(s->text + l->at + l->n - rest));
}

/* A brace ends the block that somebody meant, so that what follows is read as what it is. */
static void close_by_brace(struct cutter *k, uint32_t i)
{
    struct line *lines = k->s->lines;
    bool opened = true;
    for (uint32_t d = 0; d < k->depth; d++)
        opened = can_be_cut(k, &lines[k->open[d]]) && opened;
    if (opened) can_be_cut(k, &lines[i]);
    lines[k->open[--k->depth]].end = i;
}

/* `branch` also closes the one before it, and the lines of a golden block are no statements. */
static void match_block(struct cutter *k, uint32_t i)
{
    struct line *lines = k->s->lines;
    uint32_t n;
    const char *w = lex_first_word(k->s->text + lines[i].at, lines[i].n, &n);
    bool branch = word_among("branch", w, n), end = word_among("end", w, n);
    const struct line *top = k->depth ? &lines[k->open[k->depth - 1]] : NULL;
    if (top && is_golden(k->s, top) && !(end && ends_here(w + n, &lines[i], k->s))) return;
    if (top && *w == '}') {
        close_by_brace(k, i);
        return;
    }
    if (branch && top) {
        uint32_t m;
        const char *v = lex_first_word(k->s->text + top->at, top->n, &m);
        if (word_among("branch", v, m)) {
            lines[k->open[k->depth - 1]].end = i;
            k->open[k->depth - 1] = i;
            return;
        }
    }
    if (end) {
        if (!ends_here(w + n, &lines[i], k->s))
            cut_fail(k, &lines[i], "write what follows on a line of its own",
                     "nothing stands behind `end`");
        const char *hint = "repeat, define, branch, chaos and trace expect open one";
        if (!k->depth) cut_fail(k, &lines[i], hint, "this `end` closes nothing");
        else lines[k->open[--k->depth]].end = i;
    } else if (opens_block(k->s, &lines[i])) {
        if (k->depth == DEPTH_MAX) cut_fail(k, &lines[i], NULL, "blocks nest too deep");
        else k->open[k->depth++] = i;
    }
}

static void add_line(struct cutter *k, struct line l)
{
    struct source *s = k->s;
    if (is_empty(s->text + l.at, l.n)) return;
    if (s->nlines == SOURCE_LINES_MAX) {
        cut_fail(k, &l, NULL, "too many lines (at most 200000)");
        return;
    }
    if (s->nlines == k->cap) {
        uint32_t cap = k->cap ? k->cap * 2 : 64;
        struct line *more = pool_take(k->p->pool, cap * sizeof *more);
        if (!more) {
            out_of_memory(k->p);
            return;
        }
        if (s->nlines) memcpy(more, s->lines, s->nlines * sizeof *more);
        s->lines = more, k->cap = cap;
    }
    s->lines[s->nlines++] = l;
    match_block(k, s->nlines - 1);
    if (l.n <= LINE_BYTES_MAX) return;
    cut_fail(k, &l, "a statement is short", "this line is too long (at most 4096 bytes)");
    s->lines[s->nlines - 1].n = 0;                      /* nothing more is said of it */
}

/* A block without an end goes on to the end of the file, so that its lines are read as what they
 * are; only of branches nobody can say which they would be. */
static bool close_blocks(struct cutter *k)
{
    for (uint32_t i = 0; i < k->depth && !gave_up(k->p); i++) {
        struct line *first = &k->s->lines[k->open[i]];
        uint32_t n;
        const char *w = lex_first_word(k->s->text + first->at, first->n, &n);
        if (can_be_cut(k, first))
            cut_fail(k, first, "close it with a line `end`", "this block does not end");
        if (word_among("branch", w, n)) return false;
        first->end = k->s->nlines;
    }
    return true;
}

/* False: there are no lines to read. What is wrong with single lines is reported, and the rest
 * is read. */
static bool cut_lines(struct parser *p, struct source *s, size_t at)
{
    struct cutter k = {.p = p, .s = s};
    uint32_t number = 1;
    for (; at < s->len && !gave_up(p); number++) {
        const char *nl = memchr(s->text + at, '\n', s->len - at);
        size_t n = nl ? (size_t)(nl - (s->text + at)) : s->len - at;
        add_line(&k, (struct line){.at = (uint32_t)at, .n = (uint32_t)n, .number = number});
        at += n + 1;
    }
    if (!close_blocks(&k)) s->nlines = 0;
    return s->nlines || !p->errors;
}

/* The place of a byte that no text holds. */
static struct place place_of(const struct source *s, size_t byte)
{
    struct place at = {.source = s, .line = 1, .col = (uint32_t)byte + 1};
    for (size_t i = 0; i < byte; i++)
        if (s->text[i] == '\n') at.line++, at.col = (uint32_t)(byte - i);
    return at;
}

/* Where the text begins: behind a byte order mark, which is an error of its own. False: it is
 * no text. */
static bool find_text(struct parser *p, const struct source *s, size_t *at)
{
    static const char hint[] = "a scenario is a text that begins with 'wavetank 1'";
    if (s->len > SOURCE_BYTES_MAX)
        return cannot(p, s->name, "it is larger than 4 MiB", "a scenario is a small text");
    const char *nul = s->len ? memchr(s->text, 0, s->len) : NULL;
    struct place place = place_of(s, nul ? (size_t)(nul - s->text) : 0);
    if (nul)
        return report_at(p, &place, hint, "this is no text: byte %zu is NUL",
                         (size_t)(nul - s->text) + 1);
    *at = s->len >= 3 && !memcmp(s->text, "\xEF\xBB\xBF", 3) ? 3 : 0;
    if (*at)
        report_at(p, &place, "save it as UTF-8 without one",
                  "the file begins with a byte order mark");
    return true;
}

static struct source *known(const struct parser *p, const char *path)
{
    for (uint32_t i = 0; i < p->scenario->nsources; i++)
        if (!strcmp(p->scenario->sources[i]->name, path)) return p->scenario->sources[i];
    return NULL;
}

/* The text of a file that was read before. */
static const char *kept_text(const struct parser *p, const char *path, size_t *len)
{
    for (uint32_t i = 0; p->texts && i < p->texts->nsources; i++)
        if (!strcmp(p->texts->sources[i]->name, path))
            return *len = p->texts->sources[i]->len, p->texts->sources[i]->text;
    return NULL;
}

struct source *source_load(struct parser *p, const char *path, const char *text, size_t len)
{
    struct scenario *sc = p->scenario;
    struct source *s = known(p, path);
    size_t begin = 0;
    if (s) return s;
    if (sc->nsources == SOURCES_MAX)
        return report(p, 0, 1, NULL, "too many files (at most %d)", SOURCES_MAX), NULL;
    s = pool_take(p->pool, sizeof *s);
    char *name = pool_text(p->pool, path, strlen(path));
    if (!s || !name) return out_of_memory(p), NULL;
    s->name = name, s->len = len, s->from = p->source;
    s->from_line = p->line ? p->line->number : 0;
    if (!text && (text = kept_text(p, path, &s->len))) len = s->len;
    s->text = text ? pool_text(p->pool, text, len) : read_path(p, path, &s->len);
    if (!s->text || (p->refusable && !sc->nsources && !refusal_find(p, s, begin))) return NULL;
    if (!find_text(p, s, &begin)) return NULL;
    sc->sources[sc->nsources++] = s;
    return cut_lines(p, s, begin) ? s : NULL;
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
    s->lines[0] = (struct line){.n = (uint32_t)(n < LINE_BYTES_MAX ? n : LINE_BYTES_MAX),
                                .number = 1};
    s->nlines = 1;
    return s;
}
