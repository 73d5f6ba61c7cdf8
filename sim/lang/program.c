/* SPDX-License-Identifier: MIT */
/*
 * Method. A scenario is read once for each variant, which keeps every variant a plain list of
 * statements over a plan of its own. What can only be known at the end (are there nodes, is
 * anything asserted, do options and preloads fit) is checked when a variant has been read
 * without errors.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../check/check.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "parse.h"

/* ---- one variant ---- */

static void program_begin(struct parser *p, struct program *g)
{
    *g = (struct program){0};
    g->plan.sut = suts[0];
    p->prog = g;
    p->nenv = p->nmacros = p->depth = p->in_branch = p->loops = 0;
    p->header = false;
    axes_begin(p);
}

/* What all variants have alike, so that what they share comes out alike: a client's number seeds
 * its draws. */
struct shared { uint32_t clients, keys, hidden; bool probe; };

/* Names that nobody uses, up to so many. */
static bool fill_up(struct parser *p, struct names *names, uint32_t n)
{
    char name[32];
    while (names->n < n) {
        snprintf(name, sizeof name, "-#%u", names->n + 1);
        if (!names_add(names, p->pool, name, strlen(name))) return out_of_memory(p);
    }
    return true;
}

/* The scenario's own clients come last: for raw proposals, read-indexes, and one a node that shows
 * progress by a write and a read through it. */
static bool add_hidden(struct parser *p, struct program *g, const struct shared *all)
{
    char name[32];
    const uint32_t probes = all->probe ? g->plan.nodes : 0u, most = HIDDEN_CLIENTS_MAX - probes;
    const uint32_t asked = all->hidden > most ? most : all->hidden, n = asked + probes;
    if (!fill_up(p, &g->clients, all->clients) || !fill_up(p, &g->keys, all->keys)) return false;
    for (uint32_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, i ? "scenario#%u" : "scenario", i + 1);
        uint32_t id = names_add(&g->clients, p->pool, name, strlen(name));
        if (!id) return out_of_memory(p);
        if (!i) g->hidden = id;
        if (i == asked) g->probes = id;
    }
    g->hidden_n = asked;
    uint32_t key = all->probe || !g->keys.n ? names_add(&g->keys, p->pool, "scenario#", 9) : 1;
    if (key) g->probe_key = (uint16_t)(key - 1);
    return key || out_of_memory(p);
}

/* The words of its statements, by number. */
static bool fill_statements(struct parser *p, struct program *g)
{
    const char **words = pool_take(p->pool, (g->ntold + 1u) * sizeof *words);
    if (!words) return out_of_memory(p);
    words[0] = "";
    for (uint32_t i = 0; i < g->ntold; i++) words[i + 1] = g->told[i].words;
    g->plan.statements = words;
    g->plan.nstatements = g->ntold;
    return true;
}

static void fill_plan(struct program *g)
{
    struct world_plan *plan = &g->plan;
    plan->clients = (uint8_t)g->clients.n;
    plan->keys = (uint16_t)g->keys.n;
    plan->key_names = g->keys.n ? g->keys.name + 1 : NULL;
    plan->atoms = g->atoms.name;
    plan->natoms = g->atoms.n + 1;
    plan->client_names = g->clients.name;
}

/* The place of what is missing: the last line. */
static struct place end_of(const struct source *main)
{
    const uint32_t n = main->nlines;
    return (struct place){.source = main, .line = n ? main->lines[n - 1].number : 1, .col = 1};
}

static bool is_complete(struct parser *p)
{
    const struct program *g = p->prog;
    const struct place at = end_of(p->scenario->main);
    if (!p->header)
        return report_at(p, &at, "write 'wavetank 1', nodes, and what is expected",
                         "this scenario is empty");
    if (!g->plan.nodes)
        return report_at(p, &at, "write 'nodes n1..n3' at the head", "this scenario has no nodes");
    return g->asserts > 0 ||
           report_at(p, &at,
                     "add an expect, always, never or eventually, or `then heal and expect "
                     "progress within 10s` to a chaos block", "this scenario asserts nothing");
}

/* What can only be judged of a whole variant; of one that nobody chose, nothing is. */
static bool program_finish(struct parser *p)
{
    bool ok = p->header && p->prog->plan.nodes ? settings_finish(p) : true;
    if (p->prog->left_out) return ok;
    ok = is_complete(p) && ok;
    if (!p->header || !p->prog->plan.nodes) return false;
    ok = options_finish(p) && upgrades_finish(p) && ok;
    ok = preloads_finish(p) && drawn_finish(p) && ok;
    return xfail_finish(p) && ok;
}

/* ---- all variants ---- */

static bool read_variant(struct parser *p, struct program *g)
{
    const uint32_t errors = p->errors;
    program_begin(p, g);
    return expand_source(p, p->scenario->main) && axes_finish(p) && p->errors == errors;
}

/* Once it is read, and all axes are known. */
static bool finish_variant(struct parser *p, uint32_t v)
{
    const struct scenario *sc = p->scenario;
    const uint32_t errors = p->errors;
    struct program *g = p->prog = &sc->programs[v];
    if (!(sc->variants[v] = variant_name(p))) return out_of_memory(p);
    g->left_out = p->in->variant && !sc->refusal && strcmp(p->in->variant, sc->variants[v]) != 0;
    return program_finish(p) && p->errors == errors;
}

/* Once all variants are known. */
static bool finish_clients(struct parser *p)
{
    struct scenario *sc = p->scenario;
    struct shared all = {0};
    for (uint32_t v = 0; v < sc->nvariants; v++) {
        const struct program *g = &sc->programs[v];
        if (g->clients.n > all.clients) all.clients = g->clients.n;
        if (g->keys.n > all.keys) all.keys = g->keys.n;
        if (g->nhidden > all.hidden) all.hidden = g->nhidden;
        all.probe = all.probe || g->probe;
    }
    for (uint32_t v = 0; v < sc->nvariants; v++) {
        if (!add_hidden(p, &sc->programs[v], &all) || !fill_statements(p, &sc->programs[v]))
            return false;
        fill_plan(&sc->programs[v]);
    }
    return true;
}

static bool read_variants(struct parser *p)
{
    struct scenario *sc = p->scenario;
    struct program first = {0};
    uint32_t n;
    p->first = true;
    bool read = read_variant(p, &first), ok = axes_count(p, &n);
    p->first = false;
    p->prog = NULL;
    if (!(sc->programs = calloc(n, sizeof *sc->programs))) return out_of_memory(p);
    sc->nvariants = n;
    sc->programs[0] = first;
    p->prog = &sc->programs[0];
    if (!(sc->variants = pool_take(p->pool, n * sizeof *sc->variants))) return out_of_memory(p);
    for (uint32_t v = 0; v < n && !gave_up(p); v++) {
        axes_turn(p, v);
        if (v) read = read_variant(p, &sc->programs[v]);
        ok = read && finish_variant(p, v) && ok;
    }
    return ok && equals_finish(p) && whens_finish(p) && settings_judge(p) && finish_clients(p);
}

/* ---- header comments ---- */

static bool find_comment(const struct source *s, const char *text, size_t *at, const char **rest,
                         size_t *rest_n)
{
    size_t n = strlen(text);
    while (*at < s->len) {
        const char *line = s->text + *at, *nl = memchr(line, '\n', s->len - *at);
        size_t len = nl ? (size_t)(nl - line) : s->len - *at;
        *at += len + 1;
        for (; len && (*line == ' ' || *line == '\t'); line++) len--;
        if (len < n || memcmp(line, text, n)) continue;
        while (len > n && strchr(" \t\r", line[len - 1])) len--;
        *rest = line + n, *rest_n = len - n;
        return true;
    }
    return false;
}

static bool read_comments(struct parser *p)
{
    struct scenario *sc = p->scenario;
    const char *rest;
    size_t at = 0, n;
    uint32_t max = 64;
    if (!(sc->proves = pool_take(p->pool, max * sizeof *sc->proves))) return out_of_memory(p);
    while (sc->nproves < max && find_comment(sc->main, "# proves ", &at, &rest, &n))
        if (!(sc->proves[sc->nproves++] = pool_text(p->pool, rest, n))) return out_of_memory(p);
    at = 0;
    sc->calm_ok = find_comment(sc->main, "# calm-ok", &at, &rest, &n);
    return true;
}

/* ---- the door ---- */

static void free_programs(struct scenario *sc)
{
    for (uint32_t v = 0; sc->programs && v < sc->nvariants; v++) {
        struct program *g = &sc->programs[v];
        struct names *all[] = {&g->keys,       &g->atoms,  &g->clients,   &g->ops,
                               &g->remembered, &g->labels, &g->workloads, &g->holds, &g->rules,
                               &g->marks};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) names_free(all[i]);
        free(g->stmts);
        free(g->told);
    }
    free(sc->programs);
    sc->programs = NULL;
}

/* What stands in for a file that could not be read, as it should not be: one node, and nothing to
 * play. */
static bool stand_in(struct parser *p)
{
    struct scenario *sc = p->scenario;
    free_programs(sc);
    if (!(sc->programs = calloc(1, sizeof *sc->programs)) ||
        !(sc->variants = pool_take(p->pool, sizeof *sc->variants)))
        return out_of_memory(p);
    sc->main = sc->refusal->source;
    sc->naxes = sc->nequals = 0;
    sc->nvariants = 1, sc->variants[0] = "";
    struct program *g = sc->programs;
    program_begin(p, g);
    g->plan.nodes = 1, g->plan.voters = NODE_BIT(1);
    return finish_clients(p) && options_finish(p);
}

static bool too_many_settings(struct parser *p)
{
    struct source here = {.name = "--set"};
    struct place at = {.source = &here};
    return report_at(p, &at, NULL, "more than %d settings", SETTINGS_MAX);
}

static void tell_drew(const struct parser *p, const struct scenario *sc, bool ok,
                      struct drew *drew)
{
    *drew = (struct drew){.work = p->statements, .refused = sc->refusal != NULL,
                          .line = p->errors && !p->seen[0].source->setting ? p->seen[0].line : 0};
    for (uint32_t v = 0; v < sc->nvariants; v++) drew->any = drew->any || sc->programs[v].ndrawn;
    drew->any = drew->any || (p->prog && p->prog->ndrawn);
    if (p->prog && !(ok && sc->refusal)) drawn_text(p->prog, drew->text);
}

struct scenario *scenario_reading(const struct scenario_input *in, const struct drawing *drawing,
                                  const struct scenario *texts, struct drew *drew)
{
    struct scenario *sc = calloc(1, sizeof *sc);
    struct parser *p = calloc(1, sizeof *p);
    bool ok = sc && p;
    *drew = (struct drew){0};
    if (ok) {
        sc->settled = in->nsettings > 0;
        p->refusable = true;
        p->drawing = drawing, p->texts = texts;
        p->scenario = sc, p->pool = &sc->pool, p->in = in, p->err = in->err;
        sc->sources = pool_take(p->pool, SOURCES_MAX * sizeof *sc->sources);
        sc->axes = pool_take(p->pool, AXES_MAX * sizeof *sc->axes);
        ok = sc->sources && sc->axes && (in->nsettings <= SETTINGS_MAX || too_many_settings(p));
        ok = ok && (sc->main = source_load(p, in->path, in->text, in->len));
        ok = ok && read_comments(p) && read_variants(p) && !p->errors;
        tell_drew(p, sc, ok, drew);
        if (!ok && !in->text && !strcmp(in->path, "-") && sc->main &&
            (drew->source = malloc(sc->main->len + 1))) {
            memcpy(drew->source, sc->main->text, sc->main->len);
            drew->len = sc->main->len;
        }
        const struct refusal *r = sc->refusal;
        if (!ok && r && r->said && !r->deaf && (ok = stand_in(p))) p->errors = 0;
        sc->draws = ok && drew->any && !r;
    }
    if (in->nerrors) *in->nerrors = p ? p->errors : 0;
    free(p);
    if (ok) return sc;
    scenario_free(sc);
    return NULL;
}

struct scenario *scenario_load(const char *path, const char *text, size_t len,
                               const struct setting *settings, uint32_t nsettings, FILE *err)
{
    struct scenario_input in = {path, text, len, .settings = settings, .nsettings = nsettings,
                                .err = err};
    return scenario_read(&in);
}

void scenario_free(struct scenario *sc)
{
    if (!sc) return;
    drawing_room_free(sc->room);
    free_programs(sc);
    pool_free(&sc->pool);
    free(sc);
}

const char *scenario_path(const struct scenario *s) { return s->main->name; }
const char *scenario_title(const struct scenario *s) { return s->title ? s->title : ""; }
uint32_t scenario_variants(const struct scenario *s) { return s->nvariants; }

const char *scenario_variant_name(const struct scenario *s, uint32_t i)
{
    return i < s->nvariants ? s->variants[i] : "";
}

const char *scenario_proves(const struct scenario *s, uint32_t i)
{
    return i < s->nproves ? s->proves[i] : NULL;
}
bool scenario_calm_ok(const struct scenario *s) { return s->calm_ok; }

const char *scenario_text(const struct scenario *s, size_t *len)
{
    *len = s->main->len;
    return s->main->text;
}

uint64_t scenario_hash(const struct scenario *s)
{
    uint64_t hash = XXH3_64bits(s->main->text, s->main->len);
    for (uint32_t i = 0; i < s->nsources; i++)
        if (s->sources[i] != s->main)
            hash = XXH3_64bits_withSeed(s->sources[i]->text, s->sources[i]->len, hash);
    return hash;
}

bool scenario_seed(const struct scenario *s, uint32_t variant, uint64_t *seed)
{
    assert(variant < s->nvariants);
    if (s->programs[variant].has_seed) *seed = s->programs[variant].seed;
    return s->programs[variant].has_seed;
}

bool scenario_chosen(const struct scenario *s, uint32_t i)
{
    return i < s->nvariants && !s->programs[i].left_out;
}

bool scenario_variant_find(const struct scenario *s, const char *name, uint32_t *i)
{
    for (*i = 0; *i < s->nvariants; (*i)++)
        if (!strcmp(s->variants[*i], name)) return true;
    return false;
}

uint32_t scenario_goldens(const struct scenario *s, const uint32_t **lines)
{
    *lines = s->goldens;
    return s->ngoldens;
}

const char *scenario_op_name(const struct scenario *s, uint32_t variant, uint32_t i)
{
    assert(variant < s->nvariants);
    const struct names *ops = &s->programs[variant].ops;
    return i < ops->n ? ops->name[i + 1] : NULL;
}

const struct world_plan *scenario_plan(const struct scenario *s, uint32_t variant)
{
    assert(scenario_chosen(s, variant));
    return &s->programs[variant].plan;
}
