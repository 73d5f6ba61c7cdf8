/* SPDX-License-Identifier: MIT */
/*
 * Tapes, see tape.h. Method: the reader copies the input once and cuts it into lines and words in
 * place, so that every string of the tape points into one allocation; the raw decoder is pure
 * arithmetic on the bytes, so that a fuzzer's input means the same for ever.
 */
#define _GNU_SOURCE
#include "tape.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../world/world.h"

#define TAPE_WORD "wavetank-tape "

enum { TAPE_VERSION = 1 };

/* ---- actors ---------------------------------------------------------------------------------- */

static int end_print(uint8_t actor, char *out, size_t size)
{
    if (is_client(actor))
        return snprintf(out, size, "c%u", (unsigned)(actor - CLIENT_BASE));
    return snprintf(out, size, "n%u", (unsigned)actor);
}

int actor_print(uint32_t actor, char *out, size_t size)
{
    char from[8], to[8];
    if (actor == 0)
        return snprintf(out, size, "-");
    if (actor >= ACTOR_FAULT(0))
        return snprintf(out, size, "line%" PRIu32, actor - ACTOR_FAULT(0));
    if (actor < ACTOR_LINK(0, 0))
        return end_print((uint8_t)actor, out, size);
    end_print((uint8_t)(actor >> 8), from, sizeof(from));
    end_print((uint8_t)actor, to, sizeof(to));
    return snprintf(out, size, "%s->%s", from, to);
}

/* n1 or c2 at *word, which moves behind it. */
static bool end_parse(const char **word, uint32_t *actor)
{
    const char *p = *word;
    if ((*p != 'n' && *p != 'c') || p[1] < '1' || p[1] > '9')
        return false;
    char *end;
    unsigned long n = strtoul(p + 1, &end, 10);
    if (n > (*p == 'n' ? (unsigned long)NODES_MAX : (unsigned long)CLIENTS_MAX))
        return false;
    *actor = (uint32_t)n + (*p == 'c' ? (uint32_t)CLIENT_BASE : 0u);
    *word = end;
    return true;
}

bool actor_parse(const char *word, uint32_t *actor)
{
    uint32_t from, to;
    *actor = 0;
    if (strcmp(word, "-") == 0)
        return true;
    if (strncmp(word, "line", 4) == 0 && word[4] >= '0' && word[4] <= '9') {
        char *end;
        unsigned long n = strtoul(word + 4, &end, 10);
        *actor = ACTOR_FAULT(n & 0xffff);
        return *end == 0 && n <= 0xffff;
    }
    if (!end_parse(&word, &from))
        return false;
    *actor = from;
    if (*word == 0)
        return true;
    if (strncmp(word, "->", 2) != 0)
        return false;
    word += 2;
    if (!end_parse(&word, &to) || *word != 0)
        return false;
    *actor = ACTOR_LINK(from, to);
    return true;
}

/* ---- text ------------------------------------------------------------------------------------ */

bool tape_add(struct tape *t, const struct exception *e)
{
    if (t->n == t->capacity) {
        uint32_t capacity = t->capacity ? t->capacity * 2 : 256;
        struct exception *grown = realloc(t->exceptions, capacity * sizeof(*grown));
        if (grown == NULL)
            return false;
        t->exceptions = grown;
        t->capacity = capacity;
    }
    t->exceptions[t->n++] = *e;
    return true;
}

void tape_free(struct tape *t)
{
    free(t->exceptions);
    free(t->owned);
    memset(t, 0, sizeof(*t));
}

bool tape_is_text(const void *data, size_t len)
{
    size_t n = strlen(TAPE_WORD);
    return len > n && memcmp(data, TAPE_WORD, n) == 0;
}

/* A whole word of digits. */
static bool read_number(const char *word, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(word, &end, 10);
    return word[0] >= '0' && word[0] <= '9' && *end == 0 && errno == 0;
}

static bool read_exception(struct tape *t, const char *stream, char *rest, const char **why)
{
    char *save = NULL;
    const char *actor = strtok_r(rest, " ", &save);
    const char *ordinal = strtok_r(NULL, " ", &save);
    const char *value = strtok_r(NULL, " ", &save);
    struct exception e = {0};
    int id = stream_by_name(stream, strlen(stream));
    *why = "no such stream of draws";
    if (id < 0)
        return false;
    e.stream = (uint8_t)id;
    *why = "expected: stream actor ordinal value";
    if (value == NULL || strtok_r(NULL, " ", &save) != NULL || !actor_parse(actor, &e.actor))
        return false;
    if (!read_number(ordinal, &e.ordinal) || !read_number(value, &e.value))
        return false;
    *why = "out of memory";
    return tape_add(t, &e);
}

static bool read_setting(struct tape *t, char *rest, const char **why)
{
    char *equals = strchr(rest, '=');
    *why = "expected: set KEY=VALUE (at most 32)";
    if (equals == NULL || t->nsettings == TAPE_SETTINGS_MAX)
        return false;
    *equals = 0;
    t->settings[t->nsettings++] = (struct setting){.key = rest, .value = equals + 1};
    return true;
}

/* One line above `text`. */
static bool read_line(struct tape *t, char *line, const char **why)
{
    char *rest = strchr(line, ' ');
    if (rest == NULL) {
        *why = "expected a word and what belongs to it";
        return false;
    }
    *rest++ = 0;
    const struct { const char *word; char **to; } strings[] = {
        {"revision", &t->revision}, {"scenario", &t->scenario}, {"variant", &t->variant}};
    for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
        if (strcmp(line, strings[i].word) == 0) {
            *strings[i].to = rest;
            return true;
        }
    }
    if (strcmp(line, "set") == 0)
        return read_setting(t, rest, why);
    if (strcmp(line, "base") == 0) {
        *why = "the only base is: base zero";
        return strcmp(rest, "zero") == 0;
    }
    if (strcmp(line, "calm") == 0) {
        *why = "expected: calm on";
        return t->calm = strcmp(rest, "on") == 0;
    }
    if (strcmp(line, "until") == 0) {
        *why = "expected: until NANOSECONDS";
        return read_number(rest, &t->until) && t->until > 0;
    }
    return read_exception(t, line, rest, why);
}

static bool read_version(const char *text, const char *name, FILE *err)
{
    const char *version = text + strlen(TAPE_WORD);
    int n = (int)strcspn(version, "\r\n");
    if (n == 1 && version[0] == '0' + TAPE_VERSION)
        return true;
    fprintf(err, "%s:1: error: this is a tape of version %.*s; this program reads version %d\n",
            name, n < 40 ? n : 40, version, TAPE_VERSION);
    return false;
}

/* " 1234" as behind the word `text`, or nothing. */
static bool text_is_whole(const struct tape *t, const char *announced, const char **why)
{
    uint64_t bytes;
    if (announced[0] == 0)
        return true;
    *why = "expected: text BYTES, or text alone";
    if (!read_number(announced + 1, &bytes))
        return false;
    *why = "the scenario below is shorter than this line says: was the tape cut off?";
    if (t->text_len < bytes)
        return false;
    *why = "the scenario below is longer than this line says; where that is meant, write `text` "
           "alone";
    return t->text_len == bytes;
}

bool tape_read_text(struct tape *t, const char *name, const void *data, size_t len, FILE *err)
{
    static char nothing[] = "", no_name[] = "tape";
    assert(tape_is_text(data, len));
    memset(t, 0, sizeof(*t));
    t->owned = malloc(len + 1);
    if (t->owned == NULL) {
        fprintf(err, "%s: error: out of memory\n", name);
        return false;
    }
    memcpy(t->owned, data, len);
    t->owned[len] = 0;
    t->scenario = no_name;
    t->revision = t->variant = nothing;
    uint32_t number = 1;
    const char *const missing = "the tape ends before its line `text` and its scenario: was it cut "
                                "off?";
    const char *why = missing;
    if (!read_version(t->owned, name, err)) {
        tape_free(t);
        return false;
    }
    for (char *line = strchr(t->owned, '\n'); line != NULL;) {
        char *start = line + 1;
        number++;
        line = strchr(start, '\n');
        if (line != NULL)
            *line = 0;
        start[strcspn(start, "\r")] = 0;
        if (line != NULL && (strcmp(start, "text") == 0 || strncmp(start, "text ", 5) == 0)) {
            t->text = line + 1;
            t->text_len = len - (size_t)(t->text - t->owned);
            if (text_is_whole(t, start + 4, &why))
                return true;
            break;
        }
        if (*start != 0 && *start != '#' && !read_line(t, start, &why))
            break;
        why = missing;
    }
    fprintf(err, "%s:%" PRIu32 ": error: %s\n", name, number, why);
    tape_free(t);
    return false;
}

bool tape_write_text(FILE *out, const struct tape *t)
{
    fprintf(out, "%s%d\n", TAPE_WORD, TAPE_VERSION);
    if (t->revision != NULL && t->revision[0] != 0)
        fprintf(out, "revision %s\n", t->revision);
    fprintf(out, "scenario %s\n", t->scenario);
    if (t->variant[0] != 0)
        fprintf(out, "variant %s\n", t->variant);
    for (uint32_t i = 0; i < t->nsettings; i++)
        fprintf(out, "set %s=%s\n", t->settings[i].key, t->settings[i].value);
    if (t->calm)
        fprintf(out, "calm on\n");
    if (t->until != 0)
        fprintf(out, "until %" PRIu64 "\n", t->until);
    fprintf(out, "base zero\n");
    for (uint32_t i = 0; i < t->n; i++) {
        const struct exception *e = &t->exceptions[i];
        char actor[32];
        actor_print(e->actor, actor, sizeof(actor));
        fprintf(out, "%s %s %" PRIu64 " %" PRIu64 "\n", stream_name(e->stream), actor, e->ordinal,
                e->value);
    }
    fprintf(out, "text %zu\n", t->text_len);
    fwrite(t->text, 1, t->text_len, out);
    return fflush(out) == 0 && !ferror(out);
}

/* ---- raw bytes ------------------------------------------------------------------------------- */

static uint32_t raw_end(const struct fixed_world *fw, uint8_t byte)
{
    uint32_t i = byte % ((uint32_t)fw->nodes + fw->clients);
    return i < fw->nodes ? 1 + i : CLIENT_BASE + 1 + (i - fw->nodes);
}

static uint32_t raw_actor(const struct fixed_world *fw, enum stream stream, uint8_t first,
                          uint8_t second)
{
    switch (stream) {
    case STREAM_NET_DELAY:
    case STREAM_NET_LOSS:
    case STREAM_NET_DUP:
    case STREAM_NET_REORDER:
    case STREAM_SHUFFLE: return ACTOR_LINK(raw_end(fw, first), raw_end(fw, second));
    case STREAM_BOOT:
    case STREAM_DISK_DELAY:
    case STREAM_DISK_ORDER:
    case STREAM_DISK_CRASH: return 1 + first % (uint32_t)fw->nodes;
    case STREAM_CLIENT_OP:
    case STREAM_CLIENT_KEY:
    case STREAM_CLIENT_NODE:
    case STREAM_CLIENT_PAUSE: return CLIENT_BASE + 1 + first % (uint32_t)fw->clients;
    case STREAM_SWARM:
    case STREAM_FAULT_TIME:
    case STREAM_FAULT_WHAT: {
        uint32_t line = first % (fw->lines + 1u); /* one more: the draws of healing */
        return ACTOR_FAULT(line < fw->lines ? line : (uint32_t)CHAOS_LINES);
    }
    case STREAM_TIE:
    case STREAM_PICK:
    case STREAM_COUNT: return 0;
    }
    return 0;
}

uint32_t tape_decode_raw(const uint8_t *data, size_t len, uint32_t *world, struct exception *out,
                         uint32_t max)
{
    *world = len > 0 ? data[0] % fixed_worlds_count : 0;
    const struct fixed_world *fw = &fixed_worlds[*world];
    uint32_t n = 0;
    for (size_t at = 1; at < len && n < max; at += RAW_BYTES) {
        uint8_t b[RAW_BYTES] = {0};
        memcpy(b, data + at, len - at < RAW_BYTES ? len - at : RAW_BYTES);
        struct exception *e = &out[n++];
        /* fixed worlds have no statement that shuffles */
        e->stream = (uint8_t)(b[0] % STREAM_SHUFFLE);
        e->actor = raw_actor(fw, (enum stream)e->stream, b[1], b[2]);
        e->ordinal = (uint64_t)b[3] | (uint64_t)b[4] << 8;
        uint64_t m = (uint64_t)b[5] | (uint64_t)b[6] << 8;
        e->value = b[7] < 192 ? m << (b[7] % 48) : 999999 - m;
    }
    return n;
}
