/* SPDX-License-Identifier: MIT */
/*
 * Method. The canonical form is made line by line: a line's block says how far in it stands,
 * spell.c its words. A comment of its own line goes with the line after it; one behind a statement
 * begins at one column, whatever its neighbours do, so that a change of one line is a change of one
 * line. Block structure is the reader's own (source.c).
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

enum { STEP = 2, COMMENT_COLUMN = 44, COMMENT_STEP = 8 };

struct printer {
    FILE *out;
    const struct source *s;
    uint32_t next;                  /* the line of s->lines that comes next */
    uint32_t depth, open[DEPTH_MAX];        /* blocks around it: their first lines */
    bool headed;                    /* what says more of `scenario` may come */
    bool blank, begun;              /* a blank line is owed; something is printed */
};

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static uint32_t leading_blanks(const char *s, uint32_t n)
{
    uint32_t i = 0;
    while (i < n && is_blank(s[i])) i++;
    return i;
}

static uint32_t without_trailing_blanks(const char *s, uint32_t n)
{
    while (n && is_blank(s[n - 1])) n--;
    return n;
}

/* ---- how far in ---- */

static bool closes(const struct printer *p, uint32_t i)
{
    return p->depth && p->s->lines[p->open[p->depth - 1]].end == i;
}

static const char *first_word(const struct printer *p, uint32_t i, uint32_t *n)
{
    const struct line *l = &p->s->lines[i];
    return lex_first_word(p->s->text + l->at, l->n, n);
}

static bool stands_under(const struct printer *p, uint32_t i)
{
    uint32_t n;
    const char *w = first_word(p, i, &n);
    for (const struct verb *v = verbs; v->name && p->headed; v++)
        if ((v->flags & VERB_UNDER) && word_among(v->name, w, n)) return true;
    return false;
}

static uint32_t indent_of(const struct printer *p, uint32_t i)
{
    return STEP * (p->depth - closes(p, i) + stands_under(p, i));
}

/* Before `end` and `branch` a comment stands with the block, or with that line where it did
 * so before. */
static uint32_t comment_indent(const struct printer *p, uint32_t blanks)
{
    if (p->next == p->s->nlines) return 0;
    const struct line *l = &p->s->lines[p->next];
    if (!closes(p, p->next) || blanks <= leading_blanks(p->s->text + l->at, l->n))
        return indent_of(p, p->next);
    return STEP * p->depth;
}

/* ---- lines ---- */

static void put_line(struct printer *p, uint32_t indent, const char *text, uint32_t n)
{
    if (p->blank && p->begun) putc('\n', p->out);
    p->blank = false, p->begun = true;
    fprintf(p->out, "%*s", (int)indent, "");
    fwrite(text, 1, n, p->out);
    putc('\n', p->out);
}

static void put_comment(struct printer *p, const char *s, uint32_t n)
{
    uint32_t blanks = leading_blanks(s, n);
    put_line(p, comment_indent(p, blanks), s + blanks, without_trailing_blanks(s, n) - blanks);
}

/* Behind a statement of so many bytes, a comment begins at the first of a few columns that leaves
 * two blanks. */
static uint32_t comment_pad(uint32_t n)
{
    uint32_t column = COMMENT_COLUMN;
    while (column < n + 2) column += COMMENT_STEP;
    return column - n;
}

static void put_statement(struct printer *p, const char *s, uint32_t n)
{
    struct token t[LINE_TOKENS_MAX];
    struct lex_error e;
    struct spelled words;
    char line[LINE_BYTES_MAX + 1];
    uint32_t count, indent = indent_of(p, p->next);
    bool ok = lex_line(s, n, t, &count, &e);
    assert(ok && count);                                    /* can_be_cut has seen it */
    spell(t, count, &words);
    uint32_t comment = t[count - 1].col + t[count - 1].width, pad = 0;
    comment += leading_blanks(s + comment, n - comment);    /* where one begins, or the end */
    if (comment < n) pad = comment_pad(indent + words.n);
    if (words.full || indent + words.n + pad + (n - comment) > LINE_BYTES_MAX) {
        put_line(p, 0, s, n);                               /* too long in this form: as it is */
        return;
    }
    int len = snprintf(line, sizeof line, "%s%*s%.*s", words.text, (int)pad, "", (int)(n - comment),
                       s + comment);
    put_line(p, indent, line, (uint32_t)len);
}

/* The lines of a golden block are sentences, not statements: they only move in and out with
 * their block. */
static bool in_golden(const struct printer *p)
{
    return p->depth && !closes(p, p->next) && is_golden(p->s, &p->s->lines[p->open[p->depth - 1]]);
}

static void put_words(struct printer *p, const char *s, uint32_t n)
{
    const struct line *l = &p->s->lines[p->next];
    uint32_t blanks = leading_blanks(s, n), word;
    if (in_golden(p)) {
        p->blank = false;
        put_line(p, STEP * p->depth, s + blanks, n - blanks);
        p->next++;
        return;
    }
    bool under = stands_under(p, p->next);
    put_statement(p, s + blanks, n - blanks);
    const char *w = first_word(p, p->next, &word);
    p->headed = under || word_among("scenario", w, word);
    if (closes(p, p->next)) p->depth--;
    if (l->end) p->open[p->depth++] = p->next;
    p->next++;
}

void source_print(const struct source *s, FILE *out)
{
    struct printer p = {.out = out, .s = s};
    for (size_t at = 0; at < s->len;) {
        const char *line = s->text + at, *nl = memchr(line, '\n', s->len - at);
        uint32_t n = nl ? (uint32_t)(nl - line) : (uint32_t)(s->len - at), all = n;
        n = without_trailing_blanks(line, n);
        if (p.next < s->nlines && s->lines[p.next].at == at) put_words(&p, line, n);
        else if (n) put_comment(&p, line, n);
        else p.blank = true;
        at += all + 1u;
    }
}

/* ---- the door ---- */

static bool can_be_cut(struct parser *p, const struct source *s)
{
    struct token t[LINE_TOKENS_MAX];
    struct lex_error e;
    uint32_t n, golden = 0, errors = p->errors;
    p->source = s;
    for (uint32_t i = 0; i < s->nlines && !gave_up(p); i++) {
        const struct line *l = &s->lines[i];
        if (i < golden) continue;
        if (is_golden(s, l)) golden = l->end;
        p->line = l;
        if (!lex_line(s->text + l->at, l->n, t, &n, &e))
            report(p, e.col, e.width, e.hint, "%s", e.what);
    }
    return p->errors == errors;
}

bool scenario_print(const char *path, const char *text, size_t len, FILE *out, FILE *err)
{
    struct scenario_input in = {.path = path, .text = text, .len = len, .err = err};
    struct scenario *sc = calloc(1, sizeof *sc);
    struct parser *p = calloc(1, sizeof *p);
    const struct source *s = NULL;
    if (sc && p) {
        p->scenario = sc, p->pool = &sc->pool, p->in = &in, p->err = err;
        sc->sources = pool_take(p->pool, SOURCES_MAX * sizeof *sc->sources);
        s = sc->sources ? source_load(p, path, text, len) : NULL;
    }
    bool ok = s && !p->errors && can_be_cut(p, s);
    if (ok) source_print(s, out);
    free(p);
    scenario_free(sc);
    return ok;
}
