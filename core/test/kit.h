/* SPDX-License-Identifier: MIT */
/*
 * One node under test.
 *
 * Method: go() is the only way in. After each step it demands what holds for every step: the core's
 * invariants, and after a refusal a state that is the same to the byte and effects that are empty.
 * The rest are short hands for events and for finding effects.
 */
#ifndef CORE_TEST_KIT_H
#define CORE_TEST_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../state.h"

#define MS(n) RAFT_MS(n)

enum { KIT_TERMS = 256 };     /* option log-terms of a node under test */

struct node {
    struct raft r;
    struct raft_log_run runs[KIT_TERMS];    /* the core's, right behind struct raft */
    struct raft_effects fx;
    uint64_t now;            /* the local clock of the next event */
};

static inline struct raft_boot boot_of(uint8_t id, uint32_t voters)
{
    struct raft_boot boot = {.id = id, .incarnation = 1, .voters = ((uint32_t)1 << voters) - 1,
                             .seed = 7};
    raft_options_default(&boot.options);
    boot.options.log_terms = KIT_TERMS;
    return boot;
}

_Static_assert(offsetof(struct node, runs) == sizeof(struct raft), "the runs lie behind the state");

/* The state alone. */
static inline void clone_state(struct node *to, const struct node *from)
{
    memcpy(to, from, offsetof(struct node, fx));
}

static inline void start(struct node *n, const struct raft_boot *boot)
{
    n->now = boot->now;
    assert_int_equal(raft_init(&n->r, boot), RAFT_OK);
    assert_int_equal(raft_check(&n->r, NULL), 0);
}

static inline int go(struct node *n, struct raft_event ev)
{
    static struct node before;
    clone_state(&before, n);
    ev.now = n->now;
    int rv = raft_step(&n->r, &ev, &n->fx);
    const char *why;
    if (raft_check(&n->r, &why) != 0) fail_msg("invariant broken: %s", why);
    assert_int_equal(n->fx.delta.term, n->r.term);
    assert_int_equal(n->fx.delta.leader, n->r.leader);
    if (rv == RAFT_OK) return rv;
    assert_memory_equal(&before, n, offsetof(struct node, fx));
    assert_int_equal(n->fx.nmsgs + n->fx.nreads + n->fx.nnotes, 0);
    assert_int_equal(n->fx.write.wid, 0);
    assert_int_equal(n->fx.delta.changed, 0);
    return rv;
}

static inline int tick(struct node *n) { return go(n, (struct raft_event){.type = RAFT_EV_TIME}); }

/* Lets the clock run to the deadline. */
static inline int expire(struct node *n)
{
    uint64_t due = raft_deadline(&n->r);
    assert_true(due != RAFT_NEVER);
    if (due > n->now) n->now = due;
    return tick(n);
}

/* What a TIME event at this local clock does to a copy of the node: 1 it changes something, 0 it
 * only moves the clock, -1 it is refused. */
static inline int time_changes(const struct node *n, uint64_t local)
{
    static struct node acts, waits;
    struct raft_event ev = {.type = RAFT_EV_TIME, .now = local};
    clone_state(&acts, n);
    clone_state(&waits, n);
    if (waits.r.role != RAFT_HALTED) waits.r.now = local + waits.r.skew;
    if (raft_step(&acts.r, &ev, &acts.fx) != RAFT_OK) return -1;
    return acts.fx.nmsgs + acts.fx.nnotes > 0 || acts.fx.write.wid != 0 ||
           raft_hash(&acts.r) != raft_hash(&waits.r);
}

/* The deadline is exact: just before it a TIME event changes nothing, at it something. (Not asked
 * of a clock that stands before what the node has seen, or that ends soon.) */
static inline void deadline_is_exact(const struct node *n)
{
    uint64_t due = raft_deadline(&n->r), own = n->now + n->r.skew;
    if (own < n->now || own < n->r.now || own > UINT64_MAX / 2) return;
    if (due > n->now) {
        uint64_t last = due == RAFT_NEVER ? n->now + MS(10000000) : due - 1;
        if (time_changes(n, n->now) > 0 || time_changes(n, last) > 0)
            fail_msg("role %d acts before its deadline", n->r.role);
    }
    if (due < UINT64_MAX / 2 && time_changes(n, due > n->now ? due : n->now) == 0)
        fail_msg("role %d does nothing at its deadline", n->r.role);
}

static inline int recv_msg(struct node *n, struct raft_msg m)
{
    m.to = n->r.id;
    return go(n, (struct raft_event){.type = RAFT_EV_RECV, .recv.msg = &m});
}

static inline int write_done(struct node *n, uint64_t wid)
{
    return go(n, (struct raft_event){.type = RAFT_EV_WRITE_DONE, .write.wid = wid});
}

static inline void all_written(struct node *n)
{
    if (n->r.wid_last > n->r.wid_done) assert_int_equal(write_done(n, n->r.wid_last), RAFT_OK);
}

static inline int propose_sized(struct node *n, uint32_t count, uint32_t size)
{
    static struct raft_entry_info entries[RAFT_PROPOSE_MAX];
    for (uint32_t i = 0; i < RAFT_PROPOSE_MAX; i++)
        entries[i] = (struct raft_entry_info){.size = size};
    return go(n, (struct raft_event){.type = RAFT_EV_PROPOSE,
                                     .propose = {.entries = entries, .n = count}});
}

static inline int propose(struct node *n, uint32_t count) { return propose_sized(n, count, 10); }

static inline int read_at(struct node *n, uint64_t id)
{
    return go(n, (struct raft_event){.type = RAFT_EV_READ, .read.id = id});
}

/* The i-th message of this type to this node (0: any) in the last step; NULL where there
 * is none. */
static inline const struct raft_msg_out *nth_sent(const struct node *n, int type, uint8_t to,
                                                  uint32_t i)
{
    for (uint32_t k = 0; k < n->fx.nmsgs; k++) {
        const struct raft_msg_out *out = &n->fx.msgs[k];
        if (out->msg.type == type && (to == 0 || out->msg.to == to) && i-- == 0) return out;
    }
    return NULL;
}

static inline uint32_t count_sent(const struct node *n, int type, uint8_t to)
{
    uint32_t i = 0;
    while (nth_sent(n, type, to, i) != NULL) i++;
    return i;
}

static inline const struct raft_msg *sent(const struct node *n, int type, uint8_t to)
{
    const struct raft_msg_out *out = nth_sent(n, type, to, 0);
    if (out == NULL) fail_msg("no %s to %d was sent", raft_msg_type_name(type), to);
    return &out->msg;
}

static inline uint64_t sent_wid(const struct node *n, int type, uint8_t to)
{
    const struct raft_msg_out *out = nth_sent(n, type, to, 0);
    if (out == NULL) fail_msg("no %s to %d was sent", raft_msg_type_name(type), to);
    return out->wid;
}

static inline bool noted(const struct node *n, int kind)
{
    for (uint32_t i = 0; i < n->fx.nnotes; i++) {
        if (n->fx.notes[i].kind == kind) return true;
    }
    return false;
}

/* An answer to what the node asks, or last asked, as it stands for election. */
static inline struct raft_msg reply_of(const struct node *n, int type, uint8_t from, uint64_t term,
                                       bool reject)
{
    return (struct raft_msg){.type = (uint8_t)type, .from = from, .term = term,
                             .flags = reject ? RAFT_FLAG_REJECT : 0, .try_id = n->r.try_id,
                             .asked = reject ? n->r.term + (type == RAFT_MSG_PREVOTE_REPLY) : term};
}

/* Through pre-vote and vote to leadership, its own no-op (if any) durable. */
static inline void elect(struct node *n)
{
    while (n->r.role != RAFT_PRECANDIDATE && n->r.role != RAFT_CANDIDATE)
        assert_int_equal(expire(n), RAFT_OK);
    for (uint32_t i = 0; i < n->r.npeers && n->r.role == RAFT_PRECANDIDATE; i++) {
        recv_msg(n, reply_of(n, RAFT_MSG_PREVOTE_REPLY, n->r.peers[i], n->r.term + 1, false));
    }
    assert_int_equal(n->r.role, RAFT_CANDIDATE);
    all_written(n);
    for (uint32_t i = 0; i < n->r.npeers && n->r.role == RAFT_CANDIDATE; i++) {
        recv_msg(n, reply_of(n, RAFT_MSG_VOTE_REPLY, n->r.peers[i], n->r.term, false));
    }
    assert_int_equal(n->r.role, RAFT_LEADER);
}

static inline int ack(struct node *n, uint8_t from, uint64_t index)
{
    return recv_msg(n, (struct raft_msg){.type = RAFT_MSG_APPEND_REPLY, .from = from,
                                         .term = n->r.term, .asked = n->r.term,
                                         .index = index, .round = n->r.round});
}

static inline int beat_reply(struct node *n, uint8_t from, uint64_t round)
{
    struct raft_msg m = {.type = RAFT_MSG_HEARTBEAT_REPLY, .from = from, .term = n->r.term,
                         .asked = n->r.term, .round = round};
    return recv_msg(n, m);
}

static inline int beat(struct node *n, uint8_t from, uint64_t term, uint64_t commit)
{
    struct raft_msg m = {.type = RAFT_MSG_HEARTBEAT, .from = from, .term = term, .commit = commit,
                         .round = 1};
    return recv_msg(n, m);
}

/* An append of n entries of one term. */
static inline struct raft_msg append_of(uint8_t from, uint64_t term, uint64_t index,
                                        uint64_t log_term, uint64_t run_term, uint32_t n)
{
    struct raft_msg m = {.type = RAFT_MSG_APPEND, .from = from, .term = term, .index = index,
                         .log_term = log_term};
    m.n = n;
    if (n > 0) {
        m.nruns = 1;
        m.runs[0] = (struct raft_run){.term = run_term, .n = n};
    }
    return m;
}

#endif
