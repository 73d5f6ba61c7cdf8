/* SPDX-License-Identifier: MIT */
/*
 * Stability (liveness): what merely gets worse. Nobody stands for election, and no leader steps
 * down, without a cause that the records show; nobody is refused a vote without one (refusals.c);
 * and where nothing disturbs a cluster that follows one leader, that leader stays (armed.c).
 *
 * Standing. A node stands only if for its minimum election timeout, by its own clock, no message of
 * a current leader was delivered to it, it did not lead, it granted no vote, and it did not stand
 * before. It has a cause all the same where somebody asked it to, or where it has just started, in
 * both cases until it hears of a leader again; a timeout that a scenario pinned takes the place of
 * the minimum where it is shorter. A candidate that pre-votes made one has not waited again. A
 * message that the node's host refuses (DROP: busy, invalid) was not heard.
 *
 * Stepping down. A leader steps down only for a message of a higher term, delivered just now and no
 * mere asking for pre-votes or granting of one; or where CheckQuorum is on and no majority, itself
 * included, has answered anything that it sent within its minimum election timeout; or for its
 * disk: a write failed, or one is under way and none was completed for disk-timeout, or its process
 * has not come to hear of one that was.
 *
 * What is allowed besides, and why: an answer is as old as the question, and how well a leader
 * remembers when it asked is its own affair, so one that comes more than RECENT rounds late is no
 * contact here, and a round is dated by the latest beginning that is remembered here, at most an
 * eighth of a timeout too early. A clock that goes back is counted as in stability.h, so that time
 * which a node may not have noticed counts as passed.
 *
 * Nothing here stops a run: what is broken is told at its end, where nothing worse was.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "../world/service.h"
#include "stability.h"

enum { RECENT = 32 };

/* ---- options --------------------------------------------------------------------------------- */

bool stability_option(const struct world *w, uint8_t node, const char *name, bool second,
                      uint64_t *value)
{
    const struct option_row *row = w->sut->options;
    while (row->name && strcmp(row->name, name) != 0)
        row++;
    if (!row->name)
        return false;
    const char *at = (const char *)world_options(w, node) + row->offset;
    memcpy(value, at + (second ? sizeof *value : 0), sizeof *value);
    return true;
}

static uint64_t disk_timeout(const struct world *w, uint8_t node)
{
    uint64_t timeout, most;
    if (!stability_option(w, node, "disk-timeout", false, &timeout) || timeout == 0)
        return NEVER;
    if (timeout != OPTION_AUTO_VALUE)
        return timeout;
    return stability_option(w, node, "election-timeout", true, &most) ? most : NEVER;
}

/* ---- a life ---------------------------------------------------------------------------------- */

static void boots(struct world *w, struct calm_node *c, const struct record *r)
{
    uint64_t on;
    const uint64_t back = c->back, reign = c->reign;
    *c = (struct calm_node){.back = back, .reign = reign, .least = model_lease_window(w, r->node),
                            .disk_timeout = disk_timeout(w, r->node), .heard = NEVER,
                            .stood = NEVER, .loyal = NEVER, .writing = NEVER};
    c->check_quorum = !stability_option(w, r->node, "check-quorum", false, &on) || on;
    if (rec_restarted(r))
        c->loyal = own_time(w, c, r->node);
}

static void is_asked(struct calm_node *c)
{
    c->heard = c->stood = NEVER;
    c->asked = true;
}

static void hears(struct world *w, struct calm_node *c, uint8_t node)
{
    c->heard = own_time(w, c, node);
    c->seen = w->records;
    c->asked = false;
}

/* ---- standing -------------------------------------------------------------------------------- */

static void judge_stand(struct world *w, struct stability *s, const struct record *r, bool waited)
{
    struct calm_node *c = calm_node(w, s, r->node);
    const uint64_t now = own_time(w, c, r->node), least = least_wait(c);
    if (c->least == NEVER)
        return;
    const bool heard = c->heard != NEVER && now - c->heard < least;
    const bool stood = waited && c->stood != NEVER && now - c->stood < least;
    if (c->asked || c->heard == NEVER)
        check_excused(w, CHECK_stability);
    else
        check_judged(w, CHECK_stability);
    if (heard)
        violate(w, &check_stability, c->seen,
                "n%u stands for election at %s, %s by its clock after it heard of a leader or "
                "voted; its minimum election timeout is %s",
                r->node, when(r->at).text, when(now - c->heard).text, when(least).text);
    else if (stood)
        violate(w, &check_stability, c->seen,
                "n%u stands for election again at %s, %s by its clock after it did so before; its "
                "minimum election timeout is %s",
                r->node, when(r->at).text, when(now - c->stood).text, when(least).text);
    else if (!c->asked)
        armed_lost(w, s, r->node, "stands for election");
    if (waited && !c->asked)
        c->pin = 0;
    c->stood = now;
    c->told = false;
}

/* A vote for itself in a new term, or a role that asks for votes. */
static bool stands(const struct mnode *n, const struct record *r)
{
    if (r->kind == REC_TERM)
        return rec_vote(r) == r->node && r->term > n->term;
    return rec_role(r) == SUT_PRECANDIDATE && n->role != SUT_PRECANDIDATE;
}

/* ---- stepping down --------------------------------------------------------------------------- */

static uint64_t contact(const struct reign *g, uint8_t node)
{
    const uint32_t kept = g->n < BEGINNINGS ? g->n : BEGINNINGS;
    for (uint32_t i = g->n; i > g->n - kept; i--)
        if (g->round[(i - 1) % BEGINNINGS] <= g->acked[node])
            return g->began[(i - 1) % BEGINNINGS];
    return 0;
}

/* A majority with itself that has answered what it sent within its minimum election timeout. */
static bool has_quorum(const struct world *w, const struct calm_node *c, uint8_t node)
{
    const struct reign *g = arena_at(&w->arena, c->reign);
    const uint64_t now = own_time(w, c, node);
    node_set near = NODE_BIT(node);
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const uint64_t at = n == node ? 0 : contact(g, n);
        if (at && now - at < c->least)
            near |= NODE_BIT(n);
    }
    return model_majority(w, near);
}

static bool disk_hangs(const struct world *w, const struct calm_node *c, uint8_t node)
{
    return service_waits(w, node, TASK_DISK) ||
           (c->writing != NEVER && c->disk_timeout != NEVER &&
            own_time(w, c, node) - c->writing >= c->disk_timeout);
}

static void judge_step_down(struct world *w, struct stability *s, const struct record *r)
{
    const struct mnode *n = &judge_of(w)->node[r->node];
    const struct calm_node *c = calm_node(w, s, r->node);
    if (c->reign == 0 || c->least == NEVER)
        return;
    check_judged(w, CHECK_stability);
    const bool unseated = s->given == r->node && s->given_at == r->at &&
                          s->given_term > n->led_term && s->given_term == r->term;
    if (unseated || c->failed || disk_hangs(w, c, r->node)) {
        armed_end(w, s);
    } else if (!c->check_quorum || has_quorum(w, c, r->node)) {
        violate(w, &check_stability, n->seen_role,
                "n%u steps down from term %" PRIu64 " at %s: no message of a higher term came, its "
                "disk works, and %s",
                r->node, n->led_term, when(r->at).text,
                c->check_quorum ? "a majority has answered it within its minimum election timeout"
                                : "check-quorum is off");
    } else {
        armed_lost(w, s, r->node, "finds no majority");
    }
}

static void leads(struct world *w, struct calm_node *c, const struct record *r)
{
    if (c->reign == 0)
        c->reign = arena_take(&w->arena, sizeof(struct reign));
    struct reign *g = arena_at(&w->arena, c->reign);
    const struct mnode *n = &judge_of(w)->node[r->node];
    *g = (struct reign){.n = 1};
    g->began[0] = own_time(w, c, r->node);
    c->writing = n->wid > n->durable_wid ? 0 : NEVER;
}

/* ---- records --------------------------------------------------------------------------------- */

static void changes_role(struct world *w, struct stability *s, const struct record *r)
{
    const struct mnode *n = &judge_of(w)->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    if (stands(n, r))
        judge_stand(w, s, r, true);
    if (n->role == SUT_LEADER && rec_role(r) != SUT_LEADER) {
        judge_step_down(w, s, r);
        hears(w, c, r->node);
    } else if (n->role != SUT_LEADER && rec_role(r) == SUT_LEADER) {
        leads(w, c, r);
    }
}

static void changes_term(struct world *w, struct stability *s, const struct record *r)
{
    const struct mnode *n = &judge_of(w)->node[r->node];
    if (stands(n, r))
        judge_stand(w, s, r, n->role != SUT_PRECANDIDATE);
    else if (rec_vote(r) && rec_vote(r) != r->node)
        hears(w, calm_node(w, s, r->node), r->node);
    if (r->term > s->calm.term)
        armed_end(w, s);
}

/* A pre-candidate whose wait ended asks anew, and no record but its requests tells of that. */
static void asks_for_prevotes(struct world *w, struct stability *s, const struct record *r)
{
    struct calm_node *c = calm_node(w, s, r->node);
    if (c->told && c->attempt == rec_try(r))
        return;
    if (c->told)
        judge_stand(w, s, r, true);
    c->told = true;
    c->attempt = rec_try(r);
}

static void sends_heartbeat(struct world *w, struct stability *s, const struct record *r)
{
    const struct mnode *n = &judge_of(w)->node[r->node];
    const struct calm_node *c = calm_node(w, s, r->node);
    if (n->role != SUT_LEADER || n->led_term != r->term || c->reign == 0)
        return;
    struct reign *g = arena_at(&w->arena, c->reign);
    const uint64_t now = own_time(w, c, r->node);
    g->latest = rec_round(r);
    if (now - g->began[(g->n - 1) % BEGINNINGS] >= c->least / (BEGINNINGS / 2)) {
        g->began[g->n % BEGINNINGS] = now;
        g->round[g->n++ % BEGINNINGS] = rec_round(r);
    }
    armed_heartbeat(w, s, r);
}

static __attribute__((noinline)) void sends(struct world *w, struct stability *s,
                                            const struct record *r)
{
    switch (rec_type(r)) {
    case MSG_HEARTBEAT: sends_heartbeat(w, s, r); break;
    case MSG_PREVOTE: asks_for_prevotes(w, s, r); break;
    case MSG_VOTE_REPLY: case MSG_PREVOTE_REPLY:
        if (rec_flags(r) & LABEL_REJECT)
            refusals_told(w, s, r);
        break;
    default: break;
    }
}

/* A message of a leader, of the node's term or a later one. */
static void hears_leader(struct world *w, struct stability *s, struct calm_node *c,
                         const struct record *r)
{
    s->undo = r->node;
    s->undo_message = rec_message(r);
    s->undo_heard = c->heard;
    s->undo_loyal = c->loyal;
    hears(w, c, r->node);
    c->loyal = c->heard;
    c->blurred = false;
}

static void is_answered(struct world *w, const struct calm_node *c, const struct mnode *n,
                        const struct record *r)
{
    if (n->role != SUT_LEADER || rec_asked(r) != n->led_term || c->reign == 0 ||
        r->peer > NODES_MAX)
        return;
    struct reign *g = arena_at(&w->arena, c->reign);
    const uint32_t round = rec_round(r);
    if (round > g->acked[r->peer] && round + RECENT > g->latest)
        g->acked[r->peer] = round;
}

/* A message of a term that its receiver does not know yet. Pre-votes are of terms that nobody may
 * ever reach. */
static void is_given(struct stability *s, const struct record *r)
{
    const uint8_t type = rec_type(r);
    if (type == MSG_PREVOTE || (type == MSG_PREVOTE_REPLY && !(rec_flags(r) & LABEL_REJECT)))
        return;
    s->given = r->node;
    s->given_at = r->at;
    s->given_term = r->term;
}

static __attribute__((noinline)) void delivers(struct world *w, struct stability *s,
                                               const struct record *r)
{
    assert(r->node <= NODES_MAX);
    const struct mnode *n = &judge_of(w)->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    if (r->term > n->term)
        is_given(s, r);
    switch (rec_type(r)) {
    case MSG_APPEND: case MSG_HEARTBEAT:
        if (r->term >= n->term)
            hears_leader(w, s, c, r);
        break;
    case MSG_APPEND_REPLY: case MSG_HEARTBEAT_REPLY: is_answered(w, c, n, r); break;
    case MSG_VOTE: case MSG_PREVOTE: refusals_asked(w, s, r); break;
    default: break;
    }
    if (s->calm.trying || s->calm.stirred)
        armed_deliver(w, s, r);
}

/* Its host did not hand it over after all. */
static void drops(struct world *w, struct stability *s, const struct record *r)
{
    if (s->undo && s->undo_message == rec_message(r) && s->undo == r->peer) {
        struct calm_node *c = calm_node(w, s, s->undo);
        c->heard = s->undo_heard;
        c->loyal = s->undo_loyal;
        s->undo = 0;
    }
    armed_drop(w, s, r);
}

/* Only a leader is asked whether its disk works. */
static __attribute__((noinline)) void writes(struct world *w, struct stability *s,
                                             const struct record *r)
{
    const struct mnode *n = &judge_of(w)->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    if (n->role != SUT_LEADER)
        return;
    if (r->kind == REC_DURABLE)
        c->writing = rec_wid(r) < n->wid ? own_time(w, c, r->node) : NEVER;
    else if (c->writing == NEVER)
        c->writing = own_time(w, c, r->node);
}

static void clock_changes(const struct world *w, const struct stability *s, const struct record *r)
{
    struct calm_node *c = calm_node(w, s, r->node);
    if (rec_change(r) != CLOCK_JUMP || !rec_back(r))
        return;
    c->back += rec_by(r);
    c->blurred = true;
}

/* What comes seldom, and but for a step of the scenario disturbs everybody. */
static __attribute__((noinline)) void others(struct world *w, struct stability *s,
                                             const struct record *r)
{
    switch ((int)r->kind) {
    case REC_DROP: drops(w, s, r); return;
    case REC_ROLE: changes_role(w, s, r); return;
    case REC_TERM: changes_term(w, s, r); return;
    case REC_STEP: s->calm.stirred = true; return;
    case REC_BOOT: boots(w, calm_node(w, s, r->node), r); break;
    case REC_CAMPAIGN: is_asked(calm_node(w, s, r->node)); break;
    case REC_PIN: calm_node(w, s, r->node)->pin = rec_timeout(r) + 1; break;
    case REC_CLOCK: clock_changes(w, s, r); break;
    case REC_FAILED: calm_node(w, s, r->node)->failed = true; break;
    default: break;
    }
    armed_end(w, s);
}

/* Three of four records are of the first three kinds: the way to them is short. */
void check_stability_record(struct world *w, void *state, const struct record *r)
{
    switch ((int)r->kind) {
    case REC_DELIVER: delivers(w, state, r); break;
    case REC_SEND: sends(w, state, r); break;
    case REC_WRITE: case REC_DURABLE: writes(w, state, r); break;
    default: others(w, state, r); break;
    }
}

static void start(struct world *w, void *state)
{
    struct stability *s = state;
    s->nodes = arena_take(&w->arena, (w->nnodes + 1u) * sizeof(struct calm_node));
}

static void finish(struct world *w, void *state)
{
    armed_end(w, state);
}

#define BETWEEN_NODES ((UINT32_C(1) << MSG_CLIENT_REQUEST) - 1)

const struct check check_stability = {
    .name = "stability",
    .rule = "nobody stands for election, steps down or refuses a vote without a cause, and what "
            "nothing disturbs keeps its leader (D 3.4, 4.2.3, 6.2)",
    .judges = "a node that stands for election, steps down or refuses a vote",
    .sees = SEES_PROTOCOL,
    .liveness = true,
    .messages = BETWEEN_NODES,
    .sent = UINT32_C(1) << MSG_HEARTBEAT | UINT32_C(1) << MSG_PREVOTE,
    .refusals = BETWEEN_NODES,
    .state = sizeof(struct stability),
    .start = start,
    .finish = finish,
};
