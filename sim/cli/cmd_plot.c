/* SPDX-License-Identifier: MIT */
/*
 * wavetank plot. Method: histograms of all runs in all files, each once, are added up by curve,
 * which is the scenario's title up to its first colon ("lossy network: reads and writes" and "lossy
 * network: elections" are one weather); then data files, a table, and gnuplot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot.h"

static struct curve *curve_of(struct plot *p, const struct result_line *l)
{
    char label[sizeof(p->curves->label)];
    const char *title = l->title[0] != 0 ? l->title : l->path;
    snprintf(label, sizeof(label), "%.*s", (int)strcspn(title, ":"), title);
    for (uint32_t i = 0; i < p->n; i++)
        if (strcmp(p->curves[i].label, label) == 0)
            return &p->curves[i];
    if (p->n == CURVES_MAX)
        return NULL;
    struct curve *c = &p->curves[p->n++];
    memcpy(c->label, label, sizeof(label));
    memcpy(c->path, l->path, sizeof(c->path));
    return c;
}

static void add_revision(struct plot *p, const char *revision)
{
    size_t n = strlen(p->revision);
    if (strstr(p->revision, revision) == NULL)
        snprintf(p->revision + n, sizeof(p->revision) - n, "%s%s", n ? ", " : "", revision);
}

/* A run counts once, however often its line is met: in a file named twice, in shards
 * that overlap. */
static bool counts(struct plot *p, const struct result_line *l)
{
    const char *const pieces[] = {l->path, l->variant, p->head};
    if (l->result.verdict == V_ERROR || l->result.verdict == V_LOST) {
        p->unrun++;
        return false;
    }
    enum seen_as as =
        seen_add(&p->seen, run_key(pieces, 3, l->result.seed, l->text), l->result.digest);
    if (as == SEEN_OTHER_DIGEST && p->conflict[0] == 0)
        snprintf(p->conflict, sizeof(p->conflict), "%s%s%s seed 0x%" PRIx64, l->path,
                 l->variant[0] ? " " : "", l->variant, l->result.seed);
    p->repeated += as != SEEN_NEW;
    return as == SEEN_NEW;
}

static void take_line(void *ctx, const struct result_line *l)
{
    struct plot *p = ctx;
    if (l->header) {
        add_revision(p, l->revision);
        snprintf(p->head, sizeof(p->head), "%s %s", l->revision, l->settings);
        return;
    }
    if (!counts(p, l))
        return;
    struct curve *c = curve_of(p, l);
    if (c == NULL) {
        p->lost++;
        return;
    }
    if (strcmp(l->path, c->path) < 0)
        memcpy(c->path, l->path, sizeof(c->path));
    if (p->runs == 0 || l->result.seed < p->least_seed)
        p->least_seed = l->result.seed;
    if (p->runs == 0 || l->result.seed > p->most_seed)
        p->most_seed = l->result.seed;
    p->runs++;
    c->runs++;
    for (int m = 0; m < METRICS; m++)
        hist_merge(&c->latency[m], &l->result.latency[m]);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct curve *)a)->path, ((const struct curve *)b)->path);
}

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

static bool write_data(const struct plot *p)
{
    for (int m = 0; m < METRICS; m++)
        if (!write_percentiles(p, m))
            return false;
    return write_reads(p) && write_table(p);
}

static int plot_all(struct plot *p)
{
    qsort(p->curves, p->n, sizeof(*p->curves), by_path);
    if (p->revision[0] == 0)
        add_revision(p, "unknown");
    if (p->runs == 0)
        return usage_error(
            "there is no run in these files; write some with: wavetank sweep FILE --seeds 1..100 "
            "--out results.jsonl");
    if (p->conflict[0] != 0) {
        fprintf(stderr,
                "wavetank: error: %s stands in these files with two digests: they are not of one "
                "program\n",
                p->conflict);
        return EXIT_NONDETERMINISM;
    }
    if (p->repeated > 0)
        fprintf(stderr,
                "wavetank: note: %" PRIu64 " runs were met more than once, and counted once\n",
                p->repeated);
    if (p->unrun > 0)
        fprintf(stderr,
                "wavetank: note: %" PRIu64 " runs ended in an error and have no latencies\n",
                p->unrun);
    if (p->lost > 0)
        fprintf(stderr,
                "wavetank: more than %d titles; %" PRIu64 " runs of the others were left out\n",
                CURVES_MAX, p->lost);
    if (!make_directory(p->directory))
        return usage_error("-o %s: cannot make that directory: %s", p->directory, strerror(errno));
    if (!write_data(p)) {
        fprintf(stderr, "wavetank: error: cannot write to %s: %s\n", p->directory, strerror(errno));
        return EXIT_INTERNAL;
    }
    print_table(stdout, p);
    return draw_figures(p);
}

int cmd_plot(const struct request *q)
{
    struct plot p = {.directory = q->output != NULL ? q->output : "reports/out"};
    int code = EXIT_OK;
    if (q->nfiles == 0)
        return usage_error("plot needs result files, as written by sweep --out");
    p.curves = calloc(CURVES_MAX, sizeof(*p.curves));
    if (p.curves == NULL)
        return EXIT_INTERNAL;
    for (int i = 0; code == EXIT_OK && i < q->nfiles; i++)
        code = results_read(q->files[i], take_line, &p);
    if (code == EXIT_OK)
        code = plot_all(&p);
    seen_free(&p.seen);
    free(p.curves);
    return code;
}
