/* SPDX-License-Identifier: MIT */
/* The queue of events gives them back in the order (at, order), whatever was put in when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../world/queue.h"

enum { PENDING_MAX = 600, STEPS = 60000 };

struct tank {
    struct arena *a;
    struct queue q;
    struct event pending[PENDING_MAX];   /* what the queue must hold, in no order */
    uint32_t n;
    uint64_t now, order, chance;
};

static uint64_t pick(struct tank *t, uint64_t bound)
{
    t->chance = t->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (t->chance >> 33) % bound;
}

static void open_tank(struct tank *t, uint64_t chance)
{
    memset(t, 0, sizeof *t);
    t->chance = chance;
    t->a = arena_reserve(UINT64_C(64) << 20, sizeof(struct arena));
    assert_non_null(t->a);
    queue_init(t->a, &t->q);
}

/* As the world pushes: never before now; `order` need not rise, since ties are drawn. */
static void push(struct tank *t, uint64_t ahead)
{
    const struct event e = {.at = t->now + ahead, .order = pick(t, 8) << 48 | t->order++, .kind = 1,
                            .arg = t->n};
    t->pending[t->n++] = e;
    queue_push(t->a, &t->q, e);
}

static void pop(struct tank *t)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < t->n; i++)
        if (t->pending[i].at < t->pending[least].at ||
            (t->pending[i].at == t->pending[least].at &&
             t->pending[i].order < t->pending[least].order))
            least = i;
    assert_int_equal(queue_next(t->a, &t->q), t->pending[least].at);
    const struct event e = queue_pop(t->a, &t->q);
    assert_int_equal(e.at, t->pending[least].at);
    assert_int_equal(e.order, t->pending[least].order);
    assert_int_equal(e.arg, t->pending[least].arg);
    t->pending[least] = t->pending[--t->n];
    t->now = e.at;
    assert_int_equal(queue_count(&t->q), t->n);
}

/* Takes out one of those pending. */
static void cancel(struct tank *t)
{
    const uint32_t i = (uint32_t)pick(t, t->n);
    queue_cancel(t->a, &t->q, t->pending[i].at, t->pending[i].order);
    t->pending[i] = t->pending[--t->n];
}

/* Walking the queue meets every pending event once. */
static void walk(const struct tank *t)
{
    static bool met[PENDING_MAX];
    struct queue_cursor c = {0};
    uint32_t n = 0;
    memset(met, 0, sizeof met);
    for (const struct event *e; (e = queue_each(t->a, &t->q, &c)); n++) {
        uint32_t i = 0;
        while (i < t->n && (t->pending[i].at != e->at || t->pending[i].order != e->order))
            i++;
        assert_true(i < t->n && !met[i]);
        met[i] = true;
    }
    assert_int_equal(n, t->n);
}

/* Pushes and pops at random, at most ahead[kind] ahead of now, and no more than `spread` less. */
static void churn(uint64_t chance, const uint64_t *ahead, uint32_t kinds, uint64_t spread)
{
    static struct tank t;
    open_tank(&t, chance);
    for (uint32_t i = 0; i < STEPS; i++) {
        const bool grow = t.n == 0 ||
                          (t.n < PENDING_MAX && pick(&t, 100) < (i / 2000 % 2 ? 60u : 40u));
        const uint64_t most = ahead[pick(&t, kinds)];
        if (grow)
            push(&t, most - pick(&t, (most < spread ? most : spread) + 1));
        else if (pick(&t, 10))
            pop(&t);
        else
            cancel(&t);
        if (i % 1000 == 0)
            walk(&t);
    }
    while (t.n)
        pop(&t);
    assert_int_equal(queue_next(t.a, &t.q), UINT64_MAX);
    arena_release(t.a);
}

static void events_come_in_order(void **state)
{
    (void)state;
    const uint64_t mixed[] = {0, 10, 5000, 1000000, 20000000, UINT64_C(3000000000)};
    const uint64_t same[] = {0, 0, 0, 1};
    const uint64_t far[] = {UINT64_C(1) << 40, UINT64_C(1) << 50, 100000000};
    const uint64_t waves[] = {20000000, 20000000, 40000000, 100};
    for (uint64_t chance = 1; chance <= 4; chance++) {
        churn(chance, mixed, 6, UINT64_MAX - 1);
        churn(chance, same, 4, 1);
        churn(chance, far, 3, UINT64_MAX - 1);
        churn(chance, waves, 4, 3000);
    }
}

/* What is due never runs out, and still needs no more room than the most that was ever
 * due together. */
static void what_was_taken_is_room_again(void **state)
{
    (void)state;
    static struct tank t;
    open_tank(&t, 5);
    for (uint32_t i = 0; i < 40; i++)
        push(&t, 0);
    const uint64_t used = t.a->used;
    for (uint32_t i = 0; i < STEPS; i++) {
        push(&t, pick(&t, 3) == 0);
        pop(&t);
    }
    assert_in_range(t.a->used, used, used + 8192);
    arena_release(t.a);
}

static void the_end_of_time_is_a_time(void **state)
{
    (void)state;
    static struct tank t;
    open_tank(&t, 9);
    push(&t, UINT64_MAX - 1);
    push(&t, 3);
    push(&t, UINT64_MAX - 2);
    while (t.n)
        pop(&t);
    arena_release(t.a);
}

int main(void)
{
    const struct CMUnitTest sim_queue[] = {
        cmocka_unit_test(events_come_in_order),
        cmocka_unit_test(what_was_taken_is_room_again),
        cmocka_unit_test(the_end_of_time_is_a_time),
    };
    return cmocka_run_group_tests(sim_queue, NULL, NULL);
}
