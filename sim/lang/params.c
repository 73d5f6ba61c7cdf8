/* SPDX-License-Identifier: MIT */
/*
 * Method. $name stands for its latest binding: a param, the counter of a repeat, what `do` gave. It
 * is put in token by token, so that each keeps the column of the $name in the file. A binding's
 * value is text whose own parameters were put in when it was bound: one pass is enough, and nothing
 * can grow without bound.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"

bool bind(struct parser *p, const char *name, uint32_t n, const char *value, uint32_t value_n)
{
    if (p->nenv == BINDINGS_MAX)
        return report(p, 0, 1, NULL, "too many parameters (at most %d)", BINDINGS_MAX);
    p->env[p->nenv++] = (struct binding){.name = name, .n = n, .value = value, .value_n = value_n,
                                         .axis = p->varied, .given = p->given};
    return true;
}

struct binding *binding_find(struct parser *p, const char *name, uint32_t n)
{
    for (uint32_t i = p->nenv; i-- > 0;)
        if (p->env[i].n == n && !memcmp(p->env[i].name, name, n)) return &p->env[i];
    return NULL;
}

void param_failed(struct parser *p, const char *name, uint32_t n, const struct place *place)
{
    const char *hyphen = memchr(name, '-', n);
    if (hyphen) n = (uint32_t)(hyphen - name);          /* as $name ends there */
    char *copy = binding_find(p, name, n) || p->nenv == BINDINGS_MAX ? NULL
                                                                     : pool_text(p->pool, name, n);
    if (!copy) return;
    p->env[p->nenv++] = (struct binding){.name = copy, .n = n, .value = "", .param = true,
                                         .failed = true, .place = *place};
}

/* ---- putting in ---- */

static bool is_name_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

static bool unknown_param(struct parser *p, const struct token *t, const char *name, uint32_t n)
{
    char hint[120];
    struct guess g = guess_for(name, n);
    for (uint32_t i = 0; i < p->nenv; i++) guess_try(&g, p->env[i].name, p->env[i].n);
    const struct binding *part = NULL;
    for (uint32_t k = n; --k > 0 && !part;) part = binding_find(p, name, k);
    if (part)
        snprintf(hint, sizeof hint, "'$%.*s' must end before what is no letter, digit or _",
                 (int)(part->n < 60 ? part->n : 60), part->name);
    else if (!did_you_mean(&g, hint, sizeof hint))
        snprintf(hint, sizeof hint, "declare it with `param NAME default VALUE`");
    return report(p, t->col, t->width, hint, "unknown parameter '$%.*s'", (int)(n < 60 ? n : 60),
                  name);
}

/* A binding's value inside a string loses its own quotes. */
static const char *inner(const struct binding *b, bool in_string, uint32_t *n)
{
    *n = b->value_n;
    if (!in_string || b->value_n < 2 || b->value[0] != '"' || b->value[b->value_n - 1] != '"')
        return b->value;
    *n -= 2;
    return b->value + 1;
}

/* The token's text with every $name replaced, in `out` (room for LINE_BYTES_MAX). */
static bool replace(struct parser *p, const struct token *t, char *out, uint32_t *out_n)
{
    uint32_t k = 0;
    bool string = t->kind == TOK_STRING;
    for (uint32_t i = 0; i < t->n;) {
        uint32_t n = 0, value_n = 1;
        const char *value = t->text + i;
        bool escape = string && t->text[i] == '\\' && i + 1 < t->n;
        if (t->text[i] == '$')
            while (i + 1 + n < t->n && is_name_char(t->text[i + 1 + n], n == 0)) n++;
        if (n) {
            struct binding *b = binding_find(p, t->text + i + 1, n);
            if (!b) return unknown_param(p, t, t->text + i + 1, n);
            if (b->failed) return false;
            if (!b->used.source)
                b->used = (struct place){.source = p->source, .line = p->line->number,
                                         .col = t->col + 1, .via = p->via};
            if (b->axis) p->varied = b->axis;
            if (b->given) p->given = b->given;
            value = inner(b, string, &value_n);
        }
        if (escape) value_n = 2;
        if (k + value_n > LINE_BYTES_MAX)
            return report(p, t->col, t->width, NULL, "this line grows too long (at most %d bytes)",
                          LINE_BYTES_MAX);
        memcpy(out + k, value, value_n);
        k += value_n;
        i += n ? n + 1 : value_n;
    }
    *out_n = k;
    return true;
}

static bool push(struct parser *p, const struct token *t)
{
    if (p->ntokens == LINE_TOKENS_MAX)
        return report(p, t->col, t->width, NULL, "too many words in one line");
    p->tokens[p->ntokens++] = *t;
    return true;
}

static bool put_in_token(struct parser *p, const struct token *t, uint32_t *bytes)
{
    char out[LINE_BYTES_MAX + 1];
    struct token cut[LINE_TOKENS_MAX];
    struct lex_error e;
    uint32_t n = 0, ncut;
    if (!replace(p, t, out, &n)) return false;
    if ((*bytes += n) > LINE_BYTES_MAX)
        return report(p, t->col, t->width, NULL, "this line grows too long (at most %d bytes)",
                      LINE_BYTES_MAX);
    char *text = pool_text(p->pool, out, n);
    if (!text) return out_of_memory(p);
    struct token whole = *t;
    whole.text = text, whole.n = n, whole.dollar = false;
    if (t->kind == TOK_STRING) return push(p, &whole);
    if (!lex_line(text, n, cut, &ncut, &e))
        return report(p, t->col, t->width, e.hint, "with '%s' put in: %s", text, e.what);
    for (uint32_t i = 0; i < ncut; i++) {
        struct token one = cut[i];
        if (one.dollar)
            return report(p, t->col, t->width, NULL, "a parameter stands in the value '%s'", text);
        one.col = t->col, one.width = t->width;
        if (i == 0) one.glued = t->glued;
        if (!push(p, &one)) return false;
    }
    return true;
}

bool put_in(struct parser *p, struct cursor *c)
{
    struct token cut[LINE_TOKENS_MAX];
    struct lex_error e;
    uint32_t n, bytes = 0;
    const struct line *l = p->line;
    p->ntokens = 0;
    p->varied = NULL, p->given = NULL;
    tried_clear(p);
    *c = (struct cursor){.p = p, .tok = p->tokens};
    p->bytes += l->n;
    if (++p->statements > STATEMENTS_MAX || p->bytes > EXPANDED_BYTES_MAX)
        return report(p, 0, 1, "repeat less, or have fewer variants",
                      "this scenario grows too large (100000 statements in all variants)");
    if (!lex_line(p->source->text + l->at, l->n, cut, &n, &e))
        return report(p, e.col, e.width, e.hint, "%s", e.what);
    for (uint32_t i = 0; i < n; i++) {
        if (!cut[i].dollar ? !push(p, &cut[i]) : !put_in_token(p, &cut[i], &bytes)) return false;
    }
    c->n = p->ntokens;
    return true;
}
