/* SPDX-License-Identifier: MIT */
/* Method: many seeds of a small cluster in weather; cluster.h judges at every step. Healed, it must
 * make progress. */
#include "cluster.h"

static struct cluster c;

static void run_for(uint32_t ms, uint32_t client_per_mille)
{
    for (uint32_t i = 0; i < ms; i++) {
        run_ms(&c);
        client_ms(&c, client_per_mille);
    }
}

static void boot_all(void)
{
    for (uint8_t id = 1; id <= c.nodes; id++) boot_host(&c, id, false);
}

static bool converged(void)
{
    for (uint8_t id = 1; id <= c.nodes; id++) {
        const struct raft *r = &c.hosts[id].n.r;
        if (r->commit != c.commit || r->log.last != c.commit || r->nreads != 0) return false;
    }
    return true;
}

static void heal_and_converge(void)
{
    c.loss = c.dup = c.crash = c.cuts = 0;
    c.clocks_jump = false;
    uint64_t commit = c.commit;
    run_for(2000, 0);
    run_for(300, 200);
    /* one small append at a time over a slow link */
    for (int s = 0; s < 60 && !converged(); s++) run_for(500, 0);
    assert_true(c.commit > commit);
    for (uint8_t id = 1; id <= c.nodes; id++) {
        struct host *h = &c.hosts[id];
        assert_true(h->up);
        assert_int_equal(h->n.r.commit, c.commit);
        assert_int_equal(h->n.r.log.last, c.commit);
        assert_int_equal(h->n.r.nreads, 0);
    }
}

static void a_calm_cluster_elects_once_and_commits(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        cluster_start(&c, seed % 2 ? 3 : 5, seed);
        boot_all();
        run_for(1500, 100);
        run_for(200, 0);
        assert_true(c.wins >= 1 && c.wins <= 3);
        assert_true(c.commit > 30);
        assert_true(c.reads > 20);
        for (uint8_t id = 1; id <= c.nodes; id++)
            assert_int_equal(c.hosts[id].n.r.commit, c.commit);
    }
}

static void storm(uint32_t nodes, uint64_t seed)
{
    cluster_start(&c, nodes, seed);
    c.loss = (uint32_t)(seed * 37 % 250);
    c.dup = (uint32_t)(seed * 11 % 100);
    c.delay = 1 + (uint32_t)(seed * 13 % 60);
    c.crash = (uint32_t)(seed * 29 % 200);
    c.cuts = (uint32_t)(seed * 31 % 300);
    /* a jump is outside every bound of a lease; reads by rounds must bear it */
    c.clocks_jump = seed % 4 == 2;
    c.options.prevote = seed % 3 != 0;
    c.options.commit_notify = seed % 5 % 3;
    c.options.max_entries = 1 + seed * 5 % 64;
    c.options.max_inflight = 1 + seed * 7 % 64;
    c.options.max_bytes = 1 + seed * 97 % 2000;
    c.options.max_inflight_bytes = 1 + seed * 193 % 5000;
    c.options.noop_on_election = seed % 7 != 0;
    if (seed % 4 == 1) c.options.reads = RAFT_READS_LEASE;
    boot_all();
    run_for(5000, 100);
}

struct weather { uint64_t wins, commits, crashes; };

/* These storms break nothing, and show as much: or the weather was too good to show anything. */
static void storms(uint8_t nodes, uint64_t from, uint64_t to, struct weather least)
{
    struct weather seen = {0};
    for (uint64_t seed = from; seed <= to; seed++) {
        storm(nodes, seed);
        seen.wins += c.wins;
        seen.commits += c.commit;
        seen.crashes += c.crashes;
        heal_and_converge();
    }
    assert_true(seen.wins > least.wins && seen.commits > least.commits);
    assert_true(seen.crashes > least.crashes);
}

static void storms_over_three_nodes_break_nothing(void **state)
{
    (void)state;
    storms(3, 1, 100, (struct weather){.wins = 300, .commits = 2000, .crashes = 200});
}

static void storms_over_five_nodes_break_nothing(void **state)
{
    (void)state;
    storms(5, 101, 160, (struct weather){.wins = 200, .commits = 2000, .crashes = 200});
}

static void storms_over_nine_nodes_break_nothing(void **state)
{
    (void)state;
    storms(9, 161, 180, (struct weather){.wins = 60, .commits = 800, .crashes = 400});
}

static void a_run_repeats_to_the_bit(void **state)
{
    (void)state;
    uint64_t hash[2][NODES + 1];
    for (int k = 0; k < 2; k++) {
        storm(9, 77);
        for (uint8_t id = 1; id <= 9; id++) hash[k][id] = raft_hash(&c.hosts[id].n.r);
    }
    for (uint8_t id = 1; id <= 9; id++) assert_true(hash[0][id] == hash[1][id]);
}

int main(void)
{
    const struct CMUnitTest core_cluster[] = {
        cmocka_unit_test(a_calm_cluster_elects_once_and_commits),
        cmocka_unit_test(storms_over_three_nodes_break_nothing),
        cmocka_unit_test(storms_over_five_nodes_break_nothing),
        cmocka_unit_test(storms_over_nine_nodes_break_nothing),
        cmocka_unit_test(a_run_repeats_to_the_bit),
    };
    return cmocka_run_group_tests(core_cluster, NULL, NULL);
}
