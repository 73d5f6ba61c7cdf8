/* SPDX-License-Identifier: MIT */
/*
 * Legal but unusual messages between nodes: a leader's log in other slices, and old answers
 * again. A correct Raft could have sent each of them, byte for byte, and the network may deliver
 * what it was given late and twice; so a node that comes to harm by one is to blame for it.
 *
 * Other slices. Beside an append that leaves, or in its place, goes another of the same leader and
 * term, cut out of the log that this leader has at that moment: from an earlier entry or a later
 * one, with more entries or fewer, or none. Previous entry, terms and entries are those of that
 * log, so they are true; how many entries and bytes it has is within the leader's own limits; the
 * round is that of the append itself, so this leader opened it, and before now; the commit index is
 * what the append says, or less, where it stops at the end of the slice as in many a Raft. Nothing
 * in Raft says which entries a leader sends when (D 3.5): one that went back to an older `next`,
 * or sent entries anew, sends just this. It is recorded as INJECT, not unsafe, and not as SEND: the
 * node itself did not send it.
 *
 * Echoes. An answer that left (to a vote, a pre-vote, an append, a heartbeat or a ReadIndex
 * question) leaves again later, with the same bytes: round, try, asked and context are those of the
 * question that it answers, however many rounds, terms and starts of either side lie between. The
 * sender sent these bytes, and what the answer promised was durable when it first left. What a
 * network may do to any message; here it is done to answers, and late. It is recorded as
 * DUPLICATE.
 *
 * Both are marks on a link between two nodes, which go when it is healed. A run that never made
 * any pays one test a message for this room.
 */
#ifndef WT_UNUSUAL_H
#define WT_UNUSUAL_H

#include "world.h"

struct unusual {
    uint32_t slices_ppm;            /* share of appends that other slices go with */
    uint32_t echo_ppm;              /* share of answers that come again */
    uint64_t echo_least, echo_most; /* ns after the answer itself */
    uint64_t appends, answers;      /* that left while a share was not 0: what draws are keyed by */
    uint64_t slice, echo;           /* number of the latest message that was made so */
};

/* Of the link between two nodes; NULL where there is none, or nothing was ever made unusual. */
struct unusual *unusual_of(const struct world *, uint8_t from, uint8_t to);
void unusual_make(struct world *);          /* room for them, at first all zero */
/* net_send's, of a message that leaves: it goes its way, or others go in its place. */
void unusual_send(struct world *, struct message *);
/* The loop's: an answer is to leave again. Where its link was healed meanwhile it does not. */
void unusual_echo(struct world *, struct message *);

#endif
