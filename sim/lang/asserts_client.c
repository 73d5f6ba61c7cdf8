/* SPDX-License-Identifier: MIT */
/* Assertions about what clients got: each operation, their order, and any at all. */
#include "parse.h"
#include "play.h"
#include "rows.h"

static bool is_answered(const struct op *op)
{
    return op->outcome == OUT_OK || op->outcome == OUT_FAIL || op->outcome == OUT_NOT_LEADER;
}

static bool matches(struct player *p, const struct op *op, const struct outcome *want)
{
    switch ((enum outcome_kind)want->kind) {
    case IS_UNANSWERED: return !is_answered(op);
    case IS_OK: return op->outcome == OUT_OK;
    case IS_FAIL: return op->outcome == OUT_FAIL;
    case IS_NOT_LEADER: return op->outcome == OUT_NOT_LEADER;
    case IS_VALUE: return op->outcome == OUT_OK && op->result == value_now(p, &want->value);
    }
    return false;
}

bool outcome_matches(struct player *p, uint32_t id, const struct outcomes *want)
{
    const struct op *op = world_op(p->w, id);
    for (uint32_t i = 0; i < want->n; i++)
        if (matches(p, op, &want->item[i])) return true;
    return false;
}

void outcome_print(struct player *p, uint32_t id, struct saw *saw)
{
    char text[60];
    if (!saw) return;
    const struct op *op = world_op(p->w, id);
    if (!is_answered(op)) {
        saw_add(saw, op->outcome == OUT_PENDING ? "unanswered" : "unanswered (it timed out)");
    } else if (op->outcome == OUT_NOT_LEADER) {
        saw_add(saw, "not-leader");
    } else {
        value_print(p->w, op->result, text, sizeof text);
        saw_add(saw, "%s", op->outcome == OUT_FAIL ? "fail" : "ok");
        if (op->verb == OP_READ || op->verb == OP_CAS) saw_add(saw, " %s", text);
        if (op->index) saw_add(saw, " (index %llu)", (unsigned long long)op->index);
    }
}

void outcomes_print(struct player *p, const struct outcomes *want, struct saw *saw)
{
    static const char *const words[] = {"unanswered", "ok", "fail", "not-leader"};
    char text[60];
    for (uint32_t i = 0; i < want->n; i++) {
        if (i) saw_add(saw, " or ");
        if (want->item[i].kind != IS_VALUE) {
            saw_add(saw, "%s", words[want->item[i].kind]);
            continue;
        }
        value_print(p->w, value_now(p, &want->item[i].value), text, sizeof text);
        saw_add(saw, "%s", text);
    }
}

struct op_args { bool by_index; struct outcomes want; };

bool assert_parse_op(struct cursor *c, struct cond *cond)
{
    struct op_args *a = cond->args = args_take(c, sizeof *a);
    if (!a) return false;
    a->by_index = cur_word(c, "index");
    if (a->by_index) return need_comparison(c, cond, "an index");
    if (take_outcomes(c, &a->want)) return true;
    return cur_error(c,
                     "write = VALUE, ok, fail, not-leader, unanswered, one-of ..., or index >= I",
                     "expected what became of the operation");
}

void rests_on_op(struct evidence *e, uint32_t op)
{
    struct evidence_part asked = {.latest = 4, .filter = {.op = op}}, sent = asked;
    asked.filter.kinds = KIND_BIT(INVOKE) | KIND_BIT(RETURN) | KIND_BIT(READ) |
                         KIND_BIT(APPEND) | KIND_BIT(APPLY);
    asked.each = true;
    sent.latest = 6;
    sent.filter.kinds = KIND_BIT(SEND) | KIND_BIT(DELIVER) | KIND_BIT(DROP) | KIND_BIT(HOLD);
    evidence_add(e, &asked);
    evidence_add(e, &sent);
}

bool assert_eval_op(struct player *p, const struct cond *c, struct saw *saw)
{
    const struct op_args *a = c->args;
    uint32_t id = p->op_of[c->op];
    if (wants_rests(saw) && id) rests_on_op(saw->rests, id);
    if (!id) return saw_add(saw, "%s was never invoked", p->prog->ops.name[c->op]), false;
    outcome_print(p, id, saw);
    if (!a->by_index) return outcome_matches(p, id, &a->want);
    const struct op *op = world_op(p->w, id);
    return is_answered(op) && compare_now(op->index, c->compare, c->number);
}

/* ---- judged elsewhere ---- */

bool assert_parse_linearizable(struct cursor *c, struct cond *cond)
{
    (void)c;
    (void)cond;
    return true;
}

/* check/ judges the history in every run; a violation ends it there. */
bool assert_eval_linearizable(struct player *p, const struct cond *c, struct saw *saw)
{
    (void)p; (void)c; (void)saw;
    return true;
}

bool assert_parse_progress(struct cursor *c, struct cond *cond)
{
    if (cur_is(c, "of")) {
        const struct token *t = c->at + 1 < c->n ? &c->tok[c->at + 1] : NULL;
        char hint[80];
        snprintf(hint, sizeof hint, "write n1 progress of %.*s: match 2",
                 t ? (int)(t->n < 20 ? t->n : 20) : 2, t ? t->text : "n2");
        return cur_error(c, hint, "it is a leader that knows of others");
    }
    cond->liveness = true;
    c->p->prog->probe = true;
    return bound_given(cond->within) ||
           cur_error(c, "write progress within 10s", "progress needs a bound");
}

void rests_on_progress(struct player *p, struct evidence *e)
{
    struct evidence_part nodes = {.latest = 1, .each = true}, asked = {.latest = 4};
    nodes.filter.kinds = KIND_BIT(ROLE) | KIND_BIT(BOOT) | KIND_BIT(CRASH) |
                         KIND_BIT(PAUSE) | KIND_BIT(HALT);
    actors_add_nodes(&nodes.filter.actors, voters_of(p->w, p->group));
    asked.filter.kinds = KIND_BIT(INVOKE) | KIND_BIT(RETURN);
    asked.filter.key = p->prog->probe_key + 1u;
    evidence_add(e, &nodes);
    nodes.filter.kinds = KIND_BIT(COMMIT) | KIND_BIT(APPLY);
    evidence_add(e, &nodes);
    evidence_add(e, &asked);
}

static node_set nodes_up(const struct world *w)
{
    node_set up = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (w->process[n].up && (world_voters(w) & NODE_BIT(n))) up |= NODE_BIT(n);
    return up;
}

bool assert_eval_progress(struct player *p, const struct cond *c, struct saw *saw)
{
    if (!p->asked) play_progress(p, nodes_up(p->w), play_within(p, c));
    play_probe_again(p);
    enum progress_state state = progress_look(p->w);
    if (state == PROGRESS_MADE) p->asked = false;
    if (wants_rests(saw)) rests_on_progress(p, saw->rests);
    saw_add(saw, "none");
    return state == PROGRESS_MADE;
}
