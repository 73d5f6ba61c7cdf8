/* SPDX-License-Identifier: MIT */
/*
 * Checkers: each rule is one .c file with one `const struct check` and the function that sees its
 * records, and one row in checks.def. They read records and the immutable entry store, and keep
 * what they remember in the arena behind world->judge. Beside these they ask the plan who votes,
 * the clocks whether they kept their bound, and at the end of the run `linearizable` reads the
 * history of operations (struct op): of each what it returned, and by which values.
 *
 * judge_hooks hand each record to every check that asked for its kind, then to the shared model
 * (model.h: what the records say of each node: term, vote, role, log, durable image, commit,
 * applied): a check sees the record, and the model as it was before it. Of SEND and
 * DELIVER records a check sees those that promise something (messages.def), or the types that it
 * names. A violation does
 * not stop the step: all checks of a step are reported, once each, then the world stops.
 */
#ifndef WT_CHECK_H
#define WT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/record.h"
#include "../world/world.h"

enum { VIOLATIONS_MAX = 8, CHECKS_MAX = 31 };

/* The place of each in checks.def. */
enum check_place {
#define CHECK(name, ...) CHECK_##name,
#define CHECK_LAST(name) CHECK_##name,
#include "checks.def"
    CHECKS
};
_Static_assert((int)CHECKS <= (int)CHECKS_MAX, "a mask has a bit a check");

/* What a check came to a verdict about in one run, and what it left out. */
struct check_tally { uint64_t judged, excused; };

struct violation {
    uint8_t check;               /* place in checks.def */
    uint16_t way;                /* which sentence it is, whatever it fills in: 12 bits of a hash */
    uint64_t first, second;      /* ordinals (from 1) of the two records that disagree; 0: there is
                                    none, as what is seen at the end has no second */
    char detail[216];            /* the sentence, with both facts in it; whose group, where there
                                    are several */
};

/* What a check looks at: the deeper it looks, the fewer systems could be judged so. INSIDE: what a
 * node keeps to itself, its own invariants and what its disk held when it said something. PROTOCOL:
 * terms, votes, logs and commits. OUTSIDE: what clients are told, what is applied, who leads. */
enum check_sees { SEES_INSIDE = 1, SEES_PROTOCOL, SEES_OUTSIDE, SEES };
extern const char *const check_sees_names[SEES];        /* "inside", ... */

struct model;
struct check {
    const char *name;            /* "election-safety" */
    const char *rule;            /* the rule in one sentence, with its source (D 3.4 ...) */
    const char *judges;          /* what one judgement is about: "a win" */
    const char *idle;            /* why `possible` says no: "leases are off" */
    /* Can this run have anything to judge, as its options and its scenario are? NULL: always. */
    bool (*possible)(const struct world *);
    /* Adds what was judged outside of its records; NULL: nothing is. */
    void (*tally)(const struct world *, struct check_tally *);
    uint8_t sees;                /* enum check_sees */
    uint32_t needs;              /* enum sut_keeps: asked only of a SUT that declares all these */
    uint32_t messages;           /* of SEND and DELIVER records only these: bit MSG_x; 0: all that
                                    promise */
    uint32_t sent;               /* and of SEND records only these of them; 0: all of them */
    uint32_t refusals;           /* and refusals (LABEL_REJECT) of these */
    uint32_t state;              /* bytes it remembers, zeroed at start */
    bool liveness;               /* what breaks it is merely worse: the run goes on, and its verdict
                                    is liveness where nothing unsafe comes */
    bool of_operations;          /* it names answers to clients, which the other operations on their
                                    key explain */
    void (*start)(struct world *, void *state);                     /* may be NULL */
    /* at the end of the run; may be NULL (linearizable) */
    void (*finish)(struct world *, const struct model *, void *state);
};
extern const struct check *const checks[];       /* ends with NULL */
int check_by_name(const char *, size_t len);     /* -1 none */
/* A bit each: the check of this name, or all that see so; 0: neither. (switch.c) */
uint32_t checks_named(const char *word, size_t len);
/* Adds those of a list with commas. NULL, or where in it the first stands that there is not. */
const char *checks_parse(const char *list, uint32_t *set);
enum { CHECKS_TEXT = 640 };
/* "inside,commit-quorum": whole classes, then other checks. */
const char *checks_text(uint32_t set, char out[CHECKS_TEXT]);

void judge_start(struct world *);                       /* after world_init, before world_start */
/* What takes in the records, by kind, alone and as a table of a watch. */
#define RECORD(KIND, ...) record_hook judge_##KIND;
#include "../base/records.def"
#undef RECORD
extern record_hook *const judge_hooks[REC_KINDS];
/* The end of the run: the checks that look at the whole of it. Where linearizability could not
 * be decided within its budget, the world stops with STOP_BUDGET. */
void judge_finish(struct world *);
/* `disable invariant X because "..."`, and --without. Without self-check no system under test is
 * asked to look at itself, so that none halts by what it finds. */
void judge_disable(struct world *, int check);
/* Reports a violation of the running check; stops the world, but for one of liveness. printf-like.
 * `first`: ordinal of the earlier record; the second is the current one, or none at the end of the
 * run. */
void violate(struct world *, const struct check *, uint64_t first, const char *format, ...)
    __attribute__((cold, format(printf, 4, 5)));
/* The same, where `which` (static) tells it from others that this sentence is said of. */
void violate_which(struct world *, const struct check *, const char *which, uint64_t first,
                   const char *format, ...) __attribute__((cold, format(printf, 5, 6)));
/* How many there are; those of liveness stand last. */
uint32_t judge_violations(const struct world *, const struct violation **);
/* What each check judged, by its place, for CHECKS places. Returns who could judge anything: bit i,
 * where check i is not disabled, its SUT declares what it needs, and it is possible; and where it
 * counted something all the same. */
uint32_t judge_tallies(const struct world *, struct check_tally *);

/* Liveness, asked by the scenario: within the bound at least one client write must be acknowledged
 * and every core node reach its index, and through every core node a write and a read must be
 * answered that was asked for from now on, whoever asks. */
void progress_ask(struct world *, node_set core, uint64_t within);
enum progress_state { PROGRESS_NOT_ASKED, PROGRESS_WAITING, PROGRESS_MADE, PROGRESS_MISSED };
enum progress_state progress_look(const struct world *);
/* Each time that progress was asked for, from the latest (k = 0): how it stands and, where it was
 * made, ns from asking until then. PROGRESS_NOT_ASKED: there is no such time. */
enum progress_state progress_took(const struct world *, uint32_t k, uint64_t *took);
/* Of these nodes those of which a group demands progress: all, where there is one group; else those
 * that vote in it. */
node_set progress_core(const struct world *, uint16_t group, node_set);
/* What is not answered yet through a node: bits OP_WRITE, OP_READ. */
uint32_t progress_unanswered(const struct world *, uint16_t group, uint8_t node);
/* These nodes have applied all that is known to be committed; else *out says who has not. */
bool progress_everywhere(const struct world *, node_set, char *out, size_t size);
uint64_t progress_top_term(const struct world *, uint16_t group, node_set); /* the highest of
                                                                                 their terms */
/* No leader may be lost now (armed.c). */
bool stability_armed(const struct world *);
/* What is missing, or that nothing is, as a sentence. Returns its length as snprintf does. */
int progress_detail(const struct world *, char *out, size_t size);

#endif
