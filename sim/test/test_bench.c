/* SPDX-License-Identifier: MIT */
/* The bench's judgement: a median below what is asked of it is NOT MET and counted, which is what
 * makes the bench end with 1; ratios compare like with like. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../bench/bench.h"

/* The table as it stands now. */
static char *table(uint32_t *missed)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    assert_non_null(f);
    *missed = figures_print(f);
    assert_int_equal(fclose(f), 0);
    return text;
}

static void what_is_not_met_is_said_and_counted(void **state)
{
    (void)state;
    uint32_t missed;
    bench_note(FIG_loaded5_flatness, 800);
    bench_note(FIG_loaded5_flatness, 950);
    bench_note(FIG_loaded5_flatness, 100); /* the median counts */
    free(table(&missed));
    assert_int_equal(missed, 0);
    bench_note(FIG_loaded5_flatness, 100);
    bench_note(FIG_loaded5_flatness, 799);
    char *text = table(&missed);
    assert_int_equal(missed, 1);
    assert_non_null(strstr(text, "at least 0.800: NOT MET"));
    free(text);
    for (int i = 0; i < 3; i++)
        bench_note(FIG_loaded5_flatness, 801);
    free(table(&missed));
    assert_int_equal(missed, 0);
}

static void scaled_targets_follow_the_floor(void **state)
{
    (void)state;
    uint32_t missed;
    bench_note(FIG_fork5_us, 30000); /* 20 us are asked of a machine whose floor is 55 ns */
    bench_note(FIG_floor_ns, 110000);
    free(table(&missed));
    assert_int_equal(missed, 0);
    bench_note(FIG_floor_ns, 55000);
    bench_note(FIG_floor_ns, 55000);
    free(table(&missed));
    assert_int_equal(missed, 1);
}

static void ratios_compare_like_with_like(void **state)
{
    (void)state;
    uint32_t missed;
    bench_note(FIG_loaded5_entries1_per_s, UINT64_C(400000000));
    bench_note(FIG_loaded5_entries16_per_s, UINT64_C(900000000));
    bench_note(FIG_fixture_loaded5_snap_entries_per_s, UINT64_C(200000000));
    bench_note(FIG_fixture_loaded5_snap_batch16_entries_per_s, UINT64_C(1000000000));
    bench_note(FIG_fork5_us, 30000);
    bench_note(FIG_copy5_us, 20000);
    figures_round();
    char *text = table(&missed);
    static const char *const ratios[][2] = {
        {"ratio_loaded5_entries1_to_fixture_entries1", " 2  "},
        {"ratio_loaded5_entries16_to_fixture_entries16", " 0.900 "},
        {"ratio_fork5_to_copy", " 1.500 "}};
    for (int i = 0; i < 3; i++) {
        char *row = strstr(text, ratios[i][0]);
        assert_non_null(row);
        row[strcspn(row, "\n")] = 0;
        assert_non_null(strstr(row, ratios[i][1]));
        assert_true((strstr(row, "NOT MET") != NULL) == (i > 0));
        row[strlen(row)] = '\n';
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_met_is_said_and_counted),
        cmocka_unit_test(scaled_targets_follow_the_floor),
        cmocka_unit_test(ratios_compare_like_with_like),
    };
    return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
