/* SPDX-License-Identifier: MIT */
/* A variant is what its name says: nothing in the file, and no setting, makes it another. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "played.h"


#define VARIED HEAD "matrix prevote off on\n"
#define END "expect no leader\n"

static struct scenario *load_as(const char *text, const struct setting *set, uint32_t n,
                                const char *variant)
{
    memset(said, 0, sizeof said);
    FILE *err = fmemopen(said, sizeof said - 1, "w");
    assert_non_null(err);
    struct scenario *s = scenario_read(&(struct scenario_input){
        .path = "t.scn", .text = text, .len = strlen(text), .settings = set, .nsettings = n,
        .variant = variant, .err = err});
    fclose(err);
    return s;
}

static void refused_set(const char *text, const char *key, const char *value, const char *complaint)
{
    struct setting set = {key, value};
    if (load_set(text, &set, 1)) fail_msg("not refused with %s=%s:\n%s", key, value, text);
    if (!strstr(said, complaint)) fail_msg("wanted %s\nsaw %s", complaint, said);
}

static uint32_t chosen(const struct scenario *s)
{
    uint32_t n = 0;
    for (uint32_t v = 0; v < scenario_variants(s); v++) n += scenario_chosen(s, v);
    return n;
}

/* The value of a number among the core's options at a node. */
static uint64_t option_of(const struct scenario *s, uint32_t variant, uint32_t node,
                          const char *name)
{
    const struct world_plan *plan = scenario_plan(s, variant);
    const struct option_row *row = plan->sut->options;
    while (strcmp(row->name, name) != 0) row++;
    return plan->sut_options[node][row->offset / sizeof(uint64_t)];
}

/* ---- the file ---- */

static void what_was_put_in_before_its_matrix_does_not_vary(void **state)
{
    (void)state;
    refused(HEAD "param beat default 30ms\nset heartbeat $beat\nmatrix beat 30ms 40ms\n" END,
            "t.scn:5:8: error: 'beat' varies from here on only; write the matrix above what "
            "follows it");
    assert_non_null(strstr(said, "t.scn:4:15: note: what is put in here does not vary"));
    refused(HEAD "param x default off\ndefine pre(X)\n  set prevote $X\nend\ndo pre($x)\n"
            "matrix x off on\n" END, "t.scn:8:8: error: 'x' varies from here on only");
    assert_non_null(load_set(HEAD "param x default 30ms\nrepeat 2\n  matrix x 30ms 40ms\n"
                             "  set heartbeat $x\nend\n" END, NULL, 0));
    assert_non_null(load_set(HEAD "param x default 1s\nmatrix x $x 2s\nwait $x\n" END, NULL, 0));
    refused_set(HEAD "param x default off\nmatrix x off on\nset prevote $x on n1\n" END, "prevote",
                "on", "--set prevote=on: error: no variant has this everywhere; leave it out, or "
                "set what varies it");
}

static void what_is_set_twice_is_shown_twice(void **state)
{
    (void)state;
    refused(VARIED "set prevote off\n" END, "t.scn:4:13: error: 'prevote' is set twice");
    assert_non_null(strstr(said, "t.scn:3:8: note: it varies here\n    matrix prevote off on\n"));
    refused(HEAD "set prevote off\nmatrix prevote off on\n" END,
            "t.scn:4:8: error: 'prevote' is set twice");
    assert_non_null(strstr(said, "t.scn:3:13: note: it is set here\n    set prevote off\n"));
    refused(VARIED "matrix prevote on off\n" END, "t.scn:4:8: error: 'prevote' is set twice");
    refused(VARIED "branch A\nset prevote off\nbranch B\nend\n" END, "t.scn:5:13: error");
    refused(VARIED "define f\nset prevote on\nend\ndo f\n" END, "t.scn:5:13: error");
    refused(HEAD "set heartbeat 20ms\nset heartbeat 30ms\n" END, "t.scn:4:15: error");
    refused(HEAD "set heartbeat 20ms on n1 n2\nset heartbeat 30ms on n2\n" END,
            "t.scn:4:15: error");
    refused(HEAD "set heartbeat 20ms on n1\nset heartbeat 30ms\n" END,
            "set twice; write what is for all nodes before it");
    refused(HEAD "param h default 20ms\nmatrix h 20ms 30ms\nset heartbeat $h\nset heartbeat 20ms\n"
            END, "t.scn:6:15: error: 'heartbeat' is set twice");
    refused(HEAD "param h default 20ms\nmatrix h 20ms 30ms\nset heartbeat $h\n"
            "matrix heartbeat 20ms 30ms\n" END, "t.scn:6:8: error: 'heartbeat' is set twice");
    refused(VARIED "set prevote off on n1\nset prevote off on n2 n3\n" END,
            "t.scn:5:13: error: with this each node has a 'prevote' of its own");
    refused(HEAD "seed 1\nseed 2\n" END, "t.scn:4:6: error: the seed is said twice");
    refused(HEAD "budget 1s\nbudget 2s\n" END, "t.scn:4:8: error: the budget is said twice");
    refused(HEAD "wait 1s\nupgrade n1 set prevote on prevote off\n" END,
            "t.scn:4:35: error: 'prevote' is set twice");
    refused(HEAD "set link-delay 5ms on n1\n" END,
            "t.scn:3:20: error: link-delay is one for the whole world");
    scenario_free(good(HEAD "set prevote off\nset prevote off\nset batch 2\nset batch 4 on n1\n"
                       "set batch 8 on n2 n3\n" END));
    scenario_free(good(VARIED "set prevote off on n1\nrepeat 2\nmatrix batch 1 2\nend\n" END));
}

static void a_param_is_declared_and_varied_once(void **state)
{
    (void)state;
    refused(HEAD "param k default 1\nmatrix k 1 2\nparam k default 3\n" END,
            "t.scn:5:7: error: 'k' is a parameter already");
    assert_non_null(strstr(said, "t.scn:3:7: note: it is declared here"));
    refused(HEAD "param k default 1\nmatrix k 1 2\nmatrix k 3 4\n" END,
            "t.scn:5:8: error: 'k' is varied twice");
    refused(HEAD "param k default 1\nmatrix k 1 2\nparam j default $k\nmatrix j 3 4\n" END,
            "t.scn:6:8: error: 'j' is varied twice");
    refused(HEAD "repeat 2 as k\nmatrix k 1 2\nend\n" END, "stands for a counter");
    refused(VARIED "param prevote default on\n" END,
            "t.scn:4:7: error: 'prevote' is an option, which a matrix varies");
    refused(HEAD "param prevote default on\nmatrix prevote off on\n" END,
            "t.scn:4:8: error: 'prevote' is an option too, and only the parameter follows this");
    refused(HEAD "set prevote on\nparam prevote default on\nmatrix prevote off on\n" END,
            "only the parameter follows this");
    refused_set(HEAD "param prevote default on\n" END, "prevote", "off",
                "--set prevote=off: error: 'prevote' is an option too");
    scenario_free(good(HEAD "param prevote default on\nmatrix prevote off on\n"
                       "set prevote $prevote\n" END));
    scenario_free(good(HEAD "param disk default 5ms\nmatrix disk 5ms 20ms\n"
                       "disk n1 latency $disk\n" END));
}

static void every_variant_reads_the_same_axes(void **state)
{
    (void)state;
    refused(HEAD "param k default prevote\nmatrix k prevote stickiness\nmatrix $k off on\n" END,
            "t.scn:5:8: error: this says 'stickiness=off' here, and said 'prevote=off'");
    refused(HEAD "param k default 1\nmatrix k 1 2\nmatrix batch $k 4\n" END, "this says 'batch=2'");
    refused(HEAD "define f(O)\nmatrix $O off on\nend\ndo f(prevote)\ndo f(stickiness)\n" END,
            "this says 'stickiness=off'");
    refused(HEAD "param k default 0\nmatrix k 0 1\nrepeat $k\nmatrix batch 1 2\nend\n" END,
            "t.scn:6:8: error: only some variants read this matrix");
    refused(HEAD "param k default 1\nmatrix k 1 0\nrepeat $k\nbranch A\nbranch B\nend\nend\n" END,
            "t.scn:6:1: error: some variants do not read this");
    /* the limit is named, at the line that passes it */
    refused(HEAD "matrix max-inflight 1 2 3 4 5 6 7 8\nmatrix batch 1 2 3 4 5 6 7 8\n"
            "matrix max-entries-per-append 1 2 3 4 5 6 7 8 9 10 11 12\n" END,
            "t.scn:5:8: error: with this the file has 768 variants, and it may have at most 256");
    refused(HEAD "matrix max-inflight 1 2 3 4 5 6 7 8\nmatrix batch 1 2 3 4 5 6 7 8\n"
            "branch A\nbranch B\nbranch C\nbranch D\nbranch E\nend\n"
            "branch F\nbranch G\nend\n" END,
            "t.scn:5:1: error: with this the file has 320 variants, 640 with what follows");
    /* names are whole, however many axes there are */
    char text[4000] = HEAD;
    for (int i = 0; i < 8; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "param p%d default \"\"\nmatrix p%d \"%0120d\" \"%0119d1\"\n", i, i, 0, 0);
    struct scenario *s = good(strcat(text, END));
    for (uint32_t v = 1, at; v < 256; v++)
        assert_true(scenario_variant_find(s, scenario_variant_name(s, v), &at) && at == v);
    scenario_free(s);
}

static void each_variant_has_its_own_seed(void **state)
{
    (void)state;
    struct scenario *s = good(HEAD "branch A\nseed 5\nbranch B\nseed 7\nend\n" END);
    uint64_t seed = 0;
    assert_true(scenario_seed(s, 0, &seed) && seed == 5);
    assert_true(scenario_seed(s, 1, &seed) && seed == 7);
    scenario_free(s);
}

/* ---- options that do not go together ---- */

static void the_last_of_those_that_do_not_fit_is_to_blame(void **state)
{
    (void)state;
    refused(HEAD "set heartbeat 200ms\nset prevote off\nset batch 3\n" END,
            "t.scn:3:15: error: these options do not fit together: heartbeat is not below the "
            "minimum election-timeout; election-timeout is 150ms..300ms by default\n");
    refused(HEAD "set election-timeout 180ms\nset prevote off\nset heartbeat 200ms\nset batch 3\n"
            END, "t.scn:5:15: error");
    assert_non_null(strstr(said, "t.scn:3:22: note: election-timeout is set here\n"));
    refused(HEAD "set heartbeat 160ms\nset election-timeout 155ms on n2\nset batch 3\n" END,
            "t.scn:3:15: error");
    refused(HEAD "set election-timeout 200ms\nset heartbeat 160ms\n"
            "set election-timeout 155ms on n2\nset batch 3\n" END,
            "t.scn:5:22: error: the options of n2 do not fit together");
    refused(HEAD "set check-quorum off\nset reads lease\nset prevote off\n" END,
            "t.scn:4:11: error: these options do not fit together: reads that are lease need");
    assert_non_null(strstr(said, "t.scn:3:18: note: check-quorum is set here\n"));
    refused(HEAD "set leases on\nset election-timeout 200ms on n3\nset prevote off\n" END,
            "t.scn:4:22: error: the options of n1 and n3 do not fit together");
    assert_non_null(strstr(said, "t.scn:3:12: note: leases is set here\n"));
    refused(HEAD "matrix check-quorum on off\nset leases on\nset batch 3\n" END,
            "t.scn:4:12: error: these options do not fit together, in variant check-quorum=off: ");
    refused(HEAD "matrix check-quorum on off\nset leases on\nset batch 3\n" END,
            "t.scn:3:24: note: check-quorum is set here\n");
    refused_set(HEAD "matrix stickiness on off\nset batch 3\n" END, "leases", "on",
                "--set leases=on: error: these options do not fit together, in variant "
                "stickiness=off: leases need stickiness\n");
    /* what nobody is left with need not fit */
    scenario_free(good(HEAD "set election-timeout 20ms\nset election-timeout 1s on n1..n3\n" END));
}

/* ---- settings ---- */

static void a_setting_chooses_among_variants(void **state)
{
    (void)state;
    struct setting set[] = {{"heartbeat", "0.04s"}, {"batch", "4"}};
    static const char text[] = HEAD "matrix heartbeat 20ms 40ms\nset batch 2\nset batch 3 on n1\n"
                                    END;
    struct scenario *s = load_set(text, set, 2);
    assert_non_null(s);
    assert_int_equal(chosen(s), 1);
    assert_true(scenario_chosen(s, 1));
    assert_string_equal(scenario_variant_name(s, 1), "heartbeat=40ms");
    assert_int_equal(scenario_plan(s, 1)->host[1].batch, 4);    /* the last word */
    assert_int_equal(scenario_plan(s, 1)->host[2].batch, 4);
    scenario_free(s);
    refused_set(text, "heartbeat", "30ms",
                "--set heartbeat=30ms: error: no variant has this value; it has 20ms, 40ms\n"
                "t.scn:3:");
    refused_set(HEAD "param h default 20ms\nmatrix h 20ms 40ms\nset heartbeat $h\n" END,
                "heartbeat", "30ms", "no variant has this value; it has 20ms, 40ms");
    refused_set(HEAD "param h default 20ms\nmatrix h 20ms 40ms\nset heartbeat $h\n" END, "h",
                "30ms", "no variant has this value; it has 20ms, 40ms");
    refused_set(VARIED END, "prevot", "on", "did you mean 'prevote'?");
    refused_set(HEAD "matrix prevote off on\nbranch A\nparam h default 1s\nbranch B\nend\n" END,
                "hh", "3s", "no option or param 'hh'");
    /* variants that are left out need not go together with other settings */
    struct setting more[] = {{"leases", "on"}, {"check-quorum", "on"}};
    static const char two[] = VARIED "matrix check-quorum off on\n" END;
    assert_null(load_set(two, more, 1));
    s = load_set(two, more, 2);
    assert_non_null(s);
    assert_int_equal(chosen(s), 2);
    scenario_free(s);
    s = load_as(two, more, 1, "prevote=on/check-quorum=on");
    assert_non_null(s);
    assert_int_equal(chosen(s), 1);
    scenario_free(s);
    assert_null(load_as(two, more + 1, 1, "prevote=on/check-quorum=off"));
    assert_non_null(strstr(said, "--set check-quorum=on: error: variant "
                                 "prevote=on/check-quorum=off has another value"));
    /* a param that only one branch has */
    struct setting hold = {"hold", "3s"};
    s = load_set(HEAD "branch A\nparam hold default 1s\nwait $hold\nbranch B\nend\n" END, &hold, 1);
    assert_non_null(s);
    assert_int_equal(chosen(s), 2);
    scenario_free(s);
}

/* ---- variants that may be equal ---- */

static void the_file_says_which_variants_may_be_equal(void **state)
{
    (void)state;
    struct scenario *s = good(VARIED "matrix batch 1 2\n"
                              "variants of prevote may be equal because \"x\"\n"
                              "branch A\nbranch B\nbranch C\nend\n"
                              "variants of A B may be equal because \"y\"\n" END);
    /* prevote/batch/branch: 12 variants, the branch turns fastest */
    assert_true(scenario_may_be_equal(s, 0, 6));        /* prevote alone */
    assert_false(scenario_may_be_equal(s, 0, 3));       /* batch alone */
    assert_false(scenario_may_be_equal(s, 0, 9));       /* both */
    assert_true(scenario_may_be_equal(s, 0, 1));        /* A and B */
    assert_false(scenario_may_be_equal(s, 0, 2));       /* A and C */
    assert_false(scenario_may_be_equal(s, 0, 7));       /* each by another line */
    scenario_free(s);
    s = good(VARIED "variants may be equal because \"x\"\n" END);
    assert_true(scenario_may_be_equal(s, 0, 1));
    scenario_free(s);
    refused(HEAD "variants may be equal because \"x\"\n" END, "this file has no variants");
    refused(VARIED "variants of prevot may be equal because \"x\"\n" END,
            "did you mean 'prevote'?");
    refused(VARIED "variants prevote may be equal because \"x\"\n" END, "t.scn:4:10: error");
    refused(VARIED "variants of prevote may be equal\n" END, "expected 'because'");
    refused(VARIED "variants of may be equal because \"x\"\n" END, "t.scn:4:13: error");
}

/* ---- the property ---- */

/* What the generator knows: options whose values are numbers as written, so that a name can be
 * compared with a plan. */
static const char *const names[] = {"max-inflight", "max-entries-per-append", "max-bytes"};
enum { NAMES = 3, VALUES = 3, ROUNDS = 300 };

static uint32_t drawn(uint64_t *seed, uint32_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % n;
}

struct sample { char text[2000]; struct setting set[NAMES]; char value[NAMES][8]; uint32_t nset; };

static void generate(struct sample *g, uint64_t *seed)
{
    size_t n = (size_t)snprintf(g->text, sizeof g->text, HEAD);
    g->nset = 0;
    for (uint32_t i = 0; i < NAMES; i++) {
        const uint32_t a = 1 + drawn(seed, VALUES), b = 1 + (a + drawn(seed, 2)) % 4;
        static const char *const forms[] = {
            "",
            "set %s %u\n",
            "matrix %s %u %u\n",
            "param p%4$u default 1\nmatrix p%4$u %2$u %3$u\nset %1$s $p%4$u\n",
            "param p%4$u default %2$u\nset %1$s $p%4$u\n",
            "set %s %u\nset %1$s %3$u on n1\n",
            "matrix %s %u %u\nset %1$s 5 on n1\n"};
        const uint32_t form = drawn(seed, sizeof forms / sizeof *forms);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        n += (size_t)snprintf(g->text + n, sizeof g->text - n, forms[form], names[i], a, b, i);
#pragma GCC diagnostic pop
        if (drawn(seed, 2)) continue;
        snprintf(g->value[g->nset], sizeof g->value[0], "%u", 1 + drawn(seed, 4));
        g->set[g->nset] = (struct setting){names[i], g->value[g->nset]};
        g->nset++;
    }
    snprintf(g->text + n, sizeof g->text - n,
             "campaign n1\nclient c1 write x 1\nclient c2 write x 2\nwait 100ms\nexpect n1 up\n");
}

/* Every KEY=VALUE of a name that is an option stands in the plan, for all nodes but n1; and so
 * does every setting. */
static void is_as_told(const struct scenario *s, uint32_t v, const struct sample *g)
{
    for (uint32_t i = 0; i < NAMES; i++) {
        char key[60];
        snprintf(key, sizeof key, "%s=", names[i]);
        const char *at = strstr(scenario_variant_name(s, v), key);
        if (at)
            assert_int_equal(option_of(s, v, 2, names[i]), strtoul(at + strlen(key), NULL, 10));
        snprintf(key, sizeof key, "p%u=", i);
        if ((at = strstr(scenario_variant_name(s, v), key)))
            assert_int_equal(option_of(s, v, 2, names[i]), strtoul(at + strlen(key), NULL, 10));
    }
    for (uint32_t i = 0; i < g->nset; i++)
        assert_int_equal(option_of(s, v, 2, g->set[i].key), strtoul(g->set[i].value, NULL, 10));
}

static void a_variant_is_what_its_name_and_the_settings_say(void **state)
{
    (void)state;
    uint64_t seed = 8;
    uint32_t refusals = 0, runs = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct sample g;
        generate(&g, &seed);
        struct scenario *s = load_set(g.text, g.set, g.nset);
        if (!s) {                       /* only for want of a variant */
            if (!strstr(said, "no variant has")) fail_msg("%s\n%s", g.text, said);
            refusals++;
            continue;
        }
        assert_true(chosen(s) > 0);
        for (uint32_t v = 0; v < scenario_variants(s); v++) {
            if (!scenario_chosen(s, v)) continue;
            is_as_told(s, v, &g);
            /* as the replay line has it: every setting, and the variant */
            struct scenario *again = load_as(g.text, g.set, g.nset, scenario_variant_name(s, v));
            assert_non_null(again);
            assert_int_equal(chosen(again), 1);
            struct result one = play_seed(s, v, round, false);
            struct result two = play_seed(again, v, round, false);
            assert_memory_equal(one.digest, two.digest, sizeof one.digest);
            scenario_free(again);
            runs++;
        }
        scenario_free(s);
    }
    assert_true(refusals > ROUNDS / 10 && runs > ROUNDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_in_before_its_matrix_does_not_vary),
        cmocka_unit_test(what_is_set_twice_is_shown_twice),
        cmocka_unit_test(a_param_is_declared_and_varied_once),
        cmocka_unit_test(every_variant_reads_the_same_axes),
        cmocka_unit_test(each_variant_has_its_own_seed),
        cmocka_unit_test(the_last_of_those_that_do_not_fit_is_to_blame),
        cmocka_unit_test(a_setting_chooses_among_variants),
        cmocka_unit_test(the_file_says_which_variants_may_be_equal),
        cmocka_unit_test(a_variant_is_what_its_name_and_the_settings_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
