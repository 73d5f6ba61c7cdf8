/* SPDX-License-Identifier: MIT */
/* Words that figures, tables and data files share. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "plot.h"

void append(char *out, size_t size, const char *format, ...)
{
    va_list args;
    size_t n = strlen(out);
    va_start(args, format);
    vsnprintf(out + n, size - n, format, args);
    va_end(args);
}

/* The bytes of the UTF-8 character at the beginning; 0: there is none. */
static size_t utf8_length(const unsigned char *p)
{
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3
                                                           : p[0] < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    bool surrogate = p[0] == 0xed && n == 3 && p[1] >= 0xa0;
    bool longer =
        (p[0] == 0xe0 && n == 3 && p[1] < 0xa0) || (p[0] == 0xf0 && n == 4 && p[1] < 0x90);
    bool beyond = p[0] == 0xf4 && n == 4 && p[1] >= 0x90;
    return surrogate || longer || beyond ? 0 : n;
}

void make_printable(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p != 0;) {
        size_t n = utf8_length(p);
        if (n == 0 || *p < 0x20 || *p == 0x7f) {
            *p = '?';
            n = 1;
        }
        p += n;
    }
}

void grouped(uint64_t n, char out[32])
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n), to = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[to++] = ',';
        out[to++] = digits[i];
    }
    out[to] = 0;
}

/* Does a line before this one show the same curve? */
static bool curve_met(const struct line *line, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (line[j].curve == line[i].curve)
            return true;
    return false;
}

void runs_text(const struct line *line, uint32_t n, char out[96])
{
    uint64_t least = UINT64_MAX, most = 0, runs = 0;
    char count[32];
    for (uint32_t i = 0; i < n; i++) {
        least = line[i].curve->least_seed < least ? line[i].curve->least_seed : least;
        most = line[i].curve->most_seed > most ? line[i].curve->most_seed : most;
        runs += curve_met(line, i) ? 0 : line[i].curve->runs;
    }
    const char *format = least == most        ? "seed 0x%" PRIx64
                         : most < 1000000000 ? "seeds %" PRIu64 " to %" PRIu64
                                              : "seeds 0x%" PRIx64 " to 0x%" PRIx64;
    grouped(runs, count);
    out[0] = 0;
    append(out, 96, format, least, most);
    append(out, 96, ", %s run%s", count, runs == 1 ? "" : "s");
}

void revisions_text(const struct line *line, uint32_t n, char out[256])
{
    out[0] = 0;
    for (uint32_t i = 0; i < n; i++) {
        const char *revision = line[i].curve->revision;
        bool met = false;
        for (uint32_t j = 0; j < i; j++)
            met = met || strcmp(line[j].curve->revision, revision) == 0;
        if (met)
            continue;
        if (strlen(out) + strlen(revision) + 8 > 256) {
            append(out, 256, ", ...");
            return;
        }
        append(out, 256, "%s%s", out[0] ? ", " : "", revision);
    }
}

/* ---- set-ups --------------------------------------------------------------------------------- */

/* The next part of a set-up; 0: there is none. */
static size_t part_length(const char *text)
{
    const char *end = strstr(text, "; ");
    return end != NULL ? (size_t)(end - text) : strlen(text);
}

static bool has_part(const char *setup, const char *part, size_t n)
{
    while (*setup != 0) {
        size_t here = part_length(setup);
        if (here == n && memcmp(setup, part, n) == 0)
            return true;
        setup += here;
        setup += strspn(setup, "; ");
    }
    return false;
}

/* An option that is spelled KEY=VALUE in these words. */
static bool is_said(const char *said, const char *part, size_t n)
{
    char words[SETUP_BYTES];
    snprintf(words, sizeof(words), "%.*s", (int)n, part);
    char *blank = strchr(words, ' ');
    if (blank != NULL)
        *blank = '=';
    return strstr(said, words) != NULL;
}

void setup_common(const struct line *line, uint32_t n, char out[SETUP_BYTES])
{
    size_t here;
    out[0] = 0;
    for (const char *p = line[0].curve->setup; *p != 0; p += here, p += strspn(p, "; ")) {
        bool all = true;
        here = part_length(p);
        for (uint32_t i = 1; all && i < n; i++)
            all = has_part(line[i].curve->setup, p, here);
        if (all)
            append(out, SETUP_BYTES, "%s%.*s", out[0] ? "; " : "", (int)here, p);
    }
}

void setup_keep(char setup[SETUP_BYTES], const char *other)
{
    char all[SETUP_BYTES];
    size_t here;
    snprintf(all, sizeof(all), "%s", setup);
    setup[0] = 0;
    for (const char *p = all; *p != 0; p += here, p += strspn(p, "; ")) {
        here = part_length(p);
        if (has_part(other, p, here))
            append(setup, SETUP_BYTES, "%s%.*s", setup[0] ? "; " : "", (int)here, p);
    }
}

void setup_own(const char *setup, const char *common, const char *said, char out[SETUP_BYTES])
{
    size_t here;
    out[0] = 0;
    for (const char *p = setup; *p != 0; p += here, p += strspn(p, "; ")) {
        here = part_length(p);
        if (!has_part(common, p, here) && !is_said(said, p, here))
            append(out, SETUP_BYTES, "%s%.*s", out[0] ? "; " : "", (int)here, p);
    }
}

/* ---- words that fit -------------------------------------------------------------------------- */

size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text != 0; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

/* The first byte of the n-th character. */
static const char *character(const char *text, size_t n)
{
    for (; *text != 0; text++)
        if ((*text & 0xc0) != 0x80 && n-- == 0)
            break;
    return text;
}

void shorten(const char *text, size_t most, char out[LABEL_BYTES])
{
    size_t n = characters(text);
    if (n <= most) {
        snprintf(out, LABEL_BYTES, "%s", text);
        return;
    }
    const char *head_end = character(text, most / 2), *tail = character(text, n - (most - 1) / 2);
    snprintf(out, LABEL_BYTES, "%.*s\u2026%s", (int)(head_end - text), text,
             most > 2 ? tail : "");
}

uint32_t wrap(const char *text, size_t width, uint32_t lines, char out[LABEL_BYTES])
{
    char fits[LABEL_BYTES];
    uint32_t n = 1;
    shorten(text, width * lines - width / 3, fits);
    size_t to = 0, column = 0;
    for (const char *p = fits; *p != 0 && to + 2 < LABEL_BYTES;) {
        size_t word = strcspn(p, " "), blanks = strspn(p + word, " ");
        char piece[LABEL_BYTES];
        snprintf(piece, sizeof(piece), "%.*s", (int)word, p);
        if (column > 0 && column + characters(piece) + 1 > width && n < lines) {
            to += (size_t)snprintf(out + to, LABEL_BYTES - to, "\n");
            column = 0;
            n++;
        }
        to += (size_t)snprintf(out + to, LABEL_BYTES - to, "%s%s", column > 0 ? " " : "", piece);
        column += characters(piece) + (column > 0);
        p += word + blanks;
    }
    out[to < LABEL_BYTES ? to : LABEL_BYTES - 1] = 0;
    return n;
}

/* As many parts of a set-up as have room; the rest stands in the data file. */
static void parts_that_fit(const char *setup, size_t most, char out[SETUP_BYTES])
{
    size_t n = strlen(setup), last = 0;
    snprintf(out, SETUP_BYTES, "%s", setup);
    if (characters(setup) <= most)
        return;
    for (size_t i = 0; i < n && i + 3 < most; i++)
        if (strncmp(setup + i, "; ", 2) == 0 || strncmp(setup + i, ", ", 2) == 0)
            last = i;
    snprintf(out, SETUP_BYTES, last > 0 ? "%.*s, \u2026" : "%.*s", (int)last, setup);
}

/* Blanks inside a part become such at which no line is broken. */
uint32_t wrap_setup(const char *setup, size_t width, uint32_t lines, char out[LABEL_BYTES])
{
    static const char no_break[] = "\u00a0";
    char fits[SETUP_BYTES], kept[LABEL_BYTES];
    size_t to = 0;
    parts_that_fit(setup, width * lines - width / 3, fits);
    for (const char *p = fits; *p != 0; p++) {
        if (*p == ' ' && p > fits && p[-1] != ',' && p[-1] != ';') {
            memcpy(kept + to, no_break, sizeof(no_break) - 1);
            to += sizeof(no_break) - 1;
        } else {
            kept[to++] = *p;
        }
    }
    kept[to] = 0;
    return wrap(kept, width, lines, out);
}
_Static_assert(2 * SETUP_BYTES < LABEL_BYTES, "each blank becomes two bytes");
