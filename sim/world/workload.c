/* SPDX-License-Identifier: MIT */
/*
 * Method: a workload is a recipe shared by some clients. Each draws its own operations from its own
 * streams, so adding a client changes nothing for another. A closed loop thinks after each answer;
 * an open loop invokes at drawn times whatever the answers do, and an operation that must wait for
 * the one before it keeps the time at which it was meant (the honest latency under load).
 *
 * Values are unique and say whose they are: client number * 1000000 + the count of its operations.
 */
#include "client.h"

#include <assert.h>

enum { VALUE_STRIDE = 1000000 };

static const struct workload *workload_of(const struct world *w, const struct client *c)
{
    return c->workload ? vec_at(&w->arena, &w->workloads, c->workload - 1u) : NULL;
}

static uint64_t *seen_of(const struct world *w, const struct client *c)
{
    return arena_at(&w->arena, c->seen);
}

static bool over(const struct world *w, const struct client *c, const struct workload *k)
{
    return w->now >= k->stop || (k->most && c->made >= k->most);
}

/* ---- one operation --------------------------------------------------------------------------- */

static enum op_verb draw_verb(struct world *w, uint8_t actor, struct client *c,
                              const struct workload *k)
{
    uint64_t x = draw(w, STREAM_CLIENT_OP, actor, &c->ordinal[0], 1000000);
    if (x < k->read_ppm)
        return OP_READ;
    if (x < (uint64_t)k->read_ppm + k->write_ppm)
        return OP_WRITE;
    return x < (uint64_t)k->read_ppm + k->write_ppm + k->cas_ppm ? OP_CAS : OP_APPEND;
}

static struct op_request next_request(struct world *w, uint8_t actor, struct client *c,
                                      const struct workload *k)
{
    struct op_request q = {.client = actor, .timeout = k->timeout, .retries = k->retries,
                           .once = k->once, .group = k->group};
    q.verb = (uint8_t)draw_verb(w, actor, c, k);
    q.key = (uint16_t)(k->first_key + draw(w, STREAM_CLIENT_KEY, actor, &c->ordinal[1], k->keys));
    c->made++;
    uint64_t value = VALUE_NUMBER(((uint64_t)actor - CLIENT_BASE) * VALUE_STRIDE + c->made);
    if (q.verb == OP_WRITE || q.verb == OP_APPEND)
        q.a = value;
    if (q.verb == OP_CAS) {
        q.a = VALUE_LAST_SEEN;
        q.b = value;
    }
    return q;
}

static uint64_t draw_pause(struct world *w, uint8_t actor, struct client *c,
                           const struct workload *k)
{
    return draw_range(w, STREAM_CLIENT_PAUSE, actor, &c->ordinal[3], k->pause_min, k->pause_max);
}

static void plan_next(struct world *w, uint8_t actor, uint64_t at)
{
    struct client *c = world_client(w, actor);
    c->next_at = at ? at : 1;
    client_wake(w, actor, c->next_at);
}

void workload_wake(struct world *w, uint8_t actor)
{
    struct client *c = world_client(w, actor);
    const struct workload *k = workload_of(w, c);
    if (!k || c->next_at == 0)
        return;
    if (c->next_at > w->now) {
        client_wake(w, actor, c->next_at);
        return;
    }
    uint64_t intended = c->next_at;
    c->next_at = 0;
    if (over(w, c, k))
        return;
    struct op_request q = next_request(w, actor, c, k);
    if (k->open_loop) {
        uint64_t gap = draw_pause(w, actor, c, k);
        plan_next(w, actor, intended + (gap ? gap : 1));
    }
    if (c->queued >= CLIENT_QUEUE_MAX)
        client_overflow(w, &q, intended);
    else
        client_ask(w, &q, intended);
}

void workload_returned(struct world *w, uint8_t actor, const struct op *op)
{
    struct client *c = world_client(w, actor);
    if (c->seen && (op->outcome == OUT_OK || op->outcome == OUT_FAIL) && op->key < w->plan->keys)
        seen_of(w, c)[op->key] = op->verb == OP_CAS && op->outcome == OUT_OK ? op->b : op->result;
    const struct workload *k = workload_of(w, c);
    if (k && !k->open_loop && !over(w, c, k) && c->next_at == 0 && c->queue == 0)
        plan_next(w, actor, w->now + draw_pause(w, actor, c, k));
}

uint64_t workload_last_seen(const struct world *w, uint8_t actor, uint16_t key)
{
    const struct client *c = (const struct client *)arena_at(&w->arena, w->clients) +
                             (actor - CLIENT_BASE);
    return c->seen ? seen_of(w, c)[key] : VALUE_ABSENT;
}

/* ---- all of them ----------------------------------------------------------------------------- */

void workload_start(struct world *w, const struct workload *k)
{
    assert(k->first > CLIENT_BASE &&
           k->first + k->count - 1u <= CLIENT_BASE + (uint32_t)w->nclients);
    assert(k->keys >= 1 && k->first_key + (uint32_t)k->keys <= w->plan->keys);
    assert(k->pause_min <= k->pause_max);
    if (w->workloads.item == 0)
        vec_init(&w->workloads, sizeof(struct workload), 3);
    assert(w->workloads.n < UINT8_MAX);
    uint32_t number = vec_push(&w->arena, &w->workloads, 1);
    *(struct workload *)vec_at(&w->arena, &w->workloads, number) = *k;
    uint64_t start = k->start > w->now ? k->start : w->now;
    for (uint32_t i = 0; i < k->count; i++) {
        uint8_t actor = (uint8_t)(k->first + i);
        struct client *c = world_client(w, actor);
        if (k->cas_ppm && !c->seen)
            c->seen = arena_take(&w->arena, w->plan->keys * sizeof(uint64_t));
        c->workload = (uint8_t)(number + 1);
        plan_next(w, actor, start + draw_pause(w, actor, c, k));
    }
}

void workload_stop(struct world *w)
{
    for (uint32_t i = 0; i < w->workloads.n; i++) {
        struct workload *k = vec_at(&w->arena, &w->workloads, i);
        if (k->stop > w->now)
            k->stop = w->now;
    }
}
