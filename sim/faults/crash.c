/* SPDX-License-Identifier: MIT */
/* Nodes crash, rather with writes under way than without, and are restarted. arg[0]: which. */
#include "chaos.h"

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    s->arg[0] = target_draw_lost(w, line, s);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (s->arg[0] & NODE_BIT(n))
            host_crash(w, n);
    return s->bit = s->arg[0] != 0;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (s->arg[0] & NODE_BIT(n))
            host_boot(w, n);
}

const struct fault fault_crash = {
    .name = "crash",
    .help = "nodes crash, rather while they write, and are restarted; a majority stays up unless "
            "the line says otherwise",
    .synopsis = TARGET_KEEP_SYNOPSIS,
    .example = "crash 0.5/s restart after 100ms..2s keep majority up",
    .timing = FAULT_TIMED,
    .lasting = true,
    .parse = words_target_keep,
    .strike = strike,
    .mend = mend,
};
