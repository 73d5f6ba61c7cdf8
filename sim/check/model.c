/* SPDX-License-Identifier: MIT */
/*
 * Method: one small function a kind of record. The hot ones (APPEND, APPLY, COMMIT, DURABLE) touch
 * the node's own line of memory, and of the store at most the entry at hand. Tables that grow are
 * arena tables; terms are found by a hash, with the last one remembered, since most records in a
 * row are of one term.
 */
#include "model.h"

#include <assert.h>
#include <string.h>

enum { HASH_LEAST = 16, OPS_MOST = 1 << 26, TENURES_MOST = 1 << 27 };

/* Words of the options "leases" and "reads", by their places. */
enum { LEASES_AUTO = 0, LEASES_ON = 2, READS_LEASE = 1 };

/* ---- terms ----------------------------------------------------------------------------------- */

static uint32_t *slot_of(const struct world *w, const struct model *m, uint64_t term)
{
    uint32_t *slots = arena_at(&w->arena, m->tenure_hash);
    uint64_t i = (term * UINT64_C(0x9e3779b97f4a7c15) >> 32) & m->tenure_mask;
    while (slots[i] && tenure_at(w, m, slots[i] - 1)->term != term)
        i = (i + 1) & m->tenure_mask;
    return &slots[i];
}

static void hash_grow(struct world *w, struct model *m)
{
    uint64_t slots = m->tenure_mask ? (m->tenure_mask + 1) * 2 : HASH_LEAST;
    m->tenure_hash = arena_take(&w->arena, slots * sizeof(uint32_t));
    m->tenure_mask = slots - 1;
    for (uint32_t i = 0; i < m->tenures.n; i++)
        *slot_of(w, m, tenure_at(w, m, i)->term) = i + 1;
}

uint32_t model_tenure_place(const struct world *w, const struct model *m, uint64_t term)
{
    return *slot_of(w, m, term);
}

const struct tenure *model_look_up(const struct world *w, const struct model *m, uint64_t term)
{
    uint32_t i = *slot_of(w, m, term);
    return i ? tenure_at(w, m, i - 1) : NULL;
}

uint32_t model_tenure(struct world *w, struct model *m, uint64_t term)
{
    if (m->last_term == term && m->tenures.n)
        return m->last_tenure;
    uint32_t *slot = slot_of(w, m, term);
    if (*slot == 0) {
        if ((uint64_t)m->tenures.n * 2 >= m->tenure_mask) {
            hash_grow(w, m);
            slot = slot_of(w, m, term);
        }
        uint32_t i = vec_push(&w->arena, &m->tenures, 1);
        assert(i < TENURES_MOST);
        tenure_at(w, m, i)->term = term;
        *slot = i + 1;
    }
    m->last_term = term;
    m->last_tenure = *slot - 1;
    return m->last_tenure;
}

/* ---- what checks ask ------------------------------------------------------------------------- */

uint64_t model_born(const struct world *w, const struct model *m, uint32_t entry)
{
    return entry < m->born.n
               ? model_ordinal(w, *(const uint32_t *)vec_at(&w->arena, &m->born, entry))
               : 0;
}

uint64_t model_first_applied(const struct world *w, const struct model *m, uint64_t index)
{
    if (index >= m->states.n)
        return 0;
    const struct mstate *s = vec_at(&w->arena, &m->states, (uint32_t)index);
    return model_ordinal(w, s->ordinal);
}

const struct growth *model_growth(const struct world *w, const struct model *m, uint64_t index)
{
    uint32_t lo = 0, hi = m->growths.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct growth *g = vec_at(&w->arena, &m->growths, mid);
        if (store_index(w, g->head) < index)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < m->growths.n ? vec_at(&w->arena, &m->growths, lo) : NULL;
}

node_set model_holders(const struct world *w, const struct model *m, uint32_t entry)
{
    uint64_t index = store_index(w, entry);
    node_set set = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if ((m->voters & NODE_BIT(n)) && store_at(w, m->node[n].durable.head, index) == entry)
            set |= NODE_BIT(n);
    return set;
}

uint64_t model_lease_window(const struct world *w, uint8_t node)
{
    return world_option_or(w, node, "election-timeout", NEVER);
}

uint64_t model_lease_since(const struct world *w, const struct model *m, uint8_t node, uint64_t at)
{
    const struct mnode *n = &m->node[node];
    const uint64_t window = model_lease_window(w, node), from = at < n->lease_at ? at : n->lease_at;
    return from > window ? from - window : 0;
}

/* Those of a leader and of all voters. */
static bool kept_since(const struct world *w, const struct model *m, uint8_t leader, uint64_t since)
{
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if ((n == leader || (m->voters & NODE_BIT(n))) && !clock_kept(w, n, since))
            return false;
    return true;
}

/* A lease until local time U comes from a round that began at U - window or later by that clock. A
 * local time above all those from which the clock stepped back came once only, so then the round
 * lies after every such step. */
bool model_clocks_kept(const struct world *w, const struct model *m, uint8_t node, uint64_t at)
{
    const struct mnode *n = &m->node[node];
    const uint64_t window = model_lease_window(w, node), since = model_lease_since(w, m, node, at);
    if (n->stepped_back && (n->lease_until < window || n->lease_until - window <= n->stepped_back))
        return false;
    return kept_since(w, m, node, since);
}

/* Of a lease that another node held at some time since `at`, and may not hold any more. Since then
 * its clock, if it was kept, has run at most twice as fast as time. */
static bool lent_clocks_kept(const struct world *w, const struct model *m, uint8_t lender,
                             uint64_t at)
{
    const struct mnode *n = &m->node[lender];
    const uint64_t ago = 2 * (w->now - at) + model_lease_window(w, lender),
                   local = clock_local(w, lender);
    if (n->stepped_back && (local < ago || local - ago <= n->stepped_back))
        return false;
    return kept_since(w, m, lender, model_lease_since(w, m, lender, at));
}

bool model_reads_by_lease(const struct world *w, uint8_t node)
{
    return world_option(w, node, "reads") == READS_LEASE;
}

bool model_read_excused(const struct world *w, const struct model *m, const struct record *r)
{
    const struct mop *op = mop_at(w, rec_op(r));
    if (!w->chaos || !op || rec_path(r) != READ_PATH_LEASE || r->peer == 0)
        return false;
    const uint64_t at = model_invoked(op);
    const bool kept = r->peer == r->node ? model_clocks_kept(w, m, r->node, at)
                                         : lent_clocks_kept(w, m, r->peer, at);
    return !kept && model_reads_by_lease(w, r->node);
}

bool model_unsafe_option(const struct world *w, uint8_t node)
{
    for (const struct option_row *row = w->sut->options; row->name; row++)
        if (strncmp(row->name, "unsafe-", 7) == 0 && world_option(w, node, row->name))
            return true;
    return false;
}

bool model_leases(const struct world *w)
{
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const uint64_t leases = world_option(w, n, "leases");
        if (leases == LEASES_ON ||
            (leases == LEASES_AUTO && model_reads_by_lease(w, n)))
            return true;
    }
    return false;
}

bool model_has_clients(const struct world *w)
{
    return w->ops.n > 1;
}

/* ---- records: life, state -------------------------------------------------------------------- */

/* The durable image moves to that of the record. */
static void moves(struct world *w, struct model *m, const struct mnode *n, const struct record *r)
{
    const struct durable *d = &n->durable;
    if (r->term != d->term)
        model_holds_last(w, m, r->node, d->term, (struct held){.head = d->head, .vote = d->vote});
}

void model_boot(struct world *w, struct model *m, struct mnode *n, const struct record *r)
{
    moves(w, m, n, r);
    model_never_left(w, m, r->node);
    uint64_t led = n->led_term, stepped_back = n->stepped_back;
    *n = (struct mnode){.term = r->term, .vote = rec_vote(r), .head = rec_entry(r),
                        .last = r->index, .up = true, .led_term = led, .stepped_back = stepped_back,
                        .cut_floor = NEVER, .seen_life = w->records};
    n->durable = (struct durable){.term = r->term, .vote = rec_vote(r), .head = rec_entry(r),
                                  .index = r->index, .at = r->at, .ordinal = w->records};
}

static void end_lease(struct model *m, struct mnode *n, uint8_t node)
{
    n->lease_until = 0;
    m->leases &= ~NODE_BIT(node);
}

void model_crash(struct model *m, struct mnode *n, const struct record *r)
{
    n->up = false;
    n->role = SUT_FOLLOWER;
    end_lease(m, n, r->node);
}

void model_role(struct world *w, struct model *m, struct mnode *n, const struct record *r)
{
    const bool won = model_wins(m, r);
    n->role = rec_role(r);
    n->leader = rec_leader(r);
    n->seen_role = w->records;
    if (rec_role(r) != SUT_LEADER)
        end_lease(m, n, r->node);
    if (!won)
        return;
    n->led_term = r->term;
    struct tenure *t = tenure_at(w, m, model_tenure(w, m, r->term));
    if (t->ordinal)
        return;                             /* the first win stands; election safety has spoken */
    t->at = r->at;
    t->ordinal = w->records;
    t->node = r->node;
    t->head = rec_entry(r);
    if (t->tip == 0)
        t->tip = t->head;
    if (r->term > m->top_term)
        m->top_term = r->term;
}

void model_lease(struct world *w, struct model *m, struct mnode *n, const struct record *r)
{
    n->lease_until = rec_until_local(r);
    n->lease_term = r->term;
    n->lease_at = r->at;
    n->seen_lease = w->records;
    if (rec_until_local(r))
        m->leases |= NODE_BIT(r->node);
    else
        m->leases &= ~NODE_BIT(r->node);
}

/* The record is made after the step: the clock stood higher by what it jumped. */
void model_clock(const struct world *w, struct mnode *n, const struct record *r)
{
    if (rec_change(r) != CLOCK_JUMP || !rec_back(r))
        return;
    uint64_t stood = clock_local(w, r->node) + rec_by(r);
    if (stood > n->stepped_back)
        n->stepped_back = stood;
}

void model_config(struct model *m, const struct record *r)
{
    m->voters = (node_set)rec_voters(r);
}

/* ---- records: the log ------------------------------------------------------------------------ */

static void be_born(struct world *w, struct model *m, uint32_t entry)
{
    if (entry >= m->born.n)
        vec_push(&w->arena, &m->born, entry + 1 - m->born.n);
    uint32_t *ordinal = vec_at(&w->arena, &m->born, entry);
    if (*ordinal == 0)
        *ordinal = (uint32_t)w->records;
}

void model_append(struct world *w, struct model *m, struct mnode *n, const struct record *r)
{
    uint32_t entry = rec_entry(r);
    n->head = entry;
    n->last = r->index;
    n->seen_log = w->records;
    struct tenure *t = tenure_at(w, m, model_tenure(w, m, r->term));
    if (r->index <= store_index(w, t->tip))
        return;
    t->tip = entry;
    be_born(w, m, entry);
}

void model_cut(struct world *w, struct mnode *n, const struct record *r)
{
    if (r->index <= n->last)                    /* else there was nothing to cut */
        n->head = r->index ? store_at(w, n->head, r->index - 1) : 0;
    n->last = store_index(w, n->head);
    n->seen_log = w->records;
}

static void add_growth(struct world *w, struct model *m, uint64_t term, struct growth g)
{
    g.tenure = model_tenure(w, m, term) & (TENURES_MOST - 1);
    *(struct growth *)vec_at(&w->arena, &m->growths, vec_push(&w->arena, &m->growths, 1)) = g;
}

void model_commit(struct world *w, struct model *m, struct mnode *n, const struct record *r)
{
    uint32_t head = rec_entry(r);
    n->commit = r->index;
    n->seen_commit = w->records;
    if (r->index <= m->chain_index || head == 0 || store_at(w, head, m->chain_index) != m->chain)
        return;
    m->chain = head;
    m->chain_index = r->index;
    m->chain_term = r->term;
    add_growth(w, m, r->term,
               (struct growth){.ms = (uint32_t)(r->at / MS(1)),
                               .ordinal = (uint32_t)w->records,
                               .head = head,
                               .node = r->node & 31u});
}

void model_write(struct world *w, struct model *m, struct mnode *n, const struct record *r)
{
    if (r->term != n->issued_term && n->wid > n->durable_wid)
        model_leaves(w, m, r->node);
    n->wid = rec_wid(r);
    n->issued_term = r->term;
    n->issued = (struct held){.head = rec_head(r), .vote = rec_vote(r)};
    if (rec_cut_from(r) && rec_cut_from(r) < n->cut_floor)
        n->cut_floor = rec_cut_from(r);
}

void model_durable(struct world *w, struct model *m, struct mnode *n, const struct record *r)
{
    moves(w, m, n, r);
    if (m->leaving.n)
        model_has_left(w, m, r->node, rec_wid(r));
    n->durable_wid = rec_wid(r);
    n->durable = (struct durable){.term = r->term, .index = r->index, .at = r->at,
                                  .ordinal = w->records, .head = rec_head(r),
                                  .vote = rec_vote(r)};
    if (rec_wid(r) == n->wid)
        n->cut_floor = NEVER;
}

/* ---- records: clients ------------------------------------------------------------------------ */

static struct mop *mop_make(struct world *w, uint32_t op)
{
    struct vec *ops = &judge_of(w)->ops;
    assert(op && op < OPS_MOST);
    if (op >= ops->n)
        vec_push(&w->arena, ops, op + 1 - ops->n);
    return mop_at(w, op);
}

void model_invoke(struct world *w, struct model *m, const struct record *r)
{
    *mop_make(w, rec_op(r)) = (struct mop){
        .invoked_at = r->at, .acked = m->acked_op & (OPS_MOST - 1), .verb = rec_verb(r) & 7u};
}

/* Forgets the unjudged answers to an operation: those of one node at one index, or all. Were there
 * any of that node and index? */
static bool forget_unjudged(struct world *w, struct model *m, uint32_t op, uint8_t node,
                            uint64_t index, bool all)
{
    bool found = false;
    for (uint32_t i = m->unjudged.n; i-- > 0;) {
        struct unjudged *u = vec_at(&w->arena, &m->unjudged, i);
        if (u->op != op)
            continue;
        const bool same = u->node == node && u->index == index;
        found = found || same;
        if (same || all)
            *u = *(struct unjudged *)vec_at(&w->arena, &m->unjudged, --m->unjudged.n);
    }
    return found;
}

/* Which answer reaches the client is known when it returns. Two answers of one node at one index
 * are one: where one of them is judged, the index is fresh, and so is the other. */
void model_read(struct world *w, struct model *m, const struct record *r)
{
    struct mop *op = mop_at(w, rec_op(r));
    if (!op || op->was_told)
        return;
    if (model_read_excused(w, m, r)) {
        op->unjudged = 1;
        *(struct unjudged *)vec_at(&w->arena, &m->unjudged, vec_push(&w->arena, &m->unjudged, 1)) =
            (struct unjudged){.index = r->index, .op = rec_op(r), .node = r->node};
    } else if (op->unjudged) {
        forget_unjudged(w, m, rec_op(r), r->node, r->index, false);
    }
}

void model_return(struct world *w, struct model *m, const struct record *r)
{
    struct mop *op = mop_make(w, rec_op(r));
    if (op->unjudged)
        op->unjudged = forget_unjudged(w, m, rec_op(r), rec_answered_by(r), r->index, true);
    op->returned_low = (uint32_t)w->records & ((UINT32_C(1) << ORDINAL_BITS) - 1);
    op->refused = rec_outcome(r) == OUT_NOT_LEADER;
    if (rec_outcome(r) != OUT_OK && rec_outcome(r) != OUT_FAIL)
        return;
    op->was_told = 1;
    op->told.index = r->index < UINT32_MAX ? (uint32_t)r->index : UINT32_MAX;
    op->told.ms = (uint32_t)(r->at / MS(1));
    if (r->index <= m->acked)
        return;
    m->acked = r->index;
    m->acked_op = rec_op(r);
}

/* An entry at an index at which nobody has applied one before. */
void model_apply(struct world *w, struct model *m, const struct record *r)
{
    struct mop *op = mop_at(w, store_entry(w, rec_entry(r))->op);
    m->top_applied = r->index;
    if (op)
        op->applied = 1;
}

void model_several(const struct world *w, const struct record *r)
{
    struct mop *op = mop_at(w, rec_for_op(r));
    if (op)
        op->several = 1;
}

/* ---- before the first record ----------------------------------------------------------------- */

/* The terms of a log that lay on a disk before the run: their entries are known to log matching.
 * Once a node, as long as the preload. */
static void preload_terms(struct world *w, struct model *m, uint32_t head)
{
    for (uint32_t id = head; id; id = store_parent(w, id)) {
        uint32_t t = model_tenure(w, m, store_term(w, id));
        if (store_index(w, id) > store_index(w, tenure_at(w, m, t)->tip))
            tenure_at(w, m, t)->tip = id;
    }
}

static void preload_node(struct world *w, struct model *m, uint8_t node, uint16_t group)
{
    const struct image image = storage_image(w, replica_of(w, node, group));
    const uint64_t commit = group ? 0 : w->plan->preload[node].commit;
    m->node[node].cut_floor = NEVER;
    m->node[node].durable = (struct durable){.term = image.term,
                                             .vote = image.vote,
                                             .head = image.head,
                                             .index = store_index(w, image.head)};
    preload_terms(w, m, image.head);
    if (commit > m->chain_index && commit <= store_index(w, image.head)) {
        m->chain = store_at(w, image.head, commit);
        m->chain_index = commit;
        m->chain_term = store_term(w, m->chain);
    }
}

void model_start(struct world *w, uint16_t group)
{
    struct model *m = model_of(w, group);
    m->group = group;
    vec_init(&m->tenures, sizeof(struct tenure), 3);
    vec_init(&m->growths, sizeof(struct growth), 4);
    vec_init(&m->born, sizeof(uint32_t), 7);
    vec_init(&m->states, sizeof(struct mstate), STATES_CHUNK_LOG2);
    vec_push(&w->arena, &m->states, 1);                 /* before any entry: nothing to say */
    vec_init(&m->unjudged, sizeof(struct unjudged), 4);
    model_held_start(w, m);
    hash_grow(w, m);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        preload_node(w, m, n, group);
    if (m->chain)
        add_growth(w, m, m->chain_term, (struct growth){.head = m->chain});
}
