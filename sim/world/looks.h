/* SPDX-License-Identifier: MIT */
/*
 * After which steps the system under test is asked for its own invariants (world->looks): after
 * those that change term or role or cut the log, and after some others; after all, as the seed has
 * it or as somebody asked; after none, as the judge has it.
 */
#ifndef WT_LOOKS_H
#define WT_LOOKS_H

#include <stdbool.h>
#include <stdint.h>

enum looks { LOOKS_SELDOM, LOOKS_ALWAYS, LOOKS_ASKED, LOOKS_NEVER };
enum { LOOKS_ALWAYS_IN = 16 };          /* of so many seeds, one */
/* Of the seed alone, so that whoever plays it again sees the same; of no stream, so that it is none
 * of the world's choices. */
bool seed_looks_always(uint64_t seed);

#endif
