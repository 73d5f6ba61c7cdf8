/* SPDX-License-Identifier: MIT */
/*
 * Method. Operations: as in metrics.c, from the intended time, at their RETURN. Faults: no record
 * says that a fault stands, and a statement makes none at all, so the world itself is looked at:
 * what differs from its plan is trouble. It can only have changed at a statement, a strike, or when
 * a node starts or stops; records of those are made before or after the deed, so the look is taken
 * at the next record that comes here, and counts from the time of the first.
 *
 * A run's length is not known before its end: bins begin narrow, and where they do not reach, each
 * two become one.
 */
#include "timeline.h"

#include <assert.h>
#include <string.h>

#include "../world/world.h"
#include "run.h"

static struct timeline *current; /* NULL: none */
static uint64_t since;           /* `standing` stands since then */
static unsigned standing;        /* bits of enum trouble */
static bool look;                /* it may have changed at `since` */

static const struct {
    const char *name, *words;
} troubles[TROUBLES] = {
    [TROUBLE_DOWN] = {"down", "a node is down"},
    [TROUBLE_PAUSE] = {"pause", "a node is paused"},
    [TROUBLE_CUT] = {"cut", "links are cut"},
    [TROUBLE_LINK] = {"link", "links lose, repeat or delay"},
    [TROUBLE_DISK] = {"disk", "a disk is slow, stuck or broken"},
    [TROUBLE_CLOCK] = {"clock", "a clock is wrong"},
};

const char *trouble_name(int t) { return t >= 0 && t < TROUBLES ? troubles[t].name : "?"; }
const char *trouble_words(int t) { return t >= 0 && t < TROUBLES ? troubles[t].words : "?"; }
const char *series_name(int s) { return s == SERIES_WRITE ? "write" : "read"; }

/* ---- bins ------------------------------------------------------------------------------------ */

uint32_t timeline_step(uint64_t ns)
{
    uint32_t bucket = hist_bucket(ns);
    return bucket == 0 ? 0 : 1 + (bucket - 1) / STEP_BUCKETS;
}

uint64_t timeline_step_top(uint32_t step)
{
    assert(step < TIMELINE_STEPS);
    return step + 1 < TIMELINE_STEPS ? hist_floor(step * STEP_BUCKETS + 1) - 1 : UINT64_MAX;
}

static void halve(uint32_t bins[TIMELINE_BINS])
{
    for (uint32_t i = 0; i < TIMELINE_BINS; i++)
        bins[i] = 2 * i < TIMELINE_BINS ? bins[2 * i] + bins[2 * i + 1] : 0;
}

bool timeline_widen(struct timeline *t)
{
    if (t->width > UINT64_MAX / 2 / TIMELINE_BINS)
        return false;
    t->width *= 2;
    for (int s = 0; s < SERIES_KINDS; s++) {
        halve(t->answered[s]);
        halve(t->timeouts[s]);
        for (uint32_t i = 0; i < TIMELINE_BINS; i++)
            for (uint32_t k = 0; k < TIMELINE_STEPS; k++)
                t->latency[s][i][k] = 2 * i < TIMELINE_BINS ? t->latency[s][2 * i][k] +
                                                                  t->latency[s][2 * i + 1][k]
                                                            : 0;
    }
    for (int k = 0; k < TROUBLES; k++)
        for (uint32_t i = 0; i < TIMELINE_BINS; i++)
            t->trouble[k][i] =
                2 * i < TIMELINE_BINS ? t->trouble[k][2 * i] + t->trouble[k][2 * i + 1] : 0;
    return true;
}

uint32_t timeline_bins(const struct timeline *t, uint64_t simulated_ns)
{
    uint64_t bins = simulated_ns / t->width + (simulated_ns % t->width != 0);
    return bins < TIMELINE_BINS ? (uint32_t)bins : TIMELINE_BINS;
}

bool timeline_whole(const struct timeline *t, uint64_t simulated_ns)
{
    uint64_t width = MS(TIMELINE_LEAST_MS);
    while (width < t->width && width < UINT64_MAX / 2)
        width *= 2;
    if (width != t->width || (simulated_ns - (simulated_ns > 0)) / width >= TIMELINE_BINS)
        return false;
    for (int k = 0; k < TROUBLES; k++)
        for (uint32_t i = 0; i < TIMELINE_BINS; i++)
            if (t->trouble[k][i] > width)
                return false;
    return true;
}

/* The bin of a time in the run that is under way. */
static uint32_t bin_of(uint64_t at)
{
    while (at / current->width >= TIMELINE_BINS && timeline_widen(current))
        continue;
    uint64_t bin = at / current->width;
    return bin < TIMELINE_BINS ? (uint32_t)bin : TIMELINE_BINS - 1;
}

/* ---- faults ---------------------------------------------------------------------------------- */

/* 0: it is as the plan has it. Without a branch, as there are hundreds of links. */
static uint64_t link_is_off(const struct link *l, const struct host_options *plan)
{
    return l->loss_ppm | l->dup_ppm | l->reorder_ppm | l->capacity | l->bandwidth | l->lag |
           (l->delay_min ^ plan->link_delay_min) | (l->delay_max ^ plan->link_delay_max);
}

static bool disk_is_off(const struct world *w, uint8_t node)
{
    const struct disk_condition d = disk_look(w, node);
    const struct disk_settings is = disk_settings(w, node), planned = disk_planned(w, node);
    return d.stalls != 0 || d.stepwise || d.broken || d.failing || d.will_fail ||
           is.reorder_ppm != 0 || is.latency_min != planned.latency_min ||
           is.latency_max != planned.latency_max;
}

static bool clock_is_off(const struct clock *c) { return c->num != c->den || c->outside; }

static unsigned trouble_of_links(const struct world *w)
{
    const struct link *links = net_links_of(w);
    const uint32_t n = net_links(w); /* a node's to itself is always as the plan has it */
    uint64_t cut = 0, off = 0;
    for (uint32_t i = 0; i < n; i++) {
        cut |= links[i].cuts;
        off |= link_is_off(&links[i], &w->plan->host[0]);
    }
    return (cut ? 1u << TROUBLE_CUT : 0) | (off ? 1u << TROUBLE_LINK : 0);
}

static unsigned trouble_of(const struct world *w)
{
    unsigned found = trouble_of_links(w);
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const struct process *proc = &w->process[n];
        if (proc->boots == 0)
            continue; /* it was never started: nothing happened to it */
        found |= !proc->up || host_halted(w, n) ? 1u << TROUBLE_DOWN : 0;
        found |= proc->pauses != 0 ? 1u << TROUBLE_PAUSE : 0;
        found |= disk_is_off(w, n) ? 1u << TROUBLE_DISK : 0;
        found |= clock_is_off(&proc->clock) ? 1u << TROUBLE_CLOCK : 0;
    }
    return found;
}

static void stood(int trouble, uint64_t from, uint64_t until)
{
    if (from < until)
        bin_of(until - 1); /* as wide as it needs */
    while (from < until) {
        uint32_t bin = bin_of(from);
        uint64_t end = (bin + 1) * current->width;
        end = end < until && bin + 1 < TIMELINE_BINS ? end : until;
        current->trouble[trouble][bin] += end - from;
        from = end;
    }
}

/* What stood until `at`; it may be otherwise from then on. */
static void account(uint64_t at)
{
    for (int k = 0; k < TROUBLES; k++)
        if (standing >> k & 1)
            stood(k, since, at);
    since = at;
}

static void take_look(const struct world *w)
{
    if (look)
        standing = trouble_of(w);
    look = false;
}

/* ---- operations ------------------------------------------------------------------------------ */

static int series_of(const struct op *op)
{
    switch ((enum op_verb)op->verb) {
    case OP_READ: return SERIES_READ;
    case OP_WRITE:
    case OP_CAS:
    case OP_APPEND: return SERIES_WRITE;
    case OP_NONE:
    case OP_RAW: return SERIES_KINDS;
    }
    return SERIES_KINDS;
}

static void op_returned(const struct world *w, const struct record *r)
{
    const struct op *op = world_op(w, rec_op(r));
    int series = series_of(op);
    uint64_t intended = world_errand(w, op)->intended;
    if (series == SERIES_KINDS)
        return;
    switch ((enum op_outcome)rec_outcome(r)) {
    case OUT_OK:
    case OUT_FAIL:
        current->answered[series][bin_of(r->at)]++;
        current->latency[series][bin_of(intended)][timeline_step(r->at - intended)]++;
        break;
    case OUT_NOT_LEADER:
    case OUT_TIMEOUT: current->timeouts[series][bin_of(intended)]++; break;
    case OUT_PENDING: break;
    }
}

/* ---- the room's door ------------------------------------------------------------------------- */

void timeline_start(struct timeline *t)
{
    memset(t, 0, sizeof(*t));
    t->width = MS(TIMELINE_LEAST_MS);
    current = t;
    since = 0;
    standing = 0;
    look = false;
}

void timeline_record(struct world *w, const struct record *r)
{
    if (current == NULL)
        return;
    take_look(w);
    if (r->kind == REC_RETURN) {
        op_returned(w, r);
    } else if (r->kind != REC_INVOKE && r->kind != REC_ROLE) {
        account(r->at);
        look = true;
    }
}

void timeline_finish(struct world *w)
{
    if (current == NULL)
        return;
    take_look(w);
    account(w->now);
    for (uint32_t id = 1; id < w->ops.n; id++) {
        const struct op *op = world_op(w, id);
        int series = series_of(op);
        if (series != SERIES_KINDS && op_overdue(w, op))
            current->timeouts[series][bin_of(world_errand(w, op)->intended)]++;
    }
    if (w->now > 0)
        bin_of(w->now - 1); /* a quiet end is part of the run */
    current = NULL;
}
