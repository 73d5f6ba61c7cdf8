/* SPDX-License-Identifier: MIT */
/*
 * Every log entry that was ever created, once. An entry has a parent (the entry before it in the
 * log in which it was created), so a whole log is one number: the id of its last entry. Cutting a
 * log is choosing an ancestor; a message in flight that names an entry cannot be changed by what
 * its sender does later.
 *
 * Ids of one creator are consecutive in blocks, and neighbours differ in little but their commands:
 * what they share is kept once, in a run. A run is entries of consecutive ids, each the parent of
 * the next, all of one creator, group, term, kind and size. An entry is its command and the number
 * of its run, half a line of memory. Index and parent follow from its place in the run, and
 * store_at mostly finds an ancestor in the run of the head itself; each run knows one run far back,
 * so that any other takes a number of steps logarithmic in the number of runs.
 *
 * Entries never change; a run only grows at its end. Checkers may read this room freely; it is the
 * only one besides records.
 */
#ifndef WT_STORE_H
#define WT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arena.h"

enum { STORE_BLOCK = 32 };        /* ids that a creator takes at a time; the first id there is */
enum { STORE_CHUNK_LOG2 = 6 };    /* of the table of entries */
/* a run's number is its arena offset in these units: no table to go through */
enum { STORE_RUN_UNIT = 16 };
/* Of a disk's log only: the kind of an index that nobody ever wrote, though later ones were. */
enum { STORE_HOLE = 255 };

enum op_verb { OP_NONE, OP_READ, OP_WRITE, OP_CAS, OP_APPEND, OP_RAW };

/* What an entry asks of the state machine; its place in the log is the store's business. */
struct entry {
    uint32_t run;       /* number of its run; 0: not created */
    uint32_t op;        /* history id, 0: none */
    uint32_t seq;       /* the client's session number */
    uint16_t key;       /* index into the plan's keys */
    uint8_t client;     /* actor, 0: no session */
    uint8_t verb;       /* enum op_verb; OP_NONE: a no-op */
    uint64_t a, b;      /* values (see kv.h): written; for cas: expected, new */
};
_Static_assert(sizeof(struct entry) == 32, "an entry is half a line of memory");

struct store_run {
    uint64_t term;
    uint64_t index;     /* of the first entry */
    uint32_t first;     /* its id */
    uint32_t parent;    /* its parent; 0: the first of a log */
    uint32_t before;    /* the run that its parent is in; the origin where there is none */
    uint32_t skip;      /* a run far back, or the origin; see store.c */
    uint32_t depth;     /* runs from here to the first of the log, both included */
    uint32_t size;      /* bytes of payload of each */
    uint16_t group;
    uint8_t kind;       /* enum raft_kind's numbers, or STORE_HOLE */
    uint8_t creator;    /* node; 0: the scenario */
    bool torn;          /* its entries are holes, or stand behind one */
};

/* An entry and the run it is in; all zero: none. For whoever wants both. */
struct store_place {
    const struct store_run *run;
    uint32_t id;
};

struct store {
    struct vec entries; /* id -> struct entry; the first block unused */
    uint32_t origin;    /* the run before the first of every log, at index 0; no entry is in it */
    struct { uint32_t next, end; } block[17];   /* by creator node; 0: the scenario */
};

struct world;
void store_init(struct world *);
/* A new entry after `parent` (0: at index 1). Its index is the parent's + 1. What it asks is
 * copied, but for `run`; NULL: a no-op. */
uint32_t store_create(struct world *, uint8_t creator, uint16_t group, uint32_t parent,
                      uint64_t term, uint8_t kind, uint32_t size, const struct entry *asks);
/* The log `head` with the log `of` from index `from` on put into it by index, up to `to`: what lies
 * between the end of head and `from` are holes, and what head has beyond `to` stays. `of` must
 * reach to `to`. An entry that comes to stand behind another one than its own parent is copied,
 * unless `of` has it in that place. O(entries from the first that differs). */
uint32_t store_put(struct world *, uint32_t head, uint32_t of, uint64_t from, uint64_t to);
/* The entry `id` as it stands behind `parent` under `term`, not both of which are its own: an equal
 * one that a log in memory has there, or else a new copy. O(nodes). */
uint32_t store_behind(struct world *, uint32_t parent, uint32_t id, uint64_t term);
/* Look-ups; inline, in look.h. The id must be one that was created, or 0 where a value for it
 * is given:
 *
 *     const struct entry *store_entry(const struct world *, uint32_t id);
 *     const struct store_run *store_run(const struct world *, uint32_t id);
 *                             the run that the entry is in
 *     uint64_t store_index(const struct world *, uint32_t id);
 *                             0 for id 0
 *     uint64_t store_term(const struct world *, uint32_t id);
 *                             0 for id 0
 *     uint32_t store_parent(const struct world *, uint32_t id);
 *                             0: the first of a log
 *     uint32_t store_at(const struct world *, uint32_t head, uint64_t index);
 *                             the ancestor of head (or itself) there; 0 where index is 0 or beyond
 *                             head. Mostly O(1), at worst O(log runs)
 *     struct store_place store_find(const struct world *, uint32_t head, uint64_t index);
 *                             store_at, and its run
 *     struct store_place store_find_from(const struct world *, struct store_place head,
 *                                        uint64_t index);
 *                             the same, of a head (not none) whose run is known; index not 0
 *     struct store_place store_place(const struct world *, uint32_t id);
 *     bool store_holds(const struct world *, uint32_t id);
 *                             of any id below entries.n: it was created
 *     uint32_t store_readable(const struct world *, uint32_t head);
 *                             the log without its first hole and what stands behind that; O(1)
 *                             where there is none */
static inline uint64_t run_index(const struct store_run *run, uint32_t id)
{
    return run->index + (id - run->first);
}
static inline uint32_t run_parent(const struct store_run *run, uint32_t id)
{
    return id > run->first ? id - 1 : run->parent;
}
/* store_find where the entry, of index 1 or above, is not in the run of the head. */
struct store_place store_far(const struct world *, const struct store_run *of_head, uint64_t index);
/* store_readable of a log in which there is a hole. O(runs behind the hole). */
uint32_t store_before_hole(const struct world *, uint32_t head);
/* The bytes of the `n` entries of a log that end with `id`; n is at most its index. O(runs among
 * them). */
uint64_t store_bytes(const struct world *, uint32_t id, uint64_t n);
/* A 64-bit fingerprint of everything in the entry but its id: term, index, kind, size, creator,
 * group, and what it asks but for its history id. */
uint64_t store_content(const struct world *, struct store_place);

#endif
