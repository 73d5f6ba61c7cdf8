/* SPDX-License-Identifier: MIT */
/*
 * Stability: how long a node waits for a leader before it stands for election. Its timeout is drawn
 * anew at each wait (D 3.4), from a range that its options give, and when it is over the node
 * stands.
 *
 * Drawn anew. A wait is measured, by the node's own clock, from what began it (a leader heard, a
 * vote granted, an earlier try) to the try that ends it. If three in a row are as long, to two
 * nanoseconds, then nobody draws: where nanoseconds are drawn from a range of SPAN or more, that
 * happens by chance once in 10^10 times. Nodes that tied once tie again
 * (databendlabs/openraft#1838). A wait that somebody else ended or set counts for nothing, and
 * neither does one whose beginning is not known: a change of its clock, a pause or the repeat of a
 * vote came in between.
 *
 * In time. By the maximum timeout after the latest thing that may have begun its wait, a follower
 * or candidate has stood; it is looked at when it stands and when it hears of a leader. What may
 * begin a wait: a start, a leader's message, a vote (the repeat of one as well), a try, a step back
 * from leading, and a completed write of who could not stand before it: it hung, had refused a
 * message for want of room, or had its clock changed or was resumed while a write was under way.
 * Excused: a timeout that a scenario pinned; a node that was ever driven by hand, or any service
 * time, under which no timer is punctual; a clock that went back in this life; a write under way,
 * or one that completed when half the minimum timeout was over or later, for who cannot write does
 * not stand, and waits anew afterwards. After a pause, or a change of its clock, the wait counts
 * from there.
 */
#include <inttypes.h>

#include "stability.h"

enum { EQUAL_NS = 2, EQUAL_WAITS = 3, LATE_NS = 1000 };
#define SPAN MS(1)

void waits_begin(const struct world *w, struct calm_node *c, uint8_t node)
{
    c->wait_from = own_time(w, c, node);
    c->wait_from_true = w->now;
}

/* When the wait began that is over now; NEVER: nobody knows. */
static uint64_t began(const struct calm_node *c)
{
    if (c->heard == NEVER || c->stood == NEVER)
        return c->heard == NEVER ? c->stood : c->heard;
    return c->heard > c->stood ? c->heard : c->stood;
}

static bool as_long(uint64_t a, uint64_t b)
{
    return (a > b ? a - b : b - a) <= EQUAL_NS;
}

void waits_drawn(struct world *w, struct calm_node *c, const struct record *r, uint64_t now)
{
    const uint64_t from = began(c);
    if (c->most == NEVER || c->most - c->least < SPAN || c->pin || from != c->wait_from ||
        c->by_hand) {
        c->wait = c->same = 0;
        return;
    }
    const uint64_t wait = now - from;
    c->same = as_long(wait, c->wait) ? (uint8_t)(c->same + 1) : 0;
    c->wait = wait;
    if (c->same + 1 < EQUAL_WAITS)
        return;
    c->same = 0;
    violate(w, &check_stability, c->seen,
            "n%u stands for election at %s after it waited %" PRIu64
            " ns, as long as each of the two times before; a timeout is drawn anew",
            r->node, when(r->at).text, wait);
}

static bool is_excused(const struct world *w, const struct model *m, const struct calm_node *c,
                       uint8_t node)
{
    const struct mnode *n = &m->node[node];
    return c->pin || c->clock_went_back || w->service || c->by_hand ||
           !(m->voters & NODE_BIT(node)) || n->role >= SUT_LEADER || n->wid > n->durable_wid ||
           n->durable.at >= c->wait_from_true + stability_true_time(w, node, c->least) / 2;
}

__attribute__((noinline)) void waits_late(struct world *w, const struct model *m,
                                          const struct calm_node *c, const struct record *r,
                                          uint64_t now)
{
    if (c->most == NEVER || now - c->wait_from <= c->most + LATE_NS || is_excused(w, m, c, r->node))
        return;
    violate(w, &check_stability, c->seen,
            "n%u has heard of no leader and not stood for election, at %s, for %s by its clock; "
            "its maximum election timeout is %s",
            r->node, when(r->at).text, when(now - c->wait_from).text, when(c->most).text);
}
