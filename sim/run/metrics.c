/* SPDX-License-Identifier: MIT */
/*
 * Latency samples, taken while the run goes.
 *
 * Method. Operations: at its RETURN an operation counts from its intended time, so that a
 * client that queues behind a slow answer hides nothing; what timed out, was refused for good,
 * or still waits at the end of the run after its own time-out counts as a time-out and ranks
 * above every measured one. A read's kind is the one the cluster is set to (option "reads"),
 * because that is what a user chooses; where the system under test has no such option, it is
 * the path that answered.
 *
 * Elections: see run.h for what "lost" means. The leader in office is the one that committed last;
 * a sample is taken when a node of a higher term commits as leader for the first time.
 */
#include <assert.h>
#include <string.h>

#include "../world/world.h"
#include "run.h"

struct metrics {
    uint64_t hist[METRICS];        /* offset of struct hist, 0: no sample yet */
    uint64_t term;                 /* of the leader in office, 0: none yet */
    uint64_t lost_at;              /* when it was lost; NEVER: it leads, as far as anybody knows */
    uint64_t heard[NODES_MAX + 1]; /* when each node's latest answer in its term reached it */
    uint8_t leader;
    uint8_t read_metric; /* METRICS: by the path that answered */
    struct bites bites;
};

enum { OVERDUE_OPS_S = 1, OVERDUE_ELECTION_S = 10 };

static struct metrics *metrics_of(const struct world *w)
{
    assert(w->metrics != 0);
    return arena_at(&w->arena, w->metrics);
}

static struct hist *hist_of(struct world *w, struct metrics *m, uint8_t metric)
{
    if (m->hist[metric] == 0)
        m->hist[metric] = arena_take(&w->arena, sizeof(struct hist));
    return arena_at(&w->arena, m->hist[metric]);
}

static uint8_t metric_of_path(uint8_t path)
{
    switch ((enum read_path)path) {
    case READ_PATH_INDEX: return METRIC_READ_INDEX;
    case READ_PATH_LEASE: return METRIC_READ_LEASE;
    case READ_PATH_LOG: return METRIC_READ_LOG;
    }
    return METRIC_READ_INDEX;
}

/* The metric of reads as option "reads" has it; its words are the kinds' names. */
static uint8_t read_metric(const struct world_plan *plan)
{
    for (const struct option_row *row = plan->sut->options; row->name != NULL; row++) {
        if (strcmp(row->name, "reads") != 0 || row->type != OPTION_ENUM)
            continue;
        uint64_t value = plan->sut_options[0][row->offset / sizeof(uint64_t)];
        return value <= READ_PATH_LOG ? metric_of_path((uint8_t)value) : METRICS;
    }
    return METRICS;
}

void metrics_start(struct world *w)
{
    w->metrics = arena_take(&w->arena, sizeof(struct metrics));
    struct metrics *m = metrics_of(w);
    m->lost_at = NEVER;
    m->read_metric = read_metric(w->plan);
    bites_start(w, &m->bites);
}

/* ---- elections ------------------------------------------------------------------------------- */

/* The last time at which the leader in office had been answered by a majority: it and the rest of
 * a quorum. */
static uint64_t quorum_contact(const struct world *w, const struct metrics *m)
{
    uint64_t times[NODES_MAX];
    uint32_t n = 0, voters = 0;
    for (uint8_t node = 1; node <= w->nnodes; node++) {
        if (!(voters_of(w, 0) & NODE_BIT(node)))
            continue;
        voters++;
        uint64_t at = node == m->leader ? w->now : m->heard[node];
        uint32_t i = n++;
        for (; i > 0 && times[i - 1] < at; i--)
            times[i] = times[i - 1];
        times[i] = at;
    }
    uint32_t quorum = voters / 2 + 1;
    return n >= quorum ? times[quorum - 1] : w->now;
}

static void take_office(struct world *w, struct metrics *m, const struct record *r)
{
    if (m->term != 0) {
        uint64_t lost = m->lost_at != NEVER ? m->lost_at : quorum_contact(w, m);
        assert(lost <= r->at);
        hist_add(hist_of(w, m, METRIC_ELECTION), r->at - lost);
    }
    m->term = r->term;
    m->leader = r->node;
    for (uint32_t i = 0; i <= NODES_MAX; i++)
        m->heard[i] = r->at;
}

static void leader_committed(struct world *w, struct metrics *m, const struct record *r)
{
    if (r->term > m->term)
        take_office(w, m, r);
    if (r->term == m->term && r->node == m->leader)
        m->lost_at = NEVER; /* whatever happened to it, it still leads */
}

static void leader_lost(struct metrics *m, uint64_t at)
{
    if (m->lost_at == NEVER)
        m->lost_at = at;
}

static void leader_heard(struct metrics *m, const struct record *r)
{
    if (r->term == m->term && r->peer <= NODES_MAX)
        m->heard[r->peer] = r->at;
}

/* ---- operations ------------------------------------------------------------------------------ */

static uint8_t metric_of_op(const struct metrics *m, const struct op *op)
{
    switch ((enum op_verb)op->verb) {
    case OP_READ: return m->read_metric < METRICS ? m->read_metric : metric_of_path(op->path);
    case OP_WRITE:
    case OP_CAS:
    case OP_APPEND: return METRIC_COMMIT;
    case OP_NONE:
    case OP_RAW: return METRICS;
    }
    return METRICS;
}

static void op_returned(struct world *w, struct metrics *m, const struct record *r)
{
    const struct op *op = world_op(w, rec_op(r));
    uint8_t metric = metric_of_op(m, op);
    if (metric == METRICS)
        return;
    switch ((enum op_outcome)rec_outcome(r)) {
    case OUT_OK:
    case OUT_FAIL:
        assert(op->errand != 0);
        assert(world_errand(w, op)->intended <= r->at);
        hist_add(hist_of(w, m, metric), r->at - world_errand(w, op)->intended);
        break;
    case OUT_NOT_LEADER:
    case OUT_TIMEOUT: hist_timeout(hist_of(w, m, metric)); break;
    case OUT_PENDING: break;
    }
}

bool op_overdue(const struct world *w, const struct op *op)
{
    const struct errand *errand = world_errand(w, op);
    if (op->outcome != OUT_PENDING || errand->intended > w->now)
        return false;
    uint64_t patience = errand->timeout != 0 && errand->timeout != NEVER ? errand->timeout
                                                                         : SEC(OVERDUE_OPS_S);
    return w->now - errand->intended >= patience;
}

static void ops_overdue(struct world *w, struct metrics *m)
{
    for (uint32_t id = 1; id < w->ops.n; id++) {
        const struct op *op = world_op(w, id);
        uint8_t metric = metric_of_op(m, op);
        if (metric != METRICS && op_overdue(w, op))
            hist_timeout(hist_of(w, m, metric));
    }
}

/* ---- the room's door ------------------------------------------------------------------------- */

/* Does the record speak of the leader in office? */
static bool of_leader(const struct metrics *m, const struct record *r)
{
    return m->term != 0 && r->node == m->leader && r->group == 0;
}

void metrics_record(struct world *w, const struct record *r)
{
    struct metrics *m = metrics_of(w);
    switch (r->kind) {
    case REC_SEND: case REC_APPEND: case REC_BOOT: case REC_READ:
    case REC_LEASE: bites_record(&m->bites, r); break;
    case REC_COMMIT:
        if (rec_role(r) == SUT_LEADER && r->group == 0)
            leader_committed(w, m, r);
        break;
    case REC_DELIVER:
        if (of_leader(m, r))
            leader_heard(m, r);
        break;
    case REC_ROLE:
        bites_record(&m->bites, r);
        if (of_leader(m, r) && (rec_role(r) != SUT_LEADER || r->term != m->term))
            leader_lost(m, quorum_contact(w, m));
        break;
    case REC_CRASH: case REC_PAUSE: case REC_HALT:
        if (of_leader(m, r))
            leader_lost(m, r->at);
        break;
    case REC_RETURN: op_returned(w, m, r); break;
    default: break;
    }
}

static void recoveries(const struct world *w, struct hist *h)
{
    uint64_t took;
    enum progress_state state;
    for (uint32_t k = 0; (state = progress_took(w, k, &took)) != PROGRESS_NOT_ASKED; k++) {
        if (state == PROGRESS_MADE)
            hist_add(h, took);
        else if (state == PROGRESS_MISSED)
            hist_timeout(h);
    }
}

void metrics_finish(struct world *w, struct result *out)
{
    struct metrics *m = metrics_of(w);
    ops_overdue(w, m);
    if (m->lost_at != NEVER && w->now - m->lost_at >= SEC(OVERDUE_ELECTION_S))
        hist_timeout(hist_of(w, m, METRIC_ELECTION));
    for (int i = 0; i < METRICS; i++)
        if (m->hist[i] != 0)
            memcpy(&out->latency[i], arena_at(&w->arena, m->hist[i]), sizeof(struct hist));
    if (w->judge != 0)
        recoveries(w, &out->latency[METRIC_RECOVERY]);
    memcpy(out->option_bit, m->bites.n, sizeof(m->bites.n));
}
