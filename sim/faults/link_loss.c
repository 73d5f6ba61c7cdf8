/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static void worse(struct world *w, struct fault_strike *s, struct link *l)
{
    (void)w;
    share_add(&l->loss_ppm, s->arg[0]);
}

static void better(const struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)before;
    share_take(&l->loss_ppm, s->arg[0]);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    return links_strike_share(w, line, s, 0, 50000, worse);
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    links_mend(w, line, s, better);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)s;
    return rec_dropped(r) == DROP_LOSS && scope_has(line, r->node, r->peer);
}

const struct fault fault_link_loss = {
    .name = "link loss",
    .help = "every link loses a drawn share of its messages",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST %]",
    .example = "link loss 0%..5%",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(DROP),
    .parse = words_scope_ppm,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
