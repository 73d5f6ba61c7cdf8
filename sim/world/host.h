/* SPDX-License-Identifier: MIT */
/*
 * The inside of the host, shared by its rooms: host.c (life, timer, receiving), effects.c (what a
 * step asks for), writes.c (of the disk), promises.c (of messages that wait for it) and
 * completions.c (what the disk answers), and request.c (operations of clients). Nothing but
 * a test includes this besides.
 */
#ifndef WT_HOST_H
#define WT_HOST_H

#include "world.h"

struct batched { uint32_t op, attempt; };

/* A client's read at a node: id as given to the SUT (attempt << 32 | op), and, once the SUT told
 * it, its read index and whose lease vouches for it. */
struct asked { uint64_t id, index; uint8_t path, lender; bool ready; };

/* What came of a step. */
struct stepped { bool changed; uint8_t forward_to; uint64_t appended; };

/* What the step at hand was about, so that its effects can name entries. */
struct cause {
    const struct message *message;      /* RECV: entries of origin MESSAGE come from it */
    const struct batched *ops;          /* PROPOSE, or a MSG_PROPOSE: entries of origin PROPOSAL */
    uint32_t nops;
};

/* Steps the SUT and carries the effects out. Returns the SUT's result; a limit stops the world. */
int host_step(struct world *, struct replica *, struct sut_event *, const struct cause *,
              struct stepped *);
void effects_carry(struct world *, struct replica *, const struct sut_effects *,
                   const struct cause *);
/* What a process does about an event when its turn has come (service.h): a message, a timer that is
 * due, what its disk has done meanwhile, a batch that has waited long enough. It is up, and
 * not paused. */
void host_handle(struct world *, uint8_t node, struct message *);
void host_fire(struct world *, uint8_t node);
void host_hear_disk(struct world *, uint8_t node);
void host_batch_due(struct world *, struct replica *);
bool host_is_due(const struct world *, uint8_t node);       /* its deadline has come */
/* breach.c: the node broke a rule of sut/contract.def, of which a, b, c, peer are the details. */
void host_breach(struct world *, const struct replica *, enum breach, uint8_t peer, uint64_t a,
                 uint64_t b, uint64_t c) __attribute__((cold));
bool host_may_return(uint8_t event, int result);    /* an event may be refused by such an error */
/* shown.c: what the SUT shows of itself, after a step and (its log too) at a boot */
void host_look(struct world *, const struct replica *, const struct sut_delta *);
void host_look_at_log(struct world *, const struct replica *);
/* writes.c: issues what a step asks its disk for */
void host_write(struct world *, const struct replica *, const struct sut_write *);
/* promises.c: a message that a step sends, now or when its write is durable */
void host_hand_over(struct world *, const struct replica *, struct message *);
void host_release(struct world *, uint8_t node);    /* sends the held ones that may leave now */
void host_cancel(struct world *, const struct replica *, uint64_t below);    /* held ones of lesser
                                                                                terms */
void host_drop_list(struct world *, uint32_t *first, uint32_t *last, enum drop_reason);
/* request.c: a client asks. False: the node has no room, and the request is lost. */
bool request_receive(struct world *, struct replica *, const struct message *);
void request_applied(struct world *, const struct replica *, uint32_t entry, struct kv_result);
void request_read_ready(struct world *, struct replica *, const struct sut_read *,
                        const struct cause *);
/* as the latest LEASE record has it */
bool host_holds_lease(const struct world *, const struct replica *);
void request_reads_applied(struct world *, struct replica *);

#endif
