/* SPDX-License-Identifier: MIT */
/* The rule `flow`, on records made by hand: n1 leads term 1 of three, its no-op is e1, and is told
 * limits of its own. Entries have 64 bytes. */
#include "test_check.h"

enum { SIZE = 64 };
static uint32_t entries[200];           /* by index; entries[1] is the no-op */
static uint32_t last;

static void option(const char *name, uint64_t value)
{
    const struct option_row *row = tank_plan.sut->options;
    while (strcmp(row->name, name) != 0)
        row++;
    for (uint8_t n = 0; n <= 3; n++)
        memcpy((char *)tank_plan.sut_options[n] + row->offset, &value, sizeof value);
}

static void open_world(void)
{
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1,
                   true);
    judge_start(w);
    world_configure(w);
    for (int check = 0; check < CHECKS; check++)        /* this one alone is asked */
        if (check != CHECK_flow)
            judge_disable(w, check);
    for (uint8_t n = 1; n <= 3; n++)
        boot(n, 0, 0, 0);
    last = 0;
}

static int open_flow(void **state)
{
    (void)state;
    tank_prepare(3, 2);
    tank_plan.host[0].entry_size = SIZE;
    option("max-entries-per-append", 4);
    option("max-bytes", 3 * SIZE);
    option("max-inflight", 3);
    option("max-inflight-bytes", 8 * SIZE);
    open_world();
    return 0;
}

/* ---- records --------------------------------------------------------------------------------- */

static void appends_to_its_log(uint32_t n)
{
    const struct entry asks = {.verb = OP_WRITE, .client = c1};
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t before = last ? entries[last] : 0;
        entries[last + 1] = last ? store_create(w, 1, 0, before, 1, 0, SIZE, &asks)
                                 : store_create(w, 1, 0, 0, 1, 1, 0, NULL);
        append(1, entries[++last], SUT_LEADER);
    }
}

static uint64_t leaves(uint8_t to, uint8_t type, uint64_t index, uint32_t n, uint64_t commit)
{
    struct record *r = record_new(w, REC_SEND, 1);
    r->peer = to;
    r->term = 1;
    r->index = index;
    rec_set_type(r, type);
    rec_set_entries(r, n);
    rec_set_commit(r, commit);
    record_done(w);                                     /* what comes next is of this instant */
    return w->records;
}

static uint64_t sends(uint8_t to, uint64_t index, uint32_t n)
{
    return leaves(to, MSG_APPEND, index, n, 0);
}

static void answered(uint8_t from, uint8_t type, uint64_t index, uint8_t flags)
{
    struct record *r = record_new(w, REC_DELIVER, 1);
    r->peer = from;
    r->term = 1;
    r->index = index;
    rec_set_type(r, type);
    rec_set_asked(r, 1);
    rec_set_flags(r, flags);
    record_done(w);
}

static void acknowledged(uint8_t from, uint64_t index)
{
    answered(from, MSG_APPEND_REPLY, index, 0);
}

static void later(void) { w->now += MS(1); }

/* n1 commits through an entry. */
static void commits(uint64_t index)
{
    struct record *r = record_new(w, REC_COMMIT, 1);
    rec_set_role(r, SUT_LEADER);
    r->term = 1;
    r->index = index;
    rec_set_entry(r, entries[index]);
    record_done(w);
}

/* n1 leads, and n2 has acknowledged its no-op. */
static void n2_keeps_up(void)
{
    elect(1, 2, 1, 0, 0);
    appends_to_its_log(1);
    sends(2, 0, 1);
    later();
    acknowledged(2, 1);
    later();
}

static void expect_worse(const char *said)
{
    const struct violation *v = fired("flow");
    assert_non_null(v);
    if (strstr(v->detail, said) == NULL)
        fail_msg("%s", v->detail);
    assert_int_equal(w->stop, STOP_NONE);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void limits_may_be_reached(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(8);
    sends(2, 1, 3);
    sends(2, 4, 3);
    sends(2, 7, 2);
    later();
    SILENT();
    assert_true(judged_by("flow") > 0);
}

static void too_many_entries(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(8);
    sends(2, 1, 5);
    expect_worse("with too many entries: 5, limit 4");
}

static void too_many_bytes(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(8);
    sends(2, 1, 4);
    expect_worse("with too many bytes: 256, limit 192");
}

/* Of four entries one is the no-op, which has none. */
static void bytes_are_those_of_the_entries(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    appends_to_its_log(8);
    sends(2, 0, 4);
    SILENT();
}

static void one_entry_always_fits(void **state)
{
    (void)state;
    tank_close(w);
    tank_prepare(3, 2);
    tank_plan.host[0].entry_size = SIZE;
    option("max-bytes", 1);
    option("max-inflight-bytes", 1);
    open_world();
    n2_keeps_up();
    appends_to_its_log(2);
    sends(2, 1, 1);
    later();
    SILENT();
    sends(2, 2, 1);
    expect_worse("too many bytes are unacknowledged: 128, limit 1");
}

static void too_many_appends(void **state)
{
    (void)state;
    n2_keeps_up();
    for (uint64_t index = 1; index < 5; index++) {
        appends_to_its_log(1);
        sends(2, index, 1);
        if (index == 1)
            acknowledged(2, 2);
    }
    SILENT();
    appends_to_its_log(1);
    sends(2, 5, 1);
    expect_worse("too many of which are unacknowledged: 4, limit 3");
}

/* ---- again ----------------------------------------------------------------------------------- */

static void who_does_not_answer_is_asked_once(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    appends_to_its_log(1);
    sends(2, 0, 1);
    later();
    answered(2, MSG_HEARTBEAT_REPLY, 0, 0);
    sends(2, 0, 1);
    SILENT();
    sends(2, 0, 1);
    expect_worse("it has answered nothing new since");
}

/* What it says was known before: it answers an older append. */
static void a_late_acknowledgement_is_no_answer(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(2);
    sends(2, 1, 2);
    later();
    answered(2, MSG_APPEND_REPLY, 1, LABEL_REJECT);
    sends(2, 1, 1);
    later();
    acknowledged(2, 1);
    sends(2, 1, 2);
    expect_worse("it has answered nothing new since");
}

/* An empty append at what is known tells no more when it is accepted. */
static void an_empty_append_is_answered_by_what_was_known(void **state)
{
    (void)state;
    n2_keeps_up();
    answered(2, MSG_APPEND_REPLY, 1, LABEL_REJECT);
    sends(2, 1, 0);
    later();
    acknowledged(2, 1);
    sends(2, 1, 0);
    SILENT();
}

static void who_keeps_up_is_sent_nothing_twice(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(2);
    sends(2, 1, 2);
    later();
    answered(2, MSG_HEARTBEAT_REPLY, 0, 0);
    sends(2, 3, 0);                                     /* it is asked, without entries */
    SILENT();
    later();
    answered(2, MSG_HEARTBEAT_REPLY, 0, 0);
    sends(2, 1, 2);
    expect_worse("it refused nothing");
}

static void who_refuses_is_sent_it_again(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(4);
    sends(2, 1, 2);
    sends(2, 3, 2);
    later();
    answered(2, MSG_APPEND_REPLY, 3, LABEL_REJECT);
    sends(2, 1, 2);
    later();
    acknowledged(2, 2);                                 /* an old answer */
    sends(2, 2, 3);
    SILENT();
}

static void a_statement_may_report_a_loss(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(1);
    sends(2, 1, 1);
    later();
    record_new(w, REC_STEP, 0);
    record_done(w);
    answered(2, MSG_HEARTBEAT_REPLY, 0, 0);
    sends(2, 1, 1);
    SILENT();
}

/* ---- commits --------------------------------------------------------------------------------- */

static void a_notice_tells_something_new(void **state)
{
    (void)state;
    n2_keeps_up();
    commits(1);
    leaves(2, MSG_COMMIT_NOTIFY, 0, 0, 1);
    SILENT();
    leaves(2, MSG_COMMIT_NOTIFY, 0, 0, 1);
    expect_worse("it was told before");
}

static void after_a_refusal_it_may_be_told_again(void **state)
{
    (void)state;
    n2_keeps_up();
    commits(1);
    leaves(2, MSG_COMMIT_NOTIFY, 0, 0, 1);
    answered(2, MSG_APPEND_REPLY, 2, LABEL_REJECT);
    leaves(2, MSG_COMMIT_NOTIFY, 0, 0, 1);
    SILENT();
}

static void a_heartbeat_tells_of_all_that_is_committed_there(void **state)
{
    (void)state;
    n2_keeps_up();
    commits(1);
    leaves(2, MSG_COMMIT_NOTIFY, 0, 0, 1);
    leaves(3, MSG_HEARTBEAT, 0, 0, 0);                  /* n3 is not known to have it */
    SILENT();
    leaves(2, MSG_HEARTBEAT, 0, 0, 0);
    expect_worse("less than is committed there: 0, limit 1");
}

static void who_keeps_up_is_told_at_once(void **state)
{
    (void)state;
    n2_keeps_up();
    commits(1);
    later();
    SILENT();
    leaves(2, MSG_HEARTBEAT, 0, 0, 1);
    expect_worse("has not told n2");
}

/* Of what is not the last entry the next append tells. */
static void idle_tells_of_the_last_entry(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(1);
    commits(1);
    later();
    leaves(2, MSG_HEARTBEAT, 0, 0, 1);
    SILENT();
}

static void nobody_is_told_where_the_option_is_off(void **state)
{
    (void)state;
    tank_close(w);
    tank_prepare(3, 2);
    option("commit-notify", 0);
    open_world();
    n2_keeps_up();
    commits(1);
    later();
    leaves(2, MSG_HEARTBEAT, 0, 0, 1);
    SILENT();
}

/* ---- backlogs -------------------------------------------------------------------------------- */

static void who_has_room_is_sent_all(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(4);
    sends(2, 1, 2);
    later();
    leaves(3, MSG_HEARTBEAT, 0, 0, 0);
    expect_worse("there is room for more appends");
}

static void who_was_sent_the_rest_at_once_lacks_nothing(void **state)
{
    (void)state;
    n2_keeps_up();
    appends_to_its_log(4);
    sends(2, 1, 2);
    sends(2, 3, 2);
    later();
    leaves(3, MSG_HEARTBEAT, 0, 0, 0);
    SILENT();
}

/* An append of any size may be in flight, then. */
static void room_is_not_known_where_an_append_has_no_limit(void **state)
{
    (void)state;
    tank_close(w);
    option("max-entries-per-append", UINT64_MAX);
    open_world();
    n2_keeps_up();
    appends_to_its_log(4);
    sends(2, 1, 2);
    later();
    leaves(3, MSG_HEARTBEAT, 0, 0, 0);
    SILENT();
}

static void another_system_need_not(void **state)
{
    (void)state;
    static struct sut undeclared;
    tank_close(w);
    tank_prepare(3, 2);
    undeclared = *tank_plan.sut;
    undeclared.keeps &= ~(uint32_t)SUT_KEEPS_FLOW;
    tank_plan.sut = &undeclared;
    open_world();
    n2_keeps_up();
    sends(2, 0, 1);
    sends(2, 0, 1);
    SILENT();
}

#define FLOW(test) cmocka_unit_test_setup_teardown(test, open_flow, close_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW(limits_may_be_reached),
        FLOW(too_many_entries),
        FLOW(too_many_bytes),
        FLOW(bytes_are_those_of_the_entries),
        FLOW(one_entry_always_fits),
        FLOW(too_many_appends),
        FLOW(who_does_not_answer_is_asked_once),
        FLOW(a_late_acknowledgement_is_no_answer),
        FLOW(an_empty_append_is_answered_by_what_was_known),
        FLOW(who_keeps_up_is_sent_nothing_twice),
        FLOW(who_refuses_is_sent_it_again),
        FLOW(a_statement_may_report_a_loss),
        FLOW(a_notice_tells_something_new),
        FLOW(after_a_refusal_it_may_be_told_again),
        FLOW(a_heartbeat_tells_of_all_that_is_committed_there),
        FLOW(who_keeps_up_is_told_at_once),
        FLOW(idle_tells_of_the_last_entry),
        FLOW(nobody_is_told_where_the_option_is_off),
        FLOW(who_has_room_is_sent_all),
        FLOW(room_is_not_known_where_an_append_has_no_limit),
        FLOW(who_was_sent_the_rest_at_once_lacks_nothing),
        FLOW(another_system_need_not),
    };
    return cmocka_run_group_tests_name("sim_check_flow", tests, NULL, NULL);
}
