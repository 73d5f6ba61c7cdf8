/* SPDX-License-Identifier: MIT */
/* The rule `stability`: who leads on while no majority answers. */
#include "calm.h"

/* n1 sends its rounds, some 30 ms apart, so that 25 take longer than three minimum election
 * timeouts, and n2 answers up to this one. */
static void leads_on(uint32_t answered, uint32_t rounds)
{
    n1_leads();
    for (uint32_t round = 1; round <= rounds; round++) {
        beats(1, 2, 1, round);
        if (round <= answered)
            answers(1, 2, 1, round);
        passes(30);
    }
}

static void who_is_answered_leads_on(void **state)
{
    (void)state;
    leads_on(60, 60);
    judge_finish(w);
    SILENT();
}

static void who_is_answered_by_no_majority_does_not(void **state)
{
    (void)state;
    leads_on(10, 60);
    judge_finish(w);
    assert_non_null(fired("stability"));
    assert_non_null(strstr(fired("stability")->detail, "n1 leads term 1 on at "));
}

static void but_for_a_while(void **state)
{
    (void)state;
    leads_on(10, 24);
    judge_finish(w);
    SILENT();
}

static void without_check_quorum_it_may(void **state)
{
    (void)state;
    for (uint8_t n = 1; n <= 3; n++) {
        set_option(n, "check-quorum", 0);
        boot(n, 0, 0, 0);
    }
    leads_on(10, 60);
    judge_finish(w);
    SILENT();
}

static void a_clock_that_goes_back_begins_the_count_anew(void **state)
{
    (void)state;
    leads_on(10, 22);
    clock_jump(w, 1, -(int64_t)MS(1));
    for (uint32_t round = 23; round <= 40; round++) {
        beats(1, 2, 1, round);
        passes(30);
    }
    judge_finish(w);
    SILENT();
}

/* It unseats who takes it, and a busy host refuses it. */
static void an_answer_of_a_later_term_is_none(void **state)
{
    (void)state;
    n1_leads();
    for (uint32_t round = 1; round <= 60; round++) {
        beats(1, 2, 1, round);
        struct record *r = label(REC_DELIVER, 1, 2, MSG_HEARTBEAT_REPLY, 9);
        rec_set_round(r, round);
        rec_set_asked(r, 1);
        rec_set_flags(r, LABEL_REJECT);
        at_once();
        drop(1, 2, DROP_BUSY);
        passes(30);
    }
    assert_non_null(fired("stability"));
}

/* Its timers come to their turn when the scenario says so. */
static void who_is_driven_by_hand_may(void **state)
{
    (void)state;
    w->process[1].manual = true;
    record_new(w, REC_STEP, 0);
    done();
    leads_on(10, 60);
    judge_finish(w);
    SILENT();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALM(who_is_answered_leads_on),
        CALM(who_is_answered_by_no_majority_does_not),
        CALM(but_for_a_while),
        CALM(without_check_quorum_it_may),
        CALM(a_clock_that_goes_back_begins_the_count_anew),
        CALM(an_answer_of_a_later_term_is_none),
        CALM(who_is_driven_by_hand_may),
    };
    return cmocka_run_group_tests_name("sim_check_stays", tests, NULL, NULL);
}
