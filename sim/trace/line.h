/* SPDX-License-Identifier: MIT */
/* The inside of the text form, shared by text.c (frame, states) and text_message.c (messages,
 * clients, decisions). */
#ifndef WT_LINE_H
#define WT_LINE_H

#include "text.h"

/* A line being written: what does not fit is counted and lost, as with snprintf. */
struct line { const struct world *w; char *out; size_t size, n; };

void put(struct line *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "4/7": term and index of an entry, as scenarios write logs; "nothing" for no entry. */
void put_entry(struct line *, uint64_t term, uint64_t index);
void put_value(struct line *, uint64_t value);
const char *word(const char *const *words, size_t n, size_t i);   /* "?" beyond the table */
#define WORD(words, i) word(words, sizeof(words) / sizeof(words)[0], i)

void message_line(struct line *, const struct record *);
void invoke_line(struct line *, const struct record *);
void return_line(struct line *, const struct record *);
void note_line(struct line *, const struct record *);

#endif
