/* SPDX-License-Identifier: MIT */
/*
 * A cursor over the words of one statement, as every verb and every line of a chaos block reads
 * them. The language is behind it (lang/cursor.c, lang/diag.c); kinds of faults need no more of it
 * than this, and stand before it. A reader either takes what it was asked for and returns true, or
 * leaves the cursor where it was and returns false; the need_ forms report an error at the word.
 */
#ifndef WT_CURSOR_H
#define WT_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

struct cursor;      /* lang/parse.h */

bool cur_end(const struct cursor *);                          /* no more words */
bool cur_word(struct cursor *, const char *word);             /* exactly this word or sign */
bool cur_name(struct cursor *, const char **name, uint32_t *len);   /* any bare word */
bool cur_number(struct cursor *, uint64_t *);
bool cur_time(struct cursor *, uint64_t *ns);                 /* 150ms, 2s, 10us, 1.5s */
bool cur_span(struct cursor *, uint64_t *lo, uint64_t *hi);   /* 10ms..40ms, or 10ms */
bool cur_ppm(struct cursor *, uint64_t *ppm);                 /* 5%, 0.5%, 100ppm, 3/100 */
bool cur_ppm_span(struct cursor *, uint64_t *lo, uint64_t *hi);   /* 0%..5%, or 5% */
/* 0.5/s, 200/s: events in a thousand seconds */
bool cur_rate(struct cursor *, uint64_t *per_1000s);
bool cur_node(struct cursor *, uint8_t *node);                /* n1 */
/* n1 n2, n1..n3, all [but n1]: static names only */
bool cur_nodes(struct cursor *, uint32_t *set);
/* Reports at the next word (or line end): "file:line:col: error: ..." with caret; `hint` may be
 * NULL. Returns false. */
bool cur_error(struct cursor *, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool cur_need_word(struct cursor *, const char *word);
bool cur_need_span(struct cursor *, uint64_t *lo, uint64_t *hi, const char *what);

#endif
