/* SPDX-License-Identifier: MIT */
/*
 * What a seed draws of a file itself: `drawn 3 30% | 5 30% | 1..9 by doublings`.
 *
 * Method. A draw is a pure function of the seed, of what is drawn (its name, and the node where
 * each has its own) and of the attempt (draws.c): another one that is added, taken out or pinned
 * moves none. First one of the alternatives is drawn, by its share; where that is a range, its
 * value, in steps of a unit in which it reads well.
 */
#include <assert.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../world/draw.h"
#include "parse.h"
#include "units.h"

enum { WHOLE_PPM = 1000000, STEPS_LEAST = 100, DOUBLINGS_MAX = 64 };
enum part { PART_WHICH, PART_DOUBLING, PART_VALUE, PARTS };

static bool at_sign(const struct cursor *c, uint32_t i, const char *sign)
{
    return i < c->n && c->tok[i].kind == TOK_SIGN && c->tok[i].n == strlen(sign) &&
           !memcmp(c->tok[i].text, sign, c->tok[i].n);
}

/* ---- ranges ---- */

/* Steps in which a value of these units may be, the longest first. */
static const uint64_t time_steps[] = {1000000000, 1000000, 1000, 1}, share_steps[] = {10000, 1000,
                                                                                      100, 10, 1};
static const uint64_t single[] = {1};

/* The longest in which both ends are whole, and that leaves enough of them. */
static void take_steps(struct lot *a, const uint64_t *step)
{
    while (*step > 1 && (a->lo % *step || a->hi % *step || (a->hi - a->lo) / *step < STEPS_LEAST))
        step++;
    a->step = *step, a->lo /= *step, a->hi /= *step;
}

static bool both_ends(const struct token *t, const struct unit *units, struct lot *a)
{
    return unit_value(&t[0], &t[2], units, &a->lo) && unit_value(&t[2], NULL, units, &a->hi);
}

static void spell_in(const struct unit *units, uint64_t value, char out[SPELLED_BYTES])
{
    if (units == time_units) time_spell(value, NULL, out);
    else if (units == share_units) share_spell(value, out);
    else snprintf(out, SPELLED_BYTES, "%llu", (unsigned long long)value);
}

static bool backwards(struct cursor *c, const struct lot *a)
{
    char least[SPELLED_BYTES], most[SPELLED_BYTES], hint[2 * SPELLED_BYTES + 10];
    spell_in(a->unit, a->hi, least), spell_in(a->unit, a->lo, most);
    snprintf(hint, sizeof hint, "write %s..%s", least, most);
    return cur_error(c, hint, "the lower end of a range comes first");
}

/* NUMBER..NUMBER stands at the cursor. */
static bool need_range(struct cursor *c, struct lot *a)
{
    const struct token *t = cur_peek(c);
    const uint64_t *steps = single;
    a->range = true;
    if (both_ends(t, time_units, a)) a->unit = time_units, steps = time_steps;
    else if (both_ends(t, share_units, a)) a->unit = share_units, steps = share_steps;
    else if (both_ends(t, byte_units, a)) a->unit = byte_units;
    else
        return cur_error(c, "write 1..9, 50ms..300ms, 0%..20% or 64B..64kB",
                         "these are not the two ends of a range");
    if (a->hi < a->lo) return backwards(c, a);
    if (a->hi == a->lo && as_written(c))
        return cur_error(c, "write the value alone", "this range has one value");
    take_steps(a, steps);
    return true;
}

static bool need_doublings(struct cursor *c, struct lot *a)
{
    if (!a->range || !cur_word(c, "by")) return true;
    if (!cur_need_word(c, "doublings")) return false;
    a->doublings = true;
    return a->lo || (c->at -= 2,
                     cur_error(c, "write 1..64 by doublings", "nothing is twice as much as zero"));
}

/* ---- alternatives ---- */

static bool value_ends(const struct cursor *c)
{
    return cur_end(c) || at_sign(c, c->at, "|") || cur_is(c, "on");
}

static bool need_share(struct cursor *c, struct lot *a)
{
    const struct token *t = cur_peek(c);
    a->open = !t || t->kind != TOK_NUMBER || t->text[t->n - 1] != '%';
    return a->open || cur_need_share(c, &a->share, WHOLE_PPM);
}

static bool need_lot(struct cursor *c, bool spans, struct lot *a)
{
    *a = (struct lot){.place = cur_place(c)};
    if (cur_end(c) || at_sign(c, c->at, "|"))
        return cur_error(c, "write drawn 1..9, or drawn 3 30% | 5 | 7", "expected a value");
    struct cursor value = *c;
    for (value.n = c->at + 1; value.n < c->n && c->tok[value.n].glued;)
        if (at_sign(c, value.n, "|")) break;
        else value.n++;
    if (!(a->text = cur_text(&value, c->at))) return false;
    const bool range = !spans && value.n - c->at == 3 && c->tok[c->at].kind == TOK_NUMBER &&
                       at_sign(c, c->at + 1, "..");
    if (range && !need_range(c, a)) return false;
    if (strpbrk(a->text, " ,\""))
        return cur_error(c, "draw among macros or branches instead", "a drawn value is one word");
    c->at = value.n;
    if (!need_doublings(c, a) || !need_share(c, a)) return false;
    return value_ends(c) ||
           cur_error(c, "a value is one word, its share in % stands behind it, and | between two",
                     "unexpected '%.*s'", (int)(cur_peek(c)->n < 60 ? cur_peek(c)->n : 60),
                     cur_peek(c)->text);
}

bool shares_finish(struct cursor *c, struct lots *all)
{
    uint64_t given = 0;
    char hint[80];
    for (uint32_t i = 0; i < all->n; i++)
        given += all->item[i].share, all->open += all->item[i].open;
    snprintf(hint, sizeof hint, "they come to %llu.%02llu%%", (unsigned long long)given / 10000,
             (unsigned long long)given / 100 % 100);
    if (given > WHOLE_PPM)
        return report_at(c->p, &all->item[0].place, hint, "these shares are more than 100%%");
    if (!all->open && given < WHOLE_PPM)
        return report_at(c->p, &all->item[0].place, hint,
                         "the shares must be 100%%, or one value stand without");
    if (all->open && given == WHOLE_PPM)
        return report_at(c->p, &all->item[0].place, "leave a part to those without a share",
                         "the shares are 100%% already, and a value stands without");
    all->rest = WHOLE_PPM - given;
    return true;
}

static bool said_before(struct cursor *c, const struct lots *all, const char *text)
{
    for (uint32_t i = 0; i < all->n && as_written(c); i++)
        if (same_words(all->item[i].text, text)) return true;
    return false;
}

bool need_lots(struct cursor *c, bool spans, struct lots *all)
{
    *all = (struct lots){0};
    do {
        struct lot a;
        if (all->n == LOTS_MAX)
            return cur_error(c, NULL, "at most %d alternatives", LOTS_MAX);
        if (!need_lot(c, spans, &a)) return false;
        if (said_before(c, all, a.text))
            return report_at(c->p, &a.place, "name each once, with its share",
                             "'%.60s' stands here twice", a.text);
        all->item[all->n++] = a;
    } while (cur_word(c, "|"));
    if (all->n == 1 && !all->item[0].range && as_written(c))
        return report_at(c->p, &all->item[0].place, "write 1..9, or 3 | 5",
                         "there is nothing to draw among");
    return shares_finish(c, all);
}

/* ---- drawing ---- */

static uint64_t draw_part(const struct parser *p, const struct drawn *d, uint32_t node,
                          enum part part, uint64_t bound)
{
    const struct drawing *how = p->drawing;
    /* what goes into a branch is drawn again before another branch is, so that shares stay true */
    const uint64_t attempt = d->branches ? how->attempt / BRANCH_ATTEMPTS : how->attempt;
    const uint64_t ordinal = (attempt * (NODES_MAX + 1) + node) * PARTS + part;
    return draw_apart(how->seed, XXH3_64bits(d->identity, strlen(d->identity)), ordinal, bound);
}

/* Which of them, and -1 or else which end of it, where this reading is to try that. */
static uint32_t which(const struct parser *p, const struct drawn *d, uint32_t node,
                      const struct lots *all, int *end)
{
    uint32_t forced = 0, i = 0;
    *end = -1;
    if (drawing_forces(p->drawing, d->identity, &forced)) {
        for (; i + 1 < all->n && forced >= 1u + all->item[i].range; i++)
            forced -= 1u + all->item[i].range;
        return *end = forced > 0, i;
    }
    /* a share counts so often as there are values without one, which divide what is left */
    const uint64_t times = all->open ? all->open : 1;
    uint64_t at = draw_part(p, d, node, PART_WHICH, WHOLE_PPM * times);
    for (; i + 1 < all->n; i++) {
        const struct lot *a = &all->item[i];
        const uint64_t share = a->open ? all->rest : a->share * times;
        if (at < share) break;
        at -= share;
    }
    return i;
}

/* In steps of the range. */
static uint64_t draw_range_of(const struct parser *p, const struct drawn *d, uint32_t node,
                              const struct lot *a)
{
    uint64_t lo = a->lo, hi = a->hi;
    uint32_t n = 0;
    if (a->doublings) {
        while (n < DOUBLINGS_MAX && a->lo << n <= a->hi >> 1) n++;
        const uint64_t k = draw_part(p, d, node, PART_DOUBLING, n + 1u);
        lo = a->lo << k;
        if (k < n) hi = (lo << 1) - 1;
    }
    return lo + draw_part(p, d, node, PART_VALUE, hi - lo + 1);
}

static const char *spell_value(struct parser *p, const struct lot *a, uint64_t steps)
{
    char out[SPELLED_BYTES];
    spell_in(a->unit, steps * a->step, out);
    const char *text = pool_text(p->pool, out, strlen(out));
    if (!text) out_of_memory(p);
    return text;
}

uint32_t draw_which(const struct parser *p, const struct drawn *d, const struct lots *all)
{
    int end;
    return which(p, d, 0, all, &end);
}

const char *draw_value(struct parser *p, const struct drawn *d, uint32_t node,
                       const struct lots *all)
{
    int end;
    const struct lot *a = &all->item[which(p, d, node, all, &end)];
    if (!a->range) return a->text;
    return spell_value(p, a, end < 0 ? draw_range_of(p, d, node, a) : end ? a->hi : a->lo);
}

/* ---- what was drawn ---- */

struct drawn *drawn_find(const struct program *g, const char *key, uint32_t n)
{
    for (uint32_t i = 0; i < g->ndrawn; i++)
        if (strlen(g->drawn[i].key) == n && !memcmp(g->drawn[i].key, key, n))
            return (struct drawn *)(uintptr_t)&g->drawn[i];
    return NULL;
}

struct drawn *drawn_new(struct parser *p, const struct place *at, const char *key,
                        const char *identity, const struct lots *all)
{
    struct program *g = p->prog;
    struct drawn *other = NULL;
    for (uint32_t i = 0; i < g->ndrawn; i++)
        if (!strcmp(g->drawn[i].identity, identity)) other = &g->drawn[i];
    if (other && same_place(&other->place, at)) return other;
    if (other)
        return report_both(p, at, &other->place, "it is drawn here",
                           "take one of the two out, or give it another name",
                           "'%s' is drawn twice", key), NULL;
    if (g->ndrawn == DRAWN_MAX)
        return report_at(p, at, NULL, "too much is drawn (at most %d)", DRAWN_MAX), NULL;
    struct drawn *d = &g->drawn[g->ndrawn++];
    *d = (struct drawn){.key = key, .identity = identity, .value = "", .place = *at};
    const char **words = pool_take(p->pool, all->n * sizeof *words);
    if (!words) return out_of_memory(p), NULL;
    for (uint32_t i = 0; i < all->n; i++)
        words[i] = all->item[i].text, d->tries += 1u + all->item[i].range;
    /* in another branch the same name may be drawn among others */
    d->words = words, d->nwords = d->tries == all->n && !p->in_branch ? all->n : 0;
    return d;
}

/* The k-th (from 1) of values divided by commas; one alone is for all. NULL: there is none. */
static const char *listed(struct parser *p, const char *list, uint32_t k)
{
    const bool alone = !strchr(list, ',');
    for (uint32_t i = 1; i < k && !alone; i++) {
        if (!(list = strchr(list, ','))) return NULL;
        list++;
    }
    return pool_text(p->pool, list, strcspn(list, ","));
}

const char *drawn_now(struct cursor *c, struct drawn *d, uint32_t node,
                      const struct lots *all)
{
    struct parser *p = c->p;
    const char *value;
    const struct setting *set = setting_find(p, d->key, (uint32_t)strlen(d->key));
    if (p->drawing->unpinned) set = NULL;
    if (!set) value = draw_value(p, d, node, all);
    else if (node) value = listed(p, set->value, node);
    else value = pool_text(p->pool, set->value, strlen(set->value));
    if (set) p->given = set;
    if (!value)
        return cur_error(c, "give --set one value for all nodes, or one for each, with commas "
                         "between", "--set has no value for n%u", node), NULL;
    const size_t before = node > 1 ? strlen(d->value) : 0, size = before + strlen(value) + 2;
    char *all_values = pool_take(p->pool, size);
    if (!all_values) return out_of_memory(p), NULL;
    snprintf(all_values, size, "%s%s%s", before ? d->value : "", before ? "," : "", value);
    d->value = all_values;
    return value;
}

void drawn_text(const struct program *g, char out[DRAWN_BYTES])
{
    size_t n = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < g->ndrawn && n < DRAWN_BYTES; i++)
        n += (size_t)snprintf(out + n, DRAWN_BYTES - n, "%s%s=%s", i ? " " : "", g->drawn[i].key,
                              g->drawn[i].value);
}

bool drawn_finish(struct parser *p)
{
    const struct program *g = p->prog;
    size_t n = 0;
    for (uint32_t i = 0; i < g->ndrawn; i++)
        n += strlen(g->drawn[i].key) + strlen(g->drawn[i].value) + 2;
    return n < DRAWN_BYTES || report_at(p, &g->drawn[0].place, "draw less",
                                        "what is drawn takes more than %d bytes to say",
                                        DRAWN_BYTES - 1);
}
