/* SPDX-License-Identifier: MIT */
/*
 * Method. A condition is read by finding its row in asserts.def: by its first word, by the name of
 * an operation, or by the word after nodes (`at least 2 of` may stand before them). It is evaluated
 * in silence after each event, and once more with words for what was seen when it fails. Several
 * joined by `or` are one condition more, of a row of their own that no word finds.
 */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"
#include "units.h"

/* ---- reading ---- */

static const struct assertion *find_row(const struct cursor *c, enum about about)
{
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_WORD) return NULL;
    for (const struct assertion *a = assertions; a->name; a++)
        if (a->about == about && word_among(a->name, t->text, t->n)) return a;
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
        if (word_among(elsewhere[i].word, t->text, t->n))
            return snprintf(hint, size, "did you mean '%s'?", elsewhere[i].way) > 0;
    return false;
}

static bool behind_or(const struct cursor *c)
{
    struct cursor before = *c;
    return before.at && (before.at--, cur_is(&before, "or"));
}

static bool unknown_condition(struct cursor *c, enum about about)
{
    const struct token *t = cur_peek(c);
    char hint[160];
    if (!t)
        return cur_error(c, "for instance: leader n1 within 1s",
                         "expected a condition, but the line ends");
    if (cur_is(c, "or"))
        return cur_error(c, "write n1 leader or n2 leader, or at least 1 of n1 n2 leader",
                         "a whole condition stands on each side of `or`");
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
        !(g.distance && did_you_mean(&g, hint, sizeof hint)) &&
        (behind_or(c) || !part_guess(t, about, hint, sizeof hint)))
        snprintf(hint, sizeof hint, "%s", behind_or(c)
                 ? "a whole condition stands on each side of `or`: n1 leader or n2 leader"
                 : "scenarios/README.md lists all; operations are named with `as r1`");
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

bool cond_is_over(const struct cursor *c)
{
    static const char *const after[] = {"or", "and", "for", "until", "at", ":"};
    for (size_t i = 0; i < sizeof after / sizeof *after; i++)
        if (cur_is(c, after[i])) return true;
    return cur_end(c);
}

/* The words that were read since the condition began. */
static bool note_words(struct cursor *c, struct cond *cond)
{
    struct cursor read = *c;
    read.n = cond->to = c->at;
    return (cond->text = group_text(c, cur_text(&read, cond->from))) != NULL;
}

static bool read_one(struct cursor *c, struct cond *cond)
{
    cond->place = cur_place(c);
    cond->from = c->at;
    cond->group = group_here(c);
    if (!need_row(c, cond)) return false;
    c->p->example = cond->kind->example;
    if (!cond->kind->parse(c, cond)) return false;
    if (cur_is(c, "and"))
        return cur_error(c, "write a line for each; `or` is what joins conditions",
                         "conditions are not joined by `and`");
    return note_words(c, cond);
}

/* A, B and so on of `A or B ...`. */
struct alternative { struct cond cond; const struct alternative *next; };

/* The condition can stand among others, and says something that none of them says. */
static bool can_stand(struct cursor *c, const struct alternative *others, const struct cond *new)
{
    const uint32_t at = c->at;
    c->at = new->from;
    if (judged_alone(new))
        return cur_error(c, "write a line for each", "`%s` stands alone, not beside `or`",
                         new->kind->name);
    for (; others; others = others->next)
        if (!need_choice(c, &others->cond, new)) return false;
    return c->at = at, true;
}

/* The first is read into the condition, which becomes all of them. */
bool assert_parse_any_of(struct cursor *c, struct cond *cond)
{
    struct alternative *first = args_take(c, sizeof *first), *last = first;
    if (!first || !can_stand(c, NULL, cond)) return false;
    first->cond = *cond;
    while (cur_word(c, "or")) {
        struct alternative *a = args_take(c, sizeof *a);
        if (!a || !read_one(c, &a->cond) || !can_stand(c, first, &a->cond)) return false;
        last->next = a, last = a;
    }
    *cond = (struct cond){.place = cond->place, .from = cond->from, .args = first,
                          .group = cond->group, .within = cond->within};
    return note_words(c, cond);
}

bool need_cond_now(struct cursor *c, struct cond *cond)
{
    if (!read_one(c, cond)) return false;
    tried_words(c, "or");
    if (!cur_is(c, "or")) return true;
    const struct assertion *any_of = assertions;
    while (any_of->about != ABOUT_OTHERS) any_of++;
    return any_of->parse(c, cond) && (cond->kind = any_of);
}

bool need_cond(struct cursor *c, struct cond *cond)
{
    struct bound within = {0};
    *cond = (struct cond){0};
    bool timed;
    if (!cur_cut_bound(c, "within", &within, &timed)) return false;
    cond->within = within;
    if (timed && !bound_given(within))
        return cur_error(c, "leave `within` out", "within 0 is no time at all");
    return need_cond_now(c, cond);
}

bool need_end_cond(struct cursor *c, struct cond *cond, bool timed)
{
    const uint32_t at = c->at;
    if (!(timed ? need_cond(c, cond) : need_cond_now(c, cond))) return false;
    if (!judged_alone(cond)) return true;
    c->at = at;
    return cur_error(c, "name a state that comes, as leader n1 or r1 ok",
                     "`%s` is no moment at which something ends", cond->kind->name);
}

/* ---- judging ---- */

/* The latest records of the row's kinds at the condition's nodes, or at all. */
static void rests_on_nodes(struct player *p, const struct cond *c, struct saw *saw)
{
    struct record_filter f = {.kinds = c->kind->rests};
    const node_set named = c->who.n ? who_now(p, &c->who) : 0;
    const uint32_t n = named ? (uint32_t)__builtin_popcount(named) : p->w->nnodes;
    const uint32_t latest = n > 3 ? 1 : n > 2 ? 2 : 3;      /* of each; some half a dozen in all */
    actors_add_nodes(&f.actors, named);
    saw_rests(saw, &f, (uint8_t)latest, true);
    if (!(f.kinds & (KIND_BIT(APPEND) | KIND_BIT(COMMIT) | KIND_BIT(APPLY)))) return;
    /* a log that lags lacks what was lost on its way */
    const struct record_filter lost = {.kinds = KIND_BIT(DROP), .by_label = true,
                                       .label = {.type = MSG_APPEND, .to.nodes = named}};
    saw_rests(saw, &lost, 2, false);
}

bool cond_now(struct player *p, const struct cond *c, struct saw *saw)
{
    const uint32_t said = wants_rests(saw) ? saw->rests->n : 0;
    const uint16_t outer = p->group;
    p->group = c->group;
    const bool holds = c->kind->eval(p, c, saw);
    if (wants_rests(saw) && saw->rests->n == said && c->kind->rests) rests_on_nodes(p, c, saw);
    for (uint32_t i = said; wants_rests(saw) && i < saw->rests->n; i++)
        saw->rests->part[i].filter.group = (uint16_t)(c->group + 1);
    p->group = outer;
    return holds;
}

enum { SEEN_BYTES = 110 };

/* Asks once more, in words for what is seen; a failure that is about to be told rests on that. */
static bool cond_seen(struct player *p, const struct cond *c, char text[SEEN_BYTES])
{
    struct evidence rests = {0};
    struct saw saw = {.text = text, .size = SEEN_BYTES, .rests = &rests};
    text[0] = 0;
    const bool holds = cond_now(p, c, &saw);
    play_rests(p, &rests);
    return holds;
}

void cond_rests(struct player *p, const struct cond *c)
{
    char text[SEEN_BYTES];
    cond_seen(p, c, text);
}

void saw_rests(struct saw *saw, const struct record_filter *f, uint8_t latest, bool each)
{
    assert(latest > 0 && latest <= EVIDENCE_LATEST);
    if (wants_rests(saw))
        evidence_add(saw->rests,
                     &(struct evidence_part){.filter = *f, .latest = latest, .each = each});
}

/* What was seen of one of them, in its share of the room that is left. */
static void saw_one(struct player *p, const struct alternative *a, uint32_t left, struct saw *saw)
{
    const size_t share = (saw->size - saw->n) / left;
    struct saw part = {.text = saw->text + saw->n, .size = share, .rests = saw->rests};
    const bool holds = cond_now(p, &a->cond, &part);
    if (holds) part.n = 0, saw_add(&part, "%s", a->cond.text);
    else if (!part.n) saw_add(&part, "not %s", a->cond.text);
    saw->n += part.n;
    if (a->next) saw_add(saw, "; ");
}

/* Does one of them hold? If so that one is described, else how each fails. */
bool assert_eval_any_of(struct player *p, const struct cond *c, struct saw *saw)
{
    const struct alternative *first = c->args;
    uint32_t n = 0;
    for (const struct alternative *a = first; a; a = a->next, n++) {
        if (!cond_now(p, &a->cond, NULL)) continue;
        struct saw part = {.rests = saw ? saw->rests : NULL};
        if (saw) cond_now(p, &a->cond, &part);
        return saw_add(saw, "%s", a->cond.text), true;
    }
    for (const struct alternative *a = first; a && saw; a = a->next) saw_one(p, a, n--, saw);
    return false;
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
    char text[SEEN_BYTES];
    const char *else_saw = cond_seen(p, c, text) ? "it" : "otherwise";
    enum verdict verdict = c->liveness ? V_LIVENESS : V_EXPECTATION;
    const char *check = label ? label : c->liveness ? "progress" : "expect";
    char within[BOUND_BYTES];
    bound_spell(p->w, c->within, voters_of(p->w, p->group), within);
    if (bound_given(c->within))
        return play_fail(p, &c->place, verdict, check, "wanted %s%s%.80s within %s, saw %s",
                         how ? how : "",
                         how ? " " : "", c->text, within,
                         text[0] ? text : else_saw);
    return play_fail(p, &c->place, verdict, check, "wanted %s%s%.80s, saw %s", how ? how : "",
                     how ? " " : "", c->text,
                     text[0] ? text : else_saw);
}

void cond_unmet(struct player *p, const struct cond *c, const char *what)
{
    char text[SEEN_BYTES], within[BOUND_BYTES];
    const bool bounded = bound_given(c->within);
    cond_seen(p, c, text);
    bound_spell(p->w, c->within, voters_of(p->w, p->group), within);
    play_fail(p, &c->place, V_EXPECTATION, "unmet", "wanted %s%.80s%s%s, saw %s", what, c->text,
              bounded ? " within " : "", bounded ? within : "", text[0] ? text : "otherwise");
}
