/* SPDX-License-Identifier: MIT */
/*
 * Method: each key in three stages.
 *
 * 1. Replay. The operations that change the value are taken in the order of their hints, each as
 *    late as possible (when its own return, or that of a read that waits for its value, comes),
 *    reads as early as possible. If all answers come out right, that is a proof, in linear time.
 *
 * 2. Zones (linear_zones.c): exact, in the time of a sort, where no two operations could leave the
 *    same value. So it is with workloads, whose values are unique.
 *
 * 3. Search (linear_search.c): exact, for all else, and only as far as the budget goes. Before it,
 *    an unknown write or cas that leaves a value on which nobody's answer depends is left out.
 */
#include "linear.h"

#include <stdlib.h>
#include <string.h>

#include "../base/record.h"
#include "../world/store.h"
#include "linear_inside.h"

#define BUDGET_DEFAULT UINT64_C(20000000)

/* ---- what an operation does ------------------------------------------------------------------ */

bool linear_effect(const struct search *s, const struct item *o, uint64_t value, uint64_t *to)
{
    *to = value;
    switch (o->verb) {
    case OP_READ: return value == o->result;
    case OP_WRITE: *to = o->a; return true;
    case OP_CAS:
        if (o->failed)
            return value != o->a && (!o->known || value == o->result);
        *to = o->b;
        return value == o->a;
    case OP_APPEND:
        *to = s->task->append(s->task->ctx, value, o->a);
        return !o->known || *to == o->result;
    default: return false;
    }
}

/* ---- one key's operations -------------------------------------------------------------------- */

static bool take(const struct linear_op *op, uint32_t place, struct item *o)
{
    bool unknown = op->ret == LINEAR_NEVER || (op->outcome != OUT_OK && op->outcome != OUT_FAIL) ||
                   (op->outcome == OUT_FAIL && op->verb != OP_CAS);
    if (op->verb < OP_READ || op->verb > OP_APPEND || (unknown && op->verb == OP_READ))
        return false;
    *o = (struct item){.invoke = op->invoke, .ret = unknown ? LINEAR_NEVER : op->ret, .a = op->a,
                       .b = op->b, .result = op->result, .hint = op->hint, .op = place,
                       .before = NO_OP, .verb = op->verb, .unknown = unknown};
    o->failed = !unknown && op->outcome == OUT_FAIL;
    o->known = !unknown && op->result_known;
    o->quiet = op->verb == OP_READ || (op->verb == OP_CAS && (o->failed || op->a == op->b));
    return !(unknown && o->quiet);
}

/* Could any answer depend on the value that unknown write or cas `o` leaves? */
static bool matters(const struct search *s, const struct item *o)
{
    uint64_t value = o->verb == OP_WRITE ? o->a : o->b;
    for (uint32_t i = 0; i < s->n; i++) {
        const struct item *p = &s->items[i];
        if (p->verb == OP_APPEND || p->failed || (p->verb == OP_CAS && p->a == value) ||
            (p->verb == OP_READ && p->result == value))
            return true;
    }
    return false;
}

static void leave_out_what_nobody_sees(struct search *s)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->n; i++)
        s->items[i].unseen = s->items[i].unknown && s->items[i].verb != OP_APPEND &&
                             !matters(s, &s->items[i]);
    for (uint32_t i = 0; i < s->n; i++)
        if (!s->items[i].unseen)
            s->items[kept++] = s->items[i];
    s->n = kept;
}

static int by_invocation(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    if (a->invoke != b->invoke)
        return a->invoke < b->invoke ? -1 : 1;
    return a->op < b->op ? -1 : a->op > b->op;
}

static int by_time(const void *x, const void *y)
{
    const struct end *a = x, *b = y;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->returns != b->returns)
        return a->returns < b->returns ? -1 : 1;
    return a->item < b->item ? -1 : a->item > b->item;
}

static void set_ends(struct search *s)
{
    s->nends = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        s->ends[s->nends++] = (struct end){.at = s->items[i].invoke, .item = i};
        if (!s->items[i].unknown)
            s->ends[s->nends++] = (struct end){.at = s->items[i].ret, .item = i, .returns = 1};
    }
    qsort(s->ends, s->nends, sizeof *s->ends, by_time);
}

/* ---- stage 1: replay ------------------------------------------------------------------------- */

struct change { uint64_t hint; uint32_t item; };

static int by_hint(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    if (a->hint != b->hint)
        return a->hint < b->hint ? -1 : 1;
    return a->item < b->item ? -1 : a->item > b->item;
}

/* Without a hint an operation that returned stands by its return, and one of unknown outcome is
 * supposed to have had no effect. */
static uint32_t changes_of(const struct search *s, struct change *out)
{
    uint32_t n = 0;
    bool hinted = true;
    for (uint32_t i = 0; i < s->n; i++)
        hinted = hinted && (s->items[i].hint || s->items[i].unknown || s->items[i].quiet);
    for (uint32_t i = 0; i < s->n; i++) {
        const struct item *o = &s->items[i];
        if (!o->quiet && (hinted ? o->hint != 0 : !o->unknown))
            out[n++] = (struct change){.hint = hinted ? o->hint : o->ret, .item = i};
    }
    qsort(out, n, sizeof *out, by_hint);
    return n;
}

/* Lets every waiting quiet operation take effect that fits; `waiting` keeps the others. */
static void settle(const struct search *s, uint64_t value, uint32_t *waiting, uint32_t *n,
                   bool *done)
{
    uint32_t kept = 0;
    uint64_t to;
    for (uint32_t i = 0; i < *n; i++) {
        if (linear_effect(s, &s->items[waiting[i]], value, &to))
            done[waiting[i]] = true;
        else
            waiting[kept++] = waiting[i];
    }
    *n = kept;
}

/* `done` is zero; `waiting` has room for all. A quiet operation waits until it is done, so one
 * that has returned is not in it. */
static bool replay(struct search *s, const struct change *changes, uint32_t nchanges, bool *done,
                   bool *invoked, uint32_t *waiting)
{
    uint64_t value = s->task->initial;
    uint32_t next = 0, nwaiting = 0;
    for (uint32_t e = 0; e < s->nends; e++) {
        uint32_t i = s->ends[e].item;
        if (!s->ends[e].returns) {
            invoked[i] = true;
            if (s->items[i].quiet) {
                waiting[nwaiting++] = i;
                settle(s, value, waiting, &nwaiting, done);
            }
            continue;
        }
        while (!done[i]) {
            if (next == nchanges || !invoked[changes[next].item])
                return false;
            const struct item *o = &s->items[changes[next].item];
            uint64_t to;
            bool can = linear_effect(s, o, value, &to);
            if (!can && !o->unknown)
                return false;
            s->steps++;
            done[changes[next++].item] = true;
            if (!can)
                continue;
            value = to;
            settle(s, value, waiting, &nwaiting, done);
        }
    }
    return true;
}

/* ---- all keys -------------------------------------------------------------------------------- */

static enum linear_verdict judge_key(struct search *s, void *room)
{
    bool sorted = true;
    for (uint32_t i = 1; i < s->n && sorted; i++)
        sorted = by_invocation(&s->items[i - 1], &s->items[i]) < 0;
    if (!sorted)
        qsort(s->items, s->n, sizeof *s->items, by_invocation);
    set_ends(s);
    struct change *changes = room;
    uint32_t *waiting = (uint32_t *)(changes + s->n + 1);
    bool *done = (bool *)(waiting + s->n + 1), *invoked = done + s->n;
    memset(done, 0, 2 * (size_t)s->n);
    if (replay(s, changes, changes_of(s, changes), done, invoked, waiting))
        return LINEAR_OK;
    leave_out_what_nobody_sees(s);
    set_ends(s);
    const enum linear_verdict v = linear_zones(s);
    return v == LINEAR_UNKNOWN ? linear_search(s) : v;
}

/* Operations by key: a hash of keys to the first operation of each, and from each operation to the
 * next of its key. */
struct keys { uint32_t *first, *last, *next; uint32_t mask; };

static uint32_t place_of(const struct linear_task *task, const struct keys *k, uint32_t key)
{
    uint32_t i = key * UINT32_C(0x9e3779b1) & k->mask;
    while (k->first[i] != NO_OP && task->ops[k->first[i]].key != key)
        i = (i + 1) & k->mask;
    return i;
}

static void chain_keys(const struct linear_task *task, const struct keys *k)
{
    memset(k->first, 0xff, (k->mask + 1u) * sizeof *k->first);
    for (uint32_t i = 0; i < task->n; i++) {
        uint32_t place = place_of(task, k, task->ops[i].key);
        if (k->first[place] == NO_OP)
            k->first[place] = i;
        else
            k->next[k->last[place]] = i;
        k->last[place] = i;
        k->next[i] = NO_OP;
    }
}

static enum linear_verdict judge_all(struct search *s, const struct keys *k, void *room,
                                     struct linear_report *report)
{
    const struct linear_task *task = s->task;
    enum linear_verdict all = LINEAR_OK;
    chain_keys(task, k);
    for (uint32_t i = 0; i < task->n && all != LINEAR_BAD && all != LINEAR_NO_MEMORY; i++) {
        if (k->first[place_of(task, k, task->ops[i].key)] != i)
            continue;                                    /* not the first of its key */
        s->n = 0;
        for (uint32_t op = i; op != NO_OP; op = k->next[op])
            s->n += take(&task->ops[op], op, &s->items[s->n]);
        enum linear_verdict v = judge_key(s, room);
        if (v == LINEAR_OK || (v == LINEAR_UNKNOWN && all == LINEAR_UNKNOWN))
            continue;
        all = v;
        if (v != LINEAR_NO_MEMORY)
            *report = (struct linear_report){.bad = s->items[s->stuck].op, .key = task->ops[i].key};
    }
    return all;
}

enum linear_verdict linear_check(const struct linear_task *task, struct linear_report *report)
{
    struct linear_report mine = {0};
    size_t n = (size_t)task->n + 1;
    struct search s = {.task = task, .budget = task->budget ? task->budget : BUDGET_DEFAULT};
    struct keys keys = {.mask = 15};
    while (keys.mask < n * 2)
        keys.mask = keys.mask * 2 + 1;
    keys.first = calloc(keys.mask + 1u, sizeof *keys.first);
    keys.last = calloc(keys.mask + 1u, sizeof *keys.last);
    keys.next = calloc(n, sizeof *keys.next);
    void *room = calloc(n, sizeof(struct change) + sizeof(uint32_t) + 2 * sizeof(bool));
    s.items = calloc(n, sizeof *s.items);
    s.ends = calloc(2 * n, sizeof *s.ends);
    s.open = calloc(n, sizeof *s.open);
    bool memory = keys.first && keys.last && keys.next && room && s.items && s.ends && s.open;
    enum linear_verdict v = memory ? judge_all(&s, &keys, room, &mine) : LINEAR_NO_MEMORY;
    free(keys.first);
    free(keys.last);
    free(keys.next);
    free(room);
    free(s.items);
    free(s.ends);
    free(s.open);
    mine.steps = s.steps;
    if (report)
        *report = mine;
    return v;
}
