/* SPDX-License-Identifier: MIT */
/*
 * What is told of a failure: of every condition the records that it looked at, of every rule the
 * records that it names, each with what led to it; of operations the others on their key.
 */
#define _GNU_SOURCE
#define HEAD "wavetank 1\nnodes n1..n3\ncampaign n1\nexpect leader n1 within 1s\n"
#include "played.h"

#include <stdlib.h>

#include "../check/check.h"
#include "../cli/story.h"
#include "../trace/bars.h"

static struct arena *block;
static char *text;               /* what was told last */
static struct result result;

/* Plays the text, has its failure told (after `change`, may be NULL), keeps what is said. */
static void tell(const char *scenario, void (*change)(struct result *))
{
    static struct result again;
    size_t size;
    struct scenario *s = good(scenario);
    struct run run = {.scenario = s, .seed = 1, .play = {.until = NEVER}};
    if (!block) block = run_block();
    run_once(&run, block, &result);
    if (change) change(&result);
    free(text);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    struct story *story = story_make(&run, &result, block, &again);
    assert_memory_equal(again.digest, result.digest, sizeof result.digest);
    story_print(out, story, &result);
    story_free(story);
    fclose(out);
    scenario_free(s);
}

/* A line with this mark ('>': what it rests on) contains the words. */
static bool has_line(char mark, const char *words)
{
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        const char *at = strstr(line, words);
        if (at && at < line + strcspn(line, "\n") && !memcmp(line, "    ", 4) && line[4] == mark)
            return true;
    }
    return false;
}

static uint32_t lines_with(char mark)
{
    uint32_t n = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        n += !memcmp(line, "    ", 4) && line[4] == mark && line[5] == ' ';
    return n;
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* By the name of its example's file: statements that end in its failure, a record that it rests on,
 * and one that led to it ("": none has to). */
static const struct { const char *file, *fails, *rests, *led; } conditions[] = {
    {"leader", "expect leader n2", "n1 leads in term 1", "n1 votes 2 of 3 -> lead"},
    {"no-leader", "expect no leader", "n1 leads in term 1", "n1 votes 2 of 3 -> lead"},
    {"one-leader", "crash n1\nexpect exactly-one leader", "n1 crashes", ""},
    {"role", "wait 10ms\nexpect n2 role leader", "n2 follows n1 in term 1", "n2 <- n1 append"},
    {"term", "wait 10ms\nexpect n2 term = 7", "n2 term 1 vote n1", "n2 <- n1 vote term 1"},
    {"vote", "wait 10ms\nexpect n2 votedfor n3", "n2 term 1 vote n1", "n2 <- n1 vote term 1"},
    {"state-of", "pause n2\nexpect n2 up\nexpect n2 down", "n2 is paused", ""},
    {"lease", "set-up", "", ""},
    {"undisturbed", "expect undisturbed n1 term 0", "n1 term 1 vote n1", "n1 pre-votes 2 of 3"},
    {"progress-of", "wait 50ms\nexpect n1 progress of n2: match 99", "n1 <- n2 append-reply",
     "n2 write"},
    {"config", "expect n1 config n1 n2", "n1 boots", ""},
    {"commit", "wait 50ms\nexpect n2 commit >= 99", "n2 commit ", "n2 <- n1 "},
    {"last-index", "wait 50ms\nexpect n2 last-index = 99", "n2 appends 1/", "n2 <- n1 append"},
    {"applied-index", "wait 50ms\nexpect n2 applied-index = 99", "n2 applies 1/", "n2 <- n1 "},
    {"log", "wait 50ms\nexpect n2 log empty", "n2 appends 1/1", "n2 <- n1 append"},
    {"logs-equal", "isolate n3\nclient c1 write x 1 -> ok\nexpect log equal n1 n3",
     "n1 appends 1/2", "c1 op 1: write x 1"},
    {"disk-log", "wait 50ms\nexpect disk n2 log empty", "n2 write 2 and all earlier are durable",
     "n2 write 2: term 1"},
    {"pending-writes", "disk n2 stall\nclient c1 write x 1 -> ok\nexpect n2 pending writes = 9",
     "n2 write ", "n2 <- n1 append"},
    {"durable", "wait 50ms\nexpect durable n2 term 9", "n2 write 2 and all earlier are durable",
     "n2 write 2: term 1"},
    {"applied-by", "client c1 write x 1 -> ok\nexpect n1 applied \"a\"", "n1 applies 1/2",
     "c1 op 1: write x 1"},
    {"applied", "client c1 write x 1 -> ok\nexpect applied \"a\"", "n1 applies 1/2",
     "c1 op 1: write x 1"},
    {"key", "client c1 write x 1 -> ok\nclient c1 write y 2 -> ok\nexpect key x = 2 on n1",
     "n1 applies 1/2 op 1", "c1 op 1: write x 1"},
    {"states-equal", "isolate n3\nclient c1 write x 1 -> ok\nexpect state equal n1 n3",
     "n1 applies 1/2 op 1", "c1 op 1: write x 1"},
    {"op", "client c1 write x 1 -> ok\nclient c1 read x as r1\nwait 1s\nexpect r1 = 2",
     "c1 op 2: ok 1", "c1 <- n1 reply op 2"},
    {"messages", "wait 3s\nexpect messages prevote from n1 to n3 = 0", "n1 -> n3 prevote term 1",
     "n1 asked to campaign"},
    {"bytes", "wait 3s\nexpect bytes prevote from n1 to n3 = 0", "n1 -> n3 prevote term 1",
     "n1 asked to campaign"},
    {"held", "hold next heartbeat from n1 to n2 as h1\nwait 100ms\nexpect held h1 = 2",
     "n1 -> n2 heartbeat term 1 commit 1 round 2 -> held",
     "n1 -> n2 heartbeat term 1 commit 1 round 2"},
    {"elections", "wait 500ms\nmark \"calm\"\ncampaign n2\nwait 2s\n"
                  "expect elections since \"calm\" = 0", "n2 campaigns in term 2",
     "n2 asked to campaign"},
    {"linearizable", "", "", ""},       /* the rule of that name judges it */
    {"progress", "isolate n1\nisolate n2\nisolate n3\nexpect progress within 2s",
     "n1 asks for pre-votes in term 1", "n1 no majority since"},
    {"any-of", "expect n2 leader or n3 term = 7", "n3 term 1 vote n1", "n3 <- n1 vote"},
};

static void each_condition_shows_what_it_rests_on(void **state)
{
    (void)state;
    const size_t n = sizeof conditions / sizeof *conditions;
    for (const struct table_row *row = asserts_table(); row->name; row++) {
        size_t i = 0;
        char scenario[600];
        while (i < n && strcmp(conditions[i].file, row->file)) i++;
        if (i == n) fail_msg("%s: make it fail here, and say what is to be shown", row->file);
        if (!conditions[i].rests[0]) continue;
        snprintf(scenario, sizeof scenario, HEAD "%s\n", conditions[i].fails);
        tell(scenario, NULL);
        if (result.verdict != V_EXPECTATION && result.verdict != V_LIVENESS)
            fail_msg("%s came to %s: %s", row->file, verdict_name(result.verdict), result.detail);
        if (!has_line('>', conditions[i].rests))
            fail_msg("%s: no line `> ... %s`:\n%s", row->file, conditions[i].rests, text);
        if (conditions[i].led[0] && !has_line(' ', conditions[i].led) &&
            !has_line('>', conditions[i].led))
            fail_msg("%s: no line `... %s`:\n%s", row->file, conditions[i].led, text);
        assert_true(lines_with('>') <= 12);
        assert_true(lines_with('>') + lines_with(' ') <= 24 + 4 + 6);
    }
}

static void a_lease_rests_on_when_it_was_held(void **state)
{
    (void)state;
    tell("wavetank 1\nnodes n1..n3\nset leases on\ncampaign n1\nexpect leader n1 within 1s\n"
         "wait 200ms\nexpect lease n1 expired\n", NULL);
    assert_true(has_line('>', "n1 term 1 lease until local"));
    assert_true(has_line(' ', "heartbeat-reply"));
}

/* Of `never A or B` it is the one that held. */
static void what_must_never_be_rests_on_what_was(void **state)
{
    (void)state;
    tell(HEAD "never n1 down or n2 down\ncrash n2\n", NULL);
    assert_int_equal(result.verdict, V_EXPECTATION);
    assert_true(has_line('>', "n2 crashes"));
    tell(HEAD "always n1 leader for 3s\nwait 1s\n", NULL);
    assert_true(has_line('>', "n1 leads in term 1"));
}

/* What a node lacks was lost on its way to it. */
static void a_log_that_lags_shows_what_was_lost(void **state)
{
    (void)state;
    tell(HEAD "isolate n3\nclient c1 write x 1 -> ok\nexpect log equal n1 n3\n", NULL);
    assert_true(has_line('>', "n1 -> n3 append term 1 prev nothing entries 1 commit 0 round 1 -> "
                              "dropped: the link is cut"));
}

/* What never came is looked for among what is like it, not among what came last. */
static void a_message_that_never_came_shows_those_like_it(void **state)
{
    (void)state;
    tell(HEAD "hold next append from n1 to n2 where term=9 as h1\nwait 2s\nexpect n1 leader\n",
         NULL);
    assert_string_equal(result.check, "unmet");
    assert_true(has_line('>', "n1 -> n2 append term 1"));
    tell(HEAD "crash n1 after next append from n1 to n2 where term=9\nwait 2s\n"
              "expect n1 leader\n", NULL);
    assert_string_equal(result.check, "unmet");
    assert_true(has_line('>', "n1 -> n2 append term 1"));
}

/* So is what is not there when a statement wants it. */
static void what_is_not_there_shows_what_was(void **state)
{
    (void)state;
    static const struct { const char *statement, *rests; } sought[] = {
        {"drop pending vote from n2 to n3", "<- n1 vote term 1"},
        {"deliver n1 -> n2", "n1 -> n2 "},
        {"discard pending from n1 to n2", "n1 -> n2 "},
        {"shuffle n1 -> n2", "n1 -> n2 "},
        {"disk n2 complete 3 writes", "n2 write 2"},
        {"disk n2 fail pending write", "n2 write 2"},
        {"hold next heartbeat from n1 to n2 as h1\nwait 50ms\nrelease h1\nrelease h1",
         "n1 -> n2 heartbeat term 1 commit 1 round 3 -> released"},
        {"drop all vote from n1 as storm\nlift storm\nlift storm", "lift storm"},
    };
    for (size_t i = 0; i < sizeof sought / sizeof *sought; i++) {
        char scenario[400];
        snprintf(scenario, sizeof scenario, HEAD "wait 50ms\n%s\nexpect n1 leader\n",
                 sought[i].statement);
        tell(scenario, NULL);
        if (strcmp(result.check, "unmet") || !has_line('>', sought[i].rests))
            fail_msg("%s: %s: wanted %s:\n%s", sought[i].statement, result.check, sought[i].rests,
                     text);
    }
}

/* What else fails as an expectation does. */
static void statements_that_fail_rest_on_something_too(void **state)
{
    (void)state;
    tell(HEAD "client c1 write x 1 at n2 -> not-leader\n", NULL);
    assert_true(has_line('>', "c1 op 1: write x 1"));
    assert_true(has_line('>', "n2 <- c1 request op 1"));
    tell("wavetank 1\nnodes n1..n3\ncampaign n1\ncrash leader\nexpect no leader\n", NULL);
    assert_string_equal(result.check, "unmet");
    assert_true(has_line('>', "n1 asks for pre-votes"));
    tell(HEAD "isolate n2\ninject append-reply from n2 to n1 term 1 index 1 unsafe\nwait 1s\n"
         "expect n1 leader\n", NULL);
    assert_string_equal(result.check, "unmet");
    assert_true(has_line('>', "n2 -> n1 append-reply term 1 has through 1 round 0 -> dropped"));
    tell(HEAD "disk n1 fail next write\nwait 1s\nexpect n1 leader\n", NULL);
    assert_true(has_line('>', "n1 write 2"));
}

/* ---- rules ----------------------------------------------------------------------------------- */

enum { KEPT = 4096 };
static struct record kept[KEPT];
static uint32_t nkept;

static void keep(void *ctx, const struct world *w, const struct record *r)
{
    (void)ctx;
    (void)w;
    if (nkept < KEPT) kept[nkept++] = *r;
}

static uint64_t latest_of(uint64_t kinds)
{
    for (uint32_t i = nkept; i > 0; i--)
        if (kinds >> kept[i - 1].kind & 1) return i;
    return 0;
}

static uint64_t first_role(void)
{
    uint32_t i = 0;
    while (kept[i].kind != REC_ROLE) i++;
    return i + 1;
}

#define WANTS(kind) KIND_BIT(kind)
static const uint64_t judged[] = {
#define CHECK(name, kinds) kinds,
#define CHECK_LAST(name) KIND_BIT(RETURN),
#include "../check/checks.def"
};

static uint8_t rule;

/* As though the rule had found the latest record of a kind that it wants at odds with the first
 * change of a role. */
static void break_rule(struct result *r)
{
    r->verdict = V_SAFETY;
    r->nviolations = 1;
    r->violation[0] = (struct violation){.check = rule, .first = first_role(),
                                         .second = latest_of(judged[rule])};
    snprintf(r->check, sizeof r->check, "%s", checks[rule]->name);
}

static const char eventful[] =
    "wavetank 1\nnodes n1..n3\ncampaign n1\nexpect leader n1 within 1s\n"
    "client c1 write x 1 -> ok\nclient c1 read x -> 1\ncrash n3\nstart n3\nwait 1s\n"
    "client c2 write x 2 at n1 as w\nexpect w ok within 1s\nclient c1 read x -> 2\n"
    "isolate n1\nclient c3 write x 4 at n1\ncampaign n2\nexpect leader n2 within 1s\n"
    "client c2 write x 3 at n2 -> ok\nheal\nwait 1s\ndisk n3 fail next write\n"
    "client c1 write z 1 -> ok\n"
    "client c1 read x -> 3\nwait 1s\n";

static void each_rule_shows_the_records_that_it_names(void **state)
{
    (void)state;
    char line[300];
    struct scenario *s = good(eventful);
    static struct result first;
    struct run run = {.scenario = s, .seed = 1, .play = {.until = NEVER}, .listener = keep};
    if (!block) block = run_block();
    nkept = 0;
    run_once(&run, block, &first);
    if (first.verdict != V_PASS) fail_msg("%s at %s", first.detail, first.where);
    assert_true(nkept < KEPT);
    for (rule = 0; checks[rule]; rule++) {
        if (judged[rule] == KIND_BIT(BREACH)) continue;     /* no core does what that tells of */
        const uint64_t second = latest_of(judged[rule]);
        if (!second) fail_msg("%s: nothing happens that it judges", checks[rule]->name);
        tell(eventful, break_rule);
        if (lines_with('>') < 2) fail_msg("%s:\n%s", checks[rule]->name, text);
        const uint64_t us = kept[second - 1].at / US(1);
        snprintf(line, sizeof line, "%llu.%06llus", (unsigned long long)(us / 1000000),
                 (unsigned long long)(us % 1000000));
        if (!has_line('>', line) || lines_with(' ') < 4)
            fail_msg("%s: wanted %s and what led to it:\n%s", checks[rule]->name, line, text);
    }
    scenario_free(s);
}

/* A false acknowledgement, injected, lets a leader answer a write that the others never had; the
 * rules that see it sooner are told not to look. */
static void a_history_without_an_order_is_drawn(void **state)
{
    (void)state;
    tell("wavetank 1\nnodes n1..n3\n"
         "disable invariant commit-quorum because \"x\"\n"
         "disable invariant leader-completeness because \"x\"\n"
         "disable invariant state-machine-safety because \"x\"\n"
         "disable invariant read-fresh because \"x\"\n"
         "disable invariant ack-survives because \"x\"\n"
         "disable invariant self-check because \"x\"\n"
         "campaign n1\nexpect leader n1 within 1s\nclient c1 write x 1 -> ok\n"
         "client c4 write y 1 -> ok\nwait 20ms\ndrop all append from n1 until heal\n"
         "client c2 write x 2 at n1 as w\nclient c3 write x 7 at n1\nwait 2ms\n"
         "inject append-reply from n2 to n1 term 1 index 4 unsafe\nexpect w ok within 1s\n"
         "campaign n2\nexpect leader n2 within 1s\nclient c1 read x at n2 -> ok\nwait 30s\n"
         "expect linearizable\n", NULL);
    assert_int_equal(result.verdict, V_SAFETY);
    assert_string_equal(result.check, "linearizable");
    assert_non_null(strstr(text, "operations on key x from 0."));
    assert_true(has_line('>', "c2 op 3: write x 2 -> ok"));
    assert_true(has_line('>', "c1 op 5: read x -> 1"));
    assert_true(has_line(' ', "c1 op 1: write x 1 -> ok"));      /* whose value was read */
    assert_null(strstr(text, "write y"));
    assert_true(has_line('>', "c2 op 3: ok 2 at index 4 from n1"));
    assert_true(has_line(' ', "-> injected, unsafe"));
    assert_null(strstr(text, "  30."));          /* not how the run went on */
}

/* ---- bars ------------------------------------------------------------------------------------ */

static struct op *op_at(struct world *w, uint8_t client, uint8_t verb, uint64_t a, uint64_t invoked,
                        uint64_t returned)
{
    struct op *o = vec_at(&w->arena, &w->ops, vec_push(&w->arena, &w->ops, 1));
    *o = (struct op){.invoked = MS(invoked), .returned = returned ? MS(returned) : NEVER, .a = a,
                     .result = verb == OP_READ ? a : 0, .seq = 1,
                     .client = (uint8_t)(CLIENT_BASE + client), .verb = verb & 7u,
                     .outcome = returned ? OUT_OK : OUT_TIMEOUT};
    return o;
}

static void bars_tell_of_a_key(void **state)
{
    (void)state;
    struct scenario *s = good("wavetank 1\nnodes n1..n3\nclient c1 read x -> ok\n");
    if (!block) block = run_block();
    struct world *w = run_world(block, scenario_plan(s, 0), 1, true);
    op_at(w, 1, OP_WRITE, VALUE_NUMBER(1), 10, 20);           /* op 1: gave what is read */
    op_at(w, 2, OP_WRITE, VALUE_NUMBER(9), 21, 30);           /* before, and nobody read it */
    op_at(w, 2, OP_WRITE, VALUE_NUMBER(2), 100, 120);         /* op 3 */
    op_at(w, 3, OP_WRITE, VALUE_NUMBER(3), 90, 0);            /* op 4: unknown */
    op_at(w, 3, OP_READ, 0, 100, 0);                          /* says nothing */
    op_at(w, 1, OP_READ, VALUE_NUMBER(1), 140, 159);          /* op 6 */
    op_at(w, 4, OP_READ, VALUE_NUMBER(2), 150, 200);          /* op 7 */
    op_at(w, 2, OP_WRITE, VALUE_NUMBER(5), 300, 310)->key = 0; /* later */
    op_at(w, 4, OP_WRITE, VALUE_NUMBER(6), 125, 130)->outcome = OUT_NOT_LEADER;
    const uint32_t marked[] = {3, 6};
    size_t size;
    free(text);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(print_bars(out, w, marked, 2, "those that disagree"), 6);
    fclose(out);
    assert_string_equal(
        text,
        "  operations on key x from 0.100s to 0.159s; those that disagree are marked >\n"
        "  (a bar [==] goes from asking to answer; <: asked before, >: answered later or not known "
        "to be)\n"
        "                                               0.100s                                     "
        "           0.159s\n"
        "      c1 op 1: write x 1 -> ok                 <\n"
        "      c3 op 4: write x 3 -> unknown, timed out "
        "<==========================================================>\n"
        "    > c2 op 3: write x 2 -> ok                 [===================]\n"
        "      c4 op 9: write x 6 -> not-leader                                  [====]\n"
        "    > c1 op 6: read x -> 1                                                             "
        "[==================]\n"
        "      c4 op 7: read x -> 2                                                               "
        "        [========>\n");
    scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_condition_shows_what_it_rests_on),
        cmocka_unit_test(a_lease_rests_on_when_it_was_held),
        cmocka_unit_test(what_must_never_be_rests_on_what_was),
        cmocka_unit_test(a_log_that_lags_shows_what_was_lost),
        cmocka_unit_test(a_message_that_never_came_shows_those_like_it),
        cmocka_unit_test(what_is_not_there_shows_what_was),
        cmocka_unit_test(statements_that_fail_rest_on_something_too),
        cmocka_unit_test(each_rule_shows_the_records_that_it_names),
        cmocka_unit_test(a_history_without_an_order_is_drawn),
        cmocka_unit_test(bars_tell_of_a_key),
    };
    return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
