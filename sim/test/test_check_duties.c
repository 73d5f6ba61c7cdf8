/* SPDX-License-Identifier: MIT */
/* The rule `stability`, on records made by hand: what a disk that hangs obliges to, who gives up a
 * candidacy, and how long a node waits before it stands. */
#include "calm.h"

#include "../world/service.h"

/* ---- disks ----------------------------------------------------------------------------------- */

/* A voter acknowledges the leader's log through an index. */
static void stores(uint8_t leader, uint8_t from, uint64_t t, uint64_t index)
{
    struct record *r = label(REC_DELIVER, leader, from, MSG_APPEND_REPLY, t);
    r->index = index;
    rec_set_asked(r, t);
    done();
}

/* n1 leads and is answered, for so long; n2 and, perhaps, n3 are ahead of its disk from the
 * beginning. disk-timeout auto: 300 ms. */
static void others_are_ahead(bool both, uint64_t ms)
{
    n1_leads();
    write_of(REC_WRITE, 1, 1, 1, 1, 0, 0);
    stores(1, 2, 1, 1);
    if (both)
        stores(1, 3, 1, 1);
    for (uint32_t round = 2; round < 2 + ms / 30; round++, passes(28)) {
        beats(1, 2, 1, round);
        answers(1, 2, 1, round);
    }
}

static void a_disk_that_hangs_is_a_cause(void **state)
{
    (void)state;
    others_are_ahead(true, 300);
    follow(1, 0, 1);
    SILENT();
}

static void a_disk_that_nobody_is_ahead_of_is_none(void **state)
{
    (void)state;
    others_are_ahead(false, 300);
    follow(1, 0, 1);
    assert_non_null(fired("stability"));
}

static void a_disk_that_works_is_none(void **state)
{
    (void)state;
    others_are_ahead(true, 300);
    write_of(REC_DURABLE, 1, 1, 1, 1, make(1, 0, 1, 0), 0);
    follow(1, 0, 1);
    assert_non_null(fired("stability"));
}

static void a_disk_that_hangs_unseats(void **state)
{
    (void)state;
    others_are_ahead(true, 360);
    assert_non_null(fired("stability"));
}

static void who_hangs_does_not_vote(void **state)
{
    (void)state;
    others_are_ahead(true, 300);
    follow(1, 0, 1);
    SILENT();
    const uint64_t down = w->records;
    expect_worse(down, term(1, 2, 3));
}

static void who_has_written_votes_again(void **state)
{
    (void)state;
    others_are_ahead(true, 300);
    follow(1, 0, 1);
    write_of(REC_DURABLE, 1, 1, 1, 1, make(1, 0, 1, 0), 0);
    term(1, 2, 3);
    SILENT();
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

static void n1_fails_to_write(void)
{
    write_of(REC_WRITE, 1, 1, 1, 1, 0, 0);
    rec_set_wid(record_new(w, REC_FAILED, 1), 1);
    done();
}

static void who_could_not_write_leads_no_longer(void **state)
{
    (void)state;
    n1_leads();
    n1_fails_to_write();
    beats(1, 2, 1, 2);
    assert_non_null(fired("stability"));
}

/* As it resumes, it hears first of the writes that completed. */
static void who_resumes_is_told_of_a_failure_last(void **state)
{
    (void)state;
    n1_leads();
    w->process[1].pauses = 1;
    n1_fails_to_write();
    w->process[1].pauses = 0;
    record_new(w, REC_RESUME, 1);
    at_once();
    beats(1, 2, 1, 2);
    SILENT();
    beats(1, 2, 1, 3);
    assert_non_null(fired("stability"));
}

static void who_resumes_again_has_been_told(void **state)
{
    (void)state;
    n1_leads();
    n1_fails_to_write();
    record_new(w, REC_RESUME, 1);
    at_once();
    beats(1, 2, 1, 2);
    assert_non_null(fired("stability"));
}

static void who_is_served_late_is_told_of_a_failure_last(void **state)
{
    (void)state;
    n1_leads();
    service_time(w, 1, MS(1), MS(1));
    n1_fails_to_write();
    beats(1, 2, 1, 2);
    SILENT();
    beats(1, 2, 1, 3);
    assert_non_null(fired("stability"));
}

/* ---- giving up ------------------------------------------------------------------------------- */

static void a_candidate_gives_up_for_a_leader(void **state)
{
    (void)state;
    asks(2, 1);
    hears(2, 1, MSG_APPEND, 1);
    SILENT();
}

static void an_old_leader_ends_no_candidacy(void **state)
{
    (void)state;
    term(2, 2, 0);
    const uint64_t stood = asks(2, 2);
    label(REC_DELIVER, 2, 1, MSG_APPEND, 1);
    at_once();
    expect_worse(stood, follow(2, 0, 2));
}

static void a_refusal_of_long_ago_ends_no_candidacy(void **state)
{
    (void)state;
    const uint64_t stood = asks(2, 1);
    rec_set_flags(label(REC_DELIVER, 2, 3, MSG_PREVOTE_REPLY, 1), LABEL_REJECT);
    done();
    expect_worse(stood, follow(2, 0, 1));
}

/* And may do what it likes afterwards, at the same instant. */
static void who_followed_has_done_so(void **state)
{
    (void)state;
    label(REC_DELIVER, 2, 1, MSG_HEARTBEAT, 1);
    at_once();
    record_new(w, REC_TERM, 2)->term = 1;
    at_once();
    struct record *r = record_new(w, REC_ROLE, 2);
    rec_set_role(r, SUT_FOLLOWER);
    rec_set_leader(r, 1);
    r->term = 1;
    at_once();
    record_new(w, REC_CAMPAIGN, 2);
    at_once();
    asks(2, 1);
    given(3, 1, MSG_HEARTBEAT, 0);
    SILENT();
}

static void who_hears_its_leader_follows(void **state)
{
    (void)state;
    given(2, 1, MSG_HEARTBEAT, 1);
    given(3, 1, MSG_HEARTBEAT, 0);
    assert_non_null(fired("stability"));
}

static void what_a_halted_node_hears_obliges_to_nothing(void **state)
{
    (void)state;
    label(REC_DELIVER, 2, 1, MSG_HEARTBEAT, 1);
    at_once();
    role(2, SUT_HALTED, 1, 0);
    given(3, 1, MSG_HEARTBEAT, 0);
    SILENT();
}

static void is_refused_by(uint8_t voter)
{
    struct record *r = label(REC_DELIVER, 2, voter, MSG_VOTE_REPLY, 1);
    rec_set_asked(r, 1);
    rec_set_flags(r, LABEL_REJECT);
    at_once();
}

static void who_cannot_win_any_more_gives_up(void **state)
{
    (void)state;
    term(2, 1, 2);
    role(2, SUT_CANDIDATE, 1, 0);
    is_refused_by(1);
    is_refused_by(1);
    given(3, 1, MSG_HEARTBEAT, 0);
    SILENT();                                           /* n3 may still grant */
    is_refused_by(3);
    given(3, 1, MSG_HEARTBEAT, 0);
    assert_non_null(fired("stability"));
}

/* ---- waiting --------------------------------------------------------------------------------- */

static void stands_after(uint64_t ms)
{
    hears(2, 1, MSG_HEARTBEAT, 1);
    passes(ms - 1);
    asks(2, 1);
}

static void timeouts_differ(void **state)
{
    (void)state;
    stands_after(200);
    stands_after(200);
    stands_after(201);
    stands_after(200);
    stands_after(200);
    SILENT();
}

static void who_waits_as_long_each_time_does_not_draw(void **state)
{
    (void)state;
    stands_after(200);
    stands_after(200);
    SILENT();
    stands_after(200);
    assert_non_null(fired("stability"));
}

static void who_is_asked_each_time_need_not_draw(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        hears(2, 1, MSG_HEARTBEAT, 1);
        passes(200);
        record_new(w, REC_CAMPAIGN, 2);
        done();
        asks(2, 1);
    }
    SILENT();
}

/* A strobe, say, by which each wait is as long. */
static void a_wait_in_which_the_clock_changed_counts_for_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        hears(2, 1, MSG_HEARTBEAT, 1);
        passes(50);
        clock_jump(w, 2, (int64_t)MS(150));
        asks(2, 1);
    }
    SILENT();
}

static void who_does_not_stand_in_time_waits_too_long(void **state)
{
    (void)state;
    const uint64_t heard = hears(2, 1, MSG_HEARTBEAT, 1);
    passes(299);
    expect_worse(heard, (passes(1), hears(2, 1, MSG_HEARTBEAT, 1)));
}

static void an_old_leader_begins_no_wait(void **state)
{
    (void)state;
    term(2, 2, 0);
    const uint64_t heard = hears(2, 3, MSG_HEARTBEAT, 2);
    passes(200);
    given(2, 1, MSG_HEARTBEAT, 1);
    passes(150);
    expect_worse(heard, asks(2, 2));
}

static void what_else_may_begin_a_wait(void **state)
{
    (void)state;
    hears(2, 1, MSG_HEARTBEAT, 1);
    passes(200);
    record_new(w, REC_RESUME, 2);
    done();
    passes(200);
    hears(2, 1, MSG_HEARTBEAT, 1);                      /* it was paused */
    passes(200);
    clock_rate(w, 2, 2, 1);
    passes(100);
    hears(2, 1, MSG_HEARTBEAT, 1);                      /* its clock went on slower */
    clock_rate(w, 2, 1, 1);
    write_of(REC_WRITE, 2, 1, 1, 0, 0, 0);
    passes(400);
    hears(2, 1, MSG_HEARTBEAT, 1);                      /* it cannot write */
    passes(200);
    write_of(REC_DURABLE, 2, 1, 1, 0, 0, 0);
    passes(200);
    hears(2, 1, MSG_HEARTBEAT, 1);                      /* it could, late */
    SILENT();
}

/* Who has no room for a write can not stand: it waits anew once a write is done. */
static void who_had_no_room_waits_anew(void **state)
{
    (void)state;
    write_of(REC_WRITE, 2, 1, 1, 0, 0, 0);
    hears(2, 1, MSG_HEARTBEAT, 1);
    given(2, 1, MSG_HEARTBEAT, 1);
    drop(2, 1, DROP_BUSY);
    passes(50);
    write_of(REC_DURABLE, 2, 1, 1, 0, 0, 0);
    passes(299);
    asks(2, 1);
    SILENT();
}

/* A jump ends its wait while it cannot write: it waits anew once it can. */
static void who_was_held_up_by_a_write_waits_anew(void **state)
{
    (void)state;
    hears(2, 1, MSG_HEARTBEAT, 1);
    write_of(REC_WRITE, 2, 1, 1, 0, 0, 0);
    clock_jump(w, 2, SEC(1));
    passes(50);
    write_of(REC_DURABLE, 2, 1, 1, 0, 0, 0);
    passes(298);
    asks(2, 1);
    SILENT();
}

static void who_was_not_held_up_does_not(void **state)
{
    (void)state;
    hears(2, 1, MSG_HEARTBEAT, 1);
    clock_jump(w, 2, SEC(1));
    write_of(REC_WRITE, 2, 1, 1, 0, 0, 0);
    passes(50);
    write_of(REC_DURABLE, 2, 1, 1, 0, 0, 0);
    passes(298);
    asks(2, 1);
    assert_non_null(fired("stability"));
}

static void who_had_room_does_not(void **state)
{
    (void)state;
    write_of(REC_WRITE, 2, 1, 1, 0, 0, 0);
    const uint64_t heard = hears(2, 1, MSG_HEARTBEAT, 1);
    passes(50);
    write_of(REC_DURABLE, 2, 1, 1, 0, 0, 0);
    passes(251);
    expect_worse(heard, asks(2, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALM(a_disk_that_hangs_is_a_cause),
        CALM(a_disk_that_nobody_is_ahead_of_is_none),
        CALM(a_disk_that_works_is_none),
        CALM(a_disk_that_hangs_unseats),
        CALM(who_hangs_does_not_vote),
        CALM(who_has_written_votes_again),
        CALM(a_write_that_failed_is_a_cause),
        CALM(who_could_not_write_leads_no_longer),
        CALM(who_resumes_is_told_of_a_failure_last),
        CALM(who_resumes_again_has_been_told),
        CALM(who_is_served_late_is_told_of_a_failure_last),
        CALM(a_candidate_gives_up_for_a_leader),
        CALM(an_old_leader_ends_no_candidacy),
        CALM(a_refusal_of_long_ago_ends_no_candidacy),
        CALM(who_followed_has_done_so),
        CALM(who_hears_its_leader_follows),
        CALM(what_a_halted_node_hears_obliges_to_nothing),
        CALM(who_cannot_win_any_more_gives_up),
        CALM(timeouts_differ),
        CALM(who_waits_as_long_each_time_does_not_draw),
        CALM(who_is_asked_each_time_need_not_draw),
        CALM(a_wait_in_which_the_clock_changed_counts_for_nothing),
        CALM(who_does_not_stand_in_time_waits_too_long),
        CALM(an_old_leader_begins_no_wait),
        CALM(what_else_may_begin_a_wait),
        CALM(who_had_no_room_waits_anew),
        CALM(who_was_held_up_by_a_write_waits_anew),
        CALM(who_was_not_held_up_does_not),
        CALM(who_had_room_does_not),
    };
    return cmocka_run_group_tests_name("sim_check_duties", tests, NULL, NULL);
}
