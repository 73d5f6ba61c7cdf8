/* SPDX-License-Identifier: MIT */
/*
 * Method: rounds of all parts, then a table on stdout; the same figures as one JSON object a line
 * with --out. Exit code 0: everything could be measured, and every target is met; 1: one is NOT
 * MET; 2: usage; 99: a measurement that means nothing.
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../run/run.h"

enum { ROUNDS = 5, EXIT_FAILED = 99 };

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

/* ---- what parts use -------------------------------------------------------------------------- */

uint64_t bench_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

void bench_use(uint64_t value) { __asm__ volatile("" : : "r"(value)); }

void bench_die(const char *why)
{
    fprintf(stderr, "bench: %s\n", why ? why : "?");
    exit(EXIT_FAILED);
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

static void parse(int argc, char **argv, struct flags *flags)
{
    for (int i = 1; i < argc; i++) {
        const bool more = i + 1 < argc;
        if (strcmp(argv[i], "--quick") == 0) {
            flags->quick = true;
        } else if (strcmp(argv[i], "--list") == 0) {
            figures_list(stdout);
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
    if (flags->rounds < 1 || flags->rounds > BENCH_ROUNDS_MAX)
        flags->rounds = ROUNDS;
}

/* How many targets are missed. */
static uint32_t print(const char *path)
{
    const uint32_t missed = figures_print(stdout);
    if (!path)
        return missed;
    FILE *out = fopen(path, "w");
    if (!out)
        bench_die(path);
    figures_json(out);
    if (fclose(out) != 0)
        bench_die(path);
    return missed;
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
            if (flags.only && strcmp(parts[i].name, flags.only) != 0 &&
                !figures_has(flags.only, parts[i].name))
                continue;
            if (watched)
                fprintf(stderr, "\rround %" PRIu32 " of %" PRIu32 ": %-20s", bench.round + 1,
                        flags.rounds, parts[i].name);
            parts[i].run(&bench);
        }
        figures_round();
    }
    if (watched)
        fprintf(stderr, "\r%60s\r", "");
    return print(flags.out) ? 1 : 0;
}
