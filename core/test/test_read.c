/* SPDX-License-Identifier: MIT */
/* Method: reads at a leader and at a follower; rounds are answered by hand, so that each answer's
 * round is known. */
#include "kit.h"

static struct node n;

static void start_leader(int reads, bool committed)
{
    struct raft_boot boot = boot_of(1, 3);
    boot.options.reads = (uint64_t)reads;
    boot.options.lease_drift_bound = 0;
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    if (committed) ack(&n, 2, 1);
}

static void start_follower(uint8_t leader)
{
    struct raft_boot boot = boot_of(2, 3);
    start(&n, &boot);
    if (leader != 0) beat(&n, leader, 1, 0);
}

static struct raft_msg ask(uint8_t from, uint64_t context)
{
    return (struct raft_msg){.type = RAFT_MSG_READ_INDEX, .from = from, .term = 1,
                             .context = context};
}

static struct raft_msg told(uint8_t from, uint64_t context, uint64_t index, bool reject)
{
    return (struct raft_msg){.type = RAFT_MSG_READ_INDEX_REPLY, .from = from, .term = 1,
                             .context = context, .index = index,
                             .flags = reject ? RAFT_FLAG_REJECT : 0};
}

static void a_read_opens_a_round_and_waits_for_it(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    uint64_t before = n.r.round;
    read_at(&n, 42);
    assert_int_equal(n.fx.nreads, 0);
    assert_int_equal(n.r.round, before + 1);
    assert_int_equal(count_sent(&n, RAFT_MSG_HEARTBEAT, 0), 2);
    beat_reply(&n, 2, before);                       /* sent before the read came */
    assert_int_equal(n.fx.nreads, 0);
    beat_reply(&n, 2, before + 1);
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.fx.reads[0].id, 42);
    assert_int_equal(n.fx.reads[0].index, 1);
    assert_false(n.fx.reads[0].lease);
}

static void reads_that_come_meanwhile_share_the_next_round(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    read_at(&n, 1);
    uint64_t round = n.r.round;
    for (uint64_t id = 2; id <= 10; id++) {
        read_at(&n, id);
        assert_int_equal(n.fx.nmsgs, 0);
    }
    beat_reply(&n, 2, round);
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.r.round, round + 1);
    assert_int_equal(count_sent(&n, RAFT_MSG_HEARTBEAT, 0), 2);
    beat_reply(&n, 3, round + 1);
    assert_int_equal(n.fx.nreads, 9);
    assert_int_equal(n.fx.reads[8].id, 10);
    assert_int_equal(n.r.nreads, 0);
}

static void a_heartbeat_opens_the_round_that_reads_wait_for(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    read_at(&n, 1);
    read_at(&n, 2);
    uint64_t round = n.r.round;
    expire(&n);
    assert_int_equal(n.r.round, round + 1);
    beat_reply(&n, 2, round + 1);           /* confirms both, though the first answer was lost */
    assert_int_equal(n.fx.nreads, 2);
}

static void an_answer_to_an_append_confirms_a_round_as_well(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    read_at(&n, 5);
    propose(&n, 1);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->round, n.r.round);
    ack(&n, 2, 2);
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.fx.reads[0].index, 1);        /* as committed when it came */
}

static void a_read_before_the_first_commit_of_the_term_is_postponed(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, false);
    read_at(&n, 9);
    assert_true(noted(&n, RAFT_NOTE_READ_POSTPONED));
    beat_reply(&n, 2, n.r.round);
    beat_reply(&n, 3, n.r.round);
    assert_int_equal(n.fx.nreads, 0);
    uint64_t round = n.r.round;
    ack(&n, 2, 1);
    assert_int_equal(n.r.commit, 1);
    assert_int_equal(n.fx.nreads, 0);
    assert_int_equal(n.r.round, round + 1);
    beat_reply(&n, 2, round + 1);
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.fx.reads[0].index, 1);
}

static void a_single_voter_answers_once_it_committed_in_its_term(void **state)
{
    (void)state;
    const struct raft_run runs[] = {{1, 5}};
    struct raft_boot boot = boot_of(1, 1);
    boot.term = 1;
    boot.runs = runs;
    boot.nruns = 1;
    boot.commit = 2;
    start(&n, &boot);
    expire(&n);
    all_written(&n);
    read_at(&n, 3);
    assert_int_equal(n.fx.nreads, 0);
    all_written(&n);
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.fx.reads[0].index, 6);
    read_at(&n, 4);
    assert_int_equal(n.fx.nreads, 1);
}

static void a_lease_answers_at_once_while_it_lasts(void **state)
{
    (void)state;
    start_leader(RAFT_READS_LEASE, true);
    uint64_t until = n.r.lease_until;
    n.now = until - 1;
    read_at(&n, 1);
    assert_int_equal(n.fx.nreads, 1);
    assert_true(n.fx.reads[0].lease);
    assert_int_equal(n.fx.nmsgs, 0);
    n.now = until;
    read_at(&n, 2);
    assert_int_equal(n.fx.nreads, 0);
    assert_int_equal(count_sent(&n, RAFT_MSG_HEARTBEAT, 0), 2);
    beat_reply(&n, 3, n.r.round);
    assert_int_equal(n.fx.nreads, 1);
    assert_false(n.fx.reads[0].lease);
}

static void a_follower_forwards_and_believes_the_exact_answer_only(void **state)
{
    (void)state;
    start_follower(1);
    read_at(&n, 77);
    uint64_t context = sent(&n, RAFT_MSG_READ_INDEX, 1)->context;
    recv_msg(&n, told(1, context + 1, 5, false));
    assert_int_equal(n.fx.nreads, 0);
    recv_msg(&n, told(1, context, 5, false));
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.fx.reads[0].id, 77);
    assert_int_equal(n.fx.reads[0].index, 5);
    assert_int_equal(n.r.commit, 0);                /* the index moves the read, never the commit */
    recv_msg(&n, told(1, context, 6, false));
    assert_int_equal(n.fx.nreads, 0);
}

static void a_forwarded_read_is_asked_again(void **state)
{
    (void)state;
    start_follower(1);
    read_at(&n, 77);
    uint64_t context = sent(&n, RAFT_MSG_READ_INDEX, 1)->context;
    for (int i = 0; i < 6; i++) {
        n.now += MS(25);
        if (i < 5) beat(&n, 1, 1, 0);
    }
    assert_int_equal(raft_deadline(&n.r), n.now);
    tick(&n);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX, 1)->context, context);
    recv_msg(&n, told(1, context, 0, true));
    assert_int_equal(n.r.nreads, 1);
    beat(&n, 3, 2, 0);                               /* a new leader is asked at once */
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX, 3)->context, context);
}

static void a_read_without_a_leader_waits_for_one(void **state)
{
    (void)state;
    start_follower(0);
    read_at(&n, 8);
    assert_int_equal(n.fx.nmsgs, 0);
    beat(&n, 3, 4, 0);
    assert_int_equal(count_sent(&n, RAFT_MSG_READ_INDEX, 3), 1);
}

static void forwarded_reads_are_answered_each(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    recv_msg(&n, ask(2, 100));
    for (uint64_t k = 0; k < 5; k++) recv_msg(&n, ask(3, 200 + k));
    recv_msg(&n, ask(3, 202));                       /* a duplicate waits once */
    assert_int_equal(n.r.nreads, 6);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 2)->context, 100);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 2)->index, 1);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(count_sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3), 5);
}

/* Whatever a waiting read keeps of who asks: the last node's is not taken for the leader's own. */
static void a_read_of_any_node_is_answered_to_that_node(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    for (uint8_t from = 2; from <= RAFT_NODES_MAX; from++) recv_msg(&n, ask(from, 77));
    assert_int_equal(read_at(&n, 77), RAFT_OK);
    assert_int_equal(n.r.nreads, RAFT_NODES_MAX);
    go(&n, (struct raft_event){.type = RAFT_EV_READ_CANCEL, .read.id = 77});
    assert_int_equal(n.r.nreads, RAFT_NODES_MAX - 1);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 2)->context, 77);
    beat_reply(&n, 2, n.r.round);
    for (uint8_t from = 3; from <= RAFT_NODES_MAX; from++) {
        assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, from)->context, 77);
    }
    assert_int_equal(n.fx.nreads, 0);
    assert_int_equal(n.r.nreads, 0);
}

static void a_read_waits_for_its_round_however_many_were_opened(void **state)
{
    (void)state;
    const uint64_t opened[] = {UINT16_MAX, UINT32_MAX, ((uint64_t)1 << 48) - 1, RAFT_ROUND_MAX - 2};
    for (uint32_t i = 0; i < sizeof opened / sizeof opened[0]; i++) {
        start_leader(RAFT_READS_INDEX, true);
        n.r.round = opened[i];
        read_at(&n, 42);
        assert_int_equal(n.r.round, opened[i] + 1);
        assert_true(n.r.reads[0].round == opened[i] + 1);
        beat_reply(&n, 2, opened[i]);
        assert_int_equal(n.fx.nreads, 0);
        beat_reply(&n, 2, opened[i] + 1);
        assert_int_equal(n.fx.nreads, 1);
    }
}

/* A lease of the leader answers only who takes such an answer, and the answer says so. */
static void a_forwarded_read_is_answered_under_a_lease_only_where_that_will_do(void **state)
{
    (void)state;
    start_leader(RAFT_READS_LEASE, true);
    beat_reply(&n, 2, n.r.round);
    assert_true(raft_lease_valid(&n.r));
    struct raft_msg m = ask(3, 5);
    const uint64_t round = n.r.round;
    recv_msg(&n, m);
    assert_int_equal(count_sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3), 0);
    assert_int_equal(n.r.round, round + 1);
    m.context = 6;
    m.flags = RAFT_FLAG_LEASE;
    recv_msg(&n, m);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->context, 6);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->flags, RAFT_FLAG_LEASE);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->context, 5);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->flags, 0);
}

/* However a follower reads, a leader that reads by rounds answers by one, lease or not. */
static void a_leader_that_reads_by_rounds_answers_under_no_lease(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.reads = RAFT_READS_INDEX;
    boot.options.leases = RAFT_LEASES_ON;
    boot.options.lease_drift_bound = 0;
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    ack(&n, 2, 1);
    beat_reply(&n, 2, n.r.round);
    assert_true(raft_lease_valid(&n.r));
    struct raft_msg m = ask(3, 5);
    m.flags = RAFT_FLAG_LEASE;
    recv_msg(&n, m);
    assert_int_equal(count_sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3), 0);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->flags, 0);
}

static void a_follower_says_what_vouches_for_its_read(void **state)
{
    (void)state;
    for (int lease = 0; lease <= 1; lease++) {
        start_follower(1);
        read_at(&n, 77);
        assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX, 1)->flags, 0);
        struct raft_msg m = told(1, sent(&n, RAFT_MSG_READ_INDEX, 1)->context, 5, false);
        m.flags = lease ? RAFT_FLAG_LEASE : 0;
        recv_msg(&n, m);
        assert_int_equal(n.fx.nreads, 1);
        assert_int_equal(n.fx.reads[0].lease, lease);
    }
    struct raft_msg both = told(1, 9, 0, true);
    both.flags |= RAFT_FLAG_LEASE;
    both.to = 2;
    struct raft_event ev = {.type = RAFT_EV_RECV, .now = n.now, .recv.msg = &both};
    assert_int_equal(raft_step(&n.r, &ev, &n.fx), RAFT_E_INVALID);
}

static void who_does_not_lead_refuses_forwarded_reads(void **state)
{
    (void)state;
    start_follower(1);
    recv_msg(&n, ask(3, 5));
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->flags, RAFT_FLAG_REJECT);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->context, 5);
}

static void own_reads_survive_stepping_down_and_others_are_refused(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    read_at(&n, 1);
    recv_msg(&n, ask(3, 5));
    read_at(&n, 2);
    struct raft_msg m = append_of(2, 9, 0, 0, 1, 1);
    recv_msg(&n, m);
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(sent(&n, RAFT_MSG_READ_INDEX_REPLY, 3)->flags, RAFT_FLAG_REJECT);
    assert_int_equal(count_sent(&n, RAFT_MSG_READ_INDEX, 2), 2);
    assert_int_equal(n.r.nreads, 2);
    uint64_t context = sent(&n, RAFT_MSG_READ_INDEX, 2)->context;
    recv_msg(&n, told(2, context, 4, false));
    assert_int_equal(n.fx.reads[0].id, 1);
}

static void a_followers_reads_are_its_own_once_it_leads(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    beat(&n, 2, 1, 0);
    read_at(&n, 6);
    elect(&n);
    all_written(&n);
    ack(&n, 3, 1);
    beat_reply(&n, 3, n.r.round);
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.fx.reads[0].id, 6);
}

static void a_cancelled_read_is_not_answered(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    read_at(&n, 1);
    read_at(&n, 2);
    go(&n, (struct raft_event){.type = RAFT_EV_READ_CANCEL, .read.id = 1});
    go(&n, (struct raft_event){.type = RAFT_EV_READ_CANCEL, .read.id = 999});
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(n.fx.nreads, 1);
    assert_int_equal(n.fx.reads[0].id, 2);
}

static void reads_through_the_log_are_not_the_cores(void **state)
{
    (void)state;
    start_leader(RAFT_READS_LOG, true);
    assert_int_equal(read_at(&n, 1), RAFT_E_INVALID);
}

static void a_full_queue_refuses_reads(void **state)
{
    (void)state;
    start_leader(RAFT_READS_INDEX, true);
    for (uint64_t id = 1; id <= RAFT_READS_MAX; id++) assert_int_equal(read_at(&n, id), RAFT_OK);
    assert_int_equal(read_at(&n, 500), RAFT_E_BUSY);
    assert_int_equal(read_at(&n, 5), RAFT_OK);       /* it waits already */
    assert_int_equal(recv_msg(&n, ask(2, 1)), RAFT_E_BUSY);
    beat_reply(&n, 2, n.r.round);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(n.r.nreads, 0);
}

int main(void)
{
    const struct CMUnitTest core_read[] = {
        cmocka_unit_test(a_read_opens_a_round_and_waits_for_it),
        cmocka_unit_test(reads_that_come_meanwhile_share_the_next_round),
        cmocka_unit_test(a_heartbeat_opens_the_round_that_reads_wait_for),
        cmocka_unit_test(an_answer_to_an_append_confirms_a_round_as_well),
        cmocka_unit_test(a_read_before_the_first_commit_of_the_term_is_postponed),
        cmocka_unit_test(a_single_voter_answers_once_it_committed_in_its_term),
        cmocka_unit_test(a_lease_answers_at_once_while_it_lasts),
        cmocka_unit_test(a_follower_forwards_and_believes_the_exact_answer_only),
        cmocka_unit_test(a_forwarded_read_is_asked_again),
        cmocka_unit_test(a_read_without_a_leader_waits_for_one),
        cmocka_unit_test(forwarded_reads_are_answered_each),
        cmocka_unit_test(a_read_of_any_node_is_answered_to_that_node),
        cmocka_unit_test(a_read_waits_for_its_round_however_many_were_opened),
        cmocka_unit_test(who_does_not_lead_refuses_forwarded_reads),
        cmocka_unit_test(a_forwarded_read_is_answered_under_a_lease_only_where_that_will_do),
        cmocka_unit_test(a_leader_that_reads_by_rounds_answers_under_no_lease),
        cmocka_unit_test(a_follower_says_what_vouches_for_its_read),
        cmocka_unit_test(own_reads_survive_stepping_down_and_others_are_refused),
        cmocka_unit_test(a_followers_reads_are_its_own_once_it_leads),
        cmocka_unit_test(a_cancelled_read_is_not_answered),
        cmocka_unit_test(reads_through_the_log_are_not_the_cores),
        cmocka_unit_test(a_full_queue_refuses_reads),
    };
    return cmocka_run_group_tests(core_read, NULL, NULL);
}
