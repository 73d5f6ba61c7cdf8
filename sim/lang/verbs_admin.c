/* SPDX-License-Identifier: MIT */
/*
 * What an operator asks of the protocol: an election, a timeout, a name for the nodes of
 * this moment.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

struct admin_args { uint64_t time; uint32_t name; bool politely; };

bool parse_campaign(struct cursor *c, struct stmt *s)
{
    struct admin_args *a = s->args = args_take(c, sizeof *a);
    group_here(c);
    if (!a || !need_who(c, &s->who, "a node")) return false;
    a->politely = cur_word(c, "politely");
    return true;
}

bool run_campaign(struct player *p, const struct stmt *s)
{
    const struct admin_args *a = s->args;
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (; set; set &= set - 1) host_campaign(p->w, play_replica(p, node_first(set)), !a->politely);
    return true;
}

bool parse_pin_timeout(struct cursor *c, struct stmt *s)
{
    struct admin_args *a = s->args = args_take(c, sizeof *a);
    group_here(c);
    return a && need_who(c, &s->who, "a node") && cur_need_time(c, &a->time, "a time");
}

bool run_pin_timeout(struct player *p, const struct stmt *s)
{
    const struct admin_args *a = s->args;
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (; set; set &= set - 1) {
        struct replica *rep = play_replica(p, node_first(set));
        if (p->w->process[rep->node].up && !host_pin_timeout(p->w, rep, a->time))
            return play_fail(p, &s->place, V_SKIP, "feature",
                             "the system under test cannot pin a timeout");
    }
    return true;
}

static bool same_node(const struct who *a, const struct who *b)
{
    return a->n == 1 && b->n == 1 && a->item[0].kind == WHO_SET && b->item[0].kind == WHO_SET &&
           !a->item[0].random && !b->item[0].random && a->item[0].set == b->item[0].set;
}

bool parse_report_unreachable(struct cursor *c, struct stmt *s)
{
    struct who *peer = s->args = args_take(c, sizeof *peer);
    group_here(c);
    if (!peer || !need_single(c, &s->who, "the node that is told") ||
        !need_single(c, peer, "the node that is not reached"))
        return false;
    return !same_node(&s->who, peer) ||
           (c->at--, cur_error(c, NULL, "a node always reaches itself"));
}

bool run_report_unreachable(struct player *p, const struct stmt *s)
{
    node_set who, peer;
    if (!need_nodes_now(p, s, &s->who, &who) || !need_nodes_now(p, s, s->args, &peer)) return false;
    for (; who; who &= who - 1) {
        struct replica *rep = play_replica(p, node_first(who));
        struct sut_event ev = {.type = SUT_UNREACHABLE, .peer = node_first(peer)};
        if (!p->w->process[rep->node].pauses) host_event(p->w, rep, &ev);
    }
    return true;
}

/* A word that means nodes already, or that may follow them, would be read as that. */
static bool is_taken(const struct cursor *c)
{
    static const char *const words[] = {"leader", "followers", "majority-without-leader",
                                        "minority-with-leader", "random", "but", "at", "to",
                                        "from", "where", "since", "among", "as"};
    struct cursor look = *c;
    node_set set = 0;
    const struct token *t = cur_peek(c);
    if (!t) return false;
    if (t->n > 1 && t->text[0] == 'n' && strspn(t->text + 1, "0123456789") >= t->n - 1) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (cur_is(c, words[i])) return true;
    return cur_nodes(&look, &set);
}

bool parse_remember(struct cursor *c, struct stmt *s)
{
    struct admin_args *a = s->args = args_take(c, sizeof *a);
    const char *name;
    uint32_t n;
    if (!a || !need_who(c, &s->who, "nodes") || !cur_need_word(c, "as")) return false;
    if (is_taken(c))
        return cur_error(c, "remember leader as L", "'%.*s' means something else already",
                         (int)cur_peek(c)->n, cur_peek(c)->text);
    if (!cur_need_name(c, &name, &n, "a name")) return false;
    struct names *remembered = &c->p->prog->remembered;
    if (remembered->n >= 1000) return cur_error(c, NULL, "too many names");
    a->name = names_add(remembered, c->p->pool, name, n);
    return a->name || out_of_memory(c->p);
}

bool run_remember(struct player *p, const struct stmt *s)
{
    const struct admin_args *a = s->args;
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    p->remembered[a->name] = set;
    return true;
}
