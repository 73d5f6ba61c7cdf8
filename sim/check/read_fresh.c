/* SPDX-License-Identifier: MIT */
/*
 * Reads are fresh (D 6.4): a read answers from an index at least as great as any that a client was
 * told before the read was invoked.
 *
 * Method: each operation remembers, at its INVOKE, the greatest index acknowledged to anyone; each
 * answer of a node is held to it, whether or not it reaches the client, and the node must have
 * applied up to the index it answers from. Reads by index and by log survive anything a clock does.
 * A lease read in a chaos run is judged only while the clocks of the lease's holder and of all
 * voters kept their declared bound since the lease's round; the others are counted, and
 * linearizability leaves out operations whose clients were told by one of them. That there was such
 * a lease the records must show, and the node's options that it reads by one: not who answers.
 */
#include <inttypes.h>

#include "model.h"

void check_read_fresh_record(struct world *w, struct model *m, void *state,
                             const struct record *r)
{
    (void)state;
    const struct mnode *n = &m->node[r->node];
    const struct mop *op = mop_at(w, rec_op(r));
    if (op == NULL)
        return;
    if (r->index > n->applied) {
        check_judged(w, CHECK_read_fresh);
        violate(w, &check_read_fresh, n->seen_apply,
                "n%u answers op %" PRIu32 " at index %" PRIu64 ", and has applied only %" PRIu64,
                r->node, rec_op(r), r->index, n->applied);
        return;
    }
    if (model_read_excused(w, m, r)) {
        check_excused(w, CHECK_read_fresh);
        return;
    }
    check_judged(w, CHECK_read_fresh);
    const struct mop *floor = mop_at(w, op->acked);
    if (floor && r->index < floor->told.index)
        violate(w, &check_read_fresh, model_returned(w, floor),
                "n%u answers op %" PRIu32 " (%s) at index %" PRIu64 ", and index %" PRIu64
                " was acknowledged at %s, before it was invoked at %s",
                r->node, rec_op(r), record_sub_name(r), r->index, (uint64_t)floor->told.index,
                when(model_time(w, floor->told.ms)).text, when(model_invoked(op)).text);
}

const struct check check_read_fresh = {
    .name = "read-fresh",
    .rule = "a read answers at an index no less than any acknowledged before it was invoked "
            "(D 6.4)",
    .sees = SEES_OUTSIDE,
    .judges = "an answer to a read",
};
