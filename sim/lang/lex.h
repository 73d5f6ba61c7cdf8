/* SPDX-License-Identifier: MIT */
/*
 * Text of a scenario: sources (files) cut into lines, and lines cut into tokens. Nothing here knows
 * a verb.
 *
 * Memory comes from a pool that the scenario owns and frees as a whole. Every size is bounded: a
 * hostile file costs an error message, never memory or time without limit.
 */
#ifndef WT_LEX_H
#define WT_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SOURCE_BYTES_MAX = 4 << 20,     /* of one file */
    SOURCE_LINES_MAX = 200000,      /* lines with words, of one file */
    LINE_BYTES_MAX = 4096,          /* of one line, parameters put in */
    LINE_TOKENS_MAX = 1024,
    POOL_BYTES_MAX = 512 << 20
};

/* ---- pool: memory that is freed all at once -------------------------------------------------- */

struct pool { struct pool_chunk *chunks; size_t left, total; char *next; };
void *pool_take(struct pool *, size_t size);        /* zeroed, 16-aligned; NULL: out of memory */
/* a copy with a NUL; NULL: out of memory */
char *pool_text(struct pool *, const char *text, size_t n);
void pool_free(struct pool *);

/* ---- names: strings with numbers from 1 ------------------------------------------------------ */

struct names {
    const char **name;              /* name[1..n]; name[0] is "" once there is any */
    uint32_t *slot;
    uint32_t n, cap, mask;
};
uint32_t names_find(const struct names *, const char *text, size_t n);          /* 0: not there */
/* its number, old or new; 0: out of memory */
uint32_t names_add(struct names *, struct pool *, const char *text, size_t n);
void names_free(struct names *);

/* ---- sources and lines ----------------------------------------------------------------------- */

struct line {
    uint32_t at, n;                 /* bytes of the source */
    uint32_t number;                /* from 1 */
    uint32_t end;                   /* of a block's first line: place of its `end`, or of the next
                                       `branch`; else 0 */
    uint8_t when;                   /* what came of its `when` (when.c); 0: none was read */
};

struct source {
    const char *name;
    const char *text;
    size_t len;
    struct line *lines;             /* only those that hold more than a comment */
    uint32_t nlines;
    const struct source *from;      /* who includes it; NULL: nobody */
    uint32_t from_line;             /* line number there */
    bool active;                    /* being read: including it now would never end */
    bool setting;                   /* a setting of the command line: its name says all */
};

/* ---- tokens ---------------------------------------------------------------------------------- */

enum token_kind { TOK_WORD = 1, TOK_NUMBER, TOK_STRING, TOK_SIGN };
struct token {
    const char *text;               /* what it says; not NUL-terminated */
    uint32_t n;
    uint32_t col, width;            /* where it stands in the line, in bytes from 0 */
    uint8_t kind;
    bool glued;                     /* no blank before it */
    bool dollar;                    /* holds a parameter that is not put in yet */
};

struct lex_error { const char *what, *hint; uint32_t col, width; };

/* Cuts `n` bytes into at most LINE_TOKENS_MAX tokens. False: *error says why and where. Strings
 * keep their escapes and quotes apart: text is what lies between the quotes, as written. */
bool lex_line(const char *text, uint32_t n, struct token *tokens, uint32_t *ntokens,
              struct lex_error *error);

/* The first word of a line, for finding blocks without cutting it whole; *n is 0 where it begins
 * with anything else. */
const char *lex_first_word(const char *text, uint32_t len, uint32_t *n);
/* Is the word one of "a|b|c"? */
bool word_among(const char *words, const char *word, uint32_t n);

/* value = number * scale, cut to an integer. `text` is digits[.digits][e digits] or 0x hex, up
 * to its unit. False: not a number, or too large. */
bool number_scaled(const char *text, uint32_t n, uint64_t scale, uint64_t *value);
bool number_is_whole(const char *s, uint32_t len);      /* 2, 2.0, 2.5e1; not 2.5 */
/* Bytes of the number proper; the rest is the unit. */
uint32_t number_digits(const char *text, uint32_t n);

/* ---- likeness -------------------------------------------------------------------------------- */

/* Collects the candidate most like a word, for "did you mean". */
struct guess { const char *word; uint32_t n; const char *best; uint32_t best_n, distance; };
struct guess guess_for(const char *word, uint32_t n);
void guess_try(struct guess *, const char *candidate, size_t n);

#endif
