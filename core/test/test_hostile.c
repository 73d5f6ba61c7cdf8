/* SPDX-License-Identifier: MIT */
/*
 * Method: events made of chance, some wild and some nearly right, against every role; go() demands
 * after each that nothing broke and that a refusal changed nothing. Then the hash: what must matter
 * to it and what must not.
 */
#include "kit.h"

static struct node n, twin;
static uint64_t seed;

static uint64_t chance(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* A number as hostile input has it: small, near something of the state, huge, or anything. */
static uint64_t number(uint64_t near)
{
    switch (chance() % 8) {
    case 0: return chance();
    case 1: return UINT64_MAX - chance() % 3;
    case 2: return RAFT_INDEX_MAX - 1 + chance() % 3;
    case 3: return chance() % 4;
    default: return near + chance() % 5 - 2;
    }
}

static struct raft_msg hostile_msg(void)
{
    const struct raft *r = &n.r;
    struct raft_msg m = {.type = (uint8_t)(chance() % (RAFT_MSG_TYPES + 1)), .to = r->id};
    m.from = (uint8_t)(chance() % ((chance() % 16 ? r->nvoters : RAFT_NODES_MAX) + 2u));
    m.flags = chance() % 4 ? 0 : (uint8_t)(chance() % 8);
    m.term = number(r->term + 1);
    if (chance() % 2) m.term = r->term;
    m.index = number(r->log.last);
    m.log_term = chance() % 2 ? raft_term_at(r, m.index) : number(r->term);
    m.commit = number(chance() % 2 ? r->commit : r->term);
    m.round = number(chance() % 2 ? r->round : r->try_id);
    m.hint = number(r->log.last);
    m.context = number(r->token);
    m.bytes = (uint32_t)chance();
    uint32_t room = chance() % 16 ? RAFT_MSG_RUNS_MAX : UINT32_MAX;
    m.nruns = chance() % 3 ? (uint32_t)(chance() % 3) : (uint32_t)chance() % room;
    uint64_t term = m.log_term;
    for (uint32_t i = 0; i < m.nruns && i < RAFT_MSG_RUNS_MAX; i++) {
        term = chance() % 8 ? raft_min(term + chance() % 3, m.term) : number(term);
        uint64_t most = chance() % 8 ? 4 : RAFT_PROPOSE_MAX;
        m.runs[i] = (struct raft_run){.term = term,
                                      .n = chance() % 16 ? 1 + chance() % most : chance()};
        m.n += (uint32_t)m.runs[i].n;
    }
    if (chance() % 16 == 0) m.n = (uint32_t)chance();
    if (chance() % 32 == 0) m.to = (uint8_t)chance();
    if (chance() % 32 == 0) m.group = (uint32_t)chance();
    if (m.type == RAFT_MSG_PROPOSE && chance() % 4) m.n = 1;
    return m;
}

static void hostile_step(void)
{
    static struct raft_entry_info entries[RAFT_PROPOSE_MAX];
    struct raft_msg m = hostile_msg();
    struct raft_event ev = {.type = (uint8_t)(1 + chance() % (RAFT_EV_TYPES - 1))};
    if (chance() % 2) ev.type = RAFT_EV_RECV;
    if (chance() % 64 == 0) ev.type = (uint8_t)chance();
    switch (ev.type) {
    case RAFT_EV_RECV:
        ev.recv.msg = chance() % 64 ? &m : NULL;
        break;
    case RAFT_EV_PROPOSE:
        for (int i = 0; i < 4; i++)
            entries[i] = (struct raft_entry_info){.size = (uint32_t)chance() >> 9};
        ev.propose.entries = entries;
        ev.propose.n = (uint32_t)(chance() % 8 ? chance() % 4 : chance() % 300);
        break;
    case RAFT_EV_READ:
    case RAFT_EV_READ_CANCEL:
        ev.read.id = chance() % 90;
        break;
    case RAFT_EV_CAMPAIGN:
        ev.campaign.force = chance() % 2;
        break;
    case RAFT_EV_WRITE_DONE:
        ev.write.wid = chance() % 2 ? n.r.wid_last : number(n.r.wid_done + 1);
        ev.write.failed = chance() % 2000 == 0;
        break;
    case RAFT_EV_UNREACHABLE:
        ev.unreachable.peer = (uint8_t)(chance() % 20);
        break;
    case RAFT_EV_PIN_TIMEOUT:
        ev.pin.timeout_ns = number(MS(150));
        break;
    default:
        break;
    }
    n.now += chance() % MS(40);
    if (chance() % 200 == 0) n.now = number(n.now);
    if (chance() % 400 == 0) n.now = MS(1000);
    go(&n, ev);
    if (chance() % 16 == 0) deadline_is_exact(&n);
    if (chance() % 16 == 0 && raft_deadline(&n.r) <= n.now) tick(&n);
}

static void start_hostile(void)
{
    static const uint64_t lengths[] = {300, UINT16_MAX - 100, (uint64_t)UINT32_MAX - 100};
    const struct raft_run runs[] = {{1, 3}, {3, lengths[chance() % 3]}};
    uint32_t voters = (uint32_t)(1 + chance() % RAFT_VOTERS_MAX);
    struct raft_boot boot = boot_of((uint8_t)(1 + chance() % 4), voters);
    if (chance() % 2) {
        boot.term = 3;
        boot.runs = runs;
        boot.nruns = 2;
        boot.commit = chance() % 304;
    }
    boot.restarted = chance() % 2;
    boot.options.prevote = chance() % 2;
    boot.options.noop_on_election = chance() % 4 != 0;
    boot.options.reads = chance() % 2;
    boot.options.max_inflight = 1 + chance() % 64;
    boot.options.max_unsynced_writes = 1 + chance() % 256;
    boot.options.max_entries = 1 + chance() % RAFT_PROPOSE_MAX;
    boot.options.max_inflight_bytes = 1 + chance() % 100000;
    boot.options.commit_notify = chance() % (RAFT_NOTIFY_ALWAYS + 1);
    if (chance() % 2) boot.options.disk_timeout = chance() % 2 ? chance() % MS(400) : 0;
    start(&n, &boot);
}

static void no_input_breaks_the_core(void **state)
{
    (void)state;
    uint64_t led = 0;
    for (uint64_t trial = 1; trial <= 300; trial++) {
        seed = trial * 0x9e3779b97f4a7c15u;
        start_hostile();
        if (chance() % 2 && raft_is_voter(&n.r, n.r.id)) elect(&n);
        for (int i = 0; i < 600; i++) {
            hostile_step();
            led += n.r.role == RAFT_LEADER;
        }
    }
    assert_true(led > 5000);
}

static void impossible_messages_are_refused(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    elect(&n);
    /* two leaders in a term */
    assert_int_equal(recv_msg(&n, append_of(2, 1, 1, 1, 1, 1)), RAFT_E_INVALID);
    assert_int_equal(beat(&n, 2, 1, 0), RAFT_E_INVALID);
    assert_int_equal(ack(&n, 2, 2), RAFT_E_INVALID);                /* beyond the log */
    assert_int_equal(beat_reply(&n, 2, n.r.round + 1), RAFT_E_INVALID); /* a round never opened */
    assert_int_equal(recv_msg(&n, append_of(1, 2, 0, 0, 1, 1)), RAFT_E_INVALID); /* from itself */
    assert_int_equal(recv_msg(&n, append_of(17, 2, 0, 0, 1, 1)), RAFT_E_INVALID);
    struct raft_msg m = append_of(2, 2, 0, 0, 1, 1);
    m.group = 5;
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    m = append_of(2, 2, 0, 0, 3, 1);                                /* a term above the sender's */
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    m = append_of(2, 9, 0, 0, 4, 2);
    m.nruns = 2;
    m.runs[0] = (struct raft_run){.term = 4, .n = 1};
    m.runs[1] = (struct raft_run){.term = 3, .n = 1};               /* falling */
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    m.runs[1].term = 5;
    m.n = 3;                                                        /* miscounted */
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    m = append_of(2, 9, 3, 0, 4, 1);                                /* an entry of term 0 */
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    m = append_of(2, 9, 0, 0, 4, 0);
    m.flags = RAFT_FLAG_FILL;                                       /* its host filled nothing */
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    m = append_of(2, RAFT_TERM_MAX + 1, 0, 0, 4, 0);
    assert_int_equal(recv_msg(&n, m), RAFT_E_INVALID);
    assert_int_equal(go(&n, (struct raft_event){.type = 0}), RAFT_E_INVALID);
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_TYPES}), RAFT_E_INVALID);
    assert_int_equal(go(&n, (struct raft_event){.type = RAFT_EV_RECV}), RAFT_E_INVALID);
}

static void a_copy_goes_on_exactly_as_the_original(void **state)
{
    (void)state;
    for (uint64_t trial = 1; trial <= 20; trial++) {
        seed = trial * 7919;
        start_hostile();
        for (int i = 0; i < 200; i++) hostile_step();
        twin = n;
        uint64_t at = seed;
        for (int i = 0; i < 100; i++) hostile_step();
        uint64_t hash = raft_hash(&n.r);
        n = twin;
        seed = at;
        for (int i = 0; i < 100; i++) hostile_step();
        assert_true(hash == raft_hash(&n.r));
    }
}

static void unused_places_do_not_matter_to_the_hash(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    elect(&n);
    propose(&n, 3);
    all_written(&n);
    uint64_t hash = raft_hash(&n.r);
    twin = n;
    twin.runs[5].term = 99;
    twin.r.log.window[100] = 99;
    twin.r.reads[3].id = 99;
    twin.r.write_index[200] = 99;
    twin.r.round_start[40] = 99;
    twin.r.progress[1].bytes[60] = 99;
    twin.r.progress[5].match = 99;
    twin.r.granted = 0;
    assert_true(raft_hash(&twin.r) == hash);
    twin.r.progress[1].match++;
    assert_true(raft_hash(&twin.r) != hash);
    twin = n;
    twin.r.chance++;
    assert_true(raft_hash(&twin.r) != hash);
    twin = n;
    twin.r.options.max_entries--;
    assert_true(raft_hash(&twin.r) != hash);
}

/* All by which two states may part that were the same in everything else. */
static void what_decides_matters_to_the_hash(void **state)
{
    (void)state;
#define MATTERS(change) (twin = n, change, assert_true(raft_hash(&twin.r) != raft_hash(&n.r)))
    struct raft_boot boot = boot_of(1, 3);
    start(&n, &boot);
    MATTERS(twin.r.incarnation++);
    MATTERS(twin.r.try_id++);
    MATTERS(twin.r.token++);
    MATTERS(twin.r.hung = 1);
    elect(&n);
    all_written(&n);
    for (int i = 0; i < 100; i++) {
        n.now = n.r.heartbeat_due;
        for (uint8_t peer = 2; peer <= 3; peer++) beat_reply(&n, peer, n.r.round);
        tick(&n);
    }
    assert_true(n.r.marks > RAFT_MARKS_MAX);
    MATTERS(twin.r.disk_due = n.now);
    MATTERS(twin.r.marks++);
    for (uint32_t i = 0; i < RAFT_MARKS_MAX; i++) {
        MATTERS(twin.r.mark[i].round--);
        MATTERS(twin.r.mark[i].start--);
    }
    for (uint32_t i = 0; i < n.r.npeers; i++) {
        MATTERS(twin.r.progress[i].told++);
        MATTERS(twin.r.progress[i].contact--);
        MATTERS(twin.r.progress[i].acked_round--);
        MATTERS(twin.r.progress[i].sent_round++);
    }
#undef MATTERS
}

int main(void)
{
    const struct CMUnitTest core_hostile[] = {
        cmocka_unit_test(no_input_breaks_the_core),
        cmocka_unit_test(impossible_messages_are_refused),
        cmocka_unit_test(a_copy_goes_on_exactly_as_the_original),
        cmocka_unit_test(what_decides_matters_to_the_hash),
        cmocka_unit_test(unused_places_do_not_matter_to_the_hash),
    };
    return cmocka_run_group_tests(core_hostile, NULL, NULL);
}
