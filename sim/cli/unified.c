/* SPDX-License-Identifier: MIT */
/*
 * Unified differences of two short texts. Method: what both begin and end with is set apart;
 * between, the longest common subsequence of lines is found by the table of its lengths. Where that
 * table would be too large, the middle of one text simply gives way to the middle of the other.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { CONTEXT = 3, CELLS_MAX = 4 << 20 };

struct lines {
    const char **at;
    size_t *n, count;
};

/* One line of the outcome: of which text, and whether it is in both (' '), only in the first ('-'),
 * in the second. */
struct edit {
    char sign;
    size_t line;
};

static bool cut(struct lines *l, const char *text, size_t len)
{
    size_t most = 1;
    for (size_t i = 0; i < len; i++)
        most += text[i] == '\n';
    *l = (struct lines){.at = must(calloc(most, sizeof(*l->at))),
                        .n = must(calloc(most, sizeof(*l->n)))};
    for (size_t i = 0; i < len; l->count++) {
        const char *end = memchr(text + i, '\n', len - i);
        l->at[l->count] = text + i;
        l->n[l->count] = end != NULL ? (size_t)(end - (text + i)) : len - i;
        i += l->n[l->count] + 1;
    }
    return true;
}

static void lines_free(struct lines *l)
{
    free(l->at);
    free(l->n);
}

static bool equal(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
    return a->n[i] == b->n[j] && memcmp(a->at[i], b->at[j], a->n[i]) == 0;
}

/* The edits of a[from .. a_to) and b[from .. b_to), behind `e`; returns their end. */
static struct edit *middle(const struct lines *a, size_t a_to, const struct lines *b, size_t b_to,
                           size_t from, struct edit *e)
{
    size_t n = a_to - from, m = b_to - from, i = 0, j = 0;
    uint32_t *longest = NULL;
    if ((uint64_t)(n + 1) * (m + 1) <= CELLS_MAX)
        longest = calloc((n + 1) * (m + 1), sizeof(*longest));
    for (size_t k = n; longest != NULL && k-- > 0;)
        for (size_t l = m; l-- > 0;) {
            uint32_t down = longest[(k + 1) * (m + 1) + l], right = longest[k * (m + 1) + l + 1];
            uint32_t both = longest[(k + 1) * (m + 1) + l + 1] + 1;
            longest[k * (m + 1) + l] = equal(a, from + k, b, from + l) ? both
                                       : down > right                  ? down
                                                                       : right;
        }
    while (longest != NULL && i < n && j < m) {
        if (equal(a, from + i, b, from + j))
            *e++ = (struct edit){' ', from + i++}, j++;
        else if (longest[(i + 1) * (m + 1) + j] >= longest[i * (m + 1) + j + 1])
            *e++ = (struct edit){'-', from + i++};
        else
            *e++ = (struct edit){'+', from + j++};
    }
    while (i < n)
        *e++ = (struct edit){'-', from + i++};
    while (j < m)
        *e++ = (struct edit){'+', from + j++};
    free(longest);
    return e;
}

static size_t edits(const struct lines *a, const struct lines *b, struct edit *out)
{
    size_t from = 0, a_to = a->count, b_to = b->count;
    struct edit *e = out;
    while (from < a_to && from < b_to && equal(a, from, b, from))
        *e++ = (struct edit){' ', from++};
    while (a_to > from && b_to > from && equal(a, a_to - 1, b, b_to - 1))
        a_to--, b_to--;
    e = middle(a, a_to, b, b_to, from, e);
    while (a_to < a->count)
        *e++ = (struct edit){' ', a_to++};
    return (size_t)(e - out);
}

/* "12,3" as @@ lines have it; the line before, where there is none. */
static void print_range(FILE *out, char sign, size_t before, size_t n)
{
    fprintf(out, " %c%zu", sign, n > 0 ? before + 1 : before);
    if (n != 1)
        fprintf(out, ",%zu", n);
}

static void print_hunk(FILE *out, const struct lines *a, const struct lines *b,
                       const struct edit *all, size_t from, size_t to)
{
    size_t a_before = 0, b_before = 0, a_n = 0, b_n = 0;
    for (size_t i = 0; i < to; i++) {
        *(i < from ? &a_before : &a_n) += all[i].sign != '+';
        *(i < from ? &b_before : &b_n) += all[i].sign != '-';
    }
    fputs("    @@", out);
    print_range(out, '-', a_before, a_n);
    print_range(out, '+', b_before, b_n);
    fputs(" @@\n", out);
    for (size_t i = from; i < to; i++) {
        const struct lines *l = all[i].sign == '+' ? b : a;
        fprintf(out, "    %c%.*s\n", all[i].sign, (int)l->n[all[i].line], l->at[all[i].line]);
    }
}

/* Hunks reach CONTEXT lines beyond their changes, and join where those would meet. */
static void print_hunks(FILE *out, const struct lines *a, const struct lines *b,
                        const struct edit *all, size_t n)
{
    for (size_t i = 0; i < n;) {
        if (all[i].sign == ' ') {
            i++;
            continue;
        }
        size_t from = i > CONTEXT ? i - CONTEXT : 0, last = i;
        for (; i < n && i <= last + 2 * CONTEXT + 1; i++)
            if (all[i].sign != ' ')
                last = i;
        size_t to = last + 1 + CONTEXT < n ? last + 1 + CONTEXT : n;
        print_hunk(out, a, b, all, from, to);
        i = to > i ? to : i;
    }
}

void print_unified(FILE *out, const char *a, size_t a_len, const char *b, size_t b_len)
{
    struct lines of_a, of_b;
    bool ok = cut(&of_a, a, a_len);
    ok = cut(&of_b, b, b_len) && ok;
    struct edit *all = ok ? calloc(of_a.count + of_b.count + 1, sizeof(*all)) : NULL;
    if (all != NULL)
        print_hunks(out, &of_a, &of_b, all, edits(&of_a, &of_b, all));
    free(all);
    lines_free(&of_a);
    lines_free(&of_b);
}
