/* SPDX-License-Identifier: MIT */
/*
 * Arrivals that somebody wishes for: a message that a scenario sets on its way is meant to come,
 * and what becomes of it is told to who wished. It arrives when its receiver takes it from its
 * link, or, where that is paused, from its inbox; it is lost where the record DROP says so, be it
 * that the receiver is down or refuses it. What a rule or a `discard` takes away afterwards is
 * nobody's loss. Where nobody wishes, this room costs one test a message.
 */
#ifndef WT_ARRIVAL_H
#define WT_ARRIVAL_H

#include "world.h"

/* Who wants the messages that are set on their way to arrive; tag 0: nobody. */
struct wish {
    uint32_t tag;
    bool each;              /* each of them; else one, whichever */
    bool patient;           /* it may be under way when the run ends */
};

/* A wish for all messages that are set on their way between these two. Returns its number; 0, and
 * nothing is remembered, where its tag is 0. */
uint32_t arrival_wish(struct world *, struct wish);
void arrival_wished(struct world *, uint32_t wish);
/* The latest wish for a message is the one that counts; 0: nobody wishes for it any more. */
void arrival_of(struct world *, const struct message *, uint32_t wish);

/* A wish that cannot come true: its tag (0: there is none) and the first message that it lost. */
struct loss { uint32_t tag; uint8_t why, type, from, to; };     /* why: enum drop_reason */
struct loss arrival_loss(const struct world *);
/* The tag of a wish, not a patient one, of whose messages one is still under way, and that has come
 * true in no part, or wants all; 0: there is none. */
uint32_t arrival_owed(const struct world *);

/* The world's: what became of a message that is about to be freed. */
void arrival_told(struct world *, const struct message *);
void arrival_lost(struct world *, const struct message *, enum drop_reason);

#endif
