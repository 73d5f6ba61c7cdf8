/* SPDX-License-Identifier: MIT */
/*
 * Leader append-only (D 3.5, figure 3.2): a leader never overwrites or deletes entries of its log.
 *
 * Method: a cut by a node whose term is one that it has led, in this life or an earlier one. While
 * it leads that is the rule itself; after it stepped down, only the leader of that term could have
 * asked for the cut, and that is itself.
 */
#include <inttypes.h>

#include "model.h"

void check_leader_append_only_record(struct world *w, struct model *m, void *state,
                                     const struct record *r)
{
    (void)state;
    const struct mnode *n = &m->node[r->node];
    check_judged(w, CHECK_leader_append_only);
    if (rec_role(r) != SUT_LEADER && (n->led_term == 0 || n->led_term != n->term))
        return;
    violate(w, &check_leader_append_only, n->seen_role,
            "n%u cuts its log from index %" PRIu64 " (its last was %" PRIu64 ") in term %" PRIu64
            ", which it %s",
            r->node, r->index, rec_last_before(r), n->term,
            rec_role(r) == SUT_LEADER ? "leads" : "has led");
}

const struct check check_leader_append_only = {
    .name = "leader-append-only",
    .rule = "a leader never cuts its log (D 3.5)",
    .sees = SEES_PROTOCOL,
    .judges = "a cut of a log",
};
