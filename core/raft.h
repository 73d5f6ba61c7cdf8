/* SPDX-License-Identifier: MIT */
/*
 * Raft as a pure step function: state and event in, effects out.
 *
 *     raft_init(&raft, &boot);                from a durable image
 *     raft_step(&raft, &event, &effects);     0, or enum raft_result; never asserts on input
 *     raft_deadline(&raft);                   the next local time at which a TIME event matters
 *
 * The core reads no clock, does no I/O, allocates nothing, holds no pointer and only integers: a
 * copy of a state, raft_size bytes by its options, is a clone. Citations "D 3.4" name sections of
 * Ongaro's dissertation, "Consensus: Bridging Theory and Practice" (2014).
 *
 * What the core leaves to its host:
 *   - Payloads. The core knows the terms of its log as runs, and kind and size of the entries that
 *     it appended itself since it last took any from a leader, at most the RAFT_WINDOW latest.
 *   - Durability. effects.write says what to persist; the host answers with WRITE_DONE when that
 *     write AND EVERY EARLIER ONE is durable. A message with wid != 0 promises something and must
 *     not leave before WRITE_DONE(wid) could be reported; where the node's term moves on first, the
 *     core cancels it (effects.cancel_below). Nothing is lost by that: every question is asked
 *     again.
 *   - Its number. Each boot of a node has an incarnation, which no other boot of that node id ever
 *     had, durable before the boot. What the node asks (candidacies, forwarded reads) is numbered
 *     from it, so that no answer to a former life passes for one to this.
 *   - Time. Each event carries the node's local clock in ns. The core keeps its own time, which
 *     never runs backwards.
 *   - Applying. The host applies entries in order up to effects.delta.commit.
 *
 * Membership is static here: the configuration is given at boot. Snapshots and leadership transfer
 * are not part yet.
 */
#ifndef RAFT_H
#define RAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "limits.h"

#define RAFT_US(n) ((uint64_t)(n) * 1000u)
#define RAFT_MS(n) ((uint64_t)(n) * 1000000u)
#define RAFT_NONE 0u                 /* no node */
#define RAFT_NEVER UINT64_MAX        /* no deadline */
#define RAFT_AUTO UINT64_MAX         /* the value `auto` of an option */

/* ---- results --------------------------------------------------------------------------------- */

/*
 * Whatever raft_step returns but RAFT_OK, the state is as it was and the effects are empty. After a
 * RAFT_E_LIMIT_ the host must stop the node: the event, a WRITE_DONE perhaps, is lost to it.
 */
enum raft_result {
    RAFT_OK = 0,
    RAFT_E_INVALID,    /* the event is malformed: unknown type, node out of range,
                          impossible field */
    RAFT_E_NOT_LEADER, /* a proposal at a node that neither leads nor can forward;
                          effects.delta.leader is valid */
    RAFT_E_BUSY,       /* a bounded queue is full (writes, reads); try again later */
    RAFT_E_LIMIT_RUNS, /* this log would have more terms than the option log-terms */
    RAFT_E_LIMIT_TERM, /* a term would pass 2^62                                   */
    RAFT_E_LIMIT_LIFE  /* this life has asked 2^RAFT_ASKED_BITS - 1 times; boot anew */
};
/* "ok", "invalid", ...; static; "?" for any other number */
const char *raft_result_name(int result);

/* ---- options --------------------------------------------------------------------------------- */

enum raft_reads { RAFT_READS_INDEX, RAFT_READS_LEASE, RAFT_READS_LOG };
enum raft_commit_notify { RAFT_NOTIFY_OFF, RAFT_NOTIFY_IDLE, RAFT_NOTIFY_ALWAYS };
enum raft_leases { RAFT_LEASES_AUTO, RAFT_LEASES_OFF, RAFT_LEASES_ON };

/* One uint64_t a row of options.def; a SPAN makes two, field_min and field_max. */
struct raft_options {
#define OPT_BOOL(field, ...) uint64_t field;
#define OPT_TIME(field, ...) uint64_t field;
#define OPT_AUTO(field, ...) uint64_t field;
#define OPT_SPAN(field, ...) uint64_t field##_min, field##_max;
#define OPT_COUNT(field, ...) uint64_t field;
#define OPT_BYTES(field, ...) uint64_t field;
#define OPT_PPM(field, ...) uint64_t field;
#define OPT_ENUM(field, ...) uint64_t field;
#include "options.def"
};
void raft_options_default(struct raft_options *);
/* True where every option is in its range and they fit together: election_timeout_min <= _max,
 * heartbeat < election_timeout_min, lease reads and leases only with check-quorum and stickiness.
 * Where false, *why (may be NULL) is a static sentence. This sees one node only, and a lease counts
 * on the others: where one may lead with leases on, every voter needs leases on too, and an
 * election_timeout_min no shorter than the leader's. */
bool raft_options_valid(const struct raft_options *, const char **why);
/* True where two voters of one cluster may have these options (D 6.4.1): where either keeps leases
 * both must, with one minimum election timeout and one drift bound. Everything else may differ.
 * Where false, *why (may be NULL) is a static sentence. */
bool raft_options_agree(const struct raft_options *, const struct raft_options *, const char **why);

/* ---- the log's shape ------------------------------------------------------------------------- */

struct raft_run {      /* n consecutive entries of one term */
    uint64_t term;
    uint64_t n;
};

enum raft_kind { RAFT_KIND_NORMAL = 0, RAFT_KIND_NOOP = 1, RAFT_KIND_CONFIG = 2 };

struct raft_entry_info {
    uint32_t size;     /* bytes of payload, at most 2^24 - 1 */
    uint8_t kind;      /* enum raft_kind */
    uint8_t zero[3];
};

/* ---- messages -------------------------------------------------------------------------------- */

/*
 * A message carries its sender's own term, and where its receiver may adopt that (D 3.3) it leaves
 * only when that term is durable (D 3.8). The others wait for nothing: PREVOTE and the
 * PREVOTE_REPLY that grants it speak of a term to come, and nobody looks at the term of READ_INDEX,
 * READ_INDEX_REPLY and PROPOSE.
 */
enum raft_msg_type {
    RAFT_MSG_VOTE = 1,        /* index, log_term: the candidate's last entry (D 3.4, 3.6.1);
                                 try_id */
    RAFT_MSG_VOTE_REPLY,      /* RAFT_FLAG_REJECT or a grant; try_id, asked                       */
    RAFT_MSG_PREVOTE,         /* as VOTE; term is the term that the candidate would have (D 9.6)  */
    RAFT_MSG_PREVOTE_REPLY,   /* as VOTE_REPLY; a grant carries the term that was asked           */
    RAFT_MSG_APPEND,          /* index, log_term: the entry before the first; n entries in runs[];
                                 commit; round */
    RAFT_MSG_APPEND_REPLY,    /* accepted: index = last entry known to match. RAFT_FLAG_REJECT:
                                 index = the refused previous index, hint = where to look next,
                                 log_term = the hint's term. Both: round, asked */
    RAFT_MSG_HEARTBEAT,       /* commit = min(match, commit); round                               */
    RAFT_MSG_HEARTBEAT_REPLY, /* round, asked. RAFT_FLAG_REJECT: as of an APPEND_REPLY without
                                 index, the sender is in a later term                             */
    RAFT_MSG_COMMIT_NOTIFY,   /* commit = min(match, commit); opens no round and has no answer    */
    RAFT_MSG_READ_INDEX,      /* a follower asks on behalf of its reader: context. RAFT_FLAG_LEASE:
                                 an answer under a lease will do (its option reads is lease)   */
    RAFT_MSG_READ_INDEX_REPLY, /* context; index = read index. RAFT_FLAG_REJECT: ask again
                                  elsewhere. RAFT_FLAG_LEASE: a lease vouches for it, no round */
    RAFT_MSG_PROPOSE,         /* a forwarded proposal: n = 1, bytes = its size                    */
    RAFT_MSG_TYPES
};
/* "vote", "vote-reply", "prevote", ..., as scenarios spell them; "?" */
const char *raft_msg_type_name(int type);

enum raft_msg_flag {
    RAFT_FLAG_REJECT = 1,   /* a reply that refuses */
    RAFT_FLAG_FORCE = 2,    /* a (pre-)vote that an operator asked for: stickiness does not apply,
                               leases do */
    RAFT_FLAG_FILL = 4,     /* APPEND below the window: n = 0, bytes = budget, max_n = most entries;
                               the host fills the entries that follow `index` (at least one) and
                               sets n, bytes, runs before it sends */
    RAFT_FLAG_LEASE = 8     /* READ_INDEX and its reply: by a lease */
};

/* A message. Unused fields are zero. Only nruns of runs[] mean anything; a host may copy
 * RAFT_MSG_SIZE(m) bytes. No type has both of two fields that share a place. */
struct raft_msg {
    uint8_t type;        /* enum raft_msg_type */
    uint8_t from, to;    /* node ids */
    uint8_t flags;       /* enum raft_msg_flag */
    uint32_t group;
    uint64_t term;
    uint64_t index;
    uint64_t log_term;
    union {
        uint64_t commit;
        uint64_t asked;  /* an answer: the term of the message that it answers */
    };
    union {
        uint64_t round;  /* the leader's round at sending; replies echo it */
        uint64_t try_id; /* which candidacy asks, of all that its node ever began: incarnation
                            << RAFT_ASKED_BITS | 1, 2 ...; replies echo it. The vote of a candidacy
                            has the number of its pre-vote: their answers differ in type */
    };
    uint64_t hint;
    uint64_t context;    /* READ_INDEX and its reply */
    uint32_t n;          /* entries */
    uint32_t bytes;      /* bytes of entries */
    uint32_t max_n;      /* with RAFT_FLAG_FILL */
    uint32_t nruns;
    struct raft_run runs[RAFT_MSG_RUNS_MAX];
};
#define RAFT_MSG_SIZE(m) (offsetof(struct raft_msg, runs) + (m)->nruns * sizeof(struct raft_run))

/* ---- events ---------------------------------------------------------------------------------- */

enum raft_event_type {
    RAFT_EV_TIME = 1,     /* the deadline may have come                                        */
    RAFT_EV_RECV,         /* recv.msg arrived                                                  */
    RAFT_EV_PROPOSE,      /* append propose.n entries, 1..RAFT_PROPOSE_MAX; the host may batch */
    RAFT_EV_READ,         /* read.id wants a read index; ids are the host's, and come back
                             in raft_read_result */
    RAFT_EV_READ_CANCEL,  /* forget read.id; unknown ids are ignored                           */
    RAFT_EV_CAMPAIGN,     /* an operator asks for an election now: PreVote and log checks hold, and
                             the request carries RAFT_FLAG_FORCE where campaign.force is set */
    RAFT_EV_WRITE_DONE,   /* write.wid and every earlier write are durable; or, with failed, wid
                             will never be */
    RAFT_EV_UNREACHABLE,  /* a message to unreachable.peer is known to be lost: probe it again */
    RAFT_EV_PIN_TIMEOUT,  /* the next randomised election timeout to fire will be pin.timeout_ns
                             (tests): it holds for the present wait, from its beginning, and for
                             every later one until one fires */
    RAFT_EV_TYPES
};

struct raft_event {
    uint8_t type;         /* enum raft_event_type */
    uint64_t now;         /* local clock, ns. May run at any rate; where it goes backwards the
                             core's own time stands, and any lease ends (RAFT_NOTE_CLOCK_BACK) */
    union {
        struct { const struct raft_msg *msg; } recv;         /* read during the step only */
        /* read during the step only */
        struct { const struct raft_entry_info *entries; uint32_t n; } propose;
        struct { uint64_t id; } read;
        struct { bool force; } campaign;
        struct { uint64_t wid; bool failed; } write;         /* wid 0 is invalid; an unknown or
                                                                repeated wid is ignored */
        struct { uint8_t peer; } unreachable;
        struct { uint64_t timeout_ns; } pin;
    };
};

/* ---- effects --------------------------------------------------------------------------------- */

/* What to persist, as one atomic record in this order: term and vote, then cut the log, then
 * append. At most one a step. */
struct raft_write {
    uint64_t wid;          /* 0: nothing to write. Else 1, 2, 3 ... since boot */
    uint64_t term;
    uint64_t cut_from;     /* first index to drop; 0: drop none */
    uint64_t first, last;  /* entries to append, taken from this step's delta; first > last: none */
    uint8_t vote;
};

enum raft_origin { RAFT_FROM_NONE, RAFT_FROM_PROPOSAL, RAFT_FROM_MESSAGE, RAFT_FROM_SELF };
enum raft_role { RAFT_FOLLOWER, RAFT_PRECANDIDATE, RAFT_CANDIDATE, RAFT_LEADER, RAFT_HALTED };
const char *raft_role_name(int role);   /* "follower", ...; "?" */

/* What the step changed: the whole of it, so that an observer never needs to walk the state.
 * Every field but changed and the log part is the value after the step, valid in any case. */
enum raft_changed {
    RAFT_CHANGED_TERM = 1, RAFT_CHANGED_VOTE = 2, RAFT_CHANGED_ROLE = 4, RAFT_CHANGED_LEADER = 8,
    RAFT_CHANGED_COMMIT = 16, RAFT_CHANGED_LOG = 32, RAFT_CHANGED_LEASE = 64
};
struct raft_delta {
    uint32_t changed;          /* enum raft_changed, or-ed */
    uint8_t role, leader, vote;
    uint8_t origin;            /* where the appended entries come from: enum raft_origin. PROPOSAL:
                                  this event's, or those of a PROPOSE message; MESSAGE: this
                                  APPEND's; SELF: one no-op */
    uint64_t term, commit, last;
    uint64_t cut_from;         /* first index dropped from the log in memory; 0: none */
    uint64_t first;            /* entries first..last were appended; first > last: none */
    uint32_t nruns;            /* their terms, as the log has them: so many entries each */
    struct raft_run runs[RAFT_MSG_RUNS_MAX];
    uint64_t lease_until;      /* local clock (as the host's), or 0: no lease held */
};

/* Why a decision fell as it did: "what (a vs b) -> outcome". Rows in notes.def; a, b are the two
 * numbers compared. */
enum raft_note_kind {
    RAFT_NOTE_NONE = 0,
#define NOTE(name, ...) RAFT_NOTE_##name,
#include "notes.def"
#undef NOTE
    RAFT_NOTE_KINDS
};
struct raft_note {
    uint8_t kind;    /* enum raft_note_kind */
    uint8_t peer;    /* the other node, or 0 */
    uint64_t a, b;
};
const char *raft_note_name(int kind);    /* as in notes.def: "TERM_OLD" */
/* The sentence of a note, with %a, %b and %p for a, b and peer, and %ta, %tb where they are local
 * times; static. */
const char *raft_note_text(int kind);

struct raft_read_result {
    uint64_t id;       /* of the READ event */
    uint64_t index;    /* answer once this index is applied */
    bool lease;        /* answered under a lease, its own or the leader's, without a round */
};

/* PROPOSE at a follower: the host sends one MSG_PROPOSE per entry to this node; 0: none */
struct raft_forward {
    uint8_t to;
    uint64_t term;
};

struct raft_msg_out {
    uint64_t wid;   /* may leave when this write and every earlier one is durable, unless it is
                       cancelled before; 0: now. (Write numbers start anew at each boot: who reports
                       one is the process that was told it, and what it held dies with it.) */
    struct raft_msg msg;
};

/* The caller's buffer; the core fills it and forgets it. Nothing in it is cleared but
 * the counts. */
struct raft_effects {
    struct raft_delta delta;
    struct raft_write write;
    struct raft_forward forward;
    uint64_t cancel_below;   /* messages of earlier steps that still wait, of terms below this, must
                                never leave; 0: none */
    uint32_t nmsgs, nreads, nnotes;
    uint32_t notes_lost;
    struct raft_msg_out msgs[RAFT_OUT_MSGS];
    struct raft_read_result reads[RAFT_OUT_READS];
    struct raft_note notes[RAFT_OUT_NOTES];
};

/* ---- the state ------------------------------------------------------------------------------- */

struct raft;    /* state.h; no pointers, no padding that means anything */
/* Bytes that a state with these options, which are valid, takes; alignment 8. */
size_t raft_size(const struct raft_options *);
/* Bytes, from its beginning, that mean anything now: a copy of so many, where there is room for
 * all, is a clone. */
size_t raft_used(const struct raft *);

/* A node's durable image and its place in the cluster. */
struct raft_boot {
    uint8_t id;        /* 1..RAFT_NODES_MAX */
    uint32_t group;
    uint64_t incarnation;  /* 1..2^RAFT_LIFE_BITS - 1, given to no other boot of this id, ever:
                              the host makes it durable before it boots */
    uint64_t now;      /* local clock, ns */
    uint64_t seed;     /* of the election PRNG; the core mixes the id in, so 0 everywhere is fine */
    bool restarted;    /* it had a former life: with leases on it grants no (pre-)vote for one
                          minimum election timeout */
    uint64_t term;     /* 0: never heard of one */
    uint8_t vote;      /* in that term */
    uint64_t commit;   /* an index known to be committed, at most the last; 0 is always right */
    uint32_t nruns;    /* the durable log from index 1, at most options.log_terms, terms rising */
    const struct raft_run *runs; /* read during the call only */
    uint32_t voters;   /* bit i-1: node i votes; 1..RAFT_VOTERS_MAX bits */
    struct raft_options options;
};
/* 0, or RAFT_E_INVALID (options, ids, no incarnation or one too large, runs that fall, a term below
 * the last run's, a commit beyond the log), or RAFT_E_LIMIT_RUNS. The state means something only
 * after 0. */
/* Into raft_size(&boot->options) bytes, whatever they hold. */
int raft_init(struct raft *, const struct raft_boot *);

/* One event. `effects` need not be cleared. Cost is proportional to what happens, never to
 * the log. */
int raft_step(struct raft *, const struct raft_event *, struct raft_effects *effects);

/* The least local clock at which a TIME event would change something; RAFT_NEVER where none
 * would. May lie in the past: step at once. */
uint64_t raft_deadline(const struct raft *);

/* The core's own invariants, beyond what any input can cause: 0, or the number of the first one
 * broken and *why, a static sentence. */
int raft_check(const struct raft *, const char **why);

/* A hash of everything that can influence the future; equal states hash equal, whatever lies in
 * unused places. */
uint64_t raft_hash(const struct raft *);

/* ---- views (for hosts, tests and pictures; O(1) but where said) ------------------------------ */

enum raft_progress_state { RAFT_PROBE, RAFT_REPLICATE };
struct raft_progress_view { uint64_t match, next; uint8_t state; uint32_t inflight; };
struct raft_view {
    uint64_t term, commit, last, last_term, stable;   /* stable: last durable index, as far as the
                                                         core was told */
    uint64_t lease_until;                             /* local clock, or 0 */
    uint8_t id, role, vote, leader;
    uint32_t voters;
};
void raft_view(const struct raft *, struct raft_view *);
/* false: not leader, or no such peer */
bool raft_progress(const struct raft *, uint8_t peer, struct raft_progress_view *);
/* O(log runs); 0 for index 0 and beyond the last */
uint64_t raft_term_at(const struct raft *, uint64_t index);

#endif
