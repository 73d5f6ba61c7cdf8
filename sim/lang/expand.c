/* SPDX-License-Identifier: MIT */
/*
 * Method. The words that shape a file are carried out while it is read, once for each variant:
 * repeat and do read lines again, include reads another file, matrix and branch take this variant's
 * choice. A branch may not hold another, so the first reading finds all of them.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "rows.h"

enum shape { SHAPE_NONE, SHAPE_PARAM, SHAPE_MATRIX, SHAPE_REPEAT, SHAPE_INCLUDE, SHAPE_DEFINE,
             SHAPE_DO, SHAPE_BRANCH, SHAPE_CHAOS, SHAPE_TRACE, SHAPE_WHEN, SHAPE_END };

static const char *const shape_words[] = {"",       "param", "matrix", "repeat", "include",
                                          "define", "do",    "branch", "chaos",  "trace",
                                          "when",   "end"};

static const char *example_of(enum shape shape)
{
    const struct verb *v = verbs;
    while (v->name && strcmp(v->name, shape_words[shape]) != 0) v++;
    return v->example;
}

struct via *via_here(struct parser *p, enum via_kind kind)
{
    struct via *v = pool_take(p->pool, sizeof *v);
    if (!v) return out_of_memory(p), NULL;
    *v = (struct via){.up = p->via, .source = p->source, .line = p->line, .kind = (uint8_t)kind};
    return v;
}

/* ---- param ---- */

/* The name is free: of no param, and of no option that a matrix above varies. */
static bool name_is_free(struct cursor *c, const struct place *at, const char *name, uint32_t n)
{
    struct parser *p = c->p;
    const struct binding *b = binding_find(p, name, n);
    const struct axis *a = option_axis(p, name, n);
    if (b && b->param)
        return report_both(p, at, &b->place, "it is declared here",
                           "declare it once, or give one of them another name",
                           "'%.*s' is a parameter already", (int)n, name);
    if (a)
        return report_both(p, at, &a->place, "the matrix is here",
                           "give the parameter another name",
                           "'%.*s' is an option, which a matrix varies", (int)n, name);
    return true;
}

/* The value is as good as one that stands there; of an included file's, the same again. */
static const char *param_drawn(struct cursor *c, const char *name, uint32_t n,
                               const struct place *place)
{
    struct lots all;
    const char *key = pool_text(c->p->pool, name, n);
    if (!key) return out_of_memory(c->p), NULL;
    if (!need_lots(c, false, &all) || !cur_need_end(c)) return NULL;
    if (!strcmp(key, "branch"))
        return report_at(c->p, place, "give it another name",
                         "'branch' is what drawn branches are called in results"), NULL;
    struct drawn *d = drawn_new(c->p, place, key, key, &all);
    return d ? drawn_now(c, d, 0, &all) : NULL;
}

/* Behind the name, which stands at `place`. */
static bool param_value(struct cursor *c, const char *name, uint32_t n, const struct place *place)
{
    struct parser *p = c->p;
    const char *value;
    if (memchr(name, '-', n))
        return c->at--, cur_error(c, "letters, digits and _", "a parameter's name has no hyphen");
    const bool drawn = cur_word(c, "drawn");
    if (!drawn && !cur_need_word(c, "default")) return false;
    const uint32_t at = c->at;
    if (!drawn && cur_end(c))
        return cur_error(c, "write param hold default 2s", "expected a value");
    const struct binding *b = binding_find(p, name, n);
    if (b && b->param && same_place(&b->place, place)) return true;     /* included again */
    if (!name_is_free(c, place, name, n)) return false;
    if (!(value = drawn ? param_drawn(c, name, n, place) : cur_text(c, at))) return false;
    const struct setting *set = drawn ? NULL : setting_find(p, name, n);
    if (p->varied) set = NULL;
    if (set) value = pool_text(p->pool, set->value, strlen(set->value)), p->given = set;
    if (!value) return out_of_memory(p);
    char *copy = pool_text(p->pool, name, n);
    if (!copy) return out_of_memory(p);
    if (!bind(p, copy, n, value, (uint32_t)strlen(value))) return false;
    struct binding *new = &p->env[p->nenv - 1];
    new->param = true, new->drawn = drawn, new->given = p->given, new->place = *place;
    return true;
}

static bool shape_param(struct cursor *c)
{
    const char *name;
    uint32_t n;
    const struct place place = cur_place(c);
    if (!cur_need_name(c, &name, &n, "a name")) return false;
    return param_value(c, name, n, &place) || (param_failed(c->p, name, n, &place), false);
}

/* ---- matrix ---- */

/* One value of a matrix: tokens without a blank between them. */
static uint32_t glued_end(const struct cursor *c, uint32_t i)
{
    for (i++; i < c->n && c->tok[i].glued;) i++;
    return i;
}

/* Each value gives a variant its name, whatever else is to be said of it. */
static bool matrix_labels(const struct cursor *c, struct axis *a, const char *key)
{
    uint32_t k = 0;
    for (uint32_t i = c->at; i < c->n; i = glued_end(c, i)) {
        struct cursor part = *c;
        part.n = glued_end(c, i);
        char *text = cur_text(&part, i);
        if (!text || !axis_label(c->p, a, k++, key, text)) return false;
    }
    return axis_end(c->p, a, k);
}

/* A value, which is what the line says from the cursor on; of this param, or of the option of that
 * name (b NULL). chosen: it is this variant's. */
static bool matrix_value(struct cursor *part, const struct axis *a, struct binding *b, bool chosen)
{
    struct parser *p = part->p;
    struct override o;
    char *text = b && chosen ? cur_text(part, part->at) : NULL;
    if (text) b->value = text, b->value_n = (uint32_t)strlen(text), b->given = NULL;
    if (b) return text || !chosen;
    if (cur_is(part, ".."))
        return cur_error(part, "write 150ms..300ms, without blanks", "a span is one word");
    if (!option_parse(part, a->key, (uint32_t)strlen(a->key), &o) || !cur_need_end(part))
        return false;
    o.axis = a;
    return !chosen || override_add(p, &o);
}

/* What a matrix varies, a param or else an option, is varied once. */
static bool matrix_of(struct cursor *c, const struct axis *a, struct binding **param,
                      const char *name, uint32_t n)
{
    struct parser *p = c->p;
    struct binding *b = *param = binding_find(p, name, n);
    if (b && !b->param)
        return report_at(p, &a->place, "vary a param",
                         "'%.*s' stands for a counter or a macro's argument here", (int)n, name);
    if (b && b->drawn)
        return report_both(p, &a->place, &b->place, "it is drawn here",
                           "take one of the two out", "'%.*s' is drawn, and varied", (int)n, name);
    if (b && b->axis && b->axis != a)
        return report_both(p, &a->place, &b->axis->place, "its value follows this",
                           "take one of the two out", "'%.*s' is varied twice", (int)n, name);
    if (b && !b->axis && b->used.source &&
        (b->used.source != a->place.source || b->used.line != a->place.line))
        return report_both(p, &a->place, &b->used, "what is put in here does not vary",
                           "write the matrix above what follows it",
                           "'%.*s' varies from here on only", (int)n, name);
    if (b) b->axis = a;
    if (b || option_find(p->prog, name, n)) return true;
    char hint[140];
    snprintf(hint, sizeof hint, "declare it above, with param %.*s default VALUE; 'wavetank list "
             "options' shows the options", (int)(n < 30 ? n : 30), name);
    c->at--;
    return option_unknown(c, name, n, hint);
}

static bool shape_matrix(struct cursor *c)
{
    struct parser *p = c->p;
    const char *name;
    struct binding *b;
    uint32_t n, col = cur_place(c).col - 1, k = 0;
    if (p->in_branch)
        return cur_error(c, "write it at the head of the file",
                         "a matrix cannot stand in a branch");
    if (p->prog->started)
        return cur_error(c, "write it at the head of the file", "the cluster has started already");
    if (!cur_need_name(c, &name, &n, "an option or a parameter")) return false;
    struct axis *a = axis_here(p, col, "matrix");
    if (!a || !matrix_of(c, a, &b, name, n)) return false;
    char *key = pool_text(p->pool, name, n);
    if (!key) return out_of_memory(p);
    if (!a->key) a->key = key;
    if (cur_end(c)) return cur_error(c, "write matrix prevote off on", "expected values");
    if (!matrix_labels(c, a, key)) return false;
    for (uint32_t i = c->at; i < c->n; i = glued_end(c, i), k++) {
        struct cursor part = *c;
        part.at = i, part.n = glued_end(c, i);
        if (!matrix_value(&part, a, b, k == a->pick)) return false;
    }
    return true;
}

/* ---- repeat ---- */

/* Its lines are read even where the first is wrong: what is wrong with them is told too. */
static bool repeat_until(struct cursor *c, struct source *s, uint32_t i)
{
    struct parser *p = c->p;
    const uint32_t end = s->lines[i].end;
    const struct line *here = p->line;
    struct cursor last = {.p = p};
    void *loop = NULL;
    bool ok = loop_open(c, &loop);
    if (ok && end == i + 1)
        ok = report(p, 0, 6, "write wait until COND within D, or give it lines",
                    "this repeats nothing");
    ok = expand(p, s, i + 1, end) && ok;
    if (!loop || end == s->nlines) return false;
    p->line = &s->lines[end];
    ok = put_in(p, &last) && loop_close(&last, loop) && ok;
    p->line = here;
    return ok;
}

static bool shape_repeat(struct cursor *c, struct source *s, uint32_t i)
{
    struct parser *p = c->p;
    const char *name = "";
    uint32_t n = 0, kept = p->nenv;
    uint64_t times;
    if (cur_is(c, "until")) return repeat_until(c, s, i);
    if (!cur_need_count(c, &times, 0, STATEMENTS_MAX, "a number of times")) return false;
    if (!times && as_written(c))
        return c->at--,
            cur_error(c, "write repeat 2, or take the block out", "this repeats nothing");
    if (cur_word(c, "as") && !cur_need_name(c, &name, &n, "a name for the counter")) return false;
    if (!cur_need_end(c)) return false;
    if (n && !(name = pool_text(p->pool, name, n))) return out_of_memory(p);
    uint32_t errors = p->errors;
    bool ok = true;
    for (uint64_t k = 1; k <= times && ok && p->errors == errors; k++) {
        char count[24];
        snprintf(count, sizeof count, "%llu", (unsigned long long)k);
        char *value = pool_text(p->pool, count, strlen(count));
        if (!value) return out_of_memory(p);
        if (n && !bind(p, name, n, value, (uint32_t)strlen(value))) return false;
        if (++p->statements > STATEMENTS_MAX)
            return report(p, 0, 6, "repeat less",
                          "this scenario grows too large (100000 statements in all variants)");
        struct via *via = via_here(p, VIA_REPEAT);
        if (!via) return false;
        via->turn = k, via->turns = times;
        p->via = via;
        ok = expand(p, s, i + 1, s->lines[i].end);
        p->via = via->up;
        p->nenv = kept;
    }
    return ok;
}

/* ---- include ---- */

static bool read_source(struct parser *p, struct source *s, source_reader *read, void *with)
{
    const struct source *source = p->source;
    const struct line *line = p->line;
    assert(!s->active);
    s->active = true;
    p->source = s;
    const bool ok = read(p, s, with);
    s->active = false;
    p->source = source, p->line = line;
    return ok;
}

static bool expand_all(struct parser *, struct source *, void *);

bool include_read(struct cursor *c, source_reader *read, void *with)
{
    struct parser *p = c->p;
    char *name;
    if (!cur_need_string(c, &name, "a file's name") || !cur_need_end(c)) return false;
    const char *from = p->source->name, *slash = strrchr(from, '/');
    size_t dir = *name != '/' && slash ? (size_t)(slash - from) + 1 : 0, n = strlen(name);
    char *path = pool_take(p->pool, dir + n + 1);
    if (!path) return out_of_memory(p);
    memcpy(path, from, dir);
    memcpy(path + dir, name, n);
    struct source *s = source_load(p, path, NULL, 0);
    if (!s) return false;
    if (s->active) return c->at--, cur_error(c, "leave it out", "'%s' includes itself", path);
    struct via *via = via_here(p, VIA_INCLUDE);
    if (!via) return false;
    p->via = via;
    const bool ok = read_source(p, s, read, with);
    p->via = via->up;
    return ok;
}

static bool shape_include(struct cursor *c) { return include_read(c, expand_all, NULL); }

/* ---- a line ---- */

static enum shape shape_named(const char *w, uint32_t n)
{
    for (int i = 1; i <= SHAPE_END; i++)
        if (strlen(shape_words[i]) == n && !memcmp(shape_words[i], w, n)) return (enum shape)i;
    return SHAPE_NONE;
}

static enum shape shape_of(const struct source *s, const struct line *l)
{
    uint32_t n;
    const char *w = lex_first_word(s->text + l->at, l->n, &n);
    return shape_named(w, n);
}

static bool one_statement(struct cursor *c)
{
    struct stmt s;
    return parse_statement(c, &s) && (!s.verb->run || add_statement(c->p, &s));
}

/* What may stand behind `when`: it is one line, and every variant reads what makes variants. */
static bool shape_when(struct cursor *c, struct source *s, uint32_t i)
{
    bool holds;
    if (!when_read(c, &s->lines[i], &holds)) return false;
    const struct token *t = cur_peek(c);
    struct cursor next = *c;
    next.at++;
    enum shape shape = t->kind == TOK_WORD ? shape_named(t->text, t->n) : SHAPE_NONE;
    if (shape == SHAPE_TRACE && !cur_is(&next, "expect")) shape = SHAPE_NONE;
    if (shape != SHAPE_NONE && shape != SHAPE_DO && shape != SHAPE_INCLUDE)
        return cur_error(c, "several lines go into a macro: when prevote=on: do more",
                         "'%s' cannot stand behind `when`", shape_words[shape]);
    if (!holds) return when_pass(c);
    if (shape == SHAPE_NONE) return one_statement(c);
    c->p->example = example_of(shape);
    c->at++;
    return shape == SHAPE_DO ? shape_do(c) : shape_include(c);
}

static bool one_chaos(struct cursor *c, struct source *src, uint32_t i)
{
    struct stmt s = block_statement(c, run_chaos);
    c->p->prog->started = true;
    return tell_statement(c, &s, 0) &&
           chaos_parse(c, &s, &src->lines[i + 1], &src->lines[src->lines[i].end]) &&
           add_statement(c->p, &s);
}

static bool one_golden(struct cursor *c, struct source *src, uint32_t i)
{
    struct stmt s = block_statement(c, run_trace_expect);
    c->p->example = s.verb->example;
    return tell_statement(c, &s, 0) &&
           golden_parse(c, &s, &src->lines[i + 1], &src->lines[src->lines[i].end]) &&
           add_statement(c->p, &s);
}

/* The line cannot be cut into words. What it would have declared is not said to be missing. */
static void line_failed(struct parser *p, const struct source *s, const struct line *l)
{
    const char *text = s->text + l->at;
    uint32_t n, m;
    const char *w = lex_first_word(text, l->n, &n), *rest = w + n;
    const char *name = lex_first_word(rest, (uint32_t)(text + l->n - rest), &m);
    const struct place place = {.source = s, .line = l->number, .via = p->via,
                                .col = (uint32_t)(name - text) + 1};
    if (word_among("nodes", w, n)) nodes_failed(p);
    else if (word_among("param", w, n) && m) param_failed(p, name, m, &place);
    else if (word_among("define", w, n) && m) macro_failed(p, name, m);
}

static bool one_line(struct parser *p, struct source *s, uint32_t i, uint32_t *next)
{
    struct cursor c;
    enum shape shape = shape_of(s, p->line);
    if (s->lines[i].end) *next = s->lines[i].end + 1;
    if (shape == SHAPE_TRACE && !s->lines[i].end) shape = SHAPE_NONE;       /* trace show */
    if (shape == SHAPE_BRANCH) return shape_branch(p, s, i, next);
    if (!put_in(p, &c)) return line_failed(p, s, p->line), false;
    if (shape != SHAPE_NONE) c.at = 1, p->example = example_of(shape);
    switch (shape) {
    case SHAPE_PARAM: return shape_param(&c);
    case SHAPE_MATRIX: return shape_matrix(&c);
    case SHAPE_REPEAT: return shape_repeat(&c, s, i);
    case SHAPE_INCLUDE: return shape_include(&c);
    case SHAPE_DEFINE: return shape_define(&c, s, i);
    case SHAPE_DO: return shape_do(&c);
    case SHAPE_CHAOS: return one_chaos(&c, s, i);
    case SHAPE_TRACE: return one_golden(&c, s, i);
    case SHAPE_WHEN: return shape_when(&c, s, i);
    case SHAPE_END: return cur_need_end(&c);
    case SHAPE_BRANCH:
    case SHAPE_NONE: break;
    }
    return one_statement(&c);
}

bool expand(struct parser *p, struct source *s, uint32_t from, uint32_t to)
{
    bool ok = true;
    const struct line *kept = p->line;
    if (p->depth >= DEPTH_MAX)
        return report(p, 0, 1, NULL, "files, macros and blocks nest too deep");
    p->depth++;
    for (uint32_t i = from, next; i < to && !gave_up(p); i = next) {
        next = i + 1;
        p->line = &s->lines[i];
        ok = one_line(p, s, i, &next) && ok;
        if (p->statements > STATEMENTS_MAX || p->bytes > EXPANDED_BYTES_MAX) break;
    }
    p->depth--;
    p->line = kept;
    return ok;
}

static bool expand_all(struct parser *p, struct source *s, void *with)
{
    (void)with;
    return expand(p, s, 0, s->nlines);
}

bool expand_source(struct parser *p, struct source *s)
{
    return read_source(p, s, expand_all, NULL);
}
