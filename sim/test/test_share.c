/* SPDX-License-Identifier: MIT */
/* Rules that take a share of messages, delay them by a span, or have a name. */
#include "surgeon.h"

static struct world *zero_world(const struct exception *e, uint32_t n)
{
    struct arena *block = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    tank_prepare(2, 0);
    assert_non_null(block);
    struct world *w = world_init(block, &tank_plan, &tank_watch, 1, true);
    choices_exceptions(w, e, n);
    return w;
}

static void a_share_takes_its_share_and_leaves_the_rest_to_earlier_rules(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    struct rule share = rule(RULE_DROP, 0), late = rule(RULE_DELAY, 0);
    share.share_ppm = 300000, share.tag = 8;
    late.by = late.by_most = MS(20);
    add(w, late);
    add(w, share);
    for (uint64_t t = 1; t <= 1000; t++)
        send(w, MSG_APPEND, 1);
    uint32_t dropped = tank_count(REC_DROP);
    assert_true(dropped > 240 && dropped < 360);
    assert_int_equal(tank_count(REC_DELAY), 1000 - dropped);
    tank_close(w);
}

/* What one rule draws of a message hangs on no other rule and on no other message's fate. */
static void a_draw_is_of_its_rule_its_link_and_its_message(void **state)
{
    (void)state;
    uint64_t fates[3] = {0};
    for (int run = 0; run < 3; run++) {
        struct world *w = quiet_world();
        struct rule share = rule(RULE_DROP, 0), other = rule(RULE_DROP, 0);
        share.share_ppm = 500000, share.tag = 8;
        other.share_ppm = 500000, other.tag = 9, other.match.type = MSG_VOTE;
        if (run == 1)
            add(w, other);
        add(w, share);
        for (uint64_t t = 1; t <= 40; t++) {
            const uint32_t before = tank_count(REC_DROP);
            if (run == 2 && t == 3)
                surgery_lift(w);                    /* and made anew: the third goes its way */
            send(w, MSG_APPEND, 1);
            if (run == 2 && t == 3)
                add(w, share);
            fates[run] |= (uint64_t)(tank_count(REC_DROP) > before) << t;
        }
        tank_close(w);
    }
    assert_true(fates[0] != 0);
    assert_int_equal(fates[1], fates[0]);
    assert_int_equal(fates[2], fates[0] & ~(UINT64_C(1) << 3));
}

static void zeros_take_nothing_of_a_share_and_the_least_of_a_span(void **state)
{
    (void)state;
    struct rule share = rule(RULE_DROP, 0), span = rule(RULE_DELAY, 0);
    share.share_ppm = 900000;
    span.by = MS(20), span.by_most = MS(90);
    for (int excepted = 0; excepted < 2; excepted++) {
        /* the second message of the link is taken, the third is 5 ns later than the least */
        const struct exception e[] = {
            {STREAM_SURGERY, ACTOR_LINK(1, 2), UINT64_C(7) << 40 | (2 * 4), 999999},
            {STREAM_SURGERY, ACTOR_LINK(1, 2), UINT64_C(7) << 40 | (3 * 4 + 1), 5}};
        struct world *w = zero_world(e, excepted ? 2 : 0);
        const struct link *l = net_link(w, 1, 2);
        add(w, span);
        add(w, share);
        for (uint64_t t = 1; t <= 3; t++)
            send(w, MSG_APPEND, t);
        assert_int_equal(terms_of(REC_DROP, DROP_RULE), excepted ? 2 : 0);
        assert_int_equal(terms_of(REC_DELAY, 0), excepted ? 13 : 123);
        assert_int_equal(world_next(w), l->delay_min + MS(20));
        world_run(w, l->delay_min + MS(20));
        assert_int_equal(arrived(), excepted ? 1 : 123);
        world_run(w, l->delay_min + MS(20) + 5);
        assert_int_equal(arrived(), excepted ? 13 : 123);
        tank_close(w);
    }
}

static void a_name_lifts_its_rules_and_no_others(void **state)
{
    (void)state;
    struct world *w = quiet_world();
    struct rule r = rule(RULE_DROP, 0), other = rule(RULE_HOLD, 2);
    r.name = 1, other.name = 2;
    add(w, r);
    r.until = MS(5);
    add(w, r);
    add(w, other);
    w->now = MS(5);
    assert_int_equal(surgery_lift_named(w, 1), 1);  /* the other's time was over */
    assert_int_equal(surgery_lift_named(w, 1), 0);
    send(w, MSG_APPEND, 1);
    assert_int_equal(surgery_held(w, 1), 1);
    assert_int_equal(surgery_lift_named(w, 2), 1);
    assert_int_equal(surgery_held(w, 1), 1);        /* what it held stays */
    assert_int_equal(surgery_unmet(w).saw, 1);
    send(w, MSG_APPEND, 2);
    world_run(w, SEC(1));
    assert_int_equal(arrived(), 2);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_takes_its_share_and_leaves_the_rest_to_earlier_rules),
        cmocka_unit_test(a_draw_is_of_its_rule_its_link_and_its_message),
        cmocka_unit_test(zeros_take_nothing_of_a_share_and_the_least_of_a_span),
        cmocka_unit_test(a_name_lifts_its_rules_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
