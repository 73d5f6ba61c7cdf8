/* SPDX-License-Identifier: MIT */
/*
 * Selectors: which messages a trap, a count or a rule means, by what stands in their labels.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"

static const char *type_words(void)
{
    return "any|"
#define MSG(symbol, text, ...) text "|"
#include "../sut/messages.def"
#undef MSG
    ;
}

bool is_message_type(const struct cursor *c)
{
    struct cursor look = *c;
    uint32_t which;
    return take_choice(&look, type_words(), &which);
}

/* ---- from, to ---- */

bool need_party(struct cursor *c, struct party *p, struct who *who, const char *what)
{
    *p = (struct party){0};
    *who = (struct who){0};
    p->client = take_client(c);
    if (p->client) return true;
    if (!take_who(c, who))
        return nodes_error(c, "write n1, n1 n2, n1..n3, all, leader, followers, or a client as c1",
                           what);
    if ((p->nodes = who_static(who))) who->n = 0;
    return true;
}

/* ---- where ---- */

enum { TRY_BOOTS_MAX = (1 << 24) - 1 };
enum { WHERE_REJECT = LABEL_FIELDS, WHERE_ACCEPT };
#define WORD(symbol, name) name "|"
static const char where_words[] = FOR_LABEL_FIELDS(WORD) "reject|accept";
#undef WORD

bool selector_number(const struct token *t)
{
    struct token one = *t;
    struct cursor c = {.tok = &one, .n = 1};
    uint32_t which;
    return take_choice(&c, where_words, &which) && which < WHERE_REJECT;
}

bool need_try(struct cursor *c, uint64_t *number)
{
    uint64_t boot, nth;
    if (!cur_need_count(c, &boot, 1, TRY_BOOTS_MAX, "a try as BOOT/NUMBER")) return false;
    if (!cur_word(c, "/"))
        return cur_error(c, "a try is written BOOT/NUMBER, as in 1/2: the second of the first life",
                         "expected '/'");
    if (!cur_need_count(c, &nth, 1, UINT32_MAX, "the number of the try in that life")) return false;
    *number = label_try(boot, nth);
    return true;
}

static bool need_test(struct cursor *c, struct label_match *m, uint32_t which)
{
    if (!need_said(c, m->type, which)) return false;
    if (which >= WHERE_REJECT) {
        uint8_t before = m->answer;
        m->answer = which == WHERE_REJECT ? ANSWER_REJECT : ANSWER_ACCEPT;
        if (!before || before == m->answer) return true;
        return c->at--, cur_error(c, "write one of reject and accept",
                                  "no message is a refusal and none at once");
    }
    if (m->ntests == LABEL_TESTS_MAX)
        return c->at--, cur_error(c, NULL, "at most %d comparisons", LABEL_TESTS_MAX);
    struct label_test *t = &m->test[m->ntests++];
    t->field = (uint8_t)which;
    if (!take_compare(c, &t->compare))
        return cur_error(c, "write term=2, index>=3, entries>0 or reject",
                         "expected =, !=, <=, >=, < or >");
    return (which == FIELD_TRY ? need_try(c, &t->number)
                               : cur_need_count(c, &t->number, 0, UINT64_MAX, "a number")) &&
           need_some(c, m);
}

/* Tests stand side by side, with a comma, or with `and`. */
static bool need_where(struct cursor *c, struct label_match *m)
{
    uint32_t which;
    for (bool must = true;;) {
        if (must && !cur_need_choice(c, where_words, &which, "what the message says")) return false;
        if (!must && !take_choice(c, where_words, &which)) return true;
        if (!need_test(c, m, which)) return false;
        must = cur_word(c, ",") || cur_word(c, "and");
    }
}

/* ---- whole ---- */

/* The parts of a selector have one order, and tests stand behind `where`. */
static bool need_order(struct cursor *c)
{
    struct cursor look = *c;
    uint32_t which;
    c->p->hushed++;
    const bool test = take_choice(&look, where_words, &which);
    c->p->hushed--;
    if (!test) return need_count_order(c, "the order is TYPE from A to B where TEST");
    return cur_error(c, "write `where` before it", "what a message says is asked behind `where`");
}

bool need_count_order(struct cursor *c, const char *hint)
{
    static const char *const parts[] = {"from", "to", "where", "delivered"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (cur_is(c, parts[i])) return cur_error(c, hint, "`%s` stands too late", parts[i]);
    return true;
}

static bool need_type(struct cursor *c, struct label_match *m)
{
    uint32_t which;
    if (cur_is(c, "from") || cur_is(c, "to"))
        return cur_error(c, "write append from A to B, or any from A to B",
                         "a message's type stands first");
    if (!cur_need_choice(c, type_words(), &which, "a message's type")) return false;
    m->type = (uint8_t)which;
    return true;
}

/* After `to`. */
static bool no_from(struct cursor *c)
{
    return !cur_is(c, "from") || cur_error(c, "write from A to B", "who sends stands first");
}

bool need_message(struct cursor *c, struct label_match *m, struct who *from, struct who *to)
{
    group_here(c);
    *m = (struct label_match){.group = c->p->group.number};
    if (!need_type(c, m)) return false;
    if (cur_word(c, "from") && !need_party(c, &m->from, from, "who sends")) return false;
    uint32_t at = c->at + 1;
    if (cur_word(c, "to") && !(need_party(c, &m->to, to, "who receives") && no_from(c) &&
                               need_two_ends(c, at, m->from.nodes, m->to.nodes)))
        return false;
    return (!cur_word(c, "where") || need_where(c, m)) && need_order(c);
}

bool need_way_of(struct cursor *c, struct selector *s)
{
    if (cur_word(c, "from") && !need_party(c, &s->match.from, &s->from, "who sends")) return false;
    uint32_t at = c->at + 1;
    return !cur_word(c, "to") ||
           (need_party(c, &s->match.to, &s->to, "who receives") && no_from(c) &&
            need_two_ends(c, at, s->match.from.nodes, s->match.to.nodes));
}

/* Behind the type. */
static bool not_delivered(struct cursor *c)
{
    return !cur_is(c, "delivered") ||
           cur_error(c, "write delivered append to n2", "`delivered` stands before the type");
}

bool need_selector(struct cursor *c, struct selector *s)
{
    struct label_match *m = &s->match;
    *s = (struct selector){.kind = REC_SEND};
    cur_word(c, "next");
    if (cur_word(c, "write")) {
        s->kind = REC_WRITE;
        return true;
    }
    if (cur_word(c, "delivered")) s->kind = REC_DELIVER;
    if (!need_type(c, m) || !not_delivered(c) || !need_way_of(c, s) || !not_delivered(c))
        return false;
    return (!cur_word(c, "where") || need_where(c, m)) && need_order(c);
}

bool compare_now(uint64_t a, uint8_t how, uint64_t b)
{
    return compare_holds(a, (enum compare)how, b);
}

/* Is this record one that the selector means? */
bool selector_matches(const struct selector *s, const struct record *r)
{
    if (r->kind != s->kind) return false;
    if (r->kind == REC_WRITE)
        return !s->match.from.nodes || (s->match.from.nodes & NODE_BIT(r->node));
    if (r->kind == REC_ROLE) return rec_role(r) == s->role;
    const struct msg_label label = record_label(r);
    return label_matches(&s->match, &label);
}
