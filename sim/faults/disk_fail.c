/* SPDX-License-Identifier: MIT */
/*
 * One of a node's next writes fails. The node halts then, and is restarted when the damage is
 * mended; where no write came until then, the disk is sound again.
 */
#include "chaos.h"

enum { NTH_MAX = 16 };

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    if (!target_draw_lost(w, line, s) || !s->node)
        return false;
    s->arg[0] = chaos_draw(w, s, NTH_MAX);
    if (s->arg[0] == 0 && disk_look(w, s->node).pending)
        disk_fail_pending(w, s->node);
    else
        disk_fail(w, s->node, (uint32_t)s->arg[0] + 1);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    (void)line;
    disk_fail_never(w, s->node);
    if (!disk_look(w, s->node).failed)
        return;
    host_crash(w, s->node);
    host_boot(w, s->node);
}

static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    (void)w;
    (void)line;
    return r->node == s->node;
}

const struct fault fault_disk_fail = {
    .name = "disk fail",
    .help = "a write fails, the node behind it halts, and is restarted later; a majority goes on "
            "unless the line says otherwise",
    .synopsis = TARGET_ONE_SYNOPSIS " [keep majority up|any number]",
    .example = "disk fail any every 2s..8s restart after 200ms..2s",
    .timing = FAULT_TIMED,
    .lasting = true,
    .watches = RECORD_BIT(FAILED),
    .parse = words_target_keep,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
