/* SPDX-License-Identifier: MIT */
/*
 * Method. Options are rows that the SUT and the host declare; this room knows none of them by name.
 * What the file sets is kept as a list of overrides in the order of the file and laid over the
 * defaults once all are known: slot 0 for all, then each node's own.
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

static bool unknown_option(struct cursor *c, const char *name, uint32_t n)
{
    struct guess g = guess_for(name, n);
    char hint[120];
    for (const struct option_row *r = c->p->prog->plan.sut->options; r->name; r++)
        guess_try(&g, r->name, strlen(r->name));
    for (const struct option_row *r = host_option_rows; r->name; r++)
        guess_try(&g, r->name, strlen(r->name));
    if (!did_you_mean(&g, hint, sizeof hint))
        snprintf(hint, sizeof hint, "'wavetank list options' shows all");
    return cur_error(c, hint, "unknown option '%.*s'", (int)(n < 60 ? n : 60), name);
}

/* A time in the largest unit in which it is whole. */
static void put_bound(char *out, size_t size, uint64_t value, bool time, const char *unit)
{
    static const struct unit ladder[] = {{"h", SEC(3600)}, {"s", SEC(1)}, {"ms", MS(1)},
                                         {"us", US(1)}, {"ns", 1}};
    size_t i = 0;
    while (time && i < 4 && (!value || value % ladder[i].scale)) i++;
    if (time) value /= ladder[i].scale, unit = ladder[i].name;
    snprintf(out, size, "%llu%s", (unsigned long long)value, unit);
}

static bool in_range(struct cursor *c, uint32_t at, const struct option_row *r, uint64_t lo,
                     uint64_t hi)
{
    if (lo >= r->least && hi <= r->most) return true;
    char least[40], most[40];
    bool time = r->type == OPTION_TIME || r->type == OPTION_AUTO || r->type == OPTION_SPAN;
    put_bound(least, sizeof least, r->least, time, r->type == OPTION_PPM ? "ppm" : "");
    put_bound(most, sizeof most, r->most, time, r->type == OPTION_PPM ? "ppm" : "");
    c->at = at;
    return cur_error(c, NULL, "%s %slies from %s to %s", r->name,
                     r->type == OPTION_AUTO ? "is auto or " : "", least, most);
}

static bool read_value(struct cursor *c, const struct option_row *r, uint64_t v[2])
{
    uint32_t at = c->at, which = 0;
    char what[80];
    switch ((enum option_type)r->type) {
    case OPTION_BOOL:
        if (!cur_need_choice(c, "off|on", &which, "on or off")) return false;
        v[0] = which;
        return true;
    case OPTION_ENUM:
        snprintf(what, sizeof what, "a value of '%s'", r->name);
        if (!cur_need_choice(c, r->words, &which, what)) return false;
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
        if (!cur_bytes(c, &v[0]))
            return cur_error(c, "write a number, or one with kB, MB, KiB or MiB", "expected bytes");
        return in_range(c, at, r, v[0], v[0]);
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
        return unknown_option(c, name, n);
    }
    o->place = cur_place(c);
    c->at = at;
    return read_value(c, o->row, o->value);
}

bool override_add(struct parser *p, const struct override *o)
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

bool option_known(const struct parser *p, const char *name, uint32_t n)
{
    bool host;
    return find_row(p->prog, name, n, &host) != NULL;
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

/* The place to blame when options do not fit together: the last one set for that node. */
static struct place blame(const struct parser *p, uint32_t slot)
{
    struct place at = {.source = p->scenario->main, .line = 1, .col = 1};
    for (uint32_t i = 0; i < p->prog->noverrides; i++)
        if (!p->prog->overrides[i].on || (slot && (p->prog->overrides[i].on & NODE_BIT(slot))))
            at = p->prog->overrides[i].place;
    return at;
}

/* Each voter beside the first one. */
static bool voters_agree(struct parser *p)
{
    const struct world_plan *plan = &p->prog->plan;
    uint32_t first = plan->voters ? (uint32_t)__builtin_ctz(plan->voters) + 1 : 0;
    for (uint32_t n = first + 1; plan->sut->options_agree && first && n <= plan->nodes; n++) {
        const char *why = "?";
        if (!(plan->voters & NODE_BIT(n)) ||
            plan->sut->options_agree(plan->sut_options[first], plan->sut_options[n], &why))
            continue;
        struct place at = blame(p, n);
        return report_at(p, &at, NULL, "the options of n%u and n%u do not go together: %s", first,
                         n, why);
    }
    return true;
}

bool options_finish(struct parser *p)
{
    struct world_plan *plan = &p->prog->plan;
    bool ok = true;
    for (uint32_t slot = 0; slot <= NODES_MAX; slot++) {
        const char *why = "?";
        fill_slot(p->prog, slot);
        if (slot > plan->nodes || !ok || !plan->sut->options_valid ||
            plan->sut->options_valid(plan->sut_options[slot], &why))
            continue;
        struct place at = blame(p, slot);
        ok = report_at(p, &at, NULL, "these options do not fit together: %s", why);
    }
    return ok && voters_agree(p);
}

uint64_t option_span_most(const struct program *g, const char *name)
{
    bool host;
    const struct option_row *row = find_row(g, name, (uint32_t)strlen(name), &host);
    if (!row || row->type != OPTION_SPAN) return 0;
    const char *base = host ? (const char *)&g->plan.host[0] : (const char *)g->plan.sut_options[0];
    return ((const uint64_t *)(const void *)(base + row->offset))[1];
}
