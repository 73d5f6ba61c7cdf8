/* SPDX-License-Identifier: MIT */
/*
 * Options of all commands, from flags.def.
 *
 * Method: getopt_long with the rows that the command takes; unknown options are looked up among
 * them for a suggestion. Each row has one case in take(), which stores its value in the request or
 * says what is wrong with it.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../check/check.h"
#include "../lang/lex.h"
#include "cli.h"

struct row {
    const char *name;
    char letter;
    const char *argument, *help;
};
static const struct row rows[FLAGS] = {
#define FLAG(id, ...) [FLAG_##id] = {__VA_ARGS__},
#include "flags.def"
#undef FLAG
};

enum { FIRST_VALUE = 0x100, JOBS_MAX = 1024 };

/* Options of every command. */
#define COMMON (OPT(HELP) | OPT(COLOR))

const char *nearest(const char *word, const char *const *candidates)
{
    struct guess g = guess_for(word, (uint32_t)strlen(word));
    for (; *candidates != NULL; candidates++)
        guess_try(&g, *candidates, strlen(*candidates));
    return g.best;
}

static int unknown_option(const struct cli_command *c, const char *word)
{
    const char *names[FLAGS + 1];
    size_t n = 0, dashes = strspn(word, "-");
    for (int i = 0; i < FLAGS; i++)
        if ((c->flags | COMMON) & UINT64_C(1) << i)
            names[n++] = rows[i].name;
    names[n] = NULL;
    char bare[64];
    snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(word + dashes, "="), word + dashes);
    const char *near = nearest(bare, names);
    if (near != NULL && strcmp(near, bare) == 0)
        return usage_error("option '--%s' takes no value", bare);
    if (near != NULL)
        return usage_error("%s has no option '%s'; did you mean '--%s'?", c->name, word, near);
    return usage_error("%s has no option '%s'; see wavetank %s --help", c->name, word, c->name);
}

/* The word that getopt_long has just refused. It has stepped over it, but for letters behind one
 * '-' of which more follow; had it stepped over such a word, that would end in the letter. */
static const char *word_of_unknown(char **argv)
{
    const char *behind = argv[optind - 1];
    size_t len = strlen(behind);
    bool letter = optopt > 0 && optopt < FIRST_VALUE;
    bool ends_in_it = behind[0] == '-' && len > 1 && behind[len - 1] == optopt;
    return letter && !ends_in_it ? argv[optind] : behind;
}

/* ---- values ---------------------------------------------------------------------------------- */

static int take_setting(struct request *q, const char *value)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value)
        return usage_error("--set %s: expected KEY=VALUE, for example --set prevote=off", value);
    if (q->nsettings == SETTINGS_MAX)
        return usage_error("more than %d --set", SETTINGS_MAX);
    char *key = must(strndup(value, (size_t)(equals - value)));
    q->settings[q->nsettings++] = (struct setting){.key = key, .value = equals + 1};
    for (uint32_t i = 0; i + 1 < q->nsettings; i++)
        if (strcmp(q->settings[i].key, key) == 0)
            return usage_error("--set %s is given twice: %s and %s", key, q->settings[i].value,
                               equals + 1);
    return EXIT_OK;
}

void flags_free(struct request *q)
{
    for (uint32_t i = 0; i < q->nsettings; i++)
        free((char *)(uintptr_t)q->settings[i].key);
    q->nsettings = 0;
}

static int take_seeds(struct request *q, const char *value)
{
    const char *why;
    if (!seed_range_parse(value, &q->seeds, &why))
        return usage_error("--seeds %s: %s", value, why);
    return EXIT_OK;
}

static int take_shard(struct request *q, const char *value)
{
    if (!shard_parse(value, &q->shard))
        return usage_error("--shard %s: expected i/n with i from 1 to n", value);
    return EXIT_OK;
}

static int take_time(const char *name, const char *value, uint64_t unit, uint64_t *to)
{
    uint64_t ns;
    if (time_parse(value, &ns) && ns < unit && unit > 1)
        return usage_error("--%s %s: expected at least 1ms", name, value);
    if (!time_parse(value, &ns))
        return usage_error("--%s %s: expected a time with its unit, for example 10s, 150ms or 10m",
                           name, value);
    *to = ns / unit;
    return EXIT_OK;
}

static int take_count(const char *name, const char *value, uint64_t most, uint64_t *to)
{
    if (!count_parse(value, to) || *to == 0 || *to > most)
        return usage_error("--%s %s: expected a number from 1 to %llu", name, value,
                           (unsigned long long)most);
    return EXIT_OK;
}

/* 32 hex digits, and perhaps @REVISION; or a file, which is read when the run is known. */
static int take_digest(struct request *q, const char *value)
{
    char digits[33];
    const char *at = strchr(value, '@');
    snprintf(digits, sizeof(digits), "%.*s", (int)strcspn(value, "@"), value);
    bool spelled = (at == NULL ? strlen(value) : (size_t)(at - value)) == 32 &&
                   digest_parse(digits, q->digest);
    if (spelled && at != NULL && at[1] == 0)
        return usage_error("--digest %s: a revision is missing behind the @", value);
    if (spelled)
        q->digest_by = at != NULL ? at + 1 : NULL;
    else if (access(value, F_OK) == 0)
        q->digest_from = value;
    else
        return usage_error("--digest %s: expected 32 hex digits, or those and @REVISION, or a "
                           "result file", value);
    return EXIT_OK;
}

static int take_color(struct request *q, const char *value)
{
    static const char *const words[] = {"always", "auto", "never", NULL};
    q->color = value;
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(value, words[i]) == 0)
            return EXIT_OK;
    return usage_error("--color %s: expected always, auto or never", value);
}

/* state,log: what of the world is shown */
static int take_show(struct request *q, const char *value)
{
    for (const char *word = value;; word++) {
        const size_t n = strcspn(word, ",");
        uint32_t i = 0;
        while (shown_names[i] != NULL &&
               (strlen(shown_names[i]) != n || memcmp(shown_names[i], word, n) != 0))
            i++;
        if (shown_names[i] == NULL)
            return usage_error("--show %s: expected state, log, config or messages, or several "
                               "with commas", value);
        q->play.show |= UINT32_C(1) << i;
        word += n;
        if (*word == 0)
            return EXIT_OK;
    }
}

/* What --without speaks of is none, up to a comma; NULL: all are. */
static int unknown_check(const char *word)
{
    if (word == NULL)
        return EXIT_OK;
    const char *names[CHECKS_MAX + SEES + 1];
    size_t k = 0;
    for (const struct check *const *c = checks; *c != NULL; c++)
        names[k++] = (*c)->name;
    for (int sees = SEES_INSIDE; sees < SEES; sees++)
        names[k++] = check_sees_names[sees];
    names[k] = NULL;
    char *name = must(strndup(word, strcspn(word, ",")));
    const char *near = nearest(name, names);
    const int code =
        near != NULL
            ? usage_error("--without %s: there is no such check; did you mean '%s'?", name, near)
            : usage_error("--without %s: there is no such check; see wavetank list checks", name);
    free(name);
    return code;
}

static int take(struct request *q, enum flag flag, char *value)
{
    const char *name = rows[flag].name;
    switch (flag) {
    case FLAG_SEED:
        return seed_parse(value, &q->seed)
                   ? EXIT_OK
                   : usage_error("--seed %s: expected a number below 2^64, 0x hex, or a word",
                                 value);
    case FLAG_SEEDS: return take_seeds(q, value);
    case FLAG_SET: return take_setting(q, value);
    case FLAG_FROM: return take_time(name, value, 1, &q->from);
    case FLAG_TO_TIME: return take_time(name, value, 1, &q->to_time);
    case FLAG_SHOW: return take_show(q, value);
    case FLAG_CLASS: q->class_list = value; break;
    case FLAG_NODE: q->node_list = value; break;
    case FLAG_KEY: q->key = value; break;
    case FLAG_OP: q->op = value; break;
    case FLAG_GREP: q->grep = value; break;
    case FLAG_UNTIL: return take_time(name, value, 1, &q->play.until);
    case FLAG_TIME: return take_time(name, value, 1000000, &q->time_ms);
    case FLAG_SEED_TIMEOUT: return take_time(name, value, 1000000, &q->seed_timeout_ms);
    case FLAG_JOBS: return take_count(name, value, JOBS_MAX, &q->jobs);
    case FLAG_MAX_FAILURES: return take_count(name, value, UINT64_MAX, &q->max_failures);
    case FLAG_SHARD: return take_shard(q, value);
    case FLAG_DIGEST: return take_digest(q, value);
    case FLAG_VARIANT: q->variant = value; break;
    case FLAG_JUNIT: q->junit = value; break;
    case FLAG_OUT: q->out = value; break;
    case FLAG_AGAINST: q->against = value; break;
    case FLAG_OUTPUT: q->output = value; break;
    case FLAG_BY: q->by = value; break;
    case FLAG_TAPE: q->tape = value; break;
    case FLAG_SAVE_TAPE: q->save_tape = value; break;
    case FLAG_TO: q->to = value; break;
    case FLAG_CALM: q->play.calm = true; break;
    case FLAG_CHECK_EVERY_STEP: q->play.every_step = true; break;
    case FLAG_WITHOUT: return unknown_check(checks_parse(value, &q->play.without));
    case FLAG_COLOR: return take_color(q, value);
    case FLAG_RAW:
    case FLAG_TRACE:
    case FLAG_RESUME:
    case FLAG_FORCE:
    case FLAG_REQUIRE_BITES:
    case FLAG_REQUIRE_JUDGED:
    case FLAG_FAIL_ON_WORSE:
    case FLAG_JSON:
    case FLAG_TAP:
    case FLAG_BLESS:
    case FLAG_QUIET:
    case FLAG_CHECK:
    case FLAG_WRITE:
    case FLAG_MARKDOWN:
    case FLAG_HELP:
    case FLAGS: break;
    }
    return EXIT_OK;
}

/* The second value of an option that two runs have. */
static int take_other(struct request *q, enum flag flag, char *value)
{
    struct request second = {0};
    int code = take(&second, flag, value);
    if (flag == FLAG_SEED)
        q->other_seed = second.seed;
    else
        q->other_variant = second.variant;
    assert(flag == FLAG_SEED || flag == FLAG_VARIANT);
    return code;
}

/* ---- the command line ------------------------------------------------------------------------ */

static void request_default(struct request *q, const struct cli_command *c)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    memset(q, 0, sizeof(*q));
    q->command = c;
    q->shard = (struct shard){.i = 1, .n = 1};
    q->play.until = NEVER;
    q->jobs = processors > 0 ? (uint64_t)processors : 1;
    q->seed_timeout_ms = 10000;
}

/* The command's options as getopt wants them. */
static void getopt_tables(const struct cli_command *c, struct option *longs, char *shorts)
{
    *shorts++ = ':';
    for (int i = 0; i < FLAGS; i++) {
        if (!((c->flags | COMMON) & UINT64_C(1) << i))
            continue;
        *longs++ =
            (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL,
                            FIRST_VALUE + i};
        if (rows[i].letter == 0)
            continue;
        *shorts++ = rows[i].letter;
        if (rows[i].argument != NULL)
            *shorts++ = ':';
    }
    *longs = (struct option){0};
    *shorts = 0;
}

static int flag_of(int value)
{
    if (value >= FIRST_VALUE)
        return value - FIRST_VALUE;
    for (int i = 0; i < FLAGS; i++)
        if (rows[i].letter == value)
            return i;
    assert(false && "getopt returned what it was not given");
    return FLAGS;
}

int flags_parse(const struct cli_command *c, int argc, char **argv, struct request *q, bool *help)
{
    struct option longs[FLAGS + 1];
    char shorts[2 * FLAGS + 2];
    getopt_tables(c, longs, shorts);
    request_default(q, c);
    color_streams(NULL);
    opterr = 0;
    optind = 1;
    for (int value; (value = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (value == '?')
            return unknown_option(c, word_of_unknown(argv));
        if (value == ':')
            return usage_error("option '%s' needs a value", argv[optind - 1]);
        int flag = flag_of(value);
        uint64_t bit = UINT64_C(1) << flag;
        bool again = asked(q, bit) && flag != FLAG_SET && flag != FLAG_HELP;
        if (again && !(c->pairs & bit))
            return usage_error("--%s is given twice", rows[flag].name);
        if (again && (q->given_twice & bit))
            return usage_error("--%s is given three times; there are two runs", rows[flag].name);
        q->given |= bit;
        q->given_twice |= again ? bit : 0;
        int code = again ? take_other(q, (enum flag)flag, optarg)
                         : take(q, (enum flag)flag, optarg);
        if (code != EXIT_OK)
            return code;
    }
    color_streams(q->color);
    if (asked(q, OPT(QUIET)) && asked(q, OPT(TAP) | OPT(TRACE)))
        return usage_error("--quiet leaves out what passes, and %s has it told; choose one",
                           asked(q, OPT(TAP)) ? "--tap" : "--trace");
    if (asked(q, OPT(JSON)) && asked(q, OPT(TAP)))
        return usage_error("--json and --tap are two forms of the same output; choose one");
    *help = asked(q, OPT(HELP));
    q->words = argv;
    q->nwords = argc;
    q->files = argv + optind;
    q->nfiles = argc - optind;
    return EXIT_OK;
}

/* ---- help ------------------------------------------------------------------------------------ */

enum { HELP_COLUMNS = 80, OPTION_COLUMNS = 24 };

void print_words(FILE *out, int column, const char *text)
{
    for (int at = column; *text != 0;) {
        const int n = (int)strcspn(text, " ");
        if (at > column && at + 1 + n > HELP_COLUMNS) {
            fprintf(out, "\n%*s", column, "");
            at = column;
        }
        at += fprintf(out, "%s%.*s", at > column ? " " : "", n, text);
        text += n + (text[n] == ' ');
    }
    putc('\n', out);
}

void flags_help(FILE *out, const struct cli_command *c)
{
    for (int i = 0; i < FLAGS; i++) {
        if (!((c->flags | COMMON) & UINT64_C(1) << i))
            continue;
        char left[64], letter[8] = "";
        if (rows[i].letter != 0)
            snprintf(letter, sizeof(letter), "-%c, ", rows[i].letter);
        snprintf(left, sizeof(left), "%s--%s%s%s", letter, rows[i].name,
                 rows[i].argument ? " " : "",
                 rows[i].argument ? rows[i].argument : "");
        fprintf(out, "  %-*s ", OPTION_COLUMNS, left);
        print_words(out, OPTION_COLUMNS + 3, rows[i].help);
    }
}
