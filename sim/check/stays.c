/* SPDX-License-Identifier: MIT */
/*
 * Stability: nobody leads on whom no majority answers. A SUT that has an option check-quorum, and
 * has it on, promises so (D 6.2): clients that ask such a leader wait for nothing.
 *
 * Method. A leader to which no majority, itself included, has answered anything in its reign for
 * STAYS minimum election timeouts, by its own clock, has stepped down. They are counted in
 * beginnings of rounds (struct reign), so that each of them is a step in which it could look at its
 * clock. Contact is generous here: an answer counts when it comes, however old its question, and
 * whether or not the host hands it over. But an answer of a later term is none, as for who steps
 * down: who takes it leads no longer.
 *
 * Excused: a node whose timers have not come to their turn (service time), and one that was ever
 * driven by hand. Where its clock goes back the count begins anew. A pause sends no rounds, so it
 * counts for nothing.
 */
#include <inttypes.h>

#include "../world/service.h"
#include "stability.h"

enum { STAYS = 3, MARKS = STAYS * BEGINNINGS / 2 };

void stays_starts(const struct world *w, struct calm_node *c, uint8_t node)
{
    c->must_leave = world_option(w, node, "check-quorum") && c->least != NEVER;
}

void stays_anew(const struct world *w, const struct calm_node *c)
{
    if (c->reign == 0)
        return;
    struct reign *g = arena_at(&w->arena, c->reign);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        g->spoke[n] = g->n;
}

__attribute__((noinline)) void stays_leads_on(struct world *w, const struct model *m,
                                              const struct calm_node *c, const struct record *r)
{
    struct reign *g = arena_at(&w->arena, c->reign);
    node_set near = NODE_BIT(r->node);
    if (g->n <= MARKS || g->deserted)
        return;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        near |= g->n - g->spoke[n] <= MARKS ? NODE_BIT(n) : 0;
    if (model_majority(m, near))
        return;
    if (c->by_hand || service_waits(w, r->node, TASK_TIMER)) {
        check_excused(w, CHECK_stability);
        return;
    }
    g->deserted = true;
    check_judged(w, CHECK_stability);
    violate(w, &check_stability, m->node[r->node].seen_role,
            "n%u leads term %" PRIu64 " on at %s, with check-quorum on, and no majority has "
            "answered it for %u of its minimum election timeouts, %s by its clock",
            r->node, r->term, when(r->at).text, STAYS, when(STAYS * c->least).text);
}
