/* SPDX-License-Identifier: MIT */
/* One node's clock stands still for a while, and the node does not. */
#include "chaos.h"

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    target_draw(w, line, s);
    if (!s->node || w->process[s->node].clock.frozen)
        return false;
    clock_freeze(w, s->node);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    clock_thaw(w, s->node);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    return r->node == s->node;
}

const struct fault fault_clock_freeze = {
    .name = "clock freeze",
    .help = "a node's clock stands still for a while, though the node does not",
    .synopsis = TARGET_ONE_SYNOPSIS,
    .example = "clock freeze any every 2s..6s for 100ms..1s",
    .timing = FAULT_TIMED,
    .dense = true,
    .watches = RECORD_BIT(DELIVER),
    .parse = words_target_one,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
