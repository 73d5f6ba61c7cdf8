/* SPDX-License-Identifier: MIT */
/*
 * Surgery: what a scenario does to single messages, chosen by their labels.
 *
 * Rules stand at the sender's door. A message that leaves (record SEND) is shown to the rules, the
 * latest first; the first that matches decides its fate alone, before its link's cuts, losses and
 * delays have a say. What no rule stops goes its way as ever. A copy, a released message and an
 * injected one meet no rule again. Where no rule was ever made, this room costs one test a message
 * and makes no record.
 *
 * A message is under way from the moment it left until it arrives, which is also when it joins the
 * inbox of a paused node. One that waits in its sender for a write to become durable has not left.
 * A held message is neither: it waits here, in the order of holding, until it is released or
 * delivered, whatever becomes of its sender, its receiver and its link meanwhile.
 *
 * Whoever sets messages on their way can wish for their arrival: arrival.h.
 *
 * Everything lies in the world's arena; a fork has rules and held messages of its own.
 */
#ifndef WT_SURGERY_H
#define WT_SURGERY_H

#include "arrival.h"

/* ---- which messages -------------------------------------------------------------------------- */

enum compare { CMP_EQ, CMP_NE, CMP_LE, CMP_LT, CMP_GE, CMP_GT };
bool compare_holds(uint64_t a, enum compare, uint64_t b);

struct label_test { uint8_t field, compare; uint64_t number; };
enum { LABEL_TESTS_MAX = 6 };

/* One side of a message: any of these nodes, or this client. Both 0: anybody. */
struct party { node_set nodes; uint8_t client; };

enum answer { ANSWER_ANY, ANSWER_REJECT, ANSWER_ACCEPT };
struct label_match {
    uint8_t type;                   /* enum msg_type; 0: any */
    uint8_t answer;                 /* REJECT: with LABEL_REJECT only; ACCEPT: without it only */
    uint8_t ntests;                 /* all of them must hold */
    uint16_t group;                 /* from 1; 0: any */
    struct party from, to;
    struct label_test test[LABEL_TESTS_MAX];
};
bool label_matches(const struct label_match *, const struct msg_label *);

/* ---- rules ----------------------------------------------------------------------------------- */

enum rule_act { RULE_ALLOW, RULE_DROP, RULE_HOLD, RULE_DELAY, RULE_DUPLICATE };
enum { RULES_MAX = 64 };            /* that stand at once */
enum { HOLDS_MAX = 1000 };          /* a scenario numbers its holds 1 to this; chaos goes on */

struct rule {
    struct label_match match;
    uint8_t act;            /* enum rule_act. ALLOW: the message goes its way, whatever earlier
                               rules say */
    bool until_heal;        /* surgery_heal lifts it */
    uint32_t wanted;        /* surgery_rule's: `left` when it was made */
    uint32_t left;          /* it takes so many messages, then it is gone; 0: all of them */
    uint32_t hold;          /* HOLD: number of the hold, from 1 */
    uint32_t copies;        /* DUPLICATE: beside the message itself */
    uint64_t by, by_most;   /* DELAY: ns later than its link says, drawn from this span; those after
                               it may overtake it */
    uint32_t share_ppm;     /* it takes each message with this chance, else leaves it to earlier
                               rules; 0: it takes each. Drawn from stream SURGERY, as `by` is: a 0
                               does not take it, or takes it for the least time */
    uint32_t name;          /* surgery_lift_named's; 0: none */
    uint64_t until;         /* true time from which it matches nothing; NEVER: none */
    uint32_t tag;           /* the caller's, below 2^24; draws are keyed by it and by which message
                               of its link they are about */
    bool must_come;         /* surgery_unmet tells where its messages did not */
    struct wish wish;       /* of the messages that it lets go */
};

/* Stands from now on. False: RULES_MAX stand already. */
bool surgery_rule(struct world *, const struct rule *);
void surgery_heal(struct world *);                  /* lifts the rules that stand until a heal */
uint32_t surgery_lift_named(struct world *, uint32_t name);     /* how many of them stood */
void surgery_lift(struct world *);                  /* lifts all rules; held messages stay held */
/* The first rule that was lifted, or now stands, with messages still to come (left > 0) that must:
 * its tag, how many it wanted and how many came; tag 0: there is none. */
struct unmet { uint32_t tag, wanted, saw; struct label_match match; };
struct unmet surgery_unmet(const struct world *);

/* net_send's: true where a rule took the message over. */
bool surgery_meets(struct world *, struct message *);

/* ---- held messages --------------------------------------------------------------------------- */

uint32_t surgery_held(const struct world *, uint32_t hold); /* how many */
/* Lets go those that stand at these places (from 1, by order of holding), in this order: each
 * sets out over its link now, and arrives after the one before it. Places must be different
 * and exist. */
void surgery_release(struct world *, uint32_t hold, const uint32_t *place, uint32_t n,
                     struct wish);
void surgery_release_all(struct world *, uint32_t hold, bool reverse, struct wish);
void surgery_unhold(struct world *, uint32_t hold);         /* lifts the rules that hold for it */

/* ---- messages under way ---------------------------------------------------------------------- */

/* looked at by one call; where there are more, the run ends at that limit */
enum { PENDING_MAX = 4096 };

/* Does to at most `most` messages under way, in order of arrival, what a rule would: DROP
 * (DROP_DISCARDED), HOLD, DELAY, DUPLICATE. Returns how many there were. */
uint32_t surgery_pending(struct world *, const struct rule *, uint32_t most);
/* Delivers at most `most` now: those under way in order of arrival, then held ones. A cut link
 * loses them still. Returns how many there were. The receivers step inside the call. */
uint32_t surgery_deliver(struct world *, const struct label_match *, uint32_t most,
                         struct wish);
/* Deals the arrival times of what is under way on a link anew (stream SHUFFLE). Returns how many
 * there were. */
uint32_t surgery_shuffle(struct world *, uint8_t from, uint8_t to);

/* hold 0: it arrives at `at`, by `order` among those of that time; else it is held there, at this
 * place, and `at` is NEVER */
struct under_way { uint64_t at, order; uint32_t slot, hold, place; };
/* The matching messages, as surgery_deliver would take them; at most `most`, and at most
 * PENDING_MAX of those under way. Returns how many were written. The world stays as it is. */
uint32_t surgery_list(const struct world *, const struct label_match *, struct under_way *,
                      uint32_t most);
/* Delivers these now, in this order; surgery_list found them, and nothing has happened since. As
 * surgery_deliver otherwise. */
void surgery_hasten(struct world *, const struct under_way *, uint32_t n, struct wish);

/* ---- injection ------------------------------------------------------------------------------- */

struct injection {
    struct msg_label label;         /* entries and bytes as `entry` and the runs have them */
    uint64_t hint;                  /* a refused append: where to look next; label.log_term is that
                                       entry's term */
    const struct sut_run *runs;     /* the terms of the entries, at most SUT_MSG_RUNS runs */
    uint32_t nruns;
    uint32_t entry;                 /* the last one it carries; 0: none */
    struct wish wish;
    bool forged;                    /* no correct node could have sent it: who refuses it is not to
                                       blame for that */
};
/* Puts a message on its link, as though it left now. False: the SUT cannot compose it;
 * nothing happened. */
bool surgery_inject(struct world *, const struct injection *);

#endif
