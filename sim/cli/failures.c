/* SPDX-License-Identifier: MIT */
/*
 * Method: a group keeps the runs with the least seeds, twice as many as are told at most, and drops
 * the others when it is full; so memory is bounded, and what is told does not depend on who
 * finished first.
 */
#define _GNU_SOURCE
#include "failures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- adding ---------------------------------------------------------------------------------- */

static struct failure_group *find_group(struct failures *f, const struct failure *r, bool *fresh)
{
    *fresh = false;
    for (uint32_t i = 0; i < f->ngroups; i++)
        if (f->group[i].verdict == r->verdict && strcmp(f->group[i].signature, r->signature) == 0)
            return &f->group[i];
    if (f->ngroups == FAILURE_GROUPS_MAX)
        return NULL;
    if (f->ngroups == f->room) {
        f->room = f->room ? f->room * 2 : 16;
        f->group = must(realloc(f->group, f->room * sizeof(*f->group)));
    }
    struct failure_group *g = &f->group[f->ngroups++];
    *g = (struct failure_group){.verdict = r->verdict,
                                .check = must(strdup(r->check)),
                                .signature = must(strdup(r->signature))};
    *fresh = true;
    return g;
}

static void add_path(struct failure_group *g, const char *path)
{
    uint32_t i = 0;
    while (i < g->npaths && strcmp(g->path[i], path) < 0)
        i++;
    if (i < g->npaths && strcmp(g->path[i], path) == 0)
        return;
    g->path = must(realloc(g->path, (g->npaths + 1) * sizeof(*g->path)));
    memmove(g->path + i + 1, g->path + i, (g->npaths - i) * sizeof(*g->path));
    g->path[i] = must(strdup(path));
    g->npaths++;
}

static int by_seed(const void *a, const void *b)
{
    const struct failing *x = a, *y = b;
    int order = (x->seed > y->seed) - (x->seed < y->seed);
    return order != 0 ? order : strcmp(x->replay, y->replay);
}

static void failing_free(struct failing *run)
{
    free(run->replay);
    free(run->detail);
}

static void sort_runs(struct failure_group *g, bool all)
{
    if (g->n > 1)
        qsort(g->run, g->n, sizeof(*g->run), by_seed);
    while (!all && g->n > FAILURES_TOLD)
        failing_free(&g->run[--g->n]);
}

bool failures_add(struct failures *f, const struct failure *r)
{
    bool fresh;
    struct failure_group *g = find_group(f, r, &fresh);
    if (g == NULL) {
        f->ungrouped++;
        return false;
    }
    g->count++;
    add_path(g, r->path);
    if (!f->all && g->n == 2 * FAILURES_TOLD)
        sort_runs(g, false);
    if (g->n == g->room) {
        g->room = g->room ? g->room * 2 : 4;
        g->run = must(realloc(g->run, g->room * sizeof(*g->run)));
    }
    g->run[g->n++] = (struct failing){r->seed, must(strdup(r->replay)), must(strdup(r->detail))};
    return fresh;
}

/* ---- telling --------------------------------------------------------------------------------- */

/* By scenario, then by what was found: not by who happened to be first. */
static int by_end(const void *a, const void *b)
{
    const struct failure_group *x = a, *y = b;
    int order = strcmp(x->path[0], y->path[0]);
    order = order != 0 ? order : strcmp(x->check, y->check);
    order = order != 0 ? order : by_seed(&x->run[0], &y->run[0]);
    return order != 0 ? order : strcmp(x->signature, y->signature);
}

static void print_head(FILE *out, const struct failure_group *g)
{
    print_kind(out, g->verdict, g->check);
    fputs(" in ", out);
    if (g->npaths == 1)
        fputs(g->path[0], out);
    else
        fprintf(out, "%" PRIu32 " scenarios", g->npaths);
    fprintf(out, ": %" PRIu64 " run%s, least seed 0x%" PRIx64 "\n  %s\n", g->count,
            g->count == 1 ? "" : "s", g->run[0].seed, g->run[0].detail);
    if (failed(g->verdict))
        fprintf(out, "  signature: %s\n", g->signature);
}

/* Prints a group, with so many of its runs; returns how many it left out. */
static uint64_t print_group(FILE *out, const struct failure_group *g, uint64_t runs)
{
    print_head(out, g);
    uint64_t n = g->n < runs ? g->n : runs;
    for (uint64_t i = 0; i < n; i++)
        fprintf(out, "  replay: %s\n", g->run[i].replay);
    if (g->verdict == V_NONDETERMINISM) {
        fputs("  where two runs of it part: ", out);
        print_diff(out, g->run[0].replay, g->run[0].seed);
        putc('\n', out);
    }
    if (n < g->count && failed(g->verdict))
        fprintf(out, "  and %" PRIu64 " more\n", g->count - n);
    return g->count - n;
}

void failures_print(FILE *out, struct failures *f, bool that_failed, const char *where)
{
    uint64_t groups = 0, left = 0, spare;
    for (uint32_t i = 0; i < f->ngroups; i++) {
        sort_runs(&f->group[i], f->all);
        groups += failed(f->group[i].verdict) == that_failed;
    }
    if (f->ngroups > 1)
        qsort(f->group, f->ngroups, sizeof(*f->group), by_end);
    /* each group has one, and the first ones have the rest */
    spare = f->all ? UINT64_MAX / 2 : groups < FAILURES_TOLD ? FAILURES_TOLD - groups : 0;
    for (uint32_t i = 0; i < f->ngroups; i++) {
        const struct failure_group *g = &f->group[i];
        if (failed(g->verdict) != that_failed)
            continue;
        uint64_t more = !that_failed ? 0 : g->n - 1 < spare ? g->n - 1 : spare;
        spare -= more;
        left += print_group(out, g, 1 + more);
    }
    if (!that_failed)
        return;
    if (f->ungrouped > 0)
        fprintf(out, "and %" PRIu64 " runs of further kinds\n", f->ungrouped);
    if (left + f->ungrouped > 0 && where != NULL)
        fprintf(out, "each of them is told by: %s\n", where);
}

void failures_free(struct failures *f)
{
    for (uint32_t i = 0; i < f->ngroups; i++) {
        struct failure_group *g = &f->group[i];
        for (uint32_t k = 0; k < g->n; k++)
            failing_free(&g->run[k]);
        for (uint32_t k = 0; k < g->npaths; k++)
            free(g->path[k]);
        free(g->run);
        free(g->path);
        free(g->check);
        free(g->signature);
    }
    free(f->group);
    *f = (struct failures){0};
}
