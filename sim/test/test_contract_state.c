/* SPDX-License-Identifier: MIT */
/* What a host sees of the contract that its system under test breaks, and what is none of that: of
 * what it says of its own state, and of what it returns. */
#include "scripted.h"

#include <stdio.h>

/* ---- the log and the rest of the state ------------------------------------------------------- */

static void one_no_op_is_its_own(void **state)
{
    (void)state;
    in_term_1(0);
    fx.delta.changed = SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_SELF;
    fx.delta.first = 1;
    fx.delta.last = 2;
    step();
    BREAKS(ENTRY);
}

static void entries_come_from_somewhere(void **state)
{
    (void)state;
    in_term_1(0);
    appends_one();
    fx.delta.origin = SUT_FROM_PROPOSAL;
    step();
    BREAKS(ENTRY);
    assert_string_equal(fired("contract")->detail,
                        "n1 appends entries 1 to 1 as proposed, and nobody gave it those at "
                        "0.000s");
}

/* Under which terms it keeps what it appends next; NULL: its own. */
static const struct sut_run *its_runs;
static uint32_t its_nruns;

/* An append of `n` entries after index 1 arrives, by which the node says that it appends its
 * entries from 2 on, through `last`. */
static void takes_from_a_message(uint32_t n, uint64_t last)
{
    in_term_1(1);
    uint32_t head = replica_of(w, 1, 0)->head;
    for (uint32_t i = 0; i < 3; i++)
        head = store_create(w, 2, 0, head, 1, 0, 0, NULL);
    const struct msg_label label = {.type = MSG_APPEND, .from = 2, .to = 1, .term = 1, .index = 1,
                                    .entries = n};
    struct message *m = message_new(w, &label, 0);
    m->entry = head;
    fx.delta.changed = SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_MESSAGE;
    fx.delta.last = last;
    fx.delta.runs = its_runs;
    fx.delta.nruns = its_nruns;
    its_runs = NULL;
    host_receive(w, 1, m);
}

static void entries_are_of_the_message(void **state)
{
    (void)state;
    takes_from_a_message(3, 4);
    KEEPS();
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 4);
}

static void none_is_taken_that_the_message_did_not_carry(void **state)
{
    (void)state;
    takes_from_a_message(2, 4);
    BREAKS(ENTRY);
}

/* Entries 2..4 come, all of term 1; it says that it has them under these terms. */
static void says_their_terms_are(const struct sut_run *runs, uint32_t n)
{
    its_runs = runs;
    its_nruns = n;
    takes_from_a_message(3, 4);
}

static void entries_keep_their_terms(void **state)
{
    (void)state;
    static const struct sut_run theirs[] = {{.term = 1, .n = 1}, {.term = 1, .n = 2}};
    says_their_terms_are(theirs, 2);
    KEEPS();
}

static void none_is_kept_under_another_term(void **state)
{
    (void)state;
    static const struct sut_run others[] = {{.term = 1, .n = 2}, {.term = 2, .n = 1}};
    says_their_terms_are(others, 2);
    BREAKS(ENTRY_TERM);
    assert_string_equal(fired("contract")->detail,
                        "n1 appends entry 4 under term 2, and it is of term 1 at 0.000s");
}

static void each_has_a_term(void **state)
{
    (void)state;
    static const struct sut_run too_few[] = {{.term = 1, .n = 2}};
    says_their_terms_are(too_few, 1);
    BREAKS(ENTRY_TERM);
}

static void what_it_makes_is_of_its_own_term(void **state)
{
    (void)state;
    static const struct sut_run another[] = {{.term = 2, .n = 1}};
    in_term_1(1);
    appends_one();
    fx.delta.runs = another;
    fx.delta.nruns = 1;
    step();
    BREAKS(ENTRY_TERM);
    assert_int_equal(store_term(w, replica_of(w, 1, 0)->head), 2);
}

/* It is looked at where the node is: at its boot, and where its term turns. */
static void shows(struct sut_view beside)
{
    in_term_1(2);
    KEEPS();
    script_shows = beside;
    takes_term(2, 0);
    writes(2, 0, 1, 0);
    step();
    BREAKS(VIEW);
}

static void what_is_shown_was_told(void **state)
{
    (void)state;
    shows((struct sut_view){.last = 1});
    assert_string_equal(fired("contract")->detail,
                        "n1 shows last index 3, and what it told comes to 2 at 0.000s");
}

static void so_is_the_term(void **state)
{
    (void)state;
    shows((struct sut_view){.term = 1});
}

static void so_is_the_commit_index(void **state)
{
    (void)state;
    shows((struct sut_view){.commit = 1});
}

static void so_is_the_term_of_the_last_entry(void **state)
{
    (void)state;
    shows((struct sut_view){.last_term = 1});
}

static void so_are_the_voters(void **state)
{
    (void)state;
    shows((struct sut_view){.voters = 2});
}

static void so_are_vote_role_and_leader(void **state)
{
    static const struct sut_view beside[] = {{.vote = 1}, {.role = 1}, {.leader = 1}};
    for (uint32_t i = 0; i < 3; i++) {
        if (i) {
            close_it(state);
            open_scripted(state);
        }
        shows(beside[i]);
    }
}

/* Entries 1..3, of which the disk has two, stand in its log where it boots again. */
static void boots_with_two_entries(void)
{
    in_term_1(3);
    writes(2, 0, 1, 2);
    step();
    disk_complete(w, 1, 1);
    disk_complete(w, 1, 2);
    host_crash(w, 1);
    host_boot(w, 1);
}

static void what_the_disk_has_is_shown_at_boot(void **state)
{
    (void)state;
    boots_with_two_entries();
    KEEPS();
    assert_int_equal(store_index(w, replica_of(w, 1, 0)->head), 2);
}

static void under_the_terms_that_it_has(void **state)
{
    (void)state;
    script_hides = 1;
    boots_with_two_entries();
    BREAKS(VIEW_LOG);
    assert_string_equal(fired("contract")->detail,
                        "n1 shows entry 2 under term 9, and it told term 1 at 0.000s");
}

static void and_none_is_left_out(void **state)
{
    (void)state;
    script_shows.last = UINT64_MAX;                     /* one less */
    judge_disable(w, CHECK_contract);
    in_term_1(3);
    assert_string_equal(breach_name(broken()), breach_name(BREACH_VIEW));
}

/* It is gone through where the role turns, too. */
static void who_turns_shows_its_log(void **state)
{
    (void)state;
    in_term_1(2);
    script_hides = 1;
    step();
    KEEPS();
    fx.delta.changed = SUT_CHANGED_ROLE;
    fx.delta.role = SUT_CANDIDATE;
    step();
    BREAKS(VIEW_LOG);
}

static void memory_is_cut_within_the_log(void **state)
{
    (void)state;
    in_term_1(2);
    cuts(3);
    step();
    BREAKS(CUT);
}

static void what_is_committed_is_there(void **state)
{
    (void)state;
    in_term_1(2);
    fx.delta.changed = SUT_CHANGED_COMMIT;
    fx.delta.commit = 3;
    step();
    BREAKS(COMMIT);
}

static void what_changed_is_told(void **state)
{
    (void)state;
    in_term_1(0);
    fx.delta.vote = 2;
    step();
    BREAKS(DELTA);
}

static void the_log_is_as_told(void **state)
{
    (void)state;
    in_term_1(2);
    fx.delta.last = 3;
    step();
    BREAKS(DELTA);
}

/* ---- what it returns ------------------------------------------------------------------------- */

static void an_error_is_one_of_those_there_are(void **state)
{
    (void)state;
    static const struct { uint8_t event, returned; bool right; } of[] = {
        {SUT_TIME, SUT_BUSY, false},          {SUT_TIME, SUT_INVALID, false},
        {SUT_CAMPAIGN, SUT_BUSY, true},       {SUT_CAMPAIGN, SUT_NOT_LEADER, false},
        {SUT_READ_CANCEL, SUT_BUSY, false},   {SUT_READ, SUT_BUSY, true},
        {SUT_READ, SUT_NOT_LEADER, true},     {SUT_PROPOSE, SUT_NOT_LEADER, true},
        {SUT_PROPOSE, SUT_INVALID, false},    {SUT_RECV, SUT_INVALID, true},
        {SUT_RECV, SUT_NOT_LEADER, false},    {SUT_UNREACHABLE, SUT_INVALID, false},
        {SUT_TIME, SUT_LIMIT + 1, false},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        tank_close(w);
        open_scripted(state);
        step_returns = of[i].returned;
        struct sut_event ev = {.type = of[i].event};
        host_event(w, replica_of(w, 1, 0), &ev);
        if (of[i].right)
            KEEPS();
        else
            BREAKS(RESULT);
    }
}

static void a_limit_is_no_breach(void **state)
{
    (void)state;
    step_returns = SUT_LIMIT;
    step();
    assert_int_equal(w->stop, STOP_LIMIT);
    KEEPS();
}

static void boots_again(int returns)
{
    in_term_1(0);
    disk_complete(w, 1, 1);
    host_crash(w, 1);
    boot_returns = returns;
    host_boot(w, 1);
    assert_false(w->process[1].up);
}

static void what_a_disk_was_told_can_be_booted_from(void **state)
{
    (void)state;
    boots_again(SUT_INVALID);
    BREAKS(BOOT);
}

static void a_boot_may_meet_a_limit(void **state)
{
    (void)state;
    boots_again(SUT_LIMIT);
    assert_int_equal(w->stop, STOP_LIMIT);
    KEEPS();
}

static void what_a_scenario_laid_there_may_be_refused(void **state)
{
    (void)state;
    boot_returns = SUT_INVALID;
    host_boot(w, 2);
    assert_int_equal(w->stop, STOP_LIMIT);
    KEEPS();
}

static void a_deadline_moves(void **state)
{
    (void)state;
    script_deadline = MS(3);
    host_rearm(w, 1);
    world_run(w, MS(2));
    KEEPS();
    world_run(w, MS(4));
    BREAKS(DEADLINE);
}

/* Each rule has a sentence of its own, which says who and when. */
static void each_rule_has_a_sentence(void **state)
{
    (void)state;
    char seen[BREACHES][256];
    for (int rule = 1; rule < BREACHES; rule++) {
        tank_close(w);
        open_with(3);
        SILENT();
        struct record *r = record_new(w, REC_BREACH, 2);
        rec_set_breach(r, (uint8_t)rule);
        r->peer = 3;
        rec_set_detail_1(r, 77);
        done();
        const struct violation *v = fired("contract");
        assert_non_null(v);
        assert_int_equal(strncmp(v->detail, "n2 ", 3), 0);
        assert_non_null(strstr(v->detail, " at 0.003s"));      /* three boots before it */
        snprintf(seen[rule], sizeof seen[rule], "%s", v->detail);
        for (int other = 1; other < rule; other++) {
            assert_string_not_equal(seen[other], seen[rule]);
            assert_string_not_equal(breach_name(other), breach_name(rule));
            assert_string_not_equal(breach_promise(other), breach_promise(rule));
        }
    }
    assert_string_equal(breach_name(BREACHES), "?");
    assert_string_equal(breach_promise(BREACH_NONE), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(each_rule_has_a_sentence),
        SCRIPTED(one_no_op_is_its_own),
        SCRIPTED(entries_come_from_somewhere),
        SCRIPTED(entries_are_of_the_message),
        SCRIPTED(none_is_taken_that_the_message_did_not_carry),
        SCRIPTED(entries_keep_their_terms),
        SCRIPTED(none_is_kept_under_another_term),
        SCRIPTED(each_has_a_term),
        SCRIPTED(what_it_makes_is_of_its_own_term),
        SCRIPTED(what_is_shown_was_told),
        SCRIPTED(so_is_the_term),
        SCRIPTED(so_is_the_commit_index),
        SCRIPTED(so_is_the_term_of_the_last_entry), SCRIPTED(so_are_the_voters),
        SCRIPTED(so_are_vote_role_and_leader),
        SCRIPTED(what_the_disk_has_is_shown_at_boot),
        SCRIPTED(under_the_terms_that_it_has),
        SCRIPTED(and_none_is_left_out),
        SCRIPTED(who_turns_shows_its_log),
        SCRIPTED(memory_is_cut_within_the_log),
        SCRIPTED(what_is_committed_is_there),
        SCRIPTED(what_changed_is_told),
        SCRIPTED(the_log_is_as_told),
        SCRIPTED(an_error_is_one_of_those_there_are),
        SCRIPTED(a_limit_is_no_breach),
        SCRIPTED(what_a_disk_was_told_can_be_booted_from),
        SCRIPTED(a_boot_may_meet_a_limit),
        SCRIPTED(what_a_scenario_laid_there_may_be_refused),
        SCRIPTED(a_deadline_moves),
    };
    return cmocka_run_group_tests_name("sim_contract_state", tests, NULL, NULL);
}
