/* SPDX-License-Identifier: MIT */
/*
 * One vote a term (D 3.4, 3.8): in a term a node votes for at most one candidate, in all its
 * lives together.
 *
 * Method: a vote is cast when it can be seen: by the grant that leaves the node, by the disk that
 * holds it, by the node's own win. What was only in memory when the node crashed was never cast.
 * One word a node and term remembers the first candidate and the record.
 */
#include <inttypes.h>

#include "model.h"

enum { CANDIDATE_BITS = 8 };

struct votes { struct vec rows; };     /* by tenure: a word a node, ordinal << 8 | candidate */

static uint64_t *word_of(struct world *w, struct model *m, struct votes *v, uint8_t node,
                         uint64_t term)
{
    uint32_t row = model_tenure(w, m, term);
    if (row >= v->rows.n)
        vec_push(&w->arena, &v->rows, row + 1 - v->rows.n);
    return (uint64_t *)vec_at(&w->arena, &v->rows, row) + (node - 1u);
}

static void cast(struct world *w, struct model *m, struct votes *v, const struct record *r,
                 uint64_t term, uint8_t candidate)
{
    uint64_t *word = word_of(w, m, v, r->node, term);
    check_judged(w, CHECK_vote_once);
    uint8_t before = (uint8_t)*word;
    if (before == 0)
        *word = w->records << CANDIDATE_BITS | candidate;
    else if (before != candidate)
        violate(w, &check_vote_once, *word >> CANDIDATE_BITS,
                "n%u votes for n%u in term %" PRIu64 " at %s, and has voted for n%u in that term",
                r->node, candidate, term, when(r->at).text, before);
}

static void start(struct world *w, void *state)
{
    struct votes *v = state;
    vec_init(&v->rows, (uint32_t)(w->nnodes * sizeof(uint64_t)), 3);
}

void check_vote_once_record(struct world *w, struct model *m, void *state,
                            const struct record *r)
{
    const struct durable *d = &m->node[r->node].durable;
    if (r->kind == REC_DURABLE || r->kind == REC_BOOT) {
        bool known = r->kind == REC_DURABLE && r->term == d->term && rec_vote(r) == d->vote;
        if (rec_vote(r) && !known)
            cast(w, m, state, r, r->term, rec_vote(r));
    } else if (r->kind == REC_ROLE) {
        if (rec_role(r) == SUT_LEADER)
            cast(w, m, state, r, r->term, r->node);
    } else {
        cast(w, m, state, r, r->term, r->peer);
    }
}

const struct check check_vote_once = {
    .name = "vote-once",
    .rule = "in a term a node votes for at most one candidate, across all its restarts (D 3.4, "
            "3.8)",
    .sees = SEES_PROTOCOL,
    .judges = "a vote that was cast",
    .messages = UINT32_C(1) << MSG_VOTE_REPLY,
    .state = sizeof(struct votes),
    .start = start,
};
