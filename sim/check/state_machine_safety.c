/* SPDX-License-Identifier: MIT */
/*
 * State machine safety (D 3.6.3, figure 3.2): no two nodes apply different entries at one index.
 *
 * Method: there is one committed chain, which only grows. Whatever a node commits must lie on it or
 * continue it, whatever it applies must lie on it, in order, without gaps; and all nodes' state
 * machines have the same hash after the same index.
 */
#include <inttypes.h>

#include "model.h"

static uint64_t hash_of(const struct mstate *a)
{
    return (uint64_t)a->hash_high << 32 | a->hash_low;
}

static void differs(struct world *w, const struct model *m, const struct record *r,
                    const char *does, uint32_t chain, uint64_t index)
{
    const struct growth *g = model_growth(w, m, index);
    uint32_t own = rec_entry(r) ? store_at(w, rec_entry(r), index) : 0;
    violate(w, &check_state_machine_safety, g ? model_ordinal(w, g->ordinal) : 0,
            "n%u %s %" PRIu64 "/%" PRIu64 " at index %" PRIu64 ", and %" PRIu64 "/%" PRIu64
            " was committed there by n%u at %s",
            r->node, does, store_term(w, own), store_index(w, own), index, store_term(w, chain),
            index, g ? g->node : 0, when(g ? model_time(w, g->ms) : 0).text);
}

/* The least index at which two logs differ that do at `index`. */
static uint64_t parted_at(const struct world *w, uint32_t one, uint32_t other, uint64_t index)
{
    uint64_t same = 0;
    while (index - same > 1) {
        const uint64_t mid = same + (index - same) / 2;
        if (store_at(w, one, mid) == store_at(w, other, mid))
            same = mid;
        else
            index = mid;
    }
    return index;
}

static __attribute__((noinline)) void judge_commit(struct world *w, const struct model *m,
                                                   const struct record *r)
{
    uint32_t entry = rec_entry(r);
    if (entry == 0 && r->index) {
        violate(w, &check_state_machine_safety, m->node[r->node].seen_log,
                "n%u commits index %" PRIu64 ", and its log ends at %" PRIu64, r->node, r->index,
                m->node[r->node].last);
        return;
    }
    uint64_t shared = r->index < m->chain_index ? r->index : m->chain_index;
    uint32_t chain = store_at(w, m->chain, shared);
    if (store_at(w, entry, shared) != chain) {
        const uint64_t index = parted_at(w, entry, chain, shared);
        differs(w, m, r, "commits", store_at(w, chain, index), index);
    }
}

static struct mstate *state_after(const struct world *w, const struct model *m, uint64_t index)
{
    return vec_at_known(&w->arena, &m->states, (uint32_t)index, sizeof(struct mstate),
                        STATES_CHUNK_LOG2);
}

/* Nobody has applied this index before: it is on the chain, or else is told of. */
static __attribute__((noinline)) void judge_first(struct world *w, struct model *m,
                                                  const struct record *r)
{
    const uint32_t chain = model_committed(w, m, r->index);
    if (chain == 0) {
        violate(w, &check_state_machine_safety, m->node[r->node].seen_commit,
                "n%u applies %" PRIu64 "/%" PRIu64 ", and only %" PRIu64 " is committed", r->node,
                r->term, r->index, m->chain_index);
    } else if (chain != rec_entry(r)) {
        differs(w, m, r, "applies", chain, r->index);
    } else if (r->index == m->states.n) { /* beyond it is a gap: told already */
        vec_push(&w->arena, &m->states, 1);
        *state_after(w, m, r->index) =
            (struct mstate){.hash_low = (uint32_t)rec_state_hash(r),
                            .hash_high = (uint32_t)(rec_state_hash(r) >> 32),
                            .ordinal = (uint32_t)w->records,
                            .entry = chain};
    }
}

static void judge_apply(struct world *w, struct model *m, const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    if (r->index != n->applied + 1) {
        violate(w, &check_state_machine_safety, n->seen_apply, "n%u applies index %" PRIu64
                " after index %" PRIu64,
                r->node, r->index, n->applied);
        return;
    }
    if (r->index >= m->states.n) {
        judge_first(w, m, r);
        return;
    }
    const struct mstate *a = state_after(w, m, r->index);
    if (a->entry != rec_entry(r))
        differs(w, m, r, "applies", a->entry, r->index);
    else if (hash_of(a) != rec_state_hash(r))
        violate(w, &check_state_machine_safety, model_ordinal(w, a->ordinal),
                "n%u's state after index %" PRIu64 " has hash %016" PRIx64
                ", and the first node there had %016" PRIx64,
                r->node, r->index, rec_state_hash(r), hash_of(a));
}

void check_state_machine_safety_record(struct world *w, struct model *m, void *state,
                                       const struct record *r)
{
    (void)state;
    check_judged(w, CHECK_state_machine_safety);
    if (r->kind == REC_APPLY)
        judge_apply(w, m, r);
    else
        judge_commit(w, m, r);
}

const struct check check_state_machine_safety = {
    .name = "state-machine-safety",
    .rule = "all nodes commit and apply the same entries in the same order, and come to the same "
            "state (D 3.6.3)",
    .sees = SEES_OUTSIDE,
    .judges = "a commit, or an entry applied",
};
