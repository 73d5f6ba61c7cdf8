/* SPDX-License-Identifier: MIT */
/* Method: see bound.h. A clock that stands still has no timeouts, and a SUT without the option has
 * those of the core's default. How far somebody is behind is read off the disks: where two logs
 * part is found by halving, for they are equal up to there and nowhere beyond. */
#include "world.h"

#include <string.h>

#include "bound.h"
#include "storage.h"

#define BOUND_MOST SEC(1000000000)

/* In true time, as its clock runs now. */
static uint64_t by_clock(const struct world *w, uint8_t node, uint64_t ns)
{
    const struct clock *c = &w->process[node].clock;
    uint64_t scaled;
    if (c->num == 0 || __builtin_mul_overflow(ns, (uint64_t)c->den, &scaled))
        return ns;
    return scaled / c->num + (scaled % c->num != 0);
}

static uint64_t election_timeout(const struct world *w, uint8_t node)
{
    return by_clock(w, node, world_option_most(w, node, "election-timeout", MS(300)));
}

uint64_t bound_disk_timeout(const struct world *w, uint8_t node)
{
    const uint64_t ns = world_option(w, node, "disk-timeout");
    return ns == OPTION_AUTO_VALUE ? election_timeout(w, node) : by_clock(w, node, ns);
}

uint64_t bound_time(const struct world *w, struct bound b, node_set nodes)
{
    uint64_t most = 0, ns;
    if (!b.timeouts)
        return b.ns;
    for (; nodes; nodes &= nodes - 1) {
        const uint64_t timeout = election_timeout(w, (uint8_t)(__builtin_ctz(nodes) + 1));
        most = timeout > most ? timeout : most;
    }
    if (__builtin_mul_overflow(most, b.timeouts, &ns) || ns / 1000 > BOUND_MOST)
        return BOUND_MOST;
    return ns / 1000;
}

/* ---- catching up ----------------------------------------------------------------------------- */

static uint64_t min_of(uint64_t a, uint64_t b) { return a < b ? a : b; }
static uint64_t max_of(uint64_t a, uint64_t b) { return a > b ? a : b; }
static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}
static uint8_t pop(node_set *set)
{
    const uint8_t n = (uint8_t)(__builtin_ctz(*set) + 1);
    *set &= *set - 1;
    return n;
}

/* Entries of the log `of` that the log `head` has not. */
static uint64_t lacks(const struct world *w, uint32_t head, uint32_t of)
{
    const uint64_t most = store_index(w, of);
    uint64_t same = 0, above = min_of(store_index(w, head), most) + 1;
    while (above - same > 1) {
        const uint64_t i = same + (above - same) / 2;
        if (store_at(w, head, i) == store_at(w, of, i))
            same = i;
        else
            above = i;
    }
    return most - same;
}

/* Entries in one append of this leader; a limit that a SUT does not have is none. */
static uint64_t entries_an_append(const struct world *w, uint8_t leader)
{
    const uint64_t entries = world_option(w, leader, "max-entries-per-append"),
                   bytes = world_option(w, leader, "max-bytes"),
                   fit = bytes / max_of(w->plan->host[0].entry_size, 1),
                   most = bytes && (!entries || fit < entries) ? fit : entries;
    return most ? most : 1;
}

/* What clients have begun, or mean to and have not: operations; attempts that they may come to, an
 * entry each; and how many entries a thousand seconds make: by attempts while nobody answers, and
 * by what workloads go on to ask for. */
struct demand { uint64_t ops, attempts, repeated, asked; };

/* Operations of one workload in a thousand seconds that are entries. */
static uint64_t entries_asked(const struct world *w, const struct workload *l)
{
    const uint64_t pause = l->pause_min / 2 + l->pause_max / 2;
    const uint64_t all = times(l->count, SEC(1000) / max_of(pause, US(1)));
    if (w->now < l->start || w->now >= l->stop)
        return 0;
    return w->reads_by_log ? all : times(all, 1000000 - l->read_ppm) / 1000000;
}

static struct demand demand_of(const struct world *w)
{
    const struct client *clients = arena_at(&w->arena, w->clients);
    struct demand d = {0};
    for (uint32_t i = 1; i <= w->nclients; i++) {
        const struct client *c = &clients[i];
        const uint32_t first = c->current ? c->current : c->queue;
        if (!first)
            continue;
        const struct errand *e = world_errand(w, world_op(w, first));
        d.repeated += e->timeout ? SEC(1000) / e->timeout : 0;
        d.ops += (c->current != 0) + c->queued;
        d.attempts += c->current ? e->attempts_left + 1 : 0;
        for (uint32_t op = c->queue; op; op = world_errand(w, world_op(w, op))->next)
            d.attempts += world_errand(w, world_op(w, op))->attempts_left + 1;
    }
    for (uint32_t i = 0; i < w->workloads.n; i++)
        d.asked += entries_asked(w, vec_at(&w->arena, &w->workloads, i));
    return d;
}

/* What is left of a thousand seconds beside so many entries in them, at `each` ns an entry. */
static uint64_t spare(uint64_t entries, uint64_t each)
{
    const uint64_t busy = times(entries, each);
    return busy < SEC(1000) ? (SEC(1000) - busy) / SEC(1) : 0;
}

/* How long so many entries take, at `each` ns an entry, if clients ask for more meanwhile: each
 * operation is an entry, and each repeats itself until it is answered, or has no attempt left. Of
 * what workloads go on to ask for a tenth of the time is left at least, for more than one append is
 * under way then. */
static uint64_t drained(uint64_t entries, uint64_t each, struct demand d)
{
    const uint64_t beside = spare(d.repeated, each);
    uint64_t begun = times(entries + d.attempts, each);
    if (beside)
        begun = min_of(begun, times(times(entries + d.ops, each), 1000) / beside);
    return times(begun, 1000) / max_of(spare(d.asked, each), 100);
}

/* Each node is asked for a write and a read at once. A leader that has room for few writes drops
 * the others, and who asked for them asks again after an election timeout. */
static uint64_t waits_for_room(const struct world *w, node_set nodes, uint64_t room)
{
    const uint64_t asked = 2u * (uint64_t)__builtin_popcount(nodes);
    const struct bound one = {.timeouts = 1000};
    return times((asked - 1) / max_of(room, 1), bound_time(w, one, nodes));
}

/* The most entries that one of these nodes has still to get from one of those. */
static uint64_t most_lacking(const struct world *w, uint16_t group, node_set nodes, node_set from)
{
    uint64_t most = 0;
    for (node_set behind = nodes; behind;) {
        const struct image own = storage_image(w, replica_of(w, pop(&behind), group));
        for (node_set left = from; left;) {
            const struct image other = storage_image(w, replica_of(w, pop(&left), group));
            most = max_of(most, lacks(w, own.head, other.head));
        }
    }
    return most;
}

uint64_t bound_catch_up(const struct world *w, node_set nodes, node_set leaders)
{
    const uint64_t delay = w->plan->host[0].link_delay_max;
    uint64_t most = 0, append = UINT64_MAX, disk = 0, heartbeat = 0, room = UINT64_MAX;
    for (node_set left = nodes | leaders; left;) {
        const uint8_t n = pop(&left);
        append = min_of(append, entries_an_append(w, n));
        disk = max_of(disk, w->plan->host[n].disk ? 0 : w->plan->host[n].disk_latency_max);
        heartbeat = max_of(heartbeat, world_option(w, n, "heartbeat"));
        room = min_of(room, world_option_or(w, n, "max-unsynced-writes", UINT64_MAX));
    }
    for (uint16_t group = 0; group < w->groups; group++)
        most = max_of(most, most_lacking(w, group, nodes, nodes | leaders));
    /* what is lost is asked for again after a heartbeat: one round in ten */
    const uint64_t round = leaders & ~nodes ? 4 * delay + disk + heartbeat / 10 : 2 * delay + disk;
    const uint64_t all = min_of(drained(most, round / append + 1, demand_of(w)), BOUND_MOST);
    return min_of(round + all + min_of(waits_for_room(w, nodes, room), BOUND_MOST), BOUND_MOST);
}
