/* SPDX-License-Identifier: MIT */
/* Which answers to reads no check judges: those under a lease that a clock may have drawn out, as
 * the records have the lease, and only while the client was told none better. */
#include "../check/model.h"
#include "test_check.h"

/* In chaos, node 1 has a lease and node 3's clock stands still; op 3 reads. Index 2 was
 * acknowledged, so that an answer at 1 is stale. */
static void stalled_clock(void)
{
    one_term();
    answer(c1, 1, OUT_OK, 2);
    w->chaos = 64;
    for (uint8_t n = 1; n <= 3; n++)
        set_option(n, "reads", 1);
    lease(1, 1, clock_local(w, 1) + MS(50));
    clock_freeze(w, 3);
    invoke(c2, 3, OP_READ);
}

static void returns_from(uint8_t node, uint64_t index)
{
    struct record *r = record_new(w, REC_RETURN, c2);
    rec_set_op(r, 3);
    rec_set_outcome(r, node ? OUT_OK : OUT_TIMEOUT);
    rec_set_answered_by(r, node);
    r->index = index;
    done();
}

static bool left_out(void) { return mop_at(w, 3)->unjudged; }

static void a_lease_read_is_excused_and_left_out(void **state)
{
    (void)state;
    stalled_clock();
    read_under(1, 1, 3, 1);
    returns_from(1, 1);
    SILENT();
    assert_int_equal(excused("read-fresh"), 1);
    assert_true(left_out());
}

static void it_is_left_out_too_where_read_fresh_is_not_asked(void **state)
{
    (void)state;
    judge_disable(w, CHECK_read_fresh);
    stalled_clock();
    read_under(1, 1, 3, 1);
    returns_from(1, 1);
    assert_true(left_out());
}

/* The lease's answer was lost, and the client was told by another. */
static void what_another_path_told_is_judged(void **state)
{
    (void)state;
    stalled_clock();
    read_under(1, 1, 3, 1);
    read_at(2, 3, 2, READ_PATH_INDEX);
    returns_from(2, 2);
    SILENT();
    assert_false(left_out());
}

static void what_the_same_node_told_later_is_judged(void **state)
{
    (void)state;
    stalled_clock();
    read_under(1, 1, 3, 1);
    read_at(1, 3, 2, READ_PATH_INDEX);
    returns_from(1, 2);
    assert_false(left_out());
}

/* Who reads at an index that a judged answer has, reads what is fresh. */
static void one_index_of_one_node_is_one_answer(void **state)
{
    (void)state;
    stalled_clock();
    read_under(1, 1, 3, 2);
    read_at(1, 3, 2, READ_PATH_INDEX);
    returns_from(1, 2);
    assert_false(left_out());
}

static void the_late_answer_of_the_lease_is_left_out(void **state)
{
    (void)state;
    stalled_clock();
    read_under(1, 1, 3, 1);
    read_at(2, 3, 2, READ_PATH_INDEX);
    returns_from(1, 1);
    assert_true(left_out());
}

static void what_nobody_told_is_not_left_out(void **state)
{
    (void)state;
    stalled_clock();
    read_under(1, 1, 3, 1);
    returns_from(0, 0);
    assert_false(left_out());
    assert_int_equal(model_of(w, 0)->unjudged.n, 0);
}

/* ---- it is no lease read because it is called one -------------------------------------------- */

static void whose_lease_no_record_has_is_not_excused(void **state)
{
    (void)state;
    stalled_clock();
    read_under(0, 1, 3, 1);
    assert_non_null(fired("read-fresh"));
    assert_int_equal(excused("read-fresh"), 0);
}

static void who_reads_by_index_is_not_excused_by_a_lease(void **state)
{
    (void)state;
    stalled_clock();
    set_option(2, "reads", 0);
    read_under(1, 2, 3, 1);
    assert_non_null(fired("read-fresh"));
    assert_false(left_out());
}

static void a_stale_read_index_is_judged_whatever_clocks_do(void **state)
{
    (void)state;
    stalled_clock();
    read_at(1, 3, 1, READ_PATH_INDEX);
    assert_non_null(fired("read-fresh"));
    assert_false(left_out());
}

/* ---- a lease that another holds -------------------------------------------------------------- */

static void the_lease_of_another_excuses_too(void **state)
{
    (void)state;
    stalled_clock();
    read_under(1, 2, 3, 1);
    returns_from(2, 1);
    SILENT();
    assert_int_equal(excused("read-fresh"), 1);
    assert_true(left_out());
}

/* Its own lease ends meanwhile; the read rests on what it was. */
static void whatever_becomes_of_it(void **state)
{
    (void)state;
    stalled_clock();
    lease(1, 1, 0);
    read_under(1, 2, 3, 1);
    SILENT();
    assert_int_equal(excused("read-fresh"), 1);
}

static void whose_holder_keeps_its_clock_is_judged(void **state)
{
    (void)state;
    one_term();
    answer(c1, 1, OUT_OK, 2);
    w->chaos = 64;
    lease(1, 1, clock_local(w, 1) + MS(50));
    invoke(c2, 3, OP_READ);
    read_under(1, 2, 3, 1);
    assert_non_null(fired("read-fresh"));
    assert_int_equal(excused("read-fresh"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_lease_read_is_excused_and_left_out),
        RULE(it_is_left_out_too_where_read_fresh_is_not_asked),
        RULE(what_another_path_told_is_judged),
        RULE(what_the_same_node_told_later_is_judged),
        RULE(one_index_of_one_node_is_one_answer),
        RULE(the_late_answer_of_the_lease_is_left_out),
        RULE(what_nobody_told_is_not_left_out),
        RULE(whose_lease_no_record_has_is_not_excused),
        RULE(who_reads_by_index_is_not_excused_by_a_lease),
        RULE(a_stale_read_index_is_judged_whatever_clocks_do),
        RULE(the_lease_of_another_excuses_too),
        RULE(whatever_becomes_of_it),
        RULE(whose_holder_keeps_its_clock_is_judged),
    };
    return cmocka_run_group_tests_name("sim_check_excuse", tests, NULL, NULL);
}
