/* SPDX-License-Identifier: MIT */
/*
 * Groups: `groups g1..g3` and `voters n1..n3 of g2` at the head, and `of g2` in any statement or
 * condition of which some word is of one group: a leader, a term, a log, an operation, a message.
 *
 * Method: the words are cut out of the line before the statement's own function reads it, so that
 * no verb has to know them; whoever reads something that is of one group asks group_here, and
 * where nobody did, the words say nothing and are refused. Who names no group means the first.
 */
#include <string.h>

#include "parse.h"
#include "rows.h"

/* The number in g1, g2 ...; 0: it is no such word. */
static uint32_t number_of(const struct token *t)
{
    uint32_t n = 0;
    if (!t || t->kind != TOK_WORD || t->n < 2 || t->n > 4 || t->text[0] != 'g') return 0;
    if (number_digits(t->text + 1, t->n - 1) != t->n - 1 || t->text[1] == '0') return 0;
    for (uint32_t i = 1; i < t->n; i++) n = n * 10 + (uint32_t)(t->text[i] - '0');
    return n;
}

static uint16_t groups_of(const struct parser *p)
{
    return p->prog->plan.groups ? p->prog->plan.groups : 1;
}

static bool unknown_group(struct parser *p, const struct token *t)
{
    char hint[60];
    if (groups_of(p) == 1) snprintf(hint, sizeof hint, "write groups g1..g3 at the head");
    else snprintf(hint, sizeof hint, "they are g1 to g%u", groups_of(p));
    return report(p, t->col, t->width, hint, "there is no group %.*s", (int)t->n, t->text);
}

bool group_cut(struct cursor *c, struct stmt *s)
{
    struct parser *p = c->p;
    struct cursor at = *c;
    for (; at.at + 1 < c->n; at.at++) {
        if ((s->verb->flags & VERB_CARRIES) && cur_is(&at, ":")) break;
        const struct token *t = &c->tok[at.at + 1];
        const uint32_t number = cur_is(&at, "of") ? number_of(t) : 0;
        if (!number) continue;
        if (number > groups_of(p)) return unknown_group(p, t);
        if (p->group.number)
            return report(p, t->col, t->width, "write a line for each",
                          "a statement speaks of one group");
        p->group = (struct group_said){.number = (uint16_t)number, .col = c->tok[at.at].col,
                                       .width = t->col + t->width - c->tok[at.at].col};
        cur_drop(c, at.at--, 2);
    }
    s->group = p->group.number ? (uint16_t)(p->group.number - 1) : 0;
    return true;
}

uint16_t group_here(struct cursor *c)
{
    struct group_said *g = &c->p->group;
    g->asked = true;
    return g->number ? (uint16_t)(g->number - 1) : 0;
}

char *group_text(struct cursor *c, char *text)
{
    const uint32_t number = c->p->group.number;
    if (!text || !number) return text;
    const size_t size = strlen(text) + sizeof " of g64";
    char *with = pool_take(c->p->pool, size);
    if (!with) return out_of_memory(c->p), NULL;
    snprintf(with, size, "%s of g%u", text, number);
    return with;
}

bool group_meant(struct cursor *c)
{
    const struct group_said *g = &c->p->group;
    return !g->number || g->asked ||
           report(c->p, g->col, g->width, "leave it out",
                  "this concerns whole processes, and so all groups");
}

/* ---- groups g1..g3; voters n1..n3 of g2 ---- */

bool parse_groups(struct cursor *c, struct stmt *s)
{
    struct world_plan *plan = &c->p->prog->plan;
    (void)s;
    const uint32_t first = number_of(cur_peek(c));
    if (!said_once(c, &c->p->prog->said_groups, "the groups")) return false;
    if (first != 1) return cur_error(c, "write groups g1..g3", "expected g1..gK");
    c->at++;
    uint32_t last = 1;
    if (cur_is(c, "..")) {
        c->at++;
        const struct token *t = cur_peek(c);
        last = number_of(t);
        if (last < 2 || last > GROUPS_MAX)
            return cur_error(c, "write groups g1..g3", "expected g2 to g%d", GROUPS_MAX);
        c->at++;
    }
    node_set *voters = pool_take(c->p->pool, last * sizeof *voters);
    if (!voters) return out_of_memory(c->p);
    for (uint32_t i = 0; i < last; i++) voters[i] = plan->voters;
    plan->groups = (uint16_t)last;
    plan->group_voters = c->p->prog->group_voters = voters;
    return true;
}

bool parse_voters(struct cursor *c, struct stmt *s)
{
    struct program *g = c->p->prog;
    node_set set;
    (void)s;
    const uint16_t group = group_here(c);
    const uint32_t at = c->at;
    if (!need_node_set(c, &set, "voters")) return false;
    if (!g->group_voters)
        return report(c->p, c->tok[at].col, c->tok[at].width,
                      "write groups g1..g3 above, or nodes n1..n3",
                      "there are no groups whose voters could differ");
    if (set & ~g->plan.voters)
        return report(c->p, c->tok[at].col, c->tok[at].width, "name nodes that are voters",
                      "a spare node votes in no group");
    g->group_voters[group] = set;
    return true;
}
