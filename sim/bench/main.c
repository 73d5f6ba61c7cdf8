/* SPDX-License-Identifier: MIT */
/*
 * Method: rounds of all parts; medians over them, of ratios too; then targets, scaled by the floor.
 * A ratio is taken in each round, of figures measured in it, since a machine's speed may change
 * from one second to the next. A table on stdout; the same figures as one JSON object a line with
 * --out. It judges nobody: the exit code says only whether everything could be measured.
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../run/run.h"

enum { ROUNDS = 5, ROUNDS_MAX = 99, FLOOR_MEANT = 55000, EXIT_FAILED = 99 };
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

#define PART(name) void part_##name(struct bench *);
#include "parts.def"
#undef PART
static const struct {
    const char *name;
    void (*run)(struct bench *);
} parts[] = {
#define PART(name) {#name, part_##name},
#include "parts.def"
#undef PART
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static struct {
    uint64_t value[ROUNDS_MAX];
    uint32_t n;
} samples[FIGURES];

/* ---- what parts use -------------------------------------------------------------------------- */

uint64_t bench_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

void bench_note(enum figure f, uint64_t thousandths)
{
    if (samples[f].n < ROUNDS_MAX)
        samples[f].value[samples[f].n++] = thousandths;
}

void bench_rate(enum figure f, uint64_t n, uint64_t cpu_ns)
{
    bench_note(f, n * UINT64_C(1000000000) / (cpu_ns / 1000 + 1));
}

void bench_use(uint64_t value) { __asm__ volatile("" : : "r"(value)); }

void bench_die(const char *why)
{
    fprintf(stderr, "bench: %s\n", why ? why : "?");
    exit(EXIT_FAILED);
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
        bench_note(f, of / (by / 1000));
}

static void ratios(void)
{
    ratio(FIG_ratio_loaded5_events_to_fixture_steps, latest(FIG_loaded5_events_per_s),
          larger(latest(FIG_fixture_loaded5_snap_steps_per_s),
                 latest(FIG_fixture_loaded5_log1000_steps_per_s)));
    ratio(FIG_ratio_loaded5_entries16_to_fixture_entries, latest(FIG_loaded5_entries16_per_s),
          larger(latest(FIG_fixture_loaded5_snap_entries_per_s),
                 latest(FIG_fixture_loaded5_log1000_entries_per_s)));
    ratio(FIG_ratio_idle5_to_fixture_idle, latest(FIG_idle5_simulated_s_per_s),
          latest(FIG_fixture_idle5_simulated_s_per_s));
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

static void print_row(enum figure f)
{
    char value[32], least[32], most[32], target[32];
    const uint64_t mid = median(f);
    bool at_most;
    const uint64_t want = asked(f, &at_most);
    printf("%-46s %11s %-9s %11s..%-11s", figures[f].name, number(mid, value), figures[f].unit,
           number(samples[f].value[0], least), number(samples[f].value[samples[f].n - 1], most));
    if (want)
        printf(" %s %s: %s", at_most ? "at most" : "at least", number(want, target),
               (at_most ? mid <= want : mid >= want) ? "met" : "NOT MET");
    printf("\n");
}

static void print_json(FILE *out)
{
    char value[32];
    for (int f = 0; f < FIGURES; f++)
        if (samples[f].n)
            fprintf(out, "{\"name\":\"%s\",\"value\":%s,\"unit\":\"%s\"}\n", figures[f].name,
                    number(median((enum figure)f), value), figures[f].unit);
}

/* ---- the program ----------------------------------------------------------------------------- */

static const char usage[] = "usage: bench [--quick] [--rounds N] [--only NAME] [--out FILE] "
                            "[--list]\n"
                            "  --only NAME  a part, or a figure's whole part (--list)\n";

struct flags {
    bool quick;
    uint32_t rounds;
    const char *only, *out;
};

static void list(void)
{
    for (int f = 0; f < FIGURES; f++)
        printf("%-46s %-12s %-9s %s\n", figures[f].name, figures[f].part, figures[f].unit,
               figures[f].what);
}

static bool wanted(const char *part, const char *only)
{
    if (!only || strcmp(part, only) == 0)
        return true;
    for (int f = 0; f < FIGURES; f++)
        if (strcmp(figures[f].part, part) == 0 && strcmp(figures[f].name, only) == 0)
            return true;
    return false;
}

static void parse(int argc, char **argv, struct flags *flags)
{
    for (int i = 1; i < argc; i++) {
        const bool more = i + 1 < argc;
        if (strcmp(argv[i], "--quick") == 0) {
            flags->quick = true;
        } else if (strcmp(argv[i], "--list") == 0) {
            list();
            exit(0);
        } else if (strcmp(argv[i], "--rounds") == 0 && more) {
            flags->rounds = (uint32_t)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--only") == 0 && more) {
            flags->only = argv[++i];
        } else if (strcmp(argv[i], "--out") == 0 && more) {
            flags->out = argv[++i];
        } else {
            fputs(usage, stderr);
            exit(2);
        }
    }
    if (flags->rounds < 1 || flags->rounds > ROUNDS_MAX)
        flags->rounds = ROUNDS;
}

static void print(const char *path)
{
    for (int f = 0; f < FIGURES; f++)
        if (samples[f].n)
            print_row((enum figure)f);
    if (!path)
        return;
    FILE *out = fopen(path, "w");
    if (!out)
        bench_die(path);
    print_json(out);
    if (fclose(out) != 0)
        bench_die(path);
}

int main(int argc, char **argv)
{
    struct flags flags = {.rounds = 0};
    parse(argc, argv, &flags);
    struct bench bench = {.block = run_block(), .quick = flags.quick};
    const bool watched = isatty(STDERR_FILENO);
    if (!bench.block)
        bench_die("no memory");
    for (; bench.round < flags.rounds; bench.round++) {
        for (int i = 0; i < PARTS; i++) {
            if (!wanted(parts[i].name, flags.only))
                continue;
            if (watched)
                fprintf(stderr, "\rround %" PRIu32 " of %" PRIu32 ": %-20s", bench.round + 1,
                        flags.rounds, parts[i].name);
            parts[i].run(&bench);
        }
        ratios();
    }
    if (watched)
        fprintf(stderr, "\r%60s\r", "");
    print(flags.out);
    return 0;
}
