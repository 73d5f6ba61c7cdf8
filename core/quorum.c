/* SPDX-License-Identifier: MIT */
/* Method: at most nine voters, so an insertion sort in registers and on one cache line beats
 * anything cleverer. */
#include "quorum.h"

#include <assert.h>

uint32_t raft_quorum_count(uint32_t bits)
{
    bits = bits - (bits >> 1 & 0x55555555u);
    bits = (bits & 0x33333333u) + (bits >> 2 & 0x33333333u);
    bits = (bits + (bits >> 4)) & 0x0f0f0f0fu;
    return bits * 0x01010101u >> 24;
}

uint32_t raft_quorum_majority(uint32_t voters)
{
    return raft_quorum_count(voters) / 2 + 1;
}

uint64_t raft_quorum_kth(const uint64_t *values, uint32_t n, uint32_t k)
{
    assert(n <= RAFT_VOTERS_MAX);
    assert(k >= 1 && k <= n);
    /* the largest so far, falling; never more than k of them matter */
    uint64_t top[RAFT_VOTERS_MAX];
    uint32_t held = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = held < k ? held++ : k;
        if (at == k) {
            if (values[i] <= top[k - 1]) continue;
            at = k - 1;
        }
        while (at > 0 && top[at - 1] < values[i]) {
            top[at] = top[at - 1];
            at--;
        }
        top[at] = values[i];
    }
    return top[k - 1];
}
