/* SPDX-License-Identifier: MIT */
/*
 * Method: a sound state, of which one thing is broken at a time; the row that is for it names it.
 * A row that cannot fire checks nothing, and one that fires in another's place names the wrong one.
 */
#include "kit.h"

static struct node n, twin;

/* The last of nine voters' peers, so that what is said of one peer is seen to be asked of all. */
#define PEER (&twin.r.progress[RAFT_PEERS_MAX - 1])

#define SAYS(sentence, change) \
    do { \
        const char *why; \
        twin = n; \
        change; \
        assert_int_equal(raft_check(&twin.r, &why) == 0, (sentence)[0] == '\0'); \
        assert_string_equal(why, (sentence)); \
    } while (0)
#define SOUND ""

/* Where the i-th append in flight to it, oldest first, stands in its ring. */
static uint32_t at(uint32_t i) { return (PEER->head + i) % RAFT_INFLIGHT_MAX; }
static uint16_t *slot(uint64_t wid) { return &twin.r.write_index[wid % RAFT_WRITES_MAX]; }

/* Leads nine voters and has 5 entries everywhere; after them three appends to each are in flight
 * and three writes pending, of 2, 3 and 1 entries of 10 bytes. */
static void start_busy_leader(void)
{
    struct raft_boot boot = boot_of(1, 9);
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    propose(&n, 4);
    all_written(&n);
    for (uint32_t i = 0; i < n.r.npeers; i++) ack(&n, n.r.peers[i], 1);
    for (uint32_t i = 0; i < n.r.npeers; i++) ack(&n, n.r.peers[i], 5);
    propose(&n, 2);
    propose(&n, 3);
    propose(&n, 1);
    twin = n;
    assert_true(twin.r.log.last == 11 && twin.r.stable == 5);
    assert_int_equal(twin.r.wid_last - twin.r.wid_done, 3);
    assert_true(PEER->match == 5 && PEER->next == 12 && PEER->count == 3 && PEER->entries == 6);
}

static void what_is_in_flight_lies_between_match_and_next_and_fills_it(void **state)
{
    (void)state;
    start_busy_leader();
    const char *gap = "an entry before next is neither acknowledged nor in flight";
    const char *again = "an append in flight is acknowledged";
    SAYS(SOUND, PEER->match = 6);   /* an empty append may verify a part of what is in flight */
    SAYS(again, PEER->match = 7);
    SAYS(again, PEER->next = 10);
    SAYS(gap, PEER->match = 4);
    SAYS(gap, (PEER->count--, PEER->entries--, PEER->inflight_bytes -= 10));
    SAYS("more entries are in flight than lie before next",
         (PEER->more[at(0)] += 6, PEER->entries = 12));
    SAYS("entries in flight do not add up", PEER->more[at(0)]++);
    SAYS("entries in flight do not add up", PEER->entries--);
    SAYS("bytes in flight do not add up", PEER->bytes[at(2)]++);
    SAYS("bytes in flight do not add up", PEER->inflight_bytes--);
    SAYS("bytes in flight do not add up", PEER->count--);
    SAYS("bytes in flight do not add up", PEER->head++);
    SAYS("appends are in flight to a probed peer", PEER->state = RAFT_PROBE);
    SAYS("more is in flight than may be", twin.r.options.max_inflight = 2);
    SAYS("more bytes are in flight than may be", twin.r.options.max_inflight_bytes = 59);
    SAYS(SOUND, twin.r.options.max_inflight_bytes = 60);
}

static void one_append_in_flight_is_the_nearest_to_none(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 9);
    boot.options.max_inflight = 1;
    boot.options.max_inflight_bytes = 1;
    start(&n, &boot);
    elect(&n);
    all_written(&n);
    for (uint32_t i = 0; i < n.r.npeers; i++) ack(&n, n.r.peers[i], 1);
    propose(&n, 1);
    propose(&n, 2);
    twin = n;
    assert_true(PEER->count == 1 && PEER->inflight_bytes == 10 && PEER->next == 3);
    SAYS("an entry before next is neither acknowledged nor in flight", PEER->next++);
    SAYS("an append in flight is acknowledged", PEER->next--);
}

static void the_place_of_the_ring_is_free(void **state)
{
    (void)state;
    start_busy_leader();
    const struct raft_peer was = *PEER;
    uint64_t hash = raft_hash(&n.r);
    for (uint32_t head = 0; head < RAFT_INFLIGHT_MAX; head++) {
        twin = n;
        PEER->head = (uint8_t)head;
        memset(PEER->more, 0x5a, sizeof PEER->more);
        memset(PEER->bytes, 0x5a, sizeof PEER->bytes);
        for (uint32_t i = 0; i < was.count; i++) {
            PEER->more[at(i)] = was.more[(was.head + i) % RAFT_INFLIGHT_MAX];
            PEER->bytes[at(i)] = was.bytes[(was.head + i) % RAFT_INFLIGHT_MAX];
        }
        assert_int_equal(raft_check(&twin.r, NULL), 0);
        assert_true(raft_hash(&twin.r) == hash);
    }
    SAYS(SOUND, (PEER->more[at(0)] = was.more[at(1)], PEER->more[at(1)] = was.more[at(0)]));
    assert_true(raft_hash(&twin.r) != hash);   /* they are acknowledged at other places */
    SAYS(SOUND, (PEER->bytes[at(0)] = was.bytes[at(1)], PEER->bytes[at(1)] = was.bytes[at(0)]));
    assert_true(raft_hash(&twin.r) != hash);
}

static void pending_writes_lead_from_what_is_stable_to_the_last_entry(void **state)
{
    (void)state;
    start_busy_leader();
    const uint64_t first = n.r.wid_done + 1, last = n.r.wid_last;
    const char *falls = "a later write makes less durable than an earlier one";
    const char *leaps = "a write makes more durable than it can hold";
    const char *short_of_it = "the latest write does not end with the log";
    SAYS(SOUND, *slot(first + 1) = 7);
    SAYS(falls, *slot(first + 1) = 6);
    SAYS(falls, *slot(first + 1) = 12);
    SAYS(falls, *slot(first) = 5 + RAFT_PROPOSE_MAX);
    SAYS(leaps, *slot(first) = 6 + RAFT_PROPOSE_MAX);
    SAYS(leaps, *slot(first) = 4);
    SAYS(short_of_it, ++*slot(last));
    SAYS(short_of_it, --*slot(last));
    SAYS(short_of_it, twin.r.wid_last--);
    SAYS("an entry is neither durable nor in a write", twin.r.wid_done = last);
    SAYS("stable lies beyond the last index", twin.r.stable = 12);
    SAYS("a write is done that was never issued", twin.r.wid_done = last + 1);
    SAYS("more writes are pending than may be",
         twin.r.wid_last = n.r.wid_done + RAFT_WRITES_MAX + 1);
    SAYS("leads before its own vote is durable", twin.r.hard_wid = last + 1);
    all_written(&n);
    SAYS(SOUND, ++*slot(last));   /* of none that is pending */
    SAYS("an entry is neither durable nor in a write", twin.r.stable--);
    start(&n, &(struct raft_boot){.id = 1, .incarnation = 1, .voters = 7, .options = n.r.options});
    SAYS("term and vote wait for a write that was never issued", twin.r.hard_wid = 1);
}

static void a_peer_knows_nothing_that_its_leader_does_not(void **state)
{
    (void)state;
    start_busy_leader();
    SAYS("next does not lie beyond match", PEER->match = 12);
    SAYS("match lies beyond the last index", (PEER->match = 12, PEER->next = 13));
    SAYS("next lies beyond the end", PEER->next = 13);
    SAYS("no such progress state", PEER->state = RAFT_REPLICATE + 1);
    SAYS("a round is acknowledged that was never opened", PEER->acked_round = n.r.round + 1);
    SAYS("a round is acknowledged that was never opened", PEER->sent_round = n.r.round + 1);
    SAYS("heard from in the future", PEER->contact = n.r.now + 1);
    SAYS("heard from in the future", PEER->acked_start = n.r.now + 1);
    SAYS("told of a commit that is none", PEER->told = n.r.commit + 1);
}

static void a_leader_is_one_of_its_term(void **state)
{
    (void)state;
    start_busy_leader();
    SAYS("the leader's term begins outside its log", twin.r.term_start = 0);
    SAYS("the leader's term begins outside its log", twin.r.term_start = 13);
    SAYS("an entry before the leader's first is of its term", twin.r.term_start = 2);
    SAYS("the leader's first entry is not of its term", twin.r.term++);
    SAYS("no read can wait for the next round", twin.r.round = RAFT_ROUND_MAX);
    SAYS(SOUND, twin.r.round = RAFT_ROUND_MAX - 1);
    SAYS("no lease counts from a round that was never opened", twin.r.round_floor = n.r.round + 1);
    SAYS("there are more marks than rounds", twin.r.marks = 0);
    SAYS("there are more marks than rounds", twin.r.marks = n.r.round + 1);
    SAYS("a round is marked that was never opened",
         twin.r.mark[(n.r.marks - 1) % RAFT_MARKS_MAX].round = n.r.round + 1);
    SAYS("the life has no number", twin.r.incarnation = 0);
    SAYS("the life has no number", twin.r.incarnation = (uint64_t)1 << RAFT_LIFE_BITS);
    SAYS("a candidacy has a number of another life",
         twin.r.try_id += (uint64_t)1 << RAFT_ASKED_BITS);
    SAYS("a read has a number of another life", twin.r.token += (uint64_t)1 << RAFT_ASKED_BITS);
    SAYS("entries are owed to no peer", twin.r.owed = raft_bit(1));
    SAYS("entries are owed to no peer", twin.r.owed = raft_bit(10));
    SAYS(SOUND, twin.r.owed = raft_bit(2) | raft_bit(9));
}

/* Five of nine have more than its disk, and not four. */
static void a_hanging_disk_is_waited_for_where_a_majority_is_ahead(void **state)
{
    (void)state;
    start_busy_leader();
    const char *none = "waits for its disk, and no majority is ahead of it";
    const char *uncounted = "a majority is ahead of the disk, and nobody counts the time";
    const uint64_t timeout = raft_disk_timeout(&n.r);
    SAYS(none, twin.r.disk_due = n.r.now + timeout);
    for (uint8_t peer = 2; peer <= 5; peer++) ack(&n, peer, 7);
    SAYS(none, twin.r.disk_due = n.r.now + timeout);
    ack(&n, 6, 7);
    SAYS(uncounted, twin.r.disk_due = RAFT_NEVER);
    SAYS(uncounted, twin.r.disk_due++);
    SAYS(SOUND, twin.r.disk_due--);
    SAYS(none, twin.r.options.disk_timeout = 0);
    SAYS("its disk hangs, and it leads or stands", twin.r.hung = 1);
    n.now += timeout;
    n.r.options.check_quorum = 0;
    tick(&n);
    assert_true(n.r.role == RAFT_FOLLOWER && n.r.hung);
    SAYS("its disk hangs, and it leads or stands", twin.r.role = RAFT_HALTED);
    SAYS("its disk hangs, and it leads or stands",
         (twin.r.role = RAFT_PRECANDIDATE, twin.r.granted = raft_bit(1)));
    all_written(&n);
    SAYS("its disk hangs, and no write waits", twin.r.hung = 1);
}

static void reads_wait_for_rounds_that_do_not_fall(void **state)
{
    (void)state;
    start_busy_leader();
    for (uint64_t id = 1; id <= 3; id++) read_at(&n, id);
    const uint64_t round = n.r.round;
    assert_true(n.r.reads[0].round == round && n.r.reads[1].round == round + 1);
    SAYS("reads wait for falling rounds", twin.r.reads[2].round--);
    SAYS(SOUND, twin.r.role = RAFT_HALTED; twin.r.leader = RAFT_NONE; twin.r.owed = 0;
         twin.r.lease_until = 0; twin.r.reads[2].round--);
    SAYS("a read waits for a round that is not next", twin.r.reads[2].round++);
    SAYS("a read would see what is not committed", twin.r.reads[1].index = n.r.commit + 1);
    const char *not_given = "a read waits under a number that this life has not given";
    SAYS(not_given, twin.r.reads[0].token = n.r.token + 1);
    SAYS(not_given, twin.r.reads[0].token -= (uint64_t)1 << RAFT_ASKED_BITS);
    SAYS("more reads wait than may", twin.r.nreads = RAFT_READS_MAX + 1);
}

/* One who campaigns and has two of nine votes beside its own, and one against it. */
static void start_candidate(void)
{
    struct raft_boot boot = boot_of(1, 9);
    boot.options.prevote = 0;
    boot.term = 4;
    boot.runs = (const struct raft_run[]){{2, 300}, {4, 1}};
    boot.nruns = 2;
    start(&n, &boot);
    expire(&n);
    all_written(&n);
    for (uint8_t from = 2; from <= 4; from++) {
        recv_msg(&n, reply_of(&n, RAFT_MSG_VOTE_REPLY, from, 5, from == 4));
    }
    assert_true(n.r.role == RAFT_CANDIDATE && n.r.granted == 7 && n.r.refused == 8);
}

static void a_candidate_counts_each_voter_once(void **state)
{
    (void)state;
    start_candidate();
    SAYS("no such role", twin.r.role = RAFT_HALTED + 1);
    SAYS("campaigns and follows a leader", twin.r.leader = 2);
    SAYS("leads, and does not know it, or the reverse", twin.r.leader = 1);
    SAYS("campaigns or leads without a vote",
         (twin.r.voters ^= raft_bit(1) | raft_bit(10), twin.r.npeers = 0));
    SAYS("leads without its own vote", twin.r.vote = 2);
    SAYS("a candidate does not count itself", twin.r.granted &= ~raft_bit(1));
    SAYS("a voter answered both ways", twin.r.refused |= raft_bit(2));
    SAYS("one who has no vote was counted", twin.r.granted |= raft_bit(10));
    SAYS("votes are left over", twin.r.role = RAFT_FOLLOWER);
    SAYS("holds a lease and does not lead", twin.r.lease_until = 1);
    SAYS("owes entries and does not lead", twin.r.owed = raft_bit(2));
    SAYS("the term is too large", twin.r.term = RAFT_TERM_MAX + 1);
    read_at(&n, 1);
    SAYS("a read of a leader waits at another", twin.r.reads[0].round = 1);
    SAYS("a read of a leader waits at another", twin.r.reads[0].from = RAFT_NODES_MAX);
    start(&n, &(struct raft_boot){.id = 1, .incarnation = 1, .voters = 7, .options = n.r.options});
    SAYS("vote or leader is no node", twin.r.vote = RAFT_NODES_MAX + 1);
    SAYS("vote or leader is no node", twin.r.leader = RAFT_NODES_MAX + 1);
    start_busy_leader();
    SAYS("holds a lease though leases are off", twin.r.lease_until = 1);
}

static void a_log_is_runs_that_rise(void **state)
{
    (void)state;
    start_candidate();
    SAYS("the log's room is not what its option says", twin.r.log.room--);
    SAYS("the log has more runs than it may", twin.r.log.nruns = KIT_TERMS + 1);
    SAYS("runs and last index disagree about emptiness", twin.r.log.nruns = 0);
    SAYS("the runs do not end at the last index", twin.r.log.last++);
    SAYS("the terms of runs do not rise", twin.runs[1].term = 2);
    SAYS("a run is empty", twin.runs[0].last = 301);
    SAYS("the log holds a term above the node's", twin.runs[1].term = 6);
    SAYS("the window begins outside the log", twin.r.log.known = 0);
    SAYS("the window begins outside the log", twin.r.log.known = 303);
    SAYS("the window is larger than it is", twin.r.log.known = 302 - RAFT_WINDOW - 1);
    SAYS(SOUND, twin.r.log.known = 302 - RAFT_WINDOW);
    SAYS("commit lies beyond the last index", twin.r.commit = 302);
}

static void a_node_is_one_of_those_it_counts(void **state)
{
    (void)state;
    start_busy_leader();
    SAYS("the node has no id", twin.r.id = 0);
    SAYS("the node has no id", twin.r.id = RAFT_NODES_MAX + 1);
    SAYS("the voters are miscounted", twin.r.nvoters--);
    SAYS("the voters are miscounted", twin.r.nvoters = 0; twin.r.voters = 0);
    SAYS("the majority is none", twin.r.majority--);
    SAYS("the peers are miscounted", twin.r.npeers--);
    SAYS("the options became invalid", twin.r.options.max_entries = RAFT_PROPOSE_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest core_check[] = {
        cmocka_unit_test(what_is_in_flight_lies_between_match_and_next_and_fills_it),
        cmocka_unit_test(one_append_in_flight_is_the_nearest_to_none),
        cmocka_unit_test(the_place_of_the_ring_is_free),
        cmocka_unit_test(pending_writes_lead_from_what_is_stable_to_the_last_entry),
        cmocka_unit_test(a_peer_knows_nothing_that_its_leader_does_not),
        cmocka_unit_test(a_leader_is_one_of_its_term),
        cmocka_unit_test(a_hanging_disk_is_waited_for_where_a_majority_is_ahead),
        cmocka_unit_test(reads_wait_for_rounds_that_do_not_fall),
        cmocka_unit_test(a_candidate_counts_each_voter_once),
        cmocka_unit_test(a_log_is_runs_that_rise),
        cmocka_unit_test(a_node_is_one_of_those_it_counts),
    };
    return cmocka_run_group_tests(core_check, NULL, NULL);
}
