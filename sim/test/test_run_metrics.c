/* SPDX-License-Identifier: MIT */
/* Latency samples: what counts as the loss of a leader, and from when to when operations
 * are measured. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../run/run.h"

/* What a test wants to know of a run beside its result: moments, as records tell them. */
struct seen {
    uint64_t crash, pause, cut;         /* the first; cut: the first message dropped at a cut */
    uint64_t first_term, second_commit; /* the first leader's term, and the first commit of a leader
                                           of a later term */
    uint64_t invoked, returned;
};

static void listen(void *ctx, const struct world *w, const struct record *r)
{
    struct seen *s = ctx;
    (void)w;
    if (r->kind == REC_CRASH && s->crash == 0)
        s->crash = r->at;
    if (r->kind == REC_PAUSE && s->pause == 0)
        s->pause = r->at;
    if (r->kind == REC_DROP && rec_dropped(r) == DROP_CUT && s->cut == 0)
        s->cut = r->at;
    if (r->kind == REC_COMMIT && rec_role(r) == SUT_LEADER && s->first_term == 0)
        s->first_term = r->term;
    if (r->kind == REC_COMMIT && rec_role(r) == SUT_LEADER && r->term > s->first_term &&
        s->second_commit == 0)
        s->second_commit = r->at;
    if (r->kind == REC_INVOKE && s->invoked == 0)
        s->invoked = rec_intended(r);
    if (r->kind == REC_RETURN)
        s->returned = r->at;
}

static struct result result;

static void play(const char *text, struct seen *seen)
{
    static struct arena *block;
    if (block == NULL)
        block = run_block();
    assert_non_null(block);
    memset(seen, 0, sizeof(*seen));
    struct scenario *s = scenario_load("test", text, strlen(text), NULL, 0, stderr);
    assert_non_null(s);
    struct run run = {.scenario = s, .seed = 5, .play = {.until = NEVER}, .listener = listen,
                      .listener_ctx = seen};
    run_once(&run, block, &result);
    if (result.verdict != V_PASS)
        print_error("%s: %s\n", result.check, result.detail);
    assert_int_equal(result.verdict, V_PASS);
    scenario_free(s);
}

#define THREE_NODES                                                                                \
    "wavetank 1\nscenario \"t\"\nnodes n1..n3\ncampaign n1\n"                                     \
    "expect leader n1 term 1 within 1s\nwait 200ms\n"

static const struct hist *elections(void) { return &result.latency[METRIC_ELECTION]; }

static void a_crashed_leader_is_lost_when_it_crashes(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "crash n1\nexpect n2 n3 term >= 2 within 3s\nwait 1s\n"
                     "expect exactly-one leader\n", &s);
    assert_true(elections()->n == 1 && elections()->max == s.second_commit - s.crash);
    assert_true(elections()->max > 100000000);
}

static void a_leader_cut_off_is_lost_at_its_last_contact(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "isolate n1\nwait 2s\nexpect n1 precandidate\n", &s);
    uint64_t from_cut = s.second_commit - s.cut;
    assert_int_equal(elections()->n, 1);
    /* s.cut is the first heartbeat that was lost; the last answered one went out one interval
     * before it */
    assert_true(elections()->max > from_cut && elections()->max <= from_cut + 31000000);
}

static void a_paused_leader_is_lost_when_it_pauses(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "pause n1\nwait 2s\nresume n1\nwait 500ms\nexpect n1 follower\n", &s);
    assert_true(elections()->n == 1 && elections()->max == s.second_commit - s.pause);
}

static void a_leader_that_commits_again_was_never_lost(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES
         "pause n1\nwait 50ms\nresume n1\nclient c1 write x 1 at n1 -> ok\nwait 20s\n"
         "expect leader n1 term 1\n",
         &s);
    assert_int_equal(elections()->n, 0);
}

static void the_first_leader_is_no_sample(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "expect leader n1\n", &s);
    assert_int_equal(elections()->n, 0);
}

static void a_loss_without_a_successor_is_a_timeout(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "crash n1 n2\nwait 11s\nexpect no leader\n", &s);
    assert_true(elections()->n == 1 && elections()->timeouts == 1);
}

static void an_operation_counts_from_its_intended_time(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "client c1 write x 1 at n1 -> ok\n", &s);
    const struct hist *commits = &result.latency[METRIC_COMMIT];
    assert_true(commits->n == 1 && commits->max == s.returned - s.invoked && commits->max > 0);
}

static void operations_behind_a_slow_one_wait_from_their_own_time(void **state)
{
    (void)state;
    struct seen s;
    /* one client, an operation each 10 ms, and a disk that stands still for a second: a hundred are
     * late, not one */
    play(THREE_NODES "workload w clients 1 keys 1 mix write 100% rate 100/s for 2s\nwait 500ms\n"
                     "disk all stall\nwait 1s\ndisk all resume\nwait 3s\nexpect log equal all\n",
         &s);
    const struct hist *commits = &result.latency[METRIC_COMMIT];
    assert_true(commits->n > 150 && commits->timeouts == 0);
    assert_true(hist_percentile(commits, 600000) > 300000000);
}

static void reads_are_of_the_kind_that_is_set(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        int metric;
    } kinds[] = {{"read-index", METRIC_READ_INDEX}, {"lease", METRIC_READ_LEASE},
                 {"log", METRIC_READ_LOG}};
    for (int i = 0; i < 3; i++) {
        char text[512];
        struct seen s;
        snprintf(text, sizeof(text),
                 "wavetank 1\nscenario \"t\"\nnodes n1..n3\nset reads %s\ncampaign n1\n"
                 "expect leader n1 within 1s\nclient c1 read x at n1 -> ok\n",
                 kinds[i].set);
        play(text, &s);
        for (int m = METRIC_READ_INDEX; m <= METRIC_READ_LOG; m++)
            assert_int_equal(result.latency[m].n, m == kinds[i].metric);
    }
}

static void what_timed_out_or_is_overdue_is_a_timeout(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "isolate n1\nclient c1 write x 1 at n1 timeout 300ms\n"
                     "client c2 write x 2 at n1\nwait 3s\nexpect n1 precandidate\n",
         &s);
    const struct hist *commits = &result.latency[METRIC_COMMIT];
    assert_true(commits->n == 2 && commits->timeouts == 2);
}

static void recovery_is_from_asking_for_progress_until_it_is_made(void **state)
{
    (void)state;
    struct seen s;
    play("wavetank 1\nscenario \"t\"\nnodes n1..n3\nexpect progress within 5s\nwait 1s\n"
         "expect progress within 5s\n", &s);
    const struct hist *h = &result.latency[METRIC_RECOVERY];
    assert_true(h->n == 2 && h->timeouts == 0);
    /* the first waited for an election, the second for nothing but the disks and the links */
    assert_in_range(h->max, MS(100), SEC(1));
    assert_true(hist_percentile(h, 500000) < MS(20));
}

static void progress_that_missed_its_bound_counts_as_a_timeout(void **state)
{
    (void)state;
    struct seen s;
    play("wavetank 1\nscenario \"t\"\nnodes n1..n3\nxfail progress \"nobody can lead so fast\"\n"
         "expect progress within 1ms\n", &s);
    const struct hist *h = &result.latency[METRIC_RECOVERY];
    assert_true(h->n == 1 && h->timeouts == 1);
}

static void a_run_that_asked_for_no_progress_has_no_recovery(void **state)
{
    (void)state;
    struct seen s;
    play(THREE_NODES "expect leader n1\n", &s);
    assert_int_equal(result.latency[METRIC_RECOVERY].n, 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crashed_leader_is_lost_when_it_crashes),
        cmocka_unit_test(a_leader_cut_off_is_lost_at_its_last_contact),
        cmocka_unit_test(a_paused_leader_is_lost_when_it_pauses),
        cmocka_unit_test(a_leader_that_commits_again_was_never_lost),
        cmocka_unit_test(the_first_leader_is_no_sample),
        cmocka_unit_test(a_loss_without_a_successor_is_a_timeout),
        cmocka_unit_test(an_operation_counts_from_its_intended_time),
        cmocka_unit_test(operations_behind_a_slow_one_wait_from_their_own_time),
        cmocka_unit_test(reads_are_of_the_kind_that_is_set),
        cmocka_unit_test(what_timed_out_or_is_overdue_is_a_timeout),
        cmocka_unit_test(recovery_is_from_asking_for_progress_until_it_is_made),
        cmocka_unit_test(progress_that_missed_its_bound_counts_as_a_timeout),
        cmocka_unit_test(a_run_that_asked_for_no_progress_has_no_recovery),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_run_metrics", tests, NULL, NULL);
}
