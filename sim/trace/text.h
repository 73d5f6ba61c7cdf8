/* SPDX-License-Identifier: MIT */
/* Records as people read them: times, names, and one line a record. */
#ifndef WT_TEXT_H
#define WT_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../world/world.h"
#include "../base/record.h"
#include "columns.h"

/* A time or a name, short enough to pass by value: printf("%s", when(ns).text). */
struct text { char text[32]; };
struct text vote_of(uint64_t node);                 /* " vote n2", " no vote" */
struct text when(uint64_t ns);                      /* "1.204s", cut to the millisecond; "never" */
struct text names_of(node_set);                     /* "n1 n3"; "nobody"; cut at the end */
/* "n3", "c1" or the client's own name; "?" for 0 */
struct text who(const struct world *, uint8_t actor);
/* A key as the scenario names it, or key3, cut at size. */
void key_words(const struct world *, uint64_t key, char *out, size_t size);

/* The record as one line without a newline: time, a column a node, a sentence. Returns its
 * length as snprintf does; 0 where the kind says nothing worth a line. Roles and clocks are
 * those of the world as it stands, so write the line when the record is made. */
int trace_line(const struct world *, const struct record *, char *out, size_t size);
/* The same of an earlier record, given the sign that it had then. */
int trace_line_later(const struct world *, const struct record *, char sign, char *out,
                     size_t size);
char trace_sign(const struct world *, const struct record *);  /* ' ': no node acts */
/* What the columns of a line are, as two lines, `margin` before each. */
void trace_legend(FILE *, const struct world *, const char *margin);
/* The line's sentence alone. */
int trace_sentence(const struct world *, const struct record *, char *out, size_t size);
const char *drop_words(int reason);                 /* why a message was dropped */

#endif
