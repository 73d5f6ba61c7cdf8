/* SPDX-License-Identifier: MIT */
/*
 * How long something may take: a time, or so many election timeouts of whoever is concerned. An
 * election timeout is the greatest upper end of the option election-timeout that any of them has
 * now, in true time as its clock runs now.
 */
#ifndef WT_BOUND_H
#define WT_BOUND_H

#include "plan.h"

struct world;

/* Both 0: there is none. */
struct bound {
    uint64_t ns;
    uint64_t timeouts;      /* thousandths of an election timeout; 0: ns says it */
};

static inline bool bound_given(struct bound b) { return b.ns || b.timeouts; }
/* In true ns, for these nodes; a thousand million seconds where that is beyond all bounds. */
uint64_t bound_time(const struct world *, struct bound, node_set);
/* How long leaders need, once elected, until each of these nodes has on its disk what any of the
 * two sets has on its own, and what clients already mean to ask for: one append after another, each
 * as large as limits allow, over links as the plan has them, or, for leaders outside `nodes`, over
 * links that are twice as slow and lose a twentieth; and where leaders have room for fewer writes
 * than are asked for at once, until each had its turn. In ns, with the greatest delays. */
uint64_t bound_catch_up(const struct world *, node_set nodes, node_set leaders);
/* A node's option disk-timeout, in true ns as its clock runs now; auto is its election timeout. 0:
 * it has none. */
uint64_t bound_disk_timeout(const struct world *, uint8_t node);

#endif
