/* SPDX-License-Identifier: MIT */
/*
 * Every clock gets a rate of its own, faster or slower than true time by a share drawn from the
 * line's span; `within bound` draws it from what the node itself declares (lease-drift-bound),
 * `beyond bound` from there to twice as much.
 */
#include "chaos.h"

enum { RATE_DEN = 500000, DRIFT_MAX_PPM = 900000 };
enum drift_bound { BOUND_NONE, BOUND_WITHIN, BOUND_BEYOND };

static bool parse(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "within"))
        line->param[2] = BOUND_WITHIN;
    else if (cur_word(c, "beyond"))
        line->param[2] = BOUND_BEYOND;
    else
        return words_ppm_span(c, line);
    return cur_need_word(c, "bound");
}

static void span_of(const struct world *w, const struct fault_line *line, uint8_t node,
                    uint64_t *lo, uint64_t *hi)
{
    uint64_t bound = w->process[node].clock.bound_ppm;
    line_span(line, 0, 10000, lo, hi);
    if (line->param[2] == BOUND_WITHIN) {
        *lo = 0;
        *hi = bound;
    } else if (line->param[2] == BOUND_BEYOND) {
        *lo = bound + 2;
        *hi = bound * 2 + 10000;
    }
    *lo = *lo < DRIFT_MAX_PPM ? *lo : DRIFT_MAX_PPM;
    *hi = *hi < DRIFT_MAX_PPM ? *hi : DRIFT_MAX_PPM;
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        uint64_t lo, hi;
        span_of(w, line, n, &lo, &hi);
        /* the edge is where mistakes are */
        uint64_t ppm = chaos_draw(w, s, 2) ? hi : chaos_span(w, s, lo, hi);
        uint32_t off = (uint32_t)(ppm * RATE_DEN / 1000000);
        bool slow = chaos_draw(w, s, 2) != 0;
        if (off == 0)
            continue;
        clock_rate(w, n, slow ? RATE_DEN - off : RATE_DEN + off, RATE_DEN);
        s->arg[0] |= NODE_BIT(n);
        s->arg[slow ? 2 : 1] |= NODE_BIT(n);
    }
    return s->arg[0] != 0;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (s->arg[0] & NODE_BIT(n))
            clock_rate(w, n, 1, 1);
}

/* A timer of a drifting node went off: not when true time would have had it. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)line;
    const struct clock *c = &w->process[r->node].clock;
    return (s->arg[0] & NODE_BIT(r->node)) && c->num != c->den;
}

const struct fault fault_clock_drift = {
    .name = "clock drift",
    .help = "every clock runs faster or slower than true time by a drawn share, within the "
            "declared bound or beyond it",
    .synopsis = "[LEAST..MOST %|within bound|beyond bound]",
    .example = "clock drift 0%..1%",
    .timing = FAULT_ONCE,
    .dense = true,
    .watches = RECORD_BIT(TIMER),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
