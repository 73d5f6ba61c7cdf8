/* SPDX-License-Identifier: MIT */
/*
 * Method. What a file holds may be anything: bytes are looked at as UTF-8, a character at a time,
 * and those that are none, or that a terminal would obey, are shown as one column of something
 * harmless, so that the caret stands where it should.
 */
#include "shown.h"

#include <string.h>

#include "../base/tint.h"

enum { SHOWN_MAX = 150 };       /* bytes of a line that a message shows */

size_t utf8_character(const char *s, size_t n)
{
    unsigned char c = (unsigned char)s[0];
    size_t k = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (k > n) return 0;
    for (size_t i = 1; i < k; i++)
        if (((unsigned char)s[i] & 0xC0) != 0x80) return 0;
    unsigned char second = k > 1 ? (unsigned char)s[1] : 0;
    bool overlong = (c == 0xE0 && second < 0xA0) || (c == 0xF0 && second < 0x90);
    bool beyond = (c == 0xED && second > 0x9F) || (c == 0xF4 && second > 0x8F);
    return overlong || beyond ? 0 : k;
}

/* What stands for a byte that is no part of a longer character. text: it is one of its own. */
static char harmless(char c, bool text)
{
    return !text || c == 0x7f ? '?' : (unsigned char)c < 0x20 && c != '\t' ? ' ' : c;
}

void show_clean(FILE *f, const char *s, size_t n)
{
    for (size_t i = 0, k; i < n; i += k ? k : 1) {
        k = utf8_character(s + i, n - i);
        if (k > 1) fwrite(s + i, 1, k, f);
        else putc(harmless(s[i], k), f);
    }
}

void make_clean(char *s)
{
    for (size_t n = strlen(s), k; n; s += k ? k : 1, n -= k ? k : 1) {
        k = utf8_character(s, n);
        if (k < 2) *s = harmless(*s, k);
    }
}

bool is_text(const char *s, size_t n)
{
    for (size_t i = 0, k; i < n; i += k) {
        unsigned char c = (unsigned char)s[i];
        k = utf8_character(s + i, n - i);
        if (!k || c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) return false;
    }
    return true;
}

/* Columns that bytes from..to of a line take; a tab stays one, so that both lines keep in step. */
static void put_blanks(FILE *f, const char *text, uint32_t n, uint32_t from, uint32_t to, char with)
{
    for (uint32_t i = from, k; i < to; i += k ? k : 1) {
        k = i < n ? (uint32_t)utf8_character(text + i, n - i) : 1;
        putc(with == ' ' && i < n && text[i] == '\t' ? '\t' : with, f);
    }
}

void show_line(FILE *f, const char *text, uint32_t n, uint32_t col, uint32_t width)
{
    uint32_t from = 0;
    while (n && strchr(" \t\r", text[n - 1])) n--;
    while (from < n && from < col && (text[from] == ' ' || text[from] == '\t')) from++;
    bool before = col > from + SHOWN_MAX - 40;
    if (before)
        for (from = col - (SHOWN_MAX - 60); from < n && ((unsigned char)text[from] & 0xC0) == 0x80;)
            from++;
    uint32_t to = n > from + SHOWN_MAX ? from + SHOWN_MAX : n,
        end = col + width < to ? col + width : to;
    while (to < n && to > from && ((unsigned char)text[to] & 0xC0) == 0x80) to--;
    fputs(before ? "    ..." : "    ", f);
    show_clean(f, text + from, to - from);
    fputs(to < n ? "...\n    " : "\n    ", f);
    if (before) fputs("   ", f);
    put_blanks(f, text, n, from, col, ' ');
    fputs(tint(f, TINT_BAD), f);
    putc('^', f);
    uint32_t first = col < n ? (uint32_t)utf8_character(text + col, n - col) : 1;
    put_blanks(f, text, n, col + (first ? first : 1), end, '~');
    fputs(tint(f, TINT_NONE), f);
    putc('\n', f);
}

void show_lines(FILE *f, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        fputs("    ", f);
        show_clean(f, text, n);
        putc('\n', f);
        text += n + (text[n] == '\n');
    }
}
