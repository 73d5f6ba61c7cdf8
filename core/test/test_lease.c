/* SPDX-License-Identifier: MIT */
/* Method: a leader of three whose answers come when we say so. Whence a lease counts, how long, and
 * what ends it. */
#include "kit.h"

static struct node n;

static void start_leader(uint64_t now, uint64_t drift, bool from_reply)
{
    struct raft_boot boot = boot_of(1, 3);
    boot.now = now;
    boot.options.reads = RAFT_READS_LEASE;
    boot.options.lease_drift_bound = drift;
    boot.options.unsafe_lease_from_reply = from_reply;
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    assert_int_equal(n.r.lease_until, 0);
}

static uint64_t lease(void)
{
    struct raft_view v;
    raft_view(&n.r, &v);
    assert_int_equal(v.lease_until, n.fx.delta.lease_until);
    return v.lease_until;
}

static void a_lease_counts_from_the_sending_of_its_round(void **state)
{
    (void)state;
    start_leader(0, 0, false);
    uint64_t sent_at = n.now;
    n.now += MS(20);
    ack(&n, 2, 1);
    assert_int_equal(lease(), sent_at + MS(150));
    assert_int_equal(n.fx.delta.changed & RAFT_CHANGED_LEASE, RAFT_CHANGED_LEASE);
    start_leader(0, 0, true);
    n.now += MS(20);
    ack(&n, 2, 1);
    assert_int_equal(lease(), n.now + MS(150));      /* the unsafe way */
}

static void a_lease_is_shorter_by_the_drift_of_both_clocks(void **state)
{
    (void)state;
    start_leader(0, 10000, false);
    uint64_t sent_at = n.now;
    ack(&n, 2, 1);
    assert_int_equal(lease(), sent_at + MS(150) * 990000 / 1010000);
    start_leader(0, 500000, false);
    sent_at = n.now;
    ack(&n, 2, 1);
    assert_int_equal(lease(), sent_at + MS(50));
}

static void a_lease_needs_a_quorum_of_acknowledged_rounds(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 5);
    boot.options.leases = RAFT_LEASES_ON;
    boot.options.lease_drift_bound = 0;
    start(&n, &boot);
    elect(&n);
    uint64_t first = n.now;
    ack(&n, 2, 1);
    assert_int_equal(lease(), 0);
    expire(&n);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(lease(), 0);
    beat_reply(&n, 3, 1);                   /* of the older round: the lease counts from there */
    assert_int_equal(lease(), first + MS(150));
    beat_reply(&n, 3, 2);
    assert_int_equal(lease(), first + MS(30) + MS(150));
    beat_reply(&n, 3, 1);
    assert_int_equal(lease(), first + MS(30) + MS(150));
}

static void without_leases_there_is_none(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    elect(&n);
    ack(&n, 2, 1);
    assert_int_equal(lease(), 0);
}

static void a_clock_that_goes_back_ends_the_lease(void **state)
{
    (void)state;
    start_leader(MS(10000), 0, false);
    ack(&n, 2, 1);
    assert_true(lease() > 0);
    expire(&n);
    uint64_t old_round = n.r.round, own = n.r.now;
    n.now -= MS(5000);
    tick(&n);
    assert_true(noted(&n, RAFT_NOTE_CLOCK_BACK));
    assert_int_equal(lease(), 0);
    assert_int_equal(n.r.now, own);
    beat_reply(&n, 2, old_round);                    /* of a round of the former clock */
    assert_int_equal(lease(), 0);
    uint64_t due = raft_deadline(&n.r);
    assert_true(due > n.now && due <= n.now + MS(30));   /* said in the clock as it now is */
    n.now = due;
    tick(&n);
    assert_true(n.r.round > old_round);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(lease(), due + MS(150));
}

static void a_lease_ends_with_leadership(void **state)
{
    (void)state;
    start_leader(0, 0, false);
    ack(&n, 2, 1);
    recv_msg(&n, (struct raft_msg){.type = RAFT_MSG_APPEND_REPLY, .from = 2, .term = 9,
                                   .asked = n.r.term, .flags = RAFT_FLAG_REJECT});
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(lease(), 0);
}

static void a_very_old_round_extends_no_lease(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.leases = RAFT_LEASES_ON;
    boot.options.heartbeat = RAFT_US(100);
    start(&n, &boot);
    elect(&n);
    for (int i = 0; i < RAFT_ROUNDS_MAX; i++) expire(&n);
    beat_reply(&n, 2, 1);
    assert_int_equal(lease(), 0);
    beat_reply(&n, 2, 2);
    assert_true(lease() > 0);
}

static void huge_clocks_break_nothing(void **state)
{
    (void)state;
    const uint64_t clocks[] = {UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - MS(200), 0, UINT64_MAX / 2,
                               UINT64_MAX, 1};
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        start_leader(0, 0, false);
        for (size_t k = 0; k < sizeof clocks / sizeof clocks[0]; k++) {
            n.now = clocks[(i + k) % (sizeof clocks / sizeof clocks[0])];
            tick(&n);
            if (n.r.role == RAFT_LEADER) beat_reply(&n, 2, n.r.round);
            beat(&n, 3, n.r.term + 1, 0);
            go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN, .campaign.force = true});
            all_written(&n);
            (void)raft_deadline(&n.r);
        }
    }
}

static void a_single_voters_lease_counts_from_its_own_rounds(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 1);
    boot.options.leases = RAFT_LEASES_ON;
    boot.options.lease_drift_bound = 0;
    start(&n, &boot);
    expire(&n);
    all_written(&n);
    assert_int_equal(lease(), n.now + MS(150));
    expire(&n);
    assert_int_equal(lease(), n.now + MS(150));
}

int main(void)
{
    const struct CMUnitTest core_lease[] = {
        cmocka_unit_test(a_lease_counts_from_the_sending_of_its_round),
        cmocka_unit_test(a_lease_is_shorter_by_the_drift_of_both_clocks),
        cmocka_unit_test(a_lease_needs_a_quorum_of_acknowledged_rounds),
        cmocka_unit_test(without_leases_there_is_none),
        cmocka_unit_test(a_clock_that_goes_back_ends_the_lease),
        cmocka_unit_test(a_lease_ends_with_leadership),
        cmocka_unit_test(a_very_old_round_extends_no_lease),
        cmocka_unit_test(huge_clocks_break_nothing),
        cmocka_unit_test(a_single_voters_lease_counts_from_its_own_rounds),
    };
    return cmocka_run_group_tests(core_lease, NULL, NULL);
}
