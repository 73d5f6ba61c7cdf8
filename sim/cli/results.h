/* SPDX-License-Identifier: MIT */
/*
 * Result files: what sweep --out writes, and --resume, plot and replay --digest read. JSON Lines;
 * the first line is a header object, which has the key "wavetank" (the version of the form, a
 * number) and says what was swept, how and by which revision; each other line is one run: the keys
 * of --json in their order, then
 *
 *     drawn      "voters=5 reads=lease": what the seed drew of the scenario; only where it draws
 *     signature  of a run that did not pass: run/signature.h
 *     unable     why by construction no majority could recover, so that no progress was asked; only
 *                where it is so
 *     voters     how many there were
 *     text       a hash of the scenario's text: a run of another text is another run
 *     title      of the scenario
 *     setup      what was played, as figures say it: run.h
 *     counters   {"leader_changes":...,...}: struct counters, but for "events"
 *     faults     {"crash":{"enabled":1,"struck":4,"bit":4},...} of a chaos run
 *     options_bit   {"prevote":17,...}: see run/bites.def
 *     checks     {"election-safety":{"judged":5,"excused":0},...}: of those that could judge
 *                anything in this run: see sim/check/check.h
 *     latency    {"commit":{"n":...,"timeouts":...,"max":...,"buckets":[[bucket,count],...]},...},
 *                buckets as in run/hist.h; only kinds that have samples
 *     timeline   {"width":ns,"write":{"answered":[[bin,n],...],"timeouts":[...],
 *                "latency":[[bin,step,n,step,n,...],...]},"read":{...},
 *                "trouble":{"cut":[[bin,ns],...],...}}: run/timeline.h
 *
 * Each --resume adds a header of its own, which tells of the runs below it. Other seeds or
 * scenarios than before are further runs; other settings or another revision are refused.
 * Files of several shards may be concatenated, headers and all.
 */
#ifndef WT_RESULTS_H
#define WT_RESULTS_H

#include "cli.h"

enum { RESULTS_VERSION = 1, RESULT_PATH_BYTES = 512, RESULT_VARIANT_BYTES = 256,
       RESULT_TITLE_BYTES = 256, RESULT_REPLAY_BYTES = 16384 };

/* A line read back. Of `result` only what a line holds is set: no violations, no where. */
struct result_line {
    uint64_t header;    /* 0: a run; else the version of the form, and only the next five are set */
    char revision[REVISION_BYTES], seeds[64], settings[SETTINGS_BYTES];
    int records, draws;
    uint64_t text;      /* scenario_hash; 0: not known */
    uint64_t counted;   /* bit i: its counters have the i-th that this revision counts */
    char path[RESULT_PATH_BYTES], variant[RESULT_VARIANT_BYTES], title[RESULT_TITLE_BYTES];
    char replay[RESULT_REPLAY_BYTES];
    struct result result;
};

void results_header(FILE *, const struct request *, const struct suite *);
void results_run(FILE *, const struct told *);
/* The value of "timeline" (timeline_json.c), with its key and a comma before it. */
void timeline_write(FILE *, const struct timeline *);
struct json;
void timeline_read(struct json *, struct timeline *);
/* False: not a line of a result file, or its numbers do not hold together. A line of a revision
 * that kept no timeline has one with the width 0. */
bool results_parse(const char *line, size_t len, struct result_line *);
/* A counter that this revision keeps and the one that wrote the line did not; NULL: none. */
const char *results_lack(const struct result_line *);

/* ---- an open result file (outfile.c) --------------------------------------------------------- */

struct outfile {
    int fd;                 /* -1: there is none */
    FILE *file;             /* the same, where it is a regular file; ours alone */
    const char *path;       /* that is written */
    FILE *replaced;         /* --force: the old file, which nobody else may write meanwhile */
    char *beside, *replaces;    /* what is written until then, and the name that it takes */
    char *name;             /* of outfile_new */
    uint64_t good, runs;
    bool failed;
};

/* What is done with each run that a file has already: `line` says why it cannot be gone on with, or
 * NULL. */
struct resuming { const char *(*line)(void *ctx, const struct result_line *); void *ctx; };
/* Opens what --out names. A file with runs is refused, but for --resume, which has it added to (a
 * torn last line is cut off, each run handed to `resuming`, and a file of another revision or other
 * settings refused), and --force, which has it replaced by outfile_close. What is no result file is
 * left alone, and so is a file that another process is writing. EXIT_OK; EXIT_USAGE, EXIT_INTERNAL
 * after a message. */
int outfile_open(struct outfile *, const struct request *, const struct resuming *);
/* A file that there was not: NAMEENDING, else NAME-2ENDING and so on. False after a note: there can
 * be none here, `failed`. */
bool outfile_new(struct outfile *, const char *name, const char *ending);
/* One write of whole lines, of so many runs. On failure the torn end is cut off again, a message
 * says what the file has, and nothing more is written: `failed`. One of outfile_new that has no run
 * is removed. */
void outfile_write(struct outfile *, const char *text, size_t len, uint64_t runs);
/* `ended`: the sweep has done what it was asked for; with --force the old file is replaced then,
 * and only then. Sets `failed` where that is not possible. */
void outfile_close(struct outfile *, bool ended);
/* Hands all lines of a file to `line`, from the first to the last; below the first, what is no such
 * line costs a note, and so does a torn last one. EXIT_OK; EXIT_USAGE where the file cannot be
 * opened, is no result file (its first line is none, or one is longer than any can be: whatever the
 * file is, reading ends), or one of another version; EXIT_INTERNAL where reading failed. */
int results_read(const char *path, void (*line)(void *ctx, const struct result_line *), void *ctx);

#endif
