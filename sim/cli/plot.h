/* SPDX-License-Identifier: MIT */
/*
 * Inside wavetank plot: results gathered into curves (cmd_plot.c), what tells curves apart
 * (plot_keys.c), curves laid out as panels (plot_layout.c), written as data files (plot_data.c,
 * plot_time.c), drawn by gnuplot (plot_draw.c).
 */
#ifndef WT_PLOT_H
#define WT_PLOT_H

#include "results.h"
#include "seen.h"

enum { CURVES_MAX = 1024, LINES_MAX = 8, PANELS_MAX = 24, PLOT_PATH_BYTES = 4096,
       LABEL_BYTES = 2048 };

/* ---- curves ---------------------------------------------------------------------------------- */

/* One thing by which curves may differ, with its value: {"reads", "lease"} of a variant,
 * {"disk-latency", "1ms"} of --set. Strings are the curve's. */
enum piece_of { OF_SCENARIO, OF_VARIANT, OF_SETTINGS, OF_REVISION };
enum { PIECES_MAX = 64 };
struct piece { enum piece_of of; char *key, *value; };

/* All runs of one scenario in one variant, with the same settings and by the same revision. */
struct curve {
    char path[RESULT_PATH_BYTES], variant[RESULT_VARIANT_BYTES], title[RESULT_TITLE_BYTES];
    char settings[SETTINGS_BYTES], revision[REVISION_BYTES];
    uint64_t text;              /* scenario_hash of all of them; 0: not known */
    struct piece piece[PIECES_MAX];    /* scenario, variant, settings, revision */
    uint32_t npieces;
    char setup[SETUP_BYTES];    /* the longest that a run had, and of those the least */
    uint64_t runs, least_seed, most_seed;
    struct hist latency[METRICS];
    struct timeline timeline;           /* of all runs; width 0: none kept one */
    uint64_t covered[TIMELINE_BINS];    /* ns of simulated time that all runs spent in a bin */
    uint64_t longest;                   /* simulated ns of the longest run */
};

struct plot {
    const char *directory;      /* where everything goes; exists */
    const char *by;             /* --by, or NULL */
    uint32_t n;
    struct curve *curves[CURVES_MAX];
};

/* Splits what a curve is called into its pieces. */
void curve_pieces(struct curve *);
/* Is it a key of one of the curves, or "scenario", "variant", "set", "revision"? A message is out
 * where it is not. */
bool by_known(const struct plot *);
/* Does --by name this key, or the group that it is of? */
bool by_says(const char *by, const char *word, size_t n);      /* among the names in --by */
bool by_names(const char *by, enum piece_of, const char *key);

/* ---- what a figure shows --------------------------------------------------------------------- */

/* A line of a figure: a curve's samples of one kind. */
struct line {
    const struct curve *curve;
    const struct hist *hist;    /* NULL: the figure is over time */
    const char *kind;           /* of reads, where a figure has several; else NULL */
    char *label;                /* what tells it from the other lines of its panel; for files */
};
/* Lines that stand together. */
struct panel {
    uint32_t first, n;          /* of the figure's lines; at most LINES_MAX */
    char *title;                /* what tells it from the other panels; "" where it is alone */
};
/* Latencies in ns. */
struct axes {
    uint64_t floor, most;   /* least and greatest measured; not 0 */
    uint64_t ceiling;       /* above all, a round number: where timed-out operations are drawn */
    uint64_t samples;       /* of the line that has most */
    bool timeouts;
};
struct figure {
    const char *name;           /* of its files, without a suffix */
    const char *script;
    const char *heading, *meaning;
    bool over_time;
    int series;                 /* over time: enum series; SERIES_KINDS: all of them */
    char *subject;              /* what all lines have in common: "calm network, reads=lease" */
    struct line *line;
    struct panel *panel;
    uint32_t nlines, npanels;
    struct axes axes;
};
/* The figure's lines are there, without labels: finds panels, labels and subject. */
void figure_lay_out(const struct plot *, struct figure *);
void figure_free(struct figure *);
struct axes axes_of(const struct figure *);
void axes_close(struct axes *);

/* ---- words ----------------------------------------------------------------------------------- */

/* Of a set-up's parts ("; " between them): what lines have in common; and what is neither among
 * these common ones nor said in these words ("disk-latency=1ms"). */
void setup_common(const struct line *, uint32_t n, char out[SETUP_BYTES]);
/* Of the first, the parts that the other has too. */
void setup_keep(char setup[SETUP_BYTES], const char *other);
void setup_own(const char *setup, const char *common, const char *said, char out[SETUP_BYTES]);
/* Adds to a text in a buffer of this size; cut there. */
void append(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* What is no UTF-8, or a control character, becomes '?'. */
void make_printable(char *text);
void grouped(uint64_t n, char out[32]);    /* 1234567 as 1,234,567 */
size_t characters(const char *text);
/* At most so many characters: the middle gives way, since both ends tell names apart. */
void shorten(const char *text, size_t most, char out[LABEL_BYTES]);
/* Breaks a text at blanks into lines of so many characters, at most `lines` of them, which it is
 * shortened for; a set-up between its parts, of which the last give way. Both return how many lines
 * there are. */
uint32_t wrap(const char *text, size_t width, uint32_t lines, char out[LABEL_BYTES]);
uint32_t wrap_setup(const char *setup, size_t width, uint32_t lines, char out[LABEL_BYTES]);
/* "seeds 1 to 100, 300 runs", of all these lines' curves */
void runs_text(const struct line *, uint32_t n, char out[96]);
/* The revisions of these lines' curves; cut with "..." */
void revisions_text(const struct line *, uint32_t n, char out[256]);

/* ---- files ----------------------------------------------------------------------------------- */

FILE *plot_open(const struct plot *, const char *name, const char *suffix);    /* DIR/NAMESUFFIX */
bool plot_close(FILE *);
/* DIR/NAME.dat for gnuplot's `index`, blocks in the order of lines. False: cannot be written. */
bool write_percentiles(const struct plot *, const struct figure *);
/* two blocks a line: what clients got, and which faults stood */
bool write_over_time(const struct plot *, const struct figure *);
/* Each figure's lines, as a table. */
void print_table(FILE *, const struct plot *, const struct figure *const *, uint32_t n);
void print_head(FILE *, const struct figure *);
void print_line_head(FILE *, const struct line *);
void print_ms(FILE *, uint64_t ns);

/* ---- over time (plot_time.c) ----------------------------------------------------------------- */

/* Adds a run of this length. */
void curve_add_timeline(struct curve *, const struct timeline *, uint64_t simulated_ns);
/* Operations of a series, or of both, that are in the timeline. */
uint64_t timeline_samples(const struct curve *, int series);
/* Where the axis of time ends: at least half of the runs came so far. */
uint64_t time_shown(const struct curve *);
/* The highest rate of any line, in thousandths of operations a second. */
uint64_t highest_rate(const struct curve *);
/* Bits of enum trouble that stood in any run. */
unsigned troubles_of(const struct curve *);
struct axes time_axes_of(const struct figure *);

/* Runs gnuplot on every figure. EXIT_OK, or EXIT_INTERNAL after a message. */
int draw_figures(const struct plot *, const struct figure *const *, uint32_t n);

#endif
