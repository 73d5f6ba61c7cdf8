/* SPDX-License-Identifier: MIT */
/*
 * Property: whatever bytes are read as a scenario, they are accepted without a complaint or refused
 * with one to twenty; reading them again says the same; what is said is text without control
 * characters; nothing is leaked.
 *
 * Method: the bytes are a scenario and the files that it includes (parts.h).
 */
#define _GNU_SOURCE
#include "lines.h"
#include "parts.h"

struct said { char *text; size_t n; uint32_t errors, variants; };

static struct said read_once(struct parts *p)
{
    struct said s = {0};
    FILE *err = open_memstream(&s.text, &s.n);
    FUZZ_ASSERT(err, "no memory");
    struct scenario *sc = parts_read(p, err, &s.errors);
    fclose(err);
    FUZZ_ASSERT((sc != NULL) == (s.errors == 0), "%u errors", s.errors);
    FUZZ_ASSERT((s.n > 0) == (s.errors > 0) && s.errors <= 20, "%u errors:\n%s", s.errors, s.text);
    if (sc) s.variants = scenario_variants(sc);
    FUZZ_ASSERT(!sc || s.variants, "no variant");
    scenario_free(sc);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parts p;
    parts_of(data, size, &p);
    struct said first = read_once(&p), second = read_once(&p);
    FUZZ_ASSERT(first.errors == second.errors && first.variants == second.variants,
                "two readings differ");
    bool same = first.n == second.n && memcmp(first.text, second.text, first.n) == 0;
    FUZZ_ASSERT(same, "two readings say different things:\n%s\n%s", first.text, second.text);
    for (size_t i = 0; i < first.n; i++) {
        unsigned char c = (unsigned char)first.text[i];
        FUZZ_ASSERT((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t', "byte %02x is said", c);
    }
    free(first.text);
    free(second.text);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return mutate_lines(data, size, max, seed);
}
