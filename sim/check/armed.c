/* SPDX-License-Identifier: MIT */
/*
 * Stability: where nothing disturbs a cluster, its leader stays.
 *
 * Method: the rule is armed once every node that is up follows one leader, in its term, with that
 * term on its disk; each of them has answered a round that began since; and every message between
 * nodes that was sent before then has arrived. So nobody's wait, no promise and no contact is older
 * than the calm. It is tried at a leader's heartbeats, and only where heartbeats come in time by
 * what the links do now: to each follower heartbeat interval plus greatest delay, in true time at
 * the rates of the clocks, stay below its minimum election timeout, and to the leader the way back
 * as well; no link between them loses, cuts, copies, or is bounded, and no node has a service time
 * or manual time.
 *
 * It is over with anything that disturbs: a message between nodes is lost, kept, delayed, copied or
 * made up by somebody; a node starts, crashes, is paused, halts, is asked to stand or given a
 * timeout; a clock or a chaos block acts; a write fails; a term rises. Of a statement the links are
 * looked at again, before the next heartbeat or arrival counts. Who is down stays outside: it
 * disturbs nobody.
 *
 * While it is armed nobody who follows has a reason to stand, and the leader none to step down but
 * its disk (stability.c). The time is counted.
 */
#include <inttypes.h>

#include "../world/service.h"
#include "stability.h"

/* ---- do heartbeats come in time? ------------------------------------------------------------- */

uint64_t stability_true_time(const struct world *w, uint8_t node, uint64_t own)
{
    const struct clock *k = &w->process[node].clock;
    uint64_t scaled;
    if (k->num == 0)
        return NEVER;
    if (k->num == k->den)
        return own;
    if (__builtin_mul_overflow(own, (uint64_t)k->den, &scaled))
        return NEVER;
    return scaled / k->num + 1;
}

/* The greatest delay of a link; NEVER: none is owed. */
static uint64_t greatest_delay(struct world *w, uint8_t from, uint8_t to)
{
    const struct link *l = net_link(w, from, to);
    const uint64_t delay = l->delay_max + l->lag;
    if (l->cuts || l->loss_ppm || l->dup_ppm || l->reorder_ppm || l->capacity || l->bandwidth ||
        l->last_at > w->now + delay)
        return NEVER;
    return delay;
}

/* It needs time for each event, so that nobody can say when a heartbeat is handled. */
static bool is_slow(const struct world *w, uint8_t node)
{
    uint64_t least, most;
    service_times(w, node, &least, &most);
    return most != 0 || service_waiting(w, node) != 0;
}

/* Its timers run by themselves, and it handles at once what comes. */
static bool is_prompt(const struct world *w, uint8_t node)
{
    return !is_slow(w, node) && !w->process[node].manual;
}

static bool in_time(struct world *w, const struct stability *s)
{
    const struct calm *c = &s->calm;
    uint64_t heartbeat = world_option_or(w, c->leader, "heartbeat", NEVER), farthest = 0;
    if (heartbeat == NEVER || !is_prompt(w, c->leader))
        return false;
    heartbeat = stability_true_time(w, c->leader, heartbeat);
    for (node_set left = c->live & ~NODE_BIT(c->leader); left; left &= left - 1) {
        const uint8_t n = (uint8_t)(__builtin_ctz(left) + 1);
        const uint64_t out = greatest_delay(w, c->leader, n),
                       back = greatest_delay(w, n, c->leader),
                       least = stability_true_time(w, n, least_wait(calm_node(w, s, n)));
        if (out == NEVER || back == NEVER || heartbeat == NEVER || !is_prompt(w, n) ||
            heartbeat + out + 2 >= least)
            return false;
        if (out + back > farthest)
            farthest = out + back;
    }
    return heartbeat + farthest + 2 <
           stability_true_time(w, c->leader, calm_node(w, s, c->leader)->least);
}

/* ---- is there one leader, and does everybody follow? ----------------------------------------- */

static bool follows(const struct world *w, const struct model *m, const struct calm *c,
                    uint8_t node)
{
    const struct mnode *n = &m->node[node];
    if (w->process[node].pauses || n->role == SUT_HALTED || n->term > c->term)
        return false;
    if (!(m->voters & NODE_BIT(node)))
        return true;
    return n->term == c->term && n->durable.term == c->term && n->leader == c->leader &&
           n->role == (node == c->leader ? SUT_LEADER : SUT_FOLLOWER);
}

/* All voters that are up; 0: somebody does not follow, or they are no majority. */
static node_set followers(const struct world *w, const struct model *m, const struct calm *c)
{
    node_set live = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        if (!m->node[n].up)
            continue;
        if (!follows(w, m, c, n))
            return 0;
        live |= NODE_BIT(n) & m->voters;
    }
    return model_majority(m, live) ? live : 0;
}

/* Messages between nodes that have left, or wait for a write. */
static uint32_t under_way(const struct world *w, uint16_t group)
{
    uint32_t n = group_of(w, group)->under_way;
    for (uint8_t a = 1; a <= w->nnodes; a++)
        for (uint32_t slot = w->process[a].held; slot; slot = message_at(w, slot)->next)
            n += message_at(w, slot)->label.group == group;
    return n;
}

/* ---- arming ---------------------------------------------------------------------------------- */

void armed_end(struct world *w, struct stability *s)
{
    struct calm *c = &s->calm;
    if (c->armed)
        w->count.armed_ns += w->now - c->since;
    c->armed = c->trying = false;
}

/* False: a statement since has made the links unfit. */
static bool still_fits(struct world *w, struct stability *s)
{
    if (!s->calm.stirred)
        return true;
    s->calm.stirred = false;
    if (in_time(w, s))
        return true;
    armed_end(w, s);
    return false;
}

bool stability_armed(const struct world *w)
{
    for (uint16_t group = 0; group < judge_of(w)->groups; group++) {
        const struct stability *s = arena_at(&w->arena, model_of(w, group)->state[CHECK_stability]);
        if (!s->calm.armed || s->calm.stirred)
            return false;
    }
    return true;
}

void armed_heartbeat(struct world *w, const struct model *m, struct stability *s,
                     const struct record *r)
{
    struct calm *c = &s->calm;
    if (((c->trying || c->armed) && still_fits(w, s)) || c->looked_at == r->at)
        return;
    c->looked_at = r->at;
    c->leader = r->node;
    c->term = r->term;
    c->live = followers(w, m, c);
    c->stirred = false;
    if (!c->live || !in_time(w, s))
        return;
    c->trying = true;
    c->newest = rec_message(r) - 1;
    c->underway = under_way(w, r->group);
    c->round = rec_round(r);
    c->waiting = c->live & ~NODE_BIT(c->leader);
}

static void arrives(struct world *w, struct calm *c, uint64_t message)
{
    if (message <= c->newest && c->underway)
        c->underway--;
    if (!c->trying || c->underway || c->waiting)
        return;
    c->trying = false;
    c->armed = true;
    c->since = w->now;
    c->seen = w->records;
}

__attribute__((noinline)) void armed_deliver(struct world *w, struct stability *s,
                                             const struct record *r)
{
    struct calm *c = &s->calm;
    if (!(c->trying || c->armed) || !still_fits(w, s) || c->armed || r->peer > NODES_MAX)
        return;
    const uint8_t type = rec_type(r);
    if ((type == MSG_APPEND_REPLY || type == MSG_HEARTBEAT_REPLY) && r->node == c->leader &&
        rec_asked(r) == c->term && rec_round(r) >= c->round)
        c->waiting &= ~NODE_BIT(r->peer);
    arrives(w, c, rec_message(r));
}

void armed_drop(struct world *w, struct stability *s, const struct record *r)
{
    struct calm *c = &s->calm;
    if (!(c->trying || c->armed) || r->node > NODES_MAX || r->peer > NODES_MAX)
        return;
    const bool down = rec_dropped(r) == DROP_DOWN && !(c->live & NODE_BIT(r->peer));
    if (down || rec_dropped(r) == DROP_STALE_PROMISE)
        arrives(w, c, rec_message(r));
    else
        armed_end(w, s);
}

void armed_lost(struct world *w, struct stability *s, uint8_t node, const char *what)
{
    const struct calm *c = &s->calm;
    if (c->armed && still_fits(w, s) && (c->live & NODE_BIT(node)))
        violate(w, &check_stability, c->seen,
                "n%u %s at %s, and nothing has disturbed the cluster since %s, when all that were "
                "up followed n%u in term %" PRIu64,
                node, what, when(w->now).text, when(c->since).text, c->leader, c->term);
    armed_end(w, s);
}
