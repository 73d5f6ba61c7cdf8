/* SPDX-License-Identifier: MIT */
/*
 * Mutations of scenarios by lines, for engines that know LLVMFuzzerCustomMutator: bytes alone
 * seldom leave a statement whole. Half of the time it is the engine's own mutation; else a line
 * goes, comes twice, changes places, loses a word, gets a word of another, or one of the tables'
 * examples comes in.
 */
#ifndef WT_FUZZ_LINES_H
#define WT_FUZZ_LINES_H

#include <string.h>

#include "../sim/faults/fault.h"
#include "../sim/lang/scenario.h"
#include "bytes.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

struct span { size_t at, n; };

static inline uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* A line of the text, its newline included. */
static inline struct span some_line(const uint8_t *s, size_t size, uint32_t *state)
{
    size_t at = size ? next_random(state) % size : 0, end = at;
    while (at && s[at - 1] != '\n') at--;
    while (end < size && s[end] != '\n') end++;
    return (struct span){at, (end < size ? end + 1 : end) - at};
}

static inline struct span some_word(const uint8_t *s, struct span line, uint32_t *state)
{
    size_t at = line.at + (line.n ? next_random(state) % line.n : 0), end = at;
    while (at > line.at && !strchr(" \n", s[at - 1])) at--;
    while (end < line.at + line.n && !strchr(" \n", s[end])) end++;
    return (struct span){at, end - at};
}

/* Puts `n` bytes in place of a span; the new size. */
static inline size_t put_over(uint8_t *data, size_t size, size_t max, struct span over,
                              const void *with, size_t n)
{
    char copy[4096];
    if (n > sizeof copy || size - over.n + n > max) return size;
    if (n) memcpy(copy, with, n);
    memmove(data + over.at + n, data + over.at + over.n, size - over.at - over.n);
    if (n) memcpy(data + over.at, copy, n);
    return size - over.n + n;
}

static inline void some_example(char *out, size_t size, uint32_t *state)
{
    const struct table_row *verb = verbs_table(), *assertion = asserts_table();
    const struct fault *const *fault = faults;
    uint32_t nverbs = 0, all = 0, nfaults = 0;
    while (verb[nverbs].name) nverbs++;
    while (assertion[all].name) all++;
    while (fault[nfaults]) nfaults++;
    uint32_t i = next_random(state) % (nverbs + all + nfaults);
    if (i < nverbs) snprintf(out, size, "%s\n", verb[i].example);
    else if (i < nverbs + all) snprintf(out, size, "expect %s\n", assertion[i - nverbs].example);
    else snprintf(out, size, "chaos 1s\n%s\nend\n", fault[i - nverbs - all]->example);
}

static inline size_t mutate_lines(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    uint32_t state = seed;
    struct span a = some_line(data, size, &state), b = some_line(data, size, &state);
    char example[200];
    switch (next_random(&state) % 12) {
    case 0: return put_over(data, size, max, a, NULL, 0);
    case 1: return put_over(data, size, max, (struct span){a.at, 0}, data + b.at, b.n);
    case 2: return put_over(data, size, max, some_word(data, a, &state), NULL, 0);
    case 3: a = some_word(data, a, &state), b = some_word(data, b, &state);
        return put_over(data, size, max, a, data + b.at, b.n);
    case 4:
    case 5: some_example(example, sizeof example, &state);
        return put_over(data, size, max, (struct span){a.at, 0}, example, strlen(example));
    default: return LLVMFuzzerMutate ? LLVMFuzzerMutate(data, size, max) : size;
    }
}

#endif
