/* SPDX-License-Identifier: MIT */
/* What two runs, or two traces, are told by where they part: cmd_diff.c, diff.c. */
#ifndef WT_DIFF_H
#define WT_DIFF_H

#include "cli.h"

enum { CONTEXT = 5, EXIT_DIFFER = 1 };

/* What is known where two runs part: the lines before, which both have, and each one's next; NULL:
 * it has ended. */
struct parting {
    uint64_t ordinal;                 /* of the first record that differs; from 1 */
    const char *before[CONTEXT];      /* the last `nbefore` in order */
    uint32_t nbefore;
    const char *next[2];
    const char *name[2];
};
int diff_tell(const struct parting *);          /* EXIT_DIFFER */
int diff_tell_equal(uint64_t records);          /* EXIT_OK */

/* The last lines that both had, copied. */
struct ring { char *line[CONTEXT]; uint64_t n; };
void ring_add(struct ring *, const char *line);
void ring_hand_over(const struct ring *, struct parting *);
void ring_free(struct ring *);

#endif
