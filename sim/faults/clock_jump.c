/* SPDX-License-Identifier: MIT */
/* One node's clock jumps, forward or back. arg[0]: by how much; arg[1]: back. */
#include "chaos.h"

enum way { WAY_EITHER, WAY_FORWARD, WAY_BACK };

static bool parse(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "forward"))
        line->param[2] = WAY_FORWARD;
    else if (cur_word(c, "back"))
        line->param[2] = WAY_BACK;
    return words_target_one(c, line) && words_time_span(c, line);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, MS(10), SEC(1), &lo, &hi);
    target_draw(w, line, s);
    s->arg[0] = chaos_span(w, s, lo, hi < SEC(3600) ? hi : SEC(3600));
    s->arg[1] = line->param[2] ? line->param[2] == WAY_BACK : chaos_draw(w, s, 2);
    if (!s->node || !s->arg[0])
        return false;
    clock_jump(w, s->node, s->arg[1] ? -(int64_t)s->arg[0] : (int64_t)s->arg[0]);
    return true;
}

/* The node has looked at its clock since. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    return r->node == s->node;
}

const struct fault fault_clock_jump = {
    .name = "clock jump",
    .help = "a node's clock jumps forward or back",
    .synopsis = TARGET_ONE_SYNOPSIS " [LEAST..MOST] [forward|back]",
    .example = "clock jump 10ms..1s every 2s..6s",
    .timing = FAULT_TIMED,
    .dense = true,
    .watches = RECORD_BIT(TIMER) | RECORD_BIT(DELIVER),
    .parse = parse,
    .strike = strike,
    .bit = bit,
};
