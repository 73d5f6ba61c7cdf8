/* SPDX-License-Identifier: MIT */
/*
 * What a leader knows of one peer's log, and what is under way to it. Knows nothing of struct raft.
 *
 * Method: PROBE sends one append and waits for its answer; REPLICATE moves `next` at sending and
 * lets up to max_inflight appends fly. `paused` is the wait of a probe, or of an append that the
 * host fills (its end is not known before the answer). The appends in flight lie end to end and the
 * newest ends before `next`, so where each of them ends follows from their lengths.
 */
#ifndef RAFT_PROGRESS_H
#define RAFT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "raft.h"

/* It waits for an answer that tells of more than was known; or, where no probe with entries is
 * under way, for any. */
enum raft_pause { RAFT_FLOWS, RAFT_WAITS, RAFT_WAITS_ANY };

struct raft_peer {
    uint64_t match, next;
    uint64_t contact;        /* when the latest round that it answered began, or up to 1/8 of an
                                election timeout before that (lease.c); first: the win   */
    uint64_t acked_round;    /* the latest round it acknowledged                         */
    uint64_t acked_start;    /* when that round began, for the lease; 0: it extends none */
    uint64_t sent_round;     /* the latest round opened when it was last sent an append  */
    uint64_t told;           /* the latest commit index that was sent to it; 0: what was sent to it
                                may be lost */
    uint64_t inflight_bytes;
    uint8_t state;           /* enum raft_progress_state                                 */
    uint8_t paused;          /* enum raft_pause                                          */
    uint8_t head, count;     /* of the ring                                              */
    uint16_t entries;        /* in flight: the last of them is next - 1                  */
    uint8_t zero[2];
    /* of each append in flight, oldest at head */
    uint32_t bytes[RAFT_INFLIGHT_MAX];
    uint8_t more[RAFT_INFLIGHT_MAX];   /* entries after its first, of which there are at most
                                          RAFT_PROPOSE_MAX - 1 */
};

void raft_peer_reset(struct raft_peer *, uint64_t next, uint64_t now);
/* Back to probing behind what is known to match. */
void raft_peer_probe(struct raft_peer *);
/* One more append leaves: n entries from next on, 1..RAFT_PROPOSE_MAX; REPLICATE only. */
void raft_peer_sent(struct raft_peer *, uint32_t n, uint32_t bytes);
/* It has everything up to index. True: that was news. */
bool raft_peer_acked(struct raft_peer *, uint64_t index);
/* It refused an append after `index`; hint is the last place where it may agree. True: not stale,
 * send again. */
bool raft_peer_refused(struct raft_peer *, uint64_t index, uint64_t hint);

#endif
