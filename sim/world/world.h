/* SPDX-License-Identifier: MIT */
/*
 * A world: nodes, clients, links, disks and clocks, in one block of memory, moved by one
 * event loop.
 *
 * Nothing in it points: tables are offsets (base/arena.h), and a copy of the live bytes is a fork.
 * The only exceptions are `plan`, `sut` and `watch`, which outlive every world and are never
 * written through.
 *
 * parts.h says what it is made of. Rooms: world.c the loop; queue.c events to come; net.c links;
 * unusual.c what may come over them besides; surgery.c single messages, with label.c which are
 * meant, share.c what is drawn about them and arrival.c what becomes of them; clock.c; disk.c,
 * behind storage.h and disk.h; host.c, effects.c, writes.c, promises.c, completions.c and request.c
 * what surrounds a SUT; service.c how long that takes; client.c and workload.c clients; kv.c;
 * store.c; draw.c. plan.h says what a world is built from. All times are true nanoseconds since the
 * world's beginning unless a name says local.
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
#include "parts.h"
#include "plan.h"
#include "queue.h"
#include "store.h"

/* ---- the world ------------------------------------------------------------------------------- */

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
    const struct world_plan *plan;
    const struct sut *sut;
    const struct watch *watch;
    struct queue queue;         /* of events */
    uint64_t links;             /* offset of struct link[net_links]: node to node (its own place
                                   unused), node to client, client to node */
    uint64_t clients;           /* offset of struct client[clients + 1] */
    uint64_t disks;             /* offset of what disk.c keeps of each process */
    uint64_t group;             /* offset of struct group[groups] */
    uint64_t replicas;          /* offset of struct replica[groups * nodes], by group */
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
    uint16_t groups;            /* from 1 */
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
    struct process process[NODES_MAX + 1];
    struct digest digest;       /* of the records made, but for those in the buffer */
    struct record buffer[DIGEST_BATCH]; /* records not hashed yet; the latest at (records - 1)
                                           % DIGEST_BATCH */
};

/* ---- the loop -------------------------------------------------------------------------------- */

/* Builds a world in `block` (arena_reserve; reused worlds are reset), with nodes not
 * yet started. */
struct world *world_init(struct arena *block, const struct world_plan *, const struct watch *,
                         uint64_t seed, bool zero_base);
/* records the configuration that each group begins with */
void world_configure(struct world *);
/* configures it, and boots every node that is not spare */
void world_start(struct world *);
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
void world_stop(struct world *, enum run_stop, const char *why)   /* why: static */
    __attribute__((cold));
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
/* The same, of what a replica does. */
static inline struct record *record_of(struct world *w, enum record_kind kind,
                                       const struct replica *rep)
{
    struct record *r = record_slot(w);
    *r = (struct record){.at = w->now, .kind = (uint8_t)kind, .node = rep->node,
                         .group = rep->group};
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

static inline struct group *group_of(const struct world *w, uint16_t group)
{
    return (struct group *)arena_at(&w->arena, w->group) + group;
}
/* Who votes in a group, by the configuration in force. */
static inline node_set voters_of(const struct world *w, uint16_t group)
{
    return group_of(w, group)->config.voters;
}
node_set world_voters(const struct world *);            /* who votes in any group */
/* In each group more than half of the voters, and `more` besides, are among these. */
bool world_majorities(const struct world *, node_set, int more);
static inline struct replica *replica_of(const struct world *w, uint8_t node, uint16_t group)
{
    return (struct replica *)arena_at(&w->arena, w->replicas) +
           ((uint32_t)group * w->nnodes + node - 1u);
}
static inline struct client *world_client(struct world *w, uint8_t actor)
{
    return (struct client *)arena_at(&w->arena, w->clients) + (actor - CLIENT_BASE);
}

enum { OPS_CHUNK_LOG2 = 6, ERRANDS_CHUNK_LOG2 = 4 };
static inline struct op *world_op(const struct world *w, uint32_t id)
{
    return vec_at_known(&w->arena, &w->ops, id, sizeof(struct op), OPS_CHUNK_LOG2);
}
/* To be written only while the operation has one: until it returned. */
static inline struct errand *world_errand(const struct world *w, const struct op *op)
{
    return vec_at_known(&w->arena, &w->errands, op->errand, sizeof(struct errand),
                        ERRANDS_CHUNK_LOG2);
}
/* The options of the SUT that a node has, or will have at its next boot. */
static inline const void *world_options(const struct world *w, uint8_t node)
{
    const uint64_t own = w->process[node].options;
    return own ? arena_at(&w->arena, own) : (const void *)w->plan->sut_options[node];
}
void world_options_changed(struct world *, uint8_t node);   /* what the host itself does by them */
/* One of them, by its name: its first word, or its second where it is a span. Where the SUT has no
 * such option: 0, or `otherwise`. */
uint64_t world_option(const struct world *, uint8_t node, const char *name);
uint64_t world_option_or(const struct world *, uint8_t node, const char *name, uint64_t otherwise);
uint64_t world_option_most(const struct world *, uint8_t node, const char *name,
                           uint64_t otherwise);
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
static inline bool is_between_nodes(const struct msg_label *l)
{
    return l->from <= NODES_MAX && l->to <= NODES_MAX;
}
/* A link begins to carry a message, and does so no more. */
static inline void net_enters(struct world *w, struct link *l, const struct message *m)
{
    l->inflight++;
    group_of(w, m->label.group)->under_way += is_between_nodes(&m->label);
}
static inline void net_leaves(struct world *w, struct link *l, const struct message *m)
{
    l->inflight--;
    group_of(w, m->label.group)->under_way -= is_between_nodes(&m->label);
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
    const struct clock *c = &w->process[node].clock;
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
void host_event(struct world *, struct replica *, struct sut_event *);
void host_receive(struct world *, uint8_t node, struct message *);    /* takes it over */
void host_timer_event(struct world *, uint32_t arg);   /* the loop's: a timer that may be stale */
/* The durable prefix moved: what waited for it leaves, then WRITE_DONE to each replica whose own
 * moved, or, again, to all. */
void host_durable(struct world *, uint8_t node, bool again);
void host_write_failed(struct world *, uint8_t node);
void host_campaign(struct world *, struct replica *, bool force);
void host_batch(struct world *, uint32_t arg);      /* the loop's: a batch has waited long enough */
void host_flush(struct world *, struct replica *);  /* proposes what it has gathered */
/* Manual time: the node's clock goes on, and no deadline wakes it; what falls due is done when its
 * clock is made to jump, or when manual time ends. May be said of a node that is down, and again */
void host_manual(struct world *, uint8_t node, bool on);
/* the node's deadline or clock changed: set its timer anew */
void host_rearm(struct world *, uint8_t node);
bool host_view(const struct world *, const struct replica *, struct sut_view *);   /* false: down */
/* false: the SUT cannot */
bool host_pin_timeout(struct world *, const struct replica *, uint64_t ns);
/* the up leader of the highest term; 0 none */
uint8_t host_leader(const struct world *, uint16_t group);
bool host_halted(const struct world *, uint8_t node);       /* a SUT of it has stopped itself */

/* ---- clients --------------------------------------------------------------------------------- */

struct op_request {
    uint8_t client;            /* actor */
    uint8_t verb;              /* enum op_verb */
    uint8_t node;              /* 0: any (the believed leader, then others) */
    uint16_t group;
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
/* Host side: the answer for an operation that a replica owed. */
void client_answer(struct world *, const struct replica *, uint32_t op, uint8_t outcome,
                   uint64_t value, uint64_t index, uint8_t leader_hint);

struct workload {
    uint8_t first, count;             /* clients: actors first .. first + count - 1 */
    uint16_t group;
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

#include "disk.h"
#include "look.h"
#include "storage.h"

#endif
