/* SPDX-License-Identifier: MIT */
/*
 * Method: what a step asked for is carried out in one order: the log and the term as they changed
 * in memory, then the write, then role and commit, then messages, applies, reads. The SUT names
 * entries by index and origin; here they become ids of the store. The log in memory follows from
 * these deltas alone: what is appended comes to stand behind what the node has, whatever stood
 * before it where it comes from, and under the term that the step says. Where either differs (in a
 * sound system neither does) it is a copy, so that disk, messages and boots have what was told.
 */
#include "host.h"

#include <assert.h>
#include <string.h>

enum { KIND_NORMAL, KIND_NOOP };
enum { APPLY_NEAR = 16 };

/* ---- the log --------------------------------------------------------------------------------- */

static void cut_log(struct world *w, struct replica *rep, const struct sut_delta *d)
{
    const uint64_t last = store_index(w, rep->head);
    struct record *r = record_of(w, REC_CUT, rep);
    r->index = d->cut_from;
    rec_set_last_before(r, last);
    rec_set_role(r, d->role);
    record_done(w);
    if (d->cut_from > last)
        host_breach(w, rep, BREACH_CUT, 0, d->cut_from, last, 0);
    else
        rep->head = store_at(w, rep->head, d->cut_from - 1);
}

/* Entries from `first` on are put behind the one before. A sound step appends at the end of the
 * log; what stands there yet, and was never cut, is gone all the same, as the step says that its
 * log ends with what it appends. False: there is a gap, and nothing to put them behind. */
static bool continues(struct world *w, struct replica *rep, const struct sut_delta *d)
{
    const uint64_t end = store_index(w, rep->head);
    if (d->first == end + 1)
        return true;
    host_breach(w, rep, BREACH_APPEND, 0, d->first, d->last, end);
    if (d->first == 0 || d->first > end) {
        world_stop(w, STOP_LIMIT, "the SUT appended entries behind a gap in its log");
        return false;
    }
    rep->head = store_at(w, rep->head, d->first - 1);
    return true;
}

/* The message brought an entry of this index. */
static bool carried(const struct message *m, uint64_t index)
{
    return m && m->label.type == MSG_APPEND && index > m->label.index &&
           index - m->label.index <= m->label.entries;
}

/* The terms of a step's entries, one after another. */
struct terms { const struct sut_run *run; uint32_t runs; uint64_t left; };

/* The next one; 0: no more are told. */
static uint64_t next_term(struct terms *t)
{
    while (t->left == 0) {
        if (t->runs == 0)
            return 0;
        t->left = t->run++->n;
        t->runs--;
    }
    t->left--;
    return t->run[-1].term;
}

/* The entry that is to stand at `index` of the step's log; one that comes from a proposal or from
 * the SUT itself is made now, under `term`. None where nobody gave it one. */
static struct store_place entry_for(struct world *w, const struct replica *rep,
                                    const struct sut_delta *d, const struct cause *cause,
                                    uint64_t index, uint64_t term)
{
    const uint64_t i = index - d->first;
    if (d->origin == SUT_FROM_MESSAGE && carried(cause->message, index))
        return store_find(w, cause->message->entry, index);
    if (d->origin == SUT_FROM_SELF && i == 0)
        return store_place(w, store_create(w, rep->node, rep->group, rep->head, term, KIND_NOOP, 0,
                                           NULL));
    if (d->origin != SUT_FROM_PROPOSAL || i >= cause->nops)
        return (struct store_place){0};
    const struct op *op = world_op(w, cause->ops[i].op);
    const struct entry asks = {.verb = op->verb, .client = op->verb == OP_RAW ? 0 : op->client,
                               .key = op->key, .seq = op->seq, .op = cause->ops[i].op, .a = op->a,
                               .b = op->b};
    return store_place(w, store_create(w, rep->node, rep->group, rep->head, term, KIND_NORMAL,
                                       (uint32_t)w->plan->host[0].entry_size, &asks));
}

/* Puts what the node was given at the end of its log, under the term that it says. */
static void put_entry(struct world *w, struct replica *rep, const struct sut_delta *d,
                      uint64_t index, struct store_place given, uint64_t term)
{
    const uint64_t its = d->origin == SUT_FROM_MESSAGE ? given.run->term : d->term;
    const uint32_t before = run_parent(given.run, given.id);
    rep->head = before == rep->head && term == given.run->term
                  ? given.id : store_behind(w, rep->head, given.id, term);
    const struct store_place stands = rep->head == given.id ? given : store_place(w, rep->head);
    struct record *r = record_of(w, REC_APPEND, rep);
    r->index = index;
    r->term = term;
    rec_set_entry(r, rep->head);
    rec_set_parent(r, before);
    rec_set_content(r, store_content(w, stands));
    rec_set_creator(r, stands.run->creator);
    rec_set_role(r, d->role);
    rec_set_origin(r, d->origin);
    record_done(w);
    if (term != its)
        host_breach(w, rep, BREACH_ENTRY_TERM, 0, index, term, its);
}

static void append_log(struct world *w, struct replica *rep, const struct sut_delta *d,
                       const struct cause *cause)
{
    if (!continues(w, rep, d))
        return;
    struct terms terms = {.run = d->runs, .runs = d->nruns};
    for (uint64_t index = d->first; index <= d->last; index++) {
        const uint64_t term = next_term(&terms);
        if (term == 0) {
            host_breach(w, rep, BREACH_ENTRY_TERM, 0, index, 0, d->term);
            world_stop(w, STOP_LIMIT, "the SUT appended an entry and told no term of it");
            return;
        }
        const struct store_place given = entry_for(w, rep, d, cause, index, term);
        if (given.id == 0) {
            host_breach(w, rep, BREACH_ENTRY, 0, d->first, d->last, d->origin);
            world_stop(w, STOP_LIMIT, "the SUT appended an entry that nobody gave it");
            return;
        }
        put_entry(w, rep, d, index, given, term);
    }
}

/* ---- state ----------------------------------------------------------------------------------- */

static void note_term(struct world *w, struct replica *rep, const struct sut_delta *d)
{
    w->count.candidacies += d->term != rep->term && d->role == SUT_CANDIDATE;
    rep->term = d->term;
    rep->vote = d->vote;
    struct record *r = record_of(w, REC_TERM, rep);
    r->term = d->term;
    rec_set_vote(r, d->vote);
    record_done(w);
}

static void note_role(struct world *w, struct replica *rep, const struct sut_delta *d)
{
    if (d->role == SUT_LEADER && rep->role != SUT_LEADER)
        w->count.leader_changes++;
    rep->role = d->role;
    rep->leader = d->leader;
    struct record *r = record_of(w, REC_ROLE, rep);
    rec_set_role(r, d->role);
    rec_set_leader(r, d->leader);
    r->term = d->term;
    rec_set_entry(r, rep->head);
    r->index = store_index(w, rep->head);
    record_done(w);
}

static void note_commit(struct world *w, struct replica *rep, const struct sut_delta *d)
{
    struct record *r = record_of(w, REC_COMMIT, rep);
    r->index = d->commit;
    rec_set_commit_before(r, rep->commit);
    rec_set_entry(r, store_at(w, rep->head, d->commit));
    r->term = d->term;
    rec_set_role(r, d->role);
    if (d->role == SUT_LEADER && d->commit > rep->commit)
        w->count.commits += d->commit - rep->commit;
    struct group *group = group_of(w, rep->group);
    if (d->role == SUT_LEADER && d->commit > group->committed)
        group->committed = d->commit;
    rep->commit = d->commit;
    record_done(w);
    if (d->commit > store_index(w, rep->head))
        host_breach(w, rep, BREACH_COMMIT, 0, d->commit, store_index(w, rep->head), 0);
}

static void note_lease(struct world *w, struct replica *rep, const struct sut_delta *d)
{
    rep->lease_until = d->lease_until;
    struct record *r = record_of(w, REC_LEASE, rep);
    r->term = d->term;
    rec_set_until_local(r, d->lease_until);
    rec_set_until_true(r, d->lease_until ? clock_true(w, rep->node, d->lease_until) : 0);
    record_done(w);
}

static void note_why(struct world *w, const struct replica *rep, const struct sut_effects *fx)
{
    for (uint32_t i = 0; i < fx->nnotes; i++) {
        struct record *r = record_of(w, REC_NOTE, rep);
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

/* The entries of an APPEND that has some. */
static void load(struct world *w, const struct replica *rep, struct message *m,
                 uint32_t max_entries)
{
    const uint32_t head = rep->head;
    if (m->label.flags & LABEL_FILL) {
        fill(w, m, head, max_entries);
        if (m->label.entries == 0)
            host_breach(w, rep, BREACH_MESSAGE_FILL, m->label.to, m->label.index, max_entries,
                        store_index(w, head));
    }
    m->entry = store_at(w, head, m->label.index + m->label.entries);
    if (m->label.entries && m->entry == 0) {
        host_breach(w, rep, BREACH_MESSAGE_ENTRIES, m->label.to, m->label.index,
                    m->label.entries, store_index(w, head));
        return;
    }
    w->count.carried += m->label.entries;
    const uint64_t bytes = store_bytes(w, m->entry, m->label.entries);
    if (bytes != m->label.bytes)
        host_breach(w, rep, BREACH_MESSAGE_BYTES, m->label.to, m->label.index, bytes,
                    m->label.bytes);
}

static void send_out(struct world *w, const struct replica *rep, const struct sut_out *out,
                     const struct cause *cause)
{
    const struct msg_label *l = &out->label;
    assert(out->nbytes <= SUT_MSG_BYTES && l->type < MSG_TYPES);
    if (l->from != rep->node || l->to == rep->node || l->to - 1u >= w->nnodes ||
        l->group != rep->group)
        host_breach(w, rep, BREACH_ADDRESS, l->to, l->from, l->to, l->type);
    struct message *m = message_new(w, &out->label, out->label.flags & LABEL_FILL ? SUT_MSG_BYTES
                                                                                  : out->nbytes);
    m->label.group = rep->group;
    m->nbytes = (uint16_t)out->nbytes;
    m->wid = out->wid;
    memcpy(m->bytes, out->bytes, out->nbytes);
    if (m->label.type == MSG_APPEND && (m->label.entries || m->label.flags & LABEL_FILL))
        load(w, rep, m, out->max_entries);
    if (m->label.type == MSG_READ_INDEX_REPLY && m->label.flags & LABEL_LEASE) {
        m->by_lease = host_holds_lease(w, rep);
        if (!m->by_lease)
            host_breach(w, rep, BREACH_LENT_LEASE, l->to, clock_local(w, rep->node),
                        rep->lease_until, 0);
    }
    if (m->label.type == MSG_PROPOSE && cause->nops) {
        m->op = cause->ops[0].op;
        m->label.round = m->op;
        m->attempt = cause->ops[0].attempt;
    }
    host_hand_over(w, rep, m);
}

/* ---- applying -------------------------------------------------------------------------------- */

/* From the head, what is next may be many runs away; from an entry a little further on, mostly
 * none. */
static void apply(struct world *w, struct replica *rep)
{
    struct store_place near = {0};
    const uint64_t committed = group_of(w, rep->group)->committed;
    for (uint64_t known = rep->applied; rep->applied < rep->commit && !w->stop;) {
        if (rep->applied == known) {
            known = rep->commit - known < APPLY_NEAR ? rep->commit : known + APPLY_NEAR;
            near = store_find(w, rep->head, known);
        }
        const struct store_place at = near.id ? store_find_from(w, near, rep->applied + 1)
                                              : store_find(w, rep->head, rep->applied + 1);
        if (!at.id)
            return;
        const struct entry *e = store_entry(w, at.id);
        struct kv_result result = kv_apply(w, rep->kv, e);
        rep->applied++;
        rep->applied_head = at.id;
        w->count.applied++;
        w->count.applied_lag += committed > rep->applied ? committed - rep->applied : 0;
        struct record *r = record_of(w, REC_APPLY, rep);
        r->index = rep->applied;
        r->term = at.run->term;
        rec_set_entry(r, at.id);
        rec_set_result(r, result.value);
        rec_set_state_hash(r, kv_hash(w, rep->kv));
        rec_set_outcome(r, result.outcome);
        record_done(w);
        if (e->op)
            request_applied(w, rep, at.id, result);
    }
    if (rep->reads)
        request_reads_applied(w, rep);
}

/* The step told of all that it changed, and of nothing else. */
static void judge_delta(struct world *w, const struct replica *rep, const struct sut_delta *d)
{
    if (d->term != rep->term || d->vote != rep->vote || d->role != rep->role ||
        d->leader != rep->leader || d->last != store_index(w, rep->head))
        host_breach(w, rep, BREACH_DELTA, 0, d->term, d->last, 0);
}

void effects_carry(struct world *w, struct replica *rep, const struct sut_effects *fx,
                   const struct cause *cause)
{
    const struct sut_delta *d = &fx->delta;
    if (fx->nnotes)
        note_why(w, rep, fx);
    if (d->changed & (SUT_CHANGED_TERM | SUT_CHANGED_VOTE))
        note_term(w, rep, d);
    if (fx->cancel_below)
        host_cancel(w, rep, fx->cancel_below);
    if (d->cut_from)
        cut_log(w, rep, d);
    if ((d->changed & SUT_CHANGED_LOG) && d->first <= d->last)
        append_log(w, rep, d, cause);
    if (fx->write.wid)
        host_write(w, rep, &fx->write);
    if (d->changed & (SUT_CHANGED_ROLE | SUT_CHANGED_LEADER))
        note_role(w, rep, d);
    if (d->changed & SUT_CHANGED_LEASE)
        note_lease(w, rep, d);
    if (d->commit != rep->commit)
        note_commit(w, rep, d);
    for (uint32_t i = 0; i < fx->nmsgs; i++)
        send_out(w, rep, &fx->msgs[i], cause);
    if (rep->applied < rep->commit)
        apply(w, rep);
    for (uint32_t i = 0; i < fx->nreads; i++)
        request_read_ready(w, rep, &fx->reads[i], cause);
    judge_delta(w, rep, d);
}
