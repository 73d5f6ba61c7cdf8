/* SPDX-License-Identifier: MIT */
/* The rule `stability`, on records made by hand: who stands, who steps down, who refuses, and when
 * no leader may be lost. Minimum election timeout 150 ms, heartbeat 30 ms. */
#include "test_check.h"

enum { LEAST = 150 };
static uint64_t numbers;

static int open_calm(void **state)
{
    (void)state;
    numbers = 0;
    tank_prepare(3, 2);
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1,
                   true);
    judge_start(w);
    for (int check = 0; check < CHECKS; check++)        /* this one alone is asked */
        if (check != CHECK_stability)
            judge_disable(w, check);
    for (uint8_t n = 1; n <= 3; n++)
        boot(n, 0, 0, 0);
    return 0;
}

/* ---- records --------------------------------------------------------------------------------- */

static struct record *label(enum record_kind kind, uint8_t node, uint8_t peer, uint8_t type,
                            uint64_t t)
{
    struct record *r = record_new(w, kind, node);
    r->peer = peer;
    r->term = t;
    rec_set_type(r, type);
    rec_set_message(r, ++numbers);
    return r;
}

static uint64_t given(uint8_t node, uint8_t from, uint8_t type, uint64_t t)
{
    label(REC_DELIVER, node, from, type, t);
    return done();
}

/* As done, but what comes next belongs to the same instant. */
static void at_once(void)
{
    record_done(w);
}

static void drop(uint8_t to, uint8_t from, uint8_t why)
{
    struct record *r = label(REC_DROP, from, to, MSG_HEARTBEAT, 1);
    rec_set_message(r, --numbers);
    rec_set_dropped(r, why);
    done();
}

static void beats(uint8_t leader, uint8_t to, uint64_t t, uint32_t round)
{
    rec_set_round(label(REC_SEND, leader, to, MSG_HEARTBEAT, t), round);
    done();
}

static void answers(uint8_t leader, uint8_t from, uint64_t t, uint32_t round)
{
    struct record *r = label(REC_DELIVER, leader, from, MSG_HEARTBEAT_REPLY, t);
    rec_set_round(r, round);
    rec_set_asked(r, t);
    done();
}

static uint64_t requests(uint8_t voter, uint8_t from, uint64_t t, uint32_t try)
{
    struct record *r = label(REC_DELIVER, voter, from, MSG_VOTE, t);
    rec_set_try_boot(r, 1);
    rec_set_try(r, try);
    return done();
}

static uint64_t refuses(uint8_t voter, uint8_t to, uint64_t t, uint32_t try)
{
    struct record *r = label(REC_SEND, voter, to, MSG_VOTE_REPLY, t);
    rec_set_try_boot(r, 1);
    rec_set_try(r, try);
    rec_set_asked(r, t);
    rec_set_flags(r, LABEL_REJECT);
    return done();
}

static uint64_t follow(uint8_t n, uint8_t leader, uint64_t t)
{
    struct record *r = record_new(w, REC_ROLE, n);
    rec_set_role(r, SUT_FOLLOWER);
    rec_set_leader(r, leader);
    r->term = t;
    return done();
}

static void passes(uint64_t ms) { w->now += MS(ms); }

static uint64_t asks(uint8_t n, uint64_t t) { return role(n, SUT_PRECANDIDATE, t, 0); }

/* n1 leads term 1, and all have it on their disks. */
static void n1_leads(void)
{
    elect(1, 2, 1, 0, 0);
    term(3, 1, 0);
    durable(3, 1, 0, 0);
    follow(2, 1, 1);
    follow(3, 1, 1);
}

static void expect_worse(uint64_t first, uint64_t second)
{
    const struct violation *v = fired("stability");
    assert_non_null(v);
    assert_int_equal(v->first, first);
    assert_int_equal(v->second, second);
    assert_int_equal(w->stop, STOP_NONE);               /* what is worse may still come */
}

/* ---- standing -------------------------------------------------------------------------------- */

static void who_has_waited_may_stand(void **state)
{
    (void)state;
    given(2, 1, MSG_HEARTBEAT, 1);
    passes(LEAST - 1);
    asks(2, 1);
    passes(LEAST - 1);
    follow(2, 0, 1);
    asks(2, 1);
    SILENT();
}

static void who_heard_a_leader_waits(void **state)
{
    (void)state;
    const uint64_t heard = given(2, 1, MSG_HEARTBEAT, 1);
    passes(LEAST - 2);
    expect_worse(heard, asks(2, 1));
}

static void what_an_old_leader_says_is_not_heard(void **state)
{
    (void)state;
    term(2, 2, 0);
    given(2, 1, MSG_HEARTBEAT, 1);
    asks(2, 2);
    SILENT();
}

static void what_the_host_refuses_is_not_heard(void **state)
{
    (void)state;
    given(2, 1, MSG_APPEND, 1);
    drop(2, 1, DROP_BUSY);
    asks(2, 1);
    SILENT();
}

static void who_voted_waits(void **state)
{
    (void)state;
    const uint64_t voted = term(2, 1, 3);
    expect_worse(voted, asks(2, 1));
}

static void who_stood_waits_again_but_not_for_its_vote(void **state)
{
    (void)state;
    given(2, 1, MSG_HEARTBEAT, 1);
    passes(LEAST);
    asks(2, 1);
    term(2, 2, 2);                                      /* the pre-votes are won */
    role(2, SUT_CANDIDATE, 2, 0);
    SILENT();
    term(2, 3, 2);
    assert_non_null(fired("stability"));
}

static void who_is_asked_may_stand_until_it_hears_again(void **state)
{
    (void)state;
    given(2, 1, MSG_HEARTBEAT, 1);
    record_new(w, REC_CAMPAIGN, 2);
    done();
    asks(2, 1);
    SILENT();
    follow(2, 0, 1);
    given(2, 1, MSG_HEARTBEAT, 1);
    asks(2, 1);
    assert_non_null(fired("stability"));
}

static void a_pinned_timeout_counts_once(void **state)
{
    (void)state;
    given(2, 1, MSG_HEARTBEAT, 1);
    rec_set_timeout(record_new(w, REC_PIN, 2), MS(20));
    done();
    passes(20);
    asks(2, 1);
    SILENT();
    follow(2, 0, 1);
    given(2, 1, MSG_HEARTBEAT, 1);
    passes(20);
    asks(2, 1);
    assert_non_null(fired("stability"));
}

/* A step back is time that the node does not count as less. */
static void its_own_clock_counts(void **state)
{
    (void)state;
    given(2, 1, MSG_HEARTBEAT, 1);
    clock_jump(w, 2, (int64_t)MS(LEAST));
    asks(2, 1);
    SILENT();
    follow(2, 0, 1);
    given(2, 1, MSG_HEARTBEAT, 1);
    clock_jump(w, 2, -(int64_t)MS(100));
    passes(LEAST - 10);
    asks(2, 1);
    assert_non_null(fired("stability"));
}

/* ---- stepping down --------------------------------------------------------------------------- */

static void a_leader_without_answers_may_step_down(void **state)
{
    (void)state;
    n1_leads();
    for (uint32_t round = 2; round < 6; round++, passes(30)) beats(1, 2, 1, round);
    answers(1, 2, 1, 2);
    passes(60);
    follow(1, 0, 1);
    SILENT();
}

static void a_leader_that_is_answered_may_not(void **state)
{
    (void)state;
    n1_leads();
    for (uint32_t round = 2; round < 6; round++, passes(30)) beats(1, 2, 1, round);
    answers(1, 2, 1, 5);
    passes(60);
    follow(1, 0, 1);
    assert_non_null(fired("stability"));
}

static void a_higher_term_unseats_and_no_lower_one(void **state)
{
    (void)state;
    n1_leads();
    label(REC_DELIVER, 1, 2, MSG_VOTE, 2);
    at_once();
    record_new(w, REC_TERM, 1)->term = 2;
    at_once();
    follow(1, 0, 2);
    SILENT();
}

static void an_old_message_unseats_nobody(void **state)
{
    (void)state;
    n1_leads();
    label(REC_DELIVER, 1, 2, MSG_APPEND, 0);
    at_once();
    follow(1, 0, 1);
    assert_non_null(fired("stability"));
}

static void a_prevote_unseats_nobody(void **state)
{
    (void)state;
    n1_leads();
    label(REC_DELIVER, 1, 2, MSG_PREVOTE, 2);
    at_once();
    follow(1, 0, 2);
    assert_non_null(fired("stability"));
}

/* disk-timeout auto: 300 ms */
static void a_disk_that_hangs_is_a_cause(void **state)
{
    (void)state;
    n1_leads();
    write_of(REC_WRITE, 1, 1, 1, 1, 0, 0);
    for (uint32_t round = 2; round < 13; round++, passes(28)) {
        beats(1, 2, 1, round);
        answers(1, 2, 1, round);
    }
    follow(1, 0, 1);
    SILENT();
}

static void a_disk_that_works_is_none(void **state)
{
    (void)state;
    n1_leads();
    write_of(REC_WRITE, 1, 1, 1, 1, 0, 0);
    for (uint32_t round = 2; round < 13; round++, passes(28)) {
        beats(1, 2, 1, round);
        answers(1, 2, 1, round);
    }
    write_of(REC_DURABLE, 1, 1, 1, 1, 0, 0);
    follow(1, 0, 1);
    assert_non_null(fired("stability"));
}

static void a_write_that_failed_is_a_cause(void **state)
{
    (void)state;
    n1_leads();
    record_new(w, REC_FAILED, 1);
    at_once();
    role(1, SUT_HALTED, 1, 0);
    SILENT();
}

/* ---- refusing -------------------------------------------------------------------------------- */

static void who_has_no_cause_grants(void **state)
{
    (void)state;
    const uint64_t asked = requests(2, 3, 1, 1);
    expect_worse(asked, refuses(2, 3, 1, 1));
}

static void who_voted_for_it_grants_again(void **state)
{
    (void)state;
    requests(2, 3, 1, 1);
    term(2, 1, 3);
    const uint64_t asked = requests(2, 3, 1, 1);
    expect_worse(asked, refuses(2, 3, 1, 1));
}

static void causes_to_refuse(void **state)
{
    (void)state;
    term(2, 1, 1);
    requests(2, 3, 1, 1);
    refuses(2, 3, 1, 1);                                /* its vote is another's */
    given(2, 1, MSG_HEARTBEAT, 1);
    requests(2, 3, 2, 2);
    refuses(2, 3, 2, 2);                                /* it follows a leader */
    passes(LEAST);
    write_of(REC_WRITE, 2, 1, 1, 1, 0, 0);
    requests(2, 3, 3, 3);
    refuses(2, 3, 3, 3);                                /* its disk may hang */
    write_of(REC_DURABLE, 2, 1, 1, 1, 0, 0);
    append(2, make(1, 0, 1, 0), SUT_FOLLOWER);
    requests(2, 3, 4, 4);
    refuses(2, 3, 4, 4);                                /* its log is ahead */
    SILENT();
    requests(2, 3, 5, 5);
    refuses(2, 3, 5, 4);                                /* what it answers is another try */
    SILENT();
}

/* ---- armed ----------------------------------------------------------------------------------- */

/* A round to both, answered by both. */
static void a_round(uint32_t round)
{
    w->messages_made = numbers + 10;
    for (uint8_t to = 2; to <= 3; to++) {
        rec_set_round(label(REC_SEND, 1, to, MSG_HEARTBEAT, 1), round);
        at_once();
    }
    for (uint8_t from = 2; from <= 3; from++) {
        given(from, 1, MSG_HEARTBEAT, 1);
        answers(1, from, 1, round);
    }
}

static void where_nothing_disturbs_nobody_stands(void **state)
{
    (void)state;
    n1_leads();
    a_round(2);
    a_round(3);
    passes(LEAST);                                      /* its leader was silent */
    asks(3, 1);
    assert_non_null(fired("stability"));
    judge_finish(w);
    assert_true(w->count.armed_ns >= MS(LEAST));
}

static void what_disturbs_excuses(void (*disturb)(void))
{
    n1_leads();
    a_round(2);
    a_round(3);
    disturb();
    passes(LEAST);
    asks(3, 1);
    SILENT();
}

static void loses(void)
{
    label(REC_DROP, 1, 3, MSG_HEARTBEAT, 1);
    rec_set_dropped(record_slot(w), DROP_LOSS);
    done();
}
static void pauses(void)
{
    record_new(w, REC_PAUSE, 1);
    done();
}
static void slows(void)
{
    record_new(w, REC_STEP, 0);
    done();
    net_link(w, 1, 3)->delay_max = MS(LEAST);
}

static void a_loss_excuses(void **state) { (void)state; what_disturbs_excuses(loses); }
static void a_pause_excuses(void **state) { (void)state; what_disturbs_excuses(pauses); }
static void a_slower_link_excuses(void **state) { (void)state; what_disturbs_excuses(slows); }

static void a_node_of_a_higher_term_keeps_it_unarmed(void **state)
{
    (void)state;
    n1_leads();
    term(3, 4, 0);
    a_round(2);
    a_round(3);
    passes(LEAST);
    asks(2, 1);
    SILENT();
    judge_finish(w);
    assert_int_equal(w->count.armed_ns, 0);
}

#define CALM(test) cmocka_unit_test_setup_teardown(test, open_calm, close_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALM(who_has_waited_may_stand),
        CALM(who_heard_a_leader_waits),
        CALM(what_an_old_leader_says_is_not_heard),
        CALM(what_the_host_refuses_is_not_heard),
        CALM(who_voted_waits),
        CALM(who_stood_waits_again_but_not_for_its_vote),
        CALM(who_is_asked_may_stand_until_it_hears_again),
        CALM(a_pinned_timeout_counts_once),
        CALM(its_own_clock_counts),
        CALM(a_leader_without_answers_may_step_down),
        CALM(a_leader_that_is_answered_may_not),
        CALM(a_higher_term_unseats_and_no_lower_one),
        CALM(an_old_message_unseats_nobody),
        CALM(a_prevote_unseats_nobody),
        CALM(a_disk_that_hangs_is_a_cause),
        CALM(a_disk_that_works_is_none),
        CALM(a_write_that_failed_is_a_cause),
        CALM(who_has_no_cause_grants),
        CALM(who_voted_for_it_grants_again),
        CALM(causes_to_refuse),
        CALM(where_nothing_disturbs_nobody_stands),
        CALM(a_loss_excuses),
        CALM(a_pause_excuses),
        CALM(a_slower_link_excuses),
        CALM(a_node_of_a_higher_term_keeps_it_unarmed),
    };
    return cmocka_run_group_tests_name("sim_check_stability", tests, NULL, NULL);
}
