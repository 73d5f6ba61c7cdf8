/* SPDX-License-Identifier: MIT */
/* wavetank: finds the command in commands.def, reads its options, calls it. */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>

#include "cli.h"
#include "version.h"

#define COMMAND(name, ...) int cmd_##name(const struct request *);
#include "commands.def"
#undef COMMAND

const struct cli_command cli_commands[] = {
#define COMMAND(name_, synopsis_, help_, ...)                                                      \
    {.name = #name_,                                                                               \
     .synopsis = synopsis_,                                                                        \
     .help = help_,                                                                                \
     .run = cmd_##name_,                                                                           \
     .flags = __VA_ARGS__},
#include "commands.def"
#undef COMMAND
    {0},
};

static const char exit_codes[] =
    "exit codes:\n"
    "  0   all as expected\n"
    "  1   a safety violation, an expect not met, or an xfail that passed;\n"
    "      diff: a difference; fmt --check: a file in another form;\n"
    "      sweep --require-bites: a fault that did not bite; --require-judged: a\n"
    "      check that judged nothing\n"
    "  2   usage, an error in a scenario, or a file that cannot be opened or read as\n"
    "      what it should be\n"
    "  3   liveness: no progress where it was owed\n"
    "  4   nondeterminism: two digests differ\n"
    "  5   inconclusive: a budget, a limit, --until or a ^C came before a verdict;\n"
    "      run: --time, too\n"
    "  77  skipped (only if all were)\n"
    "  99  wavetank's own failure: out of memory, I/O, an internal assertion\n"
    "  130 a second ^C\n"
    "of several runs, the first of 99, 2, 4, 1, 3, 5 that occurred decides\n";

static int print_help(void)
{
    printf("wavetank: a deterministic simulation testbed for Raft\n\nusage:\n");
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        printf("  wavetank %-7s %s\n          ", c->name, c->synopsis);
        print_words(stdout, 10, c->help);
    }
    printf("  wavetank COMMAND --help, --help, --version\n\n%s", exit_codes);
    return EXIT_OK;
}

static int print_version(void)
{
    printf("wavetank %s\ncompiler %s\n"
           "records %d, draws %d: a seed replays where these, the scenario and the revision are "
           "the same\n",
           WT_REVISION, WT_COMPILER, WT_RECORD_VERSION, WT_DRAW_VERSION);
    return EXIT_OK;
}

static int command_help(const struct cli_command *c)
{
    printf("usage: wavetank %s %s\n\n", c->name, c->synopsis);
    print_words(stdout, 0, c->help);
    putchar('\n');
    flags_help(stdout, c);
    return EXIT_OK;
}

static const struct cli_command *command_find(const char *name)
{
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int unknown_command(const char *word)
{
    enum { ROWS = sizeof(cli_commands) / sizeof(cli_commands[0]) };
    const char *names[ROWS + 2] = {"--help", "--version"};
    for (size_t i = 0; i < ROWS; i++)
        names[i + 2] = cli_commands[i].name;
    const char *near = nearest(word, names);
    if (near != NULL)
        return usage_error("unknown command '%s'; did you mean '%s'?", word, near);
    return usage_error("unknown command '%s'; see wavetank --help", word);
}

/* Data that did not reach stdout is our failure, whatever the command found. */
static int finish(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return fatal_error(EXIT_INTERNAL, "cannot write to standard output");
    return code;
}

int main(int argc, char **argv)
{
    struct request q;
    bool help = false;
    const char *word = argc > 1 ? argv[1] : "";
    abort_watch();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like any other */
    if (argc < 2) {
        usage_error("a command is missing; see wavetank --help");
        return EXIT_USAGE;
    }
    if (strcmp(word, "--version") == 0)
        return finish(print_version());
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
        (strcmp(word, "help") == 0 && argc == 2))
        return finish(print_help());
    bool asks = strcmp(word, "help") == 0;
    const struct cli_command *c = command_find(asks ? argv[2] : word);
    if (c == NULL)
        return unknown_command(asks ? argv[2] : word);
    int code = asks ? EXIT_OK : flags_parse(c, argc - 1, argv + 1, &q, &help);
    q.program = argv[0];
    if (code == EXIT_OK)
        code = finish(asks || help ? command_help(c) : c->run(&q));
    if (!asks)
        flags_free(&q);
    return code;
}
