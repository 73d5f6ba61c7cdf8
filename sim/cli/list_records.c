/* SPDX-License-Identifier: MIT */
/* wavetank list records: what a trace can say. Method: kind by kind, from the tables that the
 * records' readers and the jsonl form are made of. Most kinds are of messages, and say what `send`
 * says: of those only what differs is told. */
#include <stdbool.h>
#include <string.h>

#include "../trace/columns.h"
#include "list.h"

static bool as_send(int kind)
{
    return kind != REC_SEND && strcmp(record_class_name(kind), record_class_name(REC_SEND)) == 0;
}

/* A column of a message that `send` has too and explains in the same words. */
static bool repeats_send(int kind, const struct record_column *c)
{
    if (!as_send(kind))
        return false;
    for (const struct record_column *s = record_columns(REC_SEND); s->what; s++)
        if (s->column == c->column && strcmp(s->what, c->what) == 0)
            return true;
    return false;
}

void list_records(void)
{
    printf("records, and the keys that they have in trace --to jsonl beside at (ns), kind, group "
           "and text:\n");
    for (int kind = REC_NONE + 1; kind < REC_KINDS; kind++) {
        printf("\n%s (%s): %s%s\n", record_kind_name(kind), record_class_name(kind),
               record_what(kind), as_send(kind) ? "; as send" : "");
        for (const struct record_column *c = record_columns(kind); c->what; c++) {
            if (repeats_send(kind, c))
                continue;
            const enum column_type type = column_type_of(c->column);
            printf("  %-14s %-12s %s", column_name(c->column), column_type_what(type), c->what);
            column_words_print(stdout, type);
            putchar('\n');
        }
    }
}

void markdown_records(FILE *out)
{
    fputs("| record | key | is | what it says |\n|---|---|---|---|\n", out);
    for (int kind = REC_NONE + 1; kind < REC_KINDS; kind++) {
        fprintf(out, "| **`%s`** | | | %s%s |\n", record_kind_name(kind), record_what(kind),
                as_send(kind) ? "; as `send`" : "");
        for (const struct record_column *c = record_columns(kind); c->what; c++) {
            if (repeats_send(kind, c))
                continue;
            const enum column_type type = column_type_of(c->column);
            fprintf(out, "| | `%s` | %s | %s", column_name(c->column), column_type_what(type),
                    c->what);
            column_words_print(out, type);
            fputs(" |\n", out);
        }
    }
}
