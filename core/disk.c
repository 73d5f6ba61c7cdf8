/* SPDX-License-Identifier: MIT */
/*
 * A disk that hangs.
 *
 * A leader commits without its own disk (D 10.2.1), and the dissertation says nothing of one that
 * never comes back: heartbeats go on, so nobody stands against that leader, who takes entries until
 * RAFT_WRITES_MAX of its writes wait and then none, for ever. That has been met in the field:
 * hashicorp/raft#503, #666, #683 are the source of the rule here.
 *
 * Method: a leader steps down once voters that are a majority without it have been ahead of its
 * durable index for disk-timeout, and none of its own writes completed meanwhile. So it yields only
 * to those who could go on without it (with one of three voters down there are none), and not
 * because a write is old: where all disks are slow none is ahead for long, and each completion
 * begins the wait anew. Within a reign the others only get further ahead until a write completes;
 * so their being ahead is looked at when one of them acknowledges and when a write completes, and
 * nowhere else.
 *
 * Until a write completes such a node is `hung`: it neither stands for election nor grants a
 * (pre-)vote. What it would promise could not be kept, and a win would put back what stepping down
 * had cleared away. The same holds for a candidate whose own vote is not durable when its wait
 * ends: its requests have not left (D 3.8), so another term would only wait behind this one.
 */
#include <assert.h>

#include "state.h"

uint64_t raft_disk_timeout(const struct raft *r)
{
    uint64_t timeout = r->options.disk_timeout;
    return timeout == RAFT_AUTO ? r->options.election_timeout_max : timeout;
}

/* The voters that have acknowledged more than what is durable here are a majority. */
bool raft_disk_is_behind(const struct raft *r)
{
    uint32_t ahead = 0;
    for (uint32_t i = 0; i < r->npeers; i++) ahead += r->progress[i].match > r->stable;
    return ahead >= r->majority && raft_disk_timeout(r) != 0;
}

static void watch(struct raft *r)
{
    r->disk_due = RAFT_NEVER;
    if (raft_disk_is_behind(r)) r->disk_due = raft_sat_add(r->now, raft_disk_timeout(r));
}

/* A peer acknowledged up to index, which was news. */
void raft_disk_acked(struct raft *r, uint64_t index)
{
    assert(r->role == RAFT_LEADER);
    if (index > r->stable && r->disk_due == RAFT_NEVER) watch(r);
}

/* One of this node's writes completed: its disk works. */
void raft_disk_works(struct raft *r)
{
    if (r->role == RAFT_LEADER) watch(r);
    if (!r->hung) return;
    r->hung = 0;
    /* A candidate's requests may leave only now, and whoever waits for a leader has not stood. */
    if (r->now >= r->election_due) raft_election_arm(r);
}

/* True: the leader stepped down. */
bool raft_disk_expired(struct turn *s)
{
    struct raft *r = s->r;
    assert(r->role == RAFT_LEADER);
    if (r->disk_due == RAFT_NEVER || r->now < r->disk_due) return false;
    raft_note(s, RAFT_NOTE_DISK_HANGS, RAFT_NONE, r->stable,
              raft_local(r, r->disk_due - raft_disk_timeout(r)));
    raft_step_down(s, r->term, RAFT_NONE);
    r->hung = 1;
    return true;
}

/* This candidate's wait may end without any voter having been asked. */
bool raft_disk_holds_vote(const struct raft *r)
{
    return r->role == RAFT_CANDIDATE && r->hard_wid > r->wid_done && raft_disk_timeout(r) != 0;
}
