/* SPDX-License-Identifier: MIT */
/*
 * The state of the core and the seams between its rooms. Private to core/.
 *
 * Method: everything a node is lies in struct raft, and in the arrays behind it whose length its
 * options say (room.c): no pointer, no meaningful padding, so that a copy is a clone. One step is
 * one struct turn: the state, the effects being filled, and what the state was when the step began.
 * All times in here are the core's own time (raw local clock + skew), which never runs backwards.
 *
 * A step has two halves. admit.c looks at the event and at the state and changes neither; it finds
 * every reason to refuse (fields, limits, room). Only then do the rooms act, and none of them can
 * fail any more.
 */
#ifndef RAFT_STATE_H
#define RAFT_STATE_H

#include "log.h"
#include "progress.h"
#include "raft.h"

#define RAFT_TERM_MAX ((uint64_t)1 << 62)
#define RAFT_INDEX_MAX ((uint64_t)1 << 62)
#define RAFT_SIZE_MAX (((uint32_t)1 << 24) - 1)
#define RAFT_PEERS_MAX (RAFT_VOTERS_MAX - 1)
/* No life opens as many rounds (check.c); a mask by it only tells the compiler so. */
#define RAFT_ROUND_MAX (((uint64_t)1 << 56) - 1)

/* Every number that a life of this node gives to what it asks has its incarnation in front. */
static inline uint64_t raft_life_of(uint64_t number) { return number >> RAFT_ASKED_BITS; }
static inline bool raft_numbers_spent(uint64_t latest)
{
    return raft_life_of(latest + 1) != raft_life_of(latest);
}

/* A read that waits here. At a leader: registered once round != 0. */
struct raft_reading {
    uint64_t id;         /* own: the host's id; another node's: its context */
    uint64_t token;      /* own: the context under which it is forwarded    */
    uint64_t index;      /* registered: the commit index at that time       */
    uint64_t round : 56; /* registered: the round whose confirmation answers it;
                            0: not registered */
    uint64_t from : 7;   /* 0: own; else the node that asks                 */
    uint64_t lease : 1;  /* who asks takes an answer under a lease          */
};

/* A round whose beginning is remembered beyond RAFT_ROUNDS_MAX rounds. */
struct raft_mark {
    uint64_t round, start;
};

struct raft {
    /* who */
    uint8_t id, role, vote, leader;
    uint32_t group;
    uint32_t voters;                           /* bit i-1: node i votes                           */
    uint64_t incarnation;                      /* no other life of this node has it               */
    uint8_t npeers, nvoters, majority, force;  /* peers: of a voter, the others; force: this
                                                  candidacy's flag */
    uint8_t peers[RAFT_PEERS_MAX];
    uint8_t place[RAFT_NODES_MAX];             /* of node i in slot i-1: where it stands in peers */
    uint8_t leases;                            /* effective: on, or auto with lease reads         */
    uint8_t hung;                              /* none of its writes completed for long, and
                                                  until one does (disk.c) */
    uint8_t zero[6];
    /* what is known */
    uint64_t term, commit;
    struct raft_log log;
    /* durability: writes wid_done+1..wid_last are pending; a wid's slot is wid % RAFT_WRITES_MAX */
    uint64_t wid_done, wid_last;
    uint64_t hard_wid;                         /* the latest write that changed term or vote      */
    uint64_t stable;                           /* last durable index, as far as the host told     */
    uint16_t write_index[RAFT_WRITES_MAX];     /* low 16 bits: what is durable when this write is */
    /* time */
    uint64_t now, skew;                        /* own time at the last step; own = raw + skew     */
    uint64_t wait_start, election_due;         /* of a node that waits for a leader or for votes  */
    uint64_t pin;                              /* 0, or 1 + the timeout of every draw until
                                                  one fires */
    uint64_t heard_until;                      /* a leader was heard; sticky until then (D 4.2.3);
                                                  0: none */
    uint64_t silent_until;                     /* restarted under leases: grants nothing until then
                                                  (D 6.4.1) */
    uint64_t chance;                           /* state of the election PRNG                      */
    /* a (pre-)candidate: who answered what, by bit; counted in this role and try only */
    uint32_t granted, refused;
    uint64_t try_id;                           /* of the latest candidacy of this life            */
    /* a leader */
    uint32_t owed;                             /* bit i-1: node i may be sent more                */
    uint32_t nreads;
    uint64_t term_start;                       /* index of the first entry of this term, present or
                                                  not yet */
    uint64_t heartbeat_due, quorum_due;
    uint64_t disk_due;                         /* a majority without it is ahead of its disk, and
                                                  then it steps down; RAFT_NEVER: none is */
    uint64_t round;                            /* the latest opened                               */
    uint64_t round_floor;                      /* rounds up to here extend no lease: the clock
                                                  went back */
    uint64_t lease_until;                      /* derived from the peers' acked_start at every
                                                  change; 0: no lease */
    uint64_t round_start[RAFT_ROUNDS_MAX];
    uint64_t marks;                            /* made in this reign; the latest in slot marks - 1 %
                                                  RAFT_MARKS_MAX */
    struct raft_mark mark[RAFT_MARKS_MAX];
    struct raft_peer progress[RAFT_PEERS_MAX]; /* in the order of peers                           */
    /* reads, oldest first */
    uint64_t token;                            /* the latest given                                */
    uint64_t reads_due;                        /* a follower asks its leader again then           */
    struct raft_reading reads[RAFT_READS_MAX];
    struct raft_options options;
};

/* What an APPEND would do here; found before anything changes. */
struct raft_append_plan {
    bool match;          /* the entry before the first is here                   */
    uint64_t cut_from;   /* first own entry in conflict; 0: none                 */
    uint64_t first;      /* first entry that is new here; beyond index + n: none */
};

struct turn {
    struct raft *r;
    struct raft_effects *fx;
    struct raft_append_plan plan;
    uint32_t news;       /* bit i-1: there may be a commit to tell node i of */
    /* as the step began */
    uint64_t term, commit, lease_until;
    uint8_t role, leader, vote;
};

static inline uint32_t raft_bit(uint8_t node) { return (uint32_t)1 << (node - 1u); }
static inline struct raft_peer *raft_peer_of(struct raft *r, uint8_t node)
{
    return &r->progress[r->place[node - 1u]];
}

static inline uint64_t raft_sat_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}
static inline uint64_t raft_sat_sub(uint64_t a, uint64_t b) { return a > b ? a - b : 0; }
static inline uint64_t raft_min(uint64_t a, uint64_t b) { return a < b ? a : b; }
static inline uint64_t raft_max(uint64_t a, uint64_t b) { return a > b ? a : b; }
/* An own time as the host's clock says it. */
static inline uint64_t raft_local(const struct raft *r, uint64_t own)
{
    return own == RAFT_NEVER ? RAFT_NEVER : raft_sat_sub(own, r->skew);
}

static inline bool raft_is_voter(const struct raft *r, uint8_t node)
{
    return (r->voters & raft_bit(node)) != 0;
}
/* The node is a voter other than this one: a leader here keeps progress for it. */
static inline bool raft_is_peer(const struct raft *r, uint8_t node)
{
    return node != r->id && raft_is_voter(r, node);
}
_Static_assert((RAFT_WRITES_MAX - 1) * RAFT_PROPOSE_MAX <= UINT16_MAX,
               "write_index tells pending writes apart");
/* What is durable when a pending write is: with the latest the whole log, with another never less
 * than what is now, and not 2^16 more, for no write appends more than RAFT_PROPOSE_MAX entries. */
static inline uint64_t raft_write_index(const struct raft *r, uint64_t wid)
{
    if (wid == r->wid_last) return r->log.last;
    return r->stable + (uint16_t)(r->write_index[wid % RAFT_WRITES_MAX] - r->stable);
}

static inline bool raft_writes_full(const struct raft *r)
{
    return r->wid_last - r->wid_done >= r->options.max_unsynced_writes;
}
/* Its waits for a leader end in a candidacy. Where no write fits, or none completes, that waits for
 * WRITE_DONE. */
static inline bool raft_may_stand(const struct raft *r)
{
    return r->role != RAFT_LEADER && raft_is_voter(r, r->id) && !raft_writes_full(r) && !r->hung;
}

/* out.c: effects, and what the host must make durable */
void raft_note(struct turn *s, enum raft_note_kind kind, uint8_t peer, uint64_t a, uint64_t b);
struct raft_msg *raft_send(struct turn *s, enum raft_msg_type type, uint8_t to, uint64_t wid);
struct raft_msg *raft_send_now(struct turn *s, enum raft_msg_type type, uint8_t to, uint64_t term);
void raft_write_hard(struct turn *s);
void raft_write_cut(struct turn *s, uint64_t from);
void raft_write_appended(struct turn *s, uint64_t first, enum raft_origin origin);
uint64_t raft_wid_of_term(const struct raft *r);
uint64_t raft_wid_of_index(const struct raft *r, uint64_t index);
bool raft_write_done(struct raft *r, uint64_t wid);
void raft_turn_begin(struct turn *s, struct raft *r, struct raft_effects *fx);
void raft_turn_end(struct turn *s);

/* room.c: lays out what the options size */
void raft_room_lay(struct raft *r);

/* admit.c */
int raft_admit(const struct raft *r, const struct raft_event *ev, struct raft_append_plan *plan);

/* election.c */
void raft_election_arm(struct raft *r);
void raft_election_pin(struct raft *r, uint64_t timeout_ns);
void raft_election_expired(struct turn *s);
void raft_campaign_asked(struct turn *s, bool force);
void raft_recv_vote(struct turn *s, const struct raft_msg *m);
void raft_recv_vote_reply(struct turn *s, const struct raft_msg *m);
bool raft_answer_adopts(const struct raft *r, const struct raft_msg *m);
bool raft_answers_try(const struct raft *r, const struct raft_msg *m);
bool raft_would_win(const struct raft *r, uint32_t granted, uint64_t wid_done);
void raft_win_if_due(struct turn *s);
void raft_step_down(struct turn *s, uint64_t term, uint8_t leader);
void raft_heard_leader(struct turn *s, uint8_t leader);

/* replication.c */
void raft_lead_append(struct turn *s, const struct raft_entry_info *entries, uint32_t n,
                      enum raft_origin origin);
void raft_lead_begin(struct turn *s);
void raft_lead_expired(struct turn *s);
void raft_lead_flush(struct turn *s);
void raft_lead_notify(struct turn *s);
void raft_lead_broadcast(struct turn *s);
void raft_lead_unreachable(struct turn *s, uint8_t peer);
void raft_lead_commit(struct turn *s);
void raft_recv_append_reply(struct turn *s, const struct raft_msg *m);
void raft_recv_heartbeat_reply(struct turn *s, const struct raft_msg *m);

/* follow.c */
void raft_append_plan(const struct raft *r, const struct raft_msg *m,
                      struct raft_append_plan *plan);
void raft_recv_append(struct turn *s, const struct raft_msg *m);
void raft_recv_commit_notify(struct turn *s, const struct raft_msg *m);
void raft_recv_heartbeat(struct turn *s, const struct raft_msg *m);
void raft_refuse_old_leader(struct turn *s, const struct raft_msg *m);

/* disk.c: a disk that hangs */
uint64_t raft_disk_timeout(const struct raft *r);
bool raft_disk_is_behind(const struct raft *r);
void raft_disk_acked(struct raft *r, uint64_t index);
void raft_disk_works(struct raft *r);
bool raft_disk_expired(struct turn *s);
bool raft_disk_holds_vote(const struct raft *r);

/* lease.c: rounds, contact with a quorum, and the lease that follows from them */
void raft_round_open(struct turn *s);
void raft_round_acked(struct turn *s, struct raft_peer *peer, uint64_t round);
uint64_t raft_quorum_contact(const struct raft *r, uint64_t now);
uint64_t raft_quorum_round(const struct raft *r);
bool raft_lease_valid(const struct raft *r);
void raft_lease_end(struct raft *r);

/* read.c */
void raft_read(struct turn *s, uint64_t id);
void raft_read_cancel(struct turn *s, uint64_t id);
bool raft_read_queued(const struct raft *r, uint8_t from, uint64_t id);
void raft_reads_pump(struct turn *s);
void raft_reads_forward(struct turn *s);
void raft_reads_step_down(struct turn *s);
void raft_recv_read_index(struct turn *s, const struct raft_msg *m);
void raft_recv_read_index_reply(struct turn *s, const struct raft_msg *m);

#endif
