/* SPDX-License-Identifier: MIT */
/*
 * The peer: the cluster fixture of libraft (Debian's libraft-dev, as it is packaged), five voters
 * with the timing that it has by default, which is what cluster_fixture_timing repeats.
 *
 * Method: a client is an apply of one 64-byte entry that is submitted anew as soon as its callback
 * has come, so that `depth` of them are under way at any time. The fixture scans what is pending at
 * every step, so the fewer the quicker; several depths are measured, from the least at which one
 * can speak of a pipe, and the best counts, for steps and for entries each. A step is a call of
 * raft_fixture_step: a request sent or delivered, a disk write, or a tick. It is linked statically,
 * which makes it a little faster.
 *
 * It also copies the leader's log at every step. Snapshots: the threshold is 100 entries, and ten
 * trail, which does it good (its default is 128). With a log of 1,000 there is no snapshot, and the
 * clock runs while the log grows from there by a few hundred entries.
 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#include <raft.h>
#include <raft/fixture.h>

enum {
    SERVERS = 5,
    ENTRY_BYTES = 64,
    BATCH_MAX = 16,
    PIPE_MAX = 64,
    WARM = 1000,
    THRESHOLD = 100,
    TRAILING = 10,
    NO_SNAPSHOT = 1 << 30,
    SNAP_ENTRIES = 20000,
    LOG_ENTRIES = 200,
    IDLE_MS = 2000000,
    QUICKER = 10,
    STEPS_MAX = 100000000
};

struct shape {
    unsigned depth, batch, threshold;
    uint64_t entries;
};
struct got {
    uint64_t steps, entries, ns;
};

static struct raft_fixture fixture;
static struct raft_fsm machines[SERVERS];
static struct raft_apply applies[PIPE_MAX];
static unsigned free_applies[PIPE_MAX], nfree;

/* ---- its state machine ----------------------------------------------------------------------- */

static int machine_apply(struct raft_fsm *fsm, const struct raft_buffer *buf, void **result)
{
    (void)buf;
    *result = NULL;
    *(uint64_t *)fsm->data += 1;
    return 0;
}

static int machine_snapshot(struct raft_fsm *fsm, struct raft_buffer *bufs[], unsigned *n)
{
    struct raft_buffer *buf = raft_malloc(sizeof *buf);
    *buf = (struct raft_buffer){.base = raft_malloc(sizeof(uint64_t)), .len = sizeof(uint64_t)};
    memcpy(buf->base, fsm->data, sizeof(uint64_t));
    *bufs = buf;
    *n = 1;
    return 0;
}

static int machine_restore(struct raft_fsm *fsm, struct raft_buffer *buf)
{
    memcpy(fsm->data, buf->base, sizeof(uint64_t));
    raft_free(buf->base);
    return 0;
}

/* ---- a cluster ------------------------------------------------------------------------------- */

static void must(int rc, const char *what)
{
    if (rc != 0)
        bench_die(what);
}

static void open_cluster(unsigned threshold)
{
    static uint64_t applied[SERVERS];
    struct raft_configuration conf;
    memset(&fixture, 0, sizeof fixture);
    must(raft_fixture_initialize(&fixture), "fixture: initialize");
    for (unsigned i = 0; i < SERVERS; i++) {
        machines[i] = (struct raft_fsm){.version = 1,
                                        .data = &applied[i],
                                        .apply = machine_apply,
                                        .snapshot = machine_snapshot,
                                        .restore = machine_restore};
        must(raft_fixture_grow(&fixture, &machines[i]), "fixture: grow");
    }
    must(raft_fixture_configuration(&fixture, SERVERS, &conf), "fixture: configuration");
    must(raft_fixture_bootstrap(&fixture, &conf), "fixture: bootstrap");
    raft_configuration_close(&conf);
    for (unsigned i = 0; i < SERVERS; i++) {
        raft_set_snapshot_threshold(raft_fixture_get(&fixture, i), threshold);
        raft_set_snapshot_trailing(raft_fixture_get(&fixture, i), TRAILING);
    }
    must(raft_fixture_start(&fixture), "fixture: start");
    raft_fixture_elect(&fixture, 0);
}

static void applied_one(struct raft_apply *req, int status, void *result)
{
    (void)result;
    must(status, "fixture: an apply failed");
    free_applies[nfree++] = (unsigned)(req - applies);
}

static void submit(struct raft *leader, unsigned batch)
{
    while (nfree) {
        struct raft_buffer bufs[BATCH_MAX];
        for (unsigned i = 0; i < batch; i++) {
            bufs[i] = (struct raft_buffer){.base = raft_malloc(ENTRY_BYTES), .len = ENTRY_BYTES};
            memset(bufs[i].base, 1, ENTRY_BYTES);
        }
        must(raft_apply(leader, &applies[free_applies[--nfree]], bufs, batch, applied_one),
             "fixture: apply");
    }
}

/* Steps until the leader has committed `index`. Returns the steps taken. */
static uint64_t step_to(struct raft *leader, unsigned batch, uint64_t index)
{
    uint64_t steps = 0;
    for (; leader->commit_index < index; steps++) {
        submit(leader, batch);
        raft_fixture_step(&fixture);
        if (steps > STEPS_MAX)
            bench_die("fixture: commits nothing");
    }
    return steps;
}

static struct got load(const struct shape *shape)
{
    open_cluster(shape->threshold);
    struct raft *leader = raft_fixture_get(&fixture, 0);
    for (nfree = 0; nfree < shape->depth; nfree++)
        free_applies[nfree] = nfree;
    step_to(leader, shape->batch, WARM);
    const uint64_t from = leader->commit_index, start = bench_cpu();
    const uint64_t steps = step_to(leader, shape->batch, from + shape->entries);
    struct got got = {.steps = steps, .entries = leader->commit_index - from,
                      .ns = bench_cpu() - start};
    if (raft_fixture_leader_index(&fixture) != 0)
        bench_die("fixture: the leader changed");
    raft_fixture_close(&fixture);
    return got;
}

/* The best of several depths, for steps and entries each, in thousandths a second. */
static void best_of(const unsigned *depths, struct shape shape, uint64_t *steps, uint64_t *entries)
{
    *steps = *entries = 0;
    for (; *depths; depths++) {
        shape.depth = *depths;
        const struct got got = load(&shape);
        const uint64_t a = got.steps * UINT64_C(1000000000) / got.ns * 1000,
                       b = got.entries * UINT64_C(1000000000) / got.ns * 1000;
        *steps = a > *steps ? a : *steps;
        *entries = b > *entries ? b : *entries;
    }
}

/* ---- parts ----------------------------------------------------------------------------------- */

void part_fixture_snap(struct bench *b)
{
    static const unsigned depths[] = {8, 16, 32, 64, 0}, depths16[] = {8, 16, 0};
    struct shape shape = {
        .batch = 1, .threshold = THRESHOLD,
        .entries = b->quick ? SNAP_ENTRIES / QUICKER : SNAP_ENTRIES};
    uint64_t steps, entries;
    best_of(depths, shape, &steps, &entries);
    bench_note(FIG_fixture_loaded5_snap_steps_per_s, steps);
    bench_note(FIG_fixture_loaded5_snap_entries_per_s, entries);
    shape.batch = BATCH_MAX;
    shape.entries *= 5;
    best_of(depths16, shape, &steps, &entries);
    bench_note(FIG_fixture_loaded5_snap_batch16_entries_per_s, entries);
}

void part_fixture_log(struct bench *b)
{
    static const unsigned depths[] = {8, 32, 0};
    const struct shape shape = {
        .batch = 1, .threshold = NO_SNAPSHOT,
        .entries = b->quick ? LOG_ENTRIES / QUICKER : LOG_ENTRIES};
    uint64_t steps, entries;
    best_of(depths, shape, &steps, &entries);
    bench_note(FIG_fixture_loaded5_log1000_steps_per_s, steps);
    bench_note(FIG_fixture_loaded5_log1000_entries_per_s, entries);
}

void part_fixture_idle(struct bench *b)
{
    const unsigned ms = b->quick ? IDLE_MS / QUICKER : IDLE_MS;
    open_cluster(NO_SNAPSHOT);
    const uint64_t from = raft_fixture_time(&fixture), start = bench_cpu();
    while (raft_fixture_time(&fixture) < from + ms)
        raft_fixture_step(&fixture);
    bench_rate(FIG_fixture_idle5_simulated_s_per_s, ms / 1000, bench_cpu() - start);
    raft_fixture_close(&fixture);
}
