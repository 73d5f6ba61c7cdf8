/* SPDX-License-Identifier: MIT */
/* Records for the tests of `stability`, and of other rules on what leaders send and hear: a judged
 * world in which one rule alone is asked. Minimum election timeout 150 ms, maximum 300 ms,
 * heartbeat 30 ms. */
#ifndef WT_TEST_CALM_H
#define WT_TEST_CALM_H

#include "test_check.h"

enum { LEAST = 150 };
static uint64_t numbers;

static inline void open_asking(int asked, uint8_t nodes)
{
    numbers = 0;
    tank_prepare(nodes, 2);
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1,
                   true);
    judge_start(w);
    world_configure(w);
    for (int check = 0; check < CHECKS; check++)
        if (check != asked)
            judge_disable(w, check);
    for (uint8_t n = 1; n <= nodes; n++)
        boot(n, 0, 0, 0);
}

static inline int open_calm(void **state)
{
    (void)state;
    open_asking(CHECK_stability, 3);
    return 0;
}

/* ---- records --------------------------------------------------------------------------------- */

static inline struct record *label(enum record_kind kind, uint8_t node, uint8_t peer, uint8_t type,
                            uint64_t t)
{
    struct record *r = record_new(w, kind, node);
    r->peer = peer;
    r->term = t;
    rec_set_type(r, type);
    rec_set_message(r, ++numbers);
    return r;
}

static inline uint64_t given(uint8_t node, uint8_t from, uint8_t type, uint64_t t)
{
    label(REC_DELIVER, node, from, type, t);
    return done();
}

/* As done, but what comes next belongs to the same instant. */
static inline void at_once(void)
{
    record_done(w);
}

static inline void drop(uint8_t to, uint8_t from, uint8_t why)
{
    struct record *r = label(REC_DROP, from, to, MSG_HEARTBEAT, 1);
    rec_set_message(r, --numbers);
    rec_set_dropped(r, why);
    done();
}

static inline void beats(uint8_t leader, uint8_t to, uint64_t t, uint32_t round)
{
    rec_set_round(label(REC_SEND, leader, to, MSG_HEARTBEAT, t), round);
    done();
}

static inline void answers(uint8_t leader, uint8_t from, uint64_t t, uint32_t round)
{
    struct record *r = label(REC_DELIVER, leader, from, MSG_HEARTBEAT_REPLY, t);
    rec_set_round(r, round);
    rec_set_asked(r, t);
    done();
}

static inline uint64_t requests(uint8_t voter, uint8_t from, uint64_t t, uint32_t try)
{
    struct record *r = label(REC_DELIVER, voter, from, MSG_VOTE, t);
    rec_set_try_boot(r, 1);
    rec_set_try(r, try);
    return done();
}

static inline uint64_t refuses(uint8_t voter, uint8_t to, uint64_t t, uint32_t try)
{
    struct record *r = label(REC_SEND, voter, to, MSG_VOTE_REPLY, t);
    rec_set_try_boot(r, 1);
    rec_set_try(r, try);
    rec_set_asked(r, t);
    rec_set_flags(r, LABEL_REJECT);
    return done();
}

static inline uint64_t follow(uint8_t n, uint8_t leader, uint64_t t)
{
    struct record *r = record_new(w, REC_ROLE, n);
    rec_set_role(r, SUT_FOLLOWER);
    rec_set_leader(r, leader);
    r->term = t;
    return done();
}

/* A message of a leader arrives, and its receiver follows. */
static inline uint64_t hears(uint8_t node, uint8_t leader, uint8_t type, uint64_t t)
{
    label(REC_DELIVER, node, leader, type, t);
    at_once();
    const uint64_t heard = w->records;
    record_new(w, REC_TERM, node)->term = t;
    at_once();
    follow(node, leader, t);
    return heard;
}

/* A node that stands is refused by another, and gives up. */
static inline void gives_up(uint8_t node, uint8_t to, uint64_t t)
{
    rec_set_flags(label(REC_DELIVER, node, to, MSG_PREVOTE_REPLY, t), LABEL_REJECT);
    at_once();
    follow(node, 0, t);
}

static inline void passes(uint64_t ms) { w->now += MS(ms); }

static inline uint64_t asks(uint8_t n, uint64_t t) { return role(n, SUT_PRECANDIDATE, t, 0); }

/* n1 leads term 1, and all have it on their disks. */
static inline void n1_leads(void)
{
    elect(1, 2, 1, 0, 0);
    term(3, 1, 0);
    durable(3, 1, 0, 0);
    follow(2, 1, 1);
    follow(3, 1, 1);
}

static inline void expect_worse(uint64_t first, uint64_t second)
{
    const struct violation *v = fired("stability");
    assert_non_null(v);
    assert_int_equal(v->first, first);
    assert_int_equal(v->second, second);
    assert_int_equal(w->stop, STOP_NONE);               /* what is worse may still come */
}

#define CALM(test) cmocka_unit_test_setup_teardown(test, open_calm, close_it)

#endif
