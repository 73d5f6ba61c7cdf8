/* SPDX-License-Identifier: MIT */
/*
 * epilogue within D: what a cluster still owes when nothing is broken any more.
 *
 * Method: workloads end, and what their clients have not begun is forgotten, else a backlog would
 * be written for as long as the storm was. Then come acts, one row each, one after the other. `then
 * heal` mends a core and leaves the rest as it is; here all is mended, and everybody who ever ran
 * is up. An act says who has to recover: they must make progress within the bound. In between it is
 * quiet for a while; then nobody's term may have risen, where the rule `stability` is armed (it is,
 * as soon as the links let heartbeats come in time and the last act is over), and the last entries
 * must have reached everybody, though nobody writes: commit-notify or heartbeats tell of them. At
 * last each node is asked itself, and who was away comes back.
 */
#include <inttypes.h>
#include <string.h>

#include "../faults/fault.h"
#include "../world/client.h"
#include "parse.h"
#include "play.h"
#include "rows.h"

#define QUIET SEC(3)

struct epilogue {
    const struct stmt *stmt;
    struct bound owed;
    uint64_t within;        /* the same in ns, and nobody is behind */
    node_set core;          /* who is up, and has to recover */
    node_set away;
};
/* False: the play is over. */
typedef bool act(struct player *, struct epilogue *);

static bool fails(struct player *p, const struct epilogue *e, const char *check, const char *when,
                  const char *what)
{
    struct evidence rests = {0};
    rests_on_progress(p, &rests);
    play_rests(p, &rests);
    return play_fail(p, &e->stmt->place, V_LIVENESS, check, "%s, %s", when, what);
}

/* What the bound allows from here on: who is behind now has the time to catch up. */
static uint64_t allowed(const struct world *w, const struct epilogue *e)
{
    return e->within + (e->owed.timeouts ? bound_catch_up(w, e->core, 0) : 0);
}

/* They make progress within the bound. */
static bool recovers(struct player *p, const struct epilogue *e)
{
    const uint64_t within = allowed(p->w, e);
    play_progress(p, e->core, within);
    const bool made = play_await_progress(p, &e->stmt->place, within);
    p->asked = false;
    return made;
}

/* Of each group the highest term, all added up: it rises where any of them does. */
static uint64_t terms(const struct world *w, node_set nodes)
{
    uint64_t sum = 0;
    for (uint16_t group = 0; group < w->groups; group++)
        sum += progress_top_term(w, group, nodes);
    return sum;
}

static bool keeps_term(struct player *p, const struct epilogue *e, uint64_t term, const char *when)
{
    const uint64_t now = terms(p->w, e->core);
    char what[80];
    snprintf(what, sizeof what, "term %" PRIu64 " rose to %" PRIu64, term, now);
    return now <= term || fails(p, e, "stability", when, what);
}

static node_set voters_that_ran(const struct world *w)
{
    node_set set = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (w->process[n].boots) set |= NODE_BIT(n);
    return set & world_voters(w);
}

/* ---- acts ---- */

static bool act_heal(struct player *p, struct epilogue *e)
{
    unmet_healing(p);
    const struct healing h = chaos_heal_all(p->w, e->owed);
    e->core = h.core;
    e->within = bound_time(p->w, e->owed, world_voters(p->w));
    return recovers(p, e);
}

/* All at once: what disks hold is all there is. */
static bool act_restart(struct player *p, struct epilogue *e)
{
    for (uint8_t n = 1; n <= p->w->nnodes; n++)
        if (p->w->process[n].up) host_crash(p->w, n);
    for (uint8_t n = 1; n <= p->w->nnodes; n++)
        if (p->w->process[n].boots) host_boot(p->w, n);
    return recovers(p, e);
}

/* As many as can be done without, the leader among them, the others drawn. */
static bool act_lose(struct player *p, struct epilogue *e)
{
    struct world *w = p->w;
    const uint32_t all = (uint32_t)__builtin_popcount(world_voters(w));
    uint32_t most = (uint32_t)__builtin_popcount(e->core) - (all / 2 + 1);
    if (!most) return true;
    for (uint8_t victim = host_leader(w, 0); most; most--) {
        if (!victim || !(e->core & NODE_BIT(victim))) {
            uint64_t k = draw(w, STREAM_PICK, 0, &w->pick_ordinal,
                              (uint64_t)__builtin_popcount(e->core));
            node_set left = e->core;
            for (; k; k--) left &= left - 1;
            victim = node_first(left);
        }
        if (!world_majorities(w, e->core & ~NODE_BIT(victim), 0)) break;
        host_crash(w, victim);
        e->core &= ~NODE_BIT(victim);
        e->away |= NODE_BIT(victim);
        victim = 0;
    }
    return recovers(p, e);
}

/* Nobody asks for anything. */
static bool act_quiet(struct player *p, struct epilogue *e)
{
    struct world *w = p->w;
    char what[160];
    const uint64_t patience = w->now + e->within;
    while (!stability_armed(w) && w->now < patience)
        if (!play_wait(p, w->now + e->within / 50 + 1)) return false;
    const bool armed = stability_armed(w);
    const uint64_t term = terms(w, e->core);
    if (!play_wait(p, w->now + QUIET)) return false;
    if (armed && !keeps_term(p, e, term, "nothing disturbed them for 3s, and yet")) return false;
    if (!armed || progress_everywhere(w, e->core, what, sizeof what)) return true;
    return fails(p, e, "progress", "nothing disturbed them for 3s, and yet", what);
}

/* Who was away catches up, though nobody writes. */
static bool act_return(struct player *p, struct epilogue *e)
{
    struct world *w = p->w;
    char what[160];
    const bool armed = stability_armed(w);
    const uint64_t term = terms(w, e->core);
    if (!e->away) return true;
    for (; e->away; e->away &= e->away - 1) host_boot(w, node_first(e->away));
    e->core = voters_that_ran(w);
    for (const uint64_t end = w->now + allowed(w, e); w->now < end;) {
        if (progress_everywhere(w, e->core, what, sizeof what))
            return !armed || keeps_term(p, e, term, "they only came back, and yet");
        if (!play_wait(p, w->now + e->within / 200 + 1)) return false;
    }
    return fails(p, e, "progress", "nobody writes", what);
}

/* Progress is a write and each kind of read through every node. */
static bool act_ask(struct player *p, struct epilogue *e)
{
    return recovers(p, e);
}

static const struct { act *act; const char *said; } acts[] = {
    {act_heal, "once all is healed"},
    {act_restart, "after all restarted at once"},
    {act_lose, "without as many as it can do without"},
    {act_quiet, "in the quiet"},
    {act_ask, "asked one by one"},
    {act_return, "when all are back"},
};

/* ---- the statement ---- */

struct epilogue_args { struct bound within; };

bool parse_epilogue(struct cursor *c, struct stmt *s)
{
    struct epilogue_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !cur_need_word(c, "within") || !cur_need_bound(c, &a->within, "a time"))
        return false;
    if (!bound_given(a->within)) return c->at--, cur_error(c, NULL, "a recovery needs time");
    c->p->prog->asserts++;
    c->p->prog->probe = true;
    return true;
}

/* Says in which act it failed. */
static void say_when(struct player *p, const char *said)
{
    char before[sizeof p->out->detail];
    if (!p->failed || p->out->verdict != V_LIVENESS) return;
    memcpy(before, p->out->detail, sizeof before);
    snprintf(p->out->detail, sizeof p->out->detail, "epilogue, %s: %.180s", said, before);
}

bool run_epilogue(struct player *p, const struct stmt *s)
{
    const struct epilogue_args *a = s->args;
    struct epilogue e = {.stmt = s, .owed = a->within};
    workload_stop(p->w);
    client_give_up(p->w);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (acts[i].act(p, &e)) continue;
        say_when(p, acts[i].said);
        return false;
    }
    return true;
}
