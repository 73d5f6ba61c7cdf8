/* SPDX-License-Identifier: MIT */
/* Operations of clients: attempts, redirects, timeouts, queues, sessions and workloads. */
#include "tank.h"

#include <string.h>

static const uint8_t c1 = CLIENT_BASE + 1;

/* The world that tank_plan makes, as soon as somebody leads and all know. */
static struct world *started(uint64_t seed)
{
    struct world *w = tank_open(seed);
    world_start(w);
    while (!host_leader(w, 0) && world_step(w, SEC(10)))
        ;
    world_run(w, w->now + MS(200));
    assert_int_not_equal(host_leader(w, 0), 0);
    tank_n = 0;
    return w;
}

static struct world *running(uint8_t nodes, uint8_t clients, uint64_t seed)
{
    tank_prepare(nodes, clients);
    return started(seed);
}

static void nobody_forwards(void)
{
    const struct option_row *row = suts[0]->options;
    while (strcmp(row->name, "proposal-forwarding") != 0)
        row++;
    for (uint8_t n = 1; n <= tank_plan.nodes; n++)
        memset((char *)tank_plan.sut_options[n] + row->offset, 0, sizeof(uint64_t));
}

static uint8_t follower(const struct world *w) { return host_leader(w, 0) == 1 ? 2 : 1; }

static uint32_t requests(void)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < tank_n; i++)
        n += tank_records[i].kind == REC_SEND && rec_type(&tank_records[i]) == MSG_CLIENT_REQUEST;
    return n;
}

/* The latest attempt at an operation that a client sent out. */
static uint64_t attempts(uint32_t op)
{
    uint64_t latest = 0;
    for (uint32_t i = 0; i < tank_n; i++) {
        const struct record *r = &tank_records[i];
        if (r->kind == REC_SEND && rec_type(r) == MSG_CLIENT_REQUEST &&
            rec_for_op(r) == op && rec_attempt(r) > latest)
            latest = rec_attempt(r);
    }
    return latest;
}

/* When an operation was meant to be invoked. */
static uint64_t intended(uint32_t op)
{
    for (uint32_t i = 0; i < tank_n; i++)
        if (tank_records[i].kind == REC_INVOKE && rec_op(&tank_records[i]) == op)
            return rec_intended(&tank_records[i]);
    return NEVER;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct world *w = running(3, 2, 1);
    uint32_t a = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_WRITE, .key = 1,
                                                       .a = VALUE_NUMBER(5)});
    world_run(w, w->now + MS(100));
    assert_int_equal(world_op(w, a)->outcome, OUT_OK);
    assert_true(world_op(w, a)->index > 0 && world_op(w, a)->returned != NEVER);
    uint32_t b = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_READ, .key = 1});
    world_run(w, w->now + MS(100));
    assert_true(world_op(w, b)->result == VALUE_NUMBER(5));
    assert_int_equal(tank_count(REC_INVOKE), 2);
    assert_int_equal(tank_count(REC_RETURN), 2);
    assert_int_equal(w->count.ops, 2);
    assert_int_equal(w->count.ops_ok, 2);
    tank_close(w);
}

static void operations_of_one_client_queue(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 2);
    uint32_t op[3];
    for (uint64_t i = 0; i < 3; i++)
        op[i] = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_APPEND,
                                                      .a = VALUE_NUMBER(i)});
    world_run(w, w->now + MS(200));
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(world_op(w, op[i])->outcome, OUT_OK);
    assert_true(world_op(w, op[1])->invoked >= world_op(w, op[0])->returned);
    assert_true(world_op(w, op[2])->invoked >= world_op(w, op[1])->returned);
    assert_true(intended(op[2]) == world_op(w, op[0])->invoked);
    char text[32];
    value_print(w, kv_get(w, replica_of(w, host_leader(w, 0), 0)->kv, 0), text, sizeof text);
    assert_string_equal(text, "[0 1 2]");
    tank_close(w);
}

static void without_forwarding_a_pinned_operation_is_refused_and_another_follows_the_hint(
    void **state)
{
    (void)state;
    struct world *w = running(3, 1, 3);
    uint8_t f = follower(w);
    net_cut(w, f, host_leader(w, 0));
    net_cut(w, host_leader(w, 0), f);
    world_run(w, w->now + SEC(1));                        /* f knows no leader now */
    uint32_t a = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_WRITE, .node = f,
                                                       .a = VALUE_NUMBER(5), .timeout = MS(500)});
    world_run(w, w->now + SEC(1));
    assert_int_equal(world_op(w, a)->outcome, OUT_NOT_LEADER);
    world_client(w, c1)->guess = f;
    uint32_t b = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_WRITE,
                                                       .a = VALUE_NUMBER(6), .timeout = SEC(5)});
    world_run(w, w->now + SEC(1));
    assert_int_equal(world_op(w, b)->outcome, OUT_OK);
    assert_true(attempts(b) >= 2);
    tank_close(w);
}

static void a_lost_reply_is_made_up_for_by_the_session(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 4);
    uint8_t lead = host_leader(w, 0);
    world_client(w, c1)->guess = lead;
    net_cut(w, lead, c1);
    uint32_t a = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_APPEND,
                                                       .a = VALUE_NUMBER(1), .timeout = MS(100),
                                                       .retries = 3});
    world_run(w, w->now + SEC(1));
    assert_int_equal(world_op(w, a)->outcome, OUT_OK);
    assert_true(attempts(a) >= 2);
    char text[32];
    value_print(w, world_op(w, a)->result, text, sizeof text);
    assert_string_equal(text, "[1]");
    value_print(w, kv_get(w, replica_of(w, lead, 0)->kv, 0), text, sizeof text);
    assert_string_equal(text, "[1]");
    tank_close(w);
}

static void attempts_end_with_an_unknown_outcome(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 5);
    for (uint8_t n = 1; n <= 3; n++)
        net_cut(w, c1, n);
    uint32_t a = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_WRITE,
                                                       .timeout = MS(100), .retries = 2});
    world_run(w, w->now + SEC(1));
    const struct op *op = world_op(w, a);
    assert_int_equal(op->outcome, OUT_TIMEOUT);
    assert_true(op->returned == NEVER);
    assert_int_equal(attempts(a), 3);
    assert_int_equal(world_errand(w, op)->attempt, 3);
    assert_int_equal(requests(), 3);
    assert_int_equal(w->count.ops_unknown, 1);
    uint32_t b = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_WRITE, .node = 1});
    world_run(w, w->now + SEC(3));
    assert_int_equal(world_op(w, b)->outcome, OUT_PENDING);      /* no timeout: it waits for ever */
    tank_close(w);
}

static void the_return_says_what_index_the_node_gave(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 11);
    for (uint8_t n = 1; n <= 3; n++)
        net_cut(w, c1, n);
    uint32_t a = client_invoke(w, &(struct op_request){.client = c1, .verb = OP_WRITE});
    assert_int_not_equal(world_op(w, a)->errand, 0);
    client_answer(w, replica_of(w, 1, 0), a, OUT_OK, VALUE_NUMBER(1), UINT64_C(1) << 40, 0);
    world_run(w, w->now + MS(100));
    assert_int_equal(world_op(w, a)->index, UINT32_MAX);
    assert_int_equal(world_op(w, a)->errand, 0);
    for (uint32_t i = 0; i < tank_n; i++)
        assert_true(tank_records[i].kind != REC_RETURN ||
                    tank_records[i].index == UINT64_C(1) << 40);
    assert_int_equal(tank_count(REC_RETURN), 1);
    tank_close(w);
}

static void nobody_leads_and_nobody_spins(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 6);
    for (uint8_t a = 1; a <= 3; a++)
        for (uint8_t b = 1; b <= 3; b++)
            net_cut(w, a, b);
    world_run(w, w->now + SEC(1));
    tank_n = 0;
    client_invoke(w, &(struct op_request){.client = c1, .verb = OP_WRITE, .timeout = SEC(2),
                                          .retries = 0});
    world_run(w, w->now + SEC(1));
    assert_in_range(requests(), 5, 60);
    tank_close(w);
}

static void duplicates_and_reordering_change_nothing(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 7);
    for (uint8_t n = 1; n <= 3; n++) {
        net_link(w, c1, n)->dup_ppm = net_link(w, n, c1)->dup_ppm = 1000000;
        net_link(w, c1, n)->reorder_ppm = 500000;
        net_link(w, c1, n)->reorder_by = MS(20);
    }
    for (uint64_t i = 0; i < 20; i++)
        client_invoke(w,
                      &(struct op_request){.client = c1, .verb = OP_APPEND, .a = VALUE_NUMBER(i)});
    world_run(w, w->now + SEC(3));
    assert_int_equal(w->count.ops_ok, 20);
    char text[96];
    value_print(w, kv_get(w, replica_of(w, host_leader(w, 0), 0)->kv, 0), text, sizeof text);
    assert_string_equal(text, "[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19]");
    tank_close(w);
}

static struct workload mixed(uint8_t clients, bool open_loop)
{
    return (struct workload){.first = c1, .count = clients, .keys = 2, .read_ppm = 300000,
                             .write_ppm = 300000, .cas_ppm = 300000, .append_ppm = 100000,
                             .open_loop = open_loop, .pause_min = MS(4), .pause_max = MS(6),
                             .timeout = MS(300), .retries = 2, .stop = NEVER};
}

static void a_closed_loop_mixes_and_ends(void **state)
{
    (void)state;
    struct world *w = running(3, 3, 8);
    struct workload k = mixed(3, false);
    k.most = 50;
    workload_start(w, &k);
    world_run(w, w->now + SEC(3));
    assert_int_equal(w->count.ops, 150);
    assert_int_equal(w->count.ops_ok, 150);
    assert_int_equal(w->errands.n, 1 + 3);               /* one operation a client at a time */
    uint32_t verbs[8] = {0}, swapped = 0;
    for (uint32_t i = 1; i < w->ops.n; i++) {
        const struct op *op = world_op(w, i);
        verbs[op->verb]++;
        swapped += op->verb == OP_CAS && op->outcome == OUT_OK;
    }
    assert_in_range(verbs[OP_READ], 25, 65);
    assert_in_range(verbs[OP_WRITE], 25, 65);
    assert_in_range(verbs[OP_CAS], 25, 65);
    assert_in_range(verbs[OP_APPEND], 3, 30);
    assert_in_range(swapped, 3, 60);
    tank_close(w);
}

static void an_open_loop_keeps_its_times_whatever_the_answers_do(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 9);
    struct workload k = mixed(1, true);
    for (uint8_t n = 1; n <= 3; n++)
        net_cut(w, c1, n);
    workload_start(w, &k);
    world_run(w, w->now + SEC(1));
    uint32_t made = world_client(w, c1)->made;
    assert_in_range(made, 166, 251);
    assert_true(world_client(w, c1)->queued > 150);
    world_run(w, w->now + SEC(7));
    assert_int_equal(world_client(w, c1)->queued, 1024);
    uint32_t late = w->ops.n;
    const uint64_t meant = world_errand(w, world_op(w, late - 1))->intended;
    net_heal_all(w);
    workload_stop(w);
    world_run(w, w->now + SEC(30));
    assert_int_equal(w->ops.n, late);
    assert_int_equal(world_client(w, c1)->queued, 0);
    assert_true(meant < world_op(w, late - 1)->invoked ||
                world_op(w, late - 1)->outcome == OUT_TIMEOUT);
    tank_close(w);
}

/* Clients that ask once are refused by followers, and go to the leader that they are told of with
 * the next operation. */
static void who_asks_once_takes_the_first_answer(void **state)
{
    (void)state;
    tank_prepare(3, 3);
    nobody_forwards();
    struct world *w = started(11);
    struct workload k = mixed(3, false);
    k.once = true;
    k.retries = 0;
    k.read_ppm = 0;
    k.write_ppm = 600000;
    k.most = 20;
    workload_start(w, &k);
    const uint8_t leader = host_leader(w, 0);
    for (uint8_t i = 0; i < 3; i++)
        world_client(w, (uint8_t)(c1 + i))->guess = leader % 3 + 1;
    world_run(w, w->now + SEC(2));
    assert_int_equal(w->count.ops, 60);
    assert_int_equal(w->count.attempts, 60);
    assert_int_equal(w->count.ops_refused, 3);
    assert_int_equal(w->count.ops_ok, 57);
    tank_close(w);
}

/* One that nobody answers has timed out, and the next goes elsewhere. */
static void who_asks_once_goes_elsewhere_when_nobody_answers(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 12);
    struct workload k = mixed(1, false);
    k.once = true;
    k.retries = 0;
    k.most = 10;
    const uint8_t deaf = host_leader(w, 0) % 3 + 1;
    world_client(w, c1)->guess = deaf;
    net_cut(w, c1, deaf);
    workload_start(w, &k);
    world_run(w, w->now + SEC(5));
    assert_int_equal(w->count.ops, 10);
    assert_int_equal(w->count.attempts, 10);
    assert_int_equal(w->count.ops_unknown, 1);
    assert_int_equal(w->count.ops_ok, 9);
    tank_close(w);
}

static void timers_do_not_pile_up(void **state)
{
    (void)state;
    struct world *w = running(3, 1, 10);
    struct workload k = mixed(1, false);
    k.timeout = SEC(60);
    workload_start(w, &k);
    world_run(w, w->now + SEC(10));
    assert_true(w->count.ops_ok > 300);
    assert_in_range(queue_count(&w->queue), 1, 100);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_client[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(operations_of_one_client_queue),
        cmocka_unit_test(
            without_forwarding_a_pinned_operation_is_refused_and_another_follows_the_hint),
        cmocka_unit_test(a_lost_reply_is_made_up_for_by_the_session),
        cmocka_unit_test(attempts_end_with_an_unknown_outcome),
        cmocka_unit_test(the_return_says_what_index_the_node_gave),
        cmocka_unit_test(nobody_leads_and_nobody_spins),
        cmocka_unit_test(duplicates_and_reordering_change_nothing),
        cmocka_unit_test(a_closed_loop_mixes_and_ends),
        cmocka_unit_test(an_open_loop_keeps_its_times_whatever_the_answers_do),
        cmocka_unit_test(who_asks_once_takes_the_first_answer),
        cmocka_unit_test(who_asks_once_goes_elsewhere_when_nobody_answers),
        cmocka_unit_test(timers_do_not_pile_up),
    };
    return cmocka_run_group_tests(sim_client, NULL, NULL);
}
