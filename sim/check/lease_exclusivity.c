/* SPDX-License-Identifier: MIT */
/*
 * Lease exclusivity (D 6.4.1): while a leader holds a lease, no leader of a later term commits; and
 * where the system declares that its leases are exclusive, none wins.
 *
 * Method: at each commit of a leader, and at each win, every other node that is up and was last
 * seen with a lease of a lower term is asked by its own clock, as it goes now, whether that lease
 * has ended (the true time in the LEASE record is out of date once the clock changed). Local clocks
 * are rounded down to the nanosecond at each change of rate; ROUNDING forgives that.
 *
 * Excused, and counted, is what no lease can promise:
 * - a clock of the holder or of a voter that left its declared bound since the lease's round began:
 *   what that does to a reader is for read-fresh and linearizable to show;
 * and of a win, besides:
 * - an option whose name begins with unsafe- on some node: it gives up the promise by its word;
 * - a voter that since then began a life with a shorter minimum election timeout, with another
 *   drift bound, or without what makes it wait: it waits as it is told now, and the holder counts
 *   on what it was told before;
 * - a winner or a holder that was handed a message which no correct node could have sent.
 */
#include <inttypes.h>

#include "model.h"

enum { ROUNDING = 16 };

/* What a node's waiting follows from, in this life; changed_at: when a life began that waits less
 * than the one before, 0: none did. */
struct waits { uint64_t least, bound, restrains, changed_at; };

struct lives { uint64_t of; };

static struct waits *of_node(const struct world *w, const struct lives *s, uint8_t node)
{
    return (struct waits *)arena_at(&w->arena, s->of) + node;
}

static struct waits waits_now(const struct world *w, uint8_t node)
{
    return (struct waits){.least = world_option(w, node, "election-timeout"),
                          .bound = world_option(w, node, "lease-drift-bound"),
                          .restrains = world_option(w, node, "stickiness")};
}

static void start(struct world *w, void *state)
{
    struct lives *s = state;
    s->of = arena_take(&w->arena, (w->nnodes + 1u) * sizeof(struct waits));
    for (uint8_t n = 1; n <= w->nnodes; n++)
        *of_node(w, s, n) = waits_now(w, n);
}

static void begin_life(const struct world *w, struct waits *of, const struct record *r)
{
    struct waits now = waits_now(w, r->node);
    const bool less = now.least < of->least || now.bound != of->bound ||
                      now.restrains < of->restrains;
    now.changed_at = less ? r->at : of->changed_at;
    *of = now;
}

/* ---- excuses of a win ------------------------------------------------------------------------ */

static bool unsafe_somewhere(const struct world *w)
{
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (model_unsafe_option(w, n))
            return true;
    return false;
}

static bool waits_less(const struct world *w, const struct model *m, const struct lives *s,
                       uint64_t since)
{
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const uint64_t at = of_node(w, s, n)->changed_at;
        if ((m->voters & NODE_BIT(n)) && at && at >= since)
            return true;
    }
    return false;
}

/* ---- judging --------------------------------------------------------------------------------- */

static void judge_holder(struct world *w, const struct model *m, const struct lives *s,
                         const struct record *r, uint8_t holder)
{
    const struct mnode *h = &m->node[holder];
    const bool win = r->kind == REC_ROLE;
    if (holder == r->node || h->lease_term >= r->term)
        return;
    const bool valid = h->lease_until > clock_local(w, holder) + ROUNDING;
    const node_set both = NODE_BIT(holder) | NODE_BIT(r->node);
    if (valid && (!model_clocks_kept(w, m, holder, r->at) ||
                  (win && (unsafe_somewhere(w) || (m->misled & both) ||
                           waits_less(w, m, s, model_lease_since(w, m, holder, r->at)))))) {
        check_excused(w, CHECK_lease_exclusivity);
        return;
    }
    check_judged(w, CHECK_lease_exclusivity);
    if (!valid)
        return;
    const struct text until = when(clock_true(w, holder, h->lease_until));
    if (win)
        violate(w, &check_lease_exclusivity, h->seen_lease,
                "n%u wins term %" PRIu64 " at %s, and n%u holds a lease of term %" PRIu64
                " until %s by its clock",
                r->node, r->term, when(r->at).text, holder, h->lease_term, until.text);
    else
        violate(w, &check_lease_exclusivity, h->seen_lease,
                "n%u commits index %" PRIu64 " in term %" PRIu64
                " at %s, and n%u holds a lease of term %" PRIu64
                " until %s by its clock",
                r->node, r->index, r->term, when(r->at).text, holder, h->lease_term, until.text);
}

void check_lease_exclusivity_record(struct world *w, struct model *m, void *state,
                                    const struct record *r)
{
    if (r->kind == REC_BOOT) {
        begin_life(w, of_node(w, state, r->node), r);
        return;
    }
    if (r->kind == REC_ROLE ? !(w->sut->keeps & SUT_KEEPS_EXCLUSIVE_LEASES) || !model_wins(m, r)
                            : rec_role(r) != SUT_LEADER)
        return;
    for (node_set set = m->leases; set; set &= set - 1)
        judge_holder(w, m, state, r, (uint8_t)(__builtin_ctz(set) + 1));
}

const struct check check_lease_exclusivity = {
    .name = "lease-exclusivity",
    .rule = "no leader of a later term commits while a lease is valid in true time, and, of a "
            "system that declares its leases exclusive, none wins (D 6.4.1)",
    .sees = SEES_PROTOCOL,
    .possible = model_leases,
    .idle = "leases are off",
    .judges = "a commit or a win while another node was last seen with a lease of an earlier term",
    .state = sizeof(struct lives),
    .start = start,
};
