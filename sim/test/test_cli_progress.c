/* SPDX-License-Identifier: MIT */
/* The line of a sweep's progress fits its terminal, and says how long the rest takes only when that
 * can be told. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/progress.h"

static const char *line(int columns, struct progress p)
{
    static char text[512];
    memset(text, 0, sizeof(text));
    FILE *f = fmemopen(text, sizeof(text), "w");
    progress_line(f, columns, &p);
    fclose(f);
    char *end = strstr(text, "\033[K");
    assert_true(text[0] == '\r' && end != NULL);
    *end = 0;
    return text + 1;
}

static void it_fits(void **state)
{
    (void)state;
    const struct progress late = {.runs = 12345, .jobs = 1000000, .failed = 77, .fresh = 12345,
                                  .spent_ms = 600000};
    const struct progress vast = {.runs = UINT64_MAX / 3, .jobs = UINT64_MAX, .fresh = 1,
                                  .spent_ms = UINT64_MAX / 2, .failed = UINT64_MAX};
    for (int columns = 1; columns < 200; columns++) {
        assert_true(strlen(line(columns, late)) < (size_t)columns || columns == 1);
        assert_true(strlen(line(columns, vast)) < (size_t)columns || columns == 1);
    }
    assert_string_equal(line(80, late), "[                              ] 12345/1000000  77 failed"
                                        "  13 h left");
    assert_string_equal(line(40, late), "12345/1000000  77 failed  13 h left");
    assert_string_equal(line(30, late), "12345/1000000  77 failed");
    assert_string_equal(line(40, (struct progress){.runs = 50, .jobs = 100}),
                        "[##########          ] 50/100  0 failed");
}

static void the_time_left_is_told_when_it_is_known(void **state)
{
    (void)state;
    struct progress p = {.runs = 0, .jobs = 100};
    assert_null(strstr(line(80, p), "left"));
    p = (struct progress){.runs = 3, .jobs = 100, .fresh = 3, .spent_ms = 300};
    assert_null(strstr(line(80, p), "left"));
    p = (struct progress){.runs = 90, .jobs = 100, .spent_ms = 5000}; /* all of them resumed */
    assert_null(strstr(line(80, p), "left"));
    p = (struct progress){.runs = 50, .jobs = 100, .fresh = 50, .spent_ms = 5000};
    assert_non_null(strstr(line(80, p), "  6 s left"));
    p.most_ms = 7000; /* --time ends it before */
    assert_non_null(strstr(line(80, p), "  3 s left"));
    p = (struct progress){.runs = 10, .jobs = 100, .fresh = 10, .spent_ms = 60000};
    assert_non_null(strstr(line(80, p), "  9 min left"));
    p = (struct progress){.runs = 100, .jobs = 100, .fresh = 100, .spent_ms = 60000};
    assert_string_equal(line(80, p), "[##############################] 100/100  0 failed");
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_fits),
        cmocka_unit_test(the_time_left_is_told_when_it_is_known),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_cli_progress", tests, NULL, NULL);
}
