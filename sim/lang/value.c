/* SPDX-License-Identifier: MIT */
/*
 * Values, outcomes and logs as scenarios write them.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"

enum { LIST_MAX = 256 };

static bool take_word_value(struct cursor *c, uint64_t *word)
{
    const struct token *t = cur_peek(c);
    uint64_t number;
    char *text;
    if (cur_number(c, &number)) {
        if (number >> 62) return c->at--, false;
        *word = VALUE_NUMBER(number);
        return true;
    }
    if (!t || t->kind != TOK_STRING || !cur_need_string(c, &text, "a value")) return false;
    uint32_t atom = names_add(&c->p->prog->atoms, c->p->pool, text, strlen(text));
    *word = VALUE_ATOM(atom);
    return atom || out_of_memory(c->p);
}

bool take_value(struct cursor *c, struct value *v)
{
    uint32_t at = c->at;
    uint64_t items[LIST_MAX];
    *v = (struct value){0};
    if (cur_word(c, "absent")) return true;
    if (!cur_word(c, "[")) return take_word_value(c, &v->word);
    v->list = true;
    while (v->n < LIST_MAX && take_word_value(c, &items[v->n])) v->n++;
    uint64_t *copy = cur_word(c, "]") ? args_take(c, v->n * sizeof *copy) : NULL;
    if (!copy) return c->at = at, false;
    memcpy(copy, items, v->n * sizeof *copy);
    v->item = copy;
    return true;
}

bool need_value(struct cursor *c, struct value *v)
{
    const struct token *t = cur_peek(c);
    if (take_value(c, v)) return true;
    if (t && t->kind == TOK_NUMBER && number_digits(t->text, t->n) == t->n &&
        number_is_whole(t->text, t->n))
        return cur_error(c, "a value is at most 4611686018427387903", "'%.*s' is too large",
                         (int)(t->n < 60 ? t->n : 60), t->text);
    return cur_error(c, "a value is a number, a \"string\", absent, or a list [1 2]",
                     "expected a value");
}

uint64_t value_now(struct player *p, const struct value *v)
{
    if (!v->list) return v->word;
    uint64_t list = VALUE_ABSENT;
    for (uint32_t i = 0; i < v->n; i++) list = value_append(p->w, list, v->item[i]);
    return list;
}

bool need_key(struct cursor *c, uint16_t *key)
{
    const char *name;
    uint32_t n;
    if (!cur_need_name(c, &name, &n, "a key (a word)")) return false;
    struct names *keys = &c->p->prog->keys;
    if (keys->n >= 20000 && !names_find(keys, name, n))
        return cur_error(c, NULL, "too many keys (at most 20000)");
    uint32_t id = names_add(keys, c->p->pool, name, n);
    *key = (uint16_t)(id - 1);
    return id || out_of_memory(c->p);
}

/* ---- outcomes ---- */

static bool take_outcome(struct cursor *c, struct outcome *o)
{
    uint32_t which;
    *o = (struct outcome){0};
    if (take_choice(c, "unanswered|ok|fail|not-leader", &which)) {
        o->kind = (uint8_t)which;
        return true;
    }
    o->kind = IS_VALUE;
    return take_value(c, &o->value);
}

bool take_outcomes(struct cursor *c, struct outcomes *o)
{
    uint32_t at = c->at, max = sizeof o->item / sizeof *o->item;
    o->n = 0;
    if (!cur_word(c, "one-of")) {
        cur_word(c, "=");
        o->n = take_outcome(c, &o->item[0]);
    } else {
        while (o->n < max && take_outcome(c, &o->item[o->n])) o->n++;
    }
    if (!o->n) c->at = at;
    return o->n > 0;
}

bool take_compare(struct cursor *c, uint8_t *compare)
{
    static const struct { const char *sign; uint8_t compare; } signs[] = {
        {"=", CMP_EQ}, {"!=", CMP_NE}, {"<=", CMP_LE}, {"<", CMP_LT}, {">=", CMP_GE},
        {">", CMP_GT}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (cur_word(c, signs[i].sign)) {
            *compare = signs[i].compare;
            return true;
        }
    return false;
}

/* ---- logs ---- */

/* /INDEX, which must be the place that the entry stands at; place 0: any, behind that of the entry
 * before it. */
static bool need_index(struct cursor *c, uint32_t place, uint64_t before, uint64_t *index)
{
    if (place && !cur_word(c, "/")) return *index = place, true;
    if (!place && !cur_word(c, "/"))
        return cur_error(c, "write TERM/INDEX, as in 3/2", "expected / and the entry's index");
    if (cur_number(c, index) && (place ? *index == place : *index > before)) return true;
    if (place || !before)
        return cur_error(c, "entries are written in order of their index, from 1",
                         place ? "expected index %u here" : "expected an index", place);
    return c->at--, cur_error(c, "entries are written in order of their index",
                              "expected an index beyond %llu", (unsigned long long)before);
}

/* A colon with a word behind it and a blank between is the statement's: every 1s until n1 log 1: */
static bool carries_value(const struct cursor *c)
{
    const struct token *next = c->at + 1 < c->n ? &c->tok[c->at + 1] : NULL;
    return !next || next->kind != TOK_WORD || next->glued;
}

/* TERM, or TERM/INDEX[:VALUE]. */
static bool need_log_item(struct cursor *c, uint32_t place, uint64_t before, struct log_item *item)
{
    *item = (struct log_item){.col = cur_place(c).col};
    const struct token *t = cur_peek(c);
    const bool number = cur_number(c, &item->term);
    if (number && item->term >> 32)
        return c->at--, cur_error(c, "a term is at most 4294967295", "'%.*s' is too large",
                                  (int)(t->n < 60 ? t->n : 60), t->text);
    if (!number)
        return cur_error(c, "a log is written 1 1 4 (terms), or 1/1 1/2:\"a\" (TERM/INDEX:VALUE)",
                         "expected a term");
    if (!need_index(c, place, before, &item->index)) return false;
    if (carries_value(c) && cur_word(c, ":")) {
        if (!need_value(c, &item->value)) return false;
        if (item->value.list || !item->value.word)
            return cur_error(c, "an entry carries a number or a \"string\"",
                             "this is no value of an entry");
        item->has_value = true;
    }
    return true;
}

static bool take_items(struct cursor *c, bool anywhere, struct log_items *log, bool *ok)
{
    const struct token *t = cur_peek(c);
    uint64_t before = 0;
    *log = (struct log_items){0};
    *ok = true;
    if (!t || t->kind != TOK_NUMBER) return false;
    struct log_item *items = args_take(c, (c->n - c->at) * sizeof *items);  /* a word each */
    if (!items) return *ok = false;
    for (; (t = cur_peek(c)) && t->kind == TOK_NUMBER; log->n++) {
        struct log_item *item = &items[log->n];
        if (log->n == LOG_ITEMS_MAX)
            return *ok = cur_error(c, NULL, "a log may have at most %d entries here",
                                   LOG_ITEMS_MAX);
        if (!(*ok = need_log_item(c, anywhere ? 0 : log->n + 1, before, item))) return false;
        before = item->index;
    }
    log->item = items;
    return true;
}

bool take_log(struct cursor *c, struct log_items *log, bool *ok)
{
    return take_items(c, false, log, ok);
}

bool need_log_entries(struct cursor *c, struct log_items *log)
{
    bool ok;
    if (take_items(c, true, log, &ok)) return true;
    return ok && cur_error(c, "write TERM/INDEX, as in 3/2 or 1/1 3/2:\"a\"", "expected an entry");
}
