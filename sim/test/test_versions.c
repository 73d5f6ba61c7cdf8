/* SPDX-License-Identifier: MIT */
/*
 * What a seed's records hang on, tied to the version numbers that --version prints and headers
 * carry. Rows may be added at the end of a table: a run that makes none of them is the same run.
 * Whoever moves, renames or takes out a row raises the version and gives the new table's hash here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../base/record.h"
#include "../world/draw.h"

/* Of the first n names, in order. */
static uint64_t names_hash(const char *(*name)(int), int first, int n)
{
    uint64_t hash = 0;
    for (int i = first; i < first + n; i++)
        hash = XXH3_64bits_withSeed(name(i), strlen(name(i)), hash);
    return hash;
}

static void rows_of_records_stand_where_the_version_says(void **state)
{
    (void)state;
    assert_int_equal(WT_RECORD_VERSION, 1);
    assert_true(REC_KINDS >= 1 + 34);
    assert_true(names_hash(record_kind_name, 1, 34) == UINT64_C(0x21d452ada7d6ec7e));
}

static void rows_of_streams_stand_where_the_version_says(void **state)
{
    (void)state;
    assert_int_equal(WT_DRAW_VERSION, 1);
    assert_true(STREAM_COUNT >= 18);
    assert_true(names_hash(stream_name, 0, 18) == UINT64_C(0x36782ebd5ce56059));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_records_stand_where_the_version_says),
        cmocka_unit_test(rows_of_streams_stand_where_the_version_says),
    };
    return cmocka_run_group_tests_name("sim_versions", tests, NULL, NULL);
}
