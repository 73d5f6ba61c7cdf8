/* SPDX-License-Identifier: MIT */
/*
 * The test of pairs: silent where nothing has changed, whatever the runs are like; and it finds
 * what has. The recorded numbers are of 240 runs of three storms by one and the same core.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../run/paired.h"
#include "../run/totals.h"

enum { RUNS = 240, RECORDED = 4 };
static const uint32_t recorded[RECORDED][RUNS] = {
    { /* commits */
        4254, 3212, 4244, 4288, 3965, 4310, 4320, 4330, 4649, 4291, 6045, 4248, 3759, 4192,
        4238, 3875, 3733, 4335, 3890, 4109, 3833, 3601, 3961, 4114, 3768, 4056, 4232, 4380,
        3459, 2051, 4781, 4346, 4225, 6456, 4103, 4357, 4275, 2977, 4223, 4015, 6084, 4426,
        4415, 8097, 3600, 8327, 4327, 4234, 4219, 4126, 4100, 4323, 2705, 2467, 4253, 4981,
        4187, 4103, 4380, 4137, 5230, 3569, 4353, 4153, 2901, 4253, 4361, 2096, 4126, 4190,
        4150, 4327, 4170, 4077, 4232, 3093, 2723, 4480, 1869, 2961, 1462, 8692, 7098, 8422,
        5086, 5628, 5270, 6733, 4407, 1581, 10005, 4991, 6261, 9802, 6113, 2671, 1505, 3258,
        1524, 2769, 5566, 6487, 4953, 10474, 2044, 5313, 762, 2261, 3239, 11362, 7749, 2172,
        5359, 3642, 8585, 2281, 772, 2649, 8161, 1464, 770, 792, 7637, 6126, 799, 7633, 779,
        7475, 5491, 2363, 6893, 2892, 9308, 4265, 4629, 3783, 3297, 6526, 783, 9908, 1422, 3603,
        7073, 5784, 1564, 1131, 2449, 8125, 2123, 802, 2893, 3204, 1526, 5947, 4687, 4106, 2943,
        3161, 10271, 8095, 6971, 22734, 5769, 4907, 8023, 6781, 5440, 12494, 7462, 12784, 10171,
        8498, 5960, 1963, 4866, 6665, 5445, 4725, 16782, 7139, 4846, 12443, 7009, 4925, 5158,
        9743, 11489, 10446, 8494, 13632, 12413, 20149, 6782, 11649, 16364, 6148, 10180, 6689,
        11404, 7089, 2381, 6520, 7103, 7058, 15431, 6772, 7037, 18611, 4796, 10833, 11392, 6154,
        5882, 3465, 8918, 13450, 6637, 6661, 10633, 14771, 4035, 6976, 5438, 6948, 6192, 13217,
        17318, 9459, 15559, 5506, 6365, 12209, 10565, 9289, 6588, 5189, 6888, 16075, 7837, 5119,
    },
    { /* elections won */
        18, 22, 20, 24, 24, 16, 14, 21, 15, 21, 22, 35, 28, 15, 19, 29, 21, 11, 18, 9, 13, 28,
        13, 27, 17, 10, 16, 24, 15, 28, 21, 11, 22, 13, 16, 18, 30, 29, 19, 18, 16, 20, 19, 18,
        23, 18, 15, 13, 24, 21, 23, 16, 21, 22, 24, 30, 12, 18, 19, 25, 19, 14, 22, 21, 24, 9,
        19, 29, 18, 23, 22, 24, 20, 21, 21, 27, 18, 24, 29, 24, 9, 26, 24, 31, 21, 27, 23, 22,
        32, 31, 30, 28, 22, 30, 17, 14, 22, 17, 26, 20, 23, 37, 25, 32, 17, 21, 27, 30, 23, 33,
        32, 38, 16, 29, 31, 24, 2, 15, 19, 10, 5, 9, 36, 29, 13, 25, 11, 38, 22, 27, 27, 22, 29,
        19, 20, 19, 21, 26, 32, 31, 17, 29, 30, 31, 18, 19, 32, 18, 10, 13, 31, 21, 22, 18, 22,
        21, 20, 12, 27, 20, 43, 33, 67, 41, 52, 20, 40, 33, 34, 43, 34, 41, 41, 49, 31, 45, 41,
        39, 48, 32, 50, 47, 33, 48, 39, 37, 33, 44, 47, 44, 44, 54, 38, 32, 45, 20, 42, 41, 33,
        51, 40, 32, 42, 29, 39, 37, 52, 36, 25, 49, 47, 23, 43, 47, 40, 36, 27, 41, 53, 37, 54,
        44, 27, 42, 45, 33, 37, 47, 42, 37, 21, 43, 29, 42, 37, 50, 40, 36, 41, 39,
    },
    { /* unknown outcomes */
        18, 49, 39, 4, 56, 5, 2, 2, 41, 30, 21, 64, 112, 33, 20, 139, 23, 12, 92, 0, 14, 91, 24,
        63, 61, 36, 54, 17, 58, 125, 62, 20, 36, 8, 28, 26, 63, 45, 40, 47, 57, 54, 25, 34, 115,
        21, 19, 21, 17, 40, 80, 5, 35, 87, 56, 53, 0, 18, 22, 87, 8, 39, 17, 26, 154, 1, 52, 65,
        19, 68, 37, 57, 43, 21, 32, 67, 60, 25, 104, 82, 0, 60, 79, 37, 4, 45, 29, 185, 15, 6,
        33, 1, 39, 30, 66, 14, 19, 13, 10, 6, 39, 7, 21, 7, 53, 36, 0, 51, 39, 50, 51, 15, 9, 7,
        98, 39, 0, 10, 45, 8, 2, 0, 17, 83, 0, 19, 0, 53, 13, 9, 26, 37, 125, 17, 8, 11, 18, 26,
        1, 97, 0, 16, 32, 31, 12, 44, 13, 101, 5, 2, 0, 87, 0, 44, 23, 96, 2, 4, 95, 43, 70, 42,
        79, 67, 89, 24, 34, 47, 55, 100, 11, 85, 271, 177, 128, 24, 231, 57, 47, 9, 161, 131,
        18, 157, 103, 48, 154, 123, 248, 79, 141, 22, 83, 12, 139, 26, 109, 0, 156, 120, 187, 4,
        94, 27, 152, 23, 16, 42, 61, 52, 194, 50, 92, 116, 130, 3, 18, 5, 58, 66, 55, 21, 44,
        17, 149, 35, 72, 187, 104, 235, 20, 82, 93, 55, 15, 54, 70, 41, 153, 206,
    },
    { /* messages */
        61541, 37045, 53984, 58957, 55321, 62026, 45718, 50984, 58237, 39371, 40681, 52405,
        42815, 38664, 44876, 24397, 36902, 63980, 53102, 48840, 41077, 46795, 40694, 43884,
        38766, 45688, 58230, 44439, 31441, 21215, 28239, 62627, 59648, 46089, 38841, 58597,
        51742, 32314, 42228, 36665, 55695, 53569, 47855, 56750, 46127, 57598, 60871, 60720,
        49547, 50692, 39539, 60966, 29242, 29016, 56794, 38283, 49191, 43433, 58673, 49205,
        63128, 39925, 62033, 53169, 21568, 47349, 60437, 22865, 39252, 51756, 55613, 52220,
        52670, 57183, 52600, 32199, 31120, 58348, 21383, 26570, 11577, 11898, 11197, 11503,
        10831, 11862, 10522, 8770, 11862, 11673, 9445, 13009, 10021, 10965, 9041, 11033, 10918,
        9859, 11721, 11185, 8866, 11109, 11735, 11787, 10738, 9593, 11662, 12654, 9924, 11840,
        10485, 12473, 10011, 10852, 11150, 11236, 10436, 12134, 10534, 11267, 10698, 12402,
        10904, 9866, 11049, 10873, 11662, 11297, 10771, 12513, 11553, 9805, 11274, 10840, 12435,
        11427, 11544, 11984, 11474, 11666, 11228, 11666, 11926, 11240, 10708, 10934, 13695,
        9225, 10994, 11256, 11803, 9694, 12355, 9887, 10903, 9403, 11855, 10951, 10075, 9221,
        51953, 47474, 27441, 29442, 32198, 59226, 43814, 53711, 54311, 29413, 63299, 39872,
        11482, 16567, 38454, 55094, 17322, 33356, 59141, 35870, 19228, 25776, 57658, 23872,
        29829, 60009, 24829, 36030, 19477, 41583, 32791, 56222, 42225, 52098, 20751, 47263,
        29923, 58968, 19877, 29120, 17477, 56312, 41457, 60682, 43665, 39980, 60520, 31052,
        35510, 31043, 23962, 31812, 31493, 27649, 27831, 51492, 44031, 39779, 39301, 36081,
        25000, 57371, 33759, 54853, 26591, 63519, 34440, 19523, 38915, 26186, 56545, 53370,
        40369, 28361, 62866, 32267, 40092, 35005, 22788, 19822,
    },
};

static uint64_t state;

static uint64_t next(uint64_t below)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = (state ^ state >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static void shuffle(struct pair *p, uint32_t n)
{
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t k = (uint32_t)next(i);
        const struct pair was = p[k];
        p[k] = p[i - 1];
        p[i - 1] = was;
    }
}

/* Draws an order of the runs: of its first half and its second half, pairs are of disjoint seeds.
 * */
static void draw_order(uint32_t order[RUNS])
{
    for (uint32_t i = 0; i < RUNS; i++)
        order[i] = i;
    for (uint32_t i = RUNS; i > 1; i--) {
        const uint32_t k = (uint32_t)next(i), was = order[k];
        order[k] = order[i - 1];
        order[i - 1] = was;
    }
}

static void disjoint_seeds_of_one_core_raise_no_alarm(void **unused)
{
    (void)unused;
    static struct pair pairs[RUNS / 2];
    uint32_t order[RUNS], alarms = 0;
    state = 1;
    for (int comparison = 0; comparison < 1000; comparison++) {
        bool alarm = false;
        draw_order(order);
        for (int total = 0; total < RECORDED; total++) {
            for (uint32_t i = 0; i < RUNS / 2; i++)
                pairs[i] = (struct pair){.seed = i, .before = recorded[total][order[i]],
                                         .after = recorded[total][order[RUNS / 2 + i]]};
            alarm = alarm || paired_test(pairs, RUNS / 2) > PAIRED_SAME;
        }
        alarms += alarm;
    }
    assert_true(alarms <= 1);
}

/* Variants of a seed see the same weather: what one of them says, the others say again. */
static void runs_of_one_seed_are_one_witness(void **unused)
{
    (void)unused;
    enum { SEEDS = RUNS / 2, VARIANTS = 10 };
    static struct pair pairs[SEEDS * VARIANTS];
    uint32_t order[RUNS], alarms = 0;
    state = 2;
    for (int comparison = 0; comparison < 1000; comparison++) {
        draw_order(order);
        for (uint32_t i = 0; i < SEEDS * VARIANTS; i++) {
            const uint32_t seed = i / VARIANTS;
            pairs[i] = (struct pair){.seed = seed, .before = recorded[0][order[seed]] + i % 3,
                                     .after = recorded[0][order[SEEDS + seed]] + i % 5};
        }
        alarms += paired_test(pairs, SEEDS * VARIANTS) > PAIRED_SAME;
    }
    assert_true(alarms <= 1);
    for (uint32_t i = 0; i < 20 * VARIANTS; i++)
        pairs[i] = (struct pair){.seed = i / VARIANTS, .before = 100, .after = 200};
    assert_int_equal(paired_test(pairs, 20 * VARIANTS), PAIRED_SAME);
}

static void an_eighth_less_is_found(void **unused)
{
    (void)unused;
    static struct pair pairs[RUNS], swapped[RUNS];
    state = 3;
    for (int total = 0; total < RECORDED; total += 3) {
        for (uint32_t i = 0; i < RUNS; i++) {
            /* the same run, but for noise of its own, and an eighth less */
            const uint64_t before = recorded[total][i], noise = before / 5;
            const uint64_t after = (before - noise / 2 + next(noise + 1)) * 7 / 8;
            pairs[i] = (struct pair){.seed = i, .before = before, .after = after};
            swapped[i] = (struct pair){.seed = i, .before = after, .after = before};
        }
        shuffle(swapped, RUNS);
        assert_int_equal(paired_test(pairs, RUNS), PAIRED_LESS);
        assert_int_equal(paired_test(swapped, RUNS), PAIRED_MORE);
    }
}

static void one_seed_less_than_the_least_need_not_be_told(void **unused)
{
    (void)unused;
    struct pair pairs[PAIRED_LEAST];
    for (uint32_t n = PAIRED_LEAST - 1; n <= PAIRED_LEAST; n++) {
        for (uint32_t i = 0; i < n; i++)
            pairs[i] = (struct pair){.seed = i, .before = 1000, .after = 1001 + i};
        assert_int_equal(paired_test(pairs, n), n < PAIRED_LEAST ? PAIRED_SAME : PAIRED_MORE);
    }
}

static void equal_pairs_say_nothing(void **unused)
{
    (void)unused;
    struct pair pairs[200];
    assert_int_equal(paired_test(pairs, 0), PAIRED_EQUAL);
    for (uint32_t i = 0; i < 200; i++)
        pairs[i] = (struct pair){.seed = i, .before = i, .after = i};
    assert_int_equal(paired_test(pairs, 200), PAIRED_EQUAL);
    for (uint32_t i = 0; i < 200; i++)
        pairs[i] = (struct pair){.seed = i, .before = 5, .after = i < PAIRED_LEAST ? 4 : 5};
    assert_int_equal(paired_test(pairs, 200), PAIRED_LESS);
    for (uint32_t i = 0; i < 200; i++)
        pairs[i] = (struct pair){.seed = i, .before = 10 + i % 2, .after = 11 - i % 2};
    assert_int_equal(paired_test(pairs, 200), PAIRED_SAME);
}

static void what_comes_of_it_does_not_depend_on_the_order(void **unused)
{
    (void)unused;
    struct pair pairs[60];
    state = 4;
    for (int drawn = 0; drawn < 300; drawn++) {
        struct pair again[60];
        for (uint32_t i = 0; i < 60; i++)
            pairs[i] = (struct pair){.seed = next(40), .before = next(50), .after = next(80)};
        memcpy(again, pairs, sizeof(pairs));
        shuffle(again, 60);
        assert_int_equal(paired_test(pairs, 60), paired_test(again, 60));
    }
}

static void large_numbers_and_many_pairs_fit(void **unused)
{
    (void)unused;
    enum { MANY = 1 << 20 };
    struct pair *pairs = malloc(MANY * sizeof(*pairs));
    assert_non_null(pairs);
    for (uint32_t i = 0; i < MANY; i++)
        pairs[i] = (struct pair){.seed = i / 8, .before = INT64_MAX - i, .after = i};
    assert_int_equal(paired_test(pairs, MANY), PAIRED_LESS);
    for (uint32_t i = 0; i < MANY; i++)
        pairs[i] = (struct pair){.seed = i / 8, .before = 1000 + i, .after = 1000 + (i ^ 1)};
    assert_int_equal(paired_test(pairs, MANY), PAIRED_SAME);
    free(pairs);
}

/* ---- what a run adds ------------------------------------------------------------------------- */

static void totals_are_shares_of_a_run(void **unused)
{
    (void)unused;
    static struct result r;
    memset(&r, 0, sizeof(r));
    assert_int_equal(total_of(&r, TOTAL_COMMITS).d, 1);
    assert_int_equal(total_of(&r, TOTAL_MESSAGES).d, 0);
    assert_int_equal(total_of(&r, TOTAL_RECOVERY).d, 0);
    r.count.commits = 4;
    r.count.sent = 10;
    hist_add(&r.latency[METRIC_RECOVERY], 64000000);
    hist_add(&r.latency[METRIC_RECOVERY], 128000000);
    hist_timeout(&r.latency[METRIC_RECOVERY]);
    assert_int_equal(share_value(total_of(&r, TOTAL_MESSAGES), UNIT_RATIO), 2500000);
    r.count.carried = 8;
    r.count.writes = 12;
    assert_int_equal(share_value(total_of(&r, TOTAL_CARRIED), UNIT_RATIO), 2000000);
    assert_int_equal(share_value(total_of(&r, TOTAL_WRITES), UNIT_RATIO), 3000000);
    const struct share s = total_of(&r, TOTAL_RECOVERY);
    assert_int_equal(s.d, 2);
    assert_in_range(share_value(s, UNIT_TIME), 96000 * 63 / 64, 96000 * 65 / 64);
    assert_true(total_more_is_worse(TOTAL_RECOVERY) && !total_more_is_worse(TOTAL_COMMITS));
}

static void the_worst_of_a_run_counts_too(void **unused)
{
    (void)unused;
    static struct result r;
    memset(&r, 0, sizeof(r));
    assert_int_equal(total_of(&r, TOTAL_COMMIT_TAIL).d, 0);
    assert_int_equal(total_of(&r, TOTAL_LONGEST).d, 0);
    assert_int_equal(total_of(&r, TOTAL_LEADERLESS).n, 0);
    hist_add(&r.latency[METRIC_ELECTION], 250000000);
    hist_add(&r.latency[METRIC_ELECTION], 750000000);
    assert_int_equal(total_of(&r, TOTAL_LONGEST).n, 750000);
    assert_in_range(total_of(&r, TOTAL_LEADERLESS).n, 1000000 * 63 / 64, 1000000 * 65 / 64);
    for (int i = 0; i < 985; i++)
        hist_add(&r.latency[METRIC_COMMIT], 1000000);
    for (int i = 0; i < 15; i++)
        hist_add(&r.latency[METRIC_COMMIT], 80000000);
    assert_in_range(total_of(&r, TOTAL_COMMIT_TAIL).n, 80000 * 31 / 32, 80000 * 33 / 32);
    for (int i = 0; i < 15; i++)
        hist_timeout(&r.latency[METRIC_COMMIT]);
    assert_int_equal(total_of(&r, TOTAL_COMMIT_TAIL).n, (UINT64_C(1) << HIST_HI) / 1000);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(disjoint_seeds_of_one_core_raise_no_alarm),
        cmocka_unit_test(runs_of_one_seed_are_one_witness),
        cmocka_unit_test(an_eighth_less_is_found),
        cmocka_unit_test(one_seed_less_than_the_least_need_not_be_told),
        cmocka_unit_test(equal_pairs_say_nothing),
        cmocka_unit_test(what_comes_of_it_does_not_depend_on_the_order),
        cmocka_unit_test(large_numbers_and_many_pairs_fit),
        cmocka_unit_test(totals_are_shares_of_a_run),
        cmocka_unit_test(the_worst_of_a_run_counts_too),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_run_paired", tests, NULL, NULL);
}
