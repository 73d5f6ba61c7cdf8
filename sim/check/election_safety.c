/* SPDX-License-Identifier: MIT */
/*
 * Election safety (D 3.4, figure 3.2): at most one leader a term.
 *
 * Method: the model keeps for each term who won it. A node that comes to lead a term that is
 * already won breaks the rule, also where it won it itself: a term is led once, from the win to the
 * step down or the crash, and who comes back after that has no vote behind it.
 */
#include <inttypes.h>

#include "model.h"

void check_election_safety_record(struct world *w, struct model *m, void *state,
                                  const struct record *r)
{
    (void)state;
    if (!model_wins(m, r))
        return;
    check_judged(w, CHECK_election_safety);
    const struct tenure *t = model_term(w, m, r->term);
    if (t == NULL || t->ordinal == 0)
        return;
    violate(w, &check_election_safety, t->ordinal, "n%u leads term %" PRIu64
            " since %s, and n%u won that term at %s",
            r->node, r->term, when(r->at).text, t->node, when(t->at).text);
}

const struct check check_election_safety = {
    .name = "election-safety",
    .rule = "a term has at most one leader (D 3.4)",
    .sees = SEES_OUTSIDE,
    .judges = "a win",
};
