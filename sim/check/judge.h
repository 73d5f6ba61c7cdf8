/* SPDX-License-Identifier: MIT */
/*
 * What a world keeps of its judging, whatever the group: who hears which records, what was judged
 * and excused, what was broken, and the operations of clients. Behind it in the arena lies the
 * model of each group (model.h).
 */
#ifndef WT_JUDGE_H
#define WT_JUDGE_H

#include "check.h"

enum { ORDINAL_BITS = 30, OPS_MODEL_CHUNK_LOG2 = 5 };

/* One operation of a client, as the records have it. */
struct mop {
    union {
        uint64_t invoked_at; /* until its client was told; after that see model_invoked */
        struct {
            uint32_t index, ms;
        } told; /* where it took effect, and when its client
                                                was told */
    };
    uint32_t returned_low : ORDINAL_BITS; /* see model_returned; 0: it has not returned */
    uint32_t refused : 1;                 /* it returned, refused */
    uint32_t applied : 1;                 /* some node has applied an entry of it */
    uint32_t acked : 26; /* the operation with the greatest index that anyone had been
                                       told in its group before this was invoked; 0: there was
                                       none */
    uint32_t verb : 3;
    uint32_t unjudged : 1; /* its client was told by an answer that no check judges
                                       (model_read_excused); until it is told: some node gave one */
    uint32_t was_told : 1; /* it returned with an outcome: `told` stands */
    uint32_t several : 1;  /* there were two requests or proposals of it: its client asked
                                       again, or the network made a copy */
};
_Static_assert(sizeof(struct mop) == 16, "a run keeps every operation");

struct judge {
    uint32_t disabled, hears;          /* bit i: checks[i]; who hears is handed the records
                                               it wants */
    uint32_t wants_message[MSG_TYPES]; /* of messages delivered, by type: likewise, who wants
                                               them */
    uint32_t wants_sent[MSG_TYPES];    /* and of those sent */
    uint32_t wants_refusal[MSG_TYPES]; /* and who wants those that refuse */
    struct check_tally tally[CHECKS];
    struct vec ops;      /* struct mop, by number of the operation */
    uint64_t violations; /* 0: there are none; else VIOLATIONS_MAX places */
    uint32_t nviolations;
    uint16_t groups; /* how many models lie behind this */
    uint16_t group;  /* the one that is being judged */
    bool finishing;  /* the run is over: no record is to blame any more */
};

static inline struct judge *judge_of(const struct world *w)
{
    return arena_at(&w->arena, w->judge);
}
static inline struct mop *mop_at(const struct world *w, uint64_t op)
{
    const struct vec *ops = &judge_of(w)->ops;
    return op && op < ops->n ? vec_at_known(&w->arena, ops, (uint32_t)op, sizeof(struct mop),
                                            OPS_MODEL_CHUNK_LOG2)
                             : NULL;
}

/* The check at this place came to a verdict about one more thing. One that finds a violation counts
 * it as judged, too. */
static inline void check_judged(const struct world *w, enum check_place check)
{
    judge_of(w)->tally[check].judged++;
}
/* It left one out, for a reason that its header gives. */
static inline void check_excused(const struct world *w, enum check_place check)
{
    judge_of(w)->tally[check].excused++;
}

/* As violate, where the second record is not the current one. */
void violate_between(struct world *, const struct check *, uint64_t first, uint64_t second,
                     const char *format, ...) __attribute__((cold, format(printf, 5, 6)));

#endif
