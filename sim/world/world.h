/* SPDX-License-Identifier: MIT */
/*
 * A world: nodes, clients, links, disks and clocks, in one block of memory, moved by one
 * event loop.
 *
 * Nothing in it points: tables are offsets (base/arena.h), and a copy of the live bytes is a fork.
 * The only exceptions are `plan`, `sut` and `watch`, which outlive every world and are never
 * written through.
 *
 * Rooms: world.c the loop; queue.c events to come; net.c links; unusual.c what may come over them
 * besides; surgery.c single messages, with label.c which are meant, share.c what is drawn about
 * them and arrival.c what becomes of them; clock.c; disk.c, behind storage.h; host.c, effects.c,
 * writes.c, promises.c and request.c what surrounds a SUT; service.c how long that takes; client.c
 * and workload.c clients; kv.c; store.c; draw.c. plan.h says what a world is built from. All times
 * are true nanoseconds since the world's beginning unless a name says local.
 */
#ifndef WT_WORLD_H
#define WT_WORLD_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "../base/arena.h"
#include "../base/digest.h"
#include "../sut/sut.h"
#include "../base/record.h"
#include "draw.h"
#include "kv.h"
#include "plan.h"
#include "queue.h"
#include "store.h"

/* ---- parts ----------------------------------------------------------------------------------- */

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

struct disk_write {
    uint64_t wid, at;               /* at: when it completes; NEVER while held */
    struct image image;             /* the image once it and all earlier ones are durable */
    uint64_t cut_from;
    uint8_t state;                  /* enum write_state */
};
enum write_state { WRITE_PENDING, WRITE_COMPLETE, WRITE_FAILED };

struct disk {
    uint64_t latency_min, latency_max;
    uint64_t ordinal[3];            /* DISK_DELAY, DISK_ORDER, DISK_CRASH */
    uint64_t last_at;
    uint64_t durable_wid;           /* it and all earlier ones are durable */
    struct image durable;
    uint64_t incarnation;           /* the latest given; durable at once, and never lost */
    uint32_t reorder_ppm;           /* chance that a write may complete before an earlier one */
    uint32_t head, count, capacity; /* ring of struct disk_write at `ring`, a power of two; head:
                                       durable_wid + 1 */
    uint64_t ring;                  /* arena offset */
    uint64_t fail_wid;              /* fail this write; 0: none */
    uint32_t fail_in;               /* fail the n-th write from now; 0: none */
    uint8_t stalls;                 /* how many faults stall it now */
    bool stepwise;                  /* writes complete only by disk_complete */
    bool unordered;                 /* a write in the ring may complete before an earlier one */
    bool broken;                    /* a write failed: nothing after it becomes durable until the
                                       next boot */
    bool keep_unsynced;             /* at a crash a drawn prefix of the unacknowledged writes
                                       survives; else none */
};

struct node {
    uint64_t state;               /* arena offset of the SUT's state */
    uint64_t kv;                  /* arena offset of its state machine */
    uint64_t timer_at;            /* true time of the timer event in the queue, NEVER: none */
    uint64_t timer_for;           /* a deadline, local, for which it comes early enough, and for
                                     every later one */
    uint32_t timer_generation;    /* only the timer event of this generation counts */
    uint64_t applied, commit, term;
    uint64_t lease_until;         /* local */
    uint64_t boot_ordinal;
    uint64_t options;             /* arena offset of the SUT's options since an upgrade;
                                     0: the plan's */
    uint32_t head;                /* log in memory: entry id of its last */
    uint32_t applied_head;        /* entry id applied last */
    uint32_t boots;               /* 0: never started */
    uint32_t held, held_last;     /* messages that wait for durability, by wid: message slots;
                                     0: none */
    uint32_t inbox, inbox_last;   /* messages that wait while it is paused */
    uint32_t reads;               /* reads whose index is not applied here yet */
    uint64_t reads_next;          /* the least of their indexes */
    uint16_t batch_n, batch_room; /* operations gathered for one proposal, and how many there is
                                     room for */
    uint64_t batch;               /* arena offset of struct batched[batch_room] */
    uint64_t asked;               /* arena offset of struct asked[clients + 1]: the read that each
                                     client has here */
    uint64_t timers_in_a_row;     /* timer events at one instant: a deadline that does not move is
                                     a limit */
    uint8_t role, leader, vote;
    bool up, halted;
    bool batch_due;               /* an EV_BATCH stands in the queue */
    uint8_t pauses;               /* how many faults pause it now */
    bool manual;                  /* no deadline wakes it: host_manual */
    struct clock clock;
    struct disk disk;
};

enum { MESSAGE_BYTES = 64 };    /* that a message takes on a link, beside the entries it carries */

/* A message lies in a slot of one of two sizes: most need little room for what the SUT says. A
 * slot's number is its place in the arena, in lines of MESSAGE_UNIT bytes. */
enum { MESSAGE_LITTLE = 96, MESSAGE_UNIT = 64 };
struct message {
    struct msg_label label;
    uint64_t wid;               /* while held */
    uint64_t number;            /* unique in the run */
    uint32_t entry;             /* APPEND: last entry it carries */
    uint32_t op, attempt;       /* PROPOSE, CLIENT_*: the operation */
    uint32_t next;              /* list */
    uint32_t slot;              /* what lists and events name it by */
    uint16_t nbytes;
    bool roomy;                 /* there is room for SUT_MSG_BYTES, not only for MESSAGE_LITTLE */
    bool forged;                /* injected as unsafe: no correct node could have sent it */
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
};
_Static_assert(sizeof(struct op) == 56, "a run keeps every operation");
_Static_assert(OP_RAW < 1 << 3 && OUT_CANCELLED < 1 << 3 && READ_PATH_LOG < 1 << 2,
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
    uint8_t guess;                      /* node believed to lead */
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
    uint64_t ops_ok, ops_unknown, ops_refused;          /* answered; nobody knows; "not leader" */
    uint64_t reads_ok;                                  /* of ops_ok, reads */
    uint64_t attempts;                                  /* that clients made, first ones included */
    uint64_t sent;                                      /* by nodes to nodes, lost ones included */
    uint64_t candidacies;                               /* elections stood for; no pre-votes */
    uint64_t applied, applied_lag;          /* entries, at all nodes; for each, how many more were
                                               known to be committed then */
    uint64_t armed_ns;                      /* in which no leader may be lost: check/armed.c */
};

/* An event's order at one time: tie << 48 | sequence. */
enum event_kind { EV_DELIVER, EV_DISK, EV_TIMER, EV_CLIENT, EV_BATCH, EV_CALL, EV_ECHO, EV_SERVED };

/* Hooks by which rooms that the world does not know take part. Static; never NULL members. */
typedef void record_hook(struct world *, const struct record *);
struct watch {
    const char *(*fault_name)(uint8_t sub);     /* of a FAULT record, for whoever writes it
                                                   down; static */
    const char *(*occasion_name)(uint8_t place);    /* likewise; from 1 */
    record_hook *const *record;                 /* by kind: every record, in order, before the next
                                                   is made. record_hooks.inc makes tables */
    void (*call)(struct world *, uint32_t arg); /* EV_CALL came: chaos and schedules */
};

enum run_stop { STOP_NONE, STOP_VIOLATION, STOP_LIMIT, STOP_BUDGET };

struct world {
    struct arena arena;         /* first: the block's base */
    uint64_t now;
    uint64_t sequence;          /* of events */
    uint64_t records;           /* made so far */
    uint64_t messages_made;
    uint64_t committed;         /* the greatest index that a leader ever committed */
    const struct world_plan *plan;
    const struct sut *sut;
    const struct watch *watch;
    struct queue queue;         /* of events */
    uint64_t links;             /* offset of struct link[net_links]: node to node (its own place
                                   unused), node to client, client to node */
    uint64_t clients;           /* offset of struct client[clients + 1] */
    uint64_t judge;             /* offset of the checkers' state (check/), 0 none */
    uint64_t chaos;             /* offset of the chaos engine's state (faults/), 0 none */
    uint64_t metrics;           /* offset of latency samples (run/), 0 none */
    uint64_t surgery;           /* offset of rules and held messages (surgery.c), 0: there never
                                   were any */
    uint64_t unusual;           /* offset of struct unusual[nodes * nodes] (unusual.c), 0: there
                                   never were such messages */
    uint64_t service;           /* offset of struct service[nodes] (service.c), 0: no process ever
                                   needed any time */
    struct vec workloads;       /* struct workload: workload.c */
    struct vec arrivals, wishes;    /* what is to arrive, and who wishes it: arrival.c */
    uint64_t losses;            /* of such messages */
    uint64_t tie_ordinal, pick_ordinal;
    bool ties;                  /* draw TIE for each event */
    uint8_t stop, looks;        /* enum run_stop; enum looks (looks.h) */
    uint8_t nnodes, nclients;
    node_set reads_by_log;      /* nodes whose SUT option reads is log: the host proposes them */
    const char *stop_why;       /* static */
    uint32_t message_free[2];   /* free lists of message slots: of little ones, of roomy ones */
    uint32_t message_told;      /* slot of the message that the latest record of one tells of */
    bool looked_closer;         /* `broken` came of what LOOKS_ASKED alone looks at */
    const char *broken;         /* what the SUT last found wrong in itself (record HALT); static */
    struct vec ops;             /* struct op; op 0 unused */
    struct vec errands;         /* struct errand; errand 0 is all zero, whoever has none reads it */
    uint32_t errand_free;       /* free list of errands */
    struct vec lists;           /* kv.c: list table */
    uint64_t list_index, list_mask;
    struct store store;
    struct choices choices;
    struct counters count;
    struct node node[NODES_MAX + 1];
    struct digest digest;       /* of the records made, but for those in the buffer */
    struct record buffer[DIGEST_BATCH]; /* records not hashed yet; the latest at (records - 1)
                                           % DIGEST_BATCH */
};

/* ---- the loop -------------------------------------------------------------------------------- */

/* Builds a world in `block` (arena_reserve; reused worlds are reset), with nodes not
 * yet started. */
struct world *world_init(struct arena *block, const struct world_plan *, const struct watch *,
                         uint64_t seed, bool zero_base);
void world_start(struct world *);                      /* boots every node that is not spare */
/* One event; false: none is due at or before `until`, or the run has stopped (w->stop). Time moves
 * to the event. */
bool world_step(struct world *, uint64_t until);
/* So many events; false: as world_step. For who must look around now and then. */
bool world_steps(struct world *, uint64_t until, uint32_t events);
/* Runs every event up to and at `until`, then sets now = until. False: stopped. */
bool world_run(struct world *, uint64_t until);
uint64_t world_next(const struct world *);             /* time of the next event; NEVER */
void world_schedule(struct world *, uint64_t at, enum event_kind, uint32_t arg);  /* past: now */
/* of all records so far, canonical byte order */
void world_digest(const struct world *, uint8_t out[16]);
void world_stop(struct world *, enum run_stop, const char *why);   /* why: static */
/* Bytes copied; `into` becomes an equal world. What nodes' states do not use is not copied. */
uint64_t world_fork(const struct world *, struct arena *into);

/* Makes a record: fill the fields returned (zeroed; at, kind and node set), then record_done.
 * Never nest. */
static inline struct record *record_slot(struct world *w)
{
    return &w->buffer[w->records % DIGEST_BATCH];
}
static inline struct record *record_new(struct world *w, enum record_kind kind, uint8_t node)
{
    struct record *r = record_slot(w);
    *r = (struct record){.at = w->now, .kind = (uint8_t)kind, .node = node};
    return r;
}
static inline void record_done(struct world *w)
{
    const struct record *r = &w->buffer[w->records % DIGEST_BATCH];
    w->records++;
    w->watch->record[r->kind](w, r);
    if (w->records % DIGEST_BATCH == 0)
        digest_add(&w->digest, w->buffer, DIGEST_BATCH);
}

static inline struct client *world_client(struct world *w, uint8_t actor)
{
    return (struct client *)arena_at(&w->arena, w->clients) + (actor - CLIENT_BASE);
}

static inline struct op *world_op(const struct world *w, uint32_t id)
{
    return vec_at(&w->arena, &w->ops, id);
}
/* To be written only while the operation has one: until it returned. */
static inline struct errand *world_errand(const struct world *w, const struct op *op)
{
    return vec_at(&w->arena, &w->errands, op->errand);
}
/* The options of the SUT that a node has, or will have at its next boot. */
static inline const void *world_options(const struct world *w, uint8_t node)
{
    const uint64_t own = w->node[node].options;
    return own ? arena_at(&w->arena, own) : (const void *)w->plan->sut_options[node];
}
void world_options_changed(struct world *, uint8_t node);   /* what the host itself does by them */
/* the first word of one of them; 0: it has no such option */
uint64_t world_option(const struct world *, uint8_t node, const char *name);
static inline bool is_client(uint8_t actor) { return actor > CLIENT_BASE; }

/* ---- net ------------------------------------------------------------------------------------- */

static inline struct link *net_links_of(const struct world *w)
{
    return arena_at(&w->arena, w->links);
}
static inline uint32_t net_links(const struct world *w)             /* how many there is room for */
{
    return w->nnodes * (w->nnodes + 2u * w->nclients);
}
struct link *net_client_link(struct world *, uint8_t from, uint8_t to);
/* NULL: client to client, the same actor, or nobody. */
static inline struct link *net_link(struct world *w, uint8_t from, uint8_t to)
{
    const uint32_t nodes = w->nnodes, f = from - 1u, t = to - 1u;
    if (f >= nodes || t >= nodes)
        return net_client_link(w, from, to);
    return f == t ? NULL : net_links_of(w) + (f * nodes + t);
}
void net_cut(struct world *, uint8_t from, uint8_t to);     /* one direction; cuts nest */
void net_join(struct world *, uint8_t from, uint8_t to);    /* undoes one cut; none: nothing */
void net_heal(struct world *, uint8_t from, uint8_t to);    /* undoes all cuts of the direction */
void net_heal_all(struct world *);                          /* all cuts, clients' too */
/* With room for that many of the SUT's bytes, which are not set; what else the caller may set
 * is zero. */
struct message *message_new(struct world *, const struct msg_label *, uint32_t room);
static inline struct message *message_at(const struct world *w, uint32_t slot)
{
    return arena_at(&w->arena, (uint64_t)slot * MESSAGE_UNIT);
}
static inline void message_free(struct world *w, struct message *m)
{
    m->next = w->message_free[m->roomy];
    w->message_free[m->roomy] = m->slot;
}
/* leaves now: record SEND, then cut, loss, capacity, delay, duplication */
void net_send(struct world *, struct message *);
/* The way of a message that has left: cut, loss, capacity, delay, duplication. It arrives `later`
 * after its time, and not before `least`. Returns when; 0: it was lost. */
uint64_t net_travel(struct world *, struct message *, uint64_t later, uint64_t least);
void net_deliver(struct world *, struct message *);                  /* the loop's */
void net_arrived(struct world *, struct message *);     /* its receiver took it; the slot is free */
/* record DROP; the slot is free */
void net_drop(struct world *, struct message *, enum drop_reason);
/* a new slot with the same label and bytes, and a number of its own; no record */
struct message *message_twin(struct world *, const struct message *);
/* a twin, and the record DUPLICATE */
struct message *message_copy(struct world *, const struct message *);
/* The record SEND that a message made, but for the time. */
void message_as_record(const struct message *, struct record *);
/* `why`: the enum drop_reason of a DROP; 1 of an INJECT that is unsafe; else 0 */
void message_record(struct world *, enum record_kind, const struct message *, uint8_t node,
                    uint8_t peer, uint8_t why);

/* ---- clocks ---------------------------------------------------------------------------------- */

/* clock_local, whatever the clock does */
uint64_t clock_scaled(const struct world *, uint8_t node);
static inline uint64_t clock_local(const struct world *w, uint8_t node)      /* now */
{
    const struct clock *c = &w->node[node].clock;
    const uint64_t since = w->now - c->base_true;
    return c->num == c->den && since < NEVER - c->base_local ? c->base_local + since
                                                             : clock_scaled(w, node);
}
/* least true time >= now at which local is reached; NEVER if frozen or beyond */
uint64_t clock_true(const struct world *, uint8_t node, uint64_t local);
/* 1/1 true; num >= 1, num and den <= 1000000 */
void clock_rate(struct world *, uint8_t node, uint32_t num, uint32_t den);
void clock_jump(struct world *, uint8_t node, int64_t ns);                   /* not below 0 */
void clock_freeze(struct world *, uint8_t node);
void clock_thaw(struct world *, uint8_t node);
/* another drift bound from now on */
void clock_declare(struct world *, uint8_t node, uint64_t bound_ppm);
/* True where the clock has kept the declared drift bound at every moment since true
 * time `since`. */
bool clock_kept(const struct world *, uint8_t node, uint64_t since);

/* ---- host ------------------------------------------------------------------------------------ */

void host_boot(struct world *, uint8_t node);       /* start or restart; nothing if it is up */
void host_crash(struct world *, uint8_t node);      /* nothing if it is down */
/* crashes it and boots it with these options of the SUT, which are copied */
void host_upgrade(struct world *, uint8_t node, const void *options);
void host_pause(struct world *, uint8_t node);      /* nests; its inbox, disk and clock go on */
void host_resume(struct world *, uint8_t node);
/* steps the SUT at its local time; nothing if it is down */
void host_event(struct world *, uint8_t node, struct sut_event *);
void host_receive(struct world *, uint8_t node, struct message *);    /* takes it over */
void host_timer_event(struct world *, uint32_t arg);   /* the loop's: a timer that may be stale */
/* the durable prefix moved: what waited for it leaves, then WRITE_DONE */
void host_durable(struct world *, uint8_t node);
void host_write_failed(struct world *, uint8_t node, uint64_t wid);
void host_campaign(struct world *, uint8_t node, bool force);
void host_batch(struct world *, uint8_t node);      /* the loop's: a batch has waited long enough */
void host_flush(struct world *, uint8_t node);      /* proposes what the node has gathered */
/* Manual time: the node's clock goes on, and no deadline wakes it; what falls due is done when its
 * clock is made to jump, or when manual time ends. May be said of a node that is down, and again */
void host_manual(struct world *, uint8_t node, bool on);
/* the node's deadline or clock changed: set its timer anew */
void host_rearm(struct world *, uint8_t node);
bool host_view(const struct world *, uint8_t node, struct sut_view *);   /* false: down */
bool host_pin_timeout(struct world *, uint8_t node, uint64_t ns);     /* false: the SUT cannot */
uint8_t host_leader(const struct world *);          /* the up leader of the highest term; 0 none */

/* ---- clients --------------------------------------------------------------------------------- */

struct op_request {
    uint8_t client;            /* actor */
    uint8_t verb;              /* enum op_verb */
    uint8_t node;              /* 0: any (the believed leader, then others) */
    uint16_t key;
    uint64_t a, b;
    uint64_t timeout;          /* of one attempt; 0: none */
    uint32_t retries;          /* further attempts, on another node */
    bool once;                 /* its first answer is final, a refusal too; no retries */
};
/* Invokes now, or queues behind the client's current operation. Returns the op id. */
uint32_t client_invoke(struct world *, const struct op_request *);
void client_event(struct world *, uint8_t client);                          /* the loop's */
void client_receive(struct world *, uint8_t client, const struct message *);
/* Host side: the answer for an operation that `node` owed. */
void client_answer(struct world *, uint8_t node, uint32_t op, uint8_t outcome, uint64_t value,
                   uint64_t index, uint8_t leader_hint);

struct workload {
    uint8_t first, count;             /* clients: actors first .. first + count - 1 */
    uint16_t first_key, keys;
    uint32_t read_ppm, write_ppm, cas_ppm, append_ppm;   /* sum 1000000 */
    uint64_t pause_min, pause_max;    /* closed loop: think time; open loop: gap between intended
                                         times, per client */
    uint64_t timeout;                 /* an attempt */
    uint32_t retries;
    bool once, open_loop;
    uint64_t start, stop;             /* true time */
    uint64_t most;                    /* operations a client, 0: no bound */
};
/* the struct is copied into the arena */
void workload_start(struct world *, const struct workload *);
void workload_stop(struct world *);                             /* all of them: no new operations */

#include "look.h"
#include "storage.h"

#endif
