/* SPDX-License-Identifier: MIT */
/*
 * Method: a copy is a header, an array of values and an array of sessions, each slot with the share
 * it has in the state's hash. The hash is the sum of the shares, a share is a mix of (slot,
 * content), and an empty slot's share is 0: so the hash depends on the state alone, not on the way
 * to it, and a command that changes two slots costs two mixes.
 *
 * A list is a fingerprint of (the list before, the item), so appending is a pure function of two
 * words and every node and checker that appends the same gets the same word. The world's list
 * table, an open-addressing index over cells that never move, remembers of each list what it was
 * made of; only printing asks it.
 */
#include "kv.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

struct kv { uint64_t hash; uint32_t keys, sessions; };
struct kv_value { uint64_t value, share; };
struct kv_session { uint64_t value, share; uint32_t seq; uint8_t outcome; };

/* A list: `before` is the list without its last item, 0 for the empty one. */
struct list_cell { uint64_t list, before, item; };

enum { LIST_TAG = 3, LISTS_CHUNK_LOG2 = 6, INDEX_LEAST = 64, ITEM_PRINT = 256 };

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = a * UINT64_C(0x9e3779b97f4a7c15) + b * UINT64_C(0xc2b2ae3d27d4eb4f);
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    x = (x ^ (x >> 29)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 32);
}

/* ---- the copies ------------------------------------------------------------------------------ */

static struct kv *kv_of(const struct world *w, uint64_t kv) { return arena_at(&w->arena, kv); }
static struct kv_value *values(struct kv *kv) { return (struct kv_value *)(void *)(kv + 1); }
static struct kv_session *sessions(struct kv *kv)
{
    return (struct kv_session *)(void *)(values(kv) + kv->keys);
}

uint64_t kv_size(uint32_t keys, uint32_t nsessions)
{
    return sizeof(struct kv) + keys * sizeof(struct kv_value) +
           nsessions * sizeof(struct kv_session);
}

uint64_t kv_take(struct world *w)
{
    uint32_t keys = w->plan->keys, nsessions = (uint32_t)w->nclients + 1;
    uint64_t at = arena_take(&w->arena, kv_size(keys, nsessions));
    *kv_of(w, at) = (struct kv){.keys = keys, .sessions = nsessions};
    return at;
}

void kv_reset(struct world *w, uint64_t at)
{
    struct kv *kv = kv_of(w, at);
    kv->hash = 0;
    memset(kv + 1, 0, (size_t)(kv_size(kv->keys, kv->sessions) - sizeof *kv));
}

uint64_t kv_hash(const struct world *w, uint64_t at) { return kv_of(w, at)->hash; }

uint64_t kv_get(const struct world *w, uint64_t at, uint16_t key)
{
    struct kv *kv = kv_of(w, at);
    assert(key < kv->keys);
    return values(kv)[key].value;
}

/* ---- commands -------------------------------------------------------------------------------- */

static void put(struct kv *kv, uint16_t key, uint64_t value)
{
    struct kv_value *v = &values(kv)[key];
    uint64_t share = value == VALUE_ABSENT ? 0 : mix(key + UINT64_C(1), value);
    kv->hash += share - v->share;
    *v = (struct kv_value){.value = value, .share = share};
}

static void remember(struct kv *kv, uint32_t session, uint32_t seq, struct kv_result result)
{
    struct kv_session *s = &sessions(kv)[session];
    uint64_t share = mix((uint64_t)session << 32 | seq,
                         mix(result.value, result.outcome | UINT64_C(0x100)));
    kv->hash += share - s->share;
    *s = (struct kv_session){.value = result.value, .share = share, .seq = seq,
                             .outcome = result.outcome};
}

static struct kv_result execute(struct world *w, struct kv *kv, const struct entry *c)
{
    assert(c->key < kv->keys);
    uint64_t found = values(kv)[c->key].value;
    struct kv_result result = {.value = found, .outcome = OUT_OK};
    switch ((enum op_verb)c->verb) {
    case OP_WRITE:
        put(kv, c->key, c->a);
        result.value = c->a;
        break;
    case OP_CAS:
        if (found == c->a)
            put(kv, c->key, c->b);
        else
            result.outcome = OUT_FAIL;
        break;
    case OP_APPEND:
        result.value = value_append(w, found, c->a);
        put(kv, c->key, result.value);
        break;
    case OP_READ:
    case OP_NONE:
    case OP_RAW:
        break;
    }
    return result;
}

struct kv_result kv_apply(struct world *w, uint64_t at, const struct entry *c)
{
    if (c->verb == OP_NONE || c->verb == OP_RAW)
        return (struct kv_result){.outcome = OUT_OK};
    struct kv *kv = kv_of(w, at);
    if (c->client == 0)
        return execute(w, kv, c);
    assert(is_client(c->client));
    uint32_t session = (uint32_t)c->client - CLIENT_BASE;
    assert(session < kv->sessions);
    const struct kv_session *s = &sessions(kv)[session];
    if (c->seq == s->seq && s->share)
        return (struct kv_result){.value = s->value, .outcome = s->outcome};
    if (c->seq < s->seq)
        return (struct kv_result){.outcome = OUT_FAIL};
    struct kv_result result = execute(w, kv, c);
    remember(kv, session, c->seq, result);
    return result;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static bool is_list(uint64_t value) { return (value & 3) == LIST_TAG; }
static struct list_cell *cell_at(const struct world *w, uint32_t id)
{
    return vec_at_known(&w->arena, &w->lists, id, sizeof(struct list_cell), LISTS_CHUNK_LOG2);
}
static uint32_t *list_index(const struct world *w) { return arena_at(&w->arena, w->list_index); }

/* Where `list` is in the index, or the free place where it would be. */
static uint64_t list_place(const struct world *w, uint64_t list)
{
    const uint32_t *index = list_index(w);
    uint64_t i = (list >> 2) & w->list_mask;
    while (index[i] && cell_at(w, index[i])->list != list)
        i = (i + 1) & w->list_mask;
    return i;
}

static const struct list_cell *list_find(const struct world *w, uint64_t list)
{
    if (w->list_mask == 0)
        return NULL;
    uint32_t id = list_index(w)[list_place(w, list)];
    return id ? cell_at(w, id) : NULL;
}

/* A larger index over the same cells; the old one stays behind in the arena. */
static void index_grow(struct world *w)
{
    uint64_t slots = w->list_mask ? (w->list_mask + 1) * 2 : INDEX_LEAST;
    if (w->list_mask == 0) {
        vec_init(&w->lists, sizeof(struct list_cell), LISTS_CHUNK_LOG2);
        vec_push(&w->arena, &w->lists, 1);
    }
    w->list_index = arena_take(&w->arena, slots * sizeof(uint32_t));
    w->list_mask = slots - 1;
    for (uint32_t id = 1; id < w->lists.n; id++)
        list_index(w)[list_place(w, cell_at(w, id)->list)] = id;
}

static uint64_t list_with(struct world *w, uint64_t before, uint64_t item)
{
    uint64_t list = mix(before, item) << 2 | LIST_TAG;
    if (w->list_mask == 0 || (uint64_t)w->lists.n * 2 > w->list_mask)
        index_grow(w);
    uint64_t place = list_place(w, list);
    if (list_index(w)[place] == 0) {
        uint32_t id = vec_push(&w->arena, &w->lists, 1);
        *cell_at(w, id) = (struct list_cell){.list = list, .before = before, .item = item};
        list_index(w)[place] = id;
    }
    return list;
}

uint64_t value_append(struct world *w, uint64_t list, uint64_t item)
{
    if (list != VALUE_ABSENT && !is_list(list))
        list = list_with(w, VALUE_ABSENT, list);
    return list_with(w, list, item);
}

bool value_split(const struct world *w, uint64_t list, uint64_t *before, uint64_t *item)
{
    const struct list_cell *cell = is_list(list) ? list_find(w, list) : NULL;
    if (!cell)
        return false;
    *before = cell->before;
    *item = cell->item;
    return true;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* A value that is no list, or a list within a list, by its fingerprint. At most 24 characters, but
 * for strings. */
static int scalar_print(const struct world *w, uint64_t value, char *out, size_t size)
{
    uint64_t body = value >> 2;
    if (value == VALUE_ABSENT)
        return snprintf(out, size, "absent");
    if ((value & 3) == 1)
        return snprintf(out, size, "%" PRIu64, body);
    if ((value & 3) == 2 && body && body < w->plan->natoms)
        return snprintf(out, size, "\"%s\"", w->plan->atoms[body]);
    return snprintf(out, size, "%s:%016" PRIx64, is_list(value) ? "list" : "atom", body);
}

/* Puts text at `at` of out, as much as fits in front of the last byte. */
static void place(char *out, size_t size, size_t at, const char *text, size_t len)
{
    for (size_t i = 0; i < len && at + i + 1 < size; i++)
        out[at + i] = text[i];
}

/* An item of a list; a long string is cut short. */
static size_t item_print(const struct world *w, uint64_t item, char text[ITEM_PRINT])
{
    size_t n = (size_t)scalar_print(w, item, text, ITEM_PRINT);
    return n < ITEM_PRINT ? n : ITEM_PRINT - 1;
}

/* The chain runs from the last item to the first: the first walk measures, the second writes from
 * the end backwards. */
static int list_print(const struct world *w, uint64_t value, char *out, size_t size)
{
    char text[ITEM_PRINT];
    size_t len = 1;
    for (const struct list_cell *c = list_find(w, value); c; c = list_find(w, c->before))
        len += item_print(w, c->item, text) + 1;
    if (size)
        out[len < size ? len : size - 1] = 0;
    size_t at = len;
    for (const struct list_cell *c = list_find(w, value); c; c = list_find(w, c->before)) {
        size_t n = item_print(w, c->item, text);
        at -= n + 1;
        place(out, size, at, text, n);
        place(out, size, at + n, at + n + 1 == len ? "]" : " ", 1);
    }
    place(out, size, 0, "[", 1);
    return (int)len;
}

int value_print(const struct world *w, uint64_t value, char *out, size_t size)
{
    if (is_list(value) && list_find(w, value))
        return list_print(w, value, out, size);
    return scalar_print(w, value, out, size);
}
