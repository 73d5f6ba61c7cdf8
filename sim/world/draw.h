/* SPDX-License-Identifier: MIT */
/*
 * The one door through which every choice of the world passes. A draw is a pure function of (seed,
 * stream, actor, ordinal): leaving one out shifts no other. Behind the door stands a seed, or all
 * zeros ("nothing bad happens"), and over either a sparse list of exceptions: a tape.
 */
#ifndef WT_DRAW_H
#define WT_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arena.h"

enum stream {
#define STREAM(name, ...) STREAM_##name,
#include "streams.def"
#undef STREAM
    STREAM_COUNT
};

/* Draw version: raised whenever the same seed, stream, actor and ordinal would give another draw:
 * another generator, or a row of streams.def moved. New rows go to the end. --version, traces and
 * result files carry it; --resume refuses another's. */
#define WT_DRAW_VERSION 1

/* Actors: a node or client is its actor number; a link is ACTOR_LINK(from, to); the n-th line
 * of a chaos block is ACTOR_FAULT(n); a replica is ACTOR_REPLICA(node, group), which in the first
 * group is the node. */
#define ACTOR_LINK(from, to) (0x10000u | (uint32_t)(from) << 8 | (uint32_t)(to))
#define ACTOR_FAULT(n) (0x20000u | (uint32_t)(n))
#define ACTOR_REPLICA(node, group) ((uint32_t)(group) << 18 | (uint32_t)(node))

struct exception {
    uint8_t stream;
    uint32_t actor;
    uint64_t ordinal;
    uint64_t value;
};

struct choices {
    uint64_t seed;
    uint64_t zero_base;        /* 1: every draw is 0 but for the exceptions */
    uint64_t table, mask;      /* exceptions: open-addressing hash in the arena; mask 0: none */
};

struct world;

/* A value in [0, bound); bound >= 1. *ordinal is the caller's counter for this stream and actor,
 * and rises by one. */
uint64_t draw(struct world *, enum stream, uint32_t actor, uint64_t *ordinal, uint64_t bound);
/* True with chance ppm in a million; drawn so that 0 is false. Draws nothing where ppm is 0. */
bool draw_chance(struct world *, enum stream, uint32_t actor, uint64_t *ordinal, uint64_t ppm);
/* In [lo, hi]; 0 draws lo. */
static inline uint64_t draw_range(struct world *w, enum stream stream, uint32_t actor,
                                  uint64_t *ordinal, uint64_t lo, uint64_t hi)
{
    const uint64_t width = hi - lo;
    return hi <= lo ? lo
                    : lo + draw(w, stream, actor, ordinal, width == UINT64_MAX ? width : width + 1);
}

/* The same generator where there is no world yet: what a scenario's own lines draw (lang/drawn.c).
 * A pure function of the seed, of what the draw is about, and of which draw of it it is. */
uint64_t draw_apart(uint64_t seed, uint64_t about, uint64_t ordinal, uint64_t bound);

/* Sets the exceptions, before the first draw. A repeated (stream, actor, ordinal) keeps the
 * last. Values are taken modulo the bound. */
void choices_exceptions(struct world *, const struct exception *, uint32_t n);

/* Who watches draws (tape writer): called with every draw that is not 0. NULL: nobody. Not part
 * of the world's state. */
typedef void draw_watch(void *ctx, const struct exception *);
void draw_watch_set(draw_watch *, void *ctx);

const char *stream_name(int stream);             /* "?" beyond the table */
int stream_by_name(const char *, size_t len);    /* -1: none */

#endif
