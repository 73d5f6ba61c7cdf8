/* SPDX-License-Identifier: MIT */
/*
 * Elections are won by votes (D 3.4): who wins a term has a majority of the voters' votes of that
 * term, its own if its disk holds it, and every other one as a grant that was delivered to it in
 * this candidacy and that the voter's disk holds, or held when it was in that term.
 *
 * Method: a candidacy is a try of a term in one life: the request for votes that leaves the node
 * says which. Grants that are delivered to the node are counted as bits where they answer just
 * that; so a repeated one counts once, and one of an earlier try, term or life not at all. At the
 * win the bits are counted, and the voters' disks are asked (held.c). Nobody counts for a node that
 * was handed a grant which no correct node could have sent: it is excused.
 */
#include <inttypes.h>

#include "model.h"

struct candidacy { uint64_t term; uint32_t boot, try; node_set granted; };

struct candidacies { uint64_t of; };        /* where those of n1, n2 ... lie */

static struct candidacy *of_node(const struct world *w, const struct candidacies *s, uint8_t node)
{
    return (struct candidacy *)arena_at(&w->arena, s->of) + node;
}

static void start(struct world *w, void *state)
{
    ((struct candidacies *)state)->of =
        arena_take(&w->arena, (w->nnodes + 1u) * sizeof(struct candidacy));
}

static bool stands(struct world *w, const struct model *m, uint8_t voter, uint64_t term,
                   uint8_t candidate)
{
    const struct durable *d = &m->node[voter].durable;
    if (d->term == term)
        return d->vote == candidate;
    const struct held *left = d->term > term ? model_held(w, m, voter, term) : NULL;
    return left && left->vote == candidate;
}

static void judge_votes(struct world *w, const struct model *m, const struct candidacy *c,
                        const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    node_set votes = c->term == r->term ? c->granted & m->voters : 0;
    for (node_set set = votes; set; set &= set - 1) {
        const uint8_t voter = (uint8_t)(__builtin_ctz(set) + 1);
        if (voter == r->node || stands(w, m, voter, r->term, r->node))
            continue;
        violate(w, &check_vote_quorum, m->node[voter].durable.ordinal,
                "n%u wins term %" PRIu64 " at %s by a grant of n%u, whose disk never held that "
                "vote",
                r->node, r->term, when(r->at).text, voter);
        return;
    }
    if (stands(w, m, r->node, r->term, r->node))
        votes |= NODE_BIT(r->node) & m->voters;
    if (!model_majority(m, votes))
        violate(w, &check_vote_quorum, n->seen_term ? n->seen_term : n->seen_life,
                "n%u wins term %" PRIu64 " at %s with the votes of %s of %d voters", r->node,
                r->term, when(r->at).text, names_of(votes).text, __builtin_popcount(m->voters));
}

static void judge_win(struct world *w, const struct model *m, const struct candidacy *c,
                      const struct record *r)
{
    if (!model_wins(m, r))
        return;
    if (m->misled & NODE_BIT(r->node)) {
        check_excused(w, CHECK_vote_quorum);
        return;
    }
    check_judged(w, CHECK_vote_quorum);
    judge_votes(w, m, c, r);
}

/* A request leaves (another try: nobody has answered it yet), or a grant arrives. */
static void take(struct candidacy *c, const struct record *r)
{
    const bool same = c->term == r->term && c->boot == rec_try_boot(r) && c->try == rec_try(r);
    if (r->kind == REC_SEND && rec_type(r) == MSG_VOTE && !same)
        *c = (struct candidacy){.term = r->term, .boot = rec_try_boot(r), .try = rec_try(r)};
    else if (r->kind == REC_DELIVER && rec_type(r) == MSG_VOTE_REPLY && same)
        c->granted |= NODE_BIT(r->peer);
}

void check_vote_quorum_record(struct world *w, struct model *m, void *state,
                              const struct record *r)
{
    struct candidacy *c = of_node(w, state, r->node);
    if (r->kind == REC_ROLE)
        judge_win(w, m, c, r);
    else if (r->kind == REC_BOOT)
        *c = (struct candidacy){0};
    else
        take(c, r);
}

const struct check check_vote_quorum = {
    .name = "vote-quorum",
    .rule = "who wins has a majority of votes of that term: its own, durable, and grants that came "
            "to it in this candidacy and stand on the voters' disks (D 3.4)",
    .sees = SEES_PROTOCOL,
    .judges = "a win",
    .messages = UINT32_C(1) << MSG_VOTE | UINT32_C(1) << MSG_VOTE_REPLY,
    .state = sizeof(struct candidacies),
    .start = start,
};
