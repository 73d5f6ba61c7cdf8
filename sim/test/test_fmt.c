/* SPDX-License-Identifier: MIT */
/* The canonical form of scenarios: what it looks like, and that printing it again
 * changes nothing. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lang/ast.h"
#include "../run/run.h"

static char said[4000];

static char *printed(const char *text)
{
    char *out = NULL;
    size_t n;
    memset(said, 0, sizeof said);
    FILE *err = fmemopen(said, sizeof said - 1, "w"), *f = open_memstream(&out, &n);
    assert_non_null(err);
    assert_non_null(f);
    bool ok = scenario_print("t.scn", text, strlen(text), f, err);
    fclose(f);
    fclose(err);
    if (ok) return out;
    free(out);
    return NULL;
}

/* It is printed so, and so again. */
static void becomes(const char *text, const char *canonical)
{
    char *once = printed(text);
    if (!once) fail_msg("refused:\n%s\nsays\n%s", text, said);
    if (strcmp(once, canonical)) fail_msg("of\n%s\nwanted\n%s\nsaw\n%s", text, canonical, once);
    char *twice = printed(once);
    assert_string_equal(twice, once);
    free(once);
    free(twice);
}

static void stays(const char *text) { becomes(text, text); }

static void one_blank_stands_between_words_and_none_at_the_ends(void **state)
{
    (void)state;
    becomes("  nodes\tn1 .. n3  \t\r\n", "nodes n1..n3\n");
    becomes("partition n1|n2  n3", "partition n1 | n2 n3\n");
    becomes("cut n1->n2\ncut n1 -n2\ncut $a -$b", "cut n1 -> n2\ncut n1 - n2\ncut $a -$b\n");
    becomes("client c1 read x->[ 1 \"b\" ]", "client c1 read x -> [1 \"b\"]\n");
    becomes("at 3s :crash n1\nevery 1s for 10s:crash leader",
            "at 3s: crash n1\nevery 1s for 10s: crash leader\n");
    becomes("clock n1 jump + 2s\nclock n1 jump -2s", "clock n1 jump +2s\nclock n1 jump -2s\n");
    becomes("expect n1 log 1 / 1 1/2 : \"a\"", "expect n1 log 1/1 1/2:\"a\"\n");
    becomes("expect n1 progress of n2:match 3", "expect n1 progress of n2: match 3\n");
    becomes("link all loss 3 / 100 bandwidth 1MB / s", "link all loss 3/100 bandwidth 1MB/s\n");
    becomes("define f( A,B )\nend\ndo f ( n1 ,\"a  b\" )",
            "define f(A, B)\nend\ndo f(n1, \"a  b\")\n");
}

static void comparisons_stand_apart_but_for_those_of_where(void **state)
{
    (void)state;
    becomes("expect n1 term<=2\nexpect r1==2", "expect n1 term <= 2\nexpect r1 = 2\n");
    becomes("expect messages append where term = 2 entries >0<=12",
            "expect messages append where term=2 entries>0 <= 12\n");
    becomes("drop 660000ppm  of pending append as  storm", "drop 66% of pending append as storm\n");
    becomes("delay all any by 200..2000ms if any  even if lost",
            "delay all any by 200ms..2s if any even if lost\n");
    stays("expect messages vote-reply where reject = 4\n");
    /* no statement, and its words are still four */
    stays("expect messages vote-reply where term = = 4\n");
}

static void numbers_with_a_unit_are_spelled_one_way(void **state)
{
    (void)state;
    becomes("wait 1000ms\nwait 0.5s\nwait 1.5s\nwait 1500us",
            "wait 1s\nwait 500ms\nwait 1500ms\nwait 1500us\n");
    becomes("wait 2m\nwait 120s\nwait 1.5h\nwait 3min\nwait 0.5m",
            "wait 2m\nwait 120s\nwait 90m\nwait 3m\nwait 30s\n");
    becomes("x 10..40ms 0..5ms 0ms..1000us 1..5% 0..0",
            "x 10ms..40ms 0ms..5ms 0ms..1ms 1%..5% 0..0\n");
    becomes("x 5.0% 0.50% 50000ppm 100ppm 0.00015%", "x 5% 0.5% 5% 100ppm 0.0001%\n");
    becomes("x 1000kB 64KB 64B 1.5kB 1024KiB 0.5MiB 0.9765625KiB 0KB",
            "x 1MB 64kB 64B 1500B 1MiB 512KiB 1kB 0kB\n");
    becomes("seed 0x2A\nbudget 60s events 1.0e6\nx 007 1.50 0.0 5e0 00.5",
            "seed 0x2a\nbudget 60s events 1e6\nx 7 1.5 0 5 0.5\n");
    stays("x 99999999999999999999s 2000000000s 5lightyears 1e30\n");
}

static void strings_keep_only_backslashes_that_mean_something(void **state)
{
    (void)state;
    becomes("print \"a \\\"b\\\" \\\\ \\c\"", "print \"a \\\"b\\\" \\\\ c\"\n");
    stays("print \"\\$a \\b\"\n");
}

static void words_that_are_kept_as_text_stay(void **state)
{
    (void)state;
    becomes("param  t  default  1000ms  \"a\\b\"", "param t default 1000ms \"a\\b\"\n");
    becomes("matrix  x  1000ms..2000ms   0..5ms", "matrix x 1000ms..2000ms 0..5ms\n");
    becomes("matrix x 1 .. 2", "matrix x 1 .. 2\n");
    becomes("do f( 1000ms , 1 .. 2 )", "do f(1000ms, 1 .. 2)\n");
    becomes("when  x  = 1000ms  y=0..5ms or  A :wait   1000ms",
            "when x=1000ms y=0..5ms or A: wait 1s\n");
    becomes("when x=\"a b\": do f( 1000ms )", "when x=\"a b\": do f(1000ms)\n");
    becomes("when A:at 3000ms:crash n1", "when A: at 3s: crash n1\n");
    stays("when A\nwhen A:\n");
}

static void blocks_are_indented_and_so_is_what_says_more_of_the_scenario(void **state)
{
    (void)state;
    becomes("wavetank 1\nscenario \"x\"\ntags a b\n# from where\nsource \"s\"\nnodes n1\ntags late",
            "wavetank 1\nscenario \"x\"\n  tags a b\n  # from where\n  source \"s\"\nnodes n1\n"
            "tags late\n");
    becomes("branch A\nrepeat 3 as i\nwait 1s\nend\n      branch B\nwait 2s\nend\nwait 3s",
            "branch A\n  repeat 3 as i\n    wait 1s\n  end\nbranch B\n  wait 2s\nend\nwait 3s\n");
    becomes("chaos 3s\nno swarm\nend", "chaos 3s\n  no swarm\nend\n");
}

static void comments_stay_where_they_are(void **state)
{
    (void)state;
    becomes("#!x\n   #  as written  \nrepeat 2\n# of the wait\nwait 1s# behind\n"
            "    # of the block\n# of the end\nend",
            "#!x\n#  as written\nrepeat 2\n  # of the wait\n"
            "  wait 1s                                   # behind\n"
            "  # of the block\n# of the end\nend\n");
    becomes("wait 1s # a\ndisk n5 term 7 log 1 1 1 4 4 5 5 6 6 6 7 7 # b\n"
            "disk n5 term 7 log 1 1 1 4 4 5 5 6 6 6 7 77 # c",
            "wait 1s                                     # a\n"
            "disk n5 term 7 log 1 1 1 4 4 5 5 6 6 6 7 7  # b\n"
            "disk n5 term 7 log 1 1 1 4 4 5 5 6 6 6 7 77         # c\n");
}

static void blank_lines_are_one_and_never_first_or_last(void **state)
{
    (void)state;
    becomes("\n \n# a\n\n\t\n\nwait 1s\n\n\n", "# a\n\nwait 1s\n");
    becomes("", "");
    becomes("\n\n", "");
}

static void what_is_too_long_in_its_form_stays_as_it_is(void **state)
{
    (void)state;
    char text[5000] = "repeat 2\nx";
    for (size_t n = strlen(text); n < 4000; n += 8) memcpy(text + n, "|yyyyyyy", 9);
    strcat(text, "\nend\n");
    stays(text);
    memset(text, 'c', sizeof text);
    memcpy(text, "wait 1s # ", 10);                             /* which would begin at column 45 */
    memcpy(text + LINE_BYTES_MAX - 10, "\n", 2);
    stays(text);
}

static void what_falls_into_no_words_or_blocks_is_refused(void **state)
{
    (void)state;
    assert_null(printed("wait 1s\n  print \"a"));
    assert_non_null(strstr(said, "t.scn:2:9: error: this string does not end"));
    assert_null(printed("repeat 2\nwait 1s"));
    assert_non_null(strstr(said, "this block does not end"));
    assert_null(printed("define never_used\n  wait ;\nend"));
    assert_non_null(strstr(said, "t.scn:2:8: error: this character means nothing here"));
}

static void header_comments_mean_the_same_however_far_in(void **state)
{
    (void)state;
    static const char text[] = "\t# calm-ok\n  # proves option x\t \nwavetank 1\nnodes n1\n"
                               "expect leader n1\n";
    char *out = printed(text);
    struct scenario *is = scenario_load("t.scn", text, strlen(text), NULL, 0, stderr);
    struct scenario *be = scenario_load("t.scn", out, strlen(out), NULL, 0, stderr);
    assert_non_null(is);
    assert_non_null(be);
    assert_true(scenario_calm_ok(is) && scenario_calm_ok(be));
    assert_string_equal(scenario_proves(is, 0), "option x");
    assert_string_equal(scenario_proves(be, 0), "option x");
    scenario_free(is);
    scenario_free(be);
    free(out);
}

int main(void)
{
    const struct CMUnitTest sim_fmt[] = {
        cmocka_unit_test(one_blank_stands_between_words_and_none_at_the_ends),
        cmocka_unit_test(comparisons_stand_apart_but_for_those_of_where),
        cmocka_unit_test(numbers_with_a_unit_are_spelled_one_way),
        cmocka_unit_test(strings_keep_only_backslashes_that_mean_something),
        cmocka_unit_test(words_that_are_kept_as_text_stay),
        cmocka_unit_test(blocks_are_indented_and_so_is_what_says_more_of_the_scenario),
        cmocka_unit_test(comments_stay_where_they_are),
        cmocka_unit_test(blank_lines_are_one_and_never_first_or_last),
        cmocka_unit_test(what_is_too_long_in_its_form_stays_as_it_is),
        cmocka_unit_test(what_falls_into_no_words_or_blocks_is_refused),
        cmocka_unit_test(header_comments_mean_the_same_however_far_in),
    };
    return cmocka_run_group_tests(sim_fmt, NULL, NULL);
}
