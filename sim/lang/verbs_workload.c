/* SPDX-License-Identifier: MIT */
/*
 * Workloads: many clients that draw their own operations. A rate is that of all clients together
 * and open-loop: an operation counts from its intended time, whatever became of the one before.
 * `think` is closed-loop. Its clients and keys are its own, made while reading. With `once` they
 * neither ask again nor follow a redirect.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"
#include "units.h"

struct workload_args { struct workload w; uint64_t during; };

static bool need_clients(struct cursor *c, struct workload *w, const char *name)
{
    uint64_t n;
    char text[80];
    struct program *g = c->p->prog;
    if (!cur_need_count(c, &n, 1, CLIENTS_MAX - HIDDEN_CLIENTS_MAX, "a number of clients"))
        return false;
    if (g->clients.n + n > CLIENTS_MAX - HIDDEN_CLIENTS_MAX)
        return c->at--, cur_error(c, NULL, "too many clients in all (at most %d)",
                                  CLIENTS_MAX - HIDDEN_CLIENTS_MAX);
    w->count = (uint8_t)n;
    for (uint64_t i = 1; i <= n; i++) {
        snprintf(text, sizeof text, "%.60s.%u", name, (unsigned)i);
        uint8_t actor = client_actor(c->p, text, (uint32_t)strlen(text));
        if (!actor) return out_of_memory(c->p);
        if (i == 1) w->first = actor;
    }
    return true;
}

static bool need_keys(struct cursor *c, struct workload *w, const char *name)
{
    uint64_t n;
    char text[80];
    struct names *keys = &c->p->prog->keys;
    if (!cur_need_count(c, &n, 1, 10000, "a number of keys")) return false;
    if (keys->n + n > 60000)
        return c->at--, cur_error(c, NULL, "too many keys in all (at most 60000)");
    w->keys = (uint16_t)n;
    for (uint64_t i = 1; i <= n; i++) {
        snprintf(text, sizeof text, "%.60s.k%u", name, (unsigned)i);
        uint32_t id = names_add(keys, c->p->pool, text, strlen(text));
        if (!id) return out_of_memory(c->p);
        if (i == 1) w->first_key = (uint16_t)(id - 1);
    }
    return true;
}

static bool need_mix(struct cursor *c, struct workload *w)
{
    uint32_t *const share[] = {&w->read_ppm, &w->write_ppm, &w->cas_ppm, &w->append_ppm};
    uint32_t which, had = 0;
    uint64_t ppm, sum = 0, at = c->at;
    char text[SPELLED_BYTES];
    while (take_choice(c, "read|write|cas|append", &which)) {
        if (!cur_need_share(c, &ppm, 1000000)) return false;
        if (had & UINT32_C(1) << which)
            return c->at--, cur_error(c, "give each once", "two shares of one kind");
        had |= UINT32_C(1) << which;
        *share[which] = (uint32_t)ppm;
    }
    for (which = 0; which < 4; which++) sum += *share[which];
    if (sum == 1000000) return true;
    c->at = (uint32_t)at;
    share_spell(sum, text);
    return cur_error(c, "write mix read 50% write 40% cas 10%",
                     "the shares of a mix add up to %s, not to 100%%", text);
}

/* A rate of all clients together, as a gap of each: drawn from 0 to twice the mean. */
static bool need_rate(struct cursor *c, struct workload *w)
{
    uint64_t per_1000s;
    if (!cur_rate(c, &per_1000s) || !per_1000s)
        return cur_error(c, "write rate 200/s", "expected a rate");
    w->open_loop = true;
    w->pause_min = 0;
    w->pause_max = 2 * (SEC(1000) / per_1000s) * w->count;
    if (w->pause_max > US(2)) return true;
    c->at--;
    return cur_error(c, NULL, "more than a million operations a second of one client");
}

/* Clients that think for no time, where links and disks take none, would not let time pass. */
static bool need_think(struct cursor *c, struct workload *w)
{
    const uint32_t at = c->at;
    if (!cur_need_span(c, &w->pause_min, &w->pause_max, "a span of times")) return false;
    if (w->pause_max) return true;
    c->at = at;
    return cur_error(c, "write think 0ms..1ms",
                     "clients that never think would work for ever at one instant");
}

/* A part stands once, of rate and think one does, and so of retry and once. */
static bool stands_once(struct cursor *c, uint32_t which, uint32_t *parts)
{
    enum { RATE = 3, THINK = 4, RETRY = 7, ONCE = 9 };
    const uint32_t paces = UINT32_C(1) << RATE | UINT32_C(1) << THINK,
                   asking = UINT32_C(1) << RETRY | UINT32_C(1) << ONCE, one = UINT32_C(1) << which;
    const bool pace = one & paces, asks = one & asking;
    if (*parts & one)
        return c->at--, cur_error(c, "take one of the two out", "this stands twice in a workload");
    if (pace && *parts & paces)
        return c->at--, cur_error(c, "take one of the two out", "a workload has a rate, or thinks");
    if (asks && *parts & asking)
        return c->at--, cur_error(c, "take one of the two out",
                                  "clients that ask once do not ask again");
    *parts |= one;
    return true;
}

static bool need_workload_clause(struct cursor *c, struct workload_args *a, const char *name,
                                 uint32_t *parts)
{
    uint64_t n = 0;
    uint32_t which;
    if (!cur_need_choice(c, "clients|keys|mix|rate|think|for|timeout|retry|ops|once|"
                            "unique-values", &which, "a part of a workload"))
        return false;
    if (!stands_once(c, which, parts)) return false;
    switch (which) {
    case 0: return need_clients(c, &a->w, name);
    case 1: return need_keys(c, &a->w, name);
    case 2: return need_mix(c, &a->w);
    case 3:
        return a->w.count ? need_rate(c, &a->w)
                          : cur_error(c, "write clients 5 before the rate",
                                      "the rate is all clients' together, and there are none yet");
    case 4: return need_think(c, &a->w);
    case 5: return cur_need_time(c, &a->during, "a time");
    case 6: return need_timeout(c, &a->w.timeout);
    case 7:
        if (!cur_need_count(c, &n, 0, 1000000, "a number of further attempts")) return false;
        a->w.retries = (uint32_t)n;
        return true;
    case 8: return cur_need_count(c, &a->w.most, 1, 1000000000, "operations of each client");
    case 9: a->w.once = true; return true;
    default: return true;       /* values always are unique */
    }
}

bool parse_workload(struct cursor *c, struct stmt *s)
{
    struct workload_args *a = s->args = args_take(c, sizeof *a);
    struct program *g = c->p->prog;
    const char *name;
    uint32_t n, before = g->workloads.n, parts = 0;
    if (!a || !cur_need_name(c, &name, &n, "a name for the workload")) return false;
    uint32_t id = names_add(&g->workloads, c->p->pool, name, n);
    if (!id) return out_of_memory(c->p);
    if (id <= before)
        return c->at--,
            cur_error(c, "give it another name", "there is a workload of that name already");
    while (!cur_end(c))
        if (!need_workload_clause(c, a, g->workloads.name[id], &parts)) return false;
    group_here(c);
    const char *hint = "write workload w clients 5 keys 3 mix read 50% write 50% rate 200/s for "
                       "10s";
    if (!a->w.count) return cur_error(c, hint, "a workload needs clients");
    if (!a->w.keys) return cur_error(c, hint, "a workload needs keys");
    if (!a->w.open_loop && !a->w.pause_max)
        return cur_error(c, hint, "a workload needs a rate, or think A..B");
    if (!a->w.read_ppm && !a->w.write_ppm && !a->w.cas_ppm && !a->w.append_ppm)
        a->w.read_ppm = a->w.write_ppm = 500000;
    return true;
}

bool run_workload(struct player *p, const struct stmt *s)
{
    const struct workload_args *a = s->args;
    struct workload w = a->w;
    w.group = p->group;
    w.start = p->w->now;
    w.stop = a->during ? p->w->now + a->during : NEVER;
    workload_start(p->w, &w);
    return true;
}
