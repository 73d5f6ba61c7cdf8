/* SPDX-License-Identifier: MIT */
/*
 * The one interface between a host and whatever keeps its durable state. A byte-level log can stand
 * behind it later.
 */
#ifndef WT_STORAGE_H
#define WT_STORAGE_H

#include "world.h"

void storage_init(struct world *, uint8_t node, const struct image *);
/* Issues a write that leaves the log `head`, in which there may be holes. It is reported under the
 * number that it has, whatever that is. */
void storage_write(struct world *, uint8_t node, const struct sut_write *, uint32_t head);
/* The image as all writes so far ask for it, holes included, and the number of the latest write; 0:
 * none since the boot. Valid until the next write or completion. */
const struct image *storage_asked(const struct world *, uint8_t node, uint64_t *wid);
void storage_event(struct world *, uint8_t node);           /* the loop's: completions may be due */
/* forgets what is not durable, or all but a drawn prefix of it */
void storage_crash(struct world *, uint8_t node);
/* Gives the process a number that no boot of it had or will have: 1, 2 ... Durable when this
 * returns, whatever becomes of the boot. */
uint64_t storage_incarnation(struct world *, uint8_t node);
/* Durable now, as a boot would read it: the log up to its first hole. */
struct image storage_image(const struct world *, uint8_t node);
/* What a boot reads; what stands behind a hole is given up. */
struct image storage_recover(struct world *, uint8_t node);
void disk_latency(struct world *, uint8_t node, uint64_t min, uint64_t max);
void disk_stall(struct world *, uint8_t node);              /* nests */
void disk_resume(struct world *, uint8_t node);
void disk_stepwise(struct world *, uint8_t node, bool on);
/* stepwise or stalled: completes this many now */
void disk_complete(struct world *, uint8_t node, uint32_t writes);
/* completes the n-th pending one now, out of order; false: no such */
bool disk_complete_nth(struct world *, uint8_t node, uint32_t nth);
/* the n-th write issued from now on fails */
void disk_fail(struct world *, uint8_t node, uint32_t nth);
void disk_fail_pending(struct world *, uint8_t node);       /* the oldest pending write fails */
/* A write of this life failed, even if the node was not told yet: an earlier one is under way. */
bool disk_failed(const struct world *, uint8_t node);

#endif
