/* SPDX-License-Identifier: MIT */
/*
 * Method: an operation arrives, is proposed or read, and its answer waits for the entry to be
 * applied here, or for the read index to be applied here. A node owes at most one answer to an
 * operation (errand.wait_node, errand.wait_boot); the entry carries the operation's number, so that
 * applying finds whom to answer without a table.
 */
#include "host.h"
#include "service.h"

#include <assert.h>
#include <string.h>

/* ns between two tries of a batch that found no room */
enum { BATCH_MAX = 256, RETRY_BUSY = 100000 };

/* Room for what a node gathers: mostly that is no more than one proposal takes; what was deferred
 * comes on top. */
static __attribute__((noinline)) void make_room(struct world *w, struct replica *rep, uint32_t nops)
{
    const uint64_t usual = w->plan->host[rep->node].batch;
    assert(nops <= BATCH_MAX);
    const uint16_t room = nops <= usual && usual <= BATCH_MAX ? (uint16_t)usual : BATCH_MAX;
    const uint64_t to = arena_take(&w->arena, room * sizeof(struct batched));
    memcpy(arena_at(&w->arena, to), arena_at(&w->arena, rep->batch),
           rep->batch_n * sizeof(struct batched));
    rep->batch = to;
    rep->batch_room = room;
}

/* Where the next `nops` go of what a node gathers; they are counted in. */
static inline struct batched *gathered(struct world *w, struct replica *rep, uint32_t nops)
{
    const uint32_t before = rep->batch_n;
    if (before + nops > rep->batch_room)
        make_room(w, rep, before + nops);
    rep->batch_n = (uint16_t)(before + nops);
    return (struct batched *)arena_at(&w->arena, rep->batch) + before;
}

/* One MSG_PROPOSE an operation to the leader that the SUT knows. */
static void forward(struct world *w, const struct replica *rep, uint8_t leader,
                    const struct batched *ops, uint32_t nops)
{
    for (uint32_t i = 0; i < nops; i++) {
        const struct msg_label label = {.type = MSG_PROPOSE, .group = rep->group, .from = rep->node,
                                        .to = leader,
                                        .term = rep->term, .entries = 1,
                                        .round = ops[i].op,
                                        .bytes = (uint32_t)w->plan->host[0].entry_size};
        struct message *m = message_new(w, &label, SUT_MSG_BYTES);
        m->nbytes = (uint16_t)w->sut->propose_msg(&m->label, m->bytes);
        m->op = ops[i].op;
        m->attempt = ops[i].attempt;
        net_send(w, m);
    }
}

static void refuse(struct world *w, const struct replica *rep, const struct batched *ops,
                   uint32_t nops)
{
    for (uint32_t i = 0; i < nops; i++) {
        const struct op *op = world_op(w, ops[i].op);
        struct errand *errand = world_errand(w, op);
        if (op->returned != NEVER || errand->attempt != ops[i].attempt ||
            errand->wait_node != rep->node)
            continue;
        errand->wait_node = 0;
        client_answer(w, rep, ops[i].op, OUT_NOT_LEADER, 0, 0, rep->leader);
    }
}

/* What is gathered at a node is proposed at the latest after `wait`: one event a node stands in the
 * queue for that. */
static void flush_within(struct world *w, struct replica *rep, uint64_t wait)
{
    if (rep->batch_due)
        return;
    rep->batch_due = true;
    world_schedule(w, w->now + wait, EV_BATCH, (uint32_t)rep->group << 8 | rep->node);
}

/* The SUT has no room now: they wait for the next batch. False: that is full too. */
static bool defer(struct world *w, struct replica *rep, const struct batched *ops, uint32_t nops)
{
    const uint64_t wait = w->plan->host[rep->node].batch_wait;
    if (rep->batch_n + nops > BATCH_MAX)
        return false;
    memmove(gathered(w, rep, nops), ops, nops * sizeof *ops);
    flush_within(w, rep, wait > RETRY_BUSY ? wait : RETRY_BUSY);
    return true;
}

/* Proposes what a node has gathered, in one event. False: there is no room for it. */
static bool propose(struct world *w, struct replica *rep, const struct batched *ops, uint32_t nops)
{
    static struct sut_entry entries[BATCH_MAX];
    struct sut_event ev = {.type = SUT_PROPOSE, .n = nops, .entries = entries};
    struct cause cause = {.ops = ops, .nops = nops};
    struct stepped did;
    for (uint32_t i = 0; i < nops; i++)
        entries[i] = (struct sut_entry){.size = (uint32_t)w->plan->host[0].entry_size};
    int rc = host_step(w, rep, &ev, &cause, &did);
    if (rc == SUT_NOT_LEADER)
        refuse(w, rep, ops, nops);
    else if (rc == SUT_BUSY)
        return defer(w, rep, ops, nops);
    else if (rc == SUT_OK && did.forward_to)
        forward(w, rep, did.forward_to, ops, nops);
    else if (rc == SUT_OK && did.appended != nops)
        host_breach(w, rep, BREACH_PROPOSAL, 0, nops, did.appended, 0);
    return true;
}

void host_flush(struct world *w, struct replica *rep)
{
    uint32_t nops = rep->batch_n;
    const struct process *proc = &w->process[rep->node];
    if (!proc->up || proc->pauses || nops == 0)
        return;                                          /* who is paused flushes when it resumes */
    rep->batch_n = 0;
    const bool has_room = propose(w, rep, arena_at(&w->arena, rep->batch), nops);
    assert(has_room);                                    /* the batch that it made empty */
    (void)has_room;
}

void host_batch_due(struct world *w, struct replica *rep)
{
    rep->batch_due = false;
    host_flush(w, rep);
}

void host_batch(struct world *w, uint32_t arg)
{
    struct replica *rep = replica_of(w, (uint8_t)arg, (uint16_t)(arg >> 8));
    if (!w->service || !w->process[rep->node].up ||
        !service_takes(w, rep->node, TASK_BATCH, rep->group))
        host_batch_due(w, rep);
}

/* False: there is no room for it. */
static bool gather(struct world *w, struct replica *rep, struct batched op)
{
    const struct host_options *opt = &w->plan->host[rep->node];
    if (opt->batch <= 1)
        return propose(w, rep, &op, 1);
    if (rep->batch_n == BATCH_MAX)
        return false;
    *gathered(w, rep, 1) = op;
    if (rep->batch_n >= opt->batch)
        host_flush(w, rep);
    else
        flush_within(w, rep, opt->batch_wait);
    return true;
}

static struct asked *asked_by(struct world *w, const struct replica *rep, uint8_t client)
{
    return (struct asked *)arena_at(&w->arena, rep->asked) + (client - CLIENT_BASE);
}

/* A session has one operation at a time: whatever this client asked to read here before is no
 * longer wanted. False: there is no room for it. */
static bool read(struct world *w, struct replica *rep, struct batched op, uint8_t client)
{
    const uint64_t id = (uint64_t)op.attempt << 32 | op.op;
    struct asked *asked = asked_by(w, rep, client);
    if (asked->id == id)
        return true;                                     /* a duplicated request */
    if (asked->ready)
        rep->reads--;
    else if (asked->id) {
        struct sut_event cancel = {.type = SUT_READ_CANCEL, .id = asked->id};
        host_event(w, rep, &cancel);
    }
    *asked = (struct asked){.id = id};
    struct sut_event ev = {.type = SUT_READ, .id = id};
    struct stepped did;
    const int rc = host_step(w, rep, &ev, &(struct cause){0}, &did);
    if (rc != SUT_OK)
        asked->id = 0;
    if (rc == SUT_NOT_LEADER)
        refuse(w, rep, &op, 1);
    return rc != SUT_BUSY;
}

bool request_receive(struct world *w, struct replica *rep, const struct message *m)
{
    struct batched asked = {.op = m->op, .attempt = m->attempt};
    const struct op *op = world_op(w, asked.op);
    struct errand *errand = world_errand(w, op);
    bool wanted = op->returned == NEVER && errand->attempt == asked.attempt;
    if (wanted) {
        errand->wait_node = rep->node;
        errand->wait_boot = w->process[rep->node].boots;
    }
    if (op->verb != OP_READ || w->reads_by_log & NODE_BIT(rep->node))
        return gather(w, rep, asked);              /* a late copy too: the session will know it */
    return !wanted || read(w, rep, asked, m->label.from);
}

/* The errand of an operation to which the node owes an answer; NULL where it owes none. */
static struct errand *owed(const struct world *w, const struct replica *rep, const struct op *op)
{
    struct errand *errand = op->returned == NEVER ? world_errand(w, op) : NULL;
    return errand && errand->wait_node == rep->node &&
                   errand->wait_boot == w->process[rep->node].boots ? errand : NULL;
}

void request_applied(struct world *w, const struct replica *rep, uint32_t entry,
                     struct kv_result result)
{
    const struct entry *e = store_entry(w, entry);
    struct op *op = world_op(w, e->op);
    struct errand *errand = owed(w, rep, op);
    if (!errand)
        return;
    errand->wait_node = 0;
    if (op->verb == OP_READ) {
        op->path = READ_PATH_LOG;
        struct record *r = record_of(w, REC_READ, rep);
        rec_set_op(r, e->op);
        r->index = store_index(w, entry);
        rec_set_path(r, READ_PATH_LOG);
        r->term = rep->term;
        record_done(w);
    }
    client_answer(w, rep, e->op, result.outcome, result.value, store_index(w, entry),
                  rep->leader);
}

static void answer_read(struct world *w, const struct replica *rep, struct asked *asked)
{
    uint32_t id = (uint32_t)asked->id, attempt = (uint32_t)(asked->id >> 32);
    struct op *op = world_op(w, id);
    const struct asked was = *asked;
    *asked = (struct asked){0};
    struct errand *errand = owed(w, rep, op);
    if (!errand || errand->attempt != attempt)
        return;
    errand->wait_node = 0;
    op->path = was.path & 3u;
    struct record *r = record_of(w, REC_READ, rep);
    rec_set_op(r, id);
    r->index = was.index;
    rec_set_path(r, was.path);
    r->peer = was.lender;
    r->term = rep->term;
    record_done(w);
    client_answer(w, rep, id, OUT_OK, kv_get(w, rep->kv, op->key), was.index,
                  rep->leader);
}

bool host_holds_lease(const struct world *w, const struct replica *rep)
{
    return clock_local(w, rep->node) < rep->lease_until;
}

/* Whose lease vouches for an answer: that of a leader which said so in the message at hand, or the
 * node's own; 0: nobody's. */
static uint8_t lender(const struct world *w, const struct replica *rep, const struct message *m)
{
    if (m && m->by_lease)
        return m->label.from;
    return host_holds_lease(w, rep) ? rep->node : 0;
}

void request_read_ready(struct world *w, struct replica *rep, const struct sut_read *read,
                        const struct cause *cause)
{
    const uint64_t id = read->id, index = read->index;
    const uint32_t op = (uint32_t)id;
    struct asked *asked = op && op < w->ops.n ? asked_by(w, rep, world_op(w, op)->client) : NULL;
    if (!asked || asked->id != id || asked->ready) {
        host_breach(w, rep, BREACH_READ, 0, id, 0, 0);
        return;
    }
    asked->index = index;
    asked->path = read->lease ? READ_PATH_LEASE : READ_PATH_INDEX;
    asked->lender = read->lease ? lender(w, rep, cause->message) : 0;
    if (read->lease && !asked->lender)
        host_breach(w, rep, BREACH_READ_LEASE, 0, op, clock_local(w, rep->node), rep->lease_until);
    if (index <= rep->applied) {
        answer_read(w, rep, asked);
        return;
    }
    asked->ready = true;
    rep->reads_next = rep->reads++ == 0 || index < rep->reads_next ? index : rep->reads_next;
}

void request_reads_applied(struct world *w, struct replica *rep)
{
    if (rep->applied < rep->reads_next)
        return;
    rep->reads_next = NEVER;
    for (uint32_t c = 1; c <= w->nclients && rep->reads; c++) {
        struct asked *asked = asked_by(w, rep, (uint8_t)(c + CLIENT_BASE));
        if (!asked->ready)
            continue;
        if (asked->index <= rep->applied) {
            rep->reads--;
            answer_read(w, rep, asked);
        } else if (asked->index < rep->reads_next) {
            rep->reads_next = asked->index;
        }
    }
}
