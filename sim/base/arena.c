/* SPDX-License-Identifier: MIT */
/*
 * Method: the block is address space reserved once (mmap without commitment), so that it never moves while it grows and costs
 * only the pages it touched. Growing is adding to `used`; forking is copying that prefix.
 */
#define _GNU_SOURCE
#include "arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const uint64_t least_reserve = UINT64_C(64) << 20;
static void (*full_handler)(void) = abort;

void arena_on_full(void (*handler)(void)) { full_handler = handler ? handler : abort; }

struct arena *arena_reserve(uint64_t cap, uint64_t head)
{
    if (cap > SIZE_MAX / 4)
        cap = SIZE_MAX / 4;
    for (; cap >= least_reserve; cap /= 2) {
        void *block = mmap(NULL, (size_t)cap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
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

void vec_init(struct vec *v, uint32_t item, uint32_t first_log2)
{
    assert(item > 0 && first_log2 < 31);
    *v = (struct vec){.item = item, .first_log2 = first_log2};
}

uint32_t vec_push(struct arena *a, struct vec *v, uint32_t count)
{
    uint32_t first = v->n;
    assert(count <= UINT32_MAX - (1u << v->first_log2) - v->n);
    if (count == 0)
        return first;
    uint64_t last = (uint64_t)first + count - 1 + (1u << v->first_log2);
    uint32_t top = 63u - (uint32_t)__builtin_clzll(last) - v->first_log2;
    assert(top < sizeof v->seg / sizeof v->seg[0]);
    for (uint32_t k = 0; k <= top; k++)
        if (v->seg[k] == 0)
            v->seg[k] = arena_take(a, ((uint64_t)v->item << v->first_log2) << k);
    v->n += count;
    return first;
}
