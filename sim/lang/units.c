/* SPDX-License-Identifier: MIT */
/*
 * Method. A unit is what follows the digits of a number; a table of them belongs to each kind
 * of quantity.
 */
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct unit time_units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000},
                                  {"m", UINT64_C(60000000000)}, {"min", UINT64_C(60000000000)},
                                  {"h", UINT64_C(3600000000000)}, {NULL, 0}};
const struct unit share_units[] = {{"%", 10000}, {"ppm", 1}, {NULL, 0}};
const struct unit byte_units[] = {{"", 1}, {"B", 1}, {"kB", 1000}, {"KB", 1000}, {"MB", 1000000},
                                  {"GB", 1000000000},
                                  {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {NULL, 0}};

const struct unit *unit_of(const struct token *t, const struct unit *units)
{
    uint32_t digits = number_digits(t->text, t->n);
    for (; units->name; units++)
        if (strlen(units->name) == t->n - digits &&
            !memcmp(units->name, t->text + digits, t->n - digits))
            return units;
    return NULL;
}

bool unit_value(const struct token *t, const struct token *lender, const struct unit *units,
                uint64_t *value)
{
    if (t->kind != TOK_NUMBER) return false;
    bool bare = number_digits(t->text, t->n) == t->n;
    const struct unit *u = unit_of(bare && lender ? lender : t, units);
    if (u && u->scale == 1 && !number_is_whole(t->text, t->n)) return false; /* half a nanosecond */
    if (u) return number_scaled(t->text, t->n, u->scale, value);
    return bare && number_scaled(t->text, t->n, 1, value) && *value == 0;
}

void share_spell(uint64_t ppm, char out[SPELLED_BYTES])
{
    int n = snprintf(out, SPELLED_BYTES, "%" PRIu64 ".%04" PRIu64, ppm / 10000, ppm % 10000);
    while (out[n - 1] == '0') n--;
    if (out[n - 1] == '.') n--;
    memcpy(out + n, "%", 2);
}

bool whole_spell(uint64_t value, const struct unit *ladder, size_t most, char out[SPELLED_BYTES])
{
    for (size_t i = most + 1; i-- > 0;)
        if (value % ladder[i].scale == 0)
            return snprintf(out, SPELLED_BYTES, "%" PRIu64 "%s", value / ladder[i].scale,
                            ladder[i].name) > 0;
    return false;
}

void time_spell(uint64_t ns, const struct unit *like, char out[SPELLED_BYTES])
{
    static const struct unit ladder[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000},
                                         {"s", 1000000000},
                                         {"m", UINT64_C(60000000000)},
                                         {"h", UINT64_C(3600000000000)}};
    const uint64_t scale = like ? like->scale : 1;
    whole_spell(ns, ladder, scale > ladder[4].scale ? 5 : scale > ladder[3].scale ? 4 : 3, out);
}
