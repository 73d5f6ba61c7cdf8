/* SPDX-License-Identifier: MIT */
/* The key-value machine: commands, sessions, the incremental hash, lists and printing. */
#include "tank.h"

#include <stdio.h>
#include <string.h>

static const char *const atoms[] = {"", "hello", "world"};

static struct world *open_world(void)
{
    tank_prepare(3, 4);
    tank_plan.atoms = atoms;
    tank_plan.natoms = 3;
    return tank_open(1);
}

static struct kv_result apply(struct world *w, uint64_t kv, uint8_t client, uint32_t seq,
                              enum op_verb verb, uint16_t key, uint64_t a, uint64_t b)
{
    struct entry c = {.verb = (uint8_t)verb, .client = client, .key = key, .seq = seq, .a = a,
                      .b = b};
    return kv_apply(w, kv, &c);
}

static void writes_reads_and_cas(void **state)
{
    (void)state;
    struct world *w = open_world();
    uint64_t kv = kv_take(w);
    assert_true(kv_get(w, kv, 0) == VALUE_ABSENT);
    assert_int_equal(apply(w, kv, 0, 0, OP_WRITE, 0, VALUE_NUMBER(7), 0).outcome, OUT_OK);
    assert_true(apply(w, kv, 0, 0, OP_READ, 0, 0, 0).value == VALUE_NUMBER(7));
    struct kv_result r = apply(w, kv, 0, 0, OP_CAS, 0, VALUE_NUMBER(6), VALUE_NUMBER(8));
    assert_int_equal(r.outcome, OUT_FAIL);
    assert_true(r.value == VALUE_NUMBER(7));
    r = apply(w, kv, 0, 0, OP_CAS, 0, VALUE_NUMBER(7), VALUE_NUMBER(8));
    assert_int_equal(r.outcome, OUT_OK);
    assert_true(kv_get(w, kv, 0) == VALUE_NUMBER(8));
    assert_int_equal(apply(w, kv, 0, 0, OP_CAS, 1, VALUE_ABSENT, VALUE_ATOM(1)).outcome, OUT_OK);
    assert_true(kv_get(w, kv, 1) == VALUE_ATOM(1));
    tank_close(w);
}

static void a_session_applies_a_number_once(void **state)
{
    (void)state;
    struct world *w = open_world();
    uint64_t kv = kv_take(w);
    uint8_t c1 = CLIENT_BASE + 1, c2 = CLIENT_BASE + 2;
    uint64_t once = apply(w, kv, c1, 1, OP_APPEND, 0, VALUE_NUMBER(1), 0).value;
    uint64_t hash = kv_hash(w, kv);
    assert_true(apply(w, kv, c1, 1, OP_APPEND, 0, VALUE_NUMBER(1), 0).value == once);
    assert_true(kv_hash(w, kv) == hash);
    apply(w, kv, c2, 1, OP_APPEND, 0, VALUE_NUMBER(1), 0);
    assert_true(kv_get(w, kv, 0) != once);
    apply(w, kv, c1, 3, OP_WRITE, 0, VALUE_NUMBER(3), 0);
    hash = kv_hash(w, kv);
    assert_int_equal(apply(w, kv, c1, 2, OP_WRITE, 0, VALUE_NUMBER(2), 0).outcome, OUT_FAIL);
    assert_true(kv_hash(w, kv) == hash);
    assert_true(kv_get(w, kv, 0) == VALUE_NUMBER(3));
    tank_close(w);
}

static void a_failed_cas_is_remembered_too(void **state)
{
    (void)state;
    struct world *w = open_world();
    uint64_t kv = kv_take(w);
    uint8_t c1 = CLIENT_BASE + 1;
    assert_int_equal(apply(w, kv, c1, 1, OP_CAS, 0, VALUE_NUMBER(1), VALUE_NUMBER(2)).outcome,
                     OUT_FAIL);
    apply(w, kv, 0, 0, OP_WRITE, 0, VALUE_NUMBER(1), 0);
    struct kv_result again = apply(w, kv, c1, 1, OP_CAS, 0, VALUE_NUMBER(1), VALUE_NUMBER(2));
    assert_int_equal(again.outcome, OUT_FAIL);
    assert_true(again.value == VALUE_ABSENT);
    tank_close(w);
}

static void the_hash_depends_on_the_state_alone(void **state)
{
    (void)state;
    struct world *w = open_world();
    uint64_t a = kv_take(w), b = kv_take(w);
    assert_true(kv_hash(w, a) == 0);
    apply(w, a, 0, 0, OP_WRITE, 0, VALUE_NUMBER(1), 0);
    apply(w, a, 0, 0, OP_WRITE, 1, VALUE_NUMBER(2), 0);
    apply(w, b, 0, 0, OP_WRITE, 1, VALUE_NUMBER(9), 0);
    apply(w, b, 0, 0, OP_WRITE, 1, VALUE_NUMBER(2), 0);
    assert_true(kv_hash(w, a) != kv_hash(w, b));
    apply(w, b, 0, 0, OP_WRITE, 0, VALUE_NUMBER(1), 0);
    assert_true(kv_hash(w, a) == kv_hash(w, b));
    apply(w, b, 0, 0, OP_RAW, 0, VALUE_NUMBER(5), 0);
    apply(w, b, 0, 0, OP_NONE, 0, 0, 0);
    assert_true(kv_hash(w, a) == kv_hash(w, b));
    apply(w, b, CLIENT_BASE + 1, 1, OP_READ, 0, 0, 0);
    assert_true(kv_hash(w, a) != kv_hash(w, b));
    kv_reset(w, b);
    assert_true(kv_hash(w, b) == 0 && kv_get(w, b, 0) == VALUE_ABSENT);
    tank_close(w);
}

static void expect_print(const struct world *w, uint64_t value, const char *text)
{
    char out[128], small[5];
    assert_int_equal(value_print(w, value, out, sizeof out), (int)strlen(text));
    assert_string_equal(out, text);
    assert_int_equal(value_print(w, value, small, sizeof small), (int)strlen(text));
    assert_memory_equal(small, text, strlen(text) < 4 ? strlen(text) + 1 : 4);
    assert_int_equal(small[4] && strlen(text) >= 4, 0);
    assert_int_equal(value_print(w, value, NULL, 0), (int)strlen(text));
}

static void values_print_as_they_are_typed(void **state)
{
    (void)state;
    struct world *w = open_world();
    expect_print(w, VALUE_ABSENT, "absent");
    expect_print(w, VALUE_NUMBER(7), "7");
    expect_print(w, VALUE_ATOM(2), "\"world\"");
    uint64_t list = value_append(w, VALUE_ABSENT, VALUE_NUMBER(1));
    expect_print(w, list, "[1]");
    list = value_append(w, list, VALUE_NUMBER(2));
    list = value_append(w, list, VALUE_ATOM(1));
    expect_print(w, list, "[1 2 \"hello\"]");
    expect_print(w, value_append(w, VALUE_NUMBER(4), VALUE_NUMBER(5)), "[4 5]");
    tank_close(w);
}

static void lists_are_fingerprints_and_the_table_grows(void **state)
{
    (void)state;
    struct world *w = open_world();
    uint64_t a = VALUE_ABSENT, b = VALUE_ABSENT;
    for (uint64_t i = 0; i < 5000; i++)
        a = value_append(w, a, VALUE_NUMBER(i));
    for (uint64_t i = 0; i < 5000; i++)
        b = value_append(w, b, VALUE_NUMBER(i));
    assert_true(a == b);
    assert_int_equal(w->lists.n, 5001);
    char out[32];
    assert_int_equal(value_print(w, a, out, sizeof out), 10 + 90 * 2 + 900 * 3 + 4000 * 4 + 5001);
    assert_memory_equal(out, "[0 1 2 3 4 5 ", 13);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_kv[] = {
        cmocka_unit_test(writes_reads_and_cas),
        cmocka_unit_test(a_session_applies_a_number_once),
        cmocka_unit_test(a_failed_cas_is_remembered_too),
        cmocka_unit_test(the_hash_depends_on_the_state_alone),
        cmocka_unit_test(values_print_as_they_are_typed),
        cmocka_unit_test(lists_are_fingerprints_and_the_table_grows),
    };
    return cmocka_run_group_tests(sim_kv, NULL, NULL);
}
