/* SPDX-License-Identifier: MIT */
/*
 * when prevote=on A or B: STATEMENT, which only these variants read.
 *
 * Method. A file is read once for each variant, and each axis of the file (variants.c) knows the
 * choice that the present one makes. So what stands behind the colon is read or passed over. A line
 * notes which of the two came about: one that no variant takes, or that each takes that comes to
 * it, says nothing, and is reported when all are read.
 */
#include <string.h>

#include "parse.h"
#include "rows.h"

/* Of a line; VARIED: a parameter stands in it, or it speaks of what is drawn. */
enum { HELD = 1, PASSED = 2, VARIED = 4 };

/* Those of one side of an `or`. holds: all are this variant's, and drawn. */
struct side {
    uint32_t n;
    const struct axis *axis[AXES_MAX];
    uint32_t value[AXES_MAX];
    bool holds;
    uint64_t drawn;             /* a bit each of the program's draws that it names */
};
_Static_assert(DRAWN_MAX <= 64, "a bit each");

/* ---- keys, values, branches ---- */

static bool says(const struct axis *a, uint32_t k, const char *name, uint32_t n)
{
    return !*a->key && word_among(a->label[k], name, n);
}

/* What might have been meant by the word before the cursor. */
static bool unknown(struct cursor *c, const char *name, uint32_t n)
{
    const struct scenario *sc = c->p->scenario;
    struct guess g = guess_for(name, n);
    char hint[120];
    bool any = false;
    for (uint32_t i = 0; i < sc->naxes; i++) {
        const struct axis *a = &sc->axes[i];
        if (!a->read) continue;
        any = true;
        axis_guess(a, &g);
    }
    for (uint32_t i = 0; i < c->p->prog->ndrawn; i++) {
        const struct drawn *d = &c->p->prog->drawn[i];
        any = true;
        if (!d->branches) guess_try(&g, d->key, strlen(d->key));
        for (uint32_t k = 0; d->branches && k < d->nwords; k++)
            guess_try(&g, d->words[k], strlen(d->words[k]));
    }
    c->at--;
    if (n < 3 || !did_you_mean(&g, hint, sizeof hint))
        snprintf(hint, sizeof hint, "name what a matrix above varies, as prevote=on, what is drawn "
                 "above, or a branch above");
    return cur_error(c, hint, any ? "no variants differ by '%.*s', and it is not drawn"
                                  : "no variants differ by '%.*s': there are none yet",
                     (int)(n < 60 ? n : 60), name);
}

/* "it is off or on" */
static bool unknown_value(struct cursor *c, const struct axis *a, const char *value)
{
    char hint[200];
    const size_t key = strlen(a->key) + 1;
    size_t n = (size_t)snprintf(hint, sizeof hint, "it is");
    for (uint32_t k = 0; k < a->nvalues && n < sizeof hint; k++)
        n += (size_t)snprintf(hint + n, sizeof hint - n, "%s %s", k ? " or" : "",
                              a->label[k] + key);
    return cur_error(c, hint, "no variant has %s=%.60s", a->key, value);
}

/* The value behind an equals sign; NULL is reported. */
static const char *need_value_text(struct cursor *c)
{
    const uint32_t at = c->at;
    struct cursor value = *c;
    if (cur_end(c) || cur_is(c, ":"))
        return cur_error(c, "write when prevote=on: ...", "expected a value"), NULL;
    for (c->at++; !cur_end(c) && cur_peek(c)->glued && !cur_is(c, ":");) c->at++;
    value.n = c->at;
    return cur_text(&value, at);
}

static bool need_matrix_value(struct cursor *c, const struct axis *a, uint32_t *pick)
{
    const uint32_t at = c->at;
    const char *text = need_value_text(c);
    if (!text) return false;
    for (*pick = 0; *pick < a->nvalues; ++*pick)
        if (same_words(a->label[*pick] + strlen(a->key) + 1, text)) return true;
    c->at = at;
    return unknown_value(c, a, text);
}

static const struct axis *matrix_named(const struct cursor *c, const char *name, uint32_t n)
{
    const struct scenario *sc = c->p->scenario;
    for (uint32_t i = 0; i < sc->naxes; i++)
        if (sc->axes[i].read && *sc->axes[i].key && word_among(sc->axes[i].key, name, n))
            return &sc->axes[i];
    return NULL;
}

/* NULL is reported. */
static const struct axis *branch_named(struct cursor *c, const char *name, uint32_t n,
                                       uint32_t *pick)
{
    const struct scenario *sc = c->p->scenario;
    const struct axis *found = NULL;
    for (uint32_t i = 0; i < sc->naxes; i++)
        for (uint32_t k = 0; sc->axes[i].read && k < sc->axes[i].nvalues; k++) {
            if (!says(&sc->axes[i], k, name, n)) continue;
            if (found)
                return c->at--, cur_error(c, "give one of them another name",
                                          "two branches are called '%.*s'", (int)n, name), NULL;
            found = &sc->axes[i], *pick = k;
        }
    return found ? found : (unknown(c, name, n), NULL);
}

/* The draw of that name, or of the branches of which one is called so: the k-th; NULL: none. */
static const struct drawn *drawn_named(const struct program *g, const char *name, uint32_t n,
                                       uint32_t *k)
{
    for (const struct drawn *d = g->drawn; d < g->drawn + g->ndrawn; d++) {
        if (!d->branches && word_among(d->key, name, n)) return d;
        for (*k = 0; d->branches && *k < d->nwords; ++*k)
            if (word_among(d->words[*k], name, n)) return d;
    }
    return NULL;
}

static bool never_drawn(struct cursor *c, const struct drawn *d, const char *value)
{
    char hint[200];
    size_t n = (size_t)snprintf(hint, sizeof hint, "it is");
    for (uint32_t k = 0; k < d->nwords && n < sizeof hint; k++)
        n += (size_t)snprintf(hint + n, sizeof hint - n, "%s %s", k ? " or" : "", d->words[k]);
    return cur_error(c, hint, "%s=%.60s is never drawn", d->key, value);
}

/* A value of what is drawn, or the name of a branch that is (the k-th). */
static bool need_drawn(struct cursor *c, const struct drawn *d, uint32_t k, struct side *all)
{
    const uint64_t bit = UINT64_C(1) << (d - c->p->prog->drawn);
    if (all->drawn & bit)
        return c->at--, cur_error(c, "write `or` between them", "no seed draws both");
    all->drawn |= bit;
    if (d->branches) return all->holds = all->holds && d->pick == k, true;
    if (!cur_word(c, "="))
        return cur_error(c, "write when reads=lease: ...", "expected = and a value");
    const uint32_t at = c->at;
    const char *text = need_value_text(c);
    bool known = !d->nwords;
    for (k = 0; text && k < d->nwords; k++) known = known || same_words(text, d->words[k]);
    if (!text || !known) return text && (c->at = at, never_drawn(c, d, text));
    all->holds = all->holds && same_words(text, d->value);
    return true;
}

/* KEY=VALUE, or the name of a branch */
static bool need_choice_of(struct cursor *c, struct side *all)
{
    const uint32_t at = c->at;
    const char *name;
    uint32_t n, pick = 0;
    if (!cur_need_name(c, &name, &n, "what a matrix varies, or a branch's name")) return false;
    const struct drawn *d = drawn_named(c->p->prog, name, n, &pick);
    if (d) return need_drawn(c, d, pick, all);
    const struct axis *a = matrix_named(c, name, n);
    if (a && !cur_word(c, "="))
        return cur_error(c, "write when prevote=on: ...", "expected = and a value");
    if (a ? !need_matrix_value(c, a, &pick) : !(a = branch_named(c, name, n, &pick))) return false;
    if (!*a->key && cur_is(c, "="))
        return cur_error(c, "write its name alone", "'%.*s' is a branch", (int)n, name);
    for (uint32_t i = 0; i < all->n; i++)
        if (all->axis[i] == a)
            return c->at = at, all->value[i] == pick
                   ? cur_error(c, "leave it out", "this stands here twice")
                   : cur_error(c, "write `or` between them", "no variant is both");
    all->axis[all->n] = a, all->value[all->n++] = pick;
    all->holds = all->holds && a->pick == pick;
    return true;
}

/* ---- a line ---- */

static bool need_side(struct cursor *c, bool *holds, bool *drawn)
{
    struct side all = {.holds = true};
    do {
        if (!need_choice_of(c, &all)) return false;
    } while (!cur_end(c) && !cur_is(c, ":") && !cur_is(c, "or"));
    *holds = all.holds, *drawn = *drawn || all.drawn != 0;
    return true;
}

bool when_read(struct cursor *c, struct line *line, bool *holds)
{
    bool side, drawn = false;
    *holds = false;
    do {
        if (!need_side(c, &side, &drawn)) return false;
        *holds = *holds || side;
    } while (cur_word(c, "or"));
    if (!cur_need_word(c, ":")) return false;
    line->when |= (uint8_t)((*holds ? HELD : PASSED) | (as_written(c) && !drawn ? 0 : VARIED));
    return !cur_end(c) || cur_error(c, "write when prevote=on: expect leader n1",
                                    "expected a statement, but the line ends");
}

/* An expectation that is passed over is a step all the same: two variants that differ by nothing
 * else are one run, and are told to be (variants.c). */
bool when_pass(struct cursor *c)
{
    const struct token *t = cur_peek(c);
    struct stmt s = block_statement(c, run_when);
    const struct verb *v = verbs;
    while (v->name && !((v->flags & VERB_ASSERTS) && word_among(v->name, t->text, t->n))) v++;
    if (!v->name) return true;
    c->p->prog->started = true;
    return tell_statement(c, &s, 0) && add_statement(c->p, &s);
}

bool run_when(struct player *p, const struct stmt *s) { (void)p; (void)s; return true; }

bool whens_finish(struct parser *p)
{
    bool ok = true;
    for (uint32_t i = 0; i < p->scenario->nsources; i++) {
        const struct source *s = p->scenario->sources[i];
        for (const struct line *l = s->lines; l < s->lines + s->nlines; l++) {
            uint32_t n;
            const char *w = lex_first_word(s->text + l->at, l->n, &n);
            const struct place at = {.source = s, .line = l->number,
                                     .col = (uint32_t)(w - s->text) - l->at + 1};
            if (l->when == PASSED)
                ok = report_at(p, &at, "name variants that come here",
                               "no variant that reads this is meant");
            if (l->when == HELD)
                ok = report_at(p, &at, "leave `when` out", "all variants that read this are meant");
        }
    }
    return ok;
}
