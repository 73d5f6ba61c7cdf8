/* SPDX-License-Identifier: MIT */
/* What a host sees of the contract that its system under test breaks, and what is none of that: of
 * what it does with the reads and the proposals of clients. */
#include "scripted.h"

static void a_read_is_answered_that_was_asked(void **state)
{
    (void)state;
    fx.reads[0] = (struct sut_read){.id = UINT64_C(1) << 32 | 7};
    fx.nreads = 1;
    step();
    BREAKS(READ);
    assert_string_equal(fired("contract")->detail,
                        "n1 answers read 1 of op 7, which nobody waits for at 0.000s");
}

/* An operation of a client arrives at node 1; returns its number. */
static uint32_t client_asks(uint8_t verb)
{
    const struct op_request asks = {.client = c1, .verb = verb, .node = 1, .a = 1};
    const uint32_t op = client_invoke(w, &asks);
    world_run(w, w->now + MS(5));
    return op;
}

static void a_read_is_answered_once(void **state)
{
    (void)state;
    const uint64_t id = UINT64_C(1) << 32 | client_asks(OP_READ);
    fx.reads[0] = (struct sut_read){.id = id};
    fx.nreads = 1;
    step();
    KEEPS();
    fx.reads[0] = (struct sut_read){.id = id};
    fx.nreads = 1;
    step();
    BREAKS(READ);
}

/* It answers a read by lease, whose lease lasts until this time of its own clock. */
static void reads_by_lease(uint64_t until)
{
    in_term_1(0);
    const uint64_t id = UINT64_C(1) << 32 | client_asks(OP_READ);
    fx.delta.changed = SUT_CHANGED_LEASE;
    fx.delta.lease_until = until;
    fx.reads[0] = (struct sut_read){.id = id, .lease = true};
    fx.nreads = 1;
    step();
}

static void who_has_a_lease_reads_by_it(void **state)
{
    (void)state;
    reads_by_lease(clock_local(w, 1) + SEC(1));
    KEEPS();
}

static void who_has_none_does_not(void **state)
{
    (void)state;
    reads_by_lease(0);
    BREAKS(READ_LEASE);
}

static void nor_does_who_had_one(void **state)
{
    (void)state;
    reads_by_lease(clock_local(w, 1) + MS(5));          /* the question takes so long */
    BREAKS(READ_LEASE);
}

/* An answer of n2 arrives, by which n1 answers its client: as it says, by lease. */
static void reads_by_the_lease_of_another(bool by_lease)
{
    in_term_1(0);
    const uint64_t id = UINT64_C(1) << 32 | client_asks(OP_READ);
    const struct msg_label label = {.type = MSG_READ_INDEX_REPLY, .from = 2, .to = 1, .term = 1,
                                    .flags = by_lease ? LABEL_LEASE : 0};
    struct message *m = message_new(w, &label, 0);
    m->by_lease = by_lease;
    fx.reads[0] = (struct sut_read){.id = id, .lease = true};
    fx.nreads = 1;
    host_receive(w, 1, m);
}

static void who_was_told_of_a_lease_reads_by_it(void **state)
{
    (void)state;
    reads_by_the_lease_of_another(true);
    KEEPS();
}

static void who_was_told_of_none_does_not(void **state)
{
    (void)state;
    reads_by_the_lease_of_another(false);
    BREAKS(READ_LEASE);
}

static void vouches_for_a_read(uint64_t until)
{
    in_term_1(0);
    fx.delta.changed = SUT_CHANGED_LEASE;
    fx.delta.lease_until = until;
    sends(MSG_READ_INDEX_REPLY, 2, 0)->flags = LABEL_LEASE;
    step();
}

static void who_has_a_lease_vouches_by_it(void **state)
{
    (void)state;
    vouches_for_a_read(clock_local(w, 1) + SEC(1));
    KEEPS();
}

static void who_has_none_vouches_for_nobody(void **state)
{
    (void)state;
    vouches_for_a_read(0);
    BREAKS(LENT_LEASE);
}

static void a_proposal_that_is_taken_is_appended(void **state)
{
    (void)state;
    in_term_1(0);
    appends_one();
    fx.delta.origin = SUT_FROM_PROPOSAL;
    client_asks(OP_WRITE);
    KEEPS();
    client_asks(OP_WRITE);
    KEEPS();                                    /* it waits behind the first */
}

static void or_it_is_lost(void **state)
{
    (void)state;
    in_term_1(0);
    client_asks(OP_WRITE);
    BREAKS(PROPOSAL);
}

/* ---- what it does not take ------------------------------------------------------------------- */

static uint32_t dropped_as_busy(void)
{
    uint32_t n = 0;
    const uint64_t kept = w->records < DIGEST_BATCH ? w->records : DIGEST_BATCH;
    for (uint64_t i = w->records - kept; i < w->records; i++) {
        const struct record *r = &w->buffer[i % DIGEST_BATCH];
        n += r->kind == REC_DROP && rec_dropped(r) == DROP_BUSY &&
             rec_type(r) == MSG_CLIENT_REQUEST;
    }
    return n;
}

static void a_read_that_is_refused_is_told_to_its_client(void **state)
{
    (void)state;
    in_term_1(0);
    step_returns = SUT_NOT_LEADER;
    const uint32_t op = client_asks(OP_READ);
    assert_int_equal(world_op(w, op)->outcome, OUT_NOT_LEADER);
    assert_int_equal(dropped_as_busy(), 0);
    assert_int_equal(w->count.ops_refused, 0);          /* who sent it there had chosen the node */
    KEEPS();
}

static void a_read_without_room_is_lost_and_a_record_says_so(void **state)
{
    (void)state;
    in_term_1(0);
    step_returns = SUT_BUSY;
    const uint32_t op = client_asks(OP_READ);
    assert_int_equal(world_op(w, op)->outcome, OUT_PENDING);
    assert_int_equal(dropped_as_busy(), 1);
    KEEPS();
}

/* One more copy of a request arrives at node 1. */
static void copy_arrives(uint32_t op)
{
    const struct msg_label label = {.type = MSG_CLIENT_REQUEST, .from = c1, .to = 1, .round = op,
                                    .log_term = 1};
    struct message *m = message_new(w, &label, 0);
    m->op = op;
    m->attempt = 1;
    host_receive(w, 1, m);
}

/* Proposals that a SUT has no room for wait for the next batch, of 256 at most. */
static void a_write_without_room_is_lost_and_a_record_says_so(void **state)
{
    (void)state;
    tank_plan.host[1].batch = 1;
    in_term_1(0);
    step_returns = SUT_BUSY;
    const uint32_t op = client_asks(OP_WRITE);
    assert_int_equal(replica_of(w, 1, 0)->batch_n, 1);
    for (uint32_t waiting = 1; waiting < 256; waiting++)
        copy_arrives(op);
    assert_int_equal(replica_of(w, 1, 0)->batch_n, 256);
    assert_int_equal(dropped_as_busy(), 0);
    copy_arrives(op);
    assert_int_equal(replica_of(w, 1, 0)->batch_n, 256);
    assert_int_equal(dropped_as_busy(), 1);
    KEEPS();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED(a_read_is_answered_that_was_asked),
        SCRIPTED(a_read_is_answered_once),
        SCRIPTED(who_has_a_lease_reads_by_it),
        SCRIPTED(who_has_none_does_not),
        SCRIPTED(nor_does_who_had_one),
        SCRIPTED(who_was_told_of_a_lease_reads_by_it),
        SCRIPTED(who_was_told_of_none_does_not),
        SCRIPTED(who_has_a_lease_vouches_by_it),
        SCRIPTED(who_has_none_vouches_for_nobody),
        SCRIPTED(a_proposal_that_is_taken_is_appended),
        SCRIPTED(or_it_is_lost),
        SCRIPTED(a_read_that_is_refused_is_told_to_its_client),
        SCRIPTED(a_read_without_room_is_lost_and_a_record_says_so),
        SCRIPTED(a_write_without_room_is_lost_and_a_record_says_so),
    };
    return cmocka_run_group_tests_name("sim_contract_clients", tests, NULL, NULL);
}
