/* SPDX-License-Identifier: MIT */
/*
 * Linearizable reads without the log (D 6.4).
 *
 * Method: a read waits in one queue, oldest first, wherever the node's role takes it. At a
 * leader that has committed in its term it is registered: it gets the commit index, and the
 * number of the next round, NOT yet opened, so that no answer to a message sent before the read
 * arrived can confirm it. One round of reads is under way at a time; reads that come meanwhile
 * share the next one. Under a lease no round is needed, where the leader's option and that of the
 * node that asks both say so: who asks for ReadIndex leans on no clock, not even the leader's. A
 * follower forwards its reads and asks again until it is answered. A context begins with the
 * incarnation, so that an answer meant for a former life of this node matches nothing.
 */
#include <assert.h>
#include <string.h>

#include "state.h"

bool raft_read_queued(const struct raft *r, uint8_t from, uint64_t id)
{
    for (uint32_t i = 0; i < r->nreads; i++) {
        if (r->reads[i].from == from && r->reads[i].id == id) return true;
    }
    return false;
}

static bool by_lease(const struct raft *r) { return r->options.reads == RAFT_READS_LEASE; }

static struct raft_reading *enqueue(struct raft *r, uint8_t from, uint64_t id, bool lease)
{
    assert(r->nreads < RAFT_READS_MAX);   /* admit.c saw to it */
    struct raft_reading *q = &r->reads[r->nreads++];
    *q = (struct raft_reading){.id = id, .from = (uint64_t)from & 0x7f, .lease = lease};
    return q;
}

static void dequeue(struct raft *r, uint32_t i)
{
    assert(i < r->nreads);
    r->nreads--;
    memmove(&r->reads[i], &r->reads[i + 1], (r->nreads - i) * sizeof r->reads[0]);
}

static void answer(struct turn *s, const struct raft_reading *q, bool lease)
{
    if (q->from != RAFT_NONE) {
        struct raft_msg *m = raft_send_now(s, RAFT_MSG_READ_INDEX_REPLY, q->from, s->r->term);
        m->context = q->id;
        m->index = q->index;
        m->flags = lease ? RAFT_FLAG_LEASE : 0;
        return;
    }
    assert(s->fx->nreads < RAFT_OUT_READS);
    s->fx->reads[s->fx->nreads++] = (struct raft_read_result){.id = q->id, .index = q->index,
                                                              .lease = lease};
}

/* The registered reads of confirmed rounds lie in front, for rounds rise along the queue. */
static void answer_confirmed(struct turn *s, uint64_t confirmed)
{
    struct raft *r = s->r;
    uint32_t n = 0;
    while (n < r->nreads && r->reads[n].round != 0 && r->reads[n].round <= confirmed)
        answer(s, &r->reads[n++], false);
    if (n == 0) return;
    r->nreads -= n;
    memmove(&r->reads[0], &r->reads[n], r->nreads * sizeof r->reads[0]);
}

static void register_reads(struct turn *s)
{
    struct raft *r = s->r;
    uint32_t i = 0;
    while (i < r->nreads) {
        struct raft_reading *q = &r->reads[i];
        if (q->round != 0) {
            i++;
            continue;
        }
        q->index = r->commit;
        if (q->lease && by_lease(r) && raft_lease_valid(r)) {
            raft_note(s, RAFT_NOTE_LEASE_READ, q->from, raft_local(r, r->lease_until), q->index);
            answer(s, q, true);
            dequeue(r, i);
            continue;
        }
        q->round = (r->round + 1) & RAFT_ROUND_MAX;
        raft_note(s, RAFT_NOTE_READ_ROUND, q->from, q->round, 0);
        i++;
    }
}

/* A leader does for its reads whatever can be done now. */
void raft_reads_pump(struct turn *s)
{
    struct raft *r = s->r;
    if (r->nreads == 0) return;
    assert(r->role == RAFT_LEADER);
    /* Before its first commit in this term the leader does not know which entries are committed
     * (D 6.4, step 1). */
    if (r->commit < r->term_start) return;
    answer_confirmed(s, raft_quorum_round(r));
    register_reads(s);
    if (r->nreads == 0 || r->reads[0].round <= r->round) return;
    raft_lead_broadcast(s);
    if (r->npeers == 0) answer_confirmed(s, r->round);
}

static void forward(struct turn *s, const struct raft_reading *q)
{
    raft_note(s, RAFT_NOTE_READ_FORWARDED, s->r->leader, 0, 0);
    struct raft_msg *m = raft_send_now(s, RAFT_MSG_READ_INDEX, s->r->leader, s->r->term);
    m->context = q->token;
    m->flags = q->lease ? RAFT_FLAG_LEASE : 0;
    s->r->reads_due = raft_sat_add(s->r->now, s->r->options.election_timeout_min);
}

/* To a leader that is new, or that has not answered for a while. */
void raft_reads_forward(struct turn *s)
{
    struct raft *r = s->r;
    assert(r->role == RAFT_FOLLOWER && r->leader != RAFT_NONE);
    for (uint32_t i = 0; i < r->nreads; i++) forward(s, &r->reads[i]);
}

void raft_read(struct turn *s, uint64_t id)
{
    struct raft *r = s->r;
    if (raft_read_queued(r, RAFT_NONE, id)) return;
    struct raft_reading *q = enqueue(r, RAFT_NONE, id, by_lease(r));
    assert(!raft_numbers_spent(r->token));   /* admit.c saw to it */
    q->token = ++r->token;
    if (r->role == RAFT_LEADER) {
        if (r->commit < r->term_start) raft_note(s, RAFT_NOTE_READ_POSTPONED, RAFT_NONE, 0, 0);
        raft_reads_pump(s);
    } else if (r->role == RAFT_FOLLOWER && r->leader != RAFT_NONE) {
        forward(s, q);
    }
}

void raft_read_cancel(struct turn *s, uint64_t id)
{
    struct raft *r = s->r;
    for (uint32_t i = 0; i < r->nreads; i++) {
        if (r->reads[i].from != RAFT_NONE || r->reads[i].id != id) continue;
        dequeue(r, i);
        break;   /* an id waits once */
    }
    if (r->role == RAFT_LEADER) raft_reads_pump(s);
}

/* Own reads go on to the next leader; whoever forwarded one here is told to ask again. */
void raft_reads_step_down(struct turn *s)
{
    struct raft *r = s->r;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->nreads; i++) {
        struct raft_reading q = r->reads[i];
        if (q.from != RAFT_NONE) {
            struct raft_msg *m = raft_send_now(s, RAFT_MSG_READ_INDEX_REPLY, q.from, r->term);
            m->flags = RAFT_FLAG_REJECT;
            m->context = q.id;
            continue;
        }
        q.index = q.round = 0;
        r->reads[kept++] = q;
    }
    r->nreads = kept;
}

void raft_recv_read_index(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    if (r->role != RAFT_LEADER) {
        struct raft_msg *reply = raft_send_now(s, RAFT_MSG_READ_INDEX_REPLY, m->from, r->term);
        reply->flags = RAFT_FLAG_REJECT;
        reply->context = m->context;
        return;
    }
    if (raft_read_queued(r, m->from, m->context)) return;
    enqueue(r, m->from, m->context, m->flags & RAFT_FLAG_LEASE);
    if (r->commit < r->term_start) raft_note(s, RAFT_NOTE_READ_POSTPONED, m->from, 0, 0);
    raft_reads_pump(s);
}

/* The index was right at some time after the read began, whoever leads by now. It moves nothing but
 * the read. */
void raft_recv_read_index_reply(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    /* it stays queued, for the next leader or the next try */
    if (m->flags & RAFT_FLAG_REJECT) return;
    for (uint32_t i = 0; i < r->nreads; i++) {
        struct raft_reading *q = &r->reads[i];
        if (q->from != RAFT_NONE || q->token != m->context) continue;
        q->index = m->index;
        answer(s, q, m->flags & RAFT_FLAG_LEASE);
        dequeue(r, i);
        break;
    }
    if (r->role == RAFT_LEADER) raft_reads_pump(s);
}
