/* SPDX-License-Identifier: MIT */
/* A run's timeline as a value of its line in a result file. Method: only what is not zero is
 * written, as [bin, count] or, for latencies, [bin, step, count, step, count, ...]. */
#include <inttypes.h>
#include <string.h>

#include "json_read.h"
#include "results.h"

/* ---- writing --------------------------------------------------------------------------------- */

static void write_bins(FILE *out, const char *name, const uint32_t bins[TIMELINE_BINS])
{
    const char *comma = "";
    fprintf(out, "\"%s\":[", name);
    for (uint32_t i = 0; i < TIMELINE_BINS; i++) {
        if (bins[i] == 0)
            continue;
        fprintf(out, "%s[%" PRIu32 ",%" PRIu32 "]", comma, i, bins[i]);
        comma = ",";
    }
    fputs("],", out);
}

/* False: nothing was written. */
static bool write_latencies(FILE *out, uint32_t bin, const uint32_t steps[TIMELINE_STEPS],
                            const char *comma)
{
    bool any = false;
    for (uint32_t k = 0; k < TIMELINE_STEPS; k++) {
        if (steps[k] == 0)
            continue;
        if (!any)
            fprintf(out, "%s[%" PRIu32, comma, bin);
        fprintf(out, ",%" PRIu32 ",%" PRIu32, k, steps[k]);
        any = true;
    }
    if (any)
        putc(']', out);
    return any;
}

static void write_series(FILE *out, const struct timeline *t, int s)
{
    const char *comma = "";
    fprintf(out, ",\"%s\":{", series_name(s));
    write_bins(out, "answered", t->answered[s]);
    write_bins(out, "timeouts", t->timeouts[s]);
    fputs("\"latency\":[", out);
    for (uint32_t i = 0; i < TIMELINE_BINS; i++)
        if (write_latencies(out, i, t->latency[s][i], comma))
            comma = ",";
    fputs("]}", out);
}

static void write_trouble(FILE *out, const struct timeline *t, int k)
{
    const char *comma = "";
    fprintf(out, "\"%s\":[", trouble_name(k));
    for (uint32_t i = 0; i < TIMELINE_BINS; i++) {
        if (t->trouble[k][i] == 0)
            continue;
        fprintf(out, "%s[%" PRIu32 ",%" PRIu64 "]", comma, i, t->trouble[k][i]);
        comma = ",";
    }
    putc(']', out);
}

static bool any(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    while (n > 0 && *p == 0) {
        p++;
        n--;
    }
    return n > 0;
}

void timeline_write(FILE *out, const struct timeline *t)
{
    const char *comma = "";
    fprintf(out, ",\"timeline\":{\"width\":%" PRIu64, t->width);
    for (int s = 0; s < SERIES_KINDS; s++)
        if (any(t->answered[s], sizeof(t->answered[s])) ||
            any(t->timeouts[s], sizeof(t->timeouts[s])))
            write_series(out, t, s);
    fputs(",\"trouble\":{", out);
    for (int k = 0; k < TROUBLES; k++) {
        if (!any(t->trouble[k], sizeof(t->trouble[k])))
            continue;
        fputs(comma, out);
        write_trouble(out, t, k);
        comma = ",";
    }
    fputs("}}", out);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* [[bin, ...],...]: `rest` reads what follows the bin's number. */
static void read_lists(struct json *j, void (*rest)(struct json *, void *ctx, uint32_t bin),
                       void *ctx)
{
    json_need(j, '[');
    if (json_take(j, ']'))
        return;
    do {
        json_need(j, '[');
        uint64_t bin = json_number(j);
        json_need(j, ',');
        j->bad = j->bad || bin >= TIMELINE_BINS;
        if (!j->bad)
            rest(j, ctx, (uint32_t)bin);
        json_need(j, ']');
    } while (!j->bad && json_take(j, ','));
    json_need(j, ']');
}

static uint32_t read_count(struct json *j)
{
    uint64_t n = json_number(j);
    j->bad = j->bad || n > UINT32_MAX;
    return (uint32_t)n;
}

static void read_bin(struct json *j, void *ctx, uint32_t bin)
{
    ((uint32_t *)ctx)[bin] = read_count(j);
}

static void read_latencies(struct json *j, void *ctx, uint32_t bin)
{
    uint32_t(*bins)[TIMELINE_STEPS] = ctx;
    do {
        uint64_t step = json_number(j);
        json_need(j, ',');
        uint32_t n = read_count(j);
        j->bad = j->bad || step >= TIMELINE_STEPS;
        if (!j->bad)
            bins[bin][step] = n;
    } while (!j->bad && json_take(j, ','));
}

static void read_trouble_bin(struct json *j, void *ctx, uint32_t bin)
{
    ((uint64_t *)ctx)[bin] = json_number(j);
}

struct series_of {
    struct timeline *timeline;
    int series;
};

static void read_series_key(struct json *j, void *ctx, const char *name)
{
    const struct series_of *of = ctx;
    if (strcmp(name, "answered") == 0)
        read_lists(j, read_bin, of->timeline->answered[of->series]);
    else if (strcmp(name, "timeouts") == 0)
        read_lists(j, read_bin, of->timeline->timeouts[of->series]);
    else if (strcmp(name, "latency") == 0)
        read_lists(j, read_latencies, of->timeline->latency[of->series]);
    else
        json_skip(j);
}

static void read_trouble(struct json *j, void *ctx, const char *name)
{
    struct timeline *t = ctx;
    for (int k = 0; k < TROUBLES; k++) {
        if (strcmp(trouble_name(k), name) == 0) {
            read_lists(j, read_trouble_bin, t->trouble[k]);
            return;
        }
    }
    json_skip(j);
}

static void read_timeline_key(struct json *j, void *ctx, const char *name)
{
    struct timeline *t = ctx;
    if (strcmp(name, "width") == 0) {
        t->width = json_number(j);
        return;
    }
    if (strcmp(name, "trouble") == 0) {
        json_object(j, read_trouble, t);
        return;
    }
    for (int s = 0; s < SERIES_KINDS; s++) {
        if (strcmp(series_name(s), name) == 0) {
            json_object(j, read_series_key, &(struct series_of){t, s});
            return;
        }
    }
    json_skip(j);
}

void timeline_read(struct json *j, struct timeline *t) { json_object(j, read_timeline_key, t); }
