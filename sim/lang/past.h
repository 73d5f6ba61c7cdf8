/* SPDX-License-Identifier: MIT */
/*
 * What the nodes of a run have been so far, for one question: could a correct node have sent
 * this message?
 *
 * Method: the records that tell of nodes are kept, and replayed for the sender. The message is
 * possible if there was a moment at which the sender's state allowed it: as leader of its term it
 * had these entries and knew this commit, its disk held this vote, ... So everything that was ever
 * sent is possible for the rest of the run, however stale, and much that was not sent but might
 * have been. What lay on disks before the run came from a history that nobody saw: of a term up to
 * the preloaded one, all is possible that the preloads do not contradict.
 */
#ifndef WT_PAST_H
#define WT_PAST_H

#include "../world/surgery.h"

struct past { struct vec records; };        /* in the world's arena */

void past_start(struct past *);
/* every record, from the first */
void past_note(struct world *, struct past *, const struct record *);

/* The part of a message by which it is impossible. */
enum clause {
    CLAUSE_TERM,
    CLAUSE_PREV,
    CLAUSE_ENTRIES,
    CLAUSE_COMMIT,
    CLAUSE_ROUND,
    CLAUSE_LAST,
    CLAUSE_INDEX,
    CLAUSE_HINT,
    CLAUSE_ANSWER,
    CLAUSE_TRY,
    CLAUSE_ASKED,
    CLAUSES
};
struct doubt { enum clause clause; char why[160]; };

/* What a message between nodes names beside itself, filled in where the scenario does not say it:
 * the try in which a candidate asks, the term and the try that an answer answers. Each as its asker
 * had it when it asked last; 0 where it never asked. */
void past_name(const struct world *, const struct past *, struct msg_label *, bool try_said,
               bool asked_said);
/* False: *doubt says why. `entry` is as in struct injection; of entries that exist nowhere it may
 * be 0. */
bool past_allows(const struct world *, const struct past *, const struct injection *,
                 struct doubt *);
/* The last entry of the log of the leader of a term, as far as it led; 0: nobody led it in this
 * run, or its log was empty. */
uint32_t past_leader_log(const struct world *, const struct past *, uint64_t term);

#endif
