/* SPDX-License-Identifier: MIT */
/*
 * Linearizability of a history of operations on registers (Herlihy and Wing 1990): is there an
 * order of the operations, each at some moment between its invocation and its return, in which
 * every answer is right? Keys are independent, so each is judged alone.
 *
 *     read              answers the value
 *     write a           sets it
 *     cas a b           ok: it was a and is b now; fail: it was not a
 *     append a          puts a at the end of a list; the value's own arithmetic is the
 *                       caller's function
 *
 * An operation whose outcome is unknown (any outcome but OK and FAIL, or `ret` LINEAR_NEVER)
 * may take effect at any time after its invocation, or never. Ends that share a time are taken
 * as overlapping. The answer is exact. Where no two operations on a key could leave the same value,
 * it takes the time of a sort; else, where the budget ends before it, it is UNKNOWN.
 */
#ifndef WT_LINEAR_H
#define WT_LINEAR_H

#include <stdbool.h>
#include <stdint.h>

#define LINEAR_NEVER UINT64_MAX

struct linear_op {
    uint64_t invoke, ret;        /* times */
    uint64_t a, b;               /* write, append: a; cas: expected a, new b */
    uint64_t result;             /* read: the value; where result_known also: cas that failed: the
                                    value found; append: the list after it */
    uint64_t hint;               /* place in an order in which it probably works (a log index);
                                    0: none. Only speed depends on it */
    uint32_t key;
    uint8_t verb;                /* enum op_verb: OP_READ, OP_WRITE, OP_CAS, OP_APPEND; others are
                                    left out */
    uint8_t outcome;             /* enum op_outcome: OUT_OK, OUT_FAIL; others: unknown */
    bool result_known;
};

typedef uint64_t linear_append(void *ctx, uint64_t list, uint64_t item);   /* pure */
/* The list before its last item was appended (the value of every key at the beginning: it was
 * alone) and that item. False: the value is no list. A list of one and the single value in it may
 * have been the same thing to append to. Pure. */
typedef bool linear_split(void *ctx, uint64_t list, uint64_t *before, uint64_t *item);

struct linear_task {
    const struct linear_op *ops;
    uint32_t n;
    uint64_t initial;            /* value of every key at the beginning */
    linear_append *append;       /* may be NULL where no operation appends */
    linear_split *split;         /* NULL: lists do not say of what they are; appends cost time */
    void *ctx;
    uint64_t budget;             /* steps in all; 0: 20 million */
};

enum linear_verdict { LINEAR_OK, LINEAR_BAD, LINEAR_UNKNOWN, LINEAR_NO_MEMORY };

struct linear_report {
    uint32_t bad;                /* BAD: the operation by whose return no order is left.
                                    UNKNOWN: the one at whose return the budget ended */
    uint32_t key;                /* its key */
    uint64_t steps;
};

/* Keys are judged in the order in which they first appear: the first BAD one decides, else the
 * first UNKNOWN one. `report` may be NULL. At most 2^28 operations. */
enum linear_verdict linear_check(const struct linear_task *, struct linear_report *);

#endif
