/* SPDX-License-Identifier: MIT */
/* Inside wavetank plot: results gathered into curves (cmd_plot.c), written as data files
 * (plot_data.c), drawn by gnuplot (plot_draw.c). */
#ifndef WT_PLOT_H
#define WT_PLOT_H

#include "results.h"
#include "seen.h"

enum { CURVES_MAX = 64, SHOWN_MAX = 8, PLOT_PATH_BYTES = 4096, LABEL_BYTES = 96 };

/* What one colour stands for: all runs whose scenario's title is the same up to its first colon. */
struct curve {
    char label[LABEL_BYTES];
    char path[RESULT_PATH_BYTES];   /* least path of a scenario in it, by which curves are sorted */
    uint64_t runs;
    struct hist latency[METRICS];
};

struct plot {
    const char *directory;      /* where everything goes; exists */
    uint32_t n;
    struct curve *curves;       /* CURVES_MAX, sorted by path */
    uint64_t runs, lost;        /* lost: runs beyond CURVES_MAX curves */
    uint64_t repeated, unrun;   /* met before; ended in an error, so that they have no latencies */
    struct seen seen;
    char head[REVISION_BYTES + SETTINGS_BYTES];   /* of the lines that follow: revision
                                                     and settings */
    char conflict[RESULT_PATH_BYTES + RESULT_VARIANT_BYTES + 64];   /* a run with two digests */
    uint64_t least_seed, most_seed;
    char revision[256];         /* those of all headers, "unknown" where there was none */
};

/* Words of a figure, by metric. */
const char *figure_title(int metric);
const char *figure_meaning(int metric);    /* from what to what it is measured */

/* The curves that have samples of a metric, at most SHOWN_MAX, in order. */
uint32_t curves_of(const struct plot *, int metric, const struct curve *out[SHOWN_MAX]);
/* What the axes of a figure must hold. Latencies in ns. */
struct axes {
    uint64_t floor, most;   /* least and greatest measured */
    uint64_t ceiling;       /* above all, a round number: where timed-out operations are drawn */
    uint64_t samples;       /* of the curve that has most */
    bool timeouts;
};
void axes_add(struct axes *, const struct hist *);
struct axes axes_of(const struct curve *const *, uint32_t n, int metric);
/* Reads of all kinds side by side: the curves that have any, axes for all of them, and how many
 * kinds there are. */
enum { READ_KINDS = 3 };
extern const int read_metrics[READ_KINDS];
uint32_t curves_of_reads(const struct plot *, const struct curve *out[SHOWN_MAX], struct axes *,
                         uint32_t *kinds);
void grouped(uint64_t n, char out[32]);    /* 1234567 as 1,234,567 */
void seeds_text(const struct plot *, char out[64]);    /* "seeds 1 to 100" */

/* DIR/NAME.dat for gnuplot's `index`: one block a curve, each with its label as header. False:
 * cannot be written. */
bool write_percentiles(const struct plot *, int metric);
bool write_reads(const struct plot *);     /* a block a curve and kind of read */
bool write_table(const struct plot *);     /* DIR/summary.txt */
void print_table(FILE *, const struct plot *);

/* Runs gnuplot on every figure. EXIT_OK, or EXIT_INTERNAL after a message. */
int draw_figures(const struct plot *);

#endif
