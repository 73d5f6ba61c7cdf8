/* SPDX-License-Identifier: MIT */
/*
 * What stands where in a figure. Method: the keys in which its lines differ tell them apart, and
 * each goes either into the labels of lines, which share a panel, or into the titles of panels; so
 * two lines that differ in anything never become one. Up to LINES_MAX lines stand in one panel.
 * More are parted by the first of their keys (the scenario, then what variants differ in, ...),
 * as many as it takes. --by names the keys of the labels; all others make panels. A figure of
 * reads has the kind of read as its label, and one over time a panel for each curve.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"

enum { KEYS_MAX = 256, NAME_LEVELS = 3 };
enum place { NOWHERE, IN_LABEL, IN_TITLE };

struct keys {
    uint32_t n;
    struct {
        const char *key;
        enum piece_of of;
        bool differs;
        enum place place;
    } key[KEYS_MAX];
    int level; /* of scenarios' names */
};

/* ---- keys ------------------------------------------------------------------------------------ */

static const char *value_of(const struct line *l, const char *key, enum piece_of of)
{
    const struct curve *c = l->curve;
    for (uint32_t i = 0; i < c->npieces; i++)
        if (c->piece[i].of == of && strcmp(c->piece[i].key, key) == 0)
            return c->piece[i].value;
    return NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void find_keys(const struct figure *f, struct keys *k)
{
    memset(k, 0, sizeof(*k));
    for (int of = OF_SCENARIO; of <= OF_REVISION; of++) {
        for (uint32_t i = 0; i < f->nlines; i++) {
            const struct curve *c = f->line[i].curve;
            for (uint32_t p = 0; p < c->npieces; p++) {
                uint32_t at = 0;
                if (c->piece[p].of != (enum piece_of)of)
                    continue;
                while (at < k->n && (k->key[at].of != c->piece[p].of ||
                                     strcmp(k->key[at].key, c->piece[p].key) != 0))
                    at++;
                if (at < k->n || k->n == KEYS_MAX)
                    continue;
                k->key[k->n].key = c->piece[p].key;
                k->key[k->n++].of = c->piece[p].of;
            }
        }
    }
    for (uint32_t at = 0; at < k->n; at++)
        for (uint32_t i = 1; i < f->nlines; i++)
            if (!same_text(value_of(&f->line[i], k->key[at].key, k->key[at].of),
                           value_of(&f->line[0], k->key[at].key, k->key[at].of)))
                k->key[at].differs = true;
}

/* Do two lines say the same in all keys of a place? */
static bool same_in(const struct keys *k, enum place place, const struct line *a,
                    const struct line *b)
{
    for (uint32_t at = 0; at < k->n; at++)
        if (k->key[at].place == place && !same_text(value_of(a, k->key[at].key, k->key[at].of),
                                                    value_of(b, k->key[at].key, k->key[at].of)))
            return false;
    return true;
}

/* The most lines that would share a panel. */
static uint32_t largest_panel(const struct figure *f, const struct keys *k)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < f->nlines; i++) {
        uint32_t n = 0;
        for (uint32_t j = 0; j < f->nlines; j++)
            n += same_in(k, IN_TITLE, &f->line[i], &f->line[j]);
        most = n > most ? n : most;
    }
    return most;
}

/* The kind of read says what the key "reads" says, where there is one. */
static bool kind_tells(const struct figure *f)
{
    for (uint32_t i = 0; i < f->nlines; i++) {
        for (uint32_t j = 0; j < f->nlines; j++) {
            const char *a = value_of(&f->line[i], "reads", OF_VARIANT);
            const char *b = value_of(&f->line[j], "reads", OF_VARIANT);
            if (strcmp(f->line[i].kind, f->line[j].kind) == 0 && !same_text(a, b))
                return false;
        }
    }
    return true;
}

static void place_keys(const struct plot *p, const struct figure *f, struct keys *k)
{
    bool kinds = f->nlines > 0 && f->line[0].kind != NULL;
    bool parted = f->over_time || kinds, drop = kinds && kind_tells(f);
    for (uint32_t at = 0; at < k->n; at++) {
        bool by = p->by == NULL || by_names(p->by, k->key[at].of, k->key[at].key);
        bool told = drop && k->key[at].of == OF_VARIANT && strcmp(k->key[at].key, "reads") == 0;
        if (k->key[at].differs && !told)
            k->key[at].place = parted || !by ? IN_TITLE : IN_LABEL;
    }
    for (uint32_t at = 0; p->by == NULL && at < k->n; at++)
        if (k->key[at].place == IN_LABEL && largest_panel(f, k) > LINES_MAX)
            k->key[at].place = IN_TITLE;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* 0: a title up to its first colon; 1: all of it; 2: the path. */
static void scenario_name(const struct curve *c, int level, char out[RESULT_PATH_BYTES])
{
    const char *from = level < 2 && c->title[0] != 0 ? c->title : c->path;
    size_t n = level == 0 ? strcspn(from, ":") : strlen(from);
    snprintf(out, RESULT_PATH_BYTES, "%.*s", (int)(n > 0 ? n : strlen(from)), from);
}

/* The least level at which no two scenarios have one name. */
static int name_level(const struct figure *f)
{
    int level = 0;
    for (uint32_t i = 0; i < f->nlines; i++) {
        for (uint32_t j = 0; j < i; j++) {
            char a[RESULT_PATH_BYTES], b[RESULT_PATH_BYTES];
            if (strcmp(f->line[i].curve->path, f->line[j].curve->path) == 0)
                continue;
            for (; level + 1 < NAME_LEVELS; level++) {
                scenario_name(f->line[i].curve, level, a);
                scenario_name(f->line[j].curve, level, b);
                if (strcmp(a, b) != 0)
                    break;
            }
        }
    }
    return level;
}

static void print_piece(FILE *f, const struct keys *k, uint32_t at, const struct line *l)
{
    const char *value = value_of(l, k->key[at].key, k->key[at].of), *key = k->key[at].key;
    char name[RESULT_PATH_BYTES];
    switch (k->key[at].of) {
    case OF_SCENARIO:
        scenario_name(l->curve, k->level, name);
        fputs(name, f);
        break;
    case OF_VARIANT:
        fprintf(f, strcmp(key, "branch") == 0 ? "%.0s%s" : "%s=%s", key, value);
        break;
    case OF_SETTINGS:
        if (value == NULL)
            fprintf(f, "%s not set", key);
        else if (key[0] == '-')
            fprintf(f, "%s%s%s", key, value[0] ? " " : "", value);
        else
            fprintf(f, "%s=%s", key, value);
        break;
    case OF_REVISION: fprintf(f, "revision %s", value); break;
    }
}

/* What a line says in the keys of a place; NOWHERE: in those that all lines share, but for the
 * revision, which stands elsewhere. */
static char *words_of(const struct keys *k, enum place place, const struct line *l)
{
    char *text = NULL;
    size_t n = 0;
    const char *comma = "";
    FILE *f = must(open_memstream(&text, &n));
    for (uint32_t at = 0; at < k->n; at++) {
        bool has = value_of(l, k->key[at].key, k->key[at].of) != NULL;
        bool common = !k->key[at].differs && k->key[at].of != OF_REVISION;
        if (k->key[at].place != place || (place == NOWHERE && !common) ||
            (!has && k->key[at].of != OF_SETTINGS))
            continue;
        fputs(comma, f);
        print_piece(f, k, at, l);
        comma = ", ";
    }
    if (place == IN_LABEL && l->kind != NULL)
        fprintf(f, "%s%s", comma, l->kind);
    must_close(f);
    return text;
}

/* ---- panels ---------------------------------------------------------------------------------- */

/* Brings the lines of a panel together, in the order in which panels are first met. */
static void gather_panels(struct figure *f, const struct keys *k)
{
    struct line *sorted = must(calloc(f->nlines, sizeof(*sorted)));
    bool *taken = must(calloc(f->nlines, sizeof(*taken)));
    uint32_t n = 0;
    f->panel = must(calloc(f->nlines, sizeof(*f->panel)));
    for (uint32_t i = 0; i < f->nlines; i++) {
        uint32_t here = LINES_MAX;
        for (uint32_t j = taken[i] ? f->nlines : i; j < f->nlines; j++) {
            if (taken[j] || !same_in(k, IN_TITLE, &f->line[i], &f->line[j]))
                continue;
            if (here == LINES_MAX) {
                f->panel[f->npanels++].first = n;
                here = 0;
            }
            here++;
            f->panel[f->npanels - 1].n++;
            taken[j] = true;
            sorted[n++] = f->line[j];
        }
    }
    assert(n == f->nlines);
    memcpy(f->line, sorted, n * sizeof(*sorted));
    free(sorted);
    free(taken);
}

void figure_lay_out(const struct plot *p, struct figure *f)
{
    static struct keys keys;
    assert(f->nlines > 0);
    find_keys(f, &keys);
    place_keys(p, f, &keys);
    keys.level = name_level(f);
    gather_panels(f, &keys);
    f->subject = words_of(&keys, NOWHERE, &f->line[0]);
    for (uint32_t i = 0; i < f->nlines; i++)
        f->line[i].label = words_of(&keys, IN_LABEL, &f->line[i]);
    for (uint32_t i = 0; i < f->npanels; i++)
        f->panel[i].title = words_of(&keys, IN_TITLE, &f->line[f->panel[i].first]);
}

void figure_free(struct figure *f)
{
    for (uint32_t i = 0; i < f->nlines; i++)
        free(f->line[i].label);
    for (uint32_t i = 0; i < f->npanels; i++)
        free(f->panel[i].title);
    free(f->subject);
    free(f->line);
    free(f->panel);
}

/* ---- axes ------------------------------------------------------------------------------------ */

/* The least of 1, 3, 10, 30, ... us that is at least this. */
static uint64_t round_up(uint64_t ns)
{
    for (uint64_t step = 1000; step < UINT64_MAX / 100; step *= 10) {
        if (step >= ns)
            return step;
        if (step * 3 >= ns)
            return step * 3;
    }
    return UINT64_MAX / 2;
}

static void axes_add(struct axes *a, const struct hist *h)
{
    uint32_t first = 0;
    while (first + 1 < HIST_BUCKETS && h->bucket[first] == 0)
        first++;
    if (h->bucket[first] > 0 && (a->floor == 0 || hist_floor(first) < a->floor))
        a->floor = hist_floor(first);
    if (h->max > a->most)
        a->most = h->max;
    if (h->n > a->samples)
        a->samples = h->n;
    a->timeouts = a->timeouts || h->timeouts > 0;
}

/* There is an axis of a decade and more, also where nothing was measured, or hardly anything. */
void axes_close(struct axes *a)
{
    a->most = a->most > 1000 ? a->most : 1000;
    a->most = a->most < UINT64_MAX / 4 ? a->most : UINT64_MAX / 4;
    a->ceiling = round_up(a->most + a->most / 2);
    a->floor = a->floor > 0 && a->floor < a->ceiling / 30 ? a->floor : a->ceiling / 30;
}

struct axes axes_of(const struct figure *f)
{
    struct axes a = {0};
    for (uint32_t i = 0; i < f->nlines; i++)
        axes_add(&a, f->line[i].hist);
    axes_close(&a);
    return a;
}
