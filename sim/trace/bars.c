/* SPDX-License-Identifier: MIT */
/*
 * Method: one pass over the history keeps the best rows by rank, sorted; then the labels are
 * written, the widest gives the column at which the bars begin, and each bar is drawn.
 *
 *                                        0.612s                                        0.763s
 *       c1 op 12: write x 3 -> ok        [====]
 *     > c2 op 15: read x -> 2                     [=======]
 *       c3 op 14: write x 4 -> unknown      [============================================>
 */
#include "bars.h"

#include <inttypes.h>
#include <string.h>

#include "text.h"

enum { LABEL_BYTES = 192, VALUE_BYTES = 28 };

/* rank: the least is shown first of all */
struct bar { uint32_t op; bool marked; uint64_t rank; char label[LABEL_BYTES]; };
struct picture {
    const struct world *w;
    const uint32_t *marked;
    uint32_t nmarked;
    uint16_t key;
    uint64_t from, to;
    uint32_t n, left_out;
    struct bar bar[BARS_MAX];
};

static bool is_known(const struct op *o)
{
    return o->returned != NEVER && (o->outcome == OUT_OK || o->outcome == OUT_FAIL);
}

/* Its client was told: an answer, or that it is refused. */
static bool is_over(const struct op *o) { return is_known(o) || o->outcome == OUT_NOT_LEADER; }

/* When it can have had its effect at the latest. What was refused has none, unless there was a copy
 * of its request, and the trace shows that: its bar ends where its client was told. */
static uint64_t end_of(const struct op *o) { return is_over(o) ? o->returned : NEVER; }

static bool is_marked(const struct picture *p, uint32_t id)
{
    for (uint32_t i = 0; i < p->nmarked; i++)
        if (p->marked[i] == id)
            return true;
    return false;
}

static void set_window(struct picture *p)
{
    p->from = NEVER;
    for (uint32_t i = 0; i < p->nmarked; i++) {
        const struct op *o = world_op(p->w, p->marked[i]);
        const uint64_t end = is_known(o) ? o->returned : p->w->now;
        p->from = o->invoked < p->from ? o->invoked : p->from;
        p->to = end > p->to ? end : p->to;
    }
}

/* ---- which ----------------------------------------------------------------------------------- */

static bool gives(const struct op *o, uint64_t value)
{
    return (o->verb == OP_WRITE && o->a == value) || (o->verb == OP_CAS && o->b == value) ||
           (o->verb == OP_APPEND && o->result == value);
}

/* A marked operation read what this one wrote. */
static bool is_source(const struct picture *p, const struct op *o)
{
    for (uint32_t i = 0; i < p->nmarked; i++) {
        const struct op *m = world_op(p->w, p->marked[i]);
        if (m->verb == OP_READ && is_known(m) && m->result != VALUE_ABSENT &&
            o->invoked <= m->returned && gives(o, m->result))
            return true;
    }
    return false;
}

/* How far it is from the last marked operation; 0: they overlap. One that may take effect for ever
 * is as far as its beginning: there may be many, and the latest are the likeliest. */
static uint64_t distance(const struct picture *p, const struct op *o)
{
    const struct op *last = world_op(p->w, p->marked[p->nmarked - 1]);
    const uint64_t end = is_over(o) ? o->returned : o->invoked;
    if (end < last->invoked)
        return last->invoked - end;
    return o->invoked > end_of(last) ? o->invoked - end_of(last) : 0;
}

static bool has_a_place(const struct picture *p, const struct op *o)
{
    const bool silent = o->verb == OP_READ && !is_known(o); /* it says nothing */
    return o->invoked <= p->to && end_of(o) >= p->from && !silent && o->seq != 0;
}

static void keep(struct picture *p, const struct bar *new)
{
    uint32_t at = p->n;
    if (p->n == BARS_MAX) {
        p->left_out++;
        if (new->rank >= p->bar[--at].rank)
            return;
    } else {
        p->n++;
    }
    for (; at > 0 && p->bar[at - 1].rank > new->rank; at--)
        p->bar[at] = p->bar[at - 1];
    p->bar[at] = *new;
}

static void look_through(struct picture *p)
{
    for (uint32_t id = 1; id < p->w->ops.n; id++) {
        const struct op *o = world_op(p->w, id);
        struct bar b = {.op = id, .marked = is_marked(p, id)};
        if (o->key != p->key || o->verb == OP_NONE || o->verb == OP_RAW)
            continue;
        const bool source = is_source(p, o);
        if (!b.marked && !source && !has_a_place(p, o))
            continue;
        b.rank = b.marked ? 0 : source ? 1 : 2 + distance(p, o);
        keep(p, &b);
    }
}

/* ---- words ----------------------------------------------------------------------------------- */

static void put_value(const struct world *w, uint64_t value, char out[VALUE_BYTES])
{
    if (value_print(w, value, out, VALUE_BYTES) >= VALUE_BYTES)
        memcpy(out + VALUE_BYTES - 4, "...", 4);
}

static void answer_words(const struct world *w, const struct op *o, char *out, size_t size)
{
    char value[VALUE_BYTES];
    put_value(w, o->result, value);
    if (o->outcome == OUT_NOT_LEADER)
        snprintf(out, size, "not-leader");
    else if (!is_known(o))
        snprintf(out, size, "unknown%s", o->outcome == OUT_TIMEOUT ? ", timed out" : "");
    else if (o->outcome == OUT_FAIL)
        snprintf(out, size, "fail, it was %s", value);
    else
        snprintf(out, size, "%s", o->verb == OP_READ ? value : "ok");
}

static void label(const struct world *w, struct bar *b)
{
    const struct op *o = world_op(w, b->op);
    char asks[2 * VALUE_BYTES + 8] = "", a[VALUE_BYTES], to[VALUE_BYTES], key[24];
    char answer[VALUE_BYTES + 16];
    put_value(w, o->a, a);
    put_value(w, o->b, to);
    key_words(w, o->key, key, sizeof key);
    answer_words(w, o, answer, sizeof answer);
    if (o->verb == OP_CAS)
        snprintf(asks, sizeof asks, " %s %s", a, to);
    else if (o->verb != OP_READ)
        snprintf(asks, sizeof asks, " %s", a);
    snprintf(b->label, sizeof b->label, "%s op %" PRIu32 ": %s %s%s -> %s", who(w, o->client).text,
             b->op, column_word(w, COLUMN_TYPE_VERB, o->verb), key, asks, answer);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static uint32_t column_of(const struct picture *p, uint64_t at)
{
    const uint64_t span = p->to - p->from, after = at < p->from ? 0 : at - p->from;
    if (!span || after >= span)
        return span ? BAR_COLUMNS - 1 : 0;
    return (uint32_t)(span < UINT64_MAX / BAR_COLUMNS ? after * (BAR_COLUMNS - 1) / span
                                                      : after / (span / (BAR_COLUMNS - 1)));
}

static void draw_bar(const struct picture *p, const struct op *o, char out[BAR_COLUMNS + 1])
{
    const uint32_t from = column_of(p, o->invoked), to = column_of(p, end_of(o));
    memset(out, ' ', BAR_COLUMNS);
    out[BAR_COLUMNS] = 0;
    memset(out + from, '=', to - from + 1u);
    out[from] = o->invoked < p->from ? '<' : '[';
    if (from == to && is_over(o))
        out[from] = o->returned < p->from ? '<' : '|';
    else
        out[to] = end_of(o) > p->to ? '>' : ']';
}

static void sort_by_beginning(struct picture *p)
{
    for (uint32_t i = 1; i < p->n; i++) {
        const struct bar b = p->bar[i];
        uint32_t at = i;
        for (; at > 0 && (world_op(p->w, p->bar[at - 1].op)->invoked >
                          world_op(p->w, b.op)->invoked); at--)
            p->bar[at] = p->bar[at - 1];
        p->bar[at] = b;
    }
}

static void print_picture(FILE *out, struct picture *p, const char *why)
{
    int width = 0;
    char key[24], bar[BAR_COLUMNS + 1];
    key_words(p->w, p->key, key, sizeof key);
    for (uint32_t i = 0; i < p->n; i++) {
        label(p->w, &p->bar[i]);
        const int n = (int)strlen(p->bar[i].label);
        width = n > width ? n : width;
    }
    const struct text from = when(p->from), to = when(p->to);
    fprintf(out, "  operations on key %s from %s to %s; %s are marked >\n", key, from.text, to.text,
            why);
    fprintf(out, "  (a bar [==] goes from asking to answer; <: asked before, >: answered later or "
                 "not known to be)\n");
    fprintf(out, "      %*s %-*s%s\n", width, "", (int)(BAR_COLUMNS - strlen(to.text)), from.text,
            to.text);
    for (uint32_t i = 0; i < p->n; i++) {
        draw_bar(p, world_op(p->w, p->bar[i].op), bar);
        for (int end = BAR_COLUMNS; end > 0 && bar[end - 1] == ' '; end--)
            bar[end - 1] = 0;
        fprintf(out, "    %c %-*s %s\n", p->bar[i].marked ? '>' : ' ', width, p->bar[i].label, bar);
    }
    if (p->left_out)
        fprintf(out, "      and %" PRIu32 " more operation%s on it there\n", p->left_out,
                p->left_out == 1 ? "" : "s");
}

uint32_t print_bars(FILE *out, const struct world *w, const uint32_t *marked, uint32_t n,
                    const char *why)
{
    static struct picture p; /* some 5 kB, and never two at a time */
    assert(n > 0);
    p = (struct picture){.w = w, .marked = marked, .nmarked = n,
                         .key = world_op(w, marked[0])->key};
    set_window(&p);
    look_through(&p);
    if (p.n < 2)
        return 0;
    sort_by_beginning(&p);
    print_picture(out, &p, why);
    return p.n;
}
