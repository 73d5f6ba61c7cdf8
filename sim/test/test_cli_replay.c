/* SPDX-License-Identifier: MIT */
/* What a replay line says of how the run was looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/cli.h"

static char *line_of(bool asked_for, bool closer)
{
    static struct result result;
    struct request q = {.program = "wavetank", .play = {.until = NEVER, .every_step = asked_for}};
    result = (struct result){.seed = 7, .looked_closer = closer};
    const struct told told = {.path = "a.scn", .variant = "", .request = &q, .result = &result};
    return replay_text(&told);
}

/* run looks at every step; most of its runs are the same by their seed alone. */
static void a_replay_line_asks_for_no_more_than_it_needs(void **state)
{
    (void)state;
    char *line = line_of(true, false);
    assert_string_equal(line, "wavetank replay a.scn --seed 0x7");
    free(line);
}

static void a_replay_line_says_that_each_step_was_looked_at(void **state)
{
    (void)state;
    char *line = line_of(true, true);
    assert_string_equal(line, "wavetank replay a.scn --check-every-step --seed 0x7");
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replay_line_asks_for_no_more_than_it_needs),
        cmocka_unit_test(a_replay_line_says_that_each_step_was_looked_at),
    };
    return cmocka_run_group_tests_name("sim_cli_replay", tests, NULL, NULL);
}
