/* SPDX-License-Identifier: MIT */
/* Who, left outside a healed core as it is, keeps it from progress: each way in which it happens,
 * and beside each what makes the same node harmless. */
#include "storm.h"

#include "../faults/left_out.h"
#include "../world/service.h"
#include "../world/unusual.h"

static const char *lacks;           /* an option that is off, or 0, everywhere; NULL: none is */

static void take_option_away(void)
{
    if (lacks)
        set_option(lacks, 0);
}

/* Node x is outside: who leads, or else another; the core are three more of five, and z is outside
 * too, and whole. */
struct place { struct world *w; uint8_t x, z; node_set core; };

static struct place five(const char *option, bool leads)
{
    struct place p = {0};
    lacks = option;
    storm_plan = take_option_away;
    prepare_block(SEC(60), 0);
    block.progress_within = (struct bound){.timeouts = 6000};
    p.w = begin(5, 1, true);
    world_run(p.w, SEC(2));
    const uint8_t leader = host_leader(p.w, 0);
    assert_int_not_equal(leader, 0);
    p.x = leads ? leader : leader % 5 + 1;
    for (uint8_t n = 1; n <= 5; n++)
        if (n != p.x && !p.z && (leads || n != leader))
            p.z = n;
    p.core = nodes_to(5) & ~NODE_BIT(p.x) & ~NODE_BIT(p.z);
    return p;
}

static void hears_nobody(struct place *p)
{
    for (uint8_t n = 1; n <= 5; n++)
        if (n != p->x)
            net_cut(p->w, n, p->x);
}

static void is_heard_by_z_alone(struct place *p)
{
    hears_nobody(p);
    for (uint8_t n = 1; n <= 5; n++)
        if (n != p->x && n != p->z)
            net_cut(p->w, p->x, n);
}

static void is_heard_by_nobody(struct place *p)
{
    is_heard_by_z_alone(p);
    net_cut(p->w, p->x, p->z);
}

/* The link from x to the first of the core. */
static void goes_astray(struct place *p, uint32_t lost, uint32_t late, uint32_t sliced)
{
    const uint8_t to = (uint8_t)(__builtin_ctz(p->core) + 1);
    struct link *l = net_link(p->w, p->x, to);
    l->loss_ppm = lost;
    l->reorder_ppm = late;
    unusual_make(p->w);
    unusual_of(p->w, p->x, to)->slices_ppm = sliced;
}

static void loses_a_third(struct place *p) { goes_astray(p, 300000, 0, 0); }
static void is_late_with_a_third(struct place *p) { goes_astray(p, 0, 300000, 0); }
static void slices_a_third(struct place *p) { goes_astray(p, 0, 0, 300000); }
static void a_little_of_each(struct place *p) { goes_astray(p, 20000, 20000, 20000); }
static void less_of_each(struct place *p) { goes_astray(p, 20000, 20000, 10000); }

static void has_no_hurt(struct place *p) { (void)p; }
static void is_slow(struct place *p) { service_time(p->w, p->x, MS(1), MS(2)); }
static void is_frozen(struct place *p) { clock_freeze(p->w, p->x); }
static void is_manual(struct place *p) { host_manual(p->w, p->x, true); }
static void hurries(struct place *p) { clock_rate(p->w, p->x, 3, 2); }
static void drifts(struct place *p) { clock_rate(p->w, p->x, 6, 5); }
static void hangs(struct place *p) { disk_stall(p->w, p->x); }
static void hangs_and_is_deaf(struct place *p) { hangs(p), hears_nobody(p); }
static void deaf_and_frozen(struct place *p) { hears_nobody(p), is_frozen(p); }

static const struct { const char *lacks; void (*hurt)(struct place *); bool leads, in_the_way; }
cases[] = {
    {NULL, has_no_hurt, true, false},
    {"disk-timeout", has_no_hurt, true, false},
    /* it leads, and too few answer */
    {NULL, hears_nobody, true, false},
    {"check-quorum", hears_nobody, true, true},
    {"check-quorum", hears_nobody, false, false},
    {"check-quorum", is_heard_by_nobody, true, false},
    {NULL, deaf_and_frozen, true, true},
    /* it could lead, and badly */
    {NULL, loses_a_third, true, true},
    {NULL, loses_a_third, false, true},
    {NULL, is_late_with_a_third, true, true},
    {NULL, slices_a_third, true, true},
    {NULL, a_little_of_each, true, true},
    {NULL, less_of_each, true, false},
    {NULL, is_slow, false, true},
    {NULL, is_frozen, true, true},
    {NULL, is_manual, true, true},
    /* its disk hangs */
    {NULL, hangs, true, false},
    {"disk-timeout", hangs, true, true},
    /* nobody forwards proposals */
    {"proposal-forwarding", has_no_hurt, true, true},
    {"proposal-forwarding", hears_nobody, false, false},
    /* it opens terms */
    {"prevote", has_no_hurt, false, false},
    {NULL, hears_nobody, false, false},
    {"prevote", hears_nobody, false, true},
    {"prevote", is_heard_by_z_alone, false, true},
    {"prevote", is_heard_by_nobody, false, false},
    {"prevote", deaf_and_frozen, false, false},
    {"prevote", hangs_and_is_deaf, false, false},
    {"prevote", hurries, false, true},
    {"prevote", drifts, false, false},
    {NULL, hurries, false, false},
};

static void each_way_and_what_makes_it_harmless(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct place p = five(cases[i].lacks, cases[i].leads);
        cases[i].hurt(&p);
        if (left_in_the_way(p.w, p.x, p.core) != cases[i].in_the_way)
            fail_msg("case %u", (unsigned)i);
        if (!p.w->process[p.x].manual && !p.w->process[p.x].clock.frozen) {
            host_pause(p.w, p.x);
            assert_false(left_in_the_way(p.w, p.x, p.core));
        }
        tank_close(p.w);
    }
}

/* A leader whose disk hangs for ever, at the moment of the healing and after it. */
static struct healing heal_with_hung_leader(const char *option, struct place *p)
{
    *p = five(option, true);
    hangs(p);
    chaos_of(p->w)->lost_for_ever = NODE_BIT(p->x);
    const struct healing h = chaos_heal(p->w);
    assert_null(h.unable);
    assert_false(h.core & NODE_BIT(p->x));
    return h;
}

static void who_cannot_find_out_is_switched_off(void **state)
{
    (void)state;
    struct place p;
    const struct healing finds_out = heal_with_hung_leader(NULL, &p);
    assert_true(p.w->process[p.x].up);
    /* and has an election timeout for it */
    assert_in_range(finds_out.within, 7 * MS(300), 8 * MS(300));
    tank_close(p.w);
    static const char *const options[] = {"disk-timeout", "proposal-forwarding"};
    for (size_t i = 0; i < 2; i++) {
        const struct healing h = heal_with_hung_leader(options[i], &p);
        assert_false(p.w->process[p.x].up);
        assert_in_range(h.within, 6 * MS(300), 7 * MS(300) - 1);
        tank_close(p.w);
    }
}

static void who_lost_its_disk_for_ever_gets_all_but_that(void **state)
{
    (void)state;
    struct place p = five("check-quorum", true);
    hangs(&p);
    hears_nobody(&p);
    clock_freeze(p.w, p.x);
    chaos_of(p.w)->lost_for_ever = NODE_BIT(p.x);
    const struct healing h = chaos_heal(p.w);
    assert_true(p.w->process[p.x].up && !p.w->process[p.x].clock.frozen);
    assert_true(disk_look(p.w, p.x).stalls);
    for (node_set left = h.core; left; left &= left - 1)
        assert_int_equal(net_link(p.w, (uint8_t)(__builtin_ctz(left) + 1), p.x)->cuts, 0);
    tank_close(p.w);
}

/* Three of five are lost for ever; `hurt` says how. */
static const char *why_nobody_can_recover(void (*hurt)(struct place *))
{
    struct place p = five(NULL, true);
    for (p.x = 3; p.x <= 5; p.x++) {
        hurt(&p);
        chaos_of(p.w)->lost_for_ever |= NODE_BIT(p.x);
    }
    const struct healing h = chaos_heal(p.w);
    assert_int_equal(h.core, 0);
    /* where all is mended, they can */
    assert_int_equal(chaos_heal_all(p.w, (struct bound){.ns = 1}).core, nodes_to(5));
    tank_close(p.w);
    return h.unable;
}

static void crashes(struct place *p) { host_crash(p->w, p->x); }
static void will_fail(struct place *p) { disk_fail(p->w, p->x, 1); }

static void where_no_majority_is_left_it_says_why(void **state)
{
    (void)state;
    const char *const disks = "no majority has a disk that works";
    assert_string_equal(why_nobody_can_recover(hangs), disks);
    assert_string_equal(why_nobody_can_recover(will_fail), disks);
    assert_string_equal(why_nobody_can_recover(crashes),
                        "no majority is left that did not crash for ever");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_and_what_makes_it_harmless),
        cmocka_unit_test(who_cannot_find_out_is_switched_off),
        cmocka_unit_test(who_lost_its_disk_for_ever_gets_all_but_that),
        cmocka_unit_test(where_no_majority_is_left_it_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
