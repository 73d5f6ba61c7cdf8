/* SPDX-License-Identifier: MIT */
/* After which steps the system under test is asked for its own invariants, and what is told of one
 * that is broken. */
#include "../world/looks.h"
#include "scripted.h"

/* Steps that change nothing, and of which none happens to be looked at; how often it was asked. */
static uint32_t asked_in_quiet(uint32_t steps)
{
    in_term_1(0);
    const uint32_t before = script_checks;
    for (uint32_t i = 0; i < steps; i++)
        step();
    return script_checks - before;
}

static void most_seeds_look_now_and_then(void **state)
{
    (void)state;
    assert_int_equal(w->looks, LOOKS_SELDOM);
    assert_int_equal(asked_in_quiet(5), 0);
    const uint32_t before = script_checks;
    takes_term(2, 0);
    writes(2, 0, 1, 0);
    step();
    assert_int_equal(script_checks, before + 1);
}

static void some_seeds_look_at_every_step(void **state)
{
    (void)state;
    w->looks = LOOKS_ALWAYS;
    assert_int_equal(asked_in_quiet(5), 5);
}

/* How often a world of this seed, or a tape of it, looks. */
static int looks_of(uint64_t seed, bool tape)
{
    struct world *other = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)),
                                     &tank_plan, &judged, seed, tape);
    const int looks = other->looks;
    arena_release(&other->arena);
    return looks;
}

static uint64_t seed_that_looks_always(void)
{
    uint64_t seed = 1;
    while (!seed_looks_always(seed))
        seed++;
    return seed;
}

static void which_they_are_follows_from_the_seed(void **state)
{
    (void)state;
    uint32_t all = 0;
    for (uint64_t seed = 1; seed <= 16000; seed++)
        all += seed_looks_always(seed);
    assert_in_range(all, 900, 1100);
    assert_int_equal(looks_of(seed_that_looks_always(), false), LOOKS_ALWAYS);
}

/* A tape has no seed, and says itself how it was played. */
static void a_tape_looks_now_and_then(void **state)
{
    (void)state;
    assert_int_equal(looks_of(seed_that_looks_always(), true), LOOKS_SELDOM);
}

static void who_is_not_to_look_does_not(void **state)
{
    (void)state;
    w->looks = LOOKS_ALWAYS;
    judge_disable(w, CHECK_self_check);
    script_broken = "two and two are five";
    in_term_1(2);
    assert_int_equal(script_checks, 0);
    SILENT();
}

static void its_sentence_is_told(void **state)
{
    (void)state;
    in_term_1(0);
    script_broken = "two and two are five";
    takes_term(2, 0);
    writes(2, 0, 1, 0);
    step();
    assert_string_equal(fired("self-check")->detail,
                        "n1 breaks an invariant of its own at 0.000s: two and two are five");
    assert_false(w->looked_closer);
}

/* Two invariants are two ways to break the rule, whatever node and time. */
static void each_invariant_is_a_way_of_its_own(void **state)
{
    (void)state;
    in_term_1(0);
    script_broken = "two and two are five";
    takes_term(2, 0);
    writes(2, 0, 1, 0);
    step();
    const uint16_t way = fired("self-check")->way;
    close_it(state);
    open_scripted(state);
    in_term_1(0);
    script_broken = "a half is whole";
    takes_term(2, 0);
    writes(2, 0, 1, 0);
    step();
    assert_int_not_equal(fired("self-check")->way, way);
}

/* Then the seed alone gives another run. */
static void what_only_who_asked_had_seen_is_marked(void **state)
{
    (void)state;
    w->looks = LOOKS_ASKED;
    in_term_1(0);
    script_broken = "two and two are five";
    step();
    assert_non_null(fired("self-check"));
    assert_true(w->looked_closer);
}

static void what_the_seed_looks_at_anyway_is_not(void **state)
{
    (void)state;
    w->looks = LOOKS_ALWAYS;
    in_term_1(0);
    script_broken = "two and two are five";
    step();
    assert_non_null(fired("self-check"));
    assert_false(w->looked_closer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED(most_seeds_look_now_and_then),
        SCRIPTED(some_seeds_look_at_every_step),
        SCRIPTED(which_they_are_follows_from_the_seed),
        SCRIPTED(a_tape_looks_now_and_then),
        SCRIPTED(who_is_not_to_look_does_not),
        SCRIPTED(its_sentence_is_told),
        SCRIPTED(each_invariant_is_a_way_of_its_own),
        SCRIPTED(what_only_who_asked_had_seen_is_marked),
        SCRIPTED(what_the_seed_looks_at_anyway_is_not),
    };
    return cmocka_run_group_tests_name("sim_looks", tests, NULL, NULL);
}
