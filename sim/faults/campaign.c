/* SPDX-License-Identifier: MIT */
/* An operator, or a nervous timer, has a node stand for election. arg[0]: without asking beforehand
 * (past PreVote). */
#include "chaos.h"

static bool parse(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "force"))
        line->param[0] = 1;
    return words_target_one(c, line);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    target_draw(w, line, s);
    if (!s->node)
        return false;
    struct replica *rep = replica_of(w, s->node, chaos_group(w, s));
    if (rep->role == SUT_LEADER)
        return false;
    s->arg[0] = line->param[0];
    uint64_t records = w->records;
    host_campaign(w, rep, s->arg[0] != 0);
    s->bit = w->records != records;
    return true;
}

const struct fault fault_campaign = {
    .name = "campaign",
    .help = "a node that does not lead is told to stand for election",
    .synopsis = TARGET_ONE_SYNOPSIS " [force]",
    .example = "campaign follower every 1s..4s",
    .timing = FAULT_TIMED,
    .parse = parse,
    .strike = strike,
};
