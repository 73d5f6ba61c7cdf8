/* SPDX-License-Identifier: MIT */
/*
 * What a client is told binds everybody (D 6.3, 8): it may go by the first answer that it gets.
 *
 * Method: three sentences. (1) What was refused (not-leader) is never applied, neither before its
 * client was told nor after. (2) What was put once is applied once, at one index, whatever sessions
 * would make of a second time: a raw proposal has none. (3) What is answered, ok or fail, has been
 * applied, and where that was just now it came to that result. An index is judged when somebody
 * applies it for the first time; that all apply the same there is state machine safety's. When
 * one entry too many is found, the chain is searched for the other, once.
 *
 * One excuse: an operation was put several times, since its client asked again or the network made
 * a copy of its request or of a proposal that carries it from a follower to a leader. Then
 * each of these has a fate of its own: one may be refused and another take effect, or both may. No
 * node that takes one knows of the other. Without it a node decides once, and a refusal says that
 * it handed the operation to nobody, neither to its own log nor to a leader.
 *
 * Reads by an index leave nothing to apply: read-fresh and linearizable judge their answers.
 */
#include <inttypes.h>

#include "model.h"

struct answers {
    uint64_t index, result;         /* what was applied last, by whichever node, and what it gave */
    uint32_t entry;
    uint8_t outcome;
};

/* The first entry of the operation in the chain, and the record by which its index was first
 * applied, as far as that is known. */
struct effect { uint64_t index, ordinal; };

static struct effect first_of(const struct world *w, const struct model *m, uint32_t op)
{
    struct effect e = {0};
    for (uint32_t id = m->chain; id; id = store_parent(w, id))
        if (store_entry(w, id)->op == op)
            e.index = store_index(w, id);
    e.ordinal = model_first_applied(w, m, e.index);
    return e;
}

static __attribute__((noinline)) void judge_apply(struct world *w, const struct model *m,
                                                  const struct record *r, uint32_t id)
{
    const struct mop *op = mop_at(w, id);
    if (op == NULL)
        return;
    if (op->several && (op->refused || op->applied)) {
        check_excused(w, CHECK_answer_binds);
        return;
    }
    check_judged(w, CHECK_answer_binds);
    if (op->refused) {
        violate(w, &check_answer_binds, model_returned(w, op),
                "op %" PRIu32 " was refused for good, and n%u applies it as index %" PRIu64
                " at %s", id, r->node, r->index, when(r->at).text);
    } else if (op->applied) {
        const struct effect first = first_of(w, m, id);
        violate(w, &check_answer_binds, first.ordinal,
                "op %" PRIu32 " was asked once, and n%u applies it a second time at %s, as index "
                "%" PRIu64 ": it was index %" PRIu64 " before", id, r->node, when(r->at).text,
                r->index, first.index);
    }
}

static __attribute__((noinline)) void judge_return(struct world *w, const struct model *m,
                                                   const struct record *r)
{
    const uint32_t id = rec_op(r);
    const struct mop *op = mop_at(w, id);
    const bool told = rec_outcome(r) == OUT_OK || rec_outcome(r) == OUT_FAIL;
    if (op == NULL || (!told && rec_outcome(r) != OUT_NOT_LEADER) || (told && op->verb == OP_READ))
        return;
    if (!told && op->several) {
        check_excused(w, CHECK_answer_binds);
        return;
    }
    check_judged(w, CHECK_answer_binds);
    if (told && !op->applied) {
        violate(w, &check_answer_binds, 0,
                "op %" PRIu32 " is answered at %s, and nobody has applied it", id,
                when(r->at).text);
    } else if (!told && op->applied) {
        const struct effect first = first_of(w, m, id);
        violate(w, &check_answer_binds, first.ordinal,
                "op %" PRIu32 " is refused for good at %s, and it was applied as index %" PRIu64
                " before", id, when(r->at).text, first.index);
    }
}

static void judge_reply(struct world *w, const struct model *m, const struct answers *last,
                        const struct record *r)
{
    const uint32_t id = rec_for_op(r);
    const struct mop *op = mop_at(w, id);
    const uint8_t answer = rec_answer(r);
    if ((answer != OUT_OK && answer != OUT_FAIL) || last->entry == 0 || op == NULL ||
        op->verb == OP_READ || store_entry(w, last->entry)->op != id)
        return;
    check_judged(w, CHECK_answer_binds);
    if (answer == last->outcome && rec_answer_value(r) == last->result)
        return;
    char said[48], gave[48];
    value_print(w, rec_answer_value(r), said, sizeof said);
    value_print(w, last->result, gave, sizeof gave);
    violate(w, &check_answer_binds, model_first_applied(w, m, last->index),
            "n%u answers op %" PRIu32 " at %s with %s %s, and as index %" PRIu64
            " it came to %s %s",
            r->node, id, when(r->at).text, answer == OUT_OK ? "ok" : "fail", said, last->index,
            last->outcome == OUT_OK ? "ok" : "fail", gave);
}

void check_answer_binds_record(struct world *w, struct model *m, void *state,
                               const struct record *r)
{
    struct answers *last = state;
    if (r->kind == REC_RETURN) {
        judge_return(w, m, r);
    } else if (r->kind == REC_SEND) {
        judge_reply(w, m, last, r);
    } else {
        *last = (struct answers){.index = r->index, .result = rec_result(r),
                                 .entry = rec_entry(r), .outcome = rec_outcome(r)};
        if (r->index > m->top_applied)
            judge_apply(w, m, r, store_entry(w, rec_entry(r))->op);
    }
}

const struct check check_answer_binds = {
    .name = "answer-binds",
    .rule = "what was refused for good is never applied, what was asked once is applied at most "
            "once, and what is answered was applied with that result (D 6.3, 8)",
    .sees = SEES_OUTSIDE,
    .judges = "an answer to an operation, or an operation that is applied for the first time "
              "anywhere",
    .messages = UINT32_C(1) << MSG_CLIENT_REPLY,
    .refusals = UINT32_C(1) << MSG_CLIENT_REPLY,
    .state = sizeof(struct answers),
    .possible = model_has_clients,
    .idle = "no client asks for anything",
};
