/* SPDX-License-Identifier: MIT */
/* A storm for tests: one chaos block, over a tank whose four clients read and write. Who wants to
 * see its records sets storm_seen. */
#ifndef WT_STORM_H
#define WT_STORM_H

#include "tank.h"

#include <string.h>

#include "../faults/fault.h"

static record_hook *storm_seen;  /* NULL: nobody */
static void (*storm_plan)(void); /* changes tank_plan; NULL: nothing does */

static void storm_record(struct world *w, const struct record *r)
{
    chaos_record(w, r);
    if (storm_seen)
        storm_seen(w, r);
}

static void storm_call(struct world *w, uint32_t arg)
{
    assert_true(arg & CHAOS_CALL);
    chaos_call(w, arg);
}

static record_hook *const storm_record_hooks[REC_KINDS] = {
#define RECORD_HOOK(KIND) storm_record
#include "../world/record_hooks.inc"
};

static const struct watch storm_watch = {.fault_name = fault_name, .occasion_name = occasion_name,
                                         .record = storm_record_hooks, .call = storm_call};

static struct chaos_block block;

static const struct fault *kind_named(const char *name)
{
    for (uint32_t i = 0; faults[i]; i++)
        if (strcmp(faults[i]->name, name) == 0)
            return faults[i];
    fail_msg("no kind %s", name);
    return NULL;
}

static void add_line(const char *name, uint32_t weight)
{
    block.lines[block.nlines++] = (struct fault_line){.kind = kind_named(name), .weight = weight};
}

__attribute__((unused)) static void add_all(uint32_t weight)
{
    for (uint32_t i = 0; faults[i]; i++)
        add_line(faults[i]->name, weight);
}

static void prepare_block(uint64_t duration, uint64_t progress)
{
    block = (struct chaos_block){.swarm = true, .duration = duration,
                                 .progress_within = {.ns = progress}};
}

/* An option of all nodes, whose value is one word. */
__attribute__((unused)) static void set_option(const char *name, uint64_t value)
{
    for (const struct option_row *o = suts[0]->options; o->name; o++)
        for (uint8_t n = 1; n <= tank_plan.nodes && strcmp(o->name, name) == 0; n++)
            memcpy((char *)tank_plan.sut_options[n] + o->offset, &value, sizeof value);
}

static struct world *begin(uint8_t nodes, uint64_t seed, bool zero)
{
    tank_prepare(nodes, 4);
    if (storm_plan)
        storm_plan();
    struct arena *arena = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    assert_non_null(arena);
    struct world *w = world_init(arena, &tank_plan, &storm_watch, seed, zero);
    world_start(w);
    workload_start(w, &(struct workload){.first = CLIENT_BASE + 1, .count = 4, .keys = 2,
                                         .read_ppm = 300000, .write_ppm = 700000,
                                         .pause_min = MS(1), .pause_max = MS(5), .timeout = MS(300),
                                         .retries = 3, .stop = NEVER});
    chaos_begin(w, &block);
    return w;
}

#endif
