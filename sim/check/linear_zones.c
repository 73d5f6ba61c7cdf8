/* SPDX-License-Identifier: MIT */
/*
 * Method: where no two operations could leave the same value, each answer says which operation it
 * saw, and the question is decided in the time of a sort (Gibbons and Korach, "Testing shared
 * memories", 1997).
 *
 * A value's cluster is the operation that left it and all that saw it: they stand together in any
 * order, since nothing else can leave that value again. A cas or an append saw the value on which
 * it worked, so its cluster comes next to that one's: such a chain stands together as well. Let f
 * be the first return in a chain and s the last invocation. Chain A must come before B where f(A) <
 * s(B), and an order exists unless two chains must each come before the other: then, and only then,
 * is there a circle. Within a chain, nothing may return before something in an earlier cluster is
 * invoked.
 *
 * An operation of unknown outcome took effect if a value that it alone could leave was seen, and
 * may be left out if not. What was seen and nobody could leave has no order. The report wants the
 * return by which none is left: the first of which this holds for all that happened until then,
 * with what had not returned taken as unknown; it is found by halving.
 */
#include <stdlib.h>
#include <string.h>

#include "../world/store.h"
#include "linear_inside.h"

enum { NONE = UINT32_MAX };

struct cluster {
    uint64_t value;
    uint64_t first, last;            /* first return, last invocation; times + 1 */
    uint32_t writer;                 /* item; NONE: the value at the beginning */
    uint32_t next;                   /* cluster of the chain; NONE */
    bool follows;                    /* it is some cluster's next */
};

struct zone { uint64_t first, last; };

struct zones {
    struct search *s;
    uint32_t cut;                    /* ends up to this one have happened */
    uint32_t *invoked, *returned;    /* of each item, the end */
    uint32_t *leaves, *of_value;     /* hashes: value -> item + 1 that leaves or appends it;
                                        value -> cluster + 1 */
    uint32_t mask;
    struct cluster *cluster;
    uint32_t n;
    uint32_t *made;                  /* of each item, the cluster that it is the writer of */
    struct zone *zone;
    bool bad;
};

static uint32_t place(uint64_t value, uint32_t mask)
{
    return (uint32_t)(value * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
}

/* ---- who could leave what -------------------------------------------------------------------- */

/* A list's last item is what names its writer. */
static uint64_t left_by(const struct item *o) { return o->verb == OP_CAS ? o->b : o->a; }

static uint32_t *leaves(const struct zones *z, uint64_t value)
{
    uint32_t i = place(value, z->mask);
    while (z->leaves[i] && left_by(&z->s->items[z->leaves[i] - 1]) != value)
        i = (i + 1) & z->mask;
    return &z->leaves[i];
}

/* False: two operations could leave the same, or an answer does not say what it saw. */
static bool tells_all(struct zones *z)
{
    const struct search *s = z->s;
    for (uint32_t i = 0; i < s->n; i++) {
        const struct item *o = &s->items[i];
        if (!o->unknown && !o->known && (o->failed || o->verb == OP_APPEND))
            return false;
        if (o->quiet)
            continue;
        if (o->verb == OP_APPEND && !s->task->split)
            return false;
        uint32_t *slot = leaves(z, left_by(o));
        if (*slot || left_by(o) == s->task->initial)
            return false;
        *slot = i + 1;
    }
    return true;
}

/* ---- clusters -------------------------------------------------------------------------------- */

static bool happened(const struct zones *z, uint32_t i) { return z->returned[i] <= z->cut; }

/* The item that left a value, and the value on which it worked where it is a cas or an append.
 * NONE: nobody could. */
static uint32_t writer_of(const struct zones *z, uint64_t value, uint64_t *on)
{
    const struct linear_task *task = z->s->task;
    uint64_t item, inner;
    const bool list = task->split && task->split(task->ctx, value, on, &item);
    const uint32_t found = *leaves(z, list ? item : value);
    if (!found)
        return NONE;
    const struct item *o = &z->s->items[found - 1];
    if (list != (o->verb == OP_APPEND) || (list && o->known && o->result != value))
        return NONE;
    uint64_t before;
    /* A list of one may have been a single value until this append. */
    if (list && task->split(task->ctx, *on, &before, &inner) && before == task->initial) {
        const uint32_t by = *leaves(z, inner);
        if (!by || z->s->items[by - 1].verb != OP_APPEND)
            *on = inner;
    }
    if (o->verb == OP_CAS)
        *on = o->a;
    return found - 1;
}

/* The value's cluster, which is made where there is none yet; NONE, and `bad`: nobody left it. */
static uint32_t cluster_of(struct zones *z, uint64_t value)
{
    uint32_t i = place(value, z->mask);
    while (z->of_value[i] && z->cluster[z->of_value[i] - 1].value != value)
        i = (i + 1) & z->mask;
    if (z->of_value[i])
        return z->of_value[i] - 1;
    uint64_t on;
    const uint32_t w = writer_of(z, value, &on);
    if (w == NONE || z->made[w] != NONE || z->invoked[w] > z->cut) {
        z->bad = true;
        return NONE;
    }
    const struct item *o = &z->s->items[w];
    z->cluster[z->n] = (struct cluster){.value = value, .writer = w, .next = NONE,
                                        .first = happened(z, w) ? o->ret + 1 : LINEAR_NEVER,
                                        .last = o->invoke + 1};
    z->made[w] = z->n;
    z->of_value[i] = ++z->n;
    return z->n - 1;
}

static void saw(struct zones *z, const struct item *o, uint64_t value)
{
    const uint32_t c = cluster_of(z, value);
    if (c == NONE)
        return;
    struct cluster *k = &z->cluster[c];
    if (k->writer != NONE && o->ret < z->s->items[k->writer].invoke)
        z->bad = true;                                   /* seen before it was asked for */
    k->first = o->ret + 1 < k->first ? o->ret + 1 : k->first;
    k->last = o->invoke + 1 > k->last ? o->invoke + 1 : k->last;
}

/* What returned by the cut: its answers, and what it left. */
static void gather(struct zones *z)
{
    const struct search *s = z->s;
    for (uint32_t i = 0; i < s->n && !z->bad; i++) {
        const struct item *o = &s->items[i];
        if (!happened(z, i))
            continue;
        if (o->failed)
            z->bad = o->result == o->a;
        if (o->quiet && !z->bad)
            saw(z, o, o->verb == OP_CAS && !o->failed ? o->a : o->result);
        if (o->quiet || z->bad)
            continue;
        const uint32_t c = cluster_of(z, o->verb == OP_APPEND ? o->result : left_by(o));
        z->bad = c == NONE || c != z->made[i];           /* its list is another one's */
    }
}

/* Each cluster of a cas or an append follows the one on which it worked; that may be new, too. */
static void chain(struct zones *z)
{
    for (uint32_t c = 1; c < z->n && !z->bad; c++) {
        uint64_t on;
        const uint32_t w = writer_of(z, z->cluster[c].value, &on);
        if (z->s->items[w].verb == OP_WRITE)
            continue;
        const uint32_t before = cluster_of(z, on);
        if (before == NONE || z->cluster[before].next != NONE)
            z->bad = true;                               /* two of them worked on one value */
        else
            z->cluster[before].next = c;
        z->cluster[c].follows = true;
    }
}

/* ---- zones ----------------------------------------------------------------------------------- */

static int by_first(const void *x, const void *y)
{
    const struct zone *a = x, *b = y;
    return (a->first > b->first) - (a->first < b->first);
}

/* One for each chain, behind each other; how many. */
static uint32_t zones_of_chains(struct zones *z)
{
    uint32_t n = 0, in_chains = 0;
    for (uint32_t head = 0; head < z->n; head++) {
        if (z->cluster[head].follows)
            continue;
        struct zone all = {.first = LINEAR_NEVER};
        for (uint32_t c = head; c != NONE; c = z->cluster[c].next) {
            const struct cluster *k = &z->cluster[c];
            z->bad = z->bad || k->first < all.last;      /* it returned before what it follows */
            all.first = k->first < all.first ? k->first : all.first;
            all.last = k->last > all.last ? k->last : all.last;
            in_chains++;
        }
        z->zone[n++] = all;
    }
    z->bad = z->bad || in_chains < z->n;                 /* a chain without a head is a circle */
    return n;
}

/* Must two chains each come before the other? Of zones that end after they begin no two may
 * overlap; then one of the others lies at most in the last of these that begins before it ends. */
static bool no_order(struct zone *zone, uint32_t n)
{
    uint32_t forward = 0;
    for (uint32_t i = 0; i < n; i++)
        if (zone[i].first < zone[i].last) {
            const struct zone was = zone[forward];
            zone[forward++] = zone[i];
            zone[i] = was;
        }
    qsort(zone, forward, sizeof(*zone), by_first);
    for (uint32_t i = 1; i < forward; i++)
        if (zone[i].first < zone[i - 1].last)
            return true;
    for (uint32_t i = forward; i < n; i++) {
        uint32_t low = 0, high = forward;         /* before `low`: they begin before it ends */
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (zone[middle].first < zone[i].last)
                low = middle + 1;
            else
                high = middle;
        }
        if (low > 0 && zone[i].first < zone[low - 1].last)
            return true;
    }
    return false;
}

/* Is there no order of what happened by the cut? */
static bool is_bad(struct zones *z, uint32_t cut)
{
    const struct search *s = z->s;
    z->cut = cut;
    z->bad = false;
    memset(z->of_value, 0, (z->mask + 1u) * sizeof(*z->of_value));
    memset(z->made, 0xff, s->n * sizeof(*z->made));
    z->cluster[0] = (struct cluster){.value = s->task->initial, .writer = NONE, .next = NONE};
    z->of_value[place(s->task->initial, z->mask)] = 1;
    z->n = 1;
    gather(z);
    chain(z);
    z->s->steps += s->n;
    if (z->bad)
        return true;
    const uint32_t n = zones_of_chains(z);
    return z->bad || no_order(z->zone, n);
}

/* ---- the stage ------------------------------------------------------------------------------- */

static void find_ends(struct zones *z)
{
    const struct search *s = z->s;
    memset(z->returned, 0xff, s->n * sizeof(*z->returned));
    for (uint32_t e = 0; e < s->nends; e++)
        (s->ends[e].returns ? z->returned : z->invoked)[s->ends[e].item] = e;
}

/* The first end by which there is no order; there is none by the last. */
static uint32_t first_bad(struct zones *z)
{
    uint32_t low = 0, high = z->s->nends - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (is_bad(z, middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static enum linear_verdict decide(struct zones *z)
{
    struct search *s = z->s;
    if (!tells_all(z))
        return LINEAR_UNKNOWN;
    find_ends(z);
    if (s->nends == 0 || !is_bad(z, s->nends - 1))
        return LINEAR_OK;
    s->stuck = s->ends[first_bad(z)].item;
    return LINEAR_BAD;
}

enum linear_verdict linear_zones(struct search *s)
{
    struct zones z = {.s = s, .mask = 15};
    const size_t n = (size_t)s->n + 1;
    while (z.mask < n * 2)
        z.mask = z.mask * 2 + 1;
    z.invoked = calloc(n, sizeof(*z.invoked));
    z.returned = calloc(n, sizeof(*z.returned));
    z.made = calloc(n, sizeof(*z.made));
    z.leaves = calloc(z.mask + 1u, sizeof(*z.leaves));
    z.of_value = calloc(z.mask + 1u, sizeof(*z.of_value));
    z.cluster = calloc(n, sizeof(*z.cluster));
    z.zone = calloc(n, sizeof(*z.zone));
    const bool memory = z.invoked && z.returned && z.made && z.leaves && z.of_value && z.cluster &&
                        z.zone;
    const enum linear_verdict v = memory ? decide(&z) : LINEAR_NO_MEMORY;
    free(z.invoked);
    free(z.returned);
    free(z.made);
    free(z.leaves);
    free(z.of_value);
    free(z.cluster);
    free(z.zone);
    return v;
}
