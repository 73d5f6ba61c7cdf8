/* SPDX-License-Identifier: MIT */
/*
 * Random faults: the lines of a chaos block. Each kind is one .c file with one `const struct
 * fault`, and one row in faults.def.
 *
 * The engine (chaos.c) owns time: it draws when a line strikes and how long the damage stays, from
 * "every A..B" or "R/s" and "for A..B" (also spelled: heal after, restart after, resume after). A
 * kind owns what: it parses its own words, draws a target, does the damage, and undoes it. A line
 * may also wait for an occasion, to strike or to be over ("after vote", "until win": aim.h). Lines
 * without a time ("link loss 0%..5%", "clock drift 0..1%") are set once when the block begins and
 * undone at its end.
 *
 * Swarm: at the block's beginning each seed draws the subset of lines that it enables, and for
 * each a rate factor and its parameters from their spans.
 */
#ifndef WT_FAULT_H
#define WT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/cursor.h"
#include "../world/bound.h"
#include "../world/world.h"

enum { FAULT_PARAMS = 12, CHAOS_LINES = 48, FAULT_ROWS = 32 };

/* An EV_CALL whose argument has this bit is chaos's: hand it to chaos_call as it is. Without
 * chaos in the run it never comes. */
#define CHAOS_CALL UINT32_C(0x80000000)

/* set for the whole block, or struck again and again */
enum fault_timing { FAULT_ONCE, FAULT_TIMED };

/* What a line may wait for, to strike ("after vote") or to be over ("until win"): one row of
 * occasions.def. It is about the node of the record that shows it; a line that names no target
 * strikes this node. */
struct occasion {
    const char *name;                   /* one word */
    const char *help;                   /* when it comes, as a phrase */
    uint64_t kinds;                     /* RECORD_BIT of the records that may show it */
    bool (*shown)(const struct world *, const struct record *);
};
extern const struct occasion occasions[];       /* ends with a row without a name */
const char *occasion_name(uint8_t place);       /* from 1; "" for 0, "?" beyond the table */

/* One line of a chaos block, as parsed. Pure data; lives in the plan. */
struct fault_line {
    const struct fault *kind;
    uint64_t every_min, every_max;     /* gap between strikes, ns (TIMED) */
    uint64_t for_min, for_max;         /* how long the damage stays (TIMED); 0,0: momentary */
    uint64_t after_within;             /* ns; a strike comes at most so long after its occasion */
    uint8_t after, until;              /* place in occasions.def, from 1 (TIMED): it strikes at one,
                                          it is over at one; 0: by time alone. aim.h */
    bool for_ever;                     /* the damage outlasts the healing: heal.c */
    uint64_t param[FAULT_PARAMS];      /* the kind's own */
    uint32_t weight;                   /* how often swarm enables it: 1 seldom .. 10 always;
                                          default 5 */
    uint32_t line;                     /* in the file */
};

/* One strike that stands; in the arena. `line` is its place in the block, and the n
 * of ACTOR_FAULT(n). */
struct fault_strike {
    uint32_t line, number;
    uint64_t arg[6];    /* the kind's own; the first three stand in the FAULT record as a, b, c */
    uint8_t node, peer; /* whom it struck, for the FAULT record; 0: see arg */
    uint8_t about;      /* the node that the occasion is about at which it strikes; 0: none */
    bool over;          /* its end has come by an occasion, not by time */
    bool bit;           /* it has bitten; strike() sets it where the damage is done at once */
};

#define RECORD_BIT(kind) (UINT64_C(1) << REC_##kind)

struct fault {
    const char *name;        /* first word of the line, or two: "clock jump" */
    const char *help;        /* one sentence */
    const char *synopsis;    /* words after the name */
    const char *example;     /* a whole line */
    enum fault_timing timing;
    bool lasting;            /* it may be said to stay for ever: what it strikes is one node, named
                                in `node` */
    bool dense;              /* bites so often that the first bite of a strike says enough: not
                                asked again */
    uint64_t watches;        /* RECORD_BIT of the records that `bit` wants to see */
    /* Takes those of its own words that stand next, perhaps none, and stops before the first that
     * is not its own. The engine's words (every, for, after, a rate, weight) may stand before,
     * between and behind them; parse is called again behind those. False: it reported an error. */
    bool (*parse)(struct cursor *, struct fault_line *);
    /* Does the damage; false: nothing to strike now (no record). Draws with chaos_draw and its
     * kin (chaos.h). */
    bool (*strike)(struct world *, const struct fault_line *, struct fault_strike *);
    /* NULL: momentary */
    void (*mend)(struct world *, const struct fault_line *, const struct fault_strike *);
    /* Does this record show this strike biting (a cut dropped a message, ...)? Asked while it
     * stands, and a while after a momentary one. NULL: strike() says. */
    bool (*bit)(const struct world *, const struct fault_line *, struct fault_strike *,
                const struct record *);
};
/* What in this line does not go together, as the rest of a sentence that begins with the name of
 * its kind, and what to write instead; NULL: all does. */
const char *fault_line_unfit(const struct fault_line *, const char **hint);
extern const struct fault *const faults[];     /* ends with NULL; the row's place is its number */
const char *fault_name(uint8_t row);           /* "?" beyond the table */

struct chaos_block {
    uint32_t nlines;
    bool swarm;                        /* default true; `no swarm` enables every line with its
                                          middle values */
    uint64_t duration;
    struct bound progress_within;      /* "then heal and expect progress within D"; none: not
                                          asked */
    struct fault_line lines[CHAOS_LINES];
    uint32_t line;
};

/* The engine. The block is plan data and outlives the world. */
void chaos_begin(struct world *, const struct chaos_block *);
void chaos_call(struct world *, uint32_t arg);           /* an EV_CALL that is chaos's */
/* What a healing came to. unable: why by construction no majority can recover, static, and then the
 * core is empty; NULL: one can. within: ns in which progress is owed, where the block asks for
 * it. */
struct healing { node_set core; uint64_t within; const char *unable; };
/* Ends the storm: mends everything inside a drawn core (a majority, the clients that reach it, and
 * whoever would be in its way), and leaves the rest as broken as it is. */
struct healing chaos_heal(struct world *);
/* Mends everything, at nodes and on links, whatever broke it, and starts every node that ever ran:
 * the core is all voters that are up now. Works without chaos, too. `owed`: in which progress will
 * be. */
struct healing chaos_heal_all(struct world *, struct bound owed);
/* What the engine's state begins with: bit REC_x, it wants to hear of such records. */
struct chaos_ears { uint64_t kinds; };
void chaos_hear(struct world *, const struct record *);
/* Watches for bites and occasions. Most records say nothing to it. */
static inline void chaos_record(struct world *w, const struct record *r)
{
    const struct chaos_ears *ears = arena_at(&w->arena, w->chaos);
    if (w->chaos && ears->kinds >> r->kind & 1)
        chaos_hear(w, r);
}

/* What a run tells of its swarm: per fault row, was it enabled, how often it struck, how often
 * it bit. */
struct fault_count { uint32_t enabled, struck; uint64_t bit; };
/* FAULT_ROWS of them; NULL: no chaos in this run */
const struct fault_count *chaos_counts(const struct world *);

#endif
