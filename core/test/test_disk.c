/* SPDX-License-Identifier: MIT */
/* Method: a leader whose own writes complete when we say so, beside peers that acknowledge when we
 * say so. When it gives its seat up, when it does not, and what it may do until its disk works. */
#include "kit.h"

static struct node n;

/* Leader of term 1, its no-op durable here and acknowledged by nobody. */
static void start_leader(uint32_t voters, uint64_t disk_timeout)
{
    struct raft_boot boot = boot_of(1, voters);
    boot.options.disk_timeout = disk_timeout;
    boot.options.check_quorum = 0;      /* its peers are as silent as we like */
    start(&n, &boot);
    elect(&n);
    all_written(&n);
}

/* TIME events at every deadline up to now + ns, and one then. */
static void run_for(uint64_t ns)
{
    uint64_t end = n.now + ns;
    while (raft_deadline(&n.r) < end && n.r.role == RAFT_LEADER) {
        deadline_is_exact(&n);
        expire(&n);
    }
    if (n.r.role != RAFT_LEADER) return;
    n.now = end;
    tick(&n);
}

/* The leader's disk hangs; peers up to `last` acknowledge its next entry. */
static void hang(uint8_t last)
{
    propose(&n, 1);
    for (uint8_t peer = 2; peer <= last; peer++) ack(&n, peer, n.r.log.last);
}

static struct raft_msg ask(int type, uint8_t from, uint64_t term, uint8_t flags)
{
    return (struct raft_msg){.type = (uint8_t)type, .from = from, .term = term, .flags = flags,
                             .index = 100, .log_term = 1};
}

static void a_leader_whose_disk_hangs_steps_down_in_its_term(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.reads = RAFT_READS_LEASE;
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    hang(3);
    assert_int_equal(n.r.commit, 2);                /* it commits without its own disk */
    assert_true(n.r.lease_until > n.now);
    uint64_t since = n.now;
    while (n.now < since + MS(300)) {
        assert_int_equal(n.r.role, RAFT_LEADER);
        expire(&n);
        if (n.r.role != RAFT_LEADER) break;
        for (uint8_t peer = 2; peer <= 3; peer++) beat_reply(&n, peer, n.r.round);
    }
    assert_int_equal(n.now, since + MS(300));       /* the upper end of election-timeout */
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.r.term, 1);
    assert_int_equal(n.r.lease_until, 0);
    assert_true(noted(&n, RAFT_NOTE_DISK_HANGS));
    assert_int_equal(n.fx.notes[0].a, 1);           /* what is durable, and since when */
    assert_int_equal(n.fx.notes[0].b, since);
}

static void auto_follows_the_election_timeout_and_0_is_off(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.election_timeout_max = MS(700);
    start(&n, &boot);
    assert_int_equal(raft_disk_timeout(&n.r), MS(700));
    start_leader(3, MS(45));
    uint64_t since = n.now;
    hang(3);
    run_for(MS(1000));
    assert_int_equal(n.now, since + MS(45));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    start_leader(3, 0);
    hang(3);
    run_for(MS(100000));
    assert_int_equal(n.r.role, RAFT_LEADER);
}

/* The peers that acknowledge must be a majority without the leader. */
static void it_yields_only_to_those_who_can_go_on_without_it(void **state)
{
    (void)state;
    for (uint32_t voters = 1; voters <= RAFT_VOTERS_MAX; voters++) {
        for (uint8_t ahead = 0; ahead < voters; ahead++) {
            start_leader(voters, MS(50));
            hang((uint8_t)(ahead + 1));
            run_for(MS(2000));
            assert_int_equal(n.r.role == RAFT_LEADER, ahead < voters / 2 + 1);
        }
    }
}

static void a_write_that_completes_begins_the_wait_anew(void **state)
{
    (void)state;
    start_leader(3, MS(50));
    hang(3);
    for (int i = 0; i < 20; i++) {      /* never idle, each write 80 ms old when it completes */
        run_for(MS(40));
        hang(3);
        write_done(&n, n.r.wid_last - 1);
    }
    assert_int_equal(n.r.role, RAFT_LEADER);
    uint64_t since = n.now;
    run_for(MS(1000));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.now, since + MS(50));
}

/* What others acknowledge meanwhile does not: work goes on, and the disk hangs all the same. */
static void an_acknowledgement_does_not_begin_it_anew(void **state)
{
    (void)state;
    start_leader(3, MS(50));
    uint64_t since = n.now;
    while (n.r.role == RAFT_LEADER && n.now < since + MS(500)) {
        hang(3);
        run_for(MS(4));
    }
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.now, since + MS(50));
}

static void an_old_write_alone_is_no_reason(void **state)
{
    (void)state;
    start_leader(3, MS(50));
    hang(2);                            /* one of two peers has it */
    run_for(MS(5000));
    assert_int_equal(n.r.role, RAFT_LEADER);
    uint64_t since = n.now;
    ack(&n, 3, n.r.log.last);
    run_for(MS(5000));
    assert_int_equal(n.now, since + MS(50));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
}

/* Its own time stands while the clock is behind, and goes on at its rate. */
static void the_wait_is_measured_by_its_own_time(void **state)
{
    (void)state;
    start_leader(3, MS(50));
    n.now += MS(1000);
    hang(3);
    run_for(MS(30));
    n.now -= MS(900);
    tick(&n);
    assert_int_equal(raft_deadline(&n.r) <= n.now + MS(20), 1);
    run_for(MS(19));
    assert_int_equal(n.r.role, RAFT_LEADER);
    run_for(MS(2));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
}

/* Until a write completes; what is asked of it meanwhile, by whom and how, changes nothing. */
static void it_neither_stands_nor_votes_until_a_write_completes(void **state)
{
    (void)state;
    start_leader(3, MS(50));
    hang(3);
    hang(3);
    run_for(MS(1000));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_true(raft_deadline(&n.r) == RAFT_NEVER);
    go(&n, (struct raft_event){.type = RAFT_EV_PIN_TIMEOUT, .pin.timeout_ns = MS(1)});
    n.now += MS(5000);
    tick(&n);
    go(&n, (struct raft_event){.type = RAFT_EV_CAMPAIGN, .campaign.force = true});
    assert_true(noted(&n, RAFT_NOTE_CAMPAIGN_DISK));
    recv_msg(&n, ask(RAFT_MSG_PREVOTE, 2, 2, 0));
    assert_int_equal(sent(&n, RAFT_MSG_PREVOTE_REPLY, 2)->flags, RAFT_FLAG_REJECT);
    recv_msg(&n, ask(RAFT_MSG_VOTE, 2, 2, RAFT_FLAG_FORCE));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 2)->flags, RAFT_FLAG_REJECT);
    assert_true(noted(&n, RAFT_NOTE_VOTE_REFUSED_DISK));
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    assert_int_equal(n.r.term, 1);
    write_done(&n, n.r.wid_done + 1);               /* the first of two */
    assert_int_equal(raft_deadline(&n.r), n.now + MS(1));   /* a wait of its own, as pinned */
    recv_msg(&n, ask(RAFT_MSG_VOTE, 2, 2, 0));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 2)->flags, 0);
}

static void it_follows_its_successor_while_its_disk_hangs(void **state)
{
    (void)state;
    start_leader(3, MS(50));
    hang(3);
    run_for(MS(1000));
    recv_msg(&n, append_of(2, 2, 2, 1, 2, 3));
    assert_int_equal(n.r.leader, 2);
    assert_int_equal(n.r.log.last, 5);
    assert_true(sent_wid(&n, RAFT_MSG_APPEND_REPLY, 2) != 0);
    n.now += MS(60000);                             /* and stands against nobody */
    tick(&n);
    assert_int_equal(n.r.role, RAFT_FOLLOWER);
    all_written(&n);
    expire(&n);
    assert_int_equal(n.r.role, RAFT_PRECANDIDATE);
}

/* The wait for its disk is over: that write will never be durable. */
static void who_hangs_halts_when_a_write_fails(void **state)
{
    (void)state;
    start_leader(3, MS(50));
    hang(3);
    run_for(MS(1000));
    struct raft_event ev = {.type = RAFT_EV_WRITE_DONE,
                            .write = {.wid = n.r.wid_last, .failed = true}};
    assert_int_equal(go(&n, ev), RAFT_OK);
    assert_int_equal(n.r.role, RAFT_HALTED);
    assert_true(noted(&n, RAFT_NOTE_WRITE_FAILED));     /* the seat was vacant before */
    assert_int_equal(n.r.hung, 0);
}

/* Its requests have not left: no further term, and a full wait for answers once they have. */
static void a_candidate_waits_for_its_own_vote(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.prevote = 0;
    start(&n, &boot);
    expire(&n);
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    expire(&n);
    assert_true(noted(&n, RAFT_NOTE_VOTE_HANGS));
    assert_int_equal(n.r.term, 1);
    assert_true(raft_deadline(&n.r) == RAFT_NEVER);
    recv_msg(&n, ask(RAFT_MSG_VOTE, 2, 2, 0));
    assert_int_equal(sent(&n, RAFT_MSG_VOTE_REPLY, 2)->flags, RAFT_FLAG_REJECT);
    n.now += MS(5000);
    all_written(&n);
    assert_int_equal(n.r.role, RAFT_CANDIDATE);
    assert_true(raft_deadline(&n.r) >= n.now + MS(150));
    recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, 2, 1, false));
    assert_int_equal(n.r.role, RAFT_LEADER);
    boot.options.disk_timeout = 0;                  /* off: it stands again */
    start(&n, &boot);
    expire(&n);
    expire(&n);
    assert_int_equal(n.r.term, 2);
}

/* In whatever order others acknowledge and writes complete, the deadline is exact. */
static void the_deadline_is_exact_in_every_state(void **state)
{
    (void)state;
    uint64_t x = 1;
    uint32_t deposed = 0;
    for (int run = 0; run < 400; run++) {
        start_leader(2 + (uint32_t)run % 5, MS(20 + run % 60));
        for (int i = 0; i < 100 && n.r.role == RAFT_LEADER; i++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            uint32_t what = (uint32_t)(x >> 33) % 8;
            uint8_t peer = (uint8_t)(2 + (x >> 40) % (n.r.npeers));
            uint64_t behind = (x >> 50) % 3;
            n.now += MS((x >> 36) % 12);
            if (what < 2) propose(&n, 1 + (uint32_t)(x >> 45) % 3);
            else if (what < 5) ack(&n, peer, raft_sat_sub(n.r.log.last, behind));
            else if (what == 5 && n.r.wid_done < n.r.wid_last) write_done(&n, n.r.wid_done + 1);
            else tick(&n);
            deadline_is_exact(&n);
        }
        deposed += n.r.role != RAFT_LEADER;
    }
    assert_true(deposed > 20 && deposed < 380);
}

int main(void)
{
    const struct CMUnitTest core_disk[] = {
        cmocka_unit_test(a_leader_whose_disk_hangs_steps_down_in_its_term),
        cmocka_unit_test(auto_follows_the_election_timeout_and_0_is_off),
        cmocka_unit_test(it_yields_only_to_those_who_can_go_on_without_it),
        cmocka_unit_test(a_write_that_completes_begins_the_wait_anew),
        cmocka_unit_test(an_acknowledgement_does_not_begin_it_anew),
        cmocka_unit_test(an_old_write_alone_is_no_reason),
        cmocka_unit_test(the_wait_is_measured_by_its_own_time),
        cmocka_unit_test(it_neither_stands_nor_votes_until_a_write_completes),
        cmocka_unit_test(it_follows_its_successor_while_its_disk_hangs),
        cmocka_unit_test(who_hangs_halts_when_a_write_fails),
        cmocka_unit_test(a_candidate_waits_for_its_own_vote),
        cmocka_unit_test(the_deadline_is_exact_in_every_state),
    };
    return cmocka_run_group_tests(core_disk, NULL, NULL);
}
