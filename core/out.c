/* SPDX-License-Identifier: MIT */
/*
 * The way out of a step: messages, notes, the write, and the delta.
 *
 * Method: a step makes at most one write. It gets its number when its first part appears, so that
 * messages of the same step can name it; its contents are completed when the step ends.
 * write_index[] holds, for each pending write, the last index that is durable when that write and
 * every earlier one is. The values never fall from one write to the next: each was the last index
 * of its time, and a cut lowers all earlier ones below itself.
 */
#include <assert.h>
#include <string.h>

#include "state.h"

void raft_note(struct turn *s, enum raft_note_kind kind, uint8_t peer, uint64_t a, uint64_t b)
{
    struct raft_effects *fx = s->fx;
    if (fx->nnotes == RAFT_OUT_NOTES) {
        fx->notes_lost++;
        return;
    }
    fx->notes[fx->nnotes++] = (struct raft_note){.kind = (uint8_t)kind, .peer = peer, .a = a,
                                                 .b = b};
}

/*
 * There is always room: a step sends at most one message for each waiting read (64), one
 * broadcast of heartbeats or vote requests (8), one of commits (8), and one answer; appends look at
 * the room first (raft_lead_flush).
 */
static struct raft_msg *message(struct turn *s, enum raft_msg_type type, uint8_t to, uint64_t term,
                                uint64_t wid)
{
    assert(s->fx->nmsgs < RAFT_OUT_MSGS);
    struct raft_msg_out *out = &s->fx->msgs[s->fx->nmsgs++];
    out->wid = wid;
    memset(&out->msg, 0, offsetof(struct raft_msg, runs));
    out->msg.type = (uint8_t)type;
    out->msg.from = s->r->id;
    out->msg.to = to;
    out->msg.group = s->r->group;
    out->msg.term = term;
    return &out->msg;
}

/* Of the node's own term, which others may adopt: so that term is durable when it leaves (D 3.8).
 * wid: what it waits for beside that; 0: nothing. */
struct raft_msg *raft_send(struct turn *s, enum raft_msg_type type, uint8_t to, uint64_t wid)
{
    return message(s, type, to, s->r->term, raft_max(wid, raft_wid_of_term(s->r)));
}

/* Of a term that its receiver never adopts: it promises nothing, and waits for nothing. */
struct raft_msg *raft_send_now(struct turn *s, enum raft_msg_type type, uint8_t to, uint64_t term)
{
    return message(s, type, to, term, 0);
}

static void write_open(struct turn *s)
{
    struct raft_write *w = &s->fx->write;
    if (w->wid != 0) return;
    assert(!raft_writes_full(s->r));   /* admit.c saw to it */
    w->wid = ++s->r->wid_last;
    w->cut_from = 0;
    w->first = 1;
    w->last = 0;
    s->r->write_index[w->wid % RAFT_WRITES_MAX] = (uint16_t)s->r->log.last;
}

/* Term or vote changed: they go to disk as one record (D 3.8). */
void raft_write_hard(struct turn *s)
{
    write_open(s);
    s->r->hard_wid = s->fx->write.wid;
}

/* Cuts the log. What a pending write made of the entries that fall is void: its completion must not
 * vouch for the entries that take their place. */
void raft_write_cut(struct turn *s, uint64_t from)
{
    struct raft *r = s->r;
    assert(from > r->commit);
    write_open(s);
    for (uint64_t wid = r->wid_last; wid > r->wid_done; wid--) {
        if (raft_write_index(r, wid) < from) break;
        r->write_index[wid % RAFT_WRITES_MAX] = (uint16_t)(from - 1);
    }
    r->stable = raft_min(r->stable, from - 1);
    raft_log_cut(&r->log, from);
    s->fx->write.cut_from = from;
    s->fx->delta.cut_from = from;
}

/* What the log, not whoever gave them, says of the terms of first..last: at most as many runs as a
 * message has. */
static void tell_terms(struct raft_delta *d, const struct raft_log *log, uint64_t first)
{
    const uint32_t from = raft_log_run_at(log, first);
    assert(log->nruns - from <= RAFT_MSG_RUNS_MAX);
    for (uint32_t i = from; i < log->nruns; i++) {
        const struct raft_log_run *run = &raft_log_runs(log)[i];
        d->runs[d->nruns++] = (struct raft_run){.term = run->term, .n = run->last - first + 1};
        first = run->last + 1;
    }
}

/* Entries first..last were just appended to the log in memory. */
void raft_write_appended(struct turn *s, uint64_t first, enum raft_origin origin)
{
    struct raft *r = s->r;
    assert(first <= r->log.last);
    write_open(s);
    r->write_index[r->wid_last % RAFT_WRITES_MAX] = (uint16_t)r->log.last;
    s->fx->write.first = first;
    s->fx->write.last = r->log.last;
    s->fx->delta.first = first;
    s->fx->delta.origin = (uint8_t)origin;
    tell_terms(&s->fx->delta, &r->log, first);
}

/* What a message of the node's term waits for; 0: term and vote are durable. */
uint64_t raft_wid_of_term(const struct raft *r)
{
    return r->hard_wid > r->wid_done ? r->hard_wid : 0;
}

/* What an acknowledgement of index waits for: the first write that covers it, and the term. */
uint64_t raft_wid_of_index(const struct raft *r, uint64_t index)
{
    uint64_t hard = raft_wid_of_term(r);
    if (index <= r->stable) return hard;
    uint64_t lo = r->wid_done + 1, hi = r->wid_last;
    assert(lo <= hi && raft_write_index(r, hi) >= index);
    if (lo < hi && raft_write_index(r, hi - 1) < index) lo = hi;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (raft_write_index(r, mid) < index) lo = mid + 1;
        else hi = mid;
    }
    return raft_max(lo, hard);
}

/* False: an unknown or repeated number. */
bool raft_write_done(struct raft *r, uint64_t wid)
{
    if (wid <= r->wid_done || wid > r->wid_last) return false;
    r->wid_done = wid;
    r->stable = raft_write_index(r, wid);
    assert(r->stable <= r->log.last);
    return true;
}

void raft_turn_begin(struct turn *s, struct raft *r, struct raft_effects *fx)
{
    s->r = r;
    s->fx = fx;
    s->term = r->term;
    s->commit = r->commit;
    s->lease_until = r->lease_until;
    s->role = r->role;
    s->leader = r->leader;
    s->vote = r->vote;
    s->news = 0;
    fx->nmsgs = fx->nreads = fx->nnotes = fx->notes_lost = 0;
    fx->write.wid = 0;
    fx->forward.to = RAFT_NONE;
    fx->forward.term = 0;
    fx->cancel_below = 0;
    fx->delta.cut_from = 0;
    fx->delta.first = 0;
    fx->delta.nruns = 0;
    fx->delta.origin = RAFT_FROM_NONE;
}

void raft_turn_end(struct turn *s)
{
    const struct raft *r = s->r;
    struct raft_delta *d = &s->fx->delta;
    if (s->fx->write.wid != 0) {
        s->fx->write.term = r->term;
        s->fx->write.vote = r->vote;
    }
    if (r->term != s->term) s->fx->cancel_below = r->term;
    uint32_t log = d->first != 0 || d->cut_from != 0 ? RAFT_CHANGED_LOG : 0;
    if (d->first == 0) d->first = r->log.last + 1;
    d->role = r->role;
    d->leader = r->leader;
    d->vote = r->vote;
    d->term = r->term;
    d->commit = r->commit;
    d->last = r->log.last;
    d->lease_until = r->lease_until == 0 ? 0 : raft_local(r, r->lease_until);
    d->changed = log | (r->term != s->term ? RAFT_CHANGED_TERM : 0u) |
                 (r->vote != s->vote ? RAFT_CHANGED_VOTE : 0u) |
                 (r->role != s->role ? RAFT_CHANGED_ROLE : 0u) |
                 (r->leader != s->leader ? RAFT_CHANGED_LEADER : 0u) |
                 (r->commit != s->commit ? RAFT_CHANGED_COMMIT : 0u) |
                 (r->lease_until != s->lease_until ? RAFT_CHANGED_LEASE : 0u);
}
