/* SPDX-License-Identifier: MIT */
/*
 * The way from other nodes to one, or back, or both, gets long for a while. A partition loses
 * answers; this lets them come, but into another time. arg[0]: direction; arg[1]: how much longer.
 */
#include "chaos.h"

enum way { WAY_DRAWN, WAY_BOTH, WAY_IN, WAY_OUT };

static bool parse(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "both"))
        line->param[2] = WAY_BOTH;
    else if (cur_word(c, "in"))
        line->param[2] = WAY_IN;
    else if (cur_word(c, "out"))
        line->param[2] = WAY_OUT;
    return words_target_one(c, line) && words_time_span(c, line);
}

static bool lengthened(const struct fault_strike *s, uint8_t from, uint8_t to)
{
    if (is_client(from) || is_client(to))
        return false;
    return (from == s->node && s->arg[0] != WAY_IN) || (to == s->node && s->arg[0] != WAY_OUT);
}

static void each(struct world *w, const struct fault_strike *s, bool more)
{
    for (uint8_t a = 1; a <= w->nnodes; a++)
        for (uint8_t b = 1; b <= w->nnodes; b++) {
            struct link *l = net_link(w, a, b);
            if (!l || !lengthened(s, a, b))
                continue;
            if (more)
                l->lag += s->arg[1];
            else
                l->lag -= l->lag < s->arg[1] ? l->lag : s->arg[1];
        }
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, MS(50), MS(500), &lo, &hi);
    target_draw(w, line, s);
    s->arg[0] = line->param[2] ? line->param[2] : WAY_BOTH + chaos_draw(w, s, 3);
    s->arg[1] = chaos_span(w, s, lo, hi);
    if (!s->node || s->arg[1] == 0)
        return false;
    each(w, s, true);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    each(w, s, false);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    return rec_type(r) != MSG_NONE && lengthened(s, r->node, r->peer);
}

const struct fault fault_lag = {
    .name = "lag",
    .help = "for a while, what one node sends or is sent by other nodes takes longer, both ways or "
            "one",
    .synopsis = TARGET_ONE_SYNOPSIS " [both|in|out] [LEAST..MOST]",
    .example = "lag leader in 100ms..500ms every 1s..4s for 300ms..2s",
    .timing = FAULT_TIMED,
    .dense = true,
    .watches = RECORD_BIT(SEND),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
