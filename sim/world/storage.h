/* SPDX-License-Identifier: MIT */
/*
 * The hosts' side of whatever keeps the durable state of processes: disk.c now, a log of bytes one
 * day. A replica numbers its own writes; the process has one journal for them all, in which each
 * has a number too, and which becomes durable from its beginning on.
 * What faults and scenarios do to it, and see of it, is disk.h; nobody else knows how it is made.
 */
#ifndef WT_STORAGE_H
#define WT_STORAGE_H

#include "world.h"

void storage_init(struct world *);                  /* every node's, as the plan lays it out */
/* Before the first boot: this is durable. */
void storage_preload(struct world *, const struct replica *, const struct image *);
/* Issues a write that leaves the log `head`, in which there may be holes. It is reported under the
 * number that it has, whatever that is. */
void storage_write(struct world *, const struct replica *, const struct sut_write *, uint32_t head);
/* The image as all writes so far ask for it, holes included, and the number of the latest write; 0:
 * none since the boot. Valid until the next write or completion. */
const struct image *storage_asked(const struct world *, const struct replica *, uint64_t *wid);
/* The journal's number of the latest write of this life that is durable with every earlier one, of
 * whatever replica; and the number that a replica's own latest such write has; 0: none. */
uint64_t storage_durable(const struct world *, uint8_t node);
uint64_t storage_durable_of(const struct world *, const struct replica *);
/* The journal's number of the write for which a promise has to wait that rests on the replica's
 * write `wid`; 0: that is durable. Of one that was not issued yet it is taken that the replica
 * alone will write. */
uint64_t storage_number(const struct world *, const struct replica *, uint64_t wid);
/* A write failed, every earlier one is durable, and nothing more of this life will be. */
bool storage_broken(const struct world *, uint8_t node);
/* Then: the number of the replica's first write that is lost by that; 0: none is. */
uint64_t storage_failed(const struct world *, const struct replica *);
void storage_event(struct world *, uint8_t node);           /* the loop's: completions may be due */
/* forgets what is not durable, or all but a drawn prefix of it */
void storage_crash(struct world *, uint8_t node);
/* Gives the process a number that no boot of it had or will have: 1, 2 ... Durable when this
 * returns, whatever becomes of the boot. */
uint64_t storage_incarnation(struct world *, uint8_t node);
/* Durable now, as a boot would read it: the log up to its first hole. */
struct image storage_image(const struct world *, const struct replica *);
/* What a boot reads; what stands behind a hole is given up. */
struct image storage_recover(struct world *, const struct replica *);

#endif
