/* SPDX-License-Identifier: MIT */
/*
 * One block of memory, no pointers into it: everything is an offset from the block's beginning, so
 * that a copy of the live bytes is a fork. Nothing is ever freed; a table that grows takes new room
 * and never moves what it holds.
 *
 * The arena is the first member of the block itself (struct world begins with it), so `&w->arena`
 * is the base address.
 */
#ifndef WT_ARENA_H
#define WT_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena {
    uint64_t used;   /* live bytes, from the beginning of the block */
    uint64_t cap;    /* bytes the block may grow to */
};

/* Reserves a block of up to `cap` bytes of address space (touched pages only cost memory); less
 * where the system refuses, at least 64 MiB, else NULL. The first `head` bytes are live and zero.
 * 64-byte aligned. */
struct arena *arena_reserve(uint64_t cap, uint64_t head);
void arena_release(struct arena *);
/* Empties the block down to `head` zeroed bytes; the reservation stays. */
void arena_reset(struct arena *, uint64_t head);

/* Offset of `size` zeroed bytes, aligned to 16 (64 where size >= 64). Where the block is full,
 * calls the handler set by arena_on_full, which must not return. */
uint64_t arena_take(struct arena *, uint64_t size);
void arena_on_full(void (*handler)(void));

static inline void *arena_at(const struct arena *a, uint64_t offset)
{
    return (char *)(uintptr_t)a + offset;
}

/*
 * A table that grows by chunks of one size; items keep their place for ever. A directory of the
 * chunks is all that moves: it doubles, so what it leaves behind is less than it. At most 2^32 -
 * 1 items.
 */
struct vec {
    uint32_t n;            /* items in use */
    uint32_t room;         /* items that the chunks taken so far hold */
    uint32_t item;         /* bytes an item */
    uint32_t chunk_log2;   /* a chunk holds 2^chunk_log2 items */
    uint32_t chunk_mask;   /* 2^chunk_log2 - 1 */
    uint32_t zero;
    uint64_t chunks;       /* offset of the directory: of each chunk its offset */
};
void vec_init(struct vec *, uint32_t item, uint32_t chunk_log2);
/* Makes room for `count` more items; vec_push's. */
void vec_grow(struct arena *, struct vec *, uint32_t count);

/* Index of a new zeroed item (of the first of `count` new ones, which need not be adjacent
 * in memory). */
static inline uint32_t vec_push(struct arena *a, struct vec *v, uint32_t count)
{
    uint32_t first = v->n;
    if (count > v->room - first)
        vec_grow(a, v, count);
    v->n = first + count;
    return first;
}

static inline void *vec_at(const struct arena *a, const struct vec *v, uint32_t i)
{
    const uint64_t *chunks = arena_at(a, v->chunks);
    return (char *)(uintptr_t)a + chunks[i >> v->chunk_log2] +
           (uint64_t)(i & v->chunk_mask) * v->item;
}
/* The same, where the numbers that vec_init was given are known as constants: half
 * the instructions. */
static inline void *vec_at_known(const struct arena *a, const struct vec *v, uint32_t i,
                                 uint32_t item, uint32_t chunk_log2)
{
    const uint64_t *chunks = arena_at(a, v->chunks);
    return (char *)(uintptr_t)a + chunks[i >> chunk_log2] +
           (uint64_t)(i & ((1u << chunk_log2) - 1)) * item;
}

#endif
