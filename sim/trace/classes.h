/* SPDX-License-Identifier: MIT */
/* Classes of events: elections, commits, crashes, ... One row of classes.def each. */
#ifndef WT_CLASSES_H
#define WT_CLASSES_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/record.h"

struct trace_class {
    const char *name, *help;
    uint64_t kinds;                 /* bits: 1 << enum record_kind */
    uint32_t subs;                  /* bits: 1 << sub; 0: all */
};
enum trace_class_number {
#define CLASS(name, ...) CLASS_##name,
#include "classes.def"
    TRACE_CLASSES
};
extern const struct trace_class trace_classes[];     /* classes.def; ends with a NULL name */

/* Does the record belong to one of a set of classes (bits by number)? */
bool class_has(uint32_t classes, const struct record *);

#endif
