/* SPDX-License-Identifier: MIT */
/*
 * expect, always, never, eventually. A monitor (always, never) looks after every event from its
 * line on: to the end of the file, for a time, or until another condition holds. A run that is too
 * short for it, or in which that condition never comes, has not met it. What the built-in checks
 * judge (linearizable) they judge in every run, so a monitor of it costs nothing.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"
#include "units.h"

struct expect_args { struct cond cond; const char *label; };

/* What else a run's failure may be called: an xfail could not tell a label of that name from it. */
static bool is_taken(const struct token *t)
{
    static const char *const other[] = {"expect", "progress", "unmet", "golden", "xfail", "error",
                                        "settle", "limit", "budget"};
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        if (strlen(other[i]) == t->n && !memcmp(other[i], t->text, t->n)) return true;
    return check_by_name(t->text, t->n) >= 0;
}

/* A line that is read again, by a repeat or a macro, may have the same label again. */
static bool label_is_free(const struct parser *p, const char *label)
{
    for (uint32_t i = 0; i < p->prog->nstmts; i++) {
        const struct stmt *s = &p->prog->stmts[i];
        if (s->verb->parse != parse_expect || ((struct expect_args *)s->args)->label != label)
            continue;
        return s->place.source == p->source && s->place.line == p->line->number;
    }
    return true;
}

static bool cut_label(struct cursor *c, const char **label)
{
    const char *name;
    uint32_t n;
    bool found;
    struct cursor as = *c;
    while (!cur_end(&as) && !cur_is(&as, "as")) as.at++;
    if (as.at + 1 < as.n && is_taken(&as.tok[++as.at]))
        return cur_error(&as, "give the label another name", "'%.*s' is what a check is called",
                         (int)as.tok[as.at].n, as.tok[as.at].text);
    const struct token named = as.at < as.n ? as.tok[as.at] : (struct token){0};
    if (!cur_cut_name(c, "as", &name, &n, &found)) return false;
    if (!found) return true;
    for (as = *c; !cur_end(&as); as.at++)
        if (cur_is(&as, "as")) return cur_error(&as, "take one out", "an expect has one label");
    if (n > 31) return cur_error(c, NULL, "a label has at most 31 letters");
    uint32_t id = names_find(&c->p->prog->labels, name, n);
    if (id && !label_is_free(c->p, c->p->prog->labels.name[id]))
        return report(c->p, named.col, named.width, "give one of them another name",
                      "the label '%.*s' stands in another line already", (int)n, name);
    id = names_add(&c->p->prog->labels, c->p->pool, name, n);
    if (id) *label = c->p->prog->labels.name[id];
    return id || out_of_memory(c->p);
}

bool parse_expect(struct cursor *c, struct stmt *s)
{
    struct expect_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !cut_label(c, &a->label) || !need_cond(c, &a->cond)) return false;
    if (cur_is(c, "for") || cur_is(c, "until"))
        return cur_error(c, "write always COND for D, or always COND until COND",
                         "`expect` asks at one moment");
    s->moves = bound_given(a->cond.within);
    return true;
}

bool run_expect(struct player *p, const struct stmt *s)
{
    const struct expect_args *a = s->args;
    const struct cond *c = &a->cond;
    if (!bound_given(c->within)) return cond_now(p, c, NULL) || cond_fail(p, c, a->label, NULL);
    enum moved m = play_move(p, p->w->now + play_within(p, c), c);
    if (m == MOVED_STOPPED) return false;
    return m == MOVED_MET || cond_fail(p, c, a->label, NULL);
}

/* cond first; until.kind NULL: there is none */
struct monitor_args { struct cond cond; uint64_t during; struct cond until; };

/* `within` belongs to the condition behind `until`. */
static bool has_no_within(const struct cursor *c, const char *verb)
{
    struct cursor look = *c;
    while (!cur_end(&look) && !cur_is(&look, "within") && !cur_is(&look, "until")) look.at++;
    if (!cur_is(&look, "within")) return true;
    return cur_error(&look, "write `eventually COND within D`, or `expect`",
                     "`%s` looks all the time and has no `within`", verb);
}

/* [for D | until COND [within D]] */
static bool need_length(struct cursor *c, struct monitor_args *a)
{
    uint32_t at = c->at;
    if (cur_word(c, "for")) {
        if (!cur_need_time(c, &a->during, "a time")) return false;
        if (!a->during)
            return c->at--, cur_error(c, "write expect to ask about now", "0 is no time at all");
        if (cur_is(c, "until"))
            return cur_error(c, "write a line for each", "`for` and `until` are two ends");
    } else if (cur_word(c, "until")) {
        if (!need_end_cond(c, &a->until, true) || !need_another(c, &a->cond, &a->until))
            return false;
        if (cur_is(c, "for"))
            return cur_error(c, "write until COND within D", "`until` is bounded by `within`");
    }
    if (c->at == at || !judged_alone(&a->cond)) return true;
    c->at = at;
    return cur_error(c, "leave it out", "`%s` is judged to the end of every run",
                     a->cond.kind->name);
}

static bool parse_monitor(struct cursor *c, struct stmt *s)
{
    struct monitor_args *a = s->args = args_take(c, sizeof *a);
    return a && has_no_within(c, s->verb->name) && need_cond_now(c, &a->cond) && need_length(c, a);
}

/* One that a loop or a schedule comes to again begins anew. */
static struct monitor *monitor_of(struct player *p, const struct stmt *s)
{
    for (uint32_t i = 0; i < p->nmonitors; i++)
        if (p->monitors[i].stmt == s) return &p->monitors[i];
    return p->nmonitors < MONITORS_MAX ? &p->monitors[p->nmonitors++] : NULL;
}

static bool run_monitor(struct player *p, const struct stmt *s)
{
    const struct monitor_args *a = s->args;
    if (!strcmp(a->cond.kind->name, "linearizable")) return true;
    struct monitor *m = monitor_of(p, s);
    if (!m)
        return play_fail(p, &s->place, V_ERROR, "error", "more than %d monitors", MONITORS_MAX);
    const uint64_t length = a->during + play_within(p, &a->until), now = p->w->now;
    *m = (struct monitor){.stmt = s, .from = now,
                          .end = length && length < NEVER - now ? now + length : NEVER};
    return true;
}

/* Its time is over, or what it waits for is there. At its own line it is asked in any case. */
static bool has_ended(struct player *p, const struct monitor *m)
{
    const struct monitor_args *a = m->stmt->args;
    if (!m->asked) return false;
    return a->until.kind ? cond_now(p, &a->until, NULL) : p->w->now > m->end;
}

static bool look(struct player *p, struct monitor *m)
{
    const struct monitor_args *a = m->stmt->args;
    const bool never = m->stmt->verb->run == run_never;
    m->asked = true;
    if (a->until.kind && p->w->now > m->end)
        return cond_unmet(p, &a->until, "until "), false;
    return cond_now(p, &a->cond, NULL) != never ||
           cond_fail(p, &a->cond, NULL, m->stmt->verb->name);
}

bool monitors_look(struct player *p)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->nmonitors; i++) {
        struct monitor m = p->monitors[i];
        if (has_ended(p, &m)) continue;
        if (!look(p, &m)) return false;
        p->monitors[kept++] = m;
    }
    p->nmonitors = kept;
    return true;
}

uint64_t monitors_next(const struct player *p)
{
    uint64_t next = NEVER;
    for (uint32_t i = 0; i < p->nmonitors; i++)
        if (p->monitors[i].end > p->w->now && p->monitors[i].end < next)
            next = p->monitors[i].end;
    return next;
}

void monitors_finish(struct player *p)
{
    char during[SPELLED_BYTES], seen[SPELLED_BYTES];
    for (uint32_t i = 0; i < p->nmonitors && !p->failed; i++) {
        const struct monitor *m = &p->monitors[i];
        const struct monitor_args *a = m->stmt->args;
        if (a->until.kind && !has_ended(p, m)) cond_unmet(p, &a->until, "until ");
        if (!a->during || p->w->now >= m->end) continue;
        time_spell(a->during, NULL, during);
        time_spell(p->w->now - m->from, NULL, seen);
        cond_rests(p, &a->cond);
        play_fail(p, &a->cond.place, V_EXPECTATION, "unmet",
                  "wanted %s %.80s for %s, saw the run end after %s of it",
                  m->stmt->verb->name, a->cond.text, during, seen);
    }
}

bool parse_always(struct cursor *c, struct stmt *s) { return parse_monitor(c, s); }
bool run_always(struct player *p, const struct stmt *s) { return run_monitor(p, s); }
bool parse_never(struct cursor *c, struct stmt *s) { return parse_monitor(c, s); }
bool run_never(struct player *p, const struct stmt *s) { return run_monitor(p, s); }

bool parse_eventually(struct cursor *c, struct stmt *s)
{
    struct expect_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !need_cond(c, &a->cond)) return false;
    if (!bound_given(a->cond.within)) a->cond.within.ns = SEC(10);
    return true;
}

bool run_eventually(struct player *p, const struct stmt *s)
{
    for (uint32_t i = 0; i < p->neventual; i++)
        if (p->eventual[i] == s) return true;               /* a loop comes to it again */
    if (p->neventual == MONITORS_MAX)
        return play_fail(p, &s->place, V_ERROR, "error", "more than %d statements `eventually`",
                         MONITORS_MAX);
    p->eventual[p->neventual++] = s;
    return true;
}
