/* SPDX-License-Identifier: MIT */
/* Leaders' logs in other slices: what is sent, and why it is legal, is told in world/unusual.h.
 * Nothing happens where the system under test composes no messages. */
#include "chaos.h"

#include "../world/unusual.h"

static void worse(const struct fault_strike *s, struct unusual *u)
{
    share_add(&u->slices_ppm, s->arg[0]);
}

static void better(const struct fault_strike *s, struct unusual *u)
{
    share_take(&u->slices_ppm, s->arg[0]);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 0, 200000, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    if (s->arg[0] == 0 || !w->sut->compose)
        return false;
    links_unusual(w, s, worse);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    links_unusual(w, s, better);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)line;
    (void)s;
    const struct unusual *u = unusual_of(w, r->node, r->peer);
    return u && u->slice == rec_message(r);
}

const struct fault fault_link_slices = {
    .name = "link slices",
    .help = "beside a drawn share of the appends, or in their place, go others of the same leader "
            "and term, cut elsewhere out of its log; legal, and nothing where the system under "
            "test composes no messages",
    .synopsis = "[LEAST..MOST %]",
    .example = "link slices 0%..20%",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(INJECT),
    .parse = words_ppm_span,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
