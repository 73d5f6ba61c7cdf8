/* SPDX-License-Identifier: MIT */
/*
 * A fuzzer's bytes as a scenario with the files that it includes, so that no harness touches the
 * file system: up to the first line that begins with "#### " they are the scenario, and each such
 * line begins the file that it names.
 */
#ifndef WT_FUZZ_PARTS_H
#define WT_FUZZ_PARTS_H

#include <string.h>

#include "../sim/lang/scenario.h"
#include "bytes.h"

enum { PARTS_MAX = 8 };

struct part { const char *name, *text; size_t name_n, len; };
struct parts { struct part main, included[PARTS_MAX]; uint32_t n; };

static inline const char *next_mark(const char *at, const char *end)
{
    for (; end - at >= 5; at++) {
        if (memcmp(at, "#### ", 5) == 0)
            return at;
        if (!(at = memchr(at, '\n', (size_t)(end - at))))
            return end;
    }
    return end;
}

static inline void parts_of(const uint8_t *data, size_t size, struct parts *p)
{
    const char *text = (const char *)data, *end = text + size, *at = next_mark(text, end);
    *p = (struct parts){.main = {.text = text, .len = (size_t)(at - text)}};
    while (at < end && p->n < PARTS_MAX) {
        struct part *one = &p->included[p->n++];
        const char *line = memchr(at, '\n', (size_t)(end - at)), *stop = line ? line : end;
        one->name = at + 5;
        one->name_n = (size_t)(stop - one->name);
        one->text = line ? line + 1 : end;
        at = next_mark(one->text, end);
        one->len = (size_t)(at - one->text);
    }
}

static inline const char *part_text(void *ctx, const char *path, size_t *len)
{
    struct parts *p = ctx;
    for (uint32_t i = 0; i < p->n; i++)
        if (strlen(path) == p->included[i].name_n &&
            memcmp(path, p->included[i].name, p->included[i].name_n) == 0)
            return *len = p->included[i].len, p->included[i].text;
    return NULL;
}

static inline struct scenario *parts_read(struct parts *p, FILE *err, uint32_t *nerrors)
{
    struct scenario_input in = {.path = "fuzz", .text = p->main.text, .len = p->main.len,
                                .included = part_text, .included_ctx = p, .err = err,
                                .nerrors = nerrors};
    return scenario_read(&in);
}

#endif
