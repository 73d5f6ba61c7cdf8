/* SPDX-License-Identifier: MIT */
/*
 * wavetank report: what sweeps found, told again from their result files. Method: lines are counted
 * and those that did not pass grouped as at the end of a sweep; a run that stands in two files
 * counts once.
 */
#include <inttypes.h>
#include <string.h>

#include "failures.h"
#include "results.h"
#include "seen.h"
#include "undecided.h"

#define WITHOUT "--without "         /* as settings_text spells it */

struct report {
    uint64_t headers, runs, again;
    struct sums sums;
    char settings[SETTINGS_BYTES], revision[REVISION_BYTES];    /* of the lines that follow */
    char first_revision[REVISION_BYTES];
    bool revisions;                                             /* there are several */
    char without[SETTINGS_BYTES];       /* checks that did not judge some of the runs */
    struct seen seen;
    struct failures failures;
    struct undecided undecided;
};

static void take_header(struct report *r, const struct result_line *l)
{
    memcpy(r->settings, l->settings, sizeof(r->settings));
    memcpy(r->revision, l->revision, sizeof(r->revision));
    if (r->headers++ == 0)
        memcpy(r->first_revision, l->revision, sizeof(r->first_revision));
    else if (strcmp(r->first_revision, l->revision) != 0)
        r->revisions = true;
    const char *without = strstr(l->settings, WITHOUT);
    if (without == NULL || r->without[0] != 0)
        return;
    without += strlen(WITHOUT);
    snprintf(r->without, sizeof(r->without), "%.*s", (int)strcspn(without, " "), without);
}

static void take_line(void *ctx, const struct result_line *l)
{
    struct report *r = ctx;
    const struct result *result = &l->result;
    const char *const pieces[] = {l->path, l->variant, r->settings, r->revision};
    if (l->header) {
        take_header(r, l);
        return;
    }
    if (seen_add(&r->seen, run_key(pieces, 4, result->seed, l->text), result->digest) ==
        SEEN_SAME) {
        r->again++;
        return;
    }
    r->runs++;
    sums_add(&r->sums, result->verdict);
    undecided_add(&r->undecided, result);
    if (result->verdict == V_PASS)
        return;
    char plain[SIGNATURE_BYTES];
    snprintf(plain, sizeof(plain), "%s in %.140s", result->check, l->path);
    failures_add(&r->failures,
                 &(struct failure){.verdict = result->verdict,
                                   .seed = result->seed,
                                   .check = result->check,
                                   .detail = result->detail,
                                   .signature = result->signature[0] ? result->signature : plain,
                                   .path = l->path,
                                   .replay = l->replay});
}

static void tell(struct report *r)
{
    if (r->again > 0)
        printf("%" PRIu64 " runs stand there more than once, and count once\n", r->again);
    if (r->revisions)
        printf("several revisions of wavetank wrote these; a replay line is good for its own\n");
    undecided_print(stdout, &r->undecided);
    failures_print(stdout, &r->failures, false, NULL);
    failures_print(stdout, &r->failures, true, NULL);
    if (r->without[0] != 0)
        printf("NOT JUDGED, all or some of them, by %s: --without\n", r->without);
    print_sums(stdout, &r->sums);
    putchar('\n');
}

int cmd_report(const struct request *q)
{
    struct report r = {.failures = {.all = true}};
    int code = EXIT_OK;
    if (q->nfiles == 0)
        return usage_error("report needs result files, as written by sweep --out");
    for (int i = 0; i < q->nfiles && code == EXIT_OK; i++) {
        r.settings[0] = r.revision[0] = 0;
        code = results_read(q->files[i], take_line, &r);
    }
    if (code == EXIT_OK && r.runs == 0)
        code = usage_error("there is no run in these files; write some with: wavetank sweep FILE "
                           "--seeds 1..100 --out results.jsonl");
    if (code == EXIT_OK)
        tell(&r);
    failures_free(&r.failures);
    seen_free(&r.seen);
    return code;
}
