/* SPDX-License-Identifier: MIT */
/* Tapes: what is written is read, what is broken is refused, any bytes decode, and the fixed worlds
 * are what the decoder thinks. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../run/run.h"
#include "../check/check.h"
#include "../run/tape.h"

static void actors_are_written_and_read(void **state)
{
    (void)state;
    const uint32_t actors[] = {0,
                               1,
                               16,
                               CLIENT_BASE + 1,
                               CLIENT_BASE + 200,
                               ACTOR_LINK(1, 2),
                               ACTOR_LINK(3, CLIENT_BASE + 4),
                               ACTOR_LINK(CLIENT_BASE + 1, 5),
                               ACTOR_FAULT(0),
                               ACTOR_FAULT(48)};
    for (size_t i = 0; i < sizeof(actors) / sizeof(actors[0]); i++) {
        char word[32];
        uint32_t back = 99;
        actor_print(actors[i], word, sizeof(word));
        assert_true(actor_parse(word, &back));
        assert_int_equal(back, actors[i]);
    }
    static const char *const broken[] = {"",     "n",       "n0",   "n17",   "c201", "n1-",
                                         "n1->", "n1->n2x", "line", "linex", "x1",   "n1n2"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        uint32_t back;
        assert_false(actor_parse(broken[i], &back));
    }
}

static void a_tape_is_written_and_read(void **state)
{
    (void)state;
    struct tape t = {.revision = (char[]){"v1-3-gabc-dirty"},
                     .calm = true,
                     .every_step = true,
                     .without = 1u << CHECK_promise_audit | 1u << CHECK_linearizable,
                     .until = UINT64_C(1) << 40,
                     .scenario = (char[]){"a file.scn"},
                     .variant = (char[]){"prevote=off/A"},
                     .text = (char[]){"wavetank 1\n# text\n"}};
    struct tape back;
    char *bytes;
    size_t size;
    t.text_len = strlen(t.text);
    t.settings[t.nsettings++] = (struct setting){"reads", "lease"};
    for (uint32_t i = 0; i < 1000; i++) {
        struct exception e = {(uint8_t)(i % STREAM_COUNT), ACTOR_LINK(1 + i % 16, 1 + i % 15), i,
                              UINT64_MAX - i};
        assert_true(tape_add(&t, &e));
    }
    FILE *f = open_memstream(&bytes, &size);
    assert_true(tape_write_text(f, &t));
    fclose(f);
    assert_true(tape_is_text(bytes, size));
    assert_true(tape_read_text(&back, "t", bytes, size, stderr));
    assert_string_equal(back.scenario, t.scenario);
    assert_string_equal(back.variant, t.variant);
    assert_string_equal(back.revision, t.revision);
    assert_true(back.calm && back.every_step && back.until == t.until && back.without == t.without);
    assert_string_equal(back.settings[0].value, "lease");
    assert_int_equal(back.text_len, t.text_len);
    assert_memory_equal(back.text, t.text, t.text_len);
    assert_int_equal(back.n, t.n);
    for (uint32_t i = 0; i < t.n; i++) {
        assert_int_equal(back.exceptions[i].stream, t.exceptions[i].stream);
        assert_int_equal(back.exceptions[i].actor, t.exceptions[i].actor);
        assert_true(back.exceptions[i].ordinal == t.exceptions[i].ordinal &&
                    back.exceptions[i].value == t.exceptions[i].value);
    }
    tape_free(&back);
    free(t.exceptions);
    free(bytes);
}

static void a_broken_tape_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "wavetank-tape 1\n",
        "wavetank-tape 1\ntext",
        "wavetank-tape 1\nbase one\ntext\n",
        "wavetank-tape 1\nset x\ntext\n",
        "wavetank-tape 1\nnet-delay n1->n2 1\ntext\n",
        "wavetank-tape 1\nnet-delay n1->n2 1 2 3\ntext\n",
        "wavetank-tape 1\nboot n1 1 2\nboot n2 1 2\nboot n1 1 2\ntext\n",
        "wavetank-tape 1\nnet-dealy n1->n2 1 2\ntext\n",
        "wavetank-tape 1\nboot n1 x 2\ntext\n",
        "wavetank-tape 1\nscenario\ntext\n",
        "wavetank-tape 1\nnet-delay n1->n2 1 -2\ntext\n",
        "wavetank-tape 1\nnet-delay n1->n2 1 18446744073709551616\ntext\n",
        "wavetank-tape 1\ncalm off\ntext\n",
        "wavetank-tape 1\nuntil 1s\ntext\n",
        "wavetank-tape 1\ntext 7\nfifty\n",
        "wavetank-tape 1\ntext 5\nfifty\n",
        "wavetank-tape 1\ntext x\nfifty\n",
        "wavetank-tape 12\ntext\n",
        "wavetank-tape 2\ntext\n",
        "wavetank-tape \ntext\n",
    };
    char *message;
    size_t size;
    FILE *err = open_memstream(&message, &size);
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct tape t;
        assert_true(tape_is_text(broken[i], strlen(broken[i])));
        assert_false(tape_read_text(&t, "t", broken[i], strlen(broken[i]), err));
        assert_null(t.text);
    }
    fclose(err);
    assert_non_null(strstr(message, "t:2: error: "));
    free(message);
    assert_false(tape_is_text("wavetank-tapes\n", 15));
    assert_false(tape_is_text("", 0));
}

/* A scenario is other text, a fuzzer's bytes are none; those that begin as ours does are. */
static void other_text_is_told_from_bytes(void **state)
{
    (void)state;
    assert_true(tape_is_other_text("wavetank 1\n", 11));
    assert_true(tape_is_other_text("wavetank 1\n\0", 12));
    assert_true(tape_is_other_text("\xef\xbb\xbfwavetank-tape 1\n", 19));
    assert_true(tape_is_other_text("\xc3\xa4", 2));
    assert_false(tape_is_other_text("wavetank-tape 1\n", 16));
    assert_false(tape_is_other_text("\x01\x02\x03", 3));
    assert_false(tape_is_other_text("\xe4", 1));
    assert_false(tape_is_other_text("", 0));
}

static void any_bytes_decode(void **state)
{
    (void)state;
    static struct exception out[RAW_EXCEPTIONS_MAX];
    uint8_t bytes[300];
    uint32_t world;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 151 + 7);
    for (size_t len = 0; len < sizeof(bytes); len++) {
        uint32_t n = tape_decode_raw(bytes, len, &world, out, RAW_EXCEPTIONS_MAX);
        assert_true(world < fixed_worlds_count);
        assert_int_equal(n, len < 2 ? 0 : (len - 2) / RAW_BYTES + 1);
        for (uint32_t i = 0; i < n; i++)
            assert_true(out[i].stream < STREAM_COUNT);
        assert_true(tape_decode_raw(bytes, len, &world, out, 3) <= 3);
    }
}

static void raw_values_are_shifted_or_say_yes(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0, STREAM_NET_DELAY, 0, 1, 5, 1, 3, 0, 10, STREAM_NET_LOSS, 1,
                                    2, 0, 0, 4, 0, 255};
    struct exception out[4];
    uint32_t world;
    assert_int_equal(tape_decode_raw(bytes, sizeof(bytes), &world, out, 4), 2);
    assert_int_equal(out[0].actor, ACTOR_LINK(1, 2));
    assert_true(out[0].ordinal == 261 && out[0].value == 3 << 10);
    assert_true(out[1].value == 999995);
}

/* Over the all-zero base nothing bad happens: each fixed world loads, passes, and is as large as
 * its row says. */
static void fixed_worlds_are_quiet(void **state)
{
    (void)state;
    static struct result result;
    struct arena *block = run_block();
    assert_non_null(block);
    assert_int_equal(fixed_worlds_count, 4);
    for (uint32_t i = 0; i < fixed_worlds_count; i++) {
        const struct fixed_world *fw = &fixed_worlds[i];
        struct scenario *s = scenario_load(fw->name, fw->text, strlen(fw->text), NULL, 0, stderr);
        assert_non_null(s);
        assert_int_equal(scenario_plan(s, 0)->nodes, fw->nodes);
        /* the scenario may have some of its own */
        assert_true(scenario_plan(s, 0)->clients >= fw->clients);
        struct run run = {.scenario = s, .zero_base = true, .play = {.until = NEVER}};
        run_once(&run, block, &result);
        assert_int_equal(result.verdict, V_PASS);
        assert_true(result.chaos && result.count.ops_ok > 20);
        for (int f = 0; f < FAULT_ROWS; f++)
            assert_int_equal(result.faults[f].bit, 0);
        scenario_free(s);
    }
    arena_release(block);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(actors_are_written_and_read),
        cmocka_unit_test(a_tape_is_written_and_read), cmocka_unit_test(a_broken_tape_is_refused),
        cmocka_unit_test(other_text_is_told_from_bytes), cmocka_unit_test(any_bytes_decode),
        cmocka_unit_test(raw_values_are_shifted_or_say_yes),
        cmocka_unit_test(fixed_worlds_are_quiet),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim_run_tape", tests, NULL, NULL);
}
