/* SPDX-License-Identifier: MIT */
/*
 * Method: a table of names, and one switch whose cases are the rows. Times come from histograms: a
 * sample counts as the middle of its bucket, which is at most 1/64 of it away.
 */
#include "totals.h"

#include <assert.h>
#include <stddef.h>

enum { WHEN_LESS, WHEN_MORE };

static const struct {
    const char *name;
    bool more;
    enum total_unit unit;
} rows[TOTALS] = {
#define TOTAL(id, name, worse, unit, n, d) [TOTAL_##id] = {name, WHEN_##worse, UNIT_##unit},
#include "totals.def"
#undef TOTAL
};

const char *total_name(int total)
{
    assert(total >= 0 && total < TOTALS);
    return rows[total].name;
}

enum total_unit total_unit(int total)
{
    assert(total >= 0 && total < TOTALS);
    return rows[total].unit;
}

bool total_more_is_worse(int total)
{
    assert(total >= 0 && total < TOTALS);
    return rows[total].more;
}

/* ---- one run --------------------------------------------------------------------------------- */

/* Kinds of samples, as bits of enum metric. */
enum {
    WRITES = 1 << METRIC_COMMIT,
    READS = 1 << METRIC_READ_INDEX | 1 << METRIC_READ_LEASE | 1 << METRIC_READ_LOG,
    ELECTIONS = 1 << METRIC_ELECTION,
    RECOVERIES = 1 << METRIC_RECOVERY,
};

static uint64_t samples(const struct hist *h, unsigned kinds)
{
    uint64_t n = 0;
    for (int m = 0; m < METRICS; m++)
        if (kinds >> m & 1)
            n += h[m].n - h[m].timeouts;
    return n;
}

static uint64_t middle(const struct hist *h, uint32_t bucket)
{
    const uint64_t floor = hist_floor(bucket);
    const uint64_t top = bucket + 1 < HIST_BUCKETS ? hist_floor(bucket + 1) : h->max;
    return floor + (top > floor ? (top - floor) / 2 : 0);
}

/* In us. */
static uint64_t took(const struct hist *h, unsigned kinds)
{
    uint64_t sum = 0;
    for (int m = 0; m < METRICS; m++)
        for (uint32_t i = 0; (kinds >> m & 1) && i < HIST_BUCKETS; i++)
            if (h[m].bucket[i] > 0)
                sum += middle(&h[m], i) * h[m].bucket[i] / 1000;
    return sum;
}

static uint64_t most(const struct hist *h, enum metric m)
{
    return h[m].max / 1000;
}

enum { P99 = 990000 };

static uint64_t tail(const struct hist *h, enum metric m)
{
    const uint64_t ns = hist_percentile(&h[m], P99);
    return (ns == UINT64_MAX ? UINT64_C(1) << HIST_HI : ns) / 1000;
}

struct share total_of(const struct result *r, int total)
{
    const struct counters *c = &r->count;
    const struct hist *h = r->latency;
    switch ((enum total)total) {
#define TOTAL(id, name, worse, unit, n, d) case TOTAL_##id: return (struct share){n, d};
#include "totals.def"
#undef TOTAL
    case TOTALS: break;
    }
    assert(false && "no such total");
    return (struct share){0};
}

uint64_t share_value(struct share s, enum total_unit unit)
{
    const uint64_t parts = unit == UNIT_RATIO ? 1000000 : 1;
    assert(s.d > 0);
    return s.n / s.d * parts + s.n % s.d * parts / s.d;
}
