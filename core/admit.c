/* SPDX-License-Identifier: MIT */
/*
 * The door of the core: which events are let in.
 *
 * Method: everything that could make a step fail is asked here, on a state that is only read:
 * malformed fields, fields that no correct node could have sent, and room for the write, the read,
 * or the run that the step may need. Where that is costly to know exactly, the answer errs towards
 * RAFT_E_BUSY. After RAFT_OK no room of the core can fail.
 */
#include <stddef.h>

#include "state.h"

static uint64_t own_clock(const struct raft *r, uint64_t raw)
{
    return raft_max(r->now, raft_sat_add(raw, r->skew));
}

/* ---- messages: form -------------------------------------------------------------------------- */

static const uint8_t flags_of_type[RAFT_MSG_TYPES] = {
    [RAFT_MSG_VOTE] = RAFT_FLAG_FORCE, [RAFT_MSG_VOTE_REPLY] = RAFT_FLAG_REJECT,
    [RAFT_MSG_PREVOTE] = RAFT_FLAG_FORCE, [RAFT_MSG_PREVOTE_REPLY] = RAFT_FLAG_REJECT,
    [RAFT_MSG_APPEND] = RAFT_FLAG_FILL, [RAFT_MSG_APPEND_REPLY] = RAFT_FLAG_REJECT,
    [RAFT_MSG_HEARTBEAT_REPLY] = RAFT_FLAG_REJECT, [RAFT_MSG_READ_INDEX] = RAFT_FLAG_LEASE,
    [RAFT_MSG_READ_INDEX_REPLY] = RAFT_FLAG_REJECT | RAFT_FLAG_LEASE,
};

/* Who asks in a term has one. An answer may come from a node that never heard of any. */
static bool needs_term(uint8_t type)
{
    return type == RAFT_MSG_VOTE || type == RAFT_MSG_PREVOTE || type == RAFT_MSG_APPEND ||
           type == RAFT_MSG_HEARTBEAT || type == RAFT_MSG_COMMIT_NOTIFY;
}

/* The entries of an append: n of them, in runs of rising terms, none above the sender's or below
 * the one before. */
static bool entries_well_formed(const struct raft_msg *m)
{
    if (m->n > RAFT_PROPOSE_MAX || m->nruns > RAFT_MSG_RUNS_MAX) return false;
    if ((m->flags & RAFT_FLAG_FILL) && m->n == 0) return false;   /* its host did not fill it */
    uint64_t n = 0, term = m->log_term;
    for (uint32_t i = 0; i < m->nruns; i++) {
        const struct raft_run *run = &m->runs[i];
        if (run->n == 0 || run->n > RAFT_PROPOSE_MAX) return false;
        if (run->term == 0 || run->term < term || (i > 0 && run->term == term)) return false;
        n += run->n;
        term = run->term;
    }
    return n == m->n && term <= m->term && m->index + n <= RAFT_INDEX_MAX;
}

/* An answer to a leader. Who accepts is in the leader's term, who refuses in that or a later one;
 * who refuses a heartbeat, in a later one. */
static bool follows_form(const struct raft_msg *m)
{
    if (!(m->flags & RAFT_FLAG_REJECT)) return m->asked != 0 && m->asked == m->term;
    uint64_t most = m->type == RAFT_MSG_APPEND_REPLY ? m->term : raft_sat_sub(m->term, 1);
    return m->asked != 0 && m->asked <= most;
}

static bool well_formed(const struct raft *r, const struct raft_msg *m)
{
    if (m == NULL || m->type == 0 || m->type >= RAFT_MSG_TYPES) return false;
    if (m->to != r->id || m->group != r->group) return false;
    if (m->from == RAFT_NONE || m->from > RAFT_NODES_MAX || m->from == r->id) return false;
    if (m->flags & ~flags_of_type[m->type]) return false;
    if (m->term > RAFT_TERM_MAX || (m->term == 0 && needs_term(m->type))) return false;
    if (m->index > RAFT_INDEX_MAX || m->commit > RAFT_INDEX_MAX || m->hint > RAFT_INDEX_MAX)
        return false;
    switch ((enum raft_msg_type)m->type) {
    case RAFT_MSG_VOTE:
    case RAFT_MSG_PREVOTE:
        return (m->index == 0) == (m->log_term == 0) && m->log_term <= m->term;
    case RAFT_MSG_APPEND:
        return (m->index == 0) == (m->log_term == 0) && m->log_term <= m->term &&
               entries_well_formed(m);
    case RAFT_MSG_PROPOSE:
        return m->n == 1 && m->bytes <= RAFT_SIZE_MAX;
    case RAFT_MSG_VOTE_REPLY:
    case RAFT_MSG_PREVOTE_REPLY:
        return m->asked != 0 && (m->asked == m->term || (m->flags & RAFT_FLAG_REJECT));
    case RAFT_MSG_APPEND_REPLY:
    case RAFT_MSG_HEARTBEAT_REPLY:
        return follows_form(m);
    case RAFT_MSG_HEARTBEAT:
    case RAFT_MSG_COMMIT_NOTIFY:
    case RAFT_MSG_READ_INDEX:
    case RAFT_MSG_TYPES:
        break;
    case RAFT_MSG_READ_INDEX_REPLY:
        return m->flags != (RAFT_FLAG_REJECT | RAFT_FLAG_LEASE);
    }
    return true;
}

/* ---- messages: what they would do ------------------------------------------------------------ */

static bool runs_full(const struct raft *r)
{
    return r->log.nruns == r->log.room && raft_log_last_term(&r->log) != r->term;
}

static int admit_append(const struct raft *r, const struct raft_msg *m,
                        struct raft_append_plan *plan)
{
    if (m->term < r->term) return RAFT_OK;
    /* one leader a term (D 3.4) */
    if (m->term == r->term && r->role == RAFT_LEADER) return RAFT_E_INVALID;
    raft_append_plan(r, m, plan);
    /* What is committed here is in every later leader's log (D 3.6.3): such a sender is no
     * correct node. */
    if (!plan->match && m->index <= r->commit) return RAFT_E_INVALID;
    if (plan->cut_from != 0 && plan->cut_from <= r->commit) return RAFT_E_INVALID;
    bool news = plan->match && plan->first <= m->index + m->n;
    if ((news || m->term > r->term) && raft_writes_full(r)) return RAFT_E_BUSY;
    if (!news) return RAFT_OK;
    uint32_t skip = 0;
    for (uint64_t end = m->index + m->runs[0].n; end < plan->first; end += m->runs[skip].n) skip++;
    uint32_t runs = raft_log_runs_after(&r->log, plan->cut_from, m->runs + skip, m->nruns - skip);
    return runs > r->log.room ? RAFT_E_LIMIT_RUNS : RAFT_OK;
}

/* An answer to something of this term at its leader can name nothing that the leader does
 * not have. */
static int admit_reply_to_leader(const struct raft *r, const struct raft_msg *m)
{
    if (m->term != r->term || m->asked != r->term || r->role != RAFT_LEADER) return RAFT_OK;
    if (m->round > r->round) return RAFT_E_INVALID;
    bool accepted = m->type == RAFT_MSG_APPEND_REPLY && !(m->flags & RAFT_FLAG_REJECT);
    return accepted && m->index > r->log.last ? RAFT_E_INVALID : RAFT_OK;
}

static int admit_vote_reply(const struct raft *r, const struct raft_msg *m)
{
    if (raft_answer_adopts(r, m)) return raft_writes_full(r) ? RAFT_E_BUSY : RAFT_OK;
    if ((m->flags & RAFT_FLAG_REJECT) || !raft_answers_try(r, m)) return RAFT_OK;
    if (m->type == RAFT_MSG_PREVOTE_REPLY) return raft_writes_full(r) ? RAFT_E_BUSY : RAFT_OK;
    if (!raft_would_win(r, r->granted | raft_bit(m->from), r->wid_done)) return RAFT_OK;
    if (r->options.noop_on_election && runs_full(r)) return RAFT_E_LIMIT_RUNS;
    return raft_writes_full(r) ? RAFT_E_BUSY : RAFT_OK;
}

static int admit_read(const struct raft *r, uint8_t from, uint64_t id)
{
    if (raft_read_queued(r, from, id)) return RAFT_OK;
    if (from == RAFT_NONE && raft_numbers_spent(r->token)) return RAFT_E_LIMIT_LIFE;
    return r->nreads == RAFT_READS_MAX ? RAFT_E_BUSY : RAFT_OK;
}

static int admit_entries(const struct raft *r, uint32_t n)
{
    if (runs_full(r)) return RAFT_E_LIMIT_RUNS;
    if (r->log.last > RAFT_INDEX_MAX - n) return RAFT_E_INVALID;
    return raft_writes_full(r) ? RAFT_E_BUSY : RAFT_OK;
}

static int admit_msg(const struct raft *r, const struct raft_msg *m, struct raft_append_plan *plan)
{
    if (!well_formed(r, m)) return RAFT_E_INVALID;
    bool higher = m->term > r->term;
    switch ((enum raft_msg_type)m->type) {
    case RAFT_MSG_APPEND:
        return admit_append(r, m, plan);
    case RAFT_MSG_HEARTBEAT:
    case RAFT_MSG_COMMIT_NOTIFY:
        if (m->term == r->term && r->role == RAFT_LEADER) return RAFT_E_INVALID;
        break;
    case RAFT_MSG_VOTE:
        return m->term >= r->term && raft_writes_full(r) ? RAFT_E_BUSY : RAFT_OK;
    case RAFT_MSG_VOTE_REPLY:
    case RAFT_MSG_PREVOTE_REPLY:
        return admit_vote_reply(r, m);
    case RAFT_MSG_APPEND_REPLY:
    case RAFT_MSG_HEARTBEAT_REPLY:
        if (!higher) return admit_reply_to_leader(r, m);
        break;
    case RAFT_MSG_READ_INDEX:
        return r->role == RAFT_LEADER ? admit_read(r, m->from, m->context) : RAFT_OK;
    case RAFT_MSG_PROPOSE:
        return r->role == RAFT_LEADER ? admit_entries(r, m->n) : RAFT_OK;
    case RAFT_MSG_PREVOTE:
    case RAFT_MSG_READ_INDEX_REPLY:
    case RAFT_MSG_TYPES:
        return RAFT_OK;
    }
    return higher && raft_writes_full(r) ? RAFT_E_BUSY : RAFT_OK;
}

/* ---- the other events ------------------------------------------------------------------------ */

static int admit_propose(const struct raft *r, const struct raft_event *ev)
{
    uint32_t n = ev->propose.n;
    if (ev->propose.entries == NULL || n == 0 || n > RAFT_PROPOSE_MAX) return RAFT_E_INVALID;
    for (uint32_t i = 0; i < n; i++) {
        const struct raft_entry_info *e = &ev->propose.entries[i];
        /* membership is static */
        if (e->size > RAFT_SIZE_MAX || e->kind > RAFT_KIND_NOOP) return RAFT_E_INVALID;
    }
    if (r->role == RAFT_LEADER) return admit_entries(r, n);
    bool forwards = r->options.proposal_forwarding && r->role == RAFT_FOLLOWER &&
                    r->leader != RAFT_NONE;
    return forwards ? RAFT_OK : RAFT_E_NOT_LEADER;
}

static int admit_candidacy(const struct raft *r)
{
    if (r->term >= RAFT_TERM_MAX) return RAFT_E_LIMIT_TERM;
    return raft_numbers_spent(r->try_id) ? RAFT_E_LIMIT_LIFE : RAFT_OK;
}

static int admit_expiry(const struct raft *r, uint64_t now)
{
    bool stands = raft_may_stand(r) && !raft_disk_holds_vote(r) && now >= r->election_due;
    return stands ? admit_candidacy(r) : RAFT_OK;
}

static int admit_campaign(const struct raft *r)
{
    if (r->role == RAFT_LEADER || !raft_is_voter(r, r->id) || r->hung) return RAFT_OK;
    int limit = admit_candidacy(r);
    if (limit != RAFT_OK) return limit;
    return raft_writes_full(r) ? RAFT_E_BUSY : RAFT_OK;
}

static int admit_write(const struct raft *r, const struct raft_event *ev)
{
    uint64_t wid = ev->write.wid;
    if (wid == 0) return RAFT_E_INVALID;
    if (ev->write.failed || wid <= r->wid_done || wid > r->wid_last) return RAFT_OK;
    bool limit = r->options.noop_on_election && raft_would_win(r, r->granted, wid) && runs_full(r);
    return limit ? RAFT_E_LIMIT_RUNS : RAFT_OK;
}

int raft_admit(const struct raft *r, const struct raft_event *ev, struct raft_append_plan *plan)
{
    if (r->role == RAFT_HALTED) return ev->type == RAFT_EV_PROPOSE ? RAFT_E_NOT_LEADER : RAFT_OK;
    switch ((enum raft_event_type)ev->type) {
    case RAFT_EV_TIME:
        return admit_expiry(r, own_clock(r, ev->now));
    case RAFT_EV_RECV:
        return admit_msg(r, ev->recv.msg, plan);
    case RAFT_EV_PROPOSE:
        return admit_propose(r, ev);
    case RAFT_EV_READ:
        /* the host proposes instead */
        if (r->options.reads == RAFT_READS_LOG) return RAFT_E_INVALID;
        return admit_read(r, RAFT_NONE, ev->read.id);
    case RAFT_EV_CAMPAIGN:
        return admit_campaign(r);
    case RAFT_EV_WRITE_DONE:
        return admit_write(r, ev);
    case RAFT_EV_UNREACHABLE:
        return ev->unreachable.peer >= 1 && ev->unreachable.peer <= RAFT_NODES_MAX ? RAFT_OK
                                                                                   : RAFT_E_INVALID;
    case RAFT_EV_READ_CANCEL:
    case RAFT_EV_PIN_TIMEOUT:
        return RAFT_OK;
    case RAFT_EV_TYPES:
        break;
    }
    return RAFT_E_INVALID;
}
