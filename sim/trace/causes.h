/* SPDX-License-Identifier: MIT */
/*
 * What led to a record: the message behind its arrival, the step that sent it, the write that had
 * to be durable first, the statement that began it, and so on backwards.
 *
 * The latest records of a run are kept, and asked in the moment at which the record is the newest:
 * so what led to it is known as far back as they reach, wherever in the run it is.
 */
#ifndef WT_CAUSES_H
#define WT_CAUSES_H

#include "../world/world.h"

enum { RECENT_RECORDS = 1 << 16, CAUSES_MAX = 32 };

/* With the sign that its line has (text.h), which only the moment knows. */
struct recent_record { struct record record; char sign; };
/* Some 5 MB: the latest of `n` records, by ordinal from 1. */
struct recent { uint64_t n; struct recent_record ring[RECENT_RECORDS]; };

void recent_add(struct recent *, const struct world *, const struct record *);
/* NULL: it has gone, or has not come. */
const struct recent_record *recent_at(const struct recent *, uint64_t ordinal);
/* The latest record of this kind before an ordinal; 0: none is kept. */
uint64_t recent_before(const struct recent *, uint64_t ordinal, enum record_kind);
/* What led to a record that is kept: ordinals, the nearest causes first; at most `most`, of
 * CAUSES_MAX. Returns how many. */
uint32_t recent_causes(const struct recent *, const struct world *, uint64_t ordinal,
                       uint64_t *causes, uint32_t most);

#endif
