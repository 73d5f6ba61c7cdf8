/* SPDX-License-Identifier: MIT */
/*
 * Method. The lines of a chaos block belong to the rows of faults.def: the longest name that fits
 * takes the line, reads its own words, and the words that all share (when, how long, how often) may
 * stand before, between and behind them. What they do is the engine's affair (faults/chaos.c); this
 * file only starts it, lets the time pass, and asks for progress.
 */
#include <assert.h>
#include <string.h>

#include "../faults/fault.h"
#include "parse.h"
#include "play.h"
#include "rows.h"

enum { WORKLOADS_MAX = 8 };
struct chaos_args {
    struct chaos_block block;
    uint32_t nworkloads;
    struct stmt workload[WORKLOADS_MAX];
    struct place then;
};

/* ---- one line ---- */

/* How many words of the line are this fault's name; 0: it is another's. */
static uint32_t name_length(const struct cursor *c, const struct fault *f)
{
    struct cursor at = *c;
    uint32_t words = 0;
    for (const char *s = f->name; *s; s += strspn(s, " "), words++) {
        const struct token *t = cur_peek(&at);
        size_t n = strcspn(s, " ");
        if (!t || t->kind != TOK_WORD || t->n != n || memcmp(t->text, s, n)) return 0;
        at.at++, s += n;
    }
    return words;
}

static const struct fault *find_fault(struct cursor *c)
{
    const struct fault *best = NULL;
    uint32_t most = 0;
    for (const struct fault *const *f = faults; *f; f++) {
        uint32_t n = name_length(c, *f);
        if (n > most) most = n, best = *f;
    }
    c->at += most;
    return best;
}

static bool unknown_fault(struct cursor *c)
{
    const struct token *t = cur_peek(c);
    char hint[160], text[96];
    const struct token *u = c->at + 1 < c->n && t[1].kind == TOK_WORD ? t + 1 : NULL;
    snprintf(text, sizeof text, "%.*s%s%.*s", (int)(t->n < 40 ? t->n : 40), t->text, u ? " " : "",
             u ? (int)(u->n < 40 ? u->n : 40) : 0, u ? u->text : "");
    struct guess g = guess_for(t->text, t->n);
    for (const struct fault *const *f = faults; *f; f++)
        guess_try(&g, (*f)->name, strlen((*f)->name));
    if (!g.best) {
        g = guess_for(text, (uint32_t)strlen(text));
        for (const struct fault *const *f = faults; *f; f++)
            guess_try(&g, (*f)->name, strlen((*f)->name));
    }
    if (!did_you_mean(&g, hint, sizeof hint))
        snprintf(hint, sizeof hint,
                 "'wavetank list faults' shows all; also: workload, swarm, no swarm, include, "
                 "then");
    return cur_error(c, hint, "unknown fault '%s'", text);
}

/* The name of an occasion: its place in occasions.def, from 1. */
static bool need_occasion(struct cursor *c, uint8_t *place)
{
    const struct token *t = cur_peek(c);
    for (uint8_t i = 0; occasions[i].name; i++)
        if (cur_word(c, occasions[i].name)) {
            *place = (uint8_t)(i + 1);
            return true;
        }
    char hint[160];
    struct guess g = t && t->kind == TOK_WORD ? guess_for(t->text, t->n) : (struct guess){0};
    for (const struct occasion *o = occasions; g.word && o->name; o++)
        guess_try(&g, o->name, strlen(o->name));
    if (!did_you_mean(&g, hint, sizeof hint))
        snprintf(hint, sizeof hint, "'wavetank list occasions' shows all, win and vote among them");
    return cur_error(c, hint, "expected an occasion");
}

/* after A..B: how long it stays. after OCCASION [within D]: when it strikes. */
static bool need_after(struct cursor *c, struct fault_line *l)
{
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_WORD)
        return cur_need_span(c, &l->for_min, &l->for_max, "a span of times, or an occasion");
    if (!need_occasion(c, &l->after)) return false;
    return !cur_word(c, "within") || cur_need_time(c, &l->after_within, "a time");
}

static bool need_for(struct cursor *c, struct fault_line *l)
{
    if (cur_word(c, "ever")) return l->for_ever = true;
    return cur_need_span(c, &l->for_min, &l->for_max, "a span of times, or ever");
}

/* Takes one of the words that all faults share. *took false: the next word is none of them. */
static bool take_timing(struct cursor *c, struct fault_line *l, bool *took)
{
    uint64_t rate, n;
    uint32_t at = c->at;
    *took = true;
    if (cur_word(c, "every"))
        return cur_need_span(c, &l->every_min, &l->every_max, "a span of times");
    if (cur_word(c, "for")) return need_for(c, l);
    if (cur_word(c, "until")) return need_occasion(c, &l->until);
    if (cur_word(c, "weight")) {
        if (!cur_need_count(c, &n, 1, 10, "a weight (1 seldom, 10 always)")) return false;
        l->weight = (uint32_t)n;
        return true;
    }
    if (cur_word(c, "heal") || cur_word(c, "restart") || cur_word(c, "resume"))
        return cur_need_word(c, "after") &&
               cur_need_span(c, &l->for_min, &l->for_max, "a span of times");
    if (cur_word(c, "after")) return need_after(c, l);
    if (cur_rate(c, &rate) && rate) {
        uint64_t gap = SEC(1000) / rate;
        l->every_min = gap / 2, l->every_max = gap + gap / 2;
        return true;
    }
    c->at = at;
    if (c->at + 2 < c->n && c->tok[at].kind == TOK_NUMBER && c->tok[at + 1].n == 1 &&
        *c->tok[at + 1].text == '/')
        return cur_error(c, "write 0.5/s or 30/min; a gap is written every 1s..3s",
                         "expected a rate");
    *took = false;
    return true;
}

static bool unexpected_word(struct cursor *c, const struct fault *f)
{
    const struct token *t = cur_peek(c);
    char hint[300];
    size_t n = 0;
    if (t->kind == TOK_WORD && tried_list(c, hint, sizeof hint / 2)) n = strlen(hint);
    snprintf(hint + n, sizeof hint - n, "%sfor instance: %.180s", n ? "; " : "", f->example);
    return cur_error(c, hint, "unexpected '%.*s'", (int)(t->n < 60 ? t->n : 60), t->text);
}

static bool need_fault(struct cursor *c, struct chaos_block *b)
{
    struct fault_line l = {.weight = 5, .line = c->p->line->number};
    bool took = true;
    if (b->nlines == CHAOS_LINES)
        return cur_error(c, NULL, "at most %d lines of faults", CHAOS_LINES);
    l.kind = find_fault(c);
    if (!l.kind) return unknown_fault(c);
    c->p->example = l.kind->example;
    while (took) {
        uint32_t at = c->at;
        if (!l.kind->parse(c, &l) || !take_timing(c, &l, &took)) return false;
        took = c->at > at;
    }
    if (!cur_end(c)) return unexpected_word(c, l.kind);
    const char *hint, *unfit = fault_line_unfit(&l, &hint);
    if (unfit) return c->at = 0, cur_error(c, hint, "%s %s", l.kind->name, unfit);
    b->lines[b->nlines++] = l;
    return true;
}

/* then heal [and expect progress within D] */
static bool need_then(struct cursor *c, struct chaos_args *a)
{
    a->then = cur_place(c);
    if (!cur_need_word(c, "heal")) return false;
    if (cur_end(c)) return true;
    if (!cur_need_word(c, "and") || !cur_need_word(c, "expect") || !cur_need_word(c, "progress") ||
        !cur_need_word(c, "within"))
        return false;
    if (!cur_need_bound(c, &a->block.progress_within, "a time")) return false;
    if (!bound_given(a->block.progress_within))
        return c->at--, cur_error(c, NULL, "progress needs time");
    c->p->prog->asserts++;
    return cur_need_end(c);
}

static bool lines_of_include(struct parser *, struct source *, void *block);

static bool need_chaos_line(struct cursor *c, struct chaos_args *a, struct line *line)
{
    bool holds = true;
    if (cur_word(c, "when") && !when_read(c, line, &holds)) return false;
    if (!holds) return true;
    if (a->then.line)
        return cur_error(c, "`then heal ...` is the last line of a chaos block",
                         "nothing follows `then`");
    if (cur_word(c, "swarm")) return a->block.swarm = true, cur_need_end(c);
    if (cur_word(c, "no"))
        return a->block.swarm = false, cur_need_word(c, "swarm") && cur_need_end(c);
    if (cur_word(c, "then")) return need_then(c, a);
    if (cur_word(c, "include")) return include_read(c, lines_of_include, a);
    if (!cur_is(c, "workload")) return need_fault(c, &a->block);
    if (a->nworkloads == WORKLOADS_MAX)
        return cur_error(c, NULL, "at most %d workloads in a chaos block", WORKLOADS_MAX);
    return parse_statement(c, &a->workload[a->nworkloads++]);
}

/* Lines first .. end - 1 of the source that is read. */
static bool need_chaos_lines(struct parser *p, struct chaos_args *a, struct line *first,
                             const struct line *end)
{
    bool ok = true;
    for (struct line *l = first; l < end && !gave_up(p); l++) {
        struct cursor line = {.p = p};
        p->line = l;
        ok = put_in(p, &line) && need_chaos_line(&line, a, l) && ok;
    }
    return ok;
}

static bool lines_of_include(struct parser *p, struct source *s, void *block)
{
    return need_chaos_lines(p, block, s->lines, s->lines + s->nlines);
}

bool chaos_parse(struct cursor *c, struct stmt *s, struct line *first, const struct line *end)
{
    struct chaos_args *a = s->args = args_take(c, sizeof *a);
    struct parser *p = c->p;
    bool ok = true;
    if (!a) return false;
    a->block.swarm = true, a->block.line = p->line->number;
    if (!cur_need_time(c, &a->block.duration, "a time") || !cur_need_end(c)) ok = false;
    ok = need_chaos_lines(p, a, first, end) && ok;
    p->prog->chaos = true;
    p->prog->probe = p->prog->probe || bound_given(a->block.progress_within);
    return ok;
}

/* ---- playing ---- */

bool run_chaos(struct player *p, const struct stmt *s)
{
    const struct chaos_args *a = s->args;
    struct healing healing = {.core = voters_of(p->w, p->group)};
    for (uint32_t i = 0; i < a->nworkloads; i++)
        if (!play_statement(p, &a->workload[i])) return false;
    if (!p->how->calm) chaos_begin(p->w, &a->block);
    if (!play_wait(p, p->w->now + a->block.duration)) return false;
    unmet_healing(p);
    if (p->how->calm)
        healing.within = bound_time(p->w, a->block.progress_within, healing.core);
    else
        healing = chaos_heal(p->w);
    const bool owed = bound_given(a->block.progress_within);
    if (owed && healing.unable) {
        play_unable(p, healing.unable);
    } else if (owed) {
        play_progress(p, healing.core, healing.within);
        if (!play_await_progress(p, &a->then, healing.within)) return false;
    }
    workload_stop(p->w);
    return true;
}
