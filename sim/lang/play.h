/* SPDX-License-Identifier: MIT */
/*
 * Inside the interpreter: what one run of a variant knows, and what the run functions of verbs and
 * assertions share.
 *
 * A run function returns false when the play is over: a failure was noted (play_fail), or the world
 * has stopped.
 */
#ifndef WT_PLAY_H
#define WT_PLAY_H

#include "../check/check.h"
#include "ast.h"
#include "past.h"

/* What was seen, in words, and the records that tell of it (NULL: nobody asks for them). */
struct saw { char *text; size_t size, n; struct evidence *rests; };
/* Who asks after each event asks for no records: what only finds them is left out then. */
static inline bool wants_rests(const struct saw *saw) { return saw && saw->rests; }

/* What `trace show` selected, and the sentences of it since then or since the last golden block. */
/* text: in the arena; NULL: nothing is shown */
struct shown { uint32_t classes, n; bool times, full; char *text; };

/* One tally so far, and when the mark was made since which it counts. Where nodes are to be found,
 * all is kept by who sent and who received it (pair_of), in the arena; else those are NULL. */
struct count { uint64_t n, at_mark, marked_at, *pair, *pair_at_mark; bool marked; };

/* An always or a never, and the time to which it looks or by which its `until` must come; NEVER:
 * the end. */
struct monitor { const struct stmt *stmt; uint64_t from, end; bool asked; };
struct trap {
    struct selector selector;
    node_set nodes;
    uint32_t statement;                 /* that must see it go off; 0: none */
    bool armed, fired;
};
struct loop { const struct stmt *stmt; uint64_t turns; };   /* begun; the one under way counts */
/* nodes: a statement that goes on by itself has bound them, and has done `strokes` of its strokes;
 * 0: it has not. */
struct schedule {
    const struct stmt *stmt;
    uint64_t at, every, until;
    const struct cond *stop;        /* no more once it holds; NULL: no such thing */
    node_set nodes;
    uint32_t strokes;
};

enum { PROBE_WRITE, PROBE_READ, PROBE_VERBS };

struct player {
    struct world *w;
    const struct scenario *scenario;
    const struct program *prog;
    const struct play *how;
    struct ending *out;
    const struct watch *inner;          /* the world's own watch while ours stands before it */
    const struct stmt *current;
    bool booted, over, failed, asked;
    uint16_t group;                     /* of which the statement or condition at hand speaks */
    bool cut;                           /* over, as --until came before the end */
    bool nobody;                        /* a statement wanted nodes, if any: there are none */
    uint32_t next;                      /* of the program's statements, the one that comes next */
    uint32_t nloops;                    /* around it */
    struct loop loops[LOOPS_MAX];
    uint64_t turns;                     /* of all loops */
    /* by node: the ops by which the latest demand for progress writes and reads */
    uint32_t probe[GROUPS_MAX][PROBE_VERBS][NODES_MAX + 1];
    uint64_t probed_at;                     /* when one of them was last asked for */
    uint64_t patience;                      /* how long a client waits for an answer to it */
    uint32_t nmonitors, neventual, ntraps, armed, nschedules, hidden_next;
    uint64_t event_limit, time_limit;   /* NEVER: none */
    node_set *remembered;               /* by name number */
    uint32_t *op_of;
    struct monitor monitors[MONITORS_MAX];
    const struct stmt *eventual[MONITORS_MAX];
    struct trap traps[TRAPS_MAX];
    struct schedule schedules[SCHEDULES_MAX];
    struct schedule *due;               /* whose statement is being carried out; NULL: none */
    struct count counts[TALLIES_MAX];
    struct past past;                       /* kept where the program injects */
    struct shown shown;
    uint8_t unfailed;                       /* a node whose write never came before all was healed;
                                               0: none */
    uint32_t failing[NODES_MAX + 1];        /* by node: the statement that has a write of its disk
                                               fail; 0: none */
};

/* The replica at a node of the group at hand. */
static inline struct replica *play_replica(const struct player *p, uint8_t node)
{
    return replica_of(p->w, node, p->group);
}

/* ---- play.c ---- */
enum moved { MOVED_THERE, MOVED_MET, MOVED_STOPPED };
/* Lets the world run to `until`, or until the condition (may be NULL) holds. Monitors, traps
 * and schedules do their work meanwhile. */
enum moved play_move(struct player *, uint64_t until, const struct cond *);
bool play_wait(struct player *, uint64_t until);   /* true: there */
bool play_step(struct player *);                   /* one event of the world */
bool play_statement(struct player *, const struct stmt *);
bool play_schedule(struct player *, const struct schedule *); /* false: too many wait */
/* Notes the first failure. `check` may be a label. Returns false. */
bool play_fail(struct player *, const struct place *, enum verdict, const char *check,
               const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* To be called before it: what the failure rests on. */
void play_rests(struct player *, const struct evidence *);
/* xfail.c. A run that cannot show what it is for, as the checks that must fail are not judged, is
 * skipped, and says so. Else what the play came to is turned over. */
bool xfail_skips(struct player *);
void xfail_turn(struct player *);
bool play_stopped(struct player *);                /* the world stopped: takes over why; false */
/* The bound of a condition, now; of all voters. */
static inline uint64_t play_within(const struct player *p, const struct cond *c)
{
    return bound_time(p->w, c->within, voters_of(p->w, p->group));
}
/* bound.c: as scenarios spell it, and in ns: "8 election timeouts (2400ms)" */
enum { BOUND_BYTES = 128 };
void bound_spell(const struct world *, struct bound, node_set, char out[BOUND_BYTES]);
/* invokes through one of the scenario's own clients, the next in turn; the op */
uint8_t play_next_hidden(const struct player *);
uint32_t play_hidden(struct player *, const struct op_request *);
void play_named(struct player *, uint32_t name, uint32_t op);    /* the operation has this name */
void play_heal(struct player *);                   /* every cut, stall, pause and frozen clock */
uint64_t play_settle_bound(const struct player *); /* ns */

/* ---- progress.c ---- */
/* Demands progress of a core of healed nodes (check.h: progress_ask), and writes and reads through
 * each of them to see it. The program must have clients for that: parse with prog->probe set. */
void play_progress(struct player *, node_set core, uint64_t within);
/* Lets time pass until it is made. False: it was not within `within` from now, told as a failure at
 * this place, or the run ended. To know that reads and writes are answered through every node of a
 * core, at any moment of a play: play_progress, then this. */
bool play_await_progress(struct player *, const struct place *, uint64_t within);
/* Asks again a node that has said that it does not lead, where that is not all that it owes. For
 * who waits for progress otherwise than by play_await_progress; to be called now and then. */
void play_probe_again(struct player *);
/* By construction no majority can recover, for this reason, which is static: no progress is asked,
 * and the run says so. True. */
bool play_unable(struct player *, const char *why);

/* ---- who.c, value.c, selector.c ---- */
node_set who_now(struct player *, const struct who *);
uint8_t node_first(node_set);                                   /* 0: none */
uint64_t value_now(struct player *, const struct value *);
bool compare_now(uint64_t a, uint8_t how, uint64_t b);
bool selector_matches(const struct selector *, const struct record *);
/* The nodes, or, where there are none now, a failed expectation that says so (unless they are
 * wanted `if any`). To be asked before anything is done. */
bool need_nodes_now(struct player *, const struct stmt *, const struct who *, node_set *);
/* likewise, where it is not a party that is named once and for all (an empty who) */
bool need_party_now(struct player *, const struct stmt *, const struct who *, struct party *);

/* ---- verbs_assert.c ---- */
bool monitors_look(struct player *);                    /* false: one was broken */
uint64_t monitors_next(const struct player *);          /* when to look at the latest; or NEVER */
void monitors_finish(struct player *);                  /* what the run was too short for fails */

/* ---- refusal.c ---- */
void refusal_judge(const struct refusal *, struct ending *);        /* instead of a play */

/* ---- loop.c ---- */
/* Of a place at which the play is: the loops around it, a line each. */
void loops_print(const struct player *, const struct place *, char *out, size_t size);

/* ---- verbs_time.c ---- */
/* At the end: an `at T` never came, or the condition of an `every D until COND`: unmet. */
void schedules_finish(struct player *);

/* The words of a statement, by its number. */
static inline const char *statement_words(const struct player *p, uint32_t number)
{
    return p->prog->told[number - 1].words;
}

/* ---- unmet.c: what is said of single messages, writes and times, and comes to nothing ---- */
/* What a statement sought is not there; true where it said `if any`. */
bool unmet_none(struct player *, const struct stmt *, const struct record_filter *sought,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
/* What it sought: messages of this type on this way; held ones; writes of a node's disk. */
struct record_filter sought_messages(const struct label_match *);
struct record_filter sought_held(void);
struct record_filter sought_writes(uint8_t node);
/* Of the messages that the statement sets on their way; each: it counts or names them. */
struct wish unmet_wish(const struct stmt *, bool each);
bool unmet_losses(struct player *);         /* none so far; false: the run fails for one */
void unmet_healing(struct player *);        /* before a chaos block heals, which mends disks */
void unmet_time(struct player *, const struct schedule *);  /* the run ends before its turn */
void unmet_finish(struct player *);         /* at the end: what never came */

/* ---- verbs_show.c, verbs_message.c ---- */
void show_world(struct player *, uint32_t what);        /* bits by shown_names */
void show_messages(struct player *, const struct label_match *);

/* ---- verbs_trace.c ---- */
/* Writes it down where it is of a class that is shown. */
void show_record(struct player *, const struct record *);

/* ---- cond.c ---- */
bool cond_now(struct player *, const struct cond *, struct saw *);
void saw_add(struct saw *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What it rests on, where the row's kinds of records at its nodes are not it: the latest so many
 * records; each: of each node that acts in them. */
void saw_rests(struct saw *, const struct record_filter *, uint8_t latest, bool each);
void rests_on_op(struct evidence *, uint32_t op);      /* all that is told of an operation */
void rests_on_progress(struct player *, struct evidence *);  /* who leads, what moves, the probe */
bool cond_fail(struct player *, const struct cond *, const char *label, const char *how);
/* A failure that is about to be told rests on what the condition looks at. */
void cond_rests(struct player *, const struct cond *);
/* It was to come and never did; `what`: what it was to be. */
void cond_unmet(struct player *, const struct cond *, const char *what);

/* ---- asserts_count.c ---- */
void counts_begin(struct player *);
void count_record(struct player *, const struct record *);
void counts_mark(struct player *, uint32_t mark);       /* what counts since it begins anew */

/* ---- asserts_client.c ---- */
bool outcome_matches(struct player *, uint32_t op, const struct outcomes *);
void outcome_print(struct player *, uint32_t op, struct saw *);
void outcomes_print(struct player *, const struct outcomes *, struct saw *);

#endif
