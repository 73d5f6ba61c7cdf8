/* SPDX-License-Identifier: MIT */
/*
 * Method: a message that waits for a write stands in its node's list, ordered by write, until that
 * write and every earlier one is durable, and then it leaves; or until the SUT cancels it. Nobody
 * else takes it away but a crash, and a write that fails, after which none of them can ever leave.
 * As a message is handed over it is held against what the disk was asked for, durable or not: what
 * a promise rests on must be among that. Whether it leaves too early is not for this room to say.
 */
#include "host.h"

/* Everything that a positive promise rests on was asked of the disk. */
static bool was_asked(const struct world *w, uint8_t node, const struct msg_label *l,
                      const struct image *asked)
{
    const uint32_t head = w->node[node].head;
    if (l->type == MSG_VOTE_REPLY)
        return asked->term == l->term && asked->vote == l->to;
    if (asked->term < l->term)
        return false;
    return l->type != MSG_APPEND_REPLY || asked->head == head ||
           store_at(w, asked->head, l->index) == store_at(w, head, l->index);
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

void host_hand_over(struct world *w, uint8_t node, struct message *m)
{
    const struct msg_label *l = &m->label;
    const bool promises = msg_rows[l->type].promises && !(l->flags & LABEL_REJECT);
    if (m->wid || promises) {
        uint64_t latest;
        const struct image *asked = storage_asked(w, node, &latest);
        if (m->wid > latest)
            host_breach(w, node, BREACH_PROMISE_NUMBER, l->to, m->wid, latest, l->type);
        else if (promises && !was_asked(w, node, l, asked))
            host_breach(w, node, BREACH_PROMISE_UNASKED, l->to, l->term, l->index, l->type);
    }
    if (m->wid > storage_durable(w, node))
        hold(w, node, m);
    else
        net_send(w, m);
}

void host_release(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    while (n->held) {
        struct message *m = message_at(w, n->held);
        if (m->wid > storage_durable(w, node))
            return;
        n->held = m->next;
        if (!n->held)
            n->held_last = 0;
        if (m->label.term < n->term)
            host_breach(w, node, BREACH_PROMISE_LATE, m->label.to, m->label.term, n->term,
                        m->label.type);
        net_send(w, m);
    }
}

void host_cancel(struct world *w, uint8_t node, uint64_t below)
{
    struct node *n = &w->node[node];
    uint32_t *link = &n->held, last = 0;
    while (*link) {
        uint32_t slot = *link;
        struct message *m = message_at(w, slot);
        if (m->label.term < below) {
            *link = m->next;
            net_drop(w, m, DROP_STALE_PROMISE);
        } else {
            last = slot;
            link = &m->next;
        }
    }
    n->held_last = last;
}
