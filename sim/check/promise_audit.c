/* SPDX-License-Identifier: MIT */
/*
 * The promise audit (D 3.8): when a promise leaves a node, its durable image implies it, or an
 * earlier one did.
 *
 * Method: at the SEND of a promise the model's acknowledged image of the sender is asked. A vote:
 * that term and that candidate. An acknowledgement of entries: a term no lower, and the leader's
 * own entry at the acknowledged index, the leader's log being the branch of its term. A win is a
 * promise to oneself: term and own vote are durable.
 *
 * A promise that leaves when the disk is in a later term is late. Of entries it is no lie if that
 * disk ever held them (held.c). A vote it is not unless that disk ever held another: whatever
 * happens, the node votes in that term no more. That it should not have left is the contract's.
 * What promises nothing, such as an answer to a heartbeat, is durable-term's.
 */
#include <inttypes.h>

#include "model.h"

/* What the sender's disk last held in the promise's term, which it has left; else NULL. */
static const struct held *left_behind(struct world *w, const struct model *m, const struct mnode *n,
                                      const struct record *r)
{
    return n->durable.term > r->term ? model_held(w, m, r->node, r->term) : NULL;
}

static void judge_vote(struct world *w, const struct model *m, const struct mnode *n,
                       const struct record *r, uint8_t candidate, const char *what)
{
    const struct durable *d = &n->durable;
    const struct held *left = left_behind(w, m, n, r);
    const bool late = r->kind == REC_SEND && d->term > r->term;
    check_judged(w, CHECK_promise_audit);
    if (late ? !left || !left->vote || left->vote == candidate
             : d->term == r->term && d->vote == candidate)
        return;
    violate(w, &check_promise_audit, d->ordinal,
            "n%u %s n%u in term %" PRIu64 " at %s, and its disk holds term %" PRIu64 "%s",
            r->node, what, candidate, r->term, when(r->at).text, d->term, vote_of(d->vote).text);
}

/* The entry that a positive answer in this term speaks of; 0 where the leader's log has
 * none there. */
static uint32_t promised(const struct world *w, const struct model *m, const struct mnode *n,
                         const struct record *r)
{
    const struct tenure *t = model_term(w, m, r->term);
    return store_at(w, t && t->tip ? t->tip : n->head, r->index);
}

static void judge_acknowledgement(struct world *w, const struct model *m, const struct mnode *n,
                                  const struct record *r)
{
    const struct durable *d = &n->durable;
    if (r->index == 0)
        return;
    check_judged(w, CHECK_promise_audit);
    if (d->term < r->term) {
        violate(w, &check_promise_audit, d->ordinal,
                "n%u answers n%u in term %" PRIu64 " at %s, and its disk holds term %" PRIu64,
                r->node, r->peer, r->term, when(r->at).text, d->term);
        return;
    }
    uint32_t entry = promised(w, m, n, r);
    if (entry && store_at(w, d->head, r->index) == entry)
        return;
    const struct held *left = left_behind(w, m, n, r);
    if (entry && left && store_at(w, left->head, r->index) == entry)
        return;
    violate(w, &check_promise_audit, d->ordinal,
            "n%u tells n%u at %s that it has the log of term %" PRIu64 " through %" PRIu64
            "%s, and its disk's log ends at %" PRIu64 "/%" PRIu64,
            r->node, r->peer, when(r->at).text, r->term, r->index,
            entry ? "" : ", an index which that log has not",
            store_term(w, d->head), d->index);
}

void check_promise_audit_record(struct world *w, struct model *m, void *state,
                                const struct record *r)
{
    (void)state;
    const struct mnode *n = &m->node[r->node];
    if (r->kind == REC_ROLE) {
        if (rec_role(r) == SUT_LEADER && n->role != SUT_LEADER)
            judge_vote(w, m, n, r, r->node, "wins as");
    } else if (rec_type(r) == MSG_VOTE_REPLY) {
        judge_vote(w, m, n, r, r->peer, "votes for");
    } else {
        judge_acknowledgement(w, m, n, r);
    }
}

const struct check check_promise_audit = {
    .name = "promise-audit",
    .rule = "a vote or an acknowledgement leaves a node only when its disk implies it, or did (D "
            "3.8)",
    .sees = SEES_INSIDE,
    .judges = "a vote or an acknowledgement that leaves, or a win",
};
