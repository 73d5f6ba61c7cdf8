/* SPDX-License-Identifier: MIT */
/*
 * One run. Method: the world is built in the given block with a watch that hands each record to the
 * checkers, the chaos engine, the metrics, the timeline and then whoever listens; the scenario is
 * played; what it came to is copied out. A full block cannot be reported from the depth at which it
 * is met, so the arena's handler jumps back here and the run ends inconclusive.
 *
 * The listener and the way back are file variables, because a world holds no pointer to them; a
 * process runs one world at a time.
 */
#include "run.h"

#include <assert.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "../check/check.h"
#include "../faults/fault.h"

static run_listener *listener; /* NULL: none */
static void *listener_ctx;
static jmp_buf full;

/* What a run may grow to; only touched pages cost memory. */
#define BLOCK_BYTES (UINT64_C(1) << 30)
_Static_assert(BLOCK_BYTES / STORE_RUN_UNIT <= UINT32_MAX, "32 bits name every run of entries");
_Static_assert(BLOCK_BYTES / MESSAGE_UNIT <= UINT32_MAX, "32 bits name every message");

#define RECORD(KIND, ...) \
    static void on_##KIND(struct world *w, const struct record *r) \
    { \
        judge_##KIND(w, r); \
        chaos_record(w, r); \
        if (metrics_want(REC_##KIND, r)) \
            metrics_record(w, r); \
        if (timeline_wants(REC_##KIND)) \
            timeline_record(w, r); \
        if (listener != NULL) \
            listener(listener_ctx, w, r); \
    }
#include "../base/records.def"
#undef RECORD

static record_hook *const on_record[REC_KINDS] = {
#define RECORD_HOOK(KIND) on_##KIND
#include "../world/record_hooks.inc"
};

static void on_call(struct world *w, uint32_t arg)
{
    assert(arg & CHAOS_CALL); /* a scenario's own calls never come this far */
    chaos_call(w, arg);
}

static void on_full(void) { longjmp(full, 1); }

static const struct watch watch = {.fault_name = fault_name, .occasion_name = occasion_name,
                                   .record = on_record, .call = on_call};

struct arena *run_block(void) { return arena_reserve(BLOCK_BYTES, sizeof(struct world)); }

static void take_ending(struct result *out, const struct ending *end)
{
    _Static_assert(sizeof(out->check) == sizeof(end->check) &&
                   sizeof(out->where) == sizeof(end->where), "as long");
    _Static_assert(sizeof(out->detail) == sizeof(end->detail) &&
                   sizeof(out->via) == sizeof(end->via), "as long");
    out->verdict = end->verdict;
    memcpy(out->check, end->check, sizeof(out->check));
    memcpy(out->detail, end->detail, sizeof(out->detail));
    memcpy(out->where, end->where, sizeof(out->where));
    memcpy(out->via, end->via, sizeof(out->via));
    out->rests = end->rests;
    snprintf(out->unable, sizeof(out->unable), "%s", end->unable != NULL ? end->unable : "");
}

struct world *run_world(struct arena *block, const struct world_plan *plan, uint64_t seed,
                        bool zero_base)
{
    struct world *w = world_init(block, plan, &watch, seed, zero_base);
    assert((void *)w == (void *)block);
    judge_start(w);
    metrics_start(w);
    return w;
}

static void play(const struct run *run, struct arena *block, struct result *out)
{
    struct world *w = run_world(block, scenario_plan(run->scenario, run->variant), run->seed,
                                run->zero_base);
    if (run->nexceptions > 0)
        choices_exceptions(w, run->exceptions, run->nexceptions);
    struct ending end;
    scenario_play(run->scenario, run->variant, w, &run->play, &end);
    take_ending(out, &end);
}

/* Copies out what the world knows, whether the play came to its end or not. */
static void collect(struct world *w, struct result *out)
{
    const struct violation *violations;
    const struct fault_count *faults_of_run = chaos_counts(w);
    out->simulated_ns = w->now;
    out->voters = (uint32_t)__builtin_popcount(voters_of(w, 0));
    out->records = w->records;
    out->count = w->count;
    out->looked_closer = w->looked_closer;
    world_digest(w, out->digest);
    if (w->judge != 0) {
        out->nviolations = judge_violations(w, &violations);
        assert(out->nviolations <= VIOLATIONS_MAX);
        if (out->nviolations > 0)
            memcpy(out->violation, violations, out->nviolations * sizeof(*violations));
        out->could_judge = judge_tallies(w, out->tally);
    }
    out->chaos = faults_of_run != NULL;
    if (faults_of_run != NULL)
        memcpy(out->faults, faults_of_run, sizeof(out->faults));
    if (w->metrics != 0)
        metrics_finish(w, out);
    timeline_finish(w);
    setup_text(w, out->setup);
}

void run_once(const struct run *asked, struct arena *block, struct result *out)
{
    assert(asked->scenario != NULL && block != NULL);
    struct run drawn = *asked;
    const struct run *const run = &drawn;
    drawn.scenario = scenario_of_seed(asked->scenario, asked->seed);
    assert(drawn.scenario != NULL);
    memset(out, 0, sizeof(*out));
    out->seed = run->seed;
    scenario_drawn(run->scenario, run->variant, out->drawn);
    listener = run->listener;
    listener_ctx = run->listener_ctx;
    timeline_start(&out->timeline);
    arena_on_full(on_full);
    if (setjmp(full) == 0) {
        play(run, block, out);
    } else {
        out->verdict = V_INCONCLUSIVE;
        snprintf(out->check, sizeof(out->check), "limit");
        snprintf(out->detail, sizeof(out->detail), "limit: memory of one run (%llu MiB)",
                 (unsigned long long)(block->cap >> 20));
    }
    if (setjmp(full) == 0)
        collect((struct world *)(void *)block, out);
    arena_on_full(NULL);
    listener = NULL;
}
