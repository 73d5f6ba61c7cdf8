/* SPDX-License-Identifier: MIT */
/*
 * Method: two hundred clients write as fast as they are answered. The clock runs from a log of
 * 1,000 entries (leader elected, pipe full) over a window of as many entries in each run; in the
 * run of 16 entries a message once more from a log of 1,000,000. Linearizability is decided after
 * the clock has stopped, and has a figure of its own.
 */
#include "bench.h"

enum { CLIENTS = 200, WINDOW = 100000, WARM = 1000, LONG = 1000000, QUICKER = 10 };

struct window {
    uint64_t entries, events, ns;
};

/* What the clock sees. A function of its own, so that a profiler can be told to look at nothing
 * else: valgrind --tool=callgrind --toggle-collect=clocked build/bench --quick --rounds 1
 * --only loaded */
static __attribute__((noinline)) void clocked(struct world *w, uint64_t to)
{
    cluster_run_to(w, to);
}

static struct window measure(struct world *w, uint64_t from, uint64_t entries)
{
    cluster_run_to(w, from);
    const struct counters was = w->count;
    const uint64_t start = bench_cpu();
    clocked(w, from + entries);
    return (struct window){
        .ns = bench_cpu() - start, .entries = w->count.commits - was.commits,
        .events = w->count.events - was.events};
}

static void finish(struct world *w, enum figure linear)
{
    const uint64_t start = bench_cpu();
    cluster_finish(w);
    if (linear != FIGURES)
        bench_note(linear, (bench_cpu() - start) * 1000 / w->count.ops);
}

void part_loaded(struct bench *b)
{
    struct world *w = cluster_loaded(b, CLIENTS, cluster_entries1);
    const struct window got = measure(w, WARM, b->quick ? WINDOW / QUICKER : WINDOW);
    bench_rate(FIG_loaded5_events_per_s, got.events, got.ns);
    bench_rate(FIG_loaded5_entries1_per_s, got.entries, got.ns);
    finish(w, FIG_loaded5_linear_ns_per_op);
}

void part_loaded16(struct bench *b)
{
    const uint64_t window = b->quick ? WINDOW / QUICKER : WINDOW,
        late = b->quick ? LONG / QUICKER : LONG;
    struct world *w = cluster_loaded(b, CLIENTS, cluster_entries16);
    const struct window early = measure(w, WARM, window), long_log = measure(w, late, window);
    bench_rate(FIG_loaded5_entries16_per_s, early.entries, early.ns);
    bench_rate(FIG_loaded5_entries16_events_per_s, early.events, early.ns);
    bench_note(FIG_loaded5_flatness,
               long_log.entries * 1000 * early.ns / long_log.ns / early.entries);
    finish(w, FIGURES);
}
