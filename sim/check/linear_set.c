/* SPDX-License-Identifier: MIT */
/*
 * Method: a hash over the value and the bits that must be equal; in a bucket, comparable
 * configurations are looked through for one that dominates, at most PROBES of them, since
 * domination only saves work.
 */
#include "linear_set.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 64, PROBES = 128 };

void linear_set_init(struct linear_set *s, uint32_t unknown_words, uint32_t words)
{
    *s = (struct linear_set){.unknown_words = unknown_words, .words = words};
}

void linear_set_free(struct linear_set *s)
{
    free(s->configs);
    free(s->slots);
    free(s->chain);
}

void linear_set_clear(struct linear_set *s)
{
    if (s->n && s->slots)
        memset(s->slots, 0, (s->mask + 1u) * sizeof *s->slots);
    s->n = 0;
}

static uint32_t bucket_of(const struct linear_set *s, const uint64_t *config)
{
    uint64_t h = config[0] * UINT64_C(0x9e3779b97f4a7c15);
    for (uint32_t i = s->unknown_words; i < s->words; i++)
        h = (h ^ config[1 + i] ^ h >> 29) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(h >> 32) & s->mask;
}

static bool comparable(const struct linear_set *s, const uint64_t *a, const uint64_t *b)
{
    return a[0] == b[0] &&
           memcmp(a + 1 + s->unknown_words, b + 1 + s->unknown_words,
                  (s->words - s->unknown_words) * sizeof *a) == 0;
}

static bool subset(const struct linear_set *s, const uint64_t *a, const uint64_t *b)
{
    for (uint32_t i = 1; i <= s->unknown_words; i++)
        if (a[i] & ~b[i])
            return false;
    return true;
}

static bool grow(struct linear_set *s)
{
    uint32_t capacity = s->capacity ? s->capacity * 2 : LEAST;
    uint64_t bytes = (uint64_t)capacity * (s->words + 1u) * sizeof *s->configs;
    uint64_t *configs = bytes <= SIZE_MAX ? realloc(s->configs, (size_t)bytes) : NULL;
    if (configs)
        s->configs = configs;
    uint32_t *chain = realloc(s->chain, capacity * sizeof *chain);
    if (chain)
        s->chain = chain;
    uint32_t *slots = calloc((size_t)capacity * 2, sizeof *slots);
    if (!configs || !chain || !slots) {
        free(slots);
        return false;
    }
    free(s->slots);
    s->slots = slots;
    s->capacity = capacity;
    s->mask = capacity * 2 - 1;
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t *slot = &s->slots[bucket_of(s, linear_set_at(s, i))];
        s->chain[i] = *slot;
        *slot = i + 1;
    }
    return true;
}

bool linear_set_add(struct linear_set *s, const uint64_t *config)
{
    if (s->n == s->capacity && !grow(s))
        return false;
    uint32_t *slot = &s->slots[bucket_of(s, config)];
    uint32_t probes = 0;
    for (uint32_t i = *slot; i && probes < PROBES; i = s->chain[i - 1]) {
        const uint64_t *other = linear_set_at(s, i - 1);
        if (!comparable(s, other, config))
            continue;
        if (subset(s, other, config))
            return true;
        probes++;
    }
    memcpy(linear_set_at(s, s->n), config, (s->words + 1u) * sizeof *config);
    s->chain[s->n] = *slot;
    *slot = ++s->n;
    return true;
}
