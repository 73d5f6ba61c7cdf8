/* SPDX-License-Identifier: MIT */
/*
 * Demands for progress (check/progress.c). Method: each node of the core has a client of the
 * scenario's own, which writes through it and then reads through it, in each group in which the
 * node votes, and goes nowhere else: who
 * follows hints to another node would never notice that one answers nobody. A node that says that
 * it does not lead is asked again a little later, for as long as the check still waits for it. Who
 * says nothing, for a leader that loses its place forgets what it was asked, is asked again after
 * an election timeout: bounds are told in them. Without a no-op a new leader answers no read before
 * somebody writes, and nobody else may: a read then ends, to be asked again behind another write.
 * What these clients draw is keyed by them, so they disturb nobody else's draws.
 */
#include "play.h"
#include "units.h"

#include <assert.h>

#define PROBE_PAUSE MS(50)

enum { PROBE_RETRIES = 1000 };

static const uint8_t probe_verbs[PROBE_VERBS] = {[PROBE_WRITE] = OP_WRITE, [PROBE_READ] = OP_READ};

static bool reads_need_writes(const struct world *w)
{
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (!world_option(w, n, "noop-on-election")) return true;
    return false;
}

static void probe(struct player *p, uint16_t group, uint8_t node, uint32_t verb)
{
    const bool once = probe_verbs[verb] == OP_READ && reads_need_writes(p->w);
    const struct op_request q = {.client = (uint8_t)(CLIENT_BASE + p->prog->probes + node - 1),
                                 .verb = probe_verbs[verb], .node = node, .key = p->prog->probe_key,
                                 .a = VALUE_NUMBER(1), .timeout = p->patience, .group = group,
                                 .retries = once ? 0 : PROBE_RETRIES};
    p->probe[group][verb][node] = client_invoke(p->w, &q);
}

void play_progress(struct player *p, node_set core, uint64_t within)
{
    assert(p->prog->probes);
    progress_ask(p->w, core, within);
    p->asked = true;
    p->patience = bound_time(p->w, (struct bound){.timeouts = 1000}, core);
    p->probed_at = p->w->now;
    for (uint16_t group = 0; group < p->w->groups; group++)
        for (node_set left = progress_core(p->w, group, core); left; left &= left - 1)
            for (uint32_t verb = 0; verb < PROBE_VERBS; verb++)
                probe(p, group, node_first(left), verb);
}

static bool came_back(const struct player *p, uint16_t group, uint8_t node, uint32_t verb)
{
    const uint32_t op = p->probe[group][verb][node];
    return op && world_op(p->w, op)->outcome != OUT_PENDING;
}

static void probe_node_again(struct player *p, uint16_t group, uint8_t n)
{
    const uint32_t left = progress_unanswered(p->w, group, n);
    const bool reads = (left >> OP_READ & 1) && came_back(p, group, n, PROBE_READ);
    if ((reads || left >> OP_WRITE & 1) && came_back(p, group, n, PROBE_WRITE))
        probe(p, group, n, PROBE_WRITE);
    if (reads) probe(p, group, n, PROBE_READ);
}

void play_probe_again(struct player *p)
{
    if (p->w->now < p->probed_at + PROBE_PAUSE || progress_look(p->w) != PROGRESS_WAITING) return;
    p->probed_at = p->w->now;
    for (uint16_t group = 0; group < p->w->groups; group++)
        for (uint8_t n = 1; n <= p->w->nnodes; n++)
            probe_node_again(p, group, n);
}

bool play_await_progress(struct player *p, const struct place *at, uint64_t within)
{
    const uint64_t end = p->w->now + within;
    char seen[160];
    struct evidence rests = {0};
    for (uint64_t slice = within / 200 + 1; p->w->now < end;) {
        if (progress_look(p->w) != PROGRESS_WAITING) break;
        const uint64_t to = p->w->now + slice;
        if (!play_wait(p, to < end ? to : end)) return false;
        play_probe_again(p);
    }
    rests_on_progress(p, &rests);
    play_rests(p, &rests);
    p->asked = false;
    if ((p->how->without | p->prog->disabled) >> CHECK_progress & 1) return true;
    if (progress_look(p->w) == PROGRESS_MADE) return true;
    progress_detail(p->w, seen, sizeof seen);
    return play_fail(p, at, V_LIVENESS, "progress", "%s", seen);
}

bool play_unable(struct player *p, const char *why)
{
    p->out->unable = why;
    snprintf(p->out->detail, sizeof p->out->detail,
             "unable to recover, by construction: %s; no progress was asked", why);
    return true;
}
