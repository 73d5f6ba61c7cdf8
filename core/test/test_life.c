/* SPDX-License-Identifier: MIT */
/* Method: pairs of lives of one node. One half differ in the incarnation alone: the clock stands,
 * the seed is 0, the term is the same; in the others everything is drawn. What two lives ask must
 * never have one number. And the bounds of these numbers. */
#include "ballot.h"

enum { CASES = 2000, ASKED_MAX = 40 };

static struct node n;
static uint64_t seed;

static uint64_t chance(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

struct asked { uint64_t number[ASKED_MAX]; uint32_t n; };

static void note_down(struct asked *a, int type, bool context)
{
    for (uint32_t i = 0; i < n.fx.nmsgs; i++) {
        const struct raft_msg *m = &n.fx.msgs[i].msg;
        uint64_t number = context ? m->context : m->try_id;
        if (m->type != type || (a->n > 0 && a->number[a->n - 1] == number)) continue;
        assert_true(a->n < ASKED_MAX);
        assert_true(a->n == 0 || number > a->number[a->n - 1]);
        a->number[a->n++] = number;
    }
}

/* One life: it stands a few times, and follows a leader to whom it forwards a few reads. */
static void live(const struct raft_boot *boot, struct asked *tries, struct asked *reads)
{
    tries->n = reads->n = 0;
    start(&n, boot);
    for (uint64_t i = chance() % 8; i > 0; i--) {
        go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN, .campaign.force = true});
        note_down(tries, boot->options.prevote ? RAFT_MSG_PREVOTE : RAFT_MSG_VOTE, false);
        all_written(&n);
    }
    uint8_t leader = n.r.id == 1 ? 2 : 1;
    beat(&n, leader, n.r.term + 1, 0);
    for (uint64_t id = chance() % 8; id > 0; id--) {
        read_at(&n, id);
        note_down(reads, RAFT_MSG_READ_INDEX, true);
    }
}

static void disjoint(const struct asked *a, const struct asked *b)
{
    for (uint32_t i = 0; i < a->n; i++) {
        for (uint32_t k = 0; k < b->n; k++) assert_true(a->number[i] != b->number[k]);
    }
}

static void two_lives_never_ask_under_one_number(void **state)
{
    (void)state;
    static struct asked tries[2], reads[2];
    seed = 88172645463325252u;
    uint32_t asked = 0;
    for (int i = 0; i < CASES; i++) {
        struct raft_boot boot = boot_of((uint8_t)(1 + chance() % 3), 3);
        bool same = i % 2 == 0;   /* in all but the incarnation */
        boot.seed = same ? 0 : chance();
        boot.options.prevote = chance() % 2;
        boot.term = same ? 0 : chance() % 5;
        boot.restarted = chance() % 2;
        boot.incarnation = 1 + chance() % ((1u << RAFT_LIFE_BITS) - 2);
        live(&boot, &tries[0], &reads[0]);
        boot.incarnation = chance() % 2 ? boot.incarnation + 1 : 1 + chance() % boot.incarnation;
        if (boot.incarnation == n.r.incarnation) boot.incarnation++;
        boot.now = same ? 0 : chance() % MS(5000);
        live(&boot, &tries[1], &reads[1]);
        disjoint(&tries[0], &tries[1]);
        disjoint(&reads[0], &reads[1]);
        asked += tries[0].n + tries[1].n + reads[0].n + reads[1].n;
    }
    assert_true(asked > CASES * 5);
}

static void a_life_without_a_number_does_not_begin(void **state)
{
    (void)state;
    const struct { uint64_t incarnation; int result; } cases[] = {
        {0, RAFT_E_INVALID}, {1, RAFT_OK}, {((uint64_t)1 << RAFT_LIFE_BITS) - 1, RAFT_OK},
        {(uint64_t)1 << RAFT_LIFE_BITS, RAFT_E_INVALID}, {UINT64_MAX, RAFT_E_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct raft_boot boot = boot_of(1, 3);
        boot.incarnation = cases[i].incarnation;
        assert_int_equal(raft_init(&n.r, &boot), cases[i].result);
    }
}

/* The last number is given; the next would be another life's. */
static void numbers_that_are_spent_are_a_limit(void **state)
{
    (void)state;
    const uint64_t last = ((uint64_t)1 << RAFT_ASKED_BITS) - 1;
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    n.r.try_id += last - 1;
    n.r.token += last - 1;
    beat(&n, 2, 1, 0);
    assert_int_equal(read_at(&n, 1), RAFT_OK);
    assert_int_equal(read_at(&n, 2), RAFT_E_LIMIT_LIFE);
    assert_int_equal(read_at(&n, 1), RAFT_OK);   /* it waits already */
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN}), RAFT_OK);
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN}), RAFT_E_LIMIT_LIFE);
    n.now = raft_deadline(&n.r);
    assert_int_equal(tick(&n), RAFT_E_LIMIT_LIFE);
    assert_string_equal(raft_result_name(RAFT_E_LIMIT_LIFE), "limit-life");
}

int main(void)
{
    const struct CMUnitTest core_life[] = {
        cmocka_unit_test(two_lives_never_ask_under_one_number),
        cmocka_unit_test(a_life_without_a_number_does_not_begin),
        cmocka_unit_test(numbers_that_are_spent_are_a_limit),
    };
    return cmocka_run_group_tests(core_life, NULL, NULL);
}
