/* SPDX-License-Identifier: MIT */
/*
 * What never goes back (D 3.4, 3.5, 3.8): term, commit and applied index within a life; the durable
 * term ever; and what a disk acknowledged is there after a restart.
 *
 * Method: each record against the model's last one. After a restart, the image may hold more than
 * was acknowledged (a write that survived the crash), and less of the log only where a write on its
 * way was cutting it: cut_floor is the least such index, so below it the two logs agree.
 */
#include <inttypes.h>

#include "model.h"

static void back(struct world *w, const struct record *r, uint64_t first, const char *what,
                 uint64_t from, uint64_t to)
{
    violate(w, &check_monotonic, first, "n%u's %s goes back from %" PRIu64 " to %" PRIu64, r->node,
            what, from, to);
}

static __attribute__((noinline)) void judge_boot(struct world *w, const struct mnode *n,
                                                 const struct record *r)
{
    const struct durable *d = &n->durable;
    if (r->term < d->term || (r->term == d->term && d->vote && rec_vote(r) != d->vote)) {
        violate(w, &check_monotonic, d->ordinal,
                "n%u restarts with term %" PRIu64 "%s, and its disk had acknowledged term %" PRIu64
                "%s at %s",
                r->node, r->term, vote_of(rec_vote(r)).text, d->term, vote_of(d->vote).text,
                when(d->at).text);
        return;
    }
    uint64_t kept = d->index < n->cut_floor ? d->index : n->cut_floor - 1;
    if (store_at(w, rec_entry(r), kept) == store_at(w, d->head, kept))
        return;
    violate(w, &check_monotonic, d->ordinal,
            "n%u restarts with a log that ends in %" PRIu64 "/%" PRIu64
            ", and its disk had acknowledged %" PRIu64
            "/%" PRIu64 " at %s",
            r->node, store_term(w, rec_entry(r)), r->index,
            store_term(w, store_at(w, d->head, kept)), kept, when(d->at).text);
}

void check_monotonic_record(struct world *w, struct model *m, void *state,
                            const struct record *r)
{
    (void)state;
    const struct mnode *n = &m->node[r->node];
    check_judged(w, CHECK_monotonic);
    if (r->kind == REC_APPLY) {
        if (r->index <= n->applied)
            back(w, r, n->seen_apply, "applied index", n->applied, r->index);
    } else if (r->kind == REC_DURABLE) {
        if (r->term < n->durable.term)
            back(w, r, n->durable.ordinal, "durable term", n->durable.term, r->term);
    } else if (r->kind == REC_COMMIT) {
        if (r->index < n->commit)
            back(w, r, n->seen_commit, "commit index", n->commit, r->index);
    } else if (r->kind == REC_TERM) {
        if (r->term < n->term)
            back(w, r, n->seen_term ? n->seen_term : n->seen_life, "term", n->term, r->term);
    } else {
        judge_boot(w, n, r);
    }
}

const struct check check_monotonic = {
    .name = "monotonic",
    .rule = "term, commit and applied never go back in a life, and nothing acknowledged by the "
            "disk is lost (D 3.4, 3.8)",
    .sees = SEES_PROTOCOL,
    .judges = "a term, a commit, an entry applied, a durable image, or a boot",
};
