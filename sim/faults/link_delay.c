/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static bool parse(struct cursor *c, struct fault_line *line)
{
    return words_scope(c, line) && words_time_span(c, line);
}

/* arg[0..1]: the delay; arg[2]: each link has its own; arg[3..4]: the line's span. */
static void draw_delay(struct world *w, struct fault_strike *s)
{
    s->arg[0] = chaos_span(w, s, s->arg[3], s->arg[4]);
    s->arg[1] = chaos_span(w, s, s->arg[0], s->arg[4]);
}

static void worse(struct world *w, struct fault_strike *s, struct link *l)
{
    if (s->arg[2])
        draw_delay(w, s);
    l->delay_min = s->arg[0];
    l->delay_max = s->arg[1];
}

static void better(const struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)s;
    l->delay_min = before->delay_min;
    l->delay_max = before->delay_max;
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, MS(1), MS(40), &lo, &hi);
    s->arg[3] = lo;
    s->arg[4] = hi;
    draw_delay(w, s);
    s->arg[2] = chaos_draw(w, s, 3) != 0;
    links_worsen(w, line, s, worse);
    return true;
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

const struct fault fault_link_delay = {
    .name = "link delay",
    .help = "delays are drawn anew, once for all links or for each link its own",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST]",
    .example = "link delay 1ms..40ms",
    .timing = FAULT_ONCE,
    .dense = true,
    .watches = RECORD_BIT(SEND),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
