/* SPDX-License-Identifier: MIT */
/*
 * Data files of the figures. Method: integers throughout; a number with decimals is printed from
 * its parts. A line is one block of rows (latency in ms, share of samples at most that slow in %,
 * 1/(1 - share)), the last the axis on which percentiles are evenly spaced. The greatest sample is
 * no percentile: it has a share of 100 % and no place on that axis. What timed out is drawn at a
 * ceiling above everything measured, so that a line which reaches it says how many did.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"

void print_ms(FILE *out, uint64_t ns)
{
    fprintf(out, "%" PRIu64 ".%06" PRIu64, ns / 1000000, ns % 1000000);
}

FILE *plot_open(const struct plot *p, const char *name, const char *suffix)
{
    char path[PLOT_PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s%s", p->directory, name, suffix);
    return n > 0 && (size_t)n < sizeof(path) ? fopen(path, "w") : NULL;
}

bool plot_close(FILE *f)
{
    bool ok = !ferror(f);
    return fclose(f) == 0 && ok;
}

/* ---- lines ----------------------------------------------------------------------------------- */

void print_head(FILE *f, const struct figure *g)
{
    char runs[96], revisions[256];
    runs_text(g->line, g->nlines, runs);
    revisions_text(g->line, g->nlines, revisions);
    fprintf(f, "# %s: %s\n# wavetank revision %s, %s\n", g->heading, g->meaning, revisions, runs);
}

/* What the block below is: every word by which its runs could be found again. */
void print_line_head(FILE *f, const struct line *l)
{
    const struct curve *c = l->curve;
    char runs[96];
    runs_text(l, 1, runs);
    fprintf(f, "\n\n# %s%s%s\n", c->title[0] ? c->title : c->path, l->kind ? ", " : "",
            l->kind ? l->kind : "");
    fprintf(f, "# scenario %s, variant %s, settings %s, revision %s, %s\n", c->path,
            c->variant[0] ? c->variant : "none", c->settings[0] ? c->settings : "none", c->revision,
            runs);
    if (c->setup[0] != 0)
        fprintf(f, "# %s\n", c->setup);
}

/* A row; with a share of all it has no place on the axis. */
static void print_row(FILE *f, const struct hist *h, uint64_t ns, uint64_t seen)
{
    uint64_t share = seen * 100000000 / h->n;
    print_ms(f, ns);
    fprintf(f, " %" PRIu64 ".%06" PRIu64, share / 1000000, share % 1000000);
    if (seen < h->n) {
        uint64_t axis = 1000 * h->n / (h->n - seen);
        fprintf(f, " %" PRIu64 ".%03" PRIu64 "\n", axis / 1000, axis % 1000);
    } else {
        fputs(" NaN\n", f);
    }
}

/* The rows of `more` samples that took at most so long; the last of all is a row of its own. */
static uint64_t print_rows(FILE *f, const struct hist *h, uint64_t ns, uint64_t seen, uint64_t more)
{
    if (seen + more == h->n && more > 1)
        print_row(f, h, ns, h->n - 1);
    print_row(f, h, ns, seen + more);
    return seen + more;
}

static void print_hist(FILE *f, const struct hist *h, uint64_t ceiling)
{
    uint64_t seen = 0;
    for (uint32_t i = 0; i < HIST_BUCKETS; i++) {
        if (h->bucket[i] == 0)
            continue;
        uint64_t top = i + 1 < HIST_BUCKETS ? hist_floor(i + 1) - 1 : h->max;
        if (seen == 0)
            print_row(f, h, hist_floor(i) < h->max ? hist_floor(i) : h->max, 0);
        seen = print_rows(f, h, top < h->max ? top : h->max, seen, h->bucket[i]);
    }
    assert(seen + h->timeouts == h->n);
    if (h->timeouts > 0) {
        print_row(f, h, ceiling, seen);
        print_rows(f, h, ceiling, seen, h->timeouts);
    }
}

bool write_percentiles(const struct plot *p, const struct figure *g)
{
    FILE *f = plot_open(p, g->name, ".dat");
    if (f == NULL)
        return false;
    print_head(f, g);
    fprintf(f, "# columns: latency in ms; share of samples that are at most that, in %%; 1/(1 - "
               "share)\n");
    for (uint32_t i = 0; i < g->nlines; i++) {
        const struct line *l = &g->line[i];
        print_line_head(f, l);
        fprintf(f, "# %" PRIu64 " samples, %" PRIu64 " of them timed out\n", l->hist->n,
                l->hist->timeouts);
        print_hist(f, l->hist, g->axes.ceiling);
    }
    return plot_close(f);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* 12 columns wide, in ms; UINT64_MAX: it timed out. */
static void print_cell(FILE *out, uint64_t ns)
{
    if (ns == UINT64_MAX)
        fprintf(out, " %12s", "> timeout");
    else
        fprintf(out, " %8" PRIu64 ".%03" PRIu64, ns / 1000000, ns / 1000 % 1000);
}

static void print_percentile(FILE *out, const struct hist *h, uint64_t ppm)
{
    if (hist_tells(h, ppm))
        print_cell(out, hist_percentile(h, ppm));
    else
        fprintf(out, " %12s", "-");
}

/* All that tells a line from others of its figure. */
static void line_words(const struct figure *g, const struct line *l, char out[LABEL_BYTES])
{
    const char *title = "";
    for (uint32_t i = 0; i < g->npanels; i++)
        if (l - g->line >= (ptrdiff_t)g->panel[i].first &&
            l - g->line < (ptrdiff_t)(g->panel[i].first + g->panel[i].n))
            title = g->panel[i].title;
    snprintf(out, LABEL_BYTES, "%s%s%s", title, title[0] && l->label[0] ? ", " : "", l->label);
    if (out[0] == 0)
        snprintf(out, LABEL_BYTES, "%s", g->subject);
}

static void print_table_line(FILE *out, const struct figure *g, const struct line *l, int width)
{
    char words[LABEL_BYTES];
    const struct hist *h = l->hist;
    line_words(g, l, words);
    int blanks = width - (int)characters(words);
    fprintf(out, "%-11s %s%*s %10" PRIu64 " %9" PRIu64, g->name, words, blanks, "", h->n,
            h->timeouts);
    print_percentile(out, h, 500000);
    print_percentile(out, h, 990000);
    print_percentile(out, h, 999000);
    print_cell(out, h->timeouts > 0 ? UINT64_MAX : h->max);
    putc('\n', out);
}

static void print_table_head(FILE *out, const struct plot *p)
{
    struct line *all = must(calloc(p->n, sizeof(*all)));
    char runs[96], revisions[256];
    for (uint32_t i = 0; i < p->n; i++)
        all[i].curve = p->curves[i];
    runs_text(all, p->n, runs);
    revisions_text(all, p->n, revisions);
    fprintf(out, "# wavetank %s, %s; latencies in ms of simulated time; -: so few samples that it "
                 "would be the greatest\n",
            revisions, runs);
    free(all);
}

void print_table(FILE *out, const struct plot *p, const struct figure *const *figures, uint32_t n)
{
    int width = 5;
    char words[LABEL_BYTES];
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; !figures[i]->over_time && k < figures[i]->nlines; k++) {
            line_words(figures[i], &figures[i]->line[k], words);
            width = (int)characters(words) > width ? (int)characters(words) : width;
        }
    }
    print_table_head(out, p);
    fprintf(out, "%-11s %-*s %10s %9s %12s %12s %12s %12s\n", "what", width, "where", "samples",
            "timed out", "p50", "p99", "p99.9", "max");
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; !figures[i]->over_time && k < figures[i]->nlines; k++)
            if (figures[i]->line[k].kind == NULL)
                print_table_line(out, figures[i], &figures[i]->line[k], width);
}
