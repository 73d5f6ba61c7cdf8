/* SPDX-License-Identifier: MIT */
/*
 * Method: what no event of any simulator in this house can do without, alone: a 4-ary heap that
 * keeps a thousand events of 24 bytes gives up its least and takes one in, and a record of 64 bytes
 * goes through XXH3-128. The new event's time is the least one's and a step that a multiplicative
 * generator makes up, so that it lands anywhere in the heap; each record is made of the one before
 * it, so that nothing is computed ahead.
 */
#include "bench.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { PENDING = 1000, PAIRS = 2000000, PAIRS_QUICK = 200000 };

struct item {
    uint64_t at, order, what;
};

static struct item heap[PENDING + 1];
static uint32_t heap_n;

static bool before(const struct item *a, const struct item *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void push(struct item e)
{
    uint32_t i = heap_n++;
    for (; i && before(&e, &heap[(i - 1) / 4]); i = (i - 1) / 4)
        heap[i] = heap[(i - 1) / 4];
    heap[i] = e;
}

static struct item pop(void)
{
    struct item least = heap[0], e = heap[--heap_n];
    uint32_t i = 0;
    for (uint32_t child; (child = i * 4 + 1) < heap_n;) {
        uint32_t best = child, end = child + 4 < heap_n ? child + 4 : heap_n;
        for (uint32_t k = child + 1; k < end; k++)
            if (before(&heap[k], &heap[best]))
                best = k;
        if (!before(&heap[best], &e))
            break;
        heap[i] = heap[best];
        i = best;
    }
    heap[i] = e;
    return least;
}

static uint64_t next(uint64_t *chance)
{
    *chance = *chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *chance >> 44;
}

void part_floor(struct bench *b)
{
    const uint64_t pairs = b->quick ? PAIRS_QUICK : PAIRS;
    uint64_t chance = 1, order = 0, record[8] = {0};
    heap_n = 0;
    while (heap_n < PENDING)
        push((struct item){.at = next(&chance), .order = order++});
    uint64_t from = bench_cpu();
    for (uint64_t i = 0; i < pairs; i++) {
        struct item e = pop();
        record[0] = e.at;
        record[1] = e.order;
        XXH128_hash_t hash = XXH3_128bits(record, sizeof record);
        record[2] = hash.low64;
        record[3] = hash.high64;
        push((struct item){.at = e.at + next(&chance), .order = order++});
    }
    uint64_t ns = bench_cpu() - from;
    bench_use(record[2]);
    bench_note(FIG_floor_ns, ns * 1000 / pairs);
}
