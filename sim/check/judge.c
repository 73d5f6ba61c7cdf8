/* SPDX-License-Identifier: MIT */
/*
 * Method: each kind of record has a function of its own, made of checks.def, in which the checks
 * that hear that kind stand one behind the other, and then the model. Messages are most of all
 * records; a mask for each type says who wants those, and another who wants refusals.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../world/looks.h"
#include "model.h"

const struct check *const checks[] = {
#define CHECK(name, ...) &check_##name,
#define CHECK_LAST(name) &check_##name,
#include "checks.def"
    NULL,
};

static const uint64_t kinds[] = {
#define CHECK(name, kinds) kinds,
#define CHECK_LAST(name) 0,
#include "checks.def"
};

static const uint64_t model_kinds = 0
#define HEARD(kind, what) | WANTS(kind)
    MODEL_HEARS(HEARD)
#undef HEARD
    ;

int check_by_name(const char *name, size_t len)
{
    for (int i = 0; i < CHECKS; i++)
        if (strlen(checks[i]->name) == len && memcmp(checks[i]->name, name, len) == 0)
            return i;
    return -1;
}

static void *state_of(const struct world *w, const struct model *m, uint32_t i)
{
    return m->state[i] ? arena_at(&w->arena, m->state[i]) : NULL;
}

static void want_messages(struct judge *j, uint32_t i)
{
    for (int type = 0; type < MSG_TYPES; type++) {
        const uint32_t bit = UINT32_C(1) << i;
        const bool named = checks[i]->messages >> type & 1;
        const bool sent = !checks[i]->sent || checks[i]->sent >> type & 1;
        if (checks[i]->messages ? named : msg_rows[type].promises) {
            j->wants_message[type] |= bit;
            j->wants_sent[type] |= sent ? bit : 0;
        }
        if (checks[i]->refusals >> type & 1)
            j->wants_refusal[type] |= bit;
    }
}

static void start_group(struct world *w, uint16_t group)
{
    model_start(w, group);
    for (uint32_t i = 0; i < CHECKS; i++)
        if (checks[i]->state) {
            const uint64_t state = arena_take(&w->arena, checks[i]->state);
            model_of(w, group)->state[i] = state;
        }
    for (uint32_t i = 0; i < CHECKS; i++)
        if (checks[i]->start)
            checks[i]->start(w, state_of(w, model_of(w, group), i));
}

void judge_start(struct world *w)
{
    assert(w->judge == 0);
    w->judge = arena_take(&w->arena, sizeof(struct judge) + w->groups * sizeof(struct model));
    struct judge *j = judge_of(w);
    j->hears = UINT32_MAX;
    j->groups = w->groups;
    vec_init(&j->ops, sizeof(struct mop), OPS_MODEL_CHUNK_LOG2);
    for (uint32_t i = 0; i < CHECKS; i++) {
        if (checks[i]->needs & ~w->sut->keeps)
            j->hears &= ~(UINT32_C(1) << i);
        if (kinds[i] & (WANTS(SEND) | WANTS(DELIVER)))
            want_messages(j, i);
    }
    for (uint16_t group = 0; group < w->groups; group++)
        start_group(w, group);
}

static inline uint32_t wants(const struct judge *j, const struct record *r, enum record_kind kind)
{
    if (kind != REC_SEND && kind != REC_DELIVER)
        return j->hears;
    if (rec_type(r) >= MSG_TYPES)
        return 0;
    const uint32_t *who = rec_flags(r) & LABEL_REJECT ? j->wants_refusal
                          : kind == REC_SEND          ? j->wants_sent
                                                      : j->wants_message;
    return who[rec_type(r)] & j->hears;
}

/* `kind` is a constant, so this is a few direct calls, to the checks that want such records;
 * or nothing. */
__attribute__((always_inline)) static inline void judge_in(struct world *w, const struct record *r,
                                                           enum record_kind kind, uint16_t group)
{
    struct model *m = model_of(w, group);
    const uint32_t wanted = wants(judge_of(w), r, kind);
#define CHECK(name, kinds)                                                                         \
    if (((kinds) >> kind & 1) && (wanted >> CHECK_##name & 1))                                     \
        check_##name##_record(w, m, state_of(w, m, CHECK_##name), r);
#define CHECK_LAST(name)
#include "checks.def"
    if (model_kinds >> kind & 1)
        model_record(w, m, r, kind);
}

__attribute__((always_inline)) static inline void judge_as(struct world *w, const struct record *r,
                                                           enum record_kind kind)
{
    struct judge *j = judge_of(w);
    if (!(RECORDS_OF_ALL_GROUPS >> kind & 1)) {
        j->group = r->group;
        judge_in(w, r, kind, r->group);
        return;
    }
    for (uint16_t group = 0; group < j->groups; group++) {
        j->group = group;
        judge_in(w, r, kind, group);
    }
}

#define RECORD(KIND, ...) \
    void judge_##KIND(struct world *w, const struct record *r) { judge_as(w, r, REC_##KIND); }
#include "../base/records.def"
#undef RECORD

record_hook *const judge_hooks[REC_KINDS] = {
#define RECORD_HOOK(KIND) judge_##KIND
#include "../world/record_hooks.inc"
};

static void finish_group(struct world *w, uint16_t group)
{
    struct judge *j = judge_of(w);
    const struct model *m = model_of(w, group);
    j->group = group;
    for (uint32_t i = 0; i < CHECKS; i++)
        if (checks[i]->finish && !(j->disabled >> i & 1))
            checks[i]->finish(w, m, state_of(w, m, i));
}

void judge_finish(struct world *w)
{
    struct judge *j = judge_of(w);
    if (w->stop == STOP_VIOLATION)
        return;                                          /* the first bad step has been told */
    j->finishing = true;
    for (uint16_t group = 0; group < j->groups; group++)
        finish_group(w, group);
}

void judge_disable(struct world *w, int check)
{
    assert(check >= 0 && check < CHECKS);
    struct judge *j = judge_of(w);
    j->disabled |= UINT32_C(1) << check;
    if (check == CHECK_self_check)
        w->looks = LOOKS_NEVER;
    j->hears &= ~(UINT32_C(1) << check);
}

/* Conversions are left out: how they are spelled depends on the machine. */
static uint16_t way_of(const char *format)
{
    uint32_t hash = 2166136261u;
    while (*format) {
        const char c = *format++;
        if (c != '%') {
            hash = (hash ^ (unsigned char)c) * 16777619u;
            continue;
        }
        format += strspn(format, "0123456789.-lzjhq");
        format += *format != 0;                          /* the letter that ends it */
    }
    return (uint16_t)((hash ^ hash >> 12) & 0xfff);
}

/* A place for a violation of this check, those of liveness behind all others; NULL: it has one, or
 * there is no room. */
static struct violation *place_of(struct world *w, uint8_t place)
{
    struct judge *j = judge_of(w);
    if (j->violations == 0)
        j->violations = arena_take(&w->arena, VIOLATIONS_MAX * sizeof(struct violation));
    struct violation *v = arena_at(&w->arena, j->violations);
    uint32_t at = j->nviolations;
    for (uint32_t i = 0; i < j->nviolations; i++) {
        if (v[i].check == place)
            return NULL;
        if (at > i && checks[v[i].check]->liveness && !checks[place]->liveness)
            at = i;
    }
    if (j->nviolations == VIOLATIONS_MAX)
        return NULL;
    memmove(v + at + 1, v + at, (j->nviolations++ - at) * sizeof *v);
    return v + at;
}

static void report(struct world *w, const struct check *check, uint16_t way, uint64_t first,
                   uint64_t second, const char *format, va_list args)
{
    uint8_t place = 0;
    while (checks[place] && checks[place] != check)
        place++;
    assert(checks[place]);
    if (!check->liveness)
        world_stop(w, STOP_VIOLATION, check->name);
    struct violation *v = place_of(w, place);
    if (v == NULL)
        return;
    *v = (struct violation){.check = place, .way = way, .first = first, .second = second};
    int n = 0;
    if (w->groups > 1)
        n = snprintf(v->detail, sizeof v->detail, "g%u: ", judge_of(w)->group + 1u);
    vsnprintf(v->detail + n, sizeof v->detail - (size_t)n, format, args);
}

void violate(struct world *w, const struct check *check, uint64_t first, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report(w, check, way_of(format), first, judge_of(w)->finishing ? 0 : w->records, format, args);
    va_end(args);
}

void violate_which(struct world *w, const struct check *check, const char *which, uint64_t first,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report(w, check, way_of(format) ^ way_of(which), first,
           judge_of(w)->finishing ? 0 : w->records, format, args);
    va_end(args);
}

void violate_between(struct world *w, const struct check *check, uint64_t first, uint64_t second,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report(w, check, way_of(format), first, second, format, args);
    va_end(args);
}

uint32_t judge_violations(const struct world *w, const struct violation **out)
{
    const struct judge *j = judge_of(w);
    *out = j->violations ? arena_at(&w->arena, j->violations) : NULL;
    return j->nviolations;
}

uint32_t judge_tallies(const struct world *w, struct check_tally *out)
{
    const struct judge *j = judge_of(w);
    uint32_t could = 0;
    for (uint32_t i = 0; i < CHECKS; i++) {
        const struct check *c = checks[i];
        out[i] = j->tally[i];
        if (c->tally && !(j->disabled >> i & 1))
            c->tally(w, &out[i]);
        const bool asked = !(j->disabled >> i & 1) && !(c->needs & ~w->sut->keeps) &&
                           (c->possible == NULL || c->possible(w));
        if (asked || out[i].judged || out[i].excused)
            could |= UINT32_C(1) << i;
    }
    return could;
}
