/* SPDX-License-Identifier: MIT */
/*
 * What a seed's records hang on, tied to the version numbers that --version prints and headers
 * carry. Rows may be added at the end of a table: a run that makes none of them is the same run.
 * Whoever moves, renames or takes out a row, or changes a record's columns, raises the version and
 * gives the new table's hash here.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../base/record.h"
#include "../trace/columns.h"
#include "../world/draw.h"

/* Of the first n names, in order. */
static uint64_t names_hash(const char *(*name)(int), int first, int n)
{
    uint64_t hash = 0;
    for (int i = first; i < first + n; i++)
        hash = XXH3_64bits_withSeed(name(i), strlen(name(i)), hash);
    return hash;
}

/* Of the columns of the first n kinds, by name and by place, in order. */
static uint64_t columns_hash(int n)
{
    uint64_t hash = 0;
    for (int kind = 1; kind <= n; kind++)
        for (const struct record_column *c = record_columns(kind); c->what; c++) {
            struct record r = {.kind = (uint8_t)kind};
            const char *name = column_name(c->column);
            hash = XXH3_64bits_withSeed(name, strlen(name), hash + (uint64_t)kind);
            record_set(&r, c->column, 1);
            const uint64_t words[] = {r.node | (uint64_t)r.peer << 8 | (uint64_t)r.raw_sub << 16 |
                                      (uint64_t)r.raw_flags << 24, r.raw_ref, r.term, r.index,
                                      r.raw_a, r.raw_b, r.raw_c};
            for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                hash = hash * UINT64_C(0x9fb21c651e98df25) + words[i];
        }
    return hash;
}

static void rows_of_records_stand_where_the_version_says(void **state)
{
    (void)state;
    assert_int_equal(WT_RECORD_VERSION, 8);
    assert_true(REC_KINDS >= 1 + 34);
    assert_true(names_hash(record_kind_name, 1, 34) == UINT64_C(0x21d452ada7d6ec7e));
    const uint64_t columns = columns_hash(34);
    if (columns != UINT64_C(0x7cdfbc73ed26bc42))
        fail_msg("the columns of records have hash 0x%016" PRIx64, columns);
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
