/* SPDX-License-Identifier: MIT */
/*
 * What is told of a run in words: the last line, the command that replays it, and the long form of
 * a failure.
 *
 * Method: a run keeps no trace. Whatever a failure needs to show is made by running the seed once
 * more with a listener, which the determinism of the world makes free; should the second run have
 * another digest, that is the graver finding and is told instead.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../trace/sink.h"
#include "../trace/text.h"
#include "cli.h"
#include "story.h"
#include "version.h"
#include "which.h"

/* ---- one line -------------------------------------------------------------------------------- */

/* 3.412s */
static void print_time(FILE *out, uint64_t ns)
{
    fprintf(out, "%" PRIu64 ".%03" PRIu64 "s", ns / 1000000000, ns / 1000000 % 1000);
}

void print_shell_word(FILE *out, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (word[0] != 0 && word[strspn(word, plain)] == 0) {
        fputs(word, out);
        return;
    }
    putc('\'', out);
    for (; *word != 0; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            putc(*word, out);
    }
    putc('\'', out);
}

void print_command(FILE *out, const struct request *q)
{
    print_shell_word(out, q->program);
    for (int i = 0; i < q->nwords; i++) {
        putc(' ', out);
        print_shell_word(out, q->words[i]);
    }
}

/* A file as an operand: none that begins with a dash is taken for an option. */
static void print_operand(FILE *out, const char *path)
{
    char *dotted = NULL;
    if (path[0] == '-' && path[1] != 0) {
        dotted = must(malloc(strlen(path) + sizeof("./")));
        sprintf(dotted, "./%s", path);
    }
    print_shell_word(out, dotted != NULL ? dotted : path);
    free(dotted);
}

static void print_setting(FILE *out, const struct setting *s)
{
    char *word = must(malloc(strlen(s->key) + strlen(s->value) + sizeof("=")));
    sprintf(word, "%s=%s", s->key, s->value);
    fputs(" --set ", out);
    print_shell_word(out, word);
    free(word);
}

bool is_set(const struct request *q, const char *key, const char *value)
{
    for (uint32_t i = 0; i < q->nsettings; i++)
        if (strcmp(q->settings[i].key, key) == 0 && strcmp(q->settings[i].value, value) == 0)
            return true;
    return false;
}

/* What the seed drew, pinned: a later text of the file may draw otherwise. */
static void print_pins(FILE *out, const struct request *q, const char *drawn)
{
    char words[SCENARIO_DRAWN_BYTES], *save = NULL;
    snprintf(words, sizeof(words), "%s", drawn);
    for (char *word = strtok_r(words, " ", &save); word != NULL;
         word = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(word, '=');
        if (equals == NULL)
            continue;
        *equals = 0;
        if (!is_set(q, word, equals + 1))
            print_setting(out, &(struct setting){.key = word, .value = equals + 1});
    }
}

static void print_without(FILE *out, const struct request *q)
{
    char names[CHECKS_TEXT];
    if (q->play.without != 0)
        fprintf(out, " --without %s", checks_text(q->play.without, names));
}

void print_not_judged(FILE *out, const struct request *q)
{
    char names[CHECKS_TEXT];
    if (q->play.without != 0)
        fprintf(out, "%sNOT JUDGED%s by %s: --without\n", tint(out, TINT_DOUBT),
                tint(out, TINT_NONE), checks_text(q->play.without, names));
}

void print_replay(FILE *out, const struct told *t)
{
    const struct request *q = t->request;
    print_operand(out, q->program);
    fputs(" replay ", out);
    if (q->tape != NULL) {
        fputs("--tape ", out);
        print_operand(out, q->tape);
        fputs(asked(q, OPT(RAW)) ? " --raw" : "", out);
    } else {
        print_operand(out, t->path);
    }
    if (q->tape == NULL && t->variant[0] != 0) {
        fputs(" --variant ", out);
        print_shell_word(out, t->variant);
    }
    for (uint32_t i = 0; i < q->nsettings; i++)
        print_setting(out, &q->settings[i]);
    if (q->tape == NULL)
        print_pins(out, q, t->result->drawn);
    if (q->play.calm)
        fputs(" --calm", out);
    print_without(out, q);
    if (t->result->looked_closer)
        fputs(" --check-every-step", out);
    if (q->play.until != NEVER)
        fprintf(out, " --until %" PRIu64 "ns", q->play.until);
    if (q->tape == NULL)
        fprintf(out, " --seed 0x%" PRIx64, t->result->seed);
}

char *replay_text(const struct told *t)
{
    char *text = NULL;
    size_t size;
    FILE *f = must(open_memstream(&text, &size));
    print_replay(f, t);
    must_close(f);
    return text;
}

/* How many bytes of a command its first word takes, as a POSIX shell reads it. */
static size_t first_word(const char *command)
{
    bool quoted = false;
    size_t n = 0;
    for (; command[n] != 0 && (quoted || command[n] != ' '); n++) {
        if (command[n] == '\'')
            quoted = !quoted;
        else if (command[n] == '\\' && !quoted && command[n + 1] != 0)
            n++;
    }
    return n;
}

void print_diff(FILE *out, const char *replay, uint64_t seed)
{
    static const char word[] = " replay ";
    const size_t program = first_word(replay), known = sizeof(word) - 1;
    if (strncmp(replay + program, word, known) == 0)
        fprintf(out, "%.*s diff %s --seed 0x%" PRIx64, (int)program, replay,
                replay + program + known, seed);
}

/* Settings too long for a header are cut, and end in the hash of all of them. */
void settings_text(const struct request *q, char out[SETTINGS_BYTES])
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = must(open_memstream(&text, &n));
    for (uint32_t i = 0; i < q->nsettings; i++)
        fprintf(f, " %s=%s", q->settings[i].key, q->settings[i].value);
    if (q->play.calm)
        fputs(" --calm", f);
    print_without(f, q);
    if (q->play.until != NEVER)
        fprintf(f, " --until %" PRIu64 "ns", q->play.until);
    must_close(f);
    const char *words = text + (n > 0);
    if (n < SETTINGS_BYTES)
        snprintf(out, SETTINGS_BYTES, "%s", words);
    else
        snprintf(out, SETTINGS_BYTES, "%.480s... %016" PRIx64, words,
                 (uint64_t)XXH3_64bits(text, n));
    free(text);
}

static enum tint verdict_tint(int verdict)
{
    if (verdict == V_PASS)
        return TINT_GOOD;
    return verdict == V_SKIP || verdict == V_INCONCLUSIVE ? TINT_DOUBT : TINT_BAD;
}

bool failed(int verdict)
{
    return verdict != V_PASS && verdict != V_SKIP && verdict != V_INCONCLUSIVE;
}

void sums_add(struct sums *s, int verdict)
{
    s->passed += verdict == V_PASS;
    s->skipped += verdict == V_SKIP;
    s->inconclusive += verdict == V_INCONCLUSIVE;
    s->failed += failed(verdict);
}

void print_sums(FILE *out, const struct sums *s)
{
    const char *good = s->failed + s->inconclusive == 0 ? tint(out, TINT_GOOD) : "";
    const char *bad = s->failed > 0 ? tint(out, TINT_BAD) : "", *none = tint(out, TINT_NONE);
    fprintf(out, "%s%" PRIu64 " passed%s, %s%" PRIu64 " failed%s", good, s->passed,
            *good ? none : "", bad, s->failed, *bad ? none : "");
    if (s->inconclusive > 0)
        fprintf(out, ", %s%" PRIu64 " inconclusive%s", tint(out, TINT_DOUBT), s->inconclusive,
                none);
    fprintf(out, ", %" PRIu64 " skipped", s->skipped);
}

void print_kind(FILE *out, int verdict, const char *check)
{
    bool expectation = verdict == V_EXPECTATION && check[0] != 0;
    fprintf(out, "%s%s%s", tint(out, verdict_tint(verdict)),
            expectation ? check : verdict_name(verdict), tint(out, TINT_NONE));
    if (check[0] != 0 && !expectation)
        fprintf(out, " %s", check);
}

void print_drawn_line(FILE *out, const struct told *t)
{
    if (t->result->drawn[0] != 0 && t->request->tape == NULL)
        fprintf(out, "  drawn: %s\n", t->result->drawn);
}

void print_last_line(FILE *out, const struct told *t)
{
    const struct result *r = t->result;
    fputs(tint(out, verdict_tint(r->verdict)), out);
    if (r->verdict == V_PASS)
        fputs("PASS", out);
    else if (r->verdict == V_SKIP)
        fputs("SKIP", out);
    else if (r->verdict == V_INCONCLUSIVE)
        fputs("INCONCLUSIVE", out);
    else
        fprintf(out, "FAIL %s", r->check[0] != 0 ? r->check : verdict_name(r->verdict));
    fputs(tint(out, TINT_NONE), out);
    if (t->request->tape != NULL) {
        fputs(" tape=", out);
        print_operand(out, t->request->tape);
    } else {
        fprintf(out, " seed=0x%" PRIx64, r->seed);
    }
    fputs(" digest=", out);
    print_digest(out, r->digest);
    fputs(" time=", out);
    print_time(out, r->simulated_ns);
    fprintf(out, " events=%" PRIu64, r->count.events);
    if (r->verdict != V_PASS && r->verdict != V_SKIP) {
        fputs(" replay: ", out);
        print_replay(out, t);
    }
    putc('\n', out);
}

/* ---- a failure ------------------------------------------------------------------------------- */

static void print_violations(FILE *out, const struct result *r)
{
    for (uint32_t i = 0; i < r->nviolations; i++) {
        const struct violation *v = &r->violation[i];
        fprintf(out, "  %sbroken:%s %s: %s\n", tint(out, TINT_BAD), tint(out, TINT_NONE),
                checks[v->check]->name, checks[v->check]->rule);
        fprintf(out, "    %s\n", v->detail);
    }
}

/* "seed 0x2a", or which tape it was. */
static void print_source(FILE *out, const struct told *t)
{
    if (t->request->tape != NULL)
        fprintf(out, "tape %s", t->request->tape);
    else
        fprintf(out, "seed 0x%" PRIx64, t->result->seed);
}

void print_where(FILE *out, const struct scenario *scenario, const struct told *t)
{
    const struct result *r = t->result;
    struct ending end;
    fprintf(out, "%s%s", r->where, r->where[0] != 0 ? ": " : "");
    if (r->verdict == V_ERROR)
        fprintf(out, "%serror:%s %s (at ", tint(out, TINT_BAD), tint(out, TINT_NONE), r->detail);
    else
        fprintf(out, "%sFAILED%s at ", tint(out, TINT_BAD), tint(out, TINT_NONE));
    print_time(out, r->simulated_ns);
    fputs(r->verdict == V_ERROR ? " of " : " (", out);
    print_source(out, t);
    if (r->verdict == V_ERROR)
        fputs(")\n", out);
    else
        fprintf(out, "): %s\n", r->detail);
    memcpy(end.where, r->where, sizeof(end.where));
    memcpy(end.via, r->via, sizeof(end.via));
    scenario_show(scenario, &end, out);
}

/* Of the golden block at which a run fails: what it says, and what happened. */
struct golden_report {
    FILE *out;
    const char *path;
};

static void golden_tell(void *ctx, const struct golden *g)
{
    const struct golden_report *r = ctx;
    if (g->same || !g->judged)
        return;
    fprintf(r->out, "  the golden block (-), and what happened (+):\n");
    print_unified(r->out, g->want, g->want_n, g->seen, g->seen_n);
    fprintf(r->out, "  if it is right so: wavetank run ");
    print_shell_word(r->out, r->path);
    fprintf(r->out, " --bless\n");
}

void suggest_diff(FILE *out, const struct told *t)
{
    if (t->request->tape != NULL)
        return;
    char *replay = replay_text(t);
    fputs("  where two runs of it part: ", out);
    print_diff(out, replay, t->result->seed);
    if (t->request->play.every_step && !t->result->looked_closer)
        fputs(" --check-every-step", out); /* not in the replay line, where nothing hung on it */
    putc('\n', out);
    free(replay);
}

bool print_failure(FILE *out, const struct run *run, const struct told *told, struct arena *block)
{
    const struct result *r = told->result;
    static struct result again; /* some 20 kB, and never two at a time */
    print_where(out, run->scenario, told);
    struct run second = *run;
    second.play.say = NULL;
    struct golden_report golden = {out, told->path};
    second.play.golden = golden_tell;
    second.play.golden_ctx = &golden;
    struct story *story = story_make(&second, r, block, &again);
    bool cut = again.verdict == V_INCONCLUSIVE && strcmp(again.check, "interrupted") == 0;
    bool same = cut || memcmp(again.digest, r->digest, sizeof(again.digest)) == 0;
    if (cut) {
        fputs("  ended before it was run again to show more\n", out);
    } else if (same) {
        print_violations(out, r);
        story_print(out, story, r);
    } else {
        fprintf(out, "  the same %s run again has another digest: ",
                told->request->tape != NULL ? "tape" : "seed");
        print_digest(out, again.digest);
        fputs("\n", out);
        suggest_diff(out, told);
    }
    story_free(story);
    return same;
}

/* ---- a whole trace --------------------------------------------------------------------------- */

void tracing_listen(void *ctx, const struct world *w, const struct record *r)
{
    struct tracing *t = ctx;
    if (!t->begun)
        t->sink->begin(t->out, w, t->header);
    t->begun = true;
    if (t->which == NULL || which_takes(t->which, w, r))
        t->sink->record(t->out, w, r);
}

bool print_trace(FILE *out, const char *sink, struct which *which, const struct run *run,
                 const struct told *told, struct arena *block, struct result *result)
{
    char settings[SETTINGS_BYTES], drawn[SCENARIO_DRAWN_BYTES];
    const struct trace_header header = {WT_REVISION, WT_COMPILER, told->path, told->variant,
                                        settings,    drawn,       run->seed};
    struct tracing t = {
        .sink = sink_by_name(sink), .out = out, .header = &header, .which = which};
    settings_text(told->request, settings);
    scenario_drawn(run->scenario, run->variant, drawn);
    assert(t.sink != NULL);
    struct run heard = *run;
    heard.listener = tracing_listen;
    heard.listener_ctx = &t;
    run_once(&heard, block, result);
    if (t.begun)
        t.sink->end(out);
    return fflush(out) == 0 && !ferror(out);
}
