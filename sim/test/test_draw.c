/* SPDX-License-Identifier: MIT */
/* The door of choices: keyed draws, exceptions, zeros. */
#include "tank.h"

static void a_draw_depends_on_its_own_place_only(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(42);
    uint64_t a = 0, b = 0, seen[8];
    for (int i = 0; i < 8; i++)
        seen[i] = draw(w, STREAM_NET_DELAY, ACTOR_LINK(1, 2), &a, 1000000);
    for (int i = 0; i < 100; i++)
        draw(w, STREAM_NET_LOSS, ACTOR_LINK(1, 2), &b, 10);
    a = 3;
    assert_int_equal(draw(w, STREAM_NET_DELAY, ACTOR_LINK(1, 2), &a, 1000000), seen[3]);
    assert_int_equal(a, 4);
    tank_close(w);
}

static void the_same_seed_gives_these_draws_for_ever(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(0x2a);
    uint64_t ordinal = 0;
    const uint64_t want[4] = {UINT64_C(0x3442557d283a1470), UINT64_C(0x8c3ae9a0ce7501d5),
                              UINT64_C(0xb32c98ed8227c45c), UINT64_C(0x42c0f1dd28077018)};
    for (int i = 0; i < 4; i++)
        assert_int_equal(draw(w, STREAM_BOOT, 3, &ordinal, UINT64_MAX), want[i]);
    tank_close(w);
}

static void draws_spread_over_their_bound(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(7);
    uint32_t hits[10] = {0};
    uint64_t ordinal = 0;
    for (int i = 0; i < 100000; i++)
        hits[draw(w, STREAM_CLIENT_KEY, 17, &ordinal, 10)]++;
    for (int i = 0; i < 10; i++)
        assert_in_range(hits[i], 9500, 10500);
    tank_close(w);
}

static void an_exception_overrides_one_draw_and_moves_no_other(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w =
        world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &tank_watch,
                   9, true);
    const struct exception list[] = {{.stream = STREAM_NET_LOSS, .actor = ACTOR_LINK(1, 2),
                                      .ordinal = 5, .value = 999999},
                                     {.stream = STREAM_NET_LOSS, .actor = ACTOR_LINK(1, 2),
                                      .ordinal = 6, .value = 23}};
    choices_exceptions(w, list, 2);
    uint64_t ordinal = 0;
    for (uint64_t i = 0; i < 20; i++)
        assert_int_equal(draw(w, STREAM_NET_LOSS, ACTOR_LINK(1, 2), &ordinal, 10),
                         i == 5 ? 9 : i == 6 ? 3 : 0);
    tank_close(w);
}

static void zero_is_harmless(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w =
        world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &tank_watch,
                   9, true);
    uint64_t ordinal = 0;
    for (int i = 0; i < 100; i++)
        assert_false(draw_chance(w, STREAM_NET_LOSS, 1, &ordinal, 999999));
    assert_true(draw_chance(w, STREAM_NET_LOSS, 1, &ordinal, 1000000));
    assert_int_equal(draw_range(w, STREAM_NET_DELAY, 1, &ordinal, 30, 90), 30);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_draw[] = {
        cmocka_unit_test(a_draw_depends_on_its_own_place_only),
        cmocka_unit_test(the_same_seed_gives_these_draws_for_ever),
        cmocka_unit_test(draws_spread_over_their_bound),
        cmocka_unit_test(an_exception_overrides_one_draw_and_moves_no_other),
        cmocka_unit_test(zero_is_harmless),
    };
    return cmocka_run_group_tests(sim_draw, NULL, NULL);
}
