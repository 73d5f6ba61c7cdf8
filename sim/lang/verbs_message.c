/* SPDX-License-Identifier: MIT */
/*
 * Message surgery: rules for what will be sent (next, all), and what is done to messages that are
 * under way (pending) or held.
 *
 * A statement that finds no message, or whose message never comes, or is lost, fails: unmet.c.
 */
#include <assert.h>
#include <string.h>

#include "../trace/text.h"
#include "parse.h"
#include "play.h"
#include "rows.h"

enum { PLACES_MAX = 256, COPIES_MAX = 1000, COUNT_MAX = 1000000 };

enum quantity { THE_NEXT, ALL_OF_THEM, THOSE_PENDING };

struct rule_args {
    struct rule rule;
    struct who from, to;
    uint64_t during;
    uint32_t count;                 /* NEXT: how many */
    uint8_t quantity;
};

/* ---- rules: reading ---- */

/* next [K]; nothing means the next one. */
static bool take_next(struct cursor *c, uint64_t *n)
{
    const struct token *t;
    *n = 1;
    if (!cur_word(c, "next") || !(t = cur_peek(c)) || t->kind != TOK_NUMBER) return true;
    return cur_need_count(c, n, 1, COUNT_MAX, "a number of messages");
}

/* 66% of */
static bool need_share(struct cursor *c, struct rule_args *a)
{
    const uint32_t at = c->at;
    const struct token *t = cur_peek(c);
    struct cursor behind = *c;
    uint64_t ppm;
    behind.at++;
    if (number_digits(t->text, t->n) == t->n && !cur_is(&behind, "/"))
        return cur_error(c, "write next 3 append, or 30% of append", "a number alone says nothing");
    if (!cur_need_share(c, &ppm, 1000000)) return false;
    a->rule.share_ppm = (uint32_t)ppm;
    if (!ppm)
        return c->at = at, cur_error(c, "write 30% of append",
                                     "a share of nothing takes no message");
    if (!cur_need_word(c, "of")) return false;
    return !cur_is(c, "next") ||
           cur_error(c, "write 30% of all, or of pending",
                     "the next messages are counted, not shared out");
}

/* [next [K] | [P of] all | [P of] pending]; a share alone is one of all. */
static bool take_quantity(struct cursor *c, struct rule_args *a)
{
    uint64_t n = 1;
    const struct token *t = cur_peek(c);
    if (t && t->kind == TOK_NUMBER) {
        if (!need_share(c, a)) return false;
        a->quantity = cur_word(c, "pending") ? THOSE_PENDING : ALL_OF_THEM;
        if (a->quantity == ALL_OF_THEM) cur_word(c, "all");
        return true;
    }
    a->quantity = cur_word(c, "all") ? ALL_OF_THEM
                                     : cur_word(c, "pending") ? THOSE_PENDING : THE_NEXT;
    if (a->quantity == THE_NEXT && !take_next(c, &n)) return false;
    a->count = (uint32_t)n;
    return true;
}

static bool add_name(struct cursor *c, struct names *names, const char *name, uint32_t n,
                     uint32_t *number)
{
    if (names->n >= HOLDS_MAX && !names_find(names, name, n))
        return cur_error(c, NULL, "too many names (at most %d)", HOLDS_MAX);
    *number = names_add(names, c->p->pool, name, n);
    return *number || out_of_memory(c->p);
}

/* as NAME: of a rule, and of what it holds. */
static bool need_rule_name(struct cursor *c, struct rule *r)
{
    const char *name;
    uint32_t n;
    struct program *g = c->p->prog;
    const bool holds = r->act == RULE_HOLD;
    if (!cur_need_name(c, &name, &n, holds ? "a name for what is held" : "a name for the rule"))
        return false;
    return add_name(c, &g->rules, name, n, &r->name) &&
           (!holds || add_name(c, &g->holds, name, n, &r->hold));
}

/* A name of these that stands before. way: what to write, where none is like it. */
static bool need_known_name(struct cursor *c, const struct names *names, uint32_t *number,
                            const char *what, const char *way, const char *none)
{
    const char *name;
    uint32_t n;
    char hint[120];
    if (!cur_need_name(c, &name, &n, what)) return false;
    if ((*number = names_find(names, name, n))) return true;
    struct guess g = guess_for(name, n);
    for (uint32_t i = 1; i <= names->n; i++) guess_try(&g, names->name[i], strlen(names->name[i]));
    c->at--;
    return cur_error(c, did_you_mean(&g, hint, sizeof hint) ? hint : way, "%s '%.*s'", none,
                     (int)(n < 60 ? n : 60), name);
}

/* One of: until heal, for D, as NAME, by D or D..D (delay), K times (duplicate). *more false: none
 * of them is next. */
static bool need_clause(struct cursor *c, struct rule_args *a, bool *more)
{
    struct rule *r = &a->rule;
    uint64_t n;
    *more = true;
    if (cur_word(c, "until")) return r->until_heal = true, cur_need_word(c, "heal");
    if (cur_word(c, "for")) return cur_need_time(c, &a->during, "a time");
    if (r->name && cur_is(c, "as"))
        return cur_error(c, "take one out", r->hold ? "what is held has one name"
                                                    : "a rule has one name");
    if (cur_word(c, "as")) return need_rule_name(c, r);
    if (r->act == RULE_DELAY && cur_word(c, "by"))
        return cur_need_span(c, &r->by, &r->by_most, "a time") &&
               (r->by_most ||
                (c->at--, cur_error(c, "write by 50ms", "a delay of nothing delays nothing")));
    const struct token *t = cur_peek(c);
    if (r->act == RULE_DUPLICATE && t && t->kind == TOK_NUMBER) {
        if (!cur_need_count(c, &n, 1, COPIES_MAX, "a number of copies")) return false;
        r->copies = (uint32_t)n;
        return cur_word(c, "time") || cur_need_word(c, "times");
    }
    return *more = false, true;
}

static bool parse_rule(struct cursor *c, struct stmt *s, enum rule_act act)
{
    struct rule_args *a = s->args = args_take(c, sizeof *a);
    bool more = true;
    if (!a) return false;
    a->rule.act = (uint8_t)act;
    a->rule.copies = 1;
    if (!take_quantity(c, a) || !need_message(c, &a->rule.match, &a->from, &a->to)) return false;
    s->seeks = a->quantity != ALL_OF_THEM;
    s->sends = s->seeks && !a->rule.share_ppm && act != RULE_DROP && act != RULE_HOLD;
    while (more)
        if (!need_clause(c, a, &more)) return false;
    if (act == RULE_HOLD && !a->rule.hold)
        return cur_error(c, "write hold next append from n1 to n2 as h1",
                         "expected 'as' and a name to release them by");
    if (act == RULE_DELAY && !a->rule.by_most)
        return cur_error(c, "write delay next append from n1 to n2 by 50ms",
                         "expected 'by' and a time");
    if (a->quantity == THOSE_PENDING && (a->during || a->rule.until_heal ||
                                         (a->rule.name && !a->rule.hold)))
        return cur_error(c, "`pending` means what is under way now; `all` stands for a time",
                         "this is done at once and does not stand");
    return true;
}

bool parse_drop(struct cursor *c, struct stmt *s) { return parse_rule(c, s, RULE_DROP); }
bool parse_hold(struct cursor *c, struct stmt *s) { return parse_rule(c, s, RULE_HOLD); }
bool parse_delay(struct cursor *c, struct stmt *s) { return parse_rule(c, s, RULE_DELAY); }
bool parse_duplicate(struct cursor *c, struct stmt *s) { return parse_rule(c, s, RULE_DUPLICATE); }

bool parse_allow(struct cursor *c, struct stmt *s)
{
    if (!parse_rule(c, s, RULE_ALLOW)) return false;
    if (((struct rule_args *)s->args)->quantity != THOSE_PENDING) return true;
    c->at = 1;
    return cur_error(c, "write allow all, or allow next", "what is under way met no rule any more");
}

/* ---- rules: making ---- */

/* What a statement that wants so many saw; 0: any number will do, but none. */
static bool need_found(struct player *p, const struct stmt *s, const struct label_match *match,
                       uint32_t wanted, uint32_t saw)
{
    const struct record_filter sought = sought_messages(match);
    const char *words = statement_words(p, s->number);
    if (saw && saw >= wanted) return true;
    return saw
        ? unmet_none(p, s, &sought, "wanted %u messages for `%s`, saw %u", wanted, words, saw)
        : unmet_none(p, s, &sought, "wanted messages under way for `%s`, saw none", words);
}

static bool run_rule(struct player *p, const struct stmt *s)
{
    const struct rule_args *a = s->args;
    struct rule r = a->rule;
    if (!need_party_now(p, s, &a->from, &r.match.from) ||
        !need_party_now(p, s, &a->to, &r.match.to))
        return false;
    r.tag = s->number;
    r.must_come = !s->if_any;
    if (s->sends) r.wish = unmet_wish(s, a->quantity == THE_NEXT);
    r.wish.patient = r.act == RULE_DELAY;
    if (a->quantity == THOSE_PENDING)
        return need_found(p, s, &r.match, 0, surgery_pending(p->w, &r, UINT32_MAX));
    r.left = a->quantity == THE_NEXT ? a->count : 0;
    r.until = a->during ? p->w->now + a->during : NEVER;
    return surgery_rule(p->w, &r) ||
           play_fail(p, &s->place, V_ERROR, "error", "more than %d rules stand", RULES_MAX);
}

bool run_drop(struct player *p, const struct stmt *s) { return run_rule(p, s); }
bool run_hold(struct player *p, const struct stmt *s) { return run_rule(p, s); }
bool run_delay(struct player *p, const struct stmt *s) { return run_rule(p, s); }
bool run_duplicate(struct player *p, const struct stmt *s) { return run_rule(p, s); }
bool run_allow(struct player *p, const struct stmt *s) { return run_rule(p, s); }

/* ---- lift ---- */

bool parse_lift(struct cursor *c, struct stmt *s)
{
    uint32_t *name = s->args = args_take(c, sizeof *name);
    s->seeks = true;
    return name && need_known_name(c, &c->p->prog->rules, name, "the name of a rule",
                                   "write `drop all append from n1 as storm` before it",
                                   "no rule is called");
}

bool run_lift(struct player *p, const struct stmt *s)
{
    const uint32_t name = *(const uint32_t *)s->args;
    const struct record_filter sought = {.kinds = KIND_BIT(STEP)};
    return surgery_lift_named(p->w, name) ||
           unmet_none(p, s, &sought, "wanted a rule called %s to lift, saw none that stands",
                      p->prog->rules.name[name]);
}

/* ---- release ---- */

static bool need_known_hold(struct cursor *c, uint32_t *hold)
{
    return need_known_name(c, &c->p->prog->holds, hold, "the name of a hold",
                           "write `hold next append from n1 as h1` before it",
                           "nothing is held as");
}

struct release_args { uint32_t hold, n, place[PLACES_MAX]; bool reverse; };

static bool need_places(struct cursor *c, struct release_args *a)
{
    const struct token *t;
    while ((t = cur_peek(c)) && t->kind == TOK_NUMBER) {
        uint64_t place;
        if (a->n == PLACES_MAX) return cur_error(c, NULL, "at most %d places", PLACES_MAX);
        if (!cur_need_count(c, &place, 1, UINT32_MAX, "a place in the order of holding"))
            return false;
        for (uint32_t i = 0; i < a->n; i++)
            if (a->place[i] == place)
                return c->at--,
                    cur_error(c, "a message can be released once", "%llu stands here twice",
                                          (unsigned long long)place);
        a->place[a->n++] = (uint32_t)place;
    }
    return a->n ||
           cur_error(c, "write release h1 in order 2 1 3", "expected the order%s",
                     t ? "" : ", but the line ends");
}

bool parse_release(struct cursor *c, struct stmt *s)
{
    struct release_args *a = s->args = args_take(c, sizeof *a);
    s->seeks = s->sends = true;
    if (!a || !need_known_hold(c, &a->hold)) return false;
    if (!cur_word(c, "in")) return true;
    a->reverse = cur_word(c, "reverse");
    return a->reverse || (cur_need_word(c, "order") && need_places(c, a));
}

bool run_release(struct player *p, const struct stmt *s)
{
    const struct release_args *a = s->args;
    const char *name = p->prog->holds.name[a->hold];
    uint32_t held = surgery_held(p->w, a->hold);
    const struct record_filter sought = sought_held();
    if (!held) return unmet_none(p, s, &sought, "wanted messages held as %s, saw none", name);
    for (uint32_t i = 0; i < a->n; i++)
        if (a->place[i] > held)
            return unmet_none(p, s, &sought, "wanted message %u of those held as %s, saw %u",
                              a->place[i], name, held);
    if (!a->n || a->n == held) surgery_unhold(p->w, a->hold);
    if (a->n) surgery_release(p->w, a->hold, a->place, a->n, unmet_wish(s, true));
    else surgery_release_all(p->w, a->hold, a->reverse, unmet_wish(s, false));
    return true;
}

/* ---- deliver, shuffle, discard ---- */

struct way_args {
    struct label_match match;
    struct who from, to;
    uint32_t count;                 /* 0: all */
};

static bool need_way(struct cursor *c, struct way_args *a)
{
    if (!need_party(c, &a->match.from, &a->from, "who sends")) return false;
    if (!cur_word(c, "->")) return cur_error(c, "write n1 -> n2", "expected ->");
    uint32_t at = c->at;
    return need_party(c, &a->match.to, &a->to, "who receives") &&
           need_two_ends(c, at, a->match.from.nodes, a->match.to.nodes);
}

static bool way_now(struct player *p, const struct stmt *s, struct label_match *m)
{
    const struct way_args *a = s->args;
    *m = a->match;
    return need_party_now(p, s, &a->from, &m->from) && need_party_now(p, s, &a->to, &m->to);
}

static struct way_args *way_args(struct cursor *c, struct stmt *s)
{
    return s->args = args_take(c, sizeof(struct way_args));
}

/* deliver [next [K]|all] SELECTOR, or deliver A -> B [K] */
bool parse_deliver(struct cursor *c, struct stmt *s)
{
    struct way_args *a = way_args(c, s);
    uint64_t n = 1;
    if (!a) return false;
    s->seeks = s->sends = true;
    bool all = cur_word(c, "all"), next = !all && cur_is(c, "next");
    if (next && !take_next(c, &n)) return false;
    if (all || next || is_message_type(c)) {
        a->count = all ? 0 : (uint32_t)n;
        return need_message(c, &a->match, &a->from, &a->to);
    }
    if (!need_way(c, a) || (!cur_end(c) && !cur_need_count(c, &n, 1, COUNT_MAX, "how many")))
        return false;
    a->count = (uint32_t)n;
    return true;
}

bool run_deliver(struct player *p, const struct stmt *s)
{
    const struct way_args *a = s->args;
    struct label_match m;
    if (!way_now(p, s, &m)) return false;
    const struct wish wish = unmet_wish(s, a->count > 0);
    return need_found(p, s, &m, a->count,
                      surgery_deliver(p->w, &m, a->count ? a->count : UINT32_MAX, wish));
}

bool parse_shuffle(struct cursor *c, struct stmt *s)
{
    struct way_args *a = way_args(c, s);
    s->seeks = true;
    if (!a || !need_way(c, a)) return false;
    if (!a->match.from.client && !a->match.to.client) return true;
    c->at = 1;
    return cur_error(c, "write shuffle n1 -> n2", "only links between nodes are shuffled");
}

bool run_shuffle(struct player *p, const struct stmt *s)
{
    struct label_match m;
    uint32_t most = 0;
    if (!way_now(p, s, &m)) return false;
    for (uint8_t from = 1; from <= p->w->nnodes; from++)
        for (uint8_t to = 1; to <= p->w->nnodes; to++)
            if (from != to && (m.from.nodes & NODE_BIT(from)) && (m.to.nodes & NODE_BIT(to))) {
                uint32_t n = surgery_shuffle(p->w, from, to);
                most = n > most ? n : most;
            }
    const struct record_filter sought = sought_messages(&m);
    return most > 1 || unmet_none(p, s, &sought,
                                  "wanted at least two messages under way on a link for `%s`, saw "
                                  "%s", statement_words(p, s->number),
                                  most ? "one" : "none");
}

/* discard pending [TYPE] [from A] [to B] [where ...] */
bool parse_discard(struct cursor *c, struct stmt *s)
{
    struct way_args *a = way_args(c, s);
    s->seeks = true;
    if (!a || !cur_need_word(c, "pending")) return false;
    if (is_message_type(c)) return need_message(c, &a->match, &a->from, &a->to);
    if (cur_word(c, "from") && !need_party(c, &a->match.from, &a->from, "who sends")) return false;
    uint32_t at = c->at + 1;
    return !cur_word(c, "to") || (need_party(c, &a->match.to, &a->to, "who receives") &&
                                  need_two_ends(c, at, a->match.from.nodes, a->match.to.nodes));
}

bool run_discard(struct player *p, const struct stmt *s)
{
    struct rule r = {.act = RULE_DROP};
    return way_now(p, s, &r.match) &&
           need_found(p, s, &r.match, 0, surgery_pending(p->w, &r, UINT32_MAX));
}

/* ---- shuffle-delivery ---- */

bool parse_shuffle_delivery(struct cursor *c, struct stmt *s)
{
    bool *on = s->args = args_take(c, sizeof *on);
    return on && (*on = !cur_word(c, "off"), true);
}

bool run_shuffle_delivery(struct player *p, const struct stmt *s)
{
    p->w->ties = *(const bool *)s->args;
    return true;
}

/* ---- show messages ---- */

bool parse_show_messages(struct cursor *c, struct stmt *s)
{
    struct way_args *a = way_args(c, s);
    return a && (cur_end(c) || need_way(c, a));
}

static void show_one(struct player *p, const struct under_way *u)
{
    struct record r;
    char text[300];
    message_as_record(message_at(p->w, u->slot), &r);
    trace_sentence(p->w, &r, text, sizeof text);
    if (u->hold)
        fprintf(p->how->say, "    held as %s, %u: %s\n", p->prog->holds.name[u->hold], u->place,
                text);
    else
        fprintf(p->how->say, "    in %lluus: %s\n",
                (unsigned long long)((u->at - p->w->now) / US(1)), text);
}

bool run_show_messages(struct player *p, const struct stmt *s)
{
    struct label_match m;
    if (!p->how->say) return true;
    if (!way_now(p, s, &m)) return false;
    show_messages(p, &m);
    return true;
}

void show_messages(struct player *p, const struct label_match *m)
{
    static struct under_way list[PENDING_MAX];
    uint32_t n = surgery_list(p->w, m, list, PENDING_MAX);
    fprintf(p->how->say, "%llu.%03llus %u message%s under way or held\n",
            (unsigned long long)(p->w->now / SEC(1)),
            (unsigned long long)(p->w->now % SEC(1) / MS(1)), n, n == 1 ? "" : "s");
    for (uint32_t i = 0; i < n; i++) show_one(p, &list[i]);
}

/* ---- the assertion: held NAME = K ---- */

bool assert_parse_held(struct cursor *c, struct cond *cond)
{
    if (!need_known_hold(c, &cond->op)) return false;
    uint32_t at = c->at;
    return need_comparison(c, cond, "a number of messages") && need_tally(c, cond, at);
}

bool assert_eval_held(struct player *p, const struct cond *c, struct saw *saw)
{
    uint32_t held = surgery_held(p->w, c->op);
    saw_add(saw, "%u", held);
    return compare_now(held, c->compare, c->number);
}
