/* SPDX-License-Identifier: MIT */
/*
 * The commitment rule (D 3.5, 3.6.2, 10.2.1): a leader commits by counting only entries of its own
 * term that are durable on a majority.
 *
 * Method: ground truth. When the committed chain grows, the voters' disks are asked: a majority's
 * acknowledged durable logs hold the entry, and it is of the term of the node that commits. A node
 * that stored an entry of the leader's term and has since cut it cannot be: the leader that made it
 * do so lacked the entry, and a majority held it. An entry of an older term may be committed where
 * every voter holds it (D 3.6.2).
 */
#include <inttypes.h>

#include "model.h"

void check_commit_quorum_record(struct world *w, struct model *m, void *state,
                                const struct record *r)
{
    (void)state;
    uint32_t entry = rec_entry(r);
    if (entry == 0 || r->index <= m->chain_index)
        return;
    check_judged(w, CHECK_commit_quorum);
    node_set holders = model_holders(w, m, entry);
    const struct mnode *n = &m->node[r->node];
    if (!model_majority(m, holders)) {
        violate(w, &check_commit_quorum, n->seen_log,
                "n%u commits %" PRIu64 "/%" PRIu64 " in term %" PRIu64
                " at %s, and it is durable on %s of %d voters",
                r->node, store_term(w, entry), r->index, r->term, when(r->at).text,
                names_of(holders).text, __builtin_popcount(m->voters));
        return;
    }
    if (rec_role(r) == SUT_LEADER && store_term(w, entry) != r->term && holders != m->voters)
        violate(w, &check_commit_quorum, n->seen_role,
                "n%u leads term %" PRIu64 " and commits %" PRIu64 "/%" PRIu64
                " at %s by counting copies, an entry of an older term",
                r->node, r->term, store_term(w, entry), r->index, when(r->at).text);
}

const struct check check_commit_quorum = {
    .name = "commit-quorum",
    .rule = "a commit stands on an entry of the leader's own term that is durable on a majority "
            "(D 3.6.2, 10.2.1)",
    .sees = SEES_PROTOCOL,
    .judges = "a commit beyond all earlier ones",
};
