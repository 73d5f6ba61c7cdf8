/* SPDX-License-Identifier: MIT */
/*
 * Seeds, ranges, shards and the few numbers that the command line reads.
 *
 * Method: a seed is any 64-bit number; a word becomes one by its XXH3-64, which is the same
 * everywhere. The k-th seed of shard i of n is the (i - 1 + k * n)-th of the range, so that shards
 * are disjoint and complete and each sees the whole range early.
 */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../lang/lex.h"
#include "cli.h"

static bool hex_digit(char c, uint64_t *digit)
{
    if (c >= '0' && c <= '9')
        *digit = (uint64_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *digit = (uint64_t)(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
        *digit = (uint64_t)(c - 'A' + 10);
    else
        return false;
    return true;
}

enum number_kind { NOT_A_NUMBER, A_NUMBER, TOO_LARGE };

static enum number_kind number_read(const char *p, size_t n, uint64_t *value)
{
    uint64_t base = 10, digit;
    *value = 0;
    if (n > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        base = 16;
        p += 2;
        n -= 2;
    }
    if (n == 0)
        return NOT_A_NUMBER;
    bool large = false;
    for (size_t i = 0; i < n; i++) {
        if (!hex_digit(p[i], &digit) || digit >= base)
            return NOT_A_NUMBER;
        large = large || *value > (UINT64_MAX - digit) / base;
        *value = *value * base + digit;
    }
    return large ? TOO_LARGE : A_NUMBER;
}

static bool seed_read(const char *p, size_t n, uint64_t *seed)
{
    if (n == 0 || p[0] == '-')          /* -1 is nobody's commit */
        return false;
    enum number_kind kind = number_read(p, n, seed);
    if (kind == NOT_A_NUMBER && n >= 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
        return false;
    /* A commit's hash may happen to be all digits: too long for a number, it is a word like
     * any other. */
    if (kind == NOT_A_NUMBER || (kind == TOO_LARGE && n >= 32))
        *seed = XXH3_64bits(p, n);
    return kind != TOO_LARGE || n >= 32;
}

bool seed_parse(const char *word, uint64_t *seed) { return seed_read(word, strlen(word), seed); }

static bool two_numbers(const char *text, const char *dots, struct seed_range *range,
                        const char **why)
{
    uint64_t last;
    enum number_kind a = number_read(text, (size_t)(dots - text), &range->first);
    enum number_kind b = number_read(dots + 2, strlen(dots + 2), &last);
    *why = "expected two numbers, for example 1..2000";
    if (a == NOT_A_NUMBER || b == NOT_A_NUMBER)
        return false;
    *why = "seeds are below 2^64";
    if (a == TOO_LARGE || b == TOO_LARGE)
        return false;
    *why = "the first seed is greater than the last";
    if (range->first > last)
        return false;
    *why = "too many seeds";
    range->count = last - range->first + 1;
    return range->count != 0;
}

bool seed_range_parse(const char *text, struct seed_range *range, const char **why)
{
    const char *dots = strstr(text, ".."), *plus = strrchr(text, '+');
    if (dots != NULL)
        return two_numbers(text, dots, range, why);
    *why = "expected A..B (inclusive) or WORD+N, for example 1..2000 or a1b2c3+500";
    if (plus == NULL || plus == text)
        return false;
    enum number_kind kind = number_read(plus + 1, strlen(plus + 1), &range->count);
    if (kind == NOT_A_NUMBER)
        return false;
    *why = "too many seeds";
    if (kind == TOO_LARGE)
        return false;
    *why = "a range has at least one seed";
    if (range->count == 0)
        return false;
    *why = "seeds are decimal below 2^64, 0x hex, or a word";
    return seed_read(text, (size_t)(plus - text), &range->first);
}

bool count_parse(const char *text, uint64_t *value)
{
    return isdigit((unsigned char)text[0]) && number_read(text, strlen(text), value) == A_NUMBER;
}

bool shard_parse(const char *text, struct shard *shard)
{
    const char *slash = strchr(text, '/');
    return slash != NULL && number_read(text, (size_t)(slash - text), &shard->i) == A_NUMBER &&
           number_read(slash + 1, strlen(slash + 1), &shard->n) == A_NUMBER && shard->i >= 1 &&
           shard->i <= shard->n;
}

bool time_parse(const char *text, uint64_t *ns)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000},
                 {"h", 3600000000000}};
    uint32_t n = (uint32_t)strlen(text), digits = number_digits(text, n);
    for (size_t i = 0; digits > 0 && i < sizeof(units) / sizeof(units[0]); i++)
        if (strcmp(text + digits, units[i].name) == 0)
            return number_scaled(text, digits, units[i].ns, ns);
    return false;
}

bool digest_parse(const char *text, unsigned char out[16])
{
    if (strlen(text) != 32)
        return false;
    for (size_t i = 0; i < 16; i++) {
        uint64_t high, low;
        if (!hex_digit(text[2 * i], &high) || !hex_digit(text[2 * i + 1], &low))
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

uint64_t seeds_in(const struct seed_range *range, const struct shard *shard)
{
    assert(shard->i >= 1 && shard->i <= shard->n);
    uint64_t skipped = shard->i - 1;
    return skipped >= range->count ? 0 : (range->count - skipped - 1) / shard->n + 1;
}

uint64_t seed_of(const struct seed_range *range, const struct shard *shard, uint64_t k)
{
    assert(k < seeds_in(range, shard));
    return range->first + (shard->i - 1) + k * shard->n;
}

/* Ranges may wrap around 2^64. */
bool seed_in(const struct seed_range *range, const struct shard *shard, uint64_t seed)
{
    uint64_t k = seed - range->first;
    return k < range->count && k % shard->n == shard->i - 1;
}
