/* SPDX-License-Identifier: MIT */
/*
 * Method: a message is a slot of memory; a link is a delay, some chances and a count of cuts.
 * Everything random about a message is drawn when it leaves, from the ordinals of its own link, so
 * that dropping one message changes nothing for any other link. A cut drops what is sent while it
 * stands and what arrives while it stands.
 */
#include "surgery.h"
#include "unusual.h"

#include <assert.h>
#include <string.h>

enum { ORD_DELAY, ORD_LOSS, ORD_DUP, ORD_REORDER };
enum { LITTLE_AT_A_TIME = 8, ROOMY_AT_A_TIME = 2 };
_Static_assert((sizeof(struct message) + MESSAGE_LITTLE) % 64 == 0, "a slot is whole lines");
_Static_assert((sizeof(struct message) + SUT_MSG_BYTES) % 64 == 0, "a slot is whole lines");

struct link *net_client_link(struct world *w, uint8_t from, uint8_t to)
{
    const uint32_t nodes = w->nnodes, clients = w->nclients;
    const uint32_t f = from - 1u, t = to - 1u, cf = f - CLIENT_BASE, ct = t - CLIENT_BASE;
    if (f < nodes && ct < clients)
        return net_links_of(w) + (nodes * (nodes + ct) + f);
    if (cf < clients && t < nodes)
        return net_links_of(w) + (nodes * (nodes + clients + cf) + t);
    return NULL;
}

void net_cut(struct world *w, uint8_t from, uint8_t to)
{
    struct link *l = net_link(w, from, to);
    if (l)
        l->cuts++;
}

void net_join(struct world *w, uint8_t from, uint8_t to)
{
    struct link *l = net_link(w, from, to);
    if (l && l->cuts)
        l->cuts--;
}

void net_heal(struct world *w, uint8_t from, uint8_t to)
{
    struct link *l = net_link(w, from, to);
    if (l)
        l->cuts = 0;
}

void net_heal_all(struct world *w)
{
    for (uint32_t i = 0; i < net_links(w); i++)
        net_links_of(w)[i].cuts = 0;
}

/* ---- message slots --------------------------------------------------------------------------- */

/* Some more slots of a size, free. */
static __attribute__((noinline)) void more_slots(struct world *w, bool roomy)
{
    const uint64_t size = sizeof(struct message) + (roomy ? SUT_MSG_BYTES : MESSAGE_LITTLE);
    const uint32_t n = roomy ? ROOMY_AT_A_TIME : LITTLE_AT_A_TIME;
    const uint64_t at = arena_take(&w->arena, n * size);
    for (uint32_t i = n; i--;) {
        struct message *m = arena_at(&w->arena, at + i * size);
        m->slot = (uint32_t)((at + i * size) / MESSAGE_UNIT);
        m->roomy = roomy;
        message_free(w, m);
    }
}

struct message *message_new(struct world *w, const struct msg_label *label, uint32_t room)
{
    const bool roomy = room > MESSAGE_LITTLE;
    if (!w->message_free[roomy])
        more_slots(w, roomy);
    const uint32_t slot = w->message_free[roomy];
    struct message *m = message_at(w, slot);
    w->message_free[roomy] = m->next;
    m->label = *label;
    memset(&m->wid, 0, sizeof *m - offsetof(struct message, wid));
    m->number = ++w->messages_made;
    m->slot = slot;
    m->roomy = roomy;
    return m;
}

/* A record of a message. Written in one go and inline, since two records in three are
 * of messages. */
static inline void tell(struct record *r, uint64_t at, enum record_kind kind,
                        const struct message *m, uint8_t node, uint8_t peer, uint8_t why)
{
    struct record told = {.at = at,
                          .kind = (uint8_t)kind,
                          .node = node,
                          .peer = peer,
                          .group = m->label.group,
                          .term = m->label.term,
                          .index = m->label.index};
    rec_set_type(&told, m->label.type);
    rec_set_flags(&told, m->label.flags);
    rec_set_message(&told, m->number);
    rec_set_log_term(&told, m->label.log_term);
    rec_set_commit(&told, m->label.commit);     /* or, in the same place, the term asked */
    if (label_elects(m->label.type)) {
        rec_set_try_boot(&told, (uint32_t)(m->label.try_id >> LABEL_TRY_BITS));
        rec_set_try(&told, (uint32_t)m->label.try_id);
    } else {
        rec_set_entries(&told, m->label.entries);
        rec_set_round(&told, (uint32_t)m->label.round);
    }
    if (kind == REC_DROP)
        rec_set_dropped(&told, why);
    else if (kind == REC_INJECT)
        rec_set_unsafe(&told, why);
    *r = told;
}

void message_as_record(const struct message *m, struct record *r)
{
    tell(r, 0, REC_SEND, m, m->label.from, m->label.to, 0);
}

void message_record(struct world *w, enum record_kind kind, const struct message *m, uint8_t node,
                    uint8_t peer, uint8_t why)
{
    w->message_told = m->slot;
    tell(record_slot(w), w->now, kind, m, node, peer, why);
    record_done(w);
}

/* ---- the way --------------------------------------------------------------------------------- */

void net_drop(struct world *w, struct message *m, enum drop_reason why)
{
    w->count.dropped++;
    message_record(w, REC_DROP, m, m->label.from, m->label.to, (uint8_t)why);
    if (w->arrivals.n)
        arrival_lost(w, m, why);
    message_free(w, m);
}

/* When a message that leaves now arrives: the line's capacity first, then the drawn delay, and
 * never before an earlier one unless this one is reordered. */
static inline uint64_t arrival(struct world *w, struct link *l, const struct message *m,
                               uint32_t actor)
{
    uint64_t leaves = w->now;
    if (l->bandwidth) {
        uint64_t size = MESSAGE_BYTES + m->label.bytes;
        leaves = (l->busy_until > leaves ? l->busy_until : leaves) +
                 size * 1000000000u / l->bandwidth;
        l->busy_until = leaves;
    }
    uint64_t at =
        leaves + l->lag + draw_range(w, STREAM_NET_DELAY, actor, &l->ordinal[ORD_DELAY],
                                     l->delay_min, l->delay_max);
    if (l->reorder_ppm && draw_chance(w, STREAM_NET_REORDER, actor, &l->ordinal[ORD_REORDER],
                                      l->reorder_ppm))
        return at + draw_range(w, STREAM_NET_REORDER, actor, &l->ordinal[ORD_REORDER], 0,
                               l->reorder_by);
    if (at < l->last_at)
        at = l->last_at;
    l->last_at = at;
    return at;
}

struct message *message_twin(struct world *w, const struct message *m)
{
    struct message *c = message_new(w, &m->label, m->roomy ? SUT_MSG_BYTES : MESSAGE_LITTLE);
    const uint64_t number = c->number;
    const uint32_t slot = c->slot;
    memcpy(c, m, sizeof *m + m->nbytes);
    c->number = number;
    c->slot = slot;
    c->next = 0;
    return c;
}

struct message *message_copy(struct world *w, const struct message *m)
{
    struct message *c = message_twin(w, m);
    message_record(w, REC_DUPLICATE, c, c->label.from, c->label.to, 0);
    return c;
}

static void duplicate(struct world *w, const struct message *m, struct link *l, uint32_t actor)
{
    const struct message *copy = message_copy(w, m);
    net_enters(w, l, m);
    world_schedule(w, arrival(w, l, copy, actor), EV_DELIVER, copy->slot);
}

/* net_travel; inline, since net_send comes here at once but for the few messages that a
 * rule meets. */
__attribute__((always_inline)) static inline uint64_t travel(struct world *w, struct message *m,
                                                             uint64_t later, uint64_t least)
{
    struct link *l = net_link(w, m->label.from, m->label.to);
    const uint32_t actor = ACTOR_LINK(m->label.from, m->label.to);
    if (!l || l->cuts) {
        net_drop(w, m, l ? DROP_CUT : DROP_GONE);
        return 0;
    }
    if (l->loss_ppm && draw_chance(w, STREAM_NET_LOSS, actor, &l->ordinal[ORD_LOSS], l->loss_ppm)) {
        net_drop(w, m, DROP_LOSS);
        return 0;
    }
    if (l->capacity && l->inflight >= l->capacity) {
        net_drop(w, m, DROP_CAPACITY);
        return 0;
    }
    net_enters(w, l, m);
    uint64_t at = arrival(w, l, m, actor) + later;
    if (at < least)
        at = l->last_at = least;
    world_schedule(w, at, EV_DELIVER, m->slot);
    if (l->dup_ppm && draw_chance(w, STREAM_NET_DUP, actor, &l->ordinal[ORD_DUP], l->dup_ppm))
        duplicate(w, m, l, actor);
    return at;
}

uint64_t net_travel(struct world *w, struct message *m, uint64_t later, uint64_t least)
{
    return travel(w, m, later, least);
}

void net_send(struct world *w, struct message *m)
{
    message_record(w, REC_SEND, m, m->label.from, m->label.to, 0);
    w->count.sent += !is_client(m->label.from) && !is_client(m->label.to);
    if (w->surgery && surgery_meets(w, m))
        return;
    if (w->unusual) {
        unusual_send(w, m);
        return;
    }
    travel(w, m, 0, 0);
}

void net_arrived(struct world *w, struct message *m)
{
    if (w->arrivals.n)
        arrival_told(w, m);
    message_free(w, m);
}

void net_deliver(struct world *w, struct message *m)
{
    struct link *l = net_link(w, m->label.from, m->label.to);
    if (l->inflight)
        net_leaves(w, l, m);
    if (l->cuts) {
        net_drop(w, m, DROP_CUT);
        return;
    }
    if (is_client(m->label.to)) {
        w->count.events++;
        w->count.delivered++;
        message_record(w, REC_DELIVER, m, m->label.to, m->label.from, 0);
        client_receive(w, m->label.to, m);
        net_arrived(w, m);
        return;
    }
    host_receive(w, m->label.to, m);
}
