/* SPDX-License-Identifier: MIT */
/*
 * Property: whatever bytes are read as a tape, they are refused with a sentence, or what was read,
 * written down and read again is the same tape, and is written down the same again. Raw bytes are
 * always a tape, and written down as text they are the same one.
 *
 * Method: the bytes are read as text behind a tape's first line, which mutations would seldom leave
 * whole, and as raw bytes.
 */
#define _GNU_SOURCE
#include <string.h>

#include "../sim/run/tape.h"
#include "bytes.h"

struct text { char *s; size_t n; };

static struct text written(const struct tape *t)
{
    struct text out = {0};
    FILE *f = open_memstream(&out.s, &out.n);
    FUZZ_ASSERT(f, "no memory");
    bool ok = tape_write_text(f, t);
    fclose(f);
    FUZZ_ASSERT(ok, "it is not written");
    return out;
}

static void same_setting(const struct setting *a, const struct setting *b)
{
    FUZZ_ASSERT(strcmp(a->key, b->key) == 0, "key '%s' and '%s'", a->key, b->key);
    FUZZ_ASSERT(strcmp(a->value, b->value) == 0, "value '%s' and '%s'", a->value, b->value);
}

static void same_exception(const struct exception *a, const struct exception *b)
{
    FUZZ_ASSERT(a->stream == b->stream && a->actor == b->actor, "another place");
    FUZZ_ASSERT(a->ordinal == b->ordinal && a->value == b->value, "another ordinal or value");
}

static void same_tape(const struct tape *a, const struct tape *b)
{
    FUZZ_ASSERT(strcmp(a->scenario, b->scenario) == 0, "'%s' and '%s'", a->scenario, b->scenario);
    FUZZ_ASSERT(strcmp(a->revision, b->revision) == 0, "'%s' and '%s'", a->revision, b->revision);
    FUZZ_ASSERT(a->calm == b->calm && a->until == b->until, "another --calm or --until");
    FUZZ_ASSERT(strcmp(a->variant, b->variant) == 0, "'%s' and '%s'", a->variant, b->variant);
    FUZZ_ASSERT(a->nsettings == b->nsettings && a->n == b->n,
                "other numbers of settings or exceptions");
    for (uint32_t i = 0; i < a->nsettings; i++)
        same_setting(&a->settings[i], &b->settings[i]);
    for (uint32_t i = 0; i < a->n; i++)
        same_exception(&a->exceptions[i], &b->exceptions[i]);
    FUZZ_ASSERT(a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0,
                "another scenario");
}

static void survives_writing(const struct tape *t)
{
    struct tape again;
    struct text once = written(t);
    FUZZ_ASSERT(tape_is_text(once.s, once.n), "what is written is no text tape");
    FUZZ_ASSERT(tape_read_text(&again, "again", once.s, once.n, stderr),
                "what is written is refused:\n%s", once.s);
    same_tape(t, &again);
    struct text twice = written(&again);
    FUZZ_ASSERT(once.n == twice.n && memcmp(once.s, twice.s, once.n) == 0,
                "it is written in two ways");
    tape_free(&again);
    free(once.s);
    free(twice.s);
}

static void read_text(const char *data, size_t size)
{
    struct tape t;
    struct text said = {0};
    FILE *err = open_memstream(&said.s, &said.n);
    FUZZ_ASSERT(err, "no memory");
    bool ok = tape_read_text(&t, "fuzz", data, size, err);
    fclose(err);
    FUZZ_ASSERT(ok == (said.n == 0), "read: %d, and said: %s", ok, said.s);
    if (ok) survives_writing(&t);
    tape_free(&t);
    free(said.s);
}

/* In a text each draw stands once. */
static void without_repeats(struct tape *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0, k; i < t->n; i++) {
        const struct exception *e = &t->exceptions[i];
        for (k = 0; k < n; k++)
            if (t->exceptions[k].stream == e->stream && t->exceptions[k].actor == e->actor &&
                t->exceptions[k].ordinal == e->ordinal)
                break;
        t->exceptions[k] = *e;
        n += k == n;
    }
    t->n = n;
}

static void read_raw(const uint8_t *data, size_t size)
{
    static struct exception exceptions[RAW_EXCEPTIONS_MAX];
    static char none[] = "";
    uint32_t world;
    struct tape t = {.revision = none, .variant = none, .exceptions = exceptions};
    t.n = tape_decode_raw(data, size, &world, exceptions, RAW_EXCEPTIONS_MAX);
    without_repeats(&t);
    FUZZ_ASSERT(world < fixed_worlds_count, "no such world");
    t.scenario = (char *)(uintptr_t)fixed_worlds[world].name;
    t.text = (char *)(uintptr_t)fixed_worlds[world].text;
    t.text_len = strlen(t.text);
    survives_writing(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char first[] = "wavetank-tape 1\n";
    char *text = malloc(sizeof first + size);
    FUZZ_ASSERT(text, "no memory");
    memcpy(text, first, sizeof first - 1);
    if (size) memcpy(text + sizeof first - 1, data, size);
    read_text(text, sizeof first - 1 + size);
    free(text);
    if (tape_is_text(data, size)) read_text((const char *)data, size);
    read_raw(data, size);
    return 0;
}
