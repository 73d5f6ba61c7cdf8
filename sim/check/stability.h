/* SPDX-License-Identifier: MIT */
/*
 * The inside of the check `stability`: what it remembers of each node (stability.c, which judges
 * causes), of who owes a vote (refusals.c), of what a message obliges to (candidacy.c), of how long
 * nodes wait (waits.c), of a leader's disk (hung.c), of who answers it (stays.c), and of the
 * cluster (armed.c). Times of nodes are of their own clocks as they would tell them to a Raft that
 * knows no step back: the local clock plus all that it ever went back by. However often a node
 * looks at its clock, it counts no more time than this.
 */
#ifndef WT_STABILITY_H
#define WT_STABILITY_H

#include "model.h"

enum { BEGINNINGS = 16 };

/* What a leader's contact with its voters rests on. */
struct reign {
    uint64_t began[BEGINNINGS];     /* when it sent these rounds, own time: the latest at
                                       (n - 1) % BEGINNINGS, each an eighth of the minimum election
                                       timeout after the one before it */
    uint32_t round[BEGINNINGS];
    uint32_t n, latest;             /* latest: the latest round sent */
    uint32_t acked[NODES_MAX + 1];  /* the latest round that each node has answered */
    uint32_t match[NODES_MAX + 1];  /* and the greatest index that it has acknowledged */
    uint32_t spoke[NODES_MAX + 1];  /* what n was when each node last answered anything */
    bool deserted;                  /* no majority answers any more, and that was told */
    node_set late;                  /* whose latest answer came more than RECENT rounds late */
};

struct calm_node {
    uint64_t back;                  /* its clock went back by so much in all */
    uint64_t least;                 /* its minimum election timeout; NEVER: its SUT has none */
    uint64_t most;                  /* its maximum election timeout; NEVER: likewise */
    uint64_t disk_timeout;          /* NEVER: its disk is no cause */
    /* NEVER: never in this life, or not since somebody asked it to stand */
    uint64_t heard;                 /* a leader's message, or it leads itself, or granted a vote */
    uint64_t stood;                 /* it stood for election */
    uint64_t loyal;                 /* a leader's message, or it restarted; NEVER: never */
    uint64_t seen;                  /* ordinal of the record behind `heard` */
    uint64_t pin;                   /* 0, or 1 + the timeout that a scenario gave it */
    uint64_t wait_from;             /* no wait of its own began later */
    uint64_t wait_from_true;        /* that in true time */
    uint64_t wait;                  /* how long it waited before it last stood; 0: nobody knows */
    uint64_t behind_since;          /* a leader's: since when voters, a majority without it,
                                       are ahead of its disk, and no write of its own completed;
                                       NEVER: they are not */
    uint64_t overdue_at;            /* when it was first seen to lead on for too long, true time;
                                       NEVER: it was not */
    uint64_t failed_term;           /* the term that it led when a write failed; 0: none */
    uint64_t failure_told_at;       /* in this instant it may step before its host tells it of that,
                                       true time; NEVER: it does not know yet; 0: in none */
    bool check_quorum;              /* it may step down where it finds no majority */
    bool must_leave;                /* and has an option that says so: it must */
    bool asked;                     /* to stand, since it last heard */
    bool failed;                    /* a write failed in this life */
    bool blurred;                   /* its clock went back since `loyal` */
    bool clock_went_back;           /* its clock went back in this life */
    bool told;                      /* its latest pre-candidacy has asked, as `attempt` */
    bool hung;                      /* it stepped down for its disk, which has done nothing since */
    bool held_up;                   /* since a write was last done, one under way may have kept it
                                       from standing */
    bool resumed;                   /* it was paused since `behind_since` */
    bool by_hand;                   /* a scenario has driven it by hand, in this life or another */
    uint8_t same;                   /* so many waits in a row before `wait` were as long */
    uint32_t attempt;
    node_set granted, refused;      /* by whom, since it last stood */
    /* the request that it owes a vote: whose, of which type, and which; 0: none */
    uint8_t owes, owes_type;
    uint64_t owes_try, owes_term, owes_seen;
    uint64_t reign;                 /* offset of its struct reign; 0: it never led */
};

/* The whole cluster: who leads it, and what is still to come before the rule is armed. */
struct calm {
    bool trying, armed;
    bool stirred;                   /* a statement began: look whether links still fit */
    uint8_t leader;
    uint64_t term, since, newest;   /* newest: number of the newest message when it began to try */
    uint64_t looked_at;             /* when it was last asked whether to begin */
    uint64_t seen;                  /* the record by which it was armed */
    uint32_t underway, round;       /* of the older ones so many have still to arrive; a round after
                                       this one shows that a node follows */
    node_set live, waiting;         /* nodes that are up; that have not answered since */
};

/* What a message has obliged its receiver to do in that very step. */
struct duty {
    uint8_t node;                   /* whom; 0: nothing is owed */
    uint8_t leader;                 /* to follow it; 0: to stand no longer */
    uint64_t term, at, message, seen;
};

struct stability {
    uint64_t nodes;                 /* offset of struct calm_node[nodes + 1] */
    /* the latest message of a higher term that a node was given, which may unseat it */
    uint8_t given;
    uint64_t given_at, given_term, given_seen;
    /* what the latest message of a leader changed, for where its receiver's host refuses it */
    uint64_t undo_message, undo_heard, undo_loyal;
    uint8_t undo;
    /* the latest message that a node which stands may give up for */
    uint8_t moved;
    uint64_t moved_at;
    struct duty duty;
    struct calm calm;
};

static inline struct calm_node *calm_node(const struct world *w, const struct stability *s,
                                          uint8_t node)
{
    return (struct calm_node *)arena_at(&w->arena, s->nodes) + node;
}
static inline uint64_t own_time(const struct world *w, const struct calm_node *c, uint8_t node)
{
    return clock_local(w, node) + c->back;
}
static inline uint64_t least_wait(const struct calm_node *c)
{
    return c->pin && c->pin - 1 < c->least ? c->pin - 1 : c->least;
}

/* A time of a node's clock as true time at its present rate, rounded up; NEVER: it stands still. */
uint64_t stability_true_time(const struct world *, uint8_t node, uint64_t own);

/* candidacy.c: a node that stands is given a message; gives up; a node hears somebody whom it does
 * not follow yet; a record comes while something is owed. */
void candidacy_given(struct world *, const struct model *, struct stability *,
                     const struct record *);
void candidacy_ends(struct world *, const struct model *, const struct stability *,
                    const struct record *);
void candidacy_owes(struct world *, const struct model *, struct stability *, const struct record *,
                    uint8_t leader);
void candidacy_judged(struct world *, const struct model *, struct stability *,
                      const struct record *);

/* waits.c: a node stands because its wait is over, at this own time; a wait may begin now, or began
 * before; at this own time its node stands, or hears a leader. */
void waits_drawn(struct world *, struct calm_node *, const struct record *, uint64_t now);
void waits_begin(const struct world *, struct calm_node *, uint8_t node);
void waits_late(struct world *, const struct model *, const struct calm_node *,
                const struct record *, uint64_t now);

/* hung.c: what the disk of a node allows. hung_starts: it starts, or comes to lead; hung_acked: a
 * voter has acknowledged more than ever; hung_writes: a write of it completed; hung_failed: one
 * failed; hung_resumes: it goes on after a pause. hung_is_cause: its disk hangs, so that a leader
 * steps down. hung_leads_on: a heartbeat leaves. hung_votes: it "votes", or "stands for
 * election". */
void hung_starts(const struct world *, struct calm_node *, uint8_t node);
void hung_acked(const struct world *, const struct model *, struct calm_node *, uint8_t node);
void hung_writes(const struct world *, const struct model *, struct calm_node *,
                 const struct record *);
void hung_failed(const struct world *, const struct model *, struct calm_node *,
                 const struct record *);
void hung_resumes(const struct world *, struct calm_node *, const struct record *);
bool hung_is_cause(const struct world *, const struct calm_node *, uint8_t node);
void hung_leads_on(struct world *, const struct model *, struct calm_node *, const struct record *);
void hung_votes(struct world *, const struct model *, const struct calm_node *,
                const struct record *, const char *what);

/* stays.c: a leader that no majority answers. stays_starts: a node starts, its minimum election
 * timeout is known; stays_anew: its clock went back; stays_leads_on: it leads, must leave where
 * nobody answers, and begins a round that its reign remembers. */
void stays_starts(const struct world *, struct calm_node *, uint8_t node);
void stays_anew(const struct world *, const struct calm_node *);
void stays_leads_on(struct world *, const struct model *, const struct calm_node *,
                    const struct record *);

/* refusals.c: a request for a vote arrives; a voter refuses one. */
void refusals_asked(struct world *, const struct model *, struct stability *,
                    const struct record *);
void refusals_told(struct world *, const struct model *, struct stability *, const struct record *);

/* armed.c: a leader sends a heartbeat; a message arrives (said only while trying or stirred), or is
 * lost; anything else that it hears.
 * armed_lost: `node`, which leads or follows, gives up the leader for a reason of its own; a
 * violation if the rule is armed, and in any case its end. */
void armed_heartbeat(struct world *, const struct model *, struct stability *,
                     const struct record *);
void armed_deliver(struct world *, struct stability *, const struct record *);
void armed_drop(struct world *, struct stability *, const struct record *);
void armed_end(struct world *, struct stability *);
void armed_lost(struct world *, struct stability *, uint8_t node, const char *what);

#endif
