/* SPDX-License-Identifier: MIT */
#include "chaos.h"

static bool own_words(struct cursor *c, struct fault_line *line)
{
    if (cur_word(c, "by"))
        return cur_need_span(c, &line->param[2], &line->param[3],
                             "how much later a message may come");
    return words_ppm_span(c, line);
}

static bool parse(struct cursor *c, struct fault_line *line)
{
    return words_scope(c, line) && own_words(c, line);
}

static void worse(struct world *w, struct fault_strike *s, struct link *l)
{
    (void)w;
    share_add(&l->reorder_ppm, s->arg[0]);
    if (l->reorder_by < s->arg[1])
        l->reorder_by = s->arg[1];
}

static void better(const struct fault_strike *s, struct link *l, const struct link *before)
{
    share_take(&l->reorder_ppm, s->arg[0]);
    l->reorder_by = before->reorder_by;
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    uint64_t lo, hi;
    line_span(line, 0, 200000, &lo, &hi);
    s->arg[0] = chaos_span(w, s, lo, hi);
    s->arg[1] = chaos_span(w, s, line->param[2] ? line->param[2] : MS(1),
                           line->param[3] ? line->param[3] : MS(20));
    if (s->arg[0] == 0)
        return false;
    s->arg[3] = arena_take(&w->arena, (w->nnodes + UINT64_C(1)) * (w->nnodes + UINT64_C(1)) *
                           sizeof(uint64_t));
    links_worsen(w, line, s, worse);
    return true;
}

static void mend(struct world *w, const struct fault_line *line, const struct fault_strike *s)
{
    links_mend(w, line, s, better);
}

/* arg[3]: a table of the youngest message that each pair of nodes has delivered; an older one
 * behind it was overtaken. */
static bool bit(const struct world *w, const struct fault_line *line, struct fault_strike *s,
                const struct record *r)
{
    if (is_client(r->node) || is_client(r->peer) || !scope_has(line, r->peer, r->node))
        return false;
    uint64_t *youngest = (uint64_t *)arena_at(&w->arena, s->arg[3]) +
                         ((uint64_t)r->peer * (w->nnodes + 1u) + r->node);
    if (rec_message(r) < *youngest)
        return true;
    *youngest = rec_message(r);
    return false;
}

const struct fault fault_link_reorder = {
    .name = "link reorder",
    .help = "every link lets a drawn share of its messages be overtaken",
    .synopsis = SCOPE_SYNOPSIS " [LEAST..MOST %] [by SPAN]",
    .example = "link reorder 0%..20% by 1ms..50ms",
    .timing = FAULT_ONCE,
    .dense = true,
    .watches = RECORD_BIT(DELIVER),
    .parse = parse,
    .strike = strike,
    .mend = mend,
    .bit = bit,
};
