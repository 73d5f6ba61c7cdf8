/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON as this program writes it, with or without blanks between: one value a line, strings
 * with the escapes of json_string, numbers that are integers from 0 to 2^64 - 1. What does not
 * follow makes the reader `bad`, for good; look once, at the end, with json_done.
 */
#ifndef WT_JSON_READ_H
#define WT_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json { const char *p, *end; bool bad; };    /* begin with p and end of the text */

bool json_take(struct json *, char);        /* steps over this character; false: it is another */
void json_need(struct json *, char);
void json_text(struct json *, char *out, size_t size);    /* a string; cut to size - 1 bytes */
uint64_t json_number(struct json *);
void json_skip(struct json *);              /* any value */
/* An object: `key` is called before each value and must consume it. Names are cut to 63 bytes. */
void json_object(struct json *, void (*key)(struct json *, void *ctx, const char *name), void *ctx);
bool json_done(struct json *);              /* all was well, and nothing is left */

#endif
