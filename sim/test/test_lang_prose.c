/* SPDX-License-Identifier: MIT */
/* What the reference says in prose, where no row of a table and no scenario shows it. */
#define _GNU_SOURCE
#include "played.h"

#include "../trace/text.h"

#define CALM HEAD "set prevote off\nset election-timeout 5s..6s\n"
#define SLOW HEAD "set prevote off\nset election-timeout 10s..11s\n"
#define ELECT "campaign n1\nexpect leader n1 within 50ms\nsettle\n"
#define LEASE CALM "set reads lease\n" ELECT "wait 40ms\n"

static void any_is_clients_too(void **state)
{
    (void)state;
    comes_to(LEASE "drop all any from all to all for 20ms\nclient c1 read x at n1 as r1\n"
             "expect r1 = absent within 10ms\n", V_PASS);
    comes_to(LEASE "drop all any for 20ms\nclient c1 read x at n1 as r1\nwait 10ms\n"
             "expect r1 unanswered\n", V_PASS);
}

static void a_pinned_timeout_holds_for_the_wait_under_way(void **state)
{
    (void)state;
    comes_to(SLOW "wait 80ms\n"
             "pin-timeout n3 100ms\nexpect n3 role candidate within 21ms\n", V_PASS);
    /* n1's election begins n3's wait anew, and the pin is still there */
    comes_to(SLOW "pin-timeout n3 100ms\nwait 80ms\ncampaign n1\n"
             "expect leader n1 within 10ms\ncrash n1\nwait 80ms\n"
             "expect n3 role follower\nexpect n3 role candidate within 40ms\n", V_PASS);
}

static void settle_does_not_wait_for_these(void **state)
{
    (void)state;
    comes_to(LEASE "client c1 read x at n1 as r1\nsettle\nexpect r1 unanswered\n"
             "expect r1 = absent within 2ms\n", V_PASS);
    comes_to(CALM "hold all append as h\n" ELECT "expect held h = 2\n", V_PASS);
    comes_to(CALM ELECT "pause n2\npropose n1 \"a\"\nsettle\nexpect n2 last-index = 1\nresume n2\n"
             "expect n2 last-index = 2\n", V_PASS);
    comes_to(CALM ELECT "disk n2 stall\npropose n1 \"a\"\nsettle\nexpect n2 pending writes = 1\n",
             V_PASS);
}

static void settle_with_clients_waits_for_outcomes(void **state)
{
    (void)state;
    comes_to(LEASE "client c1 read x at n1 as r1\nclient c1 write x 1 at n1 as w1\n"
             "propose n1 \"a\"\nsettle with clients\nexpect r1 = absent\nexpect w1 ok\n", V_PASS);
    comes_to(CALM ELECT "isolate n1\nclient c1 write x 1 at n1 timeout 100ms as w1\n"
             "settle n1 with clients\nexpect w1 unanswered\nexpect n1 last-index = 2\n", V_PASS);
    comes_to(CALM ELECT "isolate n1\nclient c1 write x 1 at n1 as w1\n"
             "settle n2 n3 with clients except n2 - n3\nexpect w1 unanswered\n", V_PASS);
    struct result r = played(CALM ELECT "isolate n1\nclient c1 write x 1 at n1\n"
                             "client c1 write x 2 at n1\nsettle with clients\nexpect n1 up\n");
    assert_int_equal(r.verdict, V_ERROR);
    assert_string_equal(r.detail, "0 messages and writes are still under way, and 2 operations "
                                  "unanswered, after 60000 ms");
    refused(CALM "settle with clients\nexpect n1 up\n",
            "t.scn:5:13: error: no client has asked for anything yet; write settle");
    refused(CALM "client c1 read x\nsettle with\nexpect n1 up\n", "expected 'clients'");
}

/* The same run, once with the rule that sees a stale read first, and once without it. */
static void a_stale_read_is_read_fresh_before_it_is_linearizable(void **state)
{
    static const char slow[] =
        "set prevote off\nset reads lease\nset lease-drift-bound 1000ppm\nclock n1 rate 0.5\n"
        "campaign n1\nexpect leader n1 within 50ms\nclient c1 write x 1 at n1 -> ok\nsettle\n"
        "isolate n1\nwait 160ms\ncampaign n2\nexpect leader n2 within 100ms\n"
        "client c2 write x 2 at n2 -> ok\nwait 1ms\nclient c1 read x at n1 -> 1\n";
    char text[1000];
    (void)state;
    snprintf(text, sizeof text, HEAD "xfail read-fresh \"slow\"\n%s", slow);
    comes_to(text, V_PASS);
    snprintf(text, sizeof text, HEAD "xfail linearizable \"slow\"\n"
             "disable invariant read-fresh because \"it is first\"\n"
             "disable invariant lease-exclusivity because \"so is this\"\n%s", slow);
    comes_to(text, V_PASS);
}

static void comparisons_of_an_index_are_all_there(void **state)
{
    (void)state;
    comes_to(CALM ELECT "client c1 write x 1 at n1 as w1\nexpect w1 ok within 50ms\n"
             "expect w1 index = 2\nexpect w1 index <= 2\nexpect w1 index >= 2\n"
             "expect w1 index < 3\nexpect w1 index > 1\nexpect w1 index != 1\n", V_PASS);
}

static void releasing_all_that_is_held_ends_the_hold(void **state)
{
    (void)state;
    comes_to(CALM ELECT "hold all append from n1 to n2 as h\npropose n1 \"a\"\n"
             "expect held h = 1 within 5ms\nrelease h in order 1\npropose n1 \"b\"\nsettle\n"
             "expect held h = 0\n", V_PASS);
    comes_to(CALM ELECT "hold all append from n1 to n2 as h\npropose n1 \"a\"\nwait 2ms\n"
             "propose n1 \"b\"\nexpect held h = 2 within 5ms\nrelease h in order 1\n"
             "propose n1 \"c\"\nexpect held h >= 2 within 5ms\nwait 2ms\n", V_PASS);
}

/* Each statement in its words, those that others carry too; what is no text is made harmless. */
static char steps[2000];

static void hear_step(void *ctx, const struct world *w, const struct record *r)
{
    (void)ctx;
    const size_t n = strlen(steps);
    if (r->kind != REC_STEP) return;
    trace_sentence(w, r, steps + n, sizeof steps - n - 1);
    strcat(steps, "\n");
}

static void a_trace_has_the_words_of_each_statement(void **state)
{
    struct scenario *s = good(HEAD "define twice(N)\n  mark \"now $N\"\nend\nat 5ms: crash n2\n"
                              "repeat 2 as i\n  do twice(n$i)\nend\nwait   10ms   # long\n"
                              "phase \"a\tb\x7f\xff\xc3\xa9\"\nexpect n1 up within 0.5s\n");
    struct result out;
    struct run run = {.scenario = s, .seed = 1, .play = {.until = NEVER}, .listener = hear_step};
    struct arena *block = run_block();
    (void)state;
    assert_non_null(block);
    run_once(&run, block, &out);
    assert_string_equal(verdict_name(out.verdict), "pass");
    assert_string_equal(steps, "line 6: at 5ms: crash n2\nline 4: mark \"now n1\"\n"
                               "line 4: mark \"now n2\"\nline 10: wait 10ms\nline 6: crash n2\n"
                               "line 11: phase \"a\tb??\xc3\xa9\"\n"
                               "line 12: expect n1 up within 0.5s\n");
    scenario_free(s);
}

/* A loop's words stand where it asks: at its head, and again at its end, which has none that could
 * stand in a golden block. */
static void a_golden_block_tells_statements(void **state)
{
    (void)state;
    comes_to(HEAD "trace show statements\nrepeat until n2 down at most 9\n"
             "  repeat 2 as i\n    crash n$i\n  end\nend\n"
             "trace expect\n  repeat until n2 down at most 9\n  crash n1\n  crash n2\n"
             "  repeat until n2 down at most 9\nend\nexpect n3 up\n", V_PASS);
}

static void in_manual_time_no_timer_fires_of_itself(void **state)
{
    (void)state;
    comes_to(HEAD "manual time\nwait 1h\nexpect all term = 0\nexpect messages any = 0\n", V_PASS);
    comes_to(HEAD "campaign n1\nexpect leader n1 within 50ms\nsettle\nmanual time\nmark \"m\"\n"
             "wait 1h\nexpect leader n1\nexpect messages any since \"m\" = 0\n", V_PASS);
    /* at some nodes; until it is off, and then at once what is overdue; by a jump */
    comes_to(HEAD "manual time on n1 n2\nexpect n3 role precandidate within 1s\nwait 5s\n"
             "expect n1 role follower\n", V_PASS);
    comes_to(HEAD "manual time\nwait 10s\nmanual time off on n2\nrun 1ns\n"
             "expect n2 role precandidate\n", V_PASS);
    comes_to(HEAD "manual time\nwait 1ms\nclock n2 jump +1s\n"
             "expect n2 role precandidate\n", V_PASS);
    comes_to(HEAD "manual time\nrestart n2\npause n2\nresume n2\nclock n2 rate 2\nwait 5s\n"
             "expect all term = 0\nexpect n1 n2 n3 role follower\n", V_PASS);
    /* clocks show the time: stickiness has passed */
    comes_to(HEAD "manual time\ncampaign n1\nexpect leader n1 within 50ms\nsettle\n"
             "campaign n2 politely\nwait 50ms\nexpect leader n1\nwait 150ms\n"
             "campaign n2 politely\nexpect leader n2 within 50ms\n", V_PASS);
    /* clients' timers run, and what heals ends it */
    comes_to(HEAD "manual time\ncrash n1\nclient c1 read x at n1 timeout 100ms -> unanswered\n"
             "eventually leader within 2s\n", V_PASS);
    comes_to(HEAD "manual time\nchaos 1s\n  link delay 1ms..2ms\n"
             "  then heal and expect progress within 10s\nend\n", V_PASS);
    refused(HEAD "manual time off\nexpect n1 up\n",
            "t.scn:3:13: error: no manual time is on; write manual time above it");
    refused(HEAD "manual tiem\nexpect n1 up\n", "did you mean 'time'?");
    refused(HEAD "manual time on\nexpect n1 up\n", "expected nodes");
    refused(HEAD "manual time n1\nexpect n1 up\n", "here may stand off, on");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_is_clients_too),
        cmocka_unit_test(a_pinned_timeout_holds_for_the_wait_under_way),
        cmocka_unit_test(settle_does_not_wait_for_these),
        cmocka_unit_test(settle_with_clients_waits_for_outcomes),
        cmocka_unit_test(a_stale_read_is_read_fresh_before_it_is_linearizable),
        cmocka_unit_test(comparisons_of_an_index_are_all_there),
        cmocka_unit_test(a_trace_has_the_words_of_each_statement),
        cmocka_unit_test(a_golden_block_tells_statements),
        cmocka_unit_test(in_manual_time_no_timer_fires_of_itself),
        cmocka_unit_test(releasing_all_that_is_held_ends_the_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
