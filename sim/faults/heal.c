/* SPDX-License-Identifier: MIT */
/*
 * Method: when the storm ends, a core of nodes is made whole and everything else stays as broken
 * as it is: crashed nodes stay crashed, cut links stay cut, in one direction too. Then progress
 * is owed.
 *
 * The core is a drawn majority of the voters, and with it every other node that, left as it is,
 * could keep a sound core from progress (left_out.c). All others stay outside, in whatever weather
 * they have.
 *
 * A node with damage that stays for ever is never of the core, and its disk stays as it is. Where
 * it would be in the core's way, all else about it is made whole: its links and its clock, so that
 * it can find out that its disk hangs and that others lead. Where it cannot find out, as
 * disk-timeout is 0, or nobody would write to it, as the core forwards nothing, it is switched off:
 * no rule of Raft takes it out of the way, so whoever heals the core does.
 */
#include "left_out.h"

#include "../world/service.h"

#include <assert.h>

/* All voters, or fewer but a majority of each group. */
static node_set draw_core(struct world *w)
{
    struct fault_strike s = {.line = CHAOS_CORE};
    node_set members = chaos_members(w) & ~chaos_of(w)->lost_for_ever;
    uint32_t n = (uint32_t)__builtin_popcount(members),
        need = (uint32_t)__builtin_popcount(world_voters(w)) / 2 + 1;
    if (!world_majorities(w, members, 0))
        return 0;
    const node_set out = chaos_subset(w, &s, members, (uint32_t)chaos_draw(w, &s, n - need + 1));
    return world_majorities(w, members & ~out, 0) ? members & ~out : members;
}

static node_set closed_core(struct world *w, node_set core)
{
    node_set members = chaos_members(w), before;
    do {
        before = core;
        for (uint8_t n = 1; n <= w->nnodes; n++)
            if ((members & ~core & NODE_BIT(n)) && left_in_the_way(w, n, core))
                core |= NODE_BIT(n);
    } while (core != before);
    return core;
}

static void heal_links(struct world *w, node_set core)
{
    for (struct ends e = {0}; links_next(w, &e) != NULL;)
        if (left_inside(core, e.from) && left_inside(core, e.to))
            link_restore(w, e.from, e.to);
}

static void heal_pace(struct world *w, uint8_t n)
{
    service_time(w, n, 0, 0);
    clock_thaw(w, n);
    if (w->process[n].clock.num != w->process[n].clock.den)
        clock_rate(w, n, 1, 1);
}

static void heal_disk(struct world *w, uint8_t n)
{
    const struct disk_settings planned = disk_planned(w, n);
    disk_set(w, n, &planned);
    disk_fail_never(w, n);
    if (disk_look(w, n).stepwise)
        disk_stepwise(w, n, false);
    if (host_halted(w, n) || disk_look(w, n).failed)
        host_crash(w, n);
    while (disk_look(w, n).stalls)
        disk_resume(w, n);
}

static void heal_node(struct world *w, uint8_t n, bool for_ever)
{
    const struct process *proc = &w->process[n];
    if (!for_ever)
        heal_disk(w, n);
    while (proc->up && proc->pauses)
        host_resume(w, n);
    host_manual(w, n, false);
    if (!for_ever)
        host_boot(w, n);
}

/* In its unit who might lead takes part; and what no election is for has its own time: a leader
 * outside finds out that its disk hangs, and who is far behind catches up. */
static uint64_t bound_of(struct world *w, struct bound owed, node_set core)
{
    uint64_t hangs = 0;
    const node_set rulers = left_rulers(w, core);
    if (!owed.timeouts)
        return owed.ns;
    for (node_set left = rulers & ~core; left; left &= left - 1) {
        const uint8_t n = (uint8_t)(__builtin_ctz(left) + 1);
        const uint64_t most = left_disk_hangs(w, n) ? bound_disk_timeout(w, n) : 0;
        hangs = most > hangs ? most : hangs;
    }
    return bound_time(w, owed, rulers) + hangs + bound_catch_up(w, core, rulers);
}

/* Damage that stays for ever left too few. */
static const char *why_unable(const struct world *w, node_set lost)
{
    node_set disks = chaos_members(w);
    for (node_set left = lost; left; left &= left - 1) {
        const uint8_t n = (uint8_t)(__builtin_ctz(left) + 1);
        const struct disk_condition disk = disk_look(w, n);
        if (host_halted(w, n) || left_disk_hangs(w, n) || disk.broken || disk.will_fail ||
            disk.failing)
            disks &= ~NODE_BIT(n);
    }
    return world_majorities(w, disks, 0) ? "no majority is left that did not crash for ever"
                                 : "no majority has a disk that works";
}

static void switch_off(struct world *w, node_set healed, node_set core)
{
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if ((healed & ~core & NODE_BIT(n)) && left_beyond_help(w, n, healed, core))
            host_crash(w, n);
}

struct healing chaos_heal(struct world *w)
{
    assert(w->chaos);
    chaos_forget(w);
    const node_set lost = chaos_of(w)->lost_for_ever, drawn = draw_core(w),
                   healed = drawn ? closed_core(w, drawn) : 0;
    struct healing h = {.core = healed & ~lost, .unable = drawn ? NULL : why_unable(w, lost)};
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (healed & NODE_BIT(n))
            heal_pace(w, n);
    heal_links(w, healed);
    switch_off(w, healed, h.core);
    h.within = bound_of(w, chaos_of(w)->block->progress_within, h.core ? h.core : world_voters(w));
    chaos_phase(w, PHASE_HEALED, h.within, h.core);
    w->ties = false;
    surgery_lift(w);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (healed & NODE_BIT(n))
            heal_node(w, n, lost & NODE_BIT(n));
    return h;
}

struct healing chaos_heal_all(struct world *w, struct bound owed)
{
    const node_set ran = chaos_members(w);
    struct healing h = {.core = ran};
    if (w->chaos)
        chaos_forget(w);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (w->process[n].boots)
            heal_pace(w, n);
    h.within = bound_time(w, owed, world_voters(w));
    if (owed.timeouts)
        h.within += bound_catch_up(w, ran, 0);
    chaos_phase(w, PHASE_HEALED, h.within, ran);
    w->ties = false;
    heal_links(w, nodes_to(w->nnodes));
    surgery_lift(w);
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        if (w->process[n].boots)
            heal_node(w, n, false);
        if (!w->process[n].up)
            h.core &= ~NODE_BIT(n);
    }
    return h;
}
