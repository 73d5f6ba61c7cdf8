/* SPDX-License-Identifier: MIT */
/*
 * Method: one object a line, the same keys in the same order each time, so that two traces can
 * be compared line by line. Numbers are integers; those above 2^53, which many readers of JSON
 * would round, are strings. The last key, text, says the record in words, for whoever looks at a
 * line; it follows from the others and from earlier records. The first line describes the run
 * and the program.
 */
#include <inttypes.h>

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
    }
    number(out, "nodes", w->nnodes);
    number(out, "clients", w->nclients);
    fputs("}\n", out);
}

void jsonl_record(FILE *out, const struct world *w, const struct record *r)
{
    const char *quote = r->at > JSON_EXACT ? "\"" : "";
    char text[TEXT_BYTES];
    fprintf(out, "{\"at\":%s%" PRIu64 "%s", quote, r->at, quote);
    string(out, "kind", record_kind_name(r->kind));
    string(out, "what", record_sub_name(r));
    number(out, "node", r->node);
    number(out, "peer", r->peer);
    number(out, "sub", r->sub);
    number(out, "flags", r->flags);
    number(out, "group", r->group);
    number(out, "ref", r->ref);
    number(out, "term", r->term);
    number(out, "index", r->index);
    number(out, "a", r->a);
    number(out, "b", r->b);
    number(out, "c", r->c);
    trace_sentence(w, r, text, sizeof text);
    string(out, "text", text);
    fputs("}\n", out);
}

void jsonl_end(FILE *out) { (void)out; }
