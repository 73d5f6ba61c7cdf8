/* SPDX-License-Identifier: MIT */
/*
 * wavetank run. Method: every item once, in order; the report of a failure is written into
 * memory first, because stdout, TAP and JUnit each want it in their own place. A ^C, or the end of
 * --time, ends the run that is on its way without a verdict, and no further one is begun.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { LISTED_MAX = 100 };

struct tally {
    uint64_t cases;
    struct sums sums;
    int worst;
    bool any;
};

struct session {
    const struct request *request;
    const struct suite *suite;
    struct arena *block;
    struct output junit; /* no file: not asked for */
    FILE *junit_cases; /* kept in memory: the totals stand before them in the file */
    struct bless *bless; /* of the scenario that runs; NULL: not asked for */
    struct same_run *same;
    struct tally tally;
    char *report;      /* of the run that was last */
    FILE *list;        /* in memory: what has no place among the passed, for the end */
    struct result result;
};

static void count(struct tally *t, int verdict)
{
    int code = verdict_exit(verdict);
    t->worst = t->any ? exit_worse(t->worst, code) : code;
    t->any = true;
    t->cases++;
    sums_add(&t->sums, verdict);
}

/* The report of a failed run, "" of any other; to be freed. A run that differs the second time
 * changes its verdict. */
static char *report_text(struct session *s, const struct run *run, const struct told *told)
{
    char *text = NULL;
    size_t size;
    struct result *r = &s->result;
    FILE *f = must(open_memstream(&text, &size));
    /* a JUnit file takes it as it is */
    tint_allow(f, s->junit_cases == NULL && !asked(s->request, OPT(TAP)) &&
                      tint_allowed(asked(s->request, OPT(JSON)) ? stderr : stdout));
    if (r->verdict == V_ERROR) {
        print_where(f, run->scenario, told);
    } else if (r->verdict == V_SAFETY || r->verdict == V_EXPECTATION || r->verdict == V_LIVENESS) {
        if (!print_failure(f, run, told, s->block)) {
            r->verdict = V_NONDETERMINISM;
            snprintf(r->check, sizeof(r->check), "determinism");
            snprintf(r->detail, sizeof(r->detail), "the same seed run twice has two digests");
        }
    } else if (r->verdict != V_PASS) {
        fprintf(f, "  %s: %s\n", verdict_name(r->verdict), r->detail);
    } else if (r->detail[0] != 0) {
        fprintf(f, "  %s\n", r->detail);
    }
    if (r->verdict != V_PASS && r->tally[CHECK_read_fresh].excused > 0)
        fprintf(f, "  lease reads beyond the declared clock bound, not judged: %" PRIu64 "\n",
                r->tally[CHECK_read_fresh].excused);
    tint_allow(f, false);
    must_close(f);
    return text;
}

static void heading(FILE *out, const struct session *s, const struct told *told)
{
    if (s->suite->nitems == 1)
        return;
    fprintf(out, "%s%s%s: %s\n", told->path, told->variant[0] ? " " : "", told->variant,
            told->title);
    fflush(out); /* who waits for a long run should see which */
}

/* Where a run is told of in words: standard output or, with --quiet, memory, until it is known
 * whether it passes. */
static FILE *words_open(const struct request *q, char **text, size_t *size)
{
    if (!asked(q, OPT(QUIET)))
        return stdout;
    FILE *f = must(open_memstream(text, size));
    tint_allow(f, tint_allowed(stdout));
    return f;
}

static void words_close(FILE *f, char *const *text, int verdict)
{
    if (f == stdout)
        return;
    tint_allow(f, false);
    must_close(f);
    if (verdict != V_PASS && verdict != V_SKIP)
        fputs(*text, stdout);
    free(*text);
}

/* What is told of a failed or inconclusive run at the end of several. */
static void list_run(struct session *s, const struct told *told)
{
    const struct result *r = told->result;
    if (r->verdict == V_PASS || r->verdict == V_SKIP)
        return;
    if (s->tally.sums.failed + s->tally.sums.inconclusive > LISTED_MAX)
        return;
    print_kind(s->list, r->verdict, r->check);
    fprintf(s->list, " in %s%s%s\n  replay: ", told->path, told->variant[0] ? " " : "",
            told->variant);
    print_replay(s->list, told);
    putc('\n', s->list);
}

/* Runs item i, and hands what is said on the way to `say`. */
static void play(struct session *s, uint32_t i, const struct told *told, FILE *say)
{
    const struct item *item = &s->suite->items[i];
    const struct request *q = s->request;
    struct run run = item_run(item, q, item_seed(item, q));
    run.play.say = say;
    run.play.interrupt = interrupt_flag();
    run.play.every_step = true;
    if (s->bless != NULL)
        bless_run(s->bless, &run);
    if (asked(q, OPT(TRACE)))
        print_trace(say, "text", NULL, &run, told, s->block, &s->result);
    else
        run_once(&run, s->block, &s->result);
    same_run_add(s->same, i, q, &s->result);
    s->report = report_text(s, &run, told);
    count(&s->tally, s->result.verdict);
    if (s->bless != NULL)
        bless_verdict(s->bless, s->result.verdict);
}

static void run_item(struct session *s, uint32_t i)
{
    const struct request *q = s->request;
    struct told told = told_of(&s->suite->items[i], q, &s->result);
    if (asked(q, OPT(JSON))) {
        play(s, i, &told, stderr);
        fputs(s->result.verdict == V_PASS ? "" : s->report, stderr);
        json_run(stdout, &told);
    } else if (asked(q, OPT(TAP))) {
        play(s, i, &told, stderr);
        tap_case(stdout, s->tally.cases, &told, s->report);
    } else {
        char *text = NULL;
        size_t size;
        FILE *out = words_open(q, &text, &size);
        heading(out, s, &told);
        play(s, i, &told, out);
        fputs(s->report, out);
        print_drawn_line(out, &told);
        print_last_line(out, &told);
        words_close(out, &text, s->result.verdict);
    }
    list_run(s, &told);
    if (s->junit_cases != NULL)
        junit_case(s->junit_cases, &told, s->report);
    fflush(stdout);
    free(s->report);
}

static bool write_junit(struct session *s, const char *cases)
{
    const struct tally *t = &s->tally;
    FILE *f = s->junit.file;
    junit_begin(f, t->cases, t->sums.failed + t->sums.inconclusive, t->sums.skipped);
    fputs(cases, f);
    junit_end(f);
    return output_close(&s->junit, true);
}

static void summary(const struct session *s, const char *list)
{
    const struct tally *t = &s->tally;
    bool json = asked(s->request, OPT(JSON)), tap = asked(s->request, OPT(TAP));
    if (s->suite->nitems == 1 && s->suite->nerrors == 0)
        return;
    FILE *out = json ? stderr : stdout;
    for (const char *line = list; *line != 0; line += strcspn(line, "\n") + 1)
        fprintf(out, "%s%.*s\n", tap ? "# " : "", (int)strcspn(line, "\n"), line);
    const uint64_t n = t->sums.failed + t->sums.inconclusive;
    if (n > LISTED_MAX)
        fprintf(out, "%sand %" PRIu64 " more, above\n", tap ? "# " : "", n - LISTED_MAX);
    if (tap && s->request->play.without != 0)
        fputs("# ", out);
    print_not_judged(out, s->request);
    if (tap)
        fputs("# ", out);
    struct sums sums = t->sums;
    sums.failed += s->suite->nerrors;
    print_sums(out, &sums);
    if (interrupted() != INTERRUPT_NONE)
        fprintf(out, " (%s after %" PRIu64 " of %" PRIu32 ")",
                interrupted() == INTERRUPT_TIME ? "--time was over" : "interrupted", t->cases,
                s->suite->nitems);
    putc('\n', out);
}

/* Runs every item; with --bless, a file is written when the last variant of it has run. */
static int run_items(struct session *s)
{
    const struct suite *suite = s->suite;
    int code = EXIT_OK;
    s->same = same_run_begin(suite);
    for (uint32_t i = 0; i < suite->nitems && !interrupted(); i++) {
        const struct scenario *scenario = suite->items[i].scenario;
        bool last = i + 1 == suite->nitems || suite->items[i + 1].scenario != scenario;
        if (asked(s->request, OPT(BLESS)) && s->bless == NULL)
            s->bless = bless_begin(scenario);
        run_item(s, i);
        if (last)
            same_run_tell(s->same, i);
        if (s->bless != NULL && last) {
            code = exit_worse(code, bless_end(s->bless));
            s->bless = NULL;
        }
    }
    if (s->bless != NULL) { /* interrupted */
        bless_verdict(s->bless, V_INCONCLUSIVE);
        code = exit_worse(code, bless_end(s->bless));
    }
    return code;
}

int cmd_run(const struct request *q)
{
    static const char *const xml_heads[] = {"<?xml", NULL};
    if (bless_refuses(q) != EXIT_OK)
        return EXIT_USAGE;
    char *cases = NULL, *list = NULL;
    size_t size = 0, list_size = 0;
    struct suite suite;
    int code = suite_load(&suite, q);
    struct session *s = must(calloc(1, sizeof(*s)));
    bool ready = code != EXIT_INTERNAL && suite.nitems > 0;
    s->block = ready ? must_block() : NULL;
    if (ready && q->junit != NULL &&
        output_open(&s->junit, "--junit", q->junit, xml_heads) != EXIT_OK) {
        ready = false;
        code = EXIT_USAGE;
    }
    if (!ready) {
        suite_free(&suite);
        free(s);
        return code;
    }
    s->request = q;
    s->suite = &suite;
    s->list = must(open_memstream(&list, &list_size));
    tint_allow(s->list, !asked(q, OPT(TAP)) && tint_allowed(asked(q, OPT(JSON)) ? stderr : stdout));
    s->junit_cases = q->junit != NULL ? must(open_memstream(&cases, &size)) : NULL;
    if (asked(q, OPT(TAP)))
        tap_begin(stdout, suite.nitems);
    interrupt_watch("\nwavetank: stopping; once more to stop at once\n");
    if (q->time_ms > 0)
        interrupt_after(q->time_ms);
    int blessed = run_items(s);
    tint_allow(s->list, false);
    must_close(s->list);
    summary(s, list);
    free(list);
    if (s->tally.any)
        code = code == EXIT_OK ? s->tally.worst : exit_worse(code, s->tally.worst);
    if (s->tally.cases < suite.nitems)
        code = code == EXIT_OK ? EXIT_INCONCLUSIVE : exit_worse(code, EXIT_INCONCLUSIVE);
    if (blessed != EXIT_OK)
        code = exit_worse(code, blessed);
    if (s->junit_cases != NULL) {
        must_close(s->junit_cases);
        if (!write_junit(s, cases))
            code = write_failed(q->junit);
        free(cases);
    }
    same_run_end(s->same);
    suite_free(&suite);
    free(s);
    return code;
}
