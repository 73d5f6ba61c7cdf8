/* SPDX-License-Identifier: MIT */
/*
 * Tapes: a scenario and the draws that were not zero. A run from a tape needs no seed; taking one
 * line out moves no other draw.
 *
 * The text form begins with the line "wavetank-tape 1", 1 being the version of the form; then, one
 * a line, in this order:
 *
 *     revision REVISION        of wavetank that made it: under another the same tape may give
 *                              another run
 *     scenario PATH            for messages only
 *     variant NAME             left out where the scenario has but one
 *     set KEY=VALUE            each --set of the run
 *     calm on                  left out where it was not asked for
 *     without CHECK,...        the same
 *     check-every-step on      the same, and where the seed has it so
 *     until NANOSECONDS        the same
 *     base zero                every draw that is not listed is 0
 *     STREAM ACTOR ORDINAL VALUE      the exceptions: net-delay n1->n2 17 340221
 *                                     actors: n1, c2, n1->c2, line3 (the fourth of the chaos
 *                                     block), -
 *     text BYTES               what follows, to the end, is the scenario; the number, by which a
 *                              tape that was cut off shows, may be left out
 *
 * No draw may stand twice.
 *
 * The raw form is any bytes at all, as a fuzzer makes them: the first picks one of the fixed
 * worlds (fixed_worlds.c), the rest is read as exceptions of RAW_BYTES bytes each, the last padded
 * with zeros:
 *
 *     0     stream (modulo their number)
 *     1, 2  actor: a node, a client or a chaos line by the first; a link from the first to the
 *           second (all modulo what the world has)
 *     3, 4  ordinal, little endian
 *     5, 6  m, little endian
 *     7     s: the value is m << (s % 48) for s below 192; else 999999 - m, which says yes to
 *           every chance
 */
#ifndef WT_TAPE_H
#define WT_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../faults/fault.h"
#include "../lang/scenario.h"
#include "../world/draw.h"

enum { RAW_BYTES = 8, RAW_EXCEPTIONS_MAX = 4096, TAPE_SETTINGS_MAX = 64 };

/* One of the worlds that raw bytes run in: four small scenarios whose faults are quiet unless an
 * exception says otherwise. */
struct fixed_world {
    const char *name, *text;
    uint8_t nodes, clients, lines;     /* of the scenario, for the actors of raw exceptions */
};
extern const struct fixed_world fixed_worlds[];
extern const uint32_t fixed_worlds_count;

struct tape {
    char *revision;                    /* "" where it is not known */
    char *scenario, *variant;          /* variant "" where there is but one */
    bool calm, every_step;
    uint32_t without;                  /* checks that do not judge, a bit each */
    uint64_t until;                    /* ns; 0: to the end */
    struct setting settings[TAPE_SETTINGS_MAX];
    uint32_t nsettings;
    uint32_t n, capacity;
    struct exception *exceptions;      /* heap */
    char *text;                        /* the scenario, nul-terminated; heap */
    size_t text_len;
    char *owned;                       /* what the strings above point into; heap, NULL where they
                                          are borrowed */
};

#define TAPE_WORD "wavetank-tape "        /* with it a tape in words begins */
bool tape_is_text(const void *data, size_t len);       /* by its first word; of whatever version */
/* Reads a text tape. False: what is wrong went to `err` as name:line:col: error: ... with the line
 * and a caret (without a column where no word is to blame); the tape is then empty. A draw that
 * stands twice is an error. */
bool tape_read_text(struct tape *, const char *name, const void *data, size_t len, FILE *err);
/* Has the world all nodes and clients that the draws name? `name`, `data` and `err` as they were
 * given to tape_read_text, for the message. */
bool tape_fits(const struct tape *, const struct world_plan *, const char *name, const void *data,
               size_t len, FILE *err);
/* Is it text, but no tape: a scenario, or a tape that an editor has put a byte order mark before?
 * A fuzzer's bytes seldom are. tape_tell_other_text says what was expected. */
bool tape_is_other_text(const void *data, size_t len);
void tape_tell_other_text(const char *name, const void *data, size_t len, FILE *err);
/* Writes one; false where the stream failed. */
bool tape_write_text(FILE *, const struct tape *);
/* Adds an exception; false: out of memory. */
bool tape_add(struct tape *, const struct exception *);
void tape_free(struct tape *);

/* Decodes raw bytes, whatever they are: the world's place in fixed_worlds and at most `max`
 * exceptions; returns how many. Pure. */
uint32_t tape_decode_raw(const uint8_t *data, size_t len, uint32_t *world, struct exception *out,
                         uint32_t max);

/* An actor as tapes spell it. Returns what snprintf returns. */
int actor_print(uint32_t actor, char *out, size_t size);
bool actor_parse(const char *word, uint32_t *actor);

#endif
