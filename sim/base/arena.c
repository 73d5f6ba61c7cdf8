/* SPDX-License-Identifier: MIT */
/*
 * Method: the block is address space reserved once (mmap without commitment), so that it never
 * moves while it grows and costs only the pages it touched. Growing is adding to `used`; forking is
 * copying that prefix.
 */
#define _GNU_SOURCE
#include "arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CHUNKS_LEAST = 8 };

static const uint64_t least_reserve = UINT64_C(64) << 20;
static void (*full_handler)(void) = abort;

void arena_on_full(void (*handler)(void)) { full_handler = handler ? handler : abort; }

struct arena *arena_reserve(uint64_t cap, uint64_t head)
{
    if (cap > SIZE_MAX / 4)
        cap = SIZE_MAX / 4;
    for (; cap >= least_reserve; cap /= 2) {
        void *block =
            mmap(NULL, (size_t)cap, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (block == MAP_FAILED)
            continue;
        struct arena *a = block;
        a->cap = cap;
        a->used = 0;
        arena_reset(a, head);
        return a;
    }
    return NULL;
}

void arena_release(struct arena *a)
{
    if (a)
        munmap(a, (size_t)a->cap);
}

static uint64_t round_up(uint64_t n, uint64_t to) { return (n + to - 1) & ~(to - 1); }

void arena_reset(struct arena *a, uint64_t head)
{
    assert(head >= sizeof *a && head <= a->cap);
    uint64_t cap = a->cap;
    memset(a, 0, (size_t)head);
    a->cap = cap;
    a->used = round_up(head, 64);
}

uint64_t arena_take(struct arena *a, uint64_t size)
{
    uint64_t at = round_up(a->used, size >= 64 ? 64 : 16);
    if (size > a->cap || at > a->cap - size)
        full_handler();
    a->used = at + size;
    memset(arena_at(a, at), 0, (size_t)size);
    return at;
}

void vec_init(struct vec *v, uint32_t item, uint32_t chunk_log2)
{
    assert(item > 0 && chunk_log2 < 16);
    *v = (struct vec){.item = item, .chunk_log2 = chunk_log2, .chunk_mask = (1u << chunk_log2) - 1};
}

/* The directory has room for CHUNKS_LEAST chunks or a larger power of two, so it is full where
 * their number is one. */
static void take_chunk(struct arena *a, struct vec *v)
{
    uint32_t n = v->room >> v->chunk_log2;
    if (n == 0 || (n >= CHUNKS_LEAST && (n & (n - 1)) == 0)) {
        uint64_t to = arena_take(a, (n ? 2 * (uint64_t)n : CHUNKS_LEAST) * sizeof(uint64_t));
        if (n)
            memcpy(arena_at(a, to), arena_at(a, v->chunks), n * sizeof(uint64_t));
        v->chunks = to;
    }
    uint64_t chunk = arena_take(a, (uint64_t)v->item << v->chunk_log2);
    ((uint64_t *)arena_at(a, v->chunks))[n] = chunk;
    v->room += 1u << v->chunk_log2;
}

void vec_grow(struct arena *a, struct vec *v, uint32_t count)
{
    assert(count <= UINT32_MAX - (1u << v->chunk_log2) - v->n);
    while (count > v->room - v->n)
        take_chunk(a, v);
}
