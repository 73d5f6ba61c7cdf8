/* SPDX-License-Identifier: MIT */
/* Promises that leave late, when their sender's disk is in a later term, and terms that are shown
 * before a disk holds them: on records made by hand. */
#include "test_check.h"

static uint64_t refusal(uint8_t from, uint8_t to, uint8_t type, uint64_t t)
{
    struct record *r = record_new(w, REC_SEND, from);
    r->peer = to;
    rec_set_type(r, type);
    rec_set_flags(r, LABEL_REJECT);
    r->term = t;
    return done();
}

static uint64_t issue(uint8_t n, uint64_t wid, uint64_t t, uint8_t vote, uint32_t head)
{
    return write_of(REC_WRITE, n, wid, t, vote, head, 0);
}

static uint64_t is_durable(uint8_t n, uint64_t wid, uint64_t t, uint8_t vote, uint32_t head)
{
    return write_of(REC_DURABLE, n, wid, t, vote, head, 0);
}

/* ---- late promises --------------------------------------------------------------------------- */

static void a_vote_that_leaves_late_is_no_lie_where_the_disk_held_it(void **state)
{
    (void)state;
    issue(2, 1, 1, 1, 0);
    is_durable(2, 1, 1, 1, 0);
    issue(2, 2, 2, 3, 0);
    is_durable(2, 2, 2, 3, 0);
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    SILENT();
    crash(2);
    boot(2, 3, 0, 0);                                   /* of the third write it was never told */
    message(2, 3, MSG_VOTE_REPLY, 2, 0);
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    SILENT();
    message(2, 3, MSG_VOTE_REPLY, 1, 0);
    assert_non_null(fired("promise-audit"));
}

/* Its disk is in a later term for good, so it votes in that one no more. */
static void a_late_vote_in_a_term_that_the_disk_never_held_binds_nobody(void **state)
{
    (void)state;
    is_durable(2, 1, 1, 1, 0);
    is_durable(2, 2, 3, 1, 0);
    message(2, 1, MSG_VOTE_REPLY, 2, 0);
    SILENT();
}

/* Three terms become durable at once, and the disk tells of the last. */
static void a_disk_that_passes_over_a_term_has_held_it(void **state)
{
    (void)state;
    issue(2, 1, 1, 1, 0);
    issue(2, 2, 2, 0, 0);
    issue(2, 3, 2, 3, 0);
    issue(2, 4, 3, 1, 0);
    issue(2, 5, 4, 0, 0);
    is_durable(2, 4, 3, 1, 0);
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    message(2, 3, MSG_VOTE_REPLY, 2, 0);
    message(2, 1, MSG_VOTE_REPLY, 3, 0);
    is_durable(2, 5, 4, 0, 0);
    message(2, 1, MSG_VOTE_REPLY, 3, 0);
    SILENT();
    message(2, 1, MSG_VOTE_REPLY, 2, 0);
    assert_non_null(fired("promise-audit"));
}

static void a_write_that_a_crash_took_was_never_held(void **state)
{
    (void)state;
    one_term();
    issue(3, 1, 1, 0, e2);
    issue(3, 2, 2, 0, e2);
    crash(3);
    boot(3, 0, 0, 0);
    issue(3, 1, 5, 0, 0);
    is_durable(3, 1, 5, 0, 0);
    SILENT();
    message(3, 1, MSG_APPEND_REPLY, 1, 2);
    assert_non_null(fired("promise-audit"));
}

/* n3 acknowledged e2, and a later leader had it cut: the acknowledgement leaves only now. */
static void an_acknowledgement_that_leaves_late(void **state)
{
    (void)state;
    one_term();
    is_durable(3, 1, 1, 0, e2);
    is_durable(3, 2, 2, 2, e1);
    SILENT();
    message(3, 1, MSG_APPEND_REPLY, 1, 2);
    SILENT();
    message(3, 1, MSG_APPEND_REPLY, 1, 3);              /* more than it ever had */
    assert_non_null(fired("promise-audit"));
}

static void a_late_acknowledgement_of_what_was_not_there(void **state)
{
    (void)state;
    one_term();
    is_durable(3, 1, 1, 0, e1);
    is_durable(3, 2, 2, 2, e1);
    message(3, 1, MSG_APPEND_REPLY, 1, 1);
    SILENT();
    message(3, 1, MSG_APPEND_REPLY, 1, 2);
    assert_non_null(fired("promise-audit"));
}

static void a_disk_changes_terms_a_thousand_times(void **state)
{
    (void)state;
    for (uint64_t t = 1; t <= 1000; t++) {
        issue(2, t, t, (uint8_t)(1 + t % 3), 0);
        if (t % 7 == 0)
            is_durable(2, t, t, (uint8_t)(1 + t % 3), 0);
    }
    for (uint64_t t = 1; t <= 994; t++)
        message(2, (uint8_t)(1 + t % 3), MSG_VOTE_REPLY, t, 0);
    SILENT();
    message(2, (uint8_t)(1 + 995 % 3), MSG_VOTE_REPLY, 995, 0);
    assert_non_null(fired("promise-audit"));
}

/* ---- terms that are shown -------------------------------------------------------------------- */

static void a_refusal_waits_for_its_term(void **state)
{
    (void)state;
    uint64_t held = is_durable(2, 1, 1, 0, 0);
    term(2, 2, 0);
    refusal(2, 1, MSG_VOTE_REPLY, 1);
    SILENT();
    uint64_t shown = refusal(2, 1, MSG_VOTE_REPLY, 2);
    expect("durable-term", held, shown);
    assert_null(fired("promise-audit"));
}

/* An append-reply here acknowledges no entry: its index is 0. */
static void requests_and_refusals_wait_for_their_term(void **state)
{
    (void)state;
    const struct { uint8_t type; bool refuses, shows; } cases[] = {
        {MSG_VOTE, false, true}, {MSG_VOTE_REPLY, true, true}, {MSG_PREVOTE, false, false},
        {MSG_PREVOTE_REPLY, false, false}, {MSG_PREVOTE_REPLY, true, true},
        {MSG_APPEND_REPLY, true, true}, {MSG_HEARTBEAT_REPLY, true, true},
        {MSG_APPEND_REPLY, false, true}, {MSG_HEARTBEAT_REPLY, false, true},
        {MSG_READ_INDEX, false, false}, {MSG_READ_INDEX_REPLY, true, false},
        {MSG_PROPOSE, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tank_close(w);
        open_with(3);
        if (cases[i].refuses)
            refusal(2, 1, cases[i].type, 2);
        else
            message(2, 1, cases[i].type, 2, 0);
        assert_int_equal(fired("durable-term") != NULL, cases[i].shows);
        tank_close(w);
        open_with(3);
        is_durable(2, 1, 3, 0, 0);
        if (cases[i].refuses)
            refusal(2, 1, cases[i].type, 2);
        assert_null(fired("durable-term"));
    }
}

/* etcd refuses at once, and is safe: nobody asks it for what it does not promise. Its grants and
 * acknowledgements are asked as ever. */
static void who_does_not_declare_it_is_not_asked(void **state)
{
    (void)state;
    struct sut undeclared = *suts[0];
    undeclared.keeps &= ~(uint32_t)SUT_KEEPS_DURABLE_TERM;
    tank_close(w);
    tank_prepare(3, 2);
    tank_plan.sut = &undeclared;
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1,
                   true);
    judge_start(w);
    world_configure(w);
    boot(2, 0, 0, 0);
    refusal(2, 1, MSG_VOTE_REPLY, 2);
    message(2, 1, MSG_VOTE, 2, 0);
    message(2, 1, MSG_HEARTBEAT_REPLY, 2, 0);
    SILENT();
    message(2, 1, MSG_APPEND_REPLY, 2, 1);
    assert_non_null(fired("promise-audit"));
    assert_null(fired("durable-term"));
    tank_plan.sut = suts[0];
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_vote_that_leaves_late_is_no_lie_where_the_disk_held_it),
        RULE(a_late_vote_in_a_term_that_the_disk_never_held_binds_nobody),
        RULE(a_disk_that_passes_over_a_term_has_held_it),
        RULE(a_write_that_a_crash_took_was_never_held),
        RULE(an_acknowledgement_that_leaves_late),
        RULE(a_late_acknowledgement_of_what_was_not_there),
        RULE(a_disk_changes_terms_a_thousand_times),
        RULE(a_refusal_waits_for_its_term),
        RULE(requests_and_refusals_wait_for_their_term),
        RULE(who_does_not_declare_it_is_not_asked),
    };
    return cmocka_run_group_tests_name("sim_check_terms", tests, NULL, NULL);
}
