/* SPDX-License-Identifier: MIT */
/*
 * What a system under test shows of itself, held to what its steps told: its invariants, its view
 * and its log.
 *
 * Method: invariants and view are looked at after steps as looks.h says. The log is one of runs, on
 * both sides; it is gone through, at both ends of each run of the store's, where a wrong one would
 * begin to count: at a boot, and where the role turns. What stands in the store is what the node
 * told (effects.c), or what its disk gave it.
 */
#include "host.h"
#include "looks.h"

enum { LOOK_EVERY = 256 };

static void look_at_view(struct world *w, const struct replica *rep)
{
    struct sut_view v;
    host_view(w, rep, &v);
    const uint64_t pairs[][2] = {
        {v.term, rep->term}, {v.vote, rep->vote}, {v.role, rep->role}, {v.leader, rep->leader},
        {v.commit, rep->commit}, {v.last, store_index(w, rep->head)},
        {v.last_term, store_term(w, rep->head)}, {v.voters, voters_of(w, rep->group)},
    };
    for (uint32_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] != pairs[i][1])
            host_breach(w, rep, BREACH_VIEW, 0, i, pairs[i][0], pairs[i][1]);
}

void host_look_at_log(struct world *w, const struct replica *rep)
{
    if (w->stop || !w->process[rep->node].up || !w->sut->term_at)
        return;
    const void *state = arena_at(&w->arena, rep->state);
    for (uint32_t id = rep->head; id; id = store_run(w, id)->parent) {
        const struct store_run *run = store_run(w, id);
        const uint64_t ends[] = {run_index(run, id), run->index};
        for (uint32_t i = 0; i < 2; i++) {
            const uint64_t shown = w->sut->term_at(state, ends[i]);
            if (shown == run->term)
                continue;
            host_breach(w, rep, BREACH_VIEW_LOG, 0, ends[i], shown, run->term);
            return;
        }
    }
}

static void self_check(struct world *w, const struct replica *rep, bool due)
{
    const char *why = NULL;
    w->count.self_checks++;
    const int broken = w->sut->check(arena_at(&w->arena, rep->state), &why);
    if (broken == 0)
        return;
    w->broken = why;
    w->looked_closer = w->looks == LOOKS_ASKED && !due;
    struct record *r = record_of(w, REC_HALT, rep);
    rec_set_halt(r, HALT_SELF_CHECK);
    rec_set_check(r, (uint64_t)broken);
    record_done(w);
}

void host_look(struct world *w, const struct replica *rep, const struct sut_delta *d)
{
    const bool due = d->changed & (SUT_CHANGED_TERM | SUT_CHANGED_ROLE) || d->cut_from ||
                     w->records % LOOK_EVERY == 0;
    if (!due && w->looks != LOOKS_ALWAYS && w->looks != LOOKS_ASKED)
        return;
    if (!w->stop)
        look_at_view(w, rep);
    if (d->changed & SUT_CHANGED_ROLE)
        host_look_at_log(w, rep);
    if (w->looks != LOOKS_NEVER)
        self_check(w, rep, due);
}
