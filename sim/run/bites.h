/* SPDX-License-Identifier: MIT */
/*
 * How often an option of the system under test made a difference, as far as records show it: a
 * sweep that sets an option which never bites tests nothing by it. A row is BITE(NAME, "option",
 * "what counts"); options without a row are not counted.
 */
#ifndef WT_BITES_H
#define WT_BITES_H

#include <stdint.h>

enum bite {
#define BITE(name, ...) BITE_##name,
#include "bites.def"
#undef BITE
    BITES
};
const char *bite_option(int bite);      /* the option's name */
int bite_of(const char *option);        /* -1: none */

struct world;
struct record;
struct bites {                          /* plain data; lives in the arena */
    uint64_t n[BITES];
    uint64_t led[17];                   /* by node: the term in which it leads or last led */
    uint64_t most_entries[17];          /* by node: its option max-entries-per-append, 0 unknown */
};
void bites_start(const struct world *, struct bites *);          /* zeroed before */
void bites_record(struct bites *, const struct record *);

#endif
