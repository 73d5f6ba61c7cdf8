/* SPDX-License-Identifier: MIT */
/* How a play ended: what the runner, the command line and an xfail judge it by. */
#ifndef WT_VERDICT_H
#define WT_VERDICT_H

#include <stdint.h>

#include "../trace/filter.h"

/* Two are called "error": ERROR is a statement that cannot be carried out, found as it is reached;
 * LOST is a run of which nobody can tell how it ended, as its process died. */
enum verdict {
    V_PASS, V_SAFETY, V_EXPECTATION, V_LIVENESS, V_NONDETERMINISM, V_INCONCLUSIVE, V_SKIP, V_ERROR,
    V_LOST, VERDICTS
};

struct ending {
    uint8_t verdict;      /* enum verdict; never NONDETERMINISM, which takes two runs to see,
                             nor LOST */
    char check[32];       /* rule that was broken, "expect" or its label, "unmet" (a statement did
                             not find what it was to act on), "golden", "progress", "limit", ...; ""
                             where it passed */
    char detail[240];     /* one sentence */
    const char *unable;   /* why no progress was asked of it, as by construction no majority can
                             recover; static. NULL: no such thing */
    char where[160];      /* file:line:col of a failed expect or an error, else "" */
    char via[320];        /* what was included, done or repeated there, a line each; else "" */
    struct evidence rests; /* on these records a failed expectation rests; a broken rule rests on
                              those that its violation names */
};

#endif
