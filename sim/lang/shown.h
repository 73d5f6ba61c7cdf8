/* SPDX-License-Identifier: MIT */
/* How messages show what a user wrote. */
#ifndef WT_SHOWN_H
#define WT_SHOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Nothing that a terminal obeys, and no byte that is no text: each is one column wide. */
void show_clean(FILE *, const char *, size_t n);
void make_clean(char *);            /* the same, of a text where it stands */
/* A line of a file, indented, and a caret under its byte `col` (from 0), `width` bytes wide. Of a
 * long line the part around it. */
void show_line(FILE *, const char *line, uint32_t n, uint32_t col, uint32_t width);
/* Each line of a text, indented. */
void show_lines(FILE *, const char *text);
/* Bytes of the UTF-8 character at s; 0: there is none. Neither overlong forms nor halves of pairs
 * count. */
size_t utf8_character(const char *s, size_t n);
/* UTF-8, and no control characters but tabs and the ends of lines. */
bool is_text(const char *, size_t n);

#endif
