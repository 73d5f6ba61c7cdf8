/* SPDX-License-Identifier: MIT */
/*
 * wavetank replay. Method: a seed is replayed by running it; a tape by running its scenario over
 * the all-zero base with its exceptions; and a tape is written by watching which draws of a seed
 * are not zero. All three are one run with other draws behind the door. What the digest must be,
 * and which revision said so, comes from --digest: spelled there, or looked up in a result file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../run/tape.h"
#include "../trace/sink.h"
#include "../world/looks.h"
#include "cli.h"
#include "results.h"
#include "version.h"
#include "which.h"

/* ---- a run with a choice of draws ------------------------------------------------------------ */

/* What --digest asks for. */
struct expected {
    unsigned char digest[16];
    char revision[REVISION_BYTES]; /* that gave it; "" where it is not known */
    bool found;                    /* in a result file */
};

struct replay {
    const struct request *request;
    struct item item;
    struct run run;
    struct expected expected;
    struct tape *recording; /* NULL: nothing is recorded */
    struct output tape;     /* where it goes */
    bool out_of_memory;
    bool tape_looks;        /* it says check-every-step itself */
    char drawn[SCENARIO_DRAWN_BYTES]; /* for the tape's settings */
    struct result result;
};

static void record_draw(void *ctx, const struct exception *e)
{
    struct replay *r = ctx;
    if (!tape_add(r->recording, e))
        r->out_of_memory = true;
}

static void replay_run(struct replay *r, struct which *which, struct arena *block)
{
    const struct request *q = r->request;
    struct run run = r->run;
    struct tracing tracing = {.sink = sink_by_name("text"), .which = which};
    tracing.out = run.play.say = asked(q, OPT(JSON)) ? stderr : stdout;
    if (asked(q, OPT(TRACE))) {
        run.listener = tracing_listen;
        run.listener_ctx = &tracing;
    }
    if (r->recording != NULL)
        draw_watch_set(record_draw, r);
    run_once(&run, block, &r->result);
    draw_watch_set(NULL, NULL);
    r->result.looked_closer &= !r->tape_looks;
    if (asked(q, OPT(TRACE)))
        which_tell(which, q);
}

/* By ^C or kill, before it had a verdict. */
static bool was_ended(const struct result *r)
{
    return r->verdict == V_INCONCLUSIVE && strcmp(r->check, "interrupted") == 0;
}

static bool save_tape(struct replay *r)
{
    if (was_ended(&r->result)) { /* a tape of the beginning would play on, and differently */
        output_close(&r->tape, false);
        fprintf(stderr, "wavetank: note: the run was ended; %s is not written\n",
                r->request->save_tape);
        return true;
    }
    bool ok = !r->out_of_memory && tape_write_text(r->tape.file, r->recording);
    if (r->out_of_memory)
        errno = ENOMEM;
    ok = output_close(&r->tape, ok) && ok;
    if (!ok)
        write_failed(r->request->save_tape);
    return ok;
}

static void tell_digest(FILE *out, const char *what, const unsigned char digest[16],
                        const char *revision)
{
    fprintf(out, "  %-8s ", what);
    print_digest(out, digest);
    fprintf(out, revision[0] != 0 ? ", by revision %s\n" : "\n", revision);
}

/* The digest is another than the expected one. */
static void tell_other_digest(FILE *out, const struct expected *e, const struct told *told,
                              struct result *result)
{
    const char *why = e->revision[0] == 0 ? "which revision gave the expected one is not known"
                                          : "of one of the two the revision is not known";
    const bool known = e->revision[0] != 0 && strcmp(e->revision, "unknown") != 0 &&
                       strcmp(WT_REVISION, "unknown") != 0;
    if (known && strcmp(e->revision, WT_REVISION) == 0)
        why = "the same revision; look at the scenario, its settings and the compiler, then at the "
              "program";
    else if (known)
        why = "two revisions; a seed or a tape is sure to give the same run only within one";
    tell_digest(out, "expected", e->digest, e->revision);
    tell_digest(out, "here", result->digest, WT_REVISION);
    fprintf(out, "  %s\n", why);
    if (known && strcmp(e->revision, WT_REVISION) == 0)
        suggest_diff(out, told);
    result->verdict = V_NONDETERMINISM;
    snprintf(result->check, sizeof(result->check), "determinism");
    snprintf(result->detail, sizeof(result->detail),
             "the digest is not the one that --digest names: expected by revision %s, here %s",
             e->revision[0] != 0 ? e->revision : "unknown", WT_REVISION);
}

/* Compares digests, tells the result, returns the exit code. */
static int replay_tell(struct replay *r, struct arena *block)
{
    const struct request *q = r->request;
    struct result *result = &r->result;
    struct told told = told_of(&r->item, q, result);
    FILE *out = asked(q, OPT(JSON)) ? stderr : stdout;
    bool failed = result->verdict == V_SAFETY || result->verdict == V_EXPECTATION ||
                  result->verdict == V_LIVENESS;
    if (asked(q, OPT(DIGEST)) && !was_ended(result) &&
        memcmp(r->expected.digest, result->digest, sizeof(result->digest)) != 0) {
        tell_other_digest(out, &r->expected, &told, result);
    } else if (failed && !print_failure(out, &r->run, &told, block)) {
        result->verdict = V_NONDETERMINISM;
        snprintf(result->check, sizeof(result->check), "determinism");
    } else if (result->verdict == V_ERROR) {
        print_where(out, r->run.scenario, &told);
    } else if (!failed && result->detail[0] != 0) {
        fprintf(out, "  %s\n", result->detail);
    }
    if (asked(q, OPT(JSON))) {
        json_run(stdout, &told);
    } else {
        print_drawn_line(stdout, &told);
        print_last_line(stdout, &told);
    }
    /* who looks at a run until then has seen what there is to see */
    if (asked(q, OPT(TRACE) | OPT(SHOW)) && result->verdict == V_INCONCLUSIVE &&
        strcmp(result->check, "until") == 0)
        return EXIT_OK;
    return verdict_exit(result->verdict);
}

/* A tape has no seed, so that what the seed drew of the scenario is set. */
static bool pin_drawn(struct replay *r, struct tape *tape)
{
    scenario_drawn(r->run.scenario, r->run.variant, r->drawn);
    for (char *save = NULL, *word = strtok_r(r->drawn, " ", &save); word != NULL;
         word = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(word, '=');
        struct setting pin = {.key = word, .value = equals + 1};
        *equals = 0;
        if (is_set(r->request, pin.key, pin.value))
            continue;
        if (tape->nsettings == TAPE_SETTINGS_MAX) {
            usage_error("--save-tape: more than %d settings and draws", TAPE_SETTINGS_MAX);
            return false;
        }
        tape->settings[tape->nsettings++] = pin;
    }
    return true;
}

static int replay_do(struct replay *r)
{
    const struct request *q = r->request;
    struct tape recording = {0};
    struct arena *block = must_block();
    struct which which;
    interrupt_watch("\nwavetank: stopping; once more to stop at once\n");
    r->run.play.interrupt = interrupt_flag();
    if (which_find(&which, q, &r->run, block) != EXIT_OK) {
        which_free(&which);
        return EXIT_USAGE;
    }
    if (q->save_tape != NULL) {
        static const char *const heads[] = {TAPE_WORD, NULL};
        size_t len;
        if (output_open(&r->tape, "--save-tape", q->save_tape, heads) != EXIT_OK) {
            which_free(&which);
            return EXIT_USAGE;
        }
        recording.revision = (char *)(uintptr_t)WT_REVISION;
        recording.calm = r->run.play.calm;
        recording.every_step = r->run.play.every_step || seed_looks_always(r->run.seed);
        recording.without = r->run.play.without;
        recording.until = r->run.play.until != NEVER ? r->run.play.until : 0;
        recording.scenario = (char *)(uintptr_t)item_path(&r->item);
        recording.variant = (char *)(uintptr_t)item_variant(&r->item);
        memcpy(recording.settings, q->settings, sizeof(recording.settings));
        recording.nsettings = q->nsettings;
        if (!pin_drawn(r, &recording)) {
            which_free(&which);
            output_close(&r->tape, false);
            return EXIT_USAGE;
        }
        recording.text = (char *)(uintptr_t)scenario_text(r->item.scenario, &len);
        recording.text_len = len;
        r->recording = &recording;
    }
    replay_run(r, &which, block);
    which_free(&which);
    bool saved = q->save_tape == NULL || save_tape(r);
    tape_free(&recording);
    int code = replay_tell(r, block);
    return saved ? code : EXIT_INTERNAL;
}

/* ---- tapes ----------------------------------------------------------------------------------- */

/* Raw bytes as a tape: the fixed world's text is borrowed. */
static void raw_tape(struct tape *t, const char *data, size_t len)
{
    static char no_variant[] = "";
    struct exception *all = must(malloc(RAW_EXCEPTIONS_MAX * sizeof(*all)));
    uint32_t world;
    memset(t, 0, sizeof(*t));
    t->n = tape_decode_raw((const uint8_t *)data, len, &world, all, RAW_EXCEPTIONS_MAX);
    t->exceptions = all;
    t->scenario = (char *)(uintptr_t)fixed_worlds[world].name;
    t->revision = t->variant = no_variant;
    t->text = (char *)(uintptr_t)fixed_worlds[world].text;
    t->text_len = strlen(t->text);
}

/* What else the tape says of how it is played, and by whom it was made. */
static void take_tapes_play(struct replay *r, const struct tape *t)
{
    struct play *play = &r->run.play;
    play->calm = play->calm || t->calm;
    play->without |= t->without;
    play->every_step = play->every_step || t->every_step;
    r->tape_looks = t->every_step;
    if (t->until != 0 && play->until == NEVER)
        play->until = t->until;
    if (r->expected.revision[0] == 0)
        snprintf(r->expected.revision, sizeof(r->expected.revision), "%s", t->revision);
    if (t->revision[0] != 0 && strcmp(t->revision, WT_REVISION) != 0)
        fprintf(stderr, "wavetank: note: the tape was made by revision %s, this is %s\n",
                t->revision, WT_REVISION);
}

/* Reads the tape in whichever form it is; *text: it was in words. */
static bool read_tape(const struct request *q, struct tape *tape, const char *data, size_t len,
                      bool *text)
{
    bool raw = asked(q, OPT(RAW));
    *text = !raw && tape_is_text(data, len);
    if (*text)
        return tape_read_text(tape, q->tape, data, len, stderr);
    if (!raw && tape_is_other_text(data, len)) {
        tape_tell_other_text(q->tape, data, len, stderr);
        return false;
    }
    raw_tape(tape, data, len);
    fprintf(stderr, "wavetank: %s is no text tape; its bytes are read as a fuzzer's: %s, %" PRIu64
            " exceptions\n", q->tape, tape->scenario, (uint64_t)tape->n);
    return true;
}

/* The run of a tape's scenario; false: the tape speaks of nodes or clients that it has not. */
static bool tape_run(struct replay *r, const struct scenario *s, const struct tape *tape, bool text,
                     const char *data, size_t len)
{
    r->item.scenario = s;
    r->run = item_run(&r->item, r->request, 0);
    return !text || tape_fits(tape, scenario_plan(r->run.scenario, r->item.variant),
                              r->request->tape, data, len, stderr);
}

static int replay_tape(struct replay *r)
{
    const struct request *q = r->request;
    size_t len;
    struct tape tape = {0};
    bool text;
    char *data = read_whole(q->tape, &len);
    if (data == NULL)
        return usage_error("cannot read %s: %s", q->tape, strerror(errno));
    errno = 0;
    bool ok = read_tape(q, &tape, data, len, &text);
    int code = EXIT_USAGE;
    struct scenario *s = NULL;
    if (ok)
        s = scenario_read(&(struct scenario_input){.path = tape.scenario,
                                                   .text = tape.text,
                                                   .len = tape.text_len,
                                                   .settings = tape.settings,
                                                   .nsettings = tape.nsettings,
                                                   .variant = tape.variant,
                                                   .err = stderr});
    if (s == NULL && errno == ENOMEM) /* of a tape that was not read, a message is out */
        code = ok ? out_of_memory_error() : EXIT_INTERNAL;
    if (s != NULL && !scenario_variant_find(s, tape.variant, &r->item.variant))
        usage_error(tape.variant[0] != 0
                        ? "%s: the scenario has no variant '%s'"
                        : "%s: it names no variant%s, and the scenario has several",
                    q->tape, tape.variant);
    else if (s != NULL && tape_run(r, s, &tape, text, data, len)) {
        take_tapes_play(r, &tape);
        r->run.zero_base = true;
        r->run.exceptions = tape.exceptions;
        r->run.nexceptions = tape.n;
        code = replay_do(r);
    }
    scenario_free(s);
    tape_free(&tape);
    free(data);
    return code;
}

/* ---- the digest that it must have ------------------------------------------------------------ */

struct search {
    struct replay *replay;
    char settings[SETTINGS_BYTES], revision[REVISION_BYTES];
    char header[SETTINGS_BYTES]; /* settings of the lines that follow */
    bool other_text;    /* it was found, as a run of another text */
};

/* A replay line pins what the seed drew, which was not set then. */
static void leave_out(char *settings, const char *drawn)
{
    char words[SETTINGS_BYTES], all[SCENARIO_DRAWN_BYTES + 2], *save = NULL;
    snprintf(words, sizeof(words), "%s", settings);
    snprintf(all, sizeof(all), " %s ", drawn);
    settings[0] = 0;
    for (char *w = strtok_r(words, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
        char apart[SETTINGS_BYTES + 2];
        snprintf(apart, sizeof(apart), " %s ", w);
        size_t n = strlen(settings);
        if (strstr(all, apart) == NULL)
            snprintf(settings + n, SETTINGS_BYTES - n, "%s%s", n > 0 ? " " : "", w);
    }
}

static bool same_settings(const struct search *s, const char *drawn)
{
    char then[SETTINGS_BYTES], now[SETTINGS_BYTES];
    snprintf(then, sizeof(then), "%s", s->header);
    snprintf(now, sizeof(now), "%s", s->settings);
    if (drawn[0] != 0) {
        leave_out(then, drawn);
        leave_out(now, drawn);
    }
    return strcmp(then, now) == 0;
}

static void search_line(void *ctx, const struct result_line *l)
{
    struct search *s = ctx;
    struct replay *r = s->replay;
    if (l->header) {
        snprintf(s->header, sizeof(s->header), "%s", l->settings);
        snprintf(s->revision, sizeof(s->revision), "%s", l->revision);
        return;
    }
    if (l->result.seed != r->run.seed || !same_settings(s, l->result.drawn) ||
        !json_reads_as(item_path(&r->item), l->path) ||
        !json_reads_as(item_variant(&r->item), l->variant) || l->result.verdict == V_LOST)
        return;
    if (l->text != scenario_hash(r->item.scenario)) {
        s->other_text = true;
        return;
    }
    r->expected.found = true;
    memcpy(r->expected.digest, l->result.digest, sizeof(r->expected.digest));
    memcpy(r->expected.revision, s->revision, sizeof(r->expected.revision));
}

/* Looks this run up in the result file that --digest names. */
static int search_results(struct replay *r)
{
    const struct request *q = r->request;
    struct search s = {.replay = r};
    settings_text(q, s.settings);
    if (q->digest_from == NULL)
        return EXIT_OK;
    int code = results_read(q->digest_from, search_line, &s);
    if (code != EXIT_OK)
        return code;
    if (!r->expected.found && s.other_text)
        return usage_error("--digest %s: %s has changed since that was written", q->digest_from,
                           item_path(&r->item));
    if (!r->expected.found)
        return usage_error("--digest %s: it has no run of %s%s%s with seed 0x%" PRIx64 "%s%s",
                           q->digest_from, item_path(&r->item),
                           item_variant(&r->item)[0] ? " " : "", item_variant(&r->item),
                           r->run.seed, s.settings[0] ? " and " : "", s.settings);
    return EXIT_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int replay_seed(struct replay *r)
{
    const struct request *q = r->request;
    struct suite suite;
    int code = suite_load_one(&suite, q);
    if (code == EXIT_OK) {
        r->item = suite.items[0];
        r->run = item_run(&r->item, q, q->seed);
        code = search_results(r);
        code = code == EXIT_OK ? replay_do(r) : code;
    }
    suite_free(&suite);
    return code;
}

int cmd_replay(const struct request *q)
{
    bool tape = q->tape != NULL;
    if (tape && (q->nfiles > 0 || asked(q, OPT(SEED) | OPT(VARIANT) | OPT(SET))))
        return usage_error("a tape holds its own scenario, variant and settings: replay --tape "
                           "FILE, and no --seed, --variant or --set");
    if (tape && q->digest_from != NULL)
        return usage_error("--digest %s: a tape's run stands in no result file; write 32 hex "
                           "digits",
                           q->digest_from);
    if (asked(q, WHICH_OPTIONS) && !asked(q, OPT(TRACE)))
        return usage_error("--from, --to-time, --class, --node, --key, --op and --grep choose "
                           "among the lines of --trace");
    if (!tape && asked(q, OPT(RAW)))
        return usage_error("--raw says how a tape is read: replay --tape FILE --raw");
    if (!tape && (q->nfiles != 1 || !asked(q, OPT(SEED))))
        return usage_error("replay needs FILE --seed S, or --tape FILE");
    struct replay *r = must(calloc(1, sizeof(*r)));
    r->request = q;
    memcpy(r->expected.digest, q->digest, sizeof(q->digest));
    snprintf(r->expected.revision, sizeof(r->expected.revision), "%s",
             q->digest_by != NULL ? q->digest_by : "");
    int code = tape ? replay_tape(r) : replay_seed(r);
    free(r);
    return code;
}
