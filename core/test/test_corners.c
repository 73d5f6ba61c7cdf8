/* SPDX-License-Identifier: MIT */
/* What neither weather nor another test brings about (coverage.sh): each limit at each door, and
 * options that no storm sets. */
#include "kit.h"

static struct node n;

static void fill_writes(void)
{
    while (!raft_writes_full(&n.r)) {
        struct raft_msg m = append_of(2, n.r.term, n.r.log.last, raft_log_last_term(&n.r.log),
                                      n.r.term, 1);
        if (n.r.role == RAFT_LEADER) propose(&n, 1);
        else recv_msg(&n, m);
    }
}

/* A follower of node 2 in term 3 with no room for another write. */
static void start_full(bool prevote)
{
    struct raft_boot boot = boot_of(1, 3);
    boot.options.prevote = prevote;
    boot.options.check_quorum = boot.options.stickiness = 0;
    boot.options.disk_timeout = 0;
    start(&n, &boot);
    beat(&n, 2, 3, 0);
    fill_writes();
}

static void without_room_for_a_write_no_vote_is_given_or_asked_for(void **state)
{
    (void)state;
    start_full(false);
    const struct raft_msg vote = {.type = RAFT_MSG_VOTE, .from = 3, .term = 4, .index = 400,
                                  .log_term = 3, .try_id = ((uint64_t)1 << RAFT_ASKED_BITS) + 1};
    assert_int_equal(recv_msg(&n, vote), RAFT_E_BUSY);
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN}), RAFT_E_BUSY);
    all_written(&n);
    assert_int_equal(recv_msg(&n, vote), RAFT_OK);
    assert_int_equal(n.r.vote, 3);
}

/* A pre-candidate whose queue fills before the answers come. */
static void without_room_for_a_write_nobody_stands(void **state)
{
    (void)state;
    start_full(true);
    all_written(&n);
    while (n.r.role != RAFT_PRECANDIDATE) assert_int_equal(expire(&n), RAFT_OK);
    n.r.wid_last = n.r.wid_done + RAFT_WRITES_MAX;      /* as if all of them were pending */
    for (uint64_t wid = n.r.wid_done + 1; wid <= n.r.wid_last; wid++)
        n.r.write_index[wid % RAFT_WRITES_MAX] = (uint16_t)n.r.log.last;
    struct raft_msg m = reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 2, n.r.term + 1, false);
    assert_int_equal(recv_msg(&n, m), RAFT_E_BUSY);
    all_written(&n);
    assert_int_equal(recv_msg(&n, m), RAFT_OK);
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
}

static void without_room_for_a_write_nobody_wins(void **state)
{
    (void)state;
    start_full(false);
    all_written(&n);
    while (n.r.role != RAFT_CANDIDATE) assert_int_equal(expire(&n), RAFT_OK);
    all_written(&n);
    n.r.wid_last = n.r.wid_done + RAFT_WRITES_MAX;
    for (uint64_t wid = n.r.wid_done + 1; wid <= n.r.wid_last; wid++)
        n.r.write_index[wid % RAFT_WRITES_MAX] = (uint16_t)n.r.log.last;
    struct raft_msg m = reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, n.r.term, false);
    assert_int_equal(recv_msg(&n, m), RAFT_E_BUSY);
    all_written(&n);
    assert_int_equal(recv_msg(&n, m), RAFT_OK);
    assert_int_equal(n.r.role, RAFT_LEADER);
}

/* A log of two terms in room for `room` of them. */
static void start_with_room(uint32_t room, bool noop)
{
    static const struct raft_run runs[] = {{.term = 1, .n = 1}, {.term = 2, .n = 1}};
    struct raft_boot boot = boot_of(1, 3);
    boot.options.log_terms = room;
    boot.options.prevote = 0;
    boot.options.noop_on_election = noop;
    boot.term = 2;
    boot.runs = runs;
    boot.nruns = 2;
    start(&n, &boot);
}

static void a_leader_needs_room_for_its_term_once(void **state)
{
    (void)state;
    start_with_room(2, false);
    elect(&n);
    assert_int_equal(propose(&n, 1), RAFT_E_LIMIT_RUNS);
    start_with_room(3, false);
    elect(&n);
    assert_int_equal(propose(&n, 1), RAFT_OK);
    assert_int_equal(n.r.log.nruns, 3);
    assert_int_equal(propose(&n, 1), RAFT_OK);          /* full, but of its own term */
}

/* The other's vote comes first: the win would be the moment its own is durable. */
static void a_win_by_ones_own_disk_needs_room_too(void **state)
{
    (void)state;
    for (uint32_t room = 2; room <= 3; room++) {
        start_with_room(room, true);
        while (n.r.role != RAFT_CANDIDATE) assert_int_equal(expire(&n), RAFT_OK);
        recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, n.r.term, false));
        assert_int_equal(n.r.role, RAFT_CANDIDATE);
        assert_int_equal(write_done(&n, n.r.wid_last), room == 2 ? RAFT_E_LIMIT_RUNS : RAFT_OK);
        assert_int_equal(n.r.role, room == 2 ? RAFT_CANDIDATE : RAFT_LEADER);
    }
}

static void a_log_that_is_as_long_as_may_be_takes_no_more(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 1);
    boot.options.noop_on_election = 0;
    boot.term = 1;
    boot.runs = (const struct raft_run[]){{1, 5}, {1, RAFT_INDEX_MAX - 5}};
    boot.nruns = 2;
    start(&n, &boot);
    assert_int_equal(n.r.log.nruns, 1);
    elect(&n);
    assert_int_equal(propose(&n, 1), RAFT_E_INVALID);
}

static void without_stickiness_nobody_is_refused_for_a_leader(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.stickiness = boot.options.check_quorum = 0;
    start(&n, &boot);
    beat(&n, 2, 3, 0);
    recv_msg(&n, (struct raft_msg){.type = RAFT_MSG_PREVOTE, .from = 3, .term = 4,
                                   .try_id = ((uint64_t)1 << RAFT_ASKED_BITS) + 1});
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE_REPLY, 3)->flags, 0);
}

/* Its own round is none from which a lease counts, until it opens another. */
static void an_answer_from_before_a_clock_step_makes_no_lease(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.leases = RAFT_LEASES_ON;
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    n.now += MS(40);
    tick(&n);
    n.now -= MS(20);
    tick(&n);
    assert_int_equal(n.r.round_floor, n.r.round);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(n.r.lease_until, 0);
    n.r.round_floor--;                     /* as though the clock had stepped a round before */
    n.r.progress[0].acked_round--;
    beat_reply(&n, 2, n.r.round);
    assert_true(n.r.lease_until > 0);
}

static void leases_are_off_where_an_option_says_so(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.leases = RAFT_LEASES_OFF;
    start(&n, &boot);
    assert_false(n.r.leases);
}

static void options_that_do_not_fit_say_why_or_not(void **state)
{
    (void)state;
    struct raft_options a, b;
    const char *why = "";
    raft_options_default(&a);
    raft_options_default(&b);
    assert_true(raft_options_agree(&a, &b, NULL));
    assert_true(raft_options_agree(&a, &b, &why));
    assert_string_equal(why, "");
    a.leases = RAFT_LEASES_ON;
    assert_false(raft_options_agree(&a, &b, NULL));
    assert_false(raft_options_agree(&a, &b, &why));
    assert_string_not_equal(why, "");
    a.check_quorum = 0;
    assert_false(raft_options_valid(&a, &why));
    assert_string_equal(why, "leases need check-quorum");
    a.check_quorum = 1;
    a.stickiness = 0;
    assert_false(raft_options_valid(&a, &why));
    assert_string_equal(why, "leases need stickiness");
}

static void who_has_no_vote_answers_in_vain(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    assert_int_equal(ack(&n, 9, 1), RAFT_OK);
    assert_int_equal(n.r.commit, 0);
}

static void progress_is_that_of_a_leaders_peers(void **state)
{
    (void)state;
    struct raft_progress_view v;
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    assert_false(raft_progress(&n.r, 2, &v));
    elect(&n);
    assert_true(raft_progress(&n.r, 2, &v));
    assert_false(raft_progress(&n.r, RAFT_NONE, &v));
    assert_false(raft_progress(&n.r, RAFT_NODES_MAX + 1, &v));
    assert_false(raft_progress(&n.r, 1, &v));
    assert_false(raft_progress(&n.r, 9, &v));
}

static void a_refused_probe_stays_behind_what_matches(void **state)
{
    (void)state;
    struct raft_peer p;
    raft_peer_reset(&p, 1, 0);
    assert_true(raft_peer_acked(&p, 5));
    raft_peer_probe(&p);
    p.next = 8;
    assert_true(raft_peer_refused(&p, 7, 2));
    assert_int_equal(p.next, 6);
}

static void a_cut_alone_leaves_the_runs_before_it(void **state)
{
    (void)state;
    start_with_room(2, true);
    assert_int_equal(raft_log_runs_after(&n.r.log, 2, NULL, 0), 1);
    assert_int_equal(raft_log_runs_after(&n.r.log, 0, NULL, 0), 2);
}

int main(void)
{
    const struct CMUnitTest core_corners[] = {
        cmocka_unit_test(without_room_for_a_write_no_vote_is_given_or_asked_for),
        cmocka_unit_test(without_room_for_a_write_nobody_stands),
        cmocka_unit_test(without_room_for_a_write_nobody_wins),
        cmocka_unit_test(a_leader_needs_room_for_its_term_once),
        cmocka_unit_test(a_win_by_ones_own_disk_needs_room_too),
        cmocka_unit_test(a_log_that_is_as_long_as_may_be_takes_no_more),
        cmocka_unit_test(without_stickiness_nobody_is_refused_for_a_leader),
        cmocka_unit_test(an_answer_from_before_a_clock_step_makes_no_lease),
        cmocka_unit_test(leases_are_off_where_an_option_says_so),
        cmocka_unit_test(options_that_do_not_fit_say_why_or_not),
        cmocka_unit_test(who_has_no_vote_answers_in_vain),
        cmocka_unit_test(progress_is_that_of_a_leaders_peers),
        cmocka_unit_test(a_refused_probe_stays_behind_what_matches),
        cmocka_unit_test(a_cut_alone_leaves_the_runs_before_it),
    };
    return cmocka_run_group_tests(core_corners, NULL, NULL);
}
