/* SPDX-License-Identifier: MIT */
/* Faults that aim, and faults that stay: when and whom they strike, when they are over, and what
 * becomes of the healing. */
#define _GNU_SOURCE
#include "storm.h"

#include <stdio.h>
#include <stdlib.h>

#include "../lang/scenario.h"

enum { OCCASIONS_MOST = 32 };

/* When each occasion came last, about whom, and how often. */
static struct { uint64_t at, times; uint8_t about; } came[OCCASIONS_MOST];
static struct { uint64_t struck, ended, at, aimed_well, ended_well, told_well;
} faulted;
static uint32_t watched_after, watched_until;      /* places in occasions.def, from 1; 0: none */
static uint64_t within;

/* Of the first line of the block. */
static bool is_aimed(const struct record *r)
{
    return r->kind == REC_FAULT && faults[rec_fault(r)] == block.lines[0].kind;
}

static void see(struct world *w, const struct record *r)
{
    for (uint32_t i = 0; occasions[i].name; i++)
        if ((occasions[i].kinds >> r->kind & 1) && occasions[i].shown(w, r)) {
            came[i].at = r->at;
            came[i].about = r->node;
            came[i].times++;
        }
    if (!is_aimed(r))
        return;
    if (rec_state(r) & FAULT_ON) {
        assert_int_equal(rec_occasion(r), watched_after);
        faulted.struck++;
        faulted.at = r->at;
        faulted.aimed_well += watched_after && r->at - came[watched_after - 1].at <= within;
    } else {
        const bool well = watched_until && r->at == came[watched_until - 1].at;
        faulted.ended++;
        faulted.ended_well += well;
        assert_true(rec_occasion(r) == 0 || (well && rec_occasion(r) == watched_until));
        faulted.told_well += rec_occasion(r) != 0;
    }
}

static uint8_t occasion_named(const char *name)
{
    for (uint8_t i = 0; occasions[i].name; i++)
        if (strcmp(occasions[i].name, name) == 0)
            return (uint8_t)(i + 1);
    fail_msg("no occasion %s", name);
    return 0;
}

static struct fault_line *aim(const char *kind, const char *after, const char *until)
{
    prepare_block(SEC(10), 0);
    add_line(kind, 10);
    struct fault_line *l = &block.lines[0];
    watched_after = l->after = after ? occasion_named(after) : 0;
    watched_until = l->until = until ? occasion_named(until) : 0;
    l->every_min = MS(100);
    l->every_max = MS(400);
    within = 0;
    memset(&faulted, 0, sizeof faulted);
    memset(came, 0, sizeof came);
    return l;
}

static void storm(uint64_t seed)
{
    struct world *w = begin(5, seed, false);
    assert_true(world_run(w, block.duration));
    tank_close(w);
}

/* What brings occasions about, where a calm cluster has but few. */
static void add_causes(void)
{
    add_line("partition", 10);
    block.lines[1].param[0] = 6;                            /* leader */
    block.lines[1].every_min = block.lines[1].every_max = MS(600);
    add_line("campaign", 10);
    add_line("pause", 10);
    add_line("disk fail", 10);
    block.lines[4].every_min = block.lines[4].every_max = MS(500);
    block.lines[4].for_min = block.lines[4].for_max = MS(100);
}

static void keep_leases(void) { set_option("leases", 2); } /* the third of auto|off|on */

static void each_occasion_comes_and_is_struck_at_once(void **state)
{
    (void)state;
    for (uint32_t i = 0; occasions[i].name; i++) {
        uint64_t struck = 0;
        storm_plan = strcmp(occasions[i].name, "lease") == 0 ? keep_leases : NULL;
        for (uint64_t seed = 1; seed <= 3; seed++) {
            aim("crash", occasions[i].name, NULL)->param[8] = 1;        /* any */
            add_causes();
            storm(seed);
            struck += faulted.aimed_well;
        }
        if (struck < 3)
            fail_msg("after %s: struck %u times", occasions[i].name, (unsigned)struck);
    }
}

static uint8_t crashed;

static void see_crash(struct world *w, const struct record *r)
{
    if (r->kind == REC_CRASH)
        crashed = r->node;
    see(w, r);
    if (!is_aimed(r) || !(rec_state(r) & FAULT_ON))
        return;
    assert_int_equal(r->at, came[watched_after - 1].at);
    assert_int_equal(r->node, came[watched_after - 1].about);
    assert_int_equal(r->node, crashed);
}

static void without_a_target_it_strikes_whom_the_occasion_is_about(void **state)
{
    (void)state;
    storm_seen = see_crash;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        aim("crash", "win", NULL);
        add_causes();
        storm(seed);
        assert_true(faulted.struck >= 3);
    }
    storm_seen = see;
}

static void within_puts_the_strike_off_by_no_more_than_it_says(void **state)
{
    (void)state;
    uint64_t late = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        aim("crash", "win", NULL)->after_within = MS(20);
        within = MS(20);
        add_causes();
        storm(seed);
        assert_true(faulted.struck >= 3);
        assert_int_equal(faulted.aimed_well, faulted.struck);
        late += came[watched_after - 1].at != faulted.at;
    }
    assert_true(late >= 3);
}

static void until_ends_it_at_the_occasion_or_when_its_time_is_up(void **state)
{
    (void)state;
    uint64_t ended = 0, well = 0, told = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct fault_line *l = aim("isolate", NULL, "win");
        l->param[8] = 2;                                    /* leader */
        l->for_min = l->for_max = MS(400);
        storm(seed);
        ended += faulted.ended;
        well += faulted.ended_well;
        told += faulted.told_well;
    }
    assert_true(well > 20 && ended > well);
    assert_int_equal(told, well);
}

static node_set leads;
static uint32_t stepped_down, crashed_leading;

static void see_leaders(struct world *w, const struct record *r)
{
    const struct occasion *o = &occasions[occasion_named("step-down") - 1];
    const bool did = leads & NODE_BIT(r->node);
    if (r->kind != REC_ROLE && r->kind != REC_CRASH)
        return;
    const bool does = r->kind == REC_ROLE && rec_role(r) == SUT_LEADER;
    assert_int_equal((o->kinds >> r->kind & 1) && o->shown(w, r),
                     r->kind == REC_ROLE && did && !does);
    leads = does ? leads | NODE_BIT(r->node) : leads & ~NODE_BIT(r->node);
    stepped_down += r->kind == REC_ROLE && did && !does;
    crashed_leading += r->kind == REC_CRASH && did;
}

static void who_steps_down_led_and_did_not_crash(void **state)
{
    (void)state;
    storm_seen = see_leaders;
    stepped_down = crashed_leading = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        leads = 0;
        aim("crash", NULL, NULL)->param[8] = 2;             /* leader */
        add_causes();
        storm(seed);
    }
    assert_true(stepped_down > 5 && crashed_leading > 5);
    storm_seen = see;
}

static void a_line_that_waits_in_vain_strikes_never(void **state)
{
    (void)state;
    aim("pause", "truncation", NULL);
    storm(1);
    assert_int_equal(came[watched_after - 1].times, 0);
    assert_int_equal(faulted.struck, 0);
}

/* ---- holding, hastening ---------------------------------------------------------------------- */

static uint64_t held, hastened, last_number, last_at, in_order, of_an_earlier_term, newest_term;

static void see_messages(struct world *w, const struct record *r)
{
    see(w, r);
    held += r->kind == REC_HOLD;
    if (r->kind == REC_ROLE && rec_role(r) == SUT_LEADER)
        newest_term = r->term;
    if (r->kind != REC_HASTEN)
        return;
    hastened++;
    of_an_earlier_term += r->term < newest_term;
    in_order += last_at != r->at || rec_message(r) > last_number;
    last_number = rec_message(r);
    last_at = r->at;
}

static void what_is_held_arrives_at_once_in_the_next_term(void **state)
{
    (void)state;
    storm_seen = see_messages;
    held = hastened = of_an_earlier_term = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct fault_line *l = aim("hold", NULL, "win");
        l->for_min = l->for_max = SEC(3);
        l->param[7] = MSG_APPEND_REPLY;
        add_line("partition", 10);
        block.lines[1].param[0] = 6;
        storm(seed);
    }
    assert_true(held > 20 && hastened <= held && hastened + 40 > held);
    assert_true(of_an_earlier_term > 10);
    storm_seen = see;
}

static void the_oldest_are_hastened_oldest_first(void **state)
{
    (void)state;
    storm_seen = see_messages;
    hastened = in_order = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        aim("hasten", NULL, NULL);
        storm(seed);
    }
    assert_true(hastened > 50);
    assert_int_equal(in_order, hastened);
    storm_seen = see;
}

/* ---- for ever -------------------------------------------------------------------------------- */

static node_set hung(const struct world *w)
{
    node_set set = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (disk_look(w, n).stalls || replica_of(w, n, 0)->halted || !w->process[n].up)
            set |= NODE_BIT(n);
    return set;
}

static void stay(const char *kind, uint64_t target)
{
    prepare_block(SEC(6), SEC(10));
    add_line(kind, 10);
    block.lines[0].for_ever = true;
    block.lines[0].param[8] = target;
    block.lines[0].every_min = MS(500);
    block.lines[0].every_max = SEC(2);
}

static void expect_stays(const char *kind, uint8_t nodes, uint64_t target, uint64_t seed)
{
    stay(kind, target);
    struct world *w = begin(nodes, seed, false);
    assert_true(world_run(w, block.duration));
    const node_set lost = hung(w);
    const uint64_t ok = w->count.ops_ok;
    assert_in_range(__builtin_popcount(lost), nodes > 2, (nodes - 1) / 2);
    const node_set core = chaos_heal(w).core;
    assert_true(core != 0 && !(core & lost));
    assert_true(__builtin_popcount(core) > nodes / 2);
    assert_true(world_run(w, w->now + SEC(10)));
    assert_int_equal(hung(w), lost);
    if (w->count.ops_ok <= ok + 100)
        fail_msg("%s of %u, seed %u: the rest goes on no more", kind, nodes, (unsigned)seed);
    tank_close(w);
}

static void what_stays_for_ever_outlasts_the_healing_and_leaves_a_majority(void **state)
{
    (void)state;
    static const char *const kinds[] = {"disk stall", "disk fail", "crash"};
    for (uint32_t k = 0; k < 3; k++)
        for (uint8_t nodes = 1; nodes <= 7; nodes++)
            for (uint64_t target = 0; target <= 2; target += 2)         /* anybody, the leader */
                for (uint64_t seed = 1; seed <= 4; seed++)
                    expect_stays(kinds[k], nodes, target, seed);
}

/* ---- words ----------------------------------------------------------------------------------- */

static void refused(const char *line, const char *what)
{
    char text[512], *said = NULL;
    size_t size;
    FILE *err = open_memstream(&said, &size);
    int n = snprintf(text, sizeof text, "wavetank 1\nnodes n1..n5\nchaos 1s\n  %s\n"
                     "  then heal and expect progress within 10s\nend\n", line);
    struct scenario *s = scenario_load("t.scn", text, (size_t)n, NULL, 0, err);
    fclose(err);
    if (what ? s || !strstr(said, what) : !s)
        fail_msg("%s: %s", line, said);
    if (s)
        scenario_free(s);
    free(said);
}

static void lines_that_aim_say_what_is_wrong_with_them(void **state)
{
    (void)state;
    static const struct { const char *line, *what; } lines[] = {
        {"crash after vote every 1s", NULL},
        {"crash leader after promise within 2ms every 1s restart after 1ms..5ms weight 3", NULL},
        {"crash any after 100ms", NULL},
        {"pause after read every 1s for 2s until win", NULL},
        {"hold append-reply 3 until win", NULL},
        {"hasten 1..2 after win", NULL},
        {"disk fail follower every 1s for ever", NULL},
        {"crash after vot", "t.scn:4:15: error: expected an occasion; did you mean 'vote'?"},
        {"crash after", "expected a span of times, or an occasion"},
        {"pause until", "expected an occasion"},
        {"pause until 3s", "'wavetank list occasions' shows all"},
        {"crash after vote within", "expected a time"},
        {"link loss 1% after vote", "link loss is set once for the whole block"},
        {"campaign until win", "campaign is over as soon as it has struck; leave until out"},
        {"pause for ever", "pause is always undone; crash, disk stall and disk fail can stay"},
        {"crash for ever until win", "crash cannot stay for ever and be over as well"},
        {"crash majority for ever", "crash for ever takes one node a time; write any, leader"},
        {"hold request 1..2", "unexpected 'request'"},
    };
    for (uint32_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        refused(lines[i].line, lines[i].what);
}

int main(void)
{
    storm_seen = see;
    const struct CMUnitTest sim_aim[] = {
        cmocka_unit_test(each_occasion_comes_and_is_struck_at_once),
        cmocka_unit_test(without_a_target_it_strikes_whom_the_occasion_is_about),
        cmocka_unit_test(within_puts_the_strike_off_by_no_more_than_it_says),
        cmocka_unit_test(until_ends_it_at_the_occasion_or_when_its_time_is_up),
        cmocka_unit_test(who_steps_down_led_and_did_not_crash),
        cmocka_unit_test(a_line_that_waits_in_vain_strikes_never),
        cmocka_unit_test(what_is_held_arrives_at_once_in_the_next_term),
        cmocka_unit_test(the_oldest_are_hastened_oldest_first),
        cmocka_unit_test(what_stays_for_ever_outlasts_the_healing_and_leaves_a_majority),
        cmocka_unit_test(lines_that_aim_say_what_is_wrong_with_them),
    };
    return cmocka_run_group_tests(sim_aim, NULL, NULL);
}
