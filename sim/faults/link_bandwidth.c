/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "chaos.h"

static void worse(struct world *w, struct fault_strike *s, struct link *l)
{
    (void)w;
    l->bandwidth = s->arg[0];
}

static void better(const struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)s;
    l->bandwidth = before->bandwidth;
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    return links_strike_room(w, line, s, 100000, 10000000, worse);
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    links_mend(w, line, s, better);
}

/* A message waits because the line is still busy with those before it. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)s;
    const struct link *l =
        scope_has(line, r->node, r->peer) ? net_link((struct world *)(uintptr_t)w, r->node, r->peer)
                                          : NULL;
    return l && l->bandwidth && l->busy_until > w->now;
}

const struct fault fault_link_bandwidth = {
    .name = "link bandwidth",
    .help = "every link carries no more than a drawn number of bytes a second",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST]",
    .example = "link bandwidth 100000..10000000",
    .timing = FAULT_ONCE,
    .dense = true,
    .watches = RECORD_BIT(SEND),
    .parse = words_scope_number,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
