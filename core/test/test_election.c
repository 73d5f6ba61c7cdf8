/* SPDX-License-Identifier: MIT */
/* Method: one node, its peers played by hand. Pre-votes, votes, and what must be durable before
 * either counts. */
#include "ballot.h"

static struct node n;

static void start_plain(uint8_t id, uint32_t voters)
{
    struct raft_boot boot = boot_of(id, voters);
    start(&n, &boot);
}

static void a_prevote_moves_neither_term_nor_vote(void **state)
{
    (void)state;
    start_plain(1, 3);
    assert_int_equal(expire(&n), RAFT_OK);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    assert_int_equal(n.r.term, 0);
    assert_int_equal(n.fx.write.wid, 0);
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE, 2)->term, 1);
    assert_int_equal(count_sent(&n, RAFT_MSG_PREVOTE, 0), 2);
    assert_int_equal(sent_wid(&n, RAFT_MSG_PREVOTE, 3), 0);
}

static void a_granted_prevote_changes_nothing_at_the_voter(void **state)
{
    (void)state;
    start_plain(2, 3);
    n.now = MS(100);
    uint64_t due = raft_deadline(&n.r);
    assert_int_equal(recv_msg(&n, prevote_of(1, 5, 0, 0)), RAFT_OK);
    const struct raft_msg *m = sent(&n, RAFT_MSG_PREVOTE_REPLY, 1);
    assert_int_equal(m->flags, 0);
    assert_int_equal(m->term, 5);
    assert_int_equal(n.r.term, 0);
    assert_int_equal(n.r.vote, 0);
    assert_int_equal(raft_deadline(&n.r), due);
    assert_int_equal(n.fx.write.wid, 0);
}

static void a_prevote_of_an_old_term_is_answered_with_the_own_term(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    boot.term = 9;
    start(&n, &boot);
    recv_msg(&n, prevote_of(1, 4, 0, 0));
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE_REPLY, 1)->term, 9);
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE_REPLY, 1)->flags, RAFT_FLAG_REJECT);
    recv_msg(&n, vote_of(1, 4, 0, 0));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 1)->term, 9);
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 1)->flags, RAFT_FLAG_REJECT);
}

static void a_refused_prevote_of_a_higher_term_is_adopted(void **state)
{
    (void)state;
    start_plain(1, 3);
    expire(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, 9, true));
    assert_int_equal(n.r.term, 9);
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.fx.write.term, 9);
}

static void a_granted_prevote_of_another_term_is_not_counted_nor_adopted(void **state)
{
    (void)state;
    start_plain(1, 3);
    expire(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, 9, false));
    assert_int_equal(n.r.term, 0);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 0, true));
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
}

static void a_prevote_grant_is_no_vote(void **state)
{
    (void)state;
    start_plain(1, 3);
    become_candidate(&n);
    all_written(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 3, 1, false));
    recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 3, 2, false));
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
}

static void a_candidate_votes_for_itself_in_one_write(void **state)
{
    (void)state;
    start_plain(1, 3);
    become_candidate(&n);
    assert_int_equal(n.r.term, 1);
    assert_int_equal(n.fx.write.term, 1);
    assert_int_equal(n.fx.write.vote, 1);
    assert_int_equal(sent_wid(&n, RAFT_MSG_VOTE, 2), n.fx.write.wid);
    assert_int_equal(n.fx.delta.changed &
                     (RAFT_CHANGED_TERM | RAFT_CHANGED_VOTE | RAFT_CHANGED_ROLE),
                     RAFT_CHANGED_TERM | RAFT_CHANGED_VOTE | RAFT_CHANGED_ROLE);
}

static void no_candidate_wins_before_its_own_vote_is_durable(void **state)
{
    (void)state;
    start_plain(1, 3);
    become_candidate(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, false));
    assert_true(noted(&n, RAFT_NOTE_WIN_WAITS));
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 3, 1, false));
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    all_written(&n);
    assert_int_equal(n.r.role, RAFT_LEADER);
    assert_int_equal(n.fx.delta.origin, RAFT_FROM_SELF);
    assert_int_equal(n.fx.delta.first, 1);
    assert_int_equal(count_sent(&n, RAFT_MSG_APPEND, 0), 2);
}

static void a_duplicate_vote_counts_once(void **state)
{
    (void)state;
    start_plain(1, 5);
    become_candidate(&n);
    all_written(&n);
    for (int i = 0; i < 4; i++) recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, false));
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 9, 1, false));   /* no voter */
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 3, 1, false));
    assert_int_equal(n.r.role, RAFT_LEADER);
}

static void a_vote_of_an_earlier_candidacy_is_not_counted(void **state)
{
    (void)state;
    start_plain(1, 3);
    become_candidate(&n);
    all_written(&n);
    become_candidate(&n);
    all_written(&n);
    assert_int_equal(n.r.term, 2);
    struct raft_msg late = reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, false);
    late.try_id--;
    recv_msg(&n, late);
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    assert_true(noted(&n, RAFT_NOTE_ANSWER_OLD));
}

static void refusals_of_a_majority_end_a_candidacy_and_keep_the_vote(void **state)
{
    (void)state;
    start_plain(1, 3);
    become_candidate(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, true));
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 3, 1, true));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.r.term, 1);
    assert_int_equal(n.r.vote, 1);
}

static void a_vote_waits_for_its_write(void **state)
{
    (void)state;
    start_plain(2, 3);
    recv_msg(&n, vote_of(1, 3, 0, 0));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 1)->flags, 0);
    assert_int_equal(sent_wid(&n, RAFT_MSG_VOTE_REPLY, 1), 1);
    assert_int_equal(n.fx.write.wid, 1);
    assert_int_equal(n.fx.write.term, 3);
    assert_int_equal(n.fx.write.vote, 1);
    recv_msg(&n, vote_of(1, 3, 0, 0));   /* repeated: the same answer, held by the same write */
    assert_int_equal(sent_wid(&n, RAFT_MSG_VOTE_REPLY, 1), 1);
    assert_int_equal(n.fx.write.wid, 0);
    all_written(&n);
    recv_msg(&n, vote_of(1, 3, 0, 0));
    assert_int_equal(sent_wid(&n, RAFT_MSG_VOTE_REPLY, 1), 0);
}

static void a_term_has_one_vote(void **state)
{
    (void)state;
    start_plain(2, 3);
    recv_msg(&n, vote_of(1, 3, 0, 0));
    recv_msg(&n, vote_of(3, 3, 7, 2));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 3)->flags, RAFT_FLAG_REJECT);
    assert_int_equal(n.r.vote, 1);
    struct raft_boot boot = boot_of(2, 3);
    boot.term = 3;
    boot.vote = 1;
    start(&n, &boot);
    recv_msg(&n, vote_of(3, 3, 7, 2));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 3)->flags, RAFT_FLAG_REJECT);
}

static void a_log_is_compared_by_term_and_then_by_index(void **state)
{
    (void)state;
    const struct raft_run runs[] = {{1, 3}, {4, 2}};
    struct raft_boot boot = boot_of(2, 3);
    boot.term = 5;
    boot.runs = runs;
    boot.nruns = 2;
    const struct { uint64_t index, log_term; int flags; } cases[] = {
        {9, 3, RAFT_FLAG_REJECT}, {4, 4, RAFT_FLAG_REJECT}, {5, 4, 0}, {6, 4, 0}, {1, 5, 0},
        {0, 0, RAFT_FLAG_REJECT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start(&n, &boot);
        recv_msg(&n, vote_of(1, 6, cases[i].index, cases[i].log_term));
        assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 1)->flags, cases[i].flags);
        assert_int_equal(n.r.term, 6);
        assert_int_equal(n.r.vote, cases[i].flags ? 0 : 1);
    }
}

static void a_grant_resets_the_wait_and_a_refusal_does_not(void **state)
{
    (void)state;
    const struct raft_run runs[] = {{1, 3}};
    struct raft_boot boot = boot_of(2, 3);
    boot.term = 1;
    boot.runs = runs;
    boot.nruns = 1;
    start(&n, &boot);
    uint64_t due = raft_deadline(&n.r);
    n.now = MS(140);
    recv_msg(&n, vote_of(1, 2, 1, 1));
    assert_int_equal(raft_deadline(&n.r), due);
    recv_msg(&n, vote_of(1, 3, 3, 1));
    assert_true(raft_deadline(&n.r) >= MS(290));
}

static void the_last_term_is_a_limit_of_its_own(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.term = RAFT_TERM_MAX;
    start(&n, &boot);
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN}), RAFT_E_LIMIT_TERM);
    n.now = raft_deadline(&n.r);
    assert_int_equal(tick(&n), RAFT_E_LIMIT_TERM);
}

static void a_win_that_has_no_run_left_is_refused_whole(void **state)
{
    (void)state;
    static struct raft_run runs[KIT_TERMS];
    for (uint32_t i = 0; i < KIT_TERMS; i++) runs[i] = (struct raft_run){.term = i + 1, .n = 1};
    struct raft_boot boot = boot_of(1, 3);
    boot.term = KIT_TERMS;
    boot.runs = runs;
    boot.nruns = KIT_TERMS;
    start(&n, &boot);
    become_candidate(&n);
    all_written(&n);
    assert_int_equal(recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, n.r.term, false)),
                     RAFT_E_LIMIT_RUNS);
}

int main(void)
{
    const struct CMUnitTest core_election[] = {
        cmocka_unit_test(a_prevote_moves_neither_term_nor_vote),
        cmocka_unit_test(a_granted_prevote_changes_nothing_at_the_voter),
        cmocka_unit_test(a_prevote_of_an_old_term_is_answered_with_the_own_term),
        cmocka_unit_test(a_refused_prevote_of_a_higher_term_is_adopted),
        cmocka_unit_test(a_granted_prevote_of_another_term_is_not_counted_nor_adopted),
        cmocka_unit_test(a_prevote_grant_is_no_vote),
        cmocka_unit_test(a_candidate_votes_for_itself_in_one_write),
        cmocka_unit_test(no_candidate_wins_before_its_own_vote_is_durable),
        cmocka_unit_test(a_duplicate_vote_counts_once),
        cmocka_unit_test(a_vote_of_an_earlier_candidacy_is_not_counted),
        cmocka_unit_test(refusals_of_a_majority_end_a_candidacy_and_keep_the_vote),
        cmocka_unit_test(a_vote_waits_for_its_write),
        cmocka_unit_test(a_term_has_one_vote),
        cmocka_unit_test(a_log_is_compared_by_term_and_then_by_index),
        cmocka_unit_test(a_grant_resets_the_wait_and_a_refusal_does_not),
        cmocka_unit_test(the_last_term_is_a_limit_of_its_own),
        cmocka_unit_test(a_win_that_has_no_run_left_is_refused_whole),
    };
    return cmocka_run_group_tests(core_election, NULL, NULL);
}
