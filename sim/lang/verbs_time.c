/* SPDX-License-Identifier: MIT */
/*
 * Time. `settle` means: no message is in flight between the nodes meant and none of their writes is pending, whatever timers may do meanwhile. A write
 * that a stall or a stepwise disk holds is not waited for. It is bounded by ten of the longest election timeouts; more is an error.
 */
#include <assert.h>
#include <string.h>

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
    return a->cond.within || cur_error(c, "write wait until leader n1 within 2s", "how long at most?");
}

bool run_wait(struct player *p, const struct stmt *s)
{
    const struct wait_args *a = s->args;
    if (!a->cond.kind) return play_wait(p, p->w->now + a->time);
    enum moved m = play_move(p, p->w->now + a->cond.within, &a->cond);
    if (m == MOVED_STOPPED) return false;
    return m == MOVED_MET || cond_fail(p, &a->cond, NULL, "to wait until");
}

bool parse_run(struct cursor *c, struct stmt *s)
{
    struct wait_args *a = s->args = args_take(c, sizeof *a);
    s->moves = true;
    return a && cur_need_time(c, &a->time, "a time");
}

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
    for (uint64_t k = 0; k < a->time; k++)
        if (!play_step(p)) return false;
    return true;
}

/* ---- settle ---- */

bool parse_settle(struct cursor *c, struct stmt *s)
{
    struct who *who = s->args = args_take(c, sizeof *who);
    s->moves = true;
    if (!who) return false;
    if (cur_end(c)) {
        *who = (struct who){.n = 1, .item[0] = {.kind = WHO_SET, .set = (node_set)((UINT64_C(1) << NODES_MAX) - 1)}};
        return true;
    }
    return need_who(c, who, "nodes");
}

static uint32_t under_way(struct world *w, node_set set)
{
    uint32_t n = 0;
    for (uint8_t a = 1; a <= w->nnodes; a++) {
        if (!(set & NODE_BIT(a))) continue;
        for (uint8_t b = 1; b <= w->nnodes; b++) {
            struct link *l = (set & NODE_BIT(b)) ? net_link(w, a, b) : NULL;
            if (l) n += l->inflight;
        }
        const struct disk *d = &w->node[a].disk;
        if (w->node[a].up && !d->stalls && !d->stepwise) n += d->count;
    }
    return n;
}

bool run_settle(struct player *p, const struct stmt *s)
{
    node_set set = who_now(p, s->args);
    uint64_t bound = play_settle_bound(p), end = p->w->now + bound;
    uint32_t left;
    while ((left = under_way(p->w, set)) > 0) {
        uint64_t next = world_next(p->w);
        if (next > end)
            return play_fail(p, &s->place, V_ERROR, "settle", "%u messages and writes are still under way after %llu ms", left,
                             (unsigned long long)(bound / MS(1)));
        if (!play_wait(p, next)) return false;
    }
    return true;
}

/* ---- at, every ---- */

struct schedule_args { uint64_t at, every, during; struct stmt stmt; };

static bool need_scheduled(struct cursor *c, struct schedule_args *a)
{
    if (!cur_need_word(c, ":")) return false;
    uint32_t at = c->at;
    if (!parse_statement(c, &a->stmt)) return false;
    if (!a->stmt.moves && a->stmt.verb->run) return true;
    c->at = at;
    return cur_error(c, "time passes by itself here", "this statement cannot be scheduled");
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
    if (cur_word(c, "for") && !cur_need_time(c, &a->during, "a time")) return false;
    return need_scheduled(c, a);
}

static bool schedule(struct player *p, const struct stmt *s, uint64_t at, uint64_t every, uint64_t until)
{
    const struct schedule_args *a = s->args;
    uint32_t i = 0;
    while (i < p->nschedules && p->schedules[i].at != NEVER) i++;
    if (i == SCHEDULES_MAX) return play_fail(p, &s->place, V_ERROR, "error", "more than %d statements wait for their time", SCHEDULES_MAX);
    if (i == p->nschedules) p->nschedules++;
    p->schedules[i] = (struct schedule){.stmt = &a->stmt, .at = at, .every = every, .until = until};
    return true;
}

bool run_at(struct player *p, const struct stmt *s)
{
    const struct schedule_args *a = s->args;
    if (a->at < p->w->now)
        return play_fail(p, &s->place, V_ERROR, "error", "that time has passed: now is %llu us", (unsigned long long)(p->w->now / US(1)));
    return schedule(p, s, a->at, 0, NEVER);
}

bool run_every(struct player *p, const struct stmt *s)
{
    const struct schedule_args *a = s->args;
    return schedule(p, s, p->w->now, a->every, a->during ? p->w->now + a->during : NEVER - a->every - 1);
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
bool parse_mark(struct cursor *c, struct stmt *s) { return parse_text(c, s); }
bool parse_print(struct cursor *c, struct stmt *s) { return parse_text(c, s); }

/* The step's own record marks the place: it names the line. */
bool run_phase(struct player *p, const struct stmt *s) { (void)p; (void)s; return true; }
bool run_mark(struct player *p, const struct stmt *s) { (void)p; (void)s; return true; }

bool run_print(struct player *p, const struct stmt *s)
{
    if (p->how->say)
        fprintf(p->how->say, "%llu.%03llus %s\n", (unsigned long long)(p->w->now / SEC(1)), (unsigned long long)(p->w->now % SEC(1) / MS(1)),
                (const char *)s->args);
    return true;
}
