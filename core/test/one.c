/* SPDX-License-Identifier: MIT */
/* Linked into a test for coverage.sh: of its tests only the one that ONE_TEST names is run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void only_one(void)
{
    const char *name = getenv("ONE_TEST");
    if (name) cmocka_set_test_filter(name);
}
