/* SPDX-License-Identifier: MIT */
/*
 * Which nodes, left as broken as they are, keep a sound core from progress; and which of those no
 * healing can mend.
 *
 * Method: one row a way in which it happens, and each follows from options and weather: what a node
 * can still do (it is up, its timers fire, its disk writes, who hears it and whom it hears) and
 * which rule of Raft would put a stop to it, were it on. Of what the nodes say of themselves only
 * one thing is asked, and the records tell it: who leads. A cut drops what is on its way too, so
 * nobody wins any more by what was sent before.
 *
 * A row may name a node that would have done no harm. That costs variety: it is made whole. A row
 * that is missing costs a false alarm.
 */
#include "left_out.h"

#include "../world/service.h"
#include "../world/unusual.h"

enum { LOSS_FAIR_PPM = 50000, CAPACITY_FAIR = 16, BANDWIDTH_FAIR = 200000 };

bool left_inside(node_set core, uint8_t actor)
{
    return is_client(actor) || (actor <= NODES_MAX && core & NODE_BIT(actor));
}

bool left_acts(const struct world *w, uint8_t node)
{
    const struct process *proc = &w->process[node];
    return proc->up && !host_halted(w, node) && !proc->pauses;
}

bool left_disk_hangs(const struct world *w, uint8_t node)
{
    const struct disk_condition disk = disk_look(w, node);
    return disk.stalls || disk.stepwise;
}

/* ---- what a node can do ---------------------------------------------------------------------- */

static bool timers_fire(const struct world *w, uint8_t node)
{
    return !w->process[node].clock.frozen && !w->process[node].manual;
}

/* By more than a quarter: its election timeouts may end between two heartbeats. */
static bool hurries(const struct world *w, uint8_t node)
{
    const struct clock *c = &w->process[node].clock;
    return (uint64_t)c->num * 4 > (uint64_t)c->den * 5;
}

/* A process that needs time for each event may fall behind its clients, or behind heartbeats, for
 * ever. */
static bool is_slow(const struct world *w, uint8_t node)
{
    uint64_t least, most;
    service_times(w, node, &least, &most);
    return most != 0;
}

static bool open_both_ways(struct world *w, uint8_t a, uint8_t b)
{
    return net_link(w, a, b)->cuts == 0 && net_link(w, b, a)->cuts == 0;
}

/* Could it win an election of some group, or go on leading it? It needs a majority that it both
 * reaches and hears. */
static bool could_lead(struct world *w, uint8_t node, node_set core)
{
    node_set reached = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const bool works = (core & NODE_BIT(n)) || left_acts(w, n);
        if (works && (n == node || open_both_ways(w, node, n)))
            reached |= NODE_BIT(n);
    }
    for (uint16_t group = 0; group < w->groups; group++) {
        const node_set voters = voters_of(w, group);
        if ((voters & NODE_BIT(node)) &&
            __builtin_popcount(reached & voters) > __builtin_popcount(voters) / 2)
            return true;
    }
    return false;
}

static bool one_hears(struct world *w, uint8_t node, node_set set)
{
    for (; set; set &= set - 1) {
        const uint8_t n = (uint8_t)(__builtin_ctz(set) + 1);
        if (n != node && net_link(w, node, n)->cuts == 0)
            return true;
    }
    return false;
}

/* Terms travel: whoever hears the node tells whoever hears them. */
static bool core_gets_word(struct world *w, uint8_t node, node_set core)
{
    node_set tell = core, before;
    do {
        before = tell;
        for (uint8_t n = 1; n <= w->nnodes; n++)
            if (!(tell & NODE_BIT(n)) && left_acts(w, n) && one_hears(w, n, tell))
                tell |= NODE_BIT(n);
    } while (tell != before);
    return tell & NODE_BIT(node);
}

/* Share of what does not come, or comes in another form or too late for who waits for it. */
static uint64_t astray(struct world *w, uint8_t from, uint8_t to)
{
    const struct link *l = net_link(w, from, to);
    const struct unusual *u = unusual_of(w, from, to);
    return (uint64_t)l->loss_ppm + l->reorder_ppm + (u ? u->slices_ppm : 0);
}

/* May lose a little and be somewhat slow, but a node far behind still catches up over it
 * in time. */
static bool fair(struct world *w, uint8_t from, uint8_t to)
{
    const struct link *l = net_link(w, from, to);
    return l->cuts == 0 && astray(w, from, to) <= LOSS_FAIR_PPM &&
           (l->capacity == 0 || l->capacity >= CAPACITY_FAIR) &&
           (l->bandwidth == 0 || l->bandwidth >= BANDWIDTH_FAIR) &&
           l->delay_max + l->lag <= 2 * w->plan->host[0].link_delay_max;
}

/* Both ways with all these nodes and with all clients. */
static bool fair_with(struct world *w, uint8_t node, node_set nodes)
{
    uint32_t last = CLIENT_BASE + (uint32_t)w->nclients;
    for (uint32_t a = 1; a <= last; a++)
        if (a != node && left_inside(nodes, (uint8_t)a) &&
            !(fair(w, (uint8_t)a, node) && fair(w, node, (uint8_t)a)))
            return false;
    return true;
}

node_set left_rulers(struct world *w, node_set core)
{
    const node_set leaders = chaos_of(w)->leaders;
    node_set set = core;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if ((world_voters(w) & NODE_BIT(n)) && left_acts(w, n) &&
            ((leaders & NODE_BIT(n)) || could_lead(w, n, core)))
            set |= NODE_BIT(n);
    return set;
}

static bool one_lacks(const struct world *w, node_set set, const char *option)
{
    for (; set; set &= set - 1)
        if (!world_option(w, (uint8_t)(__builtin_ctz(set) + 1), option))
            return true;
    return false;
}

/* ---- the ways -------------------------------------------------------------------------------- */

/* A leader whom too few answer. It steps down by CheckQuorum, when its timer tells it; else whoever
 * hears it stays loyal. */
static bool leads_without_a_quorum(struct world *w, uint8_t node, node_set core)
{
    return (chaos_of(w)->leaders & NODE_BIT(node)) && !could_lead(w, node, core) &&
           one_hears(w, node, core) &&
           !(world_option(w, node, "check-quorum") && timers_fire(w, node));
}

/* It could lead for ever while some member of the core waits for entries in vain, or some client
 * waits for an answer: Raft allows that. A leader whose timers do not fire sends what clients
 * write, which keeps it in office, and no heartbeat that would find out what was lost. */
static bool leads_badly(struct world *w, uint8_t node, node_set core)
{
    return could_lead(w, node, core) &&
           (!timers_fire(w, node) || is_slow(w, node) || !fair_with(w, node, core));
}

/* It commits by others' disks until as many of its writes wait as it can count, and then takes no
 * more. disk-timeout is what takes it out of office. */
static bool leads_without_a_disk(struct world *w, uint8_t node, node_set core)
{
    return could_lead(w, node, core) && left_disk_hangs(w, node) &&
           !world_option(w, node, "disk-timeout");
}

/* A member of the core that forwards no proposals sends a client on to the leader, so the leader
 * must be in the core. */
static bool leads_those_who_forward_nothing(struct world *w, uint8_t node, node_set core)
{
    return could_lead(w, node, core) && one_lacks(w, core, "proposal-forwarding");
}

/* Without PreVote, a node that does not hear the leader opens term after term, and each deposes the
 * leader: loyalty helps only once there is one. A node whose disk hangs keeps its terms to
 * itself. */
static bool disturbs(struct world *w, uint8_t node, node_set core)
{
    return !world_option(w, node, "prevote") && timers_fire(w, node) &&
           !left_disk_hangs(w, node) && core_gets_word(w, node, core) &&
           (is_slow(w, node) || hurries(w, node) || !fair_with(w, node, left_rulers(w, core)));
}

static bool (*const ways[])(struct world *, uint8_t node, node_set core) = {
    leads_without_a_quorum,
    leads_badly,
    leads_without_a_disk,
    leads_those_who_forward_nothing,
    disturbs,
};

bool left_in_the_way(struct world *w, uint8_t node, node_set core)
{
    for (uint32_t i = 0; left_acts(w, node) && i < sizeof ways / sizeof ways[0]; i++)
        if (ways[i](w, node, core))
            return true;
    return false;
}

bool left_beyond_help(struct world *w, uint8_t node, node_set healed, node_set core)
{
    return left_acts(w, node) && (leads_without_a_disk(w, node, healed) ||
                                  leads_those_who_forward_nothing(w, node, core));
}
