/* SPDX-License-Identifier: MIT */
/*
 * Runs that say less than a pass or a failure would, counted with their reasons: those that by
 * construction could not recover, so that no progress was asked of them, and inconclusive ones.
 */
#ifndef WT_UNDECIDED_H
#define WT_UNDECIDED_H

#include "cli.h"

enum { REASONS_MAX = 16, REASON_BYTES = 80 };

/* few: of one or two voters, or nobody knows how many; many: of three and more */
struct reason { char text[REASON_BYTES]; uint64_t few, many; };
/* Begins as zeros. The last of REASONS_MAX is "others". */
struct reasons { struct reason row[REASONS_MAX]; uint32_t n; };
struct undecided {
    uint64_t runs, many;            /* of those with three voters and more */
    bool asked;                     /* progress was asked of some run, or could not be */
    struct reasons unable, inconclusive;
};

void undecided_add(struct undecided *, const struct result *);
/* Two lines: of runs of three voters and more, how many, their share and why; and how many there
 * are of fewer voters. Of who could not recover nothing where no run was to, of inconclusive ones
 * nothing where there are none and no run was to recover. */
void undecided_print(FILE *, struct undecided *);

#endif
