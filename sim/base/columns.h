/* SPDX-License-Identifier: MIT */
/*
 * The columns of a record by name. For each row COLUMN(name, ...) of columns.def there are
 *     rec_NAME(r)               what stands there, in the type's own width
 *     rec_set_NAME(r, value)    writes it; the rest of the record stays
 * The columns that are COMMON are read as r->node, r->peer, r->term, r->index.
 *
 * With WT_RECORD_CHECKS (all of a build with a sanitizer or below -O2, and the tests' own files in
 * any) a record whose kind has no such column ends the program; elsewhere a reader is one load.
 */
#ifndef WT_COLUMNS_H
#define WT_COLUMNS_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "record.h"

enum column_type {
#define TYPE(name, c_type, what) COLUMN_TYPE_##name,
#include "column_types.def"
    COLUMN_TYPES
};
#define TYPE(name, c_type, what) typedef c_type column_##name;
#include "column_types.def"

enum column {
#define COMMON(name, type) COLUMN_##name,
#define COLUMN(name, type, place) COLUMN_##name,
#include "columns.def"
    COLUMNS
};
/* where a COLUMN lies; a COMMON one has a field of its own */
enum column_place {
    PLACE_COMMON, PLACE_A, PLACE_B, PLACE_C, PLACE_C_LOW, PLACE_C_HIGH, PLACE_REF, PLACE_INDEX,
    PLACE_NODE, PLACE_PEER, PLACE_SUB, PLACE_FLAGS, PLACE_FLAGS_LOW, PLACE_FLAGS_HIGH
};

extern const bool record_has[REC_KINDS][COLUMNS];    /* which columns a kind has */

/* Any column by its number, for whoever goes through all of them. */
uint64_t record_get(const struct record *, enum column);
void record_set(struct record *, enum column, uint64_t value);

/* The number that the record's kind is divided by: a message's type, a role, a verb, an outcome,
 * ...; 0 where it is not. For masks over records of any kind. */
static inline uint8_t rec_sub(const struct record *r) { return r->raw_sub; }
/* Is it among these (bits: 1 << sub)? 0: among all. */
static inline bool rec_sub_among(const struct record *r, uint32_t subs)
{
    return !subs || (r->raw_sub < 32 && (subs >> r->raw_sub & 1));
}

#ifdef WT_RECORD_CHECKS
#define REC_MUST_HAVE(r, column) assert(record_has[(r)->kind][COLUMN_##column])
#else
#define REC_MUST_HAVE(r, column) ((void)0)
#endif

/* ---- places ---------------------------------------------------------------------------------- */

#define REC_GET_A(r) ((r)->raw_a)
#define REC_GET_B(r) ((r)->raw_b)
#define REC_GET_C(r) ((r)->raw_c)
#define REC_GET_C_LOW(r) ((r)->raw_c & UINT32_MAX)
#define REC_GET_C_HIGH(r) ((r)->raw_c >> 32)
#define REC_GET_REF(r) ((r)->raw_ref)
#define REC_GET_INDEX(r) ((r)->index)
#define REC_GET_NODE(r) ((r)->node)
#define REC_GET_PEER(r) ((r)->peer)
#define REC_GET_SUB(r) ((r)->raw_sub)
#define REC_GET_FLAGS(r) ((r)->raw_flags)
#define REC_GET_FLAGS_LOW(r) ((r)->raw_flags & UINT8_MAX)
#define REC_GET_FLAGS_HIGH(r) ((r)->raw_flags >> 8)

#define REC_PUT_A(r, v) ((r)->raw_a = (v))
#define REC_PUT_B(r, v) ((r)->raw_b = (v))
#define REC_PUT_C(r, v) ((r)->raw_c = (v))
#define REC_PUT_C_LOW(r, v) ((r)->raw_c = ((r)->raw_c >> 32 << 32) | (v))
#define REC_PUT_C_HIGH(r, v) ((r)->raw_c = ((r)->raw_c & UINT32_MAX) | (uint64_t)(v) << 32)
#define REC_PUT_REF(r, v) ((r)->raw_ref = (v))
#define REC_PUT_INDEX(r, v) ((r)->index = (v))
#define REC_PUT_NODE(r, v) ((r)->node = (v))
#define REC_PUT_PEER(r, v) ((r)->peer = (v))
#define REC_PUT_SUB(r, v) ((r)->raw_sub = (v))
#define REC_PUT_FLAGS(r, v) ((r)->raw_flags = (v))
#define REC_PUT_FLAGS_LOW(r, v) \
    ((r)->raw_flags = (uint16_t)(((unsigned)(r)->raw_flags & 0xff00u) | (unsigned)(v)))
#define REC_PUT_FLAGS_HIGH(r, v) \
    ((r)->raw_flags = (uint16_t)(((unsigned)(r)->raw_flags & 0xffu) | (unsigned)(v) << 8))

/* ---- readers and writers --------------------------------------------------------------------- */

#define COMMON(name, type)
#define COLUMN(name, type, place)                                                                  \
    static inline column_##type rec_##name(const struct record *r)                                 \
    {                                                                                              \
        REC_MUST_HAVE(r, name);                                                                    \
        return (column_##type)REC_GET_##place(r);                                                  \
    }                                                                                              \
    static inline void rec_set_##name(struct record *r, column_##type value)                       \
    {                                                                                              \
        REC_MUST_HAVE(r, name);                                                                    \
        REC_PUT_##place(r, value);                                                                 \
    }
#include "columns.def"

#endif
