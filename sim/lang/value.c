/* SPDX-License-Identifier: MIT */
/*
 * Values, outcomes, logs and selectors as scenarios write them.
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
    return take_value(c, v) || cur_error(c, "a value is a number, a \"string\", absent, or a list [1 2]", "expected a value");
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
    if (keys->n >= 20000 && !names_find(keys, name, n)) return cur_error(c, NULL, "too many keys (at most 20000)");
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
        {"=", CMP_EQ}, {"!=", CMP_NE}, {"<=", CMP_LE}, {"<", CMP_LT}, {">=", CMP_GE}, {">", CMP_GT}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (cur_word(c, signs[i].sign)) {
            *compare = signs[i].compare;
            return true;
        }
    return false;
}

/* ---- logs ---- */

/* TERM, or TERM/INDEX[:VALUE] where INDEX must be the place it stands at. */
static bool need_log_item(struct cursor *c, uint32_t place, struct log_item *item)
{
    uint64_t index;
    *item = (struct log_item){0};
    if (!cur_number(c, &item->term) || item->term >> 32)
        return cur_error(c, "a log is written 1 1 4 (terms), or 1/1 1/2:\"a\" (TERM/INDEX:VALUE)", "expected a term");
    if (cur_word(c, "/")) {
        if (!cur_number(c, &index) || index != place)
            return cur_error(c, "entries are written in order of their index, from 1", "expected index %u here", place);
    }
    if (cur_word(c, ":")) {
        if (!need_value(c, &item->value)) return false;
        if (item->value.list || !item->value.word) return cur_error(c, "an entry carries a number or a \"string\"", "this is no value of an entry");
        item->has_value = true;
    }
    return true;
}

bool take_log(struct cursor *c, struct log_items *log, bool *ok)
{
    struct log_item items[LOG_ITEMS_MAX];
    const struct token *t;
    *log = (struct log_items){0};
    *ok = true;
    while ((t = cur_peek(c)) && t->kind == TOK_NUMBER) {
        if (log->n == LOG_ITEMS_MAX) return *ok = cur_error(c, NULL, "a log may have at most %d entries here", LOG_ITEMS_MAX);
        if (!(*ok = need_log_item(c, log->n + 1, &items[log->n]))) return false;
        log->n++;
    }
    if (!log->n) return false;
    struct log_item *copy = args_take(c, log->n * sizeof *copy);
    if (!copy) return *ok = false;
    memcpy(copy, items, log->n * sizeof *copy);
    log->item = copy;
    return true;
}

/* ---- selectors ---- */

static const char *type_words(void)
{
    return "any|"
#define MSG(name, text, promise) text "|"
#include "../sut/messages.def"
#undef MSG
    ;
}

#define SELECTOR_NUMBERS "term|index|entries"

bool selector_number(const struct token *t)
{
    struct token one = *t;
    struct cursor c = {.tok = &one, .n = 1};
    uint32_t which;
    return take_choice(&c, SELECTOR_NUMBERS, &which);
}

static bool need_selector_test(struct cursor *c, struct selector *s, bool *more)
{
    uint8_t *const cmp[] = {&s->term_cmp, &s->index_cmp, &s->entries_cmp};
    uint64_t *const number[] = {&s->term, &s->index, &s->entries};
    bool *const by[] = {&s->by_term, &s->by_index, &s->by_entries};
    uint32_t which;
    *more = true;
    if (!take_choice(c, SELECTOR_NUMBERS, &which)) {
        *more = cur_word(c, "reject");
        if (*more) s->reject = 1;
        return true;
    }
    *by[which] = true;
    if (!take_compare(c, cmp[which]))
        return cur_error(c, "write term=2, index>=3, entries>0 or reject", "expected =, <=, >=, < or >");
    return cur_need_count(c, number[which], 0, UINT64_MAX, "a number");
}

/* [next] TYPE|any [from A] [to B] [where term=T index>=I entries>0 reject], or [next] write (of the disk) */
bool need_selector(struct cursor *c, struct selector *s)
{
    uint32_t which;
    bool more = true;
    *s = (struct selector){.kind = REC_SEND};
    cur_word(c, "next");
    if (cur_word(c, "write")) {
        s->kind = REC_WRITE;
        return true;
    }
    if (cur_word(c, "delivered")) s->kind = REC_DELIVER;
    if (!cur_need_choice(c, type_words(), &which, "a message's type")) return false;
    s->type = (uint8_t)which;
    if (cur_word(c, "from") && !need_node_set(c, &s->from, "the nodes that send")) return false;
    if (cur_word(c, "to") && !need_node_set(c, &s->to, "the nodes that receive")) return false;
    if (!cur_word(c, "where")) return true;
    while (more)
        if (!need_selector_test(c, s, &more)) return false;
    return true;
}

static bool compare(uint64_t a, uint8_t how, uint64_t b)
{
    switch ((enum compare)how) {
    case CMP_EQ: return a == b;
    case CMP_NE: return a != b;
    case CMP_LE: return a <= b;
    case CMP_LT: return a < b;
    case CMP_GE: return a >= b;
    case CMP_GT: return a > b;
    }
    return false;
}

bool compare_now(uint64_t a, uint8_t how, uint64_t b) { return compare(a, how, b); }

/* Is this record one that the selector means? The sender of a SEND is node; a DELIVER's is peer. */
bool selector_matches(const struct selector *s, const struct record *r)
{
    if (r->kind != s->kind) return false;
    uint8_t from = r->kind == REC_DELIVER ? r->peer : r->node, to = r->kind == REC_DELIVER ? r->node : r->peer;
    if (s->from && (from > NODES_MAX || !from || !(s->from & NODE_BIT(from)))) return false;
    if (r->kind == REC_WRITE) return true;
    if (r->kind == REC_ROLE) return r->sub == s->type;
    if (s->to && (to > NODES_MAX || !to || !(s->to & NODE_BIT(to)))) return false;
    if (s->type && r->sub != s->type) return false;
    if (s->reject && !(r->flags & LABEL_REJECT)) return false;
    if (s->by_term && !compare(r->term, s->term_cmp, s->term)) return false;
    if (s->by_index && !compare(r->index, s->index_cmp, s->index)) return false;
    return !s->by_entries || compare(r->c >> 32, s->entries_cmp, s->entries);
}
