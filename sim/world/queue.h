/* SPDX-License-Identifier: MIT */
/*
 * The events to come, in the order (at, order). In an arena, without pointers: a copy of the arena is a copy of the queue.
 * `order` is the caller's and decides between events of one time; no two events have the same (at, order).
 */
#ifndef WT_QUEUE_H
#define WT_QUEUE_H

#include <stdint.h>

#include "../base/arena.h"

struct event {
    uint64_t at, order;
    uint32_t kind, arg;
};

/* A 4-ary heap. */
struct event_heap {
    uint64_t events;       /* offset of struct event[cap] */
    uint32_t n, cap;
};

struct queue {
    struct event_heap due;            /* all events of the open span and of earlier ones: never empty while others are not */
    struct event_heap far;            /* beyond the wheel when they came */
    uint64_t open;                    /* a span of time, as a number */
    uint64_t wheel;                   /* offset of uint32_t a span: its first slot */
    uint64_t filled;                  /* offset of a bit a span: it has events */
    uint64_t slots;                   /* offset of struct queue_slot[slots_cap]; slot 0 unused */
    uint32_t slots_n, slots_cap, slot_free;
    uint32_t near;                    /* events on the wheel */
};

void queue_init(struct arena *, struct queue *);
void queue_push(struct arena *, struct queue *, struct event);
struct event queue_pop(struct arena *, struct queue *);      /* the least; there must be one */
uint64_t queue_count(const struct queue *);

/* Every event once, in no order: begin with a zeroed cursor; NULL: that was the last. Ends where the queue changes. */
struct queue_cursor {
    uint32_t part, at;
};
const struct event *queue_each(const struct arena *, const struct queue *, struct queue_cursor *);
/* Takes the event of this (at, order) out; there must be one. The others keep their order. O(all) at worst. */
void queue_cancel(struct arena *, struct queue *, uint64_t at, uint64_t order);

/* Time of the least event; UINT64_MAX: there is none. */
static inline uint64_t queue_next(const struct arena *a, const struct queue *q)
{
    return q->due.n ? ((const struct event *)arena_at(a, q->due.events))->at : UINT64_MAX;
}

#endif
