/* SPDX-License-Identifier: MIT */
/*
 * Nodes and clients as statements name them: n1, n1..n3, all, leader, followers,
 * majority-without-leader, minority-with-leader, a name given by `remember`, random 2 of any of
 * these, all but any of these. What is no plain name is found when the statement runs.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"

/* ---- reading ---- */

static bool take_item(struct cursor *c, struct who_item *item)
{
    static const char words[] = "leader|followers|majority-without-leader|minority-with-leader";
    uint32_t which, set = 0;
    const struct names *names = &c->p->prog->remembered;
    for (uint32_t i = 1; i <= names->n; i++) tried_words(c, names->name[i]);
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_WORD) return false;
    if (cur_nodes(c, &set)) {
        *item = (struct who_item){.kind = WHO_SET, .set = set};
        return true;
    }
    uint32_t name = names_find(&c->p->prog->remembered, t->text, t->n);
    if (name) {
        *item = (struct who_item){.kind = WHO_REMEMBERED, .name = (uint16_t)name};
        c->at++;
        return true;
    }
    if (!take_choice(c, words, &which)) return false;
    group_here(c);
    *item = (struct who_item){.kind = (uint8_t)(WHO_LEADER + which)};
    return true;
}

/* [random [K] [of]]; false: it stands there, and is none */
static bool take_random(struct cursor *c, uint8_t *random)
{
    uint64_t k;
    *random = 0;
    if (!cur_word(c, "random")) return true;
    if (!cur_number(c, &k)) k = 1;
    cur_word(c, "of");
    *random = (uint8_t)k;
    return k >= 1 && k <= NODES_MAX;
}

static bool take_items(struct cursor *c, struct who *who)
{
    uint32_t max = sizeof who->item / sizeof *who->item;
    for (who->n = 0; who->n < max; who->n++) {
        struct who_item *item = &who->item[who->n];
        uint32_t here = c->at;
        uint8_t k;
        if (!take_random(c, &k) || !take_item(c, item)) {
            c->at = here;
            break;
        }
        item->random = k;
    }
    return who->n > 0;
}

/* [random [K] of] all but ...; all that follow are left out. Where they are known now, so are the
 * others, and there must be some. */
static bool take_others(struct cursor *c, struct who *who)
{
    const node_set all = nodes_to(c->p->prog->plan.nodes);
    if (!take_random(c, &who->random) || !is_all_but(c)) return false;
    c->at += 2;
    if (!take_items(c, who)) return false;
    const node_set out = who_static(who);
    who->but = !out || who->random;
    if (who->but) return true;
    *who = (struct who){.n = 1, .item[0] = {.kind = WHO_SET, .set = all & ~out}};
    return who->item[0].set != 0;
}

static bool take_nodes(struct cursor *c, struct who *who)
{
    uint32_t at = c->at;
    *who = (struct who){0};
    if (take_others(c, who)) return true;
    c->at = at;
    *who = (struct who){0};
    return !is_all_but(c) && take_items(c, who);
}

bool take_who(struct cursor *c, struct who *who)
{
    c->p->hushed++;
    bool took = take_nodes(c, who);
    c->p->hushed--;
    if (took && !who_static(who)) c->p->sought = true;
    return took;
}

bool nodes_error(struct cursor *c, const char *hint, const char *what)
{
    uint8_t node;
    if (!is_all_but(c)) return cur_error(c, hint, "expected %s", what);
    c->at += 2;
    struct cursor look = *c;
    if (cur_is(c, "all") || cur_node(&look, &node)) return cur_error(c, NULL, "nobody is left");
    return cur_error(c, "write all but n1 n2, or all but leader", "expected who is left out");
}

bool need_who(struct cursor *c, struct who *who, const char *what)
{
    if (take_who(c, who)) return true;
    return nodes_error(c,
                       "nodes are written n1, n1 n2, n1..n3, all, all but n1, leader, followers, "
                       "majority-without-leader, random 2 of followers", what);
}

bool need_single(struct cursor *c, struct who *who, const char *what)
{
    uint8_t node;
    if (cur_node(c, &node)) {
        *who = (struct who){.n = 1, .item[0] = {.kind = WHO_SET, .set = NODE_BIT(node)}};
        return true;
    }
    *who = (struct who){.n = 1};
    c->p->hushed++;
    bool took = !cur_is(c, "all") && take_item(c, &who->item[0]);
    c->p->hushed--;
    c->p->sought = c->p->sought || took;
    return took || cur_error(c, "write n1, or leader", "expected %s", what);
}

bool need_node_set(struct cursor *c, node_set *set, const char *what)
{
    c->p->hushed++;
    bool took = cur_nodes(c, set);
    c->p->hushed--;
    if (took) return true;
    return nodes_error(c, "write n1, n1 n2, n1..n3, all or all but n1", what);
}

/* Clients are called c1, c2, ...; any such name makes one. */
static bool client_word(const struct token *t)
{
    return t && t->kind == TOK_WORD && t->n >= 2 && t->n <= 8 && t->text[0] == 'c' &&
           number_digits(t->text + 1, t->n - 1) == t->n - 1;
}

uint8_t client_actor(struct parser *p, const char *name, uint32_t n)
{
    struct names *clients = &p->prog->clients;
    uint32_t id = names_find(clients, name, n);
    if (!id && clients->n >= CLIENTS_MAX - HIDDEN_CLIENTS_MAX) return 0;
    if (!id) id = names_add(clients, p->pool, name, n);
    return id ? (uint8_t)(CLIENT_BASE + id) : 0;
}

uint8_t take_client(struct cursor *c)
{
    const struct token *t = cur_peek(c);
    if (!client_word(t)) return 0;
    uint8_t actor = client_actor(c->p, t->text, t->n);
    if (actor) c->at++;
    return actor;
}

bool take_actors(struct cursor *c, struct actors *a)
{
    *a = (struct actors){0};
    bool any = false, others = false;
    for (;;) {
        uint8_t client;
        bool here = is_all_but(c);
        if (!a->who.n && take_who(c, &a->who)) any = true, others = here;
        else if (a->nclients < sizeof a->client && (client = take_client(c)))
            a->client[a->nclients++] = client, any = true, a->after_all_but = others;
        else return any;
    }
}

bool need_actors(struct cursor *c, struct actors *a)
{
    if (!take_actors(c, a))
        return nodes_error(c, "write n1, n1 n2, n1..n3, all, leader, followers, or clients as c1",
                           "nodes or clients");
    return !a->after_all_but ||
           (c->at--, cur_error(c, "write the clients before it", "`all but` leaves out nodes"));
}

/* ---- finding ---- */

/* Who votes in the group at hand, and spare nodes. */
static node_set all_nodes(const struct player *p)
{
    return voters_of(p->w, p->group) | p->w->plan->spare;
}

/* The least majority of voters without the leader, by number. */
static node_set majority_without(const struct player *p, uint8_t leader)
{
    const struct world *w = p->w;
    node_set out = 0, voters = voters_of(w, p->group);
    uint32_t need = (uint32_t)__builtin_popcount(voters) / 2 + 1;
    for (uint8_t n = 1; n <= w->nnodes && need; n++)
        if ((voters & NODE_BIT(n)) && n != leader) out |= NODE_BIT(n), need--;
    return out;
}

static node_set pick(struct world *w, node_set from, uint32_t k)
{
    node_set out = 0;
    for (; k && from; k--) {
        uint64_t i = draw(w, STREAM_PICK, 0, &w->pick_ordinal, (uint64_t)__builtin_popcount(from));
        node_set rest = from;
        while (i--) rest &= rest - 1;
        out |= rest & (~rest + 1);
        from &= ~(rest & (~rest + 1));
    }
    return out;
}

static node_set item_now(struct player *p, const struct who_item *item)
{
    struct world *w = p->w;
    node_set set = item->set;
    const bool found = item->kind != WHO_SET && item->kind != WHO_REMEMBERED;
    const uint8_t leader = found ? host_leader(w, p->group) : 0;
    if (item->kind == WHO_LEADER && leader) set = NODE_BIT(leader);
    if (item->kind == WHO_FOLLOWERS && leader)
        set = all_nodes(p) & ~w->plan->spare & ~NODE_BIT(leader);
    if (item->kind == WHO_MAJORITY && leader) set = majority_without(p, leader);
    if (item->kind == WHO_MINORITY && leader)
        set = voters_of(w, p->group) & ~majority_without(p, leader);
    if (item->kind == WHO_REMEMBERED) set = p->remembered[item->name];
    return item->random ? pick(w, set, item->random) : set;
}

/* A word behind `all but` that means nobody does not leave everybody: then nobody is meant. */
node_set who_now(struct player *p, const struct who *who)
{
    node_set out = 0;
    for (uint32_t i = 0; i < who->n; i++) {
        node_set set = item_now(p, &who->item[i]);
        if (who->but && !set) return 0;
        out |= set;
    }
    if (who->but) out = all_nodes(p) & ~out;
    return who->random ? pick(p->w, out, who->random) : out;
}

uint8_t node_first(node_set set) { return set ? (uint8_t)(__builtin_ctz(set) + 1) : 0; }
