/* SPDX-License-Identifier: MIT */
/* Golden blocks: what may be written, what they hold, and which runs are judged by them. */
#define _GNU_SOURCE
#define HEAD "wavetank 1\nnodes n1\nset disk-latency 1ms\n"
#include "played.h"

#include <stdlib.h>

#include "../trace/classes.h"

#define LEADS "campaign n1\nexpect leader n1 within 1s\n"
#define STORY "n1 campaigns in term 1, last nothing\nn1 leads in term 1, last 1/1\n"

static char seen[4000];          /* what the blocks of a run saw, one after another */
static uint32_t told, judged;

static void hear(void *ctx, const struct golden *g)
{
    assert_ptr_equal(ctx, seen);
    told++, judged += g->judged;
    snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s", g->seen);
}

static struct result ran(const struct run *asked)
{
    static struct arena *block;
    static struct result out;
    struct run run = *asked;
    if (!block) block = run_block();
    assert_non_null(block);
    memset(seen, 0, sizeof seen);
    told = judged = 0;
    run.play.until = NEVER, run.play.golden = hear, run.play.golden_ctx = seen;
    run_once(&run, block, &out);
    return out;
}

static struct result told_by(const char *text)
{
    struct scenario *s = good(text);
    struct result out = ran(&(struct run){.scenario = s, .seed = 1});
    scenario_free(s);
    return out;
}

static void a_block_holds_what_the_classes_told_since_the_last(void **state)
{
    (void)state;
    assert_int_equal(
        told_by(HEAD "trace show elections\n" LEADS "trace expect\n" STORY
               "end\ntrace expect\nend\n").verdict, V_PASS);
    assert_int_equal(told, 2);
    assert_int_equal(judged, 2);
    assert_string_equal(seen, STORY);
    told_by(HEAD LEADS "trace show elections commits\nwait 1s\ntrace show commits\ntrace expect\n"
                      "end\n");
    assert_string_equal(seen, "");
    told_by(HEAD "trace show elections with times\n" LEADS "trace expect\nend\n");
    assert_non_null(strstr(seen, "0.000000s n1 campaigns"));
    assert_non_null(strstr(seen, "0.001000s n1 leads"));
}

static void blanks_around_a_line_and_empty_lines_mean_nothing(void **state)
{
    (void)state;
    assert_int_equal(told_by(HEAD "trace show commits\n" LEADS
                            "settle\ntrace expect  # told\n# so\n\n"
                            "\t n1 commit 0 -> 1 in term 1 \t\r\n\nend # it\n").verdict,
                     V_PASS);
}

static void a_difference_fails_the_run_and_is_named(void **state)
{
    (void)state;
    struct result out = told_by(HEAD "trace show elections\n" LEADS "trace expect\n"
                               "n1 campaigns in term 1, last nothing\nn2 leads\nend\n");
    assert_int_equal(out.verdict, V_EXPECTATION);
    assert_string_equal(out.check, "golden");
    assert_string_equal(out.where, "t.scn:7:1");
    assert_string_equal(out.detail,
                        "line 2 of the golden block: wanted n2 leads, saw n1 leads in term 1, last "
                        "1/1");
    out = told_by(HEAD "trace show elections\n" LEADS "trace expect\n" STORY "n1 rests\nend\n");
    assert_string_equal(out.detail,
                        "line 3 of the golden block: wanted n1 rests, saw nothing more");
    out = told_by(HEAD "trace show elections\n" LEADS "trace expect\nend\n");
    assert_string_equal(out.detail,
                        "line 1 of the golden block: wanted nothing more, saw n1 campaigns in term "
                        "1, last nothing");
    out = told_by(HEAD "xfail expect \"the block is wrong\"\ntrace show elections\n" LEADS
                 "trace expect\nend\n");
    assert_int_equal(out.verdict, V_EXPECTATION);       /* a block is no expect */
}

static void only_the_run_of_the_file_as_it_stands_is_judged(void **state)
{
    (void)state;
    static const char wrong[] = HEAD "seed 7\ntrace show elections\n" LEADS "trace expect\nend\n";
    static const char always[] = HEAD "seed 7\ntrace show elections\n" LEADS
                                 "trace expect for any seed\nend\n";
    const struct setting set = {"heartbeat", "40ms"};
    const struct exception exception = {.stream = STREAM_TIE, .value = 1};
    struct scenario *s = good(wrong), *any = good(always), *other = load_set(wrong, &set, 1);
    assert_non_null(other);
    assert_int_equal(ran(&(struct run){.scenario = s, .seed = 7}).verdict, V_EXPECTATION);
    assert_int_equal(ran(&(struct run){.scenario = s, .seed = 1}).verdict, V_PASS);
    assert_int_equal(ran(&(struct run){.scenario = any, .seed = 1}).verdict, V_EXPECTATION);
    assert_int_equal(ran(&(struct run){.scenario = any, .seed = 7, .play.calm = true}).verdict,
                     V_PASS);
    assert_int_equal(ran(&(struct run){.scenario = any, .seed = 7, .play.bless = true}).verdict,
                     V_PASS);
    assert_int_equal(told, 1);
    assert_int_equal(ran(&(struct run){.scenario = any, .seed = 7, .zero_base = true}).verdict,
                     V_PASS);
    assert_int_equal(ran(&(struct run){.scenario = s, .seed = 7, .exceptions = &exception,
                                       .nexceptions = 1}).verdict,
                     V_PASS);
    assert_int_equal(ran(&(struct run){.scenario = other, .seed = 7}).verdict, V_PASS);
    scenario_free(s);
    scenario_free(any);
    scenario_free(other);
}

static void what_is_written_inside_is_no_statement(void **state)
{
    (void)state;
    struct scenario *s = good(HEAD "trace show commits\nexpect n1 up\nbranch A\ntrace expect\n"
                                   "  branch x ;\n  repeat\n"
                              "  end.1 writes\nend\nbranch B\nend\n");
    const uint32_t *lines;
    assert_int_equal(scenario_variants(s), 2);
    assert_int_equal(scenario_goldens(s, &lines), 1);
    assert_int_equal(lines[0], 7);
    const struct stmt *golden = &s->programs[0].stmts[2];
    assert_string_equal(golden->verb->example, "trace expect");
    assert_string_equal(((const struct golden *)golden->args)->want,
                        "branch x ;\nrepeat\nend.1 writes\n");
    scenario_free(s);
}

static const char *included(void *ctx, const char *path, size_t *len)
{
    static const char text[] = "trace expect\nend\n";
    (void)ctx, (void)path;
    *len = strlen(text);
    return text;
}

static void mistakes_are_told_where_they_are(void **state)
{
    (void)state;
    refused(HEAD LEADS "trace expect\nend\n", "t.scn:6:1: error: nothing is shown yet");
    refused(HEAD "trace show elexions\n",
            "t.scn:4:12: error: unknown class of events; did you mean 'elections'?");
    refused(HEAD "trace show\n",
            "expected a class of events, but the line ends; there are elections roles");
    refused(HEAD "trace show log with\n", "expected 'times'");
    refused(HEAD "trace show log\ntrace expect for each seed\nend\n", "expected 'any'");
    refused(HEAD "trace show log\ntrace expect\nn1 leads\n",
            "t.scn:5:1: error: this block does not end");
    refused(HEAD "trace show log\nat 1s: trace expect\n", "a golden block cannot stand here");
    static const char text[] = HEAD "trace show log\n" LEADS "include \"x\"\n";
    memset(said, 0, sizeof said);
    FILE *err = fmemopen(said, sizeof said - 1, "w");
    struct scenario *s = scenario_read(&(struct scenario_input){.path = "t.scn", .text = text,
                                                                .len = strlen(text),
                                                                .included = included, .err = err});
    fclose(err);
    assert_null(s);
    assert_non_null(strstr(said,
                           "x:1:1: error: a golden block tells of one file's run, and cannot be "
                           "included"));
}

static void a_block_alone_asserts_nothing(void **state)
{
    (void)state;
    refused(HEAD "trace show elections\ncampaign n1\ntrace expect\nend\n",
            "this scenario asserts nothing");
}

static void too_much_to_show_is_an_error(void **state)
{
    (void)state;
    struct result out = told_by("wavetank 1\nnodes n1..n5\ntrace show messages\nrun 60s\n"
                               "expect n1 up\ntrace expect\n"
                               "end\n");
    assert_int_equal(out.verdict, V_ERROR);
    assert_non_null(strstr(out.detail, "show fewer classes"));
}

static void classes_are_made_of_kinds_and_subs(void **state)
{
    (void)state;
    struct record follows = {.kind = REC_ROLE}, leads = {.kind = REC_ROLE};
    rec_set_role(&follows, SUT_FOLLOWER);
    rec_set_role(&leads, SUT_LEADER);
    assert_true(class_has(1u << CLASS_elections, &leads));
    assert_false(class_has(1u << CLASS_elections, &follows));
    assert_true(class_has(1u << CLASS_elections | 1u << CLASS_roles, &follows));
    assert_false(class_has(1u << CLASS_commits | 1u << CLASS_log, &leads));
    assert_false(class_has(0, &leads));
}

int main(void)
{
    const struct CMUnitTest sim_golden[] = {
        cmocka_unit_test(a_block_holds_what_the_classes_told_since_the_last),
        cmocka_unit_test(blanks_around_a_line_and_empty_lines_mean_nothing),
        cmocka_unit_test(a_difference_fails_the_run_and_is_named),
        cmocka_unit_test(only_the_run_of_the_file_as_it_stands_is_judged),
        cmocka_unit_test(what_is_written_inside_is_no_statement),
        cmocka_unit_test(mistakes_are_told_where_they_are),
        cmocka_unit_test(a_block_alone_asserts_nothing),
        cmocka_unit_test(too_much_to_show_is_an_error),
        cmocka_unit_test(classes_are_made_of_kinds_and_subs),
    };
    return cmocka_run_group_tests(sim_golden, NULL, NULL);
}
