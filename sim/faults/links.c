/* SPDX-License-Identifier: MIT */
/* Which links a line of weather concerns, and how they were before. */
#include "chaos.h"

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

bool scope_has(const struct fault_line *line, uint8_t from, uint8_t to)
{
    bool client = is_client(from) || is_client(to);
    return line->param[PARAM_SCOPE] == SCOPE_ALL || (line->param[PARAM_SCOPE] == SCOPE_CLIENTS) == client;
}

/* The three tables of links lie behind one another in the copy. */
struct tables { uint64_t nn, nc, cn; };

static struct tables table_sizes(const struct world *w)
{
    uint64_t nodes = (uint64_t)w->nnodes + 1, clients = (uint64_t)w->nclients + 1;
    return (struct tables){nodes * nodes, nodes * clients, nodes * clients};
}

void links_remember(struct world *w)
{
    struct tables n = table_sizes(w);
    if (!chaos_of(w)->links) {
        uint64_t at = arena_take(&w->arena, (n.nn + n.nc + n.cn) * sizeof(struct link));
        chaos_of(w)->links = at;
    }
    struct link *to = arena_at(&w->arena, chaos_of(w)->links);
    memcpy(to, arena_at(&w->arena, w->links_nn), (size_t)(n.nn * sizeof(struct link)));
    memcpy(to + n.nn, arena_at(&w->arena, w->links_nc), (size_t)(n.nc * sizeof(struct link)));
    memcpy(to + n.nn + n.nc, arena_at(&w->arena, w->links_cn), (size_t)(n.cn * sizeof(struct link)));
}

static const struct link *link_before(struct world *w, uint8_t from, uint8_t to)
{
    struct tables n = table_sizes(w);
    const struct link *copy = arena_at(&w->arena, chaos_of(w)->links), *now = net_link(w, from, to);
    uint64_t table = is_client(from) ? w->links_cn : is_client(to) ? w->links_nc : w->links_nn;
    uint64_t first = is_client(from) ? n.nn + n.nc : is_client(to) ? n.nn : 0;
    return copy + first + (now - (const struct link *)arena_at(&w->arena, table));
}

void links_each(struct world *w, const struct fault_line *line, struct fault_strike *s, link_change *change)
{
    uint32_t last = CLIENT_BASE + (uint32_t)w->nclients;
    for (uint32_t a = 1; a <= last; a++)
        for (uint32_t b = 1; b <= last; b++) {
            struct link *l = net_link(w, (uint8_t)a, (uint8_t)b);
            if (l && scope_has(line, (uint8_t)a, (uint8_t)b))
                change(w, s, l, link_before(w, (uint8_t)a, (uint8_t)b));
        }
}

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
    l->bandwidth = l->reorder_by = 0;
}
