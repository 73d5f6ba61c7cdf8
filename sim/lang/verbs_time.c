/* SPDX-License-Identifier: MIT */
/*
 * Time. `settle` means: no message is in flight between the nodes meant and none of their writes is
 * pending, whatever timers may do meanwhile. A write that a stall or a stepwise disk holds is not
 * waited for. `with clients` it goes on until what they asked for has its outcome. It is bounded by
 * ten of the longest election timeouts; more is an error.
 */
#include <assert.h>
#include <string.h>

#include "../world/service.h"
#include "parse.h"
#include "play.h"
#include "rows.h"

/* ---- wait, run, step ---- */

struct wait_args { struct cond cond; uint64_t time; };

bool parse_wait(struct cursor *c, struct stmt *s)
{
    struct wait_args *a = s->args = args_take(c, sizeof *a);
    s->moves = true;
    if (!a) return false;
    if (!cur_word(c, "until")) return cur_need_time(c, &a->time, "a time, or `until`");
    if (!need_cond(c, &a->cond)) return false;
    c->p->prog->asserts++;
    return bound_given(a->cond.within) ||
           cur_error(c, "write until leader n1 within 2s", "a %s needs a bound", s->verb->name);
}

bool run_wait(struct player *p, const struct stmt *s)
{
    const struct wait_args *a = s->args;
    if (!a->cond.kind) return play_wait(p, p->w->now + a->time);
    enum moved m = play_move(p, p->w->now + play_within(p, &a->cond), &a->cond);
    if (m == MOVED_STOPPED) return false;
    return m == MOVED_MET || cond_fail(p, &a->cond, NULL, "to wait until");
}

bool parse_run(struct cursor *c, struct stmt *s) { return parse_wait(c, s); }

bool run_run(struct player *p, const struct stmt *s) { return run_wait(p, s); }

bool parse_step(struct cursor *c, struct stmt *s)
{
    struct wait_args *a = s->args = args_take(c, sizeof *a);
    s->moves = true;
    if (!a) return false;
    if (cur_end(c)) a->time = 1;
    return cur_end(c) || cur_need_count(c, &a->time, 1, 100000000, "a number of events");
}

bool run_step(struct player *p, const struct stmt *s)
{
    const struct wait_args *a = s->args;
    for (uint64_t k = 0; k < a->time; k++) {
        const uint64_t told = p->w->records;
        do
            if (!play_step(p)) return false;
        while (p->w->records == told && world_next(p->w) != NEVER);
    }
    return true;
}

/* ---- settle ---- */

enum { EXCEPT_MAX = 8 };
struct except { struct who from, to; bool both; };
struct settle_args {
    struct who who;
    uint32_t n;
    bool clients;                   /* until their operations are answered, too */
    struct except except[EXCEPT_MAX];
};

/* except A -> B | A - B */
static bool need_except(struct cursor *c, struct settle_args *a)
{
    struct except *e = &a->except[a->n];
    if (a->n == EXCEPT_MAX) return cur_error(c, NULL, "at most %d times `except`", EXCEPT_MAX);
    if (!need_who(c, &e->from, "nodes")) return false;
    e->both = cur_word(c, "-");
    if (!e->both && !cur_word(c, "->"))
        return cur_error(c, "write except n1 - n2, or n1 -> n2 for one direction",
                         "expected - or ->");
    a->n++;
    return need_who(c, &e->to, "nodes");
}

/* Somebody asks for something, on a line before. */
static bool need_askers(struct cursor *c)
{
    const struct program *g = c->p->prog;
    if (g->clients.n || g->nhidden || g->workloads.n || !as_written(c)) return true;
    return c->at--, cur_error(c, "write settle", "no client has asked for anything yet");
}

bool parse_settle(struct cursor *c, struct stmt *s)
{
    struct settle_args *a = s->args = args_take(c, sizeof *a);
    s->moves = true;
    if (!a) return false;
    a->who = (struct who){.n = 1, .item[0] = {.kind = WHO_SET,
                                              .set = nodes_to(NODES_MAX)}};
    if (!cur_end(c) && !cur_is(c, "except") && !cur_is(c, "with") &&
        !need_who(c, &a->who, "nodes"))
        return false;
    a->clients = cur_word(c, "with");
    if (a->clients && (!cur_need_word(c, "clients") || !need_askers(c))) return false;
    while (cur_word(c, "except"))
        if (!need_except(c, a)) return false;
    return true;
}

/* The links that count: to which nodes from each. */
static bool links_now(struct player *p, const struct stmt *s, node_set set,
                      node_set to[NODES_MAX + 1])
{
    const struct settle_args *a = s->args;
    for (uint32_t n = 1; n <= NODES_MAX; n++) to[n] = set & NODE_BIT(n) ? set : 0;
    for (uint32_t i = 0; i < a->n; i++) {
        node_set from, others;
        if (!need_nodes_now(p, s, &a->except[i].from, &from)) return false;
        if (!need_nodes_now(p, s, &a->except[i].to, &others)) return false;
        for (uint32_t n = 1; n <= NODES_MAX; n++) {
            if (from & NODE_BIT(n)) to[n] &= ~others;
            if (a->except[i].both && (others & NODE_BIT(n))) to[n] &= ~from;
        }
    }
    return true;
}

static uint32_t under_way(struct world *w, node_set set, const node_set to[NODES_MAX + 1])
{
    uint32_t n = 0;
    for (uint8_t a = 1; a <= w->nnodes; a++) {
        if (!(set & NODE_BIT(a))) continue;
        for (uint8_t b = 1; b <= w->nnodes; b++) {
            struct link *l = (to[a] & NODE_BIT(b)) ? net_link(w, a, b) : NULL;
            if (l) n += l->inflight;
        }
        for (uint32_t k = CLIENT_BASE + 1; k <= CLIENT_BASE + (uint32_t)w->nclients; k++)
            n += net_link(w, (uint8_t)k, a)->inflight;
        const struct disk_condition d = disk_look(w, a);
        if (w->process[a].up && !d.stalls && !d.stepwise) n += d.pending;
        if (!w->process[a].pauses) n += service_waiting(w, a);
    }
    return n;
}

/* Operations that have no outcome: of clients whose latest attempt went to one of these nodes. */
static uint32_t unanswered(struct world *w, node_set set)
{
    uint32_t n = 0;
    for (uint32_t k = CLIENT_BASE + 1; k <= CLIENT_BASE + (uint32_t)w->nclients; k++) {
        const struct client *c = world_client(w, (uint8_t)k);
        if (c->current && c->asked && (set & NODE_BIT(c->asked))) n += 1 + c->queued;
    }
    return n;
}

static bool settle_fail(struct player *p, const struct stmt *s, uint32_t left, uint32_t asked,
                        uint64_t bound)
{
    const unsigned long long ms = bound / MS(1);
    return asked ? play_fail(p, &s->place, V_ERROR, "settle",
                             "%u messages and writes are still under way, and %u operation%s "
                             "unanswered, after %llu ms", left, asked, asked == 1 ? "" : "s", ms)
                 : play_fail(p, &s->place, V_ERROR, "settle",
                             "%u messages and writes are still under way after %llu ms", left, ms);
}

bool run_settle(struct player *p, const struct stmt *s)
{
    const struct settle_args *a = s->args;
    node_set set = who_now(p, &a->who), to[NODES_MAX + 1];
    uint64_t bound = play_settle_bound(p), end = p->w->now + bound;
    if (!links_now(p, s, set, to)) return false;
    for (;;) {
        const uint32_t left = under_way(p->w, set, to);
        const uint32_t asked = a->clients ? unanswered(p->w, set) : 0;
        const uint64_t next = world_next(p->w);
        if (left + asked == 0) return true;
        if (next > end) return settle_fail(p, s, left, asked, bound);
        if (!play_wait(p, next)) return false;
    }
}

/* ---- at, every ---- */

struct schedule_args { uint64_t at, every, during; struct cond until; struct stmt stmt; };

static bool need_scheduled(struct cursor *c, struct schedule_args *a)
{
    if (!cur_need_word(c, ":")) return false;
    uint32_t at = c->at;
    if (!parse_statement(c, &a->stmt)) return false;
    if (!a->stmt.moves && a->stmt.verb->run) return true;
    c->at = at;
    return cur_error(c, a->stmt.moves ? "time passes by itself here" : "it speaks of the whole run",
                     "this statement cannot be scheduled");
}

bool parse_at(struct cursor *c, struct stmt *s)
{
    struct schedule_args *a = s->args = args_take(c, sizeof *a);
    return a && cur_need_time(c, &a->at, "a time of the run") && need_scheduled(c, a);
}

bool parse_every(struct cursor *c, struct stmt *s)
{
    struct schedule_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !cur_need_time(c, &a->every, "a time")) return false;
    if (a->every < US(1)) return c->at--, cur_error(c, NULL, "at least 1us");
    const bool timed = cur_word(c, "for");
    if (timed && !cur_need_time(c, &a->during, "a time")) return false;
    if (timed && cur_is(c, "until"))
        return cur_error(c, "leave one of them out", "`for` and `until` are two ends");
    if (!timed && cur_word(c, "until") && !need_end_cond(c, &a->until, false)) return false;
    return need_scheduled(c, a);
}

bool run_at(struct player *p, const struct stmt *s)
{
    const struct schedule_args *a = s->args;
    if (a->at < p->w->now)
        return play_fail(p, &s->place, V_ERROR, "error", "that time has passed: now is %llu us",
                         (unsigned long long)(p->w->now / US(1)));
    return play_schedule(p, &(struct schedule){.stmt = &a->stmt, .at = a->at, .until = NEVER});
}

bool run_every(struct player *p, const struct stmt *s)
{
    const struct schedule_args *a = s->args;
    uint64_t until = a->during ? p->w->now + a->during : NEVER - a->every - 1;
    return play_schedule(p, &(struct schedule){.stmt = &a->stmt, .at = p->w->now, .every = a->every,
                                               .until = until,
                                               .stop = a->until.kind ? &a->until : NULL});
}

void schedules_finish(struct player *p)
{
    for (uint32_t i = 0; i < p->nschedules && !p->failed; i++) {
        const struct schedule *s = &p->schedules[i];
        if (s->at == NEVER) continue;
        if (!s->every || s->at <= p->w->now) unmet_time(p, s);
        if (s->stop && !cond_now(p, s->stop, NULL)) cond_unmet(p, s->stop, "until ");
    }
}

/* ---- phase, mark, print ---- */

static bool parse_text(struct cursor *c, struct stmt *s)
{
    char *text = NULL;
    if (!cur_need_string(c, &text, "a text")) return false;
    s->args = text;
    return true;
}

bool parse_phase(struct cursor *c, struct stmt *s) { return parse_text(c, s); }
bool parse_print(struct cursor *c, struct stmt *s) { return parse_text(c, s); }

bool parse_mark(struct cursor *c, struct stmt *s)
{
    struct names *marks = &c->p->prog->marks;
    uint32_t *mark = args_take(c, sizeof *mark);
    char *text = NULL;
    if (!mark || !cur_need_string(c, &text, "a text")) return false;
    *mark = names_add(marks, c->p->pool, text, strlen(text));
    s->args = mark;
    return *mark || out_of_memory(c->p);
}

/* The step's own record marks the place: it names the line. */
bool run_phase(struct player *p, const struct stmt *s) { (void)p; (void)s; return true; }

bool run_mark(struct player *p, const struct stmt *s)
{
    counts_mark(p, *(const uint32_t *)s->args);
    return true;
}

bool run_print(struct player *p, const struct stmt *s)
{
    if (p->how->say)
        fprintf(p->how->say, "%llu.%03llus %s\n", (unsigned long long)(p->w->now / SEC(1)),
                (unsigned long long)(p->w->now % SEC(1) / MS(1)), (const char *)s->args);
    return true;
}
