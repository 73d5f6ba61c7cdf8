/* SPDX-License-Identifier: MIT */
/* The operations on one key as bars over one axis of time: who asked what, when, and what the
 * answer was. */
#ifndef WT_BARS_H
#define WT_BARS_H

#include <stdio.h>

#include "../world/world.h"

enum { BARS_MAX = 20, BAR_COLUMNS = 60 };

/* Prints the operations on the key of `marked` (their numbers, at least one; all of them on a key
 * that is the first one's), with a > before each of those, from the beginning of the first of them
 * to the end of the last: those, whoever gave the value that they read, and of the others those
 * nearest to the last one, at most BARS_MAX, in the order of their beginnings. `why` says what the
 * mark means. Nothing where there are fewer than two. Returns how many it printed. */
uint32_t print_bars(FILE *, const struct world *, const uint32_t *marked, uint32_t n,
                    const char *why);

#endif
