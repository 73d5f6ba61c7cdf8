/* SPDX-License-Identifier: MIT */
/* Method: the table of sinks, made of sinks.def; each row's functions live in the file of
 * its name. */
#include "sink.h"

#include <string.h>

const struct sink sinks[] = {
#define SINK(symbol, extension, help)                                                              \
    {#symbol, extension, help, symbol##_begin, symbol##_record, symbol##_end},
#include "sinks.def"
#undef SINK
    {0},
};

const struct sink *sink_by_name(const char *name)
{
    for (const struct sink *s = sinks; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}
