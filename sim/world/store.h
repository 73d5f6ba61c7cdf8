/* SPDX-License-Identifier: MIT */
/*
 * Every log entry that was ever created, once. An entry names its parent (the entry before it in the log in
 * which it was created), so a whole log is one number: the id of its last entry. Cutting a log is choosing
 * an ancestor; a message in flight that names an entry cannot be changed by what its sender does later.
 *
 * Ids of one creator run consecutively in blocks, and each entry knows the first entry of its
 * run of consecutive ids and one ancestor far back, so that store_at finds an ancestor in one
 * step in the usual case and in a logarithmic number of them at worst.
 *
 * Entries never change. Checkers may read this room freely; it is the only one besides records.
 */
#ifndef WT_STORE_H
#define WT_STORE_H

#include <stdint.h>

#include "../base/arena.h"

enum { STORE_BLOCK = 32 };   /* ids that a creator takes at a time */

enum op_verb { OP_NONE, OP_READ, OP_WRITE, OP_CAS, OP_APPEND, OP_RAW };

/* What an entry asks of the state machine. */
struct command {
    uint8_t verb;       /* enum op_verb; OP_NONE: a no-op */
    uint8_t client;     /* actor, 0: no session */
    uint16_t key;       /* index into the plan's keys */
    uint32_t seq;       /* the client's session number */
    uint32_t op;        /* history id, 0: none */
    uint32_t size;      /* bytes of payload */
    uint64_t a, b;      /* values (see kv.h): written; for cas: expected, new */
};

struct entry {
    uint64_t term, index;
    uint32_t parent;    /* entry id; 0: the first of a log */
    uint32_t skip;      /* an ancestor far back, 0: none; see store.c */
    uint32_t run;       /* first id of the consecutive ancestors that this entry ends */
    uint8_t kind;       /* enum raft_kind's numbers */
    uint8_t creator;    /* node */
    uint16_t group;
    struct command cmd;
};
_Static_assert(sizeof(struct entry) == 64, "an entry is one line of memory");

struct store {
    struct vec entries;        /* id -> struct entry; id 0 unused */
    struct { uint32_t next, end; } block[17];   /* by creator node; 0: the scenario */
};

struct world;
void store_init(struct world *);
/* A new entry after `parent` (0: at index 1). Its index is the parent's + 1. */
uint32_t store_create(struct world *, uint8_t creator, uint16_t group, uint32_t parent, uint64_t term, uint8_t kind,
                      uint32_t size, const struct command *);
/* Look-ups; inline, in world.h:
 *
 *     const struct entry *store_entry(const struct world *, uint32_t id);                the id must exist
 *     uint64_t store_index(const struct world *, uint32_t id);                           0 for id 0
 *     uint64_t store_term(const struct world *, uint32_t id);                            0 for id 0
 *     uint32_t store_at(const struct world *, uint32_t head, uint64_t index);            the ancestor of head (or itself)
 *                             there; 0 where index is 0 or beyond head. O(log index), and mostly O(1) */
/* store_at where the entry is not in the run of ids that ends in head. */
uint32_t store_far(const struct world *, uint32_t head, uint64_t index);
/* A 64-bit fingerprint of everything in the entry but its id: term, index, kind, size, creator, command. */
uint64_t store_content(const struct entry *);

#endif
