/* SPDX-License-Identifier: MIT */
/* Lines of a jsonl trace, looked at without knowing what the fields mean: traces of other revisions
 * can be compared. */
#ifndef WT_TRACE_LINES_H
#define WT_TRACE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TRACE_FIELDS_MAX = 48 };

/* A key and its value as they stand in the line, without the key's quotes. */
struct trace_field { const char *key, *value; size_t nkey, nvalue; };
struct trace_fields { struct trace_field at[TRACE_FIELDS_MAX]; uint32_t n; };

/* Points into the line. False: it is no object of at most TRACE_FIELDS_MAX fields. */
bool trace_fields(const char *line, size_t len, struct trace_fields *);
/* NULL: it has none of that name. */
const struct trace_field *trace_field(const struct trace_fields *, const char *key);
/* value as it stands there */
bool trace_field_is(const struct trace_fields *, const char *key, const char *value);

/* Two records are equal where all fields are, but for `text`, which only says them in words. */
bool trace_records_equal(const struct trace_fields *, const struct trace_fields *);
/* "key A vs B, ..." of each field that differs, `text` left out. */
void trace_fields_print_differing(FILE *, const struct trace_fields *a,
                                  const struct trace_fields *b);
/* Time and sentence of a record, or its fields where it has no sentence; no newline. */
void trace_words_print(FILE *, const struct trace_fields *);

#endif
