/* SPDX-License-Identifier: MIT */
/* Unified differences: hunks as patch(1) knows them, and what they say turns the one text into
 * the other. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/cli.h"

static char *unified(const char *a, const char *b)
{
    char *out = NULL;
    size_t n;
    FILE *f = open_memstream(&out, &n);
    assert_non_null(f);
    print_unified(f, a, strlen(a), b, strlen(b));
    fclose(f);
    return out;
}

static void differs_by(const char *a, const char *b, const char *hunks)
{
    char *out = unified(a, b);
    assert_string_equal(out, hunks);
    free(out);
}

static void hunks_have_three_lines_of_context_and_join_where_they_meet(void **state)
{
    (void)state;
    differs_by("a\n", "a\n", "");
    differs_by("", "", "");
    differs_by("", "a\nb\n", "    @@ -0,0 +1,2 @@\n    +a\n    +b\n");
    differs_by("a\n", "", "    @@ -1 +0,0 @@\n    -a\n");
    differs_by("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\n6\n",
               "    @@ -2,5 +2,5 @@\n     2\n     3\n     4\n    -5\n    +x\n     6\n");
    differs_by("x\n1\n2\n3\n4\n5\n6\ny\n", "1\n2\n3\n4\n5\n6\n",
               "    @@ -1,8 +1,6 @@\n    -x\n     1\n     2\n     3\n     4\n     5\n     6\n"
               "    -y\n");
    differs_by("x\n1\n2\n3\n4\n5\n6\n7\ny\n", "1\n2\n3\n4\n5\n6\n7\n",
               "    @@ -1,4 +1,3 @@\n    -x\n     1\n     2\n     3\n    @@ -6,4 +5,3 @@\n     5\n"
               "     6\n     7\n"
               "    -y\n");
}

static void what_both_have_is_found(void **state)
{
    (void)state;
    differs_by("a\nb\nc\n", "b\nc\nd\n", "    @@ -1,3 +1,3 @@\n    -a\n     b\n     c\n    +d\n");
}

/* Lines of `text` from *at on, up to line `to` (from 0), go to `out`. */
static void copy_to(const char **at, size_t *number, size_t to, char *out)
{
    for (; *number < to; (*number)++) {
        size_t n = strcspn(*at, "\n") + 1;
        strncat(out, *at, n);
        *at += n;
    }
}

/* The first text with the hunks applied; each line of them must be where it says. */
static void applied(const char *a, const char *hunks, char *out)
{
    size_t number = 0, from, n;
    out[0] = 0;
    for (const char *h = hunks; *h; h += strcspn(h, "\n") + 1) {
        if (sscanf(h, "    @@ -%zu", &from) == 1) {
            if (sscanf(h, "    @@ -%zu,%zu", &from, &n) == 2 && n == 0) from++;
            copy_to(&a, &number, from - 1, out);
            continue;
        }
        n = strcspn(h, "\n") + 1;
        if (h[4] != '+') {
            assert_memory_equal(a, h + 5, n - 5);
            a += n - 5, number++;
        }
        if (h[4] != '-') strncat(out, h + 5, n - 5);
    }
    strcat(out, a);
}

static void the_hunks_turn_the_one_text_into_the_other(void **state)
{
    uint32_t r = 1;
    char a[200], b[200], out[400];
    (void)state;
    for (int round = 0; round < 3000; round++) {
        a[0] = b[0] = 0;
        for (int i = 0; i < 40; i++) {
            r = r * 1664525u + 1013904223u;
            const char line[] = {(char)('a' + (r >> 20) % 4), '\n', 0};
            if ((r >> 12) % 8) strcat(a, line);
            if ((r >> 16) % 8) strcat(b, line);
        }
        char *hunks = unified(a, b);
        applied(a, hunks, out);
        assert_string_equal(out, b);
        free(hunks);
    }
}

static void a_text_too_long_to_compare_gives_way_as_a_whole(void **state)
{
    (void)state;
    enum { LINES = 3000 };
    char *a = calloc(LINES, 3), *b = calloc(LINES, 3);
    for (int i = 0; i < LINES; i++)
        strcpy(a + 2 * i, "a\n"), strcpy(b + 2 * i, i == LINES / 2 ? "a\n" : "b\n");
    char *hunks = unified(a, b);
    assert_int_equal(strlen(hunks),
                     strlen("    @@ -1,3000 +1,3000 @@\n") + 2 * LINES * strlen("    -a\n"));
    free(hunks), free(a), free(b);
}

int main(void)
{
    const struct CMUnitTest sim_cli_unified[] = {
        cmocka_unit_test(hunks_have_three_lines_of_context_and_join_where_they_meet),
        cmocka_unit_test(what_both_have_is_found),
        cmocka_unit_test(the_hunks_turn_the_one_text_into_the_other),
        cmocka_unit_test(a_text_too_long_to_compare_gives_way_as_a_whole),
    };
    return cmocka_run_group_tests(sim_cli_unified, NULL, NULL);
}
