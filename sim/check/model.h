/* SPDX-License-Identifier: MIT */
/*
 * The shared model of a group: what the records so far say of each of its nodes and of them all.
 * Checks read it, and may give a term its number; model_record writes it, after they have seen the
 * record. It lies in
 * the world's arena behind the judge and holds no pointer. Nothing in it walks a log.
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
#include "judge.h"

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

enum { STATES_CHUNK_LOG2 = 5 };

/* By index: the hash of the state after it, the ordinal of who came there first, and the entry of
 * the chain that it applied there. */
struct mstate { uint32_t hash_low, hash_high, ordinal, entry; };

/* An answer to a read that no check judges, and that may be on its way. */
struct unjudged { uint64_t index; uint32_t op; uint8_t node, zero[3]; };

struct model {
    struct mnode node[NODES_MAX + 1];
    uint16_t group;                         /* whose */
    node_set voters;                        /* of the configuration in force, by its record */
    struct vec tenures, growths, born, states;        /* born: entry id -> uint32_t, the
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
    uint64_t state[CHECKS_MAX];             /* offset of what each check remembers; 0: nothing */
};

static inline struct model *model_of(const struct world *w, uint16_t group)
{
    return (struct model *)(judge_of(w) + 1) + group;
}
static inline struct tenure *tenure_at(const struct world *w, const struct model *m, uint32_t i)
{
    return vec_at(&w->arena, &m->tenures, i);
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

#define CHECK(name, ...)                                                                           \
    extern const struct check check_##name;                                                        \
    void check_##name##_record(struct world *, struct model *, void *state,                  \
                               const struct record *);
#define CHECK_LAST(name) extern const struct check check_##name;
#include "checks.def"

void model_start(struct world *, uint16_t group);
/* Takes in a record of this kind, which is the record's and mostly a constant to the compiler. */
static inline void model_record(struct world *, struct model *, const struct record *,
                                enum record_kind);

/* The tenure's number; made where there is none. */
uint32_t model_tenure(struct world *, struct model *, uint64_t term);
/* The tenure's number and 1; 0: there is none. */
uint32_t model_tenure_place(const struct world *, const struct model *, uint64_t term);
/* The tenure of a term, NULL where there is none. Nearly every question is about the term that was
 * asked for last. */
const struct tenure *model_look_up(const struct world *, const struct model *, uint64_t term);
static inline const struct tenure *model_term(const struct world *w, const struct model *m,
                                              uint64_t term)
{
    return m->last_term == term && m->tenures.n ? tenure_at(w, m, m->last_tenure)
                                                : model_look_up(w, m, term);
}

/* The ordinal at which an entry first stood in a log; 0: it was there before the run. */
uint64_t model_born(const struct world *, const struct model *, uint32_t entry);
/* The ordinal of the record by which `index` was first applied; 0: not known. */
uint64_t model_first_applied(const struct world *, const struct model *, uint64_t index);
/* The record by which the chain came to hold `index`; NULL where it does not. */
const struct growth *model_growth(const struct world *, const struct model *, uint64_t index);
/* The committed entry at `index`; 0 beyond the chain. */
static inline uint32_t model_committed(const struct world *w, const struct model *m, uint64_t index)
{
    return index <= m->chain_index ? store_at(w, m->chain, index) : 0;
}
/* What the disk of a node last held in a term that it has left; NULL: it was never in that term. */
const struct held *model_held(const struct world *, const struct model *, uint8_t node,
                              uint64_t term);
/* The voters on whose disks the log that ends in `entry` stands. */
node_set model_holders(const struct world *, const struct model *, uint32_t entry);
static inline bool model_majority(const struct model *m, node_set set)
{
    return __builtin_popcount(set & m->voters) * 2 > __builtin_popcount(m->voters);
}
/* True where the clocks of all voters and of `node` kept their declared bound since the round
 * behind the lease that `node` held at true time `at`. That round began at most one lease window
 * before `at` and before the lease was last extended, however long a clock that stepped back has
 * drawn the lease out since; unless the clock stepped back between the round and its
 * acknowledgement: then false. */
bool model_clocks_kept(const struct world *, const struct model *, uint8_t node, uint64_t at);
/* Is this answer (a READ record) excused? In a chaos run, of a node that reads by lease, where the
 * records have a lease that vouched for it, and a clock of its holder, or of a voter, was outside
 * its declared bound since that lease's round. That the node calls it a lease read does not do. */
bool model_read_excused(const struct world *, const struct model *, const struct record *);

/* Where a lease is acknowledged by a round, that round began at most this long ago (true time,
 * the clock within its bound): the node's minimum election timeout. NEVER where its SUT has no
 * such option. */
uint64_t model_lease_window(const struct world *, uint8_t node);

/* When the round began, at the earliest, by which `node` holds the lease that it held at true
 * time `at`. */
uint64_t model_lease_since(const struct world *, const struct model *, uint8_t node, uint64_t at);

/* Is this ROLE record a win: does the node come to lead a term? */
static inline bool model_wins(const struct model *m, const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
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

void model_append(struct world *, struct model *, struct mnode *, const struct record *);
void model_cut(struct world *, struct mnode *, const struct record *);
void model_commit(struct world *, struct model *, struct mnode *, const struct record *);
void model_write(struct world *, struct model *, struct mnode *, const struct record *);
void model_durable(struct world *, struct model *, struct mnode *, const struct record *);
void model_role(struct world *, struct model *, struct mnode *, const struct record *);
void model_lease(struct world *, struct model *, struct mnode *, const struct record *);
void model_boot(struct world *, struct model *, struct mnode *, const struct record *);
void model_crash(struct model *, struct mnode *, const struct record *);
void model_config(struct model *, const struct record *);
void model_clock(const struct world *, struct mnode *, const struct record *);
void model_invoke(struct world *, struct model *, const struct record *);
void model_read(struct world *, struct model *, const struct record *);
void model_return(struct world *, struct model *, const struct record *);
void model_apply(struct world *, struct model *, const struct record *);
void model_several(const struct world *, const struct record *);

/* held.c, for model.c. holds_last: the image was the last in that term. leaves: the latest write
 * was the last of its term, and is not durable yet; has_left: this one and all earlier are;
 * never_left: a crash took what was under way. */
void model_held_start(const struct world *, struct model *);
void model_holds_last(struct world *, struct model *, uint8_t node, uint64_t term, struct held);
void model_leaves(struct world *, struct model *, uint8_t node);
void model_has_left(struct world *, struct model *, uint8_t node, uint64_t wid);
void model_never_left(const struct world *, struct model *, uint8_t node);

/* What the model hears, and what it does about it: the judge's mask and the switch are made of this
 * one list. */
#define MODEL_HEARS(KIND)                                                                          \
    KIND(APPEND, model_append(w, m, n, r))                                                         \
    KIND(APPLY, n->applied = r->index; n->seen_apply = w->records;                                 \
         if (r->index > m->top_applied) model_apply(w, m, r))                                      \
    KIND(SEND, if (rec_type(r) == MSG_CLIENT_REQUEST && rec_attempt(r) > 1) model_several(w, r))   \
    KIND(DUPLICATE,                                                                                \
         if (rec_type(r) == MSG_CLIENT_REQUEST || rec_type(r) == MSG_PROPOSE) model_several(w, r)) \
    KIND(COMMIT, model_commit(w, m, n, r))                                                         \
    KIND(WRITE, model_write(w, m, n, r))                                                           \
    KIND(DURABLE, model_durable(w, m, n, r))                                                       \
    KIND(LEASE, model_lease(w, m, n, r))                                                           \
    KIND(INVOKE, model_invoke(w, m, r))                                                            \
    KIND(READ, model_read(w, m, r))                                                                \
    KIND(RETURN, model_return(w, m, r))                                                            \
    KIND(CUT, model_cut(w, n, r))                                                                  \
    KIND(TERM, n->term = r->term; n->vote = rec_vote(r); n->seen_term = w->records)                \
    KIND(ROLE, model_role(w, m, n, r))                                                             \
    KIND(BOOT, model_boot(w, m, n, r))                                                             \
    KIND(CLOCK, model_clock(w, n, r))                                                              \
    KIND(CRASH, model_crash(m, n, r))                                                              \
    KIND(CONFIG, model_config(m, r))                                                               \
    KIND(INJECT, m->misled |= rec_unsafe(r) ? NODE_BIT(r->peer) : 0)

static inline void model_record(struct world *w, struct model *m, const struct record *r,
                                enum record_kind kind)
{
    struct mnode *n = &m->node[r->node <= NODES_MAX ? r->node : 0];
    switch ((int)kind) {
#define HEARD(kind, what) case REC_##kind: what; break;
    MODEL_HEARS(HEARD)
#undef HEARD
    default: break;
    }
}

#endif
