/* SPDX-License-Identifier: MIT */
/* Where a scenario's text comes from: files that others include, given by the caller instead of the
 * file system. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lang/ast.h"

static char said[4000];
static uint32_t nerrors;

/* Every path that begins with "has" is a file of one expect; "self" includes itself. */
static const char *included(void *ctx, const char *path, size_t *len)
{
    static const char text[] = "expect n1 up\n", self[] = "include \"self\"\n";
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    assert_ptr_equal(ctx, said);
    if (!strcmp(base, "self")) return *len = strlen(self), self;
    *len = strlen(text);
    return strncmp(base, "has", 3) ? NULL : text;
}

static struct scenario *read_with(const char *text,
                                  const char *(*from)(void *, const char *, size_t *))
{
    memset(said, 0, sizeof said);
    FILE *err = fmemopen(said, sizeof said - 1, "w");
    assert_non_null(err);
    struct scenario_input in = {.path = "d/t.scn", .text = text, .len = strlen(text),
                                .included = from, .included_ctx = said, .err = err,
                                .nerrors = &nerrors};
    struct scenario *s = scenario_read(&in);
    fclose(err);
    return s;
}

static void refused(const char *text, const char *(*from)(void *, const char *, size_t *),
                    const char *complaint)
{
    struct scenario *s = read_with(text, from);
    if (s) fail_msg("not refused:\n%s", text);
    if (!strstr(said, complaint)) fail_msg("wanted %s\nsaw %s", complaint, said);
    assert_true(nerrors > 0);
}

static void a_caller_may_have_the_files_that_others_include(void **state)
{
    (void)state;
    struct scenario *s = read_with("wavetank 1\nnodes n1\ninclude \"has\"\ninclude \"has\"\n",
                                   included);
    if (!s) fail_msg("refused: %s", said);
    assert_int_equal(nerrors, 0);
    assert_int_equal(s->programs[0].nstmts, 2);
    assert_string_equal(s->programs[0].stmts[1].place.source->name, "d/has");
    scenario_free(s);
}

static void then_no_other_file_is_there(void **state)
{
    (void)state;
    refused("wavetank 1\nnodes n1\ninclude \"/etc/passwd\"\n",
            included, "d/t.scn:3:9: error: cannot read '/etc/passwd'");
    refused("wavetank 1\nnodes n1\ninclude \"self\"\n", included, "'d/self' includes itself");
}

static void only_the_scenario_itself_comes_from_standard_input(void **state)
{
    (void)state;
    refused("wavetank 1\nnodes n1\ninclude \"-\"\n", NULL, "cannot read 'd/-': No such file");
    static const char text[] = "wavetank 1\nnodes n1\ninclude \"-\"\n";
    FILE *err = fmemopen(said, sizeof said - 1, "w");
    struct scenario *s = scenario_load("t.scn", text, strlen(text), NULL, 0, err);
    fclose(err);
    assert_null(s);
    assert_non_null(strstr(said, "cannot read '-': No such file"));
}

int main(void)
{
    const struct CMUnitTest sim_lang_source[] = {
        cmocka_unit_test(a_caller_may_have_the_files_that_others_include),
        cmocka_unit_test(then_no_other_file_is_there),
        cmocka_unit_test(only_the_scenario_itself_comes_from_standard_input),
    };
    return cmocka_run_group_tests(sim_lang_source, NULL, NULL);
}
