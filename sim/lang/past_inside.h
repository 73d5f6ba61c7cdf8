/* SPDX-License-Identifier: MIT */
/* The inside of past.c, shared with the words for what was missing. */
#ifndef WT_PAST_INSIDE_H
#define WT_PAST_INSIDE_H

#include "past.h"

/* A node, as the records show it. */
struct self {
    uint64_t term, commit, round;   /* round: the latest it sent as leader of its term */
    uint64_t matched;               /* as leader: what the receiver has acknowledged to it */
    uint32_t head;
    uint8_t vote, role;
    struct image durable;
    bool booted;
    struct image first;             /* of its first boot: what lay on its disk before the run */
};

/* Facts of the message's term, and of what its receiver ever sent. */
struct facts {
    uint8_t leader;                 /* who won the term in this run; 0: nobody */
    uint32_t log;                   /* its log, as far as it led */
    uint64_t rounds;                /* of its messages, up to the moment looked at */
    bool asked_vote, asked_prevote, asked_prevote_here;
    bool asked, tried;              /* its question was sent in that term, and in that try */
    bool other_last;                /* in this try, with another last entry */
    uint64_t asked_term, asked_index;       /* the best log of its pre-votes of this term */
    struct self to;
};

/* How far a moment came: everything before this was there. The order is that in which it
 * is asked. */
enum lack {
    LACK_TERM,
    LACK_LEADER,
    LACK_ASKED,
    LACK_PREV,
    LACK_ENTRIES,
    LACK_LAST,
    LACK_VOTE,
    LACK_LOG,
    LACK_INDEX,
    LACK_HINT,
    LACK_COMMIT,
    LACK_ROUND,
    LACK_GRANTED,
    LACK_ASKED_TERM,
    LACK_TRY,
    LACK_NOTHING
};

struct query { const struct world *w; const struct injection *in; struct facts f; };

/* past_why.c: *doubt says what was missing. */
void past_say(const struct query *, enum lack, struct doubt *);

#endif
