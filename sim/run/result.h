/* SPDX-License-Identifier: MIT */
/* What one run came to. Plain data without pointers: a worker process leaves it in memory that its
 * parent shares. */
#ifndef WT_RESULT_H
#define WT_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "../check/check.h"
#include "../faults/fault.h"
#include "../lang/scenario.h"
#include "../lang/verdict.h"
#include "bites.h"
#include "hist.h"
#include "timeline.h"

/* How the program ends (the first of 99, 2, 4, 1, 3, 5 that occurred decides; 77 only if all
 * were skipped). */
enum exit_code {
    EXIT_OK = 0,
    EXIT_SAFETY = 1,           /* a safety violation, an expect not met, an xfail that passed */
    EXIT_USAGE = 2,            /* usage, or an error in a scenario */
    EXIT_LIVENESS = 3,         /* no progress where it was owed */
    EXIT_NONDETERMINISM = 4,   /* two digests differ */
    EXIT_INCONCLUSIVE = 5,     /* a budget, a limit, --until or a ^C came before a verdict, or runs
                                  were left out after a ^C; in `run` after --time, too */
    EXIT_SKIP = 77,
    EXIT_INTERNAL = 99,        /* our own failure: out of memory, I/O, an assertion */
    EXIT_INTERRUPTED = 130     /* a second ^C */
};
/* The exit code of two runs together. EXIT_SKIP stays only with itself: begin a fold with the first
 * run's own code. */
int exit_worse(int a, int b);

const char *verdict_name(int);       /* "pass", "safety", ... */
int verdict_exit(int);               /* enum exit_code */

enum metric { METRIC_COMMIT, METRIC_READ_INDEX, METRIC_READ_LEASE, METRIC_READ_LOG, METRIC_ELECTION,
              METRIC_RECOVERY, METRICS };
const char *metric_name(int);   /* "commit", "read-index", "read-lease", "read-log", "election",
                                   "recovery" */

enum { SETUP_BYTES = 512, SIGNATURE_BYTES = 192, UNABLE_BYTES = 80 };

struct result {
    uint64_t seed;
    uint32_t voters;                 /* 0: a file of an earlier revision does not say */
    uint8_t verdict;                 /* this and the next six as in struct ending; unable: "" */
    char check[32];
    char detail[240];
    char unable[UNABLE_BYTES];
    char where[160];
    char via[320];
    struct evidence rests;
    char signature[SIGNATURE_BYTES]; /* signature.h; "" where nobody asked for it */
    unsigned char digest[16];
    uint64_t simulated_ns;
    uint64_t records;                /* made by the run */
    struct counters count;
    uint32_t nviolations;
    struct violation violation[VIOLATIONS_MAX];
    uint32_t could_judge;            /* of judge_tallies */
    struct check_tally tally[CHECKS];
    bool looked_closer;              /* it ended by what play.every_step alone had looked at: with
                                        another digest than without */
    bool chaos;
    struct fault_count faults[FAULT_ROWS];
    uint64_t option_bit[BITES];
    struct hist latency[METRICS];
    struct timeline timeline;
    char setup[SETUP_BYTES];         /* as setup_text has it */
    char drawn[SCENARIO_DRAWN_BYTES];        /* as scenario_drawn has it */
};

/* What ended it is a rule that was broken: violation[0] has it, and the records that disagree. */
bool result_by_rule(const struct result *);

#endif
