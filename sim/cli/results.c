/* SPDX-License-Identifier: MIT */
/*
 * Lines of result files. Method: the writer prints keys in a fixed order; the reader takes the keys
 * that it knows and steps over any other value, so that lines of later revisions can still be read.
 */
#include "results.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "json_read.h"
#include "version.h"

struct counter {
    const char *name;
    size_t offset;
};
#define COUNTER(field) {#field, offsetof(struct counters, field)}
static const struct counter counters[] = {
    COUNTER(delivered),      COUNTER(dropped),     COUNTER(writes),
    COUNTER(timers),         COUNTER(ops),         COUNTER(leader_changes),
    COUNTER(commits),        COUNTER(restarts),    COUNTER(faults_bit),
    COUNTER(ops_ok),         COUNTER(ops_unknown), COUNTER(ops_refused),
    COUNTER(reads_ok),       COUNTER(attempts),    COUNTER(sent),
    COUNTER(candidacies),    COUNTER(applied),     COUNTER(applied_lag),
    COUNTER(armed_ns),       COUNTER(carried),
};
enum { COUNTERS = sizeof(counters) / sizeof(counters[0]) };
_Static_assert(COUNTERS < 64, "a bit of a word for each");

/* ---- writing --------------------------------------------------------------------------------- */

void results_header(FILE *out, const struct request *q, const struct suite *suite)
{
    char settings[SETTINGS_BYTES];
    settings_text(q, settings);
    fprintf(out,
            "{\"wavetank\":%d,\"revision\":\"%s\",\"compiler\":\"%s\",\"records\":%d,\"draws\":%d,"
            "\"scenarios\":[",
            RESULTS_VERSION, WT_REVISION, WT_COMPILER, WT_RECORD_VERSION, WT_DRAW_VERSION);
    for (uint32_t i = 0; i < suite->nscenarios; i++) {
        fputs(i ? "," : "", out);
        json_string(out, scenario_path(suite->scenarios[i]));
    }
    fprintf(out,
            "],\"seeds\":\"0x%" PRIx64 "..0x%" PRIx64 "\",\"shard\":\"%" PRIu64 "/%" PRIu64
            "\",\"settings\":",
            q->seeds.first, q->seeds.first + (q->seeds.count - 1), q->shard.i, q->shard.n);
    json_string(out, settings);
    fputs("}\n", out);
}

static void write_counters(FILE *out, const struct counters *c)
{
    fputs(",\"counters\":{", out);
    for (size_t i = 0; i < COUNTERS; i++) {
        uint64_t value;
        memcpy(&value, (const char *)c + counters[i].offset, sizeof(value));
        fprintf(out, "%s\"%s\":%" PRIu64, i ? "," : "", counters[i].name, value);
    }
    putc('}', out);
}

static void write_faults(FILE *out, const struct result *r)
{
    const char *comma = "";
    if (!r->chaos)
        return;
    fputs(",\"faults\":{", out);
    for (size_t i = 0; i < FAULT_ROWS && faults[i] != NULL; i++) {
        const struct fault_count *f = &r->faults[i];
        if (f->enabled == 0)
            continue;
        fprintf(out,
                "%s\"%s\":{\"enabled\":%" PRIu32 ",\"struck\":%" PRIu32 ",\"bit\":%" PRIu64 "}",
                comma, faults[i]->name, f->enabled, f->struck, f->bit);
        comma = ",";
    }
    putc('}', out);
}

static void write_option_bites(FILE *out, const struct result *r)
{
    fputs(",\"options_bit\":{", out);
    for (int i = 0; i < BITES; i++)
        fprintf(out, "%s\"%s\":%" PRIu64, i ? "," : "", bite_option(i), r->option_bit[i]);
    putc('}', out);
}

/* Of a check that could judge anything. */
static void write_checks(FILE *out, const struct result *r)
{
    const char *comma = "";
    fputs(",\"checks\":{", out);
    for (int i = 0; i < CHECKS; i++) {
        if (!(r->could_judge >> i & 1))
            continue;
        fprintf(out, "%s\"%s\":{\"judged\":%" PRIu64 ",\"excused\":%" PRIu64 "}", comma,
                checks[i]->name, r->tally[i].judged, r->tally[i].excused);
        comma = ",";
    }
    putc('}', out);
}

static void write_latency(FILE *out, const struct result *r)
{
    const char *comma = "";
    fputs(",\"latency\":{", out);
    for (int m = 0; m < METRICS; m++) {
        const struct hist *h = &r->latency[m];
        const char *pair = "";
        if (h->n == 0)
            continue;
        fprintf(out,
                "%s\"%s\":{\"n\":%" PRIu64 ",\"timeouts\":%" PRIu64 ",\"max\":%" PRIu64
                ",\"buckets\":[",
                comma, metric_name(m), h->n, h->timeouts, h->max);
        for (uint32_t i = 0; i < HIST_BUCKETS; i++) {
            if (h->bucket[i] == 0)
                continue;
            fprintf(out, "%s[%" PRIu32 ",%" PRIu32 "]", pair, i, h->bucket[i]);
            pair = ",";
        }
        fputs("]}", out);
        comma = ",";
    }
    putc('}', out);
}

void results_run(FILE *out, const struct told *t)
{
    putc('{', out);
    json_run_keys(out, t);
    json_drawn(out, t);
    if (t->result->signature[0] != 0) {
        fputs(",\"signature\":", out);
        json_string(out, t->result->signature);
    }
    if (t->result->unable[0] != 0) {
        fputs(",\"unable\":", out);
        json_string(out, t->result->unable);
    }
    fprintf(out, ",\"voters\":%" PRIu32, t->result->voters);
    fprintf(out, ",\"text\":\"%016" PRIx64 "\",\"title\":", t->text);
    json_string(out, t->title);
    fputs(",\"setup\":", out);
    json_string(out, t->result->setup);
    write_counters(out, &t->result->count);
    write_faults(out, t->result);
    write_option_bites(out, t->result);
    write_checks(out, t->result);
    write_latency(out, t->result);
    timeline_write(out, &t->result->timeline);
    fputs("}\n", out);
}

/* ---- reading: the keys ----------------------------------------------------------------------- */

static void read_counter(struct json *j, void *ctx, const char *name)
{
    struct result_line *l = ctx;
    uint64_t value = json_number(j);
    for (size_t i = 0; i < COUNTERS; i++) {
        if (strcmp(counters[i].name, name) != 0)
            continue;
        memcpy((char *)&l->result.count + counters[i].offset, &value, sizeof(value));
        l->counted |= UINT64_C(1) << i;
    }
}

static void read_fault_part(struct json *j, void *ctx, const char *name)
{
    struct fault_count *f = ctx;
    uint64_t value = json_number(j);
    if (strcmp(name, "enabled") == 0)
        f->enabled = (uint32_t)value;
    else if (strcmp(name, "struck") == 0)
        f->struck = (uint32_t)value;
    else if (strcmp(name, "bit") == 0)
        f->bit = value;
}

static void read_fault(struct json *j, void *ctx, const char *name)
{
    struct fault_count ignored, *all = ctx, *f = &ignored;
    for (size_t i = 0; i < FAULT_ROWS && faults[i] != NULL; i++)
        if (strcmp(faults[i]->name, name) == 0)
            f = &all[i];
    json_object(j, read_fault_part, f);
}

static void read_tally(struct json *j, void *ctx, const char *name)
{
    struct check_tally *t = ctx;
    uint64_t value = json_number(j);
    if (strcmp(name, "judged") == 0)
        t->judged = value;
    else if (strcmp(name, "excused") == 0)
        t->excused = value;
}

static void read_check(struct json *j, void *ctx, const char *name)
{
    struct check_tally ignored, *to = &ignored;
    struct result *r = ctx;
    const int place = check_by_name(name, strlen(name));
    if (place >= 0) {
        to = &r->tally[place];
        r->could_judge |= UINT32_C(1) << place;
    }
    json_object(j, read_tally, to);
}

static void read_option_bite(struct json *j, void *ctx, const char *name)
{
    uint64_t value = json_number(j), *all = ctx;
    int bite = bite_of(name);
    if (bite >= 0)
        all[bite] = value;
}

static void read_buckets(struct json *j, struct hist *h)
{
    json_need(j, '[');
    if (json_take(j, ']'))
        return;
    do {
        json_need(j, '[');
        uint64_t bucket = json_number(j);
        json_need(j, ',');
        uint64_t n = json_number(j);
        json_need(j, ']');
        if (bucket >= HIST_BUCKETS || n > UINT32_MAX)
            j->bad = true;
        else
            h->bucket[bucket] = (uint32_t)n;
    } while (!j->bad && json_take(j, ','));
    json_need(j, ']');
}

static void read_hist_part(struct json *j, void *ctx, const char *name)
{
    struct hist *h = ctx;
    if (strcmp(name, "buckets") == 0)
        read_buckets(j, h);
    else if (strcmp(name, "n") == 0)
        h->n = json_number(j);
    else if (strcmp(name, "timeouts") == 0)
        h->timeouts = json_number(j);
    else if (strcmp(name, "max") == 0)
        h->max = json_number(j);
    else
        json_skip(j);
}

static void read_latency(struct json *j, void *ctx, const char *name)
{
    struct hist *all = ctx;
    for (int m = 0; m < METRICS; m++) {
        if (strcmp(metric_name(m), name) == 0) {
            json_object(j, read_hist_part, &all[m]);
            j->bad = j->bad || !hist_whole(&all[m]);
            return;
        }
    }
    json_skip(j);
}

static void read_seed(struct json *j, struct result_line *l)
{
    char text[32];
    json_text(j, text, sizeof(text));
    j->bad = j->bad || !seed_parse(text, &l->result.seed);
}

static void read_text_hash(struct json *j, struct result_line *l)
{
    char text[20], number[24];
    json_text(j, text, sizeof(text));
    snprintf(number, sizeof(number), "0x%s", text);
    j->bad = j->bad || !seed_parse(number, &l->text);
}

static void read_verdict(struct json *j, struct result_line *l)
{
    char text[32];
    json_text(j, text, sizeof(text));
    for (int v = 0; v < VERDICTS; v++) {
        if (strcmp(verdict_name(v), text) == 0) {
            l->result.verdict = (uint8_t)v;
            return;
        }
    }
    j->bad = true;
}

static void read_digest(struct json *j, struct result_line *l)
{
    char text[40];
    json_text(j, text, sizeof(text));
    j->bad = j->bad || !digest_parse(text, l->result.digest);
}

/* Strings of a line, by key. */
static bool read_string_key(struct json *j, struct result_line *l, const char *name)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } keys[] = {
        {"scenario", l->path, sizeof(l->path)},
        {"variant", l->variant, sizeof(l->variant)},
        {"title", l->title, sizeof(l->title)},
        {"setup", l->result.setup, sizeof(l->result.setup)},
        {"drawn", l->result.drawn, sizeof(l->result.drawn)},
        {"check", l->result.check, sizeof(l->result.check)},
        {"detail", l->result.detail, sizeof(l->result.detail)},
        {"signature", l->result.signature, sizeof(l->result.signature)},
        {"unable", l->result.unable, sizeof(l->result.unable)},
        {"replay", l->replay, sizeof(l->replay)},
        {"revision", l->revision, sizeof(l->revision)},
        {"seeds", l->seeds, sizeof(l->seeds)},
        {"settings", l->settings, sizeof(l->settings)},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].name, name) == 0) {
            json_text(j, keys[i].to, keys[i].size);
            return true;
        }
    }
    return false;
}

static void read_key(struct json *j, void *ctx, const char *name)
{
    struct result_line *l = ctx;
    if (read_string_key(j, l, name))
        return;
    if (strcmp(name, "seed") == 0)
        read_seed(j, l);
    else if (strcmp(name, "verdict") == 0)
        read_verdict(j, l);
    else if (strcmp(name, "digest") == 0)
        read_digest(j, l);
    else if (strcmp(name, "simulated_ns") == 0)
        l->result.simulated_ns = json_number(j);
    else if (strcmp(name, "events") == 0)
        l->result.count.events = json_number(j);
    else if (strcmp(name, "voters") == 0)
        l->result.voters = (uint32_t)json_number(j);
    else if (strcmp(name, "counters") == 0)
        json_object(j, read_counter, l);
    else if (strcmp(name, "latency") == 0)
        json_object(j, read_latency, l->result.latency);
    else if (strcmp(name, "timeline") == 0)
        timeline_read(j, &l->result.timeline);
    else if (strcmp(name, "options_bit") == 0)
        json_object(j, read_option_bite, l->result.option_bit);
    else if (strcmp(name, "checks") == 0)
        json_object(j, read_check, &l->result);
    else if (strcmp(name, "wavetank") == 0)
        l->header = json_number(j);
    else if (strcmp(name, "text") == 0)
        read_text_hash(j, l);
    else if (strcmp(name, "records") == 0)
        l->records = (int)json_number(j);
    else if (strcmp(name, "draws") == 0)
        l->draws = (int)json_number(j);
    else if (strcmp(name, "faults") != 0)
        json_skip(j);
    else {
        l->result.chaos = true;
        json_object(j, read_fault, l->result.faults);
    }
}

/* The check that stands with the verdict "error" tells a run that was lost from one whose scenario
 * has an error. */
static bool is_lost(const struct result *r)
{
    return r->verdict == V_ERROR &&
           (strcmp(r->check, "timeout") == 0 || strcmp(r->check, "worker") == 0 ||
            strncmp(r->check, "signal-", 7) == 0);
}

bool results_parse(const char *line, size_t len, struct result_line *l)
{
    struct json j = {.p = line, .end = line + len};
    memset(l, 0, sizeof(*l));
    json_object(&j, read_key, l);
    if (is_lost(&l->result))
        l->result.verdict = V_LOST;
    const struct timeline *t = &l->result.timeline;
    if (t->width != 0 && !timeline_whole(t, l->result.simulated_ns))
        return false;
    return json_done(&j) && (l->header || l->path[0] != 0);
}

const char *results_lack(const struct result_line *l)
{
    for (size_t i = 0; i < COUNTERS; i++)
        if (!(l->counted >> i & 1))
            return counters[i].name;
    return NULL;
}
