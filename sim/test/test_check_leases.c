/* SPDX-License-Identifier: MIT */
/* What a lease stands on: which rounds count, from when, and for how long. */
#include "calm.h"

static int open_leases(void **state)
{
    (void)state;
    open_asking(CHECK_lease_basis, 3);
    for (uint8_t n = 1; n <= 3; n++)
        set_option(n, "lease-drift-bound", 0);
    return 0;
}

/* n1 leads, and opens a round. Returns when, by its clock. */
static uint64_t n1_asks(uint32_t round)
{
    const uint64_t began = clock_local(w, 1);
    beats(1, 2, 1, round);
    return began;
}

static void expect_baseless(void)
{
    assert_non_null(fired("lease-basis"));
    assert_int_equal(w->stop, STOP_VIOLATION);
}

static void it_lasts_from_the_round_for_a_timeout(void **state)
{
    (void)state;
    n1_leads();
    const uint64_t began = n1_asks(1);
    answers(1, 2, 1, 1);
    lease(1, 1, began + MS(LEAST));
    SILENT();
    assert_int_equal(judged_by("lease-basis"), 1);
}

static void and_no_longer(void **state)
{
    (void)state;
    n1_leads();
    const uint64_t began = n1_asks(1);
    answers(1, 2, 1, 1);
    lease(1, 1, began + MS(LEAST) + MS(1));
    expect_baseless();
}

static void a_later_round_counts_when_it_is_answered(void **state)
{
    (void)state;
    n1_leads();
    n1_asks(1);
    answers(1, 2, 1, 1);
    const uint64_t second = n1_asks(2);
    passes(5);
    answers(1, 3, 1, 2);
    lease(1, 1, second + MS(LEAST));
    SILENT();
}

static void a_later_round_counts_for_nothing_before(void **state)
{
    (void)state;
    n1_leads();
    n1_asks(1);
    answers(1, 2, 1, 1);
    passes(5);
    lease(1, 1, n1_asks(2) + MS(LEAST));
    expect_baseless();
}

static void nobody_holds_one_alone(void **state)
{
    (void)state;
    n1_leads();
    lease(1, 1, n1_asks(1) + MS(LEAST));
    expect_baseless();
}

static void of_five_two_must_answer(void **state)
{
    close_it(state);
    open_asking(CHECK_lease_basis, 5);
    n1_leads();
    const uint64_t began = n1_asks(1);
    answers(1, 4, 1, 1);
    answers(1, 4, 1, 1);
    lease(1, 1, began + MS(1));
    expect_baseless();
}

static void an_answer_to_another_term_counts_for_nothing(void **state)
{
    (void)state;
    n1_leads();
    const uint64_t began = n1_asks(1);
    struct record *r = label(REC_DELIVER, 1, 2, MSG_HEARTBEAT_REPLY, 1);
    rec_set_round(r, 1);
    rec_set_asked(r, 0);
    done();
    lease(1, 1, began + MS(LEAST));
    expect_baseless();
}

static void clocks_that_may_drift_make_it_shorter(void **state)
{
    (void)state;
    set_option(1, "lease-drift-bound", 200000);
    n1_leads();
    const uint64_t began = n1_asks(1);
    answers(1, 2, 1, 1);
    lease(1, 1, began + MS(LEAST) * 8 / 12);
    SILENT();
    lease(1, 1, began + MS(LEAST) * 9 / 12);
    expect_baseless();
}

static void a_round_from_before_its_clock_went_back_counts_for_nothing(void **state)
{
    (void)state;
    n1_leads();
    const uint64_t began = n1_asks(1);
    clock_jump(w, 1, -(int64_t)MS(20));
    answers(1, 2, 1, 1);
    lease(1, 1, began + MS(LEAST));
    expect_baseless();
}

static void a_round_from_after_that_counts(void **state)
{
    (void)state;
    n1_leads();
    n1_asks(1);
    clock_jump(w, 1, -(int64_t)MS(20));
    const uint64_t began = n1_asks(2);
    answers(1, 2, 1, 2);
    lease(1, 1, began + MS(LEAST));
    SILENT();
}

/* By its own steps its clock always went on. */
static void a_step_back_that_it_cannot_know_of_is_none(void **state)
{
    (void)state;
    n1_leads();
    const uint64_t began = n1_asks(1);
    passes(60);
    clock_jump(w, 1, -(int64_t)MS(20));
    answers(1, 2, 1, 1);
    lease(1, 1, began + MS(LEAST));
    SILENT();
}

static void a_round_that_is_long_ago_is_dated_too_late_at_most(void **state)
{
    (void)state;
    n1_leads();
    const uint64_t first = n1_asks(1);
    answers(1, 2, 1, 1);
    for (uint32_t round = 2; round <= 80; round++)
        n1_asks(round);
    lease(1, 1, first + MS(LEAST) + MS(17));
    SILENT();
    lease(1, 1, first + MS(LEAST) + MS(18));
    expect_baseless();
}

static void another_reign_begins_with_nothing(void **state)
{
    (void)state;
    n1_leads();
    n1_asks(1);
    answers(1, 2, 1, 1);
    follow(1, 0, 2);
    elect(1, 2, 3, 0, 0);
    lease(1, 3, clock_local(w, 1) + MS(100));
    expect_baseless();
}

static void an_unsafe_option_excuses(void **state)
{
    (void)state;
    set_option(1, "unsafe-lease-from-reply", 1);
    n1_leads();
    lease(1, 1, clock_local(w, 1) + SEC(1));
    SILENT();
    assert_int_equal(excused("lease-basis"), 1);
}

static void another_nodes_unsafe_option_does_not(void **state)
{
    (void)state;
    set_option(3, "unsafe-lease-from-reply", 1);
    n1_leads();
    lease(1, 1, clock_local(w, 1) + SEC(1));
    expect_baseless();
}

static void who_was_misled_is_excused(void **state)
{
    (void)state;
    n1_leads();
    mislead(1, 2, MSG_HEARTBEAT_REPLY, 1);
    lease(1, 1, clock_local(w, 1) + SEC(1));
    SILENT();
    assert_int_equal(excused("lease-basis"), 1);
}

static void a_lease_that_ends_is_not_judged(void **state)
{
    (void)state;
    n1_leads();
    lease(1, 1, 0);
    SILENT();
    assert_int_equal(judged_by("lease-basis"), 0);
}

static void who_reads_by_lease_may(void **state)
{
    (void)state;
    set_option(2, "reads", 1);
    invoke(c1, 1, OP_READ);
    read_under(1, 2, 1, 1);
    SILENT();
}

static void who_reads_by_read_index_may_not(void **state)
{
    (void)state;
    invoke(c1, 1, OP_READ);
    read_under(1, 2, 1, 1);
    expect_baseless();
}

#define LEASES(test) cmocka_unit_test_setup_teardown(test, open_leases, close_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEASES(it_lasts_from_the_round_for_a_timeout),
        LEASES(and_no_longer),
        LEASES(a_later_round_counts_when_it_is_answered),
        LEASES(a_later_round_counts_for_nothing_before),
        LEASES(nobody_holds_one_alone),
        LEASES(of_five_two_must_answer),
        LEASES(an_answer_to_another_term_counts_for_nothing),
        LEASES(clocks_that_may_drift_make_it_shorter),
        LEASES(a_round_from_before_its_clock_went_back_counts_for_nothing),
        LEASES(a_round_from_after_that_counts),
        LEASES(a_step_back_that_it_cannot_know_of_is_none),
        LEASES(a_round_that_is_long_ago_is_dated_too_late_at_most),
        LEASES(another_reign_begins_with_nothing),
        LEASES(an_unsafe_option_excuses),
        LEASES(another_nodes_unsafe_option_does_not),
        LEASES(who_was_misled_is_excused),
        LEASES(a_lease_that_ends_is_not_judged),
        LEASES(who_reads_by_lease_may),
        LEASES(who_reads_by_read_index_may_not),
    };
    return cmocka_run_group_tests_name("sim_check_leases", tests, NULL, NULL);
}
