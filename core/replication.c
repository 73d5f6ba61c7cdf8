/* SPDX-License-Identifier: MIT */
/*
 * The leader's side of replication (D 3.5, 3.6.2, 10.2.1).
 *
 * Method: whatever happens only marks the peers that may be owed something; raft_lead_flush, last
 * in each step, sends each of them what its progress allows, while there is room for messages. What
 * found no room stays owed, and raft_deadline says "now". An append carries the latest round, so
 * its answer confirms leadership as a heartbeat's does.
 *
 * A lost append shows itself by the refusal of a later one, or, where none follows, by the answer
 * to a heartbeat that was sent after it (round > sent_round): then an empty append asks about the
 * place where the peer should be by now.
 */
#include <assert.h>

#include "quorum.h"
#include "state.h"

static uint32_t all_peers(const struct raft *r)
{
    return r->voters & ~raft_bit(r->id);
}

/* ---- sending --------------------------------------------------------------------------------- */

static struct raft_msg *append_head(struct turn *s, uint8_t to, struct raft_peer *p)
{
    struct raft *r = s->r;
    /* its own disk works meanwhile (D 10.2.1) */
    struct raft_msg *m = raft_send(s, RAFT_MSG_APPEND, to, 0);
    m->index = p->next - 1;
    m->log_term = raft_log_term_at(&r->log, m->index);
    m->commit = p->told = r->commit;
    m->round = r->round;
    p->sent_round = r->round;
    return m;
}

/* Entries from `next` on, as many as the limits let pass; the first always fits. */
static void append_entries(const struct raft *r, const struct raft_peer *p, struct raft_msg *m)
{
    uint64_t most = raft_min(r->options.max_entries, r->log.last - m->index);
    uint64_t room = r->options.max_bytes;
    if (p->count > 0)
        room = raft_min(room, raft_sat_sub(r->options.max_inflight_bytes, p->inflight_bytes));
    const struct raft_log_run *runs = raft_log_runs(&r->log);
    uint32_t run = raft_log_run_at(&r->log, p->next);
    uint64_t index = m->index;
    while (m->n < most) {
        index++;
        uint32_t size = raft_log_size(&r->log, index);
        if (m->n > 0 && m->bytes + (uint64_t)size > room) break;
        if (index > runs[run].last) run++;
        if (m->nruns == 0 || m->runs[m->nruns - 1].term != runs[run].term) {
            if (m->nruns == RAFT_MSG_RUNS_MAX) break;
            m->runs[m->nruns++] = (struct raft_run){.term = runs[run].term, .n = 0};
        }
        m->runs[m->nruns - 1].n++;
        m->n++;
        m->bytes += size;
    }
}

static void send_append(struct turn *s, uint8_t to, struct raft_peer *p)
{
    struct raft *r = s->r;
    struct raft_msg *m = append_head(s, to, p);
    if (p->next > r->log.last) {
        p->paused = RAFT_WAITS_ANY;
        return;
    }
    if (p->next < r->log.known) {
        /* the host knows what lies there; where it will end, only the answer says */
        m->flags = RAFT_FLAG_FILL;
        m->bytes = (uint32_t)r->options.max_bytes;
        m->max_n = (uint32_t)raft_min(r->options.max_entries, r->log.last - m->index);
        p->paused = RAFT_WAITS;
        return;
    }
    append_entries(r, p, m);
    if (p->state == RAFT_REPLICATE) raft_peer_sent(p, m->n, m->bytes);
    else p->paused = RAFT_WAITS;
}

static bool may_send(const struct raft *r, const struct raft_peer *p)
{
    if (p->paused) return false;
    if (p->state == RAFT_PROBE) return true;
    if (p->next > r->log.last || p->count >= r->options.max_inflight) return false;
    if (p->count == 0 || p->next < r->log.known) return true;
    return p->inflight_bytes + raft_log_size(&r->log, p->next) <= r->options.max_inflight_bytes;
}

void raft_lead_flush(struct turn *s)
{
    struct raft *r = s->r;
    if (r->owed == 0) return;
    assert(r->role == RAFT_LEADER);
    /* Entries are owed to peers only (check.c), and who is passed is owed nothing any more: the
     * last one who is owed ends the loop, at the latest the last peer. */
    for (uint32_t i = 0; r->owed != 0; i++) {
        assert(i < r->npeers);
        uint8_t to = r->peers[i];
        if (!(r->owed & raft_bit(to))) continue;
        struct raft_peer *p = &r->progress[i];
        while (may_send(r, p)) {
            if (s->fx->nmsgs >= RAFT_OUT_MSGS - RAFT_PEERS_MAX) return;
            send_append(s, to, p);
        }
        r->owed &= ~raft_bit(to);
    }
}

/*
 * Tells followers of a commit that nothing else of this step has told them (D 3.5 has it wait for
 * the next append). Of an entry each is told only where it is known to match, as by a heartbeat.
 * It is no append: it claims nothing of the log, so there is nothing to refuse, takes no place in
 * flight, and who is probed gets none. And it is no heartbeat: it opens no round, is not answered,
 * and moves nothing but the commit index, so that no lease, no read, no contact and nobody's wait
 * rests on it. Where one is lost, the next append or heartbeat says the same, as without it. What
 * was sent to each is remembered, so that it is sent once (etcd-io/raft#131).
 */
void raft_lead_notify(struct turn *s)
{
    struct raft *r = s->r;
    if (s->news == 0 || r->options.commit_notify == RAFT_NOTIFY_OFF) return;
    assert(r->role == RAFT_LEADER);
    if (r->options.commit_notify == RAFT_NOTIFY_IDLE && r->commit < r->log.last) return;
    for (uint32_t i = 0; i < r->npeers; i++) {
        struct raft_peer *p = &r->progress[i];
        uint64_t commit = raft_min(p->match, r->commit);
        if (!(s->news & raft_bit(r->peers[i])) || p->state != RAFT_REPLICATE) continue;
        if (commit <= p->told) continue;
        raft_send(s, RAFT_MSG_COMMIT_NOTIFY, r->peers[i], 0)->commit = p->told = commit;
    }
}

/* A new round, and a heartbeat to all. A peer is told no commit beyond what is known to
 * match there. */
void raft_lead_broadcast(struct turn *s)
{
    struct raft *r = s->r;
    raft_round_open(s);
    for (uint32_t i = 0; i < r->npeers; i++) {
        struct raft_msg *m = raft_send(s, RAFT_MSG_HEARTBEAT, r->peers[i], 0);
        m->commit = raft_min(r->commit, r->progress[i].match);
        m->round = r->round;
        r->progress[i].told = raft_max(r->progress[i].told, m->commit);
    }
    bool alone = r->npeers == 0 && !r->leases;   /* nobody to hear it, and nothing to renew */
    r->heartbeat_due = alone ? RAFT_NEVER : raft_sat_add(r->now, r->options.heartbeat);
}

/* ---- the leader's own events ----------------------------------------------------------------- */

void raft_lead_append(struct turn *s, const struct raft_entry_info *entries, uint32_t n,
                      enum raft_origin origin)
{
    struct raft *r = s->r;
    assert(r->role == RAFT_LEADER && n > 0);
    uint64_t first = r->log.last + 1;
    raft_log_push(&r->log, r->term, entries, n);
    raft_write_appended(s, first, origin);
    r->owed = all_peers(r);
    if (r->options.unsafe_leader_counts_unsynced_self) raft_lead_commit(s);
}

/* Won. Every peer is probed at once, with the no-op or with nothing, and takes that as the
 * first heartbeat. */
void raft_lead_begin(struct turn *s)
{
    struct raft *r = s->r;
    r->role = RAFT_LEADER;
    r->leader = r->id;
    r->granted = r->refused = 0;
    r->force = 0;
    r->term_start = r->log.last + 1;
    r->round = r->round_floor = r->marks = 0;
    r->lease_until = 0;
    r->disk_due = RAFT_NEVER;
    for (uint32_t i = 0; i < r->npeers; i++)
        raft_peer_reset(&r->progress[i], r->log.last + 1, r->now);
    r->quorum_due = raft_sat_add(r->now, r->options.election_timeout_min);
    r->owed = all_peers(r);
    bool alone = r->npeers == 0 && !r->leases;
    r->heartbeat_due = alone ? RAFT_NEVER : raft_sat_add(r->now, r->options.heartbeat);
    raft_round_open(s);
    if (!r->options.noop_on_election) return;
    /* An entry of its own term: only by one can it learn what is committed (D 3.6.2, 6.4). */
    static const struct raft_entry_info noop = {.size = 0, .kind = RAFT_KIND_NOOP};
    raft_lead_append(s, &noop, 1, RAFT_FROM_SELF);
}

void raft_lead_expired(struct turn *s)
{
    struct raft *r = s->r;
    if (r->options.check_quorum && r->npeers > 0 && r->now >= r->quorum_due) {   /* D 6.2 */
        uint64_t contact = raft_quorum_contact(r, r->now);
        uint64_t until = raft_sat_add(contact, r->options.election_timeout_min);
        if (r->now >= until) {
            raft_note(s, RAFT_NOTE_QUORUM_LOST, RAFT_NONE, raft_local(r, contact), 0);
            raft_step_down(s, r->term, RAFT_NONE);
            return;
        }
        r->quorum_due = until;
    }
    if (raft_disk_expired(s)) return;
    if (r->now >= r->heartbeat_due) raft_lead_broadcast(s);
}

/* Something to it was lost, so more may be. It is probed once it answers a heartbeat again, not at
 * each report. */
void raft_lead_unreachable(struct turn *s, uint8_t peer)
{
    struct raft *r = s->r;
    if (r->role != RAFT_LEADER || !raft_is_peer(r, peer)) return;
    struct raft_peer *p = raft_peer_of(r, peer);
    if (p->state != RAFT_REPLICATE) return;
    raft_peer_probe(p);
    p->paused = RAFT_WAITS_ANY;
    p->sent_round = r->round;
}

/* ---- answers --------------------------------------------------------------------------------- */

/* Committed is what a majority has durably, if it is of this term; earlier entries follow with it
 * (D 3.6.2). */
void raft_lead_commit(struct turn *s)
{
    struct raft *r = s->r;
    uint64_t match[RAFT_VOTERS_MAX];
    uint32_t n = 0;
    match[n++] = r->options.unsafe_leader_counts_unsynced_self ? r->log.last : r->stable;
    for (uint32_t i = 0; i < r->npeers; i++) match[n++] = r->progress[i].match;
    uint64_t index = raft_quorum_kth(match, n, r->majority);
    if (index <= r->commit || raft_log_term_at(&r->log, index) != r->term) return;
    r->commit = index;
    s->news = all_peers(r);
}

/* Any answer to something of this reign shows that its sender follows this leader, one that refuses
 * entries as well. A term is led once: who led it, in this life or another, stands next in a higher
 * one, for its vote is durable. So what was asked in this term, this reign asked, and the round is
 * one of its own. */
static struct raft_peer *answered(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    if (r->role != RAFT_LEADER || !raft_is_peer(r, m->from) || m->asked != r->term) return NULL;
    assert(m->term == r->term);
    struct raft_peer *p = raft_peer_of(r, m->from);
    raft_round_acked(s, p, m->round);
    return p;
}

void raft_recv_append_reply(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    struct raft_peer *p = answered(s, m);
    if (p == NULL) return;
    if (m->flags & RAFT_FLAG_REJECT) {
        /* Both sides skip whole terms that cannot agree: one round for each term that differs
         * (D 3.5). */
        if (raft_peer_refused(p, m->index, raft_log_hint(&r->log, m->hint, m->log_term))) {
            raft_note(s, RAFT_NOTE_PROBE_BACK, m->from, m->index, p->next);
            r->owed |= raft_bit(m->from);
        }
    } else if (raft_peer_acked(p, m->index)) {
        r->owed |= raft_bit(m->from);
        s->news |= raft_bit(m->from);
        if (m->index > r->commit) raft_lead_commit(s);
        raft_disk_acked(r, m->index);
    }
    raft_reads_pump(s);
}

void raft_recv_heartbeat_reply(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    struct raft_peer *p = answered(s, m);
    if (p == NULL) return;
    if (m->round > p->sent_round) {
        /* it answers what was sent after the latest append, and that is still open */
        if (p->paused) {
            p->paused = RAFT_FLOWS;
            r->owed |= raft_bit(m->from);
        } else if (p->match + 1 < p->next) {
            append_head(s, m->from, p);
        }
    }
    raft_reads_pump(s);
}
