/* SPDX-License-Identifier: MIT */
/* What a sweep adds up over its runs, and how it tells it. */
#ifndef WT_SUMMARY_H
#define WT_SUMMARY_H

#include "failures.h"
#include "undecided.h"

enum { SERIES = 5, OPTION_ROWS_MAX = 256, OPTION_VALUES = 4 };

/* Runs in which an option had a value, and how often it bit in them. */
struct option_count { uint64_t runs, bit; };

/* Runs in which a check could judge anything, and what it judged in them. */
struct check_count { uint64_t runs; struct check_tally tally; };

struct summary {
    const struct request *request;
    uint64_t runs, chaos_runs;
    struct sums sums;
    uint64_t resumed, resumed_events;               /* of them read from --out, not run now */
    int worst;
    bool any;
    struct counters total;
    uint64_t simulated_ns;
    struct fault_count faults[FAULT_ROWS];         /* enabled: runs */
    uint64_t *series[SERIES];                      /* a value a run: events, leader changes,
                                                      commits, bites, restarts */
    uint64_t capacity;
    struct check_count checks[CHECKS];
    struct option_count options[OPTION_ROWS_MAX][OPTION_VALUES];   /* see summary_options.c */
    struct undecided undecided;
    struct recovery *recoveries;                   /* by scenario: summary_recovery.c */
    uint32_t nrecoveries;
    unsigned char digest[16];                      /* of all runs together, whatever their order */
    struct failures failures;
};

void summary_open(struct summary *, const struct request *);
/* Counts one run. True where it is the first of its group of failures. */
bool summary_add(struct summary *, const struct item *, const struct told *);
/* The tables at the end of a sweep that ran for wall_ms. */
void summary_print(FILE *, struct summary *, uint64_t wall_ms);
/* What did not pass; `where`: as for failures_print. */
void summary_failures(FILE *, struct summary *, const char *where);
/* Kinds of faults, and options off their default, that were enabled and bit in no run; each gets a
 * line on `out`. */
uint32_t summary_toothless(FILE *, const struct summary *);
/* Checks that judged nothing, though they could have in some run; each gets a line on `out`. So do
 * those that could in none, which are not counted, with the reason. */
uint32_t summary_unjudged(FILE *, const struct summary *);
void summary_close(struct summary *);

/* summary_checks.c: the part about checks. */
void summary_checks_add(struct summary *, const struct result *);
void summary_checks_print(FILE *, const struct summary *);

/* summary_options.c: the part about options. */
void summary_options_add(struct summary *, const struct world_plan *, const struct result *);
void summary_options_print(FILE *, const struct summary *);
uint32_t summary_options_toothless(FILE *, const struct summary *);

/* summary_recovery.c: how long it took until a healed core made progress. */
void summary_recovery_add(struct summary *, const struct item *, const struct result *);
void summary_recovery_print(FILE *, const struct summary *);
void summary_recovery_free(struct summary *);

#endif
