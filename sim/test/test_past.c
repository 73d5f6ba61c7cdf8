/* SPDX-License-Identifier: MIT */
/* Could a correct node have sent this? Whatever was sent could have been; and what contradicts the
 * run could not. */
#include "tank.h"

#include <stdio.h>
#include <string.h>

#include "../../core/raft.h"
#include "../lang/past.h"
#include "../trace/filter.h"

enum { SENT_MAX = 60000, ONE_IN = 17 };

static struct past past;
static struct injection sent[SENT_MAX];
static uint32_t nsent;
static uint32_t composed[MSG_TYPES];

/* From the label of what the core sent, compose makes the same bytes; but of an append that the
 * host filled the core remembers how much it might have held. */
static void compose_again(const struct world *w, const struct record *r)
{
    uint64_t again[SUT_MSG_BYTES / 8];
    const struct message *m = message_at(w, w->message_told);
    assert_true(m->number == rec_message(r));
    const struct raft_msg *sent_by_core = (const void *)m->bytes;
    if (sent_by_core->max_n)
        return;
    uint32_t n = w->sut->compose(&m->label, sent_by_core->hint, sent_by_core->nruns,
                                 (const struct sut_run *)(const void *)sent_by_core->runs, again);
    if (n != m->nbytes || memcmp(again, m->bytes, n))
        fail_msg("n%u -> n%u %s of term %u comes out another", r->node, r->peer,
                 msg_type_name(rec_type(r)), (unsigned)r->term);
    composed[rec_type(r)]++;
}

static void hear(struct world *w, const struct record *r)
{
    past_note(w, &past, r);
    if (r->kind == REC_SEND && rec_type(r) <= MSG_COMMIT_NOTIFY)
        compose_again(w, r);
    if (r->kind != REC_SEND || rec_type(r) > MSG_COMMIT_NOTIFY || nsent == SENT_MAX)
        return;
    struct injection *in = &sent[nsent++];
    *in = (struct injection){.label = record_label(r)};
    if (rec_type(r) == MSG_APPEND && in->label.entries)
        in->entry = store_at(w, replica_of(w, r->node, 0)->head,
                             in->label.index + in->label.entries);
    if (rec_type(r) == MSG_APPEND_REPLY)
        in->label.log_term = 0;                         /* of the hint, which records do not tell */
}

static void no_call(struct world *w, uint32_t arg)
{
    (void)w;
    (void)arg;
}

static record_hook *const hear_hooks[REC_KINDS] = {
#define RECORD_HOOK(KIND) hear
#include "../world/record_hooks.inc"
};

static const struct watch watch = {.fault_name = tank_fault_name, .occasion_name = tank_fault_name,
                                   .record = hear_hooks, .call = no_call};

static struct world *open_past(uint64_t seed)
{
    struct arena *block = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    assert_non_null(block);
    past_start(&past);
    nsent = 0;
    return world_init(block, &tank_plan, &watch, seed, false);
}

/* Five nodes that write, lose messages, crash, come back and are cut off. */
static struct world *weather(uint64_t seed)
{
    tank_prepare(5, 2);
    for (uint8_t n = 0; n <= NODES_MAX; n++)
        tank_plan.host[n].batch = n % 3 + 1;
    struct world *w = open_past(seed);
    for (uint8_t a = 1; a <= 5; a++)
        for (uint8_t b = 1; b <= 5; b++)
            if (a != b) {
                net_link(w, a, b)->loss_ppm = 100000;
                net_link(w, a, b)->reorder_ppm = 200000;
                net_link(w, a, b)->reorder_by = MS(60);
            }
    world_start(w);
    workload_start(w, &(struct workload){.first = 17,
                                         .count = 2,
                                         .keys = 4,
                                         .write_ppm = 1000000,
                                         .pause_min = MS(1),
                                         .pause_max = MS(5),
                                         .timeout = MS(80),
                                         .stop = NEVER});
    for (uint32_t k = 0; k < 16; k++) {
        uint8_t n = (uint8_t)(1 + (k * 7 + seed) % 5), leader = host_leader(w, 0);
        world_run(w, w->now + MS(300));
        if (leader && k % 2) {
            for (uint8_t b = 1; b <= 5; b++)
                if (b != leader)
                    net_cut(w, leader, b);
            world_run(w, w->now + MS(150));
            net_heal_all(w);
        }
        host_crash(w, n);
        host_campaign(w, replica_of(w, n % 5 + 1, 0), true);
        world_run(w, w->now + MS(150));
        host_boot(w, n);
    }
    return w;
}

static void whatever_was_sent_could_have_been_sent(void **state)
{
    (void)state;
    uint32_t seen[MSG_TYPES] = {0}, refusals = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct world *w = weather(seed);
        for (uint32_t i = 0; i < nsent; i++) {
            struct doubt d;
            const struct msg_label *l = &sent[i].label;
            if (l->type > MSG_PREVOTE_REPLY && (i + seed) % ONE_IN)
                continue;
            if (!past_allows(w, &past, &sent[i], &d))
                fail_msg("seed %u: n%u -> n%u %s term %u index %u: %s", (unsigned)seed, l->from,
                         l->to, msg_type_name(l->type), (unsigned)l->term, (unsigned)l->index,
                         d.why);
            seen[l->type]++;
            refusals += l->type == MSG_APPEND_REPLY && (l->flags & LABEL_REJECT);
        }
        tank_close(w);
    }
    for (int type = MSG_VOTE; type <= MSG_COMMIT_NOTIFY; type++)
        assert_in_range(seen[type], 10, UINT32_MAX);
    assert_in_range(refusals, 10, UINT32_MAX);
}

static void what_is_composed_is_what_the_core_would_have_sent(void **state)
{
    (void)state;
    memset(composed, 0, sizeof composed);
    for (uint64_t seed = 1; seed <= 6; seed++)
        tank_close(weather(seed));
    for (int type = MSG_VOTE; type <= MSG_COMMIT_NOTIFY; type++)
        assert_in_range(composed[type], 10, UINT32_MAX);
    uint64_t bytes[SUT_MSG_BYTES / 8];
    assert_int_equal(suts[0]->compose(&(struct msg_label){.type = MSG_PROPOSE}, 0, 0, NULL, bytes),
                     0);
}

static bool is_refused(const struct world *w, struct injection in, enum clause clause)
{
    struct doubt d;
    if (past_allows(w, &past, &in, &d))
        return false;
    assert_int_equal(d.clause, clause);
    return true;
}

/* Each message, with one number changed so that the run contradicts it. */
static void what_contradicts_the_run_could_not_have_been_sent(void **state)
{
    (void)state;
    uint32_t seen = 0;
    struct world *w = weather(3);
    for (uint32_t i = 0; i < nsent; i++) {
        struct injection in = sent[i];
        struct msg_label *l = &in.label;
        if (l->type > MSG_PREVOTE_REPLY && i % ONE_IN)
            continue;
        uint8_t type = l->type;
        bool refuses = l->flags & LABEL_REJECT;
        in.label.term += 1000;
        assert_true(is_refused(w, in, CLAUSE_TERM));
        in = sent[i];
        if (type == MSG_APPEND || type == MSG_HEARTBEAT || type == MSG_COMMIT_NOTIFY) {
            l->commit += 100000;
            assert_true(is_refused(w, in, CLAUSE_COMMIT));
            l->commit = 0;
            l->round += 100000;
            assert_true(is_refused(w, in, CLAUSE_ROUND));
            l->from = l->from % 5 + 1;
            assert_true(is_refused(w, in, CLAUSE_TERM));   /* another node did not lead that term */
        } else if (type == MSG_VOTE || type == MSG_PREVOTE) {
            l->index++;
            assert_true(is_refused(w, in, CLAUSE_LAST));
        } else if (type == MSG_VOTE_REPLY && !refuses) {
            l->to = l->to % 5 + 1;
            if (l->to != l->from)
                assert_true(is_refused(w, in, CLAUSE_ANSWER)); /* one vote a term */
        } else if (type == MSG_APPEND_REPLY && !refuses) {
            l->index += 100000;
            assert_true(is_refused(w, in, CLAUSE_INDEX));
        }
        seen |= 1u << type;
    }
    assert_int_equal(seen, 0x3fe);
    tank_close(w);
}

static void an_append_carries_the_entries_of_its_leader(void **state)
{
    (void)state;
    uint32_t seen = 0;
    struct world *w = weather(4);
    for (uint32_t i = 0; i < nsent; i++) {
        struct injection in = sent[i];
        if (in.label.type != MSG_APPEND || !in.label.entries || seen == 20)
            continue;
        const uint32_t parent = store_parent(w, in.entry);
        const uint64_t term = store_term(w, in.entry);
        in.entry = 0;
        assert_true(is_refused(w, in, CLAUSE_ENTRIES));
        in.entry = store_create(w, 0, 0, parent, term, 0, 0, NULL);
        assert_true(is_refused(w, in, CLAUSE_ENTRIES));
        in = sent[i];
        in.label.log_term++;
        assert_true(is_refused(w, in, CLAUSE_PREV));
        seen++;
    }
    assert_int_equal(seen, 20);
    tank_close(w);
}

/* What lay on disks before the run has a history that nobody saw. */
static void before_the_run_all_was_possible_that_the_disks_allow(void **state)
{
    (void)state;
    static const struct preload_entry log[] = {{.term = 1}, {.term = 2}, {.term = 2}};
    tank_prepare(3, 0);
    for (uint8_t n = 1; n <= 3; n++)
        tank_plan.preload[n] =
            (struct preload){.term = 3, .vote = 2, .set = 1, .nentries = 3, .entries = log,
                             .commit = 1};
    struct world *w = open_past(1);
    struct doubt d;
    world_start(w);
    struct injection in = {
        .label =
            {.type = MSG_APPEND, .from = 1, .to = 3, .term = 2, .index = 1, .log_term = 1,
             .entries = 2, .commit = 1},
        .entry = replica_of(w, 1, 0)->head};
    assert_true(past_allows(w, &past, &in, &d));
    in.label.commit = 2;
    assert_false(past_allows(w, &past, &in, &d));
    in.label.commit = 1;
    in.label.log_term = 2;
    in.label.index = 4;
    in.label.entries = 0;
    assert_false(past_allows(w, &past, &in, &d));       /* nothing like it lay there */
    in.label.index = 3;
    assert_true(past_allows(w, &past, &in, &d));
    in.label.log_term = 1;
    in.label.index = 1;
    in.label.entries = 2;
    in.label.term = 3;
    assert_false(past_allows(w, &past, &in, &d));       /* it voted for n2 in that term */
    in.label.from = 2;
    assert_true(past_allows(w, &past, &in, &d));
    in.label.term = 4;
    assert_false(past_allows(w, &past, &in, &d));
    in = (struct injection){.label = {.type = MSG_VOTE_REPLY, .from = 3, .to = 2, .term = 3}};
    assert_true(past_allows(w, &past, &in, &d));
    in.label.to = 1;
    assert_false(past_allows(w, &past, &in, &d));
    in.label.term = 2;
    assert_true(past_allows(w, &past, &in, &d));
    in = (struct injection){.label = {.type = MSG_APPEND_REPLY, .from = 3, .to = 2, .term = 3,
                                      .index = 3}};
    assert_true(past_allows(w, &past, &in, &d));
    in.label.index = 4;
    assert_false(past_allows(w, &past, &in, &d));
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_past[] = {
        cmocka_unit_test(whatever_was_sent_could_have_been_sent),
        cmocka_unit_test(what_is_composed_is_what_the_core_would_have_sent),
        cmocka_unit_test(what_contradicts_the_run_could_not_have_been_sent),
        cmocka_unit_test(an_append_carries_the_entries_of_its_leader),
        cmocka_unit_test(before_the_run_all_was_possible_that_the_disks_allow),
    };
    return cmocka_run_group_tests(sim_past, NULL, NULL);
}
