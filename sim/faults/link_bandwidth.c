/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "chaos.h"

static bool parse(struct cursor *c, struct fault_line *line) { return words_scope(c, line) && words_number_span(c, line); }

static void worse(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)before;
    l->bandwidth = s->arg[0];
}

static void better(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)s;
    l->bandwidth = before->bandwidth;
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 100000, 10000000, &lo, &hi);
    s->arg[0] = hi - chaos_span(w, s, 0, hi - lo);       /* 0 draws the widest */
    if (s->arg[0] == 0)
        return false;
    links_each(w, line, s, worse);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    struct fault_strike copy = *s;
    links_each(w, line, &copy, better);
}

/* A message waits because the line is still busy with those before it. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s, const struct record *r)
{
    (void)s;
    const struct link *l = scope_has(line, r->node, r->peer) ? net_link((struct world *)(uintptr_t)w, r->node, r->peer) : NULL;
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
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
