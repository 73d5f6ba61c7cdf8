/* SPDX-License-Identifier: MIT */
/*
 * Method: what a part notes is kept by round; a figure's value is the median over its rounds. A
 * ratio is taken in each round, of figures measured in it, since a machine's speed may change from
 * one second to the next. A SCALED target is for a machine whose floor is FLOOR_MEANT.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { FLOOR_MEANT = 55000 };
enum target { NONE, LEAST, MOST, LEAST_SCALED, MOST_SCALED };
#define UNITS(n) (UINT64_C(1000) * (n))

static const struct {
    const char *name, *part, *unit, *what;
    enum target target;
    uint64_t value;
} figures[FIGURES] = {
#define FIGURE(name, part, unit, target, value, what) {#name, #part, unit, what, target, value},
#include "figures.def"
#undef FIGURE
};

static struct {
    uint64_t value[BENCH_ROUNDS_MAX];
    uint32_t n;
} samples[FIGURES];

void bench_note(enum figure f, uint64_t thousandths)
{
    if (samples[f].n < BENCH_ROUNDS_MAX)
        samples[f].value[samples[f].n++] = thousandths;
}

void bench_rate(enum figure f, uint64_t n, uint64_t cpu_ns)
{
    bench_note(f, n * UINT64_C(1000000000) / (cpu_ns / 1000 + 1));
}

/* ---- what follows ---------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The samples are in order from now on. */
static uint64_t median(enum figure f)
{
    if (samples[f].n == 0)
        return 0;
    qsort(samples[f].value, samples[f].n, sizeof samples[f].value[0], compare);
    return samples[f].value[samples[f].n / 2];
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* This round's; 0: not measured. */
static uint64_t latest(enum figure f)
{
    return samples[f].n ? samples[f].value[samples[f].n - 1] : 0;
}

static void ratio(enum figure f, uint64_t of, uint64_t by)
{
    if (of && by)
        bench_note(f, of * 1000 / by);
}

void figures_round(void)
{
    ratio(FIG_ratio_loaded5_events_to_fixture_steps, latest(FIG_loaded5_events_per_s),
          larger(latest(FIG_fixture_loaded5_snap_steps_per_s),
                 latest(FIG_fixture_loaded5_log1000_steps_per_s)));
    ratio(FIG_ratio_loaded5_entries1_to_fixture_entries1, latest(FIG_loaded5_entries1_per_s),
          larger(latest(FIG_fixture_loaded5_snap_entries_per_s),
                 latest(FIG_fixture_loaded5_log1000_entries_per_s)));
    ratio(FIG_ratio_loaded5_entries16_to_fixture_entries16, latest(FIG_loaded5_entries16_per_s),
          latest(FIG_fixture_loaded5_snap_batch16_entries_per_s));
    ratio(FIG_ratio_idle5_to_fixture_idle, latest(FIG_idle5_simulated_s_per_s),
          latest(FIG_fixture_idle5_simulated_s_per_s));
    ratio(FIG_ratio_fork5_to_copy, latest(FIG_fork5_us), latest(FIG_copy5_us));
}

/* What is asked of a figure on this machine; 0: nothing. */
static uint64_t asked(enum figure f, bool *most)
{
    const uint64_t floor = median(FIG_floor_ns), value = figures[f].value;
    *most = figures[f].target == MOST || figures[f].target == MOST_SCALED;
    switch (figures[f].target) {
    case NONE: return 0;
    case LEAST:
    case MOST: return value;
    case LEAST_SCALED: return floor ? value / floor * FLOOR_MEANT : 0;
    case MOST_SCALED: return value * floor / FLOOR_MEANT;
    }
    return 0;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* Thousandths as a number: whole from 1000 up, else with the digits that it has. */
static const char *number(uint64_t thousandths, char out[32])
{
    if (thousandths % 1000 == 0 || thousandths >= UNITS(1000))
        snprintf(out, 32, "%" PRIu64, (thousandths + 500) / 1000);
    else
        snprintf(out, 32, "%" PRIu64 ".%03" PRIu64, thousandths / 1000, thousandths % 1000);
    return out;
}

static bool print_row(FILE *out, enum figure f)
{
    char value[32], least[32], most[32], target[32];
    const uint64_t mid = median(f);
    bool at_most;
    const uint64_t want = asked(f, &at_most);
    const bool met = !want || (at_most ? mid <= want : mid >= want);
    fprintf(out, "%-46s %11s %-9s %11s..%-11s", figures[f].name, number(mid, value),
            figures[f].unit, number(samples[f].value[0], least),
            number(samples[f].value[samples[f].n - 1], most));
    if (want)
        fprintf(out, " %s %s: %s", at_most ? "at most" : "at least", number(want, target),
                met ? "met" : "NOT MET");
    putc('\n', out);
    return met;
}

uint32_t figures_print(FILE *out)
{
    uint32_t missed = 0;
    for (int f = 0; f < FIGURES; f++)
        if (samples[f].n && !print_row(out, (enum figure)f))
            missed++;
    return missed;
}

void figures_json(FILE *out)
{
    char value[32];
    for (int f = 0; f < FIGURES; f++)
        if (samples[f].n)
            fprintf(out, "{\"name\":\"%s\",\"value\":%s,\"unit\":\"%s\"}\n", figures[f].name,
                    number(median((enum figure)f), value), figures[f].unit);
}

void figures_list(FILE *out)
{
    for (int f = 0; f < FIGURES; f++)
        fprintf(out, "%-46s %-12s %-9s %s\n", figures[f].name, figures[f].part, figures[f].unit,
                figures[f].what);
}

bool figures_has(const char *name, const char *part)
{
    for (int f = 0; f < FIGURES; f++)
        if (strcmp(figures[f].part, part) == 0 && strcmp(figures[f].name, name) == 0)
            return true;
    return false;
}
