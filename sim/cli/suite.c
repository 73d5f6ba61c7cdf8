/* SPDX-License-Identifier: MIT */
/*
 * The scenarios of a command. Method: arguments become a flat list of files (directories are walked
 * and sorted bytewise, so that the order is the same in every locale), each is loaded, and each
 * variant of each becomes one item. A file that cannot be read costs its own message and the exit
 * code; the others still run.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../lang/lex.h"
#include "cli.h"

enum { PATH_BYTES = 4096, DEPTH_MAX = 32 };

static void paths_add(struct paths *p, const char *path)
{
    if (p->n == p->capacity) {
        p->capacity = p->capacity ? p->capacity * 2 : 64;
        p->path = must(realloc(p->path, p->capacity * sizeof(*p->path)));
    }
    p->path[p->n++] = must(strdup(path));
}

void paths_free(struct paths *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->path[i]);
    free(p->path);
    memset(p, 0, sizeof(*p));
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_directory(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Every *.scn below a directory, unsorted. */
static void walk(struct paths *p, const char *directory, int depth)
{
    DIR *d = depth < DEPTH_MAX ? opendir(directory) : NULL;
    if (d == NULL)
        return;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char path[PATH_BYTES];
        size_t n = strlen(e->d_name), end = strlen(directory);
        if (e->d_name[0] == '.')
            continue;
        int written = snprintf(path, sizeof(path), "%s%s%s", directory,
                               directory[end - 1] == '/' ? "" : "/", e->d_name);
        if (written < 0 || (size_t)written >= sizeof(path))
            continue;
        if (is_directory(path))
            walk(p, path, depth + 1);
        else if (n > 4 && strcmp(e->d_name + n - 4, ".scn") == 0)
            paths_add(p, path);
    }
    closedir(d);
}

/* A file that was named twice, perhaps as itself and within a directory, counts once. */
static void drop_repeated(struct paths *p)
{
    struct stat *is = must(calloc(p->n + 1, sizeof(*is)));
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        size_t k = 0;
        if (stat(p->path[i], &is[n]) != 0)
            memset(&is[n], 0, sizeof(is[n]));
        while (k < n &&
               (is[n].st_ino == 0 || is[k].st_ino != is[n].st_ino || is[k].st_dev != is[n].st_dev))
            k++;
        if (k < n)
            free(p->path[i]);
        else
            p->path[n++] = p->path[i];
    }
    if (n < p->n)
        fprintf(stderr, "wavetank: note: %zu file%s named more than once, and counted once\n",
                p->n - n, p->n - n == 1 ? " was" : "s were");
    p->n = n;
    free(is);
}

int paths_collect(struct paths *p, const struct request *q)
{
    if (q->nfiles == 0)
        return usage_error("%s needs a scenario file; try: wavetank %s --help", q->command->name,
                           q->command->name);
    for (int i = 0; i < q->nfiles; i++) {
        if (!is_directory(q->files[i])) {
            paths_add(p, q->files[i]);
            continue;
        }
        size_t first = p->n;
        walk(p, q->files[i], 0);
        if (p->n > first)
            qsort(p->path + first, p->n - first, sizeof(*p->path), by_bytes);
        if (p->n == first)
            return usage_error("no *.scn below %s", q->files[i]);
    }
    drop_repeated(p);
    return EXIT_OK;
}

static int no_such_variant(const struct scenario *s, const char *wanted)
{
    struct guess g = guess_for(wanted, (uint32_t)strlen(wanted));
    uint32_t n = scenario_variants(s);
    if (n == 1)
        return usage_error("%s has no variants, so there is no '%s'", scenario_path(s), wanted);
    for (uint32_t i = 0; i < n; i++)
        guess_try(&g, scenario_variant_name(s, i), strlen(scenario_variant_name(s, i)));
    usage_error("%s has no variant '%s'%s%s%s", scenario_path(s), wanted,
                g.best ? "; did you mean '" : "", g.best ? g.best : "", g.best ? "'?" : "");
    fprintf(stderr, "  it has:");
    for (uint32_t i = 0; i < n && i < 32; i++)
        fprintf(stderr, " %s", scenario_variant_name(s, i));
    fprintf(stderr, n > 32 ? " ...\n" : "\n");
    return EXIT_USAGE;
}

static int add_items(struct suite *suite, const struct scenario *s, const struct request *q)
{
    uint32_t n = scenario_variants(s), i;
    if (q->variant != NULL && !scenario_variant_find(s, q->variant, &i))
        return no_such_variant(s, q->variant);
    suite->items = must(realloc(suite->items, (suite->nitems + n) * sizeof(*suite->items)));
    for (i = 0; i < n; i++)
        if (scenario_chosen(s, i))
            suite->items[suite->nitems++] = (struct item){.scenario = s, .variant = i};
    return EXIT_OK;
}

int suite_load(struct suite *suite, const struct request *q)
{
    struct paths paths = {0};
    memset(suite, 0, sizeof(*suite));
    int code = paths_collect(&paths, q);
    if (code == EXIT_OK)
        suite->scenarios = must(calloc(paths.n, sizeof(struct scenario *)));
    int worst = code;
    for (size_t i = 0; code == EXIT_OK && i < paths.n; i++) {
        errno = 0;
        struct scenario *s = scenario_read(&(struct scenario_input){.path = paths.path[i],
                                                                    .settings = q->settings,
                                                                    .nsettings = q->nsettings,
                                                                    .variant = q->variant,
                                                                    .err = stderr});
        if (s == NULL && errno == ENOMEM)
            code = worst = out_of_memory_error();
        if (s == NULL) {
            suite->nerrors++;
            worst = worst == EXIT_INTERNAL ? worst : EXIT_USAGE;
            continue;
        }
        suite->scenarios[suite->nscenarios++] = s;
        int added = add_items(suite, s, q);
        suite->nerrors += added == EXIT_USAGE;
        worst = added != EXIT_OK ? added : worst;
    }
    paths_free(&paths);
    return worst;
}

/* Says what to name instead of what is not one run. */
static int not_one_run(const struct suite *suite, const struct request *q)
{
    const char *command = q->command->name;
    if (suite->nscenarios > 1)
        return usage_error("%s takes one scenario, and this is %u: name one, for example %s",
                           command, suite->nscenarios, item_path(&suite->items[0]));
    usage_error("%s takes one run, and %s has %u variants: name one with --variant, for example "
                "--variant %s",
                command, item_path(&suite->items[0]), suite->nitems,
                item_variant(&suite->items[0]));
    return EXIT_USAGE;
}

int suite_load_one(struct suite *suite, const struct request *q)
{
    int code = suite_load(suite, q);
    return code == EXIT_OK && suite->nitems != 1 ? not_one_run(suite, q) : code;
}

void suite_free(struct suite *suite)
{
    for (uint32_t i = 0; i < suite->nscenarios; i++)
        scenario_free(suite->scenarios[i]);
    free(suite->scenarios);
    free(suite->items);
    memset(suite, 0, sizeof(*suite));
}

uint32_t suite_find(const struct suite *suite, const char *path, const char *variant)
{
    uint32_t i = 0;
    while (i < suite->nitems && (!json_reads_as(item_path(&suite->items[i]), path) ||
                                 !json_reads_as(item_variant(&suite->items[i]), variant)))
        i++;
    return i;
}

const char *item_path(const struct item *item) { return scenario_path(item->scenario); }
const char *item_variant(const struct item *item)
{
    return scenario_variant_name(item->scenario, item->variant);
}

uint64_t item_seed(const struct item *item, const struct request *q)
{
    uint64_t seed = 1;
    if (asked(q, OPT(SEED)))
        return q->seed;
    return scenario_seed(item->scenario, item->variant, &seed) ? seed : 1;
}

struct run item_run(const struct item *item, const struct request *q, uint64_t seed)
{
    const struct scenario *drawn = scenario_of_seed(item->scenario, seed);
    must((void *)(uintptr_t)drawn);
    return (struct run){
        .scenario = drawn, .variant = item->variant, .seed = seed, .play = q->play};
}

struct told told_of(const struct item *item, const struct request *q, const struct result *result)
{
    return (struct told){.path = item_path(item),
                         .variant = item_variant(item),
                         .title = scenario_title(item->scenario),
                         .text = scenario_hash(item->scenario),
                         .request = q,
                         .result = result};
}
