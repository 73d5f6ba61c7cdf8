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
    for (uint32_t i = 0; i < 100; i++) {    /* two creators by turns: runs end and begin again */
        left = chain(w, 1, left, 2, 1 + i % 3);
        right = chain(w, 2, right, 3, 1 + i % 5);
    }
    for (uint64_t index = 1; index <= store_index(w, right); index++) {
        uint32_t id = store_at(w, right, index);
        assert_int_equal(store_index(w, id), index);
        if (index > 100)
            assert_int_equal(store_term(w, id), 3);
        if (index > 1)
            assert_int_equal(store_parent(w, id), store_at(w, right, index - 1));
    }
    assert_int_equal(store_at(w, left, 100), common);
    assert_int_equal(store_at(w, right, 100), common);
    assert_int_equal(store_at(w, right, 0), 0);
    assert_int_equal(store_at(w, right, store_index(w, right) + 1), 0);
    tank_close(w);
}

static void an_entry_behind_another_than_its_own_is_one_copy(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    const uint32_t common = chain(w, 1, 0, 1, 2), theirs = chain(w, 2, common, 2, 3),
                   mine = chain(w, 1, common, 1, 1);
    const uint32_t copy = store_behind(w, mine, store_at(w, theirs, 4), 2);
    assert_int_not_equal(copy, store_at(w, theirs, 4));
    assert_int_equal(store_parent(w, copy), mine);
    assert_int_equal(store_index(w, copy), 4);
    assert_int_equal(store_run(w, copy)->creator, 2);
    assert_true(store_content(w, store_place(w, copy)) ==
                store_content(w, store_find(w, theirs, 4)));
    replica_of(w, 3, 0)->head = store_behind(w, copy, store_at(w, theirs, 5), 2);
    assert_int_equal(store_behind(w, mine, store_at(w, theirs, 4), 2), copy);
    assert_int_equal(store_behind(w, copy, store_at(w, theirs, 5), 2), replica_of(w, 3, 0)->head);
    assert_int_not_equal(store_behind(w, common, store_at(w, theirs, 4), 2), copy);
    const uint32_t under = store_behind(w, store_at(w, theirs, 3), store_at(w, theirs, 4), 3);
    assert_int_equal(store_parent(w, under), store_at(w, theirs, 3));
    assert_int_equal(store_term(w, under), 3);
    assert_int_equal(store_run(w, under)->creator, 2);
    tank_close(w);
}

static uint64_t content_of(struct world *w, uint32_t parent, const struct store_run *like,
                           struct entry asks)
{
    uint32_t id = store_create(w, like->creator, like->group, parent, like->term, like->kind,
                               like->size, &asks);
    return store_content(w, store_place(w, id));
}

static void content_differs_where_any_field_differs(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    const uint32_t parent = chain(w, 2, 0, 3, 8),
        sibling = chain(w, 2, store_parent(w, parent), 3, 1);
    const struct store_run like = {.term = 3, .creator = 2, .size = 64}, base = like;
    const struct entry asks = {.verb = OP_WRITE, .client = 17, .key = 1, .seq = 5, .a = 7, .b = 9};
    struct store_run run[5] = {base, base, base, base, base};
    struct entry other[6] = {asks, asks, asks, asks, asks, asks};
    const uint64_t content = content_of(w, parent, &like, asks);
    run[0].term++;
    run[1].creator++;
    run[2].size++;
    run[3].kind++;
    run[4].group++;
    for (int i = 0; i < 5; i++)
        assert_true(content != content_of(w, parent, &run[i], asks));
    other[0].verb = OP_CAS;
    other[1].client++;
    other[2].key++;
    other[3].seq++;
    other[4].a++;
    other[5].b++;
    for (int i = 0; i < 6; i++)
        assert_true(content != content_of(w, parent, &like, other[i]));
    assert_true(content != content_of(w, store_parent(w, parent), &like, asks)); /* another index */
    assert_int_equal(store_index(w, sibling), store_index(w, parent));
    assert_true(content == content_of(w, sibling, &like, asks));    /* another parent, another id */
    tank_close(w);
}

static void neighbours_share_a_run_until_one_differs(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    const uint32_t first = chain(w, 1, 0, 1, 1), last = chain(w, 1, first, 1, 99);
    assert_int_equal(last, first + 99);                 /* nobody else takes a block: ids go on */
    assert_ptr_equal(store_run(w, first), store_run(w, last));
    assert_int_equal(store_run(w, last)->depth, 1);
    uint32_t head = last;
    const struct store_run unlike[] = {
        {.term = 2, .creator = 1, .size = 8},
        {.term = 2, .creator = 1, .size = 9},
        {.term = 2, .creator = 1, .size = 9, .kind = 1},
        {.term = 2, .creator = 1, .size = 9, .kind = 1, .group = 7},
        {.term = 2, .creator = 2, .size = 9, .kind = 1, .group = 7},
    };
    for (uint32_t i = 0; i < 5; i++) {
        const struct store_run *u = &unlike[i];
        for (uint32_t k = 0; k < 3; k++) {
            const uint32_t parent = head;
            head = store_create(w, u->creator, u->group, parent, u->term, u->kind, u->size, NULL);
            const struct store_run *run = store_run(w, head);
            assert_int_equal(run->depth, 2 + i);
            assert_int_equal(store_term(w, head), u->term);
            assert_int_equal(store_index(w, head), 101 + 3 * i + k);
            assert_int_equal(store_parent(w, head), parent);
            assert_true(run->size == u->size && run->kind == u->kind);
            assert_true(run->group == u->group && run->creator == u->creator);
        }
    }
    assert_int_equal(store_at(w, head, 50), first + 49);
    tank_close(w);
}

/* Where one creator's block ends and another's begins, all but the creator may be equal. */
static void creators_that_meet_in_their_ids_share_no_run(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    const uint32_t a = chain(w, 1, 0, 1, STORE_BLOCK), b = chain(w, 2, a, 1, 3);
    assert_int_equal(b, a + 3);
    assert_int_equal(store_run(w, a)->creator, 1);
    assert_int_equal(store_run(w, b)->creator, 2);
    assert_int_equal(store_run(w, b)->depth, 2);
    assert_int_equal(store_parent(w, b - 2), a);
    const uint32_t c = chain(w, 1, a, 1, 5);      /* the first's own next block, further on */
    assert_int_equal(store_index(w, c), STORE_BLOCK + 5);
    assert_int_equal(store_at(w, c, STORE_BLOCK), a);
    assert_int_equal(store_at(w, c, STORE_BLOCK + 1), c - 4);
    tank_close(w);
}

/* Ids that were taken and not yet used are nobody's entries. */
static void an_id_is_held_once_its_entry_was_created(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    const uint32_t a = chain(w, 1, 0, 1, 1), b = chain(w, 2, a, 1, 1);
    for (uint32_t id = STORE_BLOCK; id < w->store.entries.n; id++)
        assert_int_equal(store_holds(w, id), id == a || id == b);
    tank_close(w);
}

static void a_run_that_a_log_leaves_in_its_middle_grows_on_for_the_others(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(1);
    const uint32_t tip = chain(w, 1, 0, 1, 20), middle = store_at(w, tip, 12),
        branch = chain(w, 2, middle, 2, 5);
    const uint32_t longer = chain(w, 1, tip, 1, 5), own = chain(w, 1, middle, 1, 5);
    assert_ptr_equal(store_run(w, longer), store_run(w, tip));
    /* its creator's next ids, after another parent */
    assert_ptr_not_equal(store_run(w, own), store_run(w, tip));
    const uint32_t heads[] = {longer, branch, own}, last[] = {25, 17, 17};
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(store_index(w, heads[i]), last[i]);
        assert_int_equal(store_at(w, heads[i], 12), middle);
        assert_int_equal(store_at(w, heads[i], 1), store_at(w, tip, 1));
        assert_int_equal(store_at(w, heads[i], last[i] + 1), 0);
        assert_int_equal(store_parent(w, store_at(w, heads[i], 13)), middle);
    }
    assert_int_equal(store_at(w, branch, 13), branch - 4);
    assert_int_equal(store_at(w, own, 13), own - 4);
    assert_int_equal(store_at(w, longer, 13), middle + 1);
    tank_close(w);
}

static void an_equal_preload_is_the_same_entry(void **state)
{
    (void)state;
    static const struct preload_entry log[] = {{.term = 1}, {.term = 1}, {.term = 4}},
                                      fork[] = {{.term = 1}, {.term = 2}};
    tank_prepare(3, 0);
    tank_plan.preload[1] = (struct preload){.set = 1, .term = 4, .nentries = 3, .entries = log};
    tank_plan.preload[2] = (struct preload){.set = 1, .term = 4, .nentries = 2, .entries = log};
    tank_plan.preload[3] = (struct preload){.set = 1, .term = 4, .nentries = 2, .entries = fork};
    struct world *w = tank_open(1);
    uint32_t a = storage_image(w, replica_of(w, 1, 0)).head,
             b = storage_image(w, replica_of(w, 2, 0)).head,
             c = storage_image(w, replica_of(w, 3, 0)).head;
    assert_int_equal(store_at(w, a, 2), b);
    assert_int_equal(store_at(w, a, 1), store_at(w, c, 1));
    assert_int_not_equal(c, b);
    assert_int_equal(store_term(w, c), 2);
    assert_int_equal(store_term(w, a), 4);
    assert_int_equal(store_parent(w, a), b);
    assert_int_equal(store_index(w, a), 3);
    assert_ptr_equal(store_run(w, b), store_run(w, store_at(w, b, 1)));
    assert_ptr_not_equal(store_run(w, a), store_run(w, b));
    tank_close(w);
}

/* A million entries by three creators, cut back now and then: every look-up is what walking from
 * parent to parent finds. */
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
        /* up to 15 are lost */
        head = store_at(w, head, store_index(w, head) - (x >> 60) % store_index(w, head));
    }
    struct arena *copy = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    assert_in_range(world_fork(w, copy), w->store.entries.n, w->arena.used);
    const struct world *fork = (const struct world *)(void *)copy;
    const uint64_t last = store_index(w, head);
    for (uint32_t id = head; id; id = store_parent(w, id))
        at[store_index(w, id)] = id;
    /* what one of the two worlds makes, the other does not see */
    chain(w, 1, at[last / 2], term, 1000);
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

/* What is known of an entry when it is made. */
struct known {
    uint32_t parent, size;
    uint64_t index, term, a;
    uint16_t group;
    uint8_t kind, creator;
};
enum { SOUP = 120000, SOUP_LOGS = 5 };

static uint64_t next_random(uint64_t *x)
{
    *x = *x * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *x >> 20;
}

/* Logs that grow by turns, one entry or a few at a time, fall back, and take over one another. */
static void soup(struct world *w, struct known *known, uint32_t *head, uint32_t depth[SOUP_LOGS])
{
    uint64_t x = 3;
    for (uint32_t made = 0; made < SOUP;) {
        const uint32_t log = (uint32_t)next_random(&x) % SOUP_LOGS;
        if (next_random(&x) % 16 == 0)
            head[log] = head[next_random(&x) % SOUP_LOGS];
        if (next_random(&x) % 4 == 0 && store_index(w, head[log]) > 4)
            head[log] = store_at(w, head[log], store_index(w, head[log]) - next_random(&x) % 4);
        struct known k = {.term = 1 + made / 1000, .creator = (uint8_t)log};
        k.size = 8 * (next_random(&x) % 8 == 0);
        k.kind = next_random(&x) % 16 == 0;
        k.group = next_random(&x) % 64 == 0;
        for (uint64_t n = 1 + next_random(&x) % 6; n > 0; n--, made++) {
            k.parent = head[log];
            k.index = k.parent ? known[k.parent].index + 1 : 1;
            k.a = made;
            const struct entry asks = {.verb = OP_RAW, .a = k.a};
            head[log] = store_create(w, k.creator, k.group, k.parent, k.term, k.kind, k.size,
                                     &asks);
            assert_true(head[log] < 2 * SOUP);
            known[head[log]] = k;
        }
    }
    for (uint32_t i = 0; i < SOUP_LOGS; i++)
        depth[i] = store_run(w, head[i])->depth;
}

/* As store_far goes, counted. */
static uint32_t steps_to(const struct world *w, uint32_t head, uint64_t index)
{
    uint32_t steps = 0;
    for (const struct store_run *r = store_run(w, head); r->index > index; steps++)
        r = store_run_at(w, store_run_at(w, r->skip)->index >= index ? r->skip : r->before);
    return steps;
}

static void entries_keep_what_they_were_made_of_over_thousands_of_runs(void **state)
{
    (void)state;
    tank_prepare(5, 0);
    struct world *w = tank_open(1);
    struct known *known = test_calloc(2 * SOUP, sizeof *known);
    uint32_t head[SOUP_LOGS] = {0}, depth[SOUP_LOGS], held = 0;
    soup(w, known, head, depth);
    for (uint32_t id = STORE_BLOCK; id < w->store.entries.n; id++) {
        if (!store_holds(w, id))
            continue;
        const struct known *k = &known[id];
        const struct store_run *run = store_run(w, id);
        held++;
        assert_true(store_parent(w, id) == k->parent && store_index(w, id) == k->index &&
                    store_term(w, id) == k->term);
        assert_true(run->size == k->size && run->kind == k->kind);
        assert_true(run->group == k->group && run->creator == k->creator);
        assert_true(store_entry(w, id)->a == k->a);
    }
    assert_true(held >= SOUP);
    for (uint32_t i = 0; i < SOUP_LOGS; i++) {
        assert_true(depth[i] > 2000);
        for (uint32_t id = head[i]; id; id = known[id].parent) {
            assert_int_equal(store_at(w, head[i], known[id].index), id);
            assert_int_equal(store_at(w, id, known[id].index + 1), 0);
            const uint64_t d = depth[i], steps = steps_to(w, head[i], known[id].index);
            assert_true(UINT64_C(1) << steps <= d * d * d);                /* 3 log2(depth) */
        }
    }
    test_free(known);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_store[] = {
        cmocka_unit_test(items_keep_their_place_while_the_table_grows),
        cmocka_unit_test(an_ancestor_is_found_at_every_index_of_a_forked_history),
        cmocka_unit_test(an_entry_behind_another_than_its_own_is_one_copy),
        cmocka_unit_test(a_long_log_is_looked_up_as_a_walk_finds_it),
        cmocka_unit_test(content_differs_where_any_field_differs),
        cmocka_unit_test(neighbours_share_a_run_until_one_differs),
        cmocka_unit_test(creators_that_meet_in_their_ids_share_no_run),
        cmocka_unit_test(an_id_is_held_once_its_entry_was_created),
        cmocka_unit_test(a_run_that_a_log_leaves_in_its_middle_grows_on_for_the_others),
        cmocka_unit_test(entries_keep_what_they_were_made_of_over_thousands_of_runs),
        cmocka_unit_test(an_equal_preload_is_the_same_entry),
    };
    return cmocka_run_group_tests(sim_store, NULL, NULL);
}
