/* SPDX-License-Identifier: MIT */
/*
 * Method: see paired.h. A relative difference is a fixed-point number of 31 bits; equal ones share
 * their mean rank, and ranks are doubled so that it is whole. Where there are so many pairs that
 * sums of squares would not fit into 64 bits, all ranks are cut by a power of two: the bound asks
 * only that a weight does not depend on its sign.
 */
#include "paired.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

static int by_rank(const void *x, const void *y)
{
    const struct pair *a = x, *b = y;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

static int by_seed(const void *x, const void *y)
{
    const struct pair *a = x, *b = y;
    return (a->seed > b->seed) - (a->seed < b->seed);
}

/* |a - b| / (a + b), times 2^31; a and b differ. */
static uint64_t relative(uint64_t a, uint64_t b)
{
    assert(a >> 63 == 0 && b >> 63 == 0);
    uint64_t sum = a + b, size = a > b ? a - b : b - a;
    while (sum >> 33 != 0) {
        sum >>= 1;
        size >>= 1;
    }
    return (size << 31) / sum;
}

/* Leaves out the equal ones, and gives the others the size of their difference for a rank. How many
 * are left. */
static uint32_t differing(struct pair *p, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (p[i].before == p[i].after)
            continue;
        p[kept] = p[i];
        p[kept++].rank = relative(p[i].before, p[i].after);
    }
    return kept;
}

/* Ranks by size, doubled, then cut by so many bits; in order of seeds. */
static void rank(struct pair *p, uint32_t n, unsigned bits)
{
    qsort(p, n, sizeof(*p), by_rank);
    for (uint32_t i = 0, end; i < n; i = end) {
        const uint64_t size = p[i].rank;
        for (end = i; end < n && p[end].rank == size; end++) { }
        for (uint32_t k = i; k < end; k++)
            p[k].rank = ((uint64_t)i + end + 1) >> bits;
    }
    qsort(p, n, sizeof(*p), by_seed);
}

/* The most pairs of one seed; they are in order of seeds. */
static uint32_t most_of_a_seed(const struct pair *p, uint32_t n)
{
    uint32_t most = 0, run = 0;
    for (uint32_t i = 0; i < n; i++) {
        run = i > 0 && p[i].seed == p[i - 1].seed ? run + 1 : 1;
        most = run > most ? run : most;
    }
    return most;
}

/* By how many bits ranks are cut. A weight is at most `most` ranks, and a rank at most 2 n. */
static unsigned bits_to_cut(uint64_t n, uint64_t most)
{
    const uint64_t room = (UINT64_C(1) << 63) / PAIRED_FACTOR / n / most;
    unsigned bits = 0;
    while ((2 * n >> bits) > UINT32_MAX || (2 * n >> bits) * (2 * n >> bits) > room)
        bits++;
    return bits;
}

/* Is t^2 >= square? */
static bool reaches(uint64_t t, uint64_t square)
{
    return t > UINT32_MAX || t * t >= square;
}

enum paired paired_test(struct pair *p, uint32_t n)
{
    n = differing(p, n);
    if (n == 0)
        return PAIRED_EQUAL;
    qsort(p, n, sizeof(*p), by_seed);
    rank(p, n, bits_to_cut(n, most_of_a_seed(p, n)));
    int64_t sum = 0;
    uint64_t squares = 0;
    for (uint32_t i = 0; i < n;) {
        const uint64_t seed = p[i].seed;
        int64_t weight = 0;
        for (; i < n && p[i].seed == seed; i++)
            weight += p[i].after > p[i].before ? (int64_t)p[i].rank : -(int64_t)p[i].rank;
        sum += weight;
        squares += (uint64_t)(weight * weight);
    }
    const uint64_t size = (uint64_t)(sum < 0 ? -sum : sum);
    if (size == 0 || !reaches(size, PAIRED_FACTOR * squares))
        return PAIRED_SAME;
    return sum < 0 ? PAIRED_LESS : PAIRED_MORE;
}
