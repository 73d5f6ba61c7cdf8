/* SPDX-License-Identifier: MIT */
/*
 * run --bless. Method: the runs of a scenario tell what they came to at each golden block, without
 * being judged by it. When all have run, each block holds what every one that came to it agrees on:
 * then the file is written anew, those blocks changed and nothing else. Where a run failed or two
 * do not agree, the file stays as it is.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct block {
    uint32_t line, end;             /* of `trace expect` and of its `end` */
    char *seen;                     /* NULL: no run has come to it */
    size_t n;
    bool same, differs;             /* as the block says; in two runs, or twice in one */
    const char *variant, *other;    /* the runs that say so */
};

struct bless {
    const struct scenario *scenario;
    const char *variant;            /* that runs now */
    bool failed;
    uint32_t n;
    struct block block[];
};

int bless_refuses(const struct request *q)
{
    if (!asked(q, OPT(BLESS)))
        return EXIT_OK;
    if (asked(q, OPT(SEED) | OPT(VARIANT) | OPT(SET) | OPT(UNTIL) | OPT(CALM)))
        return usage_error("--bless writes what a file does by itself: leave out --seed, "
                           "--variant, --set, --until and --calm");
    for (int i = 0; i < q->nfiles; i++)
        if (strcmp(q->files[i], "-") == 0)
            return usage_error("--bless needs a file; standard input has none");
    return EXIT_OK;
}

struct bless *bless_begin(const struct scenario *s)
{
    const uint32_t *lines;
    uint32_t n = scenario_goldens(s, &lines);
    struct bless *b = must(calloc(1, sizeof(*b) + n * sizeof(b->block[0])));
    b->scenario = s;
    b->n = n;
    for (uint32_t i = 0; i < n; i++)
        b->block[i].line = lines[i];
    return b;
}

static void hear(void *ctx, const struct golden *g)
{
    struct bless *b = ctx;
    struct block *k = b->block;
    while (k < b->block + b->n && k->line != g->line)
        k++;
    assert(k < b->block + b->n);
    if (k->seen != NULL) {
        if (!k->differs && (k->n != g->seen_n || memcmp(k->seen, g->seen, k->n) != 0))
            k->differs = true, k->other = b->variant;
        return;
    }
    k->end = g->end;
    k->same = g->same;
    k->variant = b->variant;
    k->n = g->seen_n;
    k->seen = must(strndup(g->seen, g->seen_n));
}

void bless_run(struct bless *b, struct run *run)
{
    b->variant = scenario_variant_name(b->scenario, run->variant);
    run->play.bless = true;
    run->play.golden = hear;
    run->play.golden_ctx = b;
}

void bless_verdict(struct bless *b, int verdict)
{
    b->failed = b->failed || (verdict != V_PASS && verdict != V_SKIP);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* The line at text[at], its newline included. */
static size_t line_length(const char *text, size_t len, size_t at)
{
    const char *end = memchr(text + at, '\n', len - at);
    return end != NULL ? (size_t)(end - (text + at)) + 1 : len - at;
}

/* What was seen, indented and ended as the line of its `trace expect` is. */
static void put_block(FILE *out, const struct block *k, const char *head, size_t len)
{
    int indent = (int)strspn(head, " \t");
    const char *end = len > 1 && head[len - 2] == '\r' ? "\r\n" : "\n";
    for (size_t at = 0, n; at < k->n; at += n) {
        n = line_length(k->seen, k->n, at);
        fprintf(out, "%.*s  %.*s%s", indent, head, (int)(n - 1), k->seen + at, end);
    }
}

/* The file with its blocks anew; to be freed. */
static char *blessed(const struct bless *b, size_t *len)
{
    char *out = NULL;
    size_t size;
    const char *text = scenario_text(b->scenario, &size);
    FILE *f = must(open_memstream(&out, len));
    uint32_t number = 1, skip_to = 0;
    for (size_t at = 0, n; at < size; at += n, number++) {
        n = line_length(text, size, at);
        if (number < skip_to)
            continue;
        fwrite(text + at, 1, n, f);
        for (uint32_t i = 0; i < b->n; i++) {
            const struct block *k = &b->block[i];
            if (k->line != number || k->seen == NULL || k->same)
                continue;
            put_block(f, k, text + at, n);
            skip_to = k->end;
        }
    }
    must_close(f);
    return out;
}

static int tell_differing(const struct bless *b, const struct block *k)
{
    const char *path = scenario_path(b->scenario);
    bool twice = strcmp(k->variant, k->other) == 0;
    fprintf(stderr, "%s:%" PRIu32 ":1: error: ", path, k->line);
    if (twice)
        fprintf(stderr,
                "a run%s%s comes to this golden block more than once, with different events",
                *k->variant ? " of " : "", k->variant);
    else
        fprintf(stderr, "%s and %s come to this golden block with different events", k->variant,
                k->other);
    fprintf(stderr, "; %s, or leave a class out of `trace show`\n",
            twice ? "write it where a run comes once" : "put it into a branch of its own");
    return EXIT_USAGE;
}

/* What is to be said of the file before it is touched; EXIT_OK: it may be. */
static int look(const struct bless *b)
{
    const char *path = scenario_path(b->scenario);
    int code = EXIT_OK;
    if (b->failed) {
        fprintf(stderr, "%s: not blessed: not all of its runs pass\n", path);
        return EXIT_SAFETY;
    }
    for (uint32_t i = 0; i < b->n; i++) {
        if (b->block[i].differs)
            code = tell_differing(b, &b->block[i]);
        if (b->block[i].seen == NULL)
            fprintf(stderr, "%s:%" PRIu32
                    ":1: no run comes to this golden block; it stays as it is\n", path,
                    b->block[i].line);
    }
    return code;
}

int bless_end(struct bless *b)
{
    const char *path = scenario_path(b->scenario);
    uint32_t written = 0;
    size_t len = 0;
    int code = b->n > 0 ? look(b) : EXIT_OK;
    for (uint32_t i = 0; i < b->n; i++)
        written += b->block[i].seen != NULL && !b->block[i].same;
    if (code == EXIT_OK && written > 0) {
        char *text = blessed(b, &len);
        if (!rewrite(path, text, len))
            code = write_failed(path);
        free(text);
    }
    if (code == EXIT_OK && b->n > 0)
        fprintf(stderr, "%s: %" PRIu32 " of %" PRIu32 " golden blocks written\n", path, written,
                b->n);
    for (uint32_t i = 0; i < b->n; i++)
        free(b->block[i].seen);
    free(b);
    return code;
}
