/* SPDX-License-Identifier: MIT */
/* Method: the plan gives the cluster and its options by their names in scenarios, the world the
 * workloads that were begun. What holds for single nodes only is said behind what holds for all. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../lang/units.h"
#include "run.h"

/* Options that a reader of a figure asks for, of the SUT or of the host. */
static const char *const named[] = {"election-timeout", "heartbeat", "link-delay", "disk-latency"};

static const void *options_of(const struct world_plan *plan, bool host, uint32_t slot)
{
    return host ? (const void *)&plan->host[slot] : (const void *)plan->sut_options[slot];
}

static void print_value(FILE *f, const struct option_row *row, const void *options)
{
    uint64_t value[2] = {0};
    char text[SPELLED_BYTES];
    size_t size = row->type == OPTION_SPAN ? sizeof(value) : sizeof(value[0]);
    memcpy(value, (const char *)options + row->offset, size);
    time_spell(value[0], NULL, text);
    fprintf(f, " %s", text);
    if (row->type == OPTION_SPAN && value[1] != value[0]) {
        time_spell(value[1], NULL, text);
        fprintf(f, "..%s", text);
    }
}

static void print_option(FILE *f, const struct world_plan *plan, bool host,
                         const struct option_row *row)
{
    const char *all = (const char *)options_of(plan, host, 0) + row->offset;
    size_t size = (row->type == OPTION_SPAN ? 2 : 1) * sizeof(uint64_t);
    fprintf(f, "; %s", row->name);
    print_value(f, row, options_of(plan, host, 0));
    for (uint32_t n = 1; n <= plan->nodes; n++) {
        const void *own = options_of(plan, host, n);
        if (memcmp((const char *)own + row->offset, all, size) == 0)
            continue;
        fprintf(f, ", n%" PRIu32, n);
        print_value(f, row, own);
    }
}

static void print_options(FILE *f, const struct world_plan *plan)
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        for (int host = 0; host < 2; host++) {
            const struct option_row *row = host ? host_option_rows : plan->sut->options;
            while (row->name != NULL && strcmp(row->name, named[i]) != 0)
                row++;
            if (row->name != NULL)
                print_option(f, plan, host, row);
        }
    }
}

/* Operations a second of all its clients: their gaps are drawn evenly from a span. */
static void print_rate(FILE *f, const struct workload *k)
{
    uint64_t both = k->pause_min + k->pause_max;
    uint64_t thousandths = both > 0 ? (uint64_t)k->count * SEC(2) * 1000 / both : 0;
    thousandths = (thousandths + 5) / 10 * 10;
    fprintf(f, ", %" PRIu64, thousandths / 1000);
    if (thousandths % 1000 != 0)
        fprintf(f, ".%02" PRIu64, thousandths % 1000 / 10);
    fputs(" operations/s", f);
}

static void print_workload(FILE *f, const struct workload *k)
{
    const struct {
        const char *name;
        uint32_t ppm;
    } mix[] = {{"reads", k->read_ppm},
               {"writes", k->write_ppm},
               {"cas", k->cas_ppm},
               {"appends", k->append_ppm}};
    char text[SPELLED_BYTES];
    fprintf(f, "; %u client%s", k->count, k->count == 1 ? "" : "s");
    if (k->open_loop) {
        print_rate(f, k);
    } else {
        time_spell(k->pause_min, NULL, text);
        fprintf(f, " that think%s %s", k->count == 1 ? "s" : "", text);
        time_spell(k->pause_max, NULL, text);
        fprintf(f, "..%s", text);
    }
    if (k->timeout != 0 && k->timeout != NEVER) {
        time_spell(k->timeout, NULL, text);
        fprintf(f, ", time-out %s", text);
    }
    if (k->retries > 0)
        fprintf(f, ", %u retr%s", k->retries, k->retries == 1 ? "y" : "ies");
    for (size_t i = 0; i < sizeof(mix) / sizeof(mix[0]); i++)
        if (mix[i].ppm > 0)
            fprintf(f, ", %" PRIu32 "%% %s", mix[i].ppm / 10000, mix[i].name);
}

/* The same but for when, as a repeated statement makes it. */
static bool same_workload(const struct workload *a, const struct workload *b)
{
    return a->count == b->count && a->read_ppm == b->read_ppm && a->write_ppm == b->write_ppm &&
           a->cas_ppm == b->cas_ppm && a->open_loop == b->open_loop &&
           a->pause_min == b->pause_min && a->pause_max == b->pause_max &&
           a->timeout == b->timeout && a->retries == b->retries;
}

void setup_text(const struct world *w, char out[SETUP_BYTES])
{
    const struct world_plan *plan = w->plan;
    memset(out, 0, SETUP_BYTES);
    FILE *f = fmemopen(out, SETUP_BYTES - 1, "w");
    if (f == NULL)
        return;
    fprintf(f, "%u node%s", plan->nodes, plan->nodes == 1 ? "" : "s");
    print_options(f, plan);
    for (uint32_t i = 0; i < w->workloads.n; i++) {
        const struct workload *k = vec_at(&w->arena, &w->workloads, i);
        if (i == 0 || !same_workload(k, vec_at(&w->arena, &w->workloads, i - 1)))
            print_workload(f, k);
    }
    fclose(f);
}
