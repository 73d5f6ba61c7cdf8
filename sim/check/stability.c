/* SPDX-License-Identifier: MIT */
/*
 * Stability (liveness): what merely gets worse. Nobody stands for election, and no leader steps
 * down, without a cause that the records show; nobody is refused a vote without one (refusals.c),
 * gives up a candidacy without one (candidacy.c), or waits for a leader too long or always as long
 * (waits.c); a disk that hangs obliges (hung.c); nobody leads on whom no majority answers
 * (stays.c); and where nothing disturbs a cluster that follows one leader, that leader stays
 * (armed.c).
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
 * disk: a write failed, or it hangs (hung.c).
 *
 * What is allowed besides, and why: an answer is as old as the question. A round is dated by the
 * latest beginning that is remembered here, at most an eighth of a timeout too early. How well a
 * leader remembers when it asked is its own affair: one that comes more than RECENT rounds late it
 * may take for an eighth of a timeout older than that. A clock that goes back is counted as in
 * stability.h, so that time which a node may not have noticed counts as passed.
 *
 * Nothing here stops a run: what is broken is told at its end, where nothing worse was.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "../world/service.h"
#include "stability.h"

enum { RECENT = 32 };

/* ---- a life ---------------------------------------------------------------------------------- */

static void boots(struct world *w, struct calm_node *c, const struct record *r)
{
    const struct calm_node was = *c;
    *c = (struct calm_node){.back = was.back, .reign = was.reign, .by_hand = was.by_hand,
                            .least = model_lease_window(w, r->node),
                            .most = world_option_most(w, r->node, "election-timeout", NEVER),
                            .check_quorum = world_option_or(w, r->node, "check-quorum", true) != 0,
                            .heard = NEVER, .stood = NEVER, .loyal = NEVER};
    hung_starts(w, c, r->node);
    waits_begin(w, c, r->node);
    stays_starts(w, c, r->node);
    if (rec_restarted(r))
        c->loyal = own_time(w, c, r->node);
}

static void is_asked(struct calm_node *c)
{
    c->heard = c->stood = NEVER;
    c->asked = true;
}

static void hears_at(const struct world *w, struct calm_node *c, uint64_t now)
{
    c->heard = c->wait_from = now;
    c->wait_from_true = w->now;
    c->seen = w->records;
    c->asked = false;
}

static void hears(const struct world *w, struct calm_node *c, uint8_t node)
{
    hears_at(w, c, own_time(w, c, node));
}

/* ---- standing -------------------------------------------------------------------------------- */

static void judge_stand(struct world *w, const struct model *m, struct stability *s,
                        const struct record *r, bool waited)
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
    hung_votes(w, m, c, r, "stands for election");
    if (waited && !c->asked) {
        waits_drawn(w, c, r, now);
        waits_late(w, m, c, r, now);
        c->pin = 0;
    }
    c->stood = now;
    waits_begin(w, c, r->node);
    c->told = false;
    c->granted = NODE_BIT(r->node);
    c->refused = 0;
}

/* A vote for itself in a new term, or a role that asks for votes. */
static bool stands(const struct mnode *n, const struct record *r)
{
    if (r->kind == REC_TERM)
        return rec_vote(r) == r->node && r->term > n->term;
    return rec_role(r) == SUT_PRECANDIDATE && n->role != SUT_PRECANDIDATE;
}

/* ---- stepping down --------------------------------------------------------------------------- */

/* When it asked what this node has answered, at the latest; 0: too long ago to say. */
static uint64_t contact(const struct reign *g, uint8_t node, uint64_t least)
{
    const uint32_t kept = g->n < BEGINNINGS ? g->n : BEGINNINGS;
    const uint64_t older = g->late & NODE_BIT(node) ? least / (BEGINNINGS / 2) : 0;
    for (uint32_t i = g->n; i > g->n - kept; i--) {
        const uint64_t began = g->began[(i - 1) % BEGINNINGS];
        if (g->round[(i - 1) % BEGINNINGS] <= g->acked[node])
            return began > older ? began - older : 0;
    }
    return 0;
}

/* A majority with itself that has answered what it sent within its minimum election timeout. */
static bool has_quorum(const struct world *w, const struct model *m, const struct calm_node *c,
                       uint8_t node)
{
    const struct reign *g = arena_at(&w->arena, c->reign);
    const uint64_t now = own_time(w, c, node);
    node_set near = NODE_BIT(node);
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const uint64_t at = n == node ? 0 : contact(g, n, c->least);
        if (at && now - at < c->least)
            near |= NODE_BIT(n);
    }
    return model_majority(m, near);
}

static void judge_step_down(struct world *w, const struct model *m, struct stability *s,
                            const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    if (c->reign == 0 || c->least == NEVER)
        return;
    check_judged(w, CHECK_stability);
    const bool heard = !c->check_quorum || has_quorum(w, m, c, r->node);
    const bool hangs = hung_is_cause(w, c, r->node);
    const bool unseated = s->given == r->node && s->given_at == r->at &&
                          s->given_term > n->led_term && s->given_term == r->term;
    if (unseated || c->failed || hangs) {
        c->hung = heard && !unseated && !c->failed && !service_waits(w, r->node, TASK_DISK);
        armed_end(w, s);
    } else if (heard) {
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
    *g = (struct reign){.n = 1};
    g->began[0] = own_time(w, c, r->node);
    hung_starts(w, c, r->node);
}

/* ---- records --------------------------------------------------------------------------------- */

static bool is_standing(const struct mnode *n)
{
    return n->role == SUT_PRECANDIDATE || n->role == SUT_CANDIDATE;
}

static void changes_role(struct world *w, const struct model *m, struct stability *s,
                         const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    if (stands(n, r))
        judge_stand(w, m, s, r, true);
    else if (is_standing(n) && rec_role(r) == SUT_FOLLOWER)
        candidacy_ends(w, m, s, r);
    if (n->role == SUT_LEADER && rec_role(r) != SUT_LEADER) {
        judge_step_down(w, m, s, r);
        hears(w, c, r->node);
    } else if (n->role != SUT_LEADER && rec_role(r) == SUT_LEADER) {
        leads(w, c, r);
    }
}

static void votes(struct world *w, const struct model *m, struct calm_node *c,
                  const struct record *r)
{
    hung_votes(w, m, c, r, "votes");
    hears(w, c, r->node);
}

static void changes_term(struct world *w, const struct model *m, struct stability *s,
                         const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    if (stands(n, r))
        judge_stand(w, m, s, r, n->role != SUT_PRECANDIDATE);
    else if (rec_vote(r) && rec_vote(r) != r->node)
        votes(w, m, calm_node(w, s, r->node), r);
    if (r->term > s->calm.term)
        armed_end(w, s);
}

/* A pre-candidate whose wait ended asks anew, and no record but its requests tells of that. */
static void asks_for_prevotes(struct world *w, const struct model *m, struct stability *s,
                              const struct record *r)
{
    struct calm_node *c = calm_node(w, s, r->node);
    if (c->told && c->attempt == rec_try(r))
        return;
    if (c->told)
        judge_stand(w, m, s, r, true);
    c->told = true;
    c->attempt = rec_try(r);
}

static void sends_heartbeat(struct world *w, const struct model *m, struct stability *s,
                            const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    if (n->role != SUT_LEADER || n->led_term != r->term || c->reign == 0)
        return;
    if (c->behind_since != NEVER || c->failed)
        hung_leads_on(w, m, c, r);
    struct reign *g = arena_at(&w->arena, c->reign);
    const uint64_t now = own_time(w, c, r->node);
    g->latest = rec_round(r);
    if (now - g->began[(g->n - 1) % BEGINNINGS] >= c->least / (BEGINNINGS / 2)) {
        g->began[g->n % BEGINNINGS] = now;
        g->round[g->n++ % BEGINNINGS] = rec_round(r);
        if (c->must_leave)
            stays_leads_on(w, m, c, r);
    }
    armed_heartbeat(w, m, s, r);
}

static __attribute__((noinline)) void sends(struct world *w, const struct model *m,
                                            struct stability *s, const struct record *r)
{
    switch (rec_type(r)) {
    case MSG_HEARTBEAT: sends_heartbeat(w, m, s, r); break;
    case MSG_PREVOTE: asks_for_prevotes(w, m, s, r); break;
    case MSG_VOTE_REPLY: case MSG_PREVOTE_REPLY:
        if (rec_flags(r) & LABEL_REJECT)
            refusals_told(w, m, s, r);
        break;
    default: break;
    }
}

/* A message of a leader, of the node's term or a later one. */
static void hears_leader(struct world *w, const struct model *m, struct stability *s,
                         struct calm_node *c, const struct record *r)
{
    s->undo = r->node;
    s->undo_message = rec_message(r);
    s->undo_heard = c->heard;
    s->undo_loyal = c->loyal;
    const uint64_t now = own_time(w, c, r->node);
    if (now - c->wait_from > c->most)
        waits_late(w, m, c, r, now);
    hears_at(w, c, now);
    c->loyal = now;
    c->blurred = false;
}

/* An answer of a later term is no contact: it unseats who takes it, and a busy host refuses it. */
static void is_answered(struct world *w, const struct model *m, struct calm_node *c,
                        const struct mnode *n, const struct record *r)
{
    if (n->role != SUT_LEADER || rec_asked(r) != n->led_term || r->term > n->led_term ||
        c->reign == 0 || r->peer > NODES_MAX)
        return;
    struct reign *g = arena_at(&w->arena, c->reign);
    const uint32_t round = rec_round(r);
    g->spoke[r->peer] = g->n;
    if (round > g->acked[r->peer]) {
        g->acked[r->peer] = round;
        g->late &= ~NODE_BIT(r->peer);
        g->late |= round + RECENT > g->latest ? 0 : NODE_BIT(r->peer);
    }
    if (rec_type(r) != MSG_APPEND_REPLY || (rec_flags(r) & LABEL_REJECT) ||
        r->index <= g->match[r->peer])
        return;
    g->match[r->peer] = (uint32_t)r->index;
    if (r->index > n->durable.index)
        hung_acked(w, m, c, r->node);
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

static __attribute__((noinline)) void delivers(struct world *w, const struct model *m,
                                               struct stability *s, const struct record *r)
{
    assert(r->node <= NODES_MAX);
    const struct mnode *n = &m->node[r->node];
    struct calm_node *c = calm_node(w, s, r->node);
    if (r->term > n->term)
        is_given(s, r);
    if (is_standing(n))
        candidacy_given(w, m, s, r);
    switch (rec_type(r)) {
    case MSG_APPEND: case MSG_HEARTBEAT:
        if (r->term >= n->term)
            hears_leader(w, m, s, c, r);
        if (r->term >= n->term && n->leader != r->peer && n->role < SUT_LEADER)
            candidacy_owes(w, m, s, r, r->peer);
        break;
    case MSG_APPEND_REPLY:
    case MSG_HEARTBEAT_REPLY: is_answered(w, m, c, n, r); break;
    case MSG_VOTE: case MSG_PREVOTE:
        if (n->vote == r->peer && n->term == r->term)
            waits_begin(w, c, r->node);                 /* the vote is given again */
        refusals_asked(w, m, s, r);
        break;
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
    if (rec_dropped(r) == DROP_BUSY && r->peer <= w->nnodes)
        calm_node(w, s, r->peer)->held_up = true;
    armed_drop(w, s, r);
}

/* Its timeout may be over at once. While a write is under way it cannot stand. */
static void goes_on(const struct world *w, const struct model *m, struct calm_node *c, uint8_t node)
{
    const struct mnode *n = &m->node[node];
    c->held_up |= n->wid > n->durable_wid;
    waits_begin(w, c, node);
}

static void clock_changes(const struct world *w, const struct model *m, const struct stability *s,
                          const struct record *r)
{
    struct calm_node *c = calm_node(w, s, r->node);
    if (rec_change(r) == CLOCK_JUMP && rec_back(r)) {
        c->back += rec_by(r);
        c->blurred = c->clock_went_back = true;
        stays_anew(w, c);
    }
    goes_on(w, m, c, r->node);
}

/* A write is done: the check hears it before the model does. */
static void writes(const struct world *w, const struct model *m, struct stability *s,
                   const struct record *r)
{
    struct calm_node *c = calm_node(w, s, r->node);
    if (c->hung || c->held_up)
        waits_begin(w, c, r->node);
    c->held_up = false;
    if (c->behind_since != NEVER || c->hung)
        hung_writes(w, m, c, r);
}

static void resumes(const struct world *w, const struct model *m, struct calm_node *c,
                    const struct record *r)
{
    c->resumed = true;
    hung_resumes(w, c, r);
    goes_on(w, m, c, r->node);
}

static void statement_begins(const struct world *w, struct stability *s)
{
    s->calm.stirred = true;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        calm_node(w, s, n)->by_hand |= w->process[n].manual;
}

/* What comes seldom, and but for a step of the scenario disturbs everybody. */
static __attribute__((noinline)) void others(struct world *w, const struct model *m,
                                             struct stability *s, const struct record *r)
{
    switch ((int)r->kind) {
    case REC_DROP: drops(w, s, r); return;
    case REC_ROLE: changes_role(w, m, s, r); return;
    case REC_TERM: changes_term(w, m, s, r); return;
    case REC_STEP: statement_begins(w, s); return;
    case REC_BOOT: boots(w, calm_node(w, s, r->node), r); break;
    case REC_CAMPAIGN: is_asked(calm_node(w, s, r->node)); break;
    case REC_PIN: calm_node(w, s, r->node)->pin = rec_timeout(r) + 1; break;
    case REC_RESUME: resumes(w, m, calm_node(w, s, r->node), r); break;
    case REC_CLOCK: clock_changes(w, m, s, r); break;
    case REC_FAILED: hung_failed(w, m, calm_node(w, s, r->node), r); break;
    default: break;
    }
    armed_end(w, s);
}

/* Three of four records are of the first three kinds: the way to them is short. */
void check_stability_record(struct world *w, struct model *m, void *state,
                            const struct record *r)
{
    struct stability *s = state;
    if (s->duty.node)
        candidacy_judged(w, m, s, r);
    switch ((int)r->kind) {
    case REC_DELIVER: delivers(w, m, state, r); break;
    case REC_SEND: sends(w, m, state, r); break;
    case REC_DURABLE: writes(w, m, state, r); break;
    default: others(w, m, state, r); break;
    }
}

static void start(struct world *w, void *state)
{
    struct stability *s = state;
    s->nodes = arena_take(&w->arena, (w->nnodes + 1u) * sizeof(struct calm_node));
}

static void finish(struct world *w, const struct model *m, void *state)
{
    (void)m;
    armed_end(w, state);
}

#define BETWEEN_NODES ((UINT32_C(1) << MSG_CLIENT_REQUEST) - 1)

const struct check check_stability = {
    .name = "stability",
    .rule = "nobody stands for election, steps down or refuses a vote without a cause, and what "
            "nothing disturbs keeps its leader; nobody leads on whom no majority answers (D 3.4, "
            "4.2.3, 6.2)",
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
