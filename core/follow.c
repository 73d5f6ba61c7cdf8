/* SPDX-License-Identifier: MIT */
/*
 * The follower's side of replication: APPEND, HEARTBEAT and COMMIT_NOTIFY (D 3.5).
 *
 * Method: what an append would do is planned first, on the unchanged state (the plan also decides
 * whether it may be admitted at all); applying the plan cannot fail. Only a true conflict cuts the
 * log: a delayed or repeated append whose entries are all here leaves it alone, however much
 * follows them.
 */
#include <assert.h>

#include "state.h"

void raft_append_plan(const struct raft *r, const struct raft_msg *m, struct raft_append_plan *plan)
{
    plan->cut_from = 0;
    plan->first = m->index + m->n + 1;
    plan->match = m->index <= r->log.last && raft_log_term_at(&r->log, m->index) == m->log_term;
    if (!plan->match || m->n == 0) return;
    plan->cut_from = raft_log_conflict(&r->log, m->index + 1, m->runs, m->nruns);
    uint64_t end = plan->cut_from != 0 ? plan->cut_from : r->log.last + 1;
    plan->first = raft_min(plan->first, end);
}

static void apply_plan(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    if (s->plan.cut_from != 0) {
        raft_note(s, RAFT_NOTE_APPEND_CONFLICT, m->from, s->plan.cut_from, 0);
        raft_write_cut(s, s->plan.cut_from);
    }
    if (s->plan.first > m->index + m->n) return;
    assert(s->plan.first == r->log.last + 1);
    uint64_t index = m->index;
    for (uint32_t i = 0; i < m->nruns; i++) {
        uint64_t end = index + m->runs[i].n;
        if (end >= s->plan.first)
            raft_log_append(&r->log, m->runs[i].term, end - raft_max(index, s->plan.first - 1));
        index = end;
    }
    raft_write_appended(s, s->plan.first, RAFT_FROM_MESSAGE);
}

/* Names the round that it answers, and the term in which that is a round. */
static struct raft_msg *answer(struct turn *s, const struct raft_msg *m, uint64_t wid)
{
    enum raft_msg_type type = m->type == RAFT_MSG_APPEND ? RAFT_MSG_APPEND_REPLY
                                                         : RAFT_MSG_HEARTBEAT_REPLY;
    struct raft_msg *reply = raft_send(s, type, m->from, wid);
    reply->asked = m->term;
    reply->round = m->round;
    return reply;
}

static void refuse_append(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    raft_note(s, RAFT_NOTE_APPEND_REFUSED, m->from, m->index, m->log_term);
    struct raft_msg *reply = answer(s, m, 0);
    reply->flags = RAFT_FLAG_REJECT;
    reply->index = m->index;
    /* No own entry of a term above the refused one can agree there, so the leader may skip them all
     * (D 3.5). */
    reply->hint = raft_log_hint(&r->log, m->index, m->log_term);
    reply->log_term = raft_log_term_at(&r->log, reply->hint);
}

void raft_recv_append(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    /* A term has one leader (D 3.4); admit.c refuses an append of the term that this node leads. */
    assert(m->term == r->term && r->role != RAFT_LEADER);
    raft_heard_leader(s, m->from);
    if (!s->plan.match) {
        refuse_append(s, m);
        return;
    }
    apply_plan(s, m);
    /* Only what this append verified counts, not whatever else the log holds (D 3.5, 3.6). */
    uint64_t verified = m->index + m->n;
    assert(verified <= r->log.last);
    r->commit = raft_max(r->commit, raft_min(m->commit, verified));
    answer(s, m, raft_wid_of_index(r, verified))->index = verified;
}

/* The leader of this term sent at most what it knows to match here; a log that lost its tail since
 * may be shorter. */
static void take_commit(struct raft *r, const struct raft_msg *m)
{
    assert(m->term == r->term && r->role != RAFT_LEADER);
    r->commit = raft_max(r->commit, raft_min(m->commit, r->log.last));
}

void raft_recv_heartbeat(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    raft_heard_leader(s, m->from);
    take_commit(r, m);
    answer(s, m, 0);
}

/* It moves nothing but the commit index: no wait, no role. Whether leader and follower still know
 * each other is asked by heartbeats, and answered. */
void raft_recv_commit_notify(struct turn *s, const struct raft_msg *m)
{
    take_commit(s->r, m);
}

/*
 * An answer, not silence: only so does a leader of an old term learn that it is one (D 3.3). By the
 * time it arrives the old leader may lead the term of this answer; but it asked in another, so the
 * round is none of that reign (answered in replication.c).
 */
void raft_refuse_old_leader(struct turn *s, const struct raft_msg *m)
{
    answer(s, m, 0)->flags = RAFT_FLAG_REJECT;
}
