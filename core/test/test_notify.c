/* SPDX-License-Identifier: MIT */
/* Method: a leader of five, all of whom replicate; who is told of a commit, when, how often, and
 * what a follower makes of it. */
#include "kit.h"

static struct node n;

/* Leader of five in term 1 under this mode, its no-op acknowledged by all and told to all. */
static void start_leader(uint64_t mode)
{
    struct raft_boot boot = boot_of(1, 5);
    boot.options.commit_notify = mode;
    boot.options.max_inflight = 2;
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    for (uint8_t peer = 2; peer <= 5; peer++) ack(&n, peer, 1);
    n.now = n.r.heartbeat_due;
    tick(&n);
    assert_int_equal(n.r.commit, 1);
    for (uint32_t i = 0; i < n.r.npeers; i++) assert_int_equal(n.r.progress[i].told, 1);
}

/* The commit of which this peer was told in the last step; 0: of none. Nobody is told twice. */
static uint64_t told(uint8_t peer)
{
    const struct raft_msg_out *out = nth_sent(&n, RAFT_MSG_COMMIT_NOTIFY, peer, 0);
    assert_null(nth_sent(&n, RAFT_MSG_COMMIT_NOTIFY, peer, 1));
    if (out == NULL) return 0;
    assert_int_equal(out->wid, 0);
    assert_int_equal(out->msg.round, 0);
    return out->msg.commit;
}

static void whoever_has_the_entry_is_told_at_the_commit_others_when_they_have_it(void **state)
{
    (void)state;
    start_leader(RAFT_NOTIFY_IDLE);
    propose(&n, 1);
    all_written(&n);
    ack(&n, 2, 2);
    assert_int_equal(n.fx.nmsgs, 0);
    ack(&n, 3, 2);
    assert_int_equal(n.r.commit, 2);
    assert_int_equal(told(2), 2);
    assert_int_equal(told(3), 2);
    assert_int_equal(n.fx.nmsgs, 2);
    ack(&n, 4, 2);
    assert_int_equal(told(4), 2);
    assert_int_equal(n.fx.nmsgs, 1);
    ack(&n, 4, 2);                       /* again: no news */
    assert_int_equal(n.fx.nmsgs, 0);
    struct raft_progress_view v;
    assert_true(raft_progress(&n.r, 4, &v));
    assert_int_equal(v.inflight, 0);
}

/* The leader's own write may be what was missing. */
static void a_commit_by_the_leaders_own_write_is_told_too(void **state)
{
    (void)state;
    start_leader(RAFT_NOTIFY_IDLE);
    propose(&n, 1);
    ack(&n, 2, 2);
    ack(&n, 3, 2);
    assert_int_equal(n.r.commit, 1);
    all_written(&n);
    assert_int_equal(told(2), 2);
    assert_int_equal(told(3), 2);
    assert_int_equal(n.fx.nmsgs, 2);
}

static void what_follows_tells_of_it_where_more_follows(void **state)
{
    (void)state;
    for (uint64_t mode = RAFT_NOTIFY_OFF; mode <= RAFT_NOTIFY_ALWAYS; mode++) {
        start_leader(mode);
        propose(&n, 1);
        propose(&n, 1);                  /* two are in flight to each, and no more may be */
        all_written(&n);
        ack(&n, 2, 2);
        ack(&n, 3, 2);
        assert_int_equal(n.r.commit, 2);
        assert_int_equal(told(2), mode == RAFT_NOTIFY_ALWAYS ? 2 : 0);
        ack(&n, 2, 3);
        ack(&n, 3, 3);
        assert_int_equal(told(3), mode == RAFT_NOTIFY_OFF ? 0 : 3);
    }
}

static void an_append_or_a_heartbeat_of_the_same_step_carries_it(void **state)
{
    (void)state;
    start_leader(RAFT_NOTIFY_ALWAYS);
    for (int i = 0; i < 3; i++) propose(&n, 1);
    all_written(&n);
    ack(&n, 2, 2);
    ack(&n, 3, 2);                       /* makes room for the third, to 3 */
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 3)->commit, 2);
    assert_int_equal(told(3), 0);
    assert_int_equal(told(2), 2);        /* to 2 that had left before */
    start_leader(RAFT_NOTIFY_ALWAYS);
    propose(&n, 1);
    all_written(&n);
    ack(&n, 2, 2);
    read_at(&n, 1);                      /* round k */
    read_at(&n, 2);                      /* waits for round k + 1 */
    ack(&n, 4, 1);
    ack(&n, 3, 2);                       /* confirms k, commits, opens k + 1 */
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT, 3)->commit, 2);
    assert_int_equal(told(3), 0);
    assert_int_equal(told(2), 0);
}

/* What a probed peer has is not known; what ends the probing tells it. */
static void who_is_probed_is_told_nothing(void **state)
{
    (void)state;
    start_leader(RAFT_NOTIFY_ALWAYS);
    propose(&n, 1);
    all_written(&n);
    ack(&n, 2, 2);
    go(&n, (struct raft_event){.type = RAFT_EV_UNREACHABLE, .unreachable.peer = 2});
    ack(&n, 3, 2);
    assert_int_equal(n.r.commit, 2);
    assert_int_equal(told(2), 0);
    assert_int_equal(told(3), 2);
    n.now = n.r.heartbeat_due;
    tick(&n);
    beat_reply(&n, 2, n.r.round);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 2)->commit, 2);
    ack(&n, 2, 2);
    assert_int_equal(n.fx.nmsgs, 0);
}

/* What was sent to a peer before it was found unreachable may be lost; it is told again as soon as
 * it answers, were it with what was known. */
static void who_was_unreachable_is_told_again(void **state)
{
    (void)state;
    start_leader(RAFT_NOTIFY_IDLE);
    propose(&n, 1);
    all_written(&n);
    ack(&n, 2, 2);
    ack(&n, 3, 2);
    assert_int_equal(told(2), 2);
    go(&n, (struct raft_event){.type = RAFT_EV_UNREACHABLE, .unreachable.peer = 2});
    ack(&n, 2, 2);
    assert_int_equal(told(2), 2);
    ack(&n, 2, 2);
    assert_int_equal(told(2), 0);
}

/* An append told it of more than a later heartbeat may. */
static void a_heartbeat_takes_back_nothing_that_was_told(void **state)
{
    (void)state;
    start_leader(RAFT_NOTIFY_ALWAYS);
    propose(&n, 1);
    all_written(&n);
    ack(&n, 2, 2);
    ack(&n, 3, 2);
    propose(&n, 1);
    assert_int_equal(sent(&n, RAFT_MSG_APPEND, 4)->commit, 2);
    n.now = n.r.heartbeat_due;
    tick(&n);
    assert_int_equal(sent(&n, RAFT_MSG_HEARTBEAT, 4)->commit, 1);
    ack(&n, 4, 2);
    assert_int_equal(told(4), 0);
}

static int notify(uint8_t from, uint64_t term, uint64_t commit)
{
    return recv_msg(&n, (struct raft_msg){.type = RAFT_MSG_COMMIT_NOTIFY, .from = from,
                                          .term = term, .commit = commit});
}

static void a_follower_moves_its_commit_and_nothing_else(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    start(&n, &boot);
    recv_msg(&n, append_of(1, 1, 0, 0, 1, 4));
    all_written(&n);
    uint64_t due = raft_deadline(&n.r), heard = n.r.heard_until;
    n.now += MS(20);
    assert_int_equal(notify(1, 1, 3), RAFT_OK);
    assert_int_equal(n.r.commit, 3);
    assert_int_equal(n.fx.delta.changed, RAFT_CHANGED_COMMIT);
    assert_int_equal(n.fx.nmsgs, 0);
    assert_int_equal(raft_deadline(&n.r), due);
    assert_int_equal(n.r.heard_until, heard);
    assert_int_equal(notify(1, 1, 2), RAFT_OK);          /* late */
    assert_int_equal(n.r.commit, 3);
    assert_int_equal(notify(1, 1, 9), RAFT_OK);          /* a log that lost its tail */
    assert_int_equal(n.r.commit, 4);
    n.now = due;
    tick(&n);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
    assert_int_equal(notify(1, 1, 4), RAFT_OK);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
}

static void its_term_is_looked_at_as_any_others(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(2, 3);
    start(&n, &boot);
    recv_msg(&n, append_of(1, 2, 0, 0, 1, 4));
    assert_int_equal(notify(3, 0, 1), RAFT_E_INVALID);
    assert_int_equal(notify(3, 1, 4), RAFT_OK);          /* heartbeats ask for an answer */
    assert_true(noted(&n, RAFT_NOTE_TERM_OLD));
    assert_int_equal(n.fx.nmsgs, 0);
    assert_int_equal(n.r.commit, 0);
    assert_int_equal(notify(3, 5, 0), RAFT_OK);
    assert_int_equal(n.r.term, 5);
    elect(&n);
    assert_int_equal(notify(3, n.r.term, 4), RAFT_E_INVALID);    /* a term has one leader */
}

int main(void)
{
    const struct CMUnitTest core_notify[] = {
        cmocka_unit_test(whoever_has_the_entry_is_told_at_the_commit_others_when_they_have_it),
        cmocka_unit_test(a_commit_by_the_leaders_own_write_is_told_too),
        cmocka_unit_test(what_follows_tells_of_it_where_more_follows),
        cmocka_unit_test(an_append_or_a_heartbeat_of_the_same_step_carries_it),
        cmocka_unit_test(who_is_probed_is_told_nothing),
        cmocka_unit_test(who_was_unreachable_is_told_again),
        cmocka_unit_test(a_heartbeat_takes_back_nothing_that_was_told),
        cmocka_unit_test(a_follower_moves_its_commit_and_nothing_else),
        cmocka_unit_test(its_term_is_looked_at_as_any_others),
    };
    return cmocka_run_group_tests(core_notify, NULL, NULL);
}
