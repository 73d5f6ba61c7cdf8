/* SPDX-License-Identifier: MIT */
/* Method: the arithmetic against its definition, for every small case. */
#include "../quorum.h"
#include "kit.h"

static void a_majority_is_more_than_half(void **state)
{
    (void)state;
    const uint32_t majority[] = {0, 1, 2, 2, 3, 3, 4, 4, 5, 5};
    for (uint32_t n = 1; n <= RAFT_VOTERS_MAX; n++) {
        assert_int_equal(raft_quorum_majority(((uint32_t)1 << n) - 1), majority[n]);
    }
}

static void bits_are_counted(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 1u << 16; bits++) {
        uint32_t n = 0;
        for (uint32_t b = bits; b != 0; b >>= 1) n += b & 1;
        assert_int_equal(raft_quorum_count(bits), n);
    }
}

/* k of the values reach the result, and no larger value is reached by k of them. */
static void the_kth_largest_is_what_k_values_reach(void **state)
{
    (void)state;
    uint64_t chance = 1;
    for (uint32_t trial = 0; trial < 20000; trial++) {
        uint64_t values[RAFT_VOTERS_MAX];
        uint32_t n = 1 + trial % RAFT_VOTERS_MAX;
        for (uint32_t i = 0; i < n; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            values[i] = chance >> 60;
        }
        for (uint32_t k = 1; k <= n; k++) {
            uint64_t kth = raft_quorum_kth(values, n, k);
            uint32_t reach = 0, beyond = 0;
            for (uint32_t i = 0; i < n; i++) {
                reach += values[i] >= kth;
                beyond += values[i] > kth;
            }
            assert_true(reach >= k);
            assert_true(beyond < k);
        }
    }
}

int main(void)
{
    const struct CMUnitTest core_quorum[] = {
        cmocka_unit_test(a_majority_is_more_than_half),
        cmocka_unit_test(bits_are_counted),
        cmocka_unit_test(the_kth_largest_is_what_k_values_reach),
    };
    return cmocka_run_group_tests(core_quorum, NULL, NULL);
}
