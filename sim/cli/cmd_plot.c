/* SPDX-License-Identifier: MIT */
/*
 * wavetank plot. Method: runs of all files, each once, are added up by curve: those of one scenario
 * in one variant, with the same settings and by the same revision. Then each figure takes the
 * curves that have something for it; data files, a table, and gnuplot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot.h"

static const struct {
    const char *heading, *meaning;
    bool rare;                  /* a run has few: all of them are drawn, not percentiles */
} metrics[METRICS] = {
    [METRIC_COMMIT] = {"Commit latency",
                       "from the moment a client means to send a write until it is acknowledged"},
    [METRIC_READ_INDEX] = {"Latency of reads by ReadIndex",
                           "from the moment a client means to send a read until it is answered"},
    [METRIC_READ_LEASE] = {"Latency of reads under a lease",
                           "from the moment a client means to send a read until it is answered"},
    [METRIC_READ_LOG] = {"Latency of reads through the log",
                         "from the moment a client means to send a read until it is answered"},
    [METRIC_ELECTION] = {"Election latency",
                         "from the loss of a leader to the first commit of the next", true},
    [METRIC_RECOVERY] = {"Time to recover",
                         "from the healing of a core of nodes until a write is acknowledged and "
                         "applied on all of it", true},
};

static const struct {
    int metric;
    const char *name;
} read_kinds[] = {{METRIC_READ_INDEX, "ReadIndex"},
                  {METRIC_READ_LEASE, "lease"},
                  {METRIC_READ_LOG, "through the log"}};
enum { READ_KINDS = sizeof(read_kinds) / sizeof(read_kinds[0]) };

#define BANDS "; bands: faults, darker where they stand in more of the runs"
static const struct figure over_time[] = {
    {.name = "commit-over-time", .script = "over-time.gp", .series = SERIES_WRITE,
     .heading = "Commit latency over time", .over_time = true,
     .meaning = "by the moment at which a client means to send a write" BANDS},
    {.name = "read-over-time", .script = "over-time.gp", .series = SERIES_READ,
     .heading = "Read latency over time", .over_time = true,
     .meaning = "by the moment at which a client means to send a read" BANDS},
    {.name = "throughput", .script = "throughput.gp", .series = SERIES_KINDS,
     .heading = "Throughput over time", .over_time = true,
     .meaning = "operations a simulated second, by the moment of their answer" BANDS},
};
enum { OVER_TIME = sizeof(over_time) / sizeof(over_time[0]),
       FIGURES_MAX = METRICS + 1 + OVER_TIME };

struct reading {
    struct plot plot;
    const struct request *request;
    const char *file;
    struct seen seen;
    char revision[REVISION_BYTES], settings[SETTINGS_BYTES];   /* of the lines that follow */
    char apart[SETTINGS_BYTES]; /* settings, and what of the line's draws tells curves apart */
    bool headed;                /* such a line stands above in this file */
    uint64_t runs, repeated, unrun, other_seeds;
    int code;                   /* EXIT_OK so long as all is well; a message is out */
};

/* ---- curves ---------------------------------------------------------------------------------- */

/* What seeds drew of a scenario is one curve, but where --by names it. */
static void tell_apart(struct reading *r, const char *drawn)
{
    snprintf(r->apart, sizeof(r->apart), "%s", r->settings);
    for (const char *word = drawn; *word != 0; word += strspn(word, " ")) {
        size_t n = strcspn(word, " ");
        if (by_says(r->request->by, word, strcspn(word, "=")))
            append(r->apart, sizeof(r->apart), "%s%.*s", r->apart[0] ? " " : "", (int)n, word);
        word += n;
    }
}

static struct curve *find_curve(struct reading *r, const struct result_line *l)
{
    for (uint32_t i = 0; i < r->plot.n; i++) {
        struct curve *c = r->plot.curves[i];
        if (strcmp(c->path, l->path) == 0 && strcmp(c->variant, l->variant) == 0 &&
            strcmp(c->settings, r->apart) == 0 && strcmp(c->revision, r->revision) == 0)
            return c;
    }
    return NULL;
}

static struct curve *add_curve(struct reading *r, const struct result_line *l)
{
    if (r->plot.n == CURVES_MAX) {
        r->code = usage_error("%s: more than %d scenarios, variants, settings and revisions; plot "
                              "fewer files at a time",
                              r->file, CURVES_MAX);
        return NULL;
    }
    struct curve *c = must(calloc(1, sizeof(*c)));
    r->plot.curves[r->plot.n++] = c;
    memcpy(c->path, l->path, sizeof(c->path));
    memcpy(c->variant, l->variant, sizeof(c->variant));
    memcpy(c->title, l->title, sizeof(c->title));
    memcpy(c->settings, r->apart, sizeof(c->settings));
    memcpy(c->revision, r->revision, sizeof(c->revision));
    c->text = l->text;
    curve_pieces(c);
    return c;
}

/* May the run be one of this curve's? */
static bool belongs(struct reading *r, const struct curve *c, const struct result_line *l)
{
    if (c->text != l->text)
        r->code = usage_error("%s: %s stands in these files with two texts, by one revision and "
                              "with the same settings, so that nothing tells their runs apart; "
                              "plot the files one by one, or give the other text another name",
                              r->file, l->path);
    for (int m = 0; m < METRICS; m++)
        if (c->latency[m].n + l->result.latency[m].n > UINT32_MAX)
            r->code = usage_error("%s: more than %" PRIu32 " samples of %s in %s", r->file,
                                  UINT32_MAX, metric_name(m), l->path);
    return r->code == EXIT_OK;
}

static void add_run(struct curve *c, const struct result *run)
{
    if (c->runs == 0 || run->seed < c->least_seed)
        c->least_seed = run->seed;
    if (c->runs == 0 || run->seed > c->most_seed)
        c->most_seed = run->seed;
    c->runs++;
    size_t had = strlen(c->setup), has = strlen(run->setup);
    if (run->drawn[0] != 0 && c->runs > 1)
        setup_keep(c->setup, run->setup);
    else if (has > had || (has == had && strcmp(run->setup, c->setup) < 0))
        memcpy(c->setup, run->setup, sizeof(c->setup));
    for (int m = 0; m < METRICS; m++)
        hist_merge(&c->latency[m], &run->latency[m]);
    curve_add_timeline(c, &run->timeline, run->simulated_ns);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A run counts once, however often its line is met: in a file named twice, in shards
 * that overlap. */
static bool counts(struct reading *r, const struct result_line *l)
{
    const char *const pieces[] = {l->path, l->variant, r->revision, r->settings};
    if (asked(r->request, OPT(SEED)) && l->result.seed != r->request->seed) {
        r->other_seeds++;
        return false;
    }
    if (l->result.verdict == V_ERROR || l->result.verdict == V_LOST) {
        r->unrun++;
        return false;
    }
    enum seen_as as =
        seen_add(&r->seen, run_key(pieces, 4, l->result.seed, l->text), l->result.digest);
    if (as == SEEN_OTHER_DIGEST)
        r->code = fatal_error(EXIT_NONDETERMINISM,
                              "%s%s%s seed 0x%" PRIx64 " stands in these files with two digests: "
                              "they are not of one program",
                              l->path, l->variant[0] ? " " : "", l->variant, l->result.seed);
    r->repeated += as == SEEN_SAME;
    return as == SEEN_NEW;
}

/* A line whose words a figure can show. */
static const struct result_line *printable(const struct result_line *l)
{
    static struct result_line line;
    line = *l;
    char *const words[] = {line.path,     line.variant,  line.title,
                           line.settings, line.revision, line.result.setup};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        make_printable(words[i]);
    return &line;
}

static void take_line(void *ctx, const struct result_line *read)
{
    struct reading *r = ctx;
    if (r->code != EXIT_OK)
        return;
    const struct result_line *l = printable(read);
    if (l->header) {
        memcpy(r->revision, l->revision, sizeof(r->revision));
        memcpy(r->settings, l->settings, sizeof(r->settings));
        r->headed = true;
        return;
    }
    if (!r->headed) {
        r->code = usage_error("%s: a run stands above any line that says what was swept, so that "
                              "nothing tells of which revision and settings it is",
                              r->file);
        return;
    }
    if (!counts(r, l))
        return;
    tell_apart(r, l->result.drawn);
    struct curve *c = find_curve(r, l);
    if (c == NULL)
        c = add_curve(r, l);
    if (c == NULL || r->code != EXIT_OK || !belongs(r, c, l))
        return;
    add_run(c, &l->result);
    r->runs++;
}

static int read_files(struct reading *r)
{
    for (int i = 0; r->code == EXIT_OK && i < r->request->nfiles; i++) {
        r->file = r->request->files[i];
        r->headed = false;
        int code = results_read(r->file, take_line, r);
        r->code = r->code == EXIT_OK ? code : r->code;
    }
    if (r->code != EXIT_OK)
        return r->code;
    if (r->runs == 0 && r->other_seeds > 0)
        return usage_error("there is no run of seed 0x%" PRIx64 " in these files",
                           r->request->seed);
    if (r->runs == 0)
        return usage_error(
            "there is no run in these files; write some with: wavetank sweep FILE --seeds 1..100 "
            "--out results.jsonl");
    if (r->repeated > 0)
        fprintf(stderr,
                "wavetank: note: %" PRIu64 " runs were met more than once, and counted once\n",
                r->repeated);
    if (r->unrun > 0)
        fprintf(stderr,
                "wavetank: note: %" PRIu64 " runs ended in an error and have no latencies\n",
                r->unrun);
    return EXIT_OK;
}

/* ---- figures --------------------------------------------------------------------------------- */

static void add_line(struct figure *f, const struct curve *c, const struct hist *h,
                     const char *kind)
{
    f->line = must(realloc(f->line, (f->nlines + 1) * sizeof(*f->line)));
    f->line[f->nlines++] = (struct line){.curve = c, .hist = h, .kind = kind};
}

static void metric_lines(const struct plot *p, struct figure *f, int metric, const char *kind)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (p->curves[i]->latency[metric].n > 0)
            add_line(f, p->curves[i], &p->curves[i]->latency[metric], kind);
}

/* Reads of all kinds side by side; only where there are at least two kinds. */
static void read_lines(const struct plot *p, struct figure *f)
{
    uint32_t kinds = 0, had = 0;
    for (int k = 0; k < READ_KINDS; k++) {
        metric_lines(p, f, read_kinds[k].metric, read_kinds[k].name);
        kinds += f->nlines > had;
        had = f->nlines;
    }
    f->nlines = kinds > 1 ? f->nlines : 0;
}

static void time_lines(const struct plot *p, struct figure *f)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (timeline_samples(p->curves[i], f->series) > 0 && time_shown(p->curves[i]) > 0)
            add_line(f, p->curves[i], NULL, NULL);
}

/* All figures that have a line, laid out; how many there are. */
static uint32_t make_figures(const struct plot *p, struct figure figures[FIGURES_MAX])
{
    uint32_t n = 0;
    for (int i = 0; i < FIGURES_MAX; i++) {
        struct figure *f = &figures[n];
        memset(f, 0, sizeof(*f));
        if (i < METRICS) {
            *f = (struct figure){.name = metric_name(i),
                                 .script = metrics[i].rare ? "cdf.gp" : "percentiles.gp",
                                 .heading = metrics[i].heading,
                                 .meaning = metrics[i].meaning};
            metric_lines(p, f, i, NULL);
        } else if (i == METRICS) {
            *f = (struct figure){.name = "reads", .script = "percentiles.gp",
                                 .heading = "Read latency by kind of read",
                                 .meaning = metrics[METRIC_READ_INDEX].meaning};
            read_lines(p, f);
        } else {
            *f = over_time[i - METRICS - 1];
            time_lines(p, f);
        }
        if (f->nlines == 0) {
            free(f->line);
            continue;
        }
        figure_lay_out(p, f);
        f->axes = f->over_time ? time_axes_of(f) : axes_of(f);
        n++;
    }
    return n;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Makes a directory and those above it. */
static bool make_directory(const char *path)
{
    char part[PLOT_PATH_BYTES];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof(part))
        return false;
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        snprintf(part, sizeof(part), "%.*s", (int)i, path);
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return false;
    }
    struct stat st;
    errno = ENOTDIR;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool write_data(const struct plot *p, const struct figure *const *figures, uint32_t n)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < n; i++)
        ok = figures[i]->over_time ? write_over_time(p, figures[i])
                                   : write_percentiles(p, figures[i]);
    FILE *f = ok ? plot_open(p, "summary", ".txt") : NULL;
    if (f == NULL)
        return false;
    print_table(f, p, figures, n);
    return plot_close(f);
}

static int by_name(const void *a, const void *b)
{
    const struct curve *x = *(struct curve *const *)a, *y = *(struct curve *const *)b;
    int order = strcmp(x->path, y->path);
    order = order != 0 ? order : strcmp(x->variant, y->variant);
    order = order != 0 ? order : strcmp(x->settings, y->settings);
    return order != 0 ? order : strcmp(x->revision, y->revision);
}

static int plot_all(struct plot *p)
{
    static struct figure figures[FIGURES_MAX];
    const struct figure *drawn[FIGURES_MAX];
    int code = EXIT_OK;
    qsort(p->curves, p->n, sizeof(p->curves[0]), by_name);
    uint32_t n = make_figures(p, figures);
    for (uint32_t i = 0; i < n; i++)
        drawn[i] = &figures[i];
    if (n == 0)
        fprintf(stderr, "wavetank: note: in these runs nobody asked for anything, and no lost "
                        "leader was followed by another: there is nothing to draw\n");
    if (!make_directory(p->directory)) {
        code = usage_error("-o %s: cannot make that directory: %s", p->directory, strerror(errno));
    } else if (!write_data(p, drawn, n)) {
        code = fatal_error(EXIT_INTERNAL, "cannot write to %s: %s", p->directory, strerror(errno));
    } else {
        print_table(stdout, p, drawn, n);
        code = draw_figures(p, drawn, n);
    }
    for (uint32_t i = 0; i < n; i++)
        figure_free(&figures[i]);
    return code;
}

int cmd_plot(const struct request *q)
{
    static struct reading r;
    r = (struct reading){.request = q, .code = EXIT_OK};
    r.plot.directory = q->output != NULL ? q->output : "reports/out";
    r.plot.by = q->by;
    if (q->nfiles == 0)
        return usage_error("plot needs result files, as written by sweep --out");
    int code = read_files(&r);
    if (code == EXIT_OK && !by_known(&r.plot))
        code = EXIT_USAGE;
    if (code == EXIT_OK)
        code = plot_all(&r.plot);
    seen_free(&r.seen);
    for (uint32_t i = 0; i < r.plot.n; i++) {
        for (uint32_t k = 0; k < r.plot.curves[i]->npieces; k++) {
            free(r.plot.curves[i]->piece[k].key);
            free(r.plot.curves[i]->piece[k].value);
        }
        free(r.plot.curves[i]);
    }
    return code;
}
