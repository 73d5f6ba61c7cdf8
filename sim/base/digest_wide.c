/* SPDX-License-Identifier: MIT */
/*
 * Method: the same hash as in digest.c, compiled once more for AVX2 and taken where the machine has
 * it; that takes half of the instructions. The state between two calls is the same in either, so
 * they may take turns.
 */
#include "digest.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)

#include <stdlib.h>
#include <string.h>

#pragma GCC target("avx2")
#define XXH_VECTOR 2   /* XXH_AVX2 */
#define XXH_INLINE_ALL
#include <xxhash.h>

bool digest_wide(void) { return __builtin_cpu_supports("avx2"); }
void digest_add_wide(void *state, const void *bytes, size_t n)
{
    XXH3_128bits_update(state, bytes, n);
}

#else

bool digest_wide(void) { return false; }
void digest_add_wide(void *state, const void *bytes, size_t n)
{
    (void)state;
    (void)bytes;
    (void)n;
}

#endif
