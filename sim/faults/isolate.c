/* SPDX-License-Identifier: MIT */
/* One node loses all its links, or those in one direction. arg[0]: direction; arg[1]:
 * clients too. */
#include "chaos.h"

enum way { WAY_DRAWN, WAY_BOTH, WAY_IN, WAY_OUT };

static bool parse(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "both"))
        line->param[0] = WAY_BOTH;
    else if (cur_word(c, "in"))
        line->param[0] = WAY_IN;
    else if (cur_word(c, "out"))
        line->param[0] = WAY_OUT;
    return words_target_one(c, line);
}

static bool severed(const struct fault_strike *s, uint8_t from, uint8_t to)
{
    if (!s->arg[1] && (is_client(from) || is_client(to)))
        return false;
    return (from == s->node && s->arg[0] != WAY_IN) || (to == s->node && s->arg[0] != WAY_OUT);
}

static void each(struct world *w, const struct fault_strike *s,
                 void (*change)(struct world *, uint8_t, uint8_t))
{
    uint32_t last = CLIENT_BASE + (uint32_t)w->nclients;
    for (uint32_t other = 1; other <= last; other++) {
        if (severed(s, s->node, (uint8_t)other))
            change(w, s->node, (uint8_t)other);
        if (severed(s, (uint8_t)other, s->node))
            change(w, (uint8_t)other, s->node);
    }
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    target_draw(w, line, s);
    s->arg[0] = line->param[0] ? line->param[0] : WAY_BOTH + chaos_draw(w, s, 3);
    s->arg[1] = chaos_draw(w, s, 2);
    if (!s->node)
        return false;
    each(w, s, net_cut);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    each(w, s, net_join);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    return rec_dropped(r) == DROP_CUT && severed(s, r->node, r->peer);
}

const struct fault fault_isolate = {
    .name = "isolate",
    .help = "cuts one node off, both ways or one, sometimes from its clients too",
    .synopsis = TARGET_ONE_SYNOPSIS " [both|in|out]",
    .example = "isolate leader every 2s..6s for 300ms..2s",
    .timing = FAULT_TIMED,
    .watches = RECORD_BIT(DROP),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
