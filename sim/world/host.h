/* SPDX-License-Identifier: MIT */
/*
 * The inside of the host, shared by its three rooms: host.c (life, timer, receiving), effects.c
 * (what a step asks for) and request.c (operations of clients). Nothing else includes this.
 */
#ifndef WT_HOST_H
#define WT_HOST_H

#include "world.h"

struct batched { uint32_t op, attempt; };

/* A client's read at a node: id as given to the SUT (attempt << 32 | op), and its read index once
 * the SUT told it. */
struct asked { uint64_t id, index; uint8_t path; bool ready; };

/* What came of a step. */
struct stepped { bool changed; uint8_t forward_to; };

/* What the step at hand was about, so that its effects can name entries. */
struct cause {
    const struct message *message;      /* RECV: entries of origin MESSAGE come from it */
    const struct batched *ops;          /* PROPOSE, or a MSG_PROPOSE: entries of origin PROPOSAL */
    uint32_t nops;
};

/* Steps the SUT and carries the effects out. Returns the SUT's result; a limit stops the world. */
int host_step(struct world *, uint8_t node, struct sut_event *, const struct cause *,
              struct stepped *);
void effects_carry(struct world *, uint8_t node, const struct sut_effects *, const struct cause *);
/* What a process does about an event when its turn has come (service.h): a message, a timer that is
 * due, what its disk has done meanwhile, a batch that has waited long enough. It is up, and
 * not paused. */
void host_handle(struct world *, uint8_t node, struct message *);
void host_fire(struct world *, uint8_t node);
void host_hear_disk(struct world *, uint8_t node);
void host_batch_due(struct world *, uint8_t node);
bool host_is_due(const struct world *, uint8_t node);       /* its deadline has come */
/* sends the held messages that are durable now */
void host_release(struct world *, uint8_t node);
void host_cancel_promises(struct world *, uint8_t node);            /* of terms the node has left */
void host_drop_list(struct world *, uint32_t *first, uint32_t *last, enum drop_reason);
void request_receive(struct world *, uint8_t node, const struct message *);
void request_applied(struct world *, uint8_t node, uint32_t entry, struct kv_result);
void request_read_ready(struct world *, uint8_t node, uint64_t id, uint64_t index, bool lease);
void request_reads_applied(struct world *, uint8_t node);

#endif
