/* SPDX-License-Identifier: MIT */
/* What a run adds to the totals by which two sweeps are compared: rows of totals.def. */
#ifndef WT_TOTALS_H
#define WT_TOTALS_H

#include "result.h"

enum total {
#define TOTAL(id, ...) TOTAL_##id,
#include "totals.def"
#undef TOTAL
    TOTALS
};

enum total_unit { UNIT_COUNT, UNIT_RATIO, UNIT_TIME };  /* TIME: us */

const char *total_name(int);
enum total_unit total_unit(int);
bool total_more_is_worse(int);

/* n of d; d 0: the run has no such value, as one in which nobody read has no latency of reads. */
struct share { uint64_t n, d; };
struct share total_of(const struct result *, int total);
/* n / d as a whole number: of a ratio millionths, of all else its unit. d is not 0. */
uint64_t share_value(struct share, enum total_unit);

#endif
