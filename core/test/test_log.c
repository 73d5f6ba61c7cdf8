/* SPDX-License-Identifier: MIT */
/* Method: the log's runs against a plain array of terms, and its window by hand. */
#include "kit.h"

#define MODEL_MAX 4096

static struct { struct raft_log log; struct raft_log_run runs[KIT_TERMS]; } room;
#define log_ room.log
static uint64_t model[MODEL_MAX + 1];   /* term of each index */

static void log_reset(void)
{
    memset(&room, 0, sizeof room);
    log_.known = 1;
    log_.room = KIT_TERMS;
    log_.runs_at = (uint32_t)sizeof log_;
}

static void grow(uint64_t term, uint64_t n)
{
    for (uint64_t i = 1; i <= n; i++) model[log_.last + i] = term;
    raft_log_append(&log_, term, n);
}

static void agrees(void)
{
    for (uint64_t i = 1; i <= log_.last; i++)
        assert_int_equal(raft_log_term_at(&log_, i), model[i]);
    assert_int_equal(raft_log_term_at(&log_, 0), 0);
    assert_int_equal(raft_log_term_at(&log_, log_.last + 1), 0);
}

static void terms_are_found_in_any_run(void **state)
{
    (void)state;
    log_reset();
    for (uint64_t t = 1; t <= KIT_TERMS; t++) grow(t * 3, 1 + t % 5);
    assert_int_equal(log_.nruns, KIT_TERMS);
    agrees();
}

static void a_run_of_the_same_term_grows(void **state)
{
    (void)state;
    log_reset();
    grow(2, 3);
    grow(2, 4);
    assert_int_equal(log_.nruns, 1);
    assert_int_equal(log_.last, 7);
}

static void a_cut_drops_whole_runs_and_shortens_one(void **state)
{
    (void)state;
    log_reset();
    grow(1, 5);
    grow(2, 5);
    grow(3, 5);
    raft_log_cut(&log_, 8);
    assert_int_equal(log_.last, 7);
    assert_int_equal(log_.nruns, 2);
    agrees();
    raft_log_cut(&log_, 6);
    assert_int_equal(log_.nruns, 1);
    raft_log_cut(&log_, 1);
    assert_int_equal(log_.last, 0);
    assert_int_equal(raft_log_last_term(&log_), 0);
    grow(9, 2);
    agrees();
}

static void the_first_conflict_is_found_across_runs(void **state)
{
    (void)state;
    log_reset();
    grow(1, 5);
    grow(2, 5);
    grow(4, 5);
    const struct raft_run same[] = {{1, 2}, {2, 5}, {4, 9}};
    const struct raft_run other[] = {{1, 2}, {2, 3}, {3, 4}};
    const struct raft_run early[] = {{3, 1}};
    assert_int_equal(raft_log_conflict(&log_, 4, same, 3), 0);
    assert_int_equal(raft_log_conflict(&log_, 4, other, 3), 9);
    assert_int_equal(raft_log_conflict(&log_, 1, early, 1), 1);
    assert_int_equal(raft_log_conflict(&log_, 15, early, 1), 15);
    assert_int_equal(raft_log_conflict(&log_, 16, early, 1), 0);
}

static void a_hint_skips_terms_that_cannot_agree(void **state)
{
    (void)state;
    log_reset();
    grow(1, 3);
    grow(4, 3);
    grow(7, 3);
    assert_int_equal(raft_log_hint(&log_, 9, 7), 9);
    assert_int_equal(raft_log_hint(&log_, 9, 6), 6);
    assert_int_equal(raft_log_hint(&log_, 100, 5), 6);
    assert_int_equal(raft_log_hint(&log_, 5, 4), 5);
    assert_int_equal(raft_log_hint(&log_, 5, 3), 3);
    assert_int_equal(raft_log_hint(&log_, 5, 0), 0);
    assert_int_equal(raft_log_hint(&log_, 0, 9), 0);
}

static void the_window_keeps_the_latest_shapes(void **state)
{
    (void)state;
    log_reset();
    for (uint32_t i = 1; i <= 300; i++) {
        raft_log_push(&log_, 1, &(struct raft_entry_info){.size = i, .kind = RAFT_KIND_NORMAL}, 1);
    }
    assert_int_equal(log_.known, 300 - RAFT_WINDOW + 1);
    assert_int_equal(raft_log_size(&log_, 300), 300);
    assert_int_equal(raft_log_size(&log_, log_.known), log_.known);
    raft_log_cut(&log_, 290);
    assert_int_equal(log_.known, 300 - RAFT_WINDOW + 1);
    raft_log_cut(&log_, 20);
    assert_int_equal(log_.known, 20);
    raft_log_push(&log_, 2, &(struct raft_entry_info){.size = 5, .kind = RAFT_KIND_NOOP}, 1);
    assert_int_equal(log_.known, 20);
    assert_int_equal(raft_log_size(&log_, 20), 5);
    raft_log_append(&log_, 3, 1);
    assert_int_equal(log_.known, 22);
}

static void the_runs_a_log_would_have_are_foretold(void **state)
{
    (void)state;
    log_reset();
    const struct raft_run runs[] = {{2, 1}, {3, 1}};
    assert_int_equal(raft_log_runs_after(&log_, 0, runs, 2), 2);
    grow(1, 2);
    grow(2, 2);
    assert_int_equal(raft_log_runs_after(&log_, 0, runs, 2), 3);
    assert_int_equal(raft_log_runs_after(&log_, 3, runs, 2), 3);
    assert_int_equal(raft_log_runs_after(&log_, 3, runs + 1, 1), 2);
    assert_int_equal(raft_log_runs_after(&log_, 1, runs + 1, 1), 1);
}

int main(void)
{
    const struct CMUnitTest core_log[] = {
        cmocka_unit_test(terms_are_found_in_any_run),
        cmocka_unit_test(a_run_of_the_same_term_grows),
        cmocka_unit_test(a_cut_drops_whole_runs_and_shortens_one),
        cmocka_unit_test(the_first_conflict_is_found_across_runs),
        cmocka_unit_test(a_hint_skips_terms_that_cannot_agree),
        cmocka_unit_test(the_window_keeps_the_latest_shapes),
        cmocka_unit_test(the_runs_a_log_would_have_are_foretold),
    };
    return cmocka_run_group_tests(core_log, NULL, NULL);
}
