/* SPDX-License-Identifier: MIT */
/* Chaos: every kind strikes, bites and is undone; the swarm; what may be lost at once; the
 * healed core. */
#include "storm.h"

#include <stdio.h>

#include "../lang/scenario.h"

static uint32_t least_working;  /* fewest nodes at work after any record, since run_storm began */

static uint32_t working(const struct world *w)
{
    uint32_t n = 0;
    for (uint8_t i = 1; i <= w->nnodes; i++)
        n += w->process[i].up && !replica_of(w, i, 0)->halted && !w->process[i].pauses;
    return n;
}

static void see_losses(struct world *w, const struct record *r)
{
    if (r->kind != REC_CRASH && r->kind != REC_PAUSE && r->kind != REC_HALT)
        return;
    if (working(w) < least_working)
        least_working = working(w);
}

/* Each loop below is one storm after another in fresh worlds. */
static struct world *run_storm(uint8_t nodes, uint64_t seed)
{
    least_working = nodes;
    struct world *w = begin(nodes, seed, false);
    assert_true(world_run(w, block.duration));
    return w;
}

static void expect_whole(struct world *w)
{
    uint32_t last = CLIENT_BASE + (uint32_t)w->nclients;
    for (uint32_t a = 1; a <= last; a++)
        for (uint32_t b = 1; b <= last; b++) {
            const struct link *l = net_link(w, (uint8_t)a, (uint8_t)b);
            if (l)
                assert_true(!l->cuts && !l->loss_ppm && !l->dup_ppm && !l->reorder_ppm &&
                            !l->capacity && !l->bandwidth && l->delay_min == US(500) &&
                            l->delay_max == US(1500));
        }
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const struct process *proc = &w->process[n];
        assert_true(proc->up && !host_halted(w, n) && !proc->pauses);
        assert_true(proc->clock.num == proc->clock.den && !proc->clock.frozen);
        const struct disk_condition disk = disk_look(w, n);
        const struct disk_settings set = disk_settings(w, n);
        assert_true(!disk.stalls && !disk.will_fail && !disk.failed && !disk.broken);
        assert_true(!set.reorder_ppm && !set.keep_unsynced);
        assert_true(set.latency_min == US(500) && set.latency_max == MS(1));
    }
    assert_false(w->ties);
}

static void every_kind_strikes_bites_and_is_undone(void **state)
{
    (void)state;
    for (uint32_t i = 0; faults[i]; i++) {
        uint64_t struck = 0, bit = 0;
        for (uint64_t seed = 1; seed <= 12; seed++) {
            prepare_block(SEC(10), 0);
            add_line(faults[i]->name, 10);
            if (strcmp(faults[i]->name, "disk keep-unsynced") == 0)
                add_line("crash", 10);
            struct world *w = run_storm(5, seed);
            assert_int_equal(chaos_counts(w)[i].enabled, 1);
            struck += chaos_counts(w)[i].struck;
            bit += chaos_counts(w)[i].bit;
            expect_whole(w);
            tank_close(w);
        }
        if (struck < 10 || bit < 5)
            fail_msg("%s: struck %u, bit %u", faults[i]->name, (unsigned)struck, (unsigned)bit);
    }
}

static void without_a_seed_nothing_bad_happens(void **state)
{
    (void)state;
    prepare_block(SEC(5), SEC(5));
    add_all(9);
    struct world *w = begin(5, 0, true);
    assert_true(world_run(w, SEC(5)));
    for (uint32_t i = 0; i < FAULT_ROWS; i++)
        assert_true(!chaos_counts(w)[i].enabled && !chaos_counts(w)[i].struck);
    assert_int_equal(w->count.faults_bit, 0);
    assert_int_equal(chaos_heal(w).core, 31);
    tank_close(w);
}

static void a_swarm_draws_lines_by_their_weight(void **state)
{
    (void)state;
    uint32_t five = 0, nine = 0, ten = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        prepare_block(1, 0);
        add_line("crash", 5);
        add_line("pause", 9);
        add_line("campaign", 10);
        struct world *w = begin(3, seed, false);
        five += block.lines[0].kind == kind_named("crash") && chaos_counts(w)[9].enabled;
        nine += chaos_counts(w)[10].enabled;
        ten += chaos_counts(w)[20].enabled;
        tank_close(w);
    }
    assert_in_range(five, 75, 125);
    assert_in_range(nine, 165, 195);
    assert_int_equal(ten, 200);
}

static void a_majority_stays_at_work_unless_the_line_says_otherwise(void **state)
{
    (void)state;
    uint32_t fewest = 5;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        prepare_block(SEC(5), 0);
        for (uint32_t i = 0; i < 3; i++) {
            add_line(i == 0 ? "crash" : i == 1 ? "pause" : "disk fail", 10);
            block.lines[i].every_min = MS(20);
            block.lines[i].every_max = MS(100);
            block.lines[i].for_min = MS(300);
            block.lines[i].for_max = SEC(1);
        }
        struct world *w = run_storm(5, seed);
        assert_true(least_working >= 3);
        tank_close(w);
        block.lines[0].param[9] = 1;                      /* any number */
        w = run_storm(5, seed);
        fewest = least_working < fewest ? least_working : fewest;
        tank_close(w);
    }
    assert_int_equal(fewest, 0);
}

static void digest_of(uint64_t seed, uint8_t out[16])
{
    struct world *w = run_storm(5, seed);
    world_digest(w, out);
    tank_close(w);
}

static void a_seed_gives_one_storm(void **state)
{
    (void)state;
    uint8_t a[16], b[16], c[16];
    prepare_block(SEC(5), 0);
    add_all(5);
    digest_of(3, a);
    digest_of(3, b);
    digest_of(4, c);
    assert_memory_equal(a, b, 16);
    assert_memory_not_equal(a, c, 16);
}

/* What nodes hear of each other under one strike of a shape, as bits: reach[a] holds b where a -> b
 * is open. */
static void reach_of(struct world *w, node_set reach[NODES_MAX + 1])
{
    for (uint8_t a = 1; a <= w->nnodes; a++) {
        reach[a] = NODE_BIT(a);
        for (uint8_t b = 1; b <= w->nnodes; b++)
            if (a != b && !net_link(w, a, b)->cuts)
                reach[a] |= NODE_BIT(b);
    }
}

static void expect_shape(const char *shape, uint8_t n, node_set reach[NODES_MAX + 1])
{
    node_set all = (1u << n) - 1u;
    uint32_t full = 0, majority = n / 2 + 1u, one_way = 0;
    for (uint8_t a = 1; a <= n; a++) {
        full += reach[a] == all;
        if (strcmp(shape, "majority-ring") == 0)
            assert_in_range(__builtin_popcount(reach[a]), majority, n - 1);
        for (uint8_t b = 1; b <= n; b++)
            one_way += (reach[a] & NODE_BIT(b)) && !(reach[b] & NODE_BIT(a));
    }
    if (strcmp(shape, "bridge") == 0)
        assert_int_equal(full, 1);
    if (strcmp(shape, "one-way") == 0)
        assert_true(one_way > 0);
    if (strcmp(shape, "halves") == 0 || strcmp(shape, "minority") == 0 ||
        strcmp(shape, "bridge") == 0)
        assert_int_equal(one_way, 0);
    if (strcmp(shape, "clients") == 0)
        assert_int_equal(full, n);
}

static void partitions_have_their_shapes(void **state)
{
    (void)state;
    static const char *const shapes[] = {"any", "halves", "minority", "majority-ring", "bridge",
                                         "one-way", "leader",
                                         "clients"};
    const struct fault *partition = kind_named("partition");
    for (uint8_t n = 4; n <= 9; n++)
        for (uint64_t shape = 1; shape < 8; shape++)
            for (uint64_t seed = 1; seed <= 10; seed++) {
                prepare_block(SEC(1), SEC(1));
                struct world *w = begin(n, seed, false);
                struct fault_line line = {.kind = partition, .param = {shape}};
                struct fault_strike strike = {0};
                node_set reach[NODES_MAX + 1];
                assert_true(partition->strike(w, &line, &strike));
                reach_of(w, reach);
                expect_shape(shapes[shape], n, reach);
                partition->mend(w, &line, &strike);
                expect_whole(w);
                tank_close(w);
            }
}

static void expect_core_open(struct world *w, node_set core)
{
    for (uint8_t a = 1; a <= w->nnodes; a++) {
        if (!(core & NODE_BIT(a)))
            continue;
        assert_true(w->process[a].up && !w->process[a].pauses && !disk_look(w, a).stalls &&
                    w->process[a].clock.num == w->process[a].clock.den);
        for (uint8_t b = 1; b <= w->nnodes; b++)
            if (a != b && (core & NODE_BIT(b)))
                assert_true(net_link(w, a, b)->cuts == 0 && net_link(w, a, b)->loss_ppm == 0);
        assert_int_equal(net_link(w, a, CLIENT_BASE + 1)->cuts, 0);
        assert_int_equal(net_link(w, CLIENT_BASE + 1, a)->cuts, 0);
    }
}

static void a_healed_core_makes_progress_and_the_rest_stays_broken(void **state)
{
    (void)state;
    uint32_t partial = 0, left_down = 0;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        prepare_block(SEC(4), SEC(10));
        add_all(5);
        struct world *w = run_storm(5, seed);
        uint64_t ok = w->count.ops_ok;
        node_set core = chaos_heal(w).core;
        assert_true(__builtin_popcount(core) >= 3);
        expect_core_open(w, core);
        partial += core != 31;
        world_run(w, w->now + SEC(10));
        assert_true(w->count.ops_ok > ok);
        for (uint8_t n = 1; n <= 5; n++)
            left_down += !(core & NODE_BIT(n)) && !w->process[n].up;
        tank_close(w);
    }
    assert_true(partial > 20 && left_down > 0);
}

static bool reads(const char *line)
{
    char text[512];
    int n = snprintf(text, sizeof text, "wavetank 1\nnodes n1..n5\nchaos 1s\n  %s\n"
                     "  then heal and expect progress within 10s\nend\n", line);
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    struct scenario *scenario = scenario_load("test.scn", text, (size_t)n, NULL, 0, nowhere);
    fclose(nowhere);
    bool good = scenario != NULL;
    if (scenario)
        scenario_free(scenario);
    return good;
}

static void lines_read_as_their_synopsis_says(void **state)
{
    (void)state;
    static const char *const good[] = {
        "crash majority any number 0.5/s restart after 100ms..2s weight 3", "crash any any number",
        "crash weight 2 leader keep majority up every 1s..2s", "partition majority-ring for 1s..2s",
        "isolate leader out", "link loss nodes 1%..2%", "link capacity clients 3",
        "link bandwidth 1000..2000", "link reorder by 1ms..2ms 5%", "clock drift beyond bound",
        "clock jump follower back 1ms..2ms", "campaign force leader", "disk latency 5ms",
        "link echo by 1ms..2s 3%", "link slices 5%", "service time follower 1ms for 1s..2s",
    };
    static const char *const bad[] = {
        "crash everybody", "crash keep majority", "partition sideways", "link loss 200%",
        "link loss every 1s..2s", "link capacity 5..4", "clock drift within",
        "disk keep-unsynced 5", "campaign weight 11", "isolate majority", "link slices clients 5%",
        "link slices every 1s..2s", "link slices 101%", "link echo by", "link echo 1% by 2s..1s",
        "service time majority",
    };
    for (uint32_t i = 0; faults[i]; i++)
        if (!reads(faults[i]->example))
            fail_msg("the example of %s is refused", faults[i]->name);
    for (uint32_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!reads(good[i]))
            fail_msg("refused: %s", good[i]);
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (reads(bad[i]))
            fail_msg("taken: %s", bad[i]);
}

int main(void)
{
    storm_seen = see_losses;
    const struct CMUnitTest sim_faults[] = {
        cmocka_unit_test(every_kind_strikes_bites_and_is_undone),
        cmocka_unit_test(without_a_seed_nothing_bad_happens),
        cmocka_unit_test(a_swarm_draws_lines_by_their_weight),
        cmocka_unit_test(a_majority_stays_at_work_unless_the_line_says_otherwise),
        cmocka_unit_test(a_seed_gives_one_storm),
        cmocka_unit_test(partitions_have_their_shapes),
        cmocka_unit_test(lines_read_as_their_synopsis_says),
        cmocka_unit_test(a_healed_core_makes_progress_and_the_rest_stays_broken),
    };
    return cmocka_run_group_tests(sim_faults, NULL, NULL);
}
