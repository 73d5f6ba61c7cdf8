/* SPDX-License-Identifier: MIT */
/*
 * A system under test that does what a test tells it, step by step, behind the table of our own
 * core; so that a host can be told what no core would tell it. It is node 1 of three, in a judged
 * world that stands still otherwise.
 */
#ifndef WT_TEST_SCRIPTED_H
#define WT_TEST_SCRIPTED_H

#include "test_check.h"

/* What the next step will do. What a step changed is kept: term, vote, role, leader, commit and
 * last of the delta; the rest is cleared by it. */
static struct sut_effects fx;
static int step_returns, boot_returns;
static uint64_t script_deadline;
static struct sut_run script_run;       /* the terms of what it appends, where a test says none */
static struct sut_view script_shows;    /* what it shows beside what it told */
static struct sut_run script_given[8];  /* the first runs of the log that it last booted from */
static const uint64_t script_bytes[SUT_MSG_BYTES / 8];

static int script_boot(void *state, const struct sut_boot *b)
{
    (void)state;
    uint64_t last = 0;
    memset(script_given, 0, sizeof script_given);
    for (uint32_t i = 0; i < b->nruns; i++) {
        last += b->runs[i].n;
        if (i < sizeof script_given / sizeof *script_given)
            script_given[i] = b->runs[i];
    }
    memset(&fx, 0, sizeof fx);
    fx.delta = (struct sut_delta){.term = b->term, .vote = b->vote, .last = last,
                                  .first = last + 1};
    return boot_returns;
}

static int script_step(void *state, const struct sut_event *e, struct sut_effects *out)
{
    (void)state;
    if (e->type == SUT_WRITE_DONE || step_returns != SUT_OK) {
        *out = (struct sut_effects){.delta = fx.delta};
        return e->type == SUT_WRITE_DONE ? SUT_OK : step_returns;
    }
    *out = fx;
    const struct sut_delta d = fx.delta;
    if (d.runs == NULL && d.first <= d.last) {
        script_run = (struct sut_run){.term = d.term, .n = d.last - d.first + 1};
        out->delta.runs = &script_run;
        out->delta.nruns = 1;
    }
    memset(&fx, 0, sizeof fx);
    fx.delta = (struct sut_delta){.role = d.role, .leader = d.leader, .vote = d.vote,
                                  .term = d.term, .commit = d.commit, .last = d.last,
                                  .first = d.last + 1};
    return SUT_OK;
}

static uint64_t script_deadline_of(const void *state)
{
    (void)state;
    return script_deadline;
}

static void script_view(const void *state, uint16_t group, struct sut_view *v)
{
    (void)state;
    (void)group;
    *v = (struct sut_view){.term = fx.delta.term + script_shows.term,
                           .vote = (uint8_t)(fx.delta.vote + script_shows.vote),
                           .role = (uint8_t)(fx.delta.role + script_shows.role),
                           .leader = (uint8_t)(fx.delta.leader + script_shows.leader),
                           .commit = fx.delta.commit + script_shows.commit,
                           .last = fx.delta.last + script_shows.last,
                           .last_term = store_term(w, replica_of(w, 1, 0)->head) +
                                        script_shows.last_term,
                           .voters = tank_plan.voters ^ script_shows.voters};
}

/* From this index on it shows its entries under term 9; 0: from none. */
static uint64_t script_hides;

static uint64_t script_term_at(const void *state, uint64_t index)
{
    (void)state;
    return script_hides && index >= script_hides
               ? 9 : store_term(w, store_at(w, replica_of(w, 1, 0)->head, index));
}

/* What it finds of itself: a sentence; NULL: that all is well. */
static const char *script_broken;
static uint32_t script_checks;          /* how often it was asked */

static int script_check(const void *state, const char **why)
{
    (void)state;
    *why = script_broken;
    script_checks++;
    return script_broken != NULL;
}

static struct sut scripted;
static int open_scripted(void **state)
{
    (void)state;
    scripted = *suts[0];
    scripted.boot = script_boot;
    scripted.step = script_step;
    scripted.deadline = script_deadline_of;
    scripted.check = script_check;
    scripted.view = script_view;
    scripted.term_at = script_term_at;
    step_returns = boot_returns = SUT_OK;
    script_deadline = NEVER;
    script_broken = NULL;
    script_shows = (struct sut_view){0};
    script_hides = 0;
    script_checks = 0;
    tank_prepare(3, 2);
    tank_plan.sut = &scripted;
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1,
                   true);
    judge_start(w);
    world_configure(w);
    judge_disable(w, CHECK_lease_basis);                /* no round stands behind what it says */
    disk_stepwise(w, 1, true);
    host_boot(w, 1);
    return 0;
}

static inline void step(void)
{
    struct sut_event ev = {.type = SUT_TIME};
    host_event(w, replica_of(w, 1, 0), &ev);
}

/* ---- what a step does; step() carries it out ---- */

static inline void takes_term(uint64_t t, uint8_t vote)
{
    fx.delta.changed |= SUT_CHANGED_TERM | SUT_CHANGED_VOTE;
    fx.delta.term = t;
    fx.delta.vote = vote;
}

static inline void appends_one(void)
{
    fx.delta.changed |= SUT_CHANGED_LOG;
    fx.delta.origin = SUT_FROM_SELF;
    fx.delta.first = ++fx.delta.last;
}

static inline void cuts(uint64_t from)
{
    fx.delta.changed |= SUT_CHANGED_LOG;
    fx.delta.cut_from = from;
    fx.delta.last = from - 1;
    fx.delta.first = from;
}

static inline void writes(uint64_t wid, uint64_t cut_from, uint64_t first, uint64_t last)
{
    fx.write = (struct sut_write){.wid = wid, .term = fx.delta.term, .vote = fx.delta.vote,
                                  .cut_from = cut_from, .first = first, .last = last};
}

static inline struct msg_label *sends(uint8_t type, uint8_t to, uint64_t wid)
{
    struct sut_out *out = &fx.msgs[fx.nmsgs++];
    *out = (struct sut_out){.label = {.type = type, .from = 1, .to = to, .term = fx.delta.term},
                            .wid = wid, .bytes = script_bytes};
    return &out->label;
}

/* In term 1, a log of `entries` no-ops in memory, one a step, of which no write has asked yet but
 * for the term (write 1). */
static inline void in_term_1(uint32_t entries)
{
    takes_term(1, 0);
    writes(1, 0, 1, 0);
    step();
    for (uint32_t i = 0; i < entries; i++) {
        appends_one();
        step();
    }
}

/* ---- what came of it ---- */

/* The first rule broken of late. */
static inline int broken(void)
{
    const uint64_t kept = w->records < DIGEST_BATCH ? w->records : DIGEST_BATCH;
    for (uint64_t i = w->records - kept; i < w->records; i++)
        if (w->buffer[i % DIGEST_BATCH].kind == REC_BREACH)
            return rec_breach(&w->buffer[i % DIGEST_BATCH]);
    return BREACH_NONE;
}

#define BREAKS(rule)                                                                               \
    do {                                                                                           \
        assert_string_equal(breach_name(broken()), breach_name(BREACH_##rule));                    \
        assert_non_null(fired("contract"));                                                        \
        assert_true(fired("contract")->detail[0]);                                                 \
        assert_int_equal(w->stop, STOP_VIOLATION);                                                 \
    } while (0)
#define KEEPS()                                                                                    \
    do {                                                                                           \
        assert_string_equal(breach_name(broken()), breach_name(BREACH_NONE));                      \
        SILENT();                                                                                  \
    } while (0)
#define SCRIPTED(test) cmocka_unit_test_setup_teardown(test, open_scripted, close_it)

#endif
