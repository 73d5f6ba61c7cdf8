/* SPDX-License-Identifier: MIT */
/* Links, clocks, disks and the loop, around our own core. */
#include "tank.h"

#include <string.h>

static uint64_t first_leader(struct world *w)
{
    while (!host_leader(w, 0) && world_step(w, SEC(10)))
        ;
    return host_leader(w, 0);
}

static void a_cluster_elects_one_leader(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        tank_prepare(5, 0);
        struct world *w = tank_open(seed);
        world_start(w);
        assert_true(first_leader(w));
        assert_true(world_run(w, w->now + SEC(1)));
        uint32_t leaders = 0;
        for (uint8_t n = 1; n <= 5; n++)
            leaders += replica_of(w, n, 0)->role == SUT_LEADER;
        assert_int_equal(leaders, 1);
        tank_close(w);
    }
}

static void digest_of(uint64_t seed, uint8_t out[16])
{
    tank_prepare(3, 0);
    struct world *w = tank_open(seed);
    world_start(w);
    world_run(w, SEC(2));
    world_digest(w, out);
    tank_close(w);
}

static void a_seed_gives_one_digest_and_another_seed_another(void **state)
{
    (void)state;
    uint8_t a[16], b[16], c[16];
    digest_of(5, a);
    digest_of(5, b);
    digest_of(6, c);
    assert_memory_equal(a, b, 16);
    assert_memory_not_equal(a, c, 16);
}

static void a_fork_goes_on_as_its_origin_does(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(11);
    world_start(w);
    world_run(w, MS(700));
    struct arena *other = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    world_fork(w, other);
    struct world *f = (struct world *)(void *)other;
    world_run(w, SEC(2));
    world_run(f, SEC(2));
    uint8_t a[16], b[16];
    world_digest(w, a);
    world_digest(f, b);
    assert_memory_equal(a, b, 16);
    tank_close(w);
    tank_close(f);
}

/* The options of a node with room for so many terms. */
static const void *with_terms(uint64_t terms)
{
    static uint64_t options[64];
    memcpy(options, tank_plan.sut_options[0], sizeof options);
    for (const struct option_row *row = suts[0]->options; row->name; row++)
        if (strcmp(row->name, "log-terms") == 0)
            memcpy((char *)options + row->offset, &terms, sizeof terms);
    return options;
}

/* What states do not use is not copied, whatever lies there; who is upgraded gets the room that it
 * asks for. */
static void a_fork_copies_of_states_what_they_use(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(12);
    world_start(w);
    world_run(w, MS(700));
    host_upgrade(w, 2, with_terms(20000));
    host_upgrade(w, 3, with_terms(10));
    world_run(w, w->now + MS(700));
    struct arena *other = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    const uint64_t cap = other->cap;
    memset(other, 0xa5, (size_t)w->arena.used);
    other->cap = cap;
    assert_true(world_fork(w, other) + 20000 * sizeof(struct sut_run) < w->arena.used);
    struct world *f = (struct world *)(void *)other;
    for (uint8_t n = 1; n <= 9; n++) {
        host_campaign(w, replica_of(w, 1 + n % 3, 0), true);
        host_campaign(f, replica_of(f, 1 + n % 3, 0), true);
        world_run(w, w->now + MS(300));
        world_run(f, f->now + MS(300));
    }
    uint8_t a[16], b[16];
    world_digest(w, a);
    world_digest(f, b);
    assert_memory_equal(a, b, 16);
    tank_close(w);
    tank_close(f);
}

static void a_cut_is_one_way_and_nests(void **state)
{
    (void)state;
    tank_prepare(2, 1);
    struct world *w = tank_open(1);
    net_cut(w, 1, 2);
    net_cut(w, 1, 2);
    net_join(w, 1, 2);
    assert_int_equal(net_link(w, 1, 2)->cuts, 1);
    assert_int_equal(net_link(w, 2, 1)->cuts, 0);
    net_join(w, 1, 2);
    net_join(w, 1, 2);
    assert_int_equal(net_link(w, 1, 2)->cuts, 0);
    net_cut(w, 17, 1);
    assert_int_equal(net_link(w, 17, 1)->cuts, 1);
    net_heal_all(w);
    assert_int_equal(net_link(w, 17, 1)->cuts, 0);
    assert_null(net_link(w, 17, 18));
    assert_null(net_link(w, 1, 1));
    tank_close(w);
}

static void an_isolated_leader_steps_down_and_another_follows(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(3);
    world_start(w);
    uint8_t old = (uint8_t)first_leader(w);
    for (uint8_t n = 1; n <= 3; n++) {
        net_cut(w, old, n);
        net_cut(w, n, old);
    }
    world_run(w, w->now + SEC(2));
    assert_int_not_equal(replica_of(w, old, 0)->role, SUT_LEADER);
    assert_int_not_equal(host_leader(w, 0), 0);
    assert_int_not_equal(host_leader(w, 0), old);
    tank_close(w);
}

static void a_clock_is_a_line_and_true_time_inverts_it(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(1);
    clock_rate(w, 1, 1001, 1000);
    w->now = SEC(3600);
    assert_int_equal(clock_local(w, 1), SEC(3603) + MS(600));
    for (uint64_t local = SEC(4000); local < SEC(4000) + 5000; local += 7) {
        uint64_t at = clock_true(w, 1, local);
        uint64_t now = w->now;
        w->now = at;
        assert_true(clock_local(w, 1) >= local);
        w->now = at - 1;
        assert_true(clock_local(w, 1) < local);
        w->now = now;
    }
    assert_true(clock_kept(w, 1, 0));
    clock_jump(w, 1, -(int64_t)SEC(10));
    assert_int_equal(clock_local(w, 1), SEC(3593) + MS(600));
    assert_false(clock_kept(w, 1, w->now));
    assert_true(clock_kept(w, 1, w->now + 1));
    clock_freeze(w, 1);
    w->now += SEC(5);
    assert_int_equal(clock_local(w, 1), SEC(3593) + MS(600));
    assert_int_equal(clock_true(w, 1, SEC(9999)), NEVER);
    assert_false(clock_kept(w, 1, w->now));
    clock_thaw(w, 1);
    clock_rate(w, 1, 3, 2);
    w->now += SEC(2);
    assert_int_equal(clock_local(w, 1), SEC(3596) + MS(600));
    /* half as fast again is far beyond the declared bound */
    assert_false(clock_kept(w, 1, w->now));
    tank_close(w);
}

/* Issues a write of term `term` by hand, past the SUT. */
static void issue(struct world *w, uint64_t wid, uint64_t term)
{
    const struct sut_write write = {.wid = wid, .term = term, .first = 1};
    storage_write(w, replica_of(w, 1, 0), &write, 0);
}

/* 2^64 ns is 584 years: a millionfold clock reads that after five hours and seven minutes, and
 * stands there. */
static void a_clock_never_wraps(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(1);
    clock_rate(w, 1, 1000000, 1);
    uint64_t before = 0;
    for (w->now = SEC(600); w->now <= SEC(100 * 3600); w->now += SEC(600)) {
        uint64_t local = clock_local(w, 1);
        assert_true(local > before || local == NEVER - 1);
        if (w->now == SEC(18000))
            assert_true(local == UINT64_C(18000000000000000000));
        if (w->now >= SEC(18600))
            assert_true(local == NEVER - 1);
        before = local;
    }
    clock_jump(w, 1, (int64_t)SEC(1));
    assert_true(clock_local(w, 1) == NEVER - 1);
    clock_jump(w, 1, -(int64_t)SEC(1));
    assert_true(clock_local(w, 1) == NEVER - 1 - SEC(1));
    clock_rate(w, 1, 1, 1000000);
    w->now += SEC(1000000);
    assert_true(clock_local(w, 1) == NEVER - 1);
    tank_close(w);
}

/* The other way round: a reading so far off that true time has no number for it is
 * never reached. */
static void a_slow_clock_reaches_far_readings_never(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(1);
    clock_rate(w, 1, 1, 1000000);
    assert_true(clock_true(w, 1, SEC(3600)) == SEC(3600) * 1000000);
    assert_true(clock_true(w, 1, SEC(6 * 3600)) == NEVER);
    tank_close(w);
}

static void durability_is_a_prefix(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(1);
    disk_stepwise(w, 1, true);
    for (uint64_t i = 1; i <= 40; i++)
        issue(w, i, i);
    w->process[1].up = false;                   /* nobody listens: the disk alone is under test */
    assert_true(disk_complete_nth(w, 1, 2));
    assert_int_equal(storage_image(w, replica_of(w, 1, 0)).term, 0);
    assert_true(disk_complete_nth(w, 1, 1));
    assert_int_equal(storage_image(w, replica_of(w, 1, 0)).term, 2);
    disk_complete(w, 1, 8);
    assert_int_equal(storage_image(w, replica_of(w, 1, 0)).term, 10);
    storage_crash(w, 1);
    assert_int_equal(storage_image(w, replica_of(w, 1, 0)).term, 10);
    assert_int_equal(disk_look(w, 1).pending, 0);
    tank_close(w);
}

static void a_failed_write_ends_the_prefix(void **state)
{
    (void)state;
    tank_prepare(1, 0);
    struct world *w = tank_open(1);
    disk_stepwise(w, 1, true);
    disk_fail(w, 1, 3);
    for (uint64_t i = 1; i <= 5; i++)
        issue(w, i, i);
    disk_complete(w, 1, 5);
    assert_int_equal(storage_image(w, replica_of(w, 1, 0)).term, 2);
    assert_int_equal(tank_count(REC_FAILED), 1);
    tank_close(w);
}

static void a_crash_may_keep_a_prefix_of_what_was_not_acknowledged(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        tank_prepare(1, 0);
        struct world *w = tank_open(seed);
        disk_stepwise(w, 1, true);
        disk_set(w, 1, &(struct disk_settings){.keep_unsynced = true});
        for (uint64_t i = 1; i <= 3; i++)
            issue(w, i, i);
        storage_crash(w, 1);
        assert_in_range(storage_image(w, replica_of(w, 1, 0)).term, 0, 3);
        seen |= 1u << storage_image(w, replica_of(w, 1, 0)).term;
        tank_close(w);
    }
    assert_int_equal(seen, 15);
}

static void a_restarted_node_remembers_its_term(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(4);
    world_start(w);
    uint8_t old = (uint8_t)first_leader(w);
    uint64_t term = replica_of(w, old, 0)->term;
    host_crash(w, old);
    assert_false(w->process[old].up);
    world_run(w, w->now + SEC(1));
    host_boot(w, old);
    assert_in_range(replica_of(w, old, 0)->term, term, UINT64_MAX);
    world_run(w, w->now + SEC(1));
    assert_int_equal(replica_of(w, old, 0)->term, replica_of(w, host_leader(w, 0), 0)->term);
    assert_int_equal(w->count.restarts, 1);
    tank_close(w);
}

static void a_paused_node_keeps_its_inbox(void **state)
{
    (void)state;
    tank_prepare(3, 0);
    struct world *w = tank_open(4);
    world_start(w);
    uint8_t leader = (uint8_t)first_leader(w), other = leader == 1 ? 2 : 1;
    world_run(w, w->now + MS(100));
    host_pause(w, other);
    uint64_t before = w->count.delivered;
    world_run(w, w->now + MS(100));
    assert_int_not_equal(w->process[other].inbox, 0);
    assert_true(w->count.delivered > before);
    host_resume(w, other);
    assert_int_equal(w->process[other].inbox, 0);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_world[] = {
        cmocka_unit_test(a_cluster_elects_one_leader),
        cmocka_unit_test(a_seed_gives_one_digest_and_another_seed_another),
        cmocka_unit_test(a_fork_goes_on_as_its_origin_does),
        cmocka_unit_test(a_fork_copies_of_states_what_they_use),
        cmocka_unit_test(a_cut_is_one_way_and_nests),
        cmocka_unit_test(an_isolated_leader_steps_down_and_another_follows),
        cmocka_unit_test(a_clock_is_a_line_and_true_time_inverts_it),
        cmocka_unit_test(a_clock_never_wraps),
        cmocka_unit_test(a_slow_clock_reaches_far_readings_never),
        cmocka_unit_test(durability_is_a_prefix),
        cmocka_unit_test(a_failed_write_ends_the_prefix),
        cmocka_unit_test(a_crash_may_keep_a_prefix_of_what_was_not_acknowledged),
        cmocka_unit_test(a_restarted_node_remembers_its_term),
        cmocka_unit_test(a_paused_node_keeps_its_inbox),
    };
    return cmocka_run_group_tests(sim_world, NULL, NULL);
}
