/* SPDX-License-Identifier: MIT */
/* What a client is told binds everybody: histories in which it does, and in which it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test_check.h"

/* ---- records --------------------------------------------------------------------------------- */

static uint64_t of_op(enum record_kind kind, uint8_t from, uint8_t to, uint8_t type, uint32_t op,
                      uint32_t attempt)
{
    struct record *r = record_new(w, kind, from);
    r->peer = to;
    rec_set_type(r, type);
    rec_set_for_op(r, op);
    if (type == MSG_CLIENT_REQUEST)
        rec_set_attempt(r, attempt);
    return done();
}

static uint64_t reply(uint8_t from, uint32_t op, uint8_t outcome, uint64_t value)
{
    struct record *r = record_new(w, REC_SEND, from);
    r->peer = c1;
    rec_set_type(r, MSG_CLIENT_REPLY);
    rec_set_flags(r, outcome == OUT_OK ? 0 : LABEL_REJECT);
    rec_set_for_op(r, op);
    rec_set_answer(r, outcome);
    rec_set_answer_value(r, value);
    return done();
}

/* An operation is asked for, once, at n1. */
static void ask(uint32_t op, uint8_t verb)
{
    invoke(c1, op, verb);
    of_op(REC_SEND, c1, 1, MSG_CLIENT_REQUEST, op, 1);
}

/* A further entry of term 1 that the leader n1 commits, and applies. */
static uint32_t tail;
static uint64_t applied(uint32_t op)
{
    tail = make(1, tail, 1, op);
    store_at_node(1, tail, 1, 1, 0);
    store_at_node(2, tail, 1, 1, 1);
    commit(1, tail, 1, SUT_LEADER);
    return apply(1, tail);
}

static void begin(void)
{
    one_term();
    tail = e2;
}

/* ---- what was refused is never applied ------------------------------------------------------- */

static void a_refusal_that_binds(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    answer(c1, 2, OUT_NOT_LEADER, 0);
    ask(3, OP_WRITE);
    applied(3);
    answer(c1, 3, OUT_OK, 3);
    assert_int_equal(judged_by("answer-binds"), 4);         /* op 1 was applied, too */
    assert_int_equal(excused("answer-binds"), 0);
    SILENT();
}

static void who_is_refused_has_written_nothing(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    const uint64_t told = answer(c1, 2, OUT_NOT_LEADER, 0);
    expect("answer-binds", told, applied(2));
}

static void what_is_applied_is_refused_no_more(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    const uint64_t was = applied(2);
    expect("answer-binds", was, answer(c1, 2, OUT_NOT_LEADER, 0));
}

/* A timeout says nothing. */
static void who_does_not_know_is_owed_nothing(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    answer(c1, 2, OUT_TIMEOUT, 0);
    applied(2);
    SILENT();
}

static void a_copy_of_the_request_excuses(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    of_op(REC_DUPLICATE, c1, 1, MSG_CLIENT_REQUEST, 2, 1);
    answer(c1, 2, OUT_NOT_LEADER, 0);
    applied(2);
    assert_int_equal(excused("answer-binds"), 2);           /* the refusal, and what was applied */
    SILENT();
}

static void a_copy_of_the_proposal_excuses(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    of_op(REC_SEND, 1, 2, MSG_PROPOSE, 2, 0);
    of_op(REC_DUPLICATE, 1, 2, MSG_PROPOSE, 2, 0);
    applied(2);
    applied(2);
    assert_int_equal(excused("answer-binds"), 1);
    SILENT();
}

/* A copy of another's request, of an answer, or of what nodes say, is no excuse. */
static void other_copies_excuse_nothing(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    ask(3, OP_WRITE);
    of_op(REC_DUPLICATE, c1, 1, MSG_CLIENT_REQUEST, 3, 1);
    of_op(REC_DUPLICATE, 1, c1, MSG_CLIENT_REPLY, 2, 0);
    struct record *r = record_new(w, REC_DUPLICATE, 1);
    rec_set_type(r, MSG_HEARTBEAT);
    rec_set_round(r, 2);
    done();
    const uint64_t told = answer(c1, 2, OUT_NOT_LEADER, 0);
    expect("answer-binds", told, applied(2));
}

/* ---- what was asked once is applied once ----------------------------------------------------- */

static void asked_once_and_applied_twice(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    of_op(REC_SEND, 1, 2, MSG_PROPOSE, 2, 0);
    const uint64_t was = applied(2);
    SILENT();
    expect("answer-binds", was, applied(2));
}

static void a_raw_proposal_is_asked_once(void **state)
{
    (void)state;
    begin();
    ask(2, OP_RAW);
    const uint64_t was = applied(2);
    expect("answer-binds", was, applied(2));
}

static void who_asks_again_may_be_heard_twice(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    of_op(REC_SEND, c1, 2, MSG_CLIENT_REQUEST, 2, 2);
    applied(2);
    applied(2);
    assert_int_equal(excused("answer-binds"), 1);
    SILENT();
}

/* Who comes later, or anew, applies the same again. */
static void all_nodes_apply_it(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    applied(2);
    append(3, tail, SUT_FOLLOWER);
    durable(3, 1, 0, tail);
    commit(3, tail, 1, SUT_FOLLOWER);
    apply(3, e1);
    apply(3, e2);
    apply(3, tail);
    crash(3);
    boot(3, 1, 0, tail);
    commit(3, tail, 1, SUT_FOLLOWER);
    apply(3, e1);
    apply(3, e2);
    apply(3, tail);
    SILENT();
}

/* ---- what is answered was applied, with that result ------------------------------------------ */

static void an_answer_is_what_it_came_to(void **state)
{
    (void)state;
    begin();
    reply(1, 1, OUT_OK, 0);
    SILENT();
    reply(2, 1, OUT_FAIL, 0);
    assert_non_null(fired("answer-binds"));
}

static void an_answer_gives_what_it_gave(void **state)
{
    (void)state;
    begin();
    reply(1, 1, OUT_OK, VALUE_NUMBER(7));
    assert_non_null(fired("answer-binds"));
}

static void what_nobody_applied_is_not_answered(void **state)
{
    (void)state;
    begin();
    ask(2, OP_WRITE);
    judge_disable(w, CHECK_ack_survives);
    expect("answer-binds", 0, answer(c1, 2, OUT_OK, 3));
}

/* A read by an index leaves nothing to apply; one through the log does. */
static void reads_are_judged_by_others(void **state)
{
    (void)state;
    begin();
    ask(2, OP_READ);
    reply(1, 2, OUT_OK, VALUE_NUMBER(9));
    answer(c1, 2, OUT_OK, 2);
    SILENT();
    ask(3, OP_READ);
    const uint64_t told = answer(c1, 3, OUT_NOT_LEADER, 0);
    expect("answer-binds", told, applied(3));
}

/* ---- and linearizability --------------------------------------------------------------------- */

static void history(uint32_t op, uint8_t verb, uint8_t outcome, uint64_t a, uint64_t result)
{
    while (w->ops.n <= op)
        vec_push(&w->arena, &w->ops, 1);
    *world_op(w, op) = (struct op){.invoked = MS(10) * op, .seq = op, .client = c1,
                                   .returned = MS(10) * op + 1, .a = a, .result = result,
                                   .verb = verb & 7u, .outcome = outcome & 7u};
}

/* Op 2 is refused, and op 3 reads what it would have written. */
static void read_of_what_was_refused(bool copied)
{
    judge_disable(w, CHECK_answer_binds);
    invoke(c1, 2, OP_WRITE);
    if (copied)
        of_op(REC_DUPLICATE, c1, 1, MSG_CLIENT_REQUEST, 2, 1);
    answer(c1, 2, OUT_NOT_LEADER, 0);
    invoke(c1, 3, OP_READ);
    answer(c1, 3, OUT_OK, 0);
    history(2, OP_WRITE, OUT_NOT_LEADER, VALUE_NUMBER(5), 0);
    history(3, OP_READ, OUT_OK, 0, VALUE_NUMBER(5));
    judge_finish(w);
}

static void what_was_refused_explains_no_read(void **state)
{
    (void)state;
    read_of_what_was_refused(false);
    assert_non_null(fired("linearizable"));
}

static void what_has_a_copy_may(void **state)
{
    (void)state;
    read_of_what_was_refused(true);
    assert_null(fired("linearizable"));
}

int main(void)
{
    const struct CMUnitTest sim_check_answers[] = {
        RULE(a_refusal_that_binds),
        RULE(who_is_refused_has_written_nothing),
        RULE(what_is_applied_is_refused_no_more),
        RULE(who_does_not_know_is_owed_nothing),
        RULE(a_copy_of_the_request_excuses),
        RULE(a_copy_of_the_proposal_excuses),
        RULE(other_copies_excuse_nothing),
        RULE(asked_once_and_applied_twice),
        RULE(a_raw_proposal_is_asked_once),
        RULE(who_asks_again_may_be_heard_twice),
        RULE(all_nodes_apply_it),
        RULE(an_answer_is_what_it_came_to),
        RULE(an_answer_gives_what_it_gave),
        RULE(what_nobody_applied_is_not_answered),
        RULE(reads_are_judged_by_others),
        RULE(what_was_refused_explains_no_read),
        RULE(what_has_a_copy_may),
    };
    return cmocka_run_group_tests(sim_check_answers, NULL, NULL);
}
