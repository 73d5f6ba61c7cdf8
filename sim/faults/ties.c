/* SPDX-License-Identifier: MIT */
/* Events that are due together come in a drawn order instead of the one in which they were made.
 * arg[2]: the latest delivery's message. */
#include "chaos.h"

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    (void)line;
    (void)s;
    w->ties = true;
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    (void)s;
    w->ties = false;
}

/* Two deliveries at one instant, the younger message first. arg[1]: the instant. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    bool swapped = r->at == s->arg[1] && rec_message(r) < s->arg[2];
    s->arg[1] = r->at;
    s->arg[2] = rec_message(r);
    return swapped;
}

const struct fault fault_ties = {
    .name = "ties",
    .help = "events that are due at the same instant come in a drawn order",
    .synopsis = "",
    .example = "ties",
    .timing = FAULT_ONCE,
    .watches = RECORD_BIT(DELIVER),
    .parse = words_none,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
