/* SPDX-License-Identifier: MIT */
/* A drawn share of the writes may complete before earlier ones. */
#include "chaos.h"

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 0, 300000, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        w->node[n].disk.reorder_ppm = (uint32_t)s->arg[0];
    return s->arg[0] != 0;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    (void)s;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        w->node[n].disk.reorder_ppm = chaos_of(w)->disk[n].reorder_ppm;
}

/* At the record of a write its own time is not known yet: looks at the two before it. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)line;
    (void)s;
    const struct disk *d = &w->node[r->node].disk;
    if (!d->unordered || d->count < 3)
        return false;
    const struct disk_write *ring = arena_at(&w->arena, d->ring);
    const struct disk_write *a = &ring[(d->head + d->count - 3) % d->capacity],
                            *b = &ring[(d->head + d->count - 2) % d->capacity];
    return b->at < a->at;
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
