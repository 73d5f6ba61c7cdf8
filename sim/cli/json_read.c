/* SPDX-License-Identifier: MIT */
/* A small pull parser. Method: it moves along the text and copies out what it is asked for; the
 * first thing out of place makes it `bad` and puts it at the end. Everything is bounded: a hostile
 * line is refused. */
#include "json_read.h"

enum { JSON_DEPTH_MAX = 16, NAME_BYTES = 64 };

static void skip_blanks(struct json *j)
{
    while (j->p < j->end && (*j->p == ' ' || *j->p == '\t' || *j->p == '\r'))
        j->p++;
}

bool json_take(struct json *j, char c)
{
    skip_blanks(j);
    if (j->p >= j->end || *j->p != c)
        return false;
    j->p++;
    return true;
}

void json_need(struct json *j, char c)
{
    if (!json_take(j, c)) {
        j->bad = true;
        j->p = j->end;
    }
}

/* A character after a backslash. Only what json_string writes: \uXXXX is below 0x80 there. */
static char json_escape(struct json *j)
{
    char c = j->p < j->end ? *j->p++ : 0;
    if (c == 'n')
        return '\n';
    if (c == 't')
        return '\t';
    if (c != 'u')
        return c;
    unsigned value = 0;
    for (int i = 0; i < 4 && j->p < j->end; i++, j->p++) {
        char d = *j->p;
        value = value * 16 + (unsigned)(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
    }
    return (char)(value & 0x7f);
}

void json_text(struct json *j, char *out, size_t size)
{
    size_t n = 0;
    json_need(j, '"');
    while (!j->bad && j->p < j->end && *j->p != '"') {
        char c = *j->p++;
        j->bad = j->bad || (unsigned char)c < 0x20;
        if (c == '\\')
            c = json_escape(j);
        if (n + 1 < size)
            out[n++] = c;
    }
    json_need(j, '"');
    out[n] = 0;
}

uint64_t json_number(struct json *j)
{
    uint64_t value = 0;
    skip_blanks(j);
    const char *start = j->p;
    for (; j->p < j->end && *j->p >= '0' && *j->p <= '9'; j->p++) {
        uint64_t digit = (uint64_t)(*j->p - '0');
        j->bad = j->bad || value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    j->bad = j->bad || j->p == start;
    return value;
}

void json_object(struct json *j, void (*key)(struct json *, void *ctx, const char *name), void *ctx)
{
    char name[NAME_BYTES];
    json_need(j, '{');
    if (json_take(j, '}'))
        return;
    do {
        json_text(j, name, sizeof(name));
        json_need(j, ':');
        if (!j->bad)
            key(j, ctx, name);
    } while (!j->bad && json_take(j, ','));
    json_need(j, '}');
}

void json_skip(struct json *j)
{
    int depth = 0;
    char ignored[2];
    do {
        if (j->p >= j->end) {
            j->bad = true;
            return;
        }
        char c = *j->p;
        if (c == '"') {
            json_text(j, ignored, sizeof(ignored));
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (depth > JSON_DEPTH_MAX)
            j->bad = true;
        j->p++;
    } while (!j->bad);
}

bool json_done(struct json *j)
{
    skip_blanks(j);
    return !j->bad && j->p == j->end;
}
