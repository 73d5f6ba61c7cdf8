/* SPDX-License-Identifier: MIT */
/* A while of heavy loss, on all links or on those of one node: the share is added to what the link
 * loses anyway. */
#include "chaos.h"

static bool concerns(const struct fault_line *line, const struct fault_strike *s, uint8_t from,
                     uint8_t to)
{
    return scope_has(line, from, to) && (s->node == 0 || s->node == from || s->node == to);
}

static void add(struct world *w, const struct fault_line *line, const struct fault_strike *s,
                bool more)
{
    struct ends e = {0};
    for (struct link *l; (l = links_next(w, &e)) != NULL;) {
        if (!concerns(line, s, e.from, e.to))
            continue;
        if (more)
            share_add(&l->loss_ppm, s->arg[0]);
        else
            share_take(&l->loss_ppm, s->arg[0]);
    }
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 200000, 800000, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    if (!chaos_chance(w, s, 300000))
        s->node = chaos_pick(w, s, chaos_members(w));
    add(w, line, s, true);
    return s->arg[0] != 0;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    add(w, line, s, false);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    return rec_dropped(r) == DROP_LOSS && concerns(line, s, r->node, r->peer);
}

const struct fault fault_loss_burst = {
    .name = "loss-burst",
    .help = "for a while, all links or those of one node lose much of what they carry",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST %]",
    .example = "loss-burst 20%..80% every 2s..6s for 200ms..2s",
    .timing = FAULT_TIMED,
    .watches = RECORD_BIT(DROP),
    .parse = words_scope_ppm,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
