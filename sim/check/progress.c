/* SPDX-License-Identifier: MIT */
/*
 * Progress (liveness): once a scenario has healed a core of nodes and asks, a client's write must
 * be committed anew and acknowledged, and every node of the core must apply it, within the bound.
 *
 * Method: the first acknowledged index beyond what was committed when progress was asked is the
 * target; a set holds the nodes of the core that are not there yet. The check listens to records
 * only while progress is owed. It reports no violation: who asked looks, and a miss is a verdict of
 * its own kind.
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
                                    .before = before};
    listen(j, true);
    check_judged(w, CHECK_progress);
}

static bool asked(const struct world *w)
{
    return judge_of(w)->progress.asked;
}

static void look(struct judge *j, uint64_t now)
{
    if (j->progress.target == 0 || j->progress.missing)
        return;
    j->progress.made_at = now;
    listen(j, false);
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
    bool write = op && op->verb != OP_READ && op->verb != OP_NONE;
    if (p->target || !write || rec_outcome(r) != OUT_OK || r->index <= p->base)
        return;
    p->target = r->index;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (j->node[n].up && j->node[n].applied >= p->target)
            p->missing &= ~NODE_BIT(n);
    look(j, r->at);
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

int progress_detail(const struct world *w, char *out, size_t size)
{
    const struct judge *j = judge_of(w);
    const struct progress *p = &j->progress;
    if (!p->asked)
        return snprintf(out, size, "progress was not asked for");
    if (progress_look(w) == PROGRESS_MADE)
        return snprintf(out, size, "index %" PRIu64
                        " was acknowledged and applied on the whole core by %s", p->target,
                        when(p->made_at).text);
    if (p->target == 0)
        return snprintf(out, size, "no client's write beyond index %" PRIu64
                        " was acknowledged from %s to %s", p->base,
                        when(p->asked_at).text, when(w->now).text);
    uint8_t n = (uint8_t)(__builtin_ctz(p->missing ? p->missing : 1) + 1);
    return snprintf(out, size,
                    "index %" PRIu64 " is acknowledged, and n%u has applied only %" PRIu64
                    " by %s (asked at %s)",
                    p->target, n, j->node[n].applied, when(w->now).text, when(p->asked_at).text);
}

static void start(struct world *w, void *state)
{
    (void)state;
    listen(judge_of(w), false);
}

const struct check check_progress = {
    .name = "progress",
    .rule = "a healed core commits, acknowledges and applies a write within the bound that the "
            "scenario sets",
    .sees = SEES_OUTSIDE,
    .judges = "a demand for progress",
    .start = start,
    .possible = asked,
    .idle = "no scenario asks for it",
};
