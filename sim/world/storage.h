/* SPDX-License-Identifier: MIT */
/*
 * The hosts' side of whatever keeps the durable state of nodes: disk.c now, a log of bytes one day.
 * What faults and scenarios do to it, and see of it, is disk.h; nobody else knows how it is made.
 */
#ifndef WT_STORAGE_H
#define WT_STORAGE_H

#include "world.h"

void storage_init(struct world *);                  /* every node's, as the plan lays it out */
/* Before the node's first boot: this is durable. */
void storage_preload(struct world *, uint8_t node, const struct image *);
/* Issues a write that leaves the log `head`, in which there may be holes. It is reported under the
 * number that it has, whatever that is. */
void storage_write(struct world *, uint8_t node, const struct sut_write *, uint32_t head);
/* The image as all writes so far ask for it, holes included, and the number of the latest write; 0:
 * none since the boot. Valid until the next write or completion. */
const struct image *storage_asked(const struct world *, uint8_t node, uint64_t *wid);
/* The number of the latest write of this life that is durable with every earlier one; 0: none. */
uint64_t storage_durable(const struct world *, uint8_t node);
/* The number of the write after which nothing of this life becomes durable, as every earlier one is
 * and it failed; 0: there is none. */
uint64_t storage_failed(const struct world *, uint8_t node);
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

#endif
