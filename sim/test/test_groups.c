/* SPDX-License-Identifier: MIT */
/* Several groups on the same processes: each has its own terms, logs, leaders and clients; they
 * share life, clock, links and disk. All checks look at each. */
#include "../check/model.h"
#include "../world/host.h"

#include "test_check.h"

enum { NODES = 5, GROUPS = 3, CLIENTS_A_GROUP = 2 };

static const node_set all_voters[GROUPS] = {0x1f, 0x07, 0x1c};      /* all; n1..n3; n3..n5 */

static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (random_state >> 33) % n;
}

static void start_clients(uint16_t group)
{
    const struct workload k = {.first = (uint8_t)(CLIENT_BASE + 1 + group * CLIENTS_A_GROUP),
                               .count = CLIENTS_A_GROUP, .group = group, .keys = 2,
                               .read_ppm = 400000, .write_ppm = 300000, .cas_ppm = 200000,
                               .append_ppm = 100000, .pause_min = MS(5), .pause_max = MS(30),
                               .timeout = MS(400), .retries = 3, .stop = NEVER};
    workload_start(w, &k);
}

static void open_groups(uint64_t seed)
{
    tank_prepare(NODES, GROUPS * CLIENTS_A_GROUP);
    tank_plan.groups = GROUPS;
    tank_plan.group_voters = all_voters;
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged,
                   seed, false);
    judge_start(w);
    world_start(w);
    for (uint16_t group = 0; group < GROUPS; group++)
        start_clients(group);
    random_state = seed;
}

/* What is broken, if anything; NULL: nothing is. */
static const char *broken_text(void)
{
    const struct violation *v;
    return judge_violations(w, &v) ? v->detail : NULL;
}

static void expect_silence(void)
{
    if (broken_text())
        fail_msg("seed %llu: %s", (unsigned long long)w->choices.seed, broken_text());
    assert_int_equal(w->stop, STOP_NONE);
}

/* ---- trouble --------------------------------------------------------------------------------- */

static void cut_off(uint8_t n, bool on)
{
    for (uint8_t other = 1; other <= NODES; other++) {
        (on ? net_cut : net_heal)(w, n, other);
        (on ? net_cut : net_heal)(w, other, n);
    }
}

/* One of many kinds; some heal what others have broken. */
static void trouble(void)
{
    const uint8_t n = (uint8_t)(1 + random_below(NODES));
    switch (random_below(8)) {
    case 0: host_crash(w, n); break;
    case 1: case 2: host_boot(w, n); break;
    case 3: cut_off(n, true); break;
    case 4: cut_off(n, false); break;
    case 5: host_pause(w, n); break;
    case 6: host_resume(w, n); break;
    default: disk_set(w, n, &(struct disk_settings){.latency_min = MS(random_below(20)),
                                                    .latency_max = MS(40),
                                                    .keep_unsynced = true}); break;
    }
}

static void heal(void)
{
    net_heal_all(w);
    for (uint8_t n = 1; n <= NODES; n++) {
        const struct disk_settings planned = disk_planned(w, n);
        disk_set(w, n, &planned);
        while (w->process[n].pauses)
            host_resume(w, n);
        host_boot(w, n);
    }
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void each_group_commits_in_its_own_log(void **state)
{
    (void)state;
    open_groups(1);
    world_run(w, SEC(5));
    expect_silence();
    for (uint16_t group = 0; group < GROUPS; group++) {
        const struct model *m = model_of(w, group);
        assert_in_range(m->chain_index, 50, UINT64_MAX);
        assert_int_equal(m->voters, all_voters[group]);
        assert_int_not_equal(host_leader(w, group), 0);
        assert_true(all_voters[group] & NODE_BIT(host_leader(w, group)));
        for (uint64_t index = 1; index <= m->chain_index; index++) {
            const struct entry *e = store_entry(w, store_at(w, m->chain, index));
            assert_int_equal(store_run(w, store_at(w, m->chain, index))->group, group);
            assert_true(e->op == 0 || world_op(w, e->op)->group == group);
        }
    }
    tank_close(w);
}

static void who_has_no_vote_stands_for_nothing(void **state)
{
    (void)state;
    open_groups(2);
    world_run(w, SEC(3));
    expect_silence();
    for (uint8_t n = 4; n <= 5; n++) {
        assert_int_equal(replica_of(w, n, 1)->role, SUT_FOLLOWER);
        assert_int_equal(replica_of(w, n, 1)->head, 0);
    }
    tank_close(w);
}

static void storms_break_nothing_in_any(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        open_groups(seed);
        for (uint32_t i = 0; i < 120 && !w->stop; i++) {
            trouble();
            world_run(w, w->now + MS(20 + random_below(150)));
        }
        expect_silence();
        heal();
        uint64_t before[GROUPS];
        for (uint16_t group = 0; group < GROUPS; group++)
            before[group] = group_of(w, group)->committed;
        world_run(w, w->now + SEC(6));
        expect_silence();
        for (uint16_t group = 0; group < GROUPS; group++)
            assert_in_range(group_of(w, group)->committed, before[group] + 20, UINT64_MAX);
        judge_finish(w);
        expect_silence();
        tank_close(w);
    }
}

static void a_fork_of_them_goes_on_alike(void **state)
{
    (void)state;
    open_groups(7);
    world_run(w, SEC(2));
    struct arena *other = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    world_fork(w, other);
    struct world *f = (struct world *)(void *)other;
    world_run(w, SEC(4));
    world_run(f, SEC(4));
    uint8_t a[16], b[16];
    world_digest(w, a);
    world_digest(f, b);
    assert_memory_equal(a, b, 16);
    tank_close(f);
    tank_close(w);
}

/* A replica's promise waits for what another one wrote before: the journal has one prefix. */
static void writes_of_all_groups_make_one_prefix(void **state)
{
    (void)state;
    open_groups(3);
    world_run(w, SEC(2));
    const uint8_t n = 3;                                /* votes in all three */
    disk_stepwise(w, n, true);
    for (uint32_t i = 0; i < 400 && disk_look(w, n).pending < 3; i++)
        world_run(w, w->now + MS(5));
    assert_in_range(disk_look(w, n).pending, 3, UINT32_MAX);
    const uint64_t durable = storage_durable(w, n);
    const uint32_t held = w->process[n].held;
    assert_true(disk_complete_nth(w, n, 2));
    assert_int_equal(storage_durable(w, n), durable);
    assert_int_equal(w->process[n].held, held);
    assert_true(disk_complete_nth(w, n, 1));
    assert_int_equal(storage_durable(w, n), durable + 2);
    disk_stepwise(w, n, false);
    world_run(w, w->now + SEC(1));
    expect_silence();
    tank_close(w);
}

static uint32_t held_of(uint8_t n, uint16_t group)
{
    uint32_t count = 0;
    for (uint32_t slot = w->process[n].held; slot; slot = message_at(w, slot)->next)
        count += message_at(w, slot)->label.group == group;
    return count;
}

static void who_leaves_a_term_takes_back_its_own_promises(void **state)
{
    (void)state;
    open_groups(3);
    world_run(w, SEC(2));
    const uint8_t n = 3;
    disk_stepwise(w, n, true);
    for (uint32_t i = 0; i < 400 && !(held_of(n, 0) && held_of(n, 1) && held_of(n, 2)); i++)
        world_run(w, w->now + MS(5));
    for (uint16_t group = 0; group < GROUPS; group++) {
        const uint32_t others[] = {held_of(n, (uint16_t)((group + 1) % GROUPS)),
                                   held_of(n, (uint16_t)((group + 2) % GROUPS))};
        assert_int_not_equal(held_of(n, group), 0);
        host_cancel(w, replica_of(w, n, group), UINT64_MAX);
        assert_int_equal(held_of(n, group), 0);
        assert_int_equal(held_of(n, (uint16_t)((group + 1) % GROUPS)), others[0]);
        assert_int_equal(held_of(n, (uint16_t)((group + 2) % GROUPS)), others[1]);
    }
    tank_close(w);
}

static void what_is_broken_says_in_which(void **state)
{
    (void)state;
    open_groups(5);
    world_run(w, SEC(2));
    const uint8_t leader = host_leader(w, 1), other = leader == 1 ? 2 : 1;
    struct record *r = record_of(w, REC_ROLE, replica_of(w, other, 1));
    rec_set_role(r, SUT_LEADER);
    rec_set_leader(r, other);
    r->term = replica_of(w, leader, 1)->term;
    record_done(w);
    assert_non_null(broken_text());
    assert_memory_equal(broken_text(), "g2: ", 4);
    assert_int_equal(w->stop, STOP_VIOLATION);
    tank_close(w);
}

static void a_failed_write_ends_all_that_wait(void **state)
{
    (void)state;
    open_groups(4);
    world_run(w, SEC(2));
    disk_fail(w, 3, 1);
    world_run(w, w->now + SEC(2));
    assert_true(host_halted(w, 3));
    expect_silence();
    host_crash(w, 3);
    host_boot(w, 3);
    world_run(w, w->now + SEC(3));
    assert_false(host_halted(w, 3));
    expect_silence();
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_groups[] = {
        cmocka_unit_test(each_group_commits_in_its_own_log),
        cmocka_unit_test(who_has_no_vote_stands_for_nothing),
        cmocka_unit_test(storms_break_nothing_in_any),
        cmocka_unit_test(a_fork_of_them_goes_on_alike),
        cmocka_unit_test(writes_of_all_groups_make_one_prefix),
        cmocka_unit_test(who_leaves_a_term_takes_back_its_own_promises),
        cmocka_unit_test(a_failed_write_ends_all_that_wait),
        cmocka_unit_test(what_is_broken_says_in_which),
    };
    return cmocka_run_group_tests(sim_groups, NULL, NULL);
}
