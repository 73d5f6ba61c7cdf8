/* SPDX-License-Identifier: MIT */
/*
 * wavetank sweep. Method: the k-th seed of the shard in each item in turn is one job; a crew of
 * processes does them in any order; each result is written to --out before it is counted. Whatever
 * stops the sweep early (^C, --time, --max-failures, a full disk, a reader of standard output that
 * has gone) only stops the handing out of jobs: what runs is finished, and the summary is printed.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "against.h"
#include "crew.h"
#include "progress.h"
#include "results.h"
#include "seen.h"
#include "summary.h"

enum { TWICE_EVERY = 64, PROGRESS_MS = 200 };

struct sweep {
    const struct request *request;
    struct suite suite;
    struct outfile out, kept; /* kept: of the runs that failed, where there is no --out */
    uint64_t begun_ms, shown_ms;
    uint64_t jobs, next; /* all jobs; the next one's number */
    struct seen done;    /* --resume: what the file has */
    uint64_t others;     /* runs in it that this sweep does not ask for */
    char refused[640];   /* why the file cannot be gone on with */
    const char *stopped; /* why it stopped early */
    bool resumable;      /* --out is a file that can be gone on with */
    char *has_results;   /* the file that has them in the end; NULL: there is none to read */
    bool progress;       /* a bar on stderr */
    struct summary summary;
    struct against *against; /* NULL: not asked for */
};

/* ---- progress -------------------------------------------------------------------------------- */

static void progress_show(void *ctx)
{
    struct sweep *s = ctx;
    uint64_t now = now_ms(), runs = s->summary.runs;
    if (!s->progress || (now - s->shown_ms < PROGRESS_MS && runs < s->jobs))
        return;
    s->shown_ms = now;
    progress_line(stderr, columns_of(stderr),
                  &(struct progress){.runs = runs,
                                     .jobs = s->jobs,
                                     .failed = s->summary.sums.failed,
                                     .fresh = runs - s->summary.resumed,
                                     .spent_ms = now - s->begun_ms,
                                     .most_ms = s->request->time_ms});
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static bool is_done(const struct sweep *s, const struct job *job)
{
    return s->done.n > 0 && seen_has(&s->done, item_key(&s->suite.items[job->item], job->seed));
}

static const char *why_stop(const struct sweep *s)
{
    const struct request *q = s->request;
    if (interrupted())
        return "interrupted";
    if (ferror(stdout))
        return "nobody reads standard output";
    if (s->out.failed)
        return "the --out file cannot be written";
    if (q->max_failures > 0 && s->summary.sums.failed >= q->max_failures)
        return "--max-failures reached";
    if (q->time_ms > 0 && now_ms() - s->begun_ms >= q->time_ms)
        return "--time is over";
    return NULL;
}

static bool next_job(void *ctx, struct job *job)
{
    struct sweep *s = ctx;
    const struct request *q = s->request;
    while (s->next < s->jobs) {
        if (s->stopped == NULL)
            s->stopped = why_stop(s);
        if (s->stopped != NULL)
            return false;
        uint64_t k = s->next / s->suite.nitems;
        memset(job, 0, sizeof(*job));
        job->item = (uint32_t)(s->next++ % s->suite.nitems);
        job->seed = seed_of(&q->seeds, &q->shard, k);
        job->twice = (k + job->item) % TWICE_EVERY == 0;
        if (!is_done(s, job))
            return true;
    }
    return false;
}

static void write_header(const struct sweep *s, struct outfile *to)
{
    char *line = NULL;
    size_t size = 0;
    FILE *f = must(open_memstream(&line, &size));
    results_header(f, s->request, &s->suite);
    must_close(f);
    outfile_write(to, line, size, 0);
    free(line);
}

static void write_run(struct outfile *to, const struct told *t)
{
    char *line = NULL;
    size_t size = 0;
    FILE *f = must(open_memstream(&line, &size));
    results_run(f, t);
    must_close(f);
    outfile_write(to, line, size, 1);
    free(line);
}

/* Without --out, failures are kept all the same, in a file of which there was none of that name. */
static void keep_failure(struct sweep *s, const struct told *t)
{
    struct outfile *kept = &s->kept;
    if (s->request->out != NULL || asked(s->request, OPT(JSON)) || kept->failed ||
        (kept->fd < 0 && !outfile_new(kept, "wavetank-failures", ".jsonl")))
        return;
    if (kept->good == 0)
        write_header(s, kept);
    write_run(kept, t);
}

static void job_done(void *ctx, const struct job *job, const struct result *r)
{
    struct sweep *s = ctx;
    const struct item *item = &s->suite.items[job->item];
    struct told told = told_of(item, s->request, r);
    if (s->out.fd >= 0)
        write_run(&s->out, &told);
    if (failed(r->verdict))
        keep_failure(s, &told);
    if (s->against != NULL)
        against_add(s->against, item, r);
    bool first = summary_add(&s->summary, item, &told);
    if (asked(s->request, OPT(JSON))) {
        json_run(stdout, &told);
        fflush(stdout);
    }
    if (!first || asked(s->request, OPT(QUIET)))
        return;
    if (s->progress)
        progress_clear(stderr);
    fprintf(stderr, "%s: ", told.path);
    print_last_line(stderr, &told);
}

/* ---- resuming -------------------------------------------------------------------------------- */

/* Takes over a run of the file; returns why it cannot be gone on with, or NULL. */
static const char *resume_line(void *ctx, const struct result_line *l)
{
    struct sweep *s = ctx;
    const struct request *q = s->request;
    const uint32_t i = suite_find(&s->suite, l->path, l->variant);
    if (i == s->suite.nitems || !seed_in(&q->seeds, &q->shard, l->result.seed)) {
        s->others++;
        return NULL;
    }
    const struct item *item = &s->suite.items[i];
    if (scenario_hash(item->scenario) != l->text) {
        snprintf(s->refused, sizeof(s->refused), "%s has changed since", l->path);
        return s->refused;
    }
    enum seen_as as = seen_add(&s->done, item_key(item, l->result.seed), l->result.digest);
    if (as == SEEN_OTHER_DIGEST) {
        snprintf(s->refused, sizeof(s->refused),
                 "%s seed 0x%" PRIx64 " stands there with two digests", l->path, l->result.seed);
        return s->refused;
    }
    if (as == SEEN_SAME)
        return NULL;
    struct told told = told_of(item, s->request, &l->result);
    summary_add(&s->summary, item, &told);
    if (s->against != NULL)
        against_add(s->against, item, &l->result);
    s->summary.resumed++;
    s->summary.resumed_events += l->result.count.events;
    return NULL;
}

static int open_out(struct sweep *s)
{
    const struct resuming resuming = {.line = resume_line, .ctx = s};
    int code = outfile_open(&s->out, s->request, &resuming);
    if (code != EXIT_OK)
        return code;
    if (s->others > 0)
        fprintf(stderr,
                "wavetank: note: %s has %" PRIu64
                " run%s of other scenarios or seeds, which stay there\n",
                s->out.path, s->others, s->others == 1 ? "" : "s");
    s->resumable = s->out.file != NULL;
    if (s->out.fd >= 0)
        write_header(s, &s->out);
    return EXIT_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

/* Why it stopped early, and how the rest is run. */
static void tell_stop(FILE *out, const struct sweep *s)
{
    const struct request *q = s->request;
    fprintf(out, "stopped early after %" PRIu64 " of %" PRIu64 " runs: %s\n", s->summary.runs,
            s->jobs, s->stopped);
    if (s->resumable && s->summary.runs < s->jobs) {
        fputs("  the rest: ", out);
        print_command(out, q);
        fputs(asked(q, OPT(RESUME)) ? "\n" : " --resume\n", out);
    } else if (interrupted() != INTERRUPT_NONE) {
        fputs("  it begins anew next time; with --out F, --resume would run the rest\n", out);
    }
}

/* What did not pass, and where it is kept, if all of it is. */
static void tell_failures(FILE *out, struct sweep *s)
{
    const char *in = s->has_results != NULL ? s->has_results : s->kept.path;
    if (s->out.failed || s->kept.failed)
        in = NULL;
    char *where = NULL;
    size_t size;
    if (in != NULL) {
        FILE *f = must(open_memstream(&where, &size));
        print_shell_word(f, s->request->program);
        fputs(" report ", f);
        print_shell_word(f, in);
        must_close(f);
    }
    summary_failures(out, &s->summary, where);
    free(where);
    if (s->kept.path != NULL && !s->kept.failed)
        fprintf(stderr, "wavetank: note: the runs that failed are in %s\n", s->kept.path);
}

/* Exit code of what --against came to. */
static int tell_against(FILE *out, struct sweep *s)
{
    static const int codes[] = {[AGAINST_NOTHING] = EXIT_OK,
                                [AGAINST_WORSE] = EXIT_SAFETY,
                                [AGAINST_UNDECIDED] = EXIT_INCONCLUSIVE};
    if (s->against == NULL)
        return EXIT_OK;
    enum against_found found = against_tell(out, s->against, s->stopped != NULL);
    return asked(s->request, OPT(FAIL_ON_WORSE)) ? codes[found] : EXIT_OK;
}

static int last_words(struct sweep *s)
{
    const struct request *q = s->request;
    struct summary *sum = &s->summary;
    FILE *out = asked(q, OPT(JSON)) ? stderr : stdout;
    int code = sum->any ? sum->worst : EXIT_OK;
    if (s->progress)
        progress_clear(stderr);
    if (!asked(q, OPT(QUIET)))
        summary_print(out, sum, now_ms() - s->begun_ms);
    tell_failures(out, s);
    if (asked(q, OPT(REQUIRE_BITES)) && s->stopped == NULL && summary_toothless(out, sum) > 0)
        code = exit_worse(code, EXIT_SAFETY);
    if (asked(q, OPT(REQUIRE_JUDGED)) && s->stopped == NULL && summary_unjudged(out, sum) > 0)
        code = exit_worse(code, EXIT_SAFETY);
    code = exit_worse(code, tell_against(out, s));
    if (s->stopped != NULL)
        tell_stop(out, s);
    print_not_judged(out, q);
    print_sums(out, &sum->sums);
    putc('\n', out);
    /* --time and --max-failures leave out runs as they were told to; a ^C does not say that the
     * rest would have passed. */
    if (s->stopped != NULL && (interrupted() || sum->runs == 0))
        code = exit_worse(code, EXIT_INCONCLUSIVE);
    return s->out.failed ? EXIT_INTERNAL : code;
}

/* A sweep that did what it was asked for replaces what --force names; one that a signal ended, or
 * that nobody listens to any more, does not. */
static void close_out(struct sweep *s, bool ok)
{
    bool ended = ok && (s->stopped == NULL || (!interrupted() && !ferror(stdout)));
    if (s->resumable)
        s->has_results = must(strdup(ended && !s->out.failed ? s->request->out : s->out.path));
    outfile_close(&s->out, ended);
}

static int sweep_run(struct sweep *s)
{
    struct crew_orders orders = {.suite = &s->suite,
                                 .request = s->request,
                                 .next = next_job,
                                 .done = job_done,
                                 .tick = progress_show,
                                 .ctx = s};
    uint64_t seeds = seeds_in(&s->request->seeds, &s->request->shard);
    if (seeds > UINT64_MAX / s->suite.nitems)
        return usage_error("too many runs");
    s->jobs = seeds * s->suite.nitems;
    s->begun_ms = now_ms();
    s->progress = is_screen(stderr) && !asked(s->request, OPT(JSON) | OPT(QUIET));
    bool ok = crew_run(&orders);
    close_out(s, ok);
    int code = last_words(s);
    outfile_close(&s->kept, true);
    return ok ? code : EXIT_INTERNAL;
}

int cmd_sweep(const struct request *q)
{
    if (!asked(q, OPT(SEEDS)))
        return usage_error("sweep needs --seeds A..B (inclusive) or --seeds WORD+N");
    if (asked(q, OPT(RESUME)) && q->out == NULL)
        return usage_error("--resume needs --out, the file to go on with");
    if (asked(q, OPT(FORCE)) && q->out == NULL)
        return usage_error("--force needs --out, the file to replace");
    if (asked(q, OPT(FAIL_ON_WORSE)) && q->against == NULL)
        return usage_error("--fail-on-worse needs --against OLD, what it is compared with");
    struct sweep *s = must(calloc(1, sizeof(*s)));
    s->request = q;
    s->out.fd = s->kept.fd = -1;
    summary_open(&s->summary, q);
    int code = suite_load(&s->suite, q);
    if (code == EXIT_OK && s->suite.nitems == 0)
        code = EXIT_USAGE;
    interrupt_watch("\nwavetank: finishing what runs; once more to stop at once\n");
    if (code == EXIT_OK && q->against != NULL)
        s->against = against_open(q, &s->suite, &code);
    if (code == EXIT_OK)
        code = open_out(s);
    if (code == EXIT_OK)
        code = sweep_run(s);
    summary_close(&s->summary);
    suite_free(&s->suite);
    against_free(s->against);
    seen_free(&s->done);
    free(s->has_results);
    free(s);
    return code;
}
