/* SPDX-License-Identifier: MIT */
/* The scenario language: what is read, what is refused and where, how variants come about, and what
 * statements do. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "played.h"

/* ---- errors ---- */

static void an_error_names_its_place_and_a_way_out(void **state)
{
    (void)state;
    refused(HEAD "partition n4 | n2 n3\nexpect no leader\n",
            "t.scn:3:11: error: unknown node 'n4' (this cluster has n1..n3)\n"
            "    partition n4 | n2 n3\n"
            "              ^~\n");
    refused(HEAD "partitoin n1 | n2\n",
            "t.scn:3:1: error: unknown statement 'partitoin'; did you mean 'partition'?\n"
            "    partitoin n1 | n2\n    ^~~~~~~~~\n");
    refused(HEAD "  set election-timout 1s\n",
            "t.scn:3:7: error: unknown option 'election-timout'; did you mean 'election-timeout'?\n"
            "    set election-timout 1s\n        ^~~~~~~~~~~~~~~\n");
    refused(HEAD "set heartbeat 3ticks\n", "t.scn:3:15: error: unknown unit 'ticks'");
    refused(HEAD "set heartbeat 3\n", "t.scn:3:15: error: '3' has no unit");
    refused(HEAD "set election-timeout 300ms..150ms\n",
            "t.scn:3:22: error: the lower end of a span comes first; write 150ms..300ms");
    refused(HEAD "param hold default 1s\nset hold 2s\n",
            "t.scn:4:5: error: 'hold' is a parameter, and no option; it has its value where");
    refused(HEAD "drop 3/2 of append\n", "t.scn:3:6: error: this share is more than 100%");
    refused(HEAD "set max-inflight 1.5\n", "found '1.5'; write a whole number from 1 to 64");
    refused(HEAD "expect leader within 1s or n1 down within 2s\n",
            "t.scn:3:36: error: `within` is said twice, and once is for all of it; leave one of");
    refused(HEAD "wait 1.5ns\n", "t.scn:3:6: error:");
    refused(HEAD "set prevote maybe\n",
            "t.scn:3:13: error: expected a value of 'prevote', found 'maybe'");
    refused(HEAD "wait\n", "t.scn:3:5: error:");
    refused(HEAD "crash n1 now\n", "t.scn:3:10: error: unexpected 'now'");
    refused(HEAD "client c1 wriet x 1\n", "did you mean 'write'?");
    refused(HEAD "expect n1 rol leader\n", "did you mean 'role'?");
    refused(HEAD "expect one leader\n", "'one' is no condition; for instance: exactly-one leader");
    refused(HEAD "campaign n1\nexpect n1 match 3\n",
            "'match' is no condition of a node; for instance: n1 progress of n2: match 3");
    refused(HEAD "expect progress of n3: match 2\n",
            "t.scn:3:17: error: it is a leader that knows of others; write n1 progress of n3: "
            "match 2");
    refused(HEAD "expect progress\n", "progress needs a bound; write progress within 10s");
    refused(HEAD "expect leader within 8\n", "'8' has no unit");
    refused(HEAD "expect leader within 8 election\n",
            "expected `timeouts`; write 8 election timeouts");
    refused(HEAD "expect leader within 8s election timeouts\n",
            "election timeouts are counted; write 8 election timeouts");
    refused(HEAD "expect leader within 0 election timeouts\n", "within 0 is no time at all");
    refused(HEAD "expect leader within 2000000 election timeouts\n", "too many election timeouts");
    refused(HEAD "epilogue\n", "expected 'within'");
    refused(HEAD "epilogue within 0 election timeouts\n", "a recovery needs time");
    refused(HEAD "xfail progress \"why\"\nexpect leader n1 within 1s as progress\n",
            "t.scn:4:31: error: 'progress' is what a check is called");
    refused(HEAD "expect leader n1 within 1s as vote-once\n",
            "'vote-once' is what a check is called");
    refused(HEAD "disk n1 stal\n", "did you mean 'stall'?");
    refused(HEAD "crash n1 after next apend\n", "did you mean 'append'?");
    refused(HEAD "expect leader $who\n", "t.scn:3:15: error: unknown parameter '$who'");
    refused(HEAD "mark \"open\n", "t.scn:3:6: error: this string does not end");
    refused(HEAD "wait 1s ; wait 2s\n", "t.scn:3:9: error: this character means nothing here");
    refused(HEAD "chaos 1s\n  crsh 1/s\nend\n",
            "t.scn:4:3: error: unknown fault 'crsh'; did you mean 'crash'?");
}

static void all_errors_of_a_file_are_told_up_to_twenty(void **state)
{
    (void)state;
    refused(HEAD "foo\nbar\nwait 1s\nbaz\n", "t.scn:6:1: error:");
    assert_non_null(strstr(said, "t.scn:3:1: error:"));
    assert_non_null(strstr(said, "t.scn:4:1: error:"));
    char many[2000] = HEAD;
    for (int i = 0; i < 50; i++) strcat(many, "foo\n");
    refused(many, "t.scn: error: 20 errors, giving up");
    assert_null(strstr(said, "t.scn:23:1"));
    refused("wavetank 1\nnodes n1..n3\nmatrix prevote off on\nfoo\n", "t.scn:4:1");
    /* once, not once a variant */
    assert_ptr_equal(strstr(said, "error:"), strstr(said, "error: unknown"));
    assert_null(strstr(strstr(said, "error:") + 1, "error:"));
}

static void a_scenario_must_assert_something(void **state)
{
    (void)state;
    refused(HEAD "wait 1s\n", "asserts nothing");
    refused(HEAD "chaos 1s\nend\n", "asserts nothing");
    refused("", "this scenario is empty");
    refused("nodes n1..n3\nexpect no leader\n", "a scenario begins with 'wavetank 1'");
    refused("wavetank 2\n", "this wavetank reads version 1");
    refused("wavetank 1\nexpect no leader\n", "this scenario has no nodes");
    scenario_free(good(HEAD "chaos 1s\nthen heal and expect progress within 5s\nend\n"));
    scenario_free(good(HEAD "never leader n2\n"));
}

static void what_is_no_scenario_is_refused(void **state)
{
    (void)state;
    static char big[1100000];
    memset(big, 'a', sizeof big - 1);
    refused(big, "this line is too long");
    memset(said, 0, sizeof said);
    FILE *err = fmemopen(said, sizeof said - 1, "w");
    assert_null(scenario_load("t.scn", "wavetank 1\0\n", 12, NULL, 0, err));
    assert_null(scenario_load("/", NULL, 0, NULL, 0, err));
    assert_null(scenario_load("/no/such/file.scn", NULL, 0, NULL, 0, err));
    fclose(err);
    assert_non_null(strstr(said, "byte 11 is NUL"));
    assert_non_null(strstr(said, "it is a directory"));
    assert_non_null(strstr(said, "No such file"));
}

static void growth_is_bounded(void **state)
{
    (void)state;
    refused(HEAD "repeat 90000 as i\nrepeat 90000 as j\nwait 1s\nend\nend\n", "grows too large");
    refused(HEAD "repeat 3\nwait 1s\n", "t.scn:3:1: error: this block does not end");
    refused(HEAD "end\n", "this `end` closes nothing");
    refused(HEAD "define f\ndo f\nend\ndo f\n", "a macro cannot use itself");
    refused(HEAD "matrix max-inflight 1 2 3 4 5 6 7 8 9 10\n"
                 "matrix max-entries-per-append 1 2 3 4 5 6 7 8 9 10\n"
            "matrix batch 1 2 3 4 5 6 7 8 9 10\nexpect no leader\n",
            "t.scn:5:8: error: with this the file has 1000 variants, and it may have at most 256");
}

/* ---- set-up ---- */

static void options_reach_the_plan(void **state)
{
    (void)state;
    struct scenario *s = good(HEAD "set link-delay 1ms..2ms\nset batch 8 on n2\n"
                                   "set entry-size 1KiB\n"
                              "set lease-drift-bound 0.5%\n"
                              "set prevote off on n3\nexpect no leader\n");
    const struct world_plan *plan = scenario_plan(s, 0);
    assert_int_equal(plan->nodes, 3);
    assert_int_equal(plan->host[0].link_delay_min, MS(1));
    assert_int_equal(plan->host[2].link_delay_max, MS(2));
    assert_int_equal(plan->host[0].entry_size, 1024);
    assert_int_equal(plan->host[1].batch, 1);
    assert_int_equal(plan->host[2].batch, 8);
    const struct option_row *row = plan->sut->options;
    while (strcmp(row->name, "lease-drift-bound") != 0) row++;
    assert_int_equal(plan->sut_options[1][row->offset / 8], 5000);
    for (row = plan->sut->options; strcmp(row->name, "prevote") != 0;) row++;
    assert_int_equal(plan->sut_options[2][row->offset / 8], 1);
    assert_int_equal(plan->sut_options[3][row->offset / 8], 0);
    scenario_free(s);
    refused(HEAD "wait 1s\nset prevote off\n", "the cluster has started already");
    refused(HEAD "set heartbeat 400ms\nexpect no leader\n", "do not fit together");
}

static void the_command_line_has_the_last_word(void **state)
{
    (void)state;
    struct setting set[] = {{"entry-size", "7"}, {"hold", "5s"}};
    struct scenario *s = load_set(HEAD "set entry-size 100\nparam hold default 2s\nwait $hold\n"
                                       "expect no leader\n",
                                  set, 2);
    assert_non_null(s);
    assert_int_equal(scenario_plan(s, 0)->host[1].entry_size, 7);
    struct result out = play_seed(s, 0, 1, false);
    assert_true(out.simulated_ns >= SEC(5));
    scenario_free(s);
    set[0] = (struct setting){"entrysize", "7"};
    assert_null(load_set(HEAD "expect no leader\n", set, 1));
    assert_non_null(strstr(said, "did you mean 'entry-size'?"));
    set[0] = (struct setting){"entry-size", "seven"};
    assert_null(load_set(HEAD "expect no leader\n", set, 1));
}

static void nodes_are_numbered_without_gaps(void **state)
{
    (void)state;
    struct scenario *s = good("wavetank 1\nnodes n1..n3 spare n4 n5\nexpect n1 up\n");
    assert_int_equal(scenario_plan(s, 0)->nodes, 5);
    assert_int_equal(scenario_plan(s, 0)->spare, 0x18);
    assert_int_equal(scenario_plan(s, 0)->voters, 7);
    /* e1 is no number: no digits before */
    refused(HEAD "restart ne1\n", "t.scn:3:9: error: expected nodes");
    scenario_free(s);
    refused("wavetank 1\nnodes n1 n3\n", "without gaps");
    refused("wavetank 1\nnodes n1..n17\n", "n1 to n16");
    refused("wavetank 1\nnodes n1..n10\n",
            "too many voters; nodes are called n1 to n16, and at most 9 are voters");
    refused("wavetank 1\nnodes n1..n3 learners n4\n", "not part of the language yet");
}

/* ---- variants and shapes ---- */

static void variants_are_a_product_and_have_names(void **state)
{
    (void)state;
    uint32_t i;
    struct scenario *s = good(HEAD
                              "matrix prevote off on\nmatrix election-timeout 150ms..300ms 1s..2s\n"
                              "expect no leader\n"
                              "branch A\nwait 1s\nbranch B\nwait 2s\nend\n");
    assert_int_equal(scenario_variants(s), 8);
    assert_string_equal(scenario_variant_name(s, 0), "prevote=off/election-timeout=150ms..300ms/A");
    assert_string_equal(scenario_variant_name(s, 7), "prevote=on/election-timeout=1s..2s/B");
    assert_true(scenario_variant_find(s, "prevote=off/election-timeout=1s..2s/B", &i));
    assert_int_equal(i, 3);
    assert_false(scenario_variant_find(s, "prevote=off", &i));
    assert_true(play_seed(s, 1, 1, false).simulated_ns >= SEC(2));
    scenario_free(s);
    s = good(HEAD "param t default 1s\nmatrix t 3s 4s\nwait $t\nexpect n1 up\n");
    assert_string_equal(scenario_variant_name(s, 1), "t=4s");
    assert_int_equal(play_seed(s, 1, 1, false).simulated_ns, SEC(4));
    scenario_free(s);
    s = good(HEAD "expect no leader\n");
    assert_int_equal(scenario_variants(s), 1);
    assert_string_equal(scenario_variant_name(s, 0), "");
    scenario_free(s);
    refused(HEAD "branch A\nbranch B\nbranch C\nend\nbranch A\nend\nmatrix prevot on\nend\n",
            "closes nothing");
    refused(HEAD "branch A\nrepeat 1\nbranch X\nend\nend\nend\n",
            "a branch cannot stand in a branch");
}

static void macros_and_repeats_put_values_in(void **state)
{
    (void)state;
    struct scenario *s = good(HEAD "define put(N, V)\nclient c1 write k$V \"v$V\" at $N\nend\n"
                                   "repeat 3 as i\n"
                              "do put(n$i, $i)\nend\nexpect n1 up\n");
    assert_int_equal(s->programs[0].nstmts, 4);
    assert_int_equal(s->programs[0].keys.n, 3);
    assert_string_equal(s->programs[0].keys.name[3], "k3");
    assert_string_equal(s->programs[0].atoms.name[2], "v2");
    scenario_free(s);
    refused(HEAD "define f(A)\nend\ndo f()\n", "too few arguments");
    refused(HEAD "define f(A)\nend\ndo g(n1)\n", "unknown macro 'g'");
    refused(HEAD "param x default 1s 2s\nwait $x\n", "t.scn:4:6: error: unexpected '2s'");
}

static void header_comments_say_what_is_proved(void **state)
{
    (void)state;
    struct scenario *s = good("# proves option prevote\n# proves mutant E03\n# calm-ok\n"
                              "wavetank 1\nscenario \"T\"\n"
                              "nodes n1\nseed 0x2a\nexpect no leader\n");
    uint64_t seed = 0;
    assert_string_equal(scenario_proves(s, 0), "option prevote");
    assert_string_equal(scenario_proves(s, 1), "mutant E03");
    assert_null(scenario_proves(s, 2));
    assert_true(scenario_calm_ok(s));
    assert_string_equal(scenario_title(s), "T");
    assert_true(scenario_seed(s, 0, &seed));
    assert_int_equal(seed, 42);
    scenario_free(s);
}

/* ---- playing ---- */

static void a_failed_expect_says_where_and_what_was_seen(void **state)
{
    (void)state;
    struct result out = played(HEAD "campaign n1\nexpect leader n1 within 1s\n"
                                    "  expect n1 term = 9 as high\n");
    assert_int_equal(out.verdict, V_EXPECTATION);
    assert_string_equal(out.check, "high");
    assert_string_equal(out.where, "t.scn:5:10");
    assert_string_equal(out.detail, "wanted n1 term = 9, saw n1 leader of term 1");
}

static void conditions_wait_as_long_as_they_may(void **state)
{
    (void)state;
    comes_to(HEAD "campaign n1\nexpect leader n1 within 1s\nclient c1 write x 1 at n1 as w1\n"
                  "expect w1 within 1s ok\n"
             "expect w1 ok\n", V_PASS);
    comes_to(HEAD "expect leader within 2s\nexpect no leader within 200ms\n", V_EXPECTATION);
    comes_to(HEAD "wait until leader within 2s\nremember leader as old\ncrash old\n"
                  "expect old down\n"
             "expect leader within 3s\nexpect old down\n"
             "restart old\nexpect all log equal within 5s\n", V_PASS);
}

static void a_client_waits_for_its_answer(void **state)
{
    (void)state;
    comes_to(HEAD "client c1 write x 1 -> ok\nclient c1 cas x 1 2 -> ok\n"
                  "client c1 cas x 1 3 -> fail\n"
             "client c2 read x -> 2\n"
             "client c1 append y 1 -> ok\nclient c1 append y \"b\" -> ok\n"
             "client c2 read y -> [1 \"b\"]\n"
             "expect key x = 2 on leader\n"
             "eventually state equal\n", V_PASS);
    comes_to(HEAD "expect leader within 2s\nisolate leader\nremember leader as old\n"
             "client c1 write x 1 at old timeout 1s -> unanswered\n", V_PASS);
    comes_to(HEAD "client c1 write x 1 -> 7\n", V_EXPECTATION);
    comes_to(HEAD "expect leader within 2s\npropose leader \"a\" \"b\"\n"
                  "expect applied \"a\" within 1s\n"
             "read-index at leader as r\n"
             "expect r index >= 2 within 1s\neventually all applied \"a\" \"b\"\n", V_PASS);
}

static void monitors_see_every_event(void **state)
{
    (void)state;
    comes_to(HEAD "campaign n1\nexpect leader n1 within 1s\nalways n1 term = 1\nwait 1s\n"
                  "restart n1\nwait 2s\n",
             V_EXPECTATION);
    comes_to(HEAD "never leader n2\ncampaign n2\nwait 1s\n", V_EXPECTATION);
    comes_to(HEAD "campaign n1\nexpect leader n1 within 1s\nalways undisturbed n1 term 1\n"
                  "isolate n3\nwait 5s\nheal\n"
             "wait 2s\n", V_PASS);
}

static void traps_crash_at_the_record(void **state)
{
    (void)state;
    comes_to(HEAD "crash n2 after next vote-reply to n1\ncampaign n1\nexpect n2 down within 1s\n",
             V_PASS);
    comes_to(HEAD "campaign n1\nexpect leader n1 within 1s\nwait 100ms\n"
                  "crash n2 during next write\n"
             "client c1 write x 1 at n1 -> ok\n"
             "expect n2 down\nexpect disk n2 log 1\nstart n2\nexpect n2 log 1 1 within 2s\n",
             V_PASS);
    refused(HEAD "crash n1 during next append\n", "only a write takes time");
}

static void schedules_keep_their_time(void **state)
{
    (void)state;
    comes_to(HEAD "at 1s: crash n1\nat 2s: start n1\nwait 1500ms\nexpect n1 down\nwait 1s\n"
                  "expect n1 up\n", V_PASS);
    comes_to(HEAD "every 100ms for 1s: client c1 append x 1\nwait 3s\n"
                  "client c2 read x -> [1 1 1 1 1 1 1 1 1 1 1]\n",
             V_PASS);
    refused(HEAD "at 1s: wait 2s\n", "cannot be scheduled");
    refused(HEAD "at 1s: client c1 write x 1 -> ok\n", "cannot be scheduled");
    refused(HEAD "at 1s: seed 4\n", "cannot be scheduled; it speaks of the whole run");
}

static void an_xfail_is_strict(void **state)
{
    (void)state;
    comes_to(HEAD "xfail expect \"no leader yet\"\nexpect leader\n", V_PASS);
    comes_to(HEAD "xfail early \"no leader yet\"\nexpect leader as early\n", V_PASS);
    comes_to(HEAD "xfail early \"never comes\"\nexpect n1 down\nexpect leader as early\n",
             V_EXPECTATION);
    comes_to(HEAD "xfail expect \"it passes\"\nwait 1s\n", V_EXPECTATION);
    refused(HEAD "xfail election-safty \"x\"\nwait 1s\n", "did you mean 'election-safety'?");
}

static void calm_runs_without_faults(void **state)
{
    (void)state;
    struct scenario *s = good(HEAD "expect leader within 2s\ncrash leader\nexpect no leader\n");
    assert_int_equal(play_seed(s, 0, 1, false).verdict, V_PASS);
    assert_int_equal(play_seed(s, 0, 1, true).verdict, V_EXPECTATION);
    scenario_free(s);
}

static void settle_and_step_move_time(void **state)
{
    (void)state;
    comes_to(HEAD "campaign n1\nsettle\nexpect leader n1\nstep 10\nexpect all log 1 within 1s\n",
             V_PASS);
    comes_to(HEAD "campaign n1\nexpect leader n1 within 1s\nsettle\npropose n1 \"a\"\nsettle\n"
             "expect all last-index = 2\n", V_PASS);
    comes_to(HEAD "link n1 -> n2 delay 1h\ncampaign n1\nsettle\nexpect leader n1\n", V_ERROR);
    comes_to(HEAD "campaign n1\nexpect leader n1 within 1s\nsettle\ndisk n2 stepwise\n"
                  "client c1 write x 1 at n1 -> ok\n"
             "expect disk n2 log 1\n"
             "expect n2 log 1 1\ndisk n2 complete\nexpect disk n2 log 1 1\n", V_PASS);
    comes_to(HEAD "disk n1 complete\nexpect n1 up\n", V_PASS);
    comes_to(HEAD "set prevote off\ndisk n1 stepwise\ncampaign n1\ndisk n1 complete 1 write\n"
                  "expect n1 up\n", V_PASS);
    comes_to(HEAD "set prevote off\ndisk n1 stepwise\ncampaign n1\ndisk n1 complete 2 writes\n"
                  "expect n1 up\n",
             V_EXPECTATION);
    comes_to(HEAD "disk n1 fail pending write\nwait 1s\nexpect n1 up\n", V_EXPECTATION);
}

static void a_budget_ends_inconclusive(void **state)
{
    (void)state;
    comes_to(HEAD "budget 1s\nwait 2s\nexpect n1 up\n", V_INCONCLUSIVE);
    comes_to(HEAD "budget 100s events 50\nwait 20s\nexpect n1 up\n", V_INCONCLUSIVE);
}

static void counts_begin_at_the_beginning(void **state)
{
    (void)state;
    comes_to(HEAD "campaign n1\nexpect leader n1 within 1s\nwait 1s\nexpect elections <= 1\n"
             "expect messages vote from n1 = 2\n"
             "expect messages append from n2 <= 0\n", V_PASS);
}

static void a_storm_heals_and_makes_progress(void **state)
{
    (void)state;
    comes_to("wavetank 1\nnodes n1..n5\nchaos 5s\n  crash 0.5/s restart after 100ms..1s\n"
             "  partition any every 1s..2s heal after 0.5s..1s weight 3\n"
             "  link loss 0%..5%\n  clock drift 0..1%\n"
             "  workload w clients 3 keys 2 mix read 50% write 40% cas 10% rate 100/s timeout "
             "500ms retry 3 unique-values\n"
             "  then heal and expect progress within 10s\nend\n", V_PASS);
    comes_to("wavetank 1\nnodes n1..n3\nchaos 2s\n  pause any every 200ms..400ms for 100ms\n"
             "  then heal and expect progress within 10s\nend\n", V_PASS);
    refused(HEAD "chaos 1s\n then heal\n crash 1/s\nend\n", "nothing follows `then`");
    refused(HEAD "chaos 1s\n link loss 0%..5% every 1s\nend\n", "is set once for the whole block");
}

/* ---- tables ---- */

static void every_example_of_the_tables_is_read(void **state)
{
    (void)state;
    static const char *const open[] = {"branch", "repeat", "define", "chaos", "trace expect"};
    char text[1000];
    for (const struct table_row *v = verbs_table(); v->name; v++) {
        if (!strcmp(v->name, "end") || !strcmp(v->name, "do") || !strcmp(v->name, "include"))
            continue;
        bool block = false, head = !strcmp(v->name, "wavetank") || !strcmp(v->name, "nodes");
        for (size_t i = 0; i < sizeof open / sizeof *open; i++)
            block = block || !strcmp(v->example, open[i]) || !strcmp(v->name, open[i]);
        const char *rest = !strcmp(v->name, "repeat") ? "\nrun 1s\nend" : "\nend";
        if (!strcmp(v->name, "branch") && *v->sub) rest = "\nbranch other drawn\nend";
        bool varied = !strcmp(v->name, "variants") || !strcmp(v->name, "when");
        snprintf(text, sizeof text, "%s%s%s%s\nalways n1 up\n",
                 head ? "" : !strcmp(v->name, "voters")
                     ? "wavetank 1\nnodes n1..n5\ngroups g1..g2\n"
                     : "wavetank 1\nnodes n1..n5\ntrace show log\nhold next append as late\n",
                 varied ? "matrix prevote off on\n" : "", v->example,
                 block ? rest : "");
        if (!strcmp(v->name, "nodes"))
            snprintf(text, sizeof text, "wavetank 1\n%s\nalways n1 up\n", v->example);
        if (!strcmp(v->name, "wavetank"))
            snprintf(text, sizeof text, "%s\nnodes n1..n3\nalways n1 up\n", v->example);
        scenario_free(good(text));
    }
    for (const struct table_row *a = asserts_table(); a->name; a++) {
        bool timed = strstr(a->example, "within") != NULL;
        snprintf(text, sizeof text,
                 HEAD "hold next append as h1\nclient c1 read x at n1 as r1\nexpect %s\n",
                 a->example);
        scenario_free(good(text));
        snprintf(text, sizeof text,
                 HEAD "hold next append as h1\nclient c1 read x at n1 as r1\nalways %s\n",
                 a->example);
        if (!timed) scenario_free(good(text));
    }
}

int main(void)
{
    const struct CMUnitTest sim_lang[] = {
        cmocka_unit_test(an_error_names_its_place_and_a_way_out),
        cmocka_unit_test(all_errors_of_a_file_are_told_up_to_twenty),
        cmocka_unit_test(a_scenario_must_assert_something),
        cmocka_unit_test(what_is_no_scenario_is_refused),
        cmocka_unit_test(growth_is_bounded),
        cmocka_unit_test(options_reach_the_plan),
        cmocka_unit_test(the_command_line_has_the_last_word),
        cmocka_unit_test(nodes_are_numbered_without_gaps),
        cmocka_unit_test(variants_are_a_product_and_have_names),
        cmocka_unit_test(macros_and_repeats_put_values_in),
        cmocka_unit_test(header_comments_say_what_is_proved),
        cmocka_unit_test(a_failed_expect_says_where_and_what_was_seen),
        cmocka_unit_test(conditions_wait_as_long_as_they_may),
        cmocka_unit_test(a_client_waits_for_its_answer),
        cmocka_unit_test(monitors_see_every_event),
        cmocka_unit_test(traps_crash_at_the_record),
        cmocka_unit_test(schedules_keep_their_time),
        cmocka_unit_test(an_xfail_is_strict),
        cmocka_unit_test(calm_runs_without_faults),
        cmocka_unit_test(settle_and_step_move_time),
        cmocka_unit_test(a_budget_ends_inconclusive),
        cmocka_unit_test(counts_begin_at_the_beginning),
        cmocka_unit_test(a_storm_heals_and_makes_progress),
        cmocka_unit_test(every_example_of_the_tables_is_read),
    };
    return cmocka_run_group_tests(sim_lang, NULL, NULL);
}
