/* SPDX-License-Identifier: MIT */
/* How failed runs are grouped and told: by their signature, the least seeds first, whoever finished
 * first, and not more than anybody reads; and what a signature is made of. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/cli.h"
#include "../cli/failures.h"
#include "../run/signature.h"

static bool add(struct failures *f, uint64_t seed, const char *path, const char *signature)
{
    char replay[64];
    snprintf(replay, sizeof(replay), "wavetank replay %s --seed %" PRIu64, path, seed);
    return failures_add(f, &(struct failure){.verdict = V_SAFETY, .seed = seed,
                                             .check = "promise-audit", .detail = "it is so",
                                             .signature = signature, .path = path,
                                             .replay = replay});
}

static char *told(struct failures *f, const char *where)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    failures_print(out, f, true, where);
    fclose(out);
    return text;
}

static uint32_t count(const char *text, const char *what)
{
    uint32_t n = 0;
    while ((text = strstr(text, what)) != NULL)
        n++, text++;
    return n;
}

static void a_group_is_a_signature(void **state)
{
    (void)state;
    struct failures f = {0};
    assert_true(add(&f, 3, "a.scn", "ack"));
    for (uint64_t seed = 4; seed < 50; seed++)
        assert_false(add(&f, seed, "a.scn", "ack"));
    assert_true(add(&f, 9, "a.scn", "vote")); /* of the same check and file, another defect */
    assert_false(add(&f, 1, "b.scn", "ack")); /* of another file, the same */
    char *text = told(&f, NULL);
    assert_int_equal(f.ngroups, 2);
    assert_non_null(strstr(text, "safety promise-audit in 2 scenarios: 48 runs, least seed 0x1\n"));
    assert_non_null(strstr(text, "safety promise-audit in a.scn: 1 run, least seed 0x9\n"));
    assert_int_equal(count(text, "replay: "), 49);
    assert_null(strstr(text, "more"));
    free(text);
    failures_free(&f);
}

static void what_is_told_is_bounded_and_of_the_least_seeds(void **state)
{
    (void)state;
    struct failures up = {0}, down = {0}, all = {.all = true};
    for (uint64_t i = 0; i < 1000; i++) {
        add(&up, i, "a.scn", "ack");
        add(&down, 999 - i, "a.scn", "ack");
        add(&all, i * 7 % 1000, "a.scn", "ack");
    }
    add(&up, 5000, "z.scn", "vote");
    add(&down, 5000, "z.scn", "vote");
    char *a = told(&up, "wavetank report r"), *b = told(&down, "wavetank report r");
    assert_string_equal(a, b);
    assert_int_equal(count(a, "replay: "), 100);
    assert_non_null(strstr(a, "--seed 98\n"));
    assert_null(strstr(a, "--seed 99\n"));
    assert_non_null(strstr(a, "  and 901 more\n"));
    assert_non_null(strstr(a, "--seed 5000\n")); /* every group has one */
    assert_non_null(strstr(a, "each of them is told by: wavetank report r\n"));
    assert_true(up.group[0].n <= 2 * FAILURES_TOLD);
    free(a);
    free(b);
    a = told(&all, NULL);
    assert_int_equal(count(a, "replay: "), 1000);
    free(a);
    failures_free(&up);
    failures_free(&down);
    failures_free(&all);
}

static void signatures_without_a_record(void **state)
{
    (void)state;
    char out[SIGNATURE_BYTES];
    struct result r = {.verdict = V_EXPECTATION, .check = "expect", .where = "dir/a:b.scn:12:8"};
    signature_plain(&r, "dir/a:b.scn", out);
    assert_string_equal(out, "expect at dir/a:b.scn:12");
    r = (struct result){.verdict = V_LIVENESS, .check = "progress"};
    signature_plain(&r, "a.scn", out);
    assert_string_equal(out, "progress in a.scn");
    r = (struct result){.verdict = V_INCONCLUSIVE, .check = "limit", .detail = "limit: memory"};
    signature_plain(&r, "a.scn", out);
    assert_string_equal(out, "limit: limit: memory");
}

/* The first record of a kind: its place. */
struct wanted { enum record_kind kind; uint64_t n, at; };

static void look_for(void *ctx, const struct world *w, const struct record *r)
{
    struct wanted *wanted = ctx;
    (void)w;
    wanted->n++;
    if (wanted->at == 0 && r->kind == wanted->kind)
        wanted->at = wanted->n;
}

/* The signature of a run whose rule is said to be broken at the first record of this kind. */
static void signature_at(enum record_kind kind, char out[SIGNATURE_BYTES])
{
    static const char text[] = "wavetank 1\nscenario \"t\"\nnodes n1..n3\nset reads lease\n"
                               "set unsafe-vote-after-restart on\n"
                               "campaign n1\nexpect leader n1 term 1 within 1s\n"
                               "client c1 write x 1 at n1 -> ok\nclient c1 read x at n1 -> 1\n";
    static struct result first, again;
    struct wanted wanted = {.kind = kind};
    struct scenario *s = scenario_load("t.scn", text, sizeof text - 1, NULL, 0, stderr);
    struct arena *block = must_block();
    struct run run = {.scenario = s, .seed = 7, .play = {.until = NEVER},
                      .listener = look_for, .listener_ctx = &wanted};
    run_once(&run, block, &first);
    assert_int_equal(first.verdict, V_PASS);
    first.verdict = V_SAFETY;
    first.nviolations = 1;
    first.violation[0] = (struct violation){.second = wanted.at, .way = 0x12};
    strcpy(first.check, "a-rule");
    signature_run(&run, block, &first, &again, out);
    assert_memory_equal(first.digest, again.digest, sizeof(first.digest));
    scenario_free(s);
}

static void signatures_of_the_record_at_which_a_rule_was_broken(void **state)
{
    (void)state;
    char out[SIGNATURE_BYTES];
    signature_at(REC_SEND, out);
    assert_string_equal(out, "a-rule: send prevote by precandidate (way 012), under "
                             "unsafe-vote-after-restart");
    signature_at(REC_COMMIT, out);
    assert_memory_equal(out, "a-rule: commit by leader (way 012)", 34);
    signature_at(REC_READ, out);
    assert_memory_equal(out, "a-rule: read by lease by leader (way 012)", 41);
    signature_at(REC_NONE, out); /* there is none: at the end */
    assert_memory_equal(out, "a-rule: seen at the end (way 012)", 33);
}

/* The diff that a replay line stands for, however the program is called. */
static void a_diff_is_the_replay_line_with_another_command(void **state)
{
    (void)state;
    static const char *const program[] = {"wavetank", "build/wavetank", "'/a replay b/wavetank'",
                                          "'it'\\''s replay x/wavetank'"};
    for (size_t i = 0; i < sizeof(program) / sizeof(program[0]); i++) {
        char replay[96], want[128], *text = NULL;
        size_t size;
        snprintf(replay, sizeof(replay), "%s replay x.scn --seed 0x7", program[i]);
        snprintf(want, sizeof(want), "%s diff x.scn --seed 0x7 --seed 0x7", program[i]);
        FILE *out = open_memstream(&text, &size);
        print_diff(out, replay, 7);
        fclose(out);
        assert_string_equal(text, want);
        free(text);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_a_signature),
        cmocka_unit_test(what_is_told_is_bounded_and_of_the_least_seeds),
        cmocka_unit_test(signatures_without_a_record),
        cmocka_unit_test(signatures_of_the_record_at_which_a_rule_was_broken),
        cmocka_unit_test(a_diff_is_the_replay_line_with_another_command),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_cli_failures", tests, NULL, NULL);
}
