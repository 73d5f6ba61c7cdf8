/* SPDX-License-Identifier: MIT */
/*
 * What goes wrong outside of scenarios, in one form: "wavetank: error: ..." on stderr.
 *
 * Method: memory that the command line itself takes is little beside that of the worlds, and no
 * command can do anything sensible without it. So whoever needs some says must(), and where there
 * is none the program says so and ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static void tell(const char *format, va_list args)
{
    fprintf(stderr, "wavetank: %serror:%s ", tint(stderr, TINT_BAD), tint(stderr, TINT_NONE));
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
}

int usage_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(format, args);
    va_end(args);
    return EXIT_USAGE;
}

int fatal_error(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(format, args);
    va_end(args);
    return code;
}

int write_failed(const char *path)
{
    return fatal_error(EXIT_INTERNAL, "cannot write %s: %s", path, strerror(errno));
}

int out_of_memory_error(void)
{
    return fatal_error(EXIT_INTERNAL, "out of memory");
}

void *must(void *taken)
{
    if (taken == NULL)
        exit(out_of_memory_error());
    return taken;
}

void must_close(FILE *memory)
{
    if (fclose(memory) != 0)
        exit(out_of_memory_error());
}

struct arena *must_block(void)
{
    struct arena *block = run_block();
    if (block != NULL)
        return block;
    exit(fatal_error(EXIT_INTERNAL,
                     "out of memory: a run needs 64 MiB of address space in one piece, and no such "
                     "piece is left (see ulimit -v)"));
}

bool is_screen(FILE *f)
{
    const char *term = getenv("TERM");
    return isatty(fileno(f)) && term != NULL && *term != 0 && strcmp(term, "dumb") != 0;
}

void color_streams(const char *when)
{
    const char *no = getenv("NO_COLOR");
    bool always = when != NULL && strcmp(when, "always") == 0;
    bool never = when != NULL && strcmp(when, "never") == 0;
    bool may = !never && (no == NULL || *no == 0);
    tint_allow(stdout, always || (may && is_screen(stdout)));
    tint_allow(stderr, always || (may && is_screen(stderr)));
}

/* An assertion has written what it is about. */
static void on_abort(int number)
{
    static const char note[] = "wavetank: error: an internal assertion failed; this is a defect of "
                               "wavetank, not of what was tested\n";
    (void)number;
    ssize_t n = write(STDERR_FILENO, note, sizeof(note) - 1);
    (void)n;
    _exit(EXIT_INTERNAL);
}

void abort_watch(void) { signal(SIGABRT, on_abort); }
