/* SPDX-License-Identifier: MIT */
/*
 * Method: see store.h. Far ancestors are found by jump pointers (Myers, "An applicative
 * random-access stack", 1983) over runs: a run skips to where the skip of the run before it skips
 * to if the two jumps from there are of one length, else to the run before it. Any ancestor is
 * then at most about 3 log2(depth) steps away, each run needs one pointer, and making it looks at
 * three runs.
 *
 * A log may leave a run in its middle and go on elsewhere, so a run alone does not say which of its
 * entries are ancestors. It need not: of the runs on the way back from a head, the one that has an
 * index is the first that begins at or before it.
 */
#include "store.h"

#include <assert.h>

#include "world.h"

static uint32_t take_run(struct world *w)
{
    const uint64_t at = arena_take(&w->arena, sizeof(struct store_run)) / STORE_RUN_UNIT;
    assert(at <= UINT32_MAX);
    return (uint32_t)at;
}

static struct store_run *run_made(struct world *w, uint32_t run)
{
    return arena_at(&w->arena, (uint64_t)run * STORE_RUN_UNIT);
}

void store_init(struct world *w)
{
    vec_init(&w->store.entries, sizeof(struct entry), STORE_CHUNK_LOG2);
    vec_push(&w->arena, &w->store.entries, STORE_BLOCK);   /* id 0 and its block stay unused */
    w->store.origin = take_run(w);
    run_made(w, w->store.origin)->skip = w->store.origin;
}

static uint32_t next_id(struct world *w, uint8_t creator)
{
    assert(creator <= NODES_MAX);
    if (w->store.block[creator].next == w->store.block[creator].end) {
        w->store.block[creator].next = vec_push(&w->arena, &w->store.entries, STORE_BLOCK);
        w->store.block[creator].end = w->store.block[creator].next + STORE_BLOCK;
    }
    return w->store.block[creator].next++;
}

static uint32_t skip_from(const struct world *w, uint32_t run)
{
    const struct store_run *r = store_run_at(w, run), *far = store_run_at(w, r->skip);
    return r->depth - far->depth == far->depth - store_run_at(w, far->skip)->depth ? far->skip
                                                                                   : run;
}

/* A new run of which `first` is the first entry; it is to go on as `like`. */
static uint32_t begin_run(struct world *w, uint32_t first, uint32_t parent,
                          const struct store_run *like)
{
    const uint32_t run = take_run(w),
        before = parent ? store_entry(w, parent)->run : w->store.origin;
    struct store_run *r = run_made(w, run);
    *r = *like;
    r->index = store_index(w, parent) + 1;
    r->first = first;
    r->parent = parent;
    r->before = before;
    r->skip = skip_from(w, before);
    r->depth = store_run_at(w, before)->depth + 1;
    r->torn = r->kind == STORE_HOLE || store_run_at(w, before)->torn;
    return run;
}

static bool alike(const struct store_run *r, const struct store_run *like)
{
    return r->term == like->term && r->size == like->size && r->group == like->group &&
           r->kind == like->kind &&
           r->creator == like->creator;
}

uint32_t store_create(struct world *w, uint8_t creator, uint16_t group, uint32_t parent,
                      uint64_t term, uint8_t kind, uint32_t size, const struct entry *asks)
{
    const struct store_run like = {.term = term, .size = size, .group = group, .kind = kind,
                                   .creator = creator};
    uint32_t id = next_id(w, creator);
    struct entry *e = vec_at_known(&w->arena, &w->store.entries, id, sizeof *e, STORE_CHUNK_LOG2);
    if (asks)
        *e = *asks;
    e->run = parent && parent + 1 == id && alike(store_run(w, parent), &like)
                 ? store_entry(w, parent)->run : begin_run(w, id, parent, &like);
    return id;
}

struct store_place store_far(const struct world *w, const struct store_run *r, uint64_t index)
{
    if (index >= r->index)
        return (struct store_place){0};                  /* beyond the head */
    assert(index);
    while (r->index > index) {
        const struct store_run *far = store_run_at(w, r->skip);
        r = far->index >= index ? far : store_run_at(w, r->before);
    }
    return (struct store_place){r, r->first + (uint32_t)(index - r->index)};
}

uint32_t store_before_hole(const struct world *w, uint32_t head)
{
    const struct store_run *r = store_run(w, head);
    assert(r->torn);
    while (store_run_at(w, r->before)->torn)
        r = store_run_at(w, r->before);
    return r->parent;
}

/* ---- logs that are no path of the tree ------------------------------------------------------- */

/* What the log `of` has behind `parent`, where that is the same as the entry; else 0. */
static uint32_t twin(const struct world *w, uint32_t parent, struct store_place entry, uint32_t of)
{
    const struct store_place here = store_find(w, of, store_index(w, parent) + 1);
    return here.id && store_parent(w, here.id) == parent &&
                   store_content(w, here) == store_content(w, entry) ? here.id : 0;
}

static uint32_t copy(struct world *w, uint32_t parent, struct store_place entry)
{
    const struct store_run run = *entry.run;
    const struct entry asks = *store_entry(w, entry.id);
    return store_create(w, run.creator, run.group, parent, run.term, run.kind, run.size, &asks);
}

/* The entry `id` behind `parent`: itself where that is its place, the one that the log `of` has
 * there where that is the same, else a copy. */
static uint32_t behind(struct world *w, uint32_t parent, uint32_t id, uint32_t of)
{
    if (store_parent(w, id) == parent)
        return id;
    const struct store_place entry = store_place(w, id);
    const uint32_t same = twin(w, parent, entry, of);
    return same ? same : copy(w, parent, entry);
}

uint32_t store_behind(struct world *w, uint32_t parent, uint32_t id, uint64_t term)
{
    struct store_run run = *store_run(w, id);
    assert(store_parent(w, id) != parent || run.term != term);
    run.term = term;
    const struct store_place entry = {&run, id};
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const uint32_t same = twin(w, parent, entry, replica_of(w, n, run.group)->head);
        if (same)
            return same;
    }
    return copy(w, parent, entry);
}

uint32_t store_put(struct world *w, uint32_t head, uint32_t of, uint64_t from, uint64_t to)
{
    const uint64_t end = store_index(w, head);
    uint32_t put = store_at(w, head, from - 1 < end ? from - 1 : end);
    assert(from && from <= to && to <= store_index(w, of));
    for (uint64_t index = store_index(w, put) + 1; index < from; index++)
        put = store_create(w, 0, 0, put, 0, STORE_HOLE, 0, NULL);
    for (uint64_t index = from; index <= to; index++)
        put = behind(w, put, store_at(w, of, index), of);
    for (uint64_t index = to + 1; index <= end; index++)
        put = behind(w, put, store_at(w, head, index), of);
    return put;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
    return h ^ (h >> 35);
}

uint64_t store_bytes(const struct world *w, uint32_t id, uint64_t n)
{
    uint64_t bytes = 0;
    while (n > 0 && id) {
        const struct store_run *run = store_run(w, id);
        const uint64_t here = id - run->first + 1, take = here < n ? here : n;
        bytes += take * run->size;
        n -= take;
        id = run->parent;
    }
    return bytes;
}

uint64_t store_content(const struct world *w, struct store_place at)
{
    const struct entry *e = store_entry(w, at.id);
    const struct store_run *run = at.run;
    uint64_t h = mix(run->term * UINT64_C(0x9e3779b97f4a7c15), run_index(run, at.id));
    h = mix(h, (uint64_t)run->size << 32 | (uint64_t)run->kind << 24 |
            (uint64_t)run->creator << 16 | run->group);
    h = mix(h, (uint64_t)e->verb << 56 | (uint64_t)e->client << 48 | (uint64_t)e->key << 32 |
            e->seq);
    h = mix(h, e->a);
    return mix(h, e->b);
}
