/* SPDX-License-Identifier: MIT */
/* The log in memory follows from what a system under test says of it, and from nothing else: what
 * it never cut stands, whatever a message's log has there. */
#include "scripted.h"

static uint32_t theirs;     /* the log of node 2: 1/1 2/2 2/3 2/4 */

static uint32_t in_memory(uint64_t index) { return store_at(w, replica_of(w, 1, 0)->head, index); }

/* Node 1 has 1/1 1/2 and says that it appends the entries from 3 on, through `last`, of an append
 * that begins behind 2/2; no more is said of its log. */
static void takes_what_does_not_fit(uint64_t last)
{
    in_term_1(2);
    theirs = in_memory(1);
    for (uint32_t i = 0; i < 3; i++)
        theirs = store_create(w, 2, 0, theirs, 2, 0, 0, NULL);
    const struct msg_label label = {.type = MSG_APPEND, .from = 2, .to = 1, .term = 2, .index = 2,
                                    .log_term = 2, .entries = (uint32_t)last - 2};
    struct message *m = message_new(w, &label, 0);
    m->entry = store_at(w, theirs, last);
    takes_term(2, 0);
    fx.delta.changed |= SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_MESSAGE;
    fx.delta.first = 3;
    fx.delta.last = last;
    host_receive(w, 1, m);
}

static int open_unmatched(void **state)
{
    open_scripted(state);
    judge_disable(w, CHECK_log_matching);
    return 0;
}

#define UNMATCHED(test) cmocka_unit_test_setup_teardown(test, open_unmatched, close_it)

static void what_was_not_cut_stands(void **state)
{
    (void)state;
    takes_what_does_not_fit(4);
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 4);
    assert_int_equal(store_term(w, in_memory(2)), 1);
    for (uint64_t index = 3; index <= 4; index++) {
        assert_int_not_equal(in_memory(index), store_at(w, theirs, index));
        assert_true(store_content(w, store_find(w, replica_of(w, 1, 0)->head, index)) ==
                    store_content(w, store_find(w, theirs, index)));
    }
    KEEPS();
}

static void what_stood_before_the_entry_is_told(void **state)
{
    (void)state;
    takes_what_does_not_fit(3);
    assert_non_null(fired("log-matching"));
    assert_string_equal(fired("log-matching")->detail,
                        "n1 put entry 2/3 at index 3 after 1/2, but it belongs after 2/2");
    assert_string_equal(breach_name(broken()), breach_name(BREACH_NONE));
}

static void the_disk_gets_what_stands(void **state)
{
    (void)state;
    takes_what_does_not_fit(3);
    writes(2, 0, 1, 3);
    step();
    disk_complete(w, 1, 2);
    assert_int_equal(storage_image(w, replica_of(w, 1, 0)).head, replica_of(w, 1, 0)->head);
    assert_int_equal(store_term(w, store_at(w, storage_image(w, replica_of(w, 1, 0)).head, 2)), 1);
    KEEPS();
}

static void a_message_carries_what_stands(void **state)
{
    (void)state;
    takes_what_does_not_fit(3);
    disk_complete(w, 1, 1);
    struct msg_label *label = sends(MSG_APPEND, 3, 0);
    label->index = 1;
    label->log_term = 1;
    label->entries = 2;
    step();
    struct queue_cursor at = {0};
    uint32_t sent = 0;
    for (const struct event *e; (e = queue_each(&w->arena, &w->queue, &at));)
        if (e->kind == EV_DELIVER && message_at(w, e->arg)->label.type == MSG_APPEND)
            sent = message_at(w, e->arg)->entry;
    assert_int_equal(sent, replica_of(w, 1, 0)->head);
}

/* Another node has committed 2/3 behind 2/2. */
static void what_stands_is_applied_and_seen(void **state)
{
    (void)state;
    takes_what_does_not_fit(3);
    commit(2, store_at(w, theirs, 3), 2, SUT_LEADER);
    fx.delta.changed = SUT_CHANGED_COMMIT;
    fx.delta.commit = 3;
    step();
    assert_non_null(fired("state-machine-safety"));
    assert_non_null(strstr(fired("state-machine-safety")->detail,
                           "n1 commits 1/2 at index 2, and 2/2 was committed there by n2"));
}

/* An append of one entry of term 1 comes to a log that ends at 1/1, and the node in term 2 says
 * that it has it under its own term. */
static void keeps_it_under_another_term(void)
{
    in_term_1(1);
    judge_disable(w, CHECK_contract);
    theirs = store_create(w, 2, 0, in_memory(1), 1, 0, 0, NULL);
    static const struct sut_run kept = {.term = 2, .n = 1};
    const struct msg_label label = {.type = MSG_APPEND, .from = 2, .to = 1, .term = 2, .index = 1,
                                    .log_term = 1, .entries = 1};
    struct message *m = message_new(w, &label, 0);
    m->entry = theirs;
    takes_term(2, 0);
    fx.delta.changed |= SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_MESSAGE;
    fx.delta.first = fx.delta.last = 2;
    fx.delta.runs = &kept;
    fx.delta.nruns = 1;
    writes(2, 0, 1, 2);
    host_receive(w, 1, m);
}

/* What it is given at its next boot is what it wrote. */
static void the_term_that_was_told_stands_on_disk(void **state)
{
    (void)state;
    keeps_it_under_another_term();
    assert_string_equal(breach_name(broken()), breach_name(BREACH_ENTRY_TERM));
    assert_int_not_equal(in_memory(2), theirs);
    assert_int_equal(store_term(w, in_memory(2)), 2);
    disk_complete(w, 1, 1);
    disk_complete(w, 1, 2);
    host_crash(w, 1);
    host_boot(w, 1);
    assert_int_equal(script_given[0].term, 1);
    assert_int_equal(script_given[1].term, 2);
    assert_int_equal(script_given[1].n, 1);
}

static void where_it_fits_nothing_is_copied(void **state)
{
    (void)state;
    in_term_1(1);
    const uint32_t next = store_create(w, 2, 0, in_memory(1), 1, 0, 0, NULL);
    const struct msg_label label = {.type = MSG_APPEND, .from = 2, .to = 1, .term = 1, .index = 1,
                                    .log_term = 1, .entries = 1};
    struct message *m = message_new(w, &label, 0);
    m->entry = next;
    fx.delta.changed = SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_MESSAGE;
    fx.delta.last = 2;
    host_receive(w, 1, m);
    assert_int_equal(replica_of(w, 1, 0)->head, next);
    KEEPS();
}

static void what_an_append_replaces_is_cut_from_memory(void **state)
{
    (void)state;
    in_term_1(3);
    takes_term(2, 0);
    fx.delta.changed |= SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_SELF;
    fx.delta.first = fx.delta.last = 2;
    step();
    BREAKS(APPEND);
    assert_string_equal(fired("contract")->detail,
                        "n1 appends entries 2 to 2 to its log in memory, and it ends at 3 at "
                        "0.000s");
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 2);
    assert_int_equal(store_term(w, in_memory(2)), 2);
}

static void an_append_leaves_no_gap_in_memory(void **state)
{
    (void)state;
    in_term_1(1);
    fx.delta.changed = SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_SELF;
    fx.delta.first = fx.delta.last = 3;
    step();
    BREAKS(APPEND);
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNMATCHED(what_was_not_cut_stands),
        SCRIPTED(what_stood_before_the_entry_is_told),
        UNMATCHED(the_disk_gets_what_stands),
        UNMATCHED(a_message_carries_what_stands),
        UNMATCHED(what_stands_is_applied_and_seen),
        UNMATCHED(the_term_that_was_told_stands_on_disk),
        UNMATCHED(where_it_fits_nothing_is_copied),
        SCRIPTED(what_an_append_replaces_is_cut_from_memory),
        SCRIPTED(an_append_leaves_no_gap_in_memory),
    };
    return cmocka_run_group_tests_name("sim_memory", tests, NULL, NULL);
}
