/* SPDX-License-Identifier: MIT */
/*
 * How long healed cores took until they made progress, by scenario. Method: a histogram a scenario
 * that has samples; they are told in the order of their paths, since who finishes first differs
 * from sweep to sweep.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "summary.h"

struct recovery { const char *path; struct hist took; };

static struct hist *took_in(struct summary *s, const char *path)
{
    for (uint32_t i = 0; i < s->nrecoveries; i++)
        if (strcmp(s->recoveries[i].path, path) == 0)
            return &s->recoveries[i].took;
    s->recoveries = must(realloc(s->recoveries, (s->nrecoveries + 1) * sizeof(*s->recoveries)));
    struct recovery *r = &s->recoveries[s->nrecoveries++];
    *r = (struct recovery){.path = path};
    return &r->took;
}

void summary_recovery_add(struct summary *s, const struct item *item, const struct result *r)
{
    const struct hist *h = &r->latency[METRIC_RECOVERY];
    if (h->n > 0)
        hist_merge(took_in(s, item_path(item)), h);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct recovery *)a)->path, ((const struct recovery *)b)->path);
}

/* Milliseconds, three digits behind the point; "missed" for what lies among those that missed their
 * bound, "-" where there are too few samples to tell. */
static void print_took(FILE *out, uint64_t ns, bool tells)
{
    char text[32] = "-";
    if (tells && ns == UINT64_MAX)
        snprintf(text, sizeof(text), "missed");
    else if (tells)
        snprintf(text, sizeof(text), "%" PRIu64 ".%03" PRIu64 "ms", ns / 1000000,
                 ns / 1000 % 1000);
    fprintf(out, " %12s", text);
}

void summary_recovery_print(FILE *out, const struct summary *s)
{
    static const uint64_t ppm[] = {500000, 990000};
    if (s->nrecoveries == 0)
        return;
    qsort(s->recoveries, s->nrecoveries, sizeof(*s->recoveries), by_path);
    fprintf(out, "%-40s %8s %8s %12s %12s %12s\n", "from healing to progress", "times", "missed",
            "p50", "p99", "max");
    for (uint32_t i = 0; i < s->nrecoveries; i++) {
        const struct hist *h = &s->recoveries[i].took;
        fprintf(out, "  %-38s %8" PRIu64 " %8" PRIu64, s->recoveries[i].path, h->n, h->timeouts);
        for (size_t k = 0; k < sizeof(ppm) / sizeof(ppm[0]); k++)
            print_took(out, hist_percentile(h, ppm[k]), hist_tells(h, ppm[k]));
        print_took(out, h->max, h->timeouts < h->n);
        putc('\n', out);
    }
}

void summary_recovery_free(struct summary *s)
{
    free(s->recoveries);
    s->recoveries = NULL;
    s->nrecoveries = 0;
}
