/* SPDX-License-Identifier: MIT */
/*
 * A log-linear histogram of latencies in ns: 32 linear steps in each power of two from 2^10 ns
 * (about 1 us) to 2^36 ns (68 s), so that a bucket is at most 1/32 of its value wide. Merges by
 * adding; samples beyond the range count in the last bucket; timeouts are counted apart and rank
 * above all.
 */
#ifndef WT_HIST_H
#define WT_HIST_H

#include <stdbool.h>
#include <stdint.h>

enum { HIST_SUB = 32, HIST_LO = 10, HIST_HI = 36,
       HIST_BUCKETS = (HIST_HI - HIST_LO) * HIST_SUB + 2 };

struct hist {
    uint64_t n;             /* samples, timeouts included */
    uint64_t timeouts;
    uint64_t max;           /* largest measured sample, exact */
    uint32_t bucket[HIST_BUCKETS];
};
void hist_add(struct hist *, uint64_t ns);
void hist_timeout(struct hist *);
void hist_merge(struct hist *, const struct hist *);
/* Does it hold together? Samples are buckets and timeouts, the largest lies in the last bucket that
 * has any, and there are fewer than 2^32. For what was read from a file. */
bool hist_whole(const struct hist *);
uint32_t hist_bucket(uint64_t ns);
uint64_t hist_floor(uint32_t bucket);      /* least value of a bucket */
/* The least value v such that ppm of all samples are <= v, as the top of its bucket (the exact max
 * in the last); UINT64_MAX where it falls among the timeouts. */
uint64_t hist_percentile(const struct hist *, uint64_t ppm);
/* Are there enough samples for it? Where there are not, the percentile is the greatest of them. */
bool hist_tells(const struct hist *, uint64_t ppm);

#endif
