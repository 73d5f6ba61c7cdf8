/* SPDX-License-Identifier: MIT */
/*
 * Method: what a step asked for is carried out in one order: the log and the term as they changed
 * in memory, then the write, then role and commit, then messages, applies, reads. The SUT names
 * entries by index and origin; here they become ids of the store.
 */
#include "host.h"

#include <assert.h>
#include <string.h>

enum { KIND_NORMAL, KIND_NOOP };

/* ---- the log --------------------------------------------------------------------------------- */

static void cut_log(struct world *w, uint8_t node, const struct sut_delta *d)
{
    struct node *n = &w->node[node];
    struct record *r = record_new(w, REC_CUT, node);
    r->index = d->cut_from;
    rec_set_last_before(r, store_index(w, n->head));
    rec_set_role(r, d->role);
    record_done(w);
    n->head = store_at(w, n->head, d->cut_from - 1);
}

/* The entry that stands at `index` of the step's log; made now where it came from a proposal or
 * from the SUT itself. */
static struct store_place entry_for(struct world *w, uint8_t node, const struct sut_delta *d,
                                    const struct cause *cause, uint64_t index)
{
    struct node *n = &w->node[node];
    if (d->origin == SUT_FROM_MESSAGE)
        return store_find(w, cause->message ? cause->message->entry : 0, index);
    if (d->origin == SUT_FROM_SELF)
        return store_place(w, store_create(w, node, 0, n->head, d->term, KIND_NOOP, 0, NULL));
    uint64_t i = index - d->first;
    if (d->origin != SUT_FROM_PROPOSAL || i >= cause->nops)
        return (struct store_place){0};
    const struct op *op = world_op(w, cause->ops[i].op);
    const struct entry asks = {.verb = op->verb, .client = op->verb == OP_RAW ? 0 : op->client,
                               .key = op->key, .seq = op->seq, .op = cause->ops[i].op, .a = op->a,
                               .b = op->b};
    return store_place(w, store_create(w, node, 0, n->head, d->term, KIND_NORMAL,
                                       (uint32_t)w->plan->host[0].entry_size, &asks));
}

static void append_log(struct world *w, uint8_t node, const struct sut_delta *d,
                       const struct cause *cause)
{
    struct node *n = &w->node[node];
    for (uint64_t index = d->first; index <= d->last; index++) {
        const struct store_place at = entry_for(w, node, d, cause, index);
        if (at.id == 0) {
            world_stop(w, STOP_LIMIT, "the SUT appended an entry that nobody gave it");
            return;
        }
        struct record *r = record_new(w, REC_APPEND, node);
        r->index = index;
        r->term = at.run->term;
        rec_set_entry(r, at.id);
        rec_set_parent(r, run_parent(at.run, at.id));
        rec_set_content(r, store_content(w, at));
        rec_set_creator(r, at.run->creator);
        rec_set_role(r, d->role);
        rec_set_origin(r, d->origin);
        n->head = at.id;
        record_done(w);
    }
}

/* The durable log once this write is done: the issued one, cut and extended as the write says (not
 * as memory stands). */
static void write_out(struct world *w, uint8_t node, const struct sut_write *write)
{
    struct node *n = &w->node[node];
    if (write->cut_from)
        n->issued_head = store_at(w, n->issued_head, write->cut_from - 1);
    if (write->first <= write->last)
        n->issued_head = store_at(w, n->head, write->last);
    storage_write(w, node, write, n->issued_head);
}

/* ---- state ----------------------------------------------------------------------------------- */

static void note_term(struct world *w, uint8_t node, const struct sut_delta *d)
{
    struct node *n = &w->node[node];
    bool moved = d->term != n->term;
    w->count.candidacies += moved && d->role == SUT_CANDIDATE;
    n->term = d->term;
    n->vote = d->vote;
    struct record *r = record_new(w, REC_TERM, node);
    r->term = d->term;
    rec_set_vote(r, d->vote);
    record_done(w);
    if (moved)
        host_cancel_promises(w, node);
}

static void note_role(struct world *w, uint8_t node, const struct sut_delta *d)
{
    struct node *n = &w->node[node];
    if (d->role == SUT_LEADER && n->role != SUT_LEADER)
        w->count.leader_changes++;
    n->role = d->role;
    n->leader = d->leader;
    struct record *r = record_new(w, REC_ROLE, node);
    rec_set_role(r, d->role);
    rec_set_leader(r, d->leader);
    r->term = d->term;
    rec_set_entry(r, n->head);
    r->index = store_index(w, n->head);
    record_done(w);
}

static void note_commit(struct world *w, uint8_t node, const struct sut_delta *d)
{
    struct node *n = &w->node[node];
    struct record *r = record_new(w, REC_COMMIT, node);
    r->index = d->commit;
    rec_set_commit_before(r, n->commit);
    rec_set_entry(r, store_at(w, n->head, d->commit));
    r->term = d->term;
    rec_set_role(r, d->role);
    if (d->role == SUT_LEADER && d->commit > n->commit)
        w->count.commits += d->commit - n->commit;
    if (d->role == SUT_LEADER && d->commit > w->committed)
        w->committed = d->commit;
    n->commit = d->commit;
    record_done(w);
}

static void note_lease(struct world *w, uint8_t node, const struct sut_delta *d)
{
    w->node[node].lease_until = d->lease_until;
    struct record *r = record_new(w, REC_LEASE, node);
    r->term = d->term;
    rec_set_until_local(r, d->lease_until);
    rec_set_until_true(r, d->lease_until ? clock_true(w, node, d->lease_until) : 0);
    record_done(w);
}

static void note_why(struct world *w, uint8_t node, const struct sut_effects *fx)
{
    for (uint32_t i = 0; i < fx->nnotes; i++) {
        struct record *r = record_new(w, REC_NOTE, node);
        rec_set_note(r, fx->notes[i].kind);
        r->peer = fx->notes[i].peer;
        rec_set_detail_1(r, fx->notes[i].a);
        rec_set_detail_2(r, fx->notes[i].b);
        r->term = fx->delta.term;
        record_done(w);
    }
}

/* ---- messages -------------------------------------------------------------------------------- */

/* Chooses the entries of a LABEL_FILL message: from label.index + 1, at least one, within its count
 * and byte budget and SUT_MSG_RUNS terms. */
static void fill(struct world *w, struct message *m, uint32_t head, uint32_t max_entries)
{
    struct sut_run runs[SUT_MSG_RUNS];
    uint32_t nruns = 0, entries = 0;
    uint64_t bytes = 0;
    for (uint64_t index = m->label.index + 1; entries < max_entries; index++) {
        const struct store_run *of = store_find(w, head, index).run;
        if (!of)
            break;
        bool new_run = nruns == 0 || runs[nruns - 1].term != of->term;
        if (entries && (bytes + of->size > m->label.bytes || (new_run && nruns == SUT_MSG_RUNS)))
            break;
        if (new_run)
            runs[nruns++] = (struct sut_run){.term = of->term};
        runs[nruns - 1].n++;
        bytes += of->size;
        entries++;
    }
    m->label.entries = entries;
    m->label.bytes = (uint32_t)bytes;
    m->nbytes = (uint16_t)w->sut->fill(&m->label, m->bytes, m->nbytes, nruns, runs);
}

/* Keeps a message until its write is durable: a list ordered by write id. */
static void hold(struct world *w, uint8_t node, struct message *m)
{
    struct node *n = &w->node[node];
    struct message *last = n->held_last ? message_at(w, n->held_last) : NULL;
    if (!last || last->wid <= m->wid) {
        *(last ? &last->next : &n->held) = m->slot;
        n->held_last = m->slot;
        return;
    }
    uint32_t *link = &n->held;
    for (;;) {
        struct message *at = message_at(w, *link);
        if (at->wid > m->wid)
            break;
        link = &at->next;
    }
    m->next = *link;
    *link = m->slot;
}

static void send_out(struct world *w, uint8_t node, const struct sut_out *out,
                     const struct cause *cause)
{
    struct node *n = &w->node[node];
    assert(out->nbytes <= SUT_MSG_BYTES);
    struct message *m = message_new(w, &out->label, out->label.flags & LABEL_FILL ? SUT_MSG_BYTES
                                                                                  : out->nbytes);
    m->nbytes = (uint16_t)out->nbytes;
    m->wid = out->wid;
    memcpy(m->bytes, out->bytes, out->nbytes);
    if (m->label.flags & LABEL_FILL)
        fill(w, m, n->head, out->max_entries);
    if (m->label.type == MSG_APPEND && m->label.entries)
        m->entry = store_at(w, n->head, m->label.index + m->label.entries);
    if (m->label.type == MSG_PROPOSE && cause->nops) {
        m->op = cause->ops[0].op;
        m->attempt = cause->ops[0].attempt;
    }
    if (m->wid > n->disk.durable_wid)
        hold(w, node, m);
    else
        net_send(w, m);
}

/* ---- applying -------------------------------------------------------------------------------- */

static void apply(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    while (n->applied < n->commit && !w->stop) {
        const struct store_place at = store_find(w, n->head, n->applied + 1);
        if (!at.id)
            return;
        const struct entry *e = store_entry(w, at.id);
        struct kv_result result = kv_apply(w, n->kv, e);
        n->applied++;
        n->applied_head = at.id;
        w->count.applied++;
        w->count.applied_lag += w->committed > n->applied ? w->committed - n->applied : 0;
        struct record *r = record_new(w, REC_APPLY, node);
        r->index = n->applied;
        r->term = at.run->term;
        rec_set_entry(r, at.id);
        rec_set_result(r, result.value);
        rec_set_state_hash(r, kv_hash(w, n->kv));
        rec_set_outcome(r, result.outcome);
        record_done(w);
        if (e->op)
            request_applied(w, node, at.id, result);
    }
    if (n->reads)
        request_reads_applied(w, node);
}

void effects_carry(struct world *w, uint8_t node, const struct sut_effects *fx,
                   const struct cause *cause)
{
    const struct sut_delta *d = &fx->delta;
    struct node *n = &w->node[node];
    if (fx->nnotes)
        note_why(w, node, fx);
    if (d->changed & (SUT_CHANGED_TERM | SUT_CHANGED_VOTE))
        note_term(w, node, d);
    if (d->cut_from)
        cut_log(w, node, d);
    if ((d->changed & SUT_CHANGED_LOG) && d->first <= d->last)
        append_log(w, node, d, cause);
    if (fx->write.wid)
        write_out(w, node, &fx->write);
    if (d->changed & (SUT_CHANGED_ROLE | SUT_CHANGED_LEADER))
        note_role(w, node, d);
    if (d->changed & SUT_CHANGED_LEASE)
        note_lease(w, node, d);
    if (d->commit != n->commit)
        note_commit(w, node, d);
    for (uint32_t i = 0; i < fx->nmsgs; i++)
        send_out(w, node, &fx->msgs[i], cause);
    if (n->applied < n->commit)
        apply(w, node);
    for (uint32_t i = 0; i < fx->nreads; i++)
        request_read_ready(w, node, fx->reads[i].id, fx->reads[i].index, fx->reads[i].lease);
}
