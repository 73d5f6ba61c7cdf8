/* SPDX-License-Identifier: MIT */
/* Colour on a terminal. Nothing is coloured until somebody says of a stream that it is. */
#ifndef WT_TINT_H
#define WT_TINT_H

#include <stdbool.h>
#include <stdio.h>

enum tint { TINT_NONE, TINT_GOOD, TINT_BAD, TINT_DOUBT };

/* A stream in memory may be coloured like the one that will show it; say no before it is closed. At
 * most four at a time; more stay plain. */
void tint_allow(FILE *, bool);
bool tint_allowed(const FILE *);
/* What begins a colour on this stream, or ends it (TINT_NONE); "" where there are none. */
const char *tint(const FILE *, enum tint);

#endif
