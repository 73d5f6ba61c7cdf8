/* SPDX-License-Identifier: MIT */
/* Where two runs of one seed part, of a world that is not deterministic: here one whose links grow
 * slower whenever something is drawn, so that what the first run leaves behind moves the second. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../cli/diff.h"
#include "../world/draw.h"

static const char text[] = "wavetank 1\nscenario \"t\"\nnodes n1..n3\n"
                           "expect exactly-one leader within 5s\n";

static void grow_slower(void *plan, const struct exception *e)
{
    (void)e;
    ((struct world_plan *)plan)->host[0].link_delay_max += 1000;
}

/* What diff_again prints; to be freed. */
static char *said(const struct run *run, int *code)
{
    FILE *to = tmpfile();
    int out = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(fileno(to), STDOUT_FILENO);
    *code = diff_again(run, "t.scn seed 0x7", must_block());
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    long size = ftell(to);
    fseek(to, 0, SEEK_END);
    size = ftell(to);
    rewind(to);
    char *all = calloc(1, (size_t)size + 1);
    assert_int_equal(fread(all, 1, (size_t)size, to), size);
    fclose(to);
    return all;
}

static void a_record_that_differs_is_told_with_both_its_sides(void **state)
{
    (void)state;
    struct scenario *s = scenario_load("t.scn", text, sizeof text - 1, NULL, 0, stderr);
    struct run run = {.scenario = s, .seed = 7, .play = {.until = NEVER}};
    int code;
    char *same = said(&run, &code);
    assert_int_equal(code, EXIT_OK);
    assert_memory_equal(same, "no difference in ", 17);
    free(same);
    draw_watch_set(grow_slower, (void *)(uintptr_t)scenario_plan(s, 0));
    char *all = said(&run, &code);
    draw_watch_set(NULL, NULL);
    assert_int_equal(code, EXIT_DIFFER);
    assert_memory_equal(all, "A: t.scn seed 0x7\nB: t.scn seed 0x7, run again\n"
                             "the first difference is in record ", 81);
    char *a = strstr(all, "\nA "), *b = strstr(all, "\nB ");
    assert_true(a != NULL && b != NULL && strncmp(a + 3, b + 3, strcspn(a + 3, "\n")) != 0);
    assert_non_null(strstr(all, "A vs B: at "));
    free(all);
    scenario_free(s);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_that_differs_is_told_with_both_its_sides),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_cli_diff", tests, NULL, NULL);
}
