/* SPDX-License-Identifier: MIT */
/*
 * A process gets slow for a while: each event that it handles takes it a time of its own, drawn
 * from half to one and a half times arg[0], which is drawn from the line's span for this strike.
 * Strikes on one node add up, as lag does.
 */
#include "chaos.h"

#include "../world/service.h"

static bool parse(struct cursor *c, struct fault_line *line)
{
    return words_target_one(c, line) && words_time_span(c, line);
}

static uint64_t least_of(const struct fault_strike *s) { return s->arg[0] / 2; }
static uint64_t most_of(const struct fault_strike *s) { return s->arg[0] + s->arg[0] / 2; }

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi, least, most;
    line_span(line, US(100), MS(3), &lo, &hi);
    target_draw(w, line, s);
    s->arg[0] = chaos_span(w, s, lo, hi);
    if (!s->node || s->arg[0] == 0)
        return false;
    service_times(w, s->node, &least, &most);
    service_time(w, s->node, least + least_of(s), most + most_of(s));
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    uint64_t least, most;
    (void)line;
    service_times(w, s->node, &least, &most);
    least -= least < least_of(s) ? least : least_of(s);
    most -= most < most_of(s) ? most : most_of(s);
    service_time(w, s->node, least, most < least ? least : most);
}

/* It bites where somebody waits behind what is at hand. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)line;
    return r->node == s->node && service_waiting(w, s->node) > 0;
}

const struct fault fault_service_time = {
    .name = "service time",
    .help = "for a while, a process needs time for each event that it handles, and what comes "
            "meanwhile waits its turn",
    .synopsis = TARGET_ONE_SYNOPSIS " [LEAST..MOST]",
    .example = "service time leader 200us..3ms every 1s..4s for 300ms..2s",
    .timing = FAULT_TIMED,
    .dense = true,
    .watches = RECORD_BIT(DELIVER),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
