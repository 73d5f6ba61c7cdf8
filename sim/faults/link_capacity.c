/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static bool parse(struct cursor *c, struct fault_line *line) { return words_scope(c, line) && words_number_span(c, line); }

static void worse(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)before;
    l->capacity = (uint32_t)s->arg[0];
}

static void better(struct world *w, struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)w;
    (void)s;
    l->capacity = before->capacity;
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 2, 12, &lo, &hi);
    s->arg[0] = hi - chaos_span(w, s, 0, hi - lo);       /* 0 draws the widest */
    if (s->arg[0] == 0 || s->arg[0] > UINT32_MAX)
        return false;
    links_each(w, line, s, worse);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    struct fault_strike copy = *s;
    links_each(w, line, &copy, better);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s, const struct record *r)
{
    (void)w;
    (void)s;
    return r->flags >> 8 == DROP_CAPACITY && scope_has(line, r->node, r->peer);
}

const struct fault fault_link_capacity = {
    .name = "link capacity",
    .help = "no link holds more than a drawn number of messages; what comes on top is lost",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST]",
    .example = "link capacity 2..12",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(DROP),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
