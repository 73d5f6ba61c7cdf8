/* SPDX-License-Identifier: MIT */
/*
 * Method: a short table of rules and a list of messages a hold, taken from the arena when the first
 * is made. What is under way stands in the event queue only, so whoever asks for it walks the
 * queue: that costs a run without surgery nothing, and a scenario does it seldom.
 */
#include "share.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct hold { uint32_t first, last, n; };

struct surgery {
    struct vec holds;                               /* by number; 0 unused */
    uint32_t nrules;                                /* oldest first */
    struct unmet unmet;                             /* the first rule that was lifted too early */
    uint64_t ordinal[NODES_MAX + 1][NODES_MAX + 1]; /* draws of SHUFFLE, a link */
    uint64_t links;                                 /* offset of struct seen[net_links] */
    struct rule rule[RULES_MAX];
};

/* Of a link: messages that left since the room was made, and those that a statement found under
 * way. Draws about a message are keyed by its number in this count: no rule's hang on another's. */
struct seen { uint64_t left, found; };

static struct surgery *room_of(const struct world *w)
{
    assert(w->surgery);
    return arena_at(&w->arena, w->surgery);
}

static struct surgery *room_made(struct world *w)
{
    if (!w->surgery) {
        w->surgery = arena_take(&w->arena, sizeof(struct surgery));
        vec_init(&room_of(w)->holds, sizeof(struct hold), 3);
        vec_push(&w->arena, &room_of(w)->holds, 1);
        room_of(w)->links = arena_take(&w->arena, net_links(w) * sizeof(struct seen));
    }
    return room_of(w);
}

static void tell(struct world *w, enum record_kind kind, const struct message *m)
{
    message_record(w, kind, m, m->label.from, m->label.to, 0);
}

/* NULL: there is no link between these two. */
static struct seen *seen_of(struct world *w, const struct message *m)
{
    const struct link *l = net_link(w, m->label.from, m->label.to);
    return l ? (struct seen *)arena_at(&w->arena, room_of(w)->links) + (l - net_links_of(w)) : NULL;
}

/* ---- holds ----------------------------------------------------------------------------------- */

static struct hold *hold_made(struct world *w, uint32_t number)
{
    struct vec *holds = &room_made(w)->holds;
    if (number >= holds->n)
        vec_push(&w->arena, holds, number + 1 - holds->n);
    return vec_at(&w->arena, holds, number);
}

static struct hold *hold_at(const struct world *w, uint32_t number)
{
    return w->surgery && number < room_of(w)->holds.n
               ? vec_at(&w->arena, &room_of(w)->holds, number) : NULL;
}

static void keep(struct world *w, uint32_t number, struct message *m)
{
    struct hold *h = hold_made(w, number);
    tell(w, REC_HOLD, m);
    arrival_of(w, m, 0);
    m->next = 0;
    *(h->last ? &message_at(w, h->last)->next : &h->first) = m->slot;
    h->last = m->slot;
    h->n++;
}

/* Takes out the one at `place`, from 1. */
static struct message *take(struct world *w, struct hold *h, uint32_t place)
{
    uint32_t *link = &h->first, before = 0;
    assert(place >= 1 && place <= h->n);
    while (--place) {
        before = *link;
        link = &message_at(w, before)->next;
    }
    struct message *m = message_at(w, *link);
    *link = m->next;
    if (h->last == m->slot)
        h->last = before;
    h->n--;
    m->next = 0;
    return m;
}

uint32_t surgery_held(const struct world *w, uint32_t number)
{
    const struct hold *h = hold_at(w, number);
    return h ? h->n : 0;
}

/* Sets it out to arrive at `least` at the earliest. Returns the least time for one that must come
 * after it. */
static uint64_t release(struct world *w, struct hold *h, uint32_t place, uint64_t least,
                        uint32_t wish)
{
    struct message *m = take(w, h, place);
    tell(w, REC_RELEASE, m);
    arrival_of(w, m, wish);
    uint64_t arrives = net_travel(w, m, 0, least);
    return arrives ? arrives + 1 : least;
}

void surgery_release(struct world *w, uint32_t number, const uint32_t *place, uint32_t n,
                     struct wish wish)
{
    struct hold *h = hold_at(w, number);
    const uint32_t wished = arrival_wish(w, wish);
    uint64_t least = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = place[i];
        for (uint32_t k = 0; k < i; k++)
            at -= place[k] < place[i];              /* those taken out before it stood before it */
        least = release(w, h, at, least, wished);
    }
    arrival_wished(w, wished);
}

void surgery_release_all(struct world *w, uint32_t number, bool reverse, struct wish wish)
{
    struct hold *h = hold_at(w, number);
    const uint32_t wished = arrival_wish(w, wish);
    uint64_t least = 0;
    while (h && h->n)
        least = release(w, h, reverse ? h->n : 1, least, wished);
    arrival_wished(w, wished);
}

/* ---- rules ----------------------------------------------------------------------------------- */

bool surgery_rule(struct world *w, const struct rule *rule)
{
    struct surgery *s = room_made(w);
    assert(rule->act != RULE_HOLD || rule->hold);
    if (s->nrules == RULES_MAX)
        return false;
    s->rule[s->nrules] = *rule;
    s->rule[s->nrules++].wanted = rule->left;
    return true;
}

static struct unmet unmet_of(const struct rule *r)
{
    return r->left && r->must_come
               ? (struct unmet){.tag = r->tag, .wanted = r->wanted, .saw = r->wanted - r->left,
                                .match = r->match}
               : (struct unmet){0};
}

static void lift(struct surgery *s, uint32_t i)
{
    if (!s->unmet.tag)
        s->unmet = unmet_of(&s->rule[i]);
    s->nrules--;
    memmove(&s->rule[i], &s->rule[i + 1], (s->nrules - i) * sizeof s->rule[0]);
}

enum lifting { ALL, HEALED, HOLDING, NAMED };

/* Returns how many of them still stood. */
static uint32_t lift_where(struct world *w, enum lifting which, uint32_t number)
{
    struct surgery *s = w->surgery ? room_of(w) : NULL;
    uint32_t n = 0;
    for (uint32_t i = 0; s && i < s->nrules;) {
        const struct rule *r = &s->rule[i];
        if (which == ALL || (which == HEALED && r->until_heal) ||
            (which == HOLDING && r->act == RULE_HOLD && r->hold == number) ||
            (which == NAMED && r->name == number)) {
            n += r->until > w->now;
            lift(s, i);
        } else {
            i++;
        }
    }
    return n;
}

void surgery_heal(struct world *w) { lift_where(w, HEALED, 0); }
void surgery_lift(struct world *w) { lift_where(w, ALL, 0); }
void surgery_unhold(struct world *w, uint32_t hold) { lift_where(w, HOLDING, hold); }

uint32_t surgery_lift_named(struct world *w, uint32_t name)
{
    return lift_where(w, NAMED, name);
}

struct unmet surgery_unmet(const struct world *w)
{
    const struct surgery *s = w->surgery ? room_of(w) : NULL;
    struct unmet first = s ? s->unmet : (struct unmet){0};
    for (uint32_t i = 0; s && !first.tag && i < s->nrules; i++)
        first = unmet_of(&s->rule[i]);
    return first;
}

/* Makes copies of a message, in a list. */
static uint32_t copies(struct world *w, const struct message *m, uint32_t n, uint32_t wish)
{
    uint32_t first = 0;
    while (n--) {
        struct message *copy = message_copy(w, m);
        arrival_of(w, copy, wish);
        copy->next = first;
        first = copy->slot;
    }
    return first;
}

static void set_out(struct world *w, uint32_t first)
{
    while (first) {
        struct message *m = message_at(w, first);
        first = m->next;
        net_travel(w, m, 0, 0);
    }
}

/* What a rule does to a message that is at the beginning of its way. False: nothing. */
static bool act(struct world *w, const struct rule *r, struct message *m, uint32_t wish,
                struct drawn *d)
{
    switch ((enum rule_act)r->act) {
    case RULE_ALLOW: arrival_of(w, m, wish); return false;
    case RULE_DROP: net_drop(w, m, DROP_RULE); return true;
    case RULE_HOLD: keep(w, r->hold, m); return true;
    case RULE_DELAY:
        tell(w, REC_DELAY, m);
        arrival_of(w, m, wish);
        net_travel(w, m, share_later(w, r, d), 0);
        return true;
    case RULE_DUPLICATE: {
        uint32_t more = copies(w, m, r->copies, wish);
        arrival_of(w, m, wish);
        net_travel(w, m, 0, 0);
        set_out(w, more);
        return true;
    }
    }
    return false;
}

static bool decide(struct world *w, const struct rule *r, struct message *m, struct drawn *d)
{
    const uint32_t wished = arrival_wish(w, r->wish);
    bool took = act(w, r, m, wished, d);
    arrival_wished(w, wished);
    return took;
}

/* The number-th message of its link. */
static __attribute__((noinline)) bool meets(struct world *w, struct message *m, uint64_t number)
{
    struct surgery *s = room_of(w);
    const struct msg_label label = m->label;
    for (uint32_t i = s->nrules; i-- > 0;) {
        struct rule *r = &s->rule[i];
        if (r->until <= w->now) {
            lift(s, i);
            continue;
        }
        if (!label_matches(&r->match, &label))
            continue;
        struct drawn d = share_about(r, &label, number, false);
        if (!share_takes(w, r, &d))
            continue;
        const struct rule mine = *r;
        if (r->left && --r->left == 0)
            lift(s, i);
        return decide(w, &mine, m, &d);
    }
    return false;
}

bool surgery_meets(struct world *w, struct message *m)
{
    struct seen *seen = seen_of(w, m);
    const uint64_t number = seen ? ++seen->left : 0;
    return room_of(w)->nrules && meets(w, m, number);
}

/* ---- under way ------------------------------------------------------------------------------- */

static int by_arrival(const void *a, const void *b)
{
    const struct under_way *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static struct under_way found[PENDING_MAX];                 /* by the latest search */

/* Finds those under way, in order of arrival. *more: there are others. */
static uint32_t look(const struct world *w, const struct label_match *match, bool *more)
{
    struct queue_cursor c = {0};
    uint32_t n = 0;
    *more = false;
    for (const struct event *e; !*more && (e = queue_each(&w->arena, &w->queue, &c));) {
        if (e->kind != EV_DELIVER || !label_matches(match, &message_at(w, e->arg)->label))
            continue;
        *more = n == PENDING_MAX;
        if (!*more)
            found[n++] = (struct under_way){.at = e->at, .order = e->order, .slot = e->arg};
    }
    qsort(found, n, sizeof found[0], by_arrival);
    return n;
}

/* Likewise, for who means all of them: where there are others the run ends. */
static uint32_t search(struct world *w, const struct label_match *match)
{
    bool more;
    uint32_t n = look(w, match, &more);
    if (more)
        world_stop(w, STOP_LIMIT, "messages under way that one statement looks at (PENDING_MAX)");
    return n;
}

/* Takes a message off its way: its arrival leaves the queue. */
static void intercept(struct world *w, const struct under_way *u)
{
    const struct message *m = message_at(w, u->slot);
    queue_cancel(&w->arena, &w->queue, u->at, u->order);
    net_leaves(w, net_link(w, m->label.from, m->label.to), m);
}

static void reschedule(struct world *w, const struct message *m, uint64_t at)
{
    net_enters(w, net_link(w, m->label.from, m->label.to), m);
    world_schedule(w, at, EV_DELIVER, m->slot);
}

uint32_t surgery_pending(struct world *w, const struct rule *r, uint32_t most)
{
    uint32_t n = search(w, &r->match);
    if (n > most)
        n = most;
    room_made(w);                   /* nothing may have been asked of it yet */
    const uint32_t wished = arrival_wish(w, r->wish);
    for (uint32_t i = 0; i < n && !w->stop; i++) {
        struct message *m = message_at(w, found[i].slot);
        struct drawn d = share_about(r, &m->label, ++seen_of(w, m)->found, true);
        if (!share_takes(w, r, &d))
            continue;
        switch ((enum rule_act)r->act) {
        case RULE_ALLOW: break;
        case RULE_DUPLICATE: set_out(w, copies(w, m, r->copies, wished)); break;
        case RULE_DROP:
            intercept(w, &found[i]);
            net_drop(w, m, DROP_DISCARDED);
            break;
        case RULE_HOLD:
            intercept(w, &found[i]);
            keep(w, r->hold, m);
            break;
        case RULE_DELAY:
            intercept(w, &found[i]);
            tell(w, REC_DELAY, m);
            arrival_of(w, m, wished);
            reschedule(w, m, found[i].at + share_later(w, r, &d));
            break;
        }
    }
    arrival_wished(w, wished);
    return n;
}

static uint32_t list_held(const struct world *w, const struct label_match *match,
                          struct under_way *out, uint32_t most)
{
    uint32_t n = 0;
    for (uint32_t h = 1; w->surgery && h < room_of(w)->holds.n; h++) {
        uint32_t slot = hold_at(w, h)->first;
        for (uint32_t place = 1; slot; slot = message_at(w, slot)->next, place++)
            if (n < most && label_matches(match, &message_at(w, slot)->label))
                out[n++] = (struct under_way){.at = NEVER, .slot = slot, .hold = h, .place = place};
    }
    return n;
}

/* The n that were found under way, then those held. */
static uint32_t list(const struct world *w, const struct label_match *match, uint32_t n,
                     struct under_way *out, uint32_t most)
{
    if (n > most)
        n = most;
    memcpy(out, found, n * sizeof *out);
    return n + list_held(w, match, out + n, most - n);
}

uint32_t surgery_list(const struct world *w, const struct label_match *match, struct under_way *out,
                      uint32_t most)
{
    bool more;
    return list(w, match, look(w, match, &more), out, most);
}

/* Out of its hold and on its link, for the moment that it takes to arrive. */
static void unkeep(struct world *w, uint32_t number, const struct message *m)
{
    struct hold *h = hold_at(w, number);
    uint32_t place = 1;
    for (uint32_t at = h->first; at != m->slot; at = message_at(w, at)->next)
        place++;
    take(w, h, place);
    struct link *l = net_link(w, m->label.from, m->label.to);
    if (l)
        net_enters(w, l, m);
}

void surgery_hasten(struct world *w, const struct under_way *these, uint32_t n, struct wish wish)
{
    const uint32_t wished = arrival_wish(w, wish);
    for (uint32_t i = 0; i < n && !w->stop; i++) {
        struct message *m = message_at(w, these[i].slot);
        if (these[i].hold) {
            unkeep(w, these[i].hold, m);
        } else {
            intercept(w, &these[i]);
            net_enters(w, net_link(w, m->label.from, m->label.to), m);
        }
        tell(w, REC_HASTEN, m);
        arrival_of(w, m, wished);
        net_deliver(w, m);
    }
    arrival_wished(w, wished);
}

uint32_t surgery_deliver(struct world *w, const struct label_match *match, uint32_t most,
                         struct wish wish)
{
    static struct under_way all[PENDING_MAX];
    uint32_t n = list(w, match, search(w, match), all, most < PENDING_MAX ? most : PENDING_MAX);
    surgery_hasten(w, all, n, wish);
    return n;
}

uint32_t surgery_shuffle(struct world *w, uint8_t from, uint8_t to)
{
    const struct label_match match = {.from.nodes = NODE_BIT(from), .to.nodes = NODE_BIT(to)};
    static uint32_t slot[PENDING_MAX];
    uint32_t n = search(w, &match);
    uint64_t *ordinal = &room_made(w)->ordinal[from][to];
    for (uint32_t i = 0; i < n; i++)
        slot[i] = found[i].slot;
    for (uint32_t i = 0; i + 1 < n; i++) {
        uint32_t k = i + (uint32_t)draw(w, STREAM_SHUFFLE, ACTOR_LINK(from, to), ordinal, n - i),
            t = slot[i];
        slot[i] = slot[k];
        slot[k] = t;
    }
    for (uint32_t i = 0; i < n; i++)
        intercept(w, &found[i]);
    for (uint32_t i = 0; i < n; i++) {
        if (slot[i] != found[i].slot)
            tell(w, REC_SHUFFLE, message_at(w, slot[i]));
        reschedule(w, message_at(w, slot[i]), found[i].at);
    }
    return n;
}

/* ---- injection ------------------------------------------------------------------------------- */

bool surgery_inject(struct world *w, const struct injection *in)
{
    if (!w->sut->compose)
        return false;
    struct message *m = message_new(w, &in->label, SUT_MSG_BYTES);
    m->entry = in->entry;
    m->forged = in->forged;
    m->nbytes = (uint16_t)w->sut->compose(&m->label, in->hint, in->nruns, in->runs, m->bytes);
    if (!m->nbytes) {
        message_free(w, m);
        return false;
    }
    message_record(w, REC_INJECT, m, m->label.from, m->label.to, in->forged);
    const uint32_t wished = arrival_wish(w, in->wish);
    arrival_of(w, m, wished);
    arrival_wished(w, wished);
    net_travel(w, m, 0, 0);
    return true;
}
