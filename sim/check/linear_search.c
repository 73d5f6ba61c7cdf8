/* SPDX-License-Identifier: MIT */
/*
 * Method: just in time (Lowe, "Testing for linearizability", 2017; after Wing and Gong 1993). A
 * configuration is a value and the set of invoked operations that have taken effect. At each return
 * all configurations are completed, by every order of open operations that ends with the one that
 * returns. None left: the history is not linearizable, and this return shows it. What is pruned,
 * and why it may be:
 *   - an operation that changes nothing (a read, a failed cas) takes effect as soon as the value
 *     fits: no later one is hindered;
 *   - of open operations with unknown outcome that do the same, the one invoked first goes first:
 *     they could change places;
 *   - a configuration is dropped where another has the same value and the same returning operations
 *     in effect, and fewer unknown ones: whatever the first can still do, so can the second.
 *   - after an unknown operation nothing overwrites the value before an answer depended on it: else
 *     it might as well not have happened. The bit `loose` says that nothing has yet.
 * It is tried with few configurations kept first: if any survives to the end, that is a proof too.
 * Only where none does, and some were dropped for room, is it tried again with more.
 */
#include <stdlib.h>
#include <string.h>

#include "../world/store.h"
#include "linear_inside.h"

enum { KEEP_FIRST = 32, KEEP_FACTOR = 32 };

struct kind { uint64_t a, b; uint32_t item; uint8_t verb; };

static int by_kind(const void *x, const void *y)
{
    const struct kind *p = x, *q = y;
    if (p->verb != q->verb)
        return p->verb < q->verb ? -1 : 1;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->b != q->b)
        return p->b < q->b ? -1 : 1;
    return p->item < q->item ? -1 : p->item > q->item;
}

/* Items are in order of invocation, so within a kind the one before in this order was invoked
 * no later. */
static bool link_kinds(struct search *s)
{
    struct kind *kinds = calloc(s->n + 1u, sizeof *kinds);
    uint32_t n = 0;
    if (!kinds)
        return false;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->items[i].unknown)
            kinds[n++] = (struct kind){.a = s->items[i].a, .b = s->items[i].b, .item = i,
                                       .verb = s->items[i].verb};
    qsort(kinds, n, sizeof *kinds, by_kind);
    for (uint32_t k = 1; k < n; k++)
        if (kinds[k].verb == kinds[k - 1].verb && kinds[k].a == kinds[k - 1].a &&
            kinds[k].b == kinds[k - 1].b)
            s->items[kinds[k].item].before = kinds[k - 1].item;
    free(kinds);
    return true;
}

/* Bits: first one for every unknown operation, for good, and `loose`; then one for each of the
 * others while it is open. */
static void give_bits(struct search *s)
{
    uint32_t unknown = 0, most = 0, nfree = 0;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->items[i].unknown)
            s->items[i].bit = unknown++;
    s->loose = unknown;
    s->unknown_words = unknown / 64 + 1;
    uint32_t *unused = s->open;                          /* not in use yet */
    for (uint32_t e = 0; e < s->nends; e++) {
        struct item *o = &s->items[s->ends[e].item];
        if (o->unknown)
            continue;
        if (s->ends[e].returns)
            unused[nfree++] = o->bit;
        else
            o->bit = nfree ? unused[--nfree] : s->unknown_words * 64 + most++;
    }
    s->words = s->unknown_words + (most + 63) / 64;
    s->nopen = 0;
}

static bool has(const uint64_t *config, uint32_t bit)
{
    return config[1 + bit / 64] >> (bit % 64) & 1;
}

static void give(uint64_t *config, uint32_t bit)
{
    config[1 + bit / 64] |= UINT64_C(1) << (bit % 64);
}

static void strip(uint64_t *config, uint32_t bit)
{
    config[1 + bit / 64] &= ~(UINT64_C(1) << (bit % 64));
}

/* True where there was one. */
static bool quiet_ones(const struct search *s, uint64_t *config)
{
    bool any = false;
    uint64_t to;
    for (uint32_t k = 0; k < s->nopen; k++) {
        const struct item *o = &s->items[s->open[k]];
        if (!o->quiet || has(config, o->bit) || !linear_effect(s, o, config[0], &to))
            continue;
        give(config, o->bit);
        any = true;
    }
    return any;
}

static bool may_go(const struct search *s, const struct item *o, const uint64_t *config)
{
    if (o->quiet || has(config, o->bit) || (o->verb == OP_WRITE && has(config, s->loose)))
        return false;
    return o->before == NO_OP || has(config, s->items[o->before].bit);
}

enum went { WENT_ON, WENT_OUT, WENT_WRONG };

static enum went add(struct search *s, struct linear_set *set, const uint64_t *config)
{
    if (set->n >= s->keep) {
        s->truncated = true;
        return WENT_ON;
    }
    return linear_set_add(set, config) ? WENT_ON : WENT_WRONG;
}

/* All that configuration `c` of `seen` can become by one more operation. */
static enum went expand(struct search *s, uint32_t c, const struct item *returning)
{
    for (uint32_t k = 0; k < s->nopen; k++) {
        const struct item *o = &s->items[s->open[k]];
        const uint64_t *from = linear_set_at(&s->seen, c);
        uint64_t to;
        if (!may_go(s, o, from))
            continue;
        if (++s->steps > s->budget)
            return WENT_OUT;
        if (!linear_effect(s, o, from[0], &to) || (o->unknown && to == from[0]))
            continue;
        memcpy(s->scratch, from, (s->words + 1) * sizeof *from);
        s->scratch[0] = to;
        give(s->scratch, o->bit);
        strip(s->scratch, s->loose);
        if (!quiet_ones(s, s->scratch) && o->unknown)
            give(s->scratch, s->loose);
        bool there = has(s->scratch, returning->bit);
        if (there)
            strip(s->scratch, returning->bit);
        if (add(s, there ? &s->next : &s->seen, s->scratch) == WENT_WRONG)
            return WENT_WRONG;
    }
    return WENT_ON;
}

/* `now` becomes what it can be once `o` has returned. */
static enum went pass_return(struct search *s, const struct item *o)
{
    linear_set_clear(&s->next);
    linear_set_clear(&s->seen);
    for (uint32_t c = 0; c < s->now.n; c++) {
        memcpy(s->scratch, linear_set_at(&s->now, c), (s->words + 1) * sizeof *s->scratch);
        bool there = has(s->scratch, o->bit);
        if (there)
            strip(s->scratch, o->bit);
        if (add(s, there ? &s->next : &s->seen, s->scratch) == WENT_WRONG)
            return WENT_WRONG;
    }
    for (uint32_t c = 0; c < s->seen.n; c++) {
        enum went went = expand(s, c, o);
        if (went != WENT_ON)
            return went;
    }
    struct linear_set was = s->now;
    s->now = s->next;
    s->next = was;
    return WENT_ON;
}

static void pass_invocation(struct search *s, uint32_t i)
{
    s->open[s->nopen++] = i;
    if (!s->items[i].quiet)
        return;
    for (uint32_t c = 0; c < s->now.n; c++)
        quiet_ones(s, linear_set_at(&s->now, c));
}

static void close_item(struct search *s, uint32_t i)
{
    uint32_t k = 0;
    while (s->open[k] != i)
        k++;
    memmove(s->open + k, s->open + k + 1, (--s->nopen - k) * sizeof *s->open);
}

static enum linear_verdict pass(struct search *s)
{
    s->truncated = false;
    s->nopen = 0;
    linear_set_clear(&s->now);
    memset(s->scratch, 0, (s->words + 1) * sizeof *s->scratch);
    s->scratch[0] = s->task->initial;
    if (!linear_set_add(&s->now, s->scratch))
        return LINEAR_NO_MEMORY;
    for (uint32_t e = 0; e < s->nends; e++) {
        uint32_t i = s->ends[e].item;
        if (!s->ends[e].returns) {
            pass_invocation(s, i);
            continue;
        }
        s->stuck = i;
        enum went went = pass_return(s, &s->items[i]);
        if (went != WENT_ON)
            return went == WENT_OUT ? LINEAR_UNKNOWN : LINEAR_NO_MEMORY;
        if (s->now.n == 0)
            return LINEAR_BAD;
        close_item(s, i);
    }
    return LINEAR_OK;
}

enum linear_verdict linear_search(struct search *s)
{
    if (!link_kinds(s))
        return LINEAR_NO_MEMORY;
    give_bits(s);
    s->scratch = calloc(s->words + 1u, sizeof *s->scratch);
    linear_set_init(&s->now, s->unknown_words, s->words);
    linear_set_init(&s->next, s->unknown_words, s->words);
    linear_set_init(&s->seen, s->unknown_words, s->words);
    enum linear_verdict v = s->scratch ? LINEAR_BAD : LINEAR_NO_MEMORY;
    s->truncated = true;
    for (s->keep = KEEP_FIRST; v == LINEAR_BAD && s->truncated; s->keep *= KEEP_FACTOR)
        v = pass(s);
    linear_set_free(&s->now);
    linear_set_free(&s->next);
    linear_set_free(&s->seen);
    free(s->scratch);
    return v;
}
