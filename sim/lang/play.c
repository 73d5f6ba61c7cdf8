/* SPDX-License-Identifier: MIT */
/*
 * Method. Statements run one after another at the world's present moment. Only play_move lets time
 * pass, and everything that waits for a moment (conditions, monitors, traps, schedules, budgets) is
 * looked after there. Where nobody waits for anything it hands the world thousands of events at a
 * time, and costs nothing an event; in between it looks whether somebody wants the run to end.
 *
 * Traps and counts read the record stream: while a program has any, a watch of ours stands before
 * the world's own and passes everything on. What a trap does is done after the event, never
 * inside it.
 */
#include "../world/looks.h"
#include "play.h"
#include "units.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* ---- failures ---- */

bool play_fail(struct player *p, const struct place *at, enum verdict verdict, const char *check,
               const char *format, ...)
{
    assert(p->out && check);
    p->over = true;
    if (p->failed) return false;
    p->failed = true;
    p->out->verdict = (uint8_t)verdict;
    snprintf(p->out->check, sizeof p->out->check, "%s", check);
    if (at) print_place(at, p->out->where, sizeof p->out->where);
    if (at) print_via(at, p->out->via, sizeof p->out->via);
    const size_t n = strlen(p->out->via);
    if (at) loops_print(p, at, p->out->via + n, sizeof p->out->via - n);
    va_list ap;
    va_start(ap, format);
    vsnprintf(p->out->detail, sizeof p->out->detail, format, ap);
    va_end(ap);
    return false;
}

void play_rests(struct player *p, const struct evidence *e)
{
    if (!p->failed) p->out->rests = *e;
}

bool play_stopped(struct player *p)
{
    p->over = true;
    return false;
}

/* Who leads, and who is there at all. */
static void rests_on_roles(const struct player *p, struct evidence *e)
{
    struct evidence_part roles = {.latest = 1, .each = true};
    roles.filter.kinds = KIND_BIT(ROLE) | KIND_BIT(BOOT) | KIND_BIT(CRASH) | KIND_BIT(HALT);
    actors_add_nodes(&roles.filter.actors, voters_of(p->w, p->group));
    evidence_add(e, &roles);
}

bool need_nodes_now(struct player *p, const struct stmt *s, const struct who *who, node_set *set)
{
    struct evidence rests = {0};
    *set = who_now(p, who);
    if (*set) return true;
    if (s->if_any) return p->nobody = true, false;
    rests_on_roles(p, &rests);
    play_rests(p, &rests);
    return play_fail(p, &s->place, V_EXPECTATION, "unmet",
                     "wanted nodes to act on, saw none that the statement means now (no leader?)");
}

bool need_party_now(struct player *p, const struct stmt *s, const struct who *who,
                    struct party *party)
{
    return !who->n || need_nodes_now(p, s, who, &party->nodes);
}

/* ---- the record stream ---- */

static struct player *listening;        /* whose watch stands in; one play at a time in a process */

static void hear_record(struct world *w, const struct record *r)
{
    struct player *p = listening;
    p->inner->record[r->kind](w, r);
    if (p->prog->injects) past_note(w, &p->past, r);
    if (p->shown.classes) show_record(p, r);
    count_record(p, r);
    for (uint32_t i = 0; p->armed && i < p->ntraps; i++) {
        struct trap *t = &p->traps[i];
        if (!t->armed || !selector_matches(&t->selector, r)) continue;
        t->armed = false, t->fired = true;
    }
}

static void hear_call(struct world *w, uint32_t arg) { listening->inner->call(w, arg); }

static const char *hear_name(uint8_t sub) { return listening->inner->fault_name(sub); }

static const char *hear_occasion(uint8_t place) { return listening->inner->occasion_name(place); }

static record_hook *const hear_records[REC_KINDS] = {
#define RECORD_HOOK(KIND) hear_record
#include "../world/record_hooks.inc"
};

static const struct watch our_watch = {.fault_name = hear_name, .occasion_name = hear_occasion,
                                       .record = hear_records, .call = hear_call};

static void listen(struct player *p)
{
    if (!p->prog->ntallies && !p->prog->ntraps && !p->prog->injects && !p->prog->shows) return;
    past_start(&p->past);
    listening = p;
    p->inner = p->w->watch;
    p->w->watch = &our_watch;
}

static void unlisten(struct player *p)
{
    if (p->inner) p->w->watch = p->inner;
    listening = NULL;
}

static void fire_traps(struct player *p)
{
    for (uint32_t i = 0; p->armed && i < p->ntraps; i++) {
        if (!p->traps[i].fired) continue;
        p->traps[i].fired = false;
        p->armed--;
        for (node_set left = p->traps[i].nodes; left; left &= left - 1)
            host_crash(p->w, node_first(left));
    }
}

/* ---- time ---- */

enum { EVENTS_AT_ONCE = 4096 };

#define TIME_END (2 * SEC(1000000000))

static bool is_interrupted(const struct player *p)
{
    return p->how->interrupt && *p->how->interrupt;
}

/* What is due after an event or a statement. */
static enum moved look_around(struct player *p, const struct cond *c)
{
    if (p->armed) fire_traps(p);
    if (p->w->stop) return play_stopped(p), MOVED_STOPPED;
    if (is_interrupted(p)) {
        play_fail(p, NULL, V_INCONCLUSIVE, "interrupted", "it was ended before its verdict");
        return MOVED_STOPPED;
    }
    if (!unmet_losses(p)) return MOVED_STOPPED;
    if (p->nmonitors && !monitors_look(p)) return MOVED_STOPPED;
    if (p->w->count.events >= p->event_limit) {
        play_fail(p, NULL, V_INCONCLUSIVE, "budget", "the budget of %llu events ran out",
                  (unsigned long long)p->event_limit);
        return MOVED_STOPPED;
    }
    return c && cond_now(p, c, NULL) ? MOVED_MET : MOVED_THERE;
}

static uint64_t next_halt(const struct player *p, uint64_t until)
{
    if (p->how->until < until) until = p->how->until;
    if (p->time_limit < until) until = p->time_limit;
    const uint64_t monitors = monitors_next(p);
    if (monitors < until) until = monitors;
    for (uint32_t i = 0; i < p->nschedules; i++)
        if (p->schedules[i].at < until) until = p->schedules[i].at;
    return until < p->w->now ? p->w->now : until;
}

static bool run_schedules(struct player *p)
{
    for (uint32_t i = 0; i < p->nschedules; i++) {
        struct schedule *s = &p->schedules[i];
        while (s->at <= p->w->now && !p->over) {
            bool stops = s->stop && cond_now(p, s->stop, NULL);
            s->at = !stops && s->every && s->at + s->every <= s->until ? s->at + s->every : NEVER;
            if (stops) break;
            p->due = s;
            bool ok = play_statement(p, s->stmt);
            p->due = NULL;
            if (!ok) return false;
        }
    }
    return !p->over;
}

bool play_schedule(struct player *p, const struct schedule *s)
{
    uint32_t i = 0;
    while (i < p->nschedules && p->schedules[i].at != NEVER) i++;
    if (i == SCHEDULES_MAX)
        return play_fail(p, &s->stmt->place, V_ERROR, "error",
                         "more than %d statements wait for their time",
                         SCHEDULES_MAX);
    if (i == p->nschedules) p->nschedules++;
    p->schedules[i] = *s;
    return true;
}

/* Runs to `halt`, looking around after each event only where somebody wants to know. */
static enum moved run_stretch(struct player *p, uint64_t halt, const struct cond *c)
{
    struct world *w = p->w;
    if (c || p->nmonitors || p->armed || p->event_limit != NEVER)
        while (world_step(w, halt)) {
            enum moved m = look_around(p, c);
            if (m != MOVED_THERE) return m;
        }
    while (world_steps(w, halt, EVENTS_AT_ONCE))
        if (look_around(p, NULL) != MOVED_THERE) return MOVED_STOPPED;
    if (w->stop || !world_run(w, halt)) return look_around(p, NULL), play_stopped(p), MOVED_STOPPED;
    return MOVED_THERE;
}

static bool out_of_time(struct player *p)
{
    if (p->w->now >= p->how->until) return p->over = p->cut = true;
    if (p->w->now < p->time_limit) return false;
    play_fail(p, NULL, V_INCONCLUSIVE, "budget", "the budget of simulated time ran out");
    return true;
}

enum moved play_move(struct player *p, uint64_t until, const struct cond *c)
{
    enum moved m = look_around(p, c);
    if (until > TIME_END)
        return play_fail(p, &p->current->place, V_ERROR, "error",
                         "a run of more than a thousand million seconds"),
               MOVED_STOPPED;
    while (m == MOVED_THERE) {
        uint64_t halt = next_halt(p, until);
        if ((m = run_stretch(p, halt, c)) != MOVED_THERE) return m;
        if (!run_schedules(p) || (p->nmonitors && !monitors_look(p))) return MOVED_STOPPED;
        if (p->w->now >= until) return c && cond_now(p, c, NULL) ? MOVED_MET : MOVED_THERE;
        if (out_of_time(p)) return MOVED_STOPPED;
    }
    return m;
}

bool play_wait(struct player *p, uint64_t until)
{
    return play_move(p, until, NULL) != MOVED_STOPPED;
}

bool play_step(struct player *p)
{
    uint64_t next = world_next(p->w), halt = next_halt(p, NEVER);
    if (next == NEVER) return !p->over;
    if (next >= halt && halt < NEVER) return !out_of_time(p) && play_wait(p, halt);
    world_step(p->w, next);
    return look_around(p, NULL) == MOVED_THERE;
}

uint64_t play_settle_bound(const struct player *p)
{
    uint64_t most = option_span_most(p->prog, "election-timeout");
    return 10 * (most ? most : MS(300));
}

/* ---- its own clients, and healing ---- */

uint8_t play_next_hidden(const struct player *p)
{
    assert(p->prog->hidden_n);
    return (uint8_t)(CLIENT_BASE + p->prog->hidden + p->hidden_next % p->prog->hidden_n);
}

uint32_t play_hidden(struct player *p, const struct op_request *q)
{
    struct op_request mine = *q;
    mine.client = play_next_hidden(p);
    p->hidden_next++;
    return client_invoke(p->w, &mine);
}

void play_named(struct player *p, uint32_t name, uint32_t op)
{
    p->op_of[name] = op;
    if (p->how->named) p->how->named(p->how->named_ctx, p->prog->ops.name[name], op);
}

void play_heal(struct player *p)
{
    struct world *w = p->w;
    net_heal_all(w);
    surgery_lift(w);
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        while (disk_look(w, n).stalls) disk_resume(w, n);
        if (disk_look(w, n).stepwise) disk_stepwise(w, n, false);
        while (w->process[n].pauses) host_resume(w, n);
        if (w->process[n].clock.frozen) clock_thaw(w, n);
        host_manual(w, n, false);
    }
}

/* ---- statements ---- */

static void boot(struct player *p)
{
    p->booted = true;
    world_start(p->w);
}

bool play_statement(struct player *p, const struct stmt *s)
{
    const struct verb *v = s->verb;
    if (p->over) return false;
    if (!v->run || (p->how->calm && (v->flags & VERB_FAULT))) return true;
    if (!p->booted && (v->flags & VERB_BOOTS)) boot(p);
    p->current = s;
    p->group = s->group;
    struct record *step = record_new(p->w, REC_STEP, 0);
    rec_set_line(step, s->place.line);
    rec_set_statement(step, s->number);
    record_done(p->w);
    if (!v->run(p, s) && !p->nobody) return p->over = true, false;
    p->nobody = false;
    return look_around(p, NULL) == MOVED_THERE;
}

static void run_eventual(struct player *p)
{
    if (!p->neventual || p->over) return;
    play_heal(p);
    uint64_t from = p->w->now;
    for (uint32_t i = 0; i < p->neventual && !p->over; i++) {
        const struct cond *c = p->eventual[i]->args;
        const uint64_t within = bound_given(c->within) ? play_within(p, c) : SEC(10);
        if (play_move(p, from + within, c) == MOVED_THERE)
            cond_fail(p, c, NULL, "eventually");
    }
}

/* ---- verdicts ---- */

static void take_violations(struct player *p)
{
    const struct violation *v;
    struct ending *out = p->out;
    if (!judge_violations(p->w, &v) || p->failed) return;
    const struct check *check = checks[v[0].check];
    p->failed = true;
    out->verdict = check->liveness ? V_LIVENESS : V_SAFETY;
    snprintf(out->check, sizeof out->check, "%s", check->name);
    snprintf(out->detail, sizeof out->detail, "%s", v[0].detail);
}

static void take_stop(struct player *p)
{
    const char *why = p->w->stop_why ? p->w->stop_why : "?";
    if (p->w->stop == STOP_LIMIT) play_fail(p, NULL, V_INCONCLUSIVE, "limit", "%s", why);
    if (p->w->stop == STOP_BUDGET) play_fail(p, NULL, V_INCONCLUSIVE, "budget", "%s", why);
}

static void prepare(struct player *p)
{
    const struct program *g = p->prog;
    const uint64_t most = p->how->max_events ? p->how->max_events : g->budget_events;
    p->event_limit = most ? most : NEVER;
    p->time_limit = g->budget_time ? g->budget_time : NEVER;
    p->remembered = arena_at(&p->w->arena,
                             arena_take(&p->w->arena,
                                        (g->remembered.n + 1u) * sizeof *p->remembered));
    p->op_of = arena_at(&p->w->arena, arena_take(&p->w->arena, (g->ops.n + 1u) * sizeof *p->op_of));
    counts_begin(p);
    if (p->how->every_step && p->w->looks == LOOKS_SELDOM) p->w->looks = LOOKS_ASKED;
    for (int check = 0; check < CHECKS_MAX; check++)
        if ((g->disabled | p->how->without) & (UINT32_C(1) << check)) judge_disable(p->w, check);
}

/* What was said of things to come, and came to nothing. */
static void promises_finish(struct player *p)
{
    unmet_finish(p);
    monitors_finish(p);
    schedules_finish(p);
}

/* A pass says what it is worth. */
static void say_without(struct player *p)
{
    char names[CHECKS_TEXT], *detail = p->out->detail;
    const size_t n = strlen(detail);
    if (p->out->verdict == V_PASS && p->how->without)
        snprintf(detail + n, sizeof p->out->detail - n, "%snot judged by %s", n ? "; " : "",
                 checks_text(p->how->without, names));
}

void scenario_play(const struct scenario *s, uint32_t variant, struct world *w,
                   const struct play *how, struct ending *out)
{
    assert(s && w && how && out && variant < s->nvariants);
    struct player p = {.w = w, .scenario = s, .prog = &s->programs[variant], .how = how,
                       .out = out};
    *out = (struct ending){.verdict = V_PASS};
    if (s->refusal) {
        refusal_judge(s->refusal, out);
        return;
    }
    if (s->unfit) {
        out->verdict = V_ERROR;
        snprintf(out->check, sizeof out->check, "drawn");
        snprintf(out->detail, sizeof out->detail, "%s", s->unfit);
        return;
    }
    if (p.prog->skip) {
        out->verdict = V_SKIP;
        snprintf(out->check, sizeof out->check, "feature");
        snprintf(out->detail, sizeof out->detail, "the system under test has no feature %s",
                 p.prog->skip);
        return;
    }
    if (xfail_skips(&p)) return;
    prepare(&p);
    listen(&p);
    while (p.next < p.prog->nstmts && !p.over) play_statement(&p, &p.prog->stmts[p.next++]);
    run_eventual(&p);
    unlisten(&p);
    show_world(&p, how->show);
    take_violations(&p);
    if (!is_interrupted(&p)) judge_finish(w); /* which may take its time */
    take_violations(&p);
    if (!p.failed && !w->stop && !p.cut) promises_finish(&p);
    if (p.cut && !w->stop)
        play_fail(&p, NULL, V_INCONCLUSIVE, "until",
                  "--until ended the run before the scenario came to its end");
    /* last: a limit excuses no violation, and the end of the run may itself remain undecided */
    take_stop(&p);
    xfail_turn(&p);
    say_without(&p);
}
