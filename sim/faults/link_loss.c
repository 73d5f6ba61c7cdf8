/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static bool parse(struct cursor *c, struct fault_line *line) { return words_scope(c, line) && words_ppm_span(c, line); }

static void worse(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)before;
    l->loss_ppm += (uint32_t)s->arg[0];
}

static void better(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)before;
    l->loss_ppm -= l->loss_ppm < s->arg[0] ? l->loss_ppm : (uint32_t)s->arg[0];
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 0, 50000, &lo, &hi);
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
    return r->flags >> 8 == DROP_LOSS && scope_has(line, r->node, r->peer);
}

const struct fault fault_link_loss = {
    .name = "link loss",
    .help = "every link loses a drawn share of its messages",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST %]",
    .example = "link loss 0%..5%",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(DROP),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
