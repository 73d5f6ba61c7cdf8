/* SPDX-License-Identifier: MIT */
/*
 * Variants that turn out to be one run. Method: what a run did is its digest. Where two variants of
 * a file have the same one, whatever they vary made no difference, and the file tried once what it
 * says it tries twice. That is no verdict on the system under test, so the runs keep theirs: the
 * later one says so in its detail, and a note tells it of the file, unless the file says
 * `variants ... may be equal`.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct same_run {
    const struct suite *suite;
    struct ran { bool counts, told; unsigned char digest[16]; } *ran;   /* by item */
};

enum { NAMED_MAX = 6 };

struct same_run *same_run_begin(const struct suite *suite)
{
    struct same_run *s = must(calloc(1, sizeof(*s)));
    s->ran = must(calloc(suite->nitems + 1, sizeof(*s->ran)));
    s->suite = suite;
    return s;
}

void same_run_end(struct same_run *s)
{
    if (s != NULL)
        free(s->ran);
    free(s);
}

static bool is_same(const struct same_run *s, uint32_t one, uint32_t other)
{
    const struct item *a = &s->suite->items[one], *b = &s->suite->items[other];
    return a->scenario == b->scenario && s->ran[one].counts && s->ran[other].counts &&
           memcmp(s->ran[one].digest, s->ran[other].digest, sizeof(s->ran[one].digest)) == 0 &&
           !scenario_may_be_equal(a->scenario, a->variant, b->variant);
}

/* A run that failed, was cut short, or whose faults were taken away may well be as another one. */
static bool is_whole(const struct request *q, const struct result *r)
{
    return !q->play.calm && q->play.until == NEVER && r->verdict == V_PASS;
}

void same_run_add(struct same_run *s, uint32_t i, const struct request *q, struct result *r)
{
    assert(i < s->suite->nitems);
    uint32_t k = i;
    s->ran[i].counts = is_whole(q, r);
    memcpy(s->ran[i].digest, r->digest, sizeof(r->digest));
    while (k > 0 && s->suite->items[k - 1].scenario == s->suite->items[i].scenario)
        k--;
    while (k < i && !is_same(s, k, i))
        k++;
    size_t n = strlen(r->detail);
    if (k < i)
        snprintf(r->detail + n, sizeof(r->detail) - n,
                 "%sthe same run as variant %s, record for record", n > 0 ? "; " : "",
                 item_variant(&s->suite->items[k]));
}

/* The runs that are the same as this one, it among them; a file has few variants. */
static uint32_t gather(struct same_run *s, uint32_t first, uint32_t end, uint32_t named[NAMED_MAX])
{
    uint32_t n = 0;
    for (uint32_t i = first; i < end && !s->ran[first].told; i++) {
        if (!is_same(s, first, i) && i > first)
            continue;
        if (n < NAMED_MAX)
            named[n] = i;
        s->ran[i].told = i > first;
        n++;
    }
    return n;
}

void same_run_tell(struct same_run *s, uint32_t last)
{
    const struct item *items = s->suite->items;
    uint32_t first = last, named[NAMED_MAX];
    while (first > 0 && items[first - 1].scenario == items[last].scenario)
        first--;
    for (; first < last; first++) {
        uint32_t n = gather(s, first, last + 1, named), shown = n < NAMED_MAX ? n : NAMED_MAX;
        char by[DIFFERENCE_BYTES] = "";
        if (n < 2)
            continue;
        fprintf(stderr, "wavetank: note: %s: ", item_path(&items[first]));
        for (uint32_t i = 0; i < shown; i++)
            fprintf(stderr, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ",
                    item_variant(&items[named[i]]));
        if (n > shown)
            fprintf(stderr, " and %u more", n - shown);
        for (uint32_t i = 1; i < shown; i++)
            scenario_difference(items[first].scenario, items[first].variant,
                                items[named[i]].variant, by);
        fprintf(stderr, " are one and the same run: what they vary made no difference, and nothing "
                "was tried by it\n  make it matter, or say in the file: variants of %s may be "
                "equal because \"...\"\n", by);
    }
}
