/* SPDX-License-Identifier: MIT */
/*
 * Method: the worlds that are measured are those that `wavetank run` makes: run_world builds them,
 * with every check, the metrics and the digest, and they are moved as a scenario's `wait` moves
 * them. Only the plan and the clients' workload are written here instead of in a scenario file.
 */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "../check/check.h"
#include "../run/run.h"

enum { NODES = 5, KEYS = 64 };

const struct bench_option cluster_fixture_timing[] = {
    {"heartbeat", MS(100), 0}, {"election-timeout", MS(1000), MS(2000)},
    {"link-delay", MS(15), 0}, {"disk-latency", MS(10), 0},
    {"check-quorum", 1, 0},    {0},
};
const struct bench_option cluster_entries1[] = {{"max-entries-per-append", 1, 0}, {"batch", 1, 0},
                                                {0}};
const struct bench_option cluster_entries16[] = {
    {"max-entries-per-append", 16, 0}, {"batch", 16, 0}, {"batch-wait", MS(1), 0}, {0},
};

static bool set_in(const struct option_row *row, void *options, const struct bench_option *o)
{
    for (; row->name; row++) {
        if (strcmp(row->name, o->name) != 0)
            continue;
        uint64_t pair[2] = {o->value, o->most ? o->most : o->value};
        memcpy((char *)options + row->offset, pair,
               row->type == OPTION_SPAN ? sizeof pair : sizeof pair[0]);
        return true;
    }
    return false;
}

const struct world_plan *cluster_plan(uint8_t clients, const struct bench_option *options)
{
    static struct world_plan plan;
    plan = (struct world_plan){
        .nodes = NODES, .clients = clients, .voters = (1u << NODES) - 1, .keys = KEYS,
        .sut = suts[0]};
    for (uint32_t slot = 0; slot <= NODES_MAX; slot++) {
        plan.sut->options_default(plan.sut_options[slot]);
        host_options_default(&plan.host[slot]);
        for (const struct bench_option *o = options; o->name; o++)
            if (!set_in(plan.sut->options, plan.sut_options[slot], o) &&
                !set_in(host_option_rows, &plan.host[slot], o))
                bench_die(o->name);
    }
    const char *why = "the options do not fit together";
    if (!plan.sut->options_valid(plan.sut_options[0], &why))
        bench_die(why);
    return &plan;
}

struct world *cluster_loaded(struct bench *b, uint8_t clients, const struct bench_option *options)
{
    struct world *w = run_world(b->block, cluster_plan(clients, options), b->round + 1, false);
    const struct workload load = {.first = CLIENT_BASE + 1,
                                  .count = clients,
                                  .keys = KEYS,
                                  .write_ppm = 1000000,
                                  .timeout = SEC(1),
                                  .retries = 9,
                                  .stop = NEVER};
    world_start(w);
    workload_start(w, &load);
    return w;
}

void cluster_run_to(struct world *w, uint64_t index)
{
    for (;;) {
        uint8_t leader = host_leader(w, 0);
        if (leader && replica_of(w, leader, 0)->commit >= index)
            return;
        if (!world_run(w, w->now + MS(1)))
            bench_die(w->stop_why);
    }
}

void cluster_finish(struct world *w)
{
    const struct violation *broken;
    judge_finish(w);
    if (judge_violations(w, &broken))
        bench_die(broken->detail);
    if (w->stop)
        bench_die(w->stop_why);
}
