/* SPDX-License-Identifier: MIT */
/* The rules of votes, promises, acknowledgements, reads and leases on sequences of records made by
 * hand; and progress. */
#include "../check/model.h"
#include "test_check.h"

static void vote_once(void **state)
{
    (void)state;
    durable(2, 1, 1, 0);
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    crash(2);
    boot(2, 1, 1, 0);
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    SILENT();
    message(2, 3, MSG_VOTE_REPLY, 1, 0);
    assert_non_null(fired("vote-once"));
}

static void vote_once_spares_what_was_never_seen(void **state)
{
    (void)state;
    term(2, 1, 1);                                       /* in memory only */
    crash(2);
    boot(2, 0, 0, 0);
    term(2, 1, 3);
    uint64_t first = durable(2, 1, 3, 0);
    message(2, 3, MSG_VOTE_REPLY, 1, 0);
    SILENT();
    expect("vote-once", first, durable(2, 1, 1, 0));
}

static void promise_audit_of_a_vote(void **state)
{
    (void)state;
    term(2, 1, 1);
    message(2, 1, MSG_PREVOTE_REPLY, 1, 0);
    message(2, 1, MSG_VOTE, 1, 0);                       /* early, and no promise */
    assert_null(fired("promise-audit"));
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    assert_non_null(fired("promise-audit"));
}

static void promise_audit_of_an_acknowledgement(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    store_at_node(1, e, 1, 1, 0);
    append(2, e, SUT_FOLLOWER);
    message(2, 1, MSG_APPEND_REPLY, 1, 0);
    SILENT();
    message(2, 1, MSG_APPEND_REPLY, 1, 1);
    assert_non_null(fired("promise-audit"));
}

/* A tail that the leader has not is durable here, and its index is acknowledged. */
static void promise_audit_of_a_divergent_tail(void **state)
{
    (void)state;
    one_term();
    uint32_t mine = make(3, e2, 2, 0);
    term(3, 2, 3);
    append(3, mine, SUT_FOLLOWER);
    durable(3, 2, 3, mine);
    elect(1, 2, 3, e2, e2);
    term(3, 3, 0);
    durable(3, 3, 0, mine);
    message(3, 1, MSG_APPEND_REPLY, 3, 2);
    SILENT();
    message(3, 1, MSG_APPEND_REPLY, 3, 3);
    assert_non_null(fired("promise-audit"));
}

static void promise_audit_of_a_term(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    store_at_node(1, e, 1, 1, 0);
    term(3, 1, 0);
    append(3, e, SUT_FOLLOWER);
    durable(3, 0, 0, e);
    message(3, 1, MSG_APPEND_REPLY, 1, 1);
    assert_non_null(fired("promise-audit"));
    assert_null(fired("durable-term"));
}

/* What acknowledges no entry is a matter of durable-term alone. */
static void no_promise_in_an_answer_to_a_heartbeat(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        tank_close(w);
        open_with(3);
        term(2, 4, 0);
        message(2, 1, i ? MSG_APPEND_REPLY : MSG_HEARTBEAT_REPLY, 4, 0);
        assert_null(fired("promise-audit"));
        assert_non_null(fired("durable-term"));
    }
}

static void promise_audit_of_a_win(void **state)
{
    (void)state;
    term(1, 1, 1);
    role(1, SUT_CANDIDATE, 1, 0);
    SILENT();
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(fired("promise-audit"));
}

static void ack_survives(void **state)
{
    (void)state;
    one_term();
    invoke(c2, 2, OP_WRITE);
    answer(c2, 2, OUT_TIMEOUT, 0);
    SILENT();
    expect("ack-survives", committed_2, answer(c2, 2, OUT_OK, 2));   /* that is op 1's */
}

static void ack_survives_the_disks(void **state)
{
    (void)state;
    one_term();
    uint64_t told = answer(c1, 1, OUT_OK, 2);
    term(2, 2, 0);
    cut(2, 2, SUT_FOLLOWER);
    write_of(REC_WRITE, 2, 8, 2, 0, e1, 2);
    SILENT();
    expect("ack-survives", told, write_of(REC_DURABLE, 2, 8, 2, 0, e1, 2));
}

static void read_fresh(void **state)
{
    (void)state;
    one_term();
    invoke(c2, 2, OP_READ);
    uint64_t told = answer(c1, 1, OUT_OK, 2);
    read_at(1, 2, 1, READ_PATH_INDEX);  /* invoked before the write was acknowledged: may miss it */
    answer(c2, 2, OUT_OK, 1);
    SILENT();
    invoke(c2, 3, OP_READ);
    expect("read-fresh", told, read_at(1, 3, 1, READ_PATH_LEASE));
}

static void read_fresh_says_when(void **state)
{
    (void)state;
    one_term();
    w->now = SEC(50) * 24 * 3600 + MS(7);           /* beyond the low half of the milliseconds */
    answer(c1, 1, OUT_OK, UINT64_C(1) << 40);       /* no log is that long */
    w->now = SEC(51) * 24 * 3600;
    invoke(c2, 3, OP_READ);
    read_at(1, 3, 2, READ_PATH_INDEX);
    const struct violation *v = fired("read-fresh");
    assert_non_null(v);
    assert_string_equal(v->detail,
                        "n1 answers op 3 (read-index) at index 2, and index 4294967295 was "
                        "acknowledged at "
                                   "4320000.007s, before it was invoked at 4406400.000s");
}

static void read_fresh_of_what_is_not_applied(void **state)
{
    (void)state;
    one_term();
    invoke(c2, 2, OP_READ);
    read_at(3, 2, 2, READ_PATH_INDEX);
    assert_non_null(fired("read-fresh"));
}

static uint64_t won_2;
static uint64_t another_leader_commits(void)
{
    role(1, SUT_LEADER, 1, e2);
    won_2 = elect(3, 2, 2, e2, e2);
    uint32_t e3 = make(3, e2, 2, 0);
    store_at_node(3, e3, 2, 3, 0);
    store_at_node(2, e3, 2, 3, 3);
    return commit(3, e3, 2, SUT_LEADER);
}

static void lease_exclusivity(void **state)
{
    (void)state;
    one_term();
    uint64_t held = lease(1, 1, w->now + SEC(1));
    another_leader_commits();
    expect("lease-exclusivity", held, won_2);
}

/* It does not declare that nobody wins before its leases end. */
static void lease_exclusivity_of_a_commit(void **state)
{
    (void)state;
    struct sut other = *w->sut;
    other.keeps = 0;
    w->sut = &other;
    one_term();
    uint64_t held = lease(1, 1, w->now + SEC(1));
    expect("lease-exclusivity", held, another_leader_commits());
    assert_int_equal(judged_by("lease-exclusivity"), 1);
}

/* A win that is excused, and the commit after it, which is not: so that what is asked of every
 * system stays as it was. */
static void excuses_the_win(void)
{
    another_leader_commits();
    assert_int_equal(excused("lease-exclusivity"), 1);
    expect("lease-exclusivity", model_of(w, 0)->node[1].seen_lease, w->records);
}

static void lease_exclusivity_excuses_unsafe_options(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, w->now + SEC(1));
    set_option(2, "unsafe-vote-after-restart", 1);
    excuses_the_win();
}

static void lease_exclusivity_excuses_a_voter_that_now_waits_less(void **state)
{
    (void)state;
    one_term();
    set_option(3, "election-timeout", MS(50));
    lease(1, 1, w->now + SEC(1));
    crash(3);
    boot(3, 1, 0, 0);
    append(3, e1, SUT_FOLLOWER);
    append(3, e2, SUT_FOLLOWER);
    excuses_the_win();
}

/* It waits for longer than before: that excuses nothing. */
static void lease_exclusivity_of_a_voter_that_now_waits_longer(void **state)
{
    (void)state;
    one_term();
    set_option(3, "election-timeout", MS(500));
    uint64_t held = lease(1, 1, w->now + SEC(1));
    crash(3);
    boot(3, 1, 0, 0);
    append(3, e1, SUT_FOLLOWER);
    append(3, e2, SUT_FOLLOWER);
    another_leader_commits();
    expect("lease-exclusivity", held, won_2);
}

static void lease_exclusivity_excuses_who_was_misled(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, w->now + SEC(1));
    mislead(3, 2, MSG_HEARTBEAT, 1);
    excuses_the_win();
}

static void lease_exclusivity_ends_with_the_lease(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, w->now + MS(2));
    another_leader_commits();
    SILENT();
}

/* The lease would have ended, but the clock was slowed down, within its bound, after it
 * was recorded. */
static void lease_exclusivity_goes_by_the_clock_as_it_goes(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, clock_local(w, 1) + SEC(10));
    clock_rate(w, 1, 995, 1000);
    w->now += SEC(10);
    another_leader_commits();
    assert_non_null(fired("lease-exclusivity"));
}

static void lease_exclusivity_needs_sound_clocks(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, w->now + SEC(1));
    clock_jump(w, 2, (int64_t)SEC(5));
    another_leader_commits();
    SILENT();
    assert_int_equal(excused("lease-exclusivity"), 2);      /* the win and the commit */
}

/* The clock steps back after the round began and is ahead again when the lease comes: the lease
 * window before it looks sound. */
static void lease_exclusivity_sees_a_step_back_before_the_lease(void **state)
{
    (void)state;
    w->now = SEC(10);
    one_term();
    w->chaos = 64;
    uint64_t round = clock_local(w, 1);
    clock_jump(w, 1, -(int64_t)MS(900));
    w->now += MS(930);
    lease(1, 1, round + MS(147));
    another_leader_commits();
    SILENT();
    assert_int_equal(excused("lease-exclusivity"), 2);
}

static void self_check(void **state)
{
    (void)state;
    struct record *r = record_new(w, REC_HALT, 2);
    rec_set_halt(r, HALT_WRITE_FAILED);
    done();
    SILENT();
    r = record_new(w, REC_HALT, 2);
    rec_set_halt(r, HALT_SELF_CHECK);
    rec_set_check(r, 7);
    w->broken = "leads without its own vote";
    done();
    assert_string_equal(fired("self-check")->detail,
                        "n2 breaks an invariant of its own at 0.004s: leads without its own vote");
}

static void answered(uint8_t client, uint32_t op, uint8_t outcome, uint64_t index, uint8_t by)
{
    struct record *r = record_new(w, REC_RETURN, client);
    rec_set_op(r, op);
    rec_set_outcome(r, outcome);
    rec_set_answered_by(r, by);
    r->index = index;
    done();
}

/* An answer to what was asked for before says nothing of now; nor does one that it does not lead,
 * but of a follower that forwards no proposals, to a write, once one is acknowledged. */
static void progress_counts_answers_that_are_owed(void **state)
{
    (void)state;
    judge_disable(w, CHECK_ack_survives);
    judge_disable(w, CHECK_answer_binds);
    one_term();
    invoke(c1, 2, OP_WRITE);
    invoke(c2, 3, OP_READ);
    progress_ask(w, 3, SEC(1));
    answered(c1, 2, OUT_OK, 2, 2);
    answered(c2, 3, OUT_OK, 2, 2);
    assert_int_equal(progress_unanswered(w, 0, 2), 1 << OP_WRITE | 1 << OP_READ);
    struct record *r = record_new(w, REC_ROLE, 2);
    rec_set_role(r, SUT_FOLLOWER);
    rec_set_leader(r, 1);
    r->term = 1;
    done();
    invoke(c1, 4, OP_WRITE);
    answered(c1, 4, OUT_NOT_LEADER, 0, 2);
    assert_true(progress_unanswered(w, 0, 2) & 1 << OP_WRITE);
    set_option(2, "proposal-forwarding", 0);
    invoke(c1, 5, OP_WRITE);
    answered(c1, 5, OUT_NOT_LEADER, 0, 2);                  /* its leader may be no more */
    assert_true(progress_unanswered(w, 0, 2) & 1 << OP_WRITE);
    invoke(c2, 6, OP_WRITE);
    answered(c2, 6, OUT_OK, 3, 3);
    invoke(c1, 7, OP_WRITE);
    answered(c1, 7, OUT_NOT_LEADER, 0, 2);
    assert_false(progress_unanswered(w, 0, 2) & 1 << OP_WRITE);
    invoke(c1, 8, OP_READ);
    answered(c1, 8, OUT_NOT_LEADER, 0, 2);
    assert_true(progress_unanswered(w, 0, 2) & 1 << OP_READ);
    set_option(1, "proposal-forwarding", 0);
    invoke(c1, 9, OP_WRITE);
    answered(c1, 9, OUT_NOT_LEADER, 0, 1);                  /* it leads */
    assert_true(progress_unanswered(w, 0, 1) & 1 << OP_WRITE);
    SILENT();
}

static void progress_needs_a_new_write_on_the_whole_core(void **state)
{
    (void)state;
    char text[200];
    judge_disable(w, CHECK_ack_survives);
    judge_disable(w, CHECK_answer_binds);
    one_term();
    assert_int_equal(progress_look(w), PROGRESS_NOT_ASKED);
    progress_ask(w, 3, SEC(1));
    answer(c1, 1, OUT_OK, 2);                       /* committed before it was asked: no progress */
    assert_int_equal(progress_look(w), PROGRESS_WAITING);
    invoke(c1, 2, OP_WRITE);
    uint32_t e3 = make(1, e2, 1, 2);
    store_at_node(1, e3, 1, 1, 0);
    store_at_node(2, e3, 1, 1, 1);
    commit(1, e3, 1, SUT_LEADER);
    apply(1, e3);
    answered(c1, 2, OUT_OK, 3, 1);
    assert_int_equal(progress_look(w), PROGRESS_WAITING);
    assert_true(progress_detail(w, text, sizeof text) > 0);
    assert_non_null(strstr(text, "n2"));
    commit(2, e3, 1, SUT_FOLLOWER);
    apply(2, e3);
    assert_int_equal(progress_look(w), PROGRESS_WAITING);
    progress_detail(w, text, sizeof text);
    assert_non_null(strstr(text, "no write that was asked for"));
    invoke(c1, 3, OP_WRITE);
    answered(c1, 3, OUT_OK, 3, 2);
    progress_detail(w, text, sizeof text);
    assert_non_null(strstr(text, "no read that was asked for"));
    assert_non_null(strstr(text, "through n1 n2 by"));
    for (uint8_t n = 1; n <= 2; n++) {
        assert_int_equal(progress_look(w), PROGRESS_WAITING);
        assert_int_equal(progress_unanswered(w, 0, n), 1 << OP_READ);
        invoke(c2, 3 + n, OP_READ);
        answered(c2, 3 + n, OUT_OK, 3, n);
    }
    assert_int_equal(progress_look(w), PROGRESS_MADE);
    progress_ask(w, 7, MS(10));
    w->now += MS(10);
    assert_int_equal(progress_look(w), PROGRESS_MISSED);
    SILENT();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(vote_once),
        RULE(vote_once_spares_what_was_never_seen),
        RULE(promise_audit_of_a_vote),
        RULE(promise_audit_of_an_acknowledgement),
        RULE(promise_audit_of_a_divergent_tail),
        RULE(promise_audit_of_a_term),
        RULE(no_promise_in_an_answer_to_a_heartbeat),
        RULE(promise_audit_of_a_win),
        RULE(ack_survives),
        RULE(ack_survives_the_disks),
        RULE(read_fresh),
        RULE(read_fresh_says_when),
        RULE(read_fresh_of_what_is_not_applied),
        RULE(lease_exclusivity),
        RULE(lease_exclusivity_of_a_commit),
        RULE(lease_exclusivity_excuses_unsafe_options),
        RULE(lease_exclusivity_excuses_a_voter_that_now_waits_less),
        RULE(lease_exclusivity_of_a_voter_that_now_waits_longer),
        RULE(lease_exclusivity_excuses_who_was_misled),
        RULE(lease_exclusivity_ends_with_the_lease),
        RULE(lease_exclusivity_goes_by_the_clock_as_it_goes),
        RULE(lease_exclusivity_needs_sound_clocks),
        RULE(lease_exclusivity_sees_a_step_back_before_the_lease),
        RULE(self_check),
        RULE(progress_counts_answers_that_are_owed),
        RULE(progress_needs_a_new_write_on_the_whole_core),
    };
    return cmocka_run_group_tests_name("sim_check_promises", tests, NULL, NULL);
}
