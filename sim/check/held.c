/* SPDX-License-Identifier: MIT */
/*
 * What each disk ever held: of every term that it has left, the last image in that term.
 *
 * Method: the model sees a term end twice. When a write of the next term is issued, the write
 * before it was the last of the old one; if that is still under way, its image waits in a short
 * list until a completion covers it, since a disk that completes several writes at once tells of
 * the last only. And when the durable image moves to another term, or a new life finds one that is
 * in another, the image that it had was the last that the disk was seen to hold. What a crash took
 * away was never held. A few bytes a node and term, through all lives.
 */
#include "model.h"

struct leaving { uint64_t wid, term; struct held held; uint64_t node; };

void model_held_start(const struct world *w, struct model *m)
{
    vec_init(&m->held, (uint32_t)(w->nnodes * sizeof(struct held)), 3);
    vec_init(&m->leaving, sizeof(struct leaving), 3);
}

void model_holds_last(struct world *w, struct model *m, uint8_t node, uint64_t term,
                      struct held held)
{
    if (term == 0)
        return;                         /* nobody promises anything in it */
    const uint32_t row = model_tenure(w, m, term);
    if (row >= m->held.n)
        vec_push(&w->arena, &m->held, row + 1 - m->held.n);
    held.ever = true;
    ((struct held *)vec_at(&w->arena, &m->held, row))[node - 1u] = held;
}

static struct leaving *leaving_at(const struct world *w, const struct model *m, uint32_t i)
{
    return vec_at(&w->arena, &m->leaving, i);
}

void model_leaves(struct world *w, struct model *m, uint8_t node)
{
    const struct mnode *n = &m->node[node];
    *leaving_at(w, m, vec_push(&w->arena, &m->leaving, 1)) =
        (struct leaving){.wid = n->wid, .term = n->issued_term, .held = n->issued, .node = node};
}

void model_has_left(struct world *w, struct model *m, uint8_t node, uint64_t wid)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->leaving.n; i++) {
        const struct leaving l = *leaving_at(w, m, i);
        if (l.node == node && l.wid <= wid)
            model_holds_last(w, m, node, l.term, l.held);
        else
            *leaving_at(w, m, kept++) = l;
    }
    m->leaving.n = kept;
}

void model_never_left(const struct world *w, struct model *m, uint8_t node)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->leaving.n; i++) {
        const struct leaving l = *leaving_at(w, m, i);
        if (l.node != node)
            *leaving_at(w, m, kept++) = l;
    }
    m->leaving.n = kept;
}

const struct held *model_held(const struct world *w, const struct model *m, uint8_t node,
                              uint64_t term)
{
    const uint32_t place = model_tenure_place(w, m, term);
    if (place == 0 || place > m->held.n)
        return NULL;
    const struct held *held =
        (const struct held *)vec_at(&w->arena, &m->held, place - 1) + (node - 1u);
    return held->ever ? held : NULL;
}
