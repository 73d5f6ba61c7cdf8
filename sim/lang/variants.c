/* SPDX-License-Identifier: MIT */
/*
 * The ways in which the variants of a file differ: its axes, a matrix or a group of branches each.
 *
 * Method. Axes are found on the first reading of the file, and every later reading takes its own
 * choice of each. A variant's name is made of the labels of its choices, so a line that would read
 * otherwise in another variant, or that only some variants read, would make the names lie: it is
 * refused. A variant is a number, the choices its digits, the last axis turning fastest.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"

enum { NAMED_MAX = 32 };            /* names in `variants ... may be equal` */

/* What the file says of variants that may be equal. */
struct equals { uint32_t n; bool any; const char *name[NAMED_MAX]; struct place place[NAMED_MAX]; };

/* ---- finding ---- */

struct axis *axis_here(struct parser *p, uint32_t col, const char *what)
{
    struct scenario *sc = p->scenario;
    const uint32_t line = p->line->number;
    for (uint32_t i = 0; i < sc->naxes; i++) {
        struct axis *a = &sc->axes[i];
        if (a->place.source == p->source && a->place.line == line) return a->read = true, a;
    }
    if (!p->first)
        return report(p, col, 6, "write it where every variant reads it",
                      "only some variants read this %s", what), NULL;
    if (sc->naxes == AXES_MAX)
        return report(p, col, 6, NULL, "too many matrix lines and branches (at most %d)", AXES_MAX),
            NULL;
    struct axis *a = &sc->axes[sc->naxes++];
    *a = (struct axis){.place = {.source = p->source, .line = line, .col = col + 1, .via = p->via},
                       .read = true};
    return a;
}

static bool reads_otherwise(struct parser *p, const struct axis *a, const char *now,
                            const char *before)
{
    return report(p, a->place.col - 1, 6,
                  "write it so that it reads the same each time, in every variant",
                  "this says '%s' here, and said '%s' when it was read before", now, before);
}

static bool new_label(struct parser *p, struct axis *a, const char *label)
{
    if (a->nvalues == VARIANTS_MAX)
        return report(p, a->place.col - 1, 6, NULL, "too many variants (at most %d)", VARIANTS_MAX);
    for (uint32_t i = 0; i < a->nvalues; i++)
        if (!strcmp(a->label[i], label))
            return report(p, a->place.col - 1, 6, "name each once", "two variants are called '%s'",
                          label);
    a->label[a->nvalues] = pool_text(p->pool, label, strlen(label));
    return (a->label[a->nvalues] && ++a->nvalues) || out_of_memory(p);
}

bool axis_label(struct parser *p, struct axis *a, uint32_t k, const char *key, const char *value)
{
    size_t size = strlen(key) + strlen(value) + 2;
    char *label = pool_take(p->pool, size);
    if (!label) return out_of_memory(p);
    snprintf(label, size, "%s%s%s", key, *key ? "=" : "", value);
    if (!a->whole) return new_label(p, a, label);
    const char *before = k < a->nvalues ? a->label[k] : "nothing";
    return !strcmp(label, before) || reads_otherwise(p, a, label, before);
}

bool axis_end(struct parser *p, struct axis *a, uint32_t nvalues)
{
    if (a->whole && nvalues < a->nvalues)
        return reads_otherwise(p, a, "nothing", a->label[nvalues]);
    return a->whole = true;
}

void axes_begin(struct parser *p)
{
    for (uint32_t i = 0; i < p->scenario->naxes; i++) p->scenario->axes[i].read = false;
}

bool axes_finish(struct parser *p)
{
    for (uint32_t i = 0; i < p->scenario->naxes; i++) {
        const struct axis *a = &p->scenario->axes[i];
        if (!a->read)
            return report_at(p, &a->place, "write it where every variant reads it",
                             "some variants do not read this, and would be the same twice");
    }
    return true;
}

/* ---- numbering and naming ---- */

/* Product of the first n axes; it stops growing beyond what can be. */
static uint64_t product(const struct scenario *sc, uint32_t n)
{
    uint64_t k = 1;
    for (uint32_t i = 0; i < n && k < UINT32_MAX; i++)
        k *= sc->axes[i].nvalues ? sc->axes[i].nvalues : 1;
    return k;
}

bool axes_count(struct parser *p, uint32_t *nvariants)
{
    const struct scenario *sc = p->scenario;
    const uint64_t n = product(sc, sc->naxes);
    *nvariants = 1;
    for (uint32_t i = 0; n > VARIANTS_MAX && i < sc->naxes; i++) {
        const uint64_t so_far = product(sc, i + 1);
        if (so_far <= VARIANTS_MAX) continue;
        const char *hint = "have fewer values, or run the rest from the command line, with --set";
        if (i + 1 == sc->naxes)
            return report_at(p, &sc->axes[i].place, hint,
                             "with this the file has %llu variants, and it may have at most %d",
                             (unsigned long long)n, VARIANTS_MAX);
        return report_at(p, &sc->axes[i].place, hint,
                         "with this the file has %llu variants, %llu with what follows, and it may "
                         "have at most %d",
                         (unsigned long long)so_far, (unsigned long long)n, VARIANTS_MAX);
    }
    *nvariants = (uint32_t)n;
    return true;
}

uint32_t axis_pick(const struct scenario *sc, uint32_t axis, uint32_t variant)
{
    for (uint32_t i = sc->naxes; i-- > axis + 1;)
        if (sc->axes[i].nvalues) variant /= sc->axes[i].nvalues;
    return sc->axes[axis].nvalues ? variant % sc->axes[axis].nvalues : 0;
}

void axes_turn(struct parser *p, uint32_t variant)
{
    struct scenario *sc = p->scenario;
    for (uint32_t i = 0; i < sc->naxes; i++) sc->axes[i].pick = axis_pick(sc, i, variant);
}

const char *variant_name(struct parser *p)
{
    const struct scenario *sc = p->scenario;
    size_t size = 1, n = 0;
    for (uint32_t i = 0; i < sc->naxes; i++)
        if (sc->axes[i].nvalues) size += strlen(sc->axes[i].label[sc->axes[i].pick]) + 1;
    char *name = pool_take(p->pool, size);
    for (uint32_t i = 0; name && i < sc->naxes && product(sc, sc->naxes) > 1; i++)
        if (sc->axes[i].nvalues)
            n += (size_t)snprintf(name + n, size - n, "%s%s", n ? "/" : "",
                                  sc->axes[i].label[sc->axes[i].pick]);
    return name;
}

/* ---- variants that may be equal ---- */

/* `may be`, and no branch of that name */
static bool at_may_be(const struct cursor *c)
{
    struct cursor next = *c;
    next.at++;
    return cur_is(c, "may") && cur_is(&next, "be");
}

bool parse_variants(struct cursor *c, struct stmt *s)
{
    struct parser *p = c->p;
    struct equals e = {0}, *kept;
    char *why;
    uint32_t n;
    (void)s;
    if (p->in_branch)
        return c->at = 0, cur_error(c, "write it at the head of the file",
                                    "this cannot stand in a branch");
    while (cur_word(c, "of") || e.n) {
        if (e.n && at_may_be(c)) break;
        if (e.n == NAMED_MAX) return cur_error(c, NULL, "at most %d names", NAMED_MAX);
        e.place[e.n] = cur_place(c);
        if (at_may_be(c))
            return cur_error(c, "leave out `of` where any two may be equal",
                             "expected what a matrix varies, or a branch's name");
        if (!cur_need_name(c, &e.name[e.n], &n, "what a matrix varies, or a branch's name"))
            return false;
        if (!(e.name[e.n] = pool_text(p->pool, e.name[e.n], n))) return out_of_memory(p);
        e.n++;
    }
    e.any = !e.n;
    if (e.any) e.place[0] = cur_place(c);
    if (!cur_need_word(c, "may") || !cur_need_word(c, "be") || !cur_need_word(c, "equal") ||
        !cur_need_word(c, "because") || !cur_need_string(c, &why, "the reason"))
        return false;
    if (!p->first) return true;
    if (p->scenario->nequals == EQUALS_MAX)
        return c->at = 0, cur_error(c, NULL, "at most %d such lines", EQUALS_MAX);
    if (!(kept = args_take(c, sizeof *kept))) return false;
    *kept = e;
    p->scenario->equals[p->scenario->nequals++] = kept;
    return true;
}

static bool is_label_of(const struct axis *a, const char *name)
{
    for (uint32_t i = 0; !*a->key && i < a->nvalues; i++)
        if (!strcmp(a->label[i], name)) return true;
    return *a->key && !strcmp(a->key, name);
}

void axis_guess(const struct axis *a, struct guess *g)
{
    if (*a->key) guess_try(g, a->key, strlen(a->key));
    for (uint32_t k = 0; !*a->key && k < a->nvalues; k++)
        guess_try(g, a->label[k], strlen(a->label[k]));
}

static bool varies(struct parser *p, const char *name, const struct place *at)
{
    const struct scenario *sc = p->scenario;
    struct guess g = guess_for(name, (uint32_t)strlen(name));
    char hint[100];
    for (uint32_t i = 0; i < sc->naxes; i++) {
        const struct axis *a = &sc->axes[i];
        if (is_label_of(a, name)) return true;
        axis_guess(a, &g);
    }
    return report_at(p, at, did_you_mean(&g, hint, sizeof hint)
                         ? hint : "name what a matrix varies, or branches",
                     "no variants differ by '%s'", name);
}

bool equals_finish(struct parser *p)
{
    const struct scenario *sc = p->scenario;
    bool ok = true;
    for (uint32_t i = 0; i < sc->nequals; i++) {
        const struct equals *e = sc->equals[i];
        if (sc->nvariants == 1)
            ok = report_at(p, &e->place[0], "leave it out", "this file has no variants");
        for (uint32_t k = 0; k < e->n && sc->nvariants > 1; k++)
            ok = varies(p, e->name[k], &e->place[k]) && ok;
    }
    return ok;
}

bool has_word(const char *words, const char *word, char sign)
{
    const size_t n = strlen(word);
    for (const char *at = words; n && (at = strstr(at, word)); at++)
        if ((at == words || at[-1] == ' ') && (!at[n] || at[n] == sign)) return true;
    return false;
}

/* What a file calls a choice by: what the matrix varies, or the branch. */
static const char *choice_name(const struct axis *a, uint32_t pick)
{
    return *a->key ? a->key : a->label[pick];
}

static bool names_choice(const struct equals *e, const struct axis *a, uint32_t pick)
{
    bool named = e->any;
    for (uint32_t i = 0; i < e->n; i++)
        named = named || !strcmp(e->name[i], choice_name(a, pick));
    return named;
}

bool scenario_may_be_equal(const struct scenario *sc, uint32_t one, uint32_t other)
{
    for (uint32_t i = 0; i < sc->nequals; i++) {
        bool all = true;
        for (uint32_t k = 0; k < sc->naxes; k++) {
            const uint32_t a = axis_pick(sc, k, one), b = axis_pick(sc, k, other);
            all = all && (a == b || (names_choice(sc->equals[i], &sc->axes[k], a) &&
                                     names_choice(sc->equals[i], &sc->axes[k], b)));
        }
        if (all) return true;
    }
    return false;
}

void scenario_difference(const struct scenario *sc, uint32_t one, uint32_t other,
                         char words[DIFFERENCE_BYTES])
{
    for (uint32_t i = 0; i < sc->naxes; i++) {
        const struct axis *a = &sc->axes[i];
        const uint32_t x = axis_pick(sc, i, one), y = axis_pick(sc, i, other);
        const char *by[] = {choice_name(a, x), choice_name(a, y)};
        for (size_t k = 0; k < 2 && x != y; k++) {
            const size_t n = strlen(words);
            if (!has_word(words, by[k], ' '))
                snprintf(words + n, DIFFERENCE_BYTES - n, "%s%s", n ? " " : "", by[k]);
        }
    }
}
