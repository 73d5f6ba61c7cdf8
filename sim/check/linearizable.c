/* SPDX-License-Identifier: MIT */
/*
 * Linearizability (D 6.3, 6.4; Herlihy and Wing 1990), black box: what the clients saw, judged at
 * the end of the run.
 *
 * Method: the history of all operations goes to linear.c, with the place of each operation's entry
 * in the committed chain as a hint, in which a correct run is found right in linear time. Left out
 * are raw proposals (they touch no key), operations that never left their client, those that were
 * refused for good, which have no effect that could explain an answer (answer_binds.c), and lease
 * reads answered while a clock was outside its bound (read_fresh.c). A timeout is an unknown
 * outcome; so is a refusal where a copy of the request, or of a proposal of it, may have met
 * a leader.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "linear.h"
#include "model.h"

#define STEPS_MOST UINT64_C(4000000)

enum { NEW_LISTS_MOST = 200000 };

/* Appending makes cells in the world's list table; a search in wrong orders must not fill the world
 * with them. */
struct lists { struct world *w; uint32_t most; bool full; };

static uint64_t append(void *ctx, uint64_t list, uint64_t item)
{
    struct lists *l = ctx;
    l->full = l->full || l->w->lists.n > l->most;
    return l->full ? VALUE_ABSENT : value_append(l->w, list, item);
}

static bool split(void *ctx, uint64_t list, uint64_t *before, uint64_t *item)
{
    return value_split(((struct lists *)ctx)->w, list, before, item);
}

/* ---- hints ----------------------------------------------------------------------------------- */

/* Gives each operation the index of the entry by which it took effect: the first of its session
 * number, and none after a later number. */
static bool hint(const struct world *w, const struct model *m, uint64_t *index_of_op)
{
    uint32_t *chain = calloc((size_t)m->chain_index + 1, sizeof *chain);
    uint32_t last[CLIENTS_MAX + 1] = {0};
    if (!chain)
        return false;
    for (uint32_t id = m->chain; id; id = store_parent(w, id))
        chain[store_index(w, id)] = id;
    for (uint64_t i = 1; i <= m->chain_index; i++) {
        const struct entry *c = store_entry(w, chain[i]);
        if (c->op == 0 || c->op >= w->ops.n || !is_client(c->client) ||
            c->client - CLIENT_BASE > CLIENTS_MAX)
            continue;
        uint32_t *seq = &last[c->client - CLIENT_BASE];
        if (c->seq <= *seq)
            continue;
        *seq = c->seq;
        index_of_op[c->op] = i;
    }
    free(chain);
    return true;
}

/* ---- the history ----------------------------------------------------------------------------- */

static bool take(const struct world *w, uint16_t group, uint32_t id, struct linear_op *out)
{
    const struct op *op = world_op(w, id);
    const struct mop *heard = mop_at(w, id);
    bool known = op->returned != NEVER && (op->outcome == OUT_OK || op->outcome == OUT_FAIL);
    if (op->group != group || op->seq == 0 || op->verb == OP_NONE || op->verb == OP_RAW)
        return false;
    if (heard && heard->unjudged) {
        check_excused(w, CHECK_linearizable);
        return false;
    }
    if (heard && model_refused(heard))
        return false;
    *out = (struct linear_op){.invoke = op->invoked, .ret = known ? op->returned : LINEAR_NEVER,
                              .a = op->a, .b = op->b, .result = op->result, .key = op->key,
                              .verb = op->verb, .outcome = op->outcome, .result_known = known};
    return true;
}

static uint32_t history(const struct world *w, uint16_t group, struct linear_op *ops, uint32_t *ids,
                        const uint64_t *index_of_op)
{
    uint32_t n = 0;
    for (uint32_t id = 1; id < w->ops.n; id++)
        if (take(w, group, id, &ops[n])) {
            ops[n].hint = index_of_op[id];
            ids[n++] = id;
        }
    return n;
}

/* ---- the verdict ----------------------------------------------------------------------------- */

/* The latest change of the key that had returned before the operation was invoked; 0 none. */
static uint32_t change_before(const struct world *w, const struct op *bad)
{
    uint32_t best = 0;
    for (uint32_t id = 1; id < w->ops.n; id++) {
        const struct op *op = world_op(w, id);
        bool changes = op->outcome == OUT_OK &&
                       (op->verb == OP_WRITE || op->verb == OP_CAS || op->verb == OP_APPEND);
        if (changes && op->group == bad->group && op->key == bad->key &&
            op->returned < bad->invoked &&
            (!best || op->returned > world_op(w, best)->returned))
            best = id;
    }
    return best;
}

static uint64_t returned_at(const struct world *w, uint32_t id)
{
    const struct mop *op = mop_at(w, id);
    return op ? model_returned(w, op) : 0;
}

static void accuse(struct world *w, uint32_t id)
{
    static const char *const verbs[] = {"?", "read", "write", "cas", "append", "raw"};
    const struct op *bad = world_op(w, id);
    uint32_t before = change_before(w, bad);
    char value[48], earlier[48] = "";
    value_print(w, bad->result, value, sizeof value);
    if (before)
        value_print(w, world_op(w, before)->verb == OP_CAS ? world_op(w, before)->b
                                                           : world_op(w, before)->a, earlier,
                    sizeof earlier);
    violate_between(w, &check_linearizable, before ? returned_at(w, before) : 0, returned_at(w, id),
                    "%s's %s (op %" PRIu32
                    ", %s to %s) gave %s %s%s%s%s%s: no order of the operations explains it",
                    who(w, bad->client).text, verbs[bad->verb < OP_RAW ? bad->verb : OP_RAW], id,
                    when(bad->invoked).text, when(bad->returned).text,
                    bad->outcome == OUT_FAIL ? "fail" : "ok", value,
                    before ? ", after the change by " : "", before ? earlier : "",
                    before ? " acknowledged at " : "",
                    before ? when(world_op(w, before)->returned).text : "");
}

static void judge(struct world *w, const struct model *m, struct linear_op *ops, uint32_t *ids,
                  const uint64_t *index_of_op)
{
    struct lists lists = {.w = w, .most = w->lists.n + NEW_LISTS_MOST};
    struct linear_task task = {.ops = ops, .n = history(w, m->group, ops, ids, index_of_op),
                               .initial = VALUE_ABSENT, .append = append, .split = split,
                               .ctx = &lists, .budget = STEPS_MOST};
    struct linear_report found;
    enum linear_verdict v = linear_check(&task, &found);
    const bool decided = (v == LINEAR_OK || v == LINEAR_BAD) && !lists.full;
    for (uint32_t i = 0; i < task.n; i++)
        decided ? check_judged(w, CHECK_linearizable) : check_excused(w, CHECK_linearizable);
    if (v == LINEAR_NO_MEMORY)
        world_stop(w, STOP_BUDGET, "linearizable: not enough memory to decide");
    else if (v == LINEAR_UNKNOWN || lists.full)
        world_stop(w, STOP_BUDGET, "linearizable: not decided within its budget");
    else if (v == LINEAR_BAD)
        accuse(w, ids[found.bad]);
}

static void finish(struct world *w, const struct model *m, void *state)
{
    (void)state;
    if (w->ops.n <= 1)
        return;
    struct linear_op *ops = calloc(w->ops.n, sizeof *ops);
    uint32_t *ids = calloc(w->ops.n, sizeof *ids);
    uint64_t *index_of_op = calloc(w->ops.n, sizeof *index_of_op);
    if (ops && ids && index_of_op && hint(w, m, index_of_op))
        judge(w, m, ops, ids, index_of_op);
    else
        world_stop(w, STOP_BUDGET, "linearizable: not enough memory to decide");
    free(ops);
    free(ids);
    free(index_of_op);
}

const struct check check_linearizable = {
    .name = "linearizable",
    .rule = "what the clients saw has an order that explains it (Herlihy and Wing 1990; D 6.3)",
    .sees = SEES_OUTSIDE,
    .judges = "an operation of a client",
    .of_operations = true,
    .finish = finish,
    .possible = model_has_clients,
    .idle = "no client asks for anything",
};
