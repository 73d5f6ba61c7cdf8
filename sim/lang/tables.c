/* SPDX-License-Identifier: MIT */
/* The rows of verbs.def and asserts.def as tables: for the parser, and for `list`, help,
 * completion and dictionaries. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "rows.h"

const struct verb verbs[] = {
#define VERB(symbol, word, second, bits, how, what, instance) \
    {.name = word, .sub = second, .flags = (bits), .synopsis = how, .help = what,                  \
     .example = instance,                                                                          \
     .parse = parse_##symbol, .run = run_##symbol},
#define SETUP(symbol, word, second, bits, how, what, instance) \
    {.name = word, .sub = second, .flags = (bits), .synopsis = how, .help = what,                  \
     .example = instance,                                                                          \
     .parse = parse_##symbol},
#define SHAPE(word, how, what, instance)                                                           \
    {.name = word, .sub = "", .synopsis = how, .help = what, .example = instance},
#define DRAWN(word, how, what, instance)                                                           \
    {.name = word, .sub = "drawn", .synopsis = how, .help = what, .example = instance},
#define BLOCK(symbol, word, bits, how, what, instance) \
    {.name = word, .sub = "", .flags = (bits), .synopsis = how, .help = what, .example = instance, \
     .run = run_##symbol},
#include "verbs.def"
    {.name = NULL},
};

#define KIND(kind) KIND_BIT(kind)

const struct assertion assertions[] = {
#define ASSERT(symbol, word, subject, kinds, how, what, instance) \
    {.name = word, .about = subject, .rests = kinds, .synopsis = how, .help = what,                \
     .example = instance, .parse = assert_parse_##symbol, .eval = assert_eval_##symbol},
#include "asserts.def"
    {.name = NULL},
};

/* ---- for people ---- */

/* As a .def file has it: a row, or the title over those that follow. */
struct text_row { const char *title, *symbol, *name, *sub, *synopsis, *help, *example; };

static const struct text_row verb_texts[] = {
#define GROUP(over) {.title = over},
#define VERB(symbol, word, second, bits, ...) {NULL, #symbol, word, second, __VA_ARGS__},
#define SETUP(symbol, word, second, bits, ...) {NULL, #symbol, word, second, __VA_ARGS__},
#define SHAPE(word, ...) {NULL, word, word, "", __VA_ARGS__},
#define DRAWN(word, ...) {NULL, word "-drawn", word, "drawn", __VA_ARGS__},
#define BLOCK(symbol, word, bits, ...) {NULL, #symbol, word, "", __VA_ARGS__},
#include "verbs.def"
};

static const struct text_row assert_texts[] = {
#define GROUP(over) {.title = over},
#define ASSERT(symbol, word, subject, kinds, ...)                                                  \
    {NULL, #symbol, (subject) == ABOUT_OP ? "r1" : word, "", __VA_ARGS__},
#include "asserts.def"
};

/* `rows` has room for all, and for the last, which has no name. */
static void fill_table(const struct text_row *t, size_t n, struct table_row *rows)
{
    const char *group = NULL;
    for (const struct text_row *end = t + n; t < end; t++) {
        if (t->title) {
            group = t->title;
            continue;
        }
        assert(group && strlen(t->symbol) < sizeof rows->file);
        *rows = (struct table_row){t->name, t->sub, t->synopsis, t->help, t->example, group, ""};
        for (size_t i = 0; t->symbol[i]; i++)
            rows->file[i] = t->symbol[i] == '_' ? '-' : t->symbol[i];
        rows++;
    }
    *rows = (struct table_row){.name = NULL};
}

const struct table_row *verbs_table(void)
{
    static struct table_row rows[sizeof verb_texts / sizeof *verb_texts + 1];
    fill_table(verb_texts, sizeof verb_texts / sizeof *verb_texts, rows);
    return rows;
}

const struct table_row *asserts_table(void)
{
    static struct table_row rows[sizeof assert_texts / sizeof *assert_texts + 1];
    fill_table(assert_texts, sizeof assert_texts / sizeof *assert_texts, rows);
    return rows;
}
