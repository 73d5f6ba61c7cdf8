/* SPDX-License-Identifier: MIT */
/* What a host sees of the contract that its system under test breaks, and what is none of that: of
 * what it asks of its disk, and of what it sends. */
#include "scripted.h"

/* ---- writes ---------------------------------------------------------------------------------- */

static void what_continues_the_log_is_right(void **state)
{
    (void)state;
    in_term_1(3);
    writes(2, 0, 1, 2);
    step();
    writes(3, 0, 3, 3);
    step();
    takes_term(2, 3);
    cuts(2);
    appends_one();
    writes(4, 2, 2, 2);
    step();
    takes_term(3, 0);
    cuts(2);
    writes(5, 2, 1, 0);
    step();
    disk_complete(w, 1, 5);
    assert_int_equal(store_index(w, storage_image(w, replica_of(w, 1, 0)).head), 1);
    assert_int_equal(storage_image(w, replica_of(w, 1, 0)).term, 3);
    KEEPS();
}

static void writes_are_counted(void **state)
{
    (void)state;
    in_term_1(0);
    takes_term(2, 0);
    writes(3, 0, 1, 0);
    step();
    BREAKS(WRITE_NUMBER);
    assert_string_equal(fired("contract")->detail,
                        "n1 numbers a write 3, and the one before it was 1 at 0.000s");
}

static void writes_are_counted_anew_in_each_life(void **state)
{
    (void)state;
    in_term_1(0);
    disk_complete(w, 1, 1);
    host_crash(w, 1);
    host_boot(w, 1);
    takes_term(2, 0);
    writes(1, 0, 1, 0);
    step();
    KEEPS();
}

static void a_write_has_the_term_of_its_node(void **state)
{
    (void)state;
    in_term_1(0);
    takes_term(2, 3);
    appends_one();
    writes(2, 0, 1, 1);
    fx.write.term = 1;
    step();
    BREAKS(WRITE_TERM);
}

static void a_write_has_the_vote_of_its_node(void **state)
{
    (void)state;
    in_term_1(0);
    takes_term(2, 3);
    writes(2, 0, 1, 0);
    fx.write.vote = 0;
    step();
    BREAKS(WRITE_TERM);
}

static void a_cut_is_of_what_was_asked_for(void **state)
{
    (void)state;
    in_term_1(2);
    writes(2, 0, 1, 1);
    step();
    cuts(2);
    writes(3, 2, 1, 0);
    step();
    BREAKS(WRITE_CUT);
}

static void nothing_is_appended_that_memory_has_not(void **state)
{
    (void)state;
    in_term_1(2);
    writes(2, 0, 1, 3);
    step();
    BREAKS(WRITE_BEYOND);
}

static void an_append_leaves_no_hole(void **state)
{
    (void)state;
    in_term_1(3);
    writes(2, 0, 2, 3);
    step();
    BREAKS(WRITE_HOLE);
    assert_int_equal(fired("contract")->first, fired("contract")->second - 1);
}

static void what_an_append_replaces_is_cut_first(void **state)
{
    (void)state;
    in_term_1(2);
    writes(2, 0, 1, 2);
    step();
    takes_term(2, 0);
    cuts(2);
    appends_one();
    writes(3, 0, 2, 2);
    step();
    BREAKS(WRITE_OVERLAP);
}

/* The place is right, but the entry before it is another one on the disk. */
static void an_append_continues_the_very_log(void **state)
{
    (void)state;
    in_term_1(2);
    writes(2, 0, 1, 2);
    step();
    takes_term(2, 0);
    cuts(2);
    appends_one();
    step();
    appends_one();
    writes(3, 0, 3, 3);
    step();
    BREAKS(WRITE_AFTER);
}

static void a_write_asks_for_something(void **state)
{
    (void)state;
    in_term_1(0);
    writes(2, 0, 1, 0);
    step();
    BREAKS(WRITE_NOTHING);
}

/* ---- messages -------------------------------------------------------------------------------- */

static void a_promise_that_was_asked_for_may_leave(void **state)
{
    (void)state;
    in_term_1(1);
    takes_term(2, 3);
    writes(2, 0, 1, 1);
    sends(MSG_VOTE_REPLY, 3, 2);
    step();
    sends(MSG_APPEND_REPLY, 3, 2)->index = 1;
    step();
    disk_complete(w, 1, 2);
    KEEPS();
}

static void a_message_waits_for_a_write_that_there_is(void **state)
{
    (void)state;
    in_term_1(0);
    sends(MSG_VOTE, 2, 2);
    step();
    BREAKS(PROMISE_NUMBER);
}

static void a_vote_was_asked_for(void **state)
{
    (void)state;
    in_term_1(0);
    takes_term(1, 3);
    sends(MSG_VOTE_REPLY, 3, 1);
    step();
    BREAKS(PROMISE_UNASKED);
}

static void acknowledged_entries_were_asked_for(void **state)
{
    (void)state;
    in_term_1(2);
    writes(2, 0, 1, 1);
    step();
    sends(MSG_APPEND_REPLY, 2, 2)->index = 1;
    step();
    KEEPS();
    sends(MSG_APPEND_REPLY, 2, 2)->index = 2;
    step();
    BREAKS(PROMISE_UNASKED);
}

static void a_refusal_promises_nothing(void **state)
{
    (void)state;
    in_term_1(0);
    takes_term(1, 3);
    sends(MSG_VOTE_REPLY, 2, 1)->flags = LABEL_REJECT;
    step();
    disk_complete(w, 1, 1);
    KEEPS();
}

static void leaves_its_term(bool cancels)
{
    in_term_1(0);
    takes_term(1, 3);
    writes(2, 0, 1, 0);
    sends(MSG_VOTE_REPLY, 3, 2);
    step();
    takes_term(2, 0);
    fx.cancel_below = cancels ? 2 : 0;
    writes(3, 0, 1, 0);
    step();
    disk_complete(w, 1, 3);
}

static void a_promise_of_a_left_term_is_cancelled(void **state)
{
    (void)state;
    leaves_its_term(true);
    KEEPS();
    assert_int_equal(w->process[1].held, 0);
    assert_int_equal(w->count.dropped, 1);
}

static void nobody_cancels_it_unasked(void **state)
{
    (void)state;
    leaves_its_term(false);
    BREAKS(PROMISE_LATE);
    assert_null(fired("promise-audit"));        /* its disk has gone on: it votes there no more */
}

static void a_cancel_spares_the_term_that_it_names(void **state)
{
    (void)state;
    in_term_1(0);
    takes_term(1, 3);
    writes(2, 0, 1, 0);
    sends(MSG_VOTE_REPLY, 3, 2);
    step();
    fx.cancel_below = 1;
    step();
    assert_int_not_equal(w->process[1].held, 0);
    disk_complete(w, 1, 2);
    assert_int_equal(w->count.dropped, 0);
    KEEPS();
}

static void a_message_goes_to_another_node(void **state)
{
    (void)state;
    in_term_1(0);
    sends(MSG_PREVOTE, 3, 0);
    step();
    KEEPS();
    sends(MSG_PREVOTE, 1, 0);
    step();
    BREAKS(ADDRESS);
}

static void a_message_goes_to_a_node_that_there_is(void **state)
{
    (void)state;
    sends(MSG_PREVOTE, 4, 0);
    step();
    BREAKS(ADDRESS);
}

static void a_message_carries_what_the_log_has(void **state)
{
    (void)state;
    judge_disable(w, CHECK_honest_messages);         /* it leads nobody */
    in_term_1(2);
    sends(MSG_APPEND, 2, 0)->entries = 2;
    step();
    KEEPS();
    sends(MSG_APPEND, 2, 0)->entries = 3;
    step();
    BREAKS(MESSAGE_ENTRIES);
}

/* No-ops have none. */
static void a_message_has_the_bytes_of_its_entries(void **state)
{
    (void)state;
    judge_disable(w, CHECK_honest_messages);
    in_term_1(2);
    sends(MSG_APPEND, 2, 0)->entries = 2;
    step();
    KEEPS();
    struct msg_label *l = sends(MSG_APPEND, 2, 0);
    l->entries = 2;
    l->bytes = 1;
    step();
    BREAKS(MESSAGE_BYTES);
}

static void fills(uint64_t after, uint32_t most)
{
    struct msg_label *l = sends(MSG_APPEND, 2, 0);
    l->index = after;
    l->flags = LABEL_FILL;
    l->bytes = 1000;
    fx.msgs[0].max_entries = most;
    step();
}

static void what_is_to_be_filled_can_be(void **state)
{
    (void)state;
    judge_disable(w, CHECK_honest_messages);         /* it leads nobody */
    in_term_1(2);
    fills(1, 1);
    KEEPS();
    fills(2, 1);
    BREAKS(MESSAGE_FILL);
}

static void with_no_entry_nothing_is_filled(void **state)
{
    (void)state;
    in_term_1(2);
    fills(0, 0);
    BREAKS(MESSAGE_FILL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED(what_continues_the_log_is_right),
        SCRIPTED(writes_are_counted),
        SCRIPTED(writes_are_counted_anew_in_each_life),
        SCRIPTED(a_write_has_the_term_of_its_node),
        SCRIPTED(a_write_has_the_vote_of_its_node),
        SCRIPTED(a_cut_is_of_what_was_asked_for),
        SCRIPTED(nothing_is_appended_that_memory_has_not),
        SCRIPTED(an_append_leaves_no_hole),
        SCRIPTED(what_an_append_replaces_is_cut_first),
        SCRIPTED(an_append_continues_the_very_log),
        SCRIPTED(a_write_asks_for_something),
        SCRIPTED(a_promise_that_was_asked_for_may_leave),
        SCRIPTED(a_message_waits_for_a_write_that_there_is),
        SCRIPTED(a_vote_was_asked_for),
        SCRIPTED(acknowledged_entries_were_asked_for),
        SCRIPTED(a_refusal_promises_nothing),
        SCRIPTED(a_promise_of_a_left_term_is_cancelled),
        SCRIPTED(nobody_cancels_it_unasked),
        SCRIPTED(a_cancel_spares_the_term_that_it_names),
        SCRIPTED(a_message_goes_to_another_node),
        SCRIPTED(a_message_goes_to_a_node_that_there_is),
        SCRIPTED(a_message_carries_what_the_log_has),
        SCRIPTED(a_message_has_the_bytes_of_its_entries),
        SCRIPTED(what_is_to_be_filled_can_be),
        SCRIPTED(with_no_entry_nothing_is_filled),
    };
    return cmocka_run_group_tests_name("sim_contract", tests, NULL, NULL);
}
