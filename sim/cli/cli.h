/* SPDX-License-Identifier: MIT */
/*
 * The command line: one row of commands.def and one file cmd_NAME.c a command; one row of flags.def
 * an option. Help, usage errors and suggestions come from these two tables.
 *
 * Data goes to stdout, progress and notes to stderr. Every command returns an exit code
 * (run/result.h); only must() ends the program.
 */
#ifndef WT_CLI_H
#define WT_CLI_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../base/tint.h"
#include "../lang/scenario.h"
#include "../run/result.h"
#include "../run/run.h"

/* ---- tables ---------------------------------------------------------------------------------- */

enum flag {
#define FLAG(id, ...) FLAG_##id,
#include "flags.def"
#undef FLAG
    FLAGS
};

/* Options as a set: OPT(SEED) | OPT(SET). */
#define OPT(id) (UINT64_C(1) << FLAG_##id)
/* Those that choose lines of a trace (which.h). */
#define WHICH_OPTIONS \
    (OPT(FROM) | OPT(TO_TIME) | OPT(CLASS) | OPT(NODE) | OPT(KEY) | OPT(OP) | OPT(GREP))
_Static_assert(FLAGS <= 64, "a bit of a word for each option");

struct request;
struct cli_command {
    const char *name, *synopsis, *help;
    uint64_t flags;                     /* the options it takes: OPT(...) or-ed */
    uint64_t pairs;                     /* of them, those that may be given twice, for two runs */
    int (*run)(const struct request *);
};
extern const struct cli_command cli_commands[];    /* ends with a NULL name */

/* ---- what was asked -------------------------------------------------------------------------- */

enum { SETTINGS_MAX = 64, REVISION_BYTES = 128 };

struct seed_range { uint64_t first, count; };   /* seeds first .. first + count - 1, modulo 2^64 */
struct shard { uint64_t i, n; };                /* 1..n of n */

/* Every option of every command; what was not given is zero, but where said. */
struct request {
    const struct cli_command *command;
    uint64_t given, given_twice;       /* OPT(...) or-ed */
    uint64_t seed, other_seed;         /* other: what was given the second time */
    struct seed_range seeds;
    struct shard shard;                /* 1 of 1 unless given */
    const char *variant, *other_variant;
    struct setting settings[SETTINGS_MAX];
    uint32_t nsettings;
    const char *color;                 /* NULL: auto */
    uint64_t from, to_time;            /* simulated ns */
    const char *class_list, *node_list, *key, *op, *grep;    /* NULL: not asked for */
    struct play play;                  /* until: NEVER unless given */
    const char *junit, *out, *output, *tape, *save_tape, *to, *by, *against;
    unsigned char digest[16];
    const char *digest_by;             /* the revision that gave it, as in D@REVISION; NULL:
                                          not said */
    const char *digest_from;           /* the result file in which it stands; NULL: it is spelled */
    uint64_t jobs;                     /* the machine's processors unless given */
    uint64_t time_ms, seed_timeout_ms; /* wall clock; 0: no bound, 10 s */
    uint64_t max_failures;             /* 0: no bound */
    char **files;                      /* what is not an option */
    int nfiles;
    const char *program;               /* as it was called */
    char **words;                      /* of the command line, from the command on */
    int nwords;
};
static inline bool asked(const struct request *q, uint64_t any) { return (q->given & any) != 0; }

/* --set KEY=VALUE was given. */
bool is_set(const struct request *, const char *key, const char *value);

/* Reads argv[1..] of a command. EXIT_OK, or EXIT_USAGE after a message; *help: --help was asked
 * for. Strings stay argv's, but for the keys of --set, which flags_free frees, after either. */
int flags_parse(const struct cli_command *, int argc, char **argv, struct request *, bool *help);
void flags_free(struct request *);
void flags_help(FILE *, const struct cli_command *);
/* Words in lines of at most 80 columns, and a newline. The first line begins where the stream
 * stands, at this column (from 0), and the others below it. */
void print_words(FILE *, int column, const char *text);
/* What an option has written: to a temporary file beside, which takes the name when it is
 * whole. */
struct output { FILE *file; char *path, *temporary; };
/* Opens what an option ("--junit") names. A file that is there is replaced only where it is empty
 * or begins as one of `heads`, which end with NULL. EXIT_OK; EXIT_USAGE after a message: the caller
 * ends before it runs anything. */
int output_open(struct output *, const char *option, const char *path, const char *const *heads);
/* Whole, to be kept; or as it was before. False: it is not kept, and errno says why. */
bool output_close(struct output *, bool keep);
struct stat;
int standard_stream(const struct stat *);   /* 1 or 2: the one that goes to this file; -1: none */
/* A regular file, and none that a standard stream goes to: it may be renamed over. */
bool is_plain_file(const struct stat *);
char *file_name(const char *path);          /* what a symbolic link points to; to be freed */
/* A whole file in memory, to be freed ("-": standard input). NULL: errno says why; EFBIG: over
 * 64 MiB. */
char *read_whole(const char *path, size_t *len);
/* Writes a file anew, in one step: to a temporary file beside it, which then takes its name, its
 * mode kept. False, and the file as it was, where anything fails: errno says why. */
bool rewrite(const char *path, const char *text, size_t len);
/* The candidate most like `word`, or NULL; the array ends with NULL. */
const char *nearest(const char *word, const char *const *candidates);

/* ---- errors (errors.c) ----------------------------------------------------------------------- */

/* "wavetank: error: ..." on stderr; returns EXIT_USAGE. */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same of what else ends a command; returns the code with which it ends. */
int fatal_error(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "cannot write PATH" with errno's reason; returns EXIT_INTERNAL. */
int write_failed(const char *path);
int out_of_memory_error(void);          /* says so; returns EXIT_INTERNAL */
/* What malloc and its like returned; where that is NULL, the program says that memory is out and
 * ends with EXIT_INTERNAL. */
void *must(void *taken) __attribute__((returns_nonnull));
void must_close(FILE *memory);          /* a stream of open_memstream: the same */
struct arena *must_block(void);         /* run_block(), or the same end */
/* Does the stream go to a terminal that obeys what moves the cursor and changes colours? */
bool is_screen(FILE *);
/* "always", "never", or NULL and "auto": whether standard output and error are coloured. */
void color_streams(const char *when);
/* An assertion that fails ends the program with EXIT_INTERNAL, and says what that means. */
void abort_watch(void);

/* ---- seeds and numbers (seeds.c) ------------------------------------------------------------- */

/* Decimal, 0x hex, or any other word by its XXH3-64. False: the word is empty, a number that is too
 * large, or 0x before what is no hex. */
bool seed_parse(const char *word, uint64_t *seed);
/* A..B inclusive, or WORD+N. False: *why says what is wrong (static). */
bool seed_range_parse(const char *text, struct seed_range *, const char **why);
bool shard_parse(const char *text, struct shard *);         /* i/n, 1 <= i <= n */
bool time_parse(const char *text, uint64_t *ns);            /* 3.412s, 150ms, 10us, 7ns, 10m, 2h */
bool count_parse(const char *text, uint64_t *);             /* decimal */
bool digest_parse(const char *text, unsigned char out[16]); /* 32 hex digits */
/* The seeds of a range that fall to a shard: the k-th is seed_of(range, shard, k), k <
 * seeds_in(range, shard). Shards are disjoint and complete. */
uint64_t seeds_in(const struct seed_range *, const struct shard *);
uint64_t seed_of(const struct seed_range *, const struct shard *, uint64_t k);
/* Is it one of them? */
bool seed_in(const struct seed_range *, const struct shard *, uint64_t seed);

/* ---- scenarios (suite.c) --------------------------------------------------------------------- */

/* The files that a command names, directories walked: every *.scn below them, in sorted order. */
struct paths {
    char **path;
    size_t n, capacity;
};
/* From zeroed `paths`. EXIT_OK; EXIT_USAGE after a message (no file was named, an empty directory).
 * Free with paths_free in any case. */
int paths_collect(struct paths *, const struct request *);
void paths_free(struct paths *);

/* One thing to run: a scenario in one of its variants. */
struct item { const struct scenario *scenario; uint32_t variant; };
struct suite {
    struct scenario **scenarios;
    struct item *items;
    uint32_t nscenarios, nitems, nerrors;      /* nerrors: files that could not be read; their
                                                  messages are out */
};
/* Loads every FILE, and every *.scn below a directory, in sorted order; all variants, or the one
 * asked for. EXIT_OK, EXIT_USAGE (some files may still be loaded), EXIT_INTERNAL. Free with
 * suite_free in any case. */
int suite_load(struct suite *, const struct request *);
/* the same; EXIT_USAGE too where it is not one run */
int suite_load_one(struct suite *, const struct request *);
void suite_free(struct suite *);
/* The item of a result line, whose words are as JSON has them; nitems: there is none. */
uint32_t suite_find(const struct suite *, const char *path, const char *variant);
const char *item_path(const struct item *);
const char *item_variant(const struct item *);    /* "" where there is but one */
/* --seed, else the file's, else 1 */
uint64_t item_seed(const struct item *, const struct request *);
/* The run of an item that the request asks for: nobody listens, and nothing that it says
 * is printed. What the seed draws of its file is put in, and stays until the next such run. */
struct run item_run(const struct item *, const struct request *, uint64_t seed);

/* ---- variants that are one run (same_run.c) -------------------------------------------------- */

struct same_run;
struct same_run *same_run_begin(const struct suite *);
/* Item i came to this; where an earlier variant of its file did, its detail says so. */
void same_run_add(struct same_run *, uint32_t i, const struct request *, struct result *);
/* A file is done, this was its last item: tells on stderr which of its variants are the same. */
void same_run_tell(struct same_run *, uint32_t last);
void same_run_end(struct same_run *);

/* ---- telling (report.c, json.c) -------------------------------------------------------------- */

/* What is told of a run. */
struct told {
    const char *path, *variant, *title;
    uint64_t text;                         /* scenario_hash */
    const struct request *request;
    const struct result *result;
};
/* Of a run of an item. */
struct told told_of(const struct item *, const struct request *, const struct result *);

/* A word as a shell reads it. */
void print_shell_word(FILE *, const char *);
/* The command line as it was given, without a newline. */
void print_command(FILE *, const struct request *);
void print_digest(FILE *, const unsigned char digest[16]);
/* The command that replays it, by the program as it was called, as a shell reads it. */
void print_replay(FILE *, const struct told *);
char *replay_text(const struct told *);                      /* the same, to be freed */
/* The command that shows where two runs of a seed part, given the one that replays it. */
void print_diff(FILE *, const char *replay, uint64_t seed);
/* What a run failed by: "safety promise-audit"; of expectations alone the check, as "expect". */
void print_kind(FILE *, int verdict, const char *check);
/* "  drawn: voters=5 ...", of a scenario in which the seed draws. */
void print_drawn_line(FILE *, const struct told *);
void print_last_line(FILE *, const struct told *);
/* "3 passed, 1 failed, 0 skipped", without a newline. */
struct sums { uint64_t passed, failed, inconclusive, skipped; };
bool failed(int verdict);           /* neither pass, skip nor inconclusive */
void sums_add(struct sums *, int verdict);
void print_sums(FILE *, const struct sums *);
/* A line that names the checks of --without; nothing where there are none. */
void print_not_judged(FILE *, const struct request *);
/* --set, --calm, --without and --until as headers spell them: what makes the same seed
 * another run. */
enum { SETTINGS_BYTES = 512 };
void settings_text(const struct request *, char out[SETTINGS_BYTES]);
/* "file:line:col: FAILED at ...", or "error: ...", with the source line, a caret, and what was
 * included, done or repeated there. */
void print_where(FILE *, const struct scenario *, const struct told *);
/* The long form of a failure: rule, what it rests on, what led to that (story.h). Runs it again;
 * false: the second run's digest differs. */
bool print_failure(FILE *, const struct run *, const struct told *, struct arena *block);
/* A line that names the command which shows where two runs of a seed part; nothing of a tape. */
void suggest_diff(FILE *, const struct told *);
/* A trace on its way into a sink: a listener and what it knows. */
struct which;
struct tracing {
    const struct sink *sink;
    FILE *out;
    const struct trace_header *header;     /* NULL: what run it is is not said */
    struct which *which;                   /* NULL: all of it */
    bool begun;
};
void tracing_listen(void *tracing, const struct world *, const struct record *);
/* Runs it into a sink, as far as `which` takes it (NULL: all); false: output failed. */
bool print_trace(FILE *, const char *sink, struct which *, const struct run *, const struct told *,
                 struct arena *block, struct result *);

/* Quoted and escaped; what is no UTF-8 becomes U+FFFD. */
void json_string(FILE *, const char *);
bool json_reads_as(const char *text, const char *read);      /* so the text is read back */
void json_run_keys(FILE *, const struct told *);             /* the fixed keys, without braces */
/* `,"drawn":"..."` where the seed draws something */
void json_drawn(FILE *, const struct told *);
void json_run(FILE *, const struct told *);                  /* {...} and a newline */

/* Test protocols: one case a run. `text` is the report of a failure, "" else. */
void tap_begin(FILE *, uint64_t cases);
void tap_case(FILE *, uint64_t number, const struct told *, const char *text);
void junit_begin(FILE *, uint64_t cases, uint64_t failures, uint64_t skipped);
void junit_case(FILE *, const struct told *, const char *text);
void junit_end(FILE *);

/* Runs it twice in this process and tells the first record in which the two differ, with both its
 * sides, or that there is none (diff.c). EXIT_OK, 1 where they differ, EXIT_INTERNAL after a
 * message. */
int diff_again(const struct run *, const char *name, struct arena *block);

/* ---- golden blocks (bless.c, unified.c) ------------------------------------------------------ */

/* What the runs of one scenario come to at its golden blocks. */
struct bless;
/* EXIT_USAGE after a message where --bless cannot be obeyed */
int bless_refuses(const struct request *);
struct bless *bless_begin(const struct scenario *);
/* has a run tell it, and none judged by its blocks */
void bless_run(struct bless *, struct run *);
void bless_verdict(struct bless *, int verdict);        /* of that run */
/* After all runs: writes the blocks into the file, or says why not; an exit code. Frees it. */
int bless_end(struct bless *);

/* What differs between two texts, line by line, as unified hunks. */
void print_unified(FILE *, const char *a, size_t a_len, const char *b, size_t b_len);

/* ---- interruption (interrupt.c) -------------------------------------------------------------- */

/* ^C and TERM are counted from now on: the first one writes a note (a string that stays), a second
 * one ends the process with 130. */
void interrupt_watch(const char *note);
/* Interrupts by itself after so many ms of wall clock. */
void interrupt_after(uint64_t ms);
enum interrupt { INTERRUPT_NONE, INTERRUPT_SIGNAL, INTERRUPT_TIME };
enum interrupt interrupted(void);
const volatile sig_atomic_t *interrupt_flag(void);  /* not 0: interrupted; for struct play */
void interrupt_ignore(void);      /* for children */
/* a child to kill at the second ^C; pid 0: none any more */
void interrupt_child(int slot, int pid);

#endif
