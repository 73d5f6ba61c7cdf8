/* SPDX-License-Identifier: MIT */
/* Linearizability of hand-made histories, and of many small random ones against trying
 * every order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../check/linear.h"
#include "../base/record.h"
#include "../world/store.h"

/* A list as a number in base 16, so that a test reads it: [1 2 3] is 0x123. */
static uint64_t append16(void *ctx, uint64_t list, uint64_t item)
{
    (void)ctx;
    return list * 16 + item;
}

static enum linear_verdict judge(const struct linear_op *ops, uint32_t n,
                                 struct linear_report *report)
{
    struct linear_task task = {.ops = ops, .n = n, .append = append16};
    return linear_check(&task, report);
}

#define JUDGE(...) \
    judge((const struct linear_op[]){__VA_ARGS__}, \
          sizeof((const struct linear_op[]){__VA_ARGS__}) / sizeof(struct linear_op), NULL)
#define READ(from, to, value)                                                                      \
    {.invoke = from, .ret = to, .verb = OP_READ, .result = value, .outcome = OUT_OK}
#define WRITE(from, to, value)                                                                     \
    {.invoke = from, .ret = to, .verb = OP_WRITE, .a = value, .outcome = OUT_OK}
#define WRITE_LOST(from, value) \
    {.invoke = from, .ret = LINEAR_NEVER, .verb = OP_WRITE, .a = value, .outcome = OUT_TIMEOUT}
#define CAS(from, to, old, new)                                                                    \
    {.invoke = from, .ret = to, .verb = OP_CAS, .a = old, .b = new, .outcome = OUT_OK}
#define CAS_LOST(from, old, new)                                                                   \
    {.invoke = from, .ret = LINEAR_NEVER, .verb = OP_CAS, .a = old, .b = new}
#define CAS_FAIL(from, to, old, new) \
    {.invoke = from, .ret = to, .verb = OP_CAS, .a = old, .b = new, .outcome = OUT_FAIL}
#define APPEND(from, to, item)                                                                     \
    {.invoke = from, .ret = to, .verb = OP_APPEND, .a = item, .outcome = OUT_OK}

static void one_after_another_must_be_right(void **state)
{
    (void)state;
    assert_int_equal(JUDGE(READ(1, 2, 0)), LINEAR_OK);
    assert_int_equal(JUDGE(READ(1, 2, 1)), LINEAR_BAD);
    assert_int_equal(JUDGE(WRITE(1, 2, 5), READ(3, 4, 5)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE(1, 2, 5), READ(3, 4, 0)), LINEAR_BAD);
    assert_int_equal(JUDGE(WRITE(1, 2, 5), WRITE(3, 4, 6), READ(5, 6, 5)), LINEAR_BAD);
    assert_int_equal(JUDGE(WRITE(1, 2, 5), CAS(3, 4, 5, 6), READ(5, 6, 6)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE(1, 2, 5), CAS(3, 4, 4, 6)), LINEAR_BAD);
    assert_int_equal(JUDGE(WRITE(1, 2, 5), CAS_FAIL(3, 4, 4, 6), READ(5, 6, 5)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE(1, 2, 5), CAS_FAIL(3, 4, 5, 6)), LINEAR_BAD);
    assert_int_equal(JUDGE(APPEND(1, 2, 1), APPEND(3, 4, 2), READ(5, 6, 0x12)), LINEAR_OK);
    assert_int_equal(JUDGE(APPEND(1, 2, 1), APPEND(3, 4, 2), READ(5, 6, 0x21)), LINEAR_BAD);
}

static void overlapping_ones_have_a_choice_but_one(void **state)
{
    (void)state;
    assert_int_equal(JUDGE(WRITE(1, 9, 5), READ(2, 3, 0), READ(4, 5, 5)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE(1, 9, 5), READ(2, 3, 5), READ(4, 5, 0)), LINEAR_BAD);
    assert_int_equal(JUDGE(WRITE(1, 9, 5), WRITE(1, 9, 6), READ(2, 3, 6), READ(4, 5, 5)),
                     LINEAR_OK);
    assert_int_equal(JUDGE(WRITE(1, 9, 5), WRITE(1, 9, 6), READ(2, 3, 6), READ(4, 5, 5),
                           READ(6, 7, 6)), LINEAR_BAD);
    assert_int_equal(JUDGE(APPEND(1, 9, 1), APPEND(1, 9, 2), READ(10, 11, 0x21)), LINEAR_OK);
    assert_int_equal(JUDGE(APPEND(1, 9, 1), APPEND(1, 9, 2), READ(3, 4, 2), READ(10, 11, 0x12)),
                     LINEAR_BAD);
}

static void what_ends_as_another_begins_overlaps_it(void **state)
{
    (void)state;
    assert_int_equal(JUDGE(WRITE(1, 2, 5), READ(2, 3, 0)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE(1, 1, 5), READ(1, 1, 0), READ(2, 2, 5)), LINEAR_OK);
}

static void an_unknown_outcome_may_come_late_or_never(void **state)
{
    (void)state;
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), READ(2, 3, 0), READ(4, 5, 5)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), READ(2, 3, 0), READ(40, 50, 0)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), READ(2, 3, 5), READ(4, 5, 0)), LINEAR_BAD);
    assert_int_equal(JUDGE(READ(1, 2, 5), WRITE_LOST(3, 5)), LINEAR_BAD);
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), WRITE(2, 3, 6), READ(4, 5, 5), READ(6, 7, 6)),
                     LINEAR_BAD);
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), WRITE_LOST(1, 5), WRITE(2, 3, 6), READ(4, 5, 5),
                           WRITE(6, 7, 7), READ(8, 9, 5)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), WRITE(2, 3, 6), READ(4, 5, 5), WRITE(6, 7, 7),
                           READ(8, 9, 5)), LINEAR_BAD);
    /* A lost write that only a failed cas saw, and a chain of lost cas. */
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), CAS_FAIL(2, 3, 0, 9), READ(4, 5, 5)), LINEAR_OK);
    assert_int_equal(JUDGE(WRITE_LOST(1, 5), CAS_FAIL(2, 3, 0, 9)), LINEAR_OK);
    assert_int_equal(JUDGE(CAS_FAIL(2, 3, 0, 9)), LINEAR_BAD);
    assert_int_equal(JUDGE(CAS_LOST(1, 0, 1), CAS_LOST(1, 1, 2), READ(2, 3, 2)), LINEAR_OK);
    assert_int_equal(JUDGE(CAS_LOST(1, 0, 1), CAS_LOST(1, 1, 2), READ(2, 3, 2), READ(4, 5, 1)),
                     LINEAR_BAD);
}

static void answers_that_tell_more_are_held_to_it(void **state)
{
    (void)state;
    struct linear_op ops[] = {WRITE(1, 2, 5), CAS_FAIL(3, 4, 4, 6), APPEND(5, 6, 7)};
    ops[1].result_known = ops[2].result_known = true;
    ops[1].result = 5;
    ops[2].result = 0x57;
    assert_int_equal(judge(ops, 3, NULL), LINEAR_OK);
    ops[1].result = 6;
    assert_int_equal(judge(ops, 3, NULL), LINEAR_BAD);
    ops[1].result = 5;
    ops[2].result = 0x7;
    assert_int_equal(judge(ops, 3, NULL), LINEAR_BAD);
}

static void keys_are_apart_and_the_report_names_the_culprit(void **state)
{
    (void)state;
    struct linear_op ops[] = {WRITE(1, 2, 5), WRITE(1, 2, 6), READ(3, 4, 6), READ(3, 4, 0)};
    struct linear_report report;
    ops[1].key = ops[2].key = 7;
    ops[3].key = 8;
    assert_int_equal(judge(ops, 4, &report), LINEAR_OK);
    ops[3].key = 7;
    assert_int_equal(judge(ops, 4, &report), LINEAR_BAD);
    assert_int_equal(report.bad, 3);
    assert_int_equal(report.key, 7);
}

static void a_budget_that_ends_leaves_it_unknown(void **state)
{
    (void)state;
    struct linear_op ops[20];
    for (uint32_t i = 0; i < 19; i++)
        ops[i] = (struct linear_op)APPEND(1, 9, (i % 15) + 1);
    ops[19] = (struct linear_op)READ(10, 11, 1);
    struct linear_task task = {.ops = ops, .n = 20, .append = append16, .budget = 1000};
    assert_int_equal(linear_check(&task, NULL), LINEAR_UNKNOWN);
}

/* ---- against every order --------------------------------------------------------------------- */

struct every { const struct linear_op *ops; uint32_t n; linear_append *append; };

static bool every_order(const struct every *e, uint32_t done, uint64_t value)
{
    uint64_t first_return = LINEAR_NEVER;
    bool left = false;
    for (uint32_t i = 0; i < e->n; i++)
        if (!(done >> i & 1) && e->ops[i].ret != LINEAR_NEVER) {
            left = true;
            first_return = e->ops[i].ret < first_return ? e->ops[i].ret : first_return;
        }
    if (!left)
        return true;
    for (uint32_t i = 0; i < e->n; i++) {
        const struct linear_op *o = &e->ops[i];
        if ((done >> i & 1) || o->invoke > first_return)
            continue;
        uint64_t to = value;
        bool unknown = o->ret == LINEAR_NEVER, can = true;
        if (o->verb == OP_READ)
            can = unknown || o->result == value;
        else if (o->verb == OP_WRITE)
            to = o->a;
        else if (o->verb == OP_APPEND)
            can = (to = e->append(NULL, value, o->a)) == o->result || unknown || !o->result_known;
        else if (o->outcome == OUT_FAIL && !unknown)
            can = value != o->a && (!o->result_known || value == o->result);
        else if (value == o->a)
            to = o->b;
        else
            can = unknown;
        if (can && every_order(e, done | 1u << i, to))
            return true;
    }
    return false;
}

static uint64_t chance_state;
static uint64_t chance(uint64_t n)
{
    uint64_t z = chance_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % n;
}

/* Mostly plausible answers: operations take effect at a drawn moment in their span, and a few
 * answers are then spoilt. */
static void random_history(struct linear_op *ops, uint32_t n, uint64_t values, bool lists)
{
    uint64_t at[16], value = 0;
    uint32_t order[16];
    for (uint32_t i = 0; i < n; i++) {
        uint64_t from = chance(20), span = chance(12);
        ops[i] = (struct linear_op){.invoke = from, .ret = from + span,
                                    .verb = (uint8_t)(OP_READ + chance(lists ? 4 : 3)),
                                    .a = chance(values), .b = chance(values), .outcome = OUT_OK,
                                    .hint = chance(3) ? i + 1 : 0};
        if (ops[i].verb == OP_APPEND)
            ops[i].a++;
        at[i] = from + chance(span + 1);
        order[i] = i;
    }
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t k = i; k > 0 && at[order[k]] < at[order[k - 1]]; k--) {
            uint32_t t = order[k];
            order[k] = order[k - 1];
            order[k - 1] = t;
        }
    for (uint32_t k = 0; k < n; k++) {
        struct linear_op *o = &ops[order[k]];
        bool lost = chance(5) == 0, effect = !lost || chance(2);
        if (o->verb == OP_READ)
            o->result = chance(3) ? value : chance(values);
        else if (o->verb == OP_WRITE && effect)
            value = o->a;
        else if (o->verb == OP_APPEND && effect)
            value = append16(NULL, value, o->a);
        else if (o->verb == OP_CAS && effect) {
            o->outcome = value == o->a || !chance(4) ? OUT_OK : OUT_FAIL;
            value = value == o->a ? o->b : value;
        }
        if (lost) {
            o->ret = LINEAR_NEVER;
            o->outcome = OUT_TIMEOUT;
        }
    }
}

static void small_histories_agree_with_trying_every_order(void **state)
{
    (void)state;
    uint32_t bad = 0, good = 0;
    chance_state = 7;
    for (uint32_t round = 0; round < 60000; round++) {
        struct linear_op ops[16];
        uint32_t n = 1 + (uint32_t)chance(8);
        random_history(ops, n, 1 + chance(4), round % 2);
        struct every e = {ops, n, append16};
        bool legal = every_order(&e, 0, 0);
        assert_int_equal(judge(ops, n, NULL), legal ? LINEAR_OK : LINEAR_BAD);
        good += legal;
        bad += !legal;
    }
    print_message("%u legal, %u not\n", good, bad);
    assert_true(good > 5000 && bad > 5000);
}

/* ---- values that nothing else leaves --------------------------------------------------------- */

/* Lists that are told from single values: a bit on top, then items as in a number in base 16. As in
 * a world, a single value to which is appended was a list of one. */
#define LIST (UINT64_C(1) << 62)

static uint64_t append_list(void *ctx, uint64_t list, uint64_t item)
{
    (void)ctx;
    return LIST | (list & ~LIST) << 4 | item;
}

static bool split_list(void *ctx, uint64_t list, uint64_t *before, uint64_t *item)
{
    (void)ctx;
    if (!(list & LIST))
        return false;
    *item = list & 15;
    *before = (list & ~LIST) >> 4 ? LIST | (list & ~LIST) >> 4 : 0;
    return true;
}

/* Operation i leaves i + 1, or appends it; answers are as they were, but for a few. */
static void unique_history(struct linear_op *ops, uint32_t n)
{
    uint64_t at[16], value = 0, seen[32] = {0};
    uint32_t order[16], nseen = 1;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t from = chance(20), span = chance(12);
        ops[i] = (struct linear_op){.invoke = from, .ret = from + span, .outcome = OUT_OK,
                                    .verb = (uint8_t)(OP_READ + chance(4)), .a = i + 1, .b = i + 1,
                                    .result_known = true};
        at[i] = from + chance(span + 1);
        order[i] = i;
    }
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t k = i; k > 0 && at[order[k]] < at[order[k - 1]]; k--) {
            const uint32_t t = order[k];
            order[k] = order[k - 1];
            order[k - 1] = t;
        }
    for (uint32_t k = 0; k < n; k++) {
        struct linear_op *o = &ops[order[k]];
        const bool lost = chance(4) == 0, effect = !lost || chance(2), spoilt = chance(2) == 0;
        if (o->verb == OP_CAS)
            o->a = chance(3) ? value : seen[chance(nseen)];
        if (o->verb == OP_CAS && !(value == o->a))
            o->outcome = OUT_FAIL;
        o->result = spoilt ? seen[chance(nseen)] : value;
        if (effect && o->verb == OP_APPEND)
            o->result = value = append_list(NULL, value, o->a);
        else if (effect && o->outcome == OUT_OK && o->verb != OP_READ)
            value = o->verb == OP_CAS ? o->b : o->a;
        seen[nseen++] = value;
        if (lost)
            o->ret = LINEAR_NEVER;
        if (lost)
            o->outcome = OUT_TIMEOUT;
    }
}

/* Stage 2 says the same as every order, and names the return after which there is none. */
static void unique_values_are_decided_as_by_trying_every_order(void **state)
{
    (void)state;
    uint32_t bad = 0, good = 0;
    chance_state = 11;
    for (uint32_t round = 0; round < 60000; round++) {
        struct linear_op ops[16];
        const uint32_t n = 4 + (uint32_t)chance(5);
        unique_history(ops, n);
        struct linear_task task = {.ops = ops, .n = n, .append = append_list, .split = split_list};
        struct linear_report zones, search;
        struct every e = {ops, n, append_list};
        const bool legal = every_order(&e, 0, 0);
        assert_int_equal(linear_check(&task, &zones), legal ? LINEAR_OK : LINEAR_BAD);
        good += legal;
        bad += !legal;
        /* an operation more, on a value that nobody sees, sends it to the search */
        ops[n] = ops[n + 1] = (struct linear_op)WRITE_LOST(100, 14);
        ops[n + 2] = (struct linear_op)CAS_FAIL(100, 101, 14, 15);
        task.n = n + 3;
        assert_int_equal(linear_check(&task, &search), legal ? LINEAR_OK : LINEAR_BAD);
        if (!legal)
            assert_int_equal(search.bad, zones.bad);
    }
    print_message("%u legal, %u not\n", good, bad);
    assert_true(good > 5000 && bad > 5000);
}

/* 28 clients that ask once, on one key: half of the outcomes are unknown, and one read is stale. */
static void a_stale_read_among_many_unknown_outcomes_is_found(void **state)
{
    (void)state;
    enum { MANY = 6000 };
    static struct linear_op ops[MANY];
    uint64_t value = 0, former = 0;
    chance_state = 12;
    for (uint32_t i = 0; i < MANY; i++) {
        const bool read = chance(3) == 0, lost = !read && chance(2);
        ops[i] = (struct linear_op){.invoke = 10 * i, .ret = lost ? LINEAR_NEVER : 10 * i + 200,
                                    .verb = read ? OP_READ : OP_WRITE, .a = i + 1, .result = value,
                                    .outcome = lost ? OUT_TIMEOUT : OUT_OK};
        if (i < MANY / 2 && !read && !lost)
            former = i + 1;
        if (!read && (!lost || chance(2)))
            value = i + 1;
    }
    struct linear_task task = {.ops = ops, .n = MANY, .budget = 4000000};
    struct linear_report report;
    assert_int_equal(linear_check(&task, &report), LINEAR_OK);
    ops[MANY - 1] = (struct linear_op)READ(10 * MANY, 10 * MANY + 200, former);
    assert_int_equal(linear_check(&task, &report), LINEAR_BAD);
    assert_int_equal(report.bad, MANY - 1);
    assert_true(report.steps < 40 * MANY);
}

/* ---- speed ----------------------------------------------------------------------------------- */

/* Five processes on one register, as in Jepsen's cas-register tests: a fifth of the outcomes
 * unknown, such a process goes on as another. */
static void jepsen_history(struct linear_op *ops, uint32_t n, bool spoilt)
{
    uint64_t free_at[5] = {0}, value = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t p = 0;
        for (uint32_t k = 1; k < 5; k++)
            p = free_at[k] < free_at[p] ? k : p;
        uint64_t from = free_at[p] + 1 + chance(5), span = 1 + chance(60);
        ops[i] = (struct linear_op){.invoke = from, .ret = from + span,
                                    .verb = (uint8_t)(OP_READ + chance(3)), .a = chance(5),
                                    .b = chance(5), .outcome = OUT_OK};
        free_at[p] = from + span;
    }
    for (uint64_t t = 0; t < 10000; t++)
        for (uint32_t i = 0; i < n; i++) {
            struct linear_op *o = &ops[i];
            if (o->invoke + (i * 37 % (o->ret - o->invoke + 1)) != t)
                continue;
            bool lost = chance(5) == 0 && o->verb != OP_READ, effect = !lost || chance(2);
            if (o->verb == OP_READ)
                o->result = value;
            else if (o->verb == OP_CAS && value != o->a)
                o->outcome = OUT_FAIL;
            else if (effect)
                value = o->verb == OP_CAS ? o->b : o->a;
            if (lost)
                o->outcome = OUT_TIMEOUT;
        }
    for (uint32_t i = 0; i < n; i++) {
        if (ops[i].outcome == OUT_TIMEOUT)
            ops[i].ret = LINEAR_NEVER;
        if (spoilt && i > n / 2 && ops[i].verb == OP_READ) {
            ops[i].result = (ops[i].result + 1) % 5;
            spoilt = false;
        }
    }
}

static void a_hundred_cas_register_histories_take_no_time(void **state)
{
    (void)state;
    chance_state = 11;
    clock_t spent = 0;
    for (uint32_t i = 0; i < 102; i++) {
        struct linear_op ops[84];
        jepsen_history(ops, 84, i % 4 == 0);
        clock_t begun = clock();
        enum linear_verdict v = judge(ops, 84, NULL);
        spent += clock() - begun;
        assert_true(v == LINEAR_OK || v == LINEAR_BAD);
        if (i % 4)
            assert_int_equal(v, LINEAR_OK);
    }
    uint64_t ms = (uint64_t)spent * 1000 / CLOCKS_PER_SEC;
    print_message("102 histories of 84 operations: %u ms\n", (unsigned)ms);
    assert_true(ms < 1000);                              /* some 10 ms without sanitizers */
}

static void a_long_clean_history_goes_in_linear_time(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct linear_op *ops = calloc(N, sizeof *ops);
    struct linear_report report;
    assert_non_null(ops);
    for (uint32_t i = 0; i < N; i++) {
        if (i % 3)
            ops[i] = (struct linear_op)WRITE(i, i + 40, i);
        else
            ops[i] = (struct linear_op)READ(i, i + 40, i ? i - 1 : 0);
        ops[i].hint = i + 1;
    }
    assert_int_equal(judge(ops, N, &report), LINEAR_OK);
    assert_true(report.steps <= N);
    free(ops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_after_another_must_be_right),
        cmocka_unit_test(overlapping_ones_have_a_choice_but_one),
        cmocka_unit_test(what_ends_as_another_begins_overlaps_it),
        cmocka_unit_test(an_unknown_outcome_may_come_late_or_never),
        cmocka_unit_test(answers_that_tell_more_are_held_to_it),
        cmocka_unit_test(keys_are_apart_and_the_report_names_the_culprit),
        cmocka_unit_test(a_budget_that_ends_leaves_it_unknown),
        cmocka_unit_test(small_histories_agree_with_trying_every_order),
        cmocka_unit_test(unique_values_are_decided_as_by_trying_every_order),
        cmocka_unit_test(a_stale_read_among_many_unknown_outcomes_is_found),
        cmocka_unit_test(a_hundred_cas_register_histories_take_no_time),
        cmocka_unit_test(a_long_clean_history_goes_in_linear_time),
    };
    return cmocka_run_group_tests_name("sim_check_linear", tests, NULL, NULL);
}
