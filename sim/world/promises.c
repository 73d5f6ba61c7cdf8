/* SPDX-License-Identifier: MIT */
/*
 * Method: a message that waits for a write stands in its process's list, ordered by the number that
 * this write has in the journal, until it and every earlier one is durable, and then it leaves; or
 * until the SUT cancels it. Nobody
 * else takes it away but a crash, and a write that fails, after which none of them can ever leave.
 * As a message is handed over it is held against what the disk was asked for, durable or not: what
 * a promise rests on must be among that. Whether it leaves too early is not for this room to say.
 */
#include "host.h"

/* Everything that a positive promise rests on was asked of the disk. */
static bool was_asked(const struct world *w, const struct replica *rep, const struct msg_label *l,
                      const struct image *asked)
{
    const uint32_t head = rep->head;
    if (l->type == MSG_VOTE_REPLY)
        return asked->term == l->term && asked->vote == l->to;
    if (asked->term < l->term)
        return false;
    return l->type != MSG_APPEND_REPLY || asked->head == head ||
           store_at(w, asked->head, l->index) == store_at(w, head, l->index);
}

/* Keeps a message until its write is durable. */
static void hold(struct world *w, struct process *proc, struct message *m)
{
    struct message *last = proc->held_last ? message_at(w, proc->held_last) : NULL;
    if (!last || last->wid <= m->wid) {
        *(last ? &last->next : &proc->held) = m->slot;
        proc->held_last = m->slot;
        return;
    }
    uint32_t *link = &proc->held;
    for (;;) {
        struct message *at = message_at(w, *link);
        if (at->wid > m->wid)
            break;
        link = &at->next;
    }
    m->next = *link;
    *link = m->slot;
}

void host_hand_over(struct world *w, const struct replica *rep, struct message *m)
{
    const struct msg_label *l = &m->label;
    const bool promises = msg_rows[l->type].promises && !(l->flags & LABEL_REJECT);
    if (m->wid || promises) {
        uint64_t latest;
        const struct image *asked = storage_asked(w, rep, &latest);
        if (m->wid > latest)
            host_breach(w, rep, BREACH_PROMISE_NUMBER, l->to, m->wid, latest, l->type);
        else if (promises && !was_asked(w, rep, l, asked))
            host_breach(w, rep, BREACH_PROMISE_UNASKED, l->to, l->term, l->index, l->type);
    }
    const uint64_t number = m->wid ? storage_number(w, rep, m->wid) : 0;
    if (number == 0) {
        net_send(w, m);
        return;
    }
    m->wid = number;
    hold(w, &w->process[rep->node], m);
}

void host_release(struct world *w, uint8_t node)
{
    struct process *proc = &w->process[node];
    while (proc->held) {
        struct message *m = message_at(w, proc->held);
        if (m->wid > storage_durable(w, node))
            return;
        proc->held = m->next;
        if (!proc->held)
            proc->held_last = 0;
        struct replica *rep = replica_of(w, node, m->label.group);
        if (m->label.term < rep->term)
            host_breach(w, rep, BREACH_PROMISE_LATE, m->label.to, m->label.term, rep->term,
                        m->label.type);
        net_send(w, m);
    }
}

void host_cancel(struct world *w, const struct replica *rep, uint64_t below)
{
    struct process *proc = &w->process[rep->node];
    uint32_t *link = &proc->held, last = 0;
    while (*link) {
        uint32_t slot = *link;
        struct message *m = message_at(w, slot);
        if (m->label.group == rep->group && m->label.term < below) {
            *link = m->next;
            net_drop(w, m, DROP_STALE_PROMISE);
        } else {
            last = slot;
            link = &m->next;
        }
    }
    proc->held_last = last;
}
