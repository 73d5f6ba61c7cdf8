/* SPDX-License-Identifier: MIT */
/* Majorities: pure arithmetic over bitmaps and small arrays. Knows nothing of struct raft. */
#ifndef RAFT_QUORUM_H
#define RAFT_QUORUM_H

#include <stdint.h>

#include "limits.h"

/* Bits set. */
uint32_t raft_quorum_count(uint32_t bits);
/* The least number that is more than half of the voters (D 3.4). */
uint32_t raft_quorum_majority(uint32_t voters);
/* The k-th largest of n values, 1 <= k <= n <= RAFT_VOTERS_MAX: the largest value that k of
 * them reach. */
uint64_t raft_quorum_kth(const uint64_t *values, uint32_t n, uint32_t k);

#endif
