/* SPDX-License-Identifier: MIT */
/*
 * xfail: the run must fail, by what is named and by nothing else.
 *
 * Method: names are taken while the statement is read and looked up when the whole file is known,
 * since labels come later. `and` binds them to groups, of which `or` leaves the choice. At the end
 * of the play the verdict is turned over: all of one group must be among what failed, and
 * everything that failed among what is named. What fails at once are checks, which judge one step
 * together; of expects, and of progress, a run never sees more than the first. Where a check that
 * is named is not judged (--without), what would have come of the run is not known: it passes by a
 * group that is judged, or it is skipped.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

/* ---- reading ---- */

bool parse_xfail(struct cursor *c, struct stmt *s)
{
    struct program *g = c->p->prog;
    const char *name;
    uint32_t n;
    char *why;
    (void)s;
    if (c->p->scenario->refusal) return refusal_beside_xfail(c);
    if (g->nxfails)
        return c->at = 0,
            cur_error(c, "write xfail CHECK and CHECK \"why\" where several fail at once, CHECK or "
                         "CHECK where one of them does",
                      "a run fails once: one xfail is enough");
    uint8_t group = 0;
    bool more = true, other = false;
    for (; more; more = cur_word(c, "and") || (other = cur_word(c, "or"))) {
        struct xfail *x = &g->xfail[g->nxfails];
        if (g->nxfails == XFAILS_MAX)
            return cur_error(c, NULL, "too many checks at once (at most %d)", XFAILS_MAX);
        x->place = cur_place(c);
        x->group = group += other;
        other = false;
        if (!cur_need_name(c, &name, &n, "a check's name, expect, progress or a label"))
            return false;
        x->name = pool_text(c->p->pool, name, n);
        if (!x->name) return out_of_memory(c->p);
        g->nxfails++;
    }
    if (!cur_need_string(c, &why, "the reason why it must fail")) return false;
    g->xfail_why = why;
    g->asserts++;
    return true;
}

/* A name that no check has, and that is no label either. */
static bool unknown_name(struct parser *p, const struct xfail *x)
{
    const struct names *labels = &p->prog->labels;
    struct guess guess = guess_for(x->name, (uint32_t)strlen(x->name));
    char hint[100];
    for (const struct check *const *k = checks; *k; k++)
        guess_try(&guess, (*k)->name, strlen((*k)->name));
    for (uint32_t i = 1; i <= labels->n; i++)
        guess_try(&guess, labels->name[i], strlen(labels->name[i]));
    if (!did_you_mean(&guess, hint, sizeof hint))
        snprintf(hint, sizeof hint, "it is a check, expect, progress or the label of an expect");
    return report_at(p, &x->place, hint, "no check or label '%s'", x->name);
}

static bool is_label(const struct xfail *x)
{
    return check_by_name(x->name, strlen(x->name)) < 0 && strcmp(x->name, "expect") &&
           strcmp(x->name, "progress");
}

/* Beside it, or on the other side of an `or`, it says nothing more. */
static bool says_more(struct parser *p, const struct xfail *x, const struct xfail *before)
{
    if (!strcmp(x->name, before->name) && x->group == before->group)
        return report_at(p, &x->place, "name it once", "'%s' stands here twice", x->name);
    const struct xfail *label = is_label(x) ? x : before, *other = is_label(x) ? before : x;
    if (x->group == before->group || !is_label(label) || strcmp(other->name, "expect")) return true;
    return report_at(p, &label->place, "leave it out", "`expect` means '%s' as well", label->name);
}

/* A check that the scenario itself leaves out cannot fail. */
static bool is_disabled(struct parser *p, const struct xfail *x)
{
    const int check = check_by_name(x->name, strlen(x->name));
    if (check < 0 || !(p->prog->disabled >> check & 1)) return false;
    report_at(p, &x->place, "leave out this or that", "'%s' cannot fail: it is disabled", x->name);
    return true;
}

/* Of expects and progress, which end a run, a group names one. */
static bool can_fail_at_once(struct parser *p, const struct xfail *x, bool *ends)
{
    const bool ender = check_by_name(x->name, strlen(x->name)) < 0 || !strcmp(x->name, "progress");
    if (ender && *ends)
        return report_at(p, &x->place, "name one of them, or write `or`",
                         "a run ends at the first expect that fails");
    *ends = *ends || ender;
    return true;
}

/* The same checks on both sides of an `or`. */
static bool same_group(const struct program *g, const struct xfail *x, const struct xfail *y)
{
    uint32_t n = 0, in_both = 0;
    for (uint32_t i = 0; i < g->nxfails; i++) {
        n += g->xfail[i].group == x->group || g->xfail[i].group == y->group;
        for (uint32_t k = 0; k < i; k++)
            in_both += g->xfail[k].group == x->group && g->xfail[i].group == y->group &&
                       !strcmp(g->xfail[k].name, g->xfail[i].name);
    }
    return n == 2 * in_both;
}

bool xfail_finish(struct parser *p)
{
    const struct program *g = p->prog;
    bool ok = true, ends = false;           /* it names one already that ends the run */
    for (uint32_t i = 0; i < g->nxfails && ok; i++) {
        const struct xfail *x = &g->xfail[i];
        const bool first = !i || x[-1].group != x->group;
        if (first) ends = false;
        if (is_label(x) && !names_find(&g->labels, x->name, strlen(x->name)))
            ok = unknown_name(p, x);
        ok = ok && !is_disabled(p, x) && can_fail_at_once(p, x, &ends);
        for (uint32_t k = 0; k < i && ok; k++) {
            ok = says_more(p, x, &g->xfail[k]);
            if (ok && first && (!k || g->xfail[k - 1].group != g->xfail[k].group) &&
                same_group(g, &g->xfail[k], x))
                ok = report_at(p, &x->place, "leave one out", "both sides of `or` say the same");
        }
    }
    return ok;
}

/* ---- what is not judged ---- */

static bool is_judged(const struct xfail *x, uint32_t without)
{
    const int check = check_by_name(x->name, strlen(x->name));
    return check < 0 || !(without >> check & 1);
}

/* The first of those named that is not judged; NULL: all are. *left: the others make up a group. */
static const struct xfail *unjudged(const struct program *g, uint32_t without, bool *left)
{
    const struct xfail *first = NULL;
    *left = false;
    for (uint32_t i = 0, end; i < g->nxfails; i = end) {
        bool whole = true;
        for (end = i; end < g->nxfails && g->xfail[end].group == g->xfail[i].group; end++) {
            if (is_judged(&g->xfail[end], without)) continue;
            whole = false;
            if (!first) first = &g->xfail[end];
        }
        *left = *left || whole;
    }
    return first;
}

static void skip_for(struct ending *e, const struct xfail *x)
{
    *e = (struct ending){.verdict = V_SKIP};
    snprintf(e->check, sizeof e->check, "without");
    snprintf(e->detail, sizeof e->detail,
             "xfail names %s, which is not judged: the run cannot show what it is for", x->name);
    print_place(&x->place, e->where, sizeof e->where);
}

bool xfail_skips(struct player *p)
{
    bool left;
    const struct xfail *x = unjudged(p->prog, p->how->without, &left);
    if (!x || left) return false;
    skip_for(p->out, x);
    return true;
}

/* ---- the verdict ---- */

static bool is_failure(int verdict)
{
    return verdict == V_SAFETY || verdict == V_EXPECTATION || verdict == V_LIVENESS;
}

static bool is_named(const struct program *g, const char *check)
{
    for (uint32_t i = 0; i < g->nxfails; i++)
        if (!strcmp(g->xfail[i].name, check)) return true;
    return false;
}

/* `expect` stands for any assertion, but neither for a statement that did not find what it was to
 * act on nor for a golden block. */
static bool is_expect(const struct ending *e)
{
    return e->verdict == V_EXPECTATION && strcmp(e->check, "unmet") && strcmp(e->check, "golden");
}

/* What was broken beside the first failure, and is not named; NULL: nothing. */
static const struct violation *stray(const struct player *p)
{
    const struct violation *v;
    for (uint32_t i = 0, n = judge_violations(p->w, &v); i < n; i++)
        if (!is_named(p->prog, checks[v[i].check]->name)) return &v[i];
    return NULL;
}

static bool has_failed(const struct player *p, const char *name)
{
    const struct violation *v;
    if (!strcmp(p->out->check, name) || (!strcmp(name, "expect") && is_expect(p->out))) return true;
    for (uint32_t i = 0, n = judge_violations(p->w, &v); i < n; i++)
        if (!strcmp(checks[v[i].check]->name, name)) return true;
    return false;
}

/* What did not fail of a group of which something did, or else of the first; NULL where all of one
 * failed. */
static const char *missing(const struct player *p)
{
    const struct program *g = p->prog;
    const char *missed = NULL;
    for (uint32_t i = 0, end; i < g->nxfails; i = end) {
        const char *held = NULL;
        bool any = false;
        for (end = i; end < g->nxfails && g->xfail[end].group == g->xfail[i].group; end++) {
            bool failed = has_failed(p, g->xfail[end].name);
            any = any || failed;
            if (!failed && !held) held = g->xfail[end].name;
        }
        if (!held) return NULL;
        if (!missed || any) missed = held;
    }
    return missed;
}

/* "a and b or c"; as much of it as fits. */
static const char *all_names(const struct program *g, char *out, size_t size)
{
    size_t n = 0;
    for (uint32_t i = 0; i < g->nxfails && n < size; i++) {
        const struct xfail *x = &g->xfail[i];
        const char *joint = !i ? "" : x->group == x[-1].group ? " and " : " or ";
        n += (size_t)snprintf(out + n, size - n, "%s%s", joint, x->name);
    }
    return out;
}

/* The detail of the ending; what is too long for it is cut short. */
__attribute__((format(printf, 2, 3))) static void say(struct ending *e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(e->detail, sizeof e->detail, format, args);
    va_end(args);
}

static void no_failure(struct ending *e, const struct program *g, const char *names)
{
    e->verdict = V_EXPECTATION;
    snprintf(e->check, sizeof e->check, "xfail");
    say(e, "wanted %s to fail (%s), saw a pass", names, g->xfail_why);
    print_place(&g->xfail[0].place, e->where, sizeof e->where);
}

static void turn(struct player *p)
{
    struct ending *e = p->out;
    const struct program *g = p->prog;
    char before[sizeof e->detail], names[sizeof e->detail];
    if (!g->nxfails) return;
    memcpy(before, e->detail, sizeof before);
    all_names(g, names, sizeof names);
    if (e->verdict == V_PASS) {
        no_failure(e, g, names);
        return;
    }
    if (!is_failure(e->verdict)) return;
    const struct violation *other = stray(p);
    const char *held = missing(p);
    if (!is_named(g, e->check) && !(is_expect(e) && is_named(g, "expect"))) {
        say(e, "xfail names %s, but what failed is %s: %s", names, e->check, before);
    } else if (other) {
        say(e, "xfail names %s, and %s failed as well: %s", names, checks[other->check]->name,
            other->detail);
    } else if (held) {
        say(e, "xfail names %s, and %s did not fail, only this: %s", names, held, before);
    } else {
        e->verdict = V_PASS;
        say(e, "failed as xfail says: %s: %s", names, before);
        e->check[0] = e->where[0] = e->via[0] = 0;
    }
}

void xfail_turn(struct player *p)
{
    bool left;
    const struct xfail *x = unjudged(p->prog, p->how->without, &left);
    turn(p);
    if (x && is_failure(p->out->verdict)) skip_for(p->out, x);
}
