/* SPDX-License-Identifier: MIT */
/* Short hands for elections: requests and answers as the peers of a node would send them. */
#ifndef CORE_TEST_BALLOT_H
#define CORE_TEST_BALLOT_H

#include "kit.h"

static inline struct raft_msg vote_of(uint8_t from, uint64_t term, uint64_t index,
                                      uint64_t log_term)
{
    return (struct raft_msg){.type = RAFT_MSG_VOTE, .from = from, .term = term, .index = index,
                             .log_term = log_term};
}

static inline struct raft_msg prevote_of(uint8_t from, uint64_t term, uint64_t index,
                                         uint64_t log_term)
{
    struct raft_msg m = vote_of(from, term, index, log_term);
    m.type = RAFT_MSG_PREVOTE;
    return m;
}

static inline void become_candidate(struct node *n)
{
    expire(n);
    recv_msg(n, reply_of(n, RAFT_MSG_PREVOTE_REPLY, n->r.peers[0], n->r.term + 1, false));
    for (uint32_t i = 1; n->r.role == RAFT_PRECANDIDATE; i++) {
        recv_msg(n, reply_of(n, RAFT_MSG_PREVOTE_REPLY, n->r.peers[i], n->r.term + 1, false));
    }
    assert_int_equal(n->r.role, RAFT_CANDIDATE);
}

#endif
