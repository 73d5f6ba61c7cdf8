/* SPDX-License-Identifier: MIT */
/* Scenarios as texts, read and played: for tests of the language. */
#ifndef WT_TEST_PLAYED_H
#define WT_TEST_PLAYED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../lang/ast.h"
#include "../run/run.h"

#ifndef HEAD
#define HEAD "wavetank 1\nnodes n1..n3\n"
#endif

static char said[20000];         /* what the reader complained about */

static inline struct scenario *load_set(const char *text, const struct setting *set, uint32_t n)
{
    memset(said, 0, sizeof said);
    FILE *err = fmemopen(said, sizeof said - 1, "w");
    assert_non_null(err);
    struct scenario *s = scenario_load("t.scn", text, strlen(text), set, n, err);
    fclose(err);
    return s;
}

static inline struct scenario *load(const char *text) { return load_set(text, NULL, 0); }

static inline struct scenario *good(const char *text)
{
    struct scenario *s = load(text);
    if (!s) fail_msg("refused:\n%s\nsays\n%s", text, said);
    return s;
}

/* The file is refused, and all of the complaint begins or goes on as said. */
static inline void refused(const char *text, const char *complaint)
{
    struct scenario *s = load(text);
    if (s) fail_msg("not refused:\n%s", text);
    if (!strstr(said, complaint)) fail_msg("wanted %s\nsaw %s", complaint, said);
}

static inline struct result play_seed(const struct scenario *s, uint32_t variant, uint64_t seed,
                                      bool calm)
{
    static struct arena *block;
    struct result out;
    if (!block) block = run_block();
    assert_non_null(block);
    struct run run = {.scenario = s, .variant = variant, .seed = seed,
                      .play = {.until = NEVER, .calm = calm}};
    run_once(&run, block, &out);
    return out;
}

/* Plays every variant; each must come to that verdict. */
static inline void comes_to(const char *text, enum verdict verdict)
{
    struct scenario *s = good(text);
    for (uint32_t v = 0; v < scenario_variants(s); v++) {
        struct result out = play_seed(s, v, 1, false);
        if (out.verdict != verdict)
            fail_msg("%s\n[%s] came to %s: %s: %s at %s", text, scenario_variant_name(s, v),
                     verdict_name(out.verdict), out.check, out.detail, out.where);
    }
    scenario_free(s);
}

static inline struct result played(const char *text)
{
    struct scenario *s = good(text);
    struct result out = play_seed(s, 0, 1, false);
    scenario_free(s);
    return out;
}

#endif
