/* SPDX-License-Identifier: MIT */
/* The entry store and the arena's tables. */
#include "tank.h"

static uint32_t chain(struct world *w, uint8_t creator, uint32_t head, uint64_t term, uint32_t n)
{
    while (n--)
        head = store_create(w, creator, 0, head, term, 0, 8, NULL);
    return head;
}

static void items_keep_their_place_while_the_table_grows(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(1);
    struct vec v;
    vec_init(&v, 24, 2);
    uint64_t *first = vec_at(&w->arena, &v, vec_push(&w->arena, &v, 1));
    *first = 77;
    for (uint32_t i = 1; i < 5000; i++)
        *(uint64_t *)vec_at(&w->arena, &v, vec_push(&w->arena, &v, 1)) = i;
    assert_ptr_equal(first, vec_at(&w->arena, &v, 0));
    for (uint32_t i = 1; i < 5000; i++)
        assert_int_equal(*(uint64_t *)vec_at(&w->arena, &v, i), i);
    tank_close(w);
}

static void an_ancestor_is_found_at_every_index_of_a_forked_history(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    uint32_t common = chain(w, 1, 0, 1, 100);
    uint32_t left = common, right = common;
    for (uint32_t i = 0; i < 100; i++) {          /* two creators by turns: runs end and begin again */
        left = chain(w, 1, left, 2, 1 + i % 3);
        right = chain(w, 2, right, 3, 1 + i % 5);
    }
    for (uint64_t index = 1; index <= store_index(w, right); index++) {
        uint32_t id = store_at(w, right, index);
        assert_int_equal(store_index(w, id), index);
        if (index > 100)
            assert_int_equal(store_term(w, id), 3);
        if (index > 1)
            assert_int_equal(store_entry(w, id)->parent, store_at(w, right, index - 1));
    }
    assert_int_equal(store_at(w, left, 100), common);
    assert_int_equal(store_at(w, right, 100), common);
    assert_int_equal(store_at(w, right, 0), 0);
    assert_int_equal(store_at(w, right, store_index(w, right) + 1), 0);
    tank_close(w);
}

static void content_differs_where_any_field_differs(void **state)
{
    (void)state;
    struct entry base = {.term = 3, .index = 9, .creator = 2, .cmd = {.size = 64, .verb = OP_WRITE, .client = 17, .key = 1, .seq = 5, .a = 7}};
    struct entry other[6] = {base, base, base, base, base, base};
    other[0].term++;
    other[1].index++;
    other[2].cmd.a++;
    other[3].cmd.seq++;
    other[4].creator++;
    other[5].cmd.key++;
    for (int i = 0; i < 6; i++)
        assert_true(store_content(&base) != store_content(&other[i]));
    other[0] = base;
    other[0].parent = 12;
    assert_true(store_content(&base) == store_content(&other[0]));
    (void)state;
}

static void an_equal_preload_is_the_same_entry(void **state)
{
    (void)state;
    static const struct preload_entry log[] = {{.term = 1}, {.term = 1}, {.term = 4}}, fork[] = {{.term = 1}, {.term = 2}};
    tank_prepare(3, 0);
    tank_plan.preload[1] = (struct preload){.set = 1, .term = 4, .nentries = 3, .entries = log};
    tank_plan.preload[2] = (struct preload){.set = 1, .term = 4, .nentries = 2, .entries = log};
    tank_plan.preload[3] = (struct preload){.set = 1, .term = 4, .nentries = 2, .entries = fork};
    struct world *w = tank_open(1);
    uint32_t a = storage_image(w, 1)->head, b = storage_image(w, 2)->head, c = storage_image(w, 3)->head;
    assert_int_equal(store_at(w, a, 2), b);
    assert_int_equal(store_at(w, a, 1), store_at(w, c, 1));
    assert_int_not_equal(c, b);
    assert_int_equal(store_term(w, c), 2);
    tank_close(w);
}

/* A million entries by three creators, cut back now and then: every look-up is what walking from parent to parent finds. */
static void a_long_log_is_looked_up_as_a_walk_finds_it(void **state)
{
    (void)state;
    enum { ENTRIES = 1000000, LOOKS = 2000 };
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    uint32_t *at = test_malloc((ENTRIES + 1) * sizeof *at), head = 0;
    uint64_t term = 1, x = 1;
    for (uint64_t made = 0; made < ENTRIES; term++) {
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const uint32_t n = 1 + (uint32_t)(x >> 33) % (term % 50 ? 300 : 30000);
        head = chain(w, (uint8_t)(1 + x % 3), head, term, n);
        made += n;
        head = store_at(w, head, store_index(w, head) - (x >> 60) % store_index(w, head));   /* up to 15 are lost */
    }
    struct arena *copy = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    assert_int_equal(world_fork(w, copy), w->arena.used);
    const struct world *fork = (const struct world *)(void *)copy;
    const uint64_t last = store_index(w, head);
    for (uint32_t id = head; id; id = store_entry(w, id)->parent)
        at[store_index(w, id)] = id;
    chain(w, 1, at[last / 2], term, 1000);       /* what one of the two worlds makes, the other does not see */
    for (uint64_t i = 0; i < LOOKS; i++) {
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const uint64_t from = 1 + (x >> 20) % last, index = 1 + (x >> 40) % last;
        assert_int_equal(store_at(w, at[from], index), index <= from ? at[index] : 0);
        assert_int_equal(store_at(fork, at[from], index), index <= from ? at[index] : 0);
    }
    assert_true(fork->store.entries.n < w->store.entries.n);
    test_free(at);
    arena_release(copy);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_store[] = {
        cmocka_unit_test(items_keep_their_place_while_the_table_grows),
        cmocka_unit_test(an_ancestor_is_found_at_every_index_of_a_forked_history),
        cmocka_unit_test(a_long_log_is_looked_up_as_a_walk_finds_it),
        cmocka_unit_test(content_differs_where_any_field_differs),
        cmocka_unit_test(an_equal_preload_is_the_same_entry),
    };
    return cmocka_run_group_tests(sim_store, NULL, NULL);
}
