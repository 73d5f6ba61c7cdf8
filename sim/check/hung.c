/* SPDX-License-Identifier: MIT */
/*
 * Stability: what a disk that hangs, or fails, obliges to and allows. A SUT whose options have a
 * disk-timeout promises: a leader steps down when voters that are a majority without it have been
 * ahead of its disk for so long and none of its writes completed; until one does it neither stands
 * nor votes.
 *
 * Method. Voters are ahead that have acknowledged, in this reign, more than what is durable at the
 * leader. Since when they are a majority is known from their answers and from the leader's
 * completed writes, each of which begins the wait anew. So the disk is a cause to step down then
 * and not before; a leader of which a heartbeat leaves later, at two different times, should have
 * done so; and who stepped down for nothing but its disk votes for nobody and does not stand
 * until it has written something. A leader of which a write failed leads no longer, whatever its
 * options: it could not keep what it promises next (tarantool/tarantool#9399).
 *
 * Excused: a process that has not come to hear of a completed write (service time, a pause), a
 * clock that went back in this life, and a node that was ever driven by hand. A process hears of
 * the writes that completed before it hears of one that failed, and each is a step of its own: one
 * that could not be told at once may send once more, in the instant in which it is told. A resume
 * is that instant; under a service time no record tells of it, and a first heartbeat is taken for
 * it.
 */
#include <inttypes.h>

#include "../world/service.h"
#include "stability.h"

static uint64_t disk_timeout(const struct world *w, uint8_t node)
{
    const uint64_t timeout = world_option(w, node, "disk-timeout");
    if (timeout == OPTION_AUTO_VALUE)
        return world_option_most(w, node, "election-timeout", NEVER);
    return timeout ? timeout : NEVER;
}

static bool majority_is_ahead(const struct world *w, const struct model *m,
                              const struct calm_node *c, uint8_t node, uint64_t durable)
{
    const struct reign *g = arena_at(&w->arena, c->reign);
    node_set ahead = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        ahead |= n != node && g->match[n] > durable ? NODE_BIT(n) : 0;
    return model_majority(m, ahead);
}

static void look(const struct world *w, const struct model *m, struct calm_node *c, uint8_t node,
                 uint64_t durable)
{
    c->behind_since = majority_is_ahead(w, m, c, node, durable) ? own_time(w, c, node) : NEVER;
    c->overdue_at = NEVER;
    c->resumed = false;
}

void hung_starts(const struct world *w, struct calm_node *c, uint8_t node)
{
    c->behind_since = c->overdue_at = NEVER;
    c->disk_timeout = disk_timeout(w, node);
}

void hung_acked(const struct world *w, const struct model *m, struct calm_node *c, uint8_t node)
{
    if (c->behind_since == NEVER)
        look(w, m, c, node, m->node[node].durable.index);
}

void hung_writes(const struct world *w, const struct model *m, struct calm_node *c,
                 const struct record *r)
{
    c->hung = false;
    if (c->behind_since != NEVER)
        look(w, m, c, r->node, r->index);
}

void hung_failed(const struct world *w, const struct model *m, struct calm_node *c,
                 const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    c->failed = true;
    c->failed_term = n->role == SUT_LEADER && rec_wid(r) > n->durable_wid ? n->led_term : 0;
    c->failure_told_at = w->service || w->process[r->node].pauses ? NEVER : 0;
}

void hung_resumes(const struct world *w, struct calm_node *c, const struct record *r)
{
    if (c->failure_told_at == NEVER && !w->service)
        c->failure_told_at = r->at;
}

bool hung_is_cause(const struct world *w, const struct calm_node *c, uint8_t node)
{
    return service_waits(w, node, TASK_DISK) ||
           (c->behind_since != NEVER && c->disk_timeout != NEVER &&
            own_time(w, c, node) - c->behind_since >= c->disk_timeout);
}

__attribute__((noinline)) void hung_leads_on(struct world *w, const struct model *m,
                                             struct calm_node *c, const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    if (service_waits(w, r->node, TASK_DISK))
        return;
    if (c->failed_term == r->term) {
        if (c->failure_told_at == NEVER)
            c->failure_told_at = r->at;
        if (c->failure_told_at == r->at)
            return;
        violate(w, &check_stability, n->seen_role,
                "n%u leads term %" PRIu64 " on at %s, and one of its writes has failed", r->node,
                r->term, when(r->at).text);
        return;
    }
    if (c->behind_since == NEVER || c->disk_timeout == NEVER || c->clock_went_back || c->resumed ||
        c->by_hand || own_time(w, c, r->node) - c->behind_since <= c->disk_timeout)
        return;
    if (c->overdue_at == NEVER)
        c->overdue_at = r->at;
    else if (r->at > c->overdue_at)
        violate(w, &check_stability, n->durable.ordinal,
                "n%u leads term %" PRIu64 " on at %s: for %s, longer than its disk-timeout, none "
                "of its writes was completed, and voters that are a majority are ahead of its disk",
                r->node, r->term, when(r->at).text,
                when(own_time(w, c, r->node) - c->behind_since).text);
}

void hung_votes(struct world *w, const struct model *m, const struct calm_node *c,
                const struct record *r, const char *what)
{
    if (c->hung)
        violate(w, &check_stability, m->node[r->node].seen_role,
                "n%u %s at %s: it stepped down for its disk, and has written nothing since",
                r->node, what, when(r->at).text);
}
