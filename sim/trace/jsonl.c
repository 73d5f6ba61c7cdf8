/* SPDX-License-Identifier: MIT */
/*
 * Method: one object a line; a kind of record has the same keys in the same order each time, those
 * of records.def, so that two traces can be compared line by line. Numbers are integers; those
 * above 2^53, which many readers of JSON would round, are strings, and so are clients' keys and
 * values, spelled as scenarios spell them. The last key, text, says the
 * record in words, for whoever looks at a line; it follows from the others and from earlier
 * records. The first line describes the run and the program.
 */
#include <inttypes.h>

#include "../world/kv.h"
#include "sink.h"
#include "text.h"

#define JSON_EXACT (UINT64_C(1) << 53)

enum { TEXT_BYTES = 2048 };

static void number(FILE *out, const char *key, uint64_t value)
{
    const char *quote = value > JSON_EXACT ? "\"" : "";
    fprintf(out, ",\"%s\":%s%" PRIu64 "%s", key, quote, value, quote);
}

static void string(FILE *out, const char *key, const char *s)
{
    fprintf(out, ",\"%s\":\"", key);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            putc(c, out);
    }
    putc('"', out);
}

void jsonl_begin(FILE *out, const struct world *w, const struct trace_header *h)
{
    fprintf(out, "{\"wavetank\":\"trace\"");
    if (h) {
        string(out, "revision", h->revision);
        string(out, "compiler", h->compiler);
    }
    number(out, "records", WT_RECORD_VERSION);
    number(out, "draws", WT_DRAW_VERSION);
    if (h) {
        string(out, "scenario", h->scenario);
        string(out, "variant", h->variant);
        fprintf(out, ",\"seed\":\"0x%" PRIx64 "\"", h->seed);
        string(out, "settings", h->settings);
        if (h->drawn[0])
            string(out, "drawn", h->drawn);
    }
    number(out, "nodes", w->nnodes);
    number(out, "clients", w->nclients);
    fputs("}\n", out);
}

/* A SUT names its notes in capitals; words are as scenarios write them. */
static void put_word(FILE *out, const char *word)
{
    putc('"', out);
    for (; *word; word++)
        putc(*word == '_' ? '-' : *word >= 'A' && *word <= 'Z' ? *word - 'A' + 'a' : *word, out);
    putc('"', out);
}

/* "reject" of a label, 3 of nodes: the bits of a list. */
static void list(FILE *out, const struct world *w, enum column_type type, uint64_t bits)
{
    const char *comma = "";
    putc('[', out);
    for (uint32_t i = 0; i < 64; i++) {
        const char *word = column_word(w, type, UINT64_C(1) << i);
        if (!(bits >> i & 1))
            continue;
        fputs(comma, out);
        if (word)
            put_word(out, word);
        else
            fprintf(out, "%" PRIu32, i + 1);
        comma = ",";
    }
    putc(']', out);
}

static void column(FILE *out, const struct world *w, enum column which, uint64_t value)
{
    const enum column_type type = column_type_of(which);
    const char *key = column_name(which), *word = column_word(w, type, value);
    char text[TEXT_BYTES];
    if (type == COLUMN_TYPE_KEY || type == COLUMN_TYPE_VALUE) {
        if (type == COLUMN_TYPE_KEY)
            key_words(w, value, text, sizeof text);
        else
            value_print(w, value, text, sizeof text);
        string(out, key, text);
        return;
    }
    if (!word && !column_is_list(type)) {
        number(out, key, value);
        return;
    }
    fprintf(out, ",\"%s\":", key);
    if (type == COLUMN_TYPE_FLAG)
        fputs(word, out);
    else if (column_is_list(type))
        list(out, w, type, value);
    else
        put_word(out, word);
}

void jsonl_record(FILE *out, const struct world *w, const struct record *r)
{
    const char *quote = r->at > JSON_EXACT ? "\"" : "";
    char text[TEXT_BYTES];
    fprintf(out, "{\"at\":%s%" PRIu64 "%s", quote, r->at, quote);
    string(out, "kind", record_kind_name(r->kind));
    if (w->groups > 1 && !(RECORDS_OF_ALL_GROUPS >> r->kind & 1))
        number(out, "group", r->group + 1u);
    for (const struct record_column *c = record_columns(r->kind); c->what; c++)
        if (r->kind == REC_INVOKE && c->column == COLUMN_key && rec_verb(r) == OP_RAW)
            string(out, column_name(c->column), "");     /* what is raw is of no key */
        else if (record_column_holds(c, r))
            column(out, w, c->column, record_get(r, c->column));
    trace_sentence(w, r, text, sizeof text);
    string(out, "text", text);
    fputs("}\n", out);
}

void jsonl_end(FILE *out) { (void)out; }
