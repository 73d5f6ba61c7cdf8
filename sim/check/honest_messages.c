/* SPDX-License-Identifier: MIT */
/*
 * Honest messages (D 3.4, 3.5): what a node says of its log in the label of a message is so when
 * the message leaves it.
 * - Who speaks as the leader of a term has won it. The entry before an append is in its log, and so
 *   are as many as the append carries.
 * - No leader tells a commit index beyond its own; in a heartbeat or a notice, which do not show
 *   that the logs agree, none beyond what the receiver has acknowledged to it in this reign.
 * - A request for a vote or a pre-vote names the last entry of the sender's log.
 *
 * Method: at SEND the model's log, role and commit index of the sender are asked; matches are kept
 * a reign and receiver, from the acknowledgements delivered. An append of a reign that is over is
 * held to the branch of its term, for its leader only appended. A request that waited for a write
 * and leaves a node that has ceased to stand meanwhile speaks of the log as it was: it is excused.
 */
#include <inttypes.h>

#include "model.h"

#define OF(type) (UINT32_C(1) << MSG_##type)

/* What each node acknowledged to the leader of this term; by node, in the places behind it. */
struct reign { uint64_t term; uint32_t match[]; };

struct reigns { uint64_t of, stride; };

static struct reign *reign_of(const struct world *w, const struct reigns *s, const struct record *r)
{
    struct reign *of = (struct reign *)((char *)arena_at(&w->arena, s->of) + r->node * s->stride);
    if (of->term != r->term) {
        of->term = r->term;
        for (uint32_t n = 0; n <= w->nnodes; n++)
            of->match[n] = 0;
    }
    return of;
}

static void start(struct world *w, void *state)
{
    struct reigns *s = state;
    const uint64_t bytes = sizeof(struct reign) + (w->nnodes + 1u) * sizeof(uint32_t);
    s->stride = (bytes + 7) / 8 * 8;
    s->of = arena_take(&w->arena, (w->nnodes + 1u) * s->stride);
}

static void lies(struct world *w, const struct record *r, uint64_t first, const char *what,
                 uint64_t said, uint64_t is)
{
    violate(w, &check_honest_messages, first,
            "n%u tells n%u in a %s of term %" PRIu64 " at %s that %s %" PRIu64
            ", and it is %" PRIu64,
            r->node, r->peer, msg_type_name(rec_type(r)), r->term, when(r->at).text, what, said,
            is);
}

static bool leads_in(const struct mnode *n, uint64_t term)
{
    return n->role == SUT_LEADER && n->led_term == term;
}

/* Is (index, term) an entry of this log, or what comes before all? */
static bool in_log(const struct world *w, uint32_t head, uint64_t index, uint64_t term)
{
    const uint32_t entry = index ? store_at(w, head, index) : 0;
    return index ? entry && store_term(w, entry) == term : term == 0;
}

static void judge_append(struct world *w, const struct record *r, uint32_t head, uint64_t first)
{
    if (!in_log(w, head, r->index, rec_log_term(r)))
        lies(w, r, first, "the term of its entry before is", rec_log_term(r),
             store_term(w, store_at(w, head, r->index)));
    else if (r->index + rec_entries(r) > store_index(w, head))
        lies(w, r, first, "it has entries through", r->index + rec_entries(r),
             store_index(w, head));
}

static void judge_leader(struct world *w, const struct model *m, const struct reigns *s,
                         const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    const struct tenure *t = model_term(w, m, r->term);
    check_judged(w, CHECK_honest_messages);
    const bool leads = leads_in(n, r->term);
    if (!leads && (t == NULL || t->ordinal == 0 || t->node != r->node)) {
        violate(w, &check_honest_messages, n->seen_role ? n->seen_role : n->seen_life,
                "n%u sends n%u a %s of term %" PRIu64 " at %s, a term that it never won", r->node,
                r->peer, msg_type_name(rec_type(r)), r->term, when(r->at).text);
        return;
    }
    if (rec_type(r) == MSG_APPEND)
        judge_append(w, r, leads ? n->head : t->tip, n->seen_log);
    if (rec_commit(r) > n->commit && leads)
        lies(w, r, n->seen_commit, "the commit index is", rec_commit(r), n->commit);
    else if (rec_type(r) != MSG_APPEND && r->peer <= w->nnodes &&
             rec_commit(r) > reign_of(w, s, r)->match[r->peer])
        lies(w, r, n->seen_role, "it has committed what it knows the receiver to have, through",
             rec_commit(r), reign_of(w, s, r)->match[r->peer]);
}

static void judge_request(struct world *w, const struct model *m, const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    const bool stands = rec_type(r) == MSG_VOTE
                            ? n->role == SUT_CANDIDATE && n->term == r->term
                            : n->role == SUT_PRECANDIDATE && n->term + 1 == r->term;
    if (!stands) {
        check_excused(w, CHECK_honest_messages);
        return;
    }
    check_judged(w, CHECK_honest_messages);
    const uint64_t first = n->seen_log ? n->seen_log : n->seen_life;
    if (r->index != n->last)
        lies(w, r, first, "the index of its last entry is", r->index, n->last);
    else if (rec_log_term(r) != store_term(w, n->head))
        lies(w, r, first, "the term of its last entry is", rec_log_term(r),
             store_term(w, n->head));
}

void check_honest_messages_record(struct world *w, struct model *m, void *state,
                                  const struct record *r)
{
    const enum msg_type type = (enum msg_type)rec_type(r);
    if (r->kind == REC_SEND && (type == MSG_VOTE || type == MSG_PREVOTE)) {
        judge_request(w, m, r);
    } else if (r->kind == REC_SEND && type != MSG_APPEND_REPLY) {
        judge_leader(w, m, state, r);
    } else if (r->kind == REC_DELIVER && type == MSG_APPEND_REPLY && r->peer <= w->nnodes &&
               leads_in(&m->node[r->node], r->term)) {
        uint32_t *match = &reign_of(w, state, r)->match[r->peer];
        *match = r->index > *match ? (uint32_t)r->index : *match;
    }
}

const struct check check_honest_messages = {
    .name = "honest-messages",
    .rule = "what a message says of its sender's log and commit index, and of what its receiver "
            "has, is so when it leaves (D 3.4, 3.5)",
    .sees = SEES_PROTOCOL,
    .judges = "a request for votes, or a message of a leader",
    .messages = OF(VOTE) | OF(PREVOTE) | OF(APPEND) | OF(HEARTBEAT) | OF(COMMIT_NOTIFY) |
                OF(APPEND_REPLY),
    .state = sizeof(struct reigns),
    .start = start,
};
