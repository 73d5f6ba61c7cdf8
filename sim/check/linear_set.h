/* SPDX-License-Identifier: MIT */
/*
 * A set of configurations of linear.c: a value, then words of bits, the unknown operations'
 * first. A configuration that another one dominates (same value, same other bits, a subset of
 * the unknown bits) is not added. Places run from 0 and stay.
 */
#ifndef WT_LINEAR_SET_H
#define WT_LINEAR_SET_H

#include <stdbool.h>
#include <stdint.h>

struct linear_set {
    uint64_t *configs;
    uint32_t *slots, *chain;    /* slots: place + 1 of the first of a bucket; chain: of the next */
    uint32_t n, capacity, mask;
    uint32_t unknown_words, words;
};

void linear_set_init(struct linear_set *, uint32_t unknown_words, uint32_t words);
void linear_set_free(struct linear_set *);
void linear_set_clear(struct linear_set *);
bool linear_set_add(struct linear_set *, const uint64_t *config);   /* false: out of memory */

static inline uint64_t *linear_set_at(const struct linear_set *s, uint32_t i)
{
    return s->configs + (uint64_t)i * (s->words + 1u);
}

#endif
