/* SPDX-License-Identifier: MIT */
/*
 * The replicated state machine: a key-value store with client sessions (exactly once, D 6.3). One
 * copy a node, in the arena: an array of values and an array of sessions, so that applying a
 * command touches two lines of memory.
 *
 * A value is one word: 0 is "absent"; a number n is n << 2 | 1; a string is its plan's atom id <<
 * 2 | 2; a list (made by append) is a 62-bit fingerprint << 2 | 3, whose items the world's list
 * table knows.
 */
#ifndef WT_KV_H
#define WT_KV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

#define VALUE_ABSENT UINT64_C(0)
#define VALUE_NUMBER(n) ((uint64_t)(n) << 2 | 1u)
#define VALUE_ATOM(id) ((uint64_t)(id) << 2 | 2u)

struct world;
/* outcome: enum op_outcome OK or FAIL. value: read value, or for cas the value found */
struct kv_result { uint64_t value; uint8_t outcome; };

uint64_t kv_size(uint32_t keys, uint32_t sessions);      /* bytes of one copy */
/* arena offset of a new empty copy for this world's keys and clients */
uint64_t kv_take(struct world *);
void kv_reset(struct world *, uint64_t kv);
/* Applies what one entry asks (client 0: no session; OP_RAW and OP_NONE change nothing). A repeated
 * (client, seq) returns the remembered result; a seq older than the session's returns FAIL and
 * changes nothing. */
struct kv_result kv_apply(struct world *, uint64_t kv, const struct entry *);
uint64_t kv_get(const struct world *, uint64_t kv, uint16_t key);
/* of the whole state, kept incrementally: O(1) */
uint64_t kv_hash(const struct world *, uint64_t kv);
/* The value of a list after appending `item` to `list` (absent: an empty list; a single value: a
 * list of one). Pure. */
uint64_t value_append(struct world *, uint64_t list, uint64_t item);
/* What value_append made of what: false where the value is no list. The list before is absent where
 * the item was alone; one of a single item may have been that item, and no list, before. */
bool value_split(const struct world *, uint64_t list, uint64_t *before, uint64_t *item);
/* Writes a value as a user would type it: 7, "abc", [1 2 "x"], absent. Returns the length it
 * needed, as snprintf. */
int value_print(const struct world *, uint64_t value, char *out, size_t size);

#endif
