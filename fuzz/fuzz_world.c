/* SPDX-License-Identifier: MIT */
/*
 * Property: whatever choices the world makes, no rule is broken and progress returns after healing;
 * the same choices give the same digest.
 *
 * Method: the bytes are a raw tape (sim/run/tape.h): the first picks one of the fixed worlds, the
 * rest are exceptions to a world in which nothing bad happens. A failing input is a tape: `wavetank
 * replay --tape FILE` runs it.
 */
#include <string.h>

#include "../sim/run/run.h"
#include "../sim/run/tape.h"
#include "bytes.h"

enum { WORLDS_MAX = 16 };

static const struct scenario *scenario_of(uint32_t world)
{
    static struct scenario *loaded[WORLDS_MAX];
    FUZZ_ASSERT(world < fixed_worlds_count && world < WORLDS_MAX, "no such fixed world");
    if (!loaded[world]) {
        const struct fixed_world *f = &fixed_worlds[world];
        loaded[world] = scenario_load(f->name, f->text, strlen(f->text), NULL, 0, stderr);
        FUZZ_ASSERT(loaded[world], "%s does not parse", f->name);
    }
    return loaded[world];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena *block;
    static struct exception exceptions[RAW_EXCEPTIONS_MAX];
    static struct result first, second;
    uint32_t world = 0;
    if (!block)
        block = run_block();
    FUZZ_ASSERT(block, "no memory");
    struct run run = {.zero_base = true, .exceptions = exceptions, .play = {.until = NEVER}};
    run.nexceptions = tape_decode_raw(data, size, &world, exceptions, RAW_EXCEPTIONS_MAX);
    run.scenario = scenario_of(world);
    run_once(&run, block, &first);
    FUZZ_ASSERT(first.verdict == V_PASS || first.verdict == V_INCONCLUSIVE, "%s: %s", first.check,
                first.detail);
    run_once(&run, block, &second);
    FUZZ_ASSERT(memcmp(first.digest, second.digest, sizeof first.digest) == 0,
                "two runs of one tape differ");
    return 0;
}
