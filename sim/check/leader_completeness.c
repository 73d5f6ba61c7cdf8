/* SPDX-License-Identifier: MIT */
/*
 * Leader completeness (D 3.6, figure 3.2): what was committed in a term is in the logs of the
 * leaders of all later terms.
 *
 * Method: judged once at each win, against what leaders of lower terms had committed by then:
 * usually the whole committed chain, but a candidate whose votes were long on the way may win
 * behind a later leader's back, and owes that one's commits nothing. The other order exists too: an
 * old leader may learn late that it has committed; then all later winners must have it.
 */
#include <inttypes.h>

#include "model.h"

static void lacks(struct world *w, uint64_t first, const struct tenure *t, uint32_t entry,
                  uint64_t by_term)
{
    violate(w, &check_leader_completeness, first,
            "n%u won term %" PRIu64 " at %s without entry %" PRIu64 "/%" PRIu64
            ", which was committed in term %" PRIu64,
            t->node, t->term, when(t->at).text, store_term(w, entry), store_index(w, entry),
            by_term);
}

/* What leaders of terms below `term` have committed. */
static const struct growth *committed_before(const struct world *w, const struct model *m,
                                             uint64_t term)
{
    for (uint32_t i = m->growths.n; i > 0; i--) {
        const struct growth *g = vec_at(&w->arena, &m->growths, i - 1);
        if (tenure_at(w, m, g->tenure)->term < term)
            return g;
    }
    return NULL;
}

static void judge_win(struct world *w, const struct model *m, const struct record *r)
{
    if (!model_wins(m, r))
        return;
    check_judged(w, CHECK_leader_completeness);
    const struct growth *g = committed_before(w, m, r->term);
    if (g == NULL || store_at(w, rec_entry(r), store_index(w, g->head)) == g->head)
        return;
    struct tenure t = {.term = r->term, .at = r->at, .node = r->node};
    lacks(w, model_ordinal(w, g->ordinal), &t, g->head, tenure_at(w, m, g->tenure)->term);
}

static void judge_late_commit(struct world *w, const struct model *m, const struct record *r)
{
    if (m->top_term <= r->term || r->index <= m->chain_index)
        return;
    check_judged(w, CHECK_leader_completeness);
    for (uint32_t i = 0; i < m->tenures.n; i++) {
        const struct tenure *t = tenure_at(w, m, i);
        if (t->ordinal && t->term > r->term && store_at(w, t->head, r->index) != rec_entry(r))
            lacks(w, t->ordinal, t, rec_entry(r), r->term);
    }
}

void check_leader_completeness_record(struct world *w, struct model *m, void *state,
                                      const struct record *r)
{
    (void)state;
    if (r->kind == REC_ROLE)
        judge_win(w, m, r);
    else if (rec_role(r) == SUT_LEADER && rec_entry(r))
        judge_late_commit(w, m, r);
}

const struct check check_leader_completeness = {
    .name = "leader-completeness",
    .rule = "what was committed is in the log of every later leader (D 3.6)",
    .sees = SEES_PROTOCOL,
    .judges = "a win, or a commit of a leader that others have succeeded",
};
