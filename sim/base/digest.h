/* SPDX-License-Identifier: MIT */
/*
 * The digest of a run: XXH3-128 over its records, in canonical byte order, so that it is one number
 * on every machine.
 */
#ifndef WT_DIGEST_H
#define WT_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

enum { DIGEST_BATCH = 32 };      /* records that are best added at a time, and the most */

struct digest { _Alignas(64) unsigned char state[576]; }; /* plain data; a copy goes on by itself */

void digest_start(struct digest *);
void digest_add(struct digest *, const struct record *, size_t n);          /* n <= DIGEST_BATCH */
/* Of all records added, and these n behind them; the digest itself stays as it is. */
void digest_look(const struct digest *, const struct record *, size_t n, uint8_t out[16]);

/* The inner loop with twice as wide registers (digest_wide.c), and whether this machine has them.
 * To digest.c alone. */
bool digest_wide(void);
void digest_add_wide(void *state, const void *bytes, size_t n);

#endif
