/* SPDX-License-Identifier: MIT */
/* The line that says how far a sweep is, on a terminal. */
#ifndef WT_PROGRESS_H
#define WT_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct progress {
    uint64_t runs, jobs, failed;        /* done, all, of those done */
    uint64_t fresh;                     /* of the runs: done in the time that was spent */
    uint64_t spent_ms, most_ms;         /* so far; at most (0: as long as it takes) */
};
/* Writes the line over the last one. It fits into so many columns, of which the last stays free, as
 * some terminals wrap there: a bar as long as there is room for, and how long the rest will take,
 * where there is room and once that can be told. */
void progress_line(FILE *, int columns, const struct progress *);
void progress_clear(FILE *);
int columns_of(FILE *);                 /* of its terminal; 80 where that does not say */

#endif
