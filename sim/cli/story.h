/* SPDX-License-Identifier: MIT */
/* What a failure rests on and what led to it, as a few lines of the trace; of operations of clients
 * the others on their key, too. */
#ifndef WT_STORY_H
#define WT_STORY_H

#include "../run/run.h"

struct story;
/* Makes the failed run again, as often as it takes; `again`: what the last of these runs came
 * to. Free with story_free before another run is made in the block, which holds what is told. */
struct story *story_make(const struct run *, const struct result *, struct arena *block,
                         struct result *again);
void story_print(FILE *, struct story *, const struct result *);
void story_free(struct story *);

#endif
