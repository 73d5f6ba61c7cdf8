/* SPDX-License-Identifier: MIT */
/*
 * Lease exclusivity (D 6.4.1): while a leader holds a lease, no leader of a later term commits.
 *
 * Method: at each commit of a leader, every other node that is up and was last seen with a lease of
 * a lower term is asked by its own clock, as it goes now, whether that lease has ended (the true
 * time in the LEASE record is out of date once the clock changed). It is judged only while the
 * clocks of the holder and of all voters kept their declared bound since the lease's round began:
 * no lease can promise more. The others are counted; what a clock beyond its bound does to a reader
 * is for read-fresh and linearizable to show. Local clocks are rounded down to the nanosecond at
 * each change of rate; ROUNDING forgives that.
 */
#include <inttypes.h>

#include "model.h"

enum { ROUNDING = 16 };

static void judge_holder(struct world *w, const struct judge *j, const struct record *r,
                         uint8_t holder)
{
    const struct mnode *h = &j->node[holder];
    if (holder == r->node || h->lease_term >= r->term)
        return;
    const bool valid = h->lease_until > clock_local(w, holder) + ROUNDING;
    if (valid && !model_clocks_kept(w, holder, r->at)) {
        check_excused(w, CHECK_lease_exclusivity);
        return;
    }
    check_judged(w, CHECK_lease_exclusivity);
    if (!valid)
        return;
    violate(w, &check_lease_exclusivity, h->seen_lease,
            "n%u commits index %" PRIu64 " in term %" PRIu64
            " at %s, and n%u holds a lease of term %" PRIu64
            " until %s by its clock",
            r->node, r->index, r->term, when(r->at).text, holder, h->lease_term,
            when(clock_true(w, holder, h->lease_until)).text);
}

void check_lease_exclusivity_record(struct world *w, void *state, const struct record *r)
{
    (void)state;
    const struct judge *j = judge_of(w);
    if (rec_role(r) != SUT_LEADER)
        return;
    for (node_set set = j->leases; set; set &= set - 1)
        judge_holder(w, j, r, (uint8_t)(__builtin_ctz(set) + 1));
}

const struct check check_lease_exclusivity = {
    .name = "lease-exclusivity",
    .rule = "no leader of a later term commits while a lease is valid in true time (D 6.4.1)",
    .sees = SEES_PROTOCOL,
    .possible = model_leases,
    .idle = "leases are off",
    .judges = "a commit while another node was last seen with a lease of an earlier term",
};
