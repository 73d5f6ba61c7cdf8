/* SPDX-License-Identifier: MIT */
/*
 * The rules of terms, logs and commits on sequences of records made by hand: silent on the sound
 * ones, and firing, with the right two records, on the others.
 */
#include "../check/model.h"
#include "test_check.h"

static void a_sound_run_breaks_nothing(void **state)
{
    (void)state;
    one_term();
    answer(c1, 1, OUT_OK, 2);
    invoke(c2, 2, OP_READ);
    read_at(1, 2, 2, READ_PATH_INDEX);
    answer(c2, 2, OUT_OK, 2);
    crash(1);
    boot(1, 1, 1, e2);
    elect(2, 1, 2, e2, e2);
    uint32_t e3 = make(2, e2, 2, 0);
    store_at_node(2, e3, 2, 2, 0);
    term(1, 2, 2);
    store_at_node(1, e3, 2, 2, 2);
    commit(2, e3, 2, SUT_LEADER);
    apply(2, e3);
    apply(1, e1);                                        /* a new life begins at index 1 */
    SILENT();
    judge_finish(w);
    SILENT();
    assert_int_equal(w->stop, STOP_NONE);
}

static void election_safety(void **state)
{
    (void)state;
    one_term();
    expect("election-safety", won_1, role(3, SUT_LEADER, 1, e2));
}

static void election_safety_of_one_who_comes_back(void **state)
{
    (void)state;
    one_term();
    role(1, SUT_LEADER, 1, e2);                          /* told again: nothing new */
    SILENT();
    crash(1);
    boot(1, 1, 1, e2);
    uint64_t second = role(1, SUT_LEADER, 1, e2);
    expect("election-safety", won_1, second);
}

static void log_matching_of_the_place(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0), e4 = make(1, e3, 1, 0);
    append(1, e3, SUT_LEADER);
    append(1, e4, SUT_LEADER);
    SILENT();
    append(3, e4, SUT_FOLLOWER);
    assert_non_null(fired("log-matching"));
}

static void log_matching_of_the_content(void **state)
{
    (void)state;
    one_term();
    uint32_t mine = make(1, e2, 1, 5), other = make(1, e2, 1, 6);
    uint64_t first = append(1, mine, SUT_LEADER);
    append(2, mine, SUT_FOLLOWER);
    SILENT();
    expect("log-matching", first, append(3, other, SUT_FOLLOWER));
}

static void log_matching_of_a_second_branch(void **state)
{
    (void)state;
    one_term();
    term(3, 2, 3);
    uint32_t high = make(3, e2, 2, 0), low = make(3, e1, 2, 0);
    append(3, high, SUT_FOLLOWER);
    SILENT();
    term(1, 2, 0);
    cut(1, 2, SUT_FOLLOWER);
    append(1, low, SUT_FOLLOWER);
    assert_non_null(fired("log-matching"));
}

static void leader_completeness(void **state)
{
    (void)state;
    one_term();
    cut(3, 2, SUT_FOLLOWER);
    uint64_t second = elect(3, 2, 2, e1, e2);
    expect("leader-completeness", committed_2, second);
}

/* Votes of term 2 that were long on the way: n3 wins it after the leader of term 3 has committed.
 * It owes that one's commits nothing. */
static void leader_completeness_spares_a_late_win(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    stand(3, 2, 0);
    durable(4, 2, 3, 0);
    durable(5, 2, 3, 0);
    stand(1, 3, 0);
    grant(5, 1, 3, 0);
    grant(2, 1, 3, 0);
    role(1, SUT_LEADER, 3, 0);
    uint32_t e = make(1, 0, 3, 0);
    store_at_node(1, e, 3, 1, 0);
    store_at_node(2, e, 3, 1, 1);
    durable(4, 3, 0, 0);
    term(4, 3, 0);
    store_at_node(4, e, 3, 0, 1);
    commit(1, e, 3, SUT_LEADER);
    of_try(REC_DELIVER, 3, 4, MSG_VOTE_REPLY, 2, 1);
    of_try(REC_DELIVER, 3, 5, MSG_VOTE_REPLY, 2, 1);
    role(3, SUT_LEADER, 2, 0);
    SILENT();
}

static void leader_completeness_of_a_late_commit(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    stand(1, 1, 0);
    grant(5, 1, 1, 0);
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    store_at_node(1, e, 1, 1, 0);
    store_at_node(2, e, 1, 1, 1);
    term(3, 1, 0);
    durable(3, 1, 0, 0);
    store_at_node(3, e, 1, 0, 1);
    stand(4, 2, 0);
    grant(2, 4, 2, e);
    uint64_t won = elect(4, 5, 2, 0, 0);
    SILENT();
    expect("leader-completeness", won, commit(1, e, 1, SUT_LEADER));
}

static void state_machine_safety(void **state)
{
    (void)state;
    one_term();
    uint32_t other = make(3, e1, 2, 0);
    cut(3, 2, SUT_FOLLOWER);
    append(3, other, SUT_FOLLOWER);
    SILENT();
    expect("state-machine-safety", committed_2, commit(3, other, 2, SUT_FOLLOWER));
}

static void state_machine_safety_of_applying(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    append(1, e3, SUT_LEADER);
    SILENT();
    apply(1, e3);
    assert_non_null(fired("state-machine-safety"));
}

static void state_machine_safety_of_order(void **state)
{
    (void)state;
    one_term();
    apply(3, e2);
    assert_non_null(fired("state-machine-safety"));
}

static void state_machine_safety_of_the_state(void **state)
{
    (void)state;
    one_term();
    commit(3, e2, 1, SUT_FOLLOWER);
    apply(3, e1);
    SILENT();
    apply_at(3, e2, 2, 99);
    assert_non_null(fired("state-machine-safety"));
}

static void leader_append_only(void **state)
{
    (void)state;
    one_term();
    uint64_t follows = role(1, SUT_FOLLOWER, 1, e2);
    uint64_t second = cut(1, 2, SUT_FOLLOWER);           /* stepped down, same term */
    expect("leader-append-only", follows, second);
}

static void leader_append_only_spares_the_next_term(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    append(1, e3, SUT_LEADER);
    term(1, 2, 0);
    cut(1, 3, SUT_FOLLOWER);
    SILENT();
    cut(2, 2, SUT_LEADER);
    assert_non_null(fired("leader-append-only"));
}

static void monotonic(void **state)
{
    (void)state;
    one_term();
    uint64_t first = term(2, 5, 0);
    expect("monotonic", first, term(2, 4, 0));
}

static void monotonic_commit_and_durable_term(void **state)
{
    (void)state;
    one_term();
    expect("monotonic", committed_2, commit(1, e1, 1, SUT_LEADER));
}

static void monotonic_durable(void **state)
{
    (void)state;
    uint64_t first = durable(2, 5, 0, 0);
    expect("monotonic", first, durable(2, 4, 0, 0));
}

static void monotonic_restart(void **state)
{
    (void)state;
    one_term();
    crash(2);
    boot(2, 1, 1, e1);                                   /* e2 was acknowledged */
    assert_non_null(fired("monotonic"));
}

static void monotonic_spares_a_cut_that_survived_the_crash(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0), other = make(2, e2, 2, 0);
    store_at_node(1, e3, 1, 1, 0);
    write_of(REC_WRITE, 1, 9, 2, 0, other, 3);           /* issued, never acknowledged, kept */
    crash(1);
    boot(1, 2, 0, other);
    SILENT();
    crash(1);
    boot(1, 2, 0, e1);
    assert_non_null(fired("monotonic"));
}

static void commit_quorum(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    uint64_t first = append(1, e, SUT_LEADER);
    append(2, e, SUT_FOLLOWER);
    durable(2, 1, 1, e);
    SILENT();
    expect("commit-quorum", first, commit(1, e, 1, SUT_LEADER));   /* its own disk has it not */
}

/* Figure 8: an entry of term 1 on a majority, committed by the leader of term 3 on its
 * count alone. */
static void commit_quorum_of_an_older_term(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    store_at_node(1, e, 1, 1, 0);
    crash(1);
    boot(1, 1, 1, e);
    uint64_t won = elect(1, 2, 3, e, 0);
    store_at_node(2, e, 3, 1, 1);
    SILENT();
    expect("commit-quorum", won, commit(1, e, 3, SUT_LEADER));
}

static void all_checks_of_a_step_are_told_once_each(void **state)
{
    (void)state;
    one_term();
    uint64_t second = role(3, SUT_LEADER, 1, e1);
    role(3, SUT_FOLLOWER, 1, e1);
    role(3, SUT_LEADER, 1, e1);
    assert_int_equal(violations(), 3);              /* neither its term nor its vote is durable */
    expect("election-safety", won_1, second);
    assert_non_null(fired("vote-quorum"));
    assert_non_null(fired("promise-audit"));
}

static void a_disabled_check_says_nothing(void **state)
{
    (void)state;
    one_term();
    judge_disable(w, check_by_name("election-safety", strlen("election-safety")));
    judge_disable(w, check_by_name("promise-audit", strlen("promise-audit")));
    judge_disable(w, CHECK_vote_quorum);
    role(3, SUT_LEADER, 1, e2);
    SILENT();
    assert_int_equal(check_by_name("election", 8), -1);
}

static void checks_are_named_alone_or_by_what_they_see(void **state)
{
    (void)state;
    char text[CHECKS_TEXT];
    uint32_t all = 0;
    for (int i = 0; checks[i]; i++) {
        assert_in_range(checks[i]->sees, SEES_INSIDE, SEES - 1);
        assert_int_equal(checks_named(checks[i]->name, strlen(checks[i]->name)), 1u << i);
        all |= 1u << i;
    }
    const uint32_t inside = checks_named("inside", 6), outside = checks_named("outside", 7);
    assert_int_equal(inside | checks_named("protocol", 8) | outside, all);
    assert_true(inside >> CHECK_promise_audit & 1 && !(inside >> CHECK_linearizable & 1));
    assert_true(outside >> CHECK_linearizable & 1);
    assert_int_equal(checks_named("insid", 5) | checks_named("", 0), 0);
    assert_string_equal(checks_text(all, text), "inside,protocol,outside");
    assert_string_equal(checks_text(inside | 1u << CHECK_commit_quorum, text),
                        "inside,commit-quorum");
    assert_string_equal(checks_text(0, text), "");
}

static void each_check_counts_what_it_judged(void **state)
{
    (void)state;
    struct check_tally all[CHECKS];
    for (int i = 0; checks[i]; i++) {
        assert_non_null(checks[i]->judges);
        assert_true(!checks[i]->possible == !checks[i]->idle);
    }
    one_term();
    assert_int_equal(judged_by("election-safety"), 1);
    assert_int_equal(judged_by("leader-completeness"), 1);
    assert_int_equal(judged_by("vote-once"), 4);            /* two disks, a grant, a win */
    assert_int_equal(judged_by("log-matching"), 6);
    assert_int_equal(judged_by("commit-quorum"), 2);
    assert_int_equal(judged_by("promise-audit"), 4);
    assert_int_equal(judged_by("leader-append-only"), 0);
    cut(3, 2, SUT_FOLLOWER);
    assert_int_equal(judged_by("leader-append-only"), 1);
    const uint32_t could = judge_tallies(w, all);
    assert_true(could >> CHECK_commit_quorum & 1);
    assert_false(could >> CHECK_lease_exclusivity & 1);     /* leases are off */
    assert_false(could >> CHECK_progress & 1);              /* nobody asks */
    judge_disable(w, CHECK_commit_quorum);
    judge_disable(w, CHECK_read_fresh);
    assert_true(judge_tallies(w, all) >> CHECK_commit_quorum & 1);  /* it has judged */
    assert_false(judge_tallies(w, all) >> CHECK_read_fresh & 1);
    SILENT();
}

/* Bytes of a fork. */
static uint64_t live(void)
{
    struct arena *copy = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    assert_non_null(copy);
    const uint64_t bytes = world_fork(w, copy);
    arena_release(copy);
    return bytes;
}

static void a_world_that_is_judged_stays_small(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    assert_true(live() < 256 * 1024);
    one_term();
    assert_true(live() < 256 * 1024);
}

/* Evidence is kept by the low half of its ordinal. */
static void an_ordinal_is_whole_again_beyond_2_to_the_32(void **state)
{
    (void)state;
    const uint64_t high = UINT64_C(1) << 32;
    const uint64_t ordinals[] = {1, 77, high - 1, high + 1, 3 * high + 12345};
    for (size_t i = 0; i < sizeof ordinals / sizeof *ordinals; i++) {
        w->records = ordinals[i];
        assert_int_equal(model_ordinal(w, (uint32_t)ordinals[i]), ordinals[i]);
        w->records = ordinals[i] + high - 1;
        assert_int_equal(model_ordinal(w, (uint32_t)ordinals[i]), ordinals[i]);
    }
    assert_int_equal(model_ordinal(w, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_sound_run_breaks_nothing),
        RULE(election_safety),
        RULE(election_safety_of_one_who_comes_back),
        RULE(log_matching_of_the_place),
        RULE(log_matching_of_the_content),
        RULE(log_matching_of_a_second_branch),
        RULE(leader_completeness),
        RULE(leader_completeness_spares_a_late_win),
        RULE(leader_completeness_of_a_late_commit),
        RULE(state_machine_safety),
        RULE(state_machine_safety_of_applying),
        RULE(state_machine_safety_of_order),
        RULE(state_machine_safety_of_the_state),
        RULE(leader_append_only),
        RULE(leader_append_only_spares_the_next_term),
        RULE(monotonic),
        RULE(monotonic_commit_and_durable_term),
        RULE(monotonic_durable),
        RULE(monotonic_restart),
        RULE(monotonic_spares_a_cut_that_survived_the_crash),
        RULE(commit_quorum),
        RULE(commit_quorum_of_an_older_term),
        RULE(all_checks_of_a_step_are_told_once_each),
        RULE(a_disabled_check_says_nothing),
        RULE(an_ordinal_is_whole_again_beyond_2_to_the_32),
        RULE(checks_are_named_alone_or_by_what_they_see),
        RULE(each_check_counts_what_it_judged),
        RULE(a_world_that_is_judged_stays_small),
    };
    return cmocka_run_group_tests_name("sim_check_rules", tests, NULL, NULL);
}
