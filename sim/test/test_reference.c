/* SPDX-License-Identifier: MIT */
/* Every row of the language has an example, and the example uses it. That the reference shows it:
 * scenarios/reference.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../lang/ast.h"

/* The rows of a table have a parser's row each, in the same order. */
static struct scenario *example(const char *folder, const struct table_row *row, char *path,
                                size_t size)
{
    snprintf(path, size, "scenarios/%s/%s.scn", folder, row->file);
    struct scenario *s = scenario_load(path, NULL, 0, NULL, 0, stderr);
    if (s == NULL)
        fail_msg("%s: '%s' has no example there that can be read (tests run in the top directory)",
                 path, row->synopsis);
    return s;
}

static bool among(const char *words, const char *word, size_t n)
{
    for (const char *w = words; *w; w += *w == '|') {
        size_t len = strcspn(w, "|");
        if (len == n && !memcmp(w, word, n)) return true;
        w += len;
    }
    return false;
}

/* Does a line begin with the row's name and, where there is one, go on with its sub? */
static bool is_written(const struct scenario *s, const struct verb *v)
{
    size_t len;
    const char *line = scenario_text(s, &len), *end = line + len;
    for (; line < end; line += strcspn(line, "\n"), line += line < end) {
        const char *word = line + strspn(line, " ");
        size_t n = strcspn(word, " \n");
        if (!among(v->name, word, n)) continue;
        if (!*v->sub) return true;
        for (word += n; *word == ' '; word += n) {
            n = strcspn(++word, " \n");
            if (among(v->sub, word, n)) return true;
        }
    }
    return false;
}

static bool is_played(const struct scenario *s, const struct verb *v)
{
    for (uint32_t k = 0; k < s->nvariants; k++)
        for (uint32_t i = 0; i < s->programs[k].nstmts; i++)
            if (s->programs[k].stmts[i].verb == v) return true;
    return false;
}

/* expect, always, never, eventually: their arguments begin with the condition. */
static bool is_asked(const struct scenario *s, const struct assertion *a)
{
    for (uint32_t k = 0; k < s->nvariants; k++)
        for (uint32_t i = 0; i < s->programs[k].nstmts; i++) {
            const struct stmt *stmt = &s->programs[k].stmts[i];
            if (stmt->verb->flags & VERB_ASSERTS && ((const struct cond *)stmt->args)->kind == a)
                return true;
        }
    return false;
}

static void every_verb_has_an_example_that_uses_it(void **state)
{
    char path[100];
    const struct table_row *row = verbs_table();
    const struct verb *v = verbs;
    (void)state;
    for (; v->name; v++, row++) {
        assert_string_equal(row->synopsis, v->synopsis);
        struct scenario *s = example("verbs", row, path, sizeof path);
        if (!(v->run ? is_played(s, v) : is_written(s, v)))
            fail_msg("%s: it does not say: %s", path, v->synopsis);
        scenario_free(s);
    }
    assert_null(row->name);
}

static void every_condition_has_an_example_that_asks_it(void **state)
{
    char path[100];
    const struct table_row *row = asserts_table();
    const struct assertion *a = assertions;
    (void)state;
    for (; a->name; a++, row++) {
        assert_string_equal(row->synopsis, a->synopsis);
        struct scenario *s = example("conditions", row, path, sizeof path);
        if (!is_asked(s, a)) fail_msg("%s: it does not ask: %s", path, a->synopsis);
        scenario_free(s);
    }
    assert_null(row->name);
}

int main(void)
{
    const struct CMUnitTest reference[] = {
        cmocka_unit_test(every_verb_has_an_example_that_uses_it),
        cmocka_unit_test(every_condition_has_an_example_that_asks_it),
    };
    return cmocka_run_group_tests(reference, NULL, NULL);
}
