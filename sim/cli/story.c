/* SPDX-License-Identifier: MIT */
/*
 * What a failure rests on, and what led to it.
 *
 * Method: the run is made again, up to twice. A broken rule names its two records. A condition
 * names its evidence as filters: one run finds the latest records that each of them takes. Then the
 * ordinals are known, and the last run looks at each of these records in the moment it is made, and
 * back from there for its causes (trace/causes.h). What is shown are the records themselves, then
 * as many causes as there is room for, the nearest first, and the statements among them; in the
 * order of time.
 */
#include "story.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../trace/bars.h"
#include "../trace/causes.h"
#include "../trace/text.h"
#include "cli.h"

enum {
    GUILTY_MAX = 16,  /* records that it rests on, the latest where there are more */
    EACH_CAUSES = 12, /* of each of them; of one that stands alone: */
    ONLY_CAUSES = 20,
    LINES_MAX = 24,   /* of both together */
    STEPS_MAX = 4,    /* statements beside these */
    TAIL_LINES = 20,
    LINE_BYTES = 512,
    MARKED_MAX = 4,   /* operations */
    ACTORS = 256
};

/* ---- the records of filters ------------------------------------------------------------------ */

/* By actor, or all at 0: the latest that a part took, a ring. */
struct found { uint64_t n, ordinal[EVIDENCE_LATEST]; };
struct finding { const struct evidence *rests; uint64_t records; struct found (*found)[ACTORS]; };

static void find_listen(void *ctx, const struct world *w, const struct record *r)
{
    struct finding *f = ctx;
    f->records++;
    for (uint32_t i = 0; i < f->rests->n; i++) {
        const struct evidence_part *part = &f->rests->part[i];
        if (!filter_takes(&part->filter, w, r))
            continue;
        struct found *of = &f->found[i][part->each ? r->node : 0];
        of->ordinal[of->n++ % part->latest] = f->records;
    }
}

/* ---- what is shown --------------------------------------------------------------------------- */

enum standing { GUILTY, CAUSE, STATEMENT, LAST };
struct shown { uint64_t ordinal; uint8_t standing; char line[LINE_BYTES]; };

struct story {
    struct recent *recent;
    uint32_t nguilty, next;              /* next: of guilty, the first not met yet */
    uint64_t guilty[GUILTY_MAX];         /* ascending */
    struct record record[GUILTY_MAX];
    uint32_t n;
    struct shown shown[GUILTY_MAX * (1 + EACH_CAUSES)];
    uint8_t depth[GUILTY_MAX * (1 + EACH_CAUSES)]; /* causes: place among those of its record */
    const struct world *w;
};

/* Adds an ordinal, each once, in ascending order; the latest where not all fit; 0: nothing. */
static void blame(struct story *s, uint64_t ordinal)
{
    uint32_t at = s->nguilty;
    if (ordinal == 0)
        return;
    for (uint32_t i = 0; i < s->nguilty; i++)
        if (s->guilty[i] == ordinal)
            return;
    if (s->nguilty == GUILTY_MAX) {
        if (ordinal < s->guilty[0])
            return;
        memmove(s->guilty, s->guilty + 1, --at * sizeof(*s->guilty));
    } else {
        s->nguilty++;
    }
    for (; at > 0 && s->guilty[at - 1] > ordinal; at--)
        s->guilty[at] = s->guilty[at - 1];
    s->guilty[at] = ordinal;
}

/* Where the trace has nothing to say of a record: its columns. */
static void bare_record(const struct record *r, char out[LINE_BYTES])
{
    int n = snprintf(out, LINE_BYTES, "%s %s", when(r->at).text, record_kind_name(r->kind));
    for (const struct record_column *c = record_columns(r->kind); c->what && n < LINE_BYTES; c++)
        n += snprintf(out + n, (size_t)(LINE_BYTES - n), " %s=%" PRIu64, column_name(c->column),
                      record_get(r, c->column));
}

/* False: it is there already, or has no line. */
static bool show(struct story *s, uint64_t ordinal, enum standing standing, uint8_t depth)
{
    const struct recent_record *r = recent_at(s->recent, ordinal);
    struct shown *new = &s->shown[s->n];
    if (r == NULL || s->n == sizeof(s->shown) / sizeof(s->shown[0]))
        return false;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->shown[i].ordinal == ordinal) {
            if (standing < s->shown[i].standing)
                s->shown[i].standing = (uint8_t)standing;
            return false;
        }
    *new = (struct shown){.ordinal = ordinal, .standing = (uint8_t)standing};
    if (trace_line_later(s->w, &r->record, r->sign, new->line, LINE_BYTES) == 0) {
        if (standing != GUILTY)
            return false;
        bare_record(&r->record, new->line);
    }
    s->depth[s->n++] = depth;
    return true;
}

static void story_listen(void *ctx, const struct world *w, const struct record *r)
{
    struct story *s = ctx;
    uint64_t causes[ONLY_CAUSES];
    s->w = w;
    recent_add(s->recent, w, r);
    if (s->next == s->nguilty || s->recent->n != s->guilty[s->next])
        return;
    s->record[s->next++] = *r;
    show(s, s->recent->n, GUILTY, 0);
    const uint32_t n = recent_causes(s->recent, w, s->recent->n, causes,
                                     s->nguilty == 1 ? ONLY_CAUSES : EACH_CAUSES);
    for (uint32_t i = 0; i < n; i++)
        show(s, causes[i], CAUSE, (uint8_t)i);
}

/* Leaves out the farthest causes, until the lines fit. */
static void choose(struct story *s)
{
    for (uint8_t depth = ONLY_CAUSES; s->n > LINES_MAX && depth-- > 0;)
        for (uint32_t i = s->n; s->n > LINES_MAX && i-- > 0;) {
            if (s->shown[i].standing != CAUSE || s->depth[i] != depth)
                continue;
            s->n--;
            memmove(&s->shown[i], &s->shown[i + 1], (s->n - i) * sizeof(*s->shown));
            memmove(&s->depth[i], &s->depth[i + 1], s->n - i);
        }
}

/* The latest statements since the first line: to the end, where an expectation failed there, else
 * to the last line. */
static void add_statements(struct story *s, bool to_end)
{
    uint64_t first = UINT64_MAX, at = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        first = s->shown[i].ordinal < first ? s->shown[i].ordinal : first;
        at = s->shown[i].ordinal > at ? s->shown[i].ordinal : at;
    }
    at = to_end ? s->recent->n + 1 : at;
    for (uint32_t k = 0; k < STEPS_MAX; k++) {
        at = recent_before(s->recent, at, REC_STEP);
        if (at == 0 || at < first)
            return;
        show(s, at, STATEMENT, 0);
    }
}

/* Where it rests on nothing that is known: how the run ended. */
static void add_tail(struct story *s)
{
    for (uint64_t at = s->recent->n; at > 0 && s->n < TAIL_LINES; at--) {
        if (recent_at(s->recent, at) == NULL)
            return;
        show(s, at, LAST, 0);
    }
}

static int by_ordinal(const void *a, const void *b)
{
    const struct shown *x = a, *y = b;
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

/* ---- the operations -------------------------------------------------------------------------- */

/* Does it name operations: is it the answer to one, in what a condition asked or a rule about them
 * was broken by? */
static bool names_operation(const struct story *s, const struct result *r, uint32_t i)
{
    if (s->record[i].kind != REC_RETURN || record_keyed_op(s->w, &s->record[i]) == NULL)
        return false;
    for (uint32_t k = 0; result_by_rule(r) && k < r->nviolations; k++) {
        const struct violation *v = &r->violation[k];
        if (checks[v->check]->of_operations &&
            (s->guilty[i] == v->first || s->guilty[i] == v->second))
            return true;
    }
    return !result_by_rule(r);
}

/* The operations that are named, the latest last, and the others on the key of the latest. */
static void print_operations(FILE *out, const struct story *s, const struct result *r)
{
    uint32_t op[MARKED_MAX], at = MARKED_MAX;
    uint16_t key = 0;
    for (uint32_t i = s->next; i-- > 0 && at > 0;) {
        if (!names_operation(s, r, i))
            continue;
        const struct op *o = record_keyed_op(s->w, &s->record[i]);
        if (at == MARKED_MAX)
            key = o->key;
        if (o->key == key)
            op[--at] = record_op(s->w, &s->record[i]);
    }
    if (at < MARKED_MAX)
        print_bars(out, s->w, op + at, MARKED_MAX - at,
                   result_by_rule(r) ? "those that disagree" : "those that are asked about");
}

/* ---- telling --------------------------------------------------------------------------------- */

static void print_lines(FILE *out, struct story *s, const struct result *r)
{
    const bool guilty = s->nguilty > 0 && s->n > 0;
    if (!guilty)
        add_tail(s);
    if (s->n == 0)
        return;
    choose(s);
    if (guilty)
        add_statements(s, !result_by_rule(r));
    qsort(s->shown, s->n, sizeof(s->shown[0]), by_ordinal);
    if (guilty)
        fputs("  what it rests on (>), and what led to that:\n", out);
    else
        fprintf(out, "  the last %" PRIu32 " lines of the trace:\n", s->n);
    trace_legend(out, s->w, "    # ");
    for (uint32_t i = 0; i < s->n; i++)
        fprintf(out, "    %c %s\n", s->shown[i].standing == GUILTY ? '>' : ' ', s->shown[i].line);
}

/* Runs it to find the records of its evidence. */
static void find(struct story *s, const struct run *run, const struct evidence *rests,
                 struct arena *block)
{
    static struct result found; /* some 20 kB, and never two at a time */
    struct finding f = {.rests = rests};
    struct run heard = *run;
    f.found = must(calloc(rests->n, sizeof(*f.found)));
    heard.play.golden = NULL;
    heard.listener = find_listen;
    heard.listener_ctx = &f;
    run_once(&heard, block, &found);
    for (uint32_t i = 0; i < rests->n; i++)
        for (uint32_t actor = 0; actor < ACTORS; actor++)
            for (uint32_t k = 0; k < rests->part[i].latest; k++)
                blame(s, f.found[i][actor].ordinal[k]);
    free(f.found);
}

struct story *story_make(const struct run *run, const struct result *r, struct arena *block,
                         struct result *again)
{
    struct story *s = must(calloc(1, sizeof(*s)));
    s->recent = must(calloc(1, sizeof(*s->recent)));
    for (uint32_t i = 0; result_by_rule(r) && i < r->nviolations; i++) {
        blame(s, r->violation[i].first);
        blame(s, r->violation[i].second);
    }
    if (!result_by_rule(r) && r->rests.n > 0)
        find(s, run, &r->rests, block);
    struct run heard = *run;
    heard.listener = story_listen;
    heard.listener_ctx = s;
    run_once(&heard, block, again);
    return s;
}

void story_print(FILE *out, struct story *s, const struct result *r)
{
    if (s->w == NULL)
        return; /* nothing happened at all */
    print_operations(out, s, r);
    print_lines(out, s, r);
}

void story_free(struct story *s)
{
    free(s->recent);
    free(s);
}
