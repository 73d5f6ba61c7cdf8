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
