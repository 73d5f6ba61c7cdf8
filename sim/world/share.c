/* SPDX-License-Identifier: MIT */
/* Method: the ordinal is the rule's tag, the message's number and which of its four draws it is. */
#include "share.h"

enum { DRAWS = 4, TAG_SHIFT = 40 };

struct drawn share_about(const struct rule *r, const struct msg_label *l, uint64_t n, bool pending)
{
    return (struct drawn){.actor = ACTOR_LINK(l->from, l->to),
                          .ordinal = (uint64_t)r->tag << TAG_SHIFT | (n * DRAWS + 2 * pending)};
}

bool share_takes(struct world *w, const struct rule *r, struct drawn *d)
{
    uint64_t first = d->ordinal++;
    return !r->share_ppm || draw_chance(w, STREAM_SURGERY, d->actor, &first, r->share_ppm);
}

uint64_t share_later(struct world *w, const struct rule *r, struct drawn *d)
{
    return draw_range(w, STREAM_SURGERY, d->actor, &d->ordinal, r->by, r->by_most);
}
