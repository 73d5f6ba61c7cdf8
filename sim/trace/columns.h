/* SPDX-License-Identifier: MIT */
/* Which columns the records of a kind have, what they say, and in which words: records.def and
 * columns.def, for sinks and for whoever explains a trace. */
#ifndef WT_TRACE_COLUMNS_H
#define WT_TRACE_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../base/record.h"
#include "../world/world.h"

/* A column as a kind of record has it. */
struct record_column {
    uint8_t column;             /* enum column */
    uint32_t subs;              /* bits: 1 << sub; 0: whatever the sub */
    const char *what;           /* what it says there */
};
/* In the order in which they are written; ends with a NULL `what`. */
const struct record_column *record_columns(int kind);
bool record_column_holds(const struct record_column *, const struct record *);
const char *record_what(int kind);                   /* what happens: "a node starts" */

const char *column_name(enum column column);
enum column_type column_type_of(enum column column);
const char *column_type_what(enum column_type);      /* "index", "word" */

/* The word for a value of a type that has words, or of one bit of a type that is a list of words;
 * "?" for a value that has none, NULL where the type has no words. Faults and notes have words in
 * their world only: "" where it is NULL. */
const char *column_word(const struct world *, enum column_type, uint64_t value);
/* ": follower, precandidate, ...": a type's words, the least value's first; nothing where it has
 * none, or only in a world. */
void column_words_print(FILE *, enum column_type);
bool column_is_list(enum column_type);               /* bits, each with its word or its number */

/* The word of what divides the record's kind: a message type, a role, a verb, an outcome ...; ""
 * where nothing does, and for notes and faults. */
const char *record_sub_name(const struct record *);

#endif
