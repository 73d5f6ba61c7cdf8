/* SPDX-License-Identifier: MIT */
/*
 * What a world is built from: who is in it, the options of hosts, and what disks hold before it
 * begins. Plain data of whoever builds worlds; a world never writes to it.
 */
#ifndef WT_PLAN_H
#define WT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "../sut/sut.h"

#define NEVER UINT64_MAX
#define US(n) ((uint64_t)(n) * 1000u)
#define MS(n) ((uint64_t)(n) * 1000000u)
#define SEC(n) ((uint64_t)(n) * 1000000000u)

/* Actors: nodes are 1..16, clients 17..216 (client number + 16). 0 is nobody. */
enum { NODES_MAX = 16, CLIENT_BASE = 16, CLIENTS_MAX = 200 };
typedef uint32_t node_set;                     /* bit i-1: node i */
#define NODE_BIT(n) (UINT32_C(1) << ((n) - 1u))
enum { GROUPS_MAX = 64 };                      /* of a scenario */
/* n1 .. n of that number */
static inline node_set nodes_to(uint32_t n) { return (node_set)((UINT64_C(1) << n) - 1); }

/* Options of the host around a SUT, beside the SUT's own (sut->options). Rows in
 * world/options.def, same macros as core's. */
struct host_options {
#define OPT_BOOL(field, ...) uint64_t field;
#define OPT_TIME(field, ...) uint64_t field;
#define OPT_SPAN(field, ...) uint64_t field##_min, field##_max;
#define OPT_COUNT(field, ...) uint64_t field;
#define OPT_BYTES(field, ...) uint64_t field;
#define OPT_PPM(field, ...) uint64_t field;
#define OPT_ENUM(field, ...) uint64_t field;
#include "options.def"
};
extern const struct option_row host_option_rows[];   /* ends with a NULL name */
void host_options_default(struct host_options *);

/* What a node's disk holds before the world begins. */
struct preload {
    uint64_t term, commit;
    uint8_t vote, set;              /* set: this node has a preload */
    uint32_t nentries;
    /* index 1.. */
    const struct preload_entry { uint64_t term; uint64_t value; bool has_value; } *entries;
};

/* Everything a world is built from; owned by the caller, read-only, and outlives the world.
 * Arrays are indexed by node (1..) or actor. */
struct world_plan {
    uint8_t nodes, clients;         /* 1..16, 0..CLIENTS_MAX */
    node_set voters;
    node_set spare;                 /* nodes that exist but are not started */
    uint16_t groups;                /* from 1; 0: 1. Each process has a replica of each */
    const node_set *group_voters;   /* by group, from 0; NULL: `voters` of them all */
    uint16_t keys;                  /* of the key-value store */
    const char *const *key_names;
    const char *const *atoms;       /* strings that values name; atom 0 unused */
    uint32_t natoms;
    const char *const *client_names;     /* by client number 1..clients */
    const char *const *statements;       /* of the scenario, in words, by number 1..nstatements */
    uint32_t nstatements;
    const struct sut *sut;
    uint64_t sut_options[NODES_MAX + 1][64]; /* option bytes a node, each slot complete; slot 0:
                                                what holds for all */
    struct host_options host[NODES_MAX + 1]; /* likewise; world-wide options are read from slot 0 */
    struct preload preload[NODES_MAX + 1];
};

#endif
