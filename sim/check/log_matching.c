/* SPDX-License-Identifier: MIT */
/*
 * Log matching (D 3.5): an index and a term have one entry, ever, and with it one log before it.
 *
 * Method: entries live once, so it is enough to see, at each append, that the entry is put after
 * the one that stood before it where it was created (its record says that; what stands in the log
 * is a copy where it is another), and that it lies on the one branch of its term. The branch of a
 * term is known by its newest entry (the tenure's tip): what lies at or below it must be found on
 * it, what lies beyond must continue it. The leader of a term only appends, so a term has no second
 * branch.
 */
#include <inttypes.h>

#include "model.h"

static void wrong_place(struct world *w, const struct mnode *n, const struct record *r,
                        uint32_t parent)
{
    uint64_t first = n->seen_log ? n->seen_log : n->seen_life;
    violate(w, &check_log_matching, first,
            "n%u put entry %" PRIu64 "/%" PRIu64 " at index %" PRIu64 " after %" PRIu64 "/%" PRIu64
            ", but it belongs after %" PRIu64 "/%" PRIu64,
            r->node, r->term, store_index(w, rec_entry(r)), r->index, store_term(w, n->head),
            n->last, store_term(w, parent), store_index(w, parent));
}

static void second_branch(struct world *w, const struct model *m, const struct record *r,
                          uint32_t known, uint32_t tip)
{
    const uint32_t entry = rec_entry(r);
    if (known && store_term(w, known) == r->term) {
        const uint32_t parent = store_parent(w, entry), other = store_parent(w, known);
        violate(w, &check_log_matching, model_born(w, m, known),
                "n%u holds an entry %" PRIu64 "/%" PRIu64 " made by n%u after %" PRIu64 "/%" PRIu64
                ", and there is another one of that index and term, made by n%u after %" PRIu64
                "/%" PRIu64,
                r->node, r->term, r->index, store_run(w, entry)->creator, store_term(w, parent),
                store_index(w, parent), store_run(w, known)->creator, store_term(w, other),
                store_index(w, other));
        return;
    }
    violate(w, &check_log_matching, model_born(w, m, tip),
            "n%u holds entry %" PRIu64 "/%" PRIu64 ", which is not of one log with entry %" PRIu64
            "/%" PRIu64 " of the same term",
            r->node, r->term, r->index, store_term(w, tip), store_index(w, tip));
}

void check_log_matching_record(struct world *w, struct model *m, void *state,
                               const struct record *r)
{
    (void)state;
    const struct mnode *n = &m->node[r->node];
    const uint32_t entry = rec_entry(r), parent = rec_parent(r);
    check_judged(w, CHECK_log_matching);
    if (parent != n->head || r->index != n->last + 1) {
        wrong_place(w, n, r, parent);
        return;
    }
    const struct tenure *t = model_term(w, m, r->term);
    const uint32_t tip = t ? t->tip : 0;
    if (tip == 0 || parent == tip)
        return;
    const uint32_t known = store_at(w, tip, r->index);
    if (known == entry)
        return;
    const uint64_t last = store_index(w, tip);
    if (r->index <= last)
        second_branch(w, m, r, known, tip);
    else if (store_term(w, tip) == r->term && store_at(w, entry, last) != tip)
        second_branch(w, m, r, store_at(w, tip, last), tip);
}

const struct check check_log_matching = {
    .name = "log-matching",
    .rule = "an index and a term have one entry and one log before it, in all logs (D 3.5)",
    .sees = SEES_PROTOCOL,
    .judges = "an entry put into a log",
};
