/* SPDX-License-Identifier: MIT */
/*
 * expect, always, never, eventually. A monitor (always, never) looks after every event from its
 * line to the end of the file; what the built-in checks judge (linearizable) they judge in every
 * run, so a monitor of it costs nothing.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

/* cond first: cond_fail and monitors read it as such */
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
    s->moves = a->cond.within > 0;
    return true;
}

bool run_expect(struct player *p, const struct stmt *s)
{
    const struct expect_args *a = s->args;
    const struct cond *c = &a->cond;
    if (!c->within) return cond_now(p, c, NULL) || cond_fail(p, c, a->label, NULL);
    enum moved m = play_move(p, p->w->now + c->within, c);
    if (m == MOVED_STOPPED) return false;
    return m == MOVED_MET || cond_fail(p, c, a->label, NULL);
}

static bool parse_monitor(struct cursor *c, struct stmt *s)
{
    struct expect_args *a = s->args = args_take(c, sizeof *a);
    struct cursor within = *c;
    while (a && !cur_end(&within) && !cur_is(&within, "within")) within.at++;
    if (!cur_end(&within))
        return cur_error(&within, "write `eventually COND within D`, or `expect`",
                         "`%s` looks all the time and has no `within`", s->verb->name);
    return a && need_cond(c, &a->cond);
}

static bool run_monitor(struct player *p, const struct stmt *s)
{
    const struct expect_args *a = s->args;
    if (!strcmp(a->cond.kind->name, "linearizable")) return true;
    if (p->nmonitors == MONITORS_MAX)
        return play_fail(p, &s->place, V_ERROR, "error", "more than %d monitors", MONITORS_MAX);
    p->monitors[p->nmonitors++] = s;
    return true;
}

bool parse_always(struct cursor *c, struct stmt *s) { return parse_monitor(c, s); }
bool run_always(struct player *p, const struct stmt *s) { return run_monitor(p, s); }
bool parse_never(struct cursor *c, struct stmt *s) { return parse_monitor(c, s); }
bool run_never(struct player *p, const struct stmt *s) { return run_monitor(p, s); }

bool parse_eventually(struct cursor *c, struct stmt *s)
{
    struct expect_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !need_cond(c, &a->cond)) return false;
    if (!a->cond.within) a->cond.within = SEC(10);
    return true;
}

bool run_eventually(struct player *p, const struct stmt *s)
{
    if (p->neventual == MONITORS_MAX)
        return play_fail(p, &s->place, V_ERROR, "error", "more than %d statements `eventually`",
                         MONITORS_MAX);
    p->eventual[p->neventual++] = s;
    return true;
}
