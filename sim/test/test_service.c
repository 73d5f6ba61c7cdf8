/* SPDX-License-Identifier: MIT */
/* Service time: events wait their turn, first come, first served; whoever needs none is as ever. */
#include "tank.h"

#include <string.h>

#include "../world/service.h"

static struct world *begin(uint64_t seed)
{
    tank_prepare(3, 4);
    struct world *w = tank_open(seed);
    world_start(w);
    host_campaign(w, replica_of(w, 1, 0), true);
    world_run(w, MS(20));
    assert_int_equal(host_leader(w, 0), 1);
    return w;
}

/* A heartbeat of the leader arrives at the node at this moment. */
static void heartbeat_to(struct world *w, uint8_t node, uint64_t round)
{
    const struct msg_label label = {.type = MSG_HEARTBEAT, .from = 1, .to = node,
                                    .term = replica_of(w, 1, 0)->term, .round = round};
    struct message *m = message_new(w, &label, SUT_MSG_BYTES);
    m->nbytes = (uint16_t)w->sut->compose(&m->label, 0, 0, NULL, m->bytes);
    assert_true(m->nbytes);
    host_receive(w, node, m);
}

static const struct record *delivered(uint8_t node, uint64_t round)
{
    for (uint32_t i = 0; i < tank_n; i++)
        if (tank_records[i].kind == REC_DELIVER && tank_records[i].node == node &&
            rec_type(&tank_records[i]) == MSG_HEARTBEAT && rec_round(&tank_records[i]) == round)
            return &tank_records[i];
    return NULL;
}

static void what_comes_meanwhile_waits_its_turn(void **state)
{
    (void)state;
    struct world *w = begin(1);
    const uint64_t now = w->now;
    service_time(w, 2, MS(2), MS(2));
    for (uint64_t round = 1000; round < 1003; round++)
        heartbeat_to(w, 2, round);
    heartbeat_to(w, 3, 1000);
    assert_int_equal(service_waiting(w, 2), 3);
    assert_int_equal(delivered(3, 1000)->at, now);
    world_run(w, now + MS(7));
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(delivered(2, 1000 + i)->at, now + MS(2) * (i + 1));
    tank_close(w);
}

static void a_pause_begins_the_event_at_hand_anew(void **state)
{
    (void)state;
    struct world *w = begin(1);
    const uint64_t now = w->now;
    service_time(w, 2, MS(2), MS(2));
    heartbeat_to(w, 2, 1000);
    heartbeat_to(w, 2, 1001);
    world_run(w, now + MS(3));
    host_pause(w, 2);
    world_run(w, now + MS(10));
    assert_true(delivered(2, 1000) && !delivered(2, 1001));
    host_resume(w, 2);
    world_run(w, now + MS(13));
    assert_int_equal(delivered(2, 1001)->at, now + MS(12));
    tank_close(w);
}

static void a_crash_loses_what_waits(void **state)
{
    (void)state;
    struct world *w = begin(1);
    service_time(w, 2, MS(2), MS(2));
    for (uint64_t round = 1000; round < 1003; round++)
        heartbeat_to(w, 2, round);
    host_crash(w, 2);
    assert_int_equal(service_waiting(w, 2), 0);
    host_boot(w, 2);
    world_run(w, w->now + MS(20));
    assert_true(!delivered(2, 1000) && !delivered(2, 1001) && !delivered(2, 1002));
    uint32_t lost = 0;
    for (uint32_t i = 0; i < tank_n; i++)
        lost += tank_records[i].kind == REC_DROP && rec_dropped(&tank_records[i]) == DROP_DOWN &&
                tank_records[i].index == 0 && rec_round(&tank_records[i]) >= 1000;
    assert_int_equal(lost, 3);
    tank_close(w);
}

static void who_gets_rid_of_it_handles_what_waits_at_once(void **state)
{
    (void)state;
    struct world *w = begin(1);
    const uint64_t now = w->now;
    service_time(w, 2, MS(2), MS(2));
    for (uint64_t round = 1000; round < 1003; round++)
        heartbeat_to(w, 2, round);
    service_time(w, 2, 0, 0);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(delivered(2, 1000 + i)->at, now);
    assert_int_equal(service_waiting(w, 2), 0);
    heartbeat_to(w, 2, 1003);
    assert_int_equal(delivered(2, 1003)->at, now);
    tank_close(w);
}

/* A completed write is heard of in its turn: what it promised leaves then, not before. */
static void promises_leave_when_the_process_hears_of_its_disk(void **state)
{
    (void)state;
    struct world *w = begin(1);
    service_time(w, 2, MS(5), MS(5));
    const uint64_t asked = w->now;
    client_invoke(w, &(struct op_request){.client = CLIENT_BASE + 1, .verb = OP_WRITE, .node = 1,
                                          .key = 0, .a = 7});
    tank_n = 0;
    world_run(w, asked + MS(40));
    uint64_t durable = 0, answered = 0;
    for (uint32_t i = 0; i < tank_n; i++) {
        const struct record *r = &tank_records[i];
        if (r->node != 2 || r->at < asked)
            continue;
        if (r->kind == REC_DURABLE && !durable)
            durable = r->at;
        if (r->kind == REC_SEND && rec_type(r) == MSG_APPEND_REPLY && !answered)
            answered = r->at;
    }
    assert_true(durable && answered >= durable + MS(5));
    tank_close(w);
}

/* A heartbeat comes every 30 ms and takes 40: the election timer, whenever it is due, finds one
 * before it in the queue. */
static void a_timer_that_was_set_anew_costs_nothing(void **state)
{
    (void)state;
    struct world *w = begin(1);
    service_time(w, 2, MS(40), MS(40));
    tank_n = 0;
    world_run(w, w->now + SEC(2));
    assert_int_equal(host_leader(w, 0), 1);
    assert_true(service_waiting(w, 2) > 2);         /* it falls behind, and stays loyal */
    tank_close(w);
}

static void without_any_a_run_is_as_ever(void **state)
{
    (void)state;
    uint8_t plain[16], zero[16];
    struct world *w = begin(3);
    world_run(w, SEC(1));
    world_digest(w, plain);
    tank_close(w);
    w = begin(3);
    for (uint8_t n = 1; n <= 3; n++) {
        service_time(w, n, MS(1), MS(1));
        service_time(w, n, 0, 0);
    }
    world_run(w, SEC(1));
    world_digest(w, zero);
    assert_memory_equal(plain, zero, 16);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_service[] = {
        cmocka_unit_test(what_comes_meanwhile_waits_its_turn),
        cmocka_unit_test(a_pause_begins_the_event_at_hand_anew),
        cmocka_unit_test(a_crash_loses_what_waits),
        cmocka_unit_test(who_gets_rid_of_it_handles_what_waits_at_once),
        cmocka_unit_test(promises_leave_when_the_process_hears_of_its_disk),
        cmocka_unit_test(a_timer_that_was_set_anew_costs_nothing),
        cmocka_unit_test(without_any_a_run_is_as_ever),
    };
    return cmocka_run_group_tests(sim_service, NULL, NULL);
}
