/* SPDX-License-Identifier: MIT */
/* Which runs were met already, in result files that are read together. */
#ifndef WT_SEEN_H
#define WT_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What makes a run the same as another: pieces of its name, in order, and its seed. */
struct run_key { uint64_t word[2]; };
struct run_key run_key(const char *const *pieces, size_t n, uint64_t seed, uint64_t text);
struct item;
struct run_key item_key(const struct item *, uint64_t seed);    /* of a run of a sweep's item */

/* Begins as zeros; heap. */
struct seen { struct seen_run *slot; size_t n, mask; };

enum seen_as { SEEN_NEW, SEEN_SAME, SEEN_OTHER_DIGEST };
/* Adds a run, unless it is there: with the same digest or with another one. Out of memory ends
 * the program. */
enum seen_as seen_add(struct seen *, struct run_key, const unsigned char digest[16]);
bool seen_has(const struct seen *, struct run_key);
void seen_free(struct seen *);

#endif
