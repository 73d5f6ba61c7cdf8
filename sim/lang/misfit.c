/* SPDX-License-Identifier: MIT */
/*
 * Options that do not go together. Method: the system under test says why, and names the options
 * that it speaks of (sut.h). Of those, the one that was set last is to blame, at its own line, and
 * the others are shown beside it: where they were set, or that they stand at their default.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"

enum { HINT_BYTES = 300 };

static bool in_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

bool speaks_of(const char *why, const char *name)
{
    const size_t n = strlen(name);
    for (const char *at = why; (at = strstr(at, name)); at++)
        if ((at == why || !in_name(at[-1])) && !in_name(at[n])) return true;
    return false;
}

/* Of the overrides that hold for one of these nodes, the latest before place `before` whose option
 * is spoken of and that no later one replaces. */
static const struct override *latest(const struct program *g, node_set nodes, const char *why,
                                     const struct override *before)
{
    for (const struct override *o = before; o-- > g->overrides;)
        if ((!o->on || o->on & nodes) && speaks_of(why, o->row->name)) return o;
    return NULL;
}

/* Options that `why` names and nobody set. */
static void put_defaults(const struct program *g, node_set nodes, const char *why,
                         char out[HINT_BYTES])
{
    size_t n = 0;
    out[0] = 0;
    for (const struct option_row *row = g->plan.sut->options; row->name; row++) {
        bool set = false;
        for (uint32_t i = 0; i < g->noverrides; i++)
            set = set || (g->overrides[i].row == row &&
                          (!g->overrides[i].on || g->overrides[i].on & nodes));
        if (set || !speaks_of(why, row->name) || n + 120 > HINT_BYTES) continue;
        char value[OPTION_TEXT];
        option_spell(row, row->def, row->def_hi, value);
        n += (size_t)snprintf(out + n, HINT_BYTES - n, "%s%s is %s by default", n ? ", " : "",
                              row->name, value);
    }
}

static bool misfit(struct parser *p, node_set nodes, const char *whose, const char *why)
{
    const struct program *g = p->prog;
    const struct override *end = g->overrides + g->noverrides;
    const struct override *last = g->noverrides ? latest(g, nodes, why, end) : NULL, *other = last;
    char hint[HINT_BYTES], note[120];
    const char *variant = variant_name(p);
    const bool named = variant && *variant;
    if (!last && g->noverrides) last = other = end - 1;
    struct place at = {.source = p->scenario->main, .line = 1, .col = 1};
    if (last) at = last->place;
    while (other && (other = latest(g, nodes, why, other)) && other->row == last->row) {}
    put_defaults(g, nodes, why, hint);
    const char *in = named ? ", in variant " : "", *name = named ? variant : "";
    if (!other)
        return report_at(p, &at, *hint ? hint : NULL, "%s do not fit together%s%s: %s", whose, in,
                         name, why);
    snprintf(note, sizeof note, "%s is set here", other->row->name);
    return report_both(p, &at, &other->place, note, *hint ? hint : NULL,
                       "%s do not fit together%s%s: %s", whose, in, name, why);
}

/* Each voter beside the first one. */
static bool voters_agree(struct parser *p)
{
    const struct world_plan *plan = &p->prog->plan;
    uint32_t first = plan->voters ? (uint32_t)__builtin_ctz(plan->voters) + 1 : 0;
    for (uint32_t n = first + 1; plan->sut->options_agree && first && n <= plan->nodes; n++) {
        const char *why = "?";
        char whose[80];
        if (!(plan->voters & NODE_BIT(n)) ||
            plan->sut->options_agree(plan->sut_options[first], plan->sut_options[n], &why))
            continue;
        snprintf(whose, sizeof whose, "the options of n%u and n%u", first, n);
        return misfit(p, NODE_BIT(first) | NODE_BIT(n), whose, why);
    }
    return true;
}

bool options_fit(struct parser *p)
{
    const struct world_plan *plan = &p->prog->plan;
    const bool alike = !memcmp(plan->sut_options[0], plan->sut_options[1],
                               sizeof plan->sut_options[0]);
    for (uint32_t n = 1; plan->sut->options_valid && n <= plan->nodes; n++) {
        const char *why = "?";
        char whose[80] = "these options";
        if (plan->sut->options_valid(plan->sut_options[n], &why)) continue;
        if (n > 1 || !alike) snprintf(whose, sizeof whose, "the options of n%u", n);
        return misfit(p, NODE_BIT(n), whose, why);
    }
    return voters_agree(p);
}
