/* SPDX-License-Identifier: MIT */
/* Method: one leader, its peers played by hand; where both sides matter, two nodes
 * joined directly. */
#include "kit.h"

static struct node n, f;

static void start_leader(uint32_t voters, const struct raft_options *options)
{
    struct raft_boot boot = boot_of(1, voters);
    if (options != NULL) boot.options = *options;
    start(&n, &boot);
    elect(&n);
}

static struct raft_options defaults(void)
{
    struct raft_options o;
    raft_options_default(&o);
    return o;
}

static struct raft_msg refusal(uint8_t from, uint64_t index, uint64_t hint, uint64_t log_term)
{
    return (struct raft_msg){.type = RAFT_MSG_APPEND_REPLY, .from = from, .term = n.r.term,
                             .asked = n.r.term, .flags = RAFT_FLAG_REJECT, .index = index,
                             .hint = hint, .log_term = log_term, .round = n.r.round};
}

static struct raft_progress_view progress(uint8_t peer)
{
    struct raft_progress_view v = {0};
    assert_true(raft_progress(&n.r, peer, &v));
    return v;
}

/* ---- the leader ------------------------------------------------------------------------------ */

static void a_new_leader_probes_with_its_noop(void **state)
{
    (void)state;
    start_leader(3, NULL);
    const struct raft_msg *m = sent(&n, RAFT_MSG_APPEND, 2);
    assert_int_equal(m->index, 0);
    assert_int_equal(m->n, 1);
    assert_int_equal(m->runs[0].term, 1);
    assert_int_equal(m->round, 1);
    propose(&n, 3);
    assert_int_equal(n.fx.nmsgs, 0);   /* a probe is answered before more is sent */
    ack(&n, 2, 1);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->n, 3);
    assert_int_equal(progress(2).state, RAFT_REPLICATE);
}

static void appends_are_pipelined(void **state)
{
    (void)state;
    start_leader(3, NULL);
    ack(&n, 2, 1);
    for (uint64_t i = 0; i < 5; i++) {
        propose(&n, 2);
        assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->index, 1 + 2 * i);
        assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND, 2), 0);
    }
    assert_int_equal(progress(2).inflight, 5);
    assert_int_equal(progress(2).next, 12);
    ack(&n, 2, 11);
    assert_int_equal(progress(2).inflight, 0);
}

static void messages_in_flight_are_limited(void **state)
{
    (void)state;
    struct raft_options o = defaults();
    o.max_inflight = 3;
    start_leader(3, &o);
    ack(&n, 2, 1);
    for (int i = 0; i < 10; i++) propose(&n, 1);
    assert_int_equal(progress(2).inflight, 3);
    assert_int_equal(progress(2).next, 5);
    ack(&n, 2, 2);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->n, 7);
    assert_int_equal(progress(2).inflight, 3);
}

static void bytes_in_flight_are_limited_but_one_append_always_fits(void **state)
{
    (void)state;
    struct raft_options o = defaults();
    o.max_inflight_bytes = 250;
    o.max_bytes = 120;
    start_leader(3, &o);
    ack(&n, 2, 1);
    propose_sized(&n, 1, 1000);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->bytes, 1000);
    propose_sized(&n, 1, 10);
    assert_int_equal(count_sent(&n, RAFT_MSG_APPEND, 2), 0);
    ack(&n, 2, 2);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->n, 1);
    propose_sized(&n, 8, 50);
    assert_int_equal(nth_sent(&n, RAFT_MSG_APPEND, 2, 0)->msg.n, 2);
    assert_int_equal(nth_sent(&n, RAFT_MSG_APPEND, 2, 1)->msg.n, 2);
    assert_null(nth_sent(&n, RAFT_MSG_APPEND, 2, 2));
}

static void a_batch_holds_as_many_entries_as_it_may(void **state)
{
    (void)state;
    struct raft_options o = defaults();
    o.max_entries = 10;
    start_leader(3, &o);
    ack(&n, 2, 1);
    propose(&n, 25);
    assert_int_equal(count_sent(&n, RAFT_MSG_APPEND, 2), 3);
    assert_int_equal(nth_sent(&n, RAFT_MSG_APPEND, 2, 2)->msg.n, 5);
}

static void what_finds_no_room_leaves_with_the_next_step(void **state)
{
    (void)state;
    struct raft_options o = defaults();
    o.max_entries = 1;
    start_leader(5, &o);
    for (uint8_t id = 2; id <= 5; id++) ack(&n, id, 1);
    propose(&n, 60);
    const uint32_t room = RAFT_OUT_MSGS - RAFT_PEERS_MAX;   /* the rest is for what cannot wait */
    assert_int_equal(n.fx.nmsgs, room);
    assert_int_equal(raft_deadline(&n.r), n.now);
    tick(&n);
    assert_int_equal(n.fx.nmsgs, room);
    tick(&n);
    assert_int_equal(n.fx.nmsgs, 240 - 2 * room);
    assert_true(raft_deadline(&n.r) > n.now);
}

static void a_lost_append_is_found_by_the_next_heartbeat(void **state)
{
    (void)state;
    start_leader(3, NULL);
    ack(&n, 2, 1);
    propose(&n, 4);                       /* lost */
    uint64_t round = n.r.round;
    beat_reply(&n, 2, round);             /* sent before the append: tells nothing */
    assert_int_equal(count_sent(&n, RAFT_MSG_APPEND, 2), 0);
    expire(&n);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->n, 0);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->index, 5);
    recv_msg(&n, refusal(2, 5, 1, 1));
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->index, 1);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->n, 4);
    assert_int_equal(progress(2).state, RAFT_PROBE);
}

static void a_lost_probe_is_repeated_once_a_heartbeat(void **state)
{
    (void)state;
    start_leader(3, NULL);
    beat_reply(&n, 2, 1);
    assert_int_equal(n.fx.nmsgs, 0);
    expire(&n);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->n, 1);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(n.fx.nmsgs, 0);
}

static void unreachable_means_probe_but_not_at_once(void **state)
{
    (void)state;
    start_leader(3, NULL);
    ack(&n, 2, 1);
    propose(&n, 4);
    go(&n, (struct raft_event){.type = RAFT_EV_UNREACHABLE, .unreachable.peer = 2});
    assert_int_equal(n.fx.nmsgs, 0);
    assert_int_equal(progress(2).state, RAFT_PROBE);
    assert_int_equal(progress(2).next, 2);
    expire(&n);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->n, 4);
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_UNREACHABLE,
                                                .unreachable.peer = 0}), RAFT_E_INVALID);
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_UNREACHABLE,
                                                .unreachable.peer = 16}), RAFT_OK);
}

static void entries_below_the_window_are_left_to_the_host(void **state)
{
    (void)state;
    const struct raft_run runs[] = {{1, 1000}};
    struct raft_boot boot = boot_of(1, 3);
    boot.term = 1;
    boot.runs = runs;
    boot.nruns = 1;
    start(&n, &boot);
    elect(&n);
    recv_msg(&n, refusal(2, 1000, 400, 1));
    const struct raft_msg *m = sent(&n, RAFT_MSG_APPEND, 2);
    assert_int_equal(m->flags, RAFT_FLAG_FILL);
    assert_int_equal(m->index, 400);
    assert_int_equal(m->n, 0);
    assert_int_equal(m->max_n, 64);
    assert_int_equal(m->bytes, 1048576);
    propose(&n, 1);
    assert_int_equal(count_sent(&n, RAFT_MSG_APPEND, 2), 0);
    ack(&n, 2, 430);                     /* the host filled 30 */
    m = sent(&n, RAFT_MSG_APPEND, 2);
    assert_int_equal(m->index, 430);
    assert_int_equal(m->flags, RAFT_FLAG_FILL);
    ack(&n, 2, 1000);
    m = sent(&n, RAFT_MSG_APPEND, 2);
    assert_int_equal(m->flags, 0);
    assert_int_equal(m->n, 2);
}

static void a_batch_is_cut_at_eight_terms(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.noop_on_election = 1;
    start(&n, &boot);
    /* twelve terms, each with one entry created here, so all in the window */
    for (int i = 0; i < 12; i++) {
        elect(&n);
        all_written(&n);
        recv_msg(&n, (struct raft_msg){.type = RAFT_MSG_HEARTBEAT_REPLY, .from = 2,
                                       .term = n.r.term + 1, .asked = n.r.term,
                                       .flags = RAFT_FLAG_REJECT});
        n.now += MS(1000);
    }
    elect(&n);
    recv_msg(&n, refusal(2, 12, 0, 0));
    const struct raft_msg *m = sent(&n, RAFT_MSG_APPEND, 2);
    assert_int_equal(m->nruns, 8);
    assert_int_equal(m->n, 8);
    ack(&n, 2, 8);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->nruns, 5);
}

static void commit_needs_a_durable_majority_with_the_leaders_own_disk(void **state)
{
    (void)state;
    start_leader(3, NULL);
    propose(&n, 1);
    ack(&n, 2, 1);
    assert_int_equal(n.r.commit, 0);     /* the leader's own entry is not durable yet (D 10.2.1) */
    ack(&n, 3, 1);
    assert_int_equal(n.r.commit, 1);     /* two others are a majority */
    ack(&n, 2, 2);
    assert_int_equal(n.r.commit, 1);
    all_written(&n);
    assert_int_equal(n.r.commit, 2);
    assert_int_equal(n.fx.delta.changed & RAFT_CHANGED_COMMIT, RAFT_CHANGED_COMMIT);
    struct raft_options o = defaults();
    o.unsafe_leader_counts_unsynced_self = 1;
    start_leader(3, &o);
    ack(&n, 2, 1);
    assert_int_equal(n.r.commit, 1);
}

static void an_entry_of_an_earlier_term_is_committed_only_with_one_of_this(void **state)
{
    (void)state;
    const struct raft_run runs[] = {{1, 1}, {2, 1}};
    struct raft_boot boot = boot_of(1, 5);
    boot.term = 3;
    boot.runs = runs;
    boot.nruns = 2;
    boot.options.noop_on_election = 0;
    start(&n, &boot);
    elect(&n);
    for (uint8_t id = 2; id <= 5; id++) ack(&n, id, 2);
    assert_int_equal(n.r.commit, 0);
    propose(&n, 1);
    all_written(&n);
    ack(&n, 2, 3);
    assert_int_equal(n.r.commit, 0);
    ack(&n, 3, 3);
    assert_int_equal(n.r.commit, 3);
}

static void a_heartbeat_tells_no_commit_beyond_the_match(void **state)
{
    (void)state;
    start_leader(3, NULL);
    propose(&n, 4);
    all_written(&n);
    ack(&n, 2, 5);
    assert_int_equal(n.r.commit, 5);
    expire(&n);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT, 2)->commit, 5);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT, 3)->commit, 0);
}

static void a_full_write_queue_refuses_proposals_and_recovers(void **state)
{
    (void)state;
    start_leader(3, NULL);
    while (n.r.wid_last - n.r.wid_done < RAFT_WRITES_MAX) assert_int_equal(propose(&n, 1), RAFT_OK);
    assert_int_equal(propose(&n, 1), RAFT_E_BUSY);
    assert_int_equal(beat(&n, 2, 9, 0), RAFT_E_BUSY);
    write_done(&n, n.r.wid_done + 1);
    assert_int_equal(propose(&n, 1), RAFT_OK);
}

static void a_follower_forwards_or_refuses_proposals(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    start(&n, &boot);
    assert_int_equal(propose(&n, 1), RAFT_E_NOT_LEADER);
    beat(&n, 1, 4, 0);
    assert_int_equal(propose(&n, 3), RAFT_OK);
    assert_int_equal(n.fx.forward.to, 1);
    assert_int_equal(n.fx.forward.term, 4);
    assert_int_equal(n.r.log.last, 0);
    boot.options.proposal_forwarding = 0;
    start(&n, &boot);
    beat(&n, 1, 4, 0);
    assert_int_equal(propose(&n, 1), RAFT_E_NOT_LEADER);
    assert_int_equal(n.fx.delta.leader, 1);
    start_leader(3, NULL);
    recv_msg(&n, (struct raft_msg){.type = RAFT_MSG_PROPOSE, .from = 2, .term = 1, .n = 1,
                                   .bytes = 77});
    assert_int_equal(n.fx.delta.origin, RAFT_FROM_PROPOSAL);
    assert_int_equal(n.r.log.last, 2);
    assert_int_equal(propose(&n, 0), RAFT_E_INVALID);
    assert_int_equal(propose(&n, 257), RAFT_E_INVALID);
    assert_int_equal(propose_sized(&n, 1, 1u << 24), RAFT_E_INVALID);
}

/* ---- both sides ------------------------------------------------------------------------------ */

/* Two logs that differ in many terms meet: n leads term 100, f follows. The number of refusals. */
static uint32_t repair(const struct raft_run *leader, uint32_t nleader,
                       const struct raft_run *follower, uint32_t nfollower)
{
    struct raft_boot boot = boot_of(1, 3);
    boot.term = 100;
    boot.runs = leader;
    boot.nruns = nleader;
    start(&n, &boot);
    boot = boot_of(2, 3);
    boot.term = 100;
    boot.runs = follower;
    boot.nruns = nfollower;
    start(&f, &boot);
    elect(&n);
    uint32_t refusals = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        struct raft_msg m = *sent(&n, RAFT_MSG_APPEND, 2);
        if (m.flags & RAFT_FLAG_FILL) {
            for (m.n = m.bytes = m.nruns = 0; m.n < m.max_n; m.n++) {
                uint64_t term = raft_term_at(&n.r, m.index + m.n + 1);
                if (m.nruns == 0 || m.runs[m.nruns - 1].term != term) {
                    if (m.nruns == RAFT_MSG_RUNS_MAX) break;
                    m.runs[m.nruns++] = (struct raft_run){.term = term};
                }
                m.runs[m.nruns - 1].n++;
            }
        }
        assert_int_equal(recv_msg(&f, m), RAFT_OK);
        struct raft_msg reply = *sent(&f, RAFT_MSG_APPEND_REPLY, 1);
        all_written(&f);
        refusals += reply.flags != 0;
        recv_msg(&n, reply);
        if (count_sent(&n, RAFT_MSG_APPEND, 2) == 0) break;
    }
    assert_int_equal(f.r.log.last, n.r.log.last);
    for (uint64_t i = 1; i <= n.r.log.last; i++)
        assert_int_equal(raft_term_at(&f.r, i), raft_term_at(&n.r, i));
    return refusals;
}

static void a_conflict_is_repaired_in_rounds_bounded_by_terms(void **state)
{
    (void)state;
    const struct raft_run a[] = {{1, 10}, {5, 500}}, b[] = {{1, 10}, {4, 700}};
    assert_true(repair(a, 2, b, 2) <= 2);
    const struct raft_run c[] = {{1, 10}, {3, 200}, {7, 200}, {9, 200}},
        d[] = {{1, 10}, {2, 200}, {6, 200}, {8, 200}};
    assert_true(repair(c, 4, d, 4) <= 4);
    const struct raft_run e[] = {{2, 300}}, g[] = {{1, 300}};
    assert_true(repair(e, 1, g, 1) <= 2);
    assert_true(repair(c, 4, NULL, 0) <= 1);
    assert_true(repair(NULL, 0, NULL, 0) == 0);
    const struct raft_run h[] = {{1, 10}, {3, 1000}};
    assert_true(repair(h, 2, h, 1) <= 1);
}

int main(void)
{
    const struct CMUnitTest core_replication[] = {
        cmocka_unit_test(a_new_leader_probes_with_its_noop),
        cmocka_unit_test(appends_are_pipelined),
        cmocka_unit_test(messages_in_flight_are_limited),
        cmocka_unit_test(bytes_in_flight_are_limited_but_one_append_always_fits),
        cmocka_unit_test(a_batch_holds_as_many_entries_as_it_may),
        cmocka_unit_test(what_finds_no_room_leaves_with_the_next_step),
        cmocka_unit_test(a_lost_append_is_found_by_the_next_heartbeat),
        cmocka_unit_test(a_lost_probe_is_repeated_once_a_heartbeat),
        cmocka_unit_test(unreachable_means_probe_but_not_at_once),
        cmocka_unit_test(entries_below_the_window_are_left_to_the_host),
        cmocka_unit_test(a_batch_is_cut_at_eight_terms),
        cmocka_unit_test(commit_needs_a_durable_majority_with_the_leaders_own_disk),
        cmocka_unit_test(an_entry_of_an_earlier_term_is_committed_only_with_one_of_this),
        cmocka_unit_test(a_heartbeat_tells_no_commit_beyond_the_match),
        cmocka_unit_test(a_full_write_queue_refuses_proposals_and_recovers),
        cmocka_unit_test(a_follower_forwards_or_refuses_proposals),
        cmocka_unit_test(a_conflict_is_repaired_in_rounds_bounded_by_terms),
    };
    return cmocka_run_group_tests(core_replication, NULL, NULL);
}
