/* SPDX-License-Identifier: MIT */
/* Method: what hosts, tests and pictures may see of a state, without seeing the state. */
#include "state.h"

void raft_view(const struct raft *r, struct raft_view *v)
{
    *v = (struct raft_view){
        .term = r->term, .commit = r->commit, .last = r->log.last,
        .last_term = raft_log_last_term(&r->log), .stable = r->stable,
        .lease_until = r->lease_until == 0 ? 0 : raft_local(r, r->lease_until), .id = r->id,
        .role = r->role, .vote = r->vote, .leader = r->leader, .voters = r->voters,
    };
}

bool raft_progress(const struct raft *r, uint8_t peer, struct raft_progress_view *v)
{
    if (r->role != RAFT_LEADER || peer == RAFT_NONE || peer > RAFT_NODES_MAX ||
        !raft_is_peer(r, peer))
        return false;
    const struct raft_peer *p = &r->progress[r->place[peer - 1u]];
    *v = (struct raft_progress_view){.match = p->match, .next = p->next, .state = p->state,
                                     .inflight = p->count};
    return true;
}

uint64_t raft_term_at(const struct raft *r, uint64_t index)
{
    return raft_log_term_at(&r->log, index);
}
