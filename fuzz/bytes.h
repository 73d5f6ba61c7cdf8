/* SPDX-License-Identifier: MIT */
/* Bytes from a fuzzer as small numbers. Past the end everything is 0. */
#ifndef WT_FUZZ_BYTES_H
#define WT_FUZZ_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct bytes { const uint8_t *at, *end; };

/* Always on, in every build: a broken property ends the process. */
#define FUZZ_ASSERT(condition, ...) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "fuzz: %s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__); \
            fputc('\n', stderr); \
            abort(); \
        } \
    } while (0)

static inline uint8_t take8(struct bytes *b) { return b->at < b->end ? *b->at++ : 0; }

static inline uint64_t take_below(struct bytes *b, uint64_t bound) { return take8(b) % bound; }

/* Mostly small, seldom huge: the low 6 bits, shifted far up where the high bits say so. */
static inline uint64_t take_number(struct bytes *b)
{
    uint8_t v = take8(b);
    if (v < 0xf0)
        return v & 0x3f;
    return ((uint64_t)1 << (4 * (v & 0xf))) - 1 + take8(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
