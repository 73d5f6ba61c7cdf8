/* SPDX-License-Identifier: MIT */
/*
 * upgrade: a node restarts with other options of the system under test, so that a cluster of
 * several versions can be said. Which options fit together, in one node and between voters, is
 * judged as it is at the beginning: once while reading, each upgrade after those that stand before
 * it in the file, and again when it happens, since schedules have an order of their own.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

enum { OPTION_WORDS = 64 };

bool parse_upgrade(struct cursor *c, struct stmt *s)
{
    struct upgrade *a = s->args = args_take(c, sizeof *a);
    struct program *g = c->p->prog;
    if (!a || !need_who(c, &s->who, "nodes") || !cur_need_word(c, "set")) return false;
    do {
        const char *name;
        uint32_t n;
        if (a->n == UPGRADE_OPTIONS_MAX)
            return cur_error(c, NULL, "at most %d options in one upgrade", UPGRADE_OPTIONS_MAX);
        if (!cur_need_name(c, &name, &n, "an option") || !option_parse(c, name, n, &a->set[a->n]))
            return false;
        if (a->set[a->n].host) {
            c->at = c->n;
            return report_at(c->p, &a->set[a->n].place, "set it before the start",
                             "%s belongs to the host, which is not upgraded",
                             a->set[a->n].row->name);
        }
        for (uint32_t i = 0; i < a->n; i++)
            if (a->set[i].row == a->set[a->n].row)
                return report_both(c->p, &a->set[a->n].place, &a->set[i].place, "it is set here",
                                   "take one of the two out", "'%s' is set twice",
                                   a->set[i].row->name);
        a->n++;
        cur_word(c, "set");
    } while (!cur_end(c));
    a->who = s->who;
    if (g->nupgrades == UPGRADES_MAX)
        return cur_error(c, NULL, "too many upgrades (at most %d)", UPGRADES_MAX);
    g->upgrades[g->nupgrades++] = a;
    return true;
}

/* A node's options with those of the upgrade; NULL: they fit, else why not. *other: the voter that
 * they do not fit. */
static const char *upgraded(const struct world_plan *plan, const struct upgrade *a, uint8_t node,
                            const void *const now[], uint64_t out[OPTION_WORDS], uint8_t *other)
{
    const struct sut *sut = plan->sut;
    const char *why = NULL;
    memcpy(out, now[node], OPTION_WORDS * sizeof *out);
    for (uint32_t i = 0; i < a->n; i++) option_store(out, &a->set[i]);
    *other = 0;
    if (sut->options_valid && !sut->options_valid(out, &why)) return why;
    for (uint8_t n = 1; sut->options_agree && n <= plan->nodes; n++) {
        if (n == node || !(plan->voters & NODE_BIT(n)) || !(plan->voters & NODE_BIT(node)))
            continue;
        if (sut->options_agree(out, now[n], &why)) continue;
        *other = n;
        return why;
    }
    return NULL;
}

static bool one_upgrade(struct parser *p, const struct upgrade *a, uint8_t node,
                        uint64_t (*state)[OPTION_WORDS])
{
    const struct world_plan *plan = &p->prog->plan;
    const void *now[NODES_MAX + 1];
    uint64_t next[OPTION_WORDS];
    uint8_t other;
    for (uint32_t n = 0; n <= NODES_MAX; n++) now[n] = state[n];
    const char *why = upgraded(plan, a, node, now, next, &other);
    memcpy(state[node], next, sizeof next);
    if (!why) return true;
    const struct place *at = &a->set[0].place;
    for (uint32_t i = 0; i < a->n; i++)
        if (speaks_of(why, a->set[i].row->name)) at = &a->set[i].place;
    if (!other)
        return report_at(p, at, NULL, "these options do not fit together on n%u: %s", node, why);
    return report_at(p, at,
                     "nodes are upgraded one after the other; `set` it before the start",
                     "the options of n%u and n%u then do not go together: %s", node, other, why);
}

bool upgrades_finish(struct parser *p)
{
    const struct program *g = p->prog;
    uint64_t state[NODES_MAX + 1][OPTION_WORDS];
    bool ok = true;
    memcpy(state, g->plan.sut_options, sizeof state);
    for (uint32_t i = 0; i < g->nupgrades; i++)
        for (uint32_t k = 0; k < g->upgrades[i]->who.n && !g->upgrades[i]->who.but; k++) {
            const struct who_item *item = &g->upgrades[i]->who.item[k];
            /* others when it happens */
            node_set set = item->kind == WHO_SET && !item->random ? item->set : 0;
            for (; set && ok; set &= set - 1)
                ok = one_upgrade(p, g->upgrades[i], node_first(set), state);
        }
    return ok;
}

bool run_upgrade(struct player *p, const struct stmt *s)
{
    const struct upgrade *a = s->args;
    const void *now[NODES_MAX + 1] = {0};
    uint64_t next[OPTION_WORDS];
    node_set set;
    uint8_t other;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (; set; set &= set - 1) {
        for (uint8_t n = 1; n <= p->w->nnodes; n++) now[n] = world_options(p->w, n);
        const char *why = upgraded(p->w->plan, a, node_first(set), now, next, &other);
        if (why)
            return play_fail(p, &s->place, V_ERROR, "error", "options of n%u that do not fit: %s",
                             node_first(set), why);
        host_upgrade(p->w, node_first(set), next);
    }
    return true;
}
