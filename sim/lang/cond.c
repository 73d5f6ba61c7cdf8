/* SPDX-License-Identifier: MIT */
/*
 * Method. A condition is read by finding its row in asserts.def: by its first word, by the name of
 * an operation, or by the word after nodes (`at least 2 of` may stand before them). It is evaluated
 * in silence after each event, and once more with words for what was seen when it fails.
 */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "units.h"

/* ---- reading ---- */

static bool row_named(const char *names, const struct token *t)
{
    for (const char *w = names; *w; w += *w == '|') {
        size_t n = strcspn(w, "|");
        if (n == t->n && !memcmp(w, t->text, n)) return true;
        w += n;
    }
    return false;
}

static const struct assertion *find_row(const struct cursor *c, enum about about)
{
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_WORD) return NULL;
    for (const struct assertion *a = assertions; a->name; a++)
        if (a->about == about && row_named(a->name, t)) return a;
    return NULL;
}

/* Is it a part of a name, as `one` of exactly-one, or a word of the example, as `match`? */
static bool is_part(const struct assertion *a, const struct token *t)
{
    const char *at[] = {a->name, a->example};
    for (size_t i = 0; i < 2; i++)
        for (const char *w = at[i]; *w; w += strspn(w, "-| :")) {
            size_t n = strcspn(w, "-| :");
            if (n == t->n && !memcmp(w, t->text, n)) return true;
            w += n;
        }
    return false;
}

static bool part_guess(const struct token *t, enum about about, char *hint, size_t size)
{
    if (t->kind != TOK_WORD) return false;
    for (const struct assertion *a = assertions; a->name; a++)
        if (*a->name && (a->about == about || about == ABOUT_ALL) && is_part(a, t))
            return snprintf(hint, size, "for instance: %s", a->example) > 0;
    return false;
}

/* What others call what a condition here asks. */
static const struct { const char *word, *way; } elsewhere[] = {
    {"vote", "votedfor"},        {"voted", "votedfor"},  {"voted-for", "votedfor"},
    {"committed", "commit"},     {"commit-index", "commit"}, {"commitIndex", "commit"},
    {"votedFor", "votedfor"},    {"currentTerm", "term"},    {"lastApplied", "applied-index"},
    {"crashed", "down"},         {"dead", "down"},       {"alive", "up"},
    {"stopped", "down"},
};

static bool known_elsewhere(const struct token *t, char *hint, size_t size)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere && t->kind == TOK_WORD; i++)
        if (row_named(elsewhere[i].word, t))
            return snprintf(hint, size, "did you mean '%s'?", elsewhere[i].way) > 0;
    return false;
}

static bool unknown_condition(struct cursor *c, enum about about)
{
    const struct token *t = cur_peek(c);
    char hint[160];
    if (!t)
        return cur_error(c, "for instance: leader n1 within 1s",
                         "expected a condition, but the line ends");
    if (cur_is(c, "fail"))
        return cur_error(c, "write xfail CHECK \"why\" at the head",
                         "what must fail is not expected here");
    struct guess g = guess_for(t->text, t->kind == TOK_WORD ? t->n : 0);
    for (const struct assertion *a = assertions; a->name; a++)
        if (a->about == about || about == ABOUT_ALL)
            for (const char *w = a->name; *w; w += strcspn(w, "|"), w += *w == '|')
                guess_try(&g, w, strcspn(w, "|"));
    if (about == ABOUT_ALL)
        for (uint32_t i = 1; i <= c->p->prog->ops.n; i++)
            guess_try(&g, c->p->prog->ops.name[i], strlen(c->p->prog->ops.name[i]));
    if (!(about == ABOUT_NODES && known_elsewhere(t, hint, sizeof hint)) &&
        !did_you_mean(&g, hint, sizeof hint) && !part_guess(t, about, hint, sizeof hint))
        snprintf(hint, sizeof hint,
                 "scenarios/README.md lists all; operations are named with `as r1`");
    return cur_error(c, hint, "'%.*s' is no condition%s", (int)(t->n < 60 ? t->n : 60), t->text,
                     about == ABOUT_NODES ? " of a node" : "");
}

/* "leader commit >= 3" speaks of a node; "leader n1 term 1" is the condition of that name. */
static bool leader_is_subject(const struct cursor *c)
{
    struct cursor next = *c;
    if (!cur_is(c, "leader")) return false;
    next.at++;
    if (cur_is(&next, "not")) next.at++;
    return !cur_is(&next, "term") && find_row(&next, ABOUT_NODES);
}

/* The nodes; in `n2 leader term 2` the last word is their role. */
static bool need_subject(struct cursor *c, struct cond *cond)
{
    if (!need_who(c, &cond->who, "nodes")) return false;
    const struct who_item *last = &cond->who.item[cond->who.n - 1];
    if (cond->who.n > 1 && last->kind == WHO_LEADER && !last->random) cond->who.n--, c->at--;
    return true;
}

/* Its nodes, as far as `at least 2 of n1..n5`. */
static bool need_at_least(struct cursor *c, struct cond *cond)
{
    uint64_t k;
    if (!cur_need_word(c, "least")) return false;
    uint32_t at = c->at;
    if (!cur_need_count(c, &k, 1, NODES_MAX, "a number of nodes") || !cur_need_word(c, "of") ||
        !need_subject(c, cond))
        return false;
    cond->at_least = (uint8_t)k;
    const node_set set = who_static(&cond->who);
    if (!set || k <= (uint64_t)__builtin_popcount(set) || !as_written(c)) return true;
    c->at = at;
    return cur_error(c, NULL, "there are no more than %d of them", __builtin_popcount(set));
}

/* The row of the word behind the nodes, which is left for the row's own function. `not` stands
 * before a word that is one of several, as a role. */
static bool need_node_row(struct cursor *c, struct cond *cond)
{
    cond->negated = cur_word(c, "not");
    cond->kind = find_row(c, ABOUT_NODES);
    if (!cond->kind) return unknown_condition(c, ABOUT_NODES);
    if (!cond->negated || (strchr(cond->kind->name, '|') && !cur_is(c, "role"))) return true;
    c->at--;
    return cur_error(c, "write role not leader, votedfor not n2, not down, or commit != 3",
                     "'not' stands before a role or a state");
}

static bool need_row(struct cursor *c, struct cond *cond)
{
    const struct token *t = cur_peek(c);
    uint32_t op = t && t->kind == TOK_WORD ? names_find(&c->p->prog->ops, t->text, t->n) : 0;
    if (op) {
        for (cond->kind = assertions; cond->kind->about != ABOUT_OP;) cond->kind++;
        cond->op = op, c->at++;
        return true;
    }
    if (!leader_is_subject(c) && (cond->kind = find_row(c, ABOUT_ALL))) {
        c->at++;
        return true;
    }
    if (cur_word(c, "at")) return need_at_least(c, cond) && need_node_row(c, cond);
    struct cursor look = *c;
    if (!take_who(&look, &cond->who) && !is_all_but(c)) return unknown_condition(c, ABOUT_ALL);
    return need_subject(c, cond) && need_node_row(c, cond);
}

static bool read_cond(struct cursor *c, struct cond *cond)
{
    uint32_t from = c->at;
    cond->place = cur_place(c);
    cond->text = cur_text(c, from);
    if (!cond->text || !need_row(c, cond)) return false;
    c->p->example = cond->kind->example;
    return cond->kind->parse(c, cond);
}

bool need_cond(struct cursor *c, struct cond *cond)
{
    uint64_t within = 0;
    *cond = (struct cond){0};
    bool timed;
    if (!cur_cut_time(c, "within", &within, &timed)) return false;
    cond->within = within;
    if (timed && !within)
        return cur_error(c, "leave `within` out to ask about now", "within 0 is no time at all");
    return read_cond(c, cond);
}

/* ---- judging ---- */

bool cond_now(struct player *p, const struct cond *c, struct saw *saw)
{
    return c->kind->eval(p, c, saw);
}

void saw_add(struct saw *s, const char *format, ...)
{
    va_list ap;
    if (!s || s->n + 1 >= s->size) return;
    va_start(ap, format);
    int n = vsnprintf(s->text + s->n, s->size - s->n, format, ap);
    va_end(ap);
    if (n > 0) s->n += (size_t)n < s->size - s->n ? (size_t)n : s->size - s->n - 1;
}

bool cond_fail(struct player *p, const struct cond *c, const char *label, const char *how)
{
    char text[110];
    struct saw saw = {.text = text, .size = sizeof text};
    text[0] = 0;
    cond_now(p, c, &saw);
    enum verdict verdict = c->liveness ? V_LIVENESS : V_EXPECTATION;
    const char *check = label ? label : c->liveness ? "progress" : "expect";
    char within[SPELLED_BYTES];
    time_spell(c->within, NULL, within);
    if (c->within)
        return play_fail(p, &c->place, verdict, check, "wanted %s%s%.80s within %s, saw %s",
                         how ? how : "",
                         how ? " " : "", c->text, within,
                         text[0] ? text : "otherwise");
    return play_fail(p, &c->place, verdict, check, "wanted %s%s%.80s, saw %s", how ? how : "",
                     how ? " " : "", c->text,
                     text[0] ? text : "otherwise");
}
