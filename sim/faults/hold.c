/* SPDX-License-Identifier: MIT */
/*
 * Some of what leaves for other nodes is kept, and all of it arrives at once when the damage is
 * over: with `until win` in a term that is another than its own. arg[0]: how many at most; arg[1]:
 * of so many millionths.
 */
#include "chaos.h"

enum { HELD_MOST = 8, SHARE_LEAST = 100000, SHARE_MOST = 1000000, TAG_FIRST = 1 << 23 };

static bool parse(struct cursor *c, struct fault_line *line)
{
    return words_message(c, line) && words_number_span(c, line);
}

/* A line has one, and no scenario names it. */
static uint32_t hold_of(const struct fault_strike *s) { return HOLDS_MAX + 1 + s->line; }

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 1, HELD_MOST, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    s->arg[1] = chaos_span(w, s, SHARE_LEAST, SHARE_MOST);
    if (s->arg[0] == 0 || surgery_held(w, hold_of(s)))
        return false;                   /* its last strike still stands */
    return surgery_rule(w, &(struct rule){
        .match = message_match(w, line), .act = RULE_HOLD, .hold = hold_of(s),
        .left = (uint32_t)s->arg[0], .share_ppm = (uint32_t)s->arg[1], .until = NEVER,
        .tag = TAG_FIRST + s->line});
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    static struct under_way all[PENDING_MAX];
    const struct label_match match = message_match(w, line);
    surgery_unhold(w, hold_of(s));
    const uint32_t found = surgery_list(w, &match, all, PENDING_MAX);
    uint32_t n = 0;
    for (uint32_t i = 0; i < found; i++)
        if (all[i].hold == hold_of(s))
            all[n++] = all[i];
    surgery_hasten(w, all, n, (struct wish){0});
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)s;
    (void)w;
    return !line->param[PARAM_MESSAGE] || rec_type(r) == line->param[PARAM_MESSAGE];
}

const struct fault fault_hold = {
    .name = "hold",
    .help = "some of what leaves for other nodes, or of one type of message, is kept, and arrives "
            "all at once when it is over",
    .synopsis = MESSAGE_SYNOPSIS " [LEAST..MOST]",
    .example = "hold vote-reply 1..8 every 300ms..1s for 2s until win",
    .timing = FAULT_TIMED,
    .watches = RECORD_BIT(HOLD),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
