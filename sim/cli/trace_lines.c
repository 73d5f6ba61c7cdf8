/* SPDX-License-Identifier: MIT */
/* Method: a line is cut into keys and raw values once; comparing is comparing bytes, so a field
 * that this revision does not know counts like any other. */
#include "trace_lines.h"

#include <inttypes.h>
#include <string.h>

#include "json_read.h"

enum { SHOWN_BYTES = 80, WORDS_BYTES = 2048 };

bool trace_fields(const char *line, size_t len, struct trace_fields *f)
{
    struct json j = {.p = line, .end = line + len};
    char name[2];
    f->n = 0;
    json_need(&j, '{');
    if (json_take(&j, '}'))
        return json_done(&j);
    do {
        if (f->n == TRACE_FIELDS_MAX)
            return false;
        struct trace_field *field = &f->at[f->n++];
        while (j.p < j.end && *j.p == ' ')
            j.p++;
        field->key = j.p + 1;
        json_text(&j, name, sizeof(name));
        if (j.bad)
            return false;
        field->nkey = (size_t)(j.p - field->key) - 1;
        json_need(&j, ':');
        while (j.p < j.end && *j.p == ' ')
            j.p++;
        field->value = j.p;
        json_skip(&j);
        field->nvalue = (size_t)(j.p - field->value);
        while (field->nvalue > 0 && field->value[field->nvalue - 1] == ' ')
            field->nvalue--;
        if (field->nvalue == 0)
            return false;
    } while (json_take(&j, ','));
    json_need(&j, '}');
    return json_done(&j);
}

static const struct trace_field *find(const struct trace_fields *f, const char *key, size_t n)
{
    for (uint32_t i = 0; i < f->n; i++)
        if (f->at[i].nkey == n && memcmp(f->at[i].key, key, n) == 0)
            return &f->at[i];
    return NULL;
}

const struct trace_field *trace_field(const struct trace_fields *f, const char *key)
{
    return find(f, key, strlen(key));
}

bool trace_field_is(const struct trace_fields *f, const char *key, const char *value)
{
    const struct trace_field *found = trace_field(f, key);
    return found != NULL && found->nvalue == strlen(value) &&
           memcmp(found->value, value, found->nvalue) == 0;
}

static bool is_text(const struct trace_field *f)
{
    return f->nkey == 4 && memcmp(f->key, "text", 4) == 0;
}

static bool same_value(const struct trace_field *a, const struct trace_field *b)
{
    return a != NULL && b != NULL && a->nvalue == b->nvalue &&
           memcmp(a->value, b->value, a->nvalue) == 0;
}

/* Every field of `a`, but text, stands so in `b`. */
static bool within(const struct trace_fields *a, const struct trace_fields *b)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (!is_text(&a->at[i]) && !same_value(&a->at[i], find(b, a->at[i].key, a->at[i].nkey)))
            return false;
    return true;
}

bool trace_records_equal(const struct trace_fields *a, const struct trace_fields *b)
{
    return within(a, b) && within(b, a);
}

static void print_value(FILE *out, const struct trace_field *f)
{
    if (f == NULL)
        fputs("nothing", out);
    else
        fprintf(out, "%.*s%s", (int)(f->nvalue < SHOWN_BYTES ? f->nvalue : SHOWN_BYTES), f->value,
                f->nvalue > SHOWN_BYTES ? "..." : "");
}

static const char *print_differing(FILE *out, const char *comma, const struct trace_field *name,
                                   const struct trace_field *a, const struct trace_field *b)
{
    fprintf(out, "%s%.*s ", comma, (int)(name->nkey < SHOWN_BYTES ? name->nkey : SHOWN_BYTES),
            name->key);
    print_value(out, a);
    fputs(" vs ", out);
    print_value(out, b);
    return ", ";
}

void trace_fields_print_differing(FILE *out, const struct trace_fields *a,
                                  const struct trace_fields *b)
{
    const char *comma = "";
    for (uint32_t i = 0; i < a->n; i++) {
        const struct trace_field *one = &a->at[i], *other = find(b, one->key, one->nkey);
        if (!is_text(one) && !same_value(one, other))
            comma = print_differing(out, comma, one, one, other);
    }
    for (uint32_t i = 0; i < b->n; i++)
        if (!is_text(&b->at[i]) && find(a, b->at[i].key, b->at[i].nkey) == NULL)
            comma = print_differing(out, comma, &b->at[i], NULL, &b->at[i]);
}

/* A number, which may stand in quotes; 0 where it is none. */
static uint64_t number_of(const struct trace_field *f)
{
    struct json j = {0};
    if (f == NULL)
        return 0;
    j.p = f->value;
    j.end = f->value + f->nvalue;
    json_take(&j, '"');
    uint64_t value = json_number(&j);
    return j.bad ? 0 : value;
}

void trace_words_print(FILE *out, const struct trace_fields *f)
{
    const struct trace_field *text = trace_field(f, "text"), *kind = trace_field(f, "kind");
    char words[WORDS_BYTES] = "";
    uint64_t at = number_of(trace_field(f, "at"));
    if (text != NULL) {
        struct json j = {.p = text->value, .end = text->value + text->nvalue};
        json_text(&j, words, sizeof(words));
    }
    fprintf(out, "%3" PRIu64 ".%09" PRIu64 "s  ", at / 1000000000, at % 1000000000);
    if (words[0] != 0) {
        fputs(words, out);
        return;
    }
    print_value(out, kind);
    for (uint32_t i = 0; i < f->n; i++) {
        const struct trace_field *one = &f->at[i];
        bool said =
            one == text || one == kind || (one->nkey == 2 && memcmp(one->key, "at", 2) == 0);
        if (said || (one->nvalue == 1 && one->value[0] == '0') ||
            (one->nvalue == 2 && one->value[0] == '"'))
            continue;
        fprintf(out, " %.*s ", (int)(one->nkey < SHOWN_BYTES ? one->nkey : SHOWN_BYTES), one->key);
        print_value(out, one);
    }
}
