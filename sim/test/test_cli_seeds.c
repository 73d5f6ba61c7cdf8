/* SPDX-License-Identifier: MIT */
/* What the command line reads as a seed, a range, a shard, a time; and lines of result files,
 * written and read back. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/results.h"
#include "../cli/seen.h"

static void a_seed_is_a_number_or_any_word(void **state)
{
    (void)state;
    uint64_t a, b;
    assert_true(seed_parse("42", &a) && a == 42);
    assert_true(seed_parse("0x2a", &a) && a == 42);
    assert_true(seed_parse("0X2A", &a) && a == 42);
    assert_true(seed_parse("18446744073709551615", &a) && a == UINT64_MAX);
    assert_false(seed_parse("18446744073709551616", &a));
    assert_false(seed_parse("0x10000000000000000", &a));
    assert_false(seed_parse("0x", &a) || seed_parse("0xfeed5eed1t", &a));
    assert_false(seed_parse("", &a));
    /* XXH3-64 of the bytes */
    assert_true(seed_parse("hello", &a) && a == UINT64_C(0x9555e8555c62dcfd));
    assert_true(seed_parse("2d99bf2", &a) && seed_parse("2d99bf3", &b) && a != b);
    assert_false(seed_parse("-1", &a));
    /* a commit's hash that happens to be all digits is still a word */
    assert_true(seed_parse("1234567890123456789012345678901234567890", &a));
}

static void ranges_are_inclusive(void **state)
{
    (void)state;
    struct seed_range r;
    const char *why;
    uint64_t hello;
    assert_true(seed_range_parse("1..2000", &r, &why) && r.first == 1 && r.count == 2000);
    assert_true(seed_range_parse("7..7", &r, &why) && r.first == 7 && r.count == 1);
    assert_true(seed_range_parse("0x10..0x1f", &r, &why) && r.first == 16 && r.count == 16);
    assert_true(seed_parse("hello", &hello));
    assert_true(seed_range_parse("hello+500", &r, &why) && r.first == hello && r.count == 500);
    assert_true(seed_range_parse("a+b+5", &r, &why) && r.count == 5);
    static const char *const broken[] = {"",      "5",  "5..", "..5", "9..3", "a..b",
                                         "1...5", "x+", "+5",  "x+0", "x+y",
                                         "0..18446744073709551615"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        assert_false(seed_range_parse(broken[i], &r, &why));
}

static void shards_are_disjoint_and_complete(void **state)
{
    (void)state;
    for (uint64_t count = 1; count <= 40; count++) {
        for (uint64_t n = 1; n <= 9; n++) {
            struct seed_range range = {1000, count};
            uint8_t seen[40] = {0};
            uint64_t all = 0;
            for (uint64_t i = 1; i <= n; i++) {
                struct shard shard = {i, n};
                uint64_t mine = seeds_in(&range, &shard);
                all += mine;
                for (uint64_t k = 0; k < mine; k++)
                    seen[seed_of(&range, &shard, k) - 1000]++;
            }
            assert_true(all == count);
            for (uint64_t s = 0; s < count; s++)
                assert_int_equal(seen[s], 1);
        }
    }
}

static void shards_and_times_are_read(void **state)
{
    (void)state;
    struct shard s;
    uint64_t ns;
    assert_true(shard_parse("3/64", &s) && s.i == 3 && s.n == 64);
    assert_false(shard_parse("0/4", &s) || shard_parse("5/4", &s) || shard_parse("1", &s) ||
                 shard_parse("1/", &s) ||
                 shard_parse("a/b", &s));
    assert_true(time_parse("3.412s", &ns) && ns == 3412000000);
    assert_true(time_parse("150ms", &ns) && ns == 150000000);
    assert_true(time_parse("10us", &ns) && ns == 10000);
    assert_true(time_parse("7ns", &ns) && ns == 7);
    assert_true(time_parse("10m", &ns) && ns == UINT64_C(600000000000));
    assert_false(time_parse("10", &ns) || time_parse("s", &ns) || time_parse("", &ns) ||
                 time_parse("-1s", &ns) ||
                 time_parse("1 s", &ns));
}

static void fill(struct result *r)
{
    memset(r, 0, sizeof(*r));
    r->seed = UINT64_MAX - 5;
    r->verdict = V_SAFETY;
    strcpy(r->check, "log-matching");
    strcpy(r->detail, "said \"no\", twice\\\n\tand a \x01 byte");
    for (int i = 0; i < 16; i++)
        r->digest[i] = (unsigned char)(i * 17);
    r->simulated_ns = UINT64_C(3412000001);
    r->count.events = 1204;
    r->count.commits = 77;
    r->count.restarts = 3;
    r->chaos = true;
    r->faults[0] = (struct fault_count){1, 4, 9};
    r->faults[3] = (struct fault_count){1, 0, 0};
    r->option_bit[BITE_READS] = 12;
    for (uint64_t i = 0; i < 3000; i++)
        hist_add(&r->latency[METRIC_COMMIT], i * i * 1000);
    hist_timeout(&r->latency[METRIC_READ_LEASE]);
}

static void a_result_line_is_read_back(void **state)
{
    (void)state;
    static struct result_line back;
    static struct result r;
    struct request q = {.program = "wavetank", .play = {.until = NEVER}};
    struct told told = {"a \"file\".scn", "prevote=off/A", "A title: with a colon",
                        UINT64_C(0xfedcba9876543210), &q, &r};
    char *line;
    size_t size;
    fill(&r);
    FILE *f = open_memstream(&line, &size);
    results_run(f, &told);
    fclose(f);
    assert_true(line[size - 1] == '\n' && strlen(line) == size);
    assert_true(results_parse(line, size - 1, &back));
    assert_true(back.header == 0 && back.text == told.text);
    assert_string_equal(back.path, told.path);
    assert_string_equal(back.variant, told.variant);
    assert_string_equal(back.title, told.title);
    assert_memory_equal(&back.result, &r, sizeof(r));
    for (size_t cut = 0; cut + 1 < size; cut += 7)
        assert_false(results_parse(line, cut, &back)); /* a torn line is no line */
    free(line);
}

static void what_is_no_result_line_is_refused(void **state)
{
    (void)state;
    static struct result_line back;
    static const char *const broken[] = {
        "",
        "{",
        "{}",
        "[]",
        "null",
        "{\"a\":1}",
        "{\"scenario\":\"x\"",
        "{\"scenario\":3}",
        "{\"scenario\":\"x\",\"verdict\":\"fine\"}",
        "{\"scenario\":\"x\",\"digest\":\"00\"}",
        "{\"scenario\":\"x\",\"latency\":{\"commit\":{\"buckets\":[[99999,1]]}}}",
        "{\"scenario\":\"x\"}}"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        assert_false(results_parse(broken[i], strlen(broken[i]), &back));
    const char *later =
        "{\"scenario\":\"x\",\"new\":[{\"a\":[1,2]},\"b,}\",null],\"seed\":\"0x5\"}";
    assert_true(results_parse(later, strlen(later), &back));
    assert_true(back.result.seed == 5);
}

/* Names and seeds tell runs apart; a digest tells whether it is the same run. */
static void a_run_is_seen_once(void **state)
{
    (void)state;
    static const unsigned char digest[16] = {1}, other[16] = {2};
    const char *const names[][2] = {{"a", "bc"}, {"ab", "c"}, {"a", ""}, {"", "a"}};
    struct seen seen = {0};
    assert_false(seen_has(&seen, run_key(names[0], 2, 1, 0)));
    for (uint64_t seed = 0; seed < 5000; seed++)
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(seen_add(&seen, run_key(names[i], 2, seed, seed % 2), digest),
                             SEEN_NEW);
    for (uint64_t seed = 0; seed < 5000; seed++) {
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(seen_add(&seen, run_key(names[i], 2, seed, seed % 2), digest),
                             SEEN_SAME);
        assert_true(seen_has(&seen, run_key(names[3], 2, seed, seed % 2)));
        assert_false(seen_has(&seen, run_key(names[3], 2, seed, 2)));
    }
    assert_int_equal(seen_add(&seen, run_key(names[1], 2, 7, 1), other), SEEN_OTHER_DIGEST);
    assert_int_equal(seen.n, 20000);
    seen_free(&seen);
}

/* Settings that do not fit a header are told apart nevertheless. */
static void long_settings_end_in_their_hash(void **state)
{
    (void)state;
    char value[1000], a[SETTINGS_BYTES], b[SETTINGS_BYTES];
    memset(value, 'x', sizeof(value));
    value[sizeof(value) - 1] = 0;
    struct request q = {.nsettings = 1, .settings = {{"reads", "log"}},
                        .play = {.until = 7, .calm = true}};
    settings_text(&q, a);
    assert_string_equal(a, "reads=log --calm --until 7ns");
    q.settings[0].value = value;
    settings_text(&q, a);
    value[sizeof(value) - 2] = 'y';
    settings_text(&q, b);
    assert_true(strlen(a) < SETTINGS_BYTES && strcmp(a, b) != 0);
    assert_memory_equal(a, b, 480);
}

static void the_worst_exit_code_decides(void **state)
{
    (void)state;
    static const int order[] = {99, 2, 4, 1, 3, 5, 0, 77};
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            assert_int_equal(exit_worse(order[i], order[j]), order[i < j ? i : j]);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_is_a_number_or_any_word),   cmocka_unit_test(ranges_are_inclusive),
        cmocka_unit_test(shards_are_disjoint_and_complete),
        cmocka_unit_test(shards_and_times_are_read), cmocka_unit_test(a_result_line_is_read_back),
        cmocka_unit_test(what_is_no_result_line_is_refused), cmocka_unit_test(a_run_is_seen_once),
        cmocka_unit_test(long_settings_end_in_their_hash),
        cmocka_unit_test(the_worst_exit_code_decides),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_cli_seeds", tests, NULL, NULL);
}
