/* SPDX-License-Identifier: MIT */
/*
 * Method: a counter-based generator. The four coordinates of a draw (seed, stream, actor, ordinal)
 * are folded into one word by odd multipliers and passed twice through the splitmix64 finaliser
 * (Steele, Lea, Flood 2014), which passes every bit into every other; no state is carried from draw
 * to draw. Values are reduced to their bound by the high part of a product where the bound fits 32
 * bits, so that 0 stays 0 and small raw values give small draws.
 */
#include "draw.h"

#include <assert.h>
#include <string.h>

#include "world.h"

static draw_watch *watcher;
static void *watcher_ctx;

void draw_watch_set(draw_watch *watch, void *ctx)
{
    watcher = watch;
    watcher_ctx = ctx;
}

static inline uint64_t finalise(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline uint64_t coordinates(uint64_t seed, uint64_t stream, uint64_t actor, uint64_t ordinal)
{
    uint64_t key = finalise(seed + stream * UINT64_C(0x9e3779b97f4a7c15) +
                            actor * UINT64_C(0xd1342543de82ef95));
    return finalise(key + (ordinal + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

static inline uint64_t reduce(uint64_t raw, uint64_t bound)
{
    if (bound <= UINT64_C(1) << 32)
        return (raw >> 32) * bound >> 32;
    return raw % bound;
}

uint64_t draw_apart(uint64_t seed, uint64_t about, uint64_t ordinal, uint64_t bound)
{
    static const uint64_t apart = 0xff; /* no stream of a world has this number */
    _Static_assert((int)STREAM_COUNT < 0xff, "streams are numbered below it");
    assert(bound >= 1);
    return reduce(coordinates(seed, apart, about, ordinal), bound);
}

static const struct exception *exceptions(const struct world *w)
{
    return arena_at(&w->arena, w->choices.table);
}

static uint64_t slot_of(const struct choices *c, const struct exception *e)
{
    return coordinates(0, e->stream, e->actor, e->ordinal) & c->mask;
}

static bool same_place(const struct exception *a, const struct exception *b)
{
    return a->stream == b->stream && a->actor == b->actor && a->ordinal == b->ordinal;
}

/* An empty slot has the impossible stream STREAM_COUNT. */
static uint64_t find(const struct choices *c, const struct exception *table,
                     const struct exception *want)
{
    uint64_t i = slot_of(c, want);
    while (table[i].stream != STREAM_COUNT && !same_place(&table[i], want))
        i = (i + 1) & c->mask;
    return i;
}

void choices_exceptions(struct world *w, const struct exception *list, uint32_t n)
{
    if (n == 0)
        return;
    uint64_t slots = 16;
    while (slots < (uint64_t)n * 2)
        slots *= 2;
    w->choices.table = arena_take(&w->arena, slots * sizeof(struct exception));
    w->choices.mask = slots - 1;
    struct exception *table = arena_at(&w->arena, w->choices.table);
    for (uint64_t i = 0; i < slots; i++)
        table[i].stream = STREAM_COUNT;
    for (uint32_t i = 0; i < n; i++)
        if (list[i].stream < STREAM_COUNT)
            table[find(&w->choices, table, &list[i])] = list[i];
}

static inline uint64_t draw_base(const struct choices *c, enum stream stream, uint32_t actor,
                                 uint64_t ordinal, uint64_t bound)
{
    return c->zero_base ? 0 : reduce(coordinates(c->seed, stream, actor, ordinal), bound);
}

/* The way of a draw where there are exceptions, or where somebody watches. */
static __attribute__((noinline)) uint64_t draw_watched(struct world *w, enum stream stream,
                                                       uint32_t actor, uint64_t ordinal,
                                                       uint64_t bound)
{
    uint64_t value = draw_base(&w->choices, stream, actor, ordinal, bound);
    struct exception here = {.stream = (uint8_t)stream, .actor = actor, .ordinal = ordinal};
    if (w->choices.mask) {
        const struct exception *hit = &exceptions(w)[find(&w->choices, exceptions(w), &here)];
        if (hit->stream != STREAM_COUNT)
            value = hit->value % bound;
    }
    here.value = value;
    if (watcher && value)
        watcher(watcher_ctx, &here);
    return value;
}

uint64_t draw(struct world *w, enum stream stream, uint32_t actor, uint64_t *ordinal,
              uint64_t bound)
{
    assert(bound >= 1 && stream < STREAM_COUNT);
    const uint64_t n = (*ordinal)++;
    if (w->choices.mask || watcher)
        return draw_watched(w, stream, actor, n, bound);
    return draw_base(&w->choices, stream, actor, n, bound);
}

bool draw_chance(struct world *w, enum stream stream, uint32_t actor, uint64_t *ordinal,
                 uint64_t ppm)
{
    if (ppm == 0)
        return false;
    if (ppm > 1000000)
        ppm = 1000000;
    /* 0 is true only for a certainty */
    return draw(w, stream, actor, ordinal, 1000000) >= 1000000 - ppm;
}

static const char *const names[] = {
#define STREAM(name, text, ...) text,
#include "streams.def"
#undef STREAM
};

const char *stream_name(int stream)
{
    return stream >= 0 && stream < STREAM_COUNT ? names[stream] : "?";
}

int stream_by_name(const char *name, size_t len)
{
    for (int i = 0; i < STREAM_COUNT; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return i;
    return -1;
}
