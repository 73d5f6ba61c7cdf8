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
static __attribute__((noinline)) void make_room(struct world *w, uint8_t node, uint32_t nops)
{
    struct node *n = &w->node[node];
    const uint64_t usual = w->plan->host[node].batch;
    assert(nops <= BATCH_MAX);
    const uint16_t room = nops <= usual && usual <= BATCH_MAX ? (uint16_t)usual : BATCH_MAX;
    const uint64_t to = arena_take(&w->arena, room * sizeof(struct batched));
    memcpy(arena_at(&w->arena, to), arena_at(&w->arena, n->batch),
           n->batch_n * sizeof(struct batched));
    n->batch = to;
    n->batch_room = room;
}

/* Where the next `nops` go of what a node gathers; they are counted in. */
static inline struct batched *gathered(struct world *w, uint8_t node, uint32_t nops)
{
    struct node *n = &w->node[node];
    const uint32_t before = n->batch_n;
    if (before + nops > n->batch_room)
        make_room(w, node, before + nops);
    n->batch_n = (uint16_t)(before + nops);
    return (struct batched *)arena_at(&w->arena, n->batch) + before;
}

/* One MSG_PROPOSE an operation to the leader that the SUT knows. */
static void forward(struct world *w, uint8_t node, uint8_t leader, const struct batched *ops,
                    uint32_t nops)
{
    for (uint32_t i = 0; i < nops; i++) {
        const struct msg_label label = {.type = MSG_PROPOSE, .from = node, .to = leader,
                                        .term = w->node[node].term, .entries = 1,
                                        .round = ops[i].op,
                                        .bytes = (uint32_t)w->plan->host[0].entry_size};
        struct message *m = message_new(w, &label, SUT_MSG_BYTES);
        m->nbytes = (uint16_t)w->sut->propose_msg(&m->label, m->bytes);
        m->op = ops[i].op;
        m->attempt = ops[i].attempt;
        net_send(w, m);
    }
}

static void refuse(struct world *w, uint8_t node, const struct batched *ops, uint32_t nops)
{
    for (uint32_t i = 0; i < nops; i++) {
        const struct op *op = world_op(w, ops[i].op);
        struct errand *errand = world_errand(w, op);
        if (op->returned != NEVER || errand->attempt != ops[i].attempt || errand->wait_node != node)
            continue;
        errand->wait_node = 0;
        client_answer(w, node, ops[i].op, OUT_NOT_LEADER, 0, 0, w->node[node].leader);
    }
}

/* What is gathered at a node is proposed at the latest after `wait`: one event a node stands in the
 * queue for that. */
static void flush_within(struct world *w, uint8_t node, uint64_t wait)
{
    if (w->node[node].batch_due)
        return;
    w->node[node].batch_due = true;
    world_schedule(w, w->now + wait, EV_BATCH, node);
}

/* The SUT has no room now: they wait for the next batch. False: that is full too. */
static bool defer(struct world *w, uint8_t node, const struct batched *ops, uint32_t nops)
{
    const struct node *n = &w->node[node];
    const uint64_t wait = w->plan->host[node].batch_wait;
    if (n->batch_n + nops > BATCH_MAX)
        return false;
    memmove(gathered(w, node, nops), ops, nops * sizeof *ops);
    flush_within(w, node, wait > RETRY_BUSY ? wait : RETRY_BUSY);
    return true;
}

/* Proposes what a node has gathered, in one event. False: there is no room for it. */
static bool propose(struct world *w, uint8_t node, const struct batched *ops, uint32_t nops)
{
    static struct sut_entry entries[BATCH_MAX];
    struct sut_event ev = {.type = SUT_PROPOSE, .n = nops, .entries = entries};
    struct cause cause = {.ops = ops, .nops = nops};
    struct stepped did;
    for (uint32_t i = 0; i < nops; i++)
        entries[i] = (struct sut_entry){.size = (uint32_t)w->plan->host[0].entry_size};
    int rc = host_step(w, node, &ev, &cause, &did);
    if (rc == SUT_NOT_LEADER)
        refuse(w, node, ops, nops);
    else if (rc == SUT_BUSY)
        return defer(w, node, ops, nops);
    else if (rc == SUT_OK && did.forward_to)
        forward(w, node, did.forward_to, ops, nops);
    else if (rc == SUT_OK && did.appended != nops)
        host_breach(w, node, BREACH_PROPOSAL, 0, nops, did.appended, 0);
    return true;
}

void host_flush(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    uint32_t nops = n->batch_n;
    if (!n->up || n->pauses || nops == 0)
        return;                                          /* who is paused flushes when it resumes */
    n->batch_n = 0;
    const bool has_room = propose(w, node, arena_at(&w->arena, n->batch), nops);
    assert(has_room);                                    /* the batch that it made empty */
    (void)has_room;
}

void host_batch_due(struct world *w, uint8_t node)
{
    w->node[node].batch_due = false;
    host_flush(w, node);
}

void host_batch(struct world *w, uint8_t node)
{
    if (!w->service || !w->node[node].up || !service_takes(w, node, TASK_BATCH, 0))
        host_batch_due(w, node);
}

/* False: there is no room for it. */
static bool gather(struct world *w, uint8_t node, struct batched op)
{
    const struct node *n = &w->node[node];
    const struct host_options *opt = &w->plan->host[node];
    if (opt->batch <= 1)
        return propose(w, node, &op, 1);
    if (n->batch_n == BATCH_MAX)
        return false;
    *gathered(w, node, 1) = op;
    if (n->batch_n >= opt->batch)
        host_flush(w, node);
    else
        flush_within(w, node, opt->batch_wait);
    return true;
}

static struct asked *asked_by(struct world *w, uint8_t node, uint8_t client)
{
    return (struct asked *)arena_at(&w->arena, w->node[node].asked) + (client - CLIENT_BASE);
}

/* A session has one operation at a time: whatever this client asked to read here before is no
 * longer wanted. False: there is no room for it. */
static bool read(struct world *w, uint8_t node, struct batched op, uint8_t client)
{
    const uint64_t id = (uint64_t)op.attempt << 32 | op.op;
    struct asked *asked = asked_by(w, node, client);
    if (asked->id == id)
        return true;                                     /* a duplicated request */
    if (asked->ready)
        w->node[node].reads--;
    else if (asked->id) {
        struct sut_event cancel = {.type = SUT_READ_CANCEL, .id = asked->id};
        host_event(w, node, &cancel);
    }
    *asked = (struct asked){.id = id};
    struct sut_event ev = {.type = SUT_READ, .id = id};
    struct stepped did;
    const int rc = host_step(w, node, &ev, &(struct cause){0}, &did);
    if (rc != SUT_OK)
        asked->id = 0;
    if (rc == SUT_NOT_LEADER)
        refuse(w, node, &op, 1);
    return rc != SUT_BUSY;
}

bool request_receive(struct world *w, uint8_t node, const struct message *m)
{
    struct batched asked = {.op = m->op, .attempt = m->attempt};
    const struct op *op = world_op(w, asked.op);
    struct errand *errand = world_errand(w, op);
    bool wanted = op->returned == NEVER && errand->attempt == asked.attempt;
    if (wanted) {
        errand->wait_node = node;
        errand->wait_boot = w->node[node].boots;
    }
    if (op->verb != OP_READ || w->reads_by_log & NODE_BIT(node))
        return gather(w, node, asked);              /* a late copy too: the session will know it */
    return !wanted || read(w, node, asked, m->label.from);
}

/* The errand of an operation to which the node owes an answer; NULL where it owes none. */
static struct errand *owed(const struct world *w, uint8_t node, const struct op *op)
{
    struct errand *errand = op->returned == NEVER ? world_errand(w, op) : NULL;
    return errand && errand->wait_node == node && errand->wait_boot == w->node[node].boots ? errand
                                                                                           : NULL;
}

void request_applied(struct world *w, uint8_t node, uint32_t entry, struct kv_result result)
{
    const struct entry *e = store_entry(w, entry);
    struct op *op = world_op(w, e->op);
    struct errand *errand = owed(w, node, op);
    if (!errand)
        return;
    errand->wait_node = 0;
    if (op->verb == OP_READ) {
        op->path = READ_PATH_LOG;
        struct record *r = record_new(w, REC_READ, node);
        rec_set_op(r, e->op);
        r->index = store_index(w, entry);
        rec_set_path(r, READ_PATH_LOG);
        r->term = w->node[node].term;
        record_done(w);
    }
    client_answer(w, node, e->op, result.outcome, result.value, store_index(w, entry),
                  w->node[node].leader);
}

static void answer_read(struct world *w, uint8_t node, struct asked *asked)
{
    uint32_t id = (uint32_t)asked->id, attempt = (uint32_t)(asked->id >> 32);
    struct op *op = world_op(w, id);
    const struct asked was = *asked;
    *asked = (struct asked){0};
    struct errand *errand = owed(w, node, op);
    if (!errand || errand->attempt != attempt)
        return;
    errand->wait_node = 0;
    op->path = was.path & 3u;
    struct record *r = record_new(w, REC_READ, node);
    rec_set_op(r, id);
    r->index = was.index;
    rec_set_path(r, was.path);
    r->peer = was.lender;
    r->term = w->node[node].term;
    record_done(w);
    client_answer(w, node, id, OUT_OK, kv_get(w, w->node[node].kv, op->key), was.index,
                  w->node[node].leader);
}

bool host_holds_lease(const struct world *w, uint8_t node)
{
    return clock_local(w, node) < w->node[node].lease_until;
}

/* Whose lease vouches for an answer: that of a leader which said so in the message at hand, or the
 * node's own; 0: nobody's. */
static uint8_t lender(const struct world *w, uint8_t node, const struct message *m)
{
    if (m && m->by_lease)
        return m->label.from;
    return host_holds_lease(w, node) ? node : 0;
}

void request_read_ready(struct world *w, uint8_t node, const struct sut_read *read,
                        const struct cause *cause)
{
    struct node *n = &w->node[node];
    const uint64_t id = read->id, index = read->index;
    const uint32_t op = (uint32_t)id;
    struct asked *asked = op && op < w->ops.n ? asked_by(w, node, world_op(w, op)->client) : NULL;
    if (!asked || asked->id != id || asked->ready) {
        host_breach(w, node, BREACH_READ, 0, id, 0, 0);
        return;
    }
    asked->index = index;
    asked->path = read->lease ? READ_PATH_LEASE : READ_PATH_INDEX;
    asked->lender = read->lease ? lender(w, node, cause->message) : 0;
    if (read->lease && !asked->lender)
        host_breach(w, node, BREACH_READ_LEASE, 0, op, clock_local(w, node), n->lease_until);
    if (index <= n->applied) {
        answer_read(w, node, asked);
        return;
    }
    asked->ready = true;
    n->reads_next = n->reads++ == 0 || index < n->reads_next ? index : n->reads_next;
}

void request_reads_applied(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    if (n->applied < n->reads_next)
        return;
    n->reads_next = NEVER;
    for (uint32_t c = 1; c <= w->nclients && n->reads; c++) {
        struct asked *asked = asked_by(w, node, (uint8_t)(c + CLIENT_BASE));
        if (!asked->ready)
            continue;
        if (asked->index <= n->applied) {
            n->reads--;
            answer_read(w, node, asked);
        } else if (asked->index < n->reads_next) {
            n->reads_next = asked->index;
        }
    }
}
