/* SPDX-License-Identifier: MIT */
/* Machine forms of a run: a JSON object, TAP, JUnit XML. Integers and strings only; keys in a fixed
 * order, no spaces. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

void json_string(FILE *out, const char *text)
{
    putc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p != 0; p++) {
        if (*p == '"' || *p == '\\')
            fprintf(out, "\\%c", *p);
        else if (*p == '\n')
            fputs("\\n", out);
        else if (*p == '\t')
            fputs("\\t", out);
        else if (*p < 0x20 || *p == 0x7f)
            fprintf(out, "\\u%04x", *p);
        else
            putc(*p, out);
    }
    putc('"', out);
}

void print_digest(FILE *out, const unsigned char digest[16])
{
    for (int i = 0; i < 16; i++)
        fprintf(out, "%02x", digest[i]);
}

void json_run_keys(FILE *out, const struct told *t)
{
    const struct result *r = t->result;
    fputs("\"scenario\":", out);
    json_string(out, t->path);
    fputs(",\"variant\":", out);
    json_string(out, t->variant);
    fprintf(out, ",\"seed\":\"0x%" PRIx64 "\",\"verdict\":\"%s\",\"check\":", r->seed,
            verdict_name(r->verdict));
    json_string(out, r->check);
    fputs(",\"detail\":", out);
    json_string(out, r->detail);
    fputs(",\"digest\":\"", out);
    print_digest(out, r->digest);
    fprintf(out,
            "\",\"simulated_ns\":%" PRIu64 ",\"events\":%" PRIu64 ",\"replay\":", r->simulated_ns,
            r->count.events);
    char replay[REPLAY_BYTES];
    replay_text(t, replay, sizeof(replay));
    json_string(out, replay);
}

void json_run(FILE *out, const struct told *t)
{
    putc('{', out);
    json_run_keys(out, t);
    fputs("}\n", out);
}

/* ---- TAP ------------------------------------------------------------------------------------- */

static void print_name(FILE *out, const struct told *t)
{
    fputs(t->path, out);
    if (t->variant[0] != 0)
        fprintf(out, " %s", t->variant);
}

void tap_begin(FILE *out, uint64_t cases)
{
    fprintf(out, "TAP version 13\n1..%" PRIu64 "\n", cases);
}

void tap_case(FILE *out, uint64_t number, const struct told *t, const char *text)
{
    bool ok = t->result->verdict == V_PASS || t->result->verdict == V_SKIP;
    fprintf(out, "%s %" PRIu64 " - ", ok ? "ok" : "not ok", number);
    print_name(out, t);
    if (t->result->verdict == V_SKIP)
        fprintf(out, " # SKIP %s", t->result->detail);
    putc('\n', out);
    for (const char *line = text; *line != 0;) {
        size_t n = strcspn(line, "\n");
        fprintf(out, "# %.*s\n", (int)n, line);
        line += n + (line[n] == '\n');
    }
    fputs("# ", out);
    print_last_line(out, t);
    fflush(out);
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

static void xml_text(FILE *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != 0; p++) {
        switch (*p) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: putc(*p < 0x20 && *p != '\n' && *p != '\t' ? '?' : *p, out); break;
        }
    }
}

void junit_begin(FILE *out, uint64_t cases, uint64_t failures, uint64_t skipped)
{
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    fprintf(out,
            "<testsuite name=\"wavetank\" tests=\"%" PRIu64 "\" failures=\"%" PRIu64
            "\" errors=\"0\" skipped=\"%" PRIu64 "\">\n",
            cases, failures, skipped);
}

void junit_case(FILE *out, const struct told *t, const char *text)
{
    const struct result *r = t->result;
    fputs("<testcase classname=\"", out);
    xml_text(out, t->path);
    fputs("\" name=\"", out);
    xml_text(out, t->variant[0] != 0 ? t->variant : t->title);
    fputs("\" time=\"", out);
    fprintf(out, "%" PRIu64 ".%03" PRIu64 "\">", r->simulated_ns / 1000000000,
            r->simulated_ns / 1000000 % 1000);
    if (r->verdict == V_SKIP) {
        fputs("<skipped message=\"", out);
        xml_text(out, r->detail);
        fputs("\"/>", out);
    } else if (r->verdict != V_PASS) {
        fprintf(out, "<failure type=\"%s\" message=\"", verdict_name(r->verdict));
        xml_text(out, r->check);
        fputs(": ", out);
        xml_text(out, r->detail);
        fputs("\">", out);
        xml_text(out, text);
        char replay[REPLAY_BYTES];
        replay_text(t, replay, sizeof(replay));
        xml_text(out, "replay: ");
        xml_text(out, replay);
        fputs("</failure>", out);
    }
    fputs("</testcase>\n", out);
}

void junit_end(FILE *out) { fputs("</testsuite>\n</testsuites>\n", out); }
