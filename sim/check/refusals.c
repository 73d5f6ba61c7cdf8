/* SPDX-License-Identifier: MIT */
/*
 * Stability: a voter refuses a vote, or a pre-vote, only for a cause.
 *
 * Method: when a request arrives, what the records say of the voter decides whether it has one: the
 * term of the request is below its own, or of the same term and its vote is another's; its log
 * is ahead; it follows, or restarted under a lease (within its minimum election timeout, or its
 * clock went back since); it leads; a write of its own is under way, or was and its process has not
 * come to hear of that, for its disk may hang. If there is none, the voter owes a grant, and a
 * refusal of that very try is a violation, the more so where the vote is the candidate's already:
 * who asks again has lost the answer, not the election. A request that nobody answers is no
 * refusal.
 */
#include <inttypes.h>

#include "../world/service.h"
#include "stability.h"

static bool log_is_ahead(const struct world *w, const struct mnode *n, const struct record *r)
{
    const uint64_t own = store_term(w, n->head), theirs = rec_log_term(r);
    return own > theirs || (own == theirs && n->last > r->index);
}

static bool vote_is_free(const struct mnode *n, const struct record *r)
{
    if (r->term != n->term)
        return r->term > n->term;
    return rec_type(r) == MSG_VOTE && (n->vote == 0 || n->vote == r->peer);
}

static bool may_be_loyal(const struct world *w, const struct calm_node *c, uint8_t node)
{
    return c->loyal != NEVER && (c->blurred || own_time(w, c, node) - c->loyal < c->least);
}

__attribute__((noinline)) void refusals_asked(struct world *w, const struct model *m,
                                              struct stability *s, const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    c->owes = 0;
    if (!(m->voters & NODE_BIT(r->node)) || c->least == NEVER || n->role == SUT_LEADER ||
        n->role == SUT_HALTED || n->wid > n->durable_wid || service_waits(w, r->node, TASK_DISK) ||
        !vote_is_free(n, r) || log_is_ahead(w, n, r) || may_be_loyal(w, c, r->node))
        return;
    c->owes = r->peer;
    c->owes_type = rec_type(r);
    c->owes_try = label_try(rec_try_boot(r), rec_try(r));
    c->owes_term = r->term;
    c->owes_seen = w->records;
}

void refusals_told(struct world *w, const struct model *m, struct stability *s,
                   const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    const bool owed = c->owes == r->peer && rec_type(r) == c->owes_type + 1 &&
                      c->owes_term == rec_asked(r) &&
                      c->owes_try == label_try(rec_try_boot(r), rec_try(r));
    check_judged(w, CHECK_stability);
    if (!owed)
        return;
    violate(w, &check_stability, c->owes_seen,
            "n%u refuses n%u a %s of term %" PRIu64 " at %s%s: it followed nobody, and its log is "
            "not ahead",
            r->node, r->peer, c->owes_type == MSG_VOTE ? "vote" : "pre-vote", c->owes_term,
            when(r->at).text,
            c->owes_type == MSG_VOTE && n->vote == r->peer ? ", which has that vote already" : "");
}
