/* SPDX-License-Identifier: MIT */
/* Tests of the rules: a judged world that stands still, records made by hand, and what the judge
 * said of them. */
#ifndef WT_TEST_CHECK_H
#define WT_TEST_CHECK_H

#include "tank.h"

#include <string.h>

#include "../check/check.h"

static struct world *w;
enum { c1 = CLIENT_BASE + 1, c2 = CLIENT_BASE + 2 };

static inline void judge_call(struct world *of, uint32_t arg)
{
    (void)of;
    (void)arg;
}

static const struct watch judged = {.fault_name = tank_fault_name, .occasion_name = tank_fault_name,
                                    .record = judge_hooks, .call = judge_call};

/* ---- records --------------------------------------------------------------------------------- */

static inline uint64_t done(void)
{
    record_done(w);
    w->now += MS(1);
    return w->records;
}

static inline uint64_t boot(uint8_t n, uint64_t term, uint8_t vote, uint32_t head)
{
    struct record *r = record_new(w, REC_BOOT, n);
    r->term = term;
    rec_set_vote(r, vote);
    rec_set_entry(r, head);
    r->index = store_index(w, head);
    return done();
}

static inline uint64_t crash(uint8_t n)
{
    record_new(w, REC_CRASH, n);
    return done();
}

static inline uint64_t term(uint8_t n, uint64_t t, uint8_t vote)
{
    struct record *r = record_new(w, REC_TERM, n);
    r->term = t;
    rec_set_vote(r, vote);
    return done();
}

static inline uint64_t role(uint8_t n, uint8_t role_now, uint64_t t, uint32_t head)
{
    struct record *r = record_new(w, REC_ROLE, n);
    rec_set_role(r, role_now);
    rec_set_leader(r, role_now == SUT_LEADER ? n : 0);
    r->term = t;
    rec_set_entry(r, head);
    r->index = store_index(w, head);
    return done();
}

static inline uint64_t write_of(enum record_kind kind, uint8_t n, uint64_t wid, uint64_t t,
                                uint8_t vote, uint32_t head, uint64_t cut)
{
    struct record *r = record_new(w, kind, n);
    rec_set_wid(r, wid);
    r->term = t;
    rec_set_vote(r, vote);
    rec_set_head(r, head);
    r->index = store_index(w, head);
    rec_set_cut_from(r, cut);
    return done();
}

static inline uint64_t durable(uint8_t n, uint64_t t, uint8_t vote, uint32_t head)
{
    return write_of(REC_DURABLE, n, 0, t, vote, head, 0);
}

static inline uint64_t append(uint8_t n, uint32_t entry, uint8_t role_now)
{
    struct record *r = record_new(w, REC_APPEND, n);
    r->index = store_index(w, entry);
    r->term = store_term(w, entry);
    rec_set_entry(r, entry);
    rec_set_parent(r, store_parent(w, entry));
    rec_set_creator(r, store_run(w, entry)->creator);
    rec_set_role(r, role_now);
    return done();
}

static inline uint64_t cut(uint8_t n, uint64_t from, uint8_t role_now)
{
    struct record *r = record_new(w, REC_CUT, n);
    r->index = from;
    rec_set_role(r, role_now);
    return done();
}

static inline uint64_t commit(uint8_t n, uint32_t entry, uint64_t t, uint8_t role_now)
{
    struct record *r = record_new(w, REC_COMMIT, n);
    r->index = store_index(w, entry);
    rec_set_entry(r, entry);
    r->term = t;
    rec_set_role(r, role_now);
    return done();
}

static inline uint64_t apply_at(uint8_t n, uint32_t entry, uint64_t index, uint64_t hash)
{
    struct record *r = record_new(w, REC_APPLY, n);
    r->index = index;
    rec_set_entry(r, entry);
    r->term = store_term(w, entry);
    rec_set_state_hash(r, hash);
    rec_set_outcome(r, OUT_OK);
    return done();
}

static inline uint64_t apply(uint8_t n, uint32_t entry)
{
    return apply_at(n, entry, store_index(w, entry), store_index(w, entry) * 7);
}

static inline uint64_t message(uint8_t from, uint8_t to, uint8_t type, uint64_t t, uint64_t index)
{
    struct record *r = record_new(w, REC_SEND, from);
    r->peer = to;
    rec_set_type(r, type);
    r->term = t;
    r->index = index;
    return done();
}

/* A message arrives, or leaves, that belongs to a try of its candidate. */
static inline uint64_t of_try(enum record_kind kind, uint8_t node, uint8_t peer, uint8_t type,
                              uint64_t t, uint32_t try)
{
    struct record *r = record_new(w, kind, node);
    r->peer = peer;
    rec_set_type(r, type);
    r->term = t;
    rec_set_try_boot(r, 1);
    rec_set_try(r, try);
    return done();
}

/* A scenario makes up a message that no correct node could have sent. */
static inline uint64_t mislead(uint8_t to, uint8_t from, uint8_t type, uint64_t t)
{
    struct record *r = record_new(w, REC_INJECT, from);
    r->peer = to;
    rec_set_type(r, type);
    r->term = t;
    rec_set_unsafe(r, true);
    return done();
}

static inline uint64_t lease(uint8_t n, uint64_t t, uint64_t until)
{
    struct record *r = record_new(w, REC_LEASE, n);
    r->term = t;
    rec_set_until_local(r, until);
    return done();
}

static inline uint64_t invoke(uint8_t client, uint32_t op, uint8_t verb)
{
    struct record *r = record_new(w, REC_INVOKE, client);
    rec_set_op(r, op);
    rec_set_verb(r, verb);
    return done();
}

static inline uint64_t answer(uint8_t client, uint32_t op, uint8_t outcome, uint64_t index)
{
    struct record *r = record_new(w, REC_RETURN, client);
    rec_set_op(r, op);
    rec_set_outcome(r, outcome);
    r->index = index;
    return done();
}

static inline uint64_t read_at(uint8_t n, uint32_t op, uint64_t index, uint8_t path)
{
    struct record *r = record_new(w, REC_READ, n);
    rec_set_op(r, op);
    r->index = index;
    rec_set_path(r, path);
    return done();
}

/* By the lease of `lender`, as the records have it; 0: nobody's. */
static inline uint64_t read_under(uint8_t lender, uint8_t n, uint32_t op, uint64_t index)
{
    struct record *r = record_new(w, REC_READ, n);
    rec_set_op(r, op);
    r->index = index;
    r->peer = lender;
    rec_set_path(r, READ_PATH_LEASE);
    return done();
}

/* Of its system under test. */
static inline void set_option(uint8_t n, const char *name, uint64_t value)
{
    const struct option_row *row = w->sut->options;
    while (strcmp(row->name, name) != 0)
        row++;
    memcpy((char *)tank_plan.sut_options[n] + row->offset, &value, sizeof value);
}

/* ---- a small cluster ------------------------------------------------------------------------- */

static inline void open_with(uint8_t nodes)
{
    tank_prepare(nodes, 2);
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1,
                   true);
    judge_start(w);
    world_configure(w);
    /* these histories pass over what sets nodes off, what they answer and what leases stand on;
     * test_check_stability.c, test_check_flow.c and test_check_leases.c have others */
    judge_disable(w, CHECK_stability);
    judge_disable(w, CHECK_flow);
    judge_disable(w, CHECK_lease_basis);
    for (uint8_t n = 1; n <= nodes; n++)
        boot(n, 0, 0, 0);
}

static inline int open_three(void **state)
{
    (void)state;
    open_with(3);
    return 0;
}

static inline int close_it(void **state)
{
    (void)state;
    tank_close(w);
    return 0;
}

static inline uint32_t make(uint8_t creator, uint32_t parent, uint64_t t, uint32_t op)
{
    struct entry asks = {.verb = op ? OP_WRITE : OP_NONE, .op = op, .client = op ? c1 : 0,
                         .a = VALUE_NUMBER(op)};
    return store_create(w, creator, 0, parent, t, 0, 0, &asks);
}

/* Node n stands in a term, its own vote durable; `head` stands on its disk. */
static inline void stand(uint8_t n, uint64_t t, uint32_t head)
{
    term(n, t, n);
    role(n, SUT_CANDIDATE, t, head);
    durable(n, t, n, head);
    struct record *r = record_new(w, REC_SEND, n);
    r->peer = n % 2 + 1;
    rec_set_type(r, MSG_VOTE);
    r->term = t;
    r->index = store_index(w, head);
    rec_set_log_term(r, store_term(w, head));
    rec_set_try_boot(r, 1);
    rec_set_try(r, 1);
    done();
}

/* The voter votes for node n in its first try, durable first, and its grant arrives. */
static inline uint64_t grant(uint8_t voter, uint8_t n, uint64_t t, uint32_t head)
{
    term(voter, t, n);
    durable(voter, t, n, head);
    of_try(REC_SEND, voter, n, MSG_VOTE_REPLY, t, 1);
    return of_try(REC_DELIVER, n, voter, MSG_VOTE_REPLY, t, 1);
}

/* Node n is elected by itself and `voter`, everything durable first. `head` stands on n's disk,
 * `voters` on the voter's. */
static inline uint64_t elect(uint8_t n, uint8_t voter, uint64_t t, uint32_t head, uint32_t voters)
{
    stand(n, t, head);
    grant(voter, n, t, voters);
    return role(n, SUT_LEADER, t, head);
}

/* The entry is appended and durable at a node, and acknowledged to the leader (0: it leads). */
static inline void store_at_node(uint8_t n, uint32_t entry, uint64_t t, uint8_t vote,
                                 uint8_t leader)
{
    append(n, entry, leader ? SUT_FOLLOWER : SUT_LEADER);
    durable(n, t, vote, entry);
    if (leader)
        message(n, leader, MSG_APPEND_REPLY, t, store_index(w, entry));
}

static inline uint32_t violations(void)
{
    const struct violation *v;
    return judge_violations(w, &v);
}

static inline struct check_tally counted(const char *name)
{
    struct check_tally all[CHECKS];
    judge_tallies(w, all);
    return all[check_by_name(name, strlen(name))];
}
static inline uint64_t excused(const char *name) { return counted(name).excused; }
static inline uint64_t judged_by(const char *name) { return counted(name).judged; }

static inline const struct violation *fired(const char *name)
{
    const struct violation *v;
    uint32_t n = judge_violations(w, &v);
    int check = check_by_name(name, strlen(name));
    assert_true(check >= 0);
    for (uint32_t i = 0; i < n; i++)
        if (v[i].check == check)
            return &v[i];
    return NULL;
}

static inline void expect(const char *name, uint64_t first, uint64_t second)
{
    const struct violation *v = fired(name);
    assert_non_null(v);
    assert_int_equal(v->first, first);
    assert_int_equal(v->second, second);
    assert_true(v->detail[0]);
    assert_int_equal(w->stop, STOP_VIOLATION);
}

#define SILENT() assert_int_equal(violations(), 0)

/* Term 1: n1 leads, e1 (no-op) and e2 (op 1) are committed everywhere but on n3, which has them in
 * memory only. */
static uint32_t e1, e2;
static uint64_t won_1, committed_2;
static inline void one_term(void)
{
    won_1 = elect(1, 2, 1, 0, 0);
    term(3, 1, 0);
    e1 = make(1, 0, 1, 0);
    invoke(c1, 1, OP_WRITE);
    e2 = make(1, e1, 1, 1);
    store_at_node(1, e1, 1, 1, 0);
    store_at_node(2, e1, 1, 1, 1);
    commit(1, e1, 1, SUT_LEADER);
    store_at_node(1, e2, 1, 1, 0);
    store_at_node(2, e2, 1, 1, 1);
    append(3, e1, SUT_FOLLOWER);
    append(3, e2, SUT_FOLLOWER);
    committed_2 = commit(1, e2, 1, SUT_LEADER);
    apply(1, e1);
    apply(1, e2);
    commit(2, e2, 1, SUT_FOLLOWER);
    apply(2, e1);
    apply(2, e2);
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, open_three, close_it)

#endif
