/* SPDX-License-Identifier: MIT */
/* The rows of verbs.def and asserts.def as tables: for the parser, and for `list`, help, completion and dictionaries. */
#include <assert.h>
#include <stddef.h>

#include "rows.h"

const struct verb verbs[] = {
#define VERB(symbol, word, second, bits, how, what, instance) \
    {.name = word, .sub = second, .flags = (bits), .synopsis = how, .help = what, .example = instance, .parse = parse_##symbol, .run = run_##symbol},
#define SETUP(symbol, word, second, bits, how, what, instance) \
    {.name = word, .sub = second, .flags = (bits), .synopsis = how, .help = what, .example = instance, .parse = parse_##symbol},
#define SHAPE(word, how, what, instance) {.name = word, .sub = "", .synopsis = how, .help = what, .example = instance},
#define BLOCK(symbol, word, bits, how, what, instance) \
    {.name = word, .sub = "", .flags = (bits), .synopsis = how, .help = what, .example = instance, .run = run_##symbol},
#include "verbs.def"
    {.name = NULL},
};

const struct assertion assertions[] = {
#define ASSERT(symbol, word, subject, how, what, instance) \
    {.name = word, .about = subject, .synopsis = how, .help = what, .example = instance, .parse = assert_parse_##symbol, .eval = assert_eval_##symbol},
#include "asserts.def"
    {.name = NULL},
};

const struct table_row *verbs_table(void)
{
    static struct table_row rows[sizeof verbs / sizeof *verbs];
    for (size_t i = 0; verbs[i].name; i++)
        rows[i] = (struct table_row){verbs[i].name, verbs[i].synopsis, verbs[i].help, verbs[i].example};
    assert(!rows[sizeof verbs / sizeof *verbs - 1].name);
    return rows;
}

const struct table_row *asserts_table(void)
{
    static struct table_row rows[sizeof assertions / sizeof *assertions];
    for (size_t i = 0; assertions[i].name; i++) {
        const struct assertion *a = &assertions[i];
        rows[i] = (struct table_row){a->about == ABOUT_OP ? "r1" : a->name, a->synopsis, a->help, a->example};
    }
    assert(!rows[sizeof assertions / sizeof *assertions - 1].name);
    return rows;
}
