/* SPDX-License-Identifier: MIT */
/* What a crash finds written but not yet acknowledged may survive it: a drawn prefix, instead of
 * nothing. arg[0]: on which nodes. */
#include "chaos.h"

static void keep(struct world *w, uint8_t node, bool on)
{
    struct disk_settings set = disk_settings(w, node);
    set.keep_unsynced = on;
    disk_set(w, node, &set);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    (void)line;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (chaos_draw(w, s, 3)) {
            keep(w, n, true);
            s->arg[0] |= NODE_BIT(n);
        }
    return s->arg[0] != 0;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (s->arg[0] & NODE_BIT(n))
            keep(w, n, chaos_of(w)->disk[n].keep_unsynced);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    return rec_kept(r) > 0 && (s->arg[0] & NODE_BIT(r->node));
}

const struct fault fault_disk_keep = {
    .name = "disk keep-unsynced",
    .help = "a crash leaves a drawn prefix of the writes that were not acknowledged yet, instead "
            "of none",
    .synopsis = "",
    .example = "disk keep-unsynced",
    .timing = FAULT_ONCE,
    .watches = RECORD_BIT(CRASH),
    .parse = words_none,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
