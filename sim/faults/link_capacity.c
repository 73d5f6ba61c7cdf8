/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static void worse(struct world *w, struct fault_strike *s, struct link *l)
{
    (void)w;
    l->capacity = s->arg[0] < UINT32_MAX ? (uint32_t)s->arg[0] : UINT32_MAX;
}

static void better(const struct fault_strike *s, struct link *l, const struct link *before)
{
    (void)s;
    l->capacity = before->capacity;
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    return links_strike_room(w, line, s, 2, 12, worse);
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    links_mend(w, line, s, better);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)s;
    return rec_dropped(r) == DROP_CAPACITY && scope_has(line, r->node, r->peer);
}

const struct fault fault_link_capacity = {
    .name = "link capacity",
    .help = "no link holds more than a drawn number of messages; what comes on top is lost",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST]",
    .example = "link capacity 2..12",
    .timing = FAULT_ONCE,
    .dense = false,
    .watches = RECORD_BIT(DROP),
    .parse = words_scope_number,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
