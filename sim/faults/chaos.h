/* SPDX-License-Identifier: MIT */
/*
 * The inside of chaos: its state, and what kinds of fault share. Only files of this room
 * include it.
 *
 * All draws of a strike come from stream FAULT_WHAT at ACTOR_FAULT(its line), in the order
 * made; 0 is the mildest choice.
 */
#ifndef WT_CHAOS_H
#define WT_CHAOS_H

#include "../world/surgery.h"
#include "fault.h"

/* ACTOR_FAULT(CHAOS_CORE): the draws of chaos_heal */
enum { STRIKES_MAX = 64, CHAOS_CORE = CHAOS_LINES };


struct chaos {
    struct chaos_ears ears;             /* first: of `watching`, `aims` and what tells who leads */
    const struct chaos_block *block;    /* the plan's */
    uint64_t end;                       /* true time after which nothing strikes */
    uint64_t standing;                  /* bit i: strike[i] stands */
    uint64_t watching[REC_KINDS];       /* bit i: strike[i] wants to see this kind of record */
    uint64_t enabled;                   /* bit i: line i */
    uint64_t armed;                     /* bit i: line i waits for its occasion (aim.h) */
    uint64_t ending;                    /* bit i: strike[i] is over at an occasion */
    uint64_t aims;                      /* RECORD_BIT of the records that may show these */
    node_set leaders;                   /* who leads, by the records */
    node_set resigned;                  /* who led until the latest ROLE record, which is its own */
    uint64_t links;                     /* arena offset of the links as they were when the block
                                           began: nn, nc, cn */
    uint64_t ord_time[CHAOS_LINES], ord_what[CHAOS_LINES + 1], ord_swarm[CHAOS_LINES];
    uint32_t stretch[CHAOS_LINES];      /* gaps are this many thousandths of what the line says */
    uint32_t strikes;                   /* made so far */
    node_set lost_for_ever;             /* nodes with damage that no healing undoes */
    bool active;
    struct fault_strike strike[STRIKES_MAX];
    struct fault_count counts[FAULT_ROWS];
    struct disk_settings disk[NODES_MAX + 1];   /* as the chaos block found them */
};

static inline struct chaos *chaos_of(const struct world *w)
{
    return arena_at(&w->arena, w->chaos);
}

void chaos_listen(struct chaos *);  /* `watching` or `aims` has changed */
void chaos_phase(struct world *, enum phase, uint64_t bound, uint64_t nodes);    /* records it */
void chaos_forget(struct world *); /* nothing strikes any more, and what stands is left to itself */

/* ---- draws ----------------------------------------------------------------------------------- */

uint64_t chaos_draw(struct world *, const struct fault_strike *, uint64_t bound);   /* [0, bound) */
bool chaos_chance(struct world *, const struct fault_strike *, uint64_t ppm);
/* without swarm: the middle */
uint64_t chaos_span(struct world *, const struct fault_strike *, uint64_t lo, uint64_t hi);
/* one of the set; 0: it is empty */
/* A group, drawn where there are several; and who leads one so drawn, 0: nobody. */
uint16_t chaos_group(struct world *, struct fault_strike *);
uint8_t chaos_leader(struct world *, struct fault_strike *);
uint8_t chaos_pick(struct world *, const struct fault_strike *, node_set);
/* n of the set */
node_set chaos_subset(struct world *, const struct fault_strike *, node_set, uint32_t n);

/* ---- words ----------------------------------------------------------------------------------- */

enum {
    PARAM_MESSAGE = 7, PARAM_SCOPE = 8, PARAM_TARGET = 8, PARAM_ANY_NUMBER = 9,
    PARAM_GIVEN = FAULT_PARAMS - 1
};

bool words_none(struct cursor *, struct fault_line *);
/* Spans in param[0..1]. The line's value, or what `lo` and `hi` say where it names none. */
bool words_time_span(struct cursor *, struct fault_line *);
bool words_ppm_span(struct cursor *, struct fault_line *);
bool words_number_span(struct cursor *, struct fault_line *);
/* A type of message that nodes send each other, or none: all of them. */
#define MESSAGE_SYNOPSIS "[TYPE]"
bool words_message(struct cursor *, struct fault_line *);
struct label_match message_match(const struct world *, const struct fault_line *);
void line_span(const struct fault_line *, uint64_t default_lo, uint64_t default_hi, uint64_t *lo,
               uint64_t *hi);

/* ---- whom (target.c) ------------------------------------------------------------------------- */

/* UNSAID: any, or of a line that aims the node that its occasion is about */
enum target {
    TARGET_UNSAID, TARGET_ANY, TARGET_LEADER, TARGET_FOLLOWER, TARGET_MAJORITY, TARGET_ALL
};
#define TARGET_SYNOPSIS "[any|leader|follower|majority|all]"
#define TARGET_KEEP_SYNOPSIS TARGET_SYNOPSIS " [keep majority up|any number]"

#define TARGET_ONE_SYNOPSIS "[any|leader|follower]"

bool words_target(struct cursor *, struct fault_line *);        /* the target words */
bool words_target_one(struct cursor *, struct fault_line *);    /* those that mean one node */
/* and "keep majority up" (the default), "any number" */
bool words_target_keep(struct cursor *, struct fault_line *);
/* voters that have ever been started */
node_set chaos_members(const struct world *);
/* members that are up, not halted, not paused, not about to halt, and not lost for ever */
node_set chaos_alive(const struct world *);
bool chaos_may_lose_for_ever(const struct world *); /* one more member: a majority is left */
/* of those alive; 0: nobody */
node_set target_draw(struct world *, const struct fault_line *, struct fault_strike *);
/* As target_draw, for damage that takes nodes away: prefers nodes with writes under way, and
 * takes nobody where less than a majority would be left, unless the line says any number,
 * majority or all. */
node_set target_draw_lost(struct world *, const struct fault_line *, struct fault_strike *);

/* ---- which links (links.c) ------------------------------------------------------------------- */

enum scope { SCOPE_ALL, SCOPE_NODES, SCOPE_CLIENTS };
#define SCOPE_SYNOPSIS "[all|nodes|clients]"

bool words_scope(struct cursor *, struct fault_line *);
bool words_scope_ppm(struct cursor *, struct fault_line *); /* the scope, then a span of shares */
/* the scope, then a span of numbers */
bool words_scope_number(struct cursor *, struct fault_line *);
bool scope_has(const struct fault_line *, uint8_t from, uint8_t to);

/* Who is at the ends of a link; both 0: it is before the first. */
struct ends { uint8_t from, to; };
/* The link after that one, by sender and then by receiver; NULL: there are no more. */
struct link *links_next(struct world *, struct ends *);
/* For each link of the line's scope, in one order: does the damage; undoes it, `before` being
 * the link as the block found it. */
typedef void link_worsen(struct world *, struct fault_strike *, struct link *);
typedef void link_mend(const struct fault_strike *, struct link *, const struct link *before);
void links_worsen(struct world *, const struct fault_line *, struct fault_strike *, link_worsen *);
void links_mend(struct world *, const struct fault_line *, const struct fault_strike *,
                link_mend *);
/* arg[0] is drawn from the line's span and links_worsen called, but where it is 0: false. Of a
 * room the widest is the mildest. */
bool links_strike_share(struct world *, const struct fault_line *, struct fault_strike *,
                        uint64_t lo, uint64_t hi, link_worsen *);
bool links_strike_room(struct world *, const struct fault_line *, struct fault_strike *,
                       uint64_t lo, uint64_t hi, link_worsen *);
/* For each link between nodes: changes what is unusual on it, and undoes that. */
struct unusual;
typedef void unusual_change(const struct fault_strike *, struct unusual *);
void links_unusual(struct world *, const struct fault_strike *, unusual_change *);
/* Shares add up, as several lines may speak of the same: one is added, and later taken
 * off again. */
void share_add(uint32_t *ppm, uint64_t share);
void share_take(uint32_t *ppm, uint64_t share);

void links_remember(struct world *);
void link_restore(struct world *, uint8_t from, uint8_t to);    /* open, and as the plan has it */

#endif
