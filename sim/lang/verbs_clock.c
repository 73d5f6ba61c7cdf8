/* SPDX-License-Identifier: MIT */
/*
 * Clock faults: clock NODES ... A rate is a ratio of integers; a drift is a rate near one.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

/* The world takes ratios of numbers up to a million: drift is resolved to 2 ppm. */
enum { DRIFT_SCALE = 500000 };

struct clock_args { uint32_t num, den; int64_t jump; uint64_t drift; int sign; };

typedef void clock_act(struct player *, const struct clock_args *, uint8_t node);

static bool each(struct player *p, const struct stmt *s, clock_act *act)
{
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (; set; set &= set - 1) act(p, s->args, node_first(set));
    return true;
}

/* ---- rate ---- */

static bool decimal_ratio(const struct token *t, struct clock_args *a)
{
    uint64_t num = 0;
    for (uint32_t den = 1; den <= 1000000; den *= 10) {
        uint64_t more;
        if (!number_scaled(t->text, t->n, den, &num)) return false;
        if (den < 1000000 && number_scaled(t->text, t->n, UINT64_C(1000000), &more) &&
            num * (1000000 / den) != more)
            continue;
        a->num = num <= 1000000 ? (uint32_t)num : 0, a->den = den;
        return a->num > 0;
    }
    return false;
}

bool parse_clock_rate(struct cursor *c, struct stmt *s)
{
    struct clock_args *a = s->args = args_take(c, sizeof *a);
    uint64_t num, den, ppm;
    uint32_t at = c->at;
    if (!a) return false;
    if (cur_number(c, &num) && cur_word(c, "/") && cur_number(c, &den) && num >= 1 &&
        num <= 1000000 && den >= 1 && den <= 1000000) {
        a->num = (uint32_t)num, a->den = (uint32_t)den;
        return true;
    }
    c->at = at;
    const struct token *t = cur_peek(c);
    if (t && t->kind == TOK_NUMBER && number_digits(t->text, t->n) == t->n && decimal_ratio(t, a))
        return c->at++, true;
    if (cur_ppm(c, &ppm) && ppm >= 1 && ppm <= 1000000) {
        a->num = (uint32_t)ppm, a->den = 1000000;
        return true;
    }
    c->at = at;
    return cur_error(c, "write 0.5, 3/2 or 99%; more than 0", "expected a rate");
}

static void act_rate(struct player *p, const struct clock_args *a, uint8_t n)
{
    clock_rate(p->w, n, a->num, a->den);
}
bool run_clock_rate(struct player *p, const struct stmt *s) { return each(p, s, act_rate); }

/* ---- jump, freeze, thaw ---- */

bool parse_clock_jump(struct cursor *c, struct stmt *s)
{
    struct clock_args *a = s->args = args_take(c, sizeof *a);
    uint64_t by;
    if (!a) return false;
    bool back = cur_word(c, "-");
    if (!back) cur_word(c, "+");
    if (!cur_need_time(c, &by, "a time")) return false;
    if (by > SEC(1000000)) return c->at--, cur_error(c, NULL, "a jump of more than 1000000s");
    a->jump = back ? -(int64_t)by : (int64_t)by;
    return true;
}

static void act_jump(struct player *p, const struct clock_args *a, uint8_t n)
{
    clock_jump(p->w, n, a->jump);
}
bool run_clock_jump(struct player *p, const struct stmt *s) { return each(p, s, act_jump); }

bool parse_clock_freeze(struct cursor *c, struct stmt *s) { (void)c; (void)s; return true; }
bool parse_clock_thaw(struct cursor *c, struct stmt *s) { (void)c; (void)s; return true; }
static void act_freeze(struct player *p, const struct clock_args *a, uint8_t n)
{
    (void)a;
    clock_freeze(p->w, n);
}

static void act_thaw(struct player *p, const struct clock_args *a, uint8_t n)
{
    (void)a;
    clock_thaw(p->w, n);
}
bool run_clock_freeze(struct player *p, const struct stmt *s) { return each(p, s, act_freeze); }
bool run_clock_thaw(struct player *p, const struct stmt *s) { return each(p, s, act_thaw); }

/* ---- drift ---- */

bool parse_clock_drift(struct cursor *c, struct stmt *s)
{
    struct clock_args *a = s->args = args_take(c, sizeof *a);
    if (!a) return false;
    a->sign = cur_word(c, "+") ? 1 : cur_word(c, "-") ? -1 : 0;
    return cur_need_share(c, &a->drift, 900000);
}

static void act_drift(struct player *p, const struct clock_args *a, uint8_t n)
{
    uint32_t most = (uint32_t)(a->drift / 2), by = most;
    bool slow = a->sign < 0;
    if (!a->sign) {
        by = (uint32_t)draw_range(p->w, STREAM_PICK, 0, &p->w->pick_ordinal, 0, most);
        slow = draw(p->w, STREAM_PICK, 0, &p->w->pick_ordinal, 2);
    }
    clock_rate(p->w, n, slow ? DRIFT_SCALE - by : DRIFT_SCALE + by, DRIFT_SCALE);
}
bool run_clock_drift(struct player *p, const struct stmt *s) { return each(p, s, act_drift); }

/* ---- manual time ---- */

struct manual_args { struct who who; bool off; };

bool parse_manual(struct cursor *c, struct stmt *s)
{
    struct manual_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !cur_need_word(c, "time")) return false;
    a->off = cur_word(c, "off");
    if (a->off && !c->p->prog->manual)
        return c->at--, cur_error(c, "write manual time above it", "no manual time is on");
    c->p->prog->manual = true;
    if (!cur_word(c, "on")) return true;
    return need_who(c, &a->who, "nodes");
}

bool run_manual(struct player *p, const struct stmt *s)
{
    const struct manual_args *a = s->args;
    node_set set = nodes_to(p->w->nnodes);
    if (a->who.n && !need_nodes_now(p, s, &a->who, &set)) return false;
    for (; set; set &= set - 1) host_manual(p->w, node_first(set), !a->off);
    return true;
}

/* ---- tick, strobe ---- */

bool parse_tick(struct cursor *c, struct stmt *s)
{
    uint64_t *times = s->args = args_take(c, sizeof *times);
    if (!times || !need_who(c, &s->who, "nodes")) return false;
    *times = 1;
    return cur_end(c) || cur_need_count(c, times, 1, 100000, "a number of ticks");
}

/* Their clocks go on by their own heartbeat interval, by turns. */
bool run_tick(struct player *p, const struct stmt *s)
{
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (uint64_t k = *(const uint64_t *)s->args; k; k--)
        for (node_set left = set; left; left &= left - 1) {
            uint64_t interval = world_option(p->w, node_first(left), "heartbeat");
            if (!interval)
                return play_fail(p, &s->place, V_SKIP, "feature",
                                 "the system under test has no option heartbeat");
            clock_jump(p->w, node_first(left), (int64_t)interval);
        }
    return true;
}

struct strobe_args { uint64_t by, every, during; };

bool parse_strobe(struct cursor *c, struct stmt *s)
{
    struct strobe_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !need_who(c, &s->who, "nodes") || !cur_need_time(c, &a->by, "a time")) return false;
    if (!a->by || a->by > SEC(1000000))
        return c->at--, cur_error(c, NULL, "a strobe goes by 1ns to 1000000s");
    if (!cur_need_word(c, "every") || !cur_need_time(c, &a->every, "a time")) return false;
    if (a->every < US(1)) return c->at--, cur_error(c, NULL, "at least 1us");
    return cur_need_word(c, "for") && cur_need_time(c, &a->during, "a time");
}

/* Forward and back, by turns, on the nodes that were meant when it began; an even number of
 * strokes, so that the clocks end where they were. */
bool run_strobe(struct player *p, const struct stmt *s)
{
    const struct strobe_args *a = s->args;
    if (p->due && p->due->nodes) {
        int64_t by = p->due->strokes++ % 2 ? -(int64_t)a->by : (int64_t)a->by;
        for (node_set left = p->due->nodes; left; left &= left - 1)
            clock_jump(p->w, node_first(left), by);
        return true;
    }
    struct schedule strokes = {.stmt = s, .at = p->w->now, .every = a->every};
    uint64_t pairs = a->during / (2 * a->every) + (a->during % (2 * a->every) > 0);
    strokes.until = p->w->now + (pairs ? 2 * pairs - 1 : 0) * a->every;
    return need_nodes_now(p, s, &s->who, &strokes.nodes) && (!pairs || play_schedule(p, &strokes));
}
