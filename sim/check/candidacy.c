/* SPDX-License-Identifier: MIT */
/*
 * Stability: whoever stands for election gives up only for a cause, and for a cause at once.
 *
 * Method. A cause is a message, delivered just now: of a leader, or a request for a vote, of its
 * term or a later one; of any other kind of a later term, but for an asking for pre-votes and a
 * granting of one, whose terms nobody may ever reach; or a refusal of its own request. An old
 * leader's append is none (nats-io/nats-server#5314, #5717).
 *
 * Two of these leave no choice. Who hears a leader of its term, or of a later one, follows it (D
 * 3.4). And who was refused by so many that no majority is left gives up, rather than wait for
 * votes that cannot come: refusals are counted by sender, and a grant takes the place of a refusal.
 * What is owed is owed in the step that takes the message in, and judged at the next record of
 * another step. Excused: a message that the host refuses to hand over, a node that halts or stops
 * in that step, and one that it takes to a still later term.
 */
#include <inttypes.h>

#include "stability.h"

static bool is_cause(const struct mnode *n, const struct record *r)
{
    const bool refuses = rec_flags(r) & LABEL_REJECT;
    switch (rec_type(r)) {
    case MSG_APPEND: case MSG_HEARTBEAT: case MSG_VOTE: return r->term >= n->term;
    case MSG_VOTE_REPLY: return refuses || r->term > n->term;
    case MSG_PREVOTE_REPLY: return refuses;
    case MSG_PREVOTE: return false;
    default: return r->term > n->term;
    }
}

/* It answers what the node asks at present. */
static bool answers(const struct world *w, const struct calm_node *c, const struct mnode *n,
                    const struct record *r)
{
    if (rec_type(r) == MSG_VOTE_REPLY)
        return n->role == SUT_CANDIDATE && rec_asked(r) == n->term;
    return rec_type(r) == MSG_PREVOTE_REPLY && n->role == SUT_PRECANDIDATE && c->told &&
           rec_asked(r) == n->term + 1 && rec_try(r) == c->attempt &&
           rec_try_boot(r) == w->process[r->node].boots;
}

static void counts(struct world *w, const struct model *m, struct stability *s,
                   const struct record *r)
{
    struct calm_node *c = calm_node(w, s, r->node);
    const node_set from = NODE_BIT(r->peer) & m->voters;
    if (!(rec_flags(r) & LABEL_REJECT))
        c->granted |= from;
    else
        c->refused |= from;
    c->refused &= ~c->granted;
    if (c->refused && !model_majority(m, m->voters & ~c->refused))
        candidacy_owes(w, m, s, r, 0);
}

void candidacy_given(struct world *w, const struct model *m, struct stability *s,
                     const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    if (r->peer > w->nnodes)
        return;
    if (is_cause(n, r)) {
        s->moved = r->node;
        s->moved_at = r->at;
    }
    if (answers(w, calm_node(w, s, r->node), n, r))
        counts(w, m, s, r);
}

void candidacy_ends(struct world *w, const struct model *m, const struct stability *s,
                    const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    check_judged(w, CHECK_stability);
    if (s->moved != r->node || s->moved_at != r->at)
        violate(w, &check_stability, n->seen_role,
                "n%u gives up its candidacy at %s, and neither heard of a leader of term %" PRIu64
                " or a later one, nor was refused",
                r->node, when(r->at).text, n->term);
}

/* ---- what is owed ---------------------------------------------------------------------------- */

void candidacy_owes(struct world *w, const struct model *m, struct stability *s,
                    const struct record *r, uint8_t leader)
{
    const uint64_t term = leader ? r->term : m->node[r->node].term;
    s->duty = (struct duty){.node = r->node, .leader = leader, .term = term, .at = r->at,
                            .message = rec_message(r), .seen = w->records};
}

static bool does(const struct duty *d, const struct record *r)
{
    return r->term == d->term && rec_role(r) == SUT_FOLLOWER &&
           (d->leader == 0 || rec_leader(r) == d->leader);
}

static bool is_done(const struct model *m, const struct duty *d)
{
    const struct mnode *n = &m->node[d->node];
    if (!n->up || n->role == SUT_HALTED || n->term > d->term)
        return true;
    return n->term == d->term && n->role == SUT_FOLLOWER &&
           (d->leader == 0 || n->leader == d->leader);
}

__attribute__((noinline)) void candidacy_judged(struct world *w, const struct model *m,
                                                struct stability *s, const struct record *r)
{
    const struct duty d = s->duty;
    if (r->kind == REC_DROP && rec_message(r) == d.message) {
        s->duty.node = 0;
        return;
    }
    if (r->at == d.at && r->kind != REC_DELIVER) {      /* of that step, perhaps */
        if (r->kind == REC_ROLE && r->node == d.node)
            s->duty.node = does(&d, r) ? 0 : d.node;
        return;
    }
    s->duty.node = 0;
    check_judged(w, CHECK_stability);
    if (is_done(m, &d))
        return;
    if (d.leader)
        violate_between(w, &check_stability, m->node[d.node].seen_role, d.seen,
                        "n%u hears n%u at %s, which leads term %" PRIu64 ", and does not follow it",
                        d.node, d.leader, when(d.at).text, d.term);
    else
        violate_between(w, &check_stability, m->node[d.node].seen_role, d.seen,
                        "n%u was refused by so many at %s that no majority is left, and goes on to "
                        "stand in term %" PRIu64,
                        d.node, when(d.at).text, d.term);
}
