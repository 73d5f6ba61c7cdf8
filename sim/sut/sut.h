/* SPDX-License-Identifier: MIT */
/*
 * The system under test, behind one table of functions: boot from a durable image, step,
 * deadline, view, stop. Our own core is the first one (sut/core.c) and gets no private door.
 *
 * Messages are opaque bytes with a structured label; faults, selectors and pictures know the label
 * only. Payloads stay with the host: a SUT names the entries it appended by index, count,
 * origin and terms, and the host knows which they are.
 *
 * The host does what it is told and no more. It puts on the disk what the writes ask for, in the
 * order in which they ask; it holds a message until its write is durable, and then sends it unless
 * that was cancelled; it hands over events one at a time and carries a step's effects out before
 * the next. What the SUT promises in return is contract.def, a rule a row; the check `contract`
 * judges it. What no SUT needs to ask for: a crash takes everything but the disk, and a write that
 * failed takes what waits for it and for every later one, none of which will ever be durable.
 */
#ifndef WT_SUT_H
#define WT_SUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum msg_type {
    MSG_NONE,
#define MSG(name, ...) MSG_##name,
#include "messages.def"
#undef MSG
    MSG_TYPES
};
enum { LABEL_REJECT = 1, LABEL_FORCE = 2, LABEL_FILL = 4, LABEL_LEASE = 8, LABEL_TRY_BITS = 40 };

/* No type has both of two that share a place; 0 where the SUT has no such thing. */
struct msg_label {
    uint8_t type, from, to, flags;
    uint16_t group, zero;
    uint64_t term, index, log_term;
    union {
        uint64_t commit;
        uint64_t asked;     /* label_answers(type): the term of the message that it answers */
    };
    union {
        uint64_t round;
        uint64_t try_id;    /* label_elects(type): which candidacy asks, or is answered: the
                               asker's boot << LABEL_TRY_BITS | its number in that life */
    };
    uint32_t entries, bytes;
};

/* A (pre-)vote, or the answer to one. */
static inline bool label_elects(uint8_t type)
{
    return type >= MSG_VOTE && type <= MSG_PREVOTE_REPLY;
}
/* The number of a try. */
static inline uint64_t label_try(uint64_t boot, uint64_t number)
{
    return boot << LABEL_TRY_BITS | number;
}
/* What answers a candidate or a leader: a type that answers is one more than that which asks. */
static inline bool label_answers(uint8_t type)
{
    return type == MSG_VOTE_REPLY || type == MSG_PREVOTE_REPLY || type == MSG_APPEND_REPLY ||
           type == MSG_HEARTBEAT_REPLY;
}
_Static_assert((int)MSG_VOTE_REPLY == (int)MSG_VOTE + 1 &&
                   (int)MSG_PREVOTE_REPLY == (int)MSG_PREVOTE + 1 &&
                   (int)MSG_APPEND_REPLY == (int)MSG_APPEND + 1 &&
                   (int)MSG_HEARTBEAT_REPLY == (int)MSG_HEARTBEAT + 1 &&
                   (int)MSG_PREVOTE == (int)MSG_VOTE_REPLY + 1,
               "an answer follows its question");

/* The fields that selectors compare, in the order of messages.def. */
#define FOR_LABEL_FIELDS(FIELD) \
    FIELD(TERM, "term") FIELD(INDEX, "index") FIELD(LOG_TERM, "log-term") \
    FIELD(COMMIT, "commit") FIELD(ENTRIES, "entries") FIELD(ROUND, "round") FIELD(TRY, "try") \
    FIELD(ASKED, "asked")
#define FIELD_SYMBOL(symbol, name) FIELD_##symbol,
enum label_field { FOR_LABEL_FIELDS(FIELD_SYMBOL) LABEL_FIELDS };
#undef FIELD_SYMBOL
uint64_t label_field(const struct msg_label *, enum label_field);
const char *label_field_name(enum label_field);

/* A row of messages.def. says: of each field what it is, "": always 0; refuses: likewise what
 * LABEL_REJECT means. */
struct msg_row { const char *name, *says[LABEL_FIELDS], *refuses; bool promises; };
extern const struct msg_row msg_rows[MSG_TYPES];    /* by type; MSG_NONE is "none" */

enum {
    SUT_MSG_BYTES = 224, SUT_MSG_RUNS = 8, SUT_OUT_MSGS = 104, SUT_OUT_READS = 64,
    SUT_OUT_NOTES = 16, SUT_PROPOSE_MAX = 256,
    SUT_BOOT_RUNS = 65536   /* terms of a durable log that a host can tell of at boot */
};

struct sut_run { uint64_t term, n; };

struct sut_out {
    struct msg_label label;
    uint64_t wid;           /* 0: may leave now; else when that write and every earlier one
                               is durable, if it is not cancelled before */
    uint32_t max_entries;   /* LABEL_FILL: the host fills entries from label.index + 1, at least
                               one, at most this many and label.bytes bytes, then calls fill() */
    uint32_t nbytes;        /* at most SUT_MSG_BYTES */
    const void *bytes;      /* the SUT's, valid until its next call; 8-aligned; the host copies */
};

enum sut_event_type {
    SUT_TIME = 1, SUT_RECV, SUT_PROPOSE, SUT_READ, SUT_READ_CANCEL, SUT_CAMPAIGN, SUT_WRITE_DONE,
    SUT_UNREACHABLE
};
struct sut_entry { uint32_t size; uint8_t kind; };
struct sut_event {
    uint8_t type;
    uint8_t peer;             /* UNREACHABLE */
    bool flag;                /* WRITE_DONE: failed; CAMPAIGN: force */
    uint16_t group;
    uint64_t now;             /* the node's local clock, ns */
    uint64_t id;              /* READ, READ_CANCEL: id; WRITE_DONE: wid */
    const struct msg_label *label;   /* RECV */
    const void *bytes;               /* RECV: 8-aligned */
    uint32_t nbytes;
    uint32_t n;                      /* PROPOSE */
    const struct sut_entry *entries; /* PROPOSE */
};

enum {
    SUT_CHANGED_TERM = 1, SUT_CHANGED_VOTE = 2, SUT_CHANGED_ROLE = 4, SUT_CHANGED_LEADER = 8,
    SUT_CHANGED_COMMIT = 16, SUT_CHANGED_LOG = 32, SUT_CHANGED_LEASE = 64
};
enum breach {
    BREACH_NONE,
#define BREACH(name, ...) BREACH_##name,
#include "contract.def"
    BREACHES
};
/* a rule of contract.def: its name ("write-hole") and the promise in a sentence; static; "?" */
const char *breach_name(int breach);
const char *breach_promise(int breach);

enum sut_role { SUT_FOLLOWER, SUT_PRECANDIDATE, SUT_CANDIDATE, SUT_LEADER, SUT_HALTED };
enum sut_origin { SUT_FROM_NONE, SUT_FROM_PROPOSAL, SUT_FROM_MESSAGE, SUT_FROM_SELF };

struct sut_delta {
    uint32_t changed;
    uint8_t role, leader, vote, origin;
    uint64_t term, commit, last;
    uint64_t cut_from;        /* 0: none */
    uint64_t first;           /* first..last appended; first > last: none */
    uint32_t nruns;           /* the terms that they have in its log; the host takes its word */
    const struct sut_run *runs;     /* the SUT's, valid until its next call */
    uint64_t lease_until;     /* local ns; 0: none */
};
/* One atomic record: term and vote, then the cut (cut_from 0: none), then the entries first..last
 * of the log as it is after the step (first > last: none). */
struct sut_write { uint64_t wid; uint64_t term; uint64_t cut_from, first, last; uint8_t vote; };
struct sut_read { uint64_t id, index; bool lease; };
struct sut_note { uint8_t kind, peer; uint64_t a, b; };

struct sut_effects {
    struct sut_delta delta;
    struct sut_write write;   /* wid 0: none */
    uint64_t cancel_below;    /* messages that wait, of terms below this, are never to leave;
                                 0: none */
    uint8_t forward_to;       /* PROPOSE at a follower: forward each entry in a MSG_PROPOSE to this
                                 node; 0: no */
    uint32_t nmsgs, nreads, nnotes;
    struct sut_out msgs[SUT_OUT_MSGS];
    struct sut_read reads[SUT_OUT_READS];
    struct sut_note notes[SUT_OUT_NOTES];
};

struct sut_boot {
    uint8_t id;
    uint16_t group;
    bool restarted;
    uint8_t vote;
    uint64_t incarnation;     /* 1, 2 ...: no other boot of this node had it; durable before the
                                 boot */
    uint64_t now, seed, term, commit;
    uint32_t voters;          /* bit i-1: node i */
    uint32_t nruns;
    const struct sut_run *runs;      /* the durable log's terms from index 1 */
    const void *options;      /* one complete set of option bytes; read during the call only */
};

struct sut_view {
    uint64_t term, commit, last, last_term, stable, lease_until;
    uint8_t id, role, vote, leader;
    uint32_t voters;
};
/* state: 0 probe, 1 replicate, 2 snapshot */
struct sut_progress { uint64_t match, next; uint8_t state; uint32_t inflight; };

/* On any but OK the state is untouched and the effects mean nothing. INVALID: a message that no
 * peer may send, or a boot; NOT_LEADER: PROPOSE and READ; BUSY, try again: RECV, PROPOSE, READ and
 * CAMPAIGN; LIMIT: any. */
enum sut_result { SUT_OK, SUT_INVALID, SUT_NOT_LEADER, SUT_BUSY, SUT_LIMIT };

enum option_type { OPTION_BOOL, OPTION_TIME, OPTION_AUTO, OPTION_SPAN, OPTION_COUNT, OPTION_BYTES,
                   OPTION_PPM, OPTION_ENUM };
#define OPTION_AUTO_VALUE UINT64_MAX    /* AUTO: a time, or this, which is the word auto */
/* A time that a SUT draws from a SPAN it draws in nanoseconds: who waits three times for as long is
 * taken not to draw (check stability). */
struct option_row {     /* one uint64_t at `offset` of the options; SPAN: two, least then most */
    const char *name, *help, *words;    /* words: ENUM only, "a|b|c" */
    uint32_t offset;
    uint8_t type;
    uint64_t def, def_hi, least, most;
    bool of_world;          /* of the host: one for the world, not a node's own */
};

/* What a SUT keeps to beyond what every correct Raft does; a check may ask for it. */
enum sut_keeps {
    SUT_KEEPS_DURABLE_TERM = 1,  /* it asks for votes, and refuses, only in a term that its disk
                                    holds */
    SUT_KEEPS_EXCLUSIVE_LEASES = 2,  /* nobody wins a later term before a lease ends (without this
                                        nobody commits in one before); labels say the rounds on
                                        which a lease stands, in appends, heartbeats and their
                                        answers */
    SUT_KEEPS_FLOW = 4               /* a leader sends again only what it must think lost, by an
                                        answer or a report, and a heartbeat tells of what is
                                        committed there */
};

struct sut {
    const char *name, *help;
    uint32_t keeps;                     /* enum sut_keeps, or-ed */
    const struct option_row *options;   /* ends with a NULL name */
    void (*options_default)(void *options);
    /* Do they go together? *why, static, says why not and names the options that it speaks of as
     * their rows do, so that the line that sets one can be blamed. */
    bool (*options_valid)(const void *options, const char **why);
    /* May two voters of one cluster differ so? *why likewise. */
    bool (*options_agree)(const void *one, const void *other, const char **why);
    size_t (*size)(const void *options);    /* bytes of a state with these, 16-aligned, copyable */
    size_t (*used)(const void *state);  /* of them, from the beginning, those that mean anything
                                           now (also of a state that was never booted and is all
                                           zero): a copy of these is enough. NULL: all */
    int (*boot)(void *state, const struct sut_boot *);
    int (*step)(void *state, const struct sut_event *, struct sut_effects *);
    uint64_t (*deadline)(const void *state);    /* local ns; UINT64_MAX: none */
    void (*view)(const void *state, uint16_t group, struct sut_view *);
    uint64_t (*hash)(const void *state);
    int (*check)(const void *state, const char **why);   /* white-box self check: 0 or a number */
    const char *(*limit)(void);                 /* name of the limit that the last SUT_LIMIT hit */
    void (*stop)(void *state);
    /* the host filled a LABEL_FILL message: writes label entries/bytes and the SUT's bytes (in
     * place, up to SUT_MSG_BYTES); new nbytes */
    uint32_t (*fill)(struct msg_label *, void *bytes, uint32_t nbytes, uint32_t nruns,
                     const struct sut_run *);
    /* a MSG_PROPOSE as this SUT's host at `from` would send it; new nbytes */
    uint32_t (*propose_msg)(struct msg_label *, void *bytes);
    /* optional entries: NULL where the SUT cannot (a scenario that needs them is skipped) */
    uint64_t (*term_at)(const void *state, uint64_t index);     /* of its log; 0: it has none */
    bool (*progress)(const void *state, uint8_t peer, struct sut_progress *);
    int (*pin_timeout)(void *state, uint64_t now, uint64_t timeout_ns);   /* now: local */
    const char *(*note_name)(int kind);           /* "TERM_OLD" */
    const char *(*note_text)(int kind);           /* %a %b %p %ta %tb; see raft.h */
    /* A message that a scenario makes up, from its label and the terms of its entries: the SUT's
     * bytes (up to SUT_MSG_BYTES) and their number; 0: it has no such message. `hint`: of a refused
     * append, where to look next. */
    uint32_t (*compose)(const struct msg_label *, uint64_t hint, uint32_t nruns,
                        const struct sut_run *, void *bytes);
};

extern const struct sut *const suts[];            /* suts.def; ends with NULL */
const char *msg_type_name(int type);
const char *sut_role_name(int role);

#endif
