/* SPDX-License-Identifier: MIT */
/*
 * Method: a clock is a line through (base_true, base_local) with slope num/den. Every change starts
 * a new line at the present moment. The quotient is taken in two parts, (t / den) * num + (t % den)
 * * num / den, so that only a result beyond the range overflows. There a clock stops: at its last
 * reading it stands still (a millionfold clock gets there in five hours), and a reading that no
 * clock reaches is reached NEVER.
 *
 * The declared bound: a node's lease-drift-bound says by how much a clock's rate may differ from
 * true time. A jump, a freeze, or a rate beyond the bound leaves it; `violated_at` remembers the
 * latest moment at which the clock was outside.
 */
#include "world.h"

#include <assert.h>

static struct clock *clock_of(struct world *w, uint8_t node) { return &w->process[node].clock; }

enum { RATIO_MOST = 1000000 };                          /* of num and of den */
static const uint64_t last_reading = NEVER - 1;

static uint64_t add(uint64_t reading, uint64_t more)
{
    return more > last_reading - reading ? last_reading : reading + more;
}

/* t * num / den, rounded down; NEVER where it is beyond the range. */
static uint64_t scale(uint64_t t, uint64_t num, uint64_t den)
{
    uint64_t whole;
    if (num == den)
        return t;
    if (__builtin_mul_overflow(t / den, num, &whole))
        return NEVER;
    uint64_t rest = t % den * num / den;
    return rest > NEVER - whole ? NEVER : whole + rest;
}

uint64_t clock_scaled(const struct world *w, uint8_t node)
{
    const struct clock *c = &w->process[node].clock;
    return add(c->base_local, scale(w->now - c->base_true, c->num, c->den));
}

uint64_t clock_true(const struct world *w, uint8_t node, uint64_t local)
{
    const struct clock *c = &w->process[node].clock;
    if (local == NEVER)
        return NEVER;
    if (clock_local(w, node) >= local)
        return w->now;
    if (c->num == 0)
        return NEVER;
    uint64_t need = local - c->base_local, elapsed = scale(need, c->den, c->num);
    if (c->num != c->den && elapsed != NEVER)
        elapsed += need % c->num * c->den % c->num != 0;    /* rounded up */
    return elapsed > NEVER / 2 - c->base_true ? NEVER : c->base_true + elapsed;
}

/* |num/den - 1| <= bound ppm, in integers: |num - den| * 1e6 <= bound * den. */
static bool within_bound(const struct clock *c, uint32_t num, uint32_t den)
{
    uint64_t off = num > den ? num - den : den - num;
    return off * 1000000u <= c->bound_ppm * den;
}

static void rebase(struct world *w, uint8_t node, uint64_t local, uint32_t num, uint32_t den)
{
    struct clock *c = clock_of(w, node);
    c->base_local = local;
    c->base_true = w->now;
    c->num = num;
    c->den = den;
}

/* The record of a change; the caller says in it what the change is. */
static struct record *change(struct world *w, uint8_t node, enum clock_change what, bool outside)
{
    struct clock *c = clock_of(w, node);
    if (outside || c->outside || what == CLOCK_JUMP)
        c->violated_at = w->now;
    c->outside = outside;
    struct record *r = record_new(w, REC_CLOCK, node);
    rec_set_change(r, (uint8_t)what);
    rec_set_outside(r, outside || what == CLOCK_JUMP);
    return r;
}

static void changed(struct world *w, uint8_t node)
{
    record_done(w);
    host_rearm(w, node);
}

static void change_rate(struct world *w, uint8_t node, enum clock_change what)
{
    const struct clock *c = clock_of(w, node);
    struct record *r = change(w, node, what, !within_bound(c, c->num, c->den));
    rec_set_rate_num(r, c->num);
    rec_set_rate_den(r, c->den);
    changed(w, node);
}

void clock_rate(struct world *w, uint8_t node, uint32_t num, uint32_t den)
{
    assert(num >= 1 && den >= 1 && num <= RATIO_MOST && den <= RATIO_MOST);
    struct clock *c = clock_of(w, node);
    if (c->frozen) {
        c->thaw_num = num;
        c->den = den;
        return;
    }
    rebase(w, node, clock_local(w, node), num, den);
    change_rate(w, node, CLOCK_RATE);
}

void clock_jump(struct world *w, uint8_t node, int64_t ns)
{
    uint64_t local = clock_local(w, node);
    uint64_t back = ns < 0 ? (uint64_t)(-(ns + 1)) + 1 : 0;
    local = ns < 0 ? (local > back ? local - back : 0) : add(local, (uint64_t)ns);
    struct clock *c = clock_of(w, node);
    rebase(w, node, local, c->num, c->den);
    struct record *r = change(w, node, CLOCK_JUMP, c->outside);
    rec_set_by(r, ns < 0 ? back : (uint64_t)ns);
    rec_set_back(r, ns < 0);
    changed(w, node);
    /* Timers run by the clock: a node hears of its step at once, else a step back would silence it
     * for as long. */
    for (uint16_t group = 0; group < w->groups && !w->process[node].pauses; group++) {
        struct sut_event ev = {.type = SUT_TIME};
        host_event(w, replica_of(w, node, group), &ev);
    }
}

void clock_freeze(struct world *w, uint8_t node)
{
    struct clock *c = clock_of(w, node);
    if (c->frozen)
        return;
    c->frozen = true;
    c->thaw_num = c->num;
    rebase(w, node, clock_local(w, node), 0, c->den);
    change(w, node, CLOCK_FREEZE, true);
    changed(w, node);
}

void clock_thaw(struct world *w, uint8_t node)
{
    struct clock *c = clock_of(w, node);
    if (!c->frozen)
        return;
    c->frozen = false;
    rebase(w, node, c->base_local, c->thaw_num, c->den);
    change_rate(w, node, CLOCK_THAW);
}

void clock_declare(struct world *w, uint8_t node, uint64_t bound_ppm)
{
    struct clock *c = clock_of(w, node);
    c->bound_ppm = bound_ppm;
    bool outside = c->frozen || !within_bound(c, c->num, c->den);
    if (outside || c->outside)
        c->violated_at = w->now;
    c->outside = outside;
}

bool clock_kept(const struct world *w, uint8_t node, uint64_t since)
{
    const struct clock *c = &w->process[node].clock;
    return !c->outside && (c->violated_at == NEVER || c->violated_at < since);
}
