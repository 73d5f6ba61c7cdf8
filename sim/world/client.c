/* SPDX-License-Identifier: MIT */
/*
 * Method: a client has one operation under way; others wait in its queue. The operation goes to one
 * node in an attempt; an attempt that times out is followed by another under the same session
 * number at another node, and the last one's timeout leaves the outcome unknown. A node that does
 * not lead says so, and an operation that no scenario has pinned follows the hint, at once the
 * first time, then after a pause that doubles. An answer to an older attempt is as good as one to
 * the latest: both are the same command. Who asks once makes one attempt and takes the first answer
 * as final; a hint only tells it where to go with its next operation.
 *
 * A reply in flight is all in its label, so that it survives whatever becomes of its node: log_term
 * is the outcome, index the log index, commit the value, round the operation (also in a request,
 * with the attempt in log_term). The leader's hint stands in `entry`.
 *
 * Timers: a client keeps at most two events of its own in the queue that count, the nearest and the
 * one behind it, and looks at all its deadlines when one comes. An event that is neither is stale.
 * So an operation that returns in time leaves no timer behind.
 */
#include "client.h"

#include <assert.h>

enum { REDIRECTS_MAX = 32, PAUSE_DOUBLINGS = 6 };
#define REDIRECT_PAUSE US(500)

static uint32_t number_of(uint8_t actor) { return (uint32_t)actor - CLIENT_BASE; }

/* ---- timers ---------------------------------------------------------------------------------- */

void client_wake(struct world *w, uint8_t actor, uint64_t at)
{
    struct client *c = world_client(w, actor);
    if (at == 0 || at == NEVER || (c->wake && c->wake <= at))
        return;
    c->wake_later = c->wake;
    c->wake = at < w->now ? w->now : at;
    world_schedule(w, c->wake, EV_CLIENT, actor);
}

/* ---- choosing a node ------------------------------------------------------------------------- */

static uint8_t nth_of(node_set set, uint32_t n)
{
    while (n--)
        set &= set - 1;
    return (uint8_t)(__builtin_ctz(set) + 1);
}

/* A voter of its group other than `not`, where there is one. */
static uint8_t another(struct world *w, uint8_t actor, uint8_t not)
{
    struct client *c = world_client(w, actor);
    const node_set voters = voters_of(w, c->group), all = voters ? voters : nodes_to(w->nnodes);
    node_set set = not && (all & ~NODE_BIT(not)) ? all & ~NODE_BIT(not) : all;
    return nth_of(set, (uint32_t)draw(w, STREAM_CLIENT_NODE, actor, &c->ordinal[2],
                                      (uint64_t)__builtin_popcount(set)));
}

/* ---- an operation's life --------------------------------------------------------------------- */

static void attempt(struct world *w, uint8_t actor, uint8_t node)
{
    struct client *c = world_client(w, actor);
    const struct op *op = world_op(w, c->current);
    struct errand *errand = world_errand(w, op);
    errand->attempt++;
    w->count.attempts++;
    c->asked = node;
    c->resend_at = 0;
    const uint32_t bytes = op->verb == OP_READ ? 0 : (uint32_t)w->plan->host[0].entry_size;
    const struct msg_label label = {.type = MSG_CLIENT_REQUEST, .from = actor, .to = node,
                                    .group = op->group,
                                    .round = c->current, .log_term = errand->attempt,
                                    .bytes = bytes};
    struct message *m = message_new(w, &label, 0);
    m->op = c->current;
    m->attempt = errand->attempt;
    net_send(w, m);
}

static void set_deadline(struct world *w, uint8_t actor, uint64_t timeout)
{
    struct client *c = world_client(w, actor);
    c->redirects = 0;
    c->deadline = timeout ? w->now + timeout : 0;
    client_wake(w, actor, c->deadline);
}

static void record_invoke(struct world *w, uint32_t id, const struct op *op, uint64_t intended)
{
    struct record *r = record_new(w, REC_INVOKE, op->client);
    rec_set_op(r, id);
    rec_set_verb(r, op->verb);
    rec_set_key(r, op->key);
    rec_set_value(r, op->a);
    rec_set_new_value(r, op->b);
    rec_set_intended(r, intended);
    r->group = op->group;
    record_done(w);
    w->count.events++;
    w->count.ops++;
}

/* `index` as the node gave it: the operation keeps less of it. */
static void record_return(struct world *w, uint32_t id, const struct op *op, uint64_t index,
                          uint8_t node)
{
    bool known = op->outcome == OUT_OK || op->outcome == OUT_FAIL;
    w->count.ops_ok += known;
    w->count.reads_ok += known && op->verb == OP_READ;
    w->count.ops_unknown += op->outcome == OUT_TIMEOUT;
    w->count.ops_refused += op->outcome == OUT_NOT_LEADER && !world_errand(w, op)->pinned;
    struct record *r = record_new(w, REC_RETURN, op->client);
    rec_set_op(r, id);
    rec_set_outcome(r, op->outcome);
    rec_set_answered_by(r, node);
    rec_set_value(r, op->result);
    r->index = known ? index : 0;
    r->group = op->group;
    record_done(w);
}

static void start(struct world *w, uint8_t actor, uint32_t id)
{
    struct client *c = world_client(w, actor);
    struct op *op = world_op(w, id);
    const struct errand *errand = world_errand(w, op);
    assert(c->current == 0);
    c->current = id;
    op->seq = ++c->seq;
    op->invoked = w->now;
    if (op->a == VALUE_LAST_SEEN)
        op->a = workload_last_seen(w, actor, op->key);
    record_invoke(w, id, op, errand->intended);
    set_deadline(w, actor, errand->timeout);
    if (c->group != op->group)
        c->guess = 0;
    c->group = op->group;
    if (!errand->pinned && !c->guess)
        c->guess = another(w, actor, 0);
    attempt(w, actor, errand->pinned ? errand->pinned : c->guess);
}

static void start_next(struct world *w, uint8_t actor)
{
    struct client *c = world_client(w, actor);
    uint32_t id = c->queue;
    if (c->current || !id)
        return;
    c->queue = world_errand(w, world_op(w, id))->next;
    if (!c->queue)
        c->queue_last = 0;
    c->queued--;
    start(w, actor, id);
}

static void errand_free(struct world *w, struct op *op)
{
    world_errand(w, op)->next = w->errand_free;
    w->errand_free = op->errand;
    op->errand = 0;
}

/* Ends the current operation. An unknown outcome leaves `returned` at NEVER: it may yet
 * take effect. */
static void finish(struct world *w, uint8_t actor, enum op_outcome outcome, uint64_t value,
                   uint64_t index, uint8_t node)
{
    struct client *c = world_client(w, actor);
    uint32_t id = c->current;
    struct op *op = world_op(w, id);
    op->outcome = outcome & 7u;
    op->result = value;
    if (outcome != OUT_TIMEOUT) {
        op->returned = w->now;
        op->index = index < UINT32_MAX ? (uint32_t)index : UINT32_MAX;
    }
    c->current = 0;
    c->deadline = c->resend_at = 0;
    record_return(w, id, op, index, node);
    if (op->returned != NEVER)
        errand_free(w, op);
    workload_returned(w, actor, op);
    start_next(w, actor);
}

/* ---- invoking -------------------------------------------------------------------------------- */

static uint32_t new_op(struct world *w, const struct op_request *q)
{
    assert(is_client(q->client) && number_of(q->client) <= w->nclients);
    assert(q->node <= w->nnodes && !(q->once && q->retries));
    uint32_t id = vec_push(&w->arena, &w->ops, 1);
    *world_op(w, id) = (struct op){
        .returned = NEVER, .a = q->a, .b = q->b, .key = q->key, .verb = q->verb & 7u,
        .client = q->client, .group = q->group,
    };
    return id;
}

static uint32_t new_errand(struct world *w, const struct op_request *q, uint64_t intended)
{
    const uint32_t free = w->errand_free, id = free ? free : vec_push(&w->arena, &w->errands, 1);
    struct errand *errand = vec_at(&w->arena, &w->errands, id);
    if (free)
        w->errand_free = errand->next;
    *errand = (struct errand){.intended = intended, .attempts_left = q->retries, .pinned = q->node,
                              .once = q->once,
                              .timeout = q->timeout ? q->timeout : w->plan->host[0].client_timeout};
    return id;
}

uint32_t client_ask(struct world *w, const struct op_request *q, uint64_t intended)
{
    struct client *c = world_client(w, q->client);
    uint32_t id = new_op(w, q);
    world_op(w, id)->errand = new_errand(w, q, intended);
    if (c->queue_last)
        world_errand(w, world_op(w, c->queue_last))->next = id;
    else
        c->queue = id;
    c->queue_last = id;
    c->queued++;
    start_next(w, q->client);
    return id;
}

uint32_t client_invoke(struct world *w, const struct op_request *q)
{
    return client_ask(w, q, w->now);
}

void client_give_up(struct world *w)
{
    for (uint32_t i = 1; i <= w->nclients; i++) {
        struct client *c = world_client(w, (uint8_t)(CLIENT_BASE + i));
        while (c->workload && c->queue) {
            struct op *op = world_op(w, c->queue);
            c->queue = world_errand(w, op)->next;
            errand_free(w, op);
            c->queued--;
        }
        if (!c->queue)
            c->queue_last = 0;
    }
}

void client_overflow(struct world *w, const struct op_request *q, uint64_t intended)
{
    uint32_t id = new_op(w, q);
    struct op *op = world_op(w, id);
    if (op->a == VALUE_LAST_SEEN)
        op->a = VALUE_ABSENT;
    op->invoked = w->now;
    op->outcome = OUT_TIMEOUT;
    record_invoke(w, id, op, intended);
    record_return(w, id, op, 0, 0);
}

/* ---- time and answers ------------------------------------------------------------------------ */

static void attempt_over(struct world *w, uint8_t actor)
{
    struct client *c = world_client(w, actor);
    struct errand *errand = world_errand(w, world_op(w, c->current));
    if (errand->attempts_left == 0) {
        if (errand->once)
            c->guess = another(w, actor, c->asked);      /* where its next operation goes */
        finish(w, actor, OUT_TIMEOUT, VALUE_ABSENT, 0, 0);
        return;
    }
    errand->attempts_left--;
    set_deadline(w, actor, errand->timeout);
    if (!errand->pinned)
        c->guess = another(w, actor, c->asked);
    attempt(w, actor, errand->pinned ? errand->pinned : c->guess);
}

void client_event(struct world *w, uint8_t actor)
{
    struct client *c = world_client(w, actor);
    if (c->wake != w->now)
        return;                                          /* stale */
    c->wake = c->wake_later;
    c->wake_later = 0;
    if (c->current && c->deadline && c->deadline <= w->now)
        attempt_over(w, actor);
    else if (c->current && c->resend_at && c->resend_at <= w->now)
        attempt(w, actor, c->guess);
    workload_wake(w, actor);
    client_wake(w, actor, c->resend_at);
    client_wake(w, actor, c->deadline);
}

/* The node that was asked does not lead. */
static void redirect(struct world *w, uint8_t actor, uint8_t from, uint8_t hint)
{
    struct client *c = world_client(w, actor);
    const struct op *op = world_op(w, c->current);
    const struct errand *errand = world_errand(w, op);
    if (errand->pinned) {
        /* Of an earlier attempt that went unanswered nobody knows whether it took effect. */
        bool unsure = errand->attempt > 1 && op->verb != OP_READ;
        finish(w, actor, unsure ? OUT_TIMEOUT : OUT_NOT_LEADER, VALUE_ABSENT, 0, from);
        return;
    }
    bool hinted = hint && hint != from;
    c->guess = hinted ? hint : another(w, actor, from);
    if (errand->once) {
        finish(w, actor, OUT_NOT_LEADER, VALUE_ABSENT, 0, from);
        return;
    }
    if (++c->redirects > REDIRECTS_MAX && errand->timeout)
        return;                                          /* the attempt's timeout will end it */
    if (c->redirects == 1 && hinted) {
        attempt(w, actor, c->guess);
        return;
    }
    uint32_t doublings = c->redirects < PAUSE_DOUBLINGS ? c->redirects : PAUSE_DOUBLINGS;
    c->resend_at = w->now + (REDIRECT_PAUSE << doublings);
    client_wake(w, actor, c->resend_at);
}

void client_receive(struct world *w, uint8_t actor, const struct message *m)
{
    struct client *c = world_client(w, actor);
    if (m->label.type != MSG_CLIENT_REPLY || m->op == 0 || m->op != c->current)
        return;                                          /* late, or a duplicate */
    uint8_t outcome = (uint8_t)m->label.log_term, from = m->label.from;
    if (outcome == OUT_OK || outcome == OUT_FAIL) {
        /* a follower that answers names its leader */
        c->guess = m->entry ? (uint8_t)m->entry : from;
        finish(w, actor, (enum op_outcome)outcome, m->label.commit, m->label.index, from);
    } else if (m->attempt == world_errand(w, world_op(w, m->op))->attempt && from == c->asked &&
               !c->resend_at) {
        redirect(w, actor, from, (uint8_t)m->entry);
    }
}

/* ---- the host's side ------------------------------------------------------------------------- */

void client_answer(struct world *w, const struct replica *rep, uint32_t id, uint8_t outcome,
                   uint64_t value, uint64_t index, uint8_t leader_hint)
{
    const struct op *op = world_op(w, id);
    const struct msg_label label = {.type = MSG_CLIENT_REPLY,
                                    .flags = outcome == OUT_OK ? 0 : LABEL_REJECT,
                                    .from = rep->node, .to = op->client, .group = rep->group,
                                    .round = id, .index = index,
                                    .log_term = outcome, .commit = value};
    struct message *m = message_new(w, &label, 0);
    m->op = id;
    m->attempt = world_errand(w, op)->attempt;
    m->entry = leader_hint;
    net_send(w, m);
}
