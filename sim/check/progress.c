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

static void listen(struct judge *j, bool on)
{
    const uint32_t own_bit = UINT32_C(1) << CHECK_progress;
    j->hears = on ? j->hears | own_bit : j->hears & ~own_bit;
}

void progress_ask(struct world *w, node_set core, uint64_t within)
{
    struct judge *j = judge_of(w);
    uint64_t before = 0;
    if (j->progress.asked) {
        before = arena_take(&w->arena, sizeof(struct progress));
        *(struct progress *)arena_at(&w->arena, before) = j->progress;
    }
    j->progress = (struct progress){.asked = true, .asked_at = w->now,
                                    .until = within > NEVER - w->now ? NEVER : w->now + within,
                                    .made_at = NEVER, .base = j->chain_index, .missing = core,
                                    .unwritten = core, .unread = core, .before = before};
    listen(j, true);
    check_judged(w, CHECK_progress);
}

static bool asked(const struct world *w)
{
    return judge_of(w)->progress.asked;
}

static void look(struct judge *j, uint64_t now)
{
    const struct progress *p = &j->progress;
    if (p->target == 0 || p->missing || p->unwritten || p->unread)
        return;
    j->progress.made_at = now;
    listen(j, false);
}

/* A node said what came of it, or, where that is all that it owes, that it does not lead (of which
 * a client that asked it before makes an unknown outcome): before somebody's write is acknowledged
 * it may lead yet, or follow a leader that is no more, so that it has still to be asked. */
static bool answers(const struct world *w, const struct judge *j, const struct mop *op,
                    const struct record *r)
{
    const uint8_t node = rec_answered_by(r);
    if (node == 0 || node > NODES_MAX)
        return false;
    if (rec_outcome(r) == OUT_OK || rec_outcome(r) == OUT_FAIL)
        return true;
    const bool proposes = op->verb != OP_READ || (w->reads_by_log & NODE_BIT(node));
    return proposes && j->progress.target && j->node[node].role != SUT_LEADER &&
           j->node[node].leader != 0 && !world_option(w, node, "proposal-forwarding");
}

void check_progress_record(struct world *w, void *state, const struct record *r)
{
    (void)state;
    struct judge *j = judge_of(w);
    struct progress *p = &j->progress;
    if (r->kind == REC_APPLY) {
        if (p->target && r->index >= p->target && r->node <= NODES_MAX)
            p->missing &= ~NODE_BIT(r->node);
        look(j, r->at);
        return;
    }
    const struct mop *op = mop_at(w, j, rec_op(r));
    if (op == NULL || op->verb == OP_NONE)
        return;
    if (!op->was_told && op->invoked_at >= p->asked_at && answers(w, j, op, r))
        *(op->verb == OP_READ ? &p->unread : &p->unwritten) &= ~NODE_BIT(rec_answered_by(r));
    if (op->verb != OP_READ && rec_outcome(r) == OUT_OK && p->target == 0 && r->index > p->base) {
        p->target = r->index;
        for (uint8_t n = 1; n <= w->nnodes; n++)
            if (j->node[n].up && j->node[n].applied >= p->target)
                p->missing &= ~NODE_BIT(n);
    }
    look(j, r->at);
}

uint32_t progress_unanswered(const struct world *w, uint8_t node)
{
    const struct progress *p = &judge_of(w)->progress;
    const bool write = p->unwritten & NODE_BIT(node), read = p->unread & NODE_BIT(node);
    return (write ? UINT32_C(1) << OP_WRITE : 0) | (read ? UINT32_C(1) << OP_READ : 0);
}

static enum progress_state state_of(const struct world *w, const struct progress *p)
{
    if (!p->asked)
        return PROGRESS_NOT_ASKED;
    if (p->made_at != NEVER && p->made_at <= p->until)
        return PROGRESS_MADE;
    return w->now >= p->until ? PROGRESS_MISSED : PROGRESS_WAITING;
}

enum progress_state progress_look(const struct world *w)
{
    return state_of(w, &judge_of(w)->progress);
}

enum progress_state progress_took(const struct world *w, uint32_t k, uint64_t *took)
{
    const struct progress *p = &judge_of(w)->progress;
    for (; k > 0; k--) {
        if (p->before == 0)
            return PROGRESS_NOT_ASKED;
        p = arena_at(&w->arena, p->before);
    }
    const enum progress_state state = state_of(w, p);
    if (state == PROGRESS_MADE)
        *took = p->made_at - p->asked_at;
    return state;
}

static int unanswered_detail(const struct world *w, const struct progress *p, char *out,
                             size_t size)
{
    return snprintf(out, size, "no %s that was asked for from %s on is answered through %s by %s",
                    p->unwritten ? "write" : "read", when(p->asked_at).text,
                    names_of(p->unwritten ? p->unwritten : p->unread).text, when(w->now).text);
}

int progress_detail(const struct world *w, char *out, size_t size)
{
    const struct judge *j = judge_of(w);
    const struct progress *p = &j->progress;
    if (!p->asked)
        return snprintf(out, size, "progress was not asked for");
    if (progress_look(w) == PROGRESS_MADE)
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
                    p->target, n, j->node[n].applied, when(w->now).text, when(p->asked_at).text);
}

bool progress_everywhere(const struct world *w, node_set set, char *out, size_t size)
{
    const struct judge *j = judge_of(w);
    for (; set; set &= set - 1) {
        const uint8_t n = (uint8_t)(__builtin_ctz(set) + 1);
        if (j->node[n].up && j->node[n].applied >= j->chain_index)
            continue;
        snprintf(out, size, "n%u has applied only %" PRIu64 ", and %" PRIu64 " is committed", n,
                 j->node[n].applied, j->chain_index);
        return false;
    }
    return true;
}

uint64_t progress_top_term(const struct world *w, node_set set)
{
    uint64_t top = 0;
    for (; set; set &= set - 1) {
        const uint64_t term = judge_of(w)->node[__builtin_ctz(set) + 1].term;
        top = term > top ? term : top;
    }
    return top;
}

static void start(struct world *w, void *state)
{
    (void)state;
    listen(judge_of(w), false);
}

const struct check check_progress = {
    .name = "progress",
    .rule = "a healed core commits, acknowledges and applies a write, and answers a write and a "
            "read through each of its nodes, within the bound that the scenario sets",
    .sees = SEES_OUTSIDE,
    .judges = "a demand for progress",
    .start = start,
    .possible = asked,
    .idle = "no scenario asks for it",
};
