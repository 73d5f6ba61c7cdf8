/* SPDX-License-Identifier: MIT */
/*
 * Units of times, shares and bytes: what numbers with a unit come to. The reader takes them by
 * these tables, and the printer spells them by them.
 */
#ifndef WT_UNITS_H
#define WT_UNITS_H

#include "lex.h"

/* a thousand million seconds: sums of a few times fit */
#define SCALED_MOST UINT64_C(1000000000000000000)

struct unit { const char *name; uint64_t scale; };
/* Each ends with a NULL name. Times are in ns, shares in ppm, bytes in bytes; among those, "" is a
 * number alone. */
extern const struct unit time_units[], share_units[], byte_units[];

/* The unit of a number, among these; NULL: it has none, or another. */
const struct unit *unit_of(const struct token *, const struct unit *);
/* Its value, cut to an integer. `lender`: the token whose unit is used where this one has none
 * ("10..40ms"); NULL: its own only. A bare 0 needs no unit. False: not of these units, or too large
 * for 64 bits. */
bool unit_value(const struct token *, const struct token *lender, const struct unit *,
                uint64_t *value);

enum { SPELLED_BYTES = 64 };
/* In percent: 5%, 0.25%. */
void share_spell(uint64_t ppm, char out[SPELLED_BYTES]);
/* In the largest unit of the ladder, up to place `most`, in which it is a whole number. False: in
 * none. */
bool whole_spell(uint64_t value, const struct unit *ladder, size_t most, char out[SPELLED_BYTES]);
/* As `fmt` spells it: 1s, 250ms, 1500us. Minutes and hours stay where somebody wrote them (`like`,
 * may be NULL); nobody's 60s becomes 1m. */
void time_spell(uint64_t ns, const struct unit *like, char out[SPELLED_BYTES]);

#endif
