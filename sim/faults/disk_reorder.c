/* SPDX-License-Identifier: MIT */
/* A drawn share of the writes may complete before earlier ones. */
#include "chaos.h"

static void reorder(struct world *w, uint8_t node, uint32_t ppm)
{
    struct disk_settings set = disk_settings(w, node);
    set.reorder_ppm = ppm;
    disk_set(w, node, &set);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 0, 300000, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        reorder(w, n, (uint32_t)s->arg[0]);
    return s->arg[0] != 0;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    (void)s;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        reorder(w, n, chaos_of(w)->disk[n].reorder_ppm);
}

/* At the record of a write its own time is not known yet: looks at the two before it. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)line;
    (void)s;
    return disk_overtakes(w, r->node);
}

const struct fault fault_disk_reorder = {
    .name = "disk reorder",
    .help = "a drawn share of the writes may complete before earlier ones",
    .synopsis = "[LEAST..MOST %]",
    .example = "disk reorder 0%..30%",
    .timing = FAULT_ONCE,
    .watches = RECORD_BIT(WRITE),
    .parse = words_ppm_span,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
