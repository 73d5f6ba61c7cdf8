/* SPDX-License-Identifier: MIT */
/*
 * Figures over simulated time. Method: the timelines of a curve's runs are added up, bin by bin,
 * all as wide as the widest. A rate is operations by the simulated time that the runs spent in the
 * bin; a fault's share is the part of that time during which it stood, which for a single run, or
 * where a scenario says when, is a band with edges. Where fewer than half of the runs came, nothing
 * is shown: it would be of a few.
 */
#include <inttypes.h>
#include <string.h>

#include "plot.h"

/* ---- adding up ------------------------------------------------------------------------------- */

/* Files may say anything: what does not fit stays at the most. */
static void add_to(uint32_t *sum, uint32_t more)
{
    *sum = more > UINT32_MAX - *sum ? UINT32_MAX : *sum + more;
}

static void widen(struct curve *c)
{
    if (!timeline_widen(&c->timeline))
        return;
    for (uint32_t i = 0; i < TIMELINE_BINS; i++)
        c->covered[i] = 2 * i < TIMELINE_BINS ? c->covered[2 * i] + c->covered[2 * i + 1] : 0;
}

static void merge(struct timeline *into, const struct timeline *from)
{
    for (int s = 0; s < SERIES_KINDS; s++) {
        for (uint32_t i = 0; i < TIMELINE_BINS; i++) {
            add_to(&into->answered[s][i], from->answered[s][i]);
            add_to(&into->timeouts[s][i], from->timeouts[s][i]);
            for (uint32_t k = 0; k < TIMELINE_STEPS; k++)
                add_to(&into->latency[s][i][k], from->latency[s][i][k]);
        }
    }
    for (int k = 0; k < TROUBLES; k++)
        for (uint32_t i = 0; i < TIMELINE_BINS; i++)
            into->trouble[k][i] += from->trouble[k][i];
}

void curve_add_timeline(struct curve *c, const struct timeline *run, uint64_t simulated_ns)
{
    static struct timeline t;
    t = *run;
    if (t.width == 0)
        return;
    c->timeline.width = c->timeline.width == 0 ? t.width : c->timeline.width;
    while (c->timeline.width < t.width)
        widen(c);
    while (t.width < c->timeline.width)
        timeline_widen(&t);
    merge(&c->timeline, &t);
    for (uint32_t i = 0; i < timeline_bins(&t, simulated_ns); i++) {
        uint64_t left = simulated_ns - i * t.width;
        c->covered[i] += left < t.width ? left : t.width;
    }
}

/* ---- what a curve has ------------------------------------------------------------------------ */

static bool wants_series(int which, int series)
{
    return which == SERIES_KINDS || which == series;
}

uint64_t timeline_samples(const struct curve *c, int series)
{
    uint64_t n = 0;
    for (int s = 0; s < SERIES_KINDS; s++)
        for (uint32_t i = 0; wants_series(series, s) && i < TIMELINE_BINS; i++)
            n += (uint64_t)c->timeline.answered[s][i] + c->timeline.timeouts[s][i];
    return n;
}

/* How many bins are shown: up to the last through half of which at least half of the runs came. */
static uint32_t bins_shown(const struct curve *c)
{
    uint32_t n = TIMELINE_BINS;
    while (n > 0 && (c->covered[n - 1] == 0 ||
                     c->covered[n - 1] / c->runs < c->timeline.width / 2))
        n--;
    return n;
}

uint64_t time_shown(const struct curve *c) { return bins_shown(c) * c->timeline.width; }

/* Thousandths a second. */
static uint64_t rate(uint64_t operations, uint64_t ns)
{
    return ns > 0 ? operations * 1000 * 1000000 / (ns / 1000 + 1) : 0;
}

static uint64_t timeouts_of(const struct curve *c, uint32_t bin)
{
    return (uint64_t)c->timeline.timeouts[SERIES_WRITE][bin] +
           c->timeline.timeouts[SERIES_READ][bin];
}

uint64_t highest_rate(const struct curve *c)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < bins_shown(c); i++) {
        const uint64_t n[] = {c->timeline.answered[SERIES_WRITE][i],
                              c->timeline.answered[SERIES_READ][i], timeouts_of(c, i)};
        for (int k = 0; k < 3; k++)
            most = rate(n[k], c->covered[i]) > most ? rate(n[k], c->covered[i]) : most;
    }
    return most;
}

unsigned troubles_of(const struct curve *c)
{
    unsigned found = 0;
    for (int k = 0; k < TROUBLES; k++)
        for (uint32_t i = 0; i < bins_shown(c); i++)
            found |= c->timeline.trouble[k][i] > 0 ? 1u << k : 0;
    return found;
}

struct axes time_axes_of(const struct figure *f)
{
    struct axes a = {0};
    for (uint32_t l = 0; l < f->nlines && f->series != SERIES_KINDS; l++) {
        const struct curve *c = f->line[l].curve;
        for (uint32_t i = 0; i < bins_shown(c); i++) {
            a.timeouts = a.timeouts || c->timeline.timeouts[f->series][i] > 0;
            for (uint32_t k = 0; k < TIMELINE_STEPS; k++) {
                if (c->timeline.latency[f->series][i][k] == 0)
                    continue;
                uint64_t low = k > 0 ? timeline_step_top(k - 1) + 1 : 0;
                uint64_t top = k + 1 < TIMELINE_STEPS ? timeline_step_top(k) : low;
                a.floor = a.floor == 0 || low < a.floor ? low : a.floor;
                a.most = top > a.most ? top : a.most;
            }
        }
    }
    axes_close(&a);
    return a;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The latency that ppm of the bin's operations took at most, the ceiling where it is a time-out.
 * Nothing where it would be the greatest of them, unless that is what is asked for. */
static void print_bin(FILE *f, const struct figure *g, const struct curve *c, uint32_t bin,
                      uint64_t ppm)
{
    const uint32_t *steps = c->timeline.latency[g->series][bin];
    uint64_t n = c->timeline.timeouts[g->series][bin], seen = 0, rank;
    for (uint32_t k = 0; k < TIMELINE_STEPS; k++)
        n += steps[k];
    rank = (n * ppm + 999999) / 1000000;
    if (n == 0 || (rank >= n && ppm < 1000000)) {
        fputs(" NaN", f);
        return;
    }
    uint32_t k = 0;
    while (k < TIMELINE_STEPS && (seen += steps[k]) < rank)
        k++;
    uint64_t top = k + 1 < TIMELINE_STEPS ? timeline_step_top(k) : g->axes.ceiling;
    putc(' ', f);
    print_ms(f, top < g->axes.ceiling ? top : g->axes.ceiling);
}

static void print_thousandths(FILE *f, uint64_t n)
{
    fprintf(f, " %" PRIu64 ".%03" PRIu64, n / 1000, n % 1000);
}

static void print_seconds(FILE *f, uint64_t ns)
{
    fprintf(f, "%" PRIu64 ".%03" PRIu64, ns / 1000000000, ns / 1000000 % 1000);
}

static void print_bins(FILE *f, const struct figure *g, const struct curve *c)
{
    const struct timeline *t = &c->timeline;
    for (uint32_t i = 0; i < bins_shown(c); i++) {
        print_seconds(f, i * t->width + t->width / 2);
        if (g->series == SERIES_KINDS) {
            print_thousandths(f, rate(t->answered[SERIES_WRITE][i], c->covered[i]));
            print_thousandths(f, rate(t->answered[SERIES_READ][i], c->covered[i]));
            print_thousandths(f, rate(timeouts_of(c, i), c->covered[i]));
        } else {
            print_bin(f, g, c, i, 500000);
            print_bin(f, g, c, i, 990000);
            print_bin(f, g, c, i, 1000000);
        }
        putc('\n', f);
    }
}

/* A row for each stretch of bins in which a fault stood for the same share: begin, end, kind,
 * share in %. */
static void print_bands(FILE *f, const struct curve *c)
{
    const struct timeline *t = &c->timeline;
    bool any = false;
    fprintf(f, "\n\n# faults: from and until, in s; kind (");
    for (int k = 0; k < TROUBLES; k++)
        fprintf(f, "%s%d %s", k ? ", " : "", k, trouble_words(k));
    fprintf(f, "); for which share of that time, in %%, over all runs\n");
    for (int k = 0; k < TROUBLES; k++) {
        for (uint32_t i = 0, end; i < bins_shown(c); i = end) {
            uint64_t share = c->covered[i] > 0 ? t->trouble[k][i] * 100 / c->covered[i] : 0;
            end = i + 1;
            while (end < bins_shown(c) && c->covered[end] > 0 &&
                   t->trouble[k][end] * 100 / c->covered[end] == share)
                end++;
            if (share == 0)
                continue;
            print_seconds(f, i * t->width);
            putc(' ', f);
            print_seconds(f, end * t->width);
            fprintf(f, " %d %" PRIu64 "\n", k, share < 100 ? share : 100);
            any = true;
        }
    }
    if (!any)
        fputs("0 0 0 0\n", f); /* nothing, in a block that is there */
}

bool write_over_time(const struct plot *p, const struct figure *g)
{
    FILE *f = plot_open(p, g->name, ".dat");
    if (f == NULL)
        return false;
    print_head(f, g);
    if (g->series == SERIES_KINDS)
        fprintf(f, "# columns: simulated time in s, the middle of a bin; answered writes a second; "
                   "answered reads; operations that timed out\n");
    else
        fprintf(f, "# columns: simulated time in s, the middle of a bin; of the operations meant "
                   "then, in ms: the median, the 99th percentile, the slowest\n");
    for (uint32_t i = 0; i < g->nlines; i++) {
        print_line_head(f, &g->line[i]);
        print_bins(f, g, g->line[i].curve);
        print_bands(f, g->line[i].curve);
    }
    return plot_close(f);
}
