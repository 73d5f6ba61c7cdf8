/* SPDX-License-Identifier: MIT */
/* Which lines of a trace the command line asks for: --from, --to-time, --class, --node, --key, --op
 * and --grep. */
#ifndef WT_WHICH_H
#define WT_WHICH_H

#include "../trace/filter.h"
#include "cli.h"

struct which {
    struct record_filter filter;
    bool by_ops;                    /* only what tells of one of these */
    uint32_t *ops, nops;
    const char *grep;               /* NULL: nothing is asked */
    uint64_t taken;
};

/* Of a run that is about to be made; where an operation is asked for by its name the run is made
 * once before, to see which it is. EXIT_OK, or EXIT_USAGE after a message that says what there is.
 * Free with which_free in any case. */
int which_find(struct which *, const struct request *, const struct run *, struct arena *block);
bool which_takes(struct which *, const struct world *, const struct record *);
/* Says on standard error that there was nothing, where that is so. */
void which_tell(const struct which *, const struct request *);
void which_free(struct which *);

#endif
