/* SPDX-License-Identifier: MIT */
/* One node's disk completes nothing for a while. */
#include "chaos.h"

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    if (!target_draw(w, line, s) || !s->node)
        return false;
    disk_stall(w, s->node);
    s->bit = disk_look(w, s->node).pending > 0;
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    disk_resume(w, s->node);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    return r->node == s->node;
}

const struct fault fault_disk_stall = {
    .name = "disk stall",
    .help = "a node's disk completes nothing for a while",
    .synopsis = TARGET_ONE_SYNOPSIS,
    .example = "disk stall any every 1s..4s for 50ms..800ms",
    .timing = FAULT_TIMED,
    .lasting = true,
    .dense = true,
    .watches = RECORD_BIT(WRITE),
    .parse = words_target_one,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
