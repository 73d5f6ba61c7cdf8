/* SPDX-License-Identifier: MIT */
/*
 * Method: a partition is a predicate on directed pairs of actors, made of a shape, a few sets and a
 * ring order in the strike's arguments. Cutting, joining and recognising a bite all ask the
 * predicate, so that what was cut is exactly what is joined.
 *
 *   arg[0] shape
 *   arg[1] one side A
 *   arg[2] the bridge, or the direction (clients: A's clients cannot ask A's nodes, or do not hear
 *   their answers) arg[3] clients: bit (number % 64) puts one on side A
 *   arg[4] do clients take sides at all (0: they reach every node)
 *   arg[5] ring: the place of node n in 4 bits at 4 (n - 1)
 */
#include "chaos.h"

enum shape {
    SHAPE_ANY, SHAPE_HALVES, SHAPE_MINORITY, SHAPE_RING, SHAPE_BRIDGE, SHAPE_ONE_WAY, SHAPE_LEADER,
    SHAPE_CLIENTS, SHAPES
};
enum direction { BOTH_WAYS, FROM_A, TO_A };

static const char *const words[SHAPES] = {
    "any", "halves", "minority", "majority-ring", "bridge", "one-way", "leader", "clients",
};

static bool parse(struct cursor *c, struct fault_line *line)
{
    for (uint64_t i = 0; i < SHAPES; i++)
        if (cur_word(c, words[i])) {
            line->param[0] = i;
            return true;
        }
    return true;
}

/* ---- the predicate --------------------------------------------------------------------------- */

static bool in_a(const struct fault_strike *s, uint8_t actor)
{
    if (is_client(actor))
        return s->arg[3] >> ((actor - CLIENT_BASE) % 64) & 1;
    return s->arg[1] >> (actor - 1) & 1;
}

static bool directed(const struct fault_strike *s, bool from_a, bool to_a)
{
    if (from_a == to_a)
        return false;
    return s->arg[2] == BOTH_WAYS || (s->arg[2] == FROM_A) == from_a;
}

/* Each sees a majority of nodes, no two the same: in a ring, those at most `reach` places away. */
static bool ring_apart(const struct world *w, const struct fault_strike *s, uint8_t a, uint8_t b)
{
    uint32_t n = w->nnodes, reach = (n / 2 + 1) / 2;
    uint32_t pa = (uint32_t)(s->arg[5] >> (4 * (a - 1)) & 15),
        pb = (uint32_t)(s->arg[5] >> (4 * (b - 1)) & 15);
    uint32_t far = pa > pb ? pa - pb : pb - pa;
    return (far < n - far ? far : n - far) > reach;
}

static bool severed(const struct world *w, const struct fault_strike *s, uint8_t from, uint8_t to)
{
    bool client = is_client(from) || is_client(to);
    if (from == to || (client && !s->arg[4]))
        return false;
    switch ((enum shape)s->arg[0]) {
    case SHAPE_CLIENTS:
        return client && in_a(s, from) && in_a(s, to) &&
               (s->arg[2] == BOTH_WAYS || (s->arg[2] == FROM_A) == is_client(from));
    case SHAPE_RING: return !client && ring_apart(w, s, from, to);
    case SHAPE_BRIDGE: return from != s->arg[2] && to != s->arg[2] && in_a(s, from) != in_a(s, to);
    case SHAPE_HALVES:
    case SHAPE_MINORITY:
    case SHAPE_ONE_WAY:
    case SHAPE_LEADER: return directed(s, in_a(s, from), in_a(s, to));
    case SHAPE_ANY:
    case SHAPES: break;
    }
    return false;
}

static void each(struct world *w, const struct fault_strike *s,
                 void (*change)(struct world *, uint8_t, uint8_t))
{
    for (struct ends e = {0}; links_next(w, &e) != NULL;)
        if (severed(w, s, e.from, e.to))
            change(w, e.from, e.to);
}

/* ---- drawing one ----------------------------------------------------------------------------- */

static uint64_t ring_order(struct world *w, const struct fault_strike *s)
{
    node_set left = nodes_to(w->nnodes);
    uint64_t order = 0;
    for (uint64_t at = 0; at < w->nnodes; at++) {
        uint8_t n = chaos_pick(w, s, left);
        left &= ~NODE_BIT(n);
        order |= at << (4 * (n - 1));
    }
    return order;
}

static void draw_sides(struct world *w, struct fault_strike *s, node_set members)
{
    uint32_t n = (uint32_t)__builtin_popcount(members), small = (n - 1) / 2 ? (n - 1) / 2 : 1;
    const uint8_t lead = chaos_leader(w, s);
    switch ((enum shape)s->arg[0]) {
    case SHAPE_HALVES: s->arg[1] = chaos_subset(w, s, members, n / 2); break;
    case SHAPE_CLIENTS:
    case SHAPE_ONE_WAY:
        s->arg[1] = chaos_subset(w, s, members, 1 + (uint32_t)chaos_draw(w, s, n - 1));
        break;
    case SHAPE_MINORITY:
        s->arg[1] = chaos_subset(w, s, members, 1 + (uint32_t)chaos_draw(w, s, small));
        break;
    case SHAPE_LEADER:
        s->arg[1] = lead ? NODE_BIT(lead) : NODE_BIT(chaos_pick(w, s, members));
        s->arg[1] |= chaos_subset(w, s, members & ~(node_set)s->arg[1],
                                  (uint32_t)chaos_draw(w, s, small));
        s->arg[2] = chaos_draw(w, s, 3);
        break;
    case SHAPE_RING: s->arg[5] = ring_order(w, s); break;
    case SHAPE_BRIDGE:
        s->arg[2] = chaos_pick(w, s, members);
        s->arg[1] = chaos_subset(w, s, members & ~NODE_BIT(s->arg[2]), (n - 1) / 2);
        break;
    case SHAPE_ANY:
    case SHAPES: break;
    }
    if (s->arg[0] == SHAPE_ONE_WAY)
        s->arg[2] = FROM_A + chaos_draw(w, s, 2);
    if (s->arg[0] == SHAPE_CLIENTS)
        s->arg[2] = chaos_draw(w, s, 3);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    node_set members = chaos_members(w);
    uint32_t n = (uint32_t)__builtin_popcount(members);
    if (n < 2)
        return false;
    s->arg[0] = line->param[0] ? line->param[0] : 1 + chaos_draw(w, s, SHAPES - 1);
    if (n < 4 && (s->arg[0] == SHAPE_RING || s->arg[0] == SHAPE_BRIDGE))
        s->arg[0] = n == 3 ? SHAPE_BRIDGE : SHAPE_MINORITY;
    draw_sides(w, s, members);
    s->arg[4] = s->arg[0] == SHAPE_CLIENTS || (s->arg[0] != SHAPE_RING && chaos_draw(w, s, 2));
    if (s->arg[4]) {
        s->arg[3] = chaos_draw(w, s, UINT64_C(1) << 32);
        s->arg[3] |= s->arg[3] << 32;
    }
    each(w, s, net_cut);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    each(w, s, net_join);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)line;
    return rec_dropped(r) == DROP_CUT && severed(w, s, r->node, r->peer);
}

const struct fault fault_partition = {
    .name = "partition",
    .help = "cuts the cluster, clients included, in two, in a ring, around a bridge, one way, at "
            "the leader or from its clients",
    .synopsis = "[any|halves|minority|majority-ring|bridge|one-way|leader|clients]",
    .example = "partition any every 1s..5s heal after 0.5s..3s",
    .timing = FAULT_TIMED,
    .watches = RECORD_BIT(DROP),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
