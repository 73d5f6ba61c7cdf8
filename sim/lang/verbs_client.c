/* SPDX-License-Identifier: MIT */
/*
 * Clients. A client has one operation under way at a time, as its session demands; a further one
 * waits its turn.
 *
 * At a named node an operation goes there and nowhere else, and waits for ever unless `timeout`
 * says otherwise; with `->` five seconds. Without a node it seeks the leader: attempts of one
 * second, five of them. Raw proposals and read-index go through clients of the scenario's own, one
 * each in turn, so that none waits for another. On the way to their node the values of one
 * statement do not overtake each other, as though they shared a link.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

struct client_args {
    uint8_t client, verb;
    uint16_t key;
    struct value a, b;
    struct who at;
    uint64_t timeout, retries;
    uint32_t name;                  /* of the operation; 0: none */
    bool wait;
    struct outcomes want;
    const char *text;
};

static bool need_op_name(struct cursor *c, uint32_t *id)
{
    const char *name;
    uint32_t n;
    if (!cur_need_name(c, &name, &n, "a name for the operation")) return false;
    struct names *ops = &c->p->prog->ops;
    *id = names_add(ops, c->p->pool, name, n);
    return *id || out_of_memory(c->p);
}

static bool need_op(struct cursor *c, struct client_args *a)
{
    uint32_t which;
    if (!cur_need_choice(c, "read|write|cas|append", &which, "an operation")) return false;
    a->verb = (uint8_t)(OP_READ + which);
    if (!need_key(c, &a->key)) return false;
    if (a->verb != OP_READ && !need_value(c, &a->a)) return false;
    if (a->verb == OP_CAS && !need_value(c, &a->b)) return false;
    if (a->a.list || a->b.list)
        return cur_error(c, "lists grow by append", "a client cannot write a list");
    return true;
}

bool need_timeout(struct cursor *c, uint64_t *timeout)
{
    if (!cur_need_time(c, timeout, "a time")) return false;
    if (*timeout && *timeout <= SEC(3600)) return true;
    c->at--;
    return cur_error(c, NULL, "a timeout lies between 1ns and 1h");
}

static bool need_client_clause(struct cursor *c, struct client_args *a)
{
    if (cur_word(c, "at")) return cur_word(c, "any") || need_who(c, &a->at, "a node");
    if (a->name && cur_is(c, "as"))
        return cur_error(c, "take one out", "an operation has one name");
    if (cur_word(c, "as")) return need_op_name(c, &a->name);
    if (cur_word(c, "timeout")) return need_timeout(c, &a->timeout);
    if (cur_word(c, "retry"))
        return cur_need_count(c, &a->retries, 0, 1000000, "a number of further attempts");
    a->wait = cur_word(c, "->");
    if (!a->wait) return cur_need_end(c);
    if (take_outcomes(c, &a->want)) return true;
    return cur_error(c, "write ok, fail, not-leader, unanswered, a value, or one-of ...",
                     "expected an outcome");
}

bool parse_client(struct cursor *c, struct stmt *s)
{
    struct client_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !(a->text = group_text(c, cur_text(c, 0)))) return false;
    a->retries = UINT64_MAX;
    if (!(a->client = take_client(c)))
        return cur_error(c, "clients are called c1, c2, ... (at most 168)", "expected a client");
    if (!need_op(c, a)) return false;
    group_here(c);
    while (!cur_end(c))
        if (!need_client_clause(c, a)) return false;
    s->moves = a->wait;
    c->p->prog->asserts += a->wait;
    return true;
}

static struct op_request request(struct player *p, const struct client_args *a, uint8_t node)
{
    struct op_request q = {.client = a->client, .verb = a->verb, .node = node, .key = a->key,
                           .group = p->group, .timeout = a->timeout};
    q.a = value_now(p, &a->a), q.b = value_now(p, &a->b);
    q.retries = a->retries == UINT64_MAX ? 0 : (uint32_t)a->retries;
    if (!node && !a->timeout) q.timeout = SEC(1);
    if (!node && a->retries == UINT64_MAX) q.retries = a->timeout ? 0 : 4;
    if (node && a->wait && !a->timeout) q.timeout = SEC(5) / (q.retries + 1);
    return q;
}

static bool await(struct player *p, const struct stmt *s, const struct client_args *a, uint32_t op,
                  uint64_t end)
{
    char want[80] = "", seen[80] = "";
    struct evidence rests = {0};
    struct saw wanted = {.text = want, .size = sizeof want},
        saw = {.text = seen, .size = sizeof seen};
    while (world_op(p->w, op)->outcome == OUT_PENDING && p->w->now < end) {
        uint64_t next = world_next(p->w);
        if (!play_wait(p, next < end ? next : end)) return false;
    }
    if (outcome_matches(p, op, &a->want)) return true;
    outcomes_print(p, &a->want, &wanted);
    outcome_print(p, op, &saw);
    rests_on_op(&rests, op);
    play_rests(p, &rests);
    return play_fail(p, &s->place, V_EXPECTATION, "expect", "wanted %.90s to come to %s, saw %s",
                     a->text, want, seen);
}

bool run_client(struct player *p, const struct stmt *s)
{
    const struct client_args *a = s->args;
    node_set at = 0;
    if (a->at.n && !need_nodes_now(p, s, &a->at, &at)) return false;
    struct op_request q = request(p, a, node_first(at));
    uint32_t op = client_invoke(p->w, &q);
    if (a->name) play_named(p, a->name, op);
    if (!a->wait) return true;
    return await(p, s, a, op, p->w->now + q.timeout * (q.retries + UINT64_C(1)) + 1);
}

/* ---- propose, read-index ---- */

enum { PROPOSALS_MAX = 32 };
struct propose_args { uint32_t n; struct value value[PROPOSALS_MAX]; };

bool parse_propose(struct cursor *c, struct stmt *s)
{
    struct propose_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !need_who(c, &s->who, "a node")) return false;
    do {
        if (a->n == PROPOSALS_MAX)
            return cur_error(c, NULL, "at most %d proposals in one statement", PROPOSALS_MAX);
        if (cur_is(c, "as"))
            return cur_error(c, "write client c1 write x 1 at n1 as w1",
                             "only a client's operation has a name");
        if (!need_value(c, &a->value[a->n])) return false;
        if (a->value[a->n++].list) return cur_error(c, NULL, "propose a number or a \"string\"");
    } while (!cur_end(c));
    c->p->prog->nhidden += a->n;
    group_here(c);
    return true;
}

bool run_propose(struct player *p, const struct stmt *s)
{
    const struct propose_args *a = s->args;
    node_set at;
    if (!need_nodes_now(p, s, &s->who, &at)) return false;
    uint64_t latest = 0;
    for (uint32_t i = 0; i < a->n; i++) {
        struct op_request q = {.verb = OP_RAW, .node = node_first(at), .group = p->group,
                               .a = a->value[i].word};
        struct link *l = net_link(p->w, play_next_hidden(p), q.node);
        if (l->last_at < latest) l->last_at = latest;
        play_hidden(p, &q);
        latest = l->last_at + p->w->ties;       /* at one instant, ties would mix them */
    }
    return true;
}

struct read_index_args { uint32_t name; };

bool parse_read_index(struct cursor *c, struct stmt *s)
{
    struct read_index_args *a = s->args = args_take(c, sizeof *a);
    if (!a || !cur_need_word(c, "at") || !need_who(c, &s->who, "a node")) return false;
    c->p->prog->nhidden++;
    group_here(c);
    return !cur_word(c, "as") || need_op_name(c, &a->name);
}

bool run_read_index(struct player *p, const struct stmt *s)
{
    const struct read_index_args *a = s->args;
    node_set at;
    if (!need_nodes_now(p, s, &s->who, &at)) return false;
    struct op_request q = {.verb = OP_READ, .node = node_first(at), .group = p->group};
    uint32_t op = play_hidden(p, &q);
    if (a->name) play_named(p, a->name, op);
    return true;
}
