/* SPDX-License-Identifier: MIT */
/* Method: the old runs are an array in the order of their keys; each new run finds its own there.
 * At the end a total's pairs are gathered from it, tested, and added up. */
#include "against.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "seen.h"

struct side { bool passed; struct share total[TOTALS]; };

struct couple {
    struct run_key key;
    uint64_t seed;
    unsigned char digest[16];         /* of the old run */
    bool met;                         /* the new one has come */
    struct side before, after;
};

struct against {
    const struct request *request;
    const struct suite *suite;
    struct couple *couple;
    uint64_t n, room;
    char settings[SETTINGS_BYTES];    /* of the lines that follow, and those of this sweep */
    char mine[SETTINGS_BYTES];
    char seeds[64], revision[REVISION_BYTES];
    uint64_t lines;                   /* of any kind */
    uint64_t others;                  /* runs that this sweep does not ask for */
    char refused[1024];               /* why this file cannot be compared with; "": it can so far */
};

/* ---- reading the old file -------------------------------------------------------------------- */

static void refuse(struct against *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void refuse(struct against *a, const char *format, ...)
{
    va_list args;
    if (a->refused[0] != 0)
        return;
    va_start(args, format);
    vsnprintf(a->refused, sizeof(a->refused), format, args);
    va_end(args);
}

static struct side side_of(const struct result *r)
{
    struct side s = {.passed = r->verdict == V_PASS};
    for (int t = 0; t < TOTALS; t++)
        s.total[t] = total_of(r, t);
    return s;
}

/* Can the run of this line be compared at all? */
static bool comparable(struct against *a, const struct item *item, const struct result_line *l)
{
    const char *lacks = results_lack(l);
    if (strcmp(a->settings, a->mine) != 0)
        refuse(a, "it was swept with %.300s, and this sweep has %.300s; give the same --set, "
               "--calm and --until",
               a->settings[0] ? a->settings : "no settings", a->mine[0] ? a->mine : "none");
    else if (scenario_hash(item->scenario) != l->text)
        refuse(a, "%.300s has changed since, and a seed of it is another run now; sweep the new "
               "text by the old revision, %.100s",
               l->path, a->revision);
    else if (lacks != NULL)
        refuse(a, "revision %.100s, which wrote it, did not count '%s'; sweep again with a core of "
               "then and the simulator of now",
               a->revision, lacks);
    return a->refused[0] == 0;
}

static void add_old(struct against *a, const struct item *item, const struct result *r)
{
    if (a->n == a->room) {
        a->room = a->room > 0 ? a->room * 2 : 256;
        a->couple = must(realloc(a->couple, (size_t)a->room * sizeof(*a->couple)));
    }
    struct couple *c = &a->couple[a->n++];
    *c = (struct couple){.key = item_key(item, r->seed), .seed = r->seed, .before = side_of(r)};
    memcpy(c->digest, r->digest, sizeof(c->digest));
}

static void take_line(void *ctx, const struct result_line *l)
{
    struct against *a = ctx;
    const struct request *q = a->request;
    a->lines++;
    if (l->header) {
        memcpy(a->settings, l->settings, sizeof(a->settings));
        memcpy(a->revision, l->revision, sizeof(a->revision));
        memcpy(a->seeds, l->seeds, sizeof(a->seeds));
        return;
    }
    const uint32_t i = suite_find(a->suite, l->path, l->variant);
    if (i == a->suite->nitems || !seed_in(&q->seeds, &q->shard, l->result.seed))
        a->others++;
    else if (comparable(a, &a->suite->items[i], l))
        add_old(a, &a->suite->items[i], &l->result);
}

static int by_key(const void *x, const void *y)
{
    const struct couple *a = x, *b = y;
    for (int i = 0; i < 2; i++)
        if (a->key.word[i] != b->key.word[i])
            return a->key.word[i] < b->key.word[i] ? -1 : 1;
    return 0;
}

static struct couple *find(const struct against *a, struct run_key key)
{
    const struct couple wanted = {.key = key};
    return a->n > 0 ? bsearch(&wanted, a->couple, (size_t)a->n, sizeof(wanted), by_key) : NULL;
}

/* A run that stands there twice counts once, if it is one run. */
static void sort_old(struct against *a)
{
    uint64_t kept = 0;
    if (a->n > 0)
        qsort(a->couple, (size_t)a->n, sizeof(*a->couple), by_key);
    for (uint64_t i = 0; i < a->n; i++) {
        struct couple *last = kept > 0 ? &a->couple[kept - 1] : NULL;
        if (last == NULL || by_key(last, &a->couple[i]) != 0)
            a->couple[kept++] = a->couple[i];
        else if (memcmp(last->digest, a->couple[i].digest, sizeof(last->digest)) != 0)
            refuse(a, "seed 0x%" PRIx64 " stands there with two digests, so it is of two "
                   "revisions; name a file of one",
                   last->seed);
    }
    a->n = kept;
}

enum { SWEPT_BYTES = 120 };

/* " (it was swept over seeds A..B)", where the file says so. */
static const char *swept_over(const struct against *a, char out[SWEPT_BYTES])
{
    out[0] = 0;
    if (a->seeds[0] != 0)
        snprintf(out, SWEPT_BYTES, " (it was swept over seeds %s)", a->seeds);
    return out;
}

/* The first run of this sweep that has no old one. */
static void refuse_missing(struct against *a, uint64_t jobs)
{
    const struct request *q = a->request;
    char swept[SWEPT_BYTES];
    for (uint64_t job = 0; job < jobs; job++) {
        const struct item *item = &a->suite->items[job % a->suite->nitems];
        const uint64_t seed = seed_of(&q->seeds, &q->shard, job / a->suite->nitems);
        if (find(a, item_key(item, seed)) != NULL)
            continue;
        refuse(a, "it lacks %" PRIu64 " of the %" PRIu64 " runs that are asked for%s %.300s%s%.100s"
               " seed 0x%" PRIx64 "%s; sweep the same scenarios, variants and seeds",
               jobs - a->n, jobs, jobs - a->n == 1 ? ":" : ", the first of them", item_path(item),
               item_variant(item)[0] ? " " : "", item_variant(item), seed, swept_over(a, swept));
        return;
    }
}

static void refuse_what_does_not_pair(struct against *a)
{
    const struct request *q = a->request;
    const uint64_t seeds = seeds_in(&q->seeds, &q->shard), jobs = seeds * a->suite->nitems;
    char swept[SWEPT_BYTES];
    if (a->lines == 0)
        refuse(a, "it is no result file (it has no whole line); those are written by: wavetank "
               "sweep FILE --seeds 1..100 --out results.jsonl");
    sort_old(a);
    if (a->n < jobs)
        refuse_missing(a, jobs);
    if (a->others > 0)
        refuse(a, "it has %" PRIu64 " run%s that this sweep does not ask for%s; sweep the same "
               "scenarios, variants and seeds",
               a->others, a->others == 1 ? "" : "s", swept_over(a, swept));
    if (seeds < PAIRED_LEAST)
        refuse(a, "%" PRIu64 " seed%s can tell nothing; at least %d are needed, and a few hundred "
               "find a tenth",
               seeds, seeds == 1 ? "" : "s", PAIRED_LEAST);
}

struct against *against_open(const struct request *q, const struct suite *suite, int *code)
{
    struct against *a = must(calloc(1, sizeof(*a)));
    a->request = q;
    a->suite = suite;
    settings_text(q, a->mine);
    *code = results_read(q->against, take_line, a);
    if (*code == EXIT_OK && a->refused[0] == 0)
        refuse_what_does_not_pair(a);
    if (*code == EXIT_OK && a->refused[0] != 0)
        *code = usage_error("--against %s: %s", q->against, a->refused);
    if (*code == EXIT_OK)
        return a;
    against_free(a);
    return NULL;
}

void against_free(struct against *a)
{
    if (a != NULL)
        free(a->couple);
    free(a);
}

void against_add(struct against *a, const struct item *item, const struct result *r)
{
    struct couple *c = find(a, item_key(item, r->seed));
    assert(c != NULL);
    c->met = true;
    c->after = side_of(r);
}

/* ---- comparing ------------------------------------------------------------------------------- */

struct compared {
    enum paired found;
    struct share before, after;    /* of all pairs together */
};

static bool counts(const struct couple *c)
{
    return c->met && c->before.passed && c->after.passed;
}

static struct compared compare(const struct against *a, int total, struct pair *pairs)
{
    struct compared it = {0};
    uint32_t n = 0;
    for (uint64_t i = 0; i < a->n; i++) {
        const struct couple *c = &a->couple[i];
        const struct share old = c->before.total[total], new = c->after.total[total];
        if (!counts(c) || old.d == 0 || new.d == 0)
            continue;
        pairs[n++] = (struct pair){.seed = c->seed, .before = share_value(old, total_unit(total)),
                                   .after = share_value(new, total_unit(total))};
        it.before.n += old.n;
        it.before.d += old.d;
        it.after.n += new.n;
        it.after.d += new.d;
    }
    it.found = paired_test(pairs, n);
    return it;
}

/* What a table shows of a total, in units of its last digit: a count as it is, ratios in
 * thousandths, times in us. */
static uint64_t shown(struct share s, enum total_unit unit)
{
    if (unit == UNIT_COUNT || s.d == 0)
        return s.n;
    return share_value(s, unit) / (unit == UNIT_RATIO ? 1000 : 1);
}

static bool differs_enough(uint64_t before, uint64_t after)
{
    const uint64_t change = after > before ? after - before : before - after;
    return change > 0 && change * 100 >= before * AGAINST_LEAST;
}

enum judged { FOUND_EQUAL, FOUND_SAME, FOUND_BETTER, FOUND_WORSE };

/* The test and the totals must tell the same. */
static enum judged verdict_on(const struct compared *it, int total)
{
    const enum total_unit unit = total_unit(total);
    const uint64_t before = shown(it->before, unit), after = shown(it->after, unit);
    if (it->found == PAIRED_EQUAL)
        return FOUND_EQUAL;
    const bool more = it->found == PAIRED_MORE;
    if (it->found == PAIRED_SAME || !differs_enough(before, after) || more != (after > before))
        return FOUND_SAME;
    return more == total_more_is_worse(total) ? FOUND_WORSE : FOUND_BETTER;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void print_shown(FILE *out, struct share s, enum total_unit unit)
{
    char text[48] = "-";
    const uint64_t v = shown(s, unit);
    if (unit == UNIT_COUNT)
        snprintf(text, sizeof(text), "%" PRIu64, v);
    else if (s.d > 0)
        snprintf(text, sizeof(text), "%" PRIu64 ".%03" PRIu64 "%s", v / 1000, v % 1000,
                 unit == UNIT_TIME ? "ms" : "");
    fprintf(out, " %14s", text);
}

/* In tenths of a percent, rounded towards nothing. */
static void print_change(FILE *out, uint64_t before, uint64_t after)
{
    char text[48] = "-";
    const uint64_t change = after > before ? after - before : before - after;
    const uint64_t base = before > 0 ? before : 1;
    const uint64_t tenths = change / base * 1000 + change % base * 1000 / base;
    if (before > 0)
        snprintf(text, sizeof(text), "%s%" PRIu64 ".%" PRIu64 " %%",
                 change == 0 ? "" : after > before ? "+" : "-", tenths / 10, tenths % 10);
    fprintf(out, " %10s", text);
}

static void print_line(FILE *out, int total, const struct compared *it, enum judged verdict)
{
    static const char *const words[] = {"equal", "same", "better", "worse"};
    static const enum tint tints[] = {TINT_NONE, TINT_NONE, TINT_GOOD, TINT_BAD};
    const enum total_unit unit = total_unit(total);
    fprintf(out, "  %-24s", total_name(total));
    print_shown(out, it->before, unit);
    print_shown(out, it->after, unit);
    print_change(out, shown(it->before, unit), shown(it->after, unit));
    fprintf(out, "   %s%s%s\n", tint(out, tints[verdict]), words[verdict],
            tints[verdict] != TINT_NONE ? tint(out, TINT_NONE) : "");
}

static int by_value(const void *x, const void *y)
{
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

/* Pairs that count, and the seeds that they are of. */
static uint64_t pairs_that_count(const struct against *a, uint64_t *seeds)
{
    uint64_t n = 0;
    uint64_t *seed = must(calloc((size_t)a->n, sizeof(*seed)));
    for (uint64_t i = 0; i < a->n; i++)
        if (counts(&a->couple[i]))
            seed[n++] = a->couple[i].seed;
    qsort(seed, (size_t)n, sizeof(*seed), by_value);
    *seeds = 0;
    for (uint64_t i = 0; i < n; i++)
        *seeds += i == 0 || seed[i] != seed[i - 1];
    free(seed);
    return n;
}

enum against_found against_tell(FILE *out, struct against *a, bool stopped)
{
    uint64_t seeds, n = pairs_that_count(a, &seeds);
    if (stopped || seeds < PAIRED_LEAST) {
        fprintf(out, "not compared with %s: ", a->request->against);
        if (stopped)
            fputs("the sweep stopped early\n", out);
        else
            fprintf(out, "of %" PRIu64 " seeds only %" PRIu64 " passed on both sides\n",
                    seeds_in(&a->request->seeds, &a->request->shard), seeds);
        return AGAINST_UNDECIDED;
    }
    enum against_found found = AGAINST_NOTHING;
    struct pair *pairs = must(calloc((size_t)a->n, sizeof(*pairs)));
    fprintf(out, "%-26s %14s %14s %10s   verdict\n", "total", "old", "new", "change");
    for (int t = 0; t < TOTALS; t++) {
        const struct compared it = compare(a, t, pairs);
        const enum judged verdict = verdict_on(&it, t);
        print_line(out, t, &it, verdict);
        if (verdict == FOUND_WORSE)
            found = AGAINST_WORSE;
    }
    free(pairs);
    fprintf(out, "compared with %s (revision %s): %" PRIu64 " pairs of runs", a->request->against,
            a->revision, n);
    if (n < a->n)
        fprintf(out, "; %" PRIu64 " of which one did not pass are left out", a->n - n);
    fprintf(out, "\nsigned ranks, Hoeffding's bound: at most one false alarm in %d comparisons; a "
            "change below %d %% is none\n", AGAINST_ODDS, AGAINST_LEAST);
    return found;
}
