/* SPDX-License-Identifier: MIT */
/*
 * A scenario file, parsed: what the runner and the command line see of it. The language's
 * reference is scenarios/README.md.
 */
#ifndef WT_SCENARIO_H
#define WT_SCENARIO_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../world/world.h"
#include "verdict.h"

struct scenario;        /* lang/ast.h */

/* `--set KEY=VALUE` on the command line: options and params, over what the file says; of what a
 * matrix varies it chooses the variants that have that value. */
struct setting { const char *key, *value; };

/* A scenario to read: where it comes from and what is laid over it. */
struct scenario_input {
    const char *path;               /* its name in messages; without a text, the file to read ("-":
                                       standard input) */
    const char *text;               /* NULL: the file's */
    size_t len;
    const struct setting *settings;
    uint32_t nsettings;
    const char *variant;            /* the only one that is to be run; NULL: all */
    /* Texts of included files by their paths, which must stay; NULL returned: there is no such
     * file. NULL: the file system has them. */
    const char *(*included)(void *ctx, const char *path, size_t *len);
    void *included_ctx;
    FILE *err;                      /* messages; NULL: nobody reads them */
    uint32_t *nerrors;              /* how many there were, at most 20; may be NULL */
};
/* Reads and checks it. All errors (at most 20) go to `err` as file:line:col with the line, a caret
 * and a suggestion. NULL where there was any. Free with scenario_free. */
struct scenario *scenario_read(const struct scenario_input *);
struct scenario *scenario_load(const char *path, const char *text, size_t len,
                               const struct setting *, uint32_t nsettings,
                               FILE *err);      /* the same in short */
void scenario_free(struct scenario *);

/* What a seed draws of a file (`drawn`) makes of it a scenario of its own, of the same variants:
 * that one is played, and its plan looked at. It stays until it is asked for another seed, or the
 * file's is freed. Where nothing is drawn, or it is one of a seed, it is the scenario itself. Where
 * nothing fits that the seed draws, it ends in an error at once. NULL: out of memory. The settings,
 * and what else scenario_input named, must stay until then. */
const struct scenario *scenario_of_seed(const struct scenario *, uint64_t seed);
/* "voters=5 reads=lease": what was drawn for a variant of it, in words without blanks; "" where
 * nothing is. */
enum { SCENARIO_DRAWN_BYTES = 1000 };
void scenario_drawn(const struct scenario *, uint32_t variant, char out[SCENARIO_DRAWN_BYTES]);

const char *scenario_path(const struct scenario *);
const char *scenario_title(const struct scenario *);
const char *scenario_text(const struct scenario *, size_t *len);     /* as read, for tapes */
/* of the text, and of all that it includes */
uint64_t scenario_hash(const struct scenario *);
/* the `seed` of a variant, if the file says one */
bool scenario_seed(const struct scenario *, uint32_t variant, uint64_t *seed);
uint32_t scenario_variants(const struct scenario *);                 /* at least 1 */
/* It is to be run: neither the settings nor scenario_input.variant chose others. One at least is,
 * where scenario_input.variant is there. The others are not judged, and must not be played. */
bool scenario_chosen(const struct scenario *, uint32_t i);
/* The file says that the runs of these two may be equal, record for record. */
bool scenario_may_be_equal(const struct scenario *, uint32_t one, uint32_t other);
/* What such a line would name, added to `words` once, cut where they are full. */
enum { DIFFERENCE_BYTES = 300 };
void scenario_difference(const struct scenario *, uint32_t one, uint32_t other,
                         char words[DIFFERENCE_BYTES]);
const char *scenario_variant_name(const struct scenario *, uint32_t i);   /* "" where there is but
                                                                             one; "prevote=off/A" */
bool scenario_variant_find(const struct scenario *, const char *name, uint32_t *i);
/* The lines at which golden blocks begin, as many as are returned. */
uint32_t scenario_goldens(const struct scenario *, const uint32_t **lines);
/* Header comments "# proves option prevote", "# proves mutant E03": the i-th, "option prevote";
 * NULL past the last. */
const char *scenario_proves(const struct scenario *, uint32_t i);
/* The i-th name of an operation (`as r1`); NULL past the last. */
const char *scenario_op_name(const struct scenario *, uint32_t variant, uint32_t i);
const struct world_plan *scenario_plan(const struct scenario *, uint32_t variant);
/* header comment "# calm-ok": --calm need not make it fail */
bool scenario_calm_ok(const struct scenario *);

/* A golden block (`trace expect ... end`) that a run has come to. Texts are lines with their
 * newlines, and stay while the watch is called. */
struct golden {
    uint32_t line, end;         /* of `trace expect` and of its `end`, in the scenario's own file */
    const char *want, *seen;    /* what the block says; what happened */
    size_t want_n, seen_n;
    bool same, judged;          /* judged and not the same: the run fails here */
};
typedef void golden_watch(void *ctx, const struct golden *);

/* Told of each operation that has a name in the scenario, when it is asked. */
typedef void op_watch(void *ctx, const char *name, uint32_t op);

/* What of a world can be shown, by name and bit: state, log, config, messages; ends with NULL. */
extern const char *const shown_names[];

struct play {                     /* how one run is to go */
    uint64_t until;             /* stop at this true time; NEVER: to the end */
    uint64_t max_events;        /* budget; 0: the file's, else none */
    bool calm;                  /* fault statements are no-ops */
    uint32_t without;           /* checks that do not judge, a bit each by their place */
    bool every_step;            /* the system under test is asked for its own invariants after each
                                   step, not only where the seed has it (enum looks) */
    bool bless;                 /* golden blocks are not judged */
    golden_watch *golden;       /* told of each golden block that the run comes to; NULL: nobody */
    void *golden_ctx;
    op_watch *named;            /* NULL: nobody */
    void *named_ctx;
    FILE *say;                  /* where `print` writes; NULL: nowhere */
    uint32_t show;              /* what of the world is written there when the play is over: bits
                                   by shown_names */
    /* Not 0: end as soon as may be, without a verdict (inconclusive, check "interrupted"); NULL:
     * nobody asks. Looked at every few thousand events. */
    const volatile sig_atomic_t *interrupt;
};
/* Carries out the statements in an initialised world whose judge is started (judge_start) and
 * whose nodes are not booted: this boots them. Ends with judge_finish and fills all of
 * `ending`. Never exits; limits become inconclusive. */
void scenario_play(const struct scenario *, uint32_t variant, struct world *, const struct play *,
                   struct ending *);

/*
 * The canonical form of a scenario's text, as `wavetank fmt` prints it: blocks indented by two
 * blanks, one blank between words, numbers with a unit spelled one way (1000ms is 1s, 10..40ms is
 * 10ms..40ms), comments where they are (behind a statement at column 45, or 53, 61 ... behind a
 * long one), runs of blank lines one. It says the same: the same statements in the same variants.
 * Words alone decide, so that it needs no verb's help, and a part that others include can be
 * printed too. Words that are put in elsewhere as text (the values of param and matrix, what `do`
 * gives) stay as they are written. False: the text does not fall into words and blocks; messages as
 * scenario_read's. `path` as there.
 */
bool scenario_print(const char *path, const char *text, size_t len, FILE *out, FILE *err);

/* Shows where a play failed: the line of whichever file it is, with a caret, and what was included,
 * done or repeated there. Nothing where the ending has no place. */
void scenario_show(const struct scenario *, const struct ending *, FILE *out);

/* The tables behind `list`, help, completion and dictionaries. */
struct table_row {
    const char *name, *sub;     /* what it is called; a second word, "" where it has none */
    const char *synopsis, *help, *example;
    const char *group;          /* the title that it stands under */
    char file[32];              /* what its example under scenarios/ is called: "disk-latency" */
};
const struct table_row *verbs_table(void);        /* ends with a NULL name */
const struct table_row *asserts_table(void);      /* what may follow expect / always / never */

#endif
