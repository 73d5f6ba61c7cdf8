/* SPDX-License-Identifier: MIT */
/*
 * What a scenario is once it is read: for each variant a plan of the world and a list of
 * statements. Everything is plain data in the scenario's pool, read-only while it is played, so
 * that any number of runs can share it.
 *
 * A verb is one row of verbs.def and two functions: parse_x reads the words after the verb into a
 * struct of its own, run_x carries it out. An assertion is one row of asserts.def and likewise
 * two functions.
 */
#ifndef WT_AST_H
#define WT_AST_H

#include "../base/cursor.h"
#include "lex.h"
#include "scenario.h"
#include "../world/bound.h"
#include "../world/surgery.h"

struct parser;
struct player;
struct stmt;
struct cond;

enum {
    VARIANTS_MAX = 256,
    AXES_MAX = 16,
    STATEMENTS_MAX = 100000,        /* of all variants together, repeats and macros counted
                                       each time */
    EXPANDED_BYTES_MAX = 64 << 20,  /* of the lines so read */
    MONITORS_MAX = 64, TRAPS_MAX = 64, SCHEDULES_MAX = 64, TALLIES_MAX = 64,
    LOOPS_MAX = 8,                  /* one in the other */
    LOOP_TURNS_MAX = 1000000,       /* of all loops of a run */
    XFAILS_MAX = 8, LOG_ITEMS_MAX = 1024,
    HIDDEN_CLIENTS_MAX = 32,
    GOLDENS_MAX = 256,              /* of a file */
    EQUALS_MAX = 16,                /* lines `variants ... may be equal` */
};

/* ---- tables ---------------------------------------------------------------------------------- */

enum verb_flag {
    VERB_SETUP = 1,     /* only before the cluster starts */
    VERB_FAULT = 2,     /* a no-op under --calm */
    VERB_MOVES = 4,     /* may move time: not inside at, every */
    VERB_BOOTS = 8,     /* needs running nodes: the cluster starts before the first of these */
    VERB_ASSERTS = 16,  /* counts as asserting something */
    VERB_UNDER = 32,    /* says more of `scenario`, and is written under it, one step in */
    VERB_WORDS = 64,    /* its sub follows the name at once: NAME SUB ... */
    VERB_CARRIES = 128, /* a statement follows its colon */
};
typedef bool verb_run(struct player *, const struct stmt *);
struct verb {
    const char *name, *sub;         /* sub "": the statement is NAME ...; else NAME NODES SUB ...,
                                       or, with VERB_WORDS, NAME SUB ...; "a|b": either word */
    uint32_t flags;
    const char *synopsis, *help, *example;
    bool (*parse)(struct cursor *, struct stmt *);
    verb_run *run;                  /* false: the play is over; NULL: set-up, nothing to run */
};
extern const struct verb verbs[];   /* tables.c; ends with a NULL name */

/* what a condition begins with: its word; nodes; the name of an operation; other conditions */
enum about { ABOUT_ALL, ABOUT_NODES, ABOUT_OP, ABOUT_OTHERS };
struct saw;
struct assertion {
    const char *name;
    enum about about;
    uint64_t rests;                 /* bits: 1 << enum record_kind; 0: its eval says which */
    const char *synopsis, *help, *example;
    bool (*parse)(struct cursor *, struct cond *);
    /* saw: NULL where nobody reads it */
    bool (*eval)(struct player *, const struct cond *, struct saw *);
};
extern const struct assertion assertions[];   /* ends with a NULL name */

/* ---- parts of statements --------------------------------------------------------------------- */

/* What made the reader read a line: an include, a `do`, or one turn of a repeat. */
enum via_kind { VIA_INCLUDE, VIA_DO, VIA_REPEAT };
struct via {
    const struct via *up;           /* and what made it read that one; NULL: it is the file's own */
    const struct source *source;
    const struct line *line;
    uint8_t kind;
    uint64_t turn, turns;           /* of a repeat; from 1 */
};
struct place { const struct source *source; uint32_t line, col; const struct via *via; };
                                                                        /* numbers from 1 */

/* Nodes, named or to be found when the statement runs. */
enum who_kind { WHO_SET, WHO_LEADER, WHO_FOLLOWERS, WHO_MAJORITY, WHO_MINORITY, WHO_REMEMBERED };
/* random: so many of them, drawn; 0: all */
struct who_item { uint8_t kind, random; uint16_t name; node_set set; };
/* but: all nodes without these, and of those `random` */
struct who { uint32_t n; bool but; uint8_t random; struct who_item item[6]; };

/* Nodes and clients: what a network statement is about. */
struct actors { struct who who; uint32_t nclients; bool after_all_but; uint8_t client[12]; };

/* A value as a user writes it: 7, "abc", absent, [1 2]. */
struct value { bool list; uint32_t n; uint64_t word; const uint64_t *item; };

enum outcome_kind { IS_UNANSWERED, IS_OK, IS_FAIL, IS_NOT_LEADER, IS_VALUE };
struct outcome { uint8_t kind; struct value value; };
struct outcomes { uint32_t n; struct outcome item[8]; };

/* col: its place, from 1 */
struct log_item { uint64_t term, index; uint32_t col; bool has_value; struct value value; };
struct log_items { uint32_t n; const struct log_item *item; };

/* Which records a trap, a count or a rule is about. */
struct selector {
    uint8_t kind;           /* enum record_kind: SEND, DELIVER, WRITE (from alone counts) or ROLE */
    uint8_t role;           /* ROLE: the new one */
    struct label_match match;
    struct who from, to;    /* nodes to be found; empty where the match has them */
};

/* What is counted. Of nodes that are to be found it is found out who they are when somebody
 * asks. */
struct tally {
    struct selector selector;
    bool bytes;             /* they are added up */
    uint32_t since;         /* name number of a mark; 0: the beginning */
};

struct cond {
    const struct assertion *kind;
    struct place place;
    const char *text;               /* as written, for messages */
    uint32_t from, to;              /* its words in the line: from .. to - 1 */
    struct who who;                 /* ABOUT_NODES */
    uint32_t op;                    /* ABOUT_OP: name number */
    uint32_t tally;                 /* counted records: place in the program's tallies */
    uint16_t group;                 /* of which it speaks, from 0 */
    uint8_t compare, at_least;      /* at_least: so many of the nodes; 0: each of them */
    bool flag, negated, liveness;   /* liveness: a failure is one of progress */
    uint64_t number;
    struct bound within;
    void *args;
};

struct stmt {
    const struct verb *verb;
    struct place place;
    struct who who;                 /* of NAME NODES SUB */
    void *args;                     /* the verb's own */
    bool moves;                     /* this one moves time: not inside at, every */
    bool if_any;                    /* where its nodes are nobody, or what it seeks is not there, it
                                       does nothing */
    bool even_if_lost;              /* what it sets on its way need not arrive */
    bool seeks, sends;              /* single messages or writes, which may not be there; and it
                                       sets them on their way */
    uint16_t group;                 /* of which it speaks, from 0 */
    uint32_t number;                /* in its program, from 1; told[number - 1] */
};

/* A statement as it stands there, parameters put in. */
struct told { const char *words; struct place place; };

/* ---- a variant ------------------------------------------------------------------------------- */

/* One way in which the variants of a file differ: a matrix line, or a group of branches. */
struct axis {
    struct place place;             /* of what it varies, or of the first `branch` */
    const char *key;                /* what a matrix varies; "" of branches */
    bool whole;                     /* all labels are known: later readings must have the same */
    bool read;                      /* in the present reading */
    uint32_t nvalues, pick;         /* pick: this variant's choice, from 0 */
    const char *label[VARIANTS_MAX];
};

/* An option set at the beginning. on 0: for all nodes. */
struct override {
    const struct option_row *row;
    uint64_t value[2];
    node_set on;
    bool host;
    const struct axis *axis;        /* the value follows this; NULL: it is the same in all
                                       variants */
    const char *text;               /* the value as written */
    struct place place;             /* of the value */
};

enum { UPGRADE_OPTIONS_MAX = 8, UPGRADES_MAX = 64 };
struct upgrade { struct who who; uint32_t n; struct override set[UPGRADE_OPTIONS_MAX]; };

/* What preloads said of a node, and where (line 0: nowhere); the plan holds what comes of it. */
struct preload_said {
    struct place term, vote, commit, log;
    const struct log_item *item;        /* by index - 1 */
    struct preload_entry *entries;      /* the plan's, to be completed */
    bool unsafe;                        /* no history need lead there */
};

/* group: those that fail at once, of one side of an `or` */
struct xfail { const char *name; uint8_t group; struct place place; };

/* What a reading drew (drawn.c). Of nodes that have each its own, the values are divided by
 * commas. */
enum { DRAWN_MAX = 48, DRAWN_BYTES = SCENARIO_DRAWN_BYTES };
struct drawn {
    const char *key, *value;        /* as results say them, and --set pins them */
    const char *identity;           /* by which it is drawn */
    struct place place;
    uint32_t tries;                 /* values that are tried one after another: of a range, its
                                       ends */
    bool branches;                  /* a group of them; of these this is drawn: */
    uint32_t pick;
    uint32_t nwords;                /* values that are drawn among; 0: also others, of a range or in
                                       another branch */
    const char *const *words;
};

struct program {
    struct world_plan plan;
    struct drawn drawn[DRAWN_MAX];
    uint32_t ndrawn;
    struct preload_said said[NODES_MAX + 1];    /* by node */
    struct stmt *stmts;
    uint32_t nstmts, cap;
    struct told *told;                          /* of all statements that are carried out, those
                                                   that others carry too */
    uint32_t ntold, told_cap;
    struct names keys, atoms, clients, ops, remembered, labels, workloads, holds, rules, marks;
    struct override *overrides;
    uint32_t noverrides, overrides_cap;
    struct tally tallies[TALLIES_MAX];
    uint32_t ntallies, ntraps;
    const struct upgrade *upgrades[UPGRADES_MAX];
    uint32_t nupgrades;
    uint32_t nhidden;               /* raw proposals and read-indexes asked for */
    uint32_t hidden, hidden_n;      /* client numbers of the scenario's own clients: hidden ..
                                       hidden + hidden_n - 1 */
    uint32_t probes;                /* and of those that show progress: of n1, n2 ... probes,
                                       probes + 1 ... */
    uint32_t asserts;
    uint64_t budget_time, budget_events;    /* 0: none */
    struct xfail xfail[XFAILS_MAX];         /* what must fail: checks, expect, progress, labels */
    uint32_t nxfails;
    const char *xfail_why, *skip;           /* skip: a feature that is not there */
    bool manual;                    /* there is a `manual time` */
    bool shows;                     /* there is a `trace show` */
    bool sized_by_param;            /* how many nodes there are is a parameter's */
    node_set *group_voters;         /* the plan's, to be changed; NULL: there is one group */
    struct place said_groups;
    bool chaos, has_seed, started, probe;   /* probe: the scenario itself writes where progress
                                               is asked */
    bool left_out;                  /* the settings, or who asked, chose other variants */
    struct place said_nodes, said_seed, said_budget;        /* line 0: nowhere */
    bool injects;                   /* what the nodes have been must be remembered */
    uint32_t disabled;              /* checks, a bit each */
    uint64_t seed;
    uint16_t probe_key;
};

void print_place(const struct place *, char *out, size_t size);            /* file:line:col */
/* How the reader came there, from the inside out, a line each; those that do not fit are left
 * out. "" where it is the file's own line. */
void print_via(const struct place *, char *out, size_t size);
/* the upper end of a span that holds for all nodes; 0: no such option */
uint64_t option_span_most(const struct program *, const char *name);

/* A file that must be refused, and what was said of it: the error that says what is wanted, else
 * the first; NULL: none. */
struct refusal {
    const char *want, *said;
    struct source *source;          /* the file */
    struct place place, at;         /* of the statement; of the error */
    bool met;
    bool deaf;                      /* something else is wrong, and is shown */
};

struct scenario {
    struct pool pool;
    struct source *main;
    struct source **sources;
    uint32_t nsources;
    const char *title;
    struct program *programs;       /* by variant */
    const char **variants;
    uint32_t nvariants;
    struct axis *axes;
    uint32_t naxes;
    const struct equals *equals[EQUALS_MAX];        /* which variants may be equal */
    uint32_t nequals;
    const char **proves;
    uint32_t nproves;
    struct refusal *refusal;        /* NULL: it must read well */
    uint32_t goldens[GOLDENS_MAX], ngoldens;        /* lines at which golden blocks begin */
    struct drawing_room *room;      /* where the draws of a seed are read; NULL: nothing is drawn,
                                       or this is what a seed drew */
    const char *unfit;              /* nothing that the seed drew fits; NULL: it does */
    bool draws;                     /* something is drawn */
    bool settled;                   /* settings were laid over it */
    bool calm_ok;
};

#endif
