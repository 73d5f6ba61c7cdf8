/* SPDX-License-Identifier: MIT */
/*
 * Result files: what sweep --out writes, and --resume and plot read. JSON Lines; the first line is a header object (it
 * has the key "wavetank"), each other line one run: the keys of --json in their order, then
 *
 *     title      of the scenario
 *     counters   {"leader_changes":...,...}
 *     faults     {"crash":{"enabled":1,"struck":4,"bit":4},...} of a chaos run
 *     options_bit   {"prevote":17,...}: see run/bites.def
 *     latency    {"commit":{"n":...,"timeouts":...,"max":...,"buckets":[[bucket,count],...]},...}, buckets as in
 *                run/hist.h; only kinds that have samples
 *
 * Files of several shards may be concatenated, headers and all.
 */
#ifndef WT_RESULTS_H
#define WT_RESULTS_H

#include "cli.h"

enum { RESULT_PATH_BYTES = 512, RESULT_VARIANT_BYTES = 256, RESULT_TITLE_BYTES = 256 };

/* A line read back. Of `result` only what a line holds is set: no violations, no where. */
struct result_line {
    bool header;                      /* a header: only the next five are set */
    char revision[REVISION_BYTES], seeds[64], settings[SETTINGS_BYTES];
    int records, draws;
    char path[RESULT_PATH_BYTES], variant[RESULT_VARIANT_BYTES], title[RESULT_TITLE_BYTES];
    struct result result;
};

void results_header(FILE *, const struct request *, const struct suite *);
void results_run(FILE *, const struct told *);
/* False: not a line of a result file. */
bool results_parse(const char *line, size_t len, struct result_line *);

/* ---- an open result file (outfile.c) ------------------------------------------------------------------------- */

struct outfile { int fd; const char *path; uint64_t good; bool failed; };

/* Opens for appending; without `resume` it is emptied first. With it, a torn last line is cut off and each whole
 * line is handed to `line`; a file that another revision or other settings wrote is refused. False after a message. */
bool outfile_open(struct outfile *, const struct request *, void (*line)(void *ctx, const struct result_line *), void *ctx);
/* One write of whole lines. On failure the torn end is cut off again, a message is printed and the file is closed:
 * `failed`. */
void outfile_write(struct outfile *, const char *text, size_t len);
void outfile_close(struct outfile *);
/* Reads all lines of a file; bad ones cost one message. False: cannot be read. */
bool results_read(const char *path, void (*line)(void *ctx, const struct result_line *), void *ctx);

#endif
