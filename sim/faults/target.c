/* SPDX-License-Identifier: MIT */
/*
 * Method: whom a fault strikes is drawn among the nodes that still work, with a liking for the
 * leader and, where the damage is a loss, for nodes that have writes under way. How many may be
 * lost at once is decided here, for all kinds together: a node that is down, halted, paused or
 * about to halt is lost, and unless a line asks for more, a majority of the voters is never lost.
 * So is one with damage that stays for ever, which no other fault strikes any more, and of these
 * there may be more than a minority only where the line says any number.
 *
 * A line that aims and names no target means the node that its occasion is about.
 */
#include "chaos.h"

enum { LEADER_PPM = 300000, BUSY_PPM = 750000 };

static const struct { const char *word; uint64_t target; } words[] = {
    {"any", TARGET_ANY}, {"leader", TARGET_LEADER}, {"follower", TARGET_FOLLOWER},
    {"majority", TARGET_MAJORITY}, {"all", TARGET_ALL},
};

static bool take(struct cursor *c, struct fault_line *line, uint32_t nwords)
{
    for (uint32_t i = 0; i < nwords; i++)
        if (cur_word(c, words[i].word)) {
            line->param[PARAM_TARGET] = words[i].target;
            return true;
        }
    return true;
}

bool words_target(struct cursor *c, struct fault_line *line) { return take(c, line, 5); }
bool words_target_one(struct cursor *c, struct fault_line *line) { return take(c, line, 3); }

bool words_target_keep(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "keep"))
        return cur_need_word(c, "majority") && cur_need_word(c, "up");
    if (!cur_word(c, "any"))
        return words_target(c, line);
    if (cur_word(c, "number"))
        line->param[PARAM_ANY_NUMBER] = 1;
    else
        line->param[PARAM_TARGET] = TARGET_ANY;
    return true;
}

node_set chaos_members(const struct world *w)
{
    node_set set = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if ((world_voters(w) & NODE_BIT(n)) && w->process[n].boots)
            set |= NODE_BIT(n);
    return set;
}

static bool works(const struct world *w, uint8_t node)
{
    const struct process *proc = &w->process[node];
    const struct disk_condition disk = disk_look(w, node);
    return proc->up && !host_halted(w, node) && !proc->pauses && !disk.broken && !disk.will_fail &&
           !disk.failing;
}

node_set chaos_alive(const struct world *w)
{
    node_set set = chaos_members(w);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (!works(w, n))
            set &= ~NODE_BIT(n);
    return set & ~chaos_of(w)->lost_for_ever;
}

bool chaos_may_lose_for_ever(const struct world *w)
{
    const node_set left = chaos_members(w) & ~chaos_of(w)->lost_for_ever;
    return world_majorities(w, left, 1);
}

static node_set busy(const struct world *w, node_set set)
{
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (disk_look(w, n).pending == 0)
            set &= ~NODE_BIT(n);
    return set;
}

static node_set one(struct world *w, struct fault_strike *s, node_set set)
{
    s->node = chaos_pick(w, s, set);
    return s->node ? NODE_BIT(s->node) : 0;
}

uint16_t chaos_group(struct world *w, struct fault_strike *s)
{
    return w->groups == 1 ? 0 : (uint16_t)chaos_draw(w, s, w->groups);
}

uint8_t chaos_leader(struct world *w, struct fault_strike *s)
{
    return host_leader(w, chaos_group(w, s));
}

static node_set draw_from(struct world *w, const struct fault_line *line, struct fault_strike *s,
                          node_set alive, bool prefer_busy)
{
    const uint8_t lead = chaos_leader(w, s);
    node_set leader = lead ? NODE_BIT(lead) & alive : 0;
    uint32_t voters = (uint32_t)__builtin_popcount(world_voters(w));
    if (line->for_ever && !line->param[PARAM_ANY_NUMBER] && !chaos_may_lose_for_ever(w))
        return 0;
    switch ((enum target)line->param[PARAM_TARGET]) {
    case TARGET_LEADER: return one(w, s, leader);
    case TARGET_FOLLOWER: return one(w, s, alive & ~leader);
    case TARGET_MAJORITY: return chaos_subset(w, s, alive, voters / 2 + 1);
    case TARGET_ALL: return alive;
    case TARGET_UNSAID:
        if (s->about)
            return one(w, s, alive & NODE_BIT(s->about));
        break;
    case TARGET_ANY: break;
    }
    if (chaos_chance(w, s, LEADER_PPM) && leader)
        return one(w, s, leader);
    node_set writing = prefer_busy && chaos_chance(w, s, BUSY_PPM) ? busy(w, alive) : 0;
    return one(w, s, writing ? writing : alive);
}

node_set target_draw(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    return draw_from(w, line, s, chaos_alive(w), false);
}

node_set target_draw_lost(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    node_set alive = chaos_alive(w), set = draw_from(w, line, s, alive, true);
    bool limited = !line->param[PARAM_ANY_NUMBER] && line->param[PARAM_TARGET] < TARGET_MAJORITY;
    if (limited && !world_majorities(w, alive & ~set, 0))
        return 0;
    return set;
}
