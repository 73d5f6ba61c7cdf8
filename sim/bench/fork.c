/* SPDX-License-Identifier: MIT */
/*
 * Method: a loaded world with 1,000 committed entries, stopped in mid-flight, is forked again and
 * again into places that lie one behind the other in at least 256 MiB of memory. All of it was
 * touched before, and none of it can still be in a cache when its turn comes again. In turns with
 * each pass of forks goes one in which memcpy puts as many bytes of the same world into the same
 * places: what the machine's memory costs by itself.
 */
#include "bench.h"

#include <string.h>

enum { CLIENTS = 8, ENTRIES = 1000, PASSES = 4 };

#define REGION (UINT64_C(256) << 20)
#define PAGE   UINT64_C(4096)

typedef uint64_t filler(const struct world *, struct arena *into);

static uint64_t copied;             /* bytes that a fork of the world copies */

static uint64_t copy(const struct world *w, struct arena *into)
{
    memcpy(into, w, (size_t)copied);
    return copied;
}

static uint64_t forked(const struct world *w, struct arena *into)
{
    return copied = world_fork(w, into);
}

/* Says how much room a fork has in each place. */
static void make_room(struct arena *region, uint64_t place, uint64_t places)
{
    for (uint64_t i = 0; i < places; i++)
        ((struct arena *)(void *)((char *)region + i * place))->cap = place;
}

/* CPU time, in ns, of one filling of all places. */
static uint64_t timed(const struct world *w, struct arena *region, uint64_t place, uint64_t places,
                      filler *fill)
{
    const uint64_t start = bench_cpu();
    for (uint64_t i = 0; i < places; i++)
        bench_use(fill(w, (struct arena *)(void *)((char *)region + i * place)));
    return bench_cpu() - start;
}

void part_fork(struct bench *b)
{
    struct world *w = cluster_loaded(b, CLIENTS, cluster_entries16);
    cluster_run_to(w, ENTRIES);
    const uint64_t place = (w->arena.used + PAGE - 1) / PAGE * PAGE, places = REGION / place + 1;
    struct arena *region = arena_reserve(places * place, sizeof(struct arena));
    if (!region || region->cap < places * place)
        bench_die("no memory for forks");
    memset(region, 1, (size_t)(places * place));
    const uint64_t passes = b->quick ? 1 : PASSES;
    uint64_t fork_ns = 0, copy_ns = 0;
    make_room(region, place, places);
    timed(w, region, place, 1, forked);
    for (uint64_t pass = 0; pass < passes; pass++) {
        copy_ns += timed(w, region, place, places, copy);
        make_room(region, place, places);
        fork_ns += timed(w, region, place, places, world_fork);
    }
    bench_note(FIG_fork5_us, fork_ns / (places * passes));
    bench_note(FIG_copy5_us, copy_ns / (places * passes));
    bench_note(FIG_world5_bytes, copied * 1000);
    region->cap = places * place;
    arena_release(region);
}
