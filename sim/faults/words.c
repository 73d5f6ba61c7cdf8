/* SPDX-License-Identifier: MIT */
/* Words and draws that several kinds of fault share. */
#include <assert.h>
#include <stddef.h>

#include "chaos.h"

/* ---- draws ----------------------------------------------------------------------------------- */

uint64_t chaos_draw(struct world *w, const struct fault_strike *s, uint64_t bound)
{
    return draw(w, STREAM_FAULT_WHAT, ACTOR_FAULT(s->line), &chaos_of(w)->ord_what[s->line], bound);
}

bool chaos_chance(struct world *w, const struct fault_strike *s, uint64_t ppm)
{
    return draw_chance(w, STREAM_FAULT_WHAT, ACTOR_FAULT(s->line), &chaos_of(w)->ord_what[s->line],
                       ppm);
}

uint64_t chaos_span(struct world *w, const struct fault_strike *s, uint64_t lo, uint64_t hi)
{
    if (!chaos_of(w)->block->swarm)
        return lo + (hi - lo) / 2;
    return draw_range(w, STREAM_FAULT_WHAT, ACTOR_FAULT(s->line), &chaos_of(w)->ord_what[s->line],
                      lo, hi);
}

uint8_t chaos_pick(struct world *w, const struct fault_strike *s, node_set set)
{
    if (!set)
        return 0;
    for (uint64_t n = chaos_draw(w, s, (uint64_t)__builtin_popcount(set)); n; n--)
        set &= set - 1;
    return (uint8_t)(__builtin_ctz(set) + 1);
}

node_set chaos_subset(struct world *w, const struct fault_strike *s, node_set set, uint32_t n)
{
    node_set chosen = 0;
    while (n-- && set & ~chosen)
        chosen |= NODE_BIT(chaos_pick(w, s, set & ~chosen));
    return chosen;
}

/* ---- words ----------------------------------------------------------------------------------- */

bool words_none(struct cursor *c, struct fault_line *line)
{
    (void)c;
    (void)line;
    return true;
}

bool words_time_span(struct cursor *c, struct fault_line *line)
{
    if (cur_span(c, &line->param[0], &line->param[1]))
        line->param[PARAM_GIVEN] = 1;
    return true;
}

bool words_ppm_span(struct cursor *c, struct fault_line *line)
{
    if (!cur_ppm_span(c, &line->param[0], &line->param[1]))
        return true;
    line->param[PARAM_GIVEN] = 1;
    return line->param[1] <= 1000000 || cur_error(c, NULL, "a chance is at most 100%%");
}

bool words_number_span(struct cursor *c, struct fault_line *line)
{
    if (!cur_number(c, &line->param[0]))
        return true;
    line->param[1] = line->param[0];
    line->param[PARAM_GIVEN] = 1;
    if (!cur_word(c, ".."))
        return true;
    if (!cur_number(c, &line->param[1]) || line->param[1] < line->param[0])
        return cur_error(c, NULL, "a span is LEAST..MOST");
    return true;
}

bool words_message(struct cursor *c, struct fault_line *line)
{
    for (uint64_t type = 1; type < MSG_CLIENT_REQUEST; type++)
        if (cur_word(c, msg_rows[type].name)) {
            line->param[PARAM_MESSAGE] = type;
            return true;
        }
    return true;
}

struct label_match message_match(const struct world *w, const struct fault_line *line)
{
    const node_set all = nodes_to(w->nnodes);
    return (struct label_match){.type = (uint8_t)line->param[PARAM_MESSAGE], .from.nodes = all,
                                .to.nodes = all};
}

const char *fault_line_unfit(const struct fault_line *l, const char **hint)
{
    const struct fault *f = l->kind;
    if (f->timing == FAULT_ONCE &&
        (l->every_max || l->for_max || l->after || l->until || l->for_ever))
        return *hint = "leave every, for, after and until out", "is set once for the whole block";
    if (l->until && !f->mend)
        return *hint = "leave until out", "is over as soon as it has struck";
    if (l->for_ever && !f->lasting)
        return *hint = "crash, disk stall and disk fail can stay for ever", "is always undone";
    if (l->for_ever && (l->until || l->for_max))
        return *hint = "leave one of them out", "cannot stay for ever and be over as well";
    if (l->for_ever && l->param[PARAM_TARGET] >= TARGET_MAJORITY)
        return *hint = "write any, leader or follower; with any number no majority need be left",
               "for ever takes one node a time";
    return NULL;
}

void line_span(const struct fault_line *line, uint64_t default_lo, uint64_t default_hi,
               uint64_t *lo, uint64_t *hi)
{
    bool given = line->param[PARAM_GIVEN] != 0;
    *lo = given ? line->param[0] : default_lo;
    *hi = given ? line->param[1] : default_hi;
    assert(*lo <= *hi);
}
