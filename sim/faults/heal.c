/* SPDX-License-Identifier: MIT */
/*
 * Method: when the storm ends, a core of nodes is made whole and everything else stays as broken
 * as it is: crashed nodes stay crashed, cut links stay cut, in one direction too. Then progress
 * is owed.
 *
 * The core is a drawn majority of the voters, and with it every other node that could still lead
 * (it is up and has links both ways with a majority) but has no fair link with some member of the
 * core or some client. Were it left outside, it could lead for ever while that member waits for
 * entries in vain; that is how Raft is made, and no defect. So does a leader without followers that
 * a core node still hears, where CheckQuorum is off. A node that could lead and reaches all stays
 * outside, in whatever weather it has.
 *
 * A node with damage that stays for ever is never of the core, and its disk stays as it is. Where
 * it would be in the core's way, all else about it is made whole: its links and its clock, so that
 * it can find out that its disk hangs and that others lead.
 */
#include "chaos.h"
#include "../world/service.h"

#include <assert.h>

enum { LOSS_FAIR_PPM = 50000, CAPACITY_FAIR = 16, BANDWIDTH_FAIR = 200000 };

static bool inside(node_set core, uint8_t actor)
{
    return is_client(actor) || (actor <= NODES_MAX && core & NODE_BIT(actor));
}

/* All voters, or fewer but a majority. */
static node_set draw_core(struct world *w)
{
    struct fault_strike s = {.line = CHAOS_CORE};
    node_set members = chaos_members(w) & ~chaos_of(w)->lost_for_ever;
    uint32_t n = (uint32_t)__builtin_popcount(members),
        need = (uint32_t)__builtin_popcount(w->plan->voters) / 2 + 1;
    if (n < need)
        return 0;
    return members & ~chaos_subset(w, &s, members, (uint32_t)chaos_draw(w, &s, n - need + 1));
}

static bool open_both_ways(struct world *w, uint8_t a, uint8_t b)
{
    return net_link(w, a, b)->cuts == 0 && net_link(w, b, a)->cuts == 0;
}

/* Could this node, outside the core, win an election or go on leading? It needs a majority that it
 * both reaches and hears. */
static bool could_lead(struct world *w, uint8_t node, node_set core)
{
    uint32_t reached = 0;
    if (!w->node[node].up || w->node[node].halted || w->node[node].pauses)
        return false;
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        bool works = (core & NODE_BIT(n)) ||
                     (w->node[n].up && !w->node[n].halted && !w->node[n].pauses);
        if ((w->plan->voters & NODE_BIT(n)) && works && (n == node || open_both_ways(w, node, n)))
            reached++;
    }
    return reached > (uint32_t)__builtin_popcount(w->plan->voters) / 2;
}

/* May lose a little and be somewhat slow, but a node far behind still catches up over it
 * in time. */
static bool fair(const struct world *w, const struct link *l)
{
    return l->cuts == 0 && l->loss_ppm <= LOSS_FAIR_PPM &&
           (l->capacity == 0 || l->capacity >= CAPACITY_FAIR) &&
           (l->bandwidth == 0 || l->bandwidth >= BANDWIDTH_FAIR) &&
           l->delay_max + l->lag <= 2 * w->plan->host[0].link_delay_max;
}

static bool fair_with_all(struct world *w, uint8_t node, node_set core)
{
    uint32_t last = CLIENT_BASE + (uint32_t)w->nclients;
    for (uint32_t a = 1; a <= last; a++)
        if (a != node && inside(core, (uint8_t)a) &&
            !(fair(w, net_link(w, (uint8_t)a, node)) && fair(w, net_link(w, node, (uint8_t)a))))
            return false;
    return true;
}

/* A leader that nobody answers, but that some core node still hears, keeps that node from voting
 * for another. */
static bool claims_to_lead(struct world *w, uint8_t node, node_set core)
{
    const struct node *n = &w->node[node];
    if (!n->up || n->halted || n->pauses || n->role != SUT_LEADER)
        return false;
    for (uint8_t to = 1; to <= w->nnodes; to++)
        if (to != node && (core & NODE_BIT(to)) && net_link(w, node, to)->cuts == 0)
            return true;
    return false;
}

/* A process that needs time for each event may fall behind its clients for ever. */
static bool is_slow(const struct world *w, uint8_t node)
{
    uint64_t least, most;
    service_times(w, node, &least, &most);
    return most != 0;
}

/* Is this node, left as it is, one that the core cannot be asked to live with? (A leader whose
 * clock stands still sends what its clients write, which keeps it in office, and no heartbeat that
 * would find out what was lost.) */
static bool in_the_way(struct world *w, uint8_t node, node_set core)
{
    if (claims_to_lead(w, node, core) && !could_lead(w, node, core))
        return true;
    return could_lead(w, node, core) && (w->node[node].clock.frozen || is_slow(w, node) ||
                                         !fair_with_all(w, node, core));
}

static node_set closed_core(struct world *w, node_set core)
{
    node_set members = chaos_members(w), before;
    do {
        before = core;
        for (uint8_t n = 1; n <= w->nnodes; n++)
            if ((members & ~core & NODE_BIT(n)) && in_the_way(w, n, core))
                core |= NODE_BIT(n);
    } while (core != before);
    return core;
}

static void heal_links(struct world *w, node_set core)
{
    uint32_t last = CLIENT_BASE + (uint32_t)w->nclients;
    for (uint32_t a = 1; a <= last; a++)
        for (uint32_t b = 1; b <= last; b++)
            if (inside(core, (uint8_t)a) && inside(core, (uint8_t)b))
                link_restore(w, (uint8_t)a, (uint8_t)b);
}

static void heal_pace(struct world *w, uint8_t n)
{
    service_time(w, n, 0, 0);
    clock_thaw(w, n);
    if (w->node[n].clock.num != w->node[n].clock.den)
        clock_rate(w, n, 1, 1);
}

static void heal_disk(struct world *w, uint8_t n)
{
    struct disk *d = &w->node[n].disk;
    d->fail_in = 0;
    d->reorder_ppm = 0;
    d->keep_unsynced = false;
    const struct host_options *opt = &w->plan->host[n];
    disk_latency(w, n, opt->disk ? 0 : opt->disk_latency_min,
                 opt->disk ? 0 : opt->disk_latency_max);
    if (d->stepwise)
        disk_stepwise(w, n, false);
    if (w->node[n].halted || disk_failed(w, n))
        host_crash(w, n);
    else
        d->fail_wid = 0;
    while (d->stalls)
        disk_resume(w, n);
}

static void heal_node(struct world *w, uint8_t n, bool for_ever)
{
    const struct node *node = &w->node[n];
    heal_pace(w, n);
    if (!for_ever)
        heal_disk(w, n);
    while (node->up && node->pauses)
        host_resume(w, n);
    host_manual(w, n, false);
    if (!for_ever)
        host_boot(w, n);
}

node_set chaos_heal(struct world *w)
{
    assert(w->chaos);
    chaos_forget(w);
    const node_set lost = chaos_of(w)->lost_for_ever, drawn = draw_core(w),
                   healed = drawn ? closed_core(w, drawn) : 0;
    const node_set core = healed & ~lost;
    const struct bound owed = chaos_of(w)->block->progress_within;
    chaos_phase(w, PHASE_HEALED, bound_time(w, owed, core ? core : w->plan->voters), core);
    w->ties = false;
    heal_links(w, healed);
    surgery_lift(w);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (healed & NODE_BIT(n))
            heal_node(w, n, lost & NODE_BIT(n));
    return core;
}

node_set chaos_heal_all(struct world *w, uint64_t bound)
{
    node_set ran = 0, up = 0;
    if (w->chaos)
        chaos_forget(w);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        ran |= w->node[n].boots ? NODE_BIT(n) : 0;
    chaos_phase(w, PHASE_HEALED, bound, ran);
    w->ties = false;
    heal_links(w, nodes_to(w->nnodes));
    surgery_lift(w);
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        if (ran & NODE_BIT(n))
            heal_node(w, n, false);
        up |= w->node[n].up ? NODE_BIT(n) : 0;
    }
    return up;
}
