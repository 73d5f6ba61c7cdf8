/* SPDX-License-Identifier: MIT */
/*
 * The events to come, in the order (at, order). In an arena, without pointers: a copy of the arena
 * is a copy of the queue. `order` is the caller's and decides between events of one time; no two
 * events have the same (at, order).
 */
#ifndef WT_QUEUE_H
#define WT_QUEUE_H

#include <assert.h>
#include <stdint.h>

#include "../base/arena.h"

struct event {
    uint64_t at, order;
    uint32_t kind, arg;
};

struct event_list {
    uint64_t events;       /* offset of struct event[cap], of which [from, end) are filled */
    uint32_t from, end, cap, zero;
};

enum { QUEUE_SPANS = 2048, QUEUE_SPAN_SHIFT = 13 };   /* a span lasts 2^13 ns */

struct queue_slot {
    struct event event;
    uint32_t next;
};

struct queue {
    struct event_list due;            /* all events of the open span and of earlier ones, the least
                                         first: never empty while the rest is not */
    struct event_list far;            /* a 4-ary heap, from 0: beyond the wheel when they came */
    uint64_t open;                    /* a span of time, as a number */
    uint64_t slots;                   /* offset of struct queue_slot[slots_cap]; slot 0 unused */
    uint32_t slots_cap, slot_free;
    uint32_t near;                    /* events on the wheel */
    uint64_t filled[QUEUE_SPANS / 64];    /* bit set: the span has events */
    uint32_t wheel[QUEUE_SPANS];          /* a coming span's first slot */
};

void queue_init(struct arena *, struct queue *);
uint64_t queue_count(const struct queue *);

/* Every event once, in no order: begin with a zeroed cursor; NULL: that was the last. Ends where
 * the queue changes. */
struct queue_cursor {
    uint32_t part, at;
};
const struct event *queue_each(const struct arena *, const struct queue *, struct queue_cursor *);
/* Takes the event of this (at, order) out; there must be one. The others keep their order. O(all)
 * at worst. */
void queue_cancel(struct arena *, struct queue *, uint64_t at, uint64_t order);

/* queue_push's: wherever it belongs */
void queue_put(struct arena *, struct queue *, const struct event *);
void queue_refill(struct arena *, struct queue *);              /* queue_pop's: nothing is due */

static inline void queue_push(struct arena *a, struct queue *q, struct event e)
{
    const uint64_t ahead = (e.at >> QUEUE_SPAN_SHIFT) - q->open;
    const uint32_t slot = q->slot_free;
    if (ahead - 1 >= QUEUE_SPANS - 1 || slot == 0 || q->due.from == q->due.end) {
        queue_put(a, q, &e);
        return;
    }
    /* The usual case: it hangs in a coming span of the wheel. */
    struct queue_slot *s = (struct queue_slot *)arena_at(a, q->slots) + slot;
    const uint32_t place = (uint32_t)(q->open + ahead) % QUEUE_SPANS;
    q->slot_free = s->next;
    *s = (struct queue_slot){.event = e, .next = q->wheel[place]};
    q->wheel[place] = slot;
    q->filled[place / 64] |= UINT64_C(1) << place % 64;
    q->near++;
}

/* The least event, which must exist. */
static inline struct event queue_pop(struct arena *a, struct queue *q)
{
    assert(q->due.from < q->due.end);
    const struct event least = ((const struct event *)arena_at(a, q->due.events))[q->due.from++];
    if (q->due.from == q->due.end)
        queue_refill(a, q);
    return least;
}

/* Time of the least event; UINT64_MAX: there is none. */
static inline uint64_t queue_next(const struct arena *a, const struct queue *q)
{
    const struct event_list *due = &q->due;
    return due->from < due->end ? ((const struct event *)arena_at(a, due->events))[due->from].at
                                : UINT64_MAX;
}

#endif
