/* SPDX-License-Identifier: MIT */
/*
 * Property: the canonical form of a scenario is its own canonical form, and says what the scenario
 * says: as many mistakes, the same variants, plans and statements, and runs of them make the same
 * records (but for the lines that their steps name).
 *
 * Method: the bytes are a scenario and the files that it includes (parts.h); those stay as they
 * are. The first variants of both are played for a bounded number of events.
 */
#define _GNU_SOURCE
#include "../sim/lang/ast.h"
#include "../sim/run/run.h"
#include "lines.h"
#include "parts.h"

enum { PLAYED_VARIANTS = 2, PLAYED_EVENTS = 500 };

struct text { char *s; size_t n; };

static bool print(const char *s, size_t len, struct text *out)
{
    FILE *f = open_memstream(&out->s, &out->n);
    FUZZ_ASSERT(f, "no memory");
    bool ok = scenario_print("fuzz", s, len, f, NULL);
    fclose(f);
    return ok;
}

/* ---- the same scenario ---- */

#define SAME(a, b, field) FUZZ_ASSERT((a)->field == (b)->field, #field " differs")

static void same_text(const char *a, const char *b)
{
    FUZZ_ASSERT((a && b && strcmp(a, b) == 0) || a == b, "'%s' and '%s'", a ? a : "-", b ? b : "-");
}

static void same_names(const struct names *a, const struct names *b)
{
    SAME(a, b, n);
    for (uint32_t i = 1; i <= a->n; i++) same_text(a->name[i], b->name[i]);
}

static void same_preload(const struct preload *a, const struct preload *b)
{
    SAME(a, b, set); SAME(a, b, term); SAME(a, b, vote); SAME(a, b, commit); SAME(a, b, nentries);
    for (uint64_t i = 0; i < a->nentries; i++) {
        SAME(&a->entries[i], &b->entries[i], term);
        SAME(&a->entries[i], &b->entries[i], value);
        SAME(&a->entries[i], &b->entries[i], has_value);
    }
}

static void same_plan(const struct world_plan *a, const struct world_plan *b)
{
    SAME(a, b, nodes); SAME(a, b, voters); SAME(a, b, spare); SAME(a, b, clients); SAME(a, b, keys);
    SAME(a, b, sut);
    FUZZ_ASSERT(memcmp(a->sut_options, b->sut_options, sizeof a->sut_options) == 0,
                "options of the SUT differ");
    FUZZ_ASSERT(memcmp(a->host, b->host, sizeof a->host) == 0, "options of the host differ");
    for (int i = 0; i <= NODES_MAX; i++) same_preload(&a->preload[i], &b->preload[i]);
}

static void same_program(const struct program *a, const struct program *b)
{
    same_plan(&a->plan, &b->plan);
    same_names(&a->keys, &b->keys), same_names(&a->atoms, &b->atoms),
        same_names(&a->clients, &b->clients);
    same_names(&a->ops, &b->ops), same_names(&a->remembered, &b->remembered),
        same_names(&a->labels, &b->labels);
    same_names(&a->workloads, &b->workloads), same_names(&a->marks, &b->marks);
    SAME(a, b, ntallies); SAME(a, b, ntraps); SAME(a, b, asserts); SAME(a, b, budget_time);
    SAME(a, b, budget_events);
    SAME(a, b, chaos); SAME(a, b, has_seed); SAME(a, b, seed); SAME(a, b, disabled);
    SAME(a, b, probe);
    SAME(a, b, nxfails);
    for (uint32_t i = 0; i < a->nxfails; i++) same_text(a->xfail[i].name, b->xfail[i].name);
    same_text(a->xfail_why, b->xfail_why), same_text(a->skip, b->skip);
    SAME(a, b, nstmts);
    for (uint32_t i = 0; i < a->nstmts; i++) {
        SAME(&a->stmts[i], &b->stmts[i], verb);
        SAME(&a->stmts[i], &b->stmts[i], moves);
        SAME(&a->stmts[i], &b->stmts[i], if_any);
        SAME(&a->stmts[i], &b->stmts[i], who.n);
    }
}

static void same_scenario(const struct scenario *a, const struct scenario *b)
{
    SAME(a, b, nvariants); SAME(a, b, nproves); SAME(a, b, calm_ok);
    same_text(a->title, b->title);
    for (uint32_t i = 0; i < a->nproves; i++) same_text(a->proves[i], b->proves[i]);
    for (uint32_t v = 0; v < a->nvariants; v++) {
        same_text(a->variants[v], b->variants[v]);
        same_program(&a->programs[v], &b->programs[v]);
    }
}

/* ---- the same runs ---- */

static uint64_t heard;          /* of the records so far */

static void hear(void *ctx, const struct world *w, const struct record *r)
{
    struct record one = *r;
    uint64_t words[sizeof one / 8];
    (void)ctx;
    (void)w;
    if (one.kind == REC_STEP) rec_set_line(&one, 0);
    memcpy(words, &one, sizeof one);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        heard = (heard ^ words[i]) * UINT64_C(0x9fb21c651e98df25);
        heard ^= heard >> 32;
    }
}

static uint64_t play(const struct scenario *s, uint32_t variant, struct result *result)
{
    static struct arena *block;
    if (!block) block = run_block();
    FUZZ_ASSERT(block, "no memory");
    struct run run = {.scenario = s, .variant = variant, .seed = 1, .listener = hear,
                      .play = {.until = NEVER, .max_events = PLAYED_EVENTS}};
    heard = 0;
    run_once(&run, block, result);
    return heard;
}

static void same_runs(const struct scenario *a, const struct scenario *b)
{
    static struct result of_a, of_b;
    for (uint32_t v = 0; v < a->nvariants && v < PLAYED_VARIANTS; v++) {
        uint64_t records = play(a, v, &of_a);
        FUZZ_ASSERT(play(b, v, &of_b) == records, "runs of variant %u differ", v);
        SAME(&of_a, &of_b, verdict); SAME(&of_a, &of_b, records); SAME(&of_a, &of_b, simulated_ns);
        same_text(of_a.check, of_b.check);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parts p;
    struct text once = {0}, twice = {0};
    uint32_t mistakes, still;
    parts_of(data, size, &p);
    struct scenario *is = parts_read(&p, NULL, &mistakes), *be = NULL;
    if (print(p.main.text, p.main.len, &once)) {
        FUZZ_ASSERT(print(once.s, once.n, &twice), "its canonical form cannot be printed:\n%s",
                    once.s);
        bool same = once.n == twice.n && memcmp(once.s, twice.s, once.n) == 0;
        FUZZ_ASSERT(same, "not its own canonical form:\n%s\n%s", once.s, twice.s);
        p.main.text = once.s, p.main.len = once.n;
        be = parts_read(&p, NULL, &still);
        FUZZ_ASSERT(mistakes == still, "%u mistakes become %u:\n%s", mistakes, still, once.s);
        if (is) same_scenario(is, be), same_runs(is, be);
    }
    scenario_free(is);
    scenario_free(be);
    free(once.s);
    free(twice.s);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return mutate_lines(data, size, max, seed);
}
