/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static bool parse(struct cursor *c, struct fault_line *line) { return words_scope(c, line) && words_ppm_span(c, line); }

static void worse(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)before;
    l->dup_ppm += (uint32_t)s->arg[0];
}

static void better(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)before;
    l->dup_ppm -= l->dup_ppm < s->arg[0] ? l->dup_ppm : (uint32_t)s->arg[0];
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 0, 20000, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    if (s->arg[0] == 0)
        return false;
    links_each(w, line, s, worse);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    struct fault_strike copy = *s;
    links_each(w, line, &copy, better);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s, const struct record *r)
{
    (void)w;
    (void)s;
    return r->sub != MSG_NONE && scope_has(line, r->node, r->peer);
}

const struct fault fault_link_duplicate = {
    .name = "link duplicate",
    .help = "every link delivers a drawn share of its messages twice",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST %]",
    .example = "link duplicate 0%..2%",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(DUPLICATE),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
