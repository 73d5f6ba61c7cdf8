/* SPDX-License-Identifier: MIT */
/* Nodes stand still (a long collection, a stopped process) and go on; their messages, disk and
 * clock do not wait. arg[0]: which. */
#include "chaos.h"

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    s->arg[0] = target_draw_lost(w, line, s);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (s->arg[0] & NODE_BIT(n))
            host_pause(w, n);
    return s->bit = s->arg[0] != 0;
}

/* A node that crashed meanwhile is not paused any more, and host_resume does nothing to it. */
static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (s->arg[0] & NODE_BIT(n))
            host_resume(w, n);
}

const struct fault fault_pause = {
    .name = "pause",
    .help = "nodes stand still for a while; a majority goes on unless the line says otherwise",
    .synopsis = TARGET_KEEP_SYNOPSIS,
    .example = "pause any every 1s..4s resume after 50ms..1s",
    .timing = FAULT_TIMED,
    .parse = words_target_keep,
    .strike = strike,
    .mend = mend,
};
