/* SPDX-License-Identifier: MIT */
/* A world whose nodes never boot, and messages made up in it: for tests of surgery. */
#ifndef WT_TEST_SURGEON_H
#define WT_TEST_SURGEON_H

#include "tank.h"

#include "../world/surgery.h"

enum { FROM = 1, TO = 2 };

/* A made-up message that two nodes which never boot exchange: its term is its name. */
static inline uint32_t send(struct world *w, uint8_t type, uint64_t term)
{
    struct message *m = message_new(w, &(struct msg_label){.type = type, .from = FROM, .to = TO,
                                                           .term = term}, 0);
    const uint32_t slot = m->slot;
    net_send(w, m);
    return slot;
}

static inline struct world *quiet_world(void)
{
    tank_prepare(3, 1);
    tank_plan.host[0].link_delay_min = tank_plan.host[0].link_delay_max = MS(10);
    return tank_open(1);
}

/* The terms of the records of a kind, in order, as one number: 1, 2, 3 is 123. Nobody is up, so
 * whatever arrives is a drop there. */
static inline uint64_t terms_of(enum record_kind kind, enum drop_reason why)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < tank_n; i++)
        if (tank_records[i].kind == kind && (!why || rec_dropped(&tank_records[i]) == why))
            all = all * 10 + tank_records[i].term;
    return all;
}

static inline uint64_t arrived(void) { return terms_of(REC_DROP, DROP_DOWN); }

static inline struct rule rule(enum rule_act act, uint32_t left)
{
    return (struct rule){.act = (uint8_t)act, .left = left, .hold = act == RULE_HOLD, .copies = 1,
                         .until = NEVER, .tag = 7, .must_come = true};
}

static inline void add(struct world *w, struct rule r) { assert_true(surgery_rule(w, &r)); }

#endif
