/* SPDX-License-Identifier: MIT */
/* Method: everything comes from two tables, records.def and columns.def. */
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

const bool record_has[REC_KINDS][COLUMNS] = {
#define COL(column, what) [COLUMN_##column] = true,
#define COL_OF(column, subs, what) COL(column, what)
#define RECORD(kind, name, class, what, columns) [REC_##kind] = {columns},
#include "records.def"
#undef RECORD
#undef COL_OF
#undef COL
};

const char *record_kind_name(int kind) { return kind >= 0 && kind < REC_KINDS ? names[kind] : "?"; }
const char *record_class_name(int kind)
{
    return kind >= 0 && kind < REC_KINDS ? classes[kind] : "?";
}

uint64_t record_get(const struct record *r, enum column column)
{
    switch (column) {
#define COMMON(name, type) case COLUMN_##name: return r->name;
#define COLUMN(name, type, place) case COLUMN_##name: return rec_##name(r);
#include "columns.def"
    case COLUMNS: break;
    }
    return 0;
}

void record_set(struct record *r, enum column column, uint64_t value)
{
    switch (column) {
#define COMMON(name, type) case COLUMN_##name: r->name = (column_##type)value; break;
#define COLUMN(name, type, place)                                                                  \
    case COLUMN_##name: rec_set_##name(r, (column_##type)value); break;
#include "columns.def"
    case COLUMNS: break;
    }
}
