/* SPDX-License-Identifier: MIT */
/* Method: one peer's progress by itself: what an answer may move, and what a stale one must not. */
#include "kit.h"

static struct raft_peer p;

static void replicating(uint64_t match)
{
    memset(&p, 0, sizeof p);
    raft_peer_reset(&p, match + 1, 0);
    p.paused = RAFT_WAITS_ANY;
    assert_true(raft_peer_acked(&p, match));
    assert_int_equal(p.state, RAFT_REPLICATE);
}

static void an_accepted_probe_starts_replication(void **state)
{
    (void)state;
    raft_peer_reset(&p, 11, 5);
    p.paused = RAFT_WAITS;
    assert_int_equal(p.state, RAFT_PROBE);
    assert_true(raft_peer_acked(&p, 10));
    assert_int_equal(p.state, RAFT_REPLICATE);
    assert_int_equal(p.match, 10);
    assert_int_equal(p.next, 11);
    assert_int_equal(p.paused, RAFT_FLOWS);
}

/* What it confirms was known: it answers something older than the probe. */
static void a_late_answer_does_not_end_the_probing(void **state)
{
    (void)state;
    replicating(10);
    raft_peer_sent(&p, 4, 1);
    assert_true(raft_peer_refused(&p, 11, 10));
    p.paused = RAFT_WAITS;
    assert_false(raft_peer_acked(&p, 10));
    assert_int_equal(p.state, RAFT_PROBE);
    assert_int_equal(p.paused, RAFT_WAITS);
    assert_true(raft_peer_acked(&p, 11));
    assert_int_equal(p.state, RAFT_REPLICATE);
}

/* Nor does what tells of less than it asked after, whose news counts all the same. */
static void a_probe_is_answered_by_no_less(void **state)
{
    (void)state;
    raft_peer_reset(&p, 11, 5);
    p.paused = RAFT_WAITS_ANY;
    assert_false(raft_peer_acked(&p, 0));
    assert_true(raft_peer_acked(&p, 9));
    assert_int_equal(p.match, 9);
    assert_int_equal(p.next, 11);
    assert_int_equal(p.state, RAFT_PROBE);
    assert_int_equal(p.paused, RAFT_WAITS_ANY);
    assert_true(raft_peer_refused(&p, 10, 9));
    assert_int_equal(p.next, 10);
}

static void an_empty_probe_is_answered_by_what_was_known(void **state)
{
    (void)state;
    replicating(10);
    raft_peer_probe(&p);
    p.paused = RAFT_WAITS_ANY;
    assert_true(raft_peer_acked(&p, 10));
    assert_int_equal(p.state, RAFT_REPLICATE);
}

static void an_ack_frees_what_it_covers_and_no_more(void **state)
{
    (void)state;
    replicating(10);
    raft_peer_sent(&p, 2, 100);
    raft_peer_sent(&p, 3, 50);
    raft_peer_sent(&p, 1, 7);
    assert_int_equal(p.inflight_bytes, 157);
    assert_true(raft_peer_acked(&p, 13));
    assert_int_equal(p.count, 2);
    assert_int_equal(p.inflight_bytes, 57);
    assert_true(raft_peer_acked(&p, 15));
    assert_int_equal(p.count, 1);
    assert_true(raft_peer_acked(&p, 16));
    assert_int_equal(p.count, 0);
    assert_int_equal(p.inflight_bytes, 0);
}

static void match_never_falls(void **state)
{
    (void)state;
    replicating(10);
    assert_false(raft_peer_acked(&p, 4));
    assert_false(raft_peer_acked(&p, 10));
    assert_int_equal(p.match, 10);
    assert_int_equal(p.next, 11);
}

static void a_refusal_at_or_below_match_is_stale(void **state)
{
    (void)state;
    replicating(10);
    raft_peer_sent(&p, 4, 1);
    assert_false(raft_peer_refused(&p, 10, 3));
    assert_false(raft_peer_refused(&p, 2, 0));
    assert_false(raft_peer_refused(&p, 15, 3));
    assert_int_equal(p.next, 15);
    assert_int_equal(p.count, 1);
}

static void a_refusal_while_replicating_probes_behind_match(void **state)
{
    (void)state;
    replicating(10);
    raft_peer_sent(&p, 2, 5);
    raft_peer_sent(&p, 2, 5);
    assert_true(raft_peer_refused(&p, 12, 12));
    assert_int_equal(p.state, RAFT_PROBE);
    assert_int_equal(p.next, 11);
    assert_int_equal(p.count, 0);
    assert_int_equal(p.inflight_bytes, 0);
    assert_false(raft_peer_refused(&p, 14, 10));   /* of the pipeline that was given up */
}

static void a_refused_probe_goes_to_the_hint_but_always_back(void **state)
{
    (void)state;
    raft_peer_reset(&p, 101, 0);
    assert_false(raft_peer_refused(&p, 99, 50));
    assert_true(raft_peer_refused(&p, 100, 50));
    assert_int_equal(p.next, 51);
    /* a hint beyond the refusal would repeat it for ever */
    assert_true(raft_peer_refused(&p, 50, 400));
    assert_int_equal(p.next, 50);
    assert_true(raft_peer_refused(&p, 49, 0));
    assert_int_equal(p.next, 1);
}

static void the_ring_of_appends_in_flight_wraps(void **state)
{
    (void)state;
    replicating(0);
    uint64_t acked = 0;
    for (uint64_t i = 1; i <= 500; i++) {
        raft_peer_sent(&p, 1, (uint32_t)i);
        if (p.count == RAFT_INFLIGHT_MAX) {
            acked += 40;
            assert_true(raft_peer_acked(&p, acked));
            assert_int_equal(p.count, RAFT_INFLIGHT_MAX - 40);
        }
    }
    assert_true(raft_peer_acked(&p, 500));
    assert_int_equal(p.inflight_bytes, 0);
}

static void appends_in_flight_are_told_apart_wherever_32_bits_end(void **state)
{
    (void)state;
    for (uint64_t high = 1; high <= 3; high++) {
        uint64_t edge = high << 32;
        replicating(edge - 4);
        raft_peer_sent(&p, 2, 1);
        raft_peer_sent(&p, 2, 2);   /* edge - 1 and edge */
        raft_peer_sent(&p, 256, 4);
        assert_int_equal(p.next, edge + 257);
        assert_true(raft_peer_acked(&p, edge - 1));
        assert_int_equal(p.count, 2);
        assert_true(raft_peer_acked(&p, edge));
        assert_int_equal(p.inflight_bytes, 4);
        assert_true(raft_peer_acked(&p, edge + 255));
        assert_int_equal(p.count, 1);
        assert_true(raft_peer_acked(&p, edge + 256));
        assert_int_equal(p.count, 0);
    }
}

static void the_longest_appends_fill_the_ring(void **state)
{
    (void)state;
    replicating(0);
    for (uint32_t round = 1; round <= 5; round++) {
        while (p.count < RAFT_INFLIGHT_MAX) raft_peer_sent(&p, RAFT_PROPOSE_MAX, UINT32_MAX);
        assert_int_equal(p.next - 1 - p.match, RAFT_INFLIGHT_MAX * RAFT_PROPOSE_MAX);
        assert_int_equal(p.inflight_bytes, (uint64_t)RAFT_INFLIGHT_MAX * UINT32_MAX);
        assert_true(raft_peer_acked(&p, p.match + 7 * RAFT_PROPOSE_MAX - 1));
        assert_int_equal(p.count, RAFT_INFLIGHT_MAX - 6);
        assert_true(raft_peer_acked(&p, p.match + 1));
        assert_int_equal(p.count, RAFT_INFLIGHT_MAX - 7);
    }
}

/* Its end was not known, and whatever was in flight before it has arrived with it. */
static void an_append_that_the_host_filled_moves_next_when_it_is_acknowledged(void **state)
{
    (void)state;
    replicating(10);
    raft_peer_sent(&p, 2, 5);
    p.paused = RAFT_WAITS;
    assert_true(raft_peer_acked(&p, 40));
    assert_int_equal(p.next, 41);
    assert_int_equal(p.paused, RAFT_FLOWS);
    assert_int_equal(p.count, 0);
    assert_int_equal(p.inflight_bytes, 0);
    raft_peer_sent(&p, 3, 5);
    assert_true(raft_peer_acked(&p, 42));
    assert_int_equal(p.count, 1);
    assert_true(raft_peer_acked(&p, 43));
    assert_int_equal(p.count, 0);
}

int main(void)
{
    const struct CMUnitTest core_progress[] = {
        cmocka_unit_test(an_accepted_probe_starts_replication),
        cmocka_unit_test(a_late_answer_does_not_end_the_probing),
        cmocka_unit_test(a_probe_is_answered_by_no_less),
        cmocka_unit_test(an_empty_probe_is_answered_by_what_was_known),
        cmocka_unit_test(an_ack_frees_what_it_covers_and_no_more),
        cmocka_unit_test(match_never_falls),
        cmocka_unit_test(a_refusal_at_or_below_match_is_stale),
        cmocka_unit_test(a_refusal_while_replicating_probes_behind_match),
        cmocka_unit_test(a_refused_probe_goes_to_the_hint_but_always_back),
        cmocka_unit_test(the_ring_of_appends_in_flight_wraps),
        cmocka_unit_test(appends_in_flight_are_told_apart_wherever_32_bits_end),
        cmocka_unit_test(the_longest_appends_fill_the_ring),
        cmocka_unit_test(an_append_that_the_host_filled_moves_next_when_it_is_acknowledged),
    };
    return cmocka_run_group_tests(core_progress, NULL, NULL);
}
