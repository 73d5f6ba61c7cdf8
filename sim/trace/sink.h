/* SPDX-License-Identifier: MIT */
/*
 * Sinks: forms in which a run's records are written down. Each is one .c file and one row in
 * sinks.def. A sink keeps nothing between calls: what it needs it takes from the record, and
 * from the world as it stands when the record is made.
 */
#ifndef WT_SINK_H
#define WT_SINK_H

#include <stdio.h>

#include "../world/world.h"
#include "../base/record.h"

/* What a trace says of itself at its head. Strings are the caller's, never NULL; "" where there
 * is none. */
struct trace_header {
    const char *revision, *compiler;      /* of the program */
    const char *scenario;                 /* its path */
    const char *variant;
    const char *settings;                 /* what else was asked for: "prevote=off --calm" */
    const char *drawn;                    /* what the seed drew: "voters=5 reads=lease" */
    uint64_t seed;
};

struct sink {
    const char *name, *extension, *help;
    /* before the first record; the header may be NULL */
    void (*begin)(FILE *, const struct world *, const struct trace_header *);
    /* at most one line; none where it has nothing to say */
    void (*record)(FILE *, const struct world *, const struct record *);
    void (*end)(FILE *);                                                        /* after the last */
};
#define SINK(symbol, ...)                                                                        \
    void symbol##_begin(FILE *, const struct world *, const struct trace_header *);              \
    void symbol##_record(FILE *, const struct world *, const struct record *);                   \
    void symbol##_end(FILE *);
#include "sinks.def"
#undef SINK

extern const struct sink sinks[];                /* sinks.def; ends with a NULL name */
const struct sink *sink_by_name(const char *);   /* NULL: none */

#endif
