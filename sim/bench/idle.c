/* SPDX-License-Identifier: MIT */
/* Method: five voters with the fixture's timing and no client; a leader is there before the
 * clock starts. */
#include "bench.h"

#include "../run/run.h"

enum { WARM_S = 10, IDLE_S = 20000, IDLE_S_QUICK = 2000 };

void part_idle(struct bench *b)
{
    const uint64_t seconds = b->quick ? IDLE_S_QUICK : IDLE_S;
    struct world *w = run_world(b->block, cluster_plan(0, cluster_fixture_timing), b->round + 1,
                                false);
    world_start(w);
    world_run(w, SEC(WARM_S));
    const uint8_t leader = host_leader(w, 0);
    const uint64_t start = bench_cpu();
    world_run(w, w->now + SEC(seconds));
    bench_rate(FIG_idle5_simulated_s_per_s, seconds, bench_cpu() - start);
    if (!leader || host_leader(w, 0) != leader)
        bench_die("the idle cluster did not keep its leader");
    cluster_finish(w);
}
