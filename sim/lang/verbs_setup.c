/* SPDX-License-Identifier: MIT */
/*
 * The head of a file: what the cluster is and what its nodes hold before it starts. All of it is
 * done while reading.
 */
#include <assert.h>
#include <string.h>

#include "../check/check.h"
#include "parse.h"
#include "rows.h"

bool parse_wavetank(struct cursor *c, struct stmt *s)
{
    uint64_t version;
    (void)s;
    c->p->header = true;            /* whichever version: what follows is not said to lack it */
    if (!cur_number(c, &version))
        return cur_error(c, "write 'wavetank 1'", "expected the language's version");
    c->at--;
    if (version != 1)
        return cur_error(c, "write 'wavetank 1'", "this wavetank reads version 1 of the language");
    c->at++;
    return true;
}

bool parse_scenario(struct cursor *c, struct stmt *s)
{
    char *title;
    (void)s;
    if (!cur_need_string(c, &title, "a title")) return false;
    if (!c->p->scenario->title) c->p->scenario->title = title;
    return true;
}

bool parse_tags(struct cursor *c, struct stmt *s)
{
    const char *name;
    uint32_t n;
    (void)s;
    if (!cur_need_name(c, &name, &n, "a word")) return false;
    while (cur_name(c, &name, &n)) {}
    return true;
}

bool parse_note(struct cursor *c, struct stmt *s)
{
    char *text;
    (void)s;
    return cur_need_string(c, &text, "a text");
}

/* ---- nodes ---- */

static const char nodes_are[] =
    "nodes are called n1 to n16, and at most 9 are voters, as in nodes n1..n9 spare n10";

/* The word is a parameter's name, or n and that: n1..nvoters. */
static bool is_param(struct parser *p, const struct token *t, char *hint, size_t size)
{
    const uint32_t skip = t->kind == TOK_WORD && t->n > 1 && t->text[0] == 'n';
    const struct binding *b = binding_find(p, t->text, t->n);
    if (!b && skip) b = binding_find(p, t->text + 1, t->n - 1);
    if (b) snprintf(hint, size, "write n$%.*s for the parameter", (int)b->n, b->name);
    return b != NULL;
}

static bool no_node_name(struct cursor *c)
{
    const struct token *t = cur_peek(c);
    char hint[120];
    snprintf(hint, sizeof hint, "%s", nodes_are);
    tried_words(c, "spare");
    uint32_t col = cur_place(c).col - 1;
    if (!t) return report(c->p, col, 1, hint, "expected a node's name, but the line ends");
    if (t->kind == TOK_NUMBER && t->n <= 2)
        snprintf(hint, sizeof hint, "write nodes n1..n%.*s", (int)t->n, t->text);
    else if (!is_param(c->p, t, hint, sizeof hint)) tried_guess(c, hint, sizeof hint);
    return report(c->p, col, t->width, hint, "expected a node's name, found '%.*s'",
                  (int)(t->n < 60 ? t->n : 60), t->text);
}

static bool need_node_names(struct cursor *c, node_set *set, const char *stop)
{
    do {
        uint64_t v[2];
        bool range = false;
        for (int i = 0; i == 0 || (i == 1 && range); i++) {
            const struct token *t = cur_peek(c);
            if (!t || t->kind != TOK_WORD || t->text[0] != 'n' || t->n < 2 ||
                number_digits(t->text + 1, t->n - 1) != t->n - 1 ||
                !number_scaled(t->text + 1, t->n - 1, 1, &v[i]) || v[i] < 1 || v[i] > NODES_MAX)
                return no_node_name(c);
            c->at++;
            if (i == 0) range = cur_word(c, "..");
        }
        if (!range) v[1] = v[0];
        if (v[1] < v[0])
            return c->at--,
                   report(c->p, cur_place(c).col - 1, 1, "write the lower number first",
                          "this span of nodes is empty");
        for (uint64_t n = v[0]; n <= v[1]; n++) *set |= NODE_BIT(n);
    } while (!cur_end(c) && !cur_is(c, stop) && !cur_is(c, "learners"));
    return true;
}

static bool need_cluster(struct cursor *c)
{
    struct world_plan *plan = &c->p->prog->plan;
    node_set voters = 0, spare = 0;
    if (!need_node_names(c, &voters, "spare")) return false;
    uint32_t at = c->at - 1;
    if (cur_is(c, "learners"))
        return cur_error(c, "leave it out", "learners are not part of the language yet");
    if (cur_word(c, "spare") && !need_node_names(c, &spare, "")) return false;
    uint32_t all = voters | spare;
    const char *wrong = NULL, *hint = NULL;
    if (voters & spare) wrong = "a node is a voter or spare, not both";
    else if (all & (all + 1))
        wrong = "nodes are numbered from n1 without gaps",
            hint = "write nodes n1..n5, or nodes n1..n3 spare n4";
    if (wrong) at = 1;
    else if (__builtin_popcount(voters) > 9) wrong = "too many voters", hint = nodes_are;
    if (wrong) return report(c->p, c->tok[at].col, c->tok[at].width, hint, "%s", wrong);
    c->at = c->n;
    plan->nodes = (uint8_t)__builtin_popcount(all);
    plan->voters = voters, plan->spare = spare;
    c->p->prog->sized_by_param = !as_written(c);
    return true;
}

void nodes_failed(struct parser *p)
{
    struct program *g = p->prog;
    if (g->plan.nodes) return;
    g->plan.nodes = NODES_MAX, g->plan.voters = nodes_to(NODES_MAX);
    g->sized_by_param = true;
}

bool parse_nodes(struct cursor *c, struct stmt *s)
{
    (void)s;
    if (!said_once(c, &c->p->prog->said_nodes, "the cluster")) return false;
    return need_cluster(c) || (nodes_failed(c->p), false);
}

/* ---- options, seed, budget ---- */

/* ---- options that are drawn ---- */

/* A value that was drawn, read as if it stood at `place`. */
static bool read_drawn(struct cursor *c, const char *name, uint32_t n, const char *value,
                       const struct place *place, struct override *o)
{
    struct token cut[LINE_TOKENS_MAX];
    struct lex_error e;
    struct cursor one = {.p = c->p, .tok = cut};
    if (!lex_line(value, (uint32_t)strlen(value), cut, &one.n, &e))
        return report_at(c->p, place, e.hint, "with '%s' put in: %s", value, e.what);
    for (uint32_t i = 0; i < one.n; i++) cut[i].col = place->col - 1, cut[i].width = 1;
    if (!option_parse(&one, name, n, o) || !cur_need_end(&one)) return false;
    return o->axis = c->p->varied, true;
}

/* set OPTION drawn VALUES [on each] */
static bool set_drawn(struct cursor *c, const char *name, uint32_t n, const struct place *at)
{
    struct parser *p = c->p;
    const struct option_row *row = option_find(p->prog, name, n);
    struct lots all;
    struct override o;
    if (!row) return c->at -= 2, option_unknown(c, name, n, "'wavetank list options' shows all");
    if (!need_lots(c, row->type == OPTION_SPAN, &all)) return false;
    const uint32_t on = c->at;
    const bool each = cur_word(c, "on");
    if (each && !cur_word(c, "each"))
        return cur_error(c, "write `on each`, or draw a param, and set the option from it",
                         "what is drawn in a `set` is for all nodes, or for each its own");
    if (each && row->of_world)
        return c->at = on, cur_error(c, "leave out `on each`",
                                     "%s is one for the whole world, not of a node", row->name);
    if (each && !p->prog->plan.nodes)
        return c->at = on, cur_error(c, "write `nodes` above it", "there are no nodes yet");
    struct drawn *d = drawn_new(p, at, row->name, row->name, &all);
    for (uint32_t node = each, last = each ? p->prog->plan.nodes : 0; d && node <= last; node++) {
        const char *value = drawn_now(c, d, node, &all);
        if (!value || !read_drawn(c, name, n, value, &all.item[0].place, &o)) return false;
        o.on = each ? NODE_BIT(node) : 0;
        if (!override_add(p, &o)) return false;
    }
    return d != NULL;
}

bool parse_set(struct cursor *c, struct stmt *s)
{
    const char *name;
    uint32_t n;
    struct override o;
    (void)s;
    c->p->hushed++;
    const bool nodes_first = cur_nodes(c, &o.on);
    c->p->hushed--;
    if (nodes_first)
        return c->at = 1, cur_error(c, "write set OPTION VALUE on n1", "nodes stand at the end");
    if (!cur_need_name(c, &name, &n, "an option")) return false;
    if (cur_is(c, "="))
        return cur_error(c, "write set heartbeat 30ms", "no = stands in a `set`");
    const struct place drawn = cur_place(c);
    if (cur_word(c, "drawn")) return set_drawn(c, name, n, &drawn);
    if (!option_parse(c, name, n, &o)) return false;
    if (cur_end(c) && as_written(c) && !strcmp(o.text, "default"))
        return c->at--, cur_error(c, "leave the line out", "%s is at its default anyway",
                                  o.row->name);
    const uint32_t at = c->at;
    if (cur_word(c, "on") && !need_node_set(c, &o.on, "nodes")) return false;
    if (o.on && o.row->of_world)
        return c->at = at, cur_error(c, "leave out `on` and the nodes",
                                     "%s is one for the whole world, not of a node", o.row->name);
    o.axis = c->p->varied;
    return override_add(c->p, &o);
}

bool parse_seed(struct cursor *c, struct stmt *s)
{
    (void)s;
    if (!said_once(c, &c->p->prog->said_seed, "the seed")) return false;
    if (!cur_need_count(c, &c->p->prog->seed, 0, UINT64_MAX, "a seed (a number or 0x hex)"))
        return false;
    c->p->prog->has_seed = true;
    return true;
}

bool parse_budget(struct cursor *c, struct stmt *s)
{
    struct program *g = c->p->prog;
    (void)s;
    if (!said_once(c, &g->said_budget, "the budget")) return false;
    if (!cur_need_time(c, &g->budget_time, "a simulated time")) return false;
    return !cur_word(c, "events") ||
           cur_need_count(c, &g->budget_events, 1, UINT64_MAX, "a number of events");
}

/* ---- only-if, disable ---- */

bool parse_only_if(struct cursor *c, struct stmt *s)
{
    static const char words[] = "async-disk|lease|pin-timeout|progress|compose";
    struct program *g = c->p->prog;
    const bool there[] = {true, true, g->plan.sut->pin_timeout != NULL,
                          g->plan.sut->progress != NULL, g->plan.sut->compose != NULL};
    uint32_t which, named = 0, from = c->at + 1;
    bool any = false;
    (void)s;
    if (!cur_need_word(c, "feature")) return false;
    do {
        if (!cur_need_choice(c, words, &which, "a feature")) return false;
        if (named & (UINT32_C(1) << which))
            return c->at--, cur_error(c, "leave it out", "this feature stands here already");
        named |= UINT32_C(1) << which;
        any = any || there[which];
    } while (cur_word(c, "or"));
    return any || (g->skip = cur_text(c, from)) != NULL;
}

bool parse_disable(struct cursor *c, struct stmt *s)
{
    const char *name;
    uint32_t n;
    char *why, hint[120];
    (void)s;
    if (!cur_need_word(c, "invariant") || !cur_need_name(c, &name, &n, "a check's name"))
        return false;
    int check = check_by_name(name, n);
    if (check < 0) {
        struct guess g = guess_for(name, n);
        for (const struct check *const *k = checks; *k; k++)
            guess_try(&g, (*k)->name, strlen((*k)->name));
        c->at--;
        return cur_error(c, did_you_mean(&g, hint, sizeof hint)
                             ? hint : "'wavetank list checks' shows all",
                         "unknown check '%.*s'", (int)n, name);
    }
    if (!cur_need_word(c, "because") || !cur_need_string(c, &why, "the reason")) return false;
    c->p->prog->disabled |= UINT32_C(1) << check;
    return true;
}
