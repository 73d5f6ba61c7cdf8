/* SPDX-License-Identifier: MIT */
/*
 * How messages travel on a link: delay, loss, duplication, reordering, bandwidth, capacity. A
 * statement sets what it names and leaves the rest.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

struct settings {
    bool delay, loss, dup, reorder, bandwidth, capacity;
    uint64_t delay_min, delay_max, loss_ppm, dup_ppm, reorder_ppm, reorder_by, bytes, messages;
};
struct link_args {
    struct who from, to;
    uint8_t from_client, to_client;
    bool both;
    struct settings set;
};

static bool need_setting(struct cursor *c, struct settings *s)
{
    uint32_t which;
    cur_word(c, "|");
    if (!cur_need_choice(c, "delay|loss|duplicate|reorder|bandwidth|capacity", &which,
                         "how messages travel"))
        return false;
    switch (which) {
    case 0: s->delay = true; return cur_need_span(c, &s->delay_min, &s->delay_max, "a delay");
    case 1: s->loss = true; return cur_need_share(c, &s->loss_ppm, 1000000);
    case 2: s->dup = true; return cur_need_share(c, &s->dup_ppm, 1000000);
    case 3:
        s->reorder = true, s->reorder_by = MS(50);
        if (!cur_need_share(c, &s->reorder_ppm, 1000000)) return false;
        return !cur_word(c, "by") || cur_need_time(c, &s->reorder_by, "a time");
    case 4:
        s->bandwidth = true;
        if (!cur_bytes(c, &s->bytes) || !cur_word(c, "/") || !cur_word(c, "s"))
            return cur_error(c, "write 1MB/s", "expected bytes a second");
        return true;
    default:
        s->capacity = true;
        return cur_need_count(c, &s->messages, 0, UINT32_MAX, "a number of messages (0: no bound)");
    }
}

static bool need_settings(struct cursor *c, struct settings *s)
{
    do {
        if (!need_setting(c, s)) return false;
    } while (!cur_end(c));
    return true;
}

static void apply(struct link *l, const struct settings *s)
{
    if (s->delay) l->delay_min = s->delay_min, l->delay_max = s->delay_max;
    if (s->loss) l->loss_ppm = (uint32_t)s->loss_ppm;
    if (s->dup) l->dup_ppm = (uint32_t)s->dup_ppm;
    if (s->reorder) l->reorder_ppm = (uint32_t)s->reorder_ppm, l->reorder_by = s->reorder_by;
    if (s->bandwidth) l->bandwidth = s->bytes;
    if (s->capacity) l->capacity = (uint32_t)s->messages;
}

/* ---- link ---- */

static bool need_end(struct cursor *c, struct who *who, uint8_t *client)
{
    *client = take_client(c);
    return *client || need_who(c, who, "nodes or a client");
}

/* There are links among them. */
static bool need_among(struct cursor *c, const struct who *who, const char *instead)
{
    char hint[80];
    node_set set = who_static(who);
    if (__builtin_popcount(set) != 1 || !as_written(c)) return true;
    if (c->p->prog->plan.nodes == 1 && !size_as_written(c)) return true;        /* link all */
    c->at = 1;
    snprintf(hint, sizeof hint, "write %s", instead);
    return cur_error(c, hint, "there is no link among one node");
}

bool parse_link(struct cursor *c, struct stmt *s)
{
    struct link_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !need_end(c, &a->from, &a->from_client)) return false;
    if (cur_word(c, "-")) a->both = true;
    else if (!cur_word(c, "->")) {
        /* link all delay ...: all links among them */
        a->to = a->from, a->to_client = a->from_client;
        return need_among(c, &a->from, "link n1 - all delay 5ms") && need_settings(c, &a->set);
    }
    uint32_t at = c->at;
    return need_end(c, &a->to, &a->to_client) &&
           need_two_ends(c, at, who_static(&a->from), who_static(&a->to)) &&
           need_settings(c, &a->set);
}

static void set_links(struct world *w, const struct link_args *a, node_set from, node_set to,
                      const struct settings *set)
{
    uint32_t end = CLIENT_BASE + w->nclients + 1u;
    for (uint32_t x = 1; x < end; x++)
        for (uint32_t y = 1; y < end; y++) {
            bool xin = x <= NODES_MAX ? from & NODE_BIT(x) : x == a->from_client,
                 yin = y <= NODES_MAX ? to & NODE_BIT(y) : y == a->to_client;
            bool xto = x <= NODES_MAX ? to & NODE_BIT(x) : x == a->to_client,
                 yfrom = y <= NODES_MAX ? from & NODE_BIT(y) : y == a->from_client;
            if (x == y || !((xin && yin) || (a->both && xto && yfrom))) continue;
            if ((x <= NODES_MAX && x > w->nnodes) || (y <= NODES_MAX && y > w->nnodes)) continue;
            struct link *l = net_link(w, (uint8_t)x, (uint8_t)y);
            if (l) apply(l, set);
        }
}

bool run_link(struct player *p, const struct stmt *s)
{
    const struct link_args *a = s->args;
    node_set from = 0, to = 0;
    if (a->from.n && !need_nodes_now(p, s, &a->from, &from)) return false;
    if (a->to.n && !need_nodes_now(p, s, &a->to, &to)) return false;
    set_links(p->w, a, from, to, &a->set);
    return true;
}

/* ---- flaky, reliable ---- */

bool parse_flaky(struct cursor *c, struct stmt *s)
{
    struct link_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !need_who(c, &a->from, "nodes")) return false;
    if (!need_among(c, &a->from, "flaky n1 n2, or link n1 - all loss 5%")) return false;
    a->to = a->from;
    a->set = (struct settings){.loss = true, .loss_ppm = 50000, .dup = true, .dup_ppm = 20000,
                               .reorder = true, .reorder_ppm = 100000, .reorder_by = MS(50)};
    return cur_end(c) || need_settings(c, &a->set);
}

bool run_flaky(struct player *p, const struct stmt *s) { return run_link(p, s); }

bool parse_reliable(struct cursor *c, struct stmt *s)
{
    struct link_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !need_who(c, &a->from, "nodes")) return false;
    a->to = a->from;
    return need_among(c, &a->from, "reliable n1 n2, or reliable all");
}

/* As at the beginning: the delay of option link-delay, and nothing else. Cuts stay. */
bool run_reliable(struct player *p, const struct stmt *s)
{
    const struct link_args *a = s->args;
    const struct host_options *o = &p->w->plan->host[0];
    struct settings plain = {.delay = true, .delay_min = o->link_delay_min,
                             .delay_max = o->link_delay_max, .loss = true, .dup = true,
                             .reorder = true, .bandwidth = true, .capacity = true};
    node_set set = 0;
    if (!need_nodes_now(p, s, &a->from, &set)) return false;
    set_links(p->w, a, set, set, &plain);
    return true;
}
