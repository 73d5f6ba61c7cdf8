/* SPDX-License-Identifier: MIT */
/* A small world for tests: default options, records counted and the last ones kept,
 * nothing judged. */
#ifndef WT_TEST_TANK_H
#define WT_TEST_TANK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../world/world.h"

enum { TANK_KEPT = 4096 };

static struct world_plan tank_plan;
static struct record tank_records[TANK_KEPT];
static uint32_t tank_n;

static void tank_record(struct world *w, const struct record *r)
{
    (void)w;
    if (tank_n < TANK_KEPT)
        tank_records[tank_n++] = *r;
}

static void tank_call(struct world *w, uint32_t arg)
{
    (void)w;
    (void)arg;
}

static inline const char *tank_fault_name(uint8_t sub)
{
    (void)sub;
    return "?";
}

static record_hook *const tank_record_hooks[REC_KINDS] = {
#define RECORD_HOOK(KIND) tank_record
#include "../world/record_hooks.inc"
};

static const struct watch tank_watch = {.fault_name = tank_fault_name,
                                        .occasion_name = tank_fault_name,
                                        .record = tank_record_hooks, .call = tank_call};

/* A plan of `nodes` voters and `clients` clients; change tank_plan before tank_open if a test
 * needs to. */
static inline void tank_prepare(uint8_t nodes, uint8_t clients)
{
    tank_plan = (struct world_plan){.nodes = nodes, .clients = clients, .voters = (1u << nodes) - 1,
                                    .keys = 4, .sut = suts[0]};
    for (uint32_t i = 0; i <= NODES_MAX; i++) {
        suts[0]->options_default(tank_plan.sut_options[i]);
        host_options_default(&tank_plan.host[i]);
    }
    tank_n = 0;
}

static inline struct world *tank_open(uint64_t seed)
{
    struct arena *block = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    assert_non_null(block);
    return world_init(block, &tank_plan, &tank_watch, seed, false);
}

static inline void tank_close(struct world *w) { arena_release(&w->arena); }

static inline uint32_t tank_count(enum record_kind kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < tank_n; i++)
        n += tank_records[i].kind == kind;
    return n;
}

#endif
