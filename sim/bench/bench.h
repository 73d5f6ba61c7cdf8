/* SPDX-License-Identifier: MIT */
/*
 * The bench (`make bench`): what wavetank costs, in figures that other machines can compare.
 *
 * A part (parts.def) measures one thing and notes figures (figures.def). All parts run once a
 * round, one after another, so that a noisy moment of the machine hits them alike; a figure's value
 * is its median over the rounds. Time is CPU time of this process. Values are integers, in
 * thousandths of their unit. What a figure must come to stands beside it: where one does not, the
 * bench says NOT MET and ends with 1.
 *
 * Only this program is linked with the peer that it compares itself with, the test fixture of
 * Debian's libraft-dev.
 */
#ifndef WT_BENCH_H
#define WT_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../world/world.h"

enum figure {
#define FIGURE(name, ...) FIG_##name,
#include "figures.def"
#undef FIGURE
    FIGURES
};

/* What the parts share. */
struct bench {
    struct arena *block; /* for one world after another */
    bool quick;          /* smaller samples: for a look, not for the record */
    uint32_t round;      /* from 0 */
};

enum { BENCH_ROUNDS_MAX = 99 };
void bench_note(enum figure, uint64_t thousandths); /* this round's value */
/* n in this CPU time, as a rate a second */
void bench_rate(enum figure, uint64_t n, uint64_t cpu_ns);
uint64_t bench_cpu(void);                           /* CPU time of this process so far, ns */
_Noreturn void bench_die(const char *why);          /* a measurement that means nothing: exit 99 */
/* Keeps a computation whose result nobody needs. */
void bench_use(uint64_t);

/* ---- figures (figures.c) --------------------------------------------------------------------- */

void figures_round(void);           /* a round is over: the ratios of what was measured in it */
uint32_t figures_print(FILE *);     /* those measured, as a table; how many are NOT MET */
void figures_json(FILE *);          /* one object a line */
void figures_list(FILE *);          /* all there are */
bool figures_has(const char *name, const char *part);   /* is this figure measured by that part? */

/* ---- clusters to measure --------------------------------------------------------------------- */

/* An option by its name, of the SUT or of the host. `most` is a SPAN's upper end, 0: both ends
 * are `value`. */
struct bench_option {
    const char *name;
    uint64_t value, most;
};

/* A plan of five voters: defaults, then these options (ending with a NULL name). The plan is the
 * callee's, until the next call. */
const struct world_plan *cluster_plan(uint8_t clients, const struct bench_option *);
/* A judged world of that plan whose clients write without a pause: 64-byte entries, closed loop. */
struct world *cluster_loaded(struct bench *, uint8_t clients, const struct bench_option *);
/* Runs until the leader has committed `index` (a little more: it looks once a
 * simulated millisecond). */
void cluster_run_to(struct world *, uint64_t index);
/* The end of the run, with the checks that look at the whole of it; dies where any rule
 * was broken. */
void cluster_finish(struct world *);
/* Options of the fixture's timing: heartbeat 100 ms, election timeout 1 to 2 s, links 15 ms, disks
 * 10 ms. */
extern const struct bench_option cluster_fixture_timing[];
/* Loaded, with at most this many entries a message (1 or 16), which is also how many a node gathers
 * into a proposal. */
extern const struct bench_option cluster_entries1[], cluster_entries16[];

#endif
