/* SPDX-License-Identifier: MIT */
/* The inside of linear.c, shared with its search. */
#ifndef WT_LINEAR_INSIDE_H
#define WT_LINEAR_INSIDE_H

#include "linear.h"
#include "linear_set.h"

#define NO_OP UINT32_MAX

struct item {                    /* an operation of the key at hand */
    uint64_t invoke, ret, a, b, result, hint;
    uint32_t op;                 /* place in the task */
    uint32_t before;             /* unknown: the latest earlier one of its kind that does the same;
                                    NO_OP none */
    uint32_t bit;
    uint8_t verb;
    bool unknown, failed, known; /* failed: a cas that did not match; known: the result counts */
    bool quiet, unseen;          /* changes nothing; no answer depends on it */
};

struct end { uint64_t at; uint32_t item; uint32_t returns; };

struct search {
    const struct linear_task *task;
    struct item *items;
    uint32_t n;
    struct end *ends;
    uint32_t nends;
    uint32_t *open;              /* items invoked and not returned */
    uint32_t nopen;
    uint32_t unknown_words, words, loose;
    struct linear_set now, next, seen;
    uint64_t *scratch;
    uint64_t steps, budget, keep;
    bool truncated;
    uint32_t stuck;              /* item */
};

/* False: the operation cannot take effect at this value. */
bool linear_effect(const struct search *, const struct item *, uint64_t value, uint64_t *to);
/* Stage 2 for the key at hand, as for stage 3. UNKNOWN: two operations could leave the same value,
 * or an answer does not say what it saw. */
enum linear_verdict linear_zones(struct search *);
/* Stage 3 for the key at hand: items in order of invocation, ends in order of time. `stuck` tells
 * where it ended. */
enum linear_verdict linear_search(struct search *);

#endif
