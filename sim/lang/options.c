/* SPDX-License-Identifier: MIT */
/*
 * Method. Options are rows that the SUT and the host declare; this room knows none of them by name.
 * What the file sets is kept as a list of overrides in the order of the file and laid over the
 * defaults once all are known: slot 0 for all, then each node's own. An option is set once for all
 * nodes, and once more for some: where a second line, or a matrix, says another thing of the same
 * nodes, one of the two would come to nothing, and a variant would not be what its name says.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "units.h"

static const struct option_row *row_by_name(const struct option_row *rows, const char *name,
                                            uint32_t n)
{
    for (; rows->name; rows++)
        if (strlen(rows->name) == n && !memcmp(rows->name, name, n)) return rows;
    return NULL;
}

static const struct option_row *find_row(const struct program *g, const char *name, uint32_t n,
                                         bool *host)
{
    const struct option_row *row = row_by_name(g->plan.sut->options, name, n);
    *host = !row;
    return row ? row : row_by_name(host_option_rows, name, n);
}

/* One like it, or else the first that begins so. */
static void guess_among(struct guess *g, const struct option_row *rows)
{
    enum { BEGINNING_LEAST = 4 };
    for (const struct option_row *r = rows; r->name; r++) {
        guess_try(g, r->name, strlen(r->name));
        if (!g->best && g->n >= BEGINNING_LEAST && !strncmp(r->name, g->word, g->n))
            g->best = r->name, g->best_n = (uint32_t)strlen(r->name);
    }
}

void option_guess(const struct program *g, struct guess *guess)
{
    guess_among(guess, g->plan.sut->options);
    guess_among(guess, host_option_rows);
}

bool option_unknown(struct cursor *c, const char *name, uint32_t n, const char *way)
{
    struct guess g = guess_for(name, n);
    const struct binding *b = binding_find(c->p, name, n);
    char hint[120];
    if (b && b->param)
        return cur_error(c, "it has its value where it is declared, from a matrix or from --set",
                         "'%.*s' is a parameter, and no option", (int)(n < 60 ? n : 60), name);
    option_guess(c->p->prog, &g);
    return cur_error(c, did_you_mean(&g, hint, sizeof hint) ? hint : way, "unknown option '%.*s'",
                     (int)(n < 60 ? n : 60), name);
}

static void spell_one(const struct option_row *r, uint64_t value, char out[SPELLED_BYTES])
{
    const char *words = r->type == OPTION_BOOL ? "off|on" : r->words;
    const bool is_auto = r->type == OPTION_AUTO && value == OPTION_AUTO_VALUE;
    switch ((enum option_type)r->type) {
    case OPTION_AUTO:
    case OPTION_TIME:
    case OPTION_SPAN:
        if (is_auto) snprintf(out, SPELLED_BYTES, "auto");
        else time_spell(value, value ? &time_units[6] : &time_units[2], out);
        return;
    case OPTION_BOOL:
    case OPTION_ENUM:
        for (uint64_t i = 0; i < value; i++) words += strcspn(words, "|") + 1;
        snprintf(out, SPELLED_BYTES, "%.*s", (int)strcspn(words, "|"), words);
        return;
    case OPTION_COUNT:
    case OPTION_BYTES:
    case OPTION_PPM: break;
    }
    snprintf(out, SPELLED_BYTES, "%llu%s", (unsigned long long)value,
             r->type == OPTION_PPM ? "ppm" : "");
}

void option_spell(const struct option_row *r, uint64_t lo, uint64_t hi, char out[OPTION_TEXT])
{
    char least[SPELLED_BYTES], most[SPELLED_BYTES] = "";
    spell_one(r, lo, least);
    if (r->type == OPTION_SPAN && hi != lo) spell_one(r, hi, most);
    snprintf(out, OPTION_TEXT, "%s%s%s", least, *most ? ".." : "", most);
}

/* The value that stands from `at` on: one word. */
static bool in_range(struct cursor *c, uint32_t at, const struct option_row *r, uint64_t lo,
                     uint64_t hi)
{
    if (lo >= r->least && hi <= r->most) return true;
    char least[OPTION_TEXT], most[OPTION_TEXT], hint[3 * OPTION_TEXT];
    struct cursor value = *c;
    for (value.n = at + 1; value.n < c->n && c->tok[value.n].glued;) value.n++;
    const char *text = cur_text(&value, at);
    option_spell(r, r->least, r->least, least);
    option_spell(r, r->most, r->most, most);
    snprintf(hint, sizeof hint, "%s %slies from %s to %s", r->name,
             r->type == OPTION_AUTO ? "is auto or " : "", least, most);
    c->at = at;
    return text && cur_error(c, hint, "'%.60s' is out of range", text);
}

static bool read_value(struct cursor *c, const struct option_row *r, uint64_t v[2])
{
    uint32_t at = c->at, which = 0;
    char what[80];
    const struct unit *units = r->type == OPTION_BYTES ? byte_units : time_units;
    if (cur_beyond(c, units)) return in_range(c, at, r, UINT64_MAX, UINT64_MAX);
    switch ((enum option_type)r->type) {
    case OPTION_BOOL:
    case OPTION_ENUM:
        snprintf(what, sizeof what, "a value of '%s'", r->name);
        if (!cur_need_choice(c, r->type == OPTION_BOOL ? "off|on" : r->words, &which, what))
            return false;
        v[0] = which;
        return true;
    case OPTION_AUTO:
        v[0] = OPTION_AUTO_VALUE;
        if (cur_word(c, "auto")) return true;
        return cur_need_time(c, &v[0], "'auto' or a time") && in_range(c, at, r, v[0], v[0]);
    case OPTION_TIME:
        return cur_need_time(c, &v[0], "a time") && in_range(c, at, r, v[0], v[0]);
    case OPTION_SPAN:
        return cur_need_span(c, &v[0], &v[1], "a time or a span of times") &&
               in_range(c, at, r, v[0], v[1]);
    case OPTION_COUNT:
        return cur_need_count(c, &v[0], r->least, r->most, "a number");
    case OPTION_BYTES:
        return cur_need_bytes(c, &v[0]) && in_range(c, at, r, v[0], v[0]);
    case OPTION_PPM:
        if (!cur_need_share(c, &v[0], UINT64_MAX)) return false;
        return in_range(c, at, r, v[0], v[0]);
    }
    return false;
}

bool option_parse(struct cursor *c, const char *name, uint32_t n, struct override *o)
{
    uint32_t at = c->at;
    *o = (struct override){0};
    o->row = find_row(c->p->prog, name, n, &o->host);
    if (!o->row) {
        if (c->at) c->at--;             /* the caret belongs under the name, just read */
        return option_unknown(c, name, n, "'wavetank list options' shows all");
    }
    o->place = cur_place(c);
    c->at = at;
    if (cur_word(c, "default")) o->value[0] = o->row->def, o->value[1] = o->row->def_hi;
    else if (!read_value(c, o->row, o->value)) return false;
    struct cursor read = *c;
    read.n = c->at;
    return (o->text = cur_text(&read, at)) != NULL;
}

/* ---- what is set ---- */

bool override_last(struct parser *p, const struct override *o)
{
    struct program *g = p->prog;
    if (g->noverrides == g->overrides_cap) {
        uint32_t cap = g->overrides_cap ? g->overrides_cap * 2 : 16;
        struct override *more = pool_take(p->pool, cap * sizeof *more);
        if (!more) return out_of_memory(p);
        if (g->noverrides) memcpy(more, g->overrides, g->noverrides * sizeof *more);
        g->overrides = more, g->overrides_cap = cap;
    }
    g->overrides[g->noverrides++] = *o;
    return true;
}

const struct override *override_general(const struct program *g, const struct option_row *row)
{
    for (uint32_t i = g->noverrides; i-- > 0;)
        if (g->overrides[i].row == row && !g->overrides[i].on) return &g->overrides[i];
    return NULL;
}

const struct override *override_of_some(const struct program *g, const struct option_row *row)
{
    for (uint32_t i = 0; i < g->noverrides; i++)
        if (g->overrides[i].row == row && g->overrides[i].on && g->overrides[i].axis)
            return &g->overrides[i];
    return NULL;
}

/* Does one of the two come to nothing, for some node, or in some variant? What is for some nodes
 * may follow what is for all. */
static bool disputes(const struct override *earlier, const struct override *o)
{
    const bool meet = !o->on || (earlier->on & o->on);
    if (earlier->row != o->row || !meet) return false;
    if (earlier->axis || o->axis) return earlier->axis != o->axis;
    return memcmp(earlier->value, o->value, sizeof o->value) != 0;
}

/* A matrix for all nodes, of which nothing is left once each node has a value of its own. */
static const struct override *emptied(const struct program *g, const struct override *o)
{
    const struct override *all = o->on ? override_general(g, o->row) : NULL;
    node_set own = o->on;
    for (uint32_t i = 0; i < g->noverrides; i++)
        if (g->overrides[i].row == o->row) own |= g->overrides[i].on;
    const bool covered = own == nodes_to(g->plan.nodes);
    return all && all->axis && all->axis != o->axis && covered ? all : NULL;
}

static const struct place *place_of(const struct override *o)
{
    return o->axis && !strcmp(o->axis->key, o->row->name) ? &o->axis->place : &o->place;
}

bool override_add(struct parser *p, const struct override *o)
{
    const struct override *all = emptied(p->prog, o), *other = NULL;
    const char *hint = "take one of the two out";
    for (uint32_t i = 0; i < p->prog->noverrides && !other; i++)
        if (disputes(&p->prog->overrides[i], o)) other = &p->prog->overrides[i];
    if (all && !other)
        return report_both(p, place_of(o), place_of(all), "it varies here", hint,
                           "with this each node has a '%s' of its own, and no variant has another",
                           o->row->name);
    if (!other) return override_last(p, o);
    if (other->on && !o->on && !o->axis) hint = "write what is for all nodes before it";
    return report_both(p, place_of(o), place_of(other),
                       other->axis ? "it varies here" : "it is set here", hint,
                       "'%s' is set twice", o->row->name);
}

const struct option_row *option_find(const struct program *g, const char *name, uint32_t n)
{
    bool host;
    return find_row(g, name, n, &host);
}

const struct axis *option_axis(const struct parser *p, const char *name, uint32_t n)
{
    const struct option_row *row = option_find(p->prog, name, n);
    const struct override *o = row ? override_general(p->prog, row) : NULL;
    return o ? o->axis : NULL;
}

bool option_reads(struct parser *p, const char *name, const char *text)
{
    const struct source *source = p->source;
    const struct line *line = p->line;
    const uint32_t errors = p->errors;
    FILE *err = p->err;
    struct override o;
    struct cursor c = {.p = p};
    p->err = NULL;
    p->source = source_line(p, "", text);
    bool ok = p->source && (p->line = p->source->lines) && put_in(p, &c) &&
              option_parse(&c, name, (uint32_t)strlen(name), &o) && cur_need_end(&c);
    p->err = err, p->errors = errors, p->source = source, p->line = line;
    return ok;
}

/* ---- filling the plan ---- */

void option_store(void *options, const struct override *o)
{
    uint64_t *at = (uint64_t *)((char *)options + o->row->offset);
    at[0] = o->value[0];
    if (o->row->type == OPTION_SPAN) at[1] = o->value[1];
}

static void fill_slot(struct program *g, uint32_t slot)
{
    struct world_plan *plan = &g->plan;
    plan->sut->options_default(plan->sut_options[slot]);
    host_options_default(&plan->host[slot]);
    for (uint32_t i = 0; i < g->noverrides; i++) {
        const struct override *o = &g->overrides[i];
        if (o->on && (!slot || !(o->on & NODE_BIT(slot)))) continue;
        option_store(o->host ? (void *)&plan->host[slot] : (void *)plan->sut_options[slot], o);
    }
}

bool options_finish(struct parser *p)
{
    for (uint32_t slot = 0; slot <= NODES_MAX; slot++) fill_slot(p->prog, slot);
    return options_fit(p);
}

uint64_t option_span_most(const struct program *g, const char *name)
{
    bool host;
    const struct option_row *row = find_row(g, name, (uint32_t)strlen(name), &host);
    if (!row || row->type != OPTION_SPAN) return 0;
    const char *base = host ? (const char *)&g->plan.host[0] : (const char *)g->plan.sut_options[0];
    return ((const uint64_t *)(const void *)(base + row->offset))[1];
}
