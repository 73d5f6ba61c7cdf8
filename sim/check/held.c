/* SPDX-License-Identifier: MIT */
/*
 * What each disk ever held: of every term that it has left, the last image in that term.
 *
 * Method: the model sees a term end twice. When a write of the next term is issued, the write
 * before it was the last of the old one; if that is still under way, its image waits in a short
 * list of the node until a completion covers it, since a disk that completes several writes at once
 * tells of the last only. And when the durable image moves to another term, or a new life finds one
 * that is in another, the image that it had was the last that the disk was seen to hold. What a
 * crash took away was never held. A few bytes a node and term, through all lives.
 */
#include "model.h"

struct leaving { uint64_t wid, term; struct held held; };

void model_held_start(const struct world *w, struct judge *j)
{
    vec_init(&j->held, (uint32_t)(w->nnodes * sizeof(struct held)), 3);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        vec_init(&j->leaving[n], sizeof(struct leaving), 2);
}

void model_holds_last(struct world *w, struct judge *j, uint8_t node, uint64_t term,
                      struct held held)
{
    if (term == 0)
        return;                         /* nobody promises anything in it */
    const uint32_t row = model_tenure(w, term);
    if (row >= j->held.n)
        vec_push(&w->arena, &j->held, row + 1 - j->held.n);
    held.ever = true;
    ((struct held *)vec_at(&w->arena, &j->held, row))[node - 1u] = held;
}

void model_leaves(struct world *w, struct judge *j, uint8_t node)
{
    const struct mnode *n = &j->node[node];
    struct vec *list = &j->leaving[node];
    *(struct leaving *)vec_at(&w->arena, list, vec_push(&w->arena, list, 1)) =
        (struct leaving){.wid = n->wid, .term = n->issued_term, .held = n->issued};
}

void model_has_left(struct world *w, struct judge *j, uint8_t node, uint64_t wid)
{
    struct vec *list = &j->leaving[node];
    uint32_t n = 0;
    for (; n < list->n; n++) {
        const struct leaving *l = vec_at(&w->arena, list, n);
        if (l->wid > wid)
            break;
        model_holds_last(w, j, node, l->term, l->held);
    }
    for (uint32_t k = n; n && k < list->n; k++)
        *(struct leaving *)vec_at(&w->arena, list, k - n) =
            *(const struct leaving *)vec_at(&w->arena, list, k);
    list->n -= n;
}

const struct held *model_held(struct world *w, uint8_t node, uint64_t term)
{
    const struct judge *j = judge_of(w);
    const uint32_t row = model_tenure(w, term);
    if (row >= j->held.n)
        return NULL;
    const struct held *held = (const struct held *)vec_at(&w->arena, &j->held, row) + (node - 1u);
    return held->ever ? held : NULL;
}
