/* SPDX-License-Identifier: MIT */
/*
 * Progress (liveness): once a scenario has healed a core of nodes and asks, a client's write must
 * be committed anew and acknowledged, every node of the core must apply it, and a write and a read
 * that were asked for since must be answered through each node of the core, all within the bound.
 * How a node reads (by index, by lease or through the log) its options say; so this asks for each
 * kind of read that the core knows.
 *
 * Method: the first acknowledged index beyond what was committed when progress was asked is the
 * target; sets hold the nodes of the core that are not there yet, and those through which no write
 * or no read has been answered yet. "not-leader" is an answer of a node that does not lead and
 * forwards no proposals, to what would have to be one, once a write is acknowledged through
 * another. The check listens to records only while progress is owed. It reports no violation: who
 * asked looks, and a miss is a verdict of its own kind.
 */
#include <inttypes.h>
#include <stdio.h>

#include "model.h"

/* One demand of a group. */
struct progress {
    uint64_t asked_at, until, made_at, base, target;
    uint64_t before;            /* arena offset of the one asked for before it; 0: the first */
    node_set missing;           /* nodes that have not applied the target */
    node_set unwritten, unread; /* through which no write, no read was answered */
    bool asked;
    bool owed; /* it is not made yet */
};

static struct progress *progress_of(const struct world *w, uint16_t group)
{
    return arena_at(&w->arena, model_of(w, group)->state[CHECK_progress]);
}

/* While any group owes it. */
static void listen(const struct world *w)
{
    const uint32_t own_bit = UINT32_C(1) << CHECK_progress;
    struct judge *j = judge_of(w);
    j->hears &= ~own_bit;
    for (uint16_t group = 0; group < j->groups; group++)
        if (progress_of(w, group)->owed)
            j->hears |= own_bit;
}

static void ask(struct world *w, uint16_t group, node_set core, uint64_t within)
{
    struct progress *p = progress_of(w, group);
    uint64_t before = 0;
    if (p->asked) {
        before = arena_take(&w->arena, sizeof(struct progress));
        p = progress_of(w, group);
        *(struct progress *)arena_at(&w->arena, before) = *p;
    }
    *p = (struct progress){.asked = true,
                           .owed = true,
                           .asked_at = w->now,
                           .until = within > NEVER - w->now ? NEVER : w->now + within,
                           .made_at = NEVER,
                           .base = model_of(w, group)->chain_index,
                           .missing = core,
                           .unwritten = core,
                           .unread = core,
                           .before = before};
    check_judged(w, CHECK_progress);
}

node_set progress_core(const struct world *w, uint16_t group, node_set nodes)
{
    return judge_of(w)->groups == 1 ? nodes : nodes & model_of(w, group)->voters;
}

void progress_ask(struct world *w, node_set core, uint64_t within)
{
    for (uint16_t group = 0; group < judge_of(w)->groups; group++)
        ask(w, group, progress_core(w, group, core), within);
    listen(w);
}

static bool asked(const struct world *w) { return progress_of(w, 0)->asked; }

static void look(const struct world *w, struct progress *p, uint64_t now)
{
    if (!p->owed || p->target == 0 || p->missing || p->unwritten || p->unread)
        return;
    p->made_at = now;
    p->owed = false;
    listen(w);
}

/* A node said what came of it, or, where that is all that it owes, that it does not lead (of which
 * a client that asked it before makes an unknown outcome): before somebody's write is acknowledged
 * it may lead yet, or follow a leader that is no more, so that it has still to be asked. */
static bool answers(const struct world *w, const struct model *m, const struct progress *p,
                    const struct mop *op, const struct record *r)
{
    const uint8_t node = rec_answered_by(r);
    if (node == 0 || node > NODES_MAX)
        return false;
    if (rec_outcome(r) == OUT_OK || rec_outcome(r) == OUT_FAIL)
        return true;
    const bool proposes = op->verb != OP_READ || (w->reads_by_log & NODE_BIT(node));
    return proposes && p->target && m->node[node].role != SUT_LEADER && m->node[node].leader != 0 &&
           !world_option(w, node, "proposal-forwarding");
}

void check_progress_record(struct world *w, struct model *m, void *state,
                           const struct record *r)
{
    struct progress *p = state;
    if (!p->owed)
        return;
    if (r->kind == REC_APPLY) {
        if (p->target && r->index >= p->target && r->node <= NODES_MAX)
            p->missing &= ~NODE_BIT(r->node);
        look(w, p, r->at);
        return;
    }
    const struct mop *op = mop_at(w, rec_op(r));
    if (op == NULL || op->verb == OP_NONE)
        return;
    if (!op->was_told && op->invoked_at >= p->asked_at && answers(w, m, p, op, r))
        *(op->verb == OP_READ ? &p->unread : &p->unwritten) &= ~NODE_BIT(rec_answered_by(r));
    if (op->verb != OP_READ && rec_outcome(r) == OUT_OK && p->target == 0 && r->index > p->base) {
        p->target = r->index;
        for (uint8_t n = 1; n <= w->nnodes; n++)
            if (m->node[n].up && m->node[n].applied >= p->target)
                p->missing &= ~NODE_BIT(n);
    }
    look(w, p, r->at);
}

uint32_t progress_unanswered(const struct world *w, uint16_t group, uint8_t node)
{
    const struct progress *p = progress_of(w, group);
    return (p->unwritten & NODE_BIT(node) ? UINT32_C(1) << OP_WRITE : 0) |
           (p->unread & NODE_BIT(node) ? UINT32_C(1) << OP_READ : 0);
}

static enum progress_state state_of(const struct world *w, const struct progress *p)
{
    if (!p->asked)
        return PROGRESS_NOT_ASKED;
    if (p->made_at != NEVER && p->made_at <= p->until)
        return PROGRESS_MADE;
    return w->now >= p->until ? PROGRESS_MISSED : PROGRESS_WAITING;
}

/* The k-th demand from the latest; NULL: there were not so many. */
static const struct progress *demand(const struct world *w, uint16_t group, uint32_t k)
{
    const struct progress *p = progress_of(w, group);
    for (; k > 0 && p->before; k--)
        p = arena_at(&w->arena, p->before);
    return k ? NULL : p;
}

/* Every group is asked at once: none was, or all were. */
enum progress_state progress_took(const struct world *w, uint32_t k, uint64_t *took)
{
    enum progress_state all = PROGRESS_NOT_ASKED;
    *took = 0;
    for (uint16_t group = 0; group < judge_of(w)->groups; group++) {
        const struct progress *p = demand(w, group, k);
        const enum progress_state state = p ? state_of(w, p) : PROGRESS_NOT_ASKED;
        if (state == PROGRESS_NOT_ASKED)
            return state;
        if (state == PROGRESS_MADE && p->made_at - p->asked_at > *took)
            *took = p->made_at - p->asked_at;
        if (all == PROGRESS_NOT_ASKED || state == PROGRESS_MISSED ||
            (state == PROGRESS_WAITING && all == PROGRESS_MADE))
            all = state;
    }
    return all;
}

enum progress_state progress_look(const struct world *w)
{
    uint64_t took;
    return progress_took(w, 0, &took);
}

static int unanswered_detail(const struct world *w, const struct progress *p, char *out,
                             size_t size)
{
    return snprintf(out, size, "no %s that was asked for from %s on is answered through %s by %s",
                    p->unwritten ? "write" : "read", when(p->asked_at).text,
                    names_of(p->unwritten ? p->unwritten : p->unread).text, when(w->now).text);
}

static int detail(const struct world *w, uint16_t group, char *out, size_t size)
{
    const struct progress *p = progress_of(w, group);
    if (!p->asked)
        return snprintf(out, size, "progress was not asked for");
    if (state_of(w, p) == PROGRESS_MADE)
        return snprintf(out, size, "index %" PRIu64
                        " was acknowledged and applied, and reads and writes were answered, on "
                        "the whole core by %s", p->target,
                        when(p->made_at).text);
    if (p->target == 0)
        return snprintf(out, size, "no client's write beyond index %" PRIu64
                        " was acknowledged from %s to %s", p->base,
                        when(p->asked_at).text, when(w->now).text);
    if (p->missing == 0)
        return unanswered_detail(w, p, out, size);
    uint8_t n = (uint8_t)(__builtin_ctz(p->missing) + 1);
    return snprintf(out, size,
                    "index %" PRIu64 " is acknowledged, and n%u has applied only %" PRIu64
                    " by %s (asked at %s)",
                    p->target, n, model_of(w, group)->node[n].applied, when(w->now).text,
                    when(p->asked_at).text);
}

int progress_detail(const struct world *w, char *out, size_t size)
{
    const uint16_t groups = judge_of(w)->groups;
    uint16_t group = 0;
    while (group + 1 < groups && state_of(w, progress_of(w, group)) == PROGRESS_MADE)
        group++;
    const int n = groups > 1 ? snprintf(out, size, "g%u: ", group + 1u) : 0;
    return n + detail(w, group, out + n, size - (size_t)n);
}

static bool applied_all(const struct model *m, uint16_t groups, node_set set, char *out,
                        size_t size)
{
    for (; set; set &= set - 1) {
        const uint8_t n = (uint8_t)(__builtin_ctz(set) + 1);
        if (m->node[n].up && m->node[n].applied >= m->chain_index)
            continue;
        int at = groups > 1 ? snprintf(out, size, "g%u: ", m->group + 1u) : 0;
        snprintf(out + at, size - (size_t)at,
                 "n%u has applied only %" PRIu64 ", and %" PRIu64 " is committed", n,
                 m->node[n].applied, m->chain_index);
        return false;
    }
    return true;
}

bool progress_everywhere(const struct world *w, node_set set, char *out, size_t size)
{
    for (uint16_t group = 0; group < judge_of(w)->groups; group++)
        if (!applied_all(model_of(w, group), judge_of(w)->groups, progress_core(w, group, set),
                         out, size))
            return false;
    return true;
}

uint64_t progress_top_term(const struct world *w, uint16_t group, node_set set)
{
    uint64_t top = 0;
    for (; set; set &= set - 1) {
        const uint64_t term = model_of(w, group)->node[__builtin_ctz(set) + 1].term;
        top = term > top ? term : top;
    }
    return top;
}

static void start(struct world *w, void *state)
{
    (void)state;
    judge_of(w)->hears &= ~(UINT32_C(1) << CHECK_progress);
}

const struct check check_progress = {
    .name = "progress",
    .rule = "a healed core commits, acknowledges and applies a write, and answers a write and a "
            "read through each of its nodes, within the bound that the scenario sets",
    .sees = SEES_OUTSIDE,
    .judges = "a demand for progress",
    .state = sizeof(struct progress),
    .start = start,
    .possible = asked,
    .idle = "no scenario asks for it",
};
