/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static void worse(struct world *w, struct fault_strike *s, struct link *l)
{
    (void)w;
    share_add(&l->dup_ppm, s->arg[0]);
}

static void better(const struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)before;
    share_take(&l->dup_ppm, s->arg[0]);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    return links_strike_share(w, line, s, 0, 20000, worse);
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
    return rec_type(r) != MSG_NONE && scope_has(line, r->node, r->peer);
}

const struct fault fault_link_duplicate = {
    .name = "link duplicate",
    .help = "every link delivers a drawn share of its messages twice",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST %]",
    .example = "link duplicate 0%..2%",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(DUPLICATE),
    .parse = words_scope_ppm,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
