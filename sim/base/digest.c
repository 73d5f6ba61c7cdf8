/* SPDX-License-Identifier: MIT */
/*
 * Method: XXH3's own streaming state lies in the arena; records are hashed by the batch, straight
 * from where they were made, since on a little-endian machine that is how they lie in memory.
 */
#include "digest.h"

#include <assert.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* In builds with MSan a byte that nobody wrote ends the program before it is hashed; elsewhere it
 * would only be a digest that differs. */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define MUST_BE_WRITTEN(at, size) __msan_check_mem_is_initialized(at, size)
#endif
#endif
#ifndef MUST_BE_WRITTEN
#define MUST_BE_WRITTEN(at, size) ((void)0)
#endif

_Static_assert(sizeof(XXH3_state_t) <= sizeof(struct digest) && _Alignof(struct digest) >= 64,
               "room for the hash state");

static XXH3_state_t *state_of(struct digest *d) { return (XXH3_state_t *)(void *)d->state; }

void digest_start(struct digest *d) { XXH3_128bits_reset(state_of(d)); }

/* A record as bytes: every field little-endian, in order. */
static void canonical(const struct record *r, unsigned char out[64])
{
    const uint64_t words[7] = {r->at, 0, r->raw_ref, r->term, r->index, r->raw_a, r->raw_b};
    unsigned char head[8] = {r->kind, r->node, r->peer, r->raw_sub, (unsigned char)r->raw_flags,
                             (unsigned char)(r->raw_flags >> 8), (unsigned char)r->group,
                             (unsigned char)(r->group >> 8)};
    for (int i = 0; i < 8; i++) {
        uint64_t word = i < 7 ? words[i] : r->raw_c;
        for (int k = 0; k < 8; k++)
            out[i * 8 + k] = (unsigned char)(word >> (8 * k));
    }
    memcpy(out + 8, head, sizeof head);
}

static void add_bytes(struct digest *d, const void *bytes, size_t n)
{
    if (digest_wide())
        digest_add_wide(d->state, bytes, n);
    else
        XXH3_128bits_update(state_of(d), bytes, n);
}

void digest_add(struct digest *d, const struct record *records, size_t n)
{
    assert(n <= DIGEST_BATCH);
    MUST_BE_WRITTEN(records, n * sizeof *records);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    (void)canonical;
    add_bytes(d, records, n * sizeof *records);
#else
    unsigned char bytes[DIGEST_BATCH][64];
    for (size_t i = 0; i < n; i++)
        canonical(&records[i], bytes[i]);
    add_bytes(d, bytes, n * sizeof bytes[0]);
#endif
}

void digest_look(const struct digest *d, const struct record *rest, size_t n, uint8_t out[16])
{
    struct digest copy = *d;
    digest_add(&copy, rest, n);
    XXH128_canonical_t canon;
    XXH128_canonicalFromHash(&canon, XXH3_128bits_digest(state_of(&copy)));
    memcpy(out, canon.digest, sizeof canon.digest);
}
