/* SPDX-License-Identifier: MIT */
/*
 * What a lease stands on (D 6.4.1): rounds that a majority has answered in this reign. It runs from
 * the beginning of the latest of them, by the leader's own clock, for as long as clocks within the
 * declared bound allow and no longer: L = E (1 - b) / (1 + b), E being the least election timeout
 * and b the bound. A round that began before its clock went back counts for nothing, since nobody
 * knows any more how long ago that was.
 *
 * Method: a round begins when the first message of it leaves; an answer that comes to the leader
 * names its round and the term that asked. The leader itself answers each round at once, and no
 * other can be later, so the majority lacks one less of the others. A clock that went back is known
 * to the system only where a step of it sees an earlier time than a step before; so steps are
 * looked at, and not the clock. Of the older rounds none is forgotten that could carry a lease;
 * of one that is, the beginning of the oldest that is kept stands for it, which is later.
 *
 * A lease answers reads only at nodes whose option says that they read by it.
 *
 * lease-exclusivity asks what came of a lease in this run; this asks whether it might. Excused is
 * the lease of a node that has an option whose name begins with unsafe-, or that was handed a
 * message which no correct node could have sent. How a read was answered is judged of every node.
 */
#include <inttypes.h>
#include <string.h>

#include "model.h"

#define PPM 1000000u
#define OF(type) (UINT32_C(1) << MSG_##type)
enum { ROUNDS = 64, ROUNDING = 16 };

/* A leader's rounds, by its local clock. */
struct basis {
    uint64_t term;
    uint64_t latest;            /* the latest round that began in this term */
    uint64_t before;            /* rounds through this one count for nothing */
    uint64_t newest;            /* the latest local time at which it was seen to step */
    uint64_t began[ROUNDS];
    uint64_t answered[NODES_MAX + 1];   /* by node: the latest round that it answered; 0: none */
};

struct leaders { uint64_t of; };

static struct basis *basis_of(const struct world *w, const struct leaders *s, uint8_t node)
{
    return (struct basis *)arena_at(&w->arena, s->of) + node;
}

static void start(struct world *w, void *state)
{
    struct leaders *s = state;
    s->of = arena_take(&w->arena, (w->nnodes + 1u) * sizeof(struct basis));
}

/* A step of it has seen this time. */
static void steps(struct basis *b, uint64_t local)
{
    if (local < b->newest)
        b->before = b->latest;
    b->newest = local;
}

static void asks(const struct world *w, const struct model *m, struct basis *b,
                 const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    const uint64_t local = clock_local(w, r->node), round = rec_round(r);
    if (n->role != SUT_LEADER || n->led_term != r->term || round == 0)
        return;
    if (b->term != r->term)
        *b = (struct basis){.term = r->term, .latest = round - 1};
    steps(b, local);
    if (round > b->latest + ROUNDS)
        b->latest = round - ROUNDS;
    while (b->latest < round)
        b->began[++b->latest % ROUNDS] = local;
}

static void answers(struct basis *b, const struct record *r)
{
    if (rec_asked(r) == b->term && rec_round(r) <= b->latest &&
        rec_round(r) > b->answered[r->peer])
        b->answered[r->peer] = rec_round(r);
}

/* How many voters besides it make a majority with it. */
static uint32_t others_needed(const struct model *m, uint8_t node)
{
    const uint32_t majority = (uint32_t)__builtin_popcount(m->voters) / 2 + 1;
    return majority - !!(m->voters & NODE_BIT(node));
}

/* The latest round that so many others have answered, by which a majority has; 0: there is none. */
static uint64_t stands_on(const struct model *m, const struct basis *b,
                          uint8_t node, uint32_t needed)
{
    const node_set others = m->voters & ~NODE_BIT(node);
    uint64_t round = 0;
    for (node_set left = others; left; left &= left - 1) {
        const uint64_t mine = b->answered[__builtin_ctz(left) + 1];
        uint32_t n = 0;
        for (node_set all = others; all; all &= all - 1)
            n += b->answered[__builtin_ctz(all) + 1] >= mine;
        if (n >= needed && mine > round)
            round = mine;
    }
    return round;
}

static uint64_t length(const struct world *w, uint8_t node)
{
    const uint64_t bound = world_option(w, node, "lease-drift-bound");
    return model_lease_window(w, node) * (PPM - bound) / (PPM + bound);
}

static void judge_lease(struct world *w, const struct model *m, const struct basis *b,
                        const struct record *r, uint32_t needed)
{
    const uint64_t until = rec_until_local(r), round = stands_on(m, b, r->node, needed);
    const struct mnode *n = &m->node[r->node];
    if (b->term != r->term || round <= b->before) {
        violate(w, &check_lease_basis, n->seen_lease,
                "n%u holds a lease of term %" PRIu64 " at %s, and no majority has answered a round "
                "that began in it%s", r->node, r->term, when(r->at).text,
                b->before ? " since its clock went back" : "");
        return;
    }
    const uint64_t oldest = b->latest < ROUNDS ? 1 : b->latest - ROUNDS + 1;
    const uint64_t kept = round > oldest ? round : oldest, began = b->began[kept % ROUNDS];
    if (until <= began + length(w, r->node) + ROUNDING)
        return;
    violate(w, &check_lease_basis, n->seen_lease,
            "n%u holds a lease of term %" PRIu64 " for %s from the beginning of round %" PRIu64
            ", and clocks within their bound allow %s; a majority has answered no round after %"
            PRIu64, r->node, r->term, when(until - began).text, kept,
            when(length(w, r->node)).text, round);
}

static void holds(struct world *w, const struct model *m, struct basis *b, const struct record *r)
{
    const uint32_t needed = others_needed(m, r->node);
    steps(b, clock_local(w, r->node));
    if (rec_until_local(r) == 0 || needed == 0)
        return;
    if (model_unsafe_option(w, r->node) || (m->misled & NODE_BIT(r->node))) {
        check_excused(w, CHECK_lease_basis);
        return;
    }
    check_judged(w, CHECK_lease_basis);
    judge_lease(w, m, b, r, needed);
}

/* Who reads by ReadIndex leans on no clock, its own or a leader's (D 6.4). */
static void reads(struct world *w, const struct model *m, const struct record *r)
{
    if (rec_path(r) != READ_PATH_LEASE)
        return;
    check_judged(w, CHECK_lease_basis);
    if (model_reads_by_lease(w, r->node))
        return;
    violate(w, &check_lease_basis, m->node[r->node].seen_life,
            "n%u answers op %u at %s by a lease, and its option reads says read-index", r->node,
            rec_op(r), when(r->at).text);
}

void check_lease_basis_record(struct world *w, struct model *m, void *state,
                              const struct record *r)
{
    struct basis *b = basis_of(w, state, r->node);
    switch (r->kind) {
    case REC_SEND:
        if (!(rec_flags(r) & LABEL_REJECT))
            asks(w, m, b, r);
        return;
    case REC_DELIVER: answers(b, r); return;
    case REC_LEASE: holds(w, m, b, r); return;
    case REC_READ: reads(w, m, r); return;
    default: memset(b, 0, sizeof *b); return;
    }
}

const struct check check_lease_basis = {
    .name = "lease-basis",
    .rule = "a lease runs from a round that a majority has answered, for as long as clocks within "
            "their bound allow, and answers only who reads by it (D 6.4, 6.4.1)",
    .sees = SEES_PROTOCOL,
    .possible = model_leases,
    .idle = "leases are off",
    .judges = "a lease that a node of several holds, or holds for longer, or an answer by lease",
    .needs = SUT_KEEPS_EXCLUSIVE_LEASES,
    .messages = OF(APPEND) | OF(HEARTBEAT) | OF(APPEND_REPLY) | OF(HEARTBEAT_REPLY),
    .sent = OF(APPEND) | OF(HEARTBEAT),
    .refusals = OF(APPEND_REPLY) | OF(HEARTBEAT_REPLY),
    .state = sizeof(struct leaders),
    .start = start,
};
