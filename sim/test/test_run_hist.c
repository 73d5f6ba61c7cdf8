/* SPDX-License-Identifier: MIT */
/* The histogram: buckets tile the range, percentiles never flatter, merging is adding, time-outs
 * rank above all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../run/hist.h"

static void buckets_tile_the_range(void **state)
{
    (void)state;
    for (uint32_t i = 0; i + 1 < HIST_BUCKETS; i++) {
        assert_true(hist_floor(i) < hist_floor(i + 1));
        assert_int_equal(hist_bucket(hist_floor(i)), i);
        assert_int_equal(hist_bucket(hist_floor(i + 1) - 1), i);
    }
    assert_int_equal(hist_bucket(UINT64_MAX), HIST_BUCKETS - 1);
}

static void a_bucket_is_at_most_a_32nd_wide(void **state)
{
    (void)state;
    for (uint32_t i = 1; i + 1 < HIST_BUCKETS; i++)
        assert_true((hist_floor(i + 1) - hist_floor(i)) * 32 <= hist_floor(i));
}

static void percentiles_never_flatter(void **state)
{
    (void)state;
    struct hist h = {0};
    for (uint64_t ms = 1; ms <= 1000; ms++)
        hist_add(&h, ms * 1000000);
    static const uint64_t ppm[] = {1, 500000, 900000, 990000, 999000, 1000000};
    static const uint64_t truth[] = {1, 500, 900, 990, 999, 1000};
    for (int i = 0; i < 6; i++) {
        uint64_t p = hist_percentile(&h, ppm[i]), t = truth[i] * 1000000;
        assert_true(p >= t);
        assert_true(p <= t + t / 32 + 1);
    }
    assert_true(hist_percentile(&h, 1000000) == h.max);
}

static void timeouts_rank_above_all(void **state)
{
    (void)state;
    struct hist h = {0};
    for (int i = 0; i < 99; i++)
        hist_add(&h, 5000000);
    hist_timeout(&h);
    assert_true(hist_percentile(&h, 990000) == 5000000);
    assert_true(hist_percentile(&h, 990001) == UINT64_MAX);
    assert_true(hist_percentile(&h, 1000000) == UINT64_MAX);
}

static void a_percentile_needs_a_sample_above_it(void **state)
{
    (void)state;
    struct hist h = {0};
    assert_false(hist_tells(&h, 0));
    for (uint64_t n = 1; n <= 1001; n++) {
        hist_add(&h, n * 1000000);
        assert_int_equal(hist_tells(&h, 500000), n >= 2);
        assert_int_equal(hist_tells(&h, 990000), n >= 100);
        assert_int_equal(hist_tells(&h, 999000), n >= 1000);
        assert_false(hist_tells(&h, 1000000));
        if (!hist_tells(&h, 990000))
            assert_true(hist_percentile(&h, 990000) == h.max);
    }
}

static void what_does_not_hold_together_is_seen(void **state)
{
    (void)state;
    struct hist h = {0}, whole;
    assert_true(hist_whole(&h));
    hist_add(&h, 5000000);
    hist_add(&h, 7000000);
    hist_timeout(&h);
    whole = h;
    assert_true(hist_whole(&h));
    h.n++;
    assert_false(hist_whole(&h));
    h = whole;
    h.bucket[3]++;
    assert_false(hist_whole(&h));
    h = whole;
    h.max = 5000000;
    assert_false(hist_whole(&h));
    h = whole;
    h.timeouts = UINT64_MAX;
    assert_false(hist_whole(&h));
    h = (struct hist){.n = UINT64_C(1) << 32, .timeouts = UINT64_C(1) << 32};
    assert_false(hist_whole(&h));
    h = (struct hist){.n = 1, .timeouts = 1, .max = 1};
    assert_false(hist_whole(&h));
}

static void beyond_the_range_the_maximum_is_exact(void **state)
{
    (void)state;
    struct hist h = {0};
    hist_add(&h, UINT64_C(100) << 36);
    assert_true(hist_percentile(&h, 500000) == UINT64_C(100) << 36);
    hist_add(&h, 3);
    assert_true(hist_percentile(&h, 500000) == 1023);
}

static void merging_is_adding(void **state)
{
    (void)state;
    struct hist a = {0}, b = {0}, all = {0};
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t ns = i * i * 7919 + 13;
        hist_add(i % 3 ? &a : &b, ns);
        hist_add(&all, ns);
    }
    hist_timeout(&b);
    hist_timeout(&all);
    hist_merge(&a, &b);
    assert_memory_equal(&a, &all, sizeof(a));
}

static void an_empty_one_has_no_percentiles(void **state)
{
    (void)state;
    struct hist h = {0};
    assert_true(hist_percentile(&h, 990000) == 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_tile_the_range),
        cmocka_unit_test(a_bucket_is_at_most_a_32nd_wide),
        cmocka_unit_test(percentiles_never_flatter),
        cmocka_unit_test(timeouts_rank_above_all),
        cmocka_unit_test(a_percentile_needs_a_sample_above_it),
        cmocka_unit_test(what_does_not_hold_together_is_seen),
        cmocka_unit_test(beyond_the_range_the_maximum_is_exact),
        cmocka_unit_test(merging_is_adding),
        cmocka_unit_test(an_empty_one_has_no_percentiles),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_run_hist", tests, NULL, NULL);
}
