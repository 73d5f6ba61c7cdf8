/* SPDX-License-Identifier: MIT */
/* What one run came to. Plain data: a worker process sends it through a pipe. */
#ifndef WT_RESULT_H
#define WT_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "../check/check.h"
#include "../faults/fault.h"
#include "hist.h"

enum verdict { V_PASS, V_SAFETY, V_EXPECTATION, V_LIVENESS, V_NONDETERMINISM, V_INCONCLUSIVE, V_SKIP, V_ERROR, VERDICTS };
const char *verdict_name(int);       /* "pass", "safety", ... */
int verdict_exit(int);               /* DESIGN's exit code */

enum metric { METRIC_COMMIT, METRIC_READ_INDEX, METRIC_READ_LEASE, METRIC_READ_LOG, METRIC_ELECTION, METRICS };
const char *metric_name(int);        /* "commit", "read-index", "read-lease", "read-log", "election" */

struct result {
    uint64_t seed;
    uint8_t verdict;                 /* enum verdict */
    char check[32];                  /* rule that was broken, "expect", "progress", "limit", ...; "" where it passed */
    char detail[240];                /* one sentence */
    char where[160];                 /* file:line:col of a failed expect, else "" */
    unsigned char digest[16];
    uint64_t simulated_ns;
    struct counters count;
    uint32_t nviolations;
    struct violation violation[VIOLATIONS_MAX];
    bool chaos;
    struct fault_count faults[FAULT_ROWS];
    struct hist latency[METRICS];
};

#endif
