/* SPDX-License-Identifier: MIT */
/*
 * A scenario file, parsed: what the runner and the command line see of it. The language's
 * reference is scenarios/README.md.
 */
#ifndef WT_SCENARIO_H
#define WT_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../world/world.h"
#include "verdict.h"

struct scenario;        /* lang/ast.h */

/* `--set KEY=VALUE` on the command line: options and params, over what the file says. */
struct setting { const char *key, *value; };

/* Reads and checks a file ("-": standard input; or `text` where not NULL, with `path` as its
 * name in messages). All errors (at most 20 a file) go to `err` as file:line:col with the line,
 * a caret and a suggestion. NULL where there was any. Free with scenario_free. */
struct scenario *scenario_load(const char *path, const char *text, size_t len, const struct setting *,
                               uint32_t nsettings, FILE *err);
void scenario_free(struct scenario *);

const char *scenario_path(const struct scenario *);
const char *scenario_title(const struct scenario *);
const char *scenario_text(const struct scenario *, size_t *len);     /* as read, for tapes */
bool scenario_seed(const struct scenario *, uint64_t *seed);         /* the file's `seed`, if it has one */
uint32_t scenario_variants(const struct scenario *);                 /* at least 1 */
const char *scenario_variant_name(const struct scenario *, uint32_t i);   /* "" where there is but
                                                                             one; "prevote=off/A" */
bool scenario_variant_find(const struct scenario *, const char *name, uint32_t *i);
/* Header comments "# proves option prevote", "# proves mutant E03": the i-th, "option prevote"; NULL past the last. */
const char *scenario_proves(const struct scenario *, uint32_t i);
const char *scenario_xfail(const struct scenario *, uint32_t variant);   /* check named by xfail, or NULL */
const struct world_plan *scenario_plan(const struct scenario *, uint32_t variant);
bool scenario_calm_ok(const struct scenario *);                      /* header comment "# calm-ok":
                                                                        --calm need not make it fail */

struct play {                     /* how one run is to go */
    uint64_t until;               /* stop at this true time; NEVER: to the end */
    uint64_t max_events;          /* budget; 0: the file's, else none */
    bool calm;                    /* fault statements are no-ops */
    FILE *say;                    /* where `print` writes; NULL: nowhere */
};
/* Carries out the statements in an initialised world whose judge is started (judge_start) and
 * whose nodes are not booted: this boots them. Ends with judge_finish and fills all of
 * `ending`. Never exits; limits become inconclusive. */
void scenario_play(const struct scenario *, uint32_t variant, struct world *, const struct play *, struct ending *);

/* The tables behind `list`, help, completion and dictionaries. */
struct table_row { const char *name, *synopsis, *help, *example; };
const struct table_row *verbs_table(void);        /* ends with a NULL name */
const struct table_row *asserts_table(void);      /* what may follow expect / always / never */

#endif
