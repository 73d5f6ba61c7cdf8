/* SPDX-License-Identifier: MIT */
/*
 * repeat until COND at most N ... end: a loop that is left when something has come about.
 *
 * Method. `repeat N` reads its lines N times; how often these are wanted is known only when they
 * are played. They are read once, between two statements that share their arguments: the first
 * asks whether they are wanted at all, the second, where `end` stands, whether they are wanted
 * again, and either moves the play's place in the list of statements. A loop that has had its N
 * turns and not what it was made for is unmet.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

enum { TURNS_MAX = 100000 };

/* head, tail: places of the two statements in the program's list */
struct loop_args { struct cond until; uint64_t most; uint32_t head, tail; };

/* ---- reading ---- */

static const char a_loop[] = "write repeat until leader n1 at most 10";

static bool begins_bound(const struct cursor *c)
{
    struct cursor next = *c;
    next.at++;
    return cur_is(c, "at") && cur_is(&next, "most");
}

static bool need_bound(struct cursor *c, struct loop_args *a)
{
    if (cur_is(c, "within")) return cur_error(c, a_loop, "turns are what bounds a loop");
    if (!begins_bound(c)) return cur_error(c, a_loop, "a loop needs a bound");
    c->at += 2;
    if (!cur_need_count(c, &a->most, 1, TURNS_MAX, "a number of turns")) return false;
    return !cur_is(c, "as") ||
           cur_error(c, "leave it out, or write repeat 3 as i",
                     "turns that end by a condition have no number when they are read");
}

bool loop_open(struct cursor *c, void **loop)
{
    struct program *g = c->p->prog;
    struct loop_args *a = args_take(c, sizeof *a);
    struct stmt s = block_statement(c, run_repeat_until);
    s.args = a;
    if (!a || !tell_statement(c, &s, 0)) return false;
    c->p->example = s.verb->example;
    c->at++;
    if (begins_bound(c)) return cur_error(c, a_loop, "expected a condition");
    if (!need_end_cond(c, &a->until, false) || !need_bound(c, a) || !cur_need_end(c))
        return false;
    if (c->p->loops == LOOPS_MAX)
        return c->at = 0, cur_error(c, NULL, "at most %d loops, one in the other", LOOPS_MAX);
    g->started = true;
    g->asserts++;
    a->head = g->nstmts;
    *loop = a;
    return c->p->loops++, add_statement(c->p, &s);
}

bool loop_close(struct cursor *c, void *loop)
{
    struct loop_args *a = loop;
    struct stmt s = block_statement(c, run_repeat_until);
    s.args = a;
    s.number = c->p->prog->stmts[a->head].number;           /* it asks again what its head asked */
    a->tail = c->p->prog->nstmts;
    c->p->loops--;
    return add_statement(c->p, &s);
}

/* ---- playing ---- */

/* That it is this loop need not be said again, only what is around it. */
static bool unmet(struct player *p, const struct loop_args *a)
{
    char what[60];
    p->current = p->loops[--p->nloops].stmt;
    snprintf(what, sizeof what, "at most %llu turn%s until ", (unsigned long long)a->most,
             a->most == 1 ? "" : "s");
    return cond_unmet(p, &a->until, what), false;
}

bool run_repeat_until(struct player *p, const struct stmt *s)
{
    const struct loop_args *a = s->args;
    const bool again = s == &p->prog->stmts[a->tail];
    if (!again) p->loops[p->nloops++] = (struct loop){.stmt = s};
    struct loop *loop = &p->loops[p->nloops - 1];
    assert(p->nloops <= LOOPS_MAX && loop->stmt->args == a);
    p->next = a->head + 1;
    if (cond_now(p, &a->until, NULL)) return p->nloops--, p->next = a->tail + 1, true;
    if (loop->turns == a->most) return unmet(p, a);
    if (++p->turns > LOOP_TURNS_MAX)
        return play_fail(p, &s->place, V_INCONCLUSIVE, "limit", "more than %d turns of loops",
                         LOOP_TURNS_MAX);
    return ++loop->turns;
}

/* Where the play is: an `always` that is broken meanwhile has a place elsewhere. */
static bool is_here(const struct player *p, const struct place *at)
{
    const struct stmt *s = p->current;
    return s && at->source == s->place.source && at->line == s->place.line;
}

void loops_print(const struct player *p, const struct place *place, char *out, size_t size)
{
    for (uint32_t i = p->nloops; i-- > 0 && is_here(p, place);) {
        const struct loop *loop = &p->loops[i];
        const struct loop_args *a = loop->stmt->args;
        const struct place *at = &loop->stmt->place;
        int k = snprintf(out, size, "in %s:%u: repeat until %.60s (turn %llu of at most %llu)\n",
                         at->source->name, at->line, a->until.text,
                         (unsigned long long)loop->turns, (unsigned long long)a->most);
        if (k < 0 || (size_t)k >= size) return;
        out += k, size -= (size_t)k;
    }
}
