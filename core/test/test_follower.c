/* SPDX-License-Identifier: MIT */
/* Method: one follower, its leaders played by hand: what an append may change, may not change,
 * and promises. */
#include "kit.h"

static struct node n;

static void start_follower(void)
{
    struct raft_boot boot = boot_of(2, 3);
    start(&n, &boot);
}

static void an_ack_names_what_was_verified_and_waits_for_its_write(void **state)
{
    (void)state;
    start_follower();
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 5));
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 1)->index, 5);
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 1), 1);
    assert_int_equal(n.fx.write.first, 1);
    assert_int_equal(n.fx.write.last, 5);
    assert_int_equal(n.fx.write.term, 1);
    recv_msg(&n, append_of(1, 1, 5, 1, 1, 3));
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 1), 2);
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 2));       /* repeated: covered by the first write */
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 1)->index, 2);
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 1), 1);
    assert_int_equal(n.fx.write.wid, 0);
    assert_int_equal(n.r.log.last, 8);
    write_done(&n, 1);
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 2));
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 1), 0);
    recv_msg(&n, append_of(1, 1, 6, 1, 1, 0));
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 1)->index, 6);
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 1), 2);
}

static void a_short_append_below_a_divergence_acks_and_commits_no_more(void **state)
{
    (void)state;
    start_follower();
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 3));
    recv_msg(&n, append_of(1, 1, 3, 1, 1, 5));       /* 4..8 will diverge */
    struct raft_msg m = append_of(3, 2, 0, 0, 1, 2);
    m.commit = 7;
    recv_msg(&n, m);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 3)->index, 2);
    assert_int_equal(n.r.commit, 2);
    assert_int_equal(n.r.log.last, 8);
}

static void only_a_conflict_cuts_the_log(void **state)
{
    (void)state;
    start_follower();
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 8));
    recv_msg(&n, append_of(1, 1, 2, 1, 1, 1));
    assert_int_equal(n.r.log.last, 8);
    recv_msg(&n, append_of(3, 2, 4, 1, 2, 2));
    assert_int_equal(n.r.log.last, 6);
    assert_int_equal(n.fx.write.cut_from, 5);
    assert_int_equal(n.fx.write.first, 5);
    assert_int_equal(n.fx.write.last, 6);
    assert_int_equal(n.fx.delta.cut_from, 5);
    assert_int_equal(raft_term_at(&n.r, 5), 2);
}

/* Of two terms, of which the first goes on with a run that the log has. */
static void the_terms_of_what_came_are_told(void **state)
{
    (void)state;
    start_follower();
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 2));
    assert_int_equal(n.fx.delta.nruns, 1);
    struct raft_msg m = append_of(3, 2, 2, 1, 1, 3);
    m.n = 4;
    m.nruns = 2;
    m.runs[1] = (struct raft_run){.term = 2, .n = 1};
    recv_msg(&n, m);
    assert_int_equal(n.fx.delta.first, 3);
    assert_int_equal(n.fx.delta.nruns, 2);
    assert_true(n.fx.delta.runs[0].term == 1 && n.fx.delta.runs[0].n == 3);
    assert_true(n.fx.delta.runs[1].term == 2 && n.fx.delta.runs[1].n == 1);
    assert_int_equal(n.r.log.last, 6);
}

static void a_completion_does_not_vouch_for_what_took_the_place(void **state)
{
    (void)state;
    start_follower();
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 8));
    uint64_t first = n.r.wid_last;
    recv_msg(&n, append_of(3, 2, 4, 1, 2, 4));       /* 5..8 again, of another term */
    uint64_t second = n.r.wid_last;
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 3), second);
    write_done(&n, first);
    assert_int_equal(n.r.stable, 4);
    recv_msg(&n, append_of(3, 2, 8, 2, 2, 0));
    assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 3), second);
    write_done(&n, second);
    assert_int_equal(n.r.stable, 8);
}

static void what_is_committed_cannot_be_cut(void **state)
{
    (void)state;
    start_follower();
    struct raft_msg m = append_of(1, 1, 0, 0, 1, 5);
    m.commit = 5;
    recv_msg(&n, m);
    assert_int_equal(recv_msg(&n, append_of(3, 2, 3, 1, 2, 2)), RAFT_E_INVALID);
    assert_int_equal(recv_msg(&n, append_of(3, 3, 5, 2, 2, 2)), RAFT_E_INVALID);
    /* a late one that agrees */
    assert_int_equal(recv_msg(&n, append_of(3, 3, 2, 1, 1, 2)), RAFT_OK);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND_REPLY, 3)->flags, 0);
    assert_int_equal(n.r.log.last, 5);
}

static void an_append_with_a_gap_is_refused_with_a_hint(void **state)
{
    (void)state;
    start_follower();
    recv_msg(&n, append_of(1, 4, 0, 0, 2, 3));
    recv_msg(&n, append_of(1, 4, 3, 2, 4, 3));
    recv_msg(&n, append_of(3, 5, 9, 3, 5, 1));
    const struct raft_msg *m = sent(&n, RAFT_MSG_APPEND_REPLY, 3);
    assert_int_equal(m->flags, RAFT_FLAG_REJECT);
    assert_int_equal(m->index, 9);
    assert_int_equal(m->hint, 3);
    assert_int_equal(m->log_term, 2);
    assert_int_equal(n.r.log.last, 6);
}

/* The old leader may lead the answer's term when it arrives: it must see that it asked in another,
 * and that this is no acknowledgement. */
static void the_refusal_of_an_old_leader_names_the_term_that_asked(void **state)
{
    (void)state;
    start_follower();
    recv_msg(&n, append_of(3, 5, 0, 0, 5, 2));
    struct raft_msg m = append_of(1, 4, 7, 4, 4, 1);
    m.round = 99;
    recv_msg(&n, m);
    const struct raft_msg *reply = sent(&n, RAFT_MSG_APPEND_REPLY, 1);
    assert_int_equal(reply->flags, RAFT_FLAG_REJECT);
    assert_int_equal(reply->term, 5);
    assert_int_equal(reply->asked, 4);
    assert_int_equal(reply->round, 99);
    assert_int_equal(reply->index, 0);
    m = (struct raft_msg){.type = RAFT_MSG_HEARTBEAT, .from = 1, .to = 2, .term = 4, .round = 99};
    recv_msg(&n, m);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT_REPLY, 1)->flags, RAFT_FLAG_REJECT);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT_REPLY, 1)->asked, 4);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT_REPLY, 1)->round, 99);
}

static void more_runs_than_fit_are_refused_whole(void **state)
{
    (void)state;
    start_follower();
    uint64_t term = 0;
    while (n.r.log.nruns < KIT_TERMS) {
        term++;
        recv_msg(&n, append_of(1, term, term - 1, term - 1, term, 1));
        all_written(&n);
    }
    assert_int_equal(recv_msg(&n, append_of(1, term + 1, term, term, term + 1, 1)),
                     RAFT_E_LIMIT_RUNS);
    assert_int_equal(recv_msg(&n, append_of(1, term + 1, term, term, term, 1)), RAFT_OK);
    assert_int_equal(recv_msg(&n, append_of(1, term + 2, term - 1, term - 1, term + 2, 2)),
                     RAFT_OK);
}

/* Each the longest there is, so that the last of them makes 2^16 entries durable, wherever 16 or 32
 * bits end. */
static void all_writes_that_may_be_pending_are_told_apart(void **state)
{
    (void)state;
    static const uint64_t before[] = {1, 65535, 65536, ((uint64_t)1 << 32) - 300,
                                      ((uint64_t)1 << 33) - 1};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        struct raft_boot boot = boot_of(2, 3);
        boot.nruns = 1;
        boot.runs = &(struct raft_run){.term = 1, .n = before[i]};
        boot.term = 1;
        start(&n, &boot);
        uint64_t last = before[i];
        for (uint32_t k = 0; k < RAFT_WRITES_MAX; k++, last += RAFT_PROPOSE_MAX) {
            assert_int_equal(recv_msg(&n, append_of(1, 1, last, 1, 1, RAFT_PROPOSE_MAX)), RAFT_OK);
        }
        assert_int_equal(n.r.stable, before[i]);
        assert_int_equal(recv_msg(&n, append_of(1, 1, last, 1, 1, 1)), RAFT_E_BUSY);
        for (uint32_t k = 0; k < RAFT_WRITES_MAX; k++) {
            recv_msg(&n, append_of(1, 1, before[i] + k * RAFT_PROPOSE_MAX + 1, 1, 1, 0));
            assert_int_equal(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 1), k + 1);
        }
        write_done(&n, 100);
        assert_int_equal(n.r.stable, before[i] + (uint64_t)100 * RAFT_PROPOSE_MAX);
        recv_msg(&n, append_of(3, 2, before[i] + (uint64_t)200 * RAFT_PROPOSE_MAX, 1, 2, 1));
        write_done(&n, 255);
        /* the rest was cut */
        assert_int_equal(n.r.stable, before[i] + (uint64_t)200 * RAFT_PROPOSE_MAX);
        all_written(&n);
        assert_int_equal(n.r.stable, n.r.log.last);
    }
}

int main(void)
{
    const struct CMUnitTest core_follower[] = {
        cmocka_unit_test(an_ack_names_what_was_verified_and_waits_for_its_write),
        cmocka_unit_test(a_short_append_below_a_divergence_acks_and_commits_no_more),
        cmocka_unit_test(only_a_conflict_cuts_the_log),
        cmocka_unit_test(the_terms_of_what_came_are_told),
        cmocka_unit_test(a_completion_does_not_vouch_for_what_took_the_place),
        cmocka_unit_test(what_is_committed_cannot_be_cut),
        cmocka_unit_test(an_append_with_a_gap_is_refused_with_a_hint),
        cmocka_unit_test(the_refusal_of_an_old_leader_names_the_term_that_asked),
        cmocka_unit_test(more_runs_than_fit_are_refused_whole),
        cmocka_unit_test(all_writes_that_may_be_pending_are_told_apart),
    };
    return cmocka_run_group_tests(core_follower, NULL, NULL);
}
