/* SPDX-License-Identifier: MIT */
/*
 * The faults' side of storage: what chaos and statements do to a node's disk, and what anybody may
 * see of it from outside. Hosts have storage.h.
 */
#ifndef WT_DISK_H
#define WT_DISK_H

#include "world.h"

/* How a disk goes about its writes. A write takes from latency_min to latency_max ns, drawn
 * uniformly, and completes after every earlier one, but for reorder_ppm of them. keep_unsynced: a
 * crash leaves a drawn prefix of the writes that are not acknowledged, instead of none. */
struct disk_settings {
    uint64_t latency_min, latency_max;
    uint32_t reorder_ppm;
    bool keep_unsynced;
};
struct disk_settings disk_planned(const struct world *, uint8_t node);  /* as the plan has it */
struct disk_settings disk_settings(const struct world *, uint8_t node);
void disk_set(struct world *, uint8_t node, const struct disk_settings *);  /* of writes to come */

void disk_stall(struct world *, uint8_t node);      /* nests: nothing completes */
void disk_resume(struct world *, uint8_t node);     /* undoes one; none: nothing */
/* writes complete by disk_complete only */
void disk_stepwise(struct world *, uint8_t node, bool on);
/* stepwise or stalled: completes this many now */
void disk_complete(struct world *, uint8_t node, uint32_t writes);
/* completes the n-th pending one now, out of order; false: no such */
bool disk_complete_nth(struct world *, uint8_t node, uint32_t nth);
/* the n-th write issued from now on fails */
void disk_fail(struct world *, uint8_t node, uint32_t nth);
void disk_fail_pending(struct world *, uint8_t node);       /* the oldest pending write fails */
void disk_fail_never(struct world *, uint8_t node); /* takes back what has not come to pass */

struct disk_condition {
    uint32_t pending;       /* writes that are not durable yet, those done out of turn included */
    uint8_t stalls;         /* how many faults stall it */
    bool stepwise;
    bool will_fail;         /* a write to come is to fail */
    bool failing;           /* a write at hand is to fail, or failed */
    bool failed;            /* one of this life failed, even if the node was not told yet: an
                               earlier one is under way */
    bool broken;            /* and nothing becomes durable any more until the next boot */
};
struct disk_condition disk_look(const struct world *, uint8_t node);
/* Of the writes before the latest, the last is to complete before the one before it. */
bool disk_overtakes(const struct world *, uint8_t node);

#endif
