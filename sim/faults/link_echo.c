/* SPDX-License-Identifier: MIT */
/* Old answers again: what comes, and why it is legal, is told in world/unusual.h. */
#include "chaos.h"

#include "../world/unusual.h"

static bool parse(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "by"))
        return cur_need_span(c, &line->param[2], &line->param[3], "how much later an answer comes");
    return words_ppm_span(c, line);
}

static void worse(const struct fault_strike *s, struct unusual *u)
{
    share_add(&u->echo_ppm, s->arg[0]);
    u->echo_least = s->arg[1];
    u->echo_most = s->arg[2];
}

static void better(const struct fault_strike *s, struct unusual *u)
{
    share_take(&u->echo_ppm, s->arg[0]);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 0, 50000, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    s->arg[1] = line->param[3] ? line->param[2] : MS(20);
    s->arg[2] = line->param[3] ? line->param[3] : SEC(2);
    if (s->arg[0] == 0)
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
    return u && u->echo == rec_message(r);
}

const struct fault fault_link_echo = {
    .name = "link echo",
    .help = "a drawn share of the answers between nodes comes again, much later: out of another "
            "round or term, after a restart of either side",
    .synopsis = "[LEAST..MOST %] [by SPAN]",
    .example = "link echo 0%..10% by 20ms..3s",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(DUPLICATE),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
