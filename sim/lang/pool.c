/* SPDX-License-Identifier: MIT */
/*
 * Method. A pool hands out zeroed memory from chunks and frees them together. Names are interned in
 * an open-addressing table whose order never shows: a name's number is the order of its first use.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lex.h"

enum { CHUNK_BYTES = 64 << 10 };

struct pool_chunk { struct pool_chunk *next; char pad[8]; };

void *pool_take(struct pool *p, size_t size)
{
    assert(p);
    size = (size + 15u) & ~(size_t)15u;
    if (!size) size = 16;
    if (size > p->left) {
        size_t room = size > CHUNK_BYTES / 4 ? size : CHUNK_BYTES;
        if (p->total + room > POOL_BYTES_MAX) return NULL;
        struct pool_chunk *c = calloc(1, 16 + room);
        if (!c) return NULL;
        c->next = p->chunks, p->chunks = c, p->total += room;
        char *data = (char *)c + 16;
        if (room == size) return data;
        p->next = data, p->left = room;
    }
    char *at = p->next;
    p->next += size, p->left -= size;
    return at;
}

char *pool_text(struct pool *p, const char *text, size_t n)
{
    char *copy = pool_take(p, n + 1);
    if (copy && n) memcpy(copy, text, n);
    return copy;
}

void pool_free(struct pool *p)
{
    for (struct pool_chunk *c = p->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    *p = (struct pool){0};
}

static uint32_t names_hash(const char *text, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

static uint32_t *names_slot(const struct names *t, const char *text, size_t n)
{
    for (uint32_t i = names_hash(text, n) & t->mask;; i = (i + 1) & t->mask) {
        uint32_t id = t->slot[i];
        if (!id || (strlen(t->name[id]) == n && !memcmp(t->name[id], text, n))) return &t->slot[i];
    }
}

static bool names_grow(struct names *t)
{
    uint32_t cap = t->cap ? t->cap * 2 : 16;
    const char **name = realloc(t->name, (cap + 1) * sizeof *name);
    if (!name) return false;
    t->name = name, name[0] = "";
    uint32_t *slot = calloc(cap * 4, sizeof *slot);
    if (!slot) return false;
    free(t->slot);
    t->slot = slot, t->mask = cap * 4 - 1, t->cap = cap;
    for (uint32_t id = 1; id <= t->n; id++) *names_slot(t, name[id], strlen(name[id])) = id;
    return true;
}

uint32_t names_find(const struct names *t, const char *text, size_t n)
{
    return t->n ? *names_slot(t, text, n) : 0;
}

uint32_t names_add(struct names *t, struct pool *p, const char *text, size_t n)
{
    uint32_t id = names_find(t, text, n);
    if (id) return id;
    if (t->n == t->cap && !names_grow(t)) return 0;
    char *copy = pool_text(p, text, n);
    if (!copy) return 0;
    assert(!memchr(text, 0, n));
    t->name[t->n + 1] = copy;
    *names_slot(t, text, n) = t->n + 1;
    return ++t->n;
}

void names_free(struct names *t)
{
    free(t->name);
    free(t->slot);
    *t = (struct names){0};
}
