/* SPDX-License-Identifier: MIT */
/*
 * wavetank fmt. Method: each file is read as run reads it, and only one without errors is printed.
 * What was printed is read once more and must have the same variants, so that a fault of the
 * printer costs a message and not a file.
 *
 * A file that others include is no scenario by itself. One whose name does not end in .scn and
 * whose first statement is not `wavetank` is taken for such a part: it is judged by its words and
 * blocks alone.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "../lang/lex.h"
#include "cli.h"

/* A file as it is and as it should be. */
struct form {
    struct scenario *scenario; /* NULL of a part */
    char *part;
    const char *is;
    char *be;
    size_t is_len, be_len;
};

static bool begins_as_scenario(const char *text, size_t size)
{
    uint32_t word = 0;
    const char *w = text;
    for (size_t at = 0; at < size && word == 0;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t len = end != NULL ? (size_t)(end - (text + at)) : size - at;
        w = lex_first_word(text + at, (uint32_t)len, &word);
        at += len + 1;
    }
    return word == strlen("wavetank") && memcmp(w, "wavetank", word) == 0;
}

static bool take_part(const char *path, struct form *f)
{
    size_t n = strlen(path);
    if (strcmp(path, "-") == 0 || (n > 4 && strcmp(path + n - 4, ".scn") == 0))
        return false;
    f->part = read_whole(path, &f->is_len);
    f->is = f->part;
    return f->part != NULL && !begins_as_scenario(f->is, f->is_len);
}

static bool reads_the_same(const char *path, const struct form *f)
{
    if (f->scenario == NULL)
        return true;
    struct scenario *again = scenario_load(path, f->be, f->be_len, NULL, 0, NULL);
    bool same = again != NULL && scenario_variants(again) == scenario_variants(f->scenario);
    for (uint32_t i = 0; same && i < scenario_variants(again); i++)
        same = strcmp(scenario_variant_name(again, i), scenario_variant_name(f->scenario, i)) == 0;
    scenario_free(again);
    return same;
}

/* EXIT_OK; else messages are out. Free with form_free in any case. */
static int form_make(struct form *f, const char *path)
{
    memset(f, 0, sizeof(*f));
    if (!take_part(path, f)) {
        if ((f->scenario =
                 scenario_load(path, f->part, f->part ? f->is_len : 0, NULL, 0, stderr)) == NULL)
            return EXIT_USAGE;
        f->is = scenario_text(f->scenario, &f->is_len);
    }
    FILE *out = must(open_memstream(&f->be, &f->be_len));
    bool printed = scenario_print(path, f->is, f->is_len, out, stderr);
    must_close(out);
    if (!printed)
        return EXIT_USAGE;
    if (reads_the_same(path, f))
        return EXIT_OK;
    return fatal_error(EXIT_INTERNAL,
                       "%s: what fmt made of it does not read the same; it is left as it is", path);
}

static void form_free(struct form *f)
{
    scenario_free(f->scenario);
    free(f->part);
    free(f->be);
}

static bool is_canonical(const struct form *f)
{
    return f->is_len == f->be_len && (f->is_len == 0 || memcmp(f->is, f->be, f->is_len) == 0);
}

static int fmt_file(const struct request *q, const char *path)
{
    struct form f;
    int code = form_make(&f, path);
    bool listed = code == EXIT_OK && asked(q, OPT(CHECK) | OPT(WRITE)) && !is_canonical(&f);
    if (code == EXIT_OK && !asked(q, OPT(CHECK) | OPT(WRITE)))
        fwrite(f.be, 1, f.be_len, stdout);
    if (listed && asked(q, OPT(CHECK)))
        code = EXIT_SAFETY; /* 1: not as expected */
    if (listed && asked(q, OPT(WRITE)) && !rewrite(path, f.be, f.be_len))
        code = write_failed(path);
    if (listed && code != EXIT_INTERNAL)
        printf("%s\n", path);
    form_free(&f);
    return code;
}

int cmd_fmt(const struct request *q)
{
    struct paths paths = {0};
    if (asked(q, OPT(CHECK)) && asked(q, OPT(WRITE)))
        return usage_error("--check says what --write would write; choose one");
    int code = paths_collect(&paths, q);
    size_t n = code == EXIT_OK ? paths.n : 0;
    for (size_t i = 0; i < n; i++) {
        if (asked(q, OPT(WRITE)) && strcmp(paths.path[i], "-") == 0)
            code = exit_worse(code, usage_error("--write needs a file; standard input has none"));
        else
            code = exit_worse(code, fmt_file(q, paths.path[i]));
    }
    paths_free(&paths);
    return code;
}
