/* SPDX-License-Identifier: MIT */
/*
 * Rounds, contact with a quorum, and the lease that follows from them (D 6.4, 6.4.1).
 *
 * Method: a leader numbers its rounds and remembers when it began each. An answer that echoes round
 * k proves that its sender followed this leader at some time after round k began, and (stickiness,
 * D 4.2.3) that it votes for nobody during one minimum election timeout of its own clock from then
 * on. So the lease runs from the beginning of the latest round that a quorum has acknowledged,
 * never from the arrival of an answer. It is derived anew from those beginnings at every change.
 *
 * Contact: for CheckQuorum (D 6.2) an answer is as old as the beginning of the round that it
 * echoes, a refusal too. A late or repeated one is no newer contact. The beginnings of the latest
 * RAFT_ROUNDS_MAX rounds are known to the nanosecond. A peer whose answers take longer than that
 * many rounds is dated by a mark: marks are rounds that began 1/8 of a minimum election timeout
 * apart or more, so the latest mark at or before the answered round is at most that much too old.
 * What lies before all of them is older than a whole timeout, and no contact in any case.
 *
 * Drift: a clock whose rate is within 1-b..1+b of true time. A voter's wait of E lasts at least
 * E/(1+b) in truth; the leader's wait of L at most L/(1-b). L = E (1-b)/(1+b) is over in time,
 * whatever the two clocks do within the bound.
 */
#include <assert.h>

#include "quorum.h"
#include "state.h"

#define PPM 1000000u

bool raft_lease_valid(const struct raft *r)
{
    return r->now < r->lease_until;
}

static void lease_derive(struct raft *r)
{
    uint64_t start[RAFT_VOTERS_MAX];
    uint32_t n = 0;
    /* Its own acknowledgement of the latest round came at once; no other can be later, but in the
     * unsafe way. */
    uint64_t own = r->round > r->round_floor ? r->round_start[r->round % RAFT_ROUNDS_MAX] : 0;
    start[n++] = r->options.unsafe_lease_from_reply ? r->now : own;
    for (uint32_t i = 0; i < r->npeers; i++) start[n++] = r->progress[i].acked_start;
    uint64_t from = raft_quorum_kth(start, n, r->majority);
    /* At most 3600 s and 10^6 ppm: 3.6 * 10^18 fits. */
    uint64_t length = r->options.election_timeout_min * (PPM - r->options.lease_drift_bound) /
                      (PPM + r->options.lease_drift_bound);
    r->lease_until = from == 0 ? 0 : raft_sat_add(from, length);
}

/* The clock went back, or this node leads no more. Rounds opened so far count for no lease: their
 * beginnings are times of a clock that has shown itself outside every bound. */
void raft_lease_end(struct raft *r)
{
    r->lease_until = 0;
    r->round_floor = r->round;
    for (uint32_t i = 0; i < r->npeers; i++) r->progress[i].acked_start = 0;
}

static void mark_round(struct raft *r)
{
    uint64_t apart = r->options.election_timeout_min / (RAFT_MARKS_MAX / 2);
    if (r->marks > 0 && r->now - r->mark[(r->marks - 1) % RAFT_MARKS_MAX].start < apart) return;
    r->mark[r->marks++ % RAFT_MARKS_MAX] = (struct raft_mark){.round = r->round, .start = r->now};
}

/* No later than the beginning of the round; 0: too long ago to say. */
static uint64_t began(const struct raft *r, uint64_t round)
{
    if (round + RAFT_ROUNDS_MAX > r->round) return r->round_start[round % RAFT_ROUNDS_MAX];
    uint64_t kept = raft_min(r->marks, RAFT_MARKS_MAX);
    for (uint64_t i = r->marks; i > r->marks - kept; i--) {
        const struct raft_mark *mark = &r->mark[(i - 1) % RAFT_MARKS_MAX];
        if (mark->round <= round) return mark->start;
    }
    return 0;
}

void raft_round_open(struct turn *s)
{
    struct raft *r = s->r;
    assert(r->role == RAFT_LEADER);
    r->round++;
    r->round_start[r->round % RAFT_ROUNDS_MAX] = r->now;
    mark_round(r);
    if (r->leases && r->npeers == 0) lease_derive(r);
}

void raft_round_acked(struct turn *s, struct raft_peer *peer, uint64_t round)
{
    struct raft *r = s->r;
    assert(r->role == RAFT_LEADER && round <= r->round);
    if (round <= peer->acked_round) return;
    peer->acked_round = round;
    peer->contact = raft_max(peer->contact, began(r, round));
    if (!r->leases) return;
    if (round <= r->round_floor || round + RAFT_ROUNDS_MAX <= r->round) return;
    uint64_t start = r->round_start[round % RAFT_ROUNDS_MAX];
    peer->acked_start = r->options.unsafe_lease_from_reply ? r->now : start;
    lease_derive(r);
}

/* The latest time since which a quorum, this leader included, has answered in this reign. */
uint64_t raft_quorum_contact(const struct raft *r, uint64_t now)
{
    uint64_t contact[RAFT_VOTERS_MAX];
    uint32_t n = 0;
    contact[n++] = now;
    for (uint32_t i = 0; i < r->npeers; i++) contact[n++] = r->progress[i].contact;
    return raft_quorum_kth(contact, n, r->majority);
}

/* The latest round that a quorum has acknowledged. */
uint64_t raft_quorum_round(const struct raft *r)
{
    uint64_t acked[RAFT_VOTERS_MAX];
    uint32_t n = 0;
    acked[n++] = r->round;
    for (uint32_t i = 0; i < r->npeers; i++) acked[n++] = r->progress[i].acked_round;
    return raft_quorum_kth(acked, n, r->majority);
}
