/* SPDX-License-Identifier: MIT */
/*
 * Has one side more than the other? A test of pairs, exact and in integers.
 *
 * Each pair is one run on either side; pairs of one seed are runs in like weather and count
 * together. Method: Wilcoxon's signed ranks (1945), of differences relative to the sum of the two
 * values; the ranks of a seed add up, with their signs, to its weight. If nothing has changed, then
 * before and after might as well be exchanged in any seed, so each weight has either sign with even
 * chances, whatever the others have; and by Hoeffding's bound (Probability inequalities for sums of
 * bounded random variables, 1963, theorem 2) their sum t exceeds a given size with a probability of
 * at most exp(-t^2 / 2q), q being the sum of their squares. That holds for any number of pairs and
 * any distribution: no limit law, no table, no draws.
 *
 * Told is a difference of which t^2 >= PAIRED_FACTOR * q: of unchanged things at most two in
 * exp(PAIRED_FACTOR / 2) differ so, one in PAIRED_ODDS.
 */
#ifndef WT_PAIRED_H
#define WT_PAIRED_H

#include <stdint.h>

enum { PAIRED_FACTOR = 21, PAIRED_ODDS = 18157 };
/* So many seeds that all agree are told, whatever the sizes of their differences. */
enum { PAIRED_LEAST = 28 };

struct pair {
    uint64_t seed, before, after;    /* values below 2^63 */
    uint64_t rank;                   /* the test's own */
};

enum paired { PAIRED_EQUAL,          /* in every pair */
              PAIRED_SAME,           /* what differs may well be chance */
              PAIRED_LESS, PAIRED_MORE };
/* Of what is `after`, against `before`. It puts the pairs into an order of its own; which one they
 * had does not matter. */
enum paired paired_test(struct pair *, uint32_t n);

#endif
