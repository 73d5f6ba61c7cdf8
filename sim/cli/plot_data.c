/* SPDX-License-Identifier: MIT */
/*
 * Data files of the figures. Method: integers throughout; a number with decimals is printed from
 * its parts. A curve is one block of rows (latency in ms, share of samples at most that slow in %,
 * 1/(1 - share)), the last the axis on which percentiles are evenly spaced. What timed out is drawn
 * at a ceiling above everything measured, so that a curve which reaches it says how many did.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "plot.h"

static const struct {
    const char *title, *meaning;
} figures[METRICS] = {
    [METRIC_COMMIT] = {"Commit latency",
                       "from the moment a client means to send a write until it is acknowledged"},
    [METRIC_READ_INDEX] = {"Latency of reads by ReadIndex",
                           "from the moment a client means to send a read until it is answered"},
    [METRIC_READ_LEASE] = {"Latency of reads under a lease",
                           "from the moment a client means to send a read until it is answered"},
    [METRIC_READ_LOG] = {"Latency of reads through the log",
                         "from the moment a client means to send a read until it is answered"},
    [METRIC_ELECTION] = {"Election latency",
                         "from the loss of a leader to the first commit of the next"},
};

const char *figure_title(int metric) { return figures[metric].title; }
const char *figure_meaning(int metric) { return figures[metric].meaning; }

uint32_t curves_of(const struct plot *p, int metric, const struct curve *out[SHOWN_MAX])
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n && n < SHOWN_MAX; i++)
        if (p->curves[i].latency[metric].n > 0)
            out[n++] = &p->curves[i];
    return n;
}

/* The least of 1, 3, 10, 30, ... us that is at least this. */
static uint64_t round_up(uint64_t ns)
{
    for (uint64_t step = 1000;; step *= 10) {
        if (step >= ns)
            return step;
        if (step * 3 >= ns)
            return step * 3;
    }
}

void axes_add(struct axes *a, const struct hist *h)
{
    uint32_t first = 0;
    if (h->n == 0)
        return;
    while (first + 1 < HIST_BUCKETS && h->bucket[first] == 0)
        first++;
    if (h->bucket[first] > 0 && (a->floor == 0 || hist_floor(first) < a->floor))
        a->floor = hist_floor(first);
    if (h->max > a->most)
        a->most = h->max;
    if (h->n > a->samples)
        a->samples = h->n;
    a->timeouts = a->timeouts || h->timeouts > 0;
    a->ceiling = round_up(a->most + a->most / 2);
}

struct axes axes_of(const struct curve *const *curves, uint32_t n, int metric)
{
    struct axes a = {0};
    for (uint32_t i = 0; i < n; i++)
        axes_add(&a, &curves[i]->latency[metric]);
    return a;
}

const int read_metrics[READ_KINDS] = {METRIC_READ_INDEX, METRIC_READ_LEASE, METRIC_READ_LOG};

uint32_t curves_of_reads(const struct plot *p, const struct curve *out[SHOWN_MAX],
                         struct axes *axes, uint32_t *kinds)
{
    uint32_t n = 0, seen = 0;
    memset(axes, 0, sizeof(*axes));
    for (uint32_t i = 0; i < p->n && n < SHOWN_MAX; i++) {
        uint64_t samples = 0;
        for (int k = 0; k < READ_KINDS; k++) {
            const struct hist *h = &p->curves[i].latency[read_metrics[k]];
            axes_add(axes, h);
            samples += h->n;
            seen |= h->n > 0 ? 1u << k : 0;
        }
        if (samples > 0)
            out[n++] = &p->curves[i];
    }
    *kinds = (seen & 1) + (seen >> 1 & 1) + (seen >> 2 & 1);
    return n;
}

/* ---- numbers --------------------------------------------------------------------------------- */

void grouped(uint64_t n, char out[32])
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n), to = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[to++] = ',';
        out[to++] = digits[i];
    }
    out[to] = 0;
}

void seeds_text(const struct plot *p, char out[64])
{
    const char *format = p->most_seed < 1000000000 ? "seeds %" PRIu64 " to %" PRIu64
                                                   : "seeds 0x%" PRIx64 " to 0x%" PRIx64;
    snprintf(out, 64, format, p->least_seed, p->most_seed);
}

static void print_ms(FILE *out, uint64_t ns)
{
    fprintf(out, "%" PRIu64 ".%06" PRIu64, ns / 1000000, ns % 1000000);
}

static FILE *open_data(const struct plot *p, const char *name)
{
    char path[PLOT_PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s", p->directory, name);
    return n > 0 && (size_t)n < sizeof(path) ? fopen(path, "w") : NULL;
}

static bool close_data(FILE *f)
{
    bool ok = !ferror(f);
    return fclose(f) == 0 && ok;
}

/* ---- curves ---------------------------------------------------------------------------------- */

static void print_head(FILE *f, const struct plot *p, const char *title, const char *meaning)
{
    char seeds[64];
    seeds_text(p, seeds);
    fprintf(f, "# %s: %s\n# wavetank revision %s, %s, %" PRIu64 " runs\n", title, meaning,
            p->revision, seeds, p->runs);
    fprintf(f, "# columns: latency in ms; share of samples that are at most that, in %%; 1/(1 - "
               "share)\n");
}

/* A row; the share of the last sample is half a sample below 1, so that it has a place on
 * the axis. */
static void print_row(FILE *f, const struct hist *h, uint64_t ns, uint64_t seen)
{
    uint64_t share = seen * 100000000 / h->n;
    uint64_t axis = 2000 * h->n / (2 * (h->n - seen) + 1);
    print_ms(f, ns);
    fprintf(f, " %" PRIu64 ".%06" PRIu64 " %" PRIu64 ".%03" PRIu64 "\n", share / 1000000,
            share % 1000000, axis / 1000, axis % 1000);
}

static void print_curve(FILE *f, const char *label, const char *path, const struct hist *h,
                        uint64_t ceiling)
{
    uint64_t seen = 0;
    fprintf(f, "\n\n# %s, from %s: %" PRIu64 " samples, %" PRIu64 " of them timed out\n\"%s\"\n",
            label, path, h->n, h->timeouts, label);
    for (uint32_t i = 0; i < HIST_BUCKETS; i++) {
        if (h->bucket[i] == 0)
            continue;
        uint64_t top = i + 1 < HIST_BUCKETS ? hist_floor(i + 1) - 1 : h->max;
        if (seen == 0)
            print_row(f, h, hist_floor(i) < h->max ? hist_floor(i) : h->max, 0);
        seen += h->bucket[i];
        print_row(f, h, top < h->max ? top : h->max, seen);
    }
    assert(seen + h->timeouts == h->n);
    if (h->timeouts > 0) {
        print_row(f, h, ceiling, seen);
        print_row(f, h, ceiling, h->n);
    }
    if (h->n == 0)
        fprintf(f, "NaN NaN NaN\n");
}

bool write_percentiles(const struct plot *p, int metric)
{
    const struct curve *curves[SHOWN_MAX];
    uint32_t n = curves_of(p, metric, curves);
    char name[64];
    if (n == 0)
        return true;
    snprintf(name, sizeof(name), "%s.dat", metric_name(metric));
    FILE *f = open_data(p, name);
    if (f == NULL)
        return false;
    print_head(f, p, figure_title(metric), figure_meaning(metric));
    for (uint32_t i = 0; i < n; i++) {
        const struct hist *h = &curves[i]->latency[metric];
        char label[LABEL_BYTES + 48], count[32];
        grouped(h->n, count);
        snprintf(label, sizeof(label), "%s (%s samples)", curves[i]->label, count);
        print_curve(f, label, curves[i]->path, h, axes_of(curves, n, metric).ceiling);
    }
    return close_data(f);
}

bool write_reads(const struct plot *p)
{
    static const char *const labels[READ_KINDS] = {"ReadIndex", "lease", "through the log"};
    const struct curve *curves[SHOWN_MAX];
    struct axes axes;
    uint32_t kinds, n = curves_of_reads(p, curves, &axes, &kinds);
    if (kinds < 2)
        return true;
    FILE *f = open_data(p, "reads.dat");
    if (f == NULL)
        return false;
    print_head(f, p, "Read latency by kind of read", figure_meaning(METRIC_READ_INDEX));
    for (uint32_t i = 0; i < n; i++)
        for (int k = 0; k < READ_KINDS; k++)
            print_curve(f, labels[k], curves[i]->path, &curves[i]->latency[read_metrics[k]],
                        axes.ceiling);
    return close_data(f);
}

/* ---- the table ------------------------------------------------------------------------------- */

static void print_cell(FILE *out, uint64_t ns)
{
    if (ns == UINT64_MAX)
        fprintf(out, " %12s", "> timeout");
    else
        fprintf(out, " %8" PRIu64 ".%03" PRIu64, ns / 1000000, ns / 1000 % 1000);
}

void print_table(FILE *out, const struct plot *p)
{
    char seeds[64];
    seeds_text(p, seeds);
    fprintf(out, "latencies in ms; revision %s, %s, %" PRIu64 " runs\n", p->revision, seeds,
            p->runs);
    fprintf(out, "%-11s %-28s %10s %9s %12s %12s %12s %12s\n", "what", "where", "samples",
            "timeouts", "p50", "p99", "p99.9", "max");
    for (int m = 0; m < METRICS; m++) {
        for (uint32_t i = 0; i < p->n; i++) {
            const struct hist *h = &p->curves[i].latency[m];
            if (h->n == 0)
                continue;
            fprintf(out, "%-11s %-28.28s %10" PRIu64 " %9" PRIu64, metric_name(m),
                    p->curves[i].label, h->n, h->timeouts);
            print_cell(out, hist_percentile(h, 500000));
            print_cell(out, hist_percentile(h, 990000));
            print_cell(out, hist_percentile(h, 999000));
            print_cell(out, h->timeouts > 0 ? UINT64_MAX : h->max);
            putc('\n', out);
        }
    }
}

bool write_table(const struct plot *p)
{
    FILE *f = open_data(p, "summary.txt");
    if (f == NULL)
        return false;
    print_table(f, p);
    return close_data(f);
}
