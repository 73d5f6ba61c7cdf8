/* SPDX-License-Identifier: MIT */
/*
 * Method. Every message about a file has the form of a compiler's: where, what is wrong, what to
 * write instead, the line, a caret. A file read once for each of its variants would say everything
 * as often: one place is reported once. After 20 errors the reader gives up.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../base/tint.h"
#include "parse.h"
#include "shown.h"

enum { VIA_BYTES = 4000 };       /* of all files, macros and repeats around a place */

bool gave_up(const struct parser *p) { return p->errors >= ERRORS_MAX; }

/* It may be out before the first line is read, and after the last. */
bool out_of_memory(struct parser *p)
{
    const struct source file = {.name = p->in->path};
    const struct place whole = {.source = &file};
    if (!p->source) return report_at(p, &whole, NULL, "this scenario needs too much memory");
    return report(p, 0, 1, NULL, "this scenario needs too much memory");
}

static bool seen_before(struct parser *p, const struct place *at)
{
    for (uint32_t i = 0; i < p->errors && i < ERRORS_MAX; i++)
        if (same_place(&p->seen[i], at)) return true;
    return false;
}

static const struct line *line_by_number(const struct source *s, uint32_t number)
{
    for (uint32_t lo = 0, hi = s->nlines; lo < hi;) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->lines[mid].number == number) return &s->lines[mid];
        if (s->lines[mid].number < number) lo = mid + 1;
        else hi = mid;
    }
    return NULL;
}

enum { SAID_BYTES = 900 };

/* "what is wrong; what to write instead" */
static void compose(char *out, const char *hint, const char *format, va_list ap)
    __attribute__((format(printf, 3, 0)));
static void compose(char *out, const char *hint, const char *format, va_list ap)
{
    vsnprintf(out, 600, format, ap);
    size_t n = strlen(out);
    if (hint) snprintf(out + n, SAID_BYTES - n, "; %s", hint);
}

/* "FILE:LINE:COL", or what the command line said */
static void show_where(FILE *f, const struct place *at)
{
    show_clean(f, at->source->name, strlen(at->source->name));
    if (at->line && !at->source->setting) fprintf(f, ":%u:%u", at->line, at->col);
}

/* The line with a caret, and how the reader came there. */
static void show_at(FILE *f, const struct place *at, uint32_t width)
{
    char via[VIA_BYTES];
    const struct line *l = at->line && !at->source->setting
                               ? line_by_number(at->source, at->line) : NULL;
    if (l) show_line(f, at->source->text + l->at, l->n, at->col - 1, width);
    print_via(at, via, sizeof via);
    show_lines(f, via);
}

/* Where --set put in a value of the line that is read now. */
static void show_given(const struct parser *p, const struct place *at)
{
    const struct setting *set = p->given;
    if (!set || at->source != p->source || !p->line || at->line != p->line->number) return;
    fputs("--set ", p->err);
    show_clean(p->err, set->key, strlen(set->key));
    putc('=', p->err);
    show_clean(p->err, set->value, strlen(set->value));
    fputs(": note: a value in that line comes from here\n", p->err);
}

/* False: it is not shown, as nobody reads it, or wants it again. */
static bool say(struct parser *p, const struct place *at, uint32_t width, const char *hint,
                const char *format, va_list ap) __attribute__((format(printf, 5, 0)));
static bool say(struct parser *p, const struct place *at, uint32_t width, const char *hint,
                const char *format, va_list ap)
{
    char message[SAID_BYTES];
    if (gave_up(p) || seen_before(p, at)) return false;
    p->seen[p->errors++] = *at;
    compose(message, hint, format, ap);
    if (refusal_hear(p, at, message) || !p->err) return false;
    show_where(p->err, at);
    fprintf(p->err, ": %serror:%s ", tint(p->err, TINT_BAD), tint(p->err, TINT_NONE));
    show_clean(p->err, message, strlen(message));
    putc('\n', p->err);
    show_at(p->err, at, width);
    show_given(p, at);
    if (gave_up(p))
        fprintf(p->err, "%s: error: 20 errors, giving up\n",
                p->scenario->main ? p->scenario->main->name : at->source->name);
    return true;
}

bool report(struct parser *p, uint32_t col, uint32_t width, const char *hint, const char *format,
            ...)
{
    struct place at = {.source = p->source, .line = p->line ? p->line->number : 0, .col = col + 1,
                       .via = p->via};
    va_list ap;
    va_start(ap, format);
    say(p, &at, width, hint, format, ap);
    va_end(ap);
    return false;
}

bool report_at(struct parser *p, const struct place *at, const char *hint, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    say(p, at, 1, hint, format, ap);
    va_end(ap);
    return false;
}

bool report_both(struct parser *p, const struct place *at, const struct place *other,
                 const char *note, const char *hint, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    const bool shown = say(p, at, 1, hint, format, ap);
    va_end(ap);
    if (!shown) return false;
    show_where(p->err, other);
    fprintf(p->err, ": note: %s\n", note);
    show_at(p->err, other, 1);
    return false;
}

bool said_once(struct cursor *c, struct place *first, const char *what)
{
    const struct place here = cur_place(c);
    if (!first->line) return *first = here, true;
    return same_place(first, &here) ||
           report_both(c->p, &here, first, "it is said here", "take one of the two out",
                       "%s is said twice", what);
}

bool same_place(const struct place *a, const struct place *b)
{
    return a->source == b->source && a->line == b->line && a->col == b->col;
}

struct place cur_place(const struct cursor *c)
{
    uint32_t col = 0;
    if (c->at < c->n) col = c->tok[c->at].col;
    else if (c->n) col = c->tok[c->n - 1].col + c->tok[c->n - 1].width;
    return (struct place){.source = c->p->source, .line = c->p->line->number, .col = col + 1,
                          .via = c->p->via};
}

void print_place(const struct place *at, char *out, size_t size)
{
    if (at->source->setting) snprintf(out, size, "%s", at->source->name);
    else snprintf(out, size, "%s:%u:%u", at->source->name, at->line, at->col);
}

/* ---- how the reader came there ---- */

/* A line of a file, without what stands around its words, and not too much of it. */
static int line_words(const struct source *s, const struct line *l, const char **words)
{
    enum { WORDS_MAX = 60 };
    const char *text = s->text + l->at;
    uint32_t from = 0, to = 0;
    bool quoted = false;
    while (from < l->n && strchr(" \t", text[from])) from++;
    for (uint32_t i = from; i < l->n && (quoted || text[i] != '#'); i++) {
        if (text[i] == '"') quoted = !quoted;
        if (!strchr(" \t\r", text[i])) to = i + 1;
    }
    if (to > from + WORDS_MAX)
        for (to = from + WORDS_MAX; ((unsigned char)text[to] & 0xC0) == 0x80;) to--;
    *words = text + from;
    return to > from ? (int)(to - from) : 0;
}

static int via_line(const struct via *v, char *out, size_t size)
{
    const char *words;
    int n = line_words(v->source, v->line, &words);
    unsigned line = v->line->number;
    switch ((enum via_kind)v->kind) {
    case VIA_INCLUDE: return snprintf(out, size, "included from %s:%u\n", v->source->name, line);
    case VIA_DO: return snprintf(out, size, "in %s:%u: %.*s\n", v->source->name, line, n, words);
    case VIA_REPEAT: break;
    }
    return snprintf(out, size, "in %s:%u: %.*s (turn %llu of %llu)\n", v->source->name, line, n,
                    words, (unsigned long long)v->turn, (unsigned long long)v->turns);
}

void print_via(const struct place *at, char *out, size_t size)
{
    size_t n = 0;
    const struct via *v = at->via;
    int k = 0;
    for (; v; v = v->up, n += (size_t)k)
        if ((k = via_line(v, out + n, size - n)) < 0 || (size_t)k >= size - n) break;
    /* of a file that is being cut into lines nobody reads a line yet */
    for (const struct source *s = at->source; !at->via && s->from; s = s->from, n += (size_t)k) {
        k = snprintf(out + n, size - n, "included from %s:%u\n", s->from->name, s->from_line);
        if (k < 0 || (size_t)k >= size - n) break;
    }
    out[n] = 0;
}

static const struct source *source_named(const struct scenario *s, const char *name, size_t n)
{
    for (uint32_t i = 0; i < s->nsources; i++)
        if (strlen(s->sources[i]->name) == n && !memcmp(s->sources[i]->name, name, n))
            return s->sources[i];
    return NULL;
}

void scenario_show(const struct scenario *s, const struct ending *e, FILE *out)
{
    const char *col = strrchr(e->where, ':'), *line = col;
    while (line && line > e->where && *--line != ':') {}
    const struct source *source =
        line ? source_named(s, e->where, (size_t)(line - e->where)) : NULL;
    const struct line *l =
        source ? line_by_number(source, (uint32_t)strtoul(line + 1, NULL, 10)) : NULL;
    uint32_t at = l ? (uint32_t)strtoul(col + 1, NULL, 10) : 0;
    if (l && at && at <= l->n + 1) show_line(out, source->text + l->at, l->n, at - 1, 1);
    show_lines(out, e->via);
}

const char *did_you_mean(const struct guess *g, char *out, size_t size)
{
    if (!g->best) return NULL;
    snprintf(out, size, "did you mean '%.*s'?", (int)g->best_n, g->best);
    return out;
}

/* Where an unknown node stands: at the cursor, or as the end of a span that begins there. */
static bool unknown_node(const struct cursor *c, uint32_t at, char *out, size_t size)
{
    const struct token *t = at < c->n ? &c->tok[at] : NULL;
    if (!t || t->kind != TOK_WORD || t->n < 2 || t->n > 9 || t->text[0] != 'n') return false;
    uint64_t number;
    if (number_digits(t->text + 1, t->n - 1) != t->n - 1 ||
        !number_scaled(t->text + 1, t->n - 1, 1, &number))
        return false;
    uint8_t nodes = c->p->prog->plan.nodes;
    if (number >= 1 && number <= nodes) return false;
    if (nodes)
        snprintf(out, size, "unknown node '%.*s' (this cluster has n1..n%u)", (int)t->n, t->text,
                 nodes);
    else
        snprintf(out, size,
                 "unknown node '%.*s' (no nodes are declared yet: write 'nodes n1..n3' first)",
                 (int)t->n, t->text);
    return true;
}

static bool is_span(const struct cursor *c)
{
    const struct token *dots = c->at + 2 < c->n ? &c->tok[c->at + 1] : NULL;
    return dots && dots->kind == TOK_SIGN && dots->n == 2 && !memcmp(dots->text, "..", 2);
}

bool cur_error(struct cursor *c, const char *hint, const char *format, ...)
{
    char node[100], guess[100];
    struct place at = cur_place(c);
    const struct token *t = cur_peek(c);
    if (unknown_node(c, c->at, node, sizeof node))
        return report(c->p, at.col - 1, t->width, NULL, "%s", node);
    if (is_span(c) && unknown_node(c, c->at + 2, node, sizeof node))
        return report(c->p, t[2].col, t[2].width, NULL, "%s", node);
    if ((!hint || strncmp(hint, "did you mean", 12) != 0) && tried_guess(c, guess, sizeof guess))
        hint = guess;
    va_list ap;
    va_start(ap, format);
    say(c->p, &at, t ? t->width : 1, hint, format, ap);
    va_end(ap);
    return false;
}
