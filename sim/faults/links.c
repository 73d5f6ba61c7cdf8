/* SPDX-License-Identifier: MIT */
/* Which links a line of weather concerns, and how they were before. */
#include "chaos.h"
#include "../world/unusual.h"

#include <string.h>

bool words_scope(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "all"))
        line->param[PARAM_SCOPE] = SCOPE_ALL;
    else if (cur_word(c, "nodes"))
        line->param[PARAM_SCOPE] = SCOPE_NODES;
    else if (cur_word(c, "clients"))
        line->param[PARAM_SCOPE] = SCOPE_CLIENTS;
    return true;
}

bool words_scope_ppm(struct cursor *c, struct fault_line *line)
{
    return words_scope(c, line) && words_ppm_span(c, line);
}

bool words_scope_number(struct cursor *c, struct fault_line *line)
{
    return words_scope(c, line) && words_number_span(c, line);
}

bool scope_has(const struct fault_line *line, uint8_t from, uint8_t to)
{
    bool client = is_client(from) || is_client(to);
    return line->param[PARAM_SCOPE] == SCOPE_ALL ||
           (line->param[PARAM_SCOPE] == SCOPE_CLIENTS) == client;
}

void links_remember(struct world *w)
{
    const size_t size = net_links(w) * sizeof(struct link);
    if (!chaos_of(w)->links) {
        uint64_t at = arena_take(&w->arena, size);
        chaos_of(w)->links = at;
    }
    memcpy(arena_at(&w->arena, chaos_of(w)->links), net_links_of(w), size);
}

static const struct link *link_before(struct world *w, uint8_t from, uint8_t to)
{
    const struct link *copy = arena_at(&w->arena, chaos_of(w)->links);
    return copy + (net_link(w, from, to) - net_links_of(w));
}

/* The next node, or client; 0: there is none. */
static uint8_t next_actor(const struct world *w, uint8_t actor, bool clients)
{
    if (actor < w->nnodes)
        return (uint8_t)(actor + 1);
    if (!clients || actor == CLIENT_BASE + w->nclients || !w->nclients)
        return 0;
    return is_client(actor) ? (uint8_t)(actor + 1) : CLIENT_BASE + 1;
}

/* Clients have links to nodes alone: most pairs of actors have none. */
struct link *links_next(struct world *w, struct ends *e)
{
    do {
        e->to = e->from ? next_actor(w, e->to, !is_client(e->from)) : 0;
        if (e->to)
            continue;
        e->from = next_actor(w, e->from, true);
        if (!e->from)
            return NULL;
        e->to = 1;
    } while (e->from == e->to);
    return net_link(w, e->from, e->to);
}

void links_worsen(struct world *w, const struct fault_line *line, struct fault_strike *s,
                  link_worsen *worsen)
{
    struct ends e = {0};
    for (struct link *l; (l = links_next(w, &e)) != NULL;)
        if (scope_has(line, e.from, e.to))
            worsen(w, s, l);
}

void links_mend(struct world *w, const struct fault_line *line, const struct fault_strike *s,
                link_mend *mend)
{
    struct ends e = {0};
    for (struct link *l; (l = links_next(w, &e)) != NULL;)
        if (scope_has(line, e.from, e.to))
            mend(s, l, link_before(w, e.from, e.to));
}

static bool struck(struct world *w, const struct fault_line *line, struct fault_strike *s,
                   link_worsen *worsen)
{
    if (s->arg[0] == 0)
        return false;
    links_worsen(w, line, s, worsen);
    return true;
}

bool links_strike_share(struct world *w, const struct fault_line *line, struct fault_strike *s,
                        uint64_t lo, uint64_t hi, link_worsen *worsen)
{
    line_span(line, lo, hi, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    return struck(w, line, s, worsen);
}

bool links_strike_room(struct world *w, const struct fault_line *line, struct fault_strike *s,
                       uint64_t lo, uint64_t hi, link_worsen *worsen)
{
    line_span(line, lo, hi, &lo, &hi);
    s->arg[0] = hi - chaos_span(w, s, 0, hi - lo);
    return struck(w, line, s, worsen);
}

void links_unusual(struct world *w, const struct fault_strike *s, unusual_change *change)
{
    unusual_make(w);
    for (uint8_t a = 1; a <= w->nnodes; a++)
        for (uint8_t b = 1; b <= w->nnodes; b++)
            if (a != b)
                change(s, unusual_of(w, a, b));
}

void share_add(uint32_t *ppm, uint64_t share) { *ppm += (uint32_t)share; }

void share_take(uint32_t *ppm, uint64_t share) { *ppm -= *ppm < share ? *ppm : (uint32_t)share; }

void link_restore(struct world *w, uint8_t from, uint8_t to)
{
    struct link *l = net_link(w, from, to);
    if (!l)
        return;
    net_heal(w, from, to);
    l->delay_min = w->plan->host[0].link_delay_min;
    l->delay_max = w->plan->host[0].link_delay_max;
    l->loss_ppm = l->dup_ppm = l->reorder_ppm = 0;
    l->capacity = 0;
    l->bandwidth = l->reorder_by = l->lag = 0;
    struct unusual *u = unusual_of(w, from, to);
    if (u)
        u->slices_ppm = u->echo_ppm = 0;
}
