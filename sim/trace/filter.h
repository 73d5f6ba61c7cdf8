/* SPDX-License-Identifier: MIT */
/* Which records are meant: by what they are, who acts, when, and what they are about. What the
 * command line shows of a trace is chosen so, and what a verdict rests on is named so. */
#ifndef WT_FILTER_H
#define WT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "../world/surgery.h"

#define KIND_BIT(kind) (UINT64_C(1) << REC_##kind)

/* Nodes and clients, by their numbers. */
struct actor_bits { uint64_t bits[4]; };
void actors_add(struct actor_bits *, uint8_t actor);
void actors_add_nodes(struct actor_bits *, node_set);
bool actors_have(const struct actor_bits *, uint8_t actor);
bool actors_any(const struct actor_bits *);

/* All that is said must hold; what is zero says nothing. Plain data. */
struct record_filter {
    uint64_t kinds;                 /* bits: 1 << enum record_kind */
    uint32_t subs;                  /* bits: 1 << sub */
    uint32_t classes;               /* bits by number (classes.def) */
    uint64_t from, before;          /* true ns, from included; before 0: to the end */
    struct actor_bits actors;        /* who acts or, of a message, stands at its other end */
    uint32_t op;                    /* the operation that it tells of */
    uint32_t key;                   /* of that operation: number of the key + 1 */
    uint16_t group;                 /* from 1, with records of no group; 0: any */
    bool by_label;                  /* messages only, and only those that match */
    struct label_match label;
};
bool filter_takes(const struct record_filter *, const struct world *, const struct record *);

bool record_is_message(const struct record *);
/* The label of the message that a record tells of; without its bytes. */
struct msg_label record_label(const struct record *);
/* The operation that a record tells of: of a client, of the message that carries it or answers it,
 * of the entry that is appended or applied; 0: of none. */
uint32_t record_op(const struct world *, const struct record *);
/* That operation; NULL: there is none, or it has no key. */
const struct op *record_keyed_op(const struct world *, const struct record *);

/* What a verdict rests on: the latest so many records that a filter takes, of all together or of
 * each node and client that acts in them. */
enum { EVIDENCE_MAX = 8, EVIDENCE_LATEST = 8 };
struct evidence_part {
    struct record_filter filter;
    uint8_t latest;                 /* 1..EVIDENCE_LATEST */
    bool each;
};
struct evidence { uint32_t n; struct evidence_part part[EVIDENCE_MAX]; };
void evidence_add(struct evidence *, const struct evidence_part *);  /* nothing where it is full */

#endif
