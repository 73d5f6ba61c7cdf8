/* SPDX-License-Identifier: MIT */
/* Colour stands only on streams of which somebody said so, and only on four at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../base/tint.h"

enum { AT_A_TIME = 4 };

static void nothing_is_coloured_unasked(void **state)
{
    (void)state;
    assert_false(tint_allowed(stdout));
    assert_string_equal(tint(stdout, TINT_BAD), "");
    assert_string_equal(tint(NULL, TINT_BAD), "");
    tint_allow(stdout, true);
    assert_true(tint_allowed(stdout));
    assert_false(tint_allowed(stderr));
    for (int which = TINT_NONE; which <= TINT_DOUBT; which++)
        assert_int_equal(tint(stdout, (enum tint)which)[0], '\033');
    tint_allow(stdout, false);
    assert_string_equal(tint(stdout, TINT_NONE), "");
}

static void beyond_four_streams_stay_plain(void **state)
{
    (void)state;
    FILE *f[AT_A_TIME + 1];
    for (int i = 0; i <= AT_A_TIME; i++) {
        f[i] = tmpfile();
        assert_non_null(f[i]);
        tint_allow(f[i], true);
        tint_allow(f[i], true);              /* said twice, it takes one place */
        assert_int_equal(tint_allowed(f[i]), i < AT_A_TIME);
    }
    tint_allow(f[0], false);
    tint_allow(f[AT_A_TIME], true);
    assert_true(tint_allowed(f[AT_A_TIME]));
    for (int i = 0; i <= AT_A_TIME; i++) {
        tint_allow(f[i], false);
        assert_false(tint_allowed(f[i]));
        fclose(f[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_coloured_unasked),
        cmocka_unit_test(beyond_four_streams_stay_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
