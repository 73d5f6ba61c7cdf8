/* SPDX-License-Identifier: MIT */
/*
 * Network faults. Cuts nest in the world (several faults may cut one link), so joining or healing a
 * link here undoes all of its cuts. Who is not named in a partition stays connected to all.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

/* ---- actors now ---- */

struct actor_set { uint64_t bit[4]; };

static bool has(const struct actor_set *s, uint32_t a) { return s->bit[a / 64] >> (a % 64) & 1; }
static void put(struct actor_set *s, uint32_t a) { s->bit[a / 64] |= UINT64_C(1) << (a % 64); }

/* False: a word names nobody now, which is a failed expectation. */
static bool actors_now(struct player *p, const struct stmt *s, const struct actors *a,
                       struct actor_set *out)
{
    node_set nodes = 0;
    *out = (struct actor_set){{0}};
    if (a->who.n && !need_nodes_now(p, s, &a->who, &nodes)) return false;
    for (; nodes; nodes &= nodes - 1) put(out, node_first(nodes));
    for (uint32_t i = 0; i < a->nclients; i++) put(out, a->client[i]);
    return true;
}

static uint32_t actor_end(const struct world *w) { return CLIENT_BASE + w->nclients + 1u; }

typedef void link_act(struct world *, uint8_t from, uint8_t to);

/* Every directed link from one set to the other. */
static void each_link(struct world *w, const struct actor_set *from, const struct actor_set *to,
                      link_act *act)
{
    uint32_t end = actor_end(w);
    for (uint32_t a = 1; a < end; a++)
        for (uint32_t b = 1; has(from, a) && b < end; b++)
            if (a != b && has(to, b) && net_link(w, (uint8_t)a, (uint8_t)b))
                act(w, (uint8_t)a, (uint8_t)b);
}

static struct actor_set every_node(const struct world *w)
{
    struct actor_set s = {{0}};
    for (uint32_t n = 1; n <= w->nnodes; n++) put(&s, n);
    return s;
}

static struct actor_set every_actor(const struct world *w)
{
    struct actor_set s = every_node(w);
    for (uint32_t a = CLIENT_BASE + 1; a < actor_end(w); a++) put(&s, a);
    return s;
}

/* ---- partition ---- */

enum { ISLANDS_MAX = 8 };
struct groups { uint32_t n; bool one_way; struct actors group[ISLANDS_MAX]; };

static bool has_client(const struct actors *a, uint8_t client)
{
    for (uint32_t i = 0; i < a->nclients; i++)
        if (a->client[i] == client) return true;
    return false;
}

/* Nobody stands in the last group, whose words begin at `at`, and in one before it. */
static bool need_apart(struct cursor *c, const struct groups *g, uint32_t at)
{
    const struct actors *last = &g->group[g->n - 1];
    const char *hint = "each node and client stands on one side";
    node_set twice = 0;
    bool client = false;
    for (uint32_t i = 0; i + 1 < g->n; i++) {
        twice |= who_static(&g->group[i].who) & who_static(&last->who);
        for (uint32_t k = 0; k < last->nclients; k++)
            client = client || has_client(&g->group[i], last->client[k]);
    }
    if (!(twice || client) || !as_written(c)) return true;
    c->at = at;
    if (!twice) return cur_error(c, hint, "a client stands on two sides");
    return cur_error(c, hint, "n%u stands on two sides", node_first(twice));
}

bool parse_partition(struct cursor *c, struct stmt *s)
{
    struct groups *g = s->args = args_take(c, sizeof *g);
    if (!g) return false;
    g->one_way = cur_word(c, "one-way");
    do {
        uint32_t at = c->at;
        if (g->n == ISLANDS_MAX) return cur_error(c, NULL, "at most %d groups", ISLANDS_MAX);
        if (!need_actors(c, &g->group[g->n++]) || !need_apart(c, g, at)) return false;
    } while (cur_word(c, g->one_way ? "->" : "|"));
    if (g->n >= 2 && (!g->one_way || g->n == 2)) return true;
    return cur_error(c, g->one_way ? "write partition one-way n1 -> n2 n3"
                                   : "write partition n1 | n2 n3",
                     "a partition has two sides");
}

bool run_partition(struct player *p, const struct stmt *s)
{
    const struct groups *g = s->args;
    struct actor_set set[ISLANDS_MAX];
    for (uint32_t i = 0; i < g->n; i++)
        if (!actors_now(p, s, &g->group[i], &set[i])) return false;
    for (uint32_t i = 0; i < g->n; i++)
        for (uint32_t j = 0; j < g->n; j++)
            if (i != j && (!g->one_way || i < j)) each_link(p->w, &set[i], &set[j], net_cut);
    return true;
}

bool parse_isolate(struct cursor *c, struct stmt *s)
{
    struct groups *g = s->args = args_take(c, sizeof *g);
    if (!g || !need_actors(c, &g->group[0])) return false;
    g->one_way = cur_word(c, "totally");
    return true;
}

bool run_isolate(struct player *p, const struct stmt *s)
{
    const struct groups *g = s->args;
    struct actor_set set, others = g->one_way ? every_actor(p->w) : every_node(p->w);
    if (!actors_now(p, s, &g->group[0], &set)) return false;
    for (uint32_t a = 1; a < actor_end(p->w); a++) {
        struct actor_set one = {{0}};
        if (!has(&set, a)) continue;
        put(&one, a);
        each_link(p->w, &one, &others, net_cut);
        /* a link between two of them is cut once */
        others.bit[a / 64] &= ~(UINT64_C(1) << (a % 64));
        each_link(p->w, &others, &one, net_cut);
    }
    return true;
}

bool parse_bridge(struct cursor *c, struct stmt *s)
{
    uint32_t rest = c->p->prog->plan.nodes;
    if (!need_who(c, &s->who, "the node in the middle")) return false;
    rest -= (uint32_t)__builtin_popcount(who_static(&s->who));
    if (rest >= 2 || !size_as_written(c)) return true;
    c->at = 1;
    return cur_error(c, "name fewer, or use isolate or partition",
                     "a bridge has nodes on both sides, and here %s left",
                     rest ? "one is" : "none is");
}

/* The others in order of their numbers: the first half sees the second through the bridge only. */
bool run_bridge(struct player *p, const struct stmt *s)
{
    struct actor_set left = {{0}}, right = {{0}};
    node_set middle;
    uint32_t k = 0;
    if (!need_nodes_now(p, s, &s->who, &middle)) return false;
    uint32_t rest = p->w->nnodes - (uint32_t)__builtin_popcount(middle);
    for (uint32_t n = 1; n <= p->w->nnodes; n++)
        if (!(middle & NODE_BIT(n))) put(k++ < rest / 2 ? &left : &right, n);
    each_link(p->w, &left, &right, net_cut);
    each_link(p->w, &right, &left, net_cut);
    return true;
}

bool parse_ring(struct cursor *c, struct stmt *s)
{
    (void)s;
    if (c->p->prog->plan.nodes >= 4) return true;
    c->at = 0;
    return cur_error(c, "use partition, or nodes n1..n5",
                     "a ring of majorities needs at least 4 nodes");
}

/* Each node sees its neighbours on a ring, as many as make a majority with itself. */
bool run_ring(struct player *p, const struct stmt *s)
{
    uint32_t n = p->w->nnodes, reach = (n / 2 + 1) / 2;
    (void)s;
    for (uint32_t a = 1; a <= n; a++)
        for (uint32_t b = 1; b <= n; b++) {
            uint32_t d = a > b ? a - b : b - a, around = d < n - d ? d : n - d;
            if (a != b && around > reach) net_cut(p->w, (uint8_t)a, (uint8_t)b);
        }
    return true;
}

/* ---- cut, join, heal ---- */

struct sides { struct actors a, b; bool both, all; };

/* Nodes and no client. */
static node_set named(const struct actors *a) { return a->nclients ? 0 : who_static(&a->who); }

static bool need_sides(struct cursor *c, struct sides *l)
{
    if (!need_actors(c, &l->a)) return false;
    l->both = cur_word(c, "-");
    if (!l->both && !cur_word(c, "->"))
        return cur_error(c, "write n1 - n2, or n1 -> n2 for one direction", "expected - or ->");
    uint32_t at = c->at;
    return need_actors(c, &l->b) && need_two_ends(c, at, named(&l->a), named(&l->b));
}

static bool each_side(struct player *p, const struct stmt *s, const struct sides *l, link_act *act)
{
    struct actor_set a, b;
    if (!actors_now(p, s, &l->a, &a) || !actors_now(p, s, &l->b, &b)) return false;
    each_link(p->w, &a, &b, act);
    if (l->both) each_link(p->w, &b, &a, act);
    return true;
}

bool parse_cut(struct cursor *c, struct stmt *s)
{
    struct sides *l = s->args = args_take(c, sizeof *l);
    return l && need_sides(c, l);
}
bool run_cut(struct player *p, const struct stmt *s) { return each_side(p, s, s->args, net_cut); }
bool parse_join(struct cursor *c, struct stmt *s) { return parse_cut(c, s); }
bool run_join(struct player *p, const struct stmt *s) { return each_side(p, s, s->args, net_heal); }

/* heal; heal all; heal NODES; heal A - B; heal A -> B */
bool parse_heal(struct cursor *c, struct stmt *s)
{
    struct sides *l = s->args = args_take(c, sizeof *l);
    if (!l) return false;
    l->all = cur_end(c) || (cur_is(c, "all") && c->at + 1 == c->n);
    if (l->all) return c->at = c->n, true;
    if (!need_actors(c, &l->a)) return false;
    if (cur_end(c)) return true;
    c->at = 1;
    return need_sides(c, l);
}

bool run_heal(struct player *p, const struct stmt *s)
{
    const struct sides *l = s->args;
    struct actor_set a, all = every_actor(p->w);
    if (l->all) return net_heal_all(p->w), surgery_heal(p->w), true;
    if (l->b.who.n || l->b.nclients) return each_side(p, s, l, net_heal);
    if (!actors_now(p, s, &l->a, &a)) return false;
    each_link(p->w, &a, &all, net_heal);
    each_link(p->w, &all, &a, net_heal);
    return true;
}
