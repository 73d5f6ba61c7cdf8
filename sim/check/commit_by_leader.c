/* SPDX-License-Identifier: MIT */
/*
 * Who commits (D 3.5): the committed chain grows by a leader, and all others follow what it has
 * told them. So whoever commits beyond what anyone had committed led when its step began, or leads
 * now that it ends.
 *
 * Method: at a commit beyond the chain, which begins with what was preloaded as committed, the
 * node's role in the records is asked; one that has ceased to lead in this same step committed as
 * a leader. A step takes no time, so its records have the time of the commit. A node that was
 * handed a message which no correct node could have sent may have been told anything: it is
 * excused.
 */
#include <inttypes.h>

#include "model.h"

struct reigns { uint64_t ended_at[NODES_MAX + 1]; };  /* + 1; 0: it never led */

void check_commit_by_leader_record(struct world *w, struct model *m, void *state,
                                   const struct record *r)
{
    struct reigns *s = state;
    const struct mnode *n = &m->node[r->node];
    if (r->kind == REC_ROLE) {
        if (n->role == SUT_LEADER && rec_role(r) != SUT_LEADER)
            s->ended_at[r->node] = r->at + 1;
        return;
    }
    if (rec_entry(r) == 0 || r->index <= m->chain_index)
        return;
    if (m->misled & NODE_BIT(r->node)) {
        check_excused(w, CHECK_commit_by_leader);
        return;
    }
    check_judged(w, CHECK_commit_by_leader);
    if (n->role == SUT_LEADER || s->ended_at[r->node] == r->at + 1)
        return;
    violate(w, &check_commit_by_leader, n->seen_role ? n->seen_role : n->seen_life,
            "n%u commits %" PRIu64 "/%" PRIu64 " in term %" PRIu64
            " at %s and does not lead; no leader has committed beyond %" PRIu64,
            r->node, store_term(w, rec_entry(r)), r->index, r->term, when(r->at).text,
            m->chain_index);
}

const struct check check_commit_by_leader = {
    .name = "commit-by-leader",
    .rule = "nobody but a leader commits what nobody has committed yet (D 3.5)",
    .sees = SEES_PROTOCOL,
    .judges = "a commit beyond all earlier ones",
    .state = sizeof(struct reigns),
};
