/* SPDX-License-Identifier: MIT */
/*
 * What a world is made of: links, processes with their clocks, the replicas that they hold,
 * messages, clients with their operations, and what is counted. world.h holds them together and
 * says what moves them. Nothing in them points: see there.
 */
#ifndef WT_PARTS_H
#define WT_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "../sut/sut.h"
#include "plan.h"

/* A directed link. Delay is drawn uniformly from [delay_min, delay_max]; unless reordered, a
 * message never overtakes. */
struct link {
    uint32_t cuts;                  /* how many faults cut it now; 0: open */
    uint32_t inflight, capacity;    /* messages; capacity 0: no bound */
    uint32_t loss_ppm, dup_ppm, reorder_ppm;
    uint64_t delay_min, delay_max;
    uint64_t lag;                   /* added to every delay */
    uint64_t last_at;               /* delivery time of the latest in-order message */
    uint64_t ordinal[4];            /* draws of NET_DELAY, NET_LOSS, NET_DUP, NET_REORDER */
    uint64_t bandwidth;             /* bytes a second; 0: no bound */
    uint64_t busy_until;            /* bandwidth: when the line is free */
    uint64_t reorder_by;            /* a reordered message waits up to this longer and lets others
                                       overtake it */
};

/* local = base_local + (true - base_true) * num / den, rounded down; num 0 is a frozen clock. */
struct clock {
    uint64_t base_true, base_local;
    uint32_t num, den;
    uint64_t violated_at;           /* latest true time at which it left the declared drift bound
                                       (jump, freeze, rate beyond it), NEVER: kept always */
    bool outside;                   /* it is outside the bound now */
    bool frozen;
    uint32_t thaw_num;              /* rate to return to */
    uint64_t bound_ppm;             /* the declared drift bound of its node (the SUT's
                                       option lease-drift-bound) */
};

/* A node's durable image: what lies on its disk. The log that ends in `head` may have holes; a
 * restart finds it up to the first (store_readable). */
struct image { uint64_t term; uint32_t head; uint8_t vote; uint8_t zero[3]; };

/* A server: what stands and falls together, however many groups have a replica there. */
struct process {
    struct clock clock;
    uint64_t timer_at;            /* true time of the timer event in the queue, NEVER: none */
    uint64_t timer_for;           /* a deadline, local, for which it comes early enough, and for
                                     every later one */
    uint32_t timer_generation;    /* only the timer event of this generation counts */
    uint32_t boots;               /* 0: never started */
    uint64_t timers_in_a_row;     /* timer events at one instant: a deadline that does not move is
                                     a limit */
    uint64_t options;             /* arena offset of the SUT's options since an upgrade;
                                     0: the plan's */
    uint32_t held, held_last;     /* messages that wait for durability, by number in the journal:
                                     message slots; 0: none */
    uint32_t inbox, inbox_last;   /* messages that wait while it is paused */
    bool up;
    bool manual;                  /* no deadline wakes it: host_manual */
    uint8_t pauses;               /* how many faults pause it now */
};

/* Who has a say in a group: joint consensus while `outgoing` is not empty. */
struct configuration { node_set voters, outgoing, learners; };

struct group {
    struct configuration config;    /* in force, by what is committed */
    uint64_t committed;             /* the greatest index that a leader of it ever committed */
    uint32_t under_way;             /* messages from node to node that a link carries */
};

/* A group's part in a process: a SUT, its log in memory, its state machine, and the operations that
 * it owes. What it says of itself is what its steps told. */
struct replica {
    uint64_t state;               /* arena offset of the SUT's state */
    uint64_t kv;                  /* arena offset of its state machine */
    uint64_t applied, commit, term;
    uint64_t lease_until;         /* local */
    uint64_t boot_ordinal;
    uint64_t told;                /* the write of which it was told last that it is durable */
    uint32_t head;                /* log in memory: entry id of its last */
    uint32_t applied_head;        /* entry id applied last */
    uint64_t reads_next;          /* the least of the indexes for which reads wait */
    uint32_t reads;               /* reads whose index is not applied here yet */
    uint16_t batch_n, batch_room; /* operations gathered for one proposal, and how many there is
                                     room for */
    uint64_t batch;               /* arena offset of struct batched[batch_room] */
    uint64_t asked;               /* arena offset of struct asked[clients + 1]: the read that each
                                     client has here */
    uint16_t group;
    uint8_t node;                 /* its process */
    uint8_t role, leader, vote;
    bool halted;
    bool batch_due;               /* an EV_BATCH stands in the queue */
};

enum { MESSAGE_BYTES = 64 };    /* that a message takes on a link, beside the entries it carries */

/* A message lies in a slot of one of two sizes: most need little room for what the SUT says. A
 * slot's number is its place in the arena, in lines of MESSAGE_UNIT bytes. */
enum { MESSAGE_LITTLE = 96, MESSAGE_UNIT = 64 };
struct message {
    struct msg_label label;
    uint64_t wid;               /* the write that it waits for, as the SUT names it; while held,
                                   by its number in the journal */
    uint64_t number;            /* unique in the run */
    uint32_t entry;             /* APPEND: last entry it carries */
    uint32_t op, attempt;       /* PROPOSE, CLIENT_*: the operation */
    uint32_t next;              /* list */
    uint32_t slot;              /* what lists and events name it by */
    uint16_t nbytes;
    bool roomy;                 /* there is room for SUT_MSG_BYTES, not only for MESSAGE_LITTLE */
    bool forged : 1;            /* injected as unsafe: no correct node could have sent it */
    bool by_lease : 1;          /* READ_INDEX_REPLY: its sender held a lease when it sent it */
    uint64_t bytes[];
};

/* One operation of a client: the history that linearizability is judged by, kept for ever. */
struct op {
    uint64_t invoked, returned;     /* true ns; returned NEVER: pending, or unknown for ever */
    uint64_t a, b, result;          /* values */
    uint32_t index;                 /* log index of its effect or read index, as its client was
                                       told; 0 unknown, UINT32_MAX: beyond every log */
    uint32_t seq;                   /* the client's session number; 0: it never left its client */
    uint32_t errand;                /* number of its struct errand, 0: none (any more) */
    uint16_t key;
    uint8_t client;                 /* actor */
    uint8_t verb : 3, outcome : 3;  /* enum op_verb, enum op_outcome */
    uint8_t path : 2;               /* reads: enum read_path */
    uint16_t group;
};
_Static_assert(sizeof(struct op) == 64, "a run keeps every operation");
_Static_assert(OP_RAW < 1 << 3 && OUT_TIMEOUT < 1 << 3 && READ_PATH_LOG < 1 << 2,
               "each fits its bits");

/* What of an operation matters only while it is under way: from its making until its client knows
 * the outcome. Where that stays unknown it is kept for ever, since a late request or entry still
 * asks who owes an answer to what. */
struct errand {
    uint64_t intended;                  /* true ns at which it was meant to be invoked */
    uint64_t timeout;                   /* of an attempt; 0: waits for ever */
    uint32_t attempt, attempts_left;    /* attempt: the latest; retries use a new attempt under the
                                           same seq */
    uint32_t next;                      /* the client's queue: an operation; free list: an errand */
    uint32_t wait_boot;                 /* boot of wait_node that holds it */
    uint8_t wait_node;                  /* node that owes an answer, 0 none */
    uint8_t pinned;                     /* node it was sent to by the scenario, 0: any */
    bool once;                          /* as of op_request */
};

struct client {
    uint64_t ordinal[4];                /* CLIENT_OP, _KEY, _NODE, _PAUSE */
    uint32_t seq;
    uint32_t current;                   /* outstanding op, 0 none */
    uint16_t group;                     /* of the latest operation */
    uint8_t guess;                      /* node believed to lead it */
    uint8_t workload;                   /* 1 + workload number, 0: driven by the scenario only */
    uint64_t next_at;                   /* open loop: next intended time */
    uint32_t queue, queue_last;         /* ops whose intended time has come and that wait for the
                                           current one; chained by next */
    uint64_t deadline, resend_at;       /* of the current op: its attempt's timeout, a redirect's
                                           pause; 0: none */
    uint64_t wake, wake_later;          /* the next two timer events in the queue; 0: none */
    uint64_t seen;                      /* offset: the value last seen of each key, since it had a
                                           workload with cas; 0: never had */
    uint32_t queued, made, redirects;   /* ops in the queue; made by its workload; redirects of
                                           this attempt */
    uint8_t asked;                      /* node that the current attempt was sent to */
};

/* What a run counts; sweeps add them up. */
struct counters {
    uint64_t events;                        /* delivered messages, write completions, timers that
                                               changed state, client operations */
    uint64_t delivered, dropped, writes, timers, ops;
    uint64_t leader_changes, commits, restarts, faults_bit;
    uint64_t self_checks;                   /* steps after which the SUT looked at itself */
    uint64_t ops_ok, ops_unknown;                       /* answered; nobody knows */
    uint64_t ops_refused;           /* "not leader", where the client itself had chosen the node */
    uint64_t reads_ok;                                  /* of ops_ok, reads */
    uint64_t attempts;                                  /* that clients made, first ones included */
    uint64_t sent;                                      /* by nodes to nodes, lost ones included */
    uint64_t carried;                                   /* entries, by all appends of these */
    uint64_t candidacies;                               /* elections stood for; no pre-votes */
    uint64_t applied, applied_lag;          /* entries, at all nodes; for each, how many more were
                                               known to be committed then */
    uint64_t armed_ns;                      /* in which no leader may be lost: check/armed.c */
};

#endif
