/* SPDX-License-Identifier: MIT */
/*
 * What a leader knows of one peer's log, and what is under way to it. Knows nothing of struct raft.
 *
 * Method: PROBE sends one append and waits for its answer; REPLICATE moves `next` at sending and lets up to
 * max_inflight appends fly. `paused` is the wait of a probe, or of an append that the host fills (its end is not
 * known before the answer).
 */
#ifndef RAFT_PROGRESS_H
#define RAFT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "raft.h"

struct raft_inflight {
    uint32_t last;       /* low half of the index of the append's last entry; they lie within 2^31 of match    */
    uint32_t bytes;
};

struct raft_peer {
    uint64_t match, next;
    uint64_t contact;        /* own time of the latest reply in this term                                       */
    uint64_t acked_round;    /* the latest round it acknowledged                                                */
    uint64_t acked_start;    /* when that round began, for the lease; 0: it extends none                        */
    uint64_t sent_round;     /* the latest round opened when it was last sent an append                         */
    uint64_t inflight_bytes;
    uint8_t state;           /* enum raft_progress_state                                                        */
    uint8_t paused;
    uint8_t head, count;     /* of the ring                                                                     */
    uint8_t zero[4];
    struct raft_inflight inflight[RAFT_INFLIGHT_MAX];
};

void raft_peer_reset(struct raft_peer *, uint64_t next, uint64_t now);
/* Back to probing behind what is known to match. */
void raft_peer_probe(struct raft_peer *);
/* One more append, ending at last, leaves; REPLICATE only. */
void raft_peer_sent(struct raft_peer *, uint64_t last, uint32_t bytes);
/* It has everything up to index. True: that was news. */
bool raft_peer_acked(struct raft_peer *, uint64_t index);
/* It refused an append after `index`; hint is the last place where it may agree. True: not stale, send again. */
bool raft_peer_refused(struct raft_peer *, uint64_t index, uint64_t hint);

#endif
