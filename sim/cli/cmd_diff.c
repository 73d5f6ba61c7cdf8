/* SPDX-License-Identifier: MIT */
/*
 * wavetank diff. Method: two traces are read side by side, line by line. Two runs are first
 * compared by the hashes of their records, which are short enough to be kept for all of a run, and
 * then run once more to have the lines around the first difference written; two runs of one seed
 * are another matter (diff.c). Either way what is told comes from lines of jsonl.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../trace/sink.h"
#include "diff.h"
#include "trace_lines.h"

/* ---- telling --------------------------------------------------------------------------------- */

static void print_record(const char *mark, uint64_t ordinal, const char *line)
{
    struct trace_fields fields;
    printf("%s %8" PRIu64 "  ", mark, ordinal);
    if (line == NULL)
        printf("has ended");
    else if (trace_fields(line, strlen(line), &fields))
        trace_words_print(stdout, &fields);
    putchar('\n');
}

int diff_tell(const struct parting *p)
{
    struct trace_fields a, b;
    printf("A: %s\nB: %s\n", p->name[0], p->name[1]);
    if (p->next[0] == NULL || p->next[1] == NULL)
        printf("%s ends after %" PRIu64 " records, and %s goes on:\n",
               p->next[0] == NULL ? "A" : "B", p->ordinal - 1,
               p->next[0] == NULL ? "B" : "A");
    else
        printf("the first difference is in record %" PRIu64 ":\n", p->ordinal);
    for (uint32_t i = 0; i < p->nbefore; i++)
        print_record(" ", p->ordinal - p->nbefore + i, p->before[i]);
    print_record("A", p->ordinal, p->next[0]);
    print_record("B", p->ordinal, p->next[1]);
    if (p->next[0] != NULL && p->next[1] != NULL &&
        trace_fields(p->next[0], strlen(p->next[0]), &a) &&
        trace_fields(p->next[1], strlen(p->next[1]), &b)) {
        printf("  A vs B: ");
        trace_fields_print_differing(stdout, &a, &b);
        putchar('\n');
    }
    return EXIT_DIFFER;
}

int diff_tell_equal(uint64_t records)
{
    printf("no difference in %" PRIu64 " records\n", records);
    return EXIT_OK;
}

/* ---- two traces ------------------------------------------------------------------------------ */

struct trace {
    const char *path;
    FILE *file;
    char *line, *head;  /* head: the first line, where it describes the run; NULL: it does not */
    size_t room, len;
    uint64_t number;    /* of the line */
    bool ended, torn;   /* torn: the line has no newline */
};

static int bad_line(const struct trace *t, const char *why)
{
    fprintf(stderr, "%s:%" PRIu64 ": error: %s\n", t->path, t->number, why);
    return EXIT_USAGE;
}

/* The next line, without its newline, or the end. EXIT_OK, EXIT_USAGE or EXIT_INTERNAL after
 * a message. */
static int trace_next(struct trace *t)
{
    errno = 0;
    ssize_t n = getline(&t->line, &t->room, t->file);
    if (n < 0 && !feof(t->file))
        return fatal_error(errno == EISDIR ? EXIT_USAGE : EXIT_INTERNAL, "cannot read %s: %s",
                           t->path, strerror(errno));
    t->ended = n < 0;
    t->len = n > 0 ? (size_t)n : 0;
    t->number++;
    if (t->ended)
        return EXIT_OK;
    t->torn = t->line[t->len - 1] != '\n';
    if (!t->torn)
        t->line[--t->len] = 0;
    return strlen(t->line) == t->len ? EXIT_OK : bad_line(t, "a zero byte: this is no trace");
}

static int check_record(const struct trace *t, struct trace_fields *fields)
{
    if (trace_fields(t->line, t->len, fields) && trace_field(fields, "at") &&
        trace_field(fields, "kind"))
        return EXIT_OK;
    if (t->torn && t->line[0] == '{')
        return bad_line(t, "the file breaks off in the middle of a record");
    return bad_line(t,
                    "expected a record of a trace; traces are written by: wavetank trace FILE "
                    "--seed S --to jsonl");
}

/* Opens it and takes the first line, which is a header or already a record. */
static int trace_open(struct trace *t, const char *path)
{
    struct trace_fields fields;
    t->path = path;
    t->file = fopen(path, "r");
    if (t->file == NULL)
        return usage_error("cannot read %s: %s", path, strerror(errno));
    int code = trace_next(t);
    if (code != EXIT_OK)
        return code;
    if (t->ended)
        return bad_line(t, "it is empty; a trace has at least a first line");
    if (!trace_fields(t->line, t->len, &fields) || !trace_field(&fields, "wavetank"))
        return check_record(t, &fields);
    if (!trace_field_is(&fields, "wavetank", "\"trace\""))
        return bad_line(t,
                        "results of a sweep, not a trace; diff compares two traces, or FILE --seed "
                        "A --seed B");
    t->head = must(strdup(t->line));
    return trace_next(t);
}

static void trace_close(struct trace *t)
{
    if (t->file != NULL)
        fclose(t->file);
    free(t->line);
    free(t->head);
}

/* What the first lines say differently; records of two versions may differ for that alone. */
static void note_heads(const struct trace *a, const struct trace *b)
{
    struct trace_fields x, y;
    const struct trace *headless = a->head == NULL ? a : b;
    if (a->head == NULL && b->head == NULL)
        return;
    if (a->head == NULL || b->head == NULL) {
        fprintf(stderr, "note: %s has no first line that describes it\n", headless->path);
        return;
    }
    if (!trace_fields(a->head, strlen(a->head), &x) ||
        !trace_fields(b->head, strlen(b->head), &y) || trace_records_equal(&x, &y))
        return;
    fputs("note: the first lines differ: ", stderr);
    trace_fields_print_differing(stderr, &x, &y);
    fputs("\n", stderr);
}

static int compare_traces(struct trace *a, struct trace *b, struct ring *ring)
{
    struct trace_fields x, y;
    int code = EXIT_OK;
    while (!a->ended && !b->ended) {
        if ((code = check_record(a, &x)) != EXIT_OK)
            return code;
        if (a->len != b->len || memcmp(a->line, b->line, a->len) != 0) {
            if ((code = check_record(b, &y)) != EXIT_OK)
                return code;
            if (!trace_records_equal(&x, &y))
                break;
        }
        ring_add(ring, a->line);
        if ((code = trace_next(a)) != EXIT_OK || (code = trace_next(b)) != EXIT_OK)
            return code;
    }
    if (a->ended && b->ended)
        return diff_tell_equal(ring->n);
    struct trace *longer = a->ended ? b : a;
    if ((a->ended || b->ended) && (code = check_record(longer, &x)) != EXIT_OK)
        return code;
    struct parting p = {.ordinal = ring->n + 1, .name = {a->path, b->path}};
    p.next[0] = a->ended ? NULL : a->line;
    p.next[1] = b->ended ? NULL : b->line;
    ring_hand_over(ring, &p);
    return diff_tell(&p);
}

static int diff_traces(const struct request *q)
{
    struct trace a = {0}, b = {0};
    struct ring ring = {0};
    int code = trace_open(&a, q->files[0]);
    if (code == EXIT_OK)
        code = trace_open(&b, q->files[1]);
    if (code == EXIT_OK) {
        note_heads(&a, &b);
        code = compare_traces(&a, &b, &ring);
    }
    ring_free(&ring);
    trace_close(&a);
    trace_close(&b);
    return code;
}

/* ---- two runs -------------------------------------------------------------------------------- */

struct side {
    struct request request;           /* with this side's seed and variant */
    struct suite suite;
    struct run run;
    struct result result;
    char name[768];
    char *line[CONTEXT + 1];          /* from record `from` on */
};

struct hashes { uint64_t *at; size_t n, capacity; };
/* differs: ordinal, 0 none so far */
struct comparison { const struct hashes *first; uint64_t n, differs; };
struct writing { struct side *side; uint64_t n, from, to; };

static uint64_t hash_of(const struct record *r) { return XXH3_64bits(r, sizeof(*r)); }

static void gather(void *ctx, const struct world *w, const struct record *r)
{
    struct hashes *h = ctx;
    (void)w;
    if (h->n == h->capacity) {
        h->capacity = h->capacity ? h->capacity * 2 : 65536;
        h->at = must(h->capacity <= SIZE_MAX / 8 ? realloc(h->at, h->capacity * sizeof(*h->at))
                                                 : NULL);
    }
    h->at[h->n++] = hash_of(r);
}

static void compare(void *ctx, const struct world *w, const struct record *r)
{
    struct comparison *c = ctx;
    (void)w;
    c->n++;
    if (c->differs == 0 && (c->n > c->first->n || c->first->at[c->n - 1] != hash_of(r)))
        c->differs = c->n;
}

static void write_line(void *ctx, const struct world *w, const struct record *r)
{
    struct writing *t = ctx;
    size_t size;
    t->n++;
    if (t->n < t->from || t->n > t->to)
        return;
    char **line = &t->side->line[t->n - t->from];
    FILE *f = must(open_memstream(line, &size));
    sink_by_name("jsonl")->record(f, w, r);
    must_close(f);
    (*line)[strcspn(*line, "\n")] = 0;
}

static void run_with(struct side *s, struct arena *block, run_listener *listener, void *ctx)
{
    s->run.listener = listener;
    s->run.listener_ctx = ctx;
    run_once(&s->run, block, &s->result);
}

static int side_open(struct side *s, const struct request *q, bool second)
{
    s->request = *q;
    if (second && (q->given_twice & OPT(SEED)))
        s->request.seed = q->other_seed;
    if (second && (q->given_twice & OPT(VARIANT)))
        s->request.variant = q->other_variant;
    int code = suite_load_one(&s->suite, &s->request);
    if (code != EXIT_OK)
        return code;
    const struct item *item = &s->suite.items[0];
    s->run = item_run(item, &s->request, item_seed(item, &s->request));
    snprintf(s->name, sizeof(s->name), "%s%s%s seed 0x%" PRIx64, item_path(item),
             item_variant(item)[0] ? " " : "",
             item_variant(item), s->run.seed);
    return EXIT_OK;
}

static void side_close(struct side *s)
{
    for (uint32_t i = 0; i <= CONTEXT; i++)
        free(s->line[i]);
    suite_free(&s->suite);
}

static int compare_runs(struct side side[2], struct arena *block)
{
    struct hashes hashes = {0};
    struct comparison c = {.first = &hashes};
    run_with(&side[0], block, gather, &hashes);
    run_with(&side[1], block, compare, &c);
    free(hashes.at);
    if (c.differs == 0 && c.n == hashes.n)
        return diff_tell_equal(c.n);
    struct parting p = {.ordinal = c.differs != 0 ? c.differs : c.n + 1,
                        .name = {side[0].name, side[1].name}};
    uint64_t from = p.ordinal > CONTEXT ? p.ordinal - CONTEXT : 1;
    p.nbefore = (uint32_t)(p.ordinal - from);
    for (int i = 0; i < 2; i++) {
        struct writing t = {.side = &side[i], .from = from, .to = p.ordinal};
        run_with(&side[i], block, write_line, &t);
        p.next[i] = side[i].line[p.nbefore];
    }
    for (uint32_t i = 0; i < p.nbefore; i++)
        p.before[i] = side[0].line[i];
    return diff_tell(&p);
}

static int diff_runs(const struct request *q)
{
    struct side *side = must(calloc(2, sizeof(*side)));
    struct arena *block = must_block();
    int code = side_open(&side[0], q, false);
    if (code == EXIT_OK)
        code = side_open(&side[1], q, true);
    bool same = side[0].run.seed == side[1].run.seed && side[0].run.variant == side[1].run.variant;
    if (code == EXIT_OK)
        code = same ? diff_again(&side[0].run, side[0].name, block) : compare_runs(side, block);
    side_close(&side[0]);
    side_close(&side[1]);
    free(side);
    return code;
}

/* ---- the command ----------------------------------------------------------------------------- */

int cmd_diff(const struct request *q)
{
    if (q->nfiles == 2 && q->given == 0)
        return diff_traces(q);
    if (q->nfiles == 1 && q->given_twice != 0)
        return diff_runs(q);
    if (q->nfiles == 2)
        return usage_error("two traces are compared as they are; options belong to diff FILE "
                           "--seed A --seed B");
    return usage_error("diff needs two traces, or FILE with two of --seed or --variant: wavetank "
                       "diff FILE --seed 1 --seed 2");
}
