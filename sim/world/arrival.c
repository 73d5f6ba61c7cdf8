/* SPDX-License-Identifier: MIT */
/*
 * Method: a list of wishes, whose places are used again, and a short list of the messages that they
 * wait for, both in the arena. Whoever ends a message's way looks for it there, if there is such a
 * list at all.
 */
#include "arrival.h"

#include <assert.h>

struct asked { uint64_t number; uint32_t wish; };
struct asking {
    struct wish wish;
    uint32_t wanted, came, lost;    /* messages */
    struct loss first;              /* of those lost */
    bool open;                      /* there may be more */
};

static struct asked *asked_at(const struct world *w, uint32_t i)
{
    return vec_at(&w->arena, &w->arrivals, i);
}

static struct asking *asking_at(const struct world *w, uint32_t wish)
{
    return vec_at(&w->arena, &w->wishes, wish - 1);
}

/* ---- wishes ---------------------------------------------------------------------------------- */

static bool is_settled(const struct asking *a)
{
    return !a->open && a->wanted == a->came + a->lost;
}

static bool has_failed(const struct asking *a)
{
    return a->lost && (a->wish.each || (!a->came && is_settled(a)));
}

uint32_t arrival_wish(struct world *w, struct wish wish)
{
    uint32_t i = 1;
    if (!wish.tag)
        return 0;
    if (w->wishes.item == 0) {
        vec_init(&w->wishes, sizeof(struct asking), 4);
        vec_init(&w->arrivals, sizeof(struct asked), 4);
    }
    while (i <= w->wishes.n && (!is_settled(asking_at(w, i)) || has_failed(asking_at(w, i))))
        i++;
    if (i > w->wishes.n)
        vec_push(&w->arena, &w->wishes, 1);
    *asking_at(w, i) = (struct asking){.wish = wish, .open = true};
    return i;
}

void arrival_wished(struct world *w, uint32_t wish)
{
    if (wish)
        asking_at(w, wish)->open = false;
}

struct loss arrival_loss(const struct world *w)
{
    for (uint32_t i = 1; w->losses && i <= w->wishes.n; i++)
        if (has_failed(asking_at(w, i)))
            return asking_at(w, i)->first;
    return (struct loss){0};
}

/* ---- messages -------------------------------------------------------------------------------- */

static struct asked *find(const struct world *w, const struct message *m)
{
    for (uint32_t i = 0; i < w->arrivals.n; i++)
        if (asked_at(w, i)->number == m->number)
            return asked_at(w, i);
    return NULL;
}

/* Nobody waits for it any more; the last takes its place. Returns who did; NULL: nobody. */
static struct asking *take(struct world *w, const struct message *m)
{
    struct asked *a = find(w, m);
    if (!a)
        return NULL;
    struct asking *by = asking_at(w, a->wish);
    *a = *asked_at(w, --w->arrivals.n);
    return by;
}

void arrival_of(struct world *w, const struct message *m, uint32_t wish)
{
    struct asking *before = take(w, m);
    if (before)
        before->came++;             /* another has it now */
    if (!wish)
        return;
    asking_at(w, wish)->wanted++;
    *asked_at(w, vec_push(&w->arena, &w->arrivals, 1)) =
        (struct asked){.number = m->number, .wish = wish};
}

void arrival_told(struct world *w, const struct message *m)
{
    struct asking *by = take(w, m);
    if (by)
        by->came++;
}

void arrival_lost(struct world *w, const struct message *m, enum drop_reason why)
{
    struct asking *by = take(w, m);
    if (!by)
        return;
    if (why == DROP_RULE || why == DROP_DISCARDED) {
        by->came++;
        return;
    }
    if (!by->lost++)
        by->first = (struct loss){.tag = by->wish.tag, .why = (uint8_t)why, .type = m->label.type,
                                  .from = m->label.from, .to = m->label.to};
    w->losses++;
}

uint32_t arrival_owed(const struct world *w)
{
    for (uint32_t i = 0; i < w->arrivals.n; i++) {
        const struct asking *by = asking_at(w, asked_at(w, i)->wish);
        if (!by->wish.patient && (by->wish.each || !by->came))
            return by->wish.tag;
    }
    return 0;
}
