/* SPDX-License-Identifier: MIT */
/*
 * Durable terms (D 3.8, figure 3.1: "updated on stable storage before responding to RPCs"): nobody
 * is brought to adopt a node's term before that node's disk holds it, or a later one. Else a node
 * may refuse in a term, crash, and be back in an earlier one.
 *
 * Method: at the SEND of a candidate's request, of a refusal, and of an answer that acknowledges no
 * entry, the model's acknowledged image of the sender is asked. Of grants, of acknowledgements of
 * entries, and of a leader, who won before it sends, promise-audit asks it; a pre-vote and its
 * grant speak of a term to come, and forwarded reads and proposals move nobody's. That one of these
 * leaves early breaks no promise (a leader's term is on the disks of those who elected it, so a
 * voter that forgets the term elects nobody beside it), so this is asked only of a system that says
 * it keeps to it.
 */
#include <inttypes.h>

#include "model.h"

#define OF(type) (UINT32_C(1) << MSG_##type)

void check_durable_term_record(struct world *w, struct model *m, void *state,
                               const struct record *r)
{
    (void)state;
    const struct durable *d = &m->node[r->node].durable;
    if (rec_type(r) == MSG_APPEND_REPLY && !(rec_flags(r) & LABEL_REJECT) && r->index)
        return;                                          /* promise-audit's */
    check_judged(w, CHECK_durable_term);
    if (d->term >= r->term)
        return;
    violate(w, &check_durable_term, d->ordinal,
            "n%u shows n%u term %" PRIu64 " by a %s at %s, and its disk holds term %" PRIu64,
            r->node, r->peer, r->term, msg_type_name(rec_type(r)), when(r->at).text, d->term);
}

const struct check check_durable_term = {
    .name = "durable-term",
    .rule = "a node shows its term only when its disk holds it (D 3.8; of a system that declares "
            "to keep to it)",
    .sees = SEES_INSIDE,
    .judges = "a candidate's request, a refusal, or an answer that acknowledges no entry",
    .needs = SUT_KEEPS_DURABLE_TERM,
    .messages = OF(VOTE) | OF(HEARTBEAT_REPLY) | OF(APPEND_REPLY),
    .refusals = OF(VOTE_REPLY) | OF(PREVOTE_REPLY) | OF(APPEND_REPLY) | OF(HEARTBEAT_REPLY),
};
