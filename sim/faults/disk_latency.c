/* SPDX-License-Identifier: MIT */
/* Every disk gets a write latency of its own from the line's span, or all the same. */
#include "chaos.h"

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi, from = 0, to = 0;
    line_span(line, MS(1), MS(20), &lo, &hi);
    bool each = chaos_draw(w, s, 2) != 0;
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        if (n == 1 || each) {
            from = chaos_span(w, s, lo, hi);
            to = chaos_span(w, s, from, hi);
        }
        struct disk_settings set = disk_settings(w, n);
        set.latency_min = from;
        set.latency_max = to;
        disk_set(w, n, &set);
    }
    s->arg[0] = from;
    s->arg[1] = to;
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    (void)s;
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const struct disk_settings *before = &chaos_of(w)->disk[n];
        struct disk_settings set = disk_settings(w, n);
        set.latency_min = before->latency_min;
        set.latency_max = before->latency_max;
        disk_set(w, n, &set);
    }
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)line;
    (void)s;
    return disk_settings(w, r->node).latency_max != chaos_of(w)->disk[r->node].latency_max;
}

const struct fault fault_disk_latency = {
    .name = "disk latency",
    .help = "the time that writes take is drawn anew, once for all disks or for each its own",
    .synopsis = "[LEAST..MOST]",
    .example = "disk latency 1ms..20ms",
    .timing = FAULT_ONCE,
    .dense = true,
    .watches = RECORD_BIT(WRITE),
    .parse = words_time_span,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
