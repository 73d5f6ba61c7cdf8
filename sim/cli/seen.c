/* SPDX-License-Identifier: MIT */
/* Method: a run's name is hashed to 128 bits, which stand for it in an open-addressing table; two
 * names that fall together are not expected in this universe. */
#include "seen.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cli.h"

enum { LEAST_SLOTS = 1024 };

struct seen_run {
    struct run_key key; /* 0, 0: an empty slot */
    unsigned char digest[16];
};

struct run_key run_key(const char *const *pieces, size_t n, uint64_t seed, uint64_t text)
{
    XXH128_hash_t hash = {.low64 = text, .high64 = 1};
    for (size_t i = 0; i < n; i++)
        hash = XXH3_128bits_withSeed(pieces[i], strlen(pieces[i]), hash.low64 + 31 * hash.high64);
    return (struct run_key){{hash.low64 ^ seed, hash.high64 | 1}};
}

struct run_key item_key(const struct item *item, uint64_t seed)
{
    const char *const pieces[] = {item_path(item), item_variant(item)};
    return run_key(pieces, 2, seed, scenario_hash(item->scenario));
}

static bool same(struct run_key a, struct run_key b)
{
    return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}

static size_t slot_of(const struct seen *s, struct run_key key)
{
    size_t i = (size_t)(key.word[0] * UINT64_C(0x9e3779b97f4a7c15) >> 20) & s->mask;
    while (s->slot[i].key.word[1] != 0 && !same(s->slot[i].key, key))
        i = (i + 1) & s->mask;
    return i;
}

static void grow(struct seen *s)
{
    struct seen old = *s;
    size_t slots = old.slot != NULL ? (old.mask + 1) * 2 : LEAST_SLOTS;
    s->slot = must(calloc(slots, sizeof(*s->slot)));
    s->mask = slots - 1;
    for (size_t i = 0; old.slot != NULL && i <= old.mask; i++)
        if (old.slot[i].key.word[1] != 0)
            s->slot[slot_of(s, old.slot[i].key)] = old.slot[i];
    free(old.slot);
}

enum seen_as seen_add(struct seen *s, struct run_key key, const unsigned char digest[16])
{
    if (s->slot == NULL || s->n * 2 > s->mask)
        grow(s);
    struct seen_run *run = &s->slot[slot_of(s, key)];
    if (run->key.word[1] != 0)
        return memcmp(run->digest, digest, sizeof(run->digest)) == 0 ? SEEN_SAME
                                                                     : SEEN_OTHER_DIGEST;
    run->key = key;
    memcpy(run->digest, digest, sizeof(run->digest));
    s->n++;
    return SEEN_NEW;
}

bool seen_has(const struct seen *s, struct run_key key)
{
    return s->slot != NULL && s->slot[slot_of(s, key)].key.word[1] != 0;
}

void seen_free(struct seen *s)
{
    free(s->slot);
    *s = (struct seen){0};
}
