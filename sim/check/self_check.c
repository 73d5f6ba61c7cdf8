/* SPDX-License-Identifier: MIT */
/*
 * Method: the system under test looks at its own state after its steps (sut.check); what it finds
 * is reported here, in its words. They lie in the world beside the record, which has their number
 * alone: no digest hangs on how a sentence is put. And it knows a message that no correct peer
 * could have sent, such as an append in a term that it leads itself: peers of its own kind sent it,
 * so one of the two is wrong. Such a message did no harm, though, so it waits for the end of the
 * run: whatever harm comes first says more.
 */
#include <inttypes.h>

#include "model.h"

struct refusals { struct record first; uint64_t ordinal; };

void check_self_check_record(struct world *w, struct model *m, void *state,
                             const struct record *r)
{
    (void)m;
    struct refusals *seen = state;
    if (r->kind == REC_DROP && rec_dropped(r) == DROP_INVALID && seen->ordinal == 0)
        *seen = (struct refusals){.first = *r, .ordinal = w->records};
    if (r->kind == REC_HALT && rec_halt(r) == HALT_SELF_CHECK)
        violate_which(w, &check_self_check, w->broken, 0,
                      "n%u breaks an invariant of its own at %s: %s", r->node, when(r->at).text,
                      w->broken);
}

static void finish(struct world *w, const struct model *m, void *state)
{
    (void)m;
    const struct refusals *seen = state;
    const struct record *r = &seen->first;
    if (seen->ordinal)
        violate(w, &check_self_check, seen->ordinal,
                "n%u refuses message %" PRIu64 " (%s in term %" PRIu64
                ") of n%u at %s as one that no peer may send",
                r->peer, rec_message(r), msg_type_name(rec_type(r)), r->term, r->node,
                when(r->at).text);
}

static void tally(const struct world *w, struct check_tally *t)
{
    t->judged += w->count.self_checks;
}

const struct check check_self_check = {
    .name = "self-check",
    .rule = "the system under test finds its own invariants kept, and its peers' messages possible",
    .sees = SEES_INSIDE,
    .judges = "a step after which the system under test looked at itself",
    .state = sizeof(struct refusals),
    .finish = finish,
    .tally = tally,
};
