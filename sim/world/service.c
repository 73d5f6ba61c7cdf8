/* SPDX-License-Identifier: MIT */
/*
 * Method: a ring of tasks a node, and one event in the world's queue for the task at hand, which
 * stays at the front of the ring until it is done. Its number tells it from one that a crash, a
 * pause or another service time has overtaken.
 */
#include "service.h"
#include "host.h"

#include <assert.h>

enum { RING_LEAST = 64, GENERATION_MASK = 0xffffff };

struct task { uint32_t kind, slot; };

struct service {
    uint64_t least, most;
    uint64_t ordinal;
    uint64_t ring;                  /* arena offset of struct task[capacity], a power of two */
    uint32_t head, count, capacity;
    uint32_t generation;
    uint8_t waits;                  /* bit i: a task of kind i is in the ring; not MESSAGE */
    bool busy;                      /* the first one is at hand */
};

static struct service *service_of(const struct world *w, uint8_t node)
{
    return (struct service *)arena_at(&w->arena, w->service) + (node - 1);
}

static struct task *task_at(const struct world *w, const struct service *s, uint32_t i)
{
    return (struct task *)arena_at(&w->arena, s->ring) + ((s->head + i) & (s->capacity - 1));
}

static void ring_grow(struct world *w, struct service *s)
{
    const uint32_t capacity = s->capacity ? s->capacity * 2 : RING_LEAST;
    const uint64_t to = arena_take(&w->arena, capacity * sizeof(struct task));
    for (uint32_t i = 0; i < s->count; i++)
        ((struct task *)arena_at(&w->arena, to))[i] = *task_at(w, s, i);
    s->ring = to;
    s->head = 0;
    s->capacity = capacity;
}

static struct task take(const struct world *w, struct service *s)
{
    const struct task t = *task_at(w, s, 0);
    s->head = (s->head + 1) & (s->capacity - 1);
    s->count--;
    s->waits &= (uint8_t)~(1u << t.kind);
    return t;
}

static bool works(const struct world *w, uint8_t node)
{
    return w->process[node].up && !w->process[node].pauses && !w->stop;
}

static void serve(struct world *w, uint8_t node, struct task t)
{
    switch ((enum task_kind)t.kind) {
    case TASK_MESSAGE: host_handle(w, node, message_at(w, t.slot)); break;
    case TASK_TIMER: host_fire(w, node); break;
    case TASK_DISK: host_hear_disk(w, node); break;
    case TASK_BATCH: host_batch_due(w, replica_of(w, node, (uint16_t)t.slot)); break;
    case TASK_KINDS: break;
    }
}

/* Begins with the next task, if there is one and none is at hand. */
static void begin(struct world *w, uint8_t node)
{
    struct service *s = service_of(w, node);
    if (s->busy || s->most == 0 || !works(w, node))
        return;
    while (s->count && task_at(w, s, 0)->kind == TASK_TIMER && !host_is_due(w, node)) {
        take(w, s);
        host_rearm(w, node);
    }
    if (!s->count)
        return;
    s->busy = true;
    s->generation = (s->generation + 1) & GENERATION_MASK;
    const uint64_t length = draw_range(w, STREAM_SERVICE, node, &s->ordinal, s->least, s->most);
    world_schedule(w, w->now + length, EV_SERVED, s->generation << 8 | node);
}

/* Without a service time nothing waits. */
static void go_on(struct world *w, uint8_t node)
{
    struct service *s = service_of(w, node);
    while (s->most == 0 && s->count && works(w, node))
        serve(w, node, take(w, s));
    begin(w, node);
}

void service_time(struct world *w, uint8_t node, uint64_t least, uint64_t most)
{
    assert(least <= most);
    if (!w->service && most == 0)
        return;
    if (!w->service)
        w->service = arena_take(&w->arena, w->nnodes * sizeof(struct service));
    struct service *s = service_of(w, node);
    s->least = least;
    s->most = most;
    if (most == 0)
        s->busy = false;
    go_on(w, node);
}

void service_times(const struct world *w, uint8_t node, uint64_t *least, uint64_t *most)
{
    *least = w->service ? service_of(w, node)->least : 0;
    *most = w->service ? service_of(w, node)->most : 0;
}

bool service_waits(const struct world *w, uint8_t node, enum task_kind kind)
{
    return w->service && service_of(w, node)->waits >> kind & 1;
}

uint32_t service_waiting(const struct world *w, uint8_t node)
{
    return w->service ? service_of(w, node)->count : 0;
}

bool service_takes(struct world *w, uint8_t node, enum task_kind kind, uint32_t slot)
{
    struct service *s = service_of(w, node);
    if (s->most == 0 && s->count == 0)
        return false;
    if (s->waits >> kind & 1)
        return true;
    if (s->count == s->capacity)
        ring_grow(w, s);
    *task_at(w, s, s->count++) = (struct task){.kind = kind, .slot = slot};
    if (kind != TASK_MESSAGE)
        s->waits |= (uint8_t)(1u << kind);
    begin(w, node);
    return true;
}

void service_event(struct world *w, uint32_t arg)
{
    const uint8_t node = (uint8_t)(arg & 0xff);
    struct service *s = service_of(w, node);
    if (!s->busy || arg >> 8 != s->generation)
        return;
    s->busy = false;
    if (!works(w, node))
        return;
    serve(w, node, take(w, s));
    go_on(w, node);
}

void service_resume(struct world *w, uint8_t node)
{
    if (!w->service)
        return;
    service_of(w, node)->busy = false;
    go_on(w, node);
}

void service_crash(struct world *w, uint8_t node)
{
    if (!w->service)
        return;
    struct service *s = service_of(w, node);
    s->busy = false;
    while (s->count) {
        const struct task t = take(w, s);
        if (t.kind == TASK_MESSAGE)
            net_drop(w, message_at(w, t.slot), DROP_DOWN);
        else if (t.kind == TASK_BATCH)
            replica_of(w, node, (uint16_t)t.slot)->batch_due = false;
    }
}
