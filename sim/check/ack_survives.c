/* SPDX-License-Identifier: MIT */
/*
 * Acknowledged writes survive (D 6.3): what a client was told has happened stays.
 *
 * Method: at the answer, the operation's entry must be the committed one at its index. From
 * then on the chain holds it, and leader completeness and state machine safety hold the nodes
 * to the chain. What remains are the disks: whenever one replaces part of its log at or below
 * the last acknowledged index, and at the end, a majority of the voters' disks must hold the
 * chain up to there.
 */
#include <inttypes.h>

#include "model.h"

static void judge_return(struct world *w, const struct model *m, const struct record *r)
{
    const struct mop *op = mop_at(w, rec_op(r));
    bool told = rec_outcome(r) == OUT_OK || rec_outcome(r) == OUT_FAIL;
    if (!told || op == NULL || op->verb == OP_READ || op->verb == OP_NONE)
        return;
    check_judged(w, CHECK_ack_survives);
    uint32_t entry = model_committed(w, m, r->index);
    if (entry && store_entry(w, entry)->op == rec_op(r))
        return;
    const struct growth *g = model_growth(w, m, r->index);
    violate(w, &check_ack_survives, g ? model_ordinal(w, g->ordinal) : 0,
            "op %" PRIu32 " was acknowledged at %s as index %" PRIu64 ", and %s", rec_op(r),
            when(r->at).text, r->index,
            entry ? "another entry is committed there" : "nothing is committed there");
}

/* `node`'s disk is about to hold the log that ends in `head`; node 0: the disks are as the model
 * has them. */
static void judge_disks(struct world *w, const struct model *m, uint8_t node, uint32_t head)
{
    uint32_t entry = model_committed(w, m, m->acked);
    if (entry == 0)
        return;
    check_judged(w, CHECK_ack_survives);
    node_set holders = model_holders(w, m, entry);
    if (node)
        holders = (holders & ~NODE_BIT(node)) |
                  (store_at(w, head, m->acked) == entry ? NODE_BIT(node) : 0);
    if (model_majority(m, holders))
        return;
    const struct mop *op = mop_at(w, m->acked_op);
    violate(w, &check_ack_survives, model_returned(w, op),
            "entry %" PRIu64 "/%" PRIu64
            ", acknowledged to a client at %s, is durable on only %d of %d voters",
            store_term(w, entry), m->acked, when(model_time(w, op->told.ms)).text,
            __builtin_popcount(holders & m->voters), __builtin_popcount(m->voters));
}

void check_ack_survives_record(struct world *w, struct model *m, void *state,
                               const struct record *r)
{
    (void)state;
    if (r->kind == REC_RETURN)
        judge_return(w, m, r);
    else if (r->kind == REC_BOOT)
        judge_disks(w, m, r->node, rec_entry(r));
    else if (m->node[r->node].cut_floor <= m->acked)
        judge_disks(w, m, r->node, rec_head(r));
}

static void finish(struct world *w, const struct model *m, void *state)
{
    (void)state;
    judge_disks(w, m, 0, 0);
}

const struct check check_ack_survives = {
    .name = "ack-survives",
    .rule = "an acknowledged write is committed, and stays on a majority of disks (D 6.3)",
    .sees = SEES_PROTOCOL,
    .judges = "an answer to a change, or a disk that replaces what was acknowledged",
    .finish = finish,
    .possible = model_has_clients,
    .idle = "no client asks for anything",
};
