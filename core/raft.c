/* SPDX-License-Identifier: MIT */
/*
 * Boot, the step, and the next deadline.
 *
 * Method: a step admits the event (admit.c), lets the clock advance, acts, and at last sends the
 * appends that are owed. What happens to a message before its room sees it is the term rule
 * (D 3.3), here and nowhere else, but for votes and pre-votes, which may be refused before their
 * term counts, and the answers to them, which count in a lower term too (election.c).
 */
#include <assert.h>
#include <string.h>

#include "quorum.h"
#include "state.h"

/* ---- boot ------------------------------------------------------------------------------------ */

static int boot_log(struct raft_log *log, const struct raft_boot *boot)
{
    uint64_t term = 0;
    if (boot->nruns > 0 && boot->runs == NULL) return RAFT_E_INVALID;
    for (uint32_t i = 0; i < boot->nruns; i++) {
        const struct raft_run *run = &boot->runs[i];
        if (run->term == 0 || run->term < term || run->n == 0) return RAFT_E_INVALID;
        if (run->n > RAFT_INDEX_MAX - log->last) return RAFT_E_INVALID;
        if (run->term != term && log->nruns == log->room) return RAFT_E_LIMIT_RUNS;
        raft_log_append(log, run->term, run->n);
        term = run->term;
    }
    return term > boot->term ? RAFT_E_INVALID : RAFT_OK;
}

static bool boot_valid(const struct raft_boot *boot)
{
    uint32_t voters = raft_quorum_count(boot->voters);
    if (boot->id == RAFT_NONE || boot->id > RAFT_NODES_MAX) return false;
    if (voters == 0 || voters > RAFT_VOTERS_MAX || boot->voters >> RAFT_NODES_MAX != 0)
        return false;
    if (boot->term > RAFT_TERM_MAX || boot->vote > RAFT_NODES_MAX) return false;
    if (boot->term == 0 && boot->vote != RAFT_NONE) return false;
    if (boot->incarnation == 0 || boot->incarnation >> RAFT_LIFE_BITS != 0) return false;
    return raft_options_valid(&boot->options, NULL);
}

static uint64_t scramble(uint64_t a, uint64_t b)
{
    uint64_t z = a + b * 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 32) * 0xd6e8feb86659fd93u;
    z = (z ^ z >> 32) * 0xd6e8feb86659fd93u;
    return z ^ z >> 32;
}

static void boot_members(struct raft *r, uint32_t voters)
{
    r->voters = voters;
    r->nvoters = (uint8_t)raft_quorum_count(voters);
    r->majority = (uint8_t)raft_quorum_majority(voters);
    if (!raft_is_voter(r, r->id)) return;   /* it asks nobody for a vote, and never leads */
    for (uint8_t node = 1; node <= RAFT_NODES_MAX; node++) {
        if (!raft_is_peer(r, node)) continue;
        r->place[node - 1u] = r->npeers;
        r->peers[r->npeers++] = node;
    }
}

int raft_init(struct raft *r, const struct raft_boot *boot)
{
    memset(r, 0, sizeof *r);
    if (!boot_valid(boot)) return RAFT_E_INVALID;
    r->options = boot->options;
    raft_room_lay(r);
    r->log.known = 1;
    int rv = boot_log(&r->log, boot);
    if (rv != RAFT_OK) return rv;
    /* a log that lost committed entries must not run */
    if (boot->commit > r->log.last) return RAFT_E_INVALID;
    r->id = boot->id;
    r->group = boot->group;
    r->incarnation = boot->incarnation;
    boot_members(r, boot->voters);
    r->term = boot->term;
    r->vote = boot->vote;
    r->commit = boot->commit;
    r->stable = r->log.last;
    r->now = boot->now;
    r->leases = r->options.leases == RAFT_LEASES_ON ||
                (r->options.leases == RAFT_LEASES_AUTO && r->options.reads == RAFT_READS_LEASE);
    /* It may have acknowledged a leader just before it stopped, and that leader may hold a lease
     * on it. */
    bool silent = r->leases && boot->restarted && !r->options.unsafe_vote_after_restart;
    r->silent_until = silent ? raft_sat_add(r->now, r->options.election_timeout_min) : 0;
    r->chance = scramble(boot->seed, boot->id);
    r->token = r->try_id = r->incarnation << RAFT_ASKED_BITS;
    raft_election_arm(r);
    return RAFT_OK;
}

/* ---- the step -------------------------------------------------------------------------------- */

/* Own time is the local clock plus all it ever went back by: it stands at each step back, then goes
 * on at its rate. */
static void advance_clock(struct turn *s, uint64_t raw)
{
    struct raft *r = s->r;
    uint64_t own = raft_sat_add(raw, r->skew);
    if (own >= r->now) {
        r->now = own;
        return;
    }
    raft_note(s, RAFT_NOTE_CLOCK_BACK, RAFT_NONE, r->now - own, 0);
    r->skew += r->now - own;   /* = now - raw, so it cannot overflow */
    if (r->role == RAFT_LEADER) raft_lease_end(r);
}

/* False: the message ends here (D 3.3). */
static bool term_rule(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    bool leads = m->type == RAFT_MSG_APPEND || m->type == RAFT_MSG_HEARTBEAT;
    if (m->term > r->term) {
        raft_note(s, RAFT_NOTE_TERM_NEW, m->from, r->term, m->term);
        raft_step_down(s, m->term, leads ? m->from : RAFT_NONE);
    } else if (m->term < r->term) {
        raft_note(s, RAFT_NOTE_TERM_OLD, m->from, m->term, r->term);
        if (leads) raft_refuse_old_leader(s, m);
        return false;
    }
    return true;
}

static void recv(struct turn *s, const struct raft_msg *m)
{
    switch ((enum raft_msg_type)m->type) {
    case RAFT_MSG_VOTE:
    case RAFT_MSG_PREVOTE:
        raft_recv_vote(s, m);
        break;
    case RAFT_MSG_VOTE_REPLY:
    case RAFT_MSG_PREVOTE_REPLY:
        raft_recv_vote_reply(s, m);
        break;
    case RAFT_MSG_APPEND:
        if (term_rule(s, m)) raft_recv_append(s, m);
        break;
    case RAFT_MSG_APPEND_REPLY:
        if (term_rule(s, m)) raft_recv_append_reply(s, m);
        break;
    case RAFT_MSG_HEARTBEAT:
        if (term_rule(s, m)) raft_recv_heartbeat(s, m);
        break;
    case RAFT_MSG_HEARTBEAT_REPLY:
        if (term_rule(s, m)) raft_recv_heartbeat_reply(s, m);
        break;
    case RAFT_MSG_COMMIT_NOTIFY:
        if (term_rule(s, m)) raft_recv_commit_notify(s, m);
        break;
    case RAFT_MSG_READ_INDEX:
        raft_recv_read_index(s, m);
        break;
    case RAFT_MSG_READ_INDEX_REPLY:
        raft_recv_read_index_reply(s, m);
        break;
    case RAFT_MSG_PROPOSE:
        if (s->r->role == RAFT_LEADER) {
            raft_lead_append(s, &(struct raft_entry_info){.size = m->bytes}, 1, RAFT_FROM_PROPOSAL);
        }
        break;
    case RAFT_MSG_TYPES:
        break;
    }
}

static void time_passed(struct turn *s)
{
    struct raft *r = s->r;
    if (r->role == RAFT_LEADER) {
        raft_lead_expired(s);
        return;
    }
    raft_election_expired(s);
    bool asks = r->role == RAFT_FOLLOWER && r->leader != RAFT_NONE && r->nreads > 0;
    if (asks && r->now >= r->reads_due) raft_reads_forward(s);
}

static void propose(struct turn *s, const struct raft_event *ev)
{
    if (s->r->role == RAFT_LEADER) {
        raft_lead_append(s, ev->propose.entries, ev->propose.n, RAFT_FROM_PROPOSAL);
        return;
    }
    s->fx->forward.to = s->r->leader;
    s->fx->forward.term = s->r->term;
}

/* A write that will never be durable: what this node promised next could be a lie, so it promises
 * nothing any more. */
static void halt(struct turn *s, uint64_t wid)
{
    struct raft *r = s->r;
    bool led = r->role == RAFT_LEADER;
    raft_note(s, led ? RAFT_NOTE_WRITE_FAILED_LEADING : RAFT_NOTE_WRITE_FAILED, RAFT_NONE, wid,
              led ? r->term : 0);
    raft_lease_end(r);
    r->role = RAFT_HALTED;
    r->leader = RAFT_NONE;
    r->owed = r->granted = r->refused = 0;
    r->force = r->hung = 0;
}

static void write_done(struct turn *s, uint64_t wid, bool failed)
{
    struct raft *r = s->r;
    if (failed) {
        if (wid > r->wid_done && wid <= r->wid_last) halt(s, wid);
        return;
    }
    if (!raft_write_done(r, wid)) return;
    raft_disk_works(r);
    if (r->role == RAFT_CANDIDATE) raft_win_if_due(s);
    if (r->role != RAFT_LEADER) return;
    raft_lead_commit(s);
    raft_reads_pump(s);
}

static void act(struct turn *s, const struct raft_event *ev)
{
    switch ((enum raft_event_type)ev->type) {
    case RAFT_EV_TIME:
        time_passed(s);
        break;
    case RAFT_EV_RECV:
        recv(s, ev->recv.msg);
        break;
    case RAFT_EV_PROPOSE:
        propose(s, ev);
        break;
    case RAFT_EV_READ:
        raft_read(s, ev->read.id);
        break;
    case RAFT_EV_READ_CANCEL:
        raft_read_cancel(s, ev->read.id);
        break;
    case RAFT_EV_CAMPAIGN:
        raft_campaign_asked(s, ev->campaign.force);
        break;
    case RAFT_EV_WRITE_DONE:
        write_done(s, ev->write.wid, ev->write.failed);
        break;
    case RAFT_EV_UNREACHABLE:
        raft_lead_unreachable(s, ev->unreachable.peer);
        break;
    case RAFT_EV_PIN_TIMEOUT:
        raft_election_pin(s->r, ev->pin.timeout_ns);
        break;
    case RAFT_EV_TYPES:
        break;
    }
}

int raft_step(struct raft *r, const struct raft_event *ev, struct raft_effects *fx)
{
    struct turn s;
    raft_turn_begin(&s, r, fx);
    int rv = raft_admit(r, ev, &s.plan);
    if (rv == RAFT_OK && r->role != RAFT_HALTED) {
        advance_clock(&s, ev->now);
        act(&s, ev);
        raft_lead_flush(&s);
        raft_lead_notify(&s);
    }
    raft_turn_end(&s);
    return rv;
}

uint64_t raft_deadline(const struct raft *r)
{
    uint64_t due = RAFT_NEVER;
    if (r->role == RAFT_HALTED) return RAFT_NEVER;
    if (r->role == RAFT_LEADER) {
        if (r->owed != 0) return raft_local(r, r->now);
        due = raft_min(r->heartbeat_due, r->disk_due);
        if (r->options.check_quorum && r->npeers > 0) due = raft_min(due, r->quorum_due);
        return raft_local(r, due);
    }
    if (raft_may_stand(r)) due = r->election_due;
    if (r->role == RAFT_FOLLOWER && r->leader != RAFT_NONE && r->nreads > 0)
        due = raft_min(due, r->reads_due);
    return raft_local(r, due);
}
