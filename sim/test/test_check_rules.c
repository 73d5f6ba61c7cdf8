/* SPDX-License-Identifier: MIT */
/* Every rule on sequences of records made by hand: silent on the sound ones, and firing, with the right two records, on the others. */
#include "tank.h"

#include <string.h>

#include "../check/check.h"

static struct world *w;
static uint8_t c1 = CLIENT_BASE + 1, c2 = CLIENT_BASE + 2;

static void judge_call(struct world *of, uint32_t arg)
{
    (void)of;
    (void)arg;
}

static const struct watch judged = {.record = judge_record, .call = judge_call};

/* ---- records ---------------------------------------------------------------------------------------------------------- */

static uint64_t done(void)
{
    record_done(w);
    w->now += MS(1);
    return w->records;
}

static uint64_t boot(uint8_t n, uint64_t term, uint8_t vote, uint32_t head)
{
    struct record *r = record_new(w, REC_BOOT, n);
    r->term = term;
    r->a = vote;
    r->ref = head;
    r->index = store_index(w, head);
    return done();
}

static uint64_t crash(uint8_t n)
{
    record_new(w, REC_CRASH, n);
    return done();
}

static uint64_t term(uint8_t n, uint64_t t, uint8_t vote)
{
    struct record *r = record_new(w, REC_TERM, n);
    r->term = t;
    r->a = vote;
    return done();
}

static uint64_t role(uint8_t n, uint8_t role_now, uint64_t t, uint32_t head)
{
    struct record *r = record_new(w, REC_ROLE, n);
    r->sub = role_now;
    r->peer = role_now == SUT_LEADER ? n : 0;
    r->term = t;
    r->ref = head;
    r->index = store_index(w, head);
    return done();
}

static uint64_t write_of(enum record_kind kind, uint8_t n, uint64_t wid, uint64_t t, uint8_t vote, uint32_t head, uint64_t cut)
{
    struct record *r = record_new(w, kind, n);
    r->ref = wid;
    r->term = t;
    r->a = vote;
    r->b = head;
    r->index = store_index(w, head);
    r->c = cut;
    return done();
}

static uint64_t durable(uint8_t n, uint64_t t, uint8_t vote, uint32_t head) { return write_of(REC_DURABLE, n, 0, t, vote, head, 0); }

static uint64_t append(uint8_t n, uint32_t entry, uint8_t role_now)
{
    const struct entry *e = store_entry(w, entry);
    struct record *r = record_new(w, REC_APPEND, n);
    r->index = e->index;
    r->term = e->term;
    r->ref = entry;
    r->a = e->parent;
    r->c = e->creator;
    r->sub = role_now;
    return done();
}

static uint64_t cut(uint8_t n, uint64_t from, uint8_t role_now)
{
    struct record *r = record_new(w, REC_CUT, n);
    r->index = from;
    r->sub = role_now;
    return done();
}

static uint64_t commit(uint8_t n, uint32_t entry, uint64_t t, uint8_t role_now)
{
    struct record *r = record_new(w, REC_COMMIT, n);
    r->index = store_index(w, entry);
    r->ref = entry;
    r->term = t;
    r->sub = role_now;
    return done();
}

static uint64_t apply_at(uint8_t n, uint32_t entry, uint64_t index, uint64_t hash)
{
    struct record *r = record_new(w, REC_APPLY, n);
    r->index = index;
    r->ref = entry;
    r->term = store_term(w, entry);
    r->b = hash;
    r->sub = OUT_OK;
    return done();
}

static uint64_t apply(uint8_t n, uint32_t entry) { return apply_at(n, entry, store_index(w, entry), store_index(w, entry) * 7); }

static uint64_t message(uint8_t from, uint8_t to, uint8_t type, uint64_t t, uint64_t index)
{
    struct record *r = record_new(w, REC_SEND, from);
    r->peer = to;
    r->sub = type;
    r->term = t;
    r->index = index;
    return done();
}

static uint64_t lease(uint8_t n, uint64_t t, uint64_t until)
{
    struct record *r = record_new(w, REC_LEASE, n);
    r->term = t;
    r->a = until;
    return done();
}

static uint64_t invoke(uint8_t client, uint32_t op, uint8_t verb)
{
    struct record *r = record_new(w, REC_INVOKE, client);
    r->ref = op;
    r->sub = verb;
    return done();
}

static uint64_t answer(uint8_t client, uint32_t op, uint8_t outcome, uint64_t index)
{
    struct record *r = record_new(w, REC_RETURN, client);
    r->ref = op;
    r->sub = outcome;
    r->index = index;
    return done();
}

static uint64_t read_at(uint8_t n, uint32_t op, uint64_t index, uint8_t path)
{
    struct record *r = record_new(w, REC_READ, n);
    r->ref = op;
    r->index = index;
    r->sub = path;
    return done();
}

/* ---- a small cluster ---------------------------------------------------------------------------------------------------- */

static void open_with(uint8_t nodes)
{
    tank_prepare(nodes, 2);
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1, true);
    judge_start(w);
    for (uint8_t n = 1; n <= nodes; n++)
        boot(n, 0, 0, 0);
}

static int open_three(void **state)
{
    (void)state;
    open_with(3);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    tank_close(w);
    return 0;
}

static uint32_t make(uint8_t creator, uint32_t parent, uint64_t t, uint32_t op)
{
    struct command cmd = {.verb = op ? OP_WRITE : OP_NONE, .op = op, .client = op ? c1 : 0, .a = VALUE_NUMBER(op)};
    return store_create(w, creator, 0, parent, t, 0, 0, &cmd);
}

/* Node n is elected by itself and `voter`, everything durable first. `head` stands on n's disk, `voters` on the voter's. */
static uint64_t elect(uint8_t n, uint8_t voter, uint64_t t, uint32_t head, uint32_t voters)
{
    term(n, t, n);
    role(n, SUT_CANDIDATE, t, head);
    durable(n, t, n, head);
    term(voter, t, n);
    durable(voter, t, n, voters);
    message(voter, n, MSG_VOTE_REPLY, t, 0);
    return role(n, SUT_LEADER, t, head);
}

/* The entry is appended and durable at a node, and acknowledged to the leader (0: it leads). */
static void store_at_node(uint8_t n, uint32_t entry, uint64_t t, uint8_t vote, uint8_t leader)
{
    append(n, entry, leader ? SUT_FOLLOWER : SUT_LEADER);
    durable(n, t, vote, entry);
    if (leader)
        message(n, leader, MSG_APPEND_REPLY, t, store_index(w, entry));
}

static uint32_t violations(void)
{
    const struct violation *v;
    return judge_violations(w, &v);
}

static const struct violation *fired(const char *name)
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

static void expect(const char *name, uint64_t first, uint64_t second)
{
    const struct violation *v = fired(name);
    assert_non_null(v);
    assert_int_equal(v->first, first);
    assert_int_equal(v->second, second);
    assert_true(v->detail[0]);
    assert_int_equal(w->stop, STOP_VIOLATION);
}

#define SILENT() assert_int_equal(violations(), 0)

/* Term 1: n1 leads, e1 (no-op) and e2 (op 1) are committed everywhere but on n3, which has them in memory only. */
static uint32_t e1, e2;
static uint64_t won_1, committed_2;
static void one_term(void)
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

/* ---- the rules ---------------------------------------------------------------------------------------------------------------- */

static void a_sound_run_breaks_nothing(void **state)
{
    (void)state;
    one_term();
    answer(c1, 1, OUT_OK, 2);
    invoke(c2, 2, OP_READ);
    read_at(1, 2, 2, READ_PATH_INDEX);
    answer(c2, 2, OUT_OK, 2);
    crash(1);
    boot(1, 1, 1, e2);
    elect(2, 1, 2, e2, e2);
    uint32_t e3 = make(2, e2, 2, 0);
    store_at_node(2, e3, 2, 2, 0);
    term(1, 2, 2);
    store_at_node(1, e3, 2, 2, 2);
    commit(2, e3, 2, SUT_LEADER);
    apply(2, e3);
    apply(1, e1);                                        /* a new life begins at index 1 */
    SILENT();
    judge_finish(w);
    SILENT();
    assert_int_equal(w->stop, STOP_NONE);
}

static void election_safety(void **state)
{
    (void)state;
    one_term();
    expect("election-safety", won_1, role(3, SUT_LEADER, 1, e2));
}

static void election_safety_of_one_who_comes_back(void **state)
{
    (void)state;
    one_term();
    role(1, SUT_LEADER, 1, e2);                          /* told again: nothing new */
    SILENT();
    crash(1);
    boot(1, 1, 1, e2);
    uint64_t second = role(1, SUT_LEADER, 1, e2);
    expect("election-safety", won_1, second);
}

static void log_matching_of_the_place(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0), e4 = make(1, e3, 1, 0);
    append(1, e3, SUT_LEADER);
    append(1, e4, SUT_LEADER);
    SILENT();
    append(3, e4, SUT_FOLLOWER);
    assert_non_null(fired("log-matching"));
}

static void log_matching_of_the_content(void **state)
{
    (void)state;
    one_term();
    uint32_t mine = make(1, e2, 1, 5), other = make(1, e2, 1, 6);
    uint64_t first = append(1, mine, SUT_LEADER);
    append(2, mine, SUT_FOLLOWER);
    SILENT();
    expect("log-matching", first, append(3, other, SUT_FOLLOWER));
}

static void log_matching_of_a_second_branch(void **state)
{
    (void)state;
    one_term();
    term(3, 2, 3);
    uint32_t high = make(3, e2, 2, 0), low = make(3, e1, 2, 0);
    append(3, high, SUT_FOLLOWER);
    SILENT();
    term(1, 2, 0);
    cut(1, 2, SUT_FOLLOWER);
    append(1, low, SUT_FOLLOWER);
    assert_non_null(fired("log-matching"));
}

static void leader_completeness(void **state)
{
    (void)state;
    one_term();
    cut(3, 2, SUT_FOLLOWER);
    uint64_t second = elect(3, 2, 2, e1, e2);
    expect("leader-completeness", committed_2, second);
}

/* Votes of term 2 that were long on the way: n3 wins it after the leader of term 3 has committed. It owes that one's commits nothing. */
static void leader_completeness_spares_a_late_win(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    durable(3, 2, 3, 0);
    durable(4, 2, 3, 0);
    durable(5, 2, 3, 0);
    elect(1, 2, 3, 0, 0);
    uint32_t e = make(1, 0, 3, 0);
    store_at_node(1, e, 3, 1, 0);
    store_at_node(2, e, 3, 1, 1);
    durable(4, 3, 0, 0);
    term(4, 3, 0);
    store_at_node(4, e, 3, 0, 1);
    commit(1, e, 3, SUT_LEADER);
    role(3, SUT_LEADER, 2, 0);
    SILENT();
}

static void leader_completeness_of_a_late_commit(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    store_at_node(1, e, 1, 1, 0);
    store_at_node(2, e, 1, 1, 1);
    term(3, 1, 0);
    durable(3, 1, 0, 0);
    store_at_node(3, e, 1, 0, 1);
    uint64_t won = elect(4, 5, 2, 0, 0);
    SILENT();
    expect("leader-completeness", won, commit(1, e, 1, SUT_LEADER));
}

static void state_machine_safety(void **state)
{
    (void)state;
    one_term();
    uint32_t other = make(3, e1, 2, 0);
    cut(3, 2, SUT_FOLLOWER);
    append(3, other, SUT_FOLLOWER);
    SILENT();
    expect("state-machine-safety", committed_2, commit(3, other, 2, SUT_FOLLOWER));
}

static void state_machine_safety_of_applying(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    append(1, e3, SUT_LEADER);
    SILENT();
    apply(1, e3);
    assert_non_null(fired("state-machine-safety"));
}

static void state_machine_safety_of_order(void **state)
{
    (void)state;
    one_term();
    apply(3, e2);
    assert_non_null(fired("state-machine-safety"));
}

static void state_machine_safety_of_the_state(void **state)
{
    (void)state;
    one_term();
    commit(3, e2, 1, SUT_FOLLOWER);
    apply(3, e1);
    SILENT();
    apply_at(3, e2, 2, 99);
    assert_non_null(fired("state-machine-safety"));
}

static void leader_append_only(void **state)
{
    (void)state;
    one_term();
    uint64_t follows = role(1, SUT_FOLLOWER, 1, e2);
    uint64_t second = cut(1, 2, SUT_FOLLOWER);           /* stepped down, same term */
    expect("leader-append-only", follows, second);
}

static void leader_append_only_spares_the_next_term(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    append(1, e3, SUT_LEADER);
    term(1, 2, 0);
    cut(1, 3, SUT_FOLLOWER);
    SILENT();
    cut(2, 2, SUT_LEADER);
    assert_non_null(fired("leader-append-only"));
}

static void monotonic(void **state)
{
    (void)state;
    one_term();
    uint64_t first = term(2, 5, 0);
    expect("monotonic", first, term(2, 4, 0));
}

static void monotonic_commit_and_durable_term(void **state)
{
    (void)state;
    one_term();
    expect("monotonic", committed_2, commit(1, e1, 1, SUT_LEADER));
}

static void monotonic_durable(void **state)
{
    (void)state;
    uint64_t first = durable(2, 5, 0, 0);
    expect("monotonic", first, durable(2, 4, 0, 0));
}

static void monotonic_restart(void **state)
{
    (void)state;
    one_term();
    crash(2);
    boot(2, 1, 1, e1);                                   /* e2 was acknowledged */
    assert_non_null(fired("monotonic"));
}

static void monotonic_spares_a_cut_that_survived_the_crash(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0), other = make(2, e2, 2, 0);
    store_at_node(1, e3, 1, 1, 0);
    write_of(REC_WRITE, 1, 9, 2, 0, other, 3);           /* issued, never acknowledged, kept */
    crash(1);
    boot(1, 2, 0, other);
    SILENT();
    crash(1);
    boot(1, 2, 0, e1);
    assert_non_null(fired("monotonic"));
}

static void vote_once(void **state)
{
    (void)state;
    durable(2, 1, 1, 0);
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    crash(2);
    boot(2, 1, 1, 0);
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    SILENT();
    message(2, 3, MSG_VOTE_REPLY, 1, 0);
    assert_non_null(fired("vote-once"));
}

static void vote_once_spares_what_was_never_seen(void **state)
{
    (void)state;
    term(2, 1, 1);                                       /* in memory only */
    crash(2);
    boot(2, 0, 0, 0);
    term(2, 1, 3);
    uint64_t first = durable(2, 1, 3, 0);
    message(2, 3, MSG_VOTE_REPLY, 1, 0);
    SILENT();
    expect("vote-once", first, durable(2, 1, 1, 0));
}

static void commit_quorum(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    uint64_t first = append(1, e, SUT_LEADER);
    append(2, e, SUT_FOLLOWER);
    durable(2, 1, 1, e);
    SILENT();
    expect("commit-quorum", first, commit(1, e, 1, SUT_LEADER));   /* its own disk has it not */
}

/* Figure 8: an entry of term 1 on a majority, committed by the leader of term 3 on its count alone. */
static void commit_quorum_of_an_older_term(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    store_at_node(1, e, 1, 1, 0);
    crash(1);
    boot(1, 1, 1, e);
    uint64_t won = elect(1, 2, 3, e, 0);
    store_at_node(2, e, 3, 1, 1);
    SILENT();
    expect("commit-quorum", won, commit(1, e, 3, SUT_LEADER));
}

static void promise_audit_of_a_vote(void **state)
{
    (void)state;
    term(2, 1, 1);
    message(2, 1, MSG_VOTE, 1, 0);
    message(2, 1, MSG_PREVOTE_REPLY, 1, 0);
    SILENT();
    message(2, 1, MSG_VOTE_REPLY, 1, 0);
    assert_non_null(fired("promise-audit"));
}

static void promise_audit_of_an_acknowledgement(void **state)
{
    (void)state;
    elect(1, 2, 1, 0, 0);
    uint32_t e = make(1, 0, 1, 0);
    store_at_node(1, e, 1, 1, 0);
    append(2, e, SUT_FOLLOWER);
    message(2, 1, MSG_APPEND_REPLY, 1, 0);
    SILENT();
    message(2, 1, MSG_APPEND_REPLY, 1, 1);
    assert_non_null(fired("promise-audit"));
}

/* A tail that the leader has not is durable here, and its index is acknowledged. */
static void promise_audit_of_a_divergent_tail(void **state)
{
    (void)state;
    one_term();
    uint32_t mine = make(3, e2, 2, 0);
    term(3, 2, 3);
    append(3, mine, SUT_FOLLOWER);
    durable(3, 2, 3, mine);
    elect(1, 2, 3, e2, e2);
    term(3, 3, 0);
    durable(3, 3, 0, mine);
    message(3, 1, MSG_APPEND_REPLY, 3, 2);
    SILENT();
    message(3, 1, MSG_APPEND_REPLY, 3, 3);
    assert_non_null(fired("promise-audit"));
}

static void promise_audit_of_a_term_and_of_a_win(void **state)
{
    (void)state;
    term(2, 4, 0);
    message(2, 1, MSG_HEARTBEAT_REPLY, 4, 0);
    assert_non_null(fired("promise-audit"));
    tank_close(w);
    open_with(3);
    term(1, 1, 1);
    role(1, SUT_CANDIDATE, 1, 0);
    SILENT();
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(fired("promise-audit"));
}

static void ack_survives(void **state)
{
    (void)state;
    one_term();
    invoke(c2, 2, OP_WRITE);
    answer(c2, 2, OUT_TIMEOUT, 0);
    SILENT();
    expect("ack-survives", committed_2, answer(c2, 2, OUT_OK, 2));   /* that is op 1's */
}

static void ack_survives_the_disks(void **state)
{
    (void)state;
    one_term();
    uint64_t told = answer(c1, 1, OUT_OK, 2);
    term(2, 2, 0);
    cut(2, 2, SUT_FOLLOWER);
    write_of(REC_WRITE, 2, 8, 2, 0, e1, 2);
    SILENT();
    expect("ack-survives", told, write_of(REC_DURABLE, 2, 8, 2, 0, e1, 2));
}

static void read_fresh(void **state)
{
    (void)state;
    one_term();
    invoke(c2, 2, OP_READ);
    uint64_t told = answer(c1, 1, OUT_OK, 2);
    read_at(1, 2, 1, READ_PATH_INDEX);                   /* invoked before the write was acknowledged: may miss it */
    answer(c2, 2, OUT_OK, 1);
    SILENT();
    invoke(c2, 3, OP_READ);
    expect("read-fresh", told, read_at(1, 3, 1, READ_PATH_LEASE));
}

static void read_fresh_of_what_is_not_applied(void **state)
{
    (void)state;
    one_term();
    invoke(c2, 2, OP_READ);
    read_at(3, 2, 2, READ_PATH_INDEX);
    assert_non_null(fired("read-fresh"));
}

static void read_fresh_in_chaos_needs_sound_clocks(void **state)
{
    (void)state;
    one_term();
    answer(c1, 1, OUT_OK, 2);
    w->chaos = 64;
    lease(1, 1, w->now + MS(50));
    clock_freeze(w, 3);
    invoke(c2, 3, OP_READ);
    read_at(1, 3, 1, READ_PATH_LEASE);
    SILENT();
    assert_int_equal(w->count.lease_reads_unjudged, 1);
    read_at(1, 3, 1, READ_PATH_INDEX);
    assert_non_null(fired("read-fresh"));
}

static uint64_t another_leader_commits(void)
{
    role(1, SUT_LEADER, 1, e2);
    elect(3, 2, 2, e2, e2);
    uint32_t e3 = make(3, e2, 2, 0);
    store_at_node(3, e3, 2, 3, 0);
    store_at_node(2, e3, 2, 3, 3);
    return commit(3, e3, 2, SUT_LEADER);
}

static void lease_exclusivity(void **state)
{
    (void)state;
    one_term();
    uint64_t held = lease(1, 1, w->now + SEC(1));
    expect("lease-exclusivity", held, another_leader_commits());
}

static void lease_exclusivity_ends_with_the_lease(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, w->now + MS(2));
    another_leader_commits();
    SILENT();
}

/* The lease would have ended, but the clock was slowed down, within its bound, after it was recorded. */
static void lease_exclusivity_goes_by_the_clock_as_it_goes(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, clock_local(w, 1) + SEC(10));
    clock_rate(w, 1, 995, 1000);
    w->now += SEC(10);
    another_leader_commits();
    assert_non_null(fired("lease-exclusivity"));
}

static void lease_exclusivity_needs_sound_clocks(void **state)
{
    (void)state;
    one_term();
    lease(1, 1, w->now + SEC(1));
    clock_jump(w, 2, (int64_t)SEC(5));
    another_leader_commits();
    SILENT();
    assert_int_equal(w->count.lease_unjudged, 1);
}

/* The clock steps back after the round began and is ahead again when the lease comes: the lease window before it looks sound. */
static void lease_exclusivity_sees_a_step_back_before_the_lease(void **state)
{
    (void)state;
    w->now = SEC(10);
    one_term();
    w->chaos = 64;
    uint64_t round = clock_local(w, 1);
    clock_jump(w, 1, -(int64_t)MS(900));
    w->now += MS(930);
    lease(1, 1, round + MS(147));
    another_leader_commits();
    SILENT();
    assert_int_equal(w->count.lease_unjudged, 1);
}

static void self_check(void **state)
{
    (void)state;
    struct record *r = record_new(w, REC_HALT, 2);
    r->sub = HALT_WRITE_FAILED;
    done();
    SILENT();
    r = record_new(w, REC_HALT, 2);
    r->sub = HALT_SELF_CHECK;
    r->a = 7;
    done();
    assert_non_null(fired("self-check"));
}

/* ---- the frame ------------------------------------------------------------------------------------------------------------------- */

static void progress_needs_a_new_write_on_the_whole_core(void **state)
{
    (void)state;
    char text[200];
    one_term();
    assert_int_equal(progress_look(w), PROGRESS_NOT_ASKED);
    progress_ask(w, 3, SEC(1));
    answer(c1, 1, OUT_OK, 2);                            /* committed before it was asked: no progress */
    assert_int_equal(progress_look(w), PROGRESS_WAITING);
    invoke(c1, 2, OP_WRITE);
    uint32_t e3 = make(1, e2, 1, 2);
    store_at_node(1, e3, 1, 1, 0);
    store_at_node(2, e3, 1, 1, 1);
    commit(1, e3, 1, SUT_LEADER);
    apply(1, e3);
    answer(c1, 2, OUT_OK, 3);
    assert_int_equal(progress_look(w), PROGRESS_WAITING);
    assert_true(progress_detail(w, text, sizeof text) > 0);
    assert_non_null(strstr(text, "n2"));
    commit(2, e3, 1, SUT_FOLLOWER);
    apply(2, e3);
    assert_int_equal(progress_look(w), PROGRESS_MADE);
    progress_ask(w, 7, MS(10));
    w->now += MS(10);
    assert_int_equal(progress_look(w), PROGRESS_MISSED);
    SILENT();
}

static void all_checks_of_a_step_are_told_once_each(void **state)
{
    (void)state;
    one_term();
    uint64_t second = role(3, SUT_LEADER, 1, e1);
    role(3, SUT_FOLLOWER, 1, e1);
    role(3, SUT_LEADER, 1, e1);
    assert_int_equal(violations(), 2);                   /* neither its term nor its vote is durable */
    expect("election-safety", won_1, second);
    assert_non_null(fired("promise-audit"));
}

static void a_disabled_check_says_nothing(void **state)
{
    (void)state;
    one_term();
    judge_disable(w, check_by_name("election-safety", strlen("election-safety")));
    judge_disable(w, check_by_name("promise-audit", strlen("promise-audit")));
    role(3, SUT_LEADER, 1, e2);
    SILENT();
    assert_int_equal(check_by_name("election", 8), -1);
}

static void a_world_that_is_judged_stays_small(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    assert_true(w->arena.used < 256 * 1024);
    one_term();
    assert_true(w->arena.used < 256 * 1024);
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, open_three, close_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_sound_run_breaks_nothing),
        RULE(election_safety),
        RULE(election_safety_of_one_who_comes_back),
        RULE(log_matching_of_the_place),
        RULE(log_matching_of_the_content),
        RULE(log_matching_of_a_second_branch),
        RULE(leader_completeness),
        RULE(leader_completeness_spares_a_late_win),
        RULE(leader_completeness_of_a_late_commit),
        RULE(state_machine_safety),
        RULE(state_machine_safety_of_applying),
        RULE(state_machine_safety_of_order),
        RULE(state_machine_safety_of_the_state),
        RULE(leader_append_only),
        RULE(leader_append_only_spares_the_next_term),
        RULE(monotonic),
        RULE(monotonic_commit_and_durable_term),
        RULE(monotonic_durable),
        RULE(monotonic_restart),
        RULE(monotonic_spares_a_cut_that_survived_the_crash),
        RULE(vote_once),
        RULE(vote_once_spares_what_was_never_seen),
        RULE(commit_quorum),
        RULE(commit_quorum_of_an_older_term),
        RULE(promise_audit_of_a_vote),
        RULE(promise_audit_of_an_acknowledgement),
        RULE(promise_audit_of_a_divergent_tail),
        RULE(promise_audit_of_a_term_and_of_a_win),
        RULE(ack_survives),
        RULE(ack_survives_the_disks),
        RULE(read_fresh),
        RULE(read_fresh_of_what_is_not_applied),
        RULE(read_fresh_in_chaos_needs_sound_clocks),
        RULE(lease_exclusivity),
        RULE(lease_exclusivity_ends_with_the_lease),
        RULE(lease_exclusivity_goes_by_the_clock_as_it_goes),
        RULE(lease_exclusivity_needs_sound_clocks),
        RULE(lease_exclusivity_sees_a_step_back_before_the_lease),
        RULE(self_check),
        RULE(progress_needs_a_new_write_on_the_whole_core),
        RULE(all_checks_of_a_step_are_told_once_each),
        RULE(a_disabled_check_says_nothing),
        RULE(a_world_that_is_judged_stays_small),
    };
    return cmocka_run_group_tests_name("sim_check_rules", tests, NULL, NULL);
}
