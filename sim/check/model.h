/* SPDX-License-Identifier: MIT */
/*
 * The shared model: what the records so far say of each node and of the cluster. Checks read it;
 * only model_record writes it, after the checks have seen the record. It lies in the world's arena
 * behind w->judge and holds no pointer. Nothing in it walks a log.
 *
 * Ordinals count records from 1; 0 is none. They and the times beside them are evidence for
 * violations. Where they are kept by the thousand it is the low half that is kept (uint32_t), and
 * model_ordinal makes it whole: right for the latest 2^32 records, but that one whose low half is 0
 * counts as none. Of such times it is the low half of the milliseconds, which is what the sentences
 * say, and model_time makes it whole: right for the latest 49 days. No verdict hangs on either.
 */
#ifndef WT_MODEL_H
#define WT_MODEL_H

#include "../trace/text.h"
#include "check.h"

#define WANTS(kind) (UINT64_C(1) << REC_##kind)

/* A node's durable image, as acknowledged by its disk. */
struct durable { uint64_t term, index, at, ordinal; uint32_t head; uint8_t vote; };

/* The last image of a disk in a term that it left. */
struct held { uint32_t head; uint8_t vote; bool ever; uint16_t zero; };

struct mnode {
    uint64_t term, last, commit, applied;       /* in memory; last: index of head */
    uint64_t led_term;                          /* the latest term that it led, in any life */
    struct durable durable;
    uint64_t wid, durable_wid;                  /* latest write issued, and durable, in this life */
    uint64_t issued_term;                       /* of the latest write issued */
    struct held issued;
    uint64_t cut_floor;                         /* least index that a write not yet durable cuts;
                                                   NEVER: none */
    uint64_t lease_until, lease_term, lease_at; /* until: local clock, 0 none */
    uint64_t stepped_back;                      /* the highest local time from which its clock ever
                                                   stepped back; 0: never did */
    /* ordinals of the latest such record */
    uint64_t seen_life, seen_term, seen_role, seen_log, seen_commit, seen_apply, seen_lease;
    uint32_t head;                              /* entry id */
    uint8_t vote, role, leader;
    bool up;
};

/* A term: who won it, and the log of its leader. */
struct tenure {
    uint64_t term, at, ordinal;                 /* of the win; ordinal 0: nobody won it yet */
    uint32_t head;                              /* the winner's last entry at the win */
    uint32_t tip;                               /* the newest entry of its leader's log, as far
                                                   as appended anywhere; 0 unknown */
    uint8_t node;                               /* 0: nobody yet */
};

/* The committed chain grew, by a commit of `node` in the term of the tenure. Terms do not fall
 * along these unless a rule is broken. `ms`: see model_time. */
struct growth { uint32_t ms, ordinal, head; uint32_t tenure : 27, node : 5; };
_Static_assert(NODES_MAX < 1 << 5, "a node's number fits");

enum { ORDINAL_BITS = 30, OPS_MODEL_CHUNK_LOG2 = 5, STATES_CHUNK_LOG2 = 5 };

/* One operation of a client, as the records have it. */
struct mop {
    union {
        uint64_t invoked_at;        /* until its client was told; after that see model_invoked */
        struct { uint32_t index, ms; } told; /* where it took effect, and when its client
                                                was told */
    };
    uint32_t returned_low : ORDINAL_BITS;   /* see model_returned; 0: it has not returned */
    uint32_t refused : 1;           /* it returned, refused */
    uint32_t applied : 1;           /* some node has applied an entry of it */
    uint32_t acked : 26;            /* the operation with the greatest index that anyone had been
                                       told before this was invoked; 0: there was none */
    uint32_t verb : 3;
    uint32_t unjudged : 1;          /* its client was told by an answer that no check judges
                                       (model_read_excused); until it is told: some node gave one */
    uint32_t was_told : 1;          /* it returned with an outcome: `told` stands */
    uint32_t several : 1;           /* there were two requests or proposals of it: its client asked
                                       again, or the network made a copy */
};
_Static_assert(sizeof(struct mop) == 16, "a run keeps every operation");

/* By index: the hash of the state after it, the ordinal of who came there first, and the entry of
 * the chain that it applied there. */
struct mstate { uint32_t hash_low, hash_high, ordinal, entry; };

/* An answer to a read that no check judges, and that may be on its way. */
struct unjudged { uint64_t index; uint32_t op; uint8_t node, zero[3]; };

struct progress {
    uint64_t asked_at, until, made_at, base, target;
    uint64_t before;                /* arena offset of the one asked for before it; 0: the first */
    node_set missing;                       /* nodes that have not applied the target */
    node_set unwritten, unread;             /* through which no write, no read was answered */
    bool asked;
};

struct judge {
    struct mnode node[NODES_MAX + 1];
    struct vec tenures, growths, born, states, ops;   /* born: entry id -> uint32_t, the
                                                         ordinal of its first APPEND; states:
                                                         struct mstate, by index, which
                                                         state_machine_safety.c keeps */
    uint64_t tenure_hash, tenure_mask;      /* term -> tenure + 1: open addressing */
    uint64_t last_term;                     /* the tenure looked up last */
    uint32_t last_tenure;
    uint32_t chain;                         /* last entry known to be committed */
    uint64_t chain_index, chain_term;       /* chain_term: of the leader that committed it */
    uint64_t top_applied;                   /* the greatest index that anyone has applied */
    uint64_t top_term;                      /* the highest term that was won */
    uint64_t acked;                         /* the greatest index acknowledged to a client */
    uint32_t acked_op;                      /* by that operation; 0: none yet */
    node_set leases;                        /* nodes that may hold a lease */
    node_set misled;                        /* to which a scenario has sent a message that no
                                               correct node could have sent */
    struct vec unjudged;                    /* struct unjudged */
    struct vec held;                        /* by tenure: struct held a node; see held.c */
    struct vec leaving;                     /* images that were the last of a term, and are under
                                               way: see held.c */
    struct progress progress;
    bool finishing;                         /* the run is over: no record is to blame any more */
    uint32_t disabled, hears;               /* bit i: checks[i]; who hears is handed the records
                                               it wants */
    uint32_t wants_message[MSG_TYPES];      /* of messages delivered, by type: likewise, who wants
                                               them */
    uint32_t wants_sent[MSG_TYPES];         /* and of those sent */
    uint32_t wants_refusal[MSG_TYPES];      /* and who wants those that refuse */
    uint64_t state[CHECKS_MAX];
    struct check_tally tally[CHECKS];
    uint32_t nviolations;
    uint64_t violations;                    /* 0: there are none; else VIOLATIONS_MAX places */
};

static inline struct judge *judge_of(const struct world *w)
{
    return arena_at(&w->arena, w->judge);
}
static inline struct tenure *tenure_at(const struct world *w, const struct judge *j, uint32_t i)
{
    return vec_at(&w->arena, &j->tenures, i);
}
static inline struct mop *mop_at(const struct world *w, const struct judge *j, uint64_t op)
{
    return op && op < j->ops.n ? vec_at_known(&w->arena, &j->ops, (uint32_t)op, sizeof(struct mop),
                                              OPS_MODEL_CHUNK_LOG2) : NULL;
}

/* The latest ordinal that ends in this low half. */
static inline uint64_t model_ordinal(const struct world *w, uint32_t low)
{
    return low ? w->records - (uint32_t)((uint32_t)w->records - low) : 0;
}

/* The ordinal of an operation's return, likewise of the latest 2^ORDINAL_BITS records; 0: it has
 * not returned. */
static inline uint64_t model_returned(const struct world *w, const struct mop *op)
{
    const uint64_t since = w->records - op->returned_low;
    return op->returned_low ? w->records - (since & ((UINT64_C(1) << ORDINAL_BITS) - 1)) : 0;
}

/* Its client was told that it is refused, and there was nothing else by which it could take effect:
 * it asked once, and no copy was made of its request or of a proposal of it. */
static inline bool model_refused(const struct mop *op) { return op->refused && !op->several; }

/* The latest time, cut to the millisecond, whose milliseconds end in this low half. */
static inline uint64_t model_time(const struct world *w, uint32_t low)
{
    const uint64_t now = w->now / MS(1);
    return MS(now - (uint32_t)((uint32_t)now - low));
}

/* When an operation was invoked. No host answers one whose client was told already; were it to,
 * then it is held to have been under way since ever. */
static inline uint64_t model_invoked(const struct mop *op)
{
    return op->was_told ? 0 : op->invoked_at;
}

/* The check at this place came to a verdict about one more thing. One that finds a violation counts
 * it as judged, too. */
static inline void check_judged(const struct world *w, enum check_place check)
{
    judge_of(w)->tally[check].judged++;
}
/* It left one out, for a reason that its header gives. */
static inline void check_excused(const struct world *w, enum check_place check)
{
    judge_of(w)->tally[check].excused++;
}

/* As violate, where the second record is not the current one. */
void violate_between(struct world *, const struct check *, uint64_t first, uint64_t second,
                     const char *format, ...)
    __attribute__((cold, format(printf, 5, 6)));

#define CHECK(name, ...) \
    extern const struct check check_##name; \
    void check_##name##_record(struct world *, void *state, const struct record *);
#define CHECK_LAST(name) extern const struct check check_##name;
#include "checks.def"

void model_start(struct world *);
/* Takes in a record of this kind, which is the record's and mostly a constant to the compiler. */
static inline void model_record(struct world *, struct judge *, const struct record *,
                                enum record_kind);

/* The tenure's number; made where there is none. */
uint32_t model_tenure(struct world *, uint64_t term);
/* The tenure of a term, NULL where there is none. Nearly every question is about the term that was
 * asked for last. */
const struct tenure *model_look_up(const struct world *, uint64_t term);
static inline const struct tenure *model_term(const struct world *w, const struct judge *j,
                                              uint64_t term)
{
    return j->last_term == term && j->tenures.n ? tenure_at(w, j, j->last_tenure)
                                                : model_look_up(w, term);
}

/* The ordinal at which an entry first stood in a log; 0: it was there before the run. */
uint64_t model_born(const struct world *, uint32_t entry);
/* The ordinal of the record by which `index` was first applied; 0: not known. */
uint64_t model_first_applied(const struct world *, uint64_t index);
/* The record by which the chain came to hold `index`; NULL where it does not. */
const struct growth *model_growth(const struct world *, uint64_t index);
/* The committed entry at `index`; 0 beyond the chain. */
static inline uint32_t model_committed(const struct world *w, const struct judge *j, uint64_t index)
{
    return index <= j->chain_index ? store_at(w, j->chain, index) : 0;
}
/* What the disk of a node last held in a term that it has left; NULL: it was never in that term. */
const struct held *model_held(struct world *, uint8_t node, uint64_t term);
/* The voters on whose disks the log that ends in `entry` stands. */
node_set model_holders(const struct world *, uint32_t entry);
bool model_majority(const struct world *, node_set);
/* True where the clocks of all voters and of `node` kept their declared bound since the round
 * behind the lease that `node` held at true time `at`. That round began at most one lease window
 * before `at` and before the lease was last extended, however long a clock that stepped back has
 * drawn the lease out since; unless the clock stepped back between the round and its
 * acknowledgement: then false. */
bool model_clocks_kept(const struct world *, uint8_t node, uint64_t at);
/* Is this answer (a READ record) excused? In a chaos run, of a node that reads by lease, where the
 * records have a lease that vouched for it, and a clock of its holder, or of a voter, was outside
 * its declared bound since that lease's round. That the node calls it a lease read does not do. */
bool model_read_excused(const struct world *, const struct record *);

/* Where a lease is acknowledged by a round, that round began at most this long ago (true time,
 * the clock within its bound): the node's minimum election timeout. NEVER where its SUT has no
 * such option. */
uint64_t model_lease_window(const struct world *, uint8_t node);

/* When the round began, at the earliest, by which `node` holds the lease that it held at true
 * time `at`. */
uint64_t model_lease_since(const struct world *, uint8_t node, uint64_t at);

/* Is this ROLE record a win: does the node come to lead a term? */
static inline bool model_wins(const struct judge *j, const struct record *r)
{
    const struct mnode *n = &j->node[r->node];
    return rec_role(r) == SUT_LEADER && (n->role != SUT_LEADER || n->led_term != r->term);
}

/* Its option says that it answers reads by a lease. */
bool model_reads_by_lease(const struct world *, uint8_t node);

/* The node has an option whose name begins with unsafe-: it gives up a promise by its word. */
bool model_unsafe_option(const struct world *, uint8_t node);

/* `possible` of a check: some node has leases on; some client has asked for something. */
bool model_leases(const struct world *);
bool model_has_clients(const struct world *);

/* ---- model_record's, by kind ----------------------------------------------------------------- */

void model_append(struct world *, struct judge *, struct mnode *, const struct record *);
void model_cut(struct world *, struct mnode *, const struct record *);
void model_commit(struct world *, struct judge *, struct mnode *, const struct record *);
void model_write(struct world *, struct judge *, struct mnode *, const struct record *);
void model_durable(struct world *, struct judge *, struct mnode *, const struct record *);
void model_role(struct world *, struct judge *, struct mnode *, const struct record *);
void model_lease(struct world *, struct judge *, struct mnode *, const struct record *);
void model_boot(struct world *, struct judge *, struct mnode *, const struct record *);
void model_crash(struct judge *, struct mnode *, const struct record *);
void model_clock(const struct world *, struct mnode *, const struct record *);
void model_invoke(struct world *, struct judge *, const struct record *);
void model_read(struct world *, struct judge *, const struct record *);
void model_return(struct world *, struct judge *, const struct record *);
void model_apply(struct world *, struct judge *, const struct record *);
void model_several(struct world *, struct judge *, const struct record *);

/* held.c, for model.c. holds_last: the image was the last in that term. leaves: the latest write
 * was the last of its term, and is not durable yet; has_left: this one and all earlier are;
 * never_left: a crash took what was under way. */
void model_held_start(const struct world *, struct judge *);
void model_holds_last(struct world *, struct judge *, uint8_t node, uint64_t term, struct held);
void model_leaves(struct world *, struct judge *, uint8_t node);
void model_has_left(struct world *, struct judge *, uint8_t node, uint64_t wid);
void model_never_left(const struct world *, struct judge *, uint8_t node);

/* What the model hears, and what it does about it: the judge's mask and the switch are made of this
 * one list. */
#define MODEL_HEARS(KIND) \
    KIND(APPEND, model_append(w, j, n, r)) \
    KIND(APPLY, n->applied = r->index; n->seen_apply = w->records; \
         if (r->index > j->top_applied) model_apply(w, j, r)) \
    KIND(SEND, if (rec_type(r) == MSG_CLIENT_REQUEST && rec_attempt(r) > 1) \
         model_several(w, j, r)) \
    KIND(DUPLICATE, if (rec_type(r) == MSG_CLIENT_REQUEST || rec_type(r) == MSG_PROPOSE) \
         model_several(w, j, r)) \
    KIND(COMMIT, model_commit(w, j, n, r)) \
    KIND(WRITE, model_write(w, j, n, r)) \
    KIND(DURABLE, model_durable(w, j, n, r)) \
    KIND(LEASE, model_lease(w, j, n, r)) \
    KIND(INVOKE, model_invoke(w, j, r)) \
    KIND(READ, model_read(w, j, r)) \
    KIND(RETURN, model_return(w, j, r)) \
    KIND(CUT, model_cut(w, n, r)) \
    KIND(TERM, n->term = r->term; n->vote = rec_vote(r); n->seen_term = w->records) \
    KIND(ROLE, model_role(w, j, n, r)) \
    KIND(BOOT, model_boot(w, j, n, r)) \
    KIND(CLOCK, model_clock(w, n, r)) \
    KIND(CRASH, model_crash(j, n, r)) \
    KIND(INJECT, j->misled |= rec_unsafe(r) ? NODE_BIT(r->peer) : 0)

static inline void model_record(struct world *w, struct judge *j, const struct record *r,
                                enum record_kind kind)
{
    struct mnode *n = &j->node[r->node <= NODES_MAX ? r->node : 0];
    switch ((int)kind) {
#define HEARD(kind, what) case REC_##kind: what; break;
    MODEL_HEARS(HEARD)
#undef HEARD
    default: break;
    }
}

#endif
