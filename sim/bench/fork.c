/* SPDX-License-Identifier: MIT */
/*
 * Method: a loaded world with 1,000 committed entries, stopped in mid-flight, is forked again and
 * again into places that lie one behind the other in at least 256 MiB of memory. All of it was
 * touched before, and none of it can still be in a cache when its turn comes again.
 */
#include "bench.h"

#include <string.h>

enum { CLIENTS = 8, ENTRIES = 1000, PASSES = 4 };

#define REGION (UINT64_C(256) << 20)
#define PAGE   UINT64_C(4096)

void part_fork(struct bench *b)
{
    struct world *w = cluster_loaded(b, CLIENTS, cluster_entries16);
    cluster_run_to(w, ENTRIES);
    const uint64_t place = (w->arena.used + PAGE - 1) / PAGE * PAGE, places = REGION / place + 1;
    struct arena *region = arena_reserve(places * place, sizeof(struct arena));
    if (!region || region->cap < places * place)
        bench_die("no memory for forks");
    memset(region, 1, (size_t)(places * place));
    for (uint64_t i = 0; i < places; i++)
        ((struct arena *)(void *)((char *)region + i * place))->cap = place;
    const uint64_t forks = places * (b->quick ? 1 : PASSES), start = bench_cpu();
    for (uint64_t i = 0; i < forks; i++)
        bench_use(world_fork(w, (struct arena *)(void *)((char *)region + i % places * place)));
    bench_note(FIG_fork5_us, (bench_cpu() - start) / forks);
    bench_note(FIG_world5_bytes, w->arena.used * 1000);
    region->cap = places * place;
    arena_release(region);
}
