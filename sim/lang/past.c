/* SPDX-License-Identifier: MIT */
/*
 * Method: see past.h. For each type of message a function says how far a moment of the sender meets
 * what the message needs; the furthest that any moment came names what was missing.
 */
#include "../trace/filter.h"
#include "past_inside.h"

enum { CHUNK_LOG2 = 8 };

void past_start(struct past *p) { vec_init(&p->records, sizeof(struct record), CHUNK_LOG2); }

static bool speaks_of_nodes(const struct record *r)
{
    switch (r->kind) {
    case REC_BOOT:
    case REC_CRASH:
    case REC_TERM:
    case REC_ROLE:
    case REC_APPEND:
    case REC_CUT:
    case REC_COMMIT:
    case REC_DURABLE: return true;
    case REC_SEND:
        return rec_type(r) == MSG_VOTE || rec_type(r) == MSG_PREVOTE || rec_type(r) == MSG_APPEND ||
               rec_type(r) == MSG_HEARTBEAT;
    case REC_DELIVER: return rec_type(r) == MSG_APPEND_REPLY && !(rec_flags(r) & LABEL_REJECT);
    default: return false;
    }
}

void past_note(struct world *w, struct past *p, const struct record *r)
{
    if (r->group == 0 && speaks_of_nodes(r))        /* what is injected is of the first group */
        *(struct record *)vec_at(&w->arena, &p->records, vec_push(&w->arena, &p->records, 1)) = *r;
}

static const struct record *record_at(const struct world *w, const struct past *p, uint32_t i)
{
    return vec_at(&w->arena, &p->records, i);
}

/* ---- a node, as the records show it ---------------------------------------------------------- */

static void on_boot(struct self *s, const struct record *r)
{
    const struct image image = {.term = r->term, .head = rec_entry(r), .vote = rec_vote(r)};
    const struct image first = s->booted ? s->first : image;
    *s = (struct self){
        .term = r->term, .vote = rec_vote(r), .head = image.head, .durable = image,
        .booted = true, .first = first};
}

/* A step tells of the term first and of the role later; between the two nobody leads the
 * new term. */
static void on_term(struct self *s, const struct record *r)
{
    if (r->term != s->term && s->role != SUT_CANDIDATE)
        s->role = SUT_FOLLOWER;
    s->term = r->term;
    s->vote = rec_vote(r);
}

static void on_role(struct self *s, uint8_t role)
{
    if (role == SUT_LEADER && s->role != SUT_LEADER)
        s->round = s->matched = 0;
    s->role = role;
}

/* What a record says of node `me`; `other`: whose acknowledgements count. True: it
 * said something. */
static bool live(const struct world *w, struct self *s, const struct record *r, uint8_t me,
                 uint8_t other)
{
    if (r->node != me)
        return false;
    switch (r->kind) {
    case REC_BOOT: on_boot(s, r); return true;
    case REC_CRASH: s->role = SUT_FOLLOWER; return true;
    case REC_TERM: on_term(s, r); return true;
    case REC_ROLE: on_role(s, rec_role(r)); return true;
    case REC_APPEND:
        on_role(s, rec_role(r));                    /* who wins appends before it is said to lead */
        s->head = rec_entry(r);
        return true;
    case REC_CUT:
        if (r->index <= rec_last_before(r))         /* else there was nothing to cut */
            s->head = store_at(w, s->head, r->index - 1);
        return true;
    case REC_COMMIT: s->commit = r->index; return true;
    case REC_DURABLE:
        s->durable = (struct image){.term = r->term, .vote = rec_vote(r), .head = rec_head(r)};
        return true;
    case REC_SEND:
        if ((rec_type(r) == MSG_APPEND || rec_type(r) == MSG_HEARTBEAT) && rec_round(r) > s->round)
            s->round = rec_round(r);
        return true;
    case REC_DELIVER:
        if (r->peer == other && r->term == s->term && r->index > s->matched)
            s->matched = r->index;
        return true;
    default: return false;
    }
}

/* ---- what the whole run says ----------------------------------------------------------------- */

/* Of an answer the type of its question; of a question its own. */
static uint8_t question_of(uint8_t type)
{
    return label_answers(type) ? (uint8_t)(type - 1) : type;
}

/* Is this the question that the message answers, or the try that it is of? */
static void look_for_question(struct facts *f, const struct record *r, const struct msg_label *l)
{
    const bool answers = label_answers(l->type);
    if (r->kind != REC_SEND || rec_type(r) != question_of(l->type) ||
        r->node != (answers ? l->to : l->from) || r->term != (answers ? l->asked : l->term))
        return;
    f->asked = true;
    if (!label_elects(l->type) || record_label(r).try_id != l->try_id)
        return;
    f->tried = true;
    f->other_last = !answers && (r->index != l->index || rec_log_term(r) != l->log_term);
}

static void ask(struct facts *f, const struct record *r, uint64_t term)
{
    f->asked_vote = f->asked_vote || rec_type(r) == MSG_VOTE;
    f->asked_prevote = f->asked_prevote || rec_type(r) == MSG_PREVOTE;
    if (rec_type(r) != MSG_PREVOTE || r->term != term)
        return;
    f->asked_prevote_here = true;
    const uint64_t last_term = rec_log_term(r);
    if (last_term > f->asked_term ||
        (last_term == f->asked_term && r->index > f->asked_index)) {
        f->asked_term = last_term;
        f->asked_index = r->index;
    }
}

static struct facts facts_of(const struct world *w, const struct past *p,
                             const struct msg_label *l)
{
    const uint64_t term = l->term;
    const uint8_t to = l->to;
    struct facts f = {0};
    struct self leader = {0};
    for (uint32_t i = 0; i < p->records.n; i++) {
        const struct record *r = record_at(w, p, i);
        live(w, &f.to, r, to, 0);
        look_for_question(&f, r, l);
        if (r->kind == REC_SEND && r->node == to)
            ask(&f, r, term);
        if (r->kind == REC_ROLE && rec_role(r) == SUT_LEADER && r->term == term && !f.leader) {
            f.leader = r->node;
            leader = (struct self){.term = term, .role = SUT_LEADER, .head = rec_entry(r)};
        }
        if (!f.leader || !live(w, &leader, r, f.leader, 0) || leader.role != SUT_LEADER ||
            leader.term != term)
            continue;
        f.log = leader.head;
    }
    return f;
}

uint32_t past_leader_log(const struct world *w, const struct past *p, uint64_t term)
{
    return facts_of(w, p, &(struct msg_label){.term = term}).log;
}

void past_name(const struct world *w, const struct past *p, struct msg_label *l, bool try_said,
               bool asked_said)
{
    const bool answers = label_answers(l->type), elects = label_elects(l->type);
    const bool refuses = l->flags & LABEL_REJECT;
    if (answers && !asked_said)
        l->asked = l->term;
    for (uint32_t i = 0; i < p->records.n; i++) {
        const struct record *r = record_at(w, p, i);
        if (r->kind != REC_SEND || rec_type(r) != question_of(l->type) ||
            r->node != (answers ? l->to : l->from))
            continue;
        if (answers && refuses && !asked_said && (elects || r->term <= l->term))
            l->asked = r->term;
        if (elects && !try_said && r->term == (answers ? l->asked : l->term))
            l->try_id = record_label(r).try_id;
    }
}

/* ---- moments --------------------------------------------------------------------------------- */

static bool has(const struct query *q, uint32_t head, uint64_t term, uint64_t index)
{
    return index == 0 ? term == 0 : store_term(q->w, store_at(q->w, head, index)) == term;
}

static bool is_last(const struct query *q, uint32_t head, uint64_t term, uint64_t index)
{
    return store_index(q->w, head) == index && store_term(q->w, head) == term;
}

static enum lack append_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    if (s->term != l->term || s->role != SUT_LEADER)
        return LACK_TERM;
    if (!has(q, s->head, l->log_term, l->index))
        return LACK_PREV;
    if (l->entries &&
        (!q->in->entry || store_at(q->w, s->head, l->index + l->entries) != q->in->entry))
        return LACK_ENTRIES;
    return l->commit > s->commit ? LACK_COMMIT : l->round > s->round ? LACK_ROUND : LACK_NOTHING;
}

/* No commit beyond what the receiver is known to have: an append says before which entry, a
 * heartbeat does not. */
static enum lack heartbeat_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    if (s->term != l->term || s->role != SUT_LEADER)
        return LACK_TERM;
    return l->commit > s->commit || l->commit > s->matched ? LACK_COMMIT
           : l->round > s->round                           ? LACK_ROUND
                                                           : LACK_NOTHING;
}

static enum lack vote_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    bool before = l->type == MSG_PREVOTE;
    if (s->role != (before ? SUT_PRECANDIDATE : SUT_CANDIDATE) || s->term + before != l->term ||
        (!before && s->vote != l->from))
        return LACK_TERM;
    return is_last(q, s->head, l->log_term, l->index) ? LACK_NOTHING : LACK_LAST;
}

static enum lack vote_reply_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    if (s->term != l->term)
        return LACK_TERM;
    if (l->flags & LABEL_REJECT)
        return q->f.asked_vote ? LACK_NOTHING : LACK_ASKED;
    return s->durable.term == l->term && s->durable.vote == l->to ? LACK_NOTHING : LACK_VOTE;
}

static enum lack prevote_reply_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    const struct facts *f = &q->f;
    if (l->flags & LABEL_REJECT)
        return s->term != l->term ? LACK_TERM : f->asked_prevote ? LACK_NOTHING : LACK_ASKED;
    if (!f->asked_prevote_here)
        return LACK_ASKED;
    uint64_t term = store_term(q->w, s->head), index = store_index(q->w, s->head);
    bool newer = term > f->asked_term || (term == f->asked_term && index > f->asked_index);
    return newer || s->term > l->term ? LACK_LOG : LACK_NOTHING;
}

static enum lack refusal_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    if (l->asked < l->term)                     /* to a leader of an earlier term */
        return !l->index && !q->in->hint ? LACK_NOTHING : LACK_INDEX;
    if (q->f.leader != l->to)
        return LACK_LEADER;
    uint32_t theirs = store_at(q->w, q->f.log, l->index);
    if (!theirs || store_at(q->w, s->head, l->index) == theirs)
        return LACK_INDEX;
    return has(q, s->head, l->log_term, q->in->hint) ? LACK_NOTHING : LACK_HINT;
}

static enum lack append_reply_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    if (s->term != l->term)
        return LACK_TERM;
    enum lack refusal = l->flags & LABEL_REJECT ? refusal_lacks(q, s) : LACK_NOTHING;
    if (refusal != LACK_NOTHING)
        return refusal;
    if (l->flags & LABEL_REJECT)
        return l->asked == l->term && l->round > q->f.rounds ? LACK_ROUND : LACK_NOTHING;
    if (q->f.leader != l->to)
        return LACK_LEADER;
    uint32_t theirs = store_at(q->w, q->f.log, l->index);
    if (s->durable.term != l->term ||
        (l->index && (!theirs || store_at(q->w, s->durable.head, l->index) != theirs)))
        return LACK_INDEX;
    return l->round > q->f.rounds ? LACK_ROUND : LACK_NOTHING;
}

static enum lack heartbeat_reply_lacks(const struct query *q, const struct self *s)
{
    const struct msg_label *l = &q->in->label;
    if (s->term != l->term || (!(l->flags & LABEL_REJECT) && s->durable.term != l->term))
        return LACK_TERM;
    if (l->flags & LABEL_REJECT)
        return q->f.asked && l->asked < l->term ? LACK_NOTHING : LACK_LEADER;
    return q->f.leader != l->to ? LACK_LEADER : l->round > q->f.rounds ? LACK_ROUND : LACK_NOTHING;
}

/* Of a message that the moment allows: does it name what it answers, or in which try it asks?
 * Of what its asker never sent, it can name nothing. */
static enum lack name_lacks(const struct query *q)
{
    const struct msg_label *l = &q->in->label;
    const bool answers = label_answers(l->type), refuses = l->flags & LABEL_REJECT;
    if (answers && !refuses && l->asked != l->term)
        return LACK_GRANTED;
    if (answers && refuses && l->asked != l->term && !q->f.asked)
        return LACK_ASKED_TERM;
    if (label_elects(l->type) && !q->f.tried && (q->f.asked || l->try_id))
        return LACK_TRY;
    return q->f.other_last ? LACK_LAST : LACK_NOTHING;
}

static enum lack moment_lacks(const struct query *q, const struct self *s)
{
    switch ((enum msg_type)q->in->label.type) {
    case MSG_APPEND: return append_lacks(q, s);
    case MSG_HEARTBEAT: case MSG_COMMIT_NOTIFY: return heartbeat_lacks(q, s);
    case MSG_VOTE: case MSG_PREVOTE: return vote_lacks(q, s);
    case MSG_VOTE_REPLY: return vote_reply_lacks(q, s);
    case MSG_PREVOTE_REPLY: return prevote_reply_lacks(q, s);
    case MSG_APPEND_REPLY: return append_reply_lacks(q, s);
    case MSG_HEARTBEAT_REPLY: return heartbeat_reply_lacks(q, s);
    case MSG_NONE:
    case MSG_READ_INDEX:
    case MSG_READ_INDEX_REPLY:
    case MSG_PROPOSE:
    case MSG_CLIENT_REQUEST:
    case MSG_CLIENT_REPLY:
    case MSG_TYPES: break;
    }
    return LACK_TERM;
}

static enum lack lacks(const struct query *q, const struct self *s)
{
    const enum lack lack = moment_lacks(q, s);
    return lack == LACK_NOTHING ? name_lacks(q) : lack;
}

/* ---- before the run -------------------------------------------------------------------------- */

/* Could a node that this lay on the disk of have led the term, or voted for itself in it? */
static bool stood(const struct image *i, uint64_t term, uint8_t node)
{
    return i->term > term || (i->term == term && i->vote == node);
}

static uint64_t preloaded_commit(const struct world *w)
{
    uint64_t most = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (w->plan->preload[n].commit > most)
            most = w->plan->preload[n].commit;
    return most;
}

/* Did an entry of this index and term lie on some disk before the run? */
static bool preloaded_entry(const struct world *w, uint64_t term, uint64_t index)
{
    for (uint8_t n = 1; n <= w->nnodes && index; n++) {
        const struct preload *p = &w->plan->preload[n];
        if (index <= p->nentries && p->entries[index - 1].term == term)
            return true;
    }
    return index == 0;
}

/* Did the entries of the message, and the one before them? */
static bool preloaded(const struct query *q)
{
    const struct msg_label *l = &q->in->label;
    if (!preloaded_entry(q->w, l->log_term, l->index))
        return false;
    return !l->entries || (q->in->entry && store_run(q->w, q->in->entry)->creator == 0);
}

/* A message of a former history, of which only the disks at its end are known. */
static bool before_the_run(const struct query *q, const struct image *from)
{
    const struct msg_label *l = &q->in->label;
    const struct image *to = &q->f.to.first;
    bool refuses = l->flags & LABEL_REJECT, same = l->term == from->term;
    if (!l->term || l->term > from->term || q->f.leader || l->round)
        return false;
    switch ((enum msg_type)l->type) {
    case MSG_APPEND:
        if (same && l->entries && store_at(q->w, from->head, l->index + l->entries) != q->in->entry)
            return false;
        return stood(from, l->term, l->from) && preloaded(q) && l->log_term <= l->term &&
               l->commit <= preloaded_commit(q->w);
    case MSG_HEARTBEAT:
    case MSG_COMMIT_NOTIFY:
        return stood(from, l->term, l->from) && l->commit <= preloaded_commit(q->w);
    case MSG_VOTE: return stood(from, l->term, l->from) && l->log_term < l->term;
    case MSG_PREVOTE: return l->log_term < l->term;
    case MSG_VOTE_REPLY: return refuses || !same || from->vote == l->to;
    case MSG_PREVOTE_REPLY: return true;
    case MSG_APPEND_REPLY:
        return stood(to, l->term, l->to) &&
               (refuses || !same || l->index <= store_index(q->w, from->head));
    case MSG_HEARTBEAT_REPLY: return stood(to, l->term, l->to);
    case MSG_NONE:
    case MSG_READ_INDEX:
    case MSG_READ_INDEX_REPLY:
    case MSG_PROPOSE:
    case MSG_CLIENT_REQUEST:
    case MSG_CLIENT_REPLY:
    case MSG_TYPES: break;
    }
    return false;
}

/* ---- the question ---------------------------------------------------------------------------- */

/* A round can be answered from when its leader began it. */
static bool begins_round(struct facts *f, const struct record *r, uint64_t term)
{
    if (r->kind != REC_SEND || !f->leader || r->node != f->leader || r->term != term)
        return false;
    if ((rec_type(r) != MSG_APPEND && rec_type(r) != MSG_HEARTBEAT) || rec_round(r) <= f->rounds)
        return false;
    f->rounds = rec_round(r);
    return true;
}

bool past_allows(const struct world *w, const struct past *p, const struct injection *in,
                 struct doubt *doubt)
{
    struct query q = {.w = w, .in = in, .f = facts_of(w, p, &in->label)};
    struct self s = {0};
    enum lack best = LACK_TERM;
    for (uint32_t i = 0; i < p->records.n && best != LACK_NOTHING; i++) {
        const struct record *r = record_at(w, p, i);
        bool began = begins_round(&q.f, r, in->label.term);
        if (!live(w, &s, r, in->label.from, in->label.to) && !began)
            continue;
        enum lack now = lacks(&q, &s);
        best = now > best ? now : best;
    }
    if (best == LACK_NOTHING || before_the_run(&q, &s.first))
        return true;
    past_say(&q, best, doubt);
    return false;
}
