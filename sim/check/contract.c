/* SPDX-License-Identifier: MIT */
/*
 * The contract between a system under test and its host (sut/contract.def): rules not of Raft but
 * of the boundary at which the two meet. What breaks one could hide behind a host that completes
 * what it was not told, or looks like a limit of the tank.
 *
 * Method: the host does what it is told, and as it does it sees what it should not have been told;
 * each such thing is one record, BREACH, with the rule that it breaks. The sentences are in the
 * table of rules. Here is only which record each disagrees with: what the host did just BEFORE (a
 * write that is wrong), the image that the disk last acknowledged (WRITTEN), or what the node's
 * term, log or life was (TERM, LOG, LIFE); and of a STEP there is nothing else to show. Sound cores
 * need no excuse: whatever a host, a disk or a crash takes away is not theirs to ask for.
 */
#include <inttypes.h>

#include "model.h"

enum { BEFORE, WRITTEN, TERM, LOG, LIFE, STEP };

static uint64_t disagrees(const struct world *w, const struct mnode *n, int with)
{
    switch (with) {
    case BEFORE: return w->records - 1;
    case WRITTEN: return n->durable.ordinal;
    case TERM: return n->seen_term ? n->seen_term : n->seen_life;
    case LOG: return n->seen_log ? n->seen_log : n->seen_life;
    case LIFE: return n->seen_life;
    default: return 0;
    }
}

static const char *origin_of(uint64_t origin)
{
    static const char *const names[] = {"from nowhere", "proposed", "from a message", "its own"};
    return origin < sizeof names / sizeof *names ? names[origin] : "?";
}

static const char *shown_of(uint64_t what)
{
    static const char *const names[] = {"term", "vote for n", "role", "leader n", "commit index",
                                        "last index", "term of the last entry",
                                        "voters, as bits,"};
    return what < sizeof names / sizeof *names ? names[what] : "?";
}

void check_contract_record(struct world *w, struct model *m, void *state,
                           const struct record *r)
{
    (void)state;
    const struct mnode *n = &m->node[r->node];
#define A rec_detail_1(r)
#define B rec_detail_2(r)
#define C rec_detail_3(r)
#define PEER r->peer
    switch (rec_breach(r)) {
#define BREACH(symbol, name, promise, evidence, sentence, ...)                                     \
    case BREACH_##symbol:                                                                          \
        violate(w, &check_contract, disagrees(w, n, evidence), "n%u " sentence " at %s", r->node,  \
                __VA_ARGS__, when(r->at).text);                                                    \
        break;
#include "../sut/contract.def"
    default: break;
    }
#undef A
#undef B
#undef C
#undef PEER
}

static void tally(const struct world *w, struct check_tally *t) { t->judged += w->count.events; }

const struct check check_contract = {
    .name = "contract",
    .rule = "the system under test keeps what it promises its host: it asks for all that is done, "
            "and for nothing that cannot be",
    .sees = SEES_INSIDE,
    .judges = "an event that the system under test was handed",
    .tally = tally,
};
