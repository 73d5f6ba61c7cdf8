/* SPDX-License-Identifier: MIT */
/*
 * Method. The words of a statement are spelled one by one, and between each two it is decided
 * whether a blank stands there. Nothing here knows a verb: what a number comes to is seen by its
 * unit, and blanks mean nothing to the reader. Where words are kept as text and put in elsewhere
 * (the values of param and matrix, what `do` gives) they stay as they are, and so do the blanks
 * between them.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "units.h"

static void put_text(struct spelled *out, const char *text, size_t n)
{
    if (out->full || n > LINE_BYTES_MAX - out->n) {
        out->full = true;
        return;
    }
    if (n) memcpy(out->text + out->n, text, n);
    out->n += (uint32_t)n;
    out->text[out->n] = 0;
}

static bool is(const struct token *t, const char *word)
{
    return t->kind != TOK_STRING && strlen(word) == t->n && !memcmp(t->text, word, t->n);
}

/* ---- numbers ---- */

static bool put_time(char *out, uint64_t ns, const struct unit *u)
{
    time_spell(ns, u, out);
    return true;
}

static bool put_share(char *out, uint64_t ppm, const struct unit *u)
{
    if (ppm % 10000 == 0) return snprintf(out, SPELLED_BYTES, "%" PRIu64 "%%", ppm / 10000) > 0;
    if (u->scale == 1) return snprintf(out, SPELLED_BYTES, "%" PRIu64 "ppm", ppm) > 0;
    share_spell(ppm, out);
    return true;
}

static bool put_bytes(char *out, uint64_t bytes, const struct unit *u)
{
    static const struct unit binary[] = {{"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
    static const struct unit decimal[] = {{"B", 1}, {"kB", 1000}, {"MB", 1000000},
                                          {"GB", 1000000000}};
    return (strchr(u->name, 'i') && whole_spell(bytes, binary, 2, out)) ||
           whole_spell(bytes, decimal, 3, out);
}

/* A number alone: no zeros that mean nothing, and hex in small letters. */
static bool put_bare(char *out, const struct token *t)
{
    uint64_t value;
    uint32_t i = 0, k = 0;
    if (t->n >= SPELLED_BYTES || !number_scaled(t->text, t->n, 1, &value)) return false;
    if (t->n > 2 && t->text[1] == 'x') return snprintf(out, SPELLED_BYTES, "0x%" PRIx64, value) > 0;
    while (i + 1 < t->n && t->text[i] == '0' && t->text[i + 1] != '.' && t->text[i + 1] != 'e') i++;
    for (; i < t->n && t->text[i] != 'e'; i++) out[k++] = t->text[i];
    if (memchr(out, '.', k)) {
        while (out[k - 1] == '0') k--;
        if (out[k - 1] == '.') k--;
    }
    for (i++; i + 1 < t->n && t->text[i] == '0';) i++;
    if (i < t->n && t->text[i] != '0') {
        out[k++] = 'e';
        while (i < t->n) out[k++] = t->text[i++];
    }
    out[k] = 0;
    return true;
}

/* `lender`: of a span's lower end, its upper end; else NULL. False: it stays as it is. */
static bool spell_number(const struct token *t, const struct token *lender, char *out)
{
    static const struct {
        const struct unit *units;
        bool (*put)(char *, uint64_t, const struct unit *);
    } kinds[] = {{time_units, put_time}, {share_units, put_share}, {byte_units + 1, put_bytes}};
    uint32_t digits = number_digits(t->text, t->n);
    const struct token *with = digits == t->n && lender && lender->kind == TOK_NUMBER ? lender : t;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct unit *u = unit_of(with, kinds[i].units);
        uint64_t value;
        if (!u) continue;
        if (!number_scaled(t->text, t->n, u->scale, &value) || value > SCALED_MOST) return false;
        if (value) return kinds[i].put(out, value, u);
        const char *unit = !strcmp(u->name, "min") ? "m" : !strcmp(u->name, "KB") ? "kB" : u->name;
        return snprintf(out, SPELLED_BYTES, "0%s", unit) > 0;
    }
    return digits == t->n && put_bare(out, t);
}

/* ---- strings ---- */

/* A backslash before what needs none means nothing, unless it keeps a parameter from being
 * put in. */
static void put_string(struct spelled *out, const struct token *t)
{
    bool keep = memchr(t->text, '$', t->n);
    put_text(out, "\"", 1);
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->text[i] == '\\' && i + 1 < t->n) {
            if (keep || t->text[i + 1] == '"' || t->text[i + 1] == '\\') put_text(out, "\\", 1);
            i++;
        }
        put_text(out, t->text + i, 1);
    }
    put_text(out, "\"", 1);
}

/* ---- blanks ---- */

/* How a line is spelled: as any other, or with words that are kept as text from some place on. */
enum manner { PLAIN, PARAM, MATRIX, DO };

static enum manner manner_of(const struct token *first)
{
    return is(first, "param") ? PARAM : is(first, "matrix") ? MATRIX : is(first, "do") ? DO : PLAIN;
}

static bool among(const struct token *t, const char *const *signs)
{
    for (; t->kind == TOK_SIGN && *signs; signs++)
        if (is(t, *signs)) return true;
    return false;
}

static bool compares(const struct token *t)
{
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">=", NULL};
    return among(t, signs);
}

/* Is t[i] the sign in index>=3, behind `where`? */
static bool is_where_test(const struct token *t, uint32_t n, uint32_t i, uint32_t where)
{
    return i > where + 1 && i + 1 < n && compares(&t[i]) && selector_number(&t[i - 1]) &&
           t[i + 1].kind != TOK_SIGN;
}

/* Does a blank stand between t[i - 1] and t[i]? `where`: the place of that word, or past
 * the end. */
static bool blank_before(const struct token *t, uint32_t n, uint32_t i, uint32_t where)
{
    static const char *const none_after[] = {"..", "/", "(", "[", NULL};
    static const char *const none_before[] = {"..", "/", ")", "]", ",", ":", NULL};
    static const char *const plus_minus[] = {"+", "-", NULL};
    const struct token *a = &t[i - 1], *b = &t[i];
    if (among(a, none_after) || among(b, none_before)) return false;
    if (is(b, "(") && a->kind == TOK_WORD) return false;        /* elect(n1) */
    bool put_in = b->dollar && b->glued;                        /* who knows what it stands for */
    if (among(a, plus_minus)) return b->kind != TOK_NUMBER && !put_in;
    if (is(a, ":"))                                             /* 1/2:"a", but: at 3s: crash */
        return !put_in && !(i > 1 && t[i - 2].kind == TOK_NUMBER &&
                            (b->kind == TOK_NUMBER || b->kind == TOK_STRING));
    return !is_where_test(t, n, i, where) && !is_where_test(t, n, i - 1, where);
}

static bool blank_in(enum manner m, const struct token *t, uint32_t n, uint32_t i, uint32_t where)
{
    switch (m) {
    case PLAIN: break;
    case PARAM:                                 /* param NAME default ...; param NAME drawn ... | */
        return i <= 3 || !t[i].glued ||
               (is(&t[2], "drawn") && (is(&t[i], "|") || is(&t[i - 1], "|")));
    case MATRIX: return i <= 2 || !t[i].glued;
    case DO:
        if (i <= 1) return true;
        if (is(&t[i], ",") || is(&t[i], ")") || (i == 2 && is(&t[i], "(")) ||
            (i == 3 && is(&t[2], "(")))
            return false;
        return is(&t[i - 1], ",") || !t[i].glued;
    }
    return blank_before(t, n, i, where);
}

static void spell_on(const struct token *t, uint32_t n, struct spelled *out)
{
    enum manner m = n ? manner_of(t) : PLAIN;
    uint32_t where = n, text_from = m == PARAM ? 3 : m == MATRIX ? 2 : m == DO ? 3 : n;
    char number[SPELLED_BYTES];
    for (uint32_t i = 0; i < n; i++) {
        if (i && blank_in(m, t, n, i, where)) put_text(out, " ", 1);
        if (is(&t[i], "where") && where == n) where = i;
        const struct token *lender = i + 2 < n && is(&t[i + 1], "..") ? &t[i + 2] : NULL;
        if (t[i].kind == TOK_STRING && i < text_from)
            put_string(out, &t[i]);
        else if (t[i].kind == TOK_STRING)
            put_text(out, t[i].text - 1, t[i].n + 2u);
        else if (t[i].kind == TOK_NUMBER && i < text_from && spell_number(&t[i], lender, number))
            put_text(out, number, strlen(number));
        else
            put_text(out, t[i].text, t[i].n);
    }
}

/* The colon of `when`; n: it is no such statement. */
static uint32_t when_end(const struct token *t, uint32_t n)
{
    uint32_t i = 0;
    while (i < n && is(t, "when") && !is(&t[i], ":")) i++;
    return i && i + 1 < n ? i : n;
}

/* when KEY=VALUE KEY=VALUE: as they are written, as the values of a matrix are. */
static void spell_when(const struct token *t, uint32_t n, struct spelled *out)
{
    for (uint32_t i = 0; i < n; i++) {
        const bool tied = i && (is(&t[i], "=") || is(&t[i - 1], "=") || t[i].glued);
        if (i && !tied) put_text(out, " ", 1);
        const bool string = t[i].kind == TOK_STRING;
        put_text(out, t[i].text - string, t[i].n + 2u * string);
    }
    put_text(out, ": ", 2);
}

void spell(const struct token *t, uint32_t n, struct spelled *out)
{
    const uint32_t colon = when_end(t, n);
    out->n = 0, out->full = false, out->text[0] = 0;
    if (colon < n) spell_when(t, colon, out), t += colon + 1, n -= colon + 1;
    spell_on(t, n, out);
}

bool same_words(const char *one, const char *other)
{
    const char *text[] = {one, other};
    struct spelled is[2];
    for (int i = 0; i < 2; i++) {
        struct token tokens[LINE_TOKENS_MAX];
        struct lex_error e;
        uint32_t n;
        is[i].n = 0;
        if (!lex_line(text[i], (uint32_t)strlen(text[i]), tokens, &n, &e))
            return !strcmp(one, other);
        spell(tokens, n, &is[i]);
    }
    return !is[0].full && is[0].n == is[1].n && !memcmp(is[0].text, is[1].text, is[0].n);
}
