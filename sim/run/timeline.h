/* SPDX-License-Identifier: MIT */
/*
 * A run over its simulated time, in at most TIMELINE_BINS bins of one width: what clients got, how
 * long it took, and for how much of each bin a fault stood.
 *
 * It belongs to a run and not to its world, which is not a byte larger by it: run_once keeps it in
 * the result. What was taken of several runs merges once their bins are equally wide.
 */
#ifndef WT_TIMELINE_H
#define WT_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/record.h"
#include "hist.h"

enum { TIMELINE_BINS = 64, TIMELINE_LEAST_MS = 10 };

/* Latencies in time are four steps to a power of two: eight buckets of a histogram are one. */
enum { STEP_BUCKETS = 8, TIMELINE_STEPS = (HIST_BUCKETS - 2) / STEP_BUCKETS + 2 };
uint32_t timeline_step(uint64_t ns);
uint64_t timeline_step_top(uint32_t step);   /* the greatest latency in it; the last: UINT64_MAX */

enum series { SERIES_WRITE, SERIES_READ, SERIES_KINDS };
const char *series_name(int);       /* "write", "read" */

/* What is not as the plan has it, whoever made it so: a chaos block or a statement. */
enum trouble { TROUBLE_DOWN, TROUBLE_PAUSE, TROUBLE_CUT, TROUBLE_LINK, TROUBLE_DISK, TROUBLE_CLOCK,
               TROUBLES };
const char *trouble_name(int);      /* "down", ...: one word, for files */
const char *trouble_words(int);     /* "a node is down", ...: for readers */

struct timeline {
    uint64_t width;                 /* of a bin, ns: TIMELINE_LEAST_MS times a power of two */
    /* Operations: answered ones by the time of their answer, others by when they were meant. */
    uint32_t answered[SERIES_KINDS][TIMELINE_BINS], timeouts[SERIES_KINDS][TIMELINE_BINS];
    /* answered ones, by the time at which they were meant */
    uint32_t latency[SERIES_KINDS][TIMELINE_BINS][TIMELINE_STEPS];
    uint64_t trouble[TROUBLES][TIMELINE_BINS];      /* ns of the bin during which it stood */
};
/* Twice as wide: two bins become one. False: wider is no number of ns. */
bool timeline_widen(struct timeline *);
/* The bins that a run of this length has; at most TIMELINE_BINS. */
uint32_t timeline_bins(const struct timeline *, uint64_t simulated_ns);
/* Does it hold together, in a run of this length? For what was read from a file. */
bool timeline_whole(const struct timeline *, uint64_t simulated_ns);

/* ---- while the run goes: one at a time in a process ------------------------------------------ */

struct world;
void timeline_start(struct timeline *);     /* from now on it is this one */
/* Of kinds that it wants; nothing where none was started. */
void timeline_record(struct world *, const struct record *);
/* The run is over, and nothing is taken any more. */
void timeline_finish(struct world *);

static inline bool timeline_wants(enum record_kind kind)
{
#define BIT(n) (UINT64_C(1) << (n))
    const uint64_t kinds = BIT(REC_RETURN) | BIT(REC_INVOKE) | BIT(REC_STEP) | BIT(REC_FAULT) |
                           BIT(REC_PHASE) | BIT(REC_CRASH) | BIT(REC_BOOT) | BIT(REC_HALT) |
                           BIT(REC_PAUSE) | BIT(REC_RESUME) | BIT(REC_CLOCK) | BIT(REC_ROLE);
#undef BIT
    return kinds >> kind & 1;
}

#endif
