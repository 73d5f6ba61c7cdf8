/* SPDX-License-Identifier: MIT */
/* Method: one node, its peers played by hand. Which question an answer answers, what its sender's
 * disk must hold before it leaves, and how old it is as a sign of life. */
#include "ballot.h"

static struct node n;

static void start_plain(uint8_t id, uint32_t voters, bool prevote)
{
    struct raft_boot boot = boot_of(id, voters);
    boot.options.prevote = prevote;
    start(&n, &boot);
}

static void stand(void)
{
    go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN});
}

/* ---- tries ----------------------------------------------------------------------------------- */

static void a_request_names_its_try_and_an_answer_repeats_it(void **state)
{
    (void)state;
    start_plain(1, 3, true);
    stand();
    struct raft_msg asks = *sent(&n, RAFT_MSG_PREVOTE, 2);
    assert_int_equal(asks.try_id, ((uint64_t)1 << RAFT_ASKED_BITS) + 1);
    recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, 1, false));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE, 3)->try_id, asks.try_id);
    stand();
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE, 3)->try_id, asks.try_id + 1);

    start_plain(2, 3, true);
    struct raft_msg request = vote_of(1, 3, 0, 0);
    request.try_id = 77;
    recv_msg(&n, request);
    const struct raft_msg *m = sent(&n, RAFT_MSG_VOTE_REPLY, 1);
    assert_true(m->flags == 0 && m->try_id == 77 && m->asked == 3);
    request = prevote_of(3, 2, 0, 0);
    request.try_id = 78;
    recv_msg(&n, request);
    m = sent(&n, RAFT_MSG_PREVOTE_REPLY, 3);
    assert_true(m->flags == RAFT_FLAG_REJECT && m->try_id == 78 && m->asked == 2 && m->term == 3);
}

/* Two tries for one term: the refusals of the first would end the second. */
static void refusals_of_an_earlier_pre_vote_are_not_counted(void **state)
{
    (void)state;
    start_plain(1, 3, true);
    stand();
    struct raft_msg late[2] = {reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, 0, true),
                               reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 3, 0, true)};
    stand();
    recv_msg(&n, late[0]);
    recv_msg(&n, late[1]);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    assert_true(noted(&n, RAFT_NOTE_ANSWER_OLD));
    recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, 1, false));
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
}

static void an_answer_to_a_former_life_is_not_counted(void **state)
{
    (void)state;
    start_plain(1, 3, true);
    stand();
    struct raft_msg late = reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, 1, false);
    struct raft_boot boot = boot_of(1, 3);
    boot.incarnation = 2;
    start(&n, &boot);
    stand();
    recv_msg(&n, late);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    late.try_id = n.r.try_id;
    recv_msg(&n, late);
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
}

/* Its voters hear a leader of term 0, so to say, and stay there. */
static void a_refusal_in_a_lower_term_counts(void **state)
{
    (void)state;
    start_plain(1, 3, false);
    stand();
    assert_int_equal(n.r.term, 1);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 0, true));
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 3, 0, true));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_true(noted(&n, RAFT_NOTE_VOTE_LOST));
    assert_true(n.r.term == 1 && n.r.vote == 1);
}

static void a_higher_term_is_adopted_whatever_it_answers(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        start_plain(1, 3, k == 0);
        stand();
        struct raft_msg late = reply_of(&n, k == 0 ? RAFT_MSG_PREVOTE_REPLY : RAFT_MSG_VOTE_REPLY,
                                        2, 9, true);
        late.try_id = 0;
        recv_msg(&n, late);
        assert_int_equal(n.r.role, RAFT_FOLLOWER);
        assert_int_equal(n.r.term, 9);
    }
}

/* The request came twice, and between the two the voter became free to grant it. */
static void a_grant_takes_the_place_of_a_refusal_in_one_try(void **state)
{
    (void)state;
    start_plain(1, 5, false);
    stand();
    all_written(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 0, true));
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 3, 0, true));
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, false));
    assert_int_equal(n.r.refused, raft_bit(3));
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, true));   /* and a grant stands */
    assert_int_equal(n.r.granted, raft_bit(1) | raft_bit(2));
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 3, 1, false));
    assert_int_equal(n.r.role, RAFT_LEADER);
}

/* With pre-votes or without. A granted pre-vote moves no term, were it of one to a former life that
 * was in a later term. */
static void each_candidacy_is_a_try_and_no_granted_pre_vote_a_term(void **state)
{
    (void)state;
    for (int prevote = 0; prevote <= 1; prevote++) {
        start_plain(1, 3, prevote);
        for (uint64_t last = n.r.try_id; n.r.try_id < last + 3;) {
            const uint64_t before = n.r.try_id;
            go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN});
            assert_int_equal(n.r.try_id, before + 1);
        }
        const uint64_t term = n.r.term;
        recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, term + 5, false));
        assert_int_equal(n.r.term, term);
    }
}

/* Two of four refuse the pre-vote; of the votes one refusal is no majority. */
static void refusals_of_a_pre_vote_are_none_of_the_vote(void **state)
{
    (void)state;
    start_plain(1, 5, true);
    stand();
    for (uint8_t from = 2; from <= 5; from++) {
        bool reject = from < 4;
        recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, from, n.r.term + !reject, reject));
    }
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    all_written(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 4, n.r.term, true));
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    for (uint8_t from = 2; from <= 3; from++)
        recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, from, n.r.term, false));
    assert_int_equal(n.r.role, RAFT_LEADER);
}

/* A term is adopted with a write, and there is no room for one. */
static void no_term_is_adopted_without_room_for_a_write(void **state)
{
    (void)state;
    start_plain(1, 3, true);
    elect(&n);
    while (!raft_writes_full(&n.r)) assert_int_equal(propose(&n, 1), RAFT_OK);
    for (int type = RAFT_MSG_VOTE_REPLY; type <= RAFT_MSG_PREVOTE_REPLY; type += 2) {
        assert_int_equal(recv_msg(&n, reply_of(&n, type, 2, n.r.term + 1, true)), RAFT_E_BUSY);
    }
    all_written(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, n.r.term + 1, true));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
}

static void an_answer_that_no_correct_node_sends_is_refused(void **state)
{
    (void)state;
    start_plain(1, 3, false);
    stand();
    struct raft_msg m = reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, false);
    m.asked = 2;                                 /* it grants what was not asked in its term */
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    m.asked = 0;
    m.flags = RAFT_FLAG_REJECT;
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    const struct { int type; uint64_t term, asked; uint8_t flags; } replies[] = {
        {RAFT_MSG_APPEND_REPLY, 1, 0, 0},                    /* accepts in another term */
        {RAFT_MSG_HEARTBEAT_REPLY, 2, 1, 0},
        {RAFT_MSG_APPEND_REPLY, 1, 2, RAFT_FLAG_REJECT},     /* refuses a later term */
        {RAFT_MSG_HEARTBEAT_REPLY, 1, 1, RAFT_FLAG_REJECT},  /* refuses its own leader */
    };
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        m = (struct raft_msg){.type = (uint8_t)replies[i].type, .from = 2, .term = replies[i].term,
                              .asked = replies[i].asked, .flags = replies[i].flags};
        assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    }
}

/* ---- what must be durable -------------------------------------------------------------------- */

/* Whoever learns a term from this node may not see it go back to an earlier one. */
static void a_refusal_waits_for_its_term(void **state)
{
    (void)state;
    const struct raft_run runs[] = {{1, 3}};
    struct raft_boot boot = boot_of(2, 3);
    boot.term = 1;
    boot.runs = runs;
    boot.nruns = 1;
    start(&n, &boot);
    recv_msg(&n, vote_of(1, 2, 1, 1));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 1)->flags, RAFT_FLAG_REJECT);
    uint64_t wid = n.fx.write.wid;
    assert_int_equal(sent_wid(&n, RAFT_MSG_VOTE_REPLY, 1), wid);
    recv_msg(&n, prevote_of(3, 2, 0, 0));
    assert_int_equal(sent_wid(&n, RAFT_MSG_PREVOTE_REPLY, 3), wid);
    recv_msg(&n, prevote_of(3, 3, 9, 1));        /* granted: of a term to come */
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE_REPLY, 3)->flags, 0);
    assert_int_equal(sent_wid(&n, RAFT_MSG_PREVOTE_REPLY, 3), 0);
    beat(&n, 1, 1, 0);                           /* of an old leader */
    assert_int_equal(sent_wid(&n, RAFT_MSG_HEARTBEAT_REPLY, 1), wid);
    recv_msg(&n, append_of(1, 1, 3, 1, 1, 1));
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 1), wid);
    recv_msg(&n, append_of(3, 2, 9, 2, 2, 1));   /* of the leader of this term; it does not fit */
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 3)->flags, RAFT_FLAG_REJECT);
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 3), wid);
    read_at(&n, 1);                              /* nobody looks at the term of that */
    assert_int_equal(sent_wid(&n, RAFT_MSG_READ_INDEX, 3), 0);
    all_written(&n);
    recv_msg(&n, vote_of(1, 2, 1, 1));
    assert_int_equal(sent_wid(&n, RAFT_MSG_VOTE_REPLY, 1), 0);
}

/* What waits in a term that ends is cancelled by the step that ends it, and by no other. */
static void a_new_term_cancels_what_waits(void **state)
{
    (void)state;
    start_plain(2, 3, false);
    recv_msg(&n, vote_of(1, 1, 0, 0));
    assert_int_equal(n.fx.cancel_below, 1);
    assert_int_not_equal(sent_wid(&n, RAFT_MSG_VOTE_REPLY, 1), 0);
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 1));
    assert_int_equal(n.fx.cancel_below, 0);
    recv_msg(&n, vote_of(3, 1, 0, 0));
    assert_int_equal(n.fx.cancel_below, 0);
    beat(&n, 3, 4, 0);
    assert_int_equal(n.fx.cancel_below, 4);
    all_written(&n);
    assert_int_equal(n.fx.cancel_below, 0);
}

/* ---- contact --------------------------------------------------------------------------------- */

static void start_leader(uint32_t voters, uint64_t heartbeat)
{
    struct raft_boot boot = boot_of(1, voters);
    boot.options.prevote = 0;
    boot.options.heartbeat = heartbeat;
    start(&n, &boot);
    elect(&n);
}

static uint64_t contact(void)
{
    return raft_quorum_contact(&n.r, n.r.now);
}

static void next_round(void)
{
    uint64_t round = n.r.round;
    while (n.r.role == RAFT_LEADER && n.r.round == round) expire(&n);
}

static void an_answer_is_as_old_as_its_round(void **state)
{
    (void)state;
    start_leader(3, MS(30));
    uint64_t won = n.now;
    assert_int_equal(contact(), won);
    next_round();
    uint64_t round = n.r.round, began = n.now;
    next_round();
    n.now += MS(20);
    beat_reply(&n, 2, round);
    assert_int_equal(contact(), began);
    n.now += MS(5);
    beat_reply(&n, 2, round);                    /* repeated */
    beat_reply(&n, 2, round - 1);                /* late */
    assert_int_equal(contact(), began);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(contact(), began + MS(30));
}

static void a_refused_append_is_a_sign_of_life_as_well(void **state)
{
    (void)state;
    start_leader(3, MS(30));
    next_round();
    uint64_t began = n.now;
    n.now += MS(20);
    recv_msg(&n, (struct raft_msg){.type = RAFT_MSG_APPEND_REPLY, .from = 2, .term = n.r.term,
                                   .asked = n.r.term, .flags = RAFT_FLAG_REJECT, .index = 0,
                                   .round = n.r.round});
    assert_int_equal(contact(), began);
}

/* The answers go on, each to the same old round: that leader has been alone since. */
static void answers_to_one_round_keep_no_leader_in_office(void **state)
{
    (void)state;
    start_leader(3, MS(30));
    next_round();
    uint64_t round = n.r.round, began = n.now;
    while (n.r.role == RAFT_LEADER) {
        beat_reply(&n, 2, round);
        beat_reply(&n, 3, round);
        expire(&n);
        assert_true(n.now <= began + MS(150));
    }
    assert_true(noted(&n, RAFT_NOTE_QUORUM_LOST));
    assert_int_equal(n.now, began + MS(150));
}

/* It led term 1, was refused by one in term 5, and leads that term itself when this comes. */
static void the_refusal_of_an_earlier_reign_is_no_contact(void **state)
{
    (void)state;
    start_leader(3, MS(30));
    next_round();
    uint64_t since = contact();
    struct raft_msg m = {.type = RAFT_MSG_HEARTBEAT_REPLY, .from = 2, .term = 5, .asked = 1,
                         .flags = RAFT_FLAG_REJECT, .round = 2};
    n.r.term = 5;   /* as though its log were of that term: only the counting is looked at */
    n.runs[0].term = 5;
    recv_msg(&n, m);
    assert_int_equal(n.r.role, RAFT_LEADER);
    assert_int_equal(contact(), since);
    assert_int_equal(raft_quorum_round(&n.r), 0);
    m.type = RAFT_MSG_APPEND_REPLY;
    m.round = 99;   /* of that reign there may have been as many */
    assert_int_equal(recv_msg(&n, m), RAFT_OK);
    assert_int_equal(contact(), since);
}

/* Rounds of a millisecond and answers that take a hundred: the round of each has left the ring when
 * its answer comes, and yet the leader is heard. But not longer than a timeout. */
/* The oldest round of the ring, and the one before it, whose place the latest has. */
static void at_the_end_of_the_ring_no_round_is_taken_for_another(void **state)
{
    (void)state;
    for (uint64_t late = RAFT_ROUNDS_MAX - 2; late <= RAFT_ROUNDS_MAX + 2; late++) {
        start_leader(3, MS(1));
        const uint64_t first = n.r.round;
        uint64_t began[2 * RAFT_ROUNDS_MAX] = {n.now};
        for (uint64_t k = 1; k < 2 * RAFT_ROUNDS_MAX; k++) {
            next_round();
            began[k] = n.now;
        }
        const uint64_t k = n.r.round - first - late;
        beat_reply(&n, 2, first + k);
        const bool kept = late < RAFT_ROUNDS_MAX;
        assert_true(contact() <= began[k]);
        assert_true(contact() + (kept ? 0 : MS(150) / (RAFT_MARKS_MAX / 2)) >= began[k]);
    }
}

/* A mark may lie before the round that was answered last, which the ring still had. */
static void a_newer_answer_makes_no_contact_older(void **state)
{
    (void)state;
    start_leader(3, MS(1));
    while (n.r.round < RAFT_ROUNDS_MAX) next_round();
    for (int i = 0; i < 100; i++) {     /* the oldest of the ring, then its successor, which left */
        const uint64_t was = contact(), oldest = n.r.round - RAFT_ROUNDS_MAX + 1;
        beat_reply(&n, 2, oldest);
        assert_int_equal(contact(), n.r.round_start[oldest % RAFT_ROUNDS_MAX]);
        assert_true(contact() >= was);
        const uint64_t exact = contact();
        next_round();
        next_round();
        beat_reply(&n, 2, oldest + 1);
        assert_true(contact() >= exact);
    }
}

/* All marks are of later rounds. */
static void an_answer_of_long_ago_is_no_contact(void **state)
{
    (void)state;
    start_leader(5, MS(1));
    const uint64_t first = n.r.round, won = n.now;
    for (int i = 0; i < 400; i++) {
        next_round();
        for (uint8_t peer = 2; peer <= 3; peer++) beat_reply(&n, peer, n.r.round);
    }
    assert_true(n.r.marks > RAFT_MARKS_MAX);
    beat_reply(&n, 4, first + 1);
    assert_int_equal(raft_peer_of(&n.r, 4)->acked_round, first + 1);
    assert_int_equal(raft_peer_of(&n.r, 4)->contact, won);
}

static void a_round_beyond_the_ring_is_dated_by_a_mark(void **state)
{
    (void)state;
    start_leader(3, MS(1));
    const uint64_t first = n.r.round, apart = MS(150) / (RAFT_MARKS_MAX / 2);
    uint64_t began[400], mark[400];             /* the latest mark at or before the round */
    began[0] = mark[0] = n.now;
    for (uint64_t k = 1; k < 400; k++) {
        next_round();
        assert_int_equal(n.r.role, RAFT_LEADER);
        assert_int_equal(n.r.round, first + k);
        began[k] = n.now;
        mark[k] = began[k] - mark[k - 1] >= apart ? began[k] : mark[k - 1];
        if (k < 100) continue;
        beat_reply(&n, 2, first + k - 100);
        assert_int_equal(contact(), mark[k - 100]);
        assert_true(contact() + apart > began[k - 100]);
    }
    uint64_t due = contact() + MS(150);
    while (n.r.role == RAFT_LEADER) {
        beat_reply(&n, 2, 100);
        expire(&n);
    }
    assert_int_equal(n.now, due);
}

int main(void)
{
    const struct CMUnitTest core_answers[] = {
        cmocka_unit_test(a_request_names_its_try_and_an_answer_repeats_it),
        cmocka_unit_test(refusals_of_an_earlier_pre_vote_are_not_counted),
        cmocka_unit_test(an_answer_to_a_former_life_is_not_counted),
        cmocka_unit_test(a_refusal_in_a_lower_term_counts),
        cmocka_unit_test(a_higher_term_is_adopted_whatever_it_answers),
        cmocka_unit_test(a_grant_takes_the_place_of_a_refusal_in_one_try),
        cmocka_unit_test(each_candidacy_is_a_try_and_no_granted_pre_vote_a_term),
        cmocka_unit_test(refusals_of_a_pre_vote_are_none_of_the_vote),
        cmocka_unit_test(no_term_is_adopted_without_room_for_a_write),
        cmocka_unit_test(an_answer_that_no_correct_node_sends_is_refused),
        cmocka_unit_test(a_refusal_waits_for_its_term),
        cmocka_unit_test(a_new_term_cancels_what_waits),
        cmocka_unit_test(an_answer_is_as_old_as_its_round),
        cmocka_unit_test(a_refused_append_is_a_sign_of_life_as_well),
        cmocka_unit_test(answers_to_one_round_keep_no_leader_in_office),
        cmocka_unit_test(the_refusal_of_an_earlier_reign_is_no_contact),
        cmocka_unit_test(at_the_end_of_the_ring_no_round_is_taken_for_another),
        cmocka_unit_test(a_newer_answer_makes_no_contact_older),
        cmocka_unit_test(an_answer_of_long_ago_is_no_contact),
        cmocka_unit_test(a_round_beyond_the_ring_is_dated_by_a_mark),
    };
    return cmocka_run_group_tests(core_answers, NULL, NULL);
}
