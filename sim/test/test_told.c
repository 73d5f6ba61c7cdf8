/* SPDX-License-Identifier: MIT */
/* What lies on a disk that was told what nobody should tell it: with the contract not judged, just
 * that. */
#include "scripted.h"

static int open_unjudged(void **state)
{
    open_scripted(state);
    judge_disable(w, CHECK_contract);
    return 0;
}

#define UNJUDGED(test) cmocka_unit_test_setup_teardown(test, open_unjudged, close_it)

static void write_now(uint64_t wid, uint64_t cut_from, uint64_t first, uint64_t last)
{
    writes(wid, cut_from, first, last);
    step();
    disk_complete(w, 1, 1);
}

static struct image disk(void) { return storage_image(w, replica_of(w, 1, 0)); }
static uint64_t last_on_disk(void) { return store_index(w, disk().head); }
static uint32_t on_disk(uint64_t index) { return store_at(w, disk().head, index); }
static uint32_t in_memory(uint64_t index) { return store_at(w, replica_of(w, 1, 0)->head, index); }

static void boots_anew(void)
{
    host_crash(w, 1);
    host_boot(w, 1);
}

/* Entries of term 1 in memory, and durable. */
static void holds(uint32_t entries)
{
    in_term_1(entries);
    disk_complete(w, 1, 1);
    write_now(2, 0, 1, entries);
}

static void what_was_never_asked_for_is_a_hole(void **state)
{
    (void)state;
    in_term_1(4);
    disk_complete(w, 1, 1);
    write_now(2, 0, 1, 1);
    write_now(3, 0, 3, 3);
    assert_int_equal(broken(), BREACH_WRITE_HOLE);
    write_now(4, 0, 4, 4);
    assert_int_equal(last_on_disk(), 1);
    assert_int_equal(on_disk(1), in_memory(1));
    boots_anew();
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 1);
    SILENT();
    assert_int_equal(w->stop, STOP_NONE);
}

static void what_stood_behind_a_hole_does_not_come_back(void **state)
{
    (void)state;
    in_term_1(3);
    disk_complete(w, 1, 1);
    write_now(2, 0, 2, 3);
    boots_anew();
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 0);
    appends_one();
    write_now(1, 0, 1, 1);
    assert_int_equal(last_on_disk(), 1);
    assert_int_equal(on_disk(1), in_memory(1));
}

static void a_hole_can_be_filled(void **state)
{
    (void)state;
    in_term_1(5);
    disk_complete(w, 1, 1);
    write_now(2, 0, 2, 2);
    write_now(3, 0, 4, 5);
    assert_int_equal(last_on_disk(), 0);
    write_now(4, 0, 1, 1);
    assert_int_equal(last_on_disk(), 2);
    write_now(5, 0, 3, 3);
    assert_int_equal(last_on_disk(), 5);
    for (uint64_t i = 1; i <= 5; i++)
        assert_int_equal(on_disk(i), in_memory(i));
}

static void a_cut_takes_holes_too(void **state)
{
    (void)state;
    in_term_1(5);
    disk_complete(w, 1, 1);
    write_now(2, 0, 1, 1);
    write_now(3, 0, 4, 5);
    write_now(4, 2, 1, 0);
    assert_int_equal(last_on_disk(), 1);
    write_now(5, 0, 2, 5);
    assert_int_equal(disk().head, replica_of(w, 1, 0)->head);
}

static void what_was_never_cut_stays(void **state)
{
    (void)state;
    holds(3);
    const uint32_t third = on_disk(3);
    takes_term(2, 0);
    cuts(2);
    appends_one();
    write_now(3, 0, 2, 2);
    assert_int_equal(broken(), BREACH_WRITE_OVERLAP);
    assert_int_equal(last_on_disk(), 3);
    assert_int_equal(on_disk(2), in_memory(2));
    assert_int_equal(store_term(w, on_disk(2)), 2);
    assert_int_equal(store_term(w, on_disk(3)), 1);
    assert_true(store_content(w, store_place(w, on_disk(3))) ==
                store_content(w, store_place(w, third)));
    boots_anew();
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 3);
    SILENT();
}

static void what_is_asked_for_twice_is_there_once(void **state)
{
    (void)state;
    holds(3);
    const uint32_t head = disk().head;
    write_now(3, 0, 2, 3);
    assert_int_equal(disk().head, head);
    write_now(4, 0, 1, 1);
    assert_int_equal(disk().head, head);
}

static void behind_what_memory_has_not(void **state)
{
    (void)state;
    holds(2);
    takes_term(2, 0);
    cuts(2);
    appends_one();
    step();
    appends_one();
    write_now(3, 0, 3, 3);
    assert_int_equal(broken(), BREACH_WRITE_AFTER);
    assert_int_equal(last_on_disk(), 3);
    assert_int_equal(store_term(w, on_disk(2)), 1);
    assert_int_equal(store_term(w, on_disk(3)), 2);
    assert_int_not_equal(on_disk(3), in_memory(3));
    write_now(4, 2, 2, 3);
    assert_int_equal(disk().head, replica_of(w, 1, 0)->head);
}

static void a_cut_of_nothing_cuts_nothing(void **state)
{
    (void)state;
    holds(2);
    write_now(3, 7, 1, 0);
    assert_int_equal(last_on_disk(), 2);
}

static void what_nobody_has_is_not_written(void **state)
{
    (void)state;
    in_term_1(2);
    disk_complete(w, 1, 1);
    write_now(2, 0, 1, 9);
    assert_int_equal(last_on_disk(), 2);
    write_now(3, 0, 8, 9);
    assert_int_equal(last_on_disk(), 2);
    write_now(4, 0, 0, 1);
    assert_int_equal(last_on_disk(), 2);
}

static void term_and_vote_are_those_of_the_write(void **state)
{
    (void)state;
    in_term_1(0);
    disk_complete(w, 1, 1);
    takes_term(5, 2);
    writes(2, 0, 1, 0);
    fx.write.term = 3;
    fx.write.vote = 1;
    step();
    disk_complete(w, 1, 1);
    assert_int_equal(disk().term, 3);
    assert_int_equal(disk().vote, 1);
}

static void a_write_is_reported_under_its_number(void **state)
{
    (void)state;
    in_term_1(0);
    disk_complete(w, 1, 1);
    takes_term(2, 0);
    write_now(9, 0, 1, 0);
    assert_int_equal(storage_durable_of(w, replica_of(w, 1, 0)), 9);
    takes_term(3, 0);
    write_now(10, 0, 1, 0);
    assert_int_equal(disk().term, 3);
}

static void who_refuses_to_boot_is_down(void **state)
{
    (void)state;
    holds(1);
    host_crash(w, 1);
    boot_returns = SUT_INVALID;
    host_boot(w, 1);
    assert_false(w->process[1].up);
    assert_int_equal(w->stop, STOP_NONE);
    assert_int_equal(last_on_disk(), 1);
    boot_returns = SUT_OK;
    host_boot(w, 1);
    assert_true(w->process[1].up);
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 1);
    SILENT();
}

/* Of a crash while such writes are under way a prefix may survive, holes and all. */
static void a_crash_keeps_what_was_told(void **state)
{
    (void)state;
    in_term_1(4);
    disk_complete(w, 1, 1);
    writes(2, 0, 1, 1);
    step();
    writes(3, 0, 3, 4);
    step();
    disk_complete(w, 1, 1);
    host_crash(w, 1);
    assert_int_equal(last_on_disk(), 1);
    host_boot(w, 1);
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 1);
    assert_int_equal(disk().head, replica_of(w, 1, 0)->head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNJUDGED(what_was_never_asked_for_is_a_hole),
        UNJUDGED(what_stood_behind_a_hole_does_not_come_back),
        UNJUDGED(a_hole_can_be_filled),
        UNJUDGED(a_cut_takes_holes_too),
        UNJUDGED(what_was_never_cut_stays),
        UNJUDGED(what_is_asked_for_twice_is_there_once),
        UNJUDGED(behind_what_memory_has_not),
        UNJUDGED(a_cut_of_nothing_cuts_nothing),
        UNJUDGED(what_nobody_has_is_not_written),
        UNJUDGED(term_and_vote_are_those_of_the_write),
        UNJUDGED(a_write_is_reported_under_its_number),
        UNJUDGED(who_refuses_to_boot_is_down),
        UNJUDGED(a_crash_keeps_what_was_told),
    };
    return cmocka_run_group_tests_name("sim_told", tests, NULL, NULL);
}
