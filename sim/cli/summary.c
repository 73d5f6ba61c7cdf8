/* SPDX-License-Identifier: MIT */
/*
 * A sweep's sums. Method: everything but the medians adds up run by run, so that memory does not
 * grow with what is told; for the medians five numbers a run are kept and sorted at the end. Runs'
 * digests are added bytewise modulo 2^64, which does not depend on who finished first.
 */
#include "summary.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const series_names[SERIES] = {"events", "leader changes", "commits",
                                                 "bites of faults", "restarts"};

/* ---- adding ---------------------------------------------------------------------------------- */

void summary_open(struct summary *s, const struct request *q)
{
    memset(s, 0, sizeof(*s));
    s->request = q;
}

void summary_close(struct summary *s)
{
    for (int i = 0; i < SERIES; i++)
        free(s->series[i]);
    memset(s->series, 0, sizeof(s->series));
    summary_recovery_free(s);
    failures_free(&s->failures);
}

static void add_series(struct summary *s, const struct result *r)
{
    if (s->runs == s->capacity) {
        uint64_t capacity = s->capacity ? s->capacity * 2 : 1024;
        for (int i = 0; i < SERIES; i++) {
            s->series[i] = must(realloc(s->series[i], (size_t)capacity * sizeof(*s->series[i])));
        }
        s->capacity = capacity;
    }
    s->series[0][s->runs] = r->count.events;
    s->series[1][s->runs] = r->count.leader_changes;
    s->series[2][s->runs] = r->count.commits;
    s->series[3][s->runs] = r->count.faults_bit;
    s->series[4][s->runs] = r->count.restarts;
}

static void add_digest(unsigned char sum[16], const unsigned char digest[16])
{
    unsigned carry = 0;
    for (int i = 15; i >= 0; i--) {
        carry += (unsigned)sum[i] + digest[i];
        sum[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

static bool add_failure(struct summary *s, const struct told *t)
{
    const struct result *r = t->result;
    char *replay = replay_text(t);
    bool first = failures_add(&s->failures, &(struct failure){.verdict = r->verdict,
                                                              .seed = r->seed,
                                                              .check = r->check,
                                                              .detail = r->detail,
                                                              .signature = r->signature,
                                                              .path = t->path,
                                                              .replay = replay});
    free(replay);
    return first;
}

bool summary_add(struct summary *s, const struct item *item, const struct told *t)
{
    const struct result *r = t->result;
    int code = verdict_exit(r->verdict);
    s->worst = s->any ? exit_worse(s->worst, code) : code;
    s->any = true;
    add_series(s, r);
    add_digest(s->digest, r->digest);
    s->runs++;
    sums_add(&s->sums, r->verdict);
    s->chaos_runs += r->chaos;
    s->total.events += r->count.events;
    s->total.armed_ns += r->count.armed_ns;
    s->simulated_ns += r->simulated_ns;
    for (size_t i = 0; i < FAULT_ROWS; i++) {
        s->faults[i].enabled += r->faults[i].enabled > 0;
        s->faults[i].struck += r->faults[i].struck;
        s->faults[i].bit += r->faults[i].bit;
    }
    summary_checks_add(s, r);
    summary_recovery_add(s, item, r);
    undecided_add(&s->undecided, r);
    const struct scenario *drawn = scenario_of_seed(item->scenario, r->seed);
    must((void *)(uintptr_t)drawn);
    summary_options_add(s, scenario_plan(drawn, item->variant), r);
    return r->verdict != V_PASS && add_failure(s, t) && failed(r->verdict);
}

/* ---- telling --------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void print_medians(FILE *out, const struct summary *s)
{
    fprintf(out, "median of %" PRIu64 " runs:", s->runs);
    for (int i = 0; i < SERIES; i++) {
        qsort(s->series[i], (size_t)s->runs, sizeof(uint64_t), by_value);
        fprintf(out, "%s %" PRIu64 " %s", i ? "," : "", s->series[i][s->runs / 2], series_names[i]);
    }
    fprintf(out, "\nevents of a run: least %" PRIu64 ", most %" PRIu64 "\n", s->series[0][0],
            s->series[0][s->runs - 1]);
}

static void print_faults(FILE *out, const struct summary *s)
{
    if (s->chaos_runs == 0)
        return;
    fprintf(out, "%-26s %10s %10s %12s\n", "fault", "runs", "struck", "bit");
    for (size_t i = 0; i < FAULT_ROWS && faults[i] != NULL; i++) {
        const struct fault_count *f = &s->faults[i];
        if (f->enabled > 0)
            fprintf(out, "  %-24s %10" PRIu32 " %10" PRIu32 " %12" PRIu64 "%s\n", faults[i]->name,
                    f->enabled, f->struck, f->bit, f->bit == 0 ? "   never" : "");
    }
}

void summary_print(FILE *out, struct summary *s, uint64_t wall_ms)
{
    if (s->runs > 0) {
        print_faults(out, s);
        summary_options_print(out, s);
        summary_checks_print(out, s);
        print_medians(out, s);
        summary_recovery_print(out, s);
        undecided_print(out, &s->undecided);
    }
    fprintf(out, "digest of all runs: ");
    print_digest(out, s->digest);
    uint64_t events = s->total.events - s->resumed_events;
    fprintf(out,
            "\n%" PRIu64 " events in %" PRIu64 ".%03" PRIu64 " s: %" PRIu64 " events/s on %" PRIu64
            " processes",
            events, wall_ms / 1000, wall_ms % 1000, wall_ms > 0 ? events * 1000 / wall_ms : 0,
            s->request->jobs);
    if (s->resumed > 0)
        fprintf(out, "; %" PRIu64 " runs were in the file already", s->resumed);
    putc('\n', out);
}

void summary_failures(FILE *out, struct summary *s, const char *where)
{
    failures_print(out, &s->failures, false, NULL);
    failures_print(out, &s->failures, true, where);
}

uint32_t summary_toothless(FILE *out, const struct summary *s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < FAULT_ROWS && faults[i] != NULL; i++) {
        if (s->faults[i].enabled == 0 || s->faults[i].bit > 0)
            continue;
        fprintf(out, "fault '%s' was enabled in %" PRIu32 " runs and bit in none\n",
                faults[i]->name, s->faults[i].enabled);
        n++;
    }
    return n + summary_options_toothless(out, s);
}
