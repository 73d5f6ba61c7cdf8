/* SPDX-License-Identifier: MIT */
/* The rule `stability`, on records made by hand: who stands, who steps down, who refuses, and when
 * no leader may be lost. */
#include "calm.h"

/* ---- standing -------------------------------------------------------------------------------- */

static void who_has_waited_may_stand(void **state)
{
    (void)state;
    hears(2, 1, MSG_HEARTBEAT, 1);
    passes(LEAST - 1);
    asks(2, 1);
    passes(LEAST - 1);
    gives_up(2, 3, 1);
    asks(2, 1);
    SILENT();
}

static void who_heard_a_leader_waits(void **state)
{
    (void)state;
    const uint64_t heard = hears(2, 1, MSG_HEARTBEAT, 1);
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
    hears(2, 1, MSG_HEARTBEAT, 1);
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
    hears(2, 1, MSG_HEARTBEAT, 1);
    record_new(w, REC_CAMPAIGN, 2);
    done();
    asks(2, 1);
    SILENT();
    gives_up(2, 3, 1);
    hears(2, 1, MSG_HEARTBEAT, 1);
    asks(2, 1);
    assert_non_null(fired("stability"));
}

static void a_pinned_timeout_counts_once(void **state)
{
    (void)state;
    hears(2, 1, MSG_HEARTBEAT, 1);
    rec_set_timeout(record_new(w, REC_PIN, 2), MS(20));
    done();
    passes(20);
    asks(2, 1);
    SILENT();
    gives_up(2, 3, 1);
    hears(2, 1, MSG_HEARTBEAT, 1);
    passes(20);
    asks(2, 1);
    assert_non_null(fired("stability"));
}

/* A step back is time that the node does not count as less. */
static void its_own_clock_counts(void **state)
{
    (void)state;
    hears(2, 1, MSG_HEARTBEAT, 1);
    clock_jump(w, 2, (int64_t)MS(LEAST));
    asks(2, 1);
    SILENT();
    gives_up(2, 3, 1);
    hears(2, 1, MSG_HEARTBEAT, 1);
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

/* Its disk hangs, so that its host is too busy for what would unseat it. */
static void an_answer_of_a_later_term_is_no_contact(void **state)
{
    (void)state;
    n1_leads();
    for (uint32_t round = 2; round < 6; round++, passes(30)) beats(1, 2, 1, round);
    struct record *r = label(REC_DELIVER, 1, 2, MSG_HEARTBEAT_REPLY, 9);
    rec_set_round(r, 5);
    rec_set_asked(r, 1);
    rec_set_flags(r, LABEL_REJECT);
    done();
    drop(1, 2, DROP_BUSY);
    passes(60);
    follow(1, 0, 1);
    SILENT();
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
    hears(2, 1, MSG_HEARTBEAT, 1);
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
        CALM(an_answer_of_a_later_term_is_no_contact),
        CALM(a_higher_term_unseats_and_no_lower_one),
        CALM(an_old_message_unseats_nobody),
        CALM(a_prevote_unseats_nobody),
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
