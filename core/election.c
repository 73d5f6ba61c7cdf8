/* SPDX-License-Identifier: MIT */
/*
 * Elections (D 3.4, 3.6.1, 3.8), pre-votes (D 9.6), and who may be refused because a leader is
 * alive (D 4.2.3, 6.4.1).
 *
 * Method: a role is left only through raft_step_down, entered only through start_prevote,
 * start_candidacy and lead. Term and vote change only in start_candidacy, raft_step_down (a higher
 * term) and recv_vote (a grant), each time with a write. Answers are counted as bits of their
 * senders, in the role and the try that asked.
 */
#include <assert.h>

#include "quorum.h"
#include "state.h"

static uint64_t draw(struct raft *r)   /* splitmix64 */
{
    uint64_t z = (r->chance += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A new wait, its timeout drawn anew (D 3.4). Spans are below 2^42 ns, so 20 bits of chance fit. */
void raft_election_arm(struct raft *r)
{
    uint64_t least = r->options.election_timeout_min,
        span = r->options.election_timeout_max - least;
    uint64_t timeout = least + (span * (draw(r) >> 44) >> 20);
    r->wait_start = r->now;
    r->election_due = raft_sat_add(r->now, r->pin != 0 ? r->pin - 1 : timeout);
}

void raft_election_pin(struct raft *r, uint64_t timeout_ns)
{
    r->pin = raft_sat_add(timeout_ns, 1);
    r->election_due = raft_sat_add(r->wait_start, r->pin - 1);
}

/* ---- leaving a role -------------------------------------------------------------------------- */

/* The one way to become a follower: for a higher term, or in the same term, where the vote stays
 * cast (D 3.4). */
void raft_step_down(struct turn *s, uint64_t term, uint8_t leader)
{
    struct raft *r = s->r;
    assert(term >= r->term && leader != r->id);
    bool led = r->role == RAFT_LEADER;
    if (led) {
        raft_reads_step_down(s);
        raft_lease_end(r);
        r->owed = 0;
    }
    if (term > r->term) {
        r->term = term;
        r->vote = RAFT_NONE;
        raft_write_hard(s);
    }
    r->role = RAFT_FOLLOWER;
    r->granted = r->refused = 0;
    r->force = 0;
    r->leader = leader;
    if (led) raft_election_arm(r);  /* others keep their wait: a term is no sign of a live leader */
}

/* A message of the leader of this term arrived. */
void raft_heard_leader(struct turn *s, uint8_t leader)
{
    struct raft *r = s->r;
    bool news = s->leader != leader || s->term != r->term;
    if (r->role != RAFT_FOLLOWER) raft_step_down(s, r->term, leader);
    r->leader = leader;
    raft_election_arm(r);
    r->heard_until = raft_sat_add(r->now, r->options.election_timeout_min);
    if (news && r->nreads > 0) raft_reads_forward(s);
}

/* ---- candidacies ----------------------------------------------------------------------------- */

static void ask_for_votes(struct turn *s, enum raft_msg_type type)
{
    struct raft *r = s->r;
    for (uint32_t i = 0; i < r->npeers; i++) {
        struct raft_msg *m = type == RAFT_MSG_VOTE
                                 ? raft_send(s, type, r->peers[i], 0)
                                 : raft_send_now(s, type, r->peers[i], r->term + 1);
        m->try_id = r->try_id;
        m->flags = r->force ? RAFT_FLAG_FORCE : 0;
        m->index = r->log.last;
        m->log_term = raft_log_last_term(&r->log);
    }
}

static void start_candidacy(struct turn *s)
{
    struct raft *r = s->r;
    assert(r->role != RAFT_LEADER && r->term < RAFT_TERM_MAX);
    r->role = RAFT_CANDIDATE;
    r->term++;
    r->vote = r->id;
    r->leader = RAFT_NONE;
    r->granted = raft_bit(r->id);
    r->refused = 0;
    raft_write_hard(s);
    raft_election_arm(r);
    ask_for_votes(s, RAFT_MSG_VOTE);
}

/* Neither term nor vote moves (D 9.6). It forgets its leader, so that it stands in nobody
 * else's way. */
static void start_prevote(struct turn *s)
{
    struct raft *r = s->r;
    r->role = RAFT_PRECANDIDATE;
    r->leader = RAFT_NONE;
    r->granted = raft_bit(r->id);
    r->refused = 0;
    raft_election_arm(r);
    ask_for_votes(s, RAFT_MSG_PREVOTE);
}

static void campaign(struct turn *s, bool force)
{
    struct raft *r = s->r;
    assert(raft_is_voter(r, r->id) && r->role != RAFT_LEADER);
    assert(!raft_numbers_spent(r->try_id));   /* admit.c saw to it */
    r->try_id++;
    r->force = force;
    if (r->options.prevote && r->npeers > 0) start_prevote(s);
    else start_candidacy(s);
}

/*
 * Under leases a node that may not grant a vote may not grant itself one either: the lease that it
 * acknowledged counts on it (D 6.4.1). 0, or until when. A drawn timeout outlasts this by itself; a
 * pinned one or an operator may not.
 */
static uint64_t restrained_until(const struct raft *r)
{
    uint64_t until = raft_max(r->heard_until, r->silent_until);
    return r->leases && r->now < until ? until : 0;
}

void raft_election_expired(struct turn *s)
{
    struct raft *r = s->r;
    if (r->now < r->election_due || !raft_may_stand(r)) return;
    if (raft_disk_holds_vote(r)) {
        raft_note(s, RAFT_NOTE_VOTE_HANGS, RAFT_NONE, r->term, 0);
        r->hung = 1;
        return;
    }
    uint64_t until = restrained_until(r);
    if (until != 0) {
        raft_note(s, RAFT_NOTE_CAMPAIGN_WAITS, RAFT_NONE, raft_local(r, until), 0);
        r->election_due = until;
        return;
    }
    raft_note(s, RAFT_NOTE_TIMEOUT, RAFT_NONE, raft_local(r, r->wait_start), r->term + 1);
    r->pin = 0;
    campaign(s, false);
}

void raft_campaign_asked(struct turn *s, bool force)
{
    struct raft *r = s->r;
    if (r->role == RAFT_LEADER || !raft_is_voter(r, r->id)) {
        raft_note(s, RAFT_NOTE_CAMPAIGN_IGNORED, RAFT_NONE, r->term, 0);
        return;
    }
    if (r->hung) {
        raft_note(s, RAFT_NOTE_CAMPAIGN_DISK, RAFT_NONE, r->term, 0);
        return;
    }
    uint64_t until = restrained_until(r);
    if (until != 0) {
        raft_note(s, RAFT_NOTE_CAMPAIGN_WAITS, RAFT_NONE, raft_local(r, until), 0);
        r->election_due = raft_min(r->election_due, until);
        return;
    }
    raft_note(s, RAFT_NOTE_CAMPAIGN_ASKED, RAFT_NONE, r->term, r->term + 1);
    campaign(s, force);
}

/* ---- voting ---------------------------------------------------------------------------------- */

/* The candidate's log is at least as up to date: by last term, then by last index (D 3.6.1). */
static bool up_to_date(const struct raft *r, const struct raft_msg *m)
{
    uint64_t last_term = raft_log_last_term(&r->log);
    return m->log_term > last_term || (m->log_term == last_term && m->index >= r->log.last);
}

/* A leader is alive, or may still count on this node: refused before the term is looked at
 * (D 4.2.3). */
static bool refused_for_a_leader(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    if (r->leases && r->now < r->silent_until) {
        raft_note(s, RAFT_NOTE_VOTE_REFUSED_SILENCE, m->from, raft_local(r, r->silent_until), 0);
        return true;
    }
    if (!r->options.stickiness) return false;
    if ((m->flags & RAFT_FLAG_FORCE) && !r->leases) return false;
    uint64_t until = r->heard_until;
    if (r->role == RAFT_LEADER)
        until = raft_sat_add(raft_quorum_contact(r, r->now), r->options.election_timeout_min);
    if (r->now >= until) return false;
    if (raft_lease_valid(r)) {
        raft_note(s, RAFT_NOTE_VOTE_REFUSED_LEASE, m->from, m->term, raft_local(r, r->lease_until));
    } else {
        raft_note(s, RAFT_NOTE_VOTE_REFUSED_LEADER, m->from, raft_local(r, until), 0);
    }
    return true;
}

/* It could not make the vote durable (disk.c), whoever asks for it. */
static bool refused_for_its_disk(struct turn *s, const struct raft_msg *m)
{
    if (s->r->hung) raft_note(s, RAFT_NOTE_VOTE_REFUSED_DISK, m->from, 0, 0);
    return s->r->hung;
}

/* What it answers, for its receiver may have asked again meanwhile. */
static void name_question(struct raft_msg *reply, const struct raft_msg *m)
{
    reply->asked = m->term;
    reply->try_id = m->try_id;
}

static void refuse_vote(struct turn *s, const struct raft_msg *m)
{
    enum raft_msg_type type = m->type == RAFT_MSG_VOTE ? RAFT_MSG_VOTE_REPLY
                                                       : RAFT_MSG_PREVOTE_REPLY;
    struct raft_msg *reply = raft_send(s, type, m->from, 0);
    reply->flags = RAFT_FLAG_REJECT;
    name_question(reply, m);
}

/* True: this node could vote for the sender in the term of the request. */
static bool vote_is_free(const struct raft *r, const struct raft_msg *m)
{
    if (m->term > r->term || r->vote == m->from) return true;
    return r->vote == RAFT_NONE && (m->type == RAFT_MSG_VOTE || r->leader == RAFT_NONE);
}

static void grant_vote(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    raft_note(s, RAFT_NOTE_VOTE_GRANTED, m->from, m->index, r->log.last);
    if (m->type == RAFT_MSG_PREVOTE) {
        /* promises nothing, so changes nothing: no vote, no timer (D 9.6) */
        name_question(raft_send_now(s, RAFT_MSG_PREVOTE_REPLY, m->from, m->term), m);
        return;
    }
    if (r->vote == RAFT_NONE) {
        r->vote = m->from;
        raft_write_hard(s);
    }
    /* Its own pre-candidacy would work against the candidate it just voted for. (A candidate's vote
     * is cast.) */
    if (r->role != RAFT_FOLLOWER) raft_step_down(s, r->term, RAFT_NONE);
    raft_election_arm(r);
    name_question(raft_send(s, RAFT_MSG_VOTE_REPLY, m->from, 0), m);
}

/* VOTE and PREVOTE. The term rule is here: a pre-vote never raises the term, a vote only where no
 * leader forbids it. */
void raft_recv_vote(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    if (m->term < r->term) {
        raft_note(s, RAFT_NOTE_TERM_OLD, m->from, m->term, r->term);
        /* with the own term: else a node left at a higher term could never be joined */
        refuse_vote(s, m);
        return;
    }
    if (refused_for_its_disk(s, m) || refused_for_a_leader(s, m)) {
        refuse_vote(s, m);
        return;
    }
    if (m->type == RAFT_MSG_VOTE && m->term > r->term) {
        raft_note(s, RAFT_NOTE_TERM_NEW, m->from, r->term, m->term);
        raft_step_down(s, m->term, RAFT_NONE);
    }
    if (!vote_is_free(r, m)) {
        raft_note(s, RAFT_NOTE_VOTE_REFUSED_CAST, m->from, r->vote, 0);
        refuse_vote(s, m);
    } else if (!up_to_date(r, m)) {
        raft_note(s, RAFT_NOTE_VOTE_REFUSED_LOG, m->from, m->index, r->log.last);
        refuse_vote(s, m);
    } else {
        grant_vote(s, m);
    }
}

/* ---- counting -------------------------------------------------------------------------------- */

bool raft_would_win(const struct raft *r, uint32_t granted, uint64_t wid_done)
{
    if (r->role != RAFT_CANDIDATE || r->hard_wid > wid_done) return false;
    return raft_quorum_count(granted & r->voters) >= r->majority;
}

void raft_win_if_due(struct turn *s)
{
    struct raft *r = s->r;
    if (r->role != RAFT_CANDIDATE) return;
    uint32_t votes = raft_quorum_count(r->granted & r->voters);
    if (votes < r->majority) return;
    /* Its own vote is one of them and counts when it is durable (D 3.8); without it there may be no
     * majority at all. */
    if (!raft_would_win(r, r->granted, r->wid_done)) {
        raft_note(s, RAFT_NOTE_WIN_WAITS, RAFT_NONE, votes, r->nvoters);
        return;
    }
    raft_note(s, RAFT_NOTE_VOTE_WON, RAFT_NONE, votes, r->nvoters);
    raft_lead_begin(s);
}

/* One answer for each voter. A grant stands; it takes the place of a refusal, for a voter that was
 * asked twice in one try (the request was repeated on its way) may have become free to grant.
 * False: it changes no count. */
static bool count_answer(struct raft *r, const struct raft_msg *m)
{
    uint32_t bit = raft_bit(m->from);
    bool refusal = (m->flags & RAFT_FLAG_REJECT) != 0;
    if (!(bit & r->voters) || (bit & r->granted) || (refusal && (bit & r->refused))) return false;
    r->refused = refusal ? r->refused | bit : r->refused & ~bit;
    r->granted = refusal ? r->granted : r->granted | bit;
    return true;
}

/* More refusals than leave room for a majority: this candidacy is over. Term and vote stay. */
static void lose_if_due(struct turn *s)
{
    struct raft *r = s->r;
    uint32_t refusals = raft_quorum_count(r->refused);
    if (r->nvoters - refusals >= r->majority) return;
    raft_note(s, RAFT_NOTE_VOTE_LOST, RAFT_NONE, refusals, r->nvoters);
    raft_step_down(s, r->term, RAFT_NONE);
}

static void prevote_win_if_due(struct turn *s)
{
    struct raft *r = s->r;
    uint32_t votes = raft_quorum_count(r->granted & r->voters);
    if (votes < r->majority) return;
    raft_note(s, RAFT_NOTE_PREVOTE_WON, RAFT_NONE, votes, r->nvoters);
    start_candidacy(s);
}

/* The voter's own term is higher. Of a granted pre-vote the term is nobody's yet (D 9.6). */
bool raft_answer_adopts(const struct raft *r, const struct raft_msg *m)
{
    bool ahead = m->type == RAFT_MSG_PREVOTE_REPLY && !(m->flags & RAFT_FLAG_REJECT);
    return m->term > r->term && !ahead;
}

/* This node asks for what the message answers: votes, or pre-votes. */
static bool stands_for(const struct raft *r, const struct raft_msg *m)
{
    return r->role == (m->type == RAFT_MSG_VOTE_REPLY ? RAFT_CANDIDATE : RAFT_PRECANDIDATE);
}

/* It answers what this node asks at present, not an earlier try of this life or of another. Its own
 * term says nothing about that: who is loyal to a leader refuses in a lower one. */
bool raft_answers_try(const struct raft *r, const struct raft_msg *m)
{
    return stands_for(r, m) && m->try_id == r->try_id &&
           m->asked == r->term + (m->type == RAFT_MSG_PREVOTE_REPLY);
}

/* VOTE_REPLY and PREVOTE_REPLY. */
void raft_recv_vote_reply(struct turn *s, const struct raft_msg *m)
{
    struct raft *r = s->r;
    if (raft_answer_adopts(r, m)) {
        raft_note(s, RAFT_NOTE_TERM_NEW, m->from, r->term, m->term);
        raft_step_down(s, m->term, RAFT_NONE);
        return;
    }
    if (!raft_answers_try(r, m)) {
        if (stands_for(r, m)) raft_note(s, RAFT_NOTE_ANSWER_OLD, m->from, 0, 0);
        return;
    }
    if (!count_answer(r, m)) return;
    uint8_t asked_as = r->role;
    if (asked_as == RAFT_CANDIDATE) raft_win_if_due(s);
    else prevote_win_if_due(s);
    if (r->role == asked_as) lose_if_due(s);
}
