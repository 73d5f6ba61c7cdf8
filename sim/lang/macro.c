/* SPDX-License-Identifier: MIT */
/*
 * define, do. Method: a macro is where its lines are; `do` binds what it gives to the macro's names
 * and has the lines read again, as of the file in which they stand.
 */
#include <string.h>

#include "parse.h"

static struct macro *macro_find(struct parser *p, const char *name, uint32_t n)
{
    for (uint32_t i = p->nmacros; i-- > 0;)
        if (p->macros[i].n == n && !memcmp(p->macros[i].name, name, n)) return &p->macros[i];
    return NULL;
}

/* The one just read, which none before it has the name of. */
static bool new_formal(struct cursor *c, struct macro *m)
{
    const uint32_t n = m->formal_n[m->nformals];
    for (uint32_t i = 0; i < m->nformals; i++)
        if (m->formal_n[i] == n && !memcmp(m->formal[i], m->formal[m->nformals], n))
            return c->at--, cur_error(c, "give each a name of its own", "'%.*s' stands there twice",
                                      (int)n, m->formal[i]);
    m->nformals++;
    return true;
}

/* [(NAME, ...)] */
static bool need_formals(struct cursor *c, struct macro *m)
{
    if (!cur_word(c, "(") || cur_word(c, ")")) return true;
    do {
        if (m->nformals == FORMALS_MAX)
            return cur_error(c, NULL, "at most %d parameters", FORMALS_MAX);
        if (!cur_need_name(c, &m->formal[m->nformals], &m->formal_n[m->nformals],
                           "a parameter's name"))
            return false;
        if (!new_formal(c, m)) return false;
    } while (cur_word(c, ","));
    if (!cur_need_word(c, ")")) return false;
    for (uint32_t k = 0; k < m->nformals; k++)
        if (!(m->formal[k] = pool_text(c->p->pool, m->formal[k], m->formal_n[k])))
            return out_of_memory(c->p);
    return true;
}

void macro_failed(struct parser *p, const char *name, uint32_t n)
{
    if (macro_find(p, name, n) || p->nmacros == MACROS_MAX) return;
    if ((name = pool_text(p->pool, name, n)))
        p->macros[p->nmacros++] = (struct macro){.name = name, .n = n, .failed = true};
}

bool shape_define(struct cursor *c, struct source *s, uint32_t i)
{
    struct parser *p = c->p;
    struct macro m = {.source = s, .body = i};
    if (!cur_need_name(c, &m.name, &m.n, "a name")) return false;
    if (macro_find(p, m.name, m.n))
        return c->at--, cur_error(c, "give it another name", "'%.*s' is defined already", (int)m.n,
                                  m.name);
    if (p->nmacros == MACROS_MAX)
        return cur_error(c, NULL, "too many definitions (at most %d)", MACROS_MAX);
    if (!need_formals(c, &m) || !cur_need_end(c)) return macro_failed(p, m.name, m.n), false;
    if (!(m.name = pool_text(p->pool, m.name, m.n))) return out_of_memory(p);
    p->macros[p->nmacros++] = m;
    return true;
}

/* The arguments between the parentheses, bound to the macro's names. */
static bool bind_arguments(struct cursor *c, const struct macro *m)
{
    struct parser *p = c->p;
    char hint[60];
    uint32_t k = 0;
    snprintf(hint, sizeof hint, "it takes %u", m->nformals);
    if (!cur_word(c, "("))
        return m->nformals == 0 || cur_error(c, hint, "expected ( and the arguments");
    for (; !cur_end(c) && !cur_is(c, ")"); k++) {
        struct cursor part = *c;
        while (!cur_end(c) && !cur_is(c, ",") && !cur_is(c, ")")) c->at++;
        part.n = c->at;
        if (k >= m->nformals || part.n == part.at)
            return c->at = part.at, cur_error(c, hint, "one argument too many, or an empty one");
        char *text = cur_text(&part, part.at);
        if (!text || !bind(p, m->formal[k], m->formal_n[k], text, (uint32_t)strlen(text)))
            return false;
        cur_word(c, ",");
    }
    if (!cur_need_word(c, ")")) return false;
    return k == m->nformals || cur_error(c, hint, "too few arguments: %u", k);
}

bool shape_do(struct cursor *c)
{
    struct parser *p = c->p;
    const char *name;
    char hint[100];
    uint32_t n, kept = p->nenv;
    if (!cur_need_name(c, &name, &n, "a macro's name")) return false;
    struct macro *m = macro_find(p, name, n);
    if (!m) {
        struct guess g = guess_for(name, n);
        for (uint32_t i = 0; i < p->nmacros; i++) guess_try(&g, p->macros[i].name, p->macros[i].n);
        c->at--;
        return cur_error(c, did_you_mean(&g, hint, sizeof hint)
                             ? hint : "write `define NAME(...) ... end` before",
                         "unknown macro '%.*s'", (int)(n < 60 ? n : 60), name);
    }
    if (m->failed) return false;
    if (m->active)
        return c->at--, cur_error(c, "a macro cannot use itself", "'%.*s' is being expanded",
                                  (int)m->n, m->name);
    struct via *via = via_here(p, VIA_DO);
    bool ok = via && bind_arguments(c, m) && cur_need_end(c);
    if (!ok) return p->nenv = kept, false;
    m->active = true;
    p->via = via;
    const struct source *source = p->source;
    const struct line *line = p->line;
    p->source = m->source;
    ok = expand(p, m->source, m->body + 1, m->source->lines[m->body].end);
    p->source = source, p->line = line, p->via = via->up;
    m->active = false;
    p->nenv = kept;
    return ok;
}
