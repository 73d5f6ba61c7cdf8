/* SPDX-License-Identifier: MIT */
/* Bounds in election timeouts, and what is added to them: how long those who are behind need. */
#include "storm.h"

#include "../world/bound.h"
#include "../world/client.h"

static uint64_t most_entries;

static void limit_appends(void) { set_option("max-entries-per-append", most_entries); }

/* Three voters; n3 is down while the other two write for two seconds, and then nobody does. */
static struct world *one_behind(uint64_t entries_an_append)
{
    most_entries = entries_an_append;
    storm_plan = limit_appends;
    prepare_block(SEC(60), 0);
    struct world *w = begin(3, 1, false);
    world_run(w, SEC(1));
    host_crash(w, 3);
    world_run(w, SEC(3));
    workload_stop(w);
    client_give_up(w);
    world_run(w, SEC(5));
    return w;
}

static uint64_t behind(const struct world *w)
{
    return store_index(w, storage_image(w, replica_of(w, 1, 0)).head) -
           store_index(w, storage_image(w, replica_of(w, 3, 0)).head);
}

/* 1.5 ms each way and 1 ms to write */
static const uint64_t round_most = 2 * US(1500) + MS(1);

static void who_is_behind_has_a_round_an_append(void **state)
{
    (void)state;
    for (uint64_t most = 1; most <= 64; most *= 64) {
        struct world *w = one_behind(most);
        const uint64_t lacks = behind(w), least = lacks * round_most / most;
        assert_in_range(lacks, 200, 10000);
        assert_in_range(bound_catch_up(w, 7, 0), least, least + 2 * round_most + lacks);
        /* nobody of these two is behind */
        assert_in_range(bound_catch_up(w, 3, 0), 0, 2 * round_most);
        tank_close(w);
    }
}

static void a_leader_outside_may_have_slower_links(void **state)
{
    (void)state;
    struct world *w = one_behind(1);
    const uint64_t lacks = behind(w);
    assert_true(bound_catch_up(w, 4, 3) > lacks * (4 * US(1500) + MS(1)));
    tank_close(w);
}

static void limit_writes(void) { set_option("max-unsynced-writes", most_entries); }

/* Two operations a node are asked for at once, and so many find room at each election timeout. */
static void who_has_room_for_few_writes_has_a_timeout_a_turn(void **state)
{
    (void)state;
    for (uint64_t room = 1; room <= 6; room++) {
        most_entries = room;
        storm_plan = limit_writes;
        prepare_block(SEC(60), 0);
        struct world *w = begin(3, 1, false);
        world_run(w, SEC(1));
        const uint64_t turns = (6 - 1) / room * MS(300);
        assert_in_range(bound_catch_up(w, 7, 0), turns, turns + MS(299));
        tank_close(w);
    }
}

/* What clients have not begun is told to followers too. */
static void what_clients_mean_to_ask_for_counts(void **state)
{
    (void)state;
    struct world *w = one_behind(1);
    const uint64_t before = bound_catch_up(w, 3, 0);
    for (uint32_t i = 0; i < 100; i++)
        client_invoke(w, &(struct op_request){.client = CLIENT_BASE + 1, .verb = OP_WRITE, .a = 2,
                                              .timeout = SEC(1), .retries = 1});
    assert_in_range(bound_catch_up(w, 3, 0) - before, 99 * round_most, 110 * round_most);
    tank_close(w);
}

/* A hundred writes a second take four tenths of a leader that needs 4 ms for each. */
static void what_workloads_go_on_to_ask_for_takes_its_share(void **state)
{
    (void)state;
    struct world *w = one_behind(1);
    const uint64_t alone = bound_catch_up(w, 7, 0) - round_most;
    struct workload l = {.first = CLIENT_BASE + 1, .count = 1, .keys = 1, .write_ppm = 1000000,
                         .pause_min = MS(10), .pause_max = MS(10), .start = w->now,
                         .stop = w->now + SEC(9)};
    workload_start(w, &l);
    const uint64_t beside = bound_catch_up(w, 7, 0) - round_most;
    assert_in_range(beside, alone * 165 / 100, alone * 168 / 100);
    w->now = l.stop;
    assert_in_range(bound_catch_up(w, 7, 0) - round_most, alone, alone + 2 * round_most);
    tank_close(w);
}

/* Whose repeats leave a leader next to no time for others ask no more often than they may. */
static void clients_that_leave_no_time_have_their_attempts(void **state)
{
    (void)state;
    struct world *w = one_behind(1);
    client_invoke(w, &(struct op_request){.client = CLIENT_BASE + 1, .verb = OP_WRITE, .a = 2,
                                          .timeout = round_most + US(2), .retries = 1});
    assert_in_range(bound_catch_up(w, 3, 0), 2 * round_most, 5 * round_most);
    tank_close(w);
}

static void a_bound_is_told_in_the_slowest_clocks_timeouts(void **state)
{
    (void)state;
    struct world *w = one_behind(64);
    const struct bound three = {.timeouts = 3000};
    assert_int_equal(bound_time(w, three, 7), 3 * MS(300));
    assert_int_equal(bound_disk_timeout(w, 2), MS(300));
    clock_rate(w, 2, 1, 2);
    assert_int_equal(bound_time(w, three, 7), 3 * MS(600));
    assert_int_equal(bound_time(w, three, 5), 3 * MS(300));
    assert_int_equal(bound_disk_timeout(w, 2), MS(600));
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_behind_has_a_round_an_append),
        cmocka_unit_test(a_leader_outside_may_have_slower_links),
        cmocka_unit_test(who_has_room_for_few_writes_has_a_timeout_a_turn),
        cmocka_unit_test(what_clients_mean_to_ask_for_counts),
        cmocka_unit_test(what_workloads_go_on_to_ask_for_takes_its_share),
        cmocka_unit_test(clients_that_leave_no_time_have_their_attempts),
        cmocka_unit_test(a_bound_is_told_in_the_slowest_clocks_timeouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
