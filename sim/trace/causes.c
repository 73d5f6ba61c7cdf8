/* SPDX-License-Identifier: MIT */
/*
 * Method: each record has a few that it follows from directly; then come theirs, and so on, in
 * breadth: what is nearest comes first. A direct cause is found by looking backwards; a
 * step of a node takes no time, so what set it off stands at the same instant.
 */
#include "causes.h"

#include "filter.h"
#include "text.h"

/* With so many causes found, nobody asks any more how a node came to its role. */
enum { ENOUGH = 12 };

void recent_add(struct recent *t, const struct world *w, const struct record *r)
{
    t->ring[t->n++ % RECENT_RECORDS] = (struct recent_record){*r, trace_sign(w, r)};
}

const struct recent_record *recent_at(const struct recent *t, uint64_t ordinal)
{
    if (ordinal == 0 || ordinal > t->n || t->n - ordinal >= RECENT_RECORDS)
        return NULL;
    return &t->ring[(ordinal - 1) % RECENT_RECORDS];
}

uint64_t recent_before(const struct recent *t, uint64_t ordinal, enum record_kind kind)
{
    const struct recent_record *r;
    while (ordinal > 1 && (r = recent_at(t, --ordinal)) != NULL)
        if (r->record.kind == kind)
            return ordinal;
    return 0;
}

/* ---- one step back --------------------------------------------------------------------------- */

struct slice {
    const struct recent *recent;
    const struct world *w;
    uint64_t of;                    /* whose direct causes are sought */
    const struct record *record;
    uint64_t *out;
    uint32_t n, most;
    uint32_t later;                 /* bit i: the causes of out[i] are sought last */
};

/* Does a record follow from `earlier`, in the way at hand? */
typedef bool leads(const struct slice *, const struct record *earlier);

static void take(struct slice *s, uint64_t ordinal)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (s->out[i] == ordinal)
            return;
    if (s->n < s->most)
        s->out[s->n++] = ordinal;
}

/* Both are of one group, or one of them of all. */
static bool same_group(const struct record *a, const struct record *b)
{
    return a->group == b->group ||
           ((RECORDS_OF_ALL_GROUPS >> a->kind | RECORDS_OF_ALL_GROUPS >> b->kind) & 1);
}

/* The latest one that leads here, not before `since`; 0: none. */
static uint64_t latest(struct slice *s, leads *test, uint64_t since)
{
    const struct recent_record *e;
    for (uint64_t at = s->of - 1; (e = recent_at(s->recent, at)) != NULL && e->record.at >= since;
         at--)
        if (same_group(&e->record, s->record) && test(s, &e->record)) {
            take(s, at);
            return at;
        }
    return 0;
}

static bool same_message(const struct slice *s, const struct record *e)
{
    return record_is_message(e) && rec_message(e) == rec_message(s->record);
}

/* A copy has a number of its own: it is made of what its sender sent last on that way. */
static bool same_way(const struct slice *s, const struct record *e)
{
    return e->kind == REC_SEND && e->node == s->record->node && e->peer == s->record->peer &&
           rec_type(e) == rec_type(s->record) && e->term == s->record->term &&
           e->index == s->record->index;
}

static bool begins_write(const struct slice *s, const struct record *e)
{
    return e->kind == REC_WRITE && e->node == s->record->node &&
           rec_wid(e) == rec_wid(s->record);
}

/* What sets a step of this node off. */
static bool sets_off(const struct slice *s, const struct record *e)
{
    const uint64_t kinds = KIND_BIT(DELIVER) | KIND_BIT(DURABLE) | KIND_BIT(FAILED) |
                           KIND_BIT(TIMER) | KIND_BIT(BOOT) | KIND_BIT(RESUME) | KIND_BIT(CLOCK) |
                           KIND_BIT(FAULT) | KIND_BIT(CAMPAIGN);
    return e->kind == REC_STEP ||
           ((kinds >> e->kind & 1) && e->node == s->record->node);
}

static bool begins(const struct slice *s, const struct record *e)
{
    (void)s;
    return e->kind == REC_STEP || e->kind == REC_FAULT || e->kind == REC_PHASE;
}

static bool gives_reason(const struct slice *s, const struct record *e)
{
    return e->kind == REC_NOTE && e->node == s->record->node;
}

static bool was_role(const struct slice *s, const struct record *e)
{
    return e->kind == REC_ROLE && e->node == s->record->node;
}

static bool grants(const struct record *win, const struct record *e)
{
    return e->kind == REC_DELIVER && e->node == win->node && rec_type(e) == MSG_VOTE_REPLY &&
           e->term == win->term && !(rec_flags(e) & LABEL_REJECT);
}

static bool begins_op(const struct slice *s, const struct record *e)
{
    return e->kind == REC_INVOKE && rec_op(e) == record_op(s->w, s->record);
}

static bool answers(const struct slice *s, const struct record *e)
{
    return e->kind == REC_DELIVER && e->node == s->record->node &&
           rec_type(e) == MSG_CLIENT_REPLY && record_op(s->w, e) == rec_op(s->record);
}

/* What set the step off, and what the node said meanwhile of why it decides so. */
static void step_of(struct slice *s)
{
    const uint64_t off = latest(s, sets_off, s->record->at);
    if (s->record->kind == REC_NOTE)
        return;
    const struct recent_record *e;
    for (uint64_t at = s->of - 1; at > off && (e = recent_at(s->recent, at)) != NULL; at--) {
        if (e->record.at != s->record->at)
            return;
        if (same_group(&e->record, s->record) && gives_reason(s, &e->record)) {
            take(s, at);
            return;
        }
    }
}

/* The role that it had before, whose own causes are sought last, and the votes that it won by. */
static void votes_of(struct slice *s)
{
    const uint32_t n = s->n;
    const uint64_t before = latest(s, was_role, 0);
    if (s->n > n)
        s->later |= UINT32_C(1) << n;
    if (rec_role(s->record) != SUT_LEADER)
        return;
    const struct recent_record *e;
    for (uint64_t at = s->of - 1; at > before && (e = recent_at(s->recent, at)) != NULL; at--)
        if (same_group(&e->record, s->record) && grants(s->record, &e->record))
            take(s, at);
}

static void message_causes(struct slice *s)
{
    const struct record *r = s->record;
    if (r->kind == REC_DUPLICATE) {
        latest(s, same_way, 0);
        return;
    }
    if (latest(s, same_message, 0) || r->kind == REC_DELIVER)
        return;
    if (is_client(r->node))
        latest(s, begins_op, 0);
    else
        step_of(s);
}

static void direct(struct slice *s)
{
    switch ((enum record_kind)s->record->kind) {
    case REC_DELIVER: case REC_SEND: case REC_DROP: case REC_DUPLICATE: case REC_HOLD:
    case REC_RELEASE: case REC_DELAY: case REC_HASTEN: case REC_SHUFFLE: case REC_INJECT:
        message_causes(s);
        break;
    case REC_DURABLE: case REC_FAILED: latest(s, begins_write, 0); break;
    case REC_ROLE:
        step_of(s);
        votes_of(s);
        break;
    case REC_RETURN:
        latest(s, answers, s->record->at);
        latest(s, begins_op, 0);
        break;
    case REC_READ:
        latest(s, begins_op, 0);
        step_of(s);
        break;
    case REC_APPEND: case REC_APPLY:
        if (record_op(s->w, s->record) != 0)
            latest(s, begins_op, 0);
        step_of(s);
        break;
    case REC_WRITE: case REC_TERM: case REC_CUT: case REC_COMMIT: case REC_LEASE:
    case REC_HALT: case REC_BREACH: case REC_NOTE: case REC_TIMER: case REC_CONFIG:
        step_of(s);
        break;
    case REC_INVOKE: case REC_BOOT: case REC_CRASH: case REC_PAUSE: case REC_RESUME:
    case REC_CLOCK: case REC_FAULT: case REC_CAMPAIGN: case REC_PIN:
        latest(s, begins, s->record->at);
        break;
    case REC_STEP: case REC_PHASE: case REC_NONE: case REC_KINDS: break;
    }
}

static void follow(struct slice *s, uint64_t ordinal)
{
    const struct recent_record *r = recent_at(s->recent, ordinal);
    s->of = ordinal;
    if (!r)
        return;
    s->record = &r->record;
    direct(s);
}

uint32_t recent_causes(const struct recent *t, const struct world *w, uint64_t ordinal,
                       uint64_t *causes, uint32_t most)
{
    struct slice s = {.recent = t, .w = w, .out = causes, .most = most};
    assert(most <= CAUSES_MAX);
    follow(&s, ordinal);
    for (uint32_t i = 0; i < s.n; i++)
        if (!(s.later >> i & 1))
            follow(&s, causes[i]);
    const uint32_t near = s.n;
    for (uint32_t i = 0; i < s.n && s.n < ENOUGH; i++)
        if (s.later >> i & 1 || i >= near)
            follow(&s, causes[i]);
    return s.n;
}
