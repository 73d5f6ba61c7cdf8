/* SPDX-License-Identifier: MIT */
/* A run over its simulated time: bins that reach to its end, operations where they belong, faults
 * for as long as they stood, whoever made them; and what the run was, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../run/run.h"

static struct result result;

static void play(const char *text)
{
    static struct arena *block;
    if (block == NULL)
        block = run_block();
    assert_non_null(block);
    struct scenario *s = scenario_load("test", text, strlen(text), NULL, 0, stderr);
    assert_non_null(s);
    struct run run = {.scenario = s, .seed = 5, .play = {.until = NEVER}};
    run_once(&run, block, &result);
    if (result.verdict != V_PASS)
        print_error("%s: %s\n", result.check, result.detail);
    assert_int_equal(result.verdict, V_PASS);
    scenario_free(s);
    assert_true(timeline_whole(&result.timeline, result.simulated_ns));
}

#define THREE_NODES                                                                                \
    "wavetank 1\nscenario \"t\"\nnodes n1..n3\ncampaign n1\nexpect leader n1 within 50ms\n"

static uint64_t stood(enum trouble k)
{
    uint64_t ns = 0;
    for (uint32_t i = 0; i < TIMELINE_BINS; i++)
        ns += result.timeline.trouble[k][i];
    return ns;
}

static uint64_t sum(const uint32_t bins[TIMELINE_BINS])
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < TIMELINE_BINS; i++)
        n += bins[i];
    return n;
}

static void steps_tile_the_range(void **state)
{
    (void)state;
    for (uint32_t k = 0; k + 1 < TIMELINE_STEPS; k++) {
        assert_int_equal(timeline_step(timeline_step_top(k)), k);
        assert_int_equal(timeline_step(timeline_step_top(k) + 1), k + 1);
    }
    assert_int_equal(timeline_step(0), 0);
    assert_int_equal(timeline_step(UINT64_MAX), TIMELINE_STEPS - 1);
}

static void bins_reach_to_the_end_and_are_no_wider_than_that(void **state)
{
    (void)state;
    play(THREE_NODES "wait 10s\n");
    const struct timeline *t = &result.timeline;
    assert_true(t->width * TIMELINE_BINS >= result.simulated_ns);
    assert_true(t->width * TIMELINE_BINS < 2 * result.simulated_ns);
    assert_int_equal(timeline_bins(t, result.simulated_ns),
                     (result.simulated_ns + t->width - 1) / t->width);
    play(THREE_NODES "wait 5ms\n");
    assert_int_equal(t->width, MS(TIMELINE_LEAST_MS));
}

static void widening_keeps_all(void **state)
{
    (void)state;
    static struct timeline t;
    memset(&t, 0, sizeof(t));
    t.width = MS(TIMELINE_LEAST_MS);
    for (uint32_t i = 0; i < TIMELINE_BINS; i++) {
        t.answered[SERIES_READ][i] = i;
        t.latency[SERIES_WRITE][i][7] = 2;
        t.trouble[TROUBLE_CUT][i] = 3;
    }
    uint64_t all = sum(t.answered[SERIES_READ]);
    assert_true(timeline_widen(&t));
    assert_int_equal(t.width, 2 * MS(TIMELINE_LEAST_MS));
    assert_int_equal(sum(t.answered[SERIES_READ]), all);
    assert_int_equal(t.answered[SERIES_READ][1], 2 + 3);
    assert_int_equal(t.latency[SERIES_WRITE][31][7], 4);
    assert_int_equal(t.latency[SERIES_WRITE][32][7], 0);
    assert_int_equal(t.trouble[TROUBLE_CUT][0], 6);
    while (timeline_widen(&t))
        continue;
    assert_int_equal(sum(t.answered[SERIES_READ]), all);
}

static void operations_stand_where_they_belong(void **state)
{
    (void)state;
    play(THREE_NODES "workload w clients 4 keys 4 mix read 50% write 50% rate 100/s for 2s timeout "
                     "1s retry 9\nwait 4s\n");
    const struct timeline *t = &result.timeline;
    assert_int_equal(sum(t->answered[SERIES_WRITE]) + sum(t->timeouts[SERIES_WRITE]),
                     result.latency[METRIC_COMMIT].n);
    assert_int_equal(sum(t->answered[SERIES_READ]) + sum(t->timeouts[SERIES_READ]),
                     result.latency[METRIC_READ_INDEX].n);
    assert_true(sum(t->answered[SERIES_WRITE]) > 50);
    for (uint32_t i = (uint32_t)(SEC(3) / t->width); i < TIMELINE_BINS; i++)
        assert_int_equal(t->answered[SERIES_WRITE][i] + t->answered[SERIES_READ][i], 0);
}

static void what_nobody_answers_is_a_timeout_when_it_was_meant(void **state)
{
    (void)state;
    play(THREE_NODES "wait 1s\npartition n1 | n2 | n3 | c1\nclient c1 write x 1 at n1\nwait 9s\n");
    const struct timeline *t = &result.timeline;
    assert_int_equal(sum(t->timeouts[SERIES_WRITE]), 1);
    assert_int_equal(t->timeouts[SERIES_WRITE][SEC(1) / t->width], 1);
}

/* What is said to stand for a second does so, to within what statements take. */
static void about(enum trouble k, uint64_t ns)
{
    if (stood(k) < ns || stood(k) > ns + MS(60))
        fail_msg("%s: %llu ns, wanted %llu", trouble_name(k), (unsigned long long)stood(k),
                 (unsigned long long)ns);
}

static void faults_count_for_as_long_as_they_stand(void **state)
{
    (void)state;
    static const struct {
        const char *statements;
        enum trouble kind;
    } cases[] = {
        {"crash n3\nwait 1s\nrestart n3\nwait 1s\n", TROUBLE_DOWN},
        {"pause n3\nwait 1s\nresume n3\nwait 1s\n", TROUBLE_PAUSE},
        {"isolate n3\nwait 1s\nheal\nwait 1s\n", TROUBLE_CUT},
        {"link all loss 10%\nwait 1s\nreliable all\nwait 1s\n", TROUBLE_LINK},
        {"disk n3 stall\nwait 1s\ndisk n3 resume\nwait 1s\n", TROUBLE_DISK},
        {"clock n3 freeze\nwait 1s\nclock n3 thaw\nclock n3 rate 1.0\nwait 1s\n", TROUBLE_CLOCK},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text), THREE_NODES "%s", cases[i].statements);
        play(text);
        about(cases[i].kind, SEC(1));
        for (int k = 0; k < TROUBLES; k++)
            if (k != (int)cases[i].kind)
                assert_int_equal(stood((enum trouble)k), 0);
    }
}

static void a_calm_run_has_no_trouble(void **state)
{
    (void)state;
    play("wavetank 1\nnodes n1..n5\nset disk-latency 5ms..20ms\nset link-delay 3ms\n"
         "wait until exactly-one leader within 5s\nwait 2s\n");
    for (int k = 0; k < TROUBLES; k++)
        assert_int_equal(stood((enum trouble)k), 0);
}

static void the_set_up_names_cluster_load_delays_and_timeouts(void **state)
{
    (void)state;
    play("wavetank 1\nnodes n1..n3\nset disk-latency 2ms\nset disk-latency 5ms..20ms on n2\n"
         "wait until exactly-one leader within 5s\n"
         "workload w clients 4 keys 4 mix read 25% write 75% rate 100/s for 1s timeout 1s retry 9\n"
         "wait 2s\n");
    assert_string_equal(result.setup,
                        "3 nodes; election-timeout 150ms..300ms; heartbeat 30ms; link-delay "
                        "500us..1500us; disk-latency 2ms, n2 5ms..20ms; 4 clients, 100 "
                        "operations/s, time-out 1s, 9 retries, 25% reads, 75% writes");
    play(THREE_NODES "workload w clients 1 keys 1 mix write 100% think 1ms..3ms ops 3\nwait 1s\n");
    assert_non_null(strstr(result.setup, "; 1 client that thinks 1ms..3ms, 100% writes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_tile_the_range),
        cmocka_unit_test(bins_reach_to_the_end_and_are_no_wider_than_that),
        cmocka_unit_test(widening_keeps_all),
        cmocka_unit_test(operations_stand_where_they_belong),
        cmocka_unit_test(what_nobody_answers_is_a_timeout_when_it_was_meant),
        cmocka_unit_test(faults_count_for_as_long_as_they_stand),
        cmocka_unit_test(a_calm_run_has_no_trouble),
        cmocka_unit_test(the_set_up_names_cluster_load_delays_and_timeouts),
    };
    return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
