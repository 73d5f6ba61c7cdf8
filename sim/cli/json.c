/* SPDX-License-Identifier: MIT */
/* Machine forms of a run: a JSON object, TAP, JUnit XML. Integers and strings only; keys in a fixed
 * order, no spaces. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lang/shown.h"
#include "cli.h"

/* The character at `text`, which is not empty: its bytes, or U+FFFD in place of one that is no
 * UTF-8. Returns how many bytes of the text it is. */
static size_t put_character(FILE *out, const char *text)
{
    size_t n = utf8_character(text, strnlen(text, 4));
    if (n > 0)
        fwrite(text, 1, n, out);
    else
        fputs("\xef\xbf\xbd", out);
    return n > 0 ? n : 1;
}

void json_string(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text != 0; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c == '\t')
            fputs("\\t", out);
        else if (c < 0x20 || c == 0x7f)
            fprintf(out, "\\u%04x", c);
        else
            text += put_character(out, text) - 1;
    }
    putc('"', out);
}

bool json_reads_as(const char *text, const char *read)
{
    while (*text != 0) {
        size_t n = utf8_character(text, strnlen(text, 4)), as = n > 0 ? n : 3;
        if (strncmp(read, n > 0 ? text : "\xef\xbf\xbd", as) != 0)
            return false;
        text += n > 0 ? n : 1;
        read += as;
    }
    return *read == 0;
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
    if (t->request->tape != NULL) /* it has no seed */
        fputs(",\"seed\":null", out);
    else
        fprintf(out, ",\"seed\":\"0x%" PRIx64 "\"", r->seed);
    fprintf(out, ",\"verdict\":\"%s\",\"check\":", verdict_name(r->verdict));
    json_string(out, r->check);
    fputs(",\"detail\":", out);
    json_string(out, r->detail);
    fputs(",\"digest\":\"", out);
    print_digest(out, r->digest);
    fprintf(out,
            "\",\"simulated_ns\":%" PRIu64 ",\"events\":%" PRIu64 ",\"replay\":", r->simulated_ns,
            r->count.events);
    char *replay = replay_text(t);
    json_string(out, replay);
    free(replay);
}

void json_drawn(FILE *out, const struct told *t)
{
    if (t->result->drawn[0] == 0)
        return;
    fputs(",\"drawn\":", out);
    json_string(out, t->result->drawn);
}

void json_run(FILE *out, const struct told *t)
{
    putc('{', out);
    json_run_keys(out, t);
    json_drawn(out, t);
    fputs("}\n", out);
}

/* ---- TAP ------------------------------------------------------------------------------------- */

/* A # begins a directive, and a line's end the next line. */
static void tap_text(FILE *out, const char *text)
{
    for (; *text != 0; text++) {
        if (*text == '#' || *text == '\\')
            putc('\\', out);
        putc((unsigned char)*text < 0x20 ? '?' : *text, out);
    }
}

/* Each line of it a comment. */
static void tap_comment(FILE *out, const char *text)
{
    for (const char *line = text; *line != 0;) {
        size_t n = strcspn(line, "\n");
        fprintf(out, "# %.*s\n", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

void tap_begin(FILE *out, uint64_t cases)
{
    fprintf(out, "TAP version 13\n1..%" PRIu64 "\n", cases);
}

void tap_case(FILE *out, uint64_t number, const struct told *t, const char *text)
{
    bool ok = t->result->verdict == V_PASS || t->result->verdict == V_SKIP;
    char *last = NULL;
    size_t size;
    fprintf(out, "%s %" PRIu64 " - ", ok ? "ok" : "not ok", number);
    tap_text(out, t->path);
    if (t->variant[0] != 0)
        fputs(" ", out);
    tap_text(out, t->variant);
    if (t->result->verdict == V_SKIP) {
        fputs(" # SKIP ", out);
        tap_text(out, t->result->detail);
    }
    putc('\n', out);
    tap_comment(out, text);
    FILE *f = must(open_memstream(&last, &size));
    print_last_line(f, t);
    must_close(f);
    tap_comment(out, last);
    free(last);
    fflush(out);
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

/* What XML cannot say at all, a control character or U+FFFE and its like, is a question mark; what
 * is no UTF-8, U+FFFD: one byte that is neither would have the whole file refused. */
static void xml_text(FILE *out, const char *text)
{
    for (; *text != 0; text++) {
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default:
            if ((unsigned char)*text < 0x20 && *text != '\n' && *text != '\t')
                putc('?', out);
            else if (strncmp(text, "\xef\xbf", 2) == 0 && ((unsigned char)text[2] | 1) == 0xbf)
                putc('?', out), text += 2; /* U+FFFE, U+FFFF */
            else
                text += put_character(out, text) - 1;
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
        char *replay = replay_text(t);
        xml_text(out, "replay: ");
        xml_text(out, replay);
        free(replay);
        fputs("</failure>", out);
    }
    fputs("</testcase>\n", out);
}

void junit_end(FILE *out) { fputs("</testsuite>\n</testsuites>\n", out); }
