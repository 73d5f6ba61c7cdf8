/* SPDX-License-Identifier: MIT */
/*
 * Method. A token is what a reader takes for one: a word (hyphens inside belong to it), a number
 * with its unit, a string, or a sign. Tokens point into the source text and remember their column,
 * so that every message can show its place. A parameter ($name) is left in the token and marked;
 * expand.c puts it in and keeps the column.
 */
#include "lex.h"

#include <assert.h>
#include <string.h>

/* ---- tokens ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static uint32_t word_length(const char *s, uint32_t n)
{
    uint32_t i = 0;
    while (i < n) {
        if (is_alnum(s[i]) || s[i] == '$') i++;
        else if (i && s[i] == '-' && i + 1 < n && (is_alnum(s[i + 1]) || s[i + 1] == '$')) i++;
        else break;
    }
    return i;
}

uint32_t number_digits(const char *s, uint32_t n)
{
    uint32_t i = 0;
    if (!n || !is_digit(s[0])) return 0;
    if (n > 2 && s[0] == '0' && s[1] == 'x') {
        for (i = 2; i < n &&
             (is_digit(s[i]) || (s[i] >= 'a' && s[i] <= 'f') || (s[i] >= 'A' && s[i] <= 'F'));)
            i++;
        return i;
    }
    while (i < n && is_digit(s[i])) i++;
    if (i + 1 < n && s[i] == '.' && is_digit(s[i + 1]))
        for (i++; i < n && is_digit(s[i]);) i++;
    if (i + 1 < n && s[i] == 'e' && is_digit(s[i + 1]))
        for (i++; i < n && is_digit(s[i]);) i++;
    return i;
}

/* A number with its unit: "1.5s", "5%", "1e6", "64KiB". */
static uint32_t number_length(const char *s, uint32_t n)
{
    uint32_t i = number_digits(s, n);
    if (i < n && s[i] == '%') return i + 1;
    while (i < n && is_alnum(s[i])) i++;
    return i;
}

static uint32_t sign_length(const char *s, uint32_t n)
{
    static const char *const two[] = {"->", "..", "<=", ">=", "!=", "==", "&&"};
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        if (n >= 2 && s[0] == two[i][0] && s[1] == two[i][1]) return 2;
    return strchr("|-=<>:(),/+[]%", s[0]) ? 1 : 0;
}

/* Length with both quotes; 0: it does not end. */
static uint32_t string_length(const char *s, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        if (s[i] == '\\' && i + 1 < n) i++;
        else if (s[i] == '"') return i + 1;
    }
    return 0;
}

static bool lex_fail(struct lex_error *e, uint32_t col, uint32_t width, const char *what,
                     const char *hint)
{
    *e = (struct lex_error){.what = what, .hint = hint, .col = col, .width = width};
    return false;
}

/* The token at s[*at]; moves *at past it. */
static bool lex_token(const char *s, uint32_t n, uint32_t *at, struct token *t, struct lex_error *e)
{
    uint32_t i = *at, len;
    *t = (struct token){.text = s + i, .col = i};
    if (s[i] == '"') {
        if (!(len = string_length(s + i, n - i)))
            return lex_fail(e, i, n - i, "this string does not end", "close it with \"");
        t->kind = TOK_STRING, t->text = s + i + 1, t->n = len - 2;
    } else if (is_digit(s[i])) {
        t->kind = TOK_NUMBER, t->n = len = number_length(s + i, n - i);
    } else if (is_letter(s[i]) || s[i] == '$') {
        t->kind = TOK_WORD, t->n = len = word_length(s + i, n - i);
    } else if ((unsigned char)s[i] < 0x80 && s[i] && (len = sign_length(s + i, n - i))) {
        t->kind = TOK_SIGN, t->n = s[i] == '=' ? 1 : len;      /* == is = */
    } else {
        uint32_t w = 1;
        while (i + w < n && ((unsigned char)s[i + w] & 0xC0) == 0x80) w++;
        const char *hint = "words, numbers, \"strings\" and the signs -> | - .. = <= >= : && ( ) "
                           "are known";
        if (s[i] == '.') hint = "a file's name, like any text, stands in \"quotes\"";
        if (s[i] == ';') hint = "one statement a line";
        if (s[i] == '{' || s[i] == '}') hint = "a block has no braces, and a line `end` closes it";
        return lex_fail(e, i, w, "this character means nothing here", hint);
    }
    t->width = len;
    t->dollar = t->kind != TOK_SIGN && memchr(t->text, '$', t->n);
    *at = i + len;
    return true;
}

bool lex_line(const char *s, uint32_t n, struct token *tokens, uint32_t *ntokens,
              struct lex_error *e)
{
    assert(s && tokens && ntokens && e);
    uint32_t i = 0, k = 0;
    bool glued = false;
    for (;;) {
        for (; i < n && is_blank(s[i]); i++) glued = false;
        if (i == n || s[i] == '#') break;
        if (k == LINE_TOKENS_MAX)
            return lex_fail(e, i, 1, "too many words in one line", "a statement has at most 1024");
        if (!lex_token(s, n, &i, &tokens[k], e)) return false;
        tokens[k++].glued = glued;
        glued = true;
    }
    *ntokens = k;
    return true;
}

const char *lex_first_word(const char *s, uint32_t len, uint32_t *n)
{
    uint32_t i = 0;
    while (i < len && is_blank(s[i])) i++;
    *n = i < len && is_letter(s[i]) ? word_length(s + i, len - i) : 0;
    return s + i;
}

bool word_among(const char *words, const char *word, uint32_t n)
{
    for (const char *w = words; *w; w += *w == '|') {
        const size_t len = strcspn(w, "|");
        if (n && len == n && !memcmp(w, word, n)) return true;
        w += len;
    }
    return false;
}

/* ---- numbers ---- */

static bool number_hex(const char *s, uint32_t n, uint64_t *v)
{
    uint64_t x = 0;
    for (uint32_t i = 2; i < n; i++) {
        if (x >> 60) return false;
        x = x << 4 | (uint64_t)(is_digit(s[i]) ? s[i] - '0' : (s[i] | 32) - 'a' + 10);
    }
    *v = x;
    return n > 2;
}

bool number_scaled(const char *s, uint32_t len, uint64_t scale, uint64_t *value)
{
    uint32_t n = number_digits(s, len), i = 0;
    uint64_t mantissa = 0, ten = 1, exponent = 0;
    bool fraction = false;
    if (!n) return false;
    if (n > 2 && s[1] == 'x') {
        if (!number_hex(s, n, &mantissa)) return false;
        return !__builtin_mul_overflow(mantissa, scale, value);
    }
    for (; i < n && s[i] != 'e'; i++) {
        if (s[i] == '.') { fraction = true; continue; }
        /* twelve places are enough for ns of a second */
        if (fraction && ten > UINT64_C(100000000000)) continue;
        if (__builtin_mul_overflow(mantissa, 10u, &mantissa)) return false;
        if (__builtin_add_overflow(mantissa, (uint64_t)(s[i] - '0'), &mantissa)) return false;
        if (fraction) ten *= 10;
    }
    for (i++; i < n; i++)
        if ((exponent = exponent * 10 + (uint64_t)(s[i] - '0')) > 19) return false;
    while (exponent--)
        if (ten > 1) ten /= 10;
        else if (__builtin_mul_overflow(scale, 10u, &scale)) return false;
    uint64_t whole, part;
    if (__builtin_mul_overflow(mantissa / ten, scale, &whole)) return false;
    for (mantissa %= ten; __builtin_mul_overflow(mantissa, scale, &part); mantissa /= 10) ten /= 10;
    return !__builtin_add_overflow(whole, part / ten, value);
}

bool number_is_whole(const char *s, uint32_t len)
{
    const uint64_t fine = 1000000000;
    uint64_t whole, parts;
    if (!memchr(s, '.', len)) return true;
    return number_scaled(s, len, 1, &whole) &&
           (!number_scaled(s, len, fine, &parts) || parts % fine == 0);
}

/* ---- likeness ---- */

enum { GUESS_MAX = 40 };

/* Edits between two short words, a swap of neighbours counting as one. */
static uint32_t edit_distance(const char *a, uint32_t n, const char *b, uint32_t m)
{
    uint32_t d[GUESS_MAX + 1][GUESS_MAX + 1];
    assert(n <= GUESS_MAX && m <= GUESS_MAX);
    for (uint32_t i = 0; i <= n; i++) d[i][0] = i;
    for (uint32_t j = 0; j <= m; j++) d[0][j] = j;
    for (uint32_t i = 1; i <= n; i++)
        for (uint32_t j = 1; j <= m; j++) {
            uint32_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best) best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best) best = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[n][m];
}

struct guess guess_for(const char *word, uint32_t n)
{
    return (struct guess){.word = word, .n = n, .distance = n <= 4 ? 2 : n <= 8 ? 3 : 4};
}

void guess_try(struct guess *g, const char *candidate, size_t n)
{
    if (!n || n > GUESS_MAX || !g->n || g->n > GUESS_MAX) return;
    uint32_t d = edit_distance(g->word, g->n, candidate, (uint32_t)n);
    if (d >= g->distance) return;
    g->distance = d, g->best = candidate, g->best_n = (uint32_t)n;
}
