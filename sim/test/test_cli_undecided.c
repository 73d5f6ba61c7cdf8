/* SPDX-License-Identifier: MIT */
/* Runs that could not recover and inconclusive ones: reasons, shares, order. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/undecided.h"

static struct undecided sums;
static struct result run;

static void add(uint32_t voters, const char *unable, const char *inconclusive)
{
    memset(&run, 0, sizeof run);
    run.voters = voters;
    snprintf(run.unable, sizeof run.unable, "%s", unable ? unable : "");
    run.tally[CHECK_progress].judged = !unable && !inconclusive;
    if (inconclusive) {
        run.verdict = V_INCONCLUSIVE;
        snprintf(run.detail, sizeof run.detail, "%s", inconclusive);
    }
    undecided_add(&sums, &run);
}

static void expect_told(const char *want)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    assert_non_null(f);
    undecided_print(f, &sums);
    fclose(f);
    assert_string_equal(text, want);
    free(text);
    memset(&sums, 0, sizeof sums);
}

static void reasons_stand_in_order_and_small_clusters_apart(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++)
        add(3, NULL, NULL);
    add(5, "b", NULL);
    add(5, "a", NULL);
    add(4, "b", NULL);
    add(2, "a", NULL);
    add(1, NULL, "a budget");
    add(9, NULL, "a limit");
    expect_told("unable to recover: 3 of 304 runs of three voters and more (0.98 %): b 2, a 1; 1 "
                "of 2 others: a 1\n"
                "inconclusive: 1 of 304 runs of three voters and more (0.32 %): a limit 1; 1 of "
                "2 others: a budget 1\n");
}

static void nothing_is_told_where_nobody_was_to_recover(void **state)
{
    (void)state;
    expect_told("");
    add(3, NULL, NULL);
    sums.asked = false;
    expect_told("");
    add(3, NULL, "a budget");
    expect_told("inconclusive: 1 of 1 runs of three voters and more (100.00 %): a budget 1\n");
    add(1, NULL, NULL);
    expect_told("unable to recover: 0 of 0 runs of three voters and more (0.00 %)\n"
                "inconclusive: 0 of 0 runs of three voters and more (0.00 %)\n");
}

static void the_last_reason_stands_for_all_others(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        char why[8];
        snprintf(why, sizeof why, "%d", i);
        add(3, why, NULL);
    }
    assert_int_equal(sums.unable.n, REASONS_MAX);
    assert_string_equal(sums.unable.row[REASONS_MAX - 1].text, "others");
    assert_int_equal(sums.unable.row[REASONS_MAX - 1].many, 40 - (REASONS_MAX - 1));
    memset(&sums, 0, sizeof sums);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_stand_in_order_and_small_clusters_apart),
        cmocka_unit_test(nothing_is_told_where_nobody_was_to_recover),
        cmocka_unit_test(the_last_reason_stands_for_all_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
