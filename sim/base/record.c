/* SPDX-License-Identifier: MIT */
/* Method: names come from the one table, records.def. */
#include "record.h"

static const char *const names[] = {
    "none",
#define RECORD(kind, name, ...) name,
#include "records.def"
#undef RECORD
};

static const char *const classes[] = {
    "none",
#define RECORD(kind, name, class, ...) class,
#include "records.def"
#undef RECORD
};

const char *record_kind_name(int kind) { return kind >= 0 && kind < REC_KINDS ? names[kind] : "?"; }
const char *record_class_name(int kind)
{
    return kind >= 0 && kind < REC_KINDS ? classes[kind] : "?";
}
