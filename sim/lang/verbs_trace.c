/* SPDX-License-Identifier: MIT */
/*
 * Golden blocks: `trace show CLASS...` selects classes of events, and `trace expect ... end`
 * compares what they told since, one sentence a line, with the block's own lines.
 *
 * Method. From `trace show` on, each record of the selected classes is written down as the text
 * sink would (trace/text.h) when it is made. A block is the story of one run, that of the file as
 * it stands with the file's own seed: other seeds, settings and tapes, and runs without faults,
 * pass it by, unless it is said to hold for any seed.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../trace/classes.h"
#include "../trace/text.h"
#include "parse.h"
#include "play.h"
#include "rows.h"

enum { SHOWN_BYTES = 64 << 10, SENTENCE_BYTES = 2048 };

struct show_args { uint32_t classes; bool times; };
struct golden_args { struct golden golden; bool any_seed; };

/* ---- reading ---- */

static bool need_class(struct cursor *c, uint32_t *classes)
{
    const struct token *t = cur_peek(c);
    char hint[240];
    struct guess g = guess_for(t ? t->text : "", t && t->kind == TOK_WORD ? t->n : 0);
    size_t n = (size_t)snprintf(hint, sizeof hint, "there are");
    for (uint32_t i = 0; trace_classes[i].name; i++) {
        if (cur_word(c, trace_classes[i].name)) return *classes |= UINT32_C(1) << i, true;
        guess_try(&g, trace_classes[i].name, strlen(trace_classes[i].name));
        n += (size_t)snprintf(hint + n, sizeof hint - n, " %s", trace_classes[i].name);
        assert(n < sizeof hint);
    }
    did_you_mean(&g, hint, sizeof hint);
    return cur_error(c, hint, t ? "unknown class of events"
                                : "expected a class of events, but the line ends");
}

bool parse_trace_show(struct cursor *c, struct stmt *s)
{
    struct show_args *a = s->args = args_take(c, sizeof *a);
    if (!a) return false;
    if (cur_is(c, "expect"))
        return cur_error(c, "it stands on a line of its own", "a golden block cannot stand here");
    if (!cur_need_word(c, "show")) return false;
    do {
        if (!need_class(c, &a->classes)) return false;
    } while (!cur_end(c) && !cur_is(c, "with"));
    a->times = cur_word(c, "with");
    if (a->times && !cur_need_word(c, "times")) return false;
    c->p->prog->shows = true;
    return true;
}

/* The block's lines without the blanks around them, each with a newline. */
static char *golden_text(struct parser *p, const struct line *first, const struct line *end,
                         size_t *n)
{
    size_t size = 1;
    for (const struct line *l = first; l < end; l++) size += l->n + 1u;
    char *text = pool_take(p->pool, size);
    *n = 0;
    if (!text) return out_of_memory(p), NULL;
    for (const struct line *l = first; l < end; l++) {
        const char *s = p->source->text + l->at, *stop = s + l->n;
        while (s < stop && strchr(" \t\r", *s)) s++;
        while (stop > s && strchr(" \t\r", stop[-1])) stop--;
        memcpy(text + *n, s, (size_t)(stop - s));
        *n += (size_t)(stop - s);
        text[(*n)++] = '\n';
    }
    return text;
}

static bool note_golden(struct parser *p, uint32_t line)
{
    struct scenario *sc = p->scenario;
    for (uint32_t i = 0; i < sc->ngoldens; i++)
        if (sc->goldens[i] == line) return true;
    if (sc->ngoldens == GOLDENS_MAX)
        return report(p, 0, 5, NULL, "at most %d golden blocks", GOLDENS_MAX);
    sc->goldens[sc->ngoldens++] = line;
    return true;
}

bool golden_parse(struct cursor *c, struct stmt *s, const struct line *first,
                  const struct line *end)
{
    struct parser *p = c->p;
    struct golden_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !cur_need_word(c, "expect")) return false;
    if (cur_word(c, "for")) {
        if (!cur_need_word(c, "any") || !cur_need_word(c, "seed")) return false;
        a->any_seed = true;
    }
    if (!cur_need_end(c)) return false;
    c->at = 0;
    if (p->source != p->scenario->main)
        return cur_error(c, "write it into the file that is run",
                         "a golden block tells of one file's run, and cannot be included");
    if (!p->prog->shows)
        return cur_error(c, "write `trace show elections` (or commits, ...) above it",
                         "nothing is shown yet");
    a->golden.line = p->line->number, a->golden.end = end->number;
    a->golden.want = golden_text(p, first, end, &a->golden.want_n);
    return a->golden.want && note_golden(p, a->golden.line);
}

/* ---- playing ---- */

bool run_trace_show(struct player *p, const struct stmt *s)
{
    const struct show_args *a = s->args;
    struct shown *shown = &p->shown;
    if (!shown->text) shown->text = arena_at(&p->w->arena, arena_take(&p->w->arena, SHOWN_BYTES));
    shown->classes = a->classes, shown->times = a->times;
    shown->n = 0, shown->full = false;
    return true;
}

/* A statement stands in a block without its line, which moves with each that is written above it;
 * the block's own is no part of its story. */
static bool sentence(struct player *p, const struct record *r, char *line, size_t size)
{
    if (r->kind != REC_STEP) return trace_sentence(p->w, r, line, size) > 0;
    snprintf(line, size, "%s", statement_words(p, p->current->number));
    return p->current->verb->run != run_trace_expect;
}

void show_record(struct player *p, const struct record *r)
{
    struct shown *s = &p->shown;
    char line[SENTENCE_BYTES], time[40] = "";
    if (!class_has(s->classes, r) || !sentence(p, r, line, sizeof line)) return;
    if (s->times)
        snprintf(time, sizeof time, "%llu.%06llus ", (unsigned long long)(r->at / SEC(1)),
                 (unsigned long long)(r->at % SEC(1) / US(1)));
    int n = s->full ? 0 : snprintf(s->text + s->n, SHOWN_BYTES - s->n, "%s%s\n", time, line);
    if (n >= (int)(SHOWN_BYTES - s->n)) s->full = true, n = 0;
    s->n += (uint32_t)n;
}

static bool tells_of_this_run(const struct player *p, const struct golden_args *a)
{
    uint64_t own = 1;
    scenario_seed(p->scenario, (uint32_t)(p->prog - p->scenario->programs), &own);
    const struct choices *choices = &p->w->choices;
    if (p->how->calm || p->scenario->settled || choices->zero_base || choices->mask) return false;
    return a->any_seed || choices->seed == own;
}

static bool golden_fail(struct player *p, const struct stmt *s, const struct golden *g)
{
    const char *want = g->want, *seen = g->seen;
    uint32_t line = 1;
    size_t i = 0, from = 0;
    for (; i < g->want_n && i < g->seen_n && want[i] == seen[i]; i++)
        if (want[i] == '\n') line++, from = i + 1;
    int want_n = (int)strcspn(want + from, "\n"), seen_n = (int)strcspn(seen + from, "\n");
    const char *nothing = "nothing more";
    bool want_ends = from >= g->want_n, seen_ends = from >= g->seen_n;
    struct evidence rests = {0};
    evidence_add(&rests, &(struct evidence_part){.filter.classes = p->shown.classes,
                                                 .latest = EVIDENCE_LATEST});
    play_rests(p, &rests);
    return play_fail(p, &s->place, V_EXPECTATION, "golden",
                     "line %u of the golden block: wanted %.*s, saw %.*s", line,
                     want_ends ? 20 : want_n < 90 ? want_n : 90, want_ends ? nothing : want + from,
                     seen_ends ? 20 : seen_n < 90 ? seen_n : 90, seen_ends ? nothing : seen + from);
}

bool run_trace_expect(struct player *p, const struct stmt *s)
{
    const struct golden_args *a = s->args;
    struct golden g = a->golden;
    struct shown *shown = &p->shown;
    assert(shown->text);                    /* the reader has seen a `trace show` before */
    if (shown->full)
        return play_fail(p, &s->place, V_ERROR, "error",
                         "more than %d bytes of events were shown: show fewer classes, or compare "
                         "sooner", SHOWN_BYTES);
    shown->text[shown->n] = 0;
    g.seen = shown->text, g.seen_n = shown->n;
    g.same = g.want_n == g.seen_n && !memcmp(g.want, g.seen, g.want_n);
    g.judged = !p->how->bless && tells_of_this_run(p, a);
    if (p->how->golden) p->how->golden(p->how->golden_ctx, &g);
    bool good = g.same || !g.judged || golden_fail(p, s, &g);
    shown->n = 0;
    return good;
}
