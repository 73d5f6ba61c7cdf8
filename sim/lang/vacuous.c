/* SPDX-License-Identifier: MIT */
/*
 * Statements that can be read and mean nothing: a link from a node to itself, a count that is at
 * least zero, a field that is zero in each message of a type. Method: only what stands there in so
 * many words is judged. Where a parameter stands in the line, another variant or the next turn may
 * mean something, and nodes that are found when the statement runs may be any.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

bool as_written(const struct cursor *c)
{
    const struct parser *p = c->p;
    return !p->line->n || !memchr(p->source->text + p->line->at, '$', p->line->n);
}

bool size_as_written(const struct cursor *c)
{
    return as_written(c) && !c->p->prog->sized_by_param;
}

node_set who_static(const struct who *who)
{
    node_set set = 0;
    for (uint32_t i = 0; i < who->n; i++) {
        if (who->item[i].kind != WHO_SET || who->item[i].random) return 0;
        set |= who->item[i].set;
    }
    return who->but ? 0 : set;
}

bool need_two_ends(struct cursor *c, uint32_t at, node_set a, node_set b)
{
    assert(at <= c->n);
    if (a != b || __builtin_popcount(a) != 1 || !as_written(c)) return true;
    if (c->p->prog->plan.nodes == 1 && !size_as_written(c)) return true;        /* all - all */
    c->at = at;
    return cur_error(c, "name another node at one end", "n%d has no link to itself",
                     __builtin_ctz(a) + 1);
}

bool need_tally(struct cursor *c, struct cond *cond, uint32_t at)
{
    bool always = cond->compare == CMP_GE, never = cond->compare == CMP_LT;
    if (cond->number || !(always || never) || !as_written(c)) return true;
    c->at = at;
    return cur_error(c, "write >= 1, or = 0",
                     always ? "no count is less than 0: this is always so"
                            : "no count is less than 0: this is never so");
}

bool need_said(struct cursor *c, uint8_t type, uint32_t which)
{
    const struct msg_row *row = &msg_rows[type];
    const bool field = which < LABEL_FIELDS;
    char hint[120];
    if (!type || *(field ? row->says[which] : row->refuses) || !as_written(c)) return true;
    size_t n = (size_t)snprintf(hint, sizeof hint, "of %s it may ask for", row->name);
    for (enum label_field f = 0; f < LABEL_FIELDS; f++)
        if (*row->says[f])
            n += (size_t)snprintf(hint + n, sizeof hint - n, " %s", label_field_name(f));
    if (*row->refuses) snprintf(hint + n, sizeof hint - n, " reject accept");
    c->at--;
    return field ? cur_error(c, hint, "%s has no %s: it is 0 in each", row->name,
                             label_field_name((enum label_field)which))
                 : cur_error(c, hint, "no %s is a refusal", row->name);
}

/* What one test leaves of the numbers from *lo to *hi; false: none. */
static bool narrow(const struct label_test *t, uint64_t *lo, uint64_t *hi)
{
    const uint64_t n = t->number;
    switch (t->compare) {
    case CMP_EQ: return *lo <= n && n <= *hi && (*lo = *hi = n, true);
    case CMP_LT: return n > *lo && (*hi = *hi < n - 1 ? *hi : n - 1, true);
    case CMP_LE: return n >= *lo && (*hi = *hi < n ? *hi : n, true);
    case CMP_GT: return n < *hi && (*lo = *lo > n + 1 ? *lo : n + 1, true);
    case CMP_GE: return n <= *hi && (*lo = *lo > n ? *lo : n, true);
    default: return *lo < *hi || n != *lo;
    }
}

bool need_some(struct cursor *c, const struct label_match *m)
{
    const struct label_test *last = &m->test[m->ntests - 1];
    const char *field = label_field_name((enum label_field)last->field);
    uint64_t lo = 0, hi = UINT64_MAX;
    bool some = true;
    for (int turn = 0; turn < 2; turn++)    /* what != leaves out shows when the rest is known */
        for (const struct label_test *t = m->test; t <= last && some; t++)
            some = t->field != last->field || narrow(t, &lo, &hi);
    if (!as_written(c)) return true;
    if (!some)
        return c->at--, cur_error(c, "write tests that some message passes",
                                  "what is asked of `%s` is never so", field);
    return last->compare != CMP_GE || last->number ||
           (c->at--, cur_error(c, "leave it out, or write >= 1",
                               "what is asked of `%s` is always so", field));
}

/* ---- or ---- */

bool judged_alone(const struct cond *cond)
{
    return cond->kind->parse == assert_parse_linearizable ||
           cond->kind->parse == assert_parse_progress;
}

/* Word by word, without the last few. */
static bool same_tokens(const struct cursor *c, const struct cond *a, const struct cond *b,
                        uint32_t without)
{
    const uint32_t n = a->to - a->from;
    bool same = n == b->to - b->from && n > without;
    for (uint32_t i = 0; same && i < n - without; i++) {
        const struct token *s = &c->tok[a->from + i], *t = &c->tok[b->from + i];
        same = s->kind == t->kind && s->n == t->n && !memcmp(s->text, t->text, s->n);
    }
    return same;
}

/* It compares a count, which is always some number; its comparison is its last two words. */
static bool is_count(const struct cond *cond)
{
    return cond->kind->parse == assert_parse_messages || cond->kind->parse == assert_parse_bytes ||
           cond->kind->parse == assert_parse_elections || cond->kind->parse == assert_parse_held;
}

/* Whatever the count, one of the two holds: looked at where either may change. */
static bool leave_nothing_out(const struct cond *a, const struct cond *b)
{
    const uint64_t edges[] = {a->number, b->number};
    bool all = true;
    for (int i = 0; i < 6; i++) {
        uint64_t n = edges[i % 2] + (uint64_t)(i / 2) - 1;
        if (n == UINT64_MAX) n = 0;                             /* below zero there is none */
        all = all && (compare_now(n, a->compare, a->number) ||
                      compare_now(n, b->compare, b->number));
    }
    return all;
}

bool need_choice(struct cursor *c, const struct cond *a, const struct cond *b)
{
    assert(a->to <= b->from && b->to <= c->n);
    if (!as_written(c)) return true;
    if (same_tokens(c, a, b, 0))
        return cur_error(c, "leave one out", "both sides of `or` say the same");
    if (!is_count(a) || !same_tokens(c, a, b, 2) || !leave_nothing_out(a, b)) return true;
    return cur_error(c, "leave it out, or change a number",
                     "one of the two is always so, whatever the count");
}

/* ---- until ---- */

bool need_another(struct cursor *c, const struct cond *cond, const struct cond *until)
{
    if (!same_tokens(c, cond, until, 0) || !as_written(c)) return true;
    c->at = until->from;
    return cur_error(c, "name another condition, or write expect or eventually",
                     "it would end with what it asks for itself");
}
