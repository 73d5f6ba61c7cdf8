/* SPDX-License-Identifier: MIT */
/* Single messages: rules, holds, and what is done to those under way. */
#include "surgeon.h"

#include <string.h>

static const struct wish nobody;

static void a_rule_for_the_next_takes_so_many_and_is_gone(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    add(w, rule(RULE_DROP, 2));
    assert_int_equal(surgery_unmet(w).tag, 7);
    assert_int_equal(surgery_unmet(w).wanted - surgery_unmet(w).saw, 2);
    for (uint64_t t = 1; t <= 4; t++)
        send(w, MSG_APPEND, t);
    world_run(w, SEC(1));
    assert_int_equal(terms_of(REC_DROP, DROP_RULE), 12);
    assert_int_equal(arrived(), 34);
    assert_int_equal(terms_of(REC_SEND, 0), 1234);
    assert_int_equal(surgery_unmet(w).tag, 0);
    tank_close(w);
}

static void the_latest_rule_alone_decides(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    add(w, rule(RULE_DROP, 0));
    struct rule r = rule(RULE_ALLOW, 1);
    r.match.test[r.match.ntests++] = (struct label_test){FIELD_TERM, CMP_GE, 2};
    add(w, r);
    for (uint64_t t = 1; t <= 3; t++)
        send(w, MSG_APPEND, t);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 2);
    assert_int_equal(terms_of(REC_DROP, DROP_RULE), 13);
    assert_int_equal(surgery_unmet(w).tag, 0);
    surgery_lift(w);
    send(w, MSG_APPEND, 4);
    world_run(w, SEC(2));
    assert_int_equal(arrived(), 24);
    tank_close(w);
}

static void rules_end_with_their_time_and_with_a_heal(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    struct rule timed = rule(RULE_DROP, 5), healed = rule(RULE_DROP, 0);
    timed.match.type = MSG_VOTE;
    timed.until = MS(50);
    healed.match.type = MSG_APPEND;
    healed.until_heal = true;
    add(w, timed);
    add(w, healed);
    send(w, MSG_VOTE, 1);
    send(w, MSG_APPEND, 2);
    w->now = MS(50);
    send(w, MSG_VOTE, 3);
    assert_int_equal(surgery_unmet(w).tag, 7);    /* four votes never came in time */
    assert_int_equal(surgery_unmet(w).wanted, 5);
    assert_int_equal(surgery_unmet(w).saw, 1);
    send(w, MSG_APPEND, 4);
    surgery_heal(w);
    send(w, MSG_APPEND, 5);
    world_run(w, SEC(1));
    assert_int_equal(terms_of(REC_DROP, DROP_RULE), 124);
    assert_int_equal(arrived(), 35);
    tank_close(w);
}

static void what_is_held_goes_in_the_order_asked_for(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    add(w, rule(RULE_HOLD, 5));
    for (uint64_t t = 1; t <= 6; t++)
        send(w, MSG_APPEND, t);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 6);
    assert_int_equal(surgery_held(w, 1), 5);
    assert_int_equal(surgery_held(w, 2), 0);
    surgery_release(w, 1, (const uint32_t[]){4, 2, 5}, 3, nobody);
    assert_int_equal(surgery_held(w, 1), 2);
    world_run(w, SEC(2));
    assert_int_equal(arrived(), 6425);
    surgery_release_all(w, 1, true, nobody);
    world_run(w, SEC(3));
    assert_int_equal(arrived(), 642531);
    assert_int_equal(terms_of(REC_HOLD, 0), 12345);
    assert_int_equal(terms_of(REC_RELEASE, 0), 42531);
    add(w, rule(RULE_HOLD, 1));                         /* the emptied list can be used again */
    send(w, MSG_APPEND, 7);
    assert_int_equal(surgery_held(w, 1), 1);
    tank_close(w);
}

/* Their order holds across links of different delays, too, and against ties that are drawn. */
static void released_messages_arrive_one_after_the_other(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    w->ties = true;
    net_link(w, FROM, TO)->delay_min = net_link(w, FROM, TO)->delay_max = MS(100);
    add(w, rule(RULE_HOLD, 3));
    for (uint8_t to = 2; to <= 3; to++) {
        net_send(w,
                 message_new(w, &(struct msg_label){.type = MSG_VOTE, .from = FROM, .to = to,
                                                    .term = to}, 0));
    }
    send(w, MSG_VOTE, 4);
    surgery_release_all(w, 1, false, nobody);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 234);
    tank_close(w);
}

/* ... and no message that is sent later overtakes one that had to wait for its turn. */
static void what_is_sent_after_a_release_arrives_after_it(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    net_link(w, FROM, 3)->delay_min = net_link(w, FROM, 3)->delay_max = MS(100);
    add(w, rule(RULE_HOLD, 2));
    net_send(w,
             message_new(w, &(struct msg_label){.type = MSG_VOTE, .from = FROM, .to = 3, .term = 1},
                         0));
    send(w, MSG_VOTE, 2);
    surgery_release_all(w, 1, false, nobody);                   /* 2 waits for 1, on another link */
    send(w, MSG_VOTE, 3);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 123);
    tank_close(w);
}

static void a_hold_ends_alone(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    struct rule votes = rule(RULE_HOLD, 0), appends = rule(RULE_HOLD, 0);
    votes.match.type = MSG_VOTE;
    appends.match.type = MSG_APPEND;
    appends.hold = 2;
    add(w, votes);
    add(w, appends);
    surgery_unhold(w, 2);
    send(w, MSG_VOTE, 1);
    send(w, MSG_APPEND, 2);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 2);
    assert_int_equal(surgery_held(w, 1), 1);
    tank_close(w);
}

static void a_released_message_meets_its_link_as_it_is_then(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    net_cut(w, FROM, TO);
    add(w, rule(RULE_HOLD, 2));
    send(w, MSG_APPEND, 1);                             /* the rule has it before the cut does */
    send(w, MSG_APPEND, 2);
    assert_int_equal(tank_count(REC_DROP), 0);
    surgery_release(w, 1, (const uint32_t[]){1}, 1, nobody);
    assert_int_equal(terms_of(REC_DROP, DROP_CUT), 1);
    net_heal_all(w);
    surgery_release_all(w, 1, false, nobody);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 2);
    assert_int_equal(net_link(w, FROM, TO)->inflight, 0);
    tank_close(w);
}

static void a_delayed_message_is_overtaken_and_copies_follow_theirs(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    struct rule late = rule(RULE_DELAY, 1), twice = rule(RULE_DUPLICATE, 1);
    late.by = late.by_most = MS(5);
    twice.copies = 2;
    add(w, late);
    send(w, MSG_APPEND, 1);
    send(w, MSG_APPEND, 2);
    world_run(w, MS(14));
    assert_int_equal(arrived(), 2);
    world_run(w, MS(15));
    assert_int_equal(arrived(), 21);
    add(w, twice);
    send(w, MSG_APPEND, 3);
    assert_int_equal(net_link(w, FROM, TO)->inflight, 3);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 21333);
    assert_int_equal(terms_of(REC_DUPLICATE, 0), 33);
    assert_int_equal(net_link(w, FROM, TO)->inflight, 0);
    tank_close(w);
}

static void what_is_under_way_can_be_taken_off_its_way(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    struct rule r = rule(RULE_DROP, 0);
    for (uint64_t t = 1; t <= 5; t++)
        send(w, t == 3 ? MSG_VOTE : MSG_APPEND, t);
    r.match.type = MSG_VOTE;
    assert_int_equal(surgery_pending(w, &r, UINT32_MAX), 1);
    assert_int_equal(surgery_pending(w, &r, UINT32_MAX), 0);
    assert_int_equal(terms_of(REC_DROP, DROP_DISCARDED), 3);
    r = rule(RULE_HOLD, 0);
    assert_int_equal(surgery_pending(w, &r, 1), 1);
    r = rule(RULE_DELAY, 0);
    r.by = r.by_most = MS(20);
    assert_int_equal(surgery_pending(w, &r, 1), 1);
    assert_int_equal(net_link(w, FROM, TO)->inflight, 3);
    world_run(w, MS(29));
    assert_int_equal(arrived(), 45);
    world_run(w, MS(30));
    assert_int_equal(arrived(), 452);
    assert_int_equal(surgery_held(w, 1), 1);
    assert_int_equal(net_link(w, FROM, TO)->inflight, 0);
    tank_close(w);
}

static void deliver_takes_the_next_to_arrive_and_then_what_is_held(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    const struct label_match any = {0};
    struct rule hold = rule(RULE_HOLD, 0);
    hold.match.type = MSG_VOTE;
    add(w, hold);
    send(w, MSG_VOTE, 1);
    for (uint64_t t = 2; t <= 4; t++)
        send(w, MSG_APPEND, t);
    assert_int_equal(surgery_deliver(w, &any, 1, nobody), 1);
    assert_int_equal(arrived(), 2);                     /* inside the call: time did not move */
    assert_int_equal(w->now, 0);
    struct under_way list[8];
    assert_int_equal(surgery_list(w, &any, list, 8), 3);
    assert_int_equal(list[0].at, MS(10));
    assert_int_equal(list[2].at, NEVER);
    assert_int_equal(list[2].hold, 1);
    assert_int_equal(surgery_deliver(w, &any, UINT32_MAX, nobody), 3);
    assert_int_equal(arrived(), 2341);
    assert_int_equal(surgery_held(w, 1), 0);
    assert_int_equal(net_link(w, FROM, TO)->inflight, 0);
    assert_int_equal(world_next(w), NEVER);
    tank_close(w);
}

/* Every order comes about, by some seed; with nothing drawn, the order stays. */
static void a_shuffle_permutes_and_zero_changes_nothing(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (uint64_t seed = 0; seed <= 60; seed++) {
        tank_prepare(2, 0);
        tank_plan.host[0].link_delay_min = tank_plan.host[0].link_delay_max = MS(10);
        struct arena *block = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
        struct world *w = world_init(block, &tank_plan, &tank_watch, seed, seed == 0);
        for (uint64_t t = 1; t <= 3; t++)
            send(w, MSG_APPEND, t);
        assert_int_equal(surgery_shuffle(w, FROM, TO), 3);
        assert_int_equal(surgery_shuffle(w, TO, FROM), 0);
        world_run(w, SEC(1));
        static const uint64_t orders[] = {123, 132, 213, 231, 312, 321};
        for (uint32_t i = 0; i < 6; i++)
            seen |= (uint32_t)(orders[i] == arrived()) << i;
        if (seed == 0)
            assert_int_equal(seen, 1);
        tank_close(w);
    }
    assert_int_equal(seen, 63);
}

static void a_label_is_matched_by_all_that_is_asked(void **state)
{
    (void)state;
    struct msg_label l = {.type = MSG_APPEND_REPLY,
                          .from = 2,
                          .to = 1,
                          .flags = LABEL_REJECT,
                          .term = 3,
                          .index = 7,
                          .log_term = 2,
                          .asked = 5,
                          .round = 9,
                          .entries = 4};
    struct label_match m = {0};
    assert_true(label_matches(&m, &l));
    m = (struct label_match){.type = MSG_APPEND_REPLY, .from.nodes = NODE_BIT(2) | NODE_BIT(3),
                             .to.nodes = NODE_BIT(1), .answer = ANSWER_REJECT, .ntests = 6,
                             .test = {{FIELD_TERM, CMP_EQ, 3}, {FIELD_INDEX, CMP_GT, 6},
                                      {FIELD_LOG_TERM, CMP_LT, 3},
                                      {FIELD_ASKED, CMP_GE, 5}, {FIELD_ROUND, CMP_LE, 9},
                                      {FIELD_ENTRIES, CMP_NE, 5}}};
    assert_true(label_matches(&m, &l));
    for (uint32_t i = 0; i < 6; i++) {
        struct label_match not = m;
        not.test[i].number = i == 5 ? 4 : i == 0 ? 2 : i == 1 ? 7 : i == 2 ? 2 : i == 3 ? 6 : 8;
        assert_false(label_matches(&not, &l));
    }
    m.answer = ANSWER_ACCEPT;
    assert_false(label_matches(&m, &l));
    m = (struct label_match){.from.client = CLIENT_BASE + 1};
    assert_false(label_matches(&m, &l));
    l.from = CLIENT_BASE + 1;
    assert_true(label_matches(&m, &l));
    m = (struct label_match){.from.nodes = NODE_BIT(1)};
    assert_false(label_matches(&m, &l));            /* a client is no node, whatever its number */
}

static void the_table_of_rules_has_an_end(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    struct rule r = rule(RULE_DROP, 0);
    for (uint32_t i = 0; i < RULES_MAX; i++)
        assert_true(surgery_rule(w, &r));
    assert_false(surgery_rule(w, &r));
    surgery_lift(w);
    assert_true(surgery_rule(w, &r));
    tank_close(w);
}

/* A cluster under rules of every kind. */
static void operate(struct world *w)
{
    struct rule r = rule(RULE_DROP, 3);
    world_start(w);
    world_run(w, MS(400));
    add(w, r);
    r = rule(RULE_DUPLICATE, 0);
    r.match.type = MSG_HEARTBEAT;
    add(w, r);
    r = rule(RULE_DELAY, 0);
    r.match.to.nodes = NODE_BIT(3);
    r.by = r.by_most = MS(3);
    add(w, r);
    r = rule(RULE_HOLD, 5);
    r.match.from.nodes = NODE_BIT(1);
    add(w, r);
    world_run(w, MS(600));
}

static void finish(struct world *w, uint8_t digest[16])
{
    surgery_release_all(w, 1, true, nobody);
    surgery_shuffle(w, 2, 1);
    surgery_heal(w);
    world_run(w, SEC(2));
    world_digest(w, digest);
}

static void a_fork_has_rules_and_held_messages_of_its_own(void **state)
{
    (void)state;
    uint8_t one[16], other[16], again[16];
    tank_prepare(3, 0);
    struct world *w = tank_open(11);
    operate(w);
    assert_int_not_equal(surgery_held(w, 1), 0);
    struct arena *block = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    world_fork(w, block);
    struct world *f = (struct world *)(void *)block;
    finish(w, one);
    finish(f, other);
    assert_memory_equal(one, other, 16);
    tank_close(w);
    tank_close(f);
    tank_prepare(3, 0);
    w = tank_open(11);
    operate(w);
    finish(w, again);
    assert_memory_equal(one, again, 16);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_surgery[] = {
        cmocka_unit_test(a_rule_for_the_next_takes_so_many_and_is_gone),
        cmocka_unit_test(the_latest_rule_alone_decides),
        cmocka_unit_test(rules_end_with_their_time_and_with_a_heal),
        cmocka_unit_test(what_is_held_goes_in_the_order_asked_for),
        cmocka_unit_test(released_messages_arrive_one_after_the_other),
        cmocka_unit_test(what_is_sent_after_a_release_arrives_after_it),
        cmocka_unit_test(a_hold_ends_alone),
        cmocka_unit_test(a_released_message_meets_its_link_as_it_is_then),
        cmocka_unit_test(a_delayed_message_is_overtaken_and_copies_follow_theirs),
        cmocka_unit_test(what_is_under_way_can_be_taken_off_its_way),
        cmocka_unit_test(deliver_takes_the_next_to_arrive_and_then_what_is_held),
        cmocka_unit_test(a_shuffle_permutes_and_zero_changes_nothing),
        cmocka_unit_test(a_label_is_matched_by_all_that_is_asked),
        cmocka_unit_test(the_table_of_rules_has_an_end),
        cmocka_unit_test(a_fork_has_rules_and_held_messages_of_its_own),
    };
    return cmocka_run_group_tests(sim_surgery, NULL, NULL);
}
