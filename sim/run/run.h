/* SPDX-License-Identifier: MIT */
/* One run: a scenario, a variant, a seed, in a block of memory that many runs share one
 * after another. */
#ifndef WT_RUN_H
#define WT_RUN_H

#include "../lang/scenario.h"
#include "../world/draw.h"
#include "result.h"

/* Who listens to a run's records beside the checkers: traces. Called for each record, in order. */
typedef void run_listener(void *ctx, const struct world *, const struct record *);

struct run {
    const struct scenario *scenario;
    uint32_t variant;
    uint64_t seed;
    bool zero_base;                          /* tape and fuzz: all draws 0 but for the exceptions */
    const struct exception *exceptions;
    uint32_t nexceptions;
    struct play play;
    run_listener *listener;                  /* NULL: none */
    void *listener_ctx;
};
/* Everything of one run, errors and limits included; `block` from run_block(). What a seed draws of
 * a file is put in here (scenario_of_seed), unless it is already. */
void run_once(const struct run *, struct arena *block, struct result *);
struct arena *run_block(void);               /* reserves memory for runs; NULL: out of memory */
/* The world that run_once begins with: judged and measured, nobody booted, nobody listening. For
 * who moves it without a scenario (world_start, world_run) and ends it with judge_finish. */
struct world *run_world(struct arena *block, const struct world_plan *, uint64_t seed,
                        bool zero_base);

/*
 * Latency samples (metrics.c). Commit and read: from an operation's intended time to its return;
 * whatever timed out, was refused for good or is overdue at the end counts as a time-out. Election:
 * in true time from the leader's loss to the next leader's first commit. Recovery: from the moment
 * at which progress was asked for, as after a healing, until it was made; what missed its bound
 * counts as a time-out, and what a run's end cut short not at all.
 *
 * The leader in office is the node that last committed as leader. It is lost
 *   - when it crashes, is paused or halts, at that moment;
 *   - else (cut off, starved by its disk, deposed) at the last moment at which answers of its term
 *     from a majority had reached it, which is what it could have known itself; seen when it steps
 *     down or when its successor commits.
 * It is not lost if it commits again in its own term. A loss without a successor for the last 10 s
 * of a run counts as a time-out.
 */
void metrics_start(struct world *);
/* where metrics_want it; others may be kept from it */
void metrics_record(struct world *, const struct record *);
void metrics_finish(struct world *, struct result *);     /* fills latency and option_bit */
/* It was meant longer ago than its own time-out (1 s where it has none), and still waits. */
bool op_overdue(const struct world *, const struct op *);

/* What was played, in words that figures carry: "5 nodes; election-timeout 150ms..300ms; ...",
 * parts divided by "; ". Workloads that never began are not in it. Cut at SETUP_BYTES. (setup.c) */
void setup_text(const struct world *, char out[SETUP_BYTES]);

/* Most records say nothing here, and most of those are messages: that is seen before anything is
 * called. `kind` is the record's, mostly a constant to the compiler. */
#define BIT(n) (UINT64_C(1) << (n))
static inline bool metrics_want(enum record_kind kind, const struct record *r)
{
    const uint64_t kinds = BIT(REC_COMMIT) | BIT(REC_ROLE) | BIT(REC_CRASH) | BIT(REC_PAUSE) |
                           BIT(REC_HALT) |
                           BIT(REC_RETURN) | BIT(REC_BOOT) | BIT(REC_READ) | BIT(REC_LEASE);
    const uint64_t sent = BIT(MSG_PREVOTE) | BIT(MSG_PROPOSE) | BIT(MSG_APPEND);
    const uint64_t heard = BIT(MSG_APPEND_REPLY) | BIT(MSG_HEARTBEAT_REPLY);
    if (kind == REC_SEND)
        return sent >> (rec_type(r) % 64) & 1;
    if (kind == REC_DELIVER)
        return heard >> (rec_type(r) % 64) & 1;
    return kinds >> kind & 1 || (kind == REC_APPEND && rec_origin(r) == SUT_FROM_SELF);
}
#undef BIT

#endif
