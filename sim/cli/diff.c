/* SPDX-License-Identifier: MIT */
/*
 * Where two runs of the same seed part. Method: they run one after the other in one process, for
 * what the first leaves behind is what makes the second differ, and neither is run again, for a
 * core that is not deterministic need not do twice what it did. So the lines of the first go to a
 * file that has no name, each with the hash of its record, and the second is compared with them as
 * it goes; at the first that differs it is ended.
 */
#define _GNU_SOURCE
#include "diff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../trace/sink.h"

struct again {
    FILE *lines;                  /* of the first run */
    uint64_t n;                   /* records of the second so far */
    struct ring ring;             /* the last lines that both have */
    char *a, *b;                  /* where they part; NULL: has ended */
    volatile sig_atomic_t parted;
};

void ring_add(struct ring *r, const char *line)
{
    char **slot = &r->line[r->n++ % CONTEXT];
    free(*slot);
    *slot = must(strdup(line));
}

void ring_hand_over(const struct ring *r, struct parting *p)
{
    p->nbefore = r->n < CONTEXT ? (uint32_t)r->n : CONTEXT;
    for (uint32_t i = 0; i < p->nbefore; i++)
        p->before[i] = r->line[(r->n - p->nbefore + i) % CONTEXT];
}

void ring_free(struct ring *r)
{
    for (uint32_t i = 0; i < CONTEXT; i++)
        free(r->line[i]);
}

/* The hash of a record, a blank, and its line of jsonl with a newline; to be freed. */
static char *hashed_line(const struct world *w, const struct record *r)
{
    char *line = NULL;
    size_t size;
    FILE *f = must(open_memstream(&line, &size));
    fprintf(f, "%016" PRIx64 " ", (uint64_t)XXH3_64bits(r, sizeof(*r)));
    sink_by_name("jsonl")->record(f, w, r);
    must_close(f);
    return line;
}

enum { HASH_DIGITS = 17 };

static void first_run(void *ctx, const struct world *w, const struct record *r)
{
    struct again *t = ctx;
    char *line = hashed_line(w, r);
    fputs(line, t->lines);
    free(line);
}

/* The next line of the first run without its newline; NULL: there is none. */
static char *next_line(FILE *f)
{
    char *line = NULL;
    size_t size = 0;
    if (getline(&line, &size, f) > 0) {
        line[strcspn(line, "\n")] = 0;
        return line;
    }
    free(line);
    return NULL;
}

static void second_run(void *ctx, const struct world *w, const struct record *r)
{
    struct again *t = ctx;
    if (t->parted)
        return;
    char *b = hashed_line(w, r), *a = next_line(t->lines);
    b[strcspn(b, "\n")] = 0;
    t->n++;
    if (a != NULL && memcmp(a, b, HASH_DIGITS) == 0) {
        ring_add(&t->ring, a + HASH_DIGITS);
        free(a);
        free(b);
        return;
    }
    t->a = a;
    t->b = b;
    t->parted = 1;
}

static int no_file(const char *what)
{
    return fatal_error(EXIT_INTERNAL,
                       "cannot %s the records of the first run in a temporary file: %s", what,
                       strerror(errno));
}

static int compare(struct again *t, const struct run *run, const char *name, struct arena *block)
{
    static struct result result; /* some 20 kB */
    char again[1024];
    struct run heard = *run;
    heard.play.say = NULL;
    heard.listener = first_run;
    heard.listener_ctx = t;
    run_once(&heard, block, &result);
    if (fflush(t->lines) != 0 || ferror(t->lines))
        return no_file("keep");
    rewind(t->lines);
    heard.listener = second_run;
    heard.play.interrupt = &t->parted;
    run_once(&heard, block, &result);
    if (ferror(t->lines))
        return no_file("read");
    if (!t->parted && (t->a = next_line(t->lines)) == NULL)
        return diff_tell_equal(t->n);
    snprintf(again, sizeof(again), "%s, run again", name);
    struct parting p = {.ordinal = t->ring.n + 1, .name = {name, again}};
    p.next[0] = t->a != NULL ? t->a + HASH_DIGITS : NULL;
    p.next[1] = t->b != NULL ? t->b + HASH_DIGITS : NULL;
    ring_hand_over(&t->ring, &p);
    return diff_tell(&p);
}

int diff_again(const struct run *run, const char *name, struct arena *block)
{
    struct again t = {.lines = tmpfile()};
    if (t.lines == NULL)
        return no_file("keep");
    int code = compare(&t, run, name, block);
    fclose(t.lines);
    ring_free(&t.ring);
    free(t.a);
    free(t.b);
    return code;
}
