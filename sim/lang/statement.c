/* SPDX-License-Identifier: MIT */
/*
 * Method. One statement: its first word finds a row of the verb table; where rows have a second
 * word after the nodes it stands for, that one decides. The row's own function reads the rest and
 * must use all of it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "shown.h"

/* Words that somebody may look for who knows other tools, and what stands for them here. */
static const struct { const char *word, *way; } elsewhere[] = {
    {"sweep", "seeds belong to the command line: wavetank sweep FILE --seeds 1..1000"},
    {"tick-heartbeat", "write tick n1"},
    {"tick-election", "write tick n1 10, or campaign n1"},
    {"stabilize|process-ready", "write settle"},
    {"sleep", "write wait 1s"},
    {"kill|stop|shutdown", "write crash n1, or pause n1"},
    {"revive|start|reboot", "write restart n1"},
    {"disconnect", "write isolate n1, or cut n1 - n2"},
    {"reconnect|connect", "write heal n1, or join n1 - n2"},
    {"elect", "write campaign n1"},
    {"assert|check|verify", "write expect leader n1"},
    {"write|read|cas|append", "write client c1 write x 1, or client c1 read x"},
    {"replicate", "entries travel of themselves; write settle"},
    {"forget-leader", "no statement does that alone; write restart n1, or isolate leader"},
    {"dispatch", "write deliver n1 -> n2"},
    {"transfer", "leadership transfer is not part of the language yet"},
    {"change", "membership changes are not part of the language yet"},
    {"leave-joint", "membership changes are not part of the language yet"},
    {"snapshot", "snapshots are not part of the language yet"},
    {"compact", "snapshots are not part of the language yet"},
    {"send-snapshot", "snapshots are not part of the language yet"},
};

static bool known_elsewhere(struct cursor *c)
{
    const struct token *t = cur_peek(c);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        if (t->kind == TOK_WORD && word_among(elsewhere[i].word, t->text, t->n)) {
            report(c->p, t->col, t->width, elsewhere[i].way, "unknown statement '%.*s'",
                   (int)t->n, t->text);
            return true;
        }
    return false;
}

static bool unknown_verb(struct cursor *c)
{
    const struct token *t = cur_peek(c);
    char hint[120];
    if (c->p->header && known_elsewhere(c)) return false;
    struct guess g = guess_for(t->text, t->kind == TOK_WORD ? t->n : 0);
    for (const struct verb *v = verbs; v->name; v++)
        for (const char *w = v->name; *w; w += strcspn(w, "|"), w += *w == '|')
            guess_try(&g, w, strcspn(w, "|"));
    const char *way = "'wavetank list verbs' shows all";
    if (t->kind != TOK_WORD)
        way = "a statement begins with a word; 'wavetank list verbs' shows all";
    if (!c->p->header) way = "a scenario begins with 'wavetank 1'";
    if (!did_you_mean(&g, hint, sizeof hint)) snprintf(hint, sizeof hint, "%s", way);
    c->p->header = true;            /* said once */
    return report(c->p, t->col, t->width, hint, "unknown statement '%.*s'",
                  (int)(t->n < 60 ? t->n : 60), t->text);
}

/* NAME NODES SUB ..., or NAME SUB ...: the row that has this sub. */
static const struct verb *find_sub(struct cursor *c, const struct verb *first, struct stmt *s)
{
    char words[240] = "", hint[300];
    if (!(first->flags & VERB_WORDS) && !need_who(c, &s->who, "nodes")) return NULL;
    const struct token *t = cur_peek(c);
    struct guess g = guess_for(t ? t->text : "", t && t->kind == TOK_WORD ? t->n : 0);
    for (const struct verb *v = first; v->name; v++) {
        if (strcmp(v->name, first->name)) continue;
        if (t && t->kind == TOK_WORD && word_among(v->sub, t->text, t->n))
            return c->at++, c->p->example = v->example, v;
        for (const char *w = v->sub; *w; w += strcspn(w, "|"), w += *w == '|')
            guess_try(&g, w, strcspn(w, "|"));
        size_t n = strlen(words);
        for (const char *w = v->sub; *w; w += strcspn(w, "|"), w += *w == '|', n = strlen(words))
            snprintf(words + n, sizeof words - n, "%s %.*s", n ? "," : "", (int)strcspn(w, "|"), w);
    }
    const char *dots = first->flags & VERB_WORDS ? "" : "... ";
    if (!did_you_mean(&g, hint, sizeof hint))
        snprintf(hint, sizeof hint, "here may stand%s", words);
    if (!t)
        cur_error(c, hint, "the statement '%s %s' is not complete", first->name,
                  *dots ? "..." : "");
    else
        cur_error(c, hint, "unknown statement '%s %s%.*s'", first->name, dots,
                  (int)(t->n < 60 ? t->n : 60), t->text);
    return NULL;
}

/* NAME SUB ... beside a plain NAME ...: the row whose sub stands here; NULL: the plain one. */
static const struct verb *beside(const struct cursor *c, const struct verb *plain)
{
    const struct token *t = cur_peek(c);
    for (const struct verb *v = plain + 1; v->name && t && t->kind == TOK_WORD; v++)
        if ((v->flags & VERB_WORDS) && !strcmp(v->name, plain->name) &&
            word_among(v->sub, t->text, t->n))
            return v;
    return NULL;
}

static const struct verb *find_verb(struct cursor *c, struct stmt *s)
{
    const struct token *t = cur_peek(c);
    if (!t) return cur_error(c, NULL, "expected a statement, but the line ends"), NULL;
    for (const struct verb *v = verbs; v->name && t->kind == TOK_WORD; v++) {
        if (!word_among(v->name, t->text, t->n)) continue;
        if (!v->parse)
            return cur_error(c, !strcmp(v->name, "when") ? "it stands before all of the statement"
                                                         : "it stands on a line of its own",
                             "'%s' cannot stand here", v->name), NULL;
        c->at++;
        const struct verb *other = *v->sub ? NULL : beside(c, v);
        if (other) v = other, c->at++;
        c->p->example = v->example;
        return *v->sub && !other ? find_sub(c, v, s) : v;
    }
    unknown_verb(c);
    return NULL;
}

static bool allowed_here(struct cursor *c, uint32_t at, const struct verb *v)
{
    struct parser *p = c->p;
    const char *wrong = NULL, *hint = NULL;
    if (!p->header && strcmp(v->name, "wavetank"))
        wrong = "a scenario begins with 'wavetank 1'", hint = "write it on the first line",
            p->header = true;
    else if (v->flags & VERB_SETUP && p->prog->started)
        wrong = "the cluster has started already", hint = "move this line before the first action";
    if (!wrong) return true;
    return report(p, c->tok[at].col, c->tok[at].width, hint, "%s", wrong);
}

/* What a statement may end in, so that no verb has to know it. */
static const char *const if_any[] = {"if", "any", NULL};
static const char *const even_if_lost[] = {"even", "if", "lost", NULL};

/* Cuts these words off the end of the line; *where is the first of them. */
static bool cut_tail(struct cursor *c, const char *const *words, struct token *where)
{
    uint32_t n = 0;
    while (words[n]) n++;
    if (c->n < c->at + n) return false;
    struct cursor tail = *c;
    tail.at = c->n - n;
    for (uint32_t i = 0; i < n; i++, tail.at++)
        if (!cur_is(&tail, words[i])) return false;
    c->n -= n;
    *where = c->tok[c->n];
    return true;
}

/* What is asked or looked at has its own way with nobody, and who waits wants somebody. */
static bool may_mean_nobody(const struct cursor *c, const struct stmt *s)
{
    return c->p->sought && !s->moves && !(s->verb->flags & (VERB_ASSERTS | VERB_WORDS));
}

static bool need_rest(struct cursor *c, struct stmt *s)
{
    struct token any = {0}, lost = {0};
    for (int i = 0; i < 2 && !(s->verb->flags & VERB_CARRIES); i++) {
        s->if_any = s->if_any || cut_tail(c, if_any, &any);
        s->even_if_lost = s->even_if_lost || cut_tail(c, even_if_lost, &lost);
    }
    if (!s->verb->parse(c, s)) return false;
    const bool seeks = may_mean_nobody(c, s) || s->seeks;
    if (seeks && !s->if_any) tried_words(c, "if any");
    if (s->sends && !s->even_if_lost) tried_words(c, "even if lost");
    if (!cur_need_end(c)) return false;
    if (s->if_any && !seeks && as_written(c))
        return report(c->p, any.col, any.width, "write every 1s: isolate leader if any",
                      "`if any` belongs to what is done to nodes that are found by a word, or to "
                      "single messages or writes");
    return !s->even_if_lost || s->sends || !as_written(c) ||
           report(c->p, lost.col, lost.width, "write release h1 even if lost",
                  "`even if lost` belongs to single messages that are set on their way");
}

struct stmt block_statement(const struct cursor *c, verb_run *run)
{
    struct cursor begin = *c;
    begin.at = 0;
    struct stmt s = {.place = cur_place(&begin), .verb = verbs};
    while (s.verb->run != run) s.verb++;
    s.moves = s.verb->flags & VERB_MOVES;
    return s;
}

bool tell_statement(struct cursor *c, struct stmt *s, uint32_t at)
{
    struct program *g = c->p->prog;
    if (g->ntold == g->told_cap) {
        uint32_t cap = g->told_cap ? g->told_cap * 2 : 64;
        struct told *more = realloc(g->told, cap * sizeof *more);
        if (!more) return out_of_memory(c->p);
        g->told = more, g->told_cap = cap;
    }
    char *words = cur_text(c, at);
    if (!words) return false;
    make_clean(words);
    g->told[g->ntold++] = (struct told){words, s->place};
    s->number = g->ntold;
    return true;
}

/* A statement may carry another one, which is then the one of which is asked. */
static bool parse_whole(struct cursor *c, struct stmt *s)
{
    const uint32_t at = c->at;
    const struct group_said outer = c->p->group;
    c->p->group = (struct group_said){0};
    c->p->sought = false;
    if (!(s->verb = find_verb(c, s)) || !allowed_here(c, at, s->verb)) return false;
    if (s->verb->run && !tell_statement(c, s, at)) return false;
    if (!group_cut(c, s) || !need_rest(c, s) || !group_meant(c)) return false;
    c->p->group = outer;
    return true;
}

bool parse_statement(struct cursor *c, struct stmt *s)
{
    *s = (struct stmt){.place = cur_place(c)};
    if (!parse_whole(c, s)) return false;
    if (s->verb->flags & VERB_BOOTS) c->p->prog->started = true;
    if (s->verb->flags & VERB_ASSERTS) c->p->prog->asserts++;
    return true;
}

bool add_statement(struct parser *p, const struct stmt *s)
{
    struct program *g = p->prog;
    if (g->nstmts == g->cap) {
        uint32_t cap = g->cap ? g->cap * 2 : 64;
        struct stmt *more = realloc(g->stmts, cap * sizeof *more);
        if (!more) return out_of_memory(p);
        g->stmts = more, g->cap = cap;
    }
    g->stmts[g->nstmts++] = *s;
    return true;
}
