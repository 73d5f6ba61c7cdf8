/* SPDX-License-Identifier: MIT */
/*
 * Processes. A trap (crash ... after next SELECTOR) waits in the record stream: the node crashes
 * right after the event in which the record was made, before anything else happens. Of a message it
 * is the sending that counts, `delivered` before the type means the arrival; where the selector
 * names no sender the crashing node's own messages are meant.
 */
#include <assert.h>
#include <string.h>

#include "../world/service.h"
#include "parse.h"
#include "play.h"
#include "rows.h"

typedef void node_act(struct player *, uint8_t node);

static bool each(struct player *p, const struct stmt *s, node_act *act)
{
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (; set; set &= set - 1) act(p, node_first(set));
    return true;
}

static bool parse_who(struct cursor *c, struct stmt *s) { return need_who(c, &s->who, "nodes"); }

bool parse_start(struct cursor *c, struct stmt *s) { return parse_who(c, s); }
bool parse_restart(struct cursor *c, struct stmt *s) { return parse_who(c, s); }
bool parse_pause(struct cursor *c, struct stmt *s) { return parse_who(c, s); }
bool parse_resume(struct cursor *c, struct stmt *s) { return parse_who(c, s); }

static void act_start(struct player *p, uint8_t n) { host_boot(p->w, n); }
static void act_pause(struct player *p, uint8_t n) { host_pause(p->w, n); }

static void act_restart(struct player *p, uint8_t n)
{
    host_crash(p->w, n);
    host_boot(p->w, n);
}

static void act_resume(struct player *p, uint8_t n)
{
    while (p->w->process[n].pauses) host_resume(p->w, n);
}

bool run_start(struct player *p, const struct stmt *s) { return each(p, s, act_start); }
bool run_restart(struct player *p, const struct stmt *s) { return each(p, s, act_restart); }
bool run_pause(struct player *p, const struct stmt *s) { return each(p, s, act_pause); }
bool run_resume(struct player *p, const struct stmt *s) { return each(p, s, act_resume); }

/* ---- service time ---- */

struct service_args { uint64_t lo, hi; };

bool parse_service(struct cursor *c, struct stmt *s)
{
    struct service_args *a = s->args = args_take(c, sizeof *a);
    uint32_t at;
    if (!a || !cur_need_word(c, "time") || !parse_who(c, s)) return false;
    at = c->at;
    if (!cur_need_span(c, &a->lo, &a->hi, "the time of one event")) return false;
    if (a->hi <= SEC(3600)) return true;
    return c->at = at, cur_error(c, "at most 3600s", "an event does not take so long");
}

bool run_service(struct player *p, const struct stmt *s)
{
    const struct service_args *a = s->args;
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (; set; set &= set - 1) service_time(p->w, node_first(set), a->lo, a->hi);
    return true;
}

/* ---- crash ---- */

bool parse_crash(struct cursor *c, struct stmt *s)
{
    if (!parse_who(c, s)) return false;
    bool after = cur_word(c, "after"), during = !after && cur_word(c, "during");
    if (!after && !during) return true;
    struct selector *trap = s->args = args_take(c, sizeof *trap);
    s->seeks = true;
    uint32_t at = c->at;
    if (!trap || !need_selector(c, trap)) return false;
    if (during && trap->kind != REC_WRITE)
        return c->at = at,
            cur_error(c, "write crash n1 during next write", "only a write takes time");
    if (c->p->prog->ntraps++ >= TRAPS_MAX)
        return cur_error(c, NULL, "too many traps (at most %d)", TRAPS_MAX);
    return true;
}

static void act_crash(struct player *p, uint8_t n) { host_crash(p->w, n); }

bool run_crash(struct player *p, const struct stmt *s)
{
    const struct selector *trap = s->args;
    node_set set;
    if (!trap) return each(p, s, act_crash);
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    struct party from = trap->match.from, to = trap->match.to;
    if (!need_party_now(p, s, &trap->from, &from) || !need_party_now(p, s, &trap->to, &to))
        return false;
    uint32_t i = 0;
    while (i < p->ntraps && (p->traps[i].armed || p->traps[i].fired)) i++;
    if (i == TRAPS_MAX)
        return play_fail(p, &s->place, V_ERROR, "error", "more than %d traps", TRAPS_MAX);
    if (i == p->ntraps) p->ntraps++;
    p->traps[i] = (struct trap){.selector = *trap, .nodes = set, .armed = true,
                                .statement = s->if_any ? 0 : s->number};
    struct label_match *m = &p->traps[i].selector.match;
    m->from = from, m->to = to;
    bool sender = from.nodes || from.client, receiver = to.nodes || to.client;
    if (!sender && !(receiver && trap->kind == REC_DELIVER)) {
        if (trap->kind == REC_DELIVER) m->to.nodes = set;
        else m->from.nodes = set;
    }
    p->armed++;
    return true;
}
