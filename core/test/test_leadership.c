/* SPDX-License-Identifier: MIT */
/* Method: one node, its peers played by hand. Whose votes a live leader forbids, and how leadership
 * begins and ends. */
#include "ballot.h"

static struct node n;

static void start_plain(uint8_t id, uint32_t voters)
{
    struct raft_boot boot = boot_of(id, voters);
    start(&n, &boot);
}

static void different_nodes_draw_different_timeouts(void **state)
{
    (void)state;
    uint64_t due[5];
    for (uint8_t id = 1; id <= 5; id++) {
        struct raft_boot boot = boot_of(id, 5);
        boot.seed = 0;
        start(&n, &boot);
        due[id - 1] = raft_deadline(&n.r);
        assert_in_range(due[id - 1], MS(150), MS(300));
        for (uint8_t k = 0; k + 1 < id; k++) assert_int_not_equal(due[k], due[id - 1]);
    }
}

static void who_heard_a_leader_lately_keeps_its_term(void **state)
{
    (void)state;
    start_plain(2, 3);
    beat(&n, 1, 1, 0);
    n.now += MS(149);
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.term, 1);
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 3)->flags, RAFT_FLAG_REJECT);
    recv_msg(&n, prevote_of(3, 7, 9, 1));
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE_REPLY, 3)->flags, RAFT_FLAG_REJECT);
    n.now += MS(1);
    recv_msg(&n, prevote_of(3, 7, 9, 1));
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE_REPLY, 3)->flags, 0);
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.term, 7);
    assert_int_equal(n.r.vote, 3);
}

static void force_passes_stickiness_but_never_a_lease(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    struct raft_msg forced = vote_of(3, 7, 9, 1);
    forced.flags = RAFT_FLAG_FORCE;
    start(&n, &boot);
    beat(&n, 1, 1, 0);
    recv_msg(&n, forced);
    assert_int_equal(n.r.vote, 3);
    boot.options.leases = RAFT_LEASES_ON;
    start(&n, &boot);
    beat(&n, 1, 1, 0);
    recv_msg(&n, forced);
    assert_int_equal(n.r.vote, 0);
    assert_int_equal(n.r.term, 1);
}

static void a_leader_in_contact_is_sticky_too(void **state)
{
    (void)state;
    start_plain(1, 3);
    elect(&n);
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.role, RAFT_LEADER);
    n.now += MS(151);   /* no answer in all that time */
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.r.vote, 3);
}

static void under_leases_a_restarted_node_is_silent_for_a_while(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    boot.options.leases = RAFT_LEASES_ON;
    boot.restarted = true;
    boot.now = MS(1000);
    start(&n, &boot);
    n.now += MS(149);
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.vote, 0);
    assert_int_equal(n.r.term, 0);
    assert_true(noted(&n, RAFT_NOTE_VOTE_REFUSED_SILENCE));
    n.now += MS(1);
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.vote, 3);
    boot.options.unsafe_vote_after_restart = 1;
    start(&n, &boot);
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.vote, 3);
    boot.options.unsafe_vote_after_restart = 0;
    boot.restarted = false;
    start(&n, &boot);
    recv_msg(&n, vote_of(3, 7, 9, 1));
    assert_int_equal(n.r.vote, 3);
}

static void under_leases_a_campaign_waits_until_the_own_vote_is_free(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    boot.options.leases = RAFT_LEASES_ON;
    start(&n, &boot);
    beat(&n, 1, 1, 0);
    uint64_t free_at = n.now + MS(150);
    n.now += MS(10);
    go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN, .campaign.force = true});
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_true(noted(&n, RAFT_NOTE_CAMPAIGN_WAITS));
    assert_int_equal(raft_deadline(&n.r), free_at);
    expire(&n);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE, 1)->flags, 0);
}

static void an_operators_campaign_carries_force_once(void **state)
{
    (void)state;
    start_plain(1, 3);
    beat(&n, 2, 1, 0);
    go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN, .campaign.force = true});
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    assert_int_equal(n.r.leader, 0);
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE, 2)->flags, RAFT_FLAG_FORCE);
    recv_msg(&n, reply_of(&n, RAFT_MSG_PREVOTE_REPLY, 3, 2, false));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE, 2)->flags, RAFT_FLAG_FORCE);
    all_written(&n);
    expire(&n);
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE, 2)->flags, 0);
}

static void a_candidate_follows_the_leader_of_its_term(void **state)
{
    (void)state;
    start_plain(1, 3);
    become_candidate(&n);
    beat(&n, 2, 1, 0);
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.r.leader, 2);
    assert_int_equal(n.r.vote, 1);
}

static void a_stale_leader_is_told_and_resets_no_wait(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    boot.term = 4;
    start(&n, &boot);
    uint64_t due = raft_deadline(&n.r);
    n.now = MS(100);
    beat(&n, 1, 3, 0);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT_REPLY, 1)->term, 4);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT_REPLY, 1)->flags, RAFT_FLAG_REJECT);
    recv_msg(&n, append_of(1, 3, 0, 0, 3, 1));
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 1)->flags, RAFT_FLAG_REJECT);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 1)->term, 4);
    assert_int_equal(raft_deadline(&n.r), due);
    assert_int_equal(n.r.leader, 0);
}

static void a_leader_steps_down_for_a_higher_term_and_forgets_no_vote(void **state)
{
    (void)state;
    start_plain(1, 3);
    elect(&n);
    recv_msg(&n, reply_of(&n, RAFT_MSG_HEARTBEAT_REPLY, 2, 9, true));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.r.term, 9);
    assert_int_equal(n.r.vote, 0);
    assert_int_equal(n.r.leader, 0);
}

static void a_leader_without_a_quorum_steps_down_in_its_term(void **state)
{
    (void)state;
    start_plain(1, 5);
    elect(&n);
    uint64_t won = n.now;
    while (n.r.role == RAFT_LEADER) {
        if (n.now < won + MS(100)) beat_reply(&n, 2, 0), beat_reply(&n, 3, 0);
        expire(&n);
        assert_true(n.now < won + MS(1000));
    }
    assert_true(n.now >= won + MS(150));
    assert_true(n.now < won + MS(300));
    assert_true(noted(&n, RAFT_NOTE_QUORUM_LOST));
    assert_int_equal(n.r.term, 1);
    assert_int_equal(n.r.vote, 1);
    assert_int_equal(n.r.leader, 0);
}

static void a_single_voter_leads_once_its_vote_is_durable(void **state)
{
    (void)state;
    start_plain(1, 1);
    expire(&n);
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    all_written(&n);
    assert_int_equal(n.r.role, RAFT_LEADER);
    assert_int_equal(n.r.commit, 0);
    all_written(&n);
    assert_int_equal(n.r.commit, 1);
    assert_true(raft_deadline(&n.r) == RAFT_NEVER);
}

static void one_without_a_vote_never_campaigns_but_votes(void **state)
{
    (void)state;
    start_plain(4, 3);
    assert_true(raft_deadline(&n.r) == RAFT_NEVER);
    n.now = MS(10000);
    tick(&n);
    go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN});
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    recv_msg(&n, vote_of(7, 3, 0, 0));   /* nor is the candidate known here */
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 7)->flags, 0);
}

static void one_without_a_vote_hears_more_voters_than_a_leader_has_peers(void **state)
{
    (void)state;
    start_plain(RAFT_NODES_MAX, RAFT_VOTERS_MAX);
    assert_int_equal(n.r.npeers, 0);
    for (uint8_t from = 1; from <= RAFT_VOTERS_MAX; from++) {
        assert_int_equal(recv_msg(&n, append_of(from, from, from - 1u, from - 1u, from, 1)),
                         RAFT_OK);
        assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, from)->index, from);
    }
    start_plain(1, RAFT_VOTERS_MAX);
    assert_int_equal(n.r.npeers, RAFT_PEERS_MAX);
    elect(&n);
    propose(&n, 1);
    assert_int_equal(count_sent(&n, RAFT_MSG_APPEND, 0), 0);   /* all are probed with the no-op */
    for (uint8_t from = 2; from <= RAFT_VOTERS_MAX; from++) ack(&n, from, 1);
    assert_int_equal(n.r.commit, 1);
}

static void without_prevote_a_timeout_raises_the_term(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.prevote = 0;
    start(&n, &boot);
    expire(&n);
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    all_written(&n);
    expire(&n);
    assert_int_equal(n.r.term, 2);
}

static void a_pinned_timeout_holds_until_it_fires(void **state)
{
    (void)state;
    start_plain(1, 3);
    go(&n, (struct raft_event){.type = RAFT_EV_PIN_TIMEOUT, .pin.timeout_ns = MS(42)});
    assert_int_equal(raft_deadline(&n.r), MS(42));
    n.now = MS(20);
    beat(&n, 2, 1, 0);
    assert_int_equal(raft_deadline(&n.r), MS(62));
    expire(&n);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    assert_true(raft_deadline(&n.r) >= MS(62) + MS(150));
}

static void a_failed_write_halts_the_node_for_good(void **state)
{
    (void)state;
    start_plain(1, 3);
    elect(&n);
    propose(&n, 1);
    go(&n, (struct raft_event){.type = RAFT_EV_WRITE_DONE,
                               .write = {.wid = n.r.wid_last, .failed = true}});
    assert_int_equal(n.r.role, RAFT_HALTED);
    assert_true(noted(&n, RAFT_NOTE_WRITE_FAILED_LEADING));
    assert_true(raft_deadline(&n.r) == RAFT_NEVER);
    uint64_t hash = raft_hash(&n.r);
    n.now += MS(5000);
    assert_int_equal(tick(&n), RAFT_OK);
    assert_int_equal(propose(&n, 1), RAFT_E_NOT_LEADER);    /* nobody waits for what is lost */
    assert_int_equal(n.fx.delta.leader, RAFT_NONE);
    assert_int_equal(recv_msg(&n, vote_of(2, 9, 9, 9)), RAFT_OK);
    assert_int_equal(n.fx.nmsgs, 0);
    assert_int_equal(raft_hash(&n.r), hash);
}

static void a_repeated_or_unknown_write_number_is_ignored(void **state)
{
    (void)state;
    start_plain(1, 3);
    become_candidate(&n);
    uint64_t wid = n.r.wid_last;
    assert_int_equal(write_done(&n, wid + 5), RAFT_OK);
    assert_int_equal(n.r.wid_done, 0);
    assert_int_equal(write_done(&n, 0), RAFT_E_INVALID);
    write_done(&n, wid);
    go(&n, (struct raft_event){.type = RAFT_EV_WRITE_DONE, .write = {.wid = wid, .failed = true}});
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
}

int main(void)
{
    const struct CMUnitTest core_leadership[] = {
        cmocka_unit_test(different_nodes_draw_different_timeouts),
        cmocka_unit_test(who_heard_a_leader_lately_keeps_its_term),
        cmocka_unit_test(force_passes_stickiness_but_never_a_lease),
        cmocka_unit_test(a_leader_in_contact_is_sticky_too),
        cmocka_unit_test(under_leases_a_restarted_node_is_silent_for_a_while),
        cmocka_unit_test(under_leases_a_campaign_waits_until_the_own_vote_is_free),
        cmocka_unit_test(an_operators_campaign_carries_force_once),
        cmocka_unit_test(a_candidate_follows_the_leader_of_its_term),
        cmocka_unit_test(a_stale_leader_is_told_and_resets_no_wait),
        cmocka_unit_test(a_leader_steps_down_for_a_higher_term_and_forgets_no_vote),
        cmocka_unit_test(a_leader_without_a_quorum_steps_down_in_its_term),
        cmocka_unit_test(a_single_voter_leads_once_its_vote_is_durable),
        cmocka_unit_test(one_without_a_vote_never_campaigns_but_votes),
        cmocka_unit_test(one_without_a_vote_hears_more_voters_than_a_leader_has_peers),
        cmocka_unit_test(without_prevote_a_timeout_raises_the_term),
        cmocka_unit_test(a_pinned_timeout_holds_until_it_fires),
        cmocka_unit_test(a_failed_write_halts_the_node_for_good),
        cmocka_unit_test(a_repeated_or_unknown_write_number_is_ignored),
    };
    return cmocka_run_group_tests(core_leadership, NULL, NULL);
}
