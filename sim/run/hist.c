/* SPDX-License-Identifier: MIT */
/*
 * Method. Bucket 0 holds everything below 2^10 ns; then each power of two e is cut into 32 equal
 * steps, found by the five bits after the leading one; the last bucket holds everything from 2^36
 * ns. Counts only, so that shards merge by adding, and every percentile errs upwards by at most one
 * step: a latency is never shown better than it was.
 */
#include "hist.h"

#include <assert.h>
#include <string.h>

enum { HIST_SUB_LOG2 = 5 };
_Static_assert(1 << HIST_SUB_LOG2 == HIST_SUB, "steps are a power of two");

uint32_t hist_bucket(uint64_t ns)
{
    if (ns < UINT64_C(1) << HIST_LO)
        return 0;
    if (ns >= UINT64_C(1) << HIST_HI)
        return HIST_BUCKETS - 1;
    uint32_t e = 63u - (uint32_t)__builtin_clzll(ns);
    uint32_t step = (uint32_t)(ns >> (e - HIST_SUB_LOG2)) & (HIST_SUB - 1);
    uint32_t bucket = 1 + (e - HIST_LO) * HIST_SUB + step;
    assert(bucket < HIST_BUCKETS - 1);
    return bucket;
}

uint64_t hist_floor(uint32_t bucket)
{
    assert(bucket < HIST_BUCKETS);
    if (bucket == 0)
        return 0;
    if (bucket == HIST_BUCKETS - 1)
        return UINT64_C(1) << HIST_HI;
    uint32_t e = HIST_LO + (bucket - 1) / HIST_SUB;
    uint64_t step = (bucket - 1) % HIST_SUB;
    return (UINT64_C(1) << e) + (step << (e - HIST_SUB_LOG2));
}

void hist_add(struct hist *h, uint64_t ns)
{
    h->n++;
    h->bucket[hist_bucket(ns)]++;
    if (ns > h->max)
        h->max = ns;
}

void hist_timeout(struct hist *h)
{
    h->n++;
    h->timeouts++;
    assert(h->timeouts <= h->n);
}

void hist_merge(struct hist *into, const struct hist *from)
{
    assert(into != from);
    into->n += from->n;
    into->timeouts += from->timeouts;
    if (from->max > into->max)
        into->max = from->max;
    for (uint32_t i = 0; i < HIST_BUCKETS; i++)
        into->bucket[i] += from->bucket[i];
}

bool hist_whole(const struct hist *h)
{
    uint64_t n = h->timeouts;
    uint32_t last = HIST_BUCKETS;
    if (h->n > UINT32_MAX || n > h->n)
        return false;
    for (uint32_t i = 0; i < HIST_BUCKETS; i++) {
        n += h->bucket[i];
        if (h->bucket[i] > 0)
            last = i;
    }
    return n == h->n && (last < HIST_BUCKETS ? hist_bucket(h->max) == last : h->max == 0);
}

/* ceil(n * ppm / 10^6), and at least 1; n is far below 2^64 / 10^6 in any sweep that ends. */
static uint64_t rank_of(uint64_t n, uint64_t ppm)
{
    assert(ppm <= 1000000);
    uint64_t rank = (n * ppm + 999999) / 1000000;
    return rank > 0 ? rank : 1;
}

bool hist_tells(const struct hist *h, uint64_t ppm) { return rank_of(h->n, ppm) < h->n; }

uint64_t hist_percentile(const struct hist *h, uint64_t ppm)
{
    uint64_t rank = rank_of(h->n, ppm);
    if (h->n == 0)
        return 0;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < HIST_BUCKETS; i++) {
        seen += h->bucket[i];
        if (seen < rank)
            continue;
        if (i == HIST_BUCKETS - 1)
            return h->max;
        uint64_t top = hist_floor(i + 1) - 1;
        return top < h->max ? top : h->max;
    }
    return UINT64_MAX;
}
