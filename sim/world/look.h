/* SPDX-License-Identifier: MIT */
/*
 * The store's look-ups, which store.h tells of. They are small and every event passes them, so they
 * stand in a header; they need a whole world, so world.h includes it at its end.
 */
#ifndef WT_LOOK_H
#define WT_LOOK_H

#include "world.h"

static inline const struct entry *store_entry(const struct world *w, uint32_t id)
{
    assert(id && id < w->store.entries.n);
    return vec_at_known(&w->arena, &w->store.entries, id, sizeof(struct entry), STORE_CHUNK_LOG2);
}
static inline const struct store_run *store_run_at(const struct world *w, uint32_t run)
{
    return arena_at(&w->arena, (uint64_t)run * STORE_RUN_UNIT);
}

static inline bool store_holds(const struct world *w, uint32_t id)
{
    return store_entry(w, id)->run != 0;
}
static inline const struct store_run *store_run(const struct world *w, uint32_t id)
{
    return store_run_at(w, store_entry(w, id)->run);
}
static inline uint64_t store_index(const struct world *w, uint32_t id)
{
    return id ? run_index(store_run(w, id), id) : 0;
}

static inline uint64_t store_term(const struct world *w, uint32_t id)
{
    return id ? store_run(w, id)->term : 0;
}

static inline uint32_t store_parent(const struct world *w, uint32_t id)
{
    return run_parent(store_run(w, id), id);
}
static inline struct store_place store_place(const struct world *w, uint32_t id)
{
    return (struct store_place){store_run(w, id), id};
}
static inline struct store_place store_find_from(const struct world *w, struct store_place head,
                                                 uint64_t index)
{
    const struct store_run *run = head.run;
    uint64_t after = index - run->index;        /* beyond every run where index lies before it */
    return after <= head.id - run->first ? (struct store_place){run, run->first + (uint32_t)after}
                                         : store_far(w, run, index);
}
static inline struct store_place store_find(const struct world *w, uint32_t head, uint64_t index)
{
    if (head == 0 || index == 0)
        return (struct store_place){0};
    return store_find_from(w, store_place(w, head), index);
}
static inline uint32_t store_at(const struct world *w, uint32_t head, uint64_t index)
{
    return store_find(w, head, index).id;
}
static inline uint32_t store_readable(const struct world *w, uint32_t head)
{
    return head && store_run(w, head)->torn ? store_before_hole(w, head) : head;
}

#endif
