/* SPDX-License-Identifier: MIT */
/*
 * Assertions about leaders, roles, terms and leases: what nodes believe now, through the view that
 * the SUT gives.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

/* ---- what several share ---- */

static bool is_up(const struct player *p, uint8_t n) { return p->w->process[n].up; }

static void saw_view(struct player *p, struct saw *saw, uint8_t n)
{
    struct sut_view v;
    if (!saw) return;
    if (host_view(p->w, play_replica(p, n), &v))
        saw_add(saw, "n%u %s of term %llu", n, sut_role_name(v.role), (unsigned long long)v.term);
    else saw_add(saw, "n%u down", n);
}

/* Those that fail are described, all of them. */
static bool enough_nodes(struct player *p, const struct cond *c, struct saw *saw, node_test *test,
                         node_set set)
{
    uint32_t n = 0;
    for (node_set left = set; left; left &= left - 1)
        n += test(p, c, node_first(left), NULL);
    if (n >= c->at_least) return true;
    saw_add(saw, "%u of %d", n, __builtin_popcount(set));
    const char *sign = ": ";
    for (node_set left = set; left && saw; left &= left - 1) {
        if (test(p, c, node_first(left), NULL)) continue;
        saw_add(saw, "%s", sign);
        test(p, c, node_first(left), saw);
        sign = ", ";
    }
    return false;
}

/* Evaluates `test` at each node of the condition; the first that fails is described. */
bool each_node(struct player *p, const struct cond *c, struct saw *saw, node_test *test)
{
    node_set left = who_now(p, &c->who);
    if (!left) saw_add(saw, "no node that is meant");
    else if (c->at_least) return enough_nodes(p, c, saw, test, left);
    bool any = left != 0;
    for (; left; left &= left - 1)
        if (!test(p, c, node_first(left), saw)) return false;
    return any;
}

static bool need_term(struct cursor *c, struct cond *cond)
{
    return cur_need_count(c, &cond->number, 0, UINT64_MAX, "a term");
}

bool need_comparison(struct cursor *c, struct cond *cond, const char *what)
{
    if (!take_compare(c, &cond->compare)) cond->compare = CMP_EQ;
    else if (cur_is(c, "<") || cur_is(c, ">"))
        return cur_error(c, "comparisons are written = != < <= > >=", "this is no comparison");
    return cur_need_count(c, &cond->number, 0, UINT64_MAX, what);
}

/* ---- leader [N | among NODES] [term T]; no leader, exactly-one leader [among NODES] ---- */

/* [among NODES] */
static bool need_among(struct cursor *c, struct cond *cond, bool *among)
{
    *among = cur_word(c, "among");
    return !*among || need_who(c, &cond->who, "the nodes among which somebody leads");
}

struct leader_args { bool among; };

bool assert_parse_leader(struct cursor *c, struct cond *cond)
{
    struct leader_args *a = cond->args = args_take(c, sizeof *a);
    if (!a || !need_among(c, cond, &a->among)) return false;
    if (!a->among && !take_who(c, &cond->who) && is_all_but(c))
        return nodes_error(c, NULL, "a node");
    if (!cur_word(c, "term")) return true;
    cond->flag = true;
    return need_comparison(c, cond, "a term");
}

/* Of these nodes the leader of the highest term; 0: none of them leads. */
static uint8_t leader_among(const struct player *p, node_set left)
{
    const struct replica *best = NULL;
    for (; left; left &= left - 1) {
        const struct replica *rep = play_replica(p, node_first(left));
        if (p->w->process[rep->node].up && rep->role == SUT_LEADER &&
            (!best || rep->term > best->term))
            best = rep;
    }
    return best ? best->node : 0;
}

/* Who is named is who is wanted; anybody may lead instead. */
static void saw_leaders(struct player *p, const struct cond *c, struct saw *saw)
{
    struct record_filter f = {.kinds = c->kind->rests};
    actors_add_nodes(&f.actors, voters_of(p->w, p->group));
    saw_rests(saw, &f, p->w->nnodes > 5 ? 1 : 2, true);
}

bool assert_eval_leader(struct player *p, const struct cond *c, struct saw *saw)
{
    const struct leader_args *a = c->args;
    if (wants_rests(saw) && !a->among) saw_leaders(p, c, saw);
    node_set who = who_now(p, &c->who);
    uint8_t leader = a->among ? leader_among(p, who) : host_leader(p->w, p->group);
    struct sut_view v;
    if (!leader || !host_view(p->w, play_replica(p, leader), &v))
        return saw_add(saw, a->among && !who ? "no node that is meant" : "no leader"), false;
    saw_view(p, saw, leader);
    if (c->who.n && !(who & NODE_BIT(leader))) return false;
    return !c->flag || compare_now(v.term, c->compare, c->number);
}

/* Do so many lead, of all or among those that are named? */
static bool leaders_are(struct player *p, const struct cond *c, struct saw *saw, uint32_t want)
{
    uint32_t count = 0;
    struct sut_view v;
    node_set among = c->who.n ? who_now(p, &c->who) : nodes_to(NODES_MAX);
    if (!among) return saw_add(saw, "no node that is meant"), false;
    for (uint8_t n = 1; n <= p->w->nnodes; n++) {
        if (!(among & NODE_BIT(n)) || !is_up(p, n) || !host_view(p->w, play_replica(p, n), &v) ||
            v.role != SUT_LEADER)
            continue;
        if (count++) saw_add(saw, ", ");
        saw_view(p, saw, n);
    }
    if (!count) saw_add(saw, "no leader");
    return count == want;
}

bool assert_parse_no_leader(struct cursor *c, struct cond *cond)
{
    bool among;
    return cur_need_word(c, "leader") && need_among(c, cond, &among);
}

bool assert_eval_no_leader(struct player *p, const struct cond *c, struct saw *saw)
{
    return leaders_are(p, c, saw, 0);
}

bool assert_parse_one_leader(struct cursor *c, struct cond *cond)
{
    return assert_parse_no_leader(c, cond);
}

bool assert_eval_one_leader(struct player *p, const struct cond *c, struct saw *saw)
{
    return leaders_are(p, c, saw, 1);
}

/* ---- N role R [term T] ---- */

struct role_args { uint32_t role; bool by_term; };

bool assert_parse_role(struct cursor *c, struct cond *cond)
{
    struct role_args *a = cond->args = args_take(c, sizeof *a);
    if (!a) return false;
    if (cur_word(c, "role")) cond->negated = cur_word(c, "not");
    if (!cur_need_choice(c, "follower|precandidate|candidate|leader|halted", &a->role, "a role"))
        return false;
    if (!cur_word(c, "term")) return true;
    a->by_term = true;
    return need_comparison(c, cond, "a term");
}

static bool test_role(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    const struct role_args *a = c->args;
    struct sut_view v;
    if (host_view(p->w, play_replica(p, n), &v) && (v.role == a->role) != c->negated &&
        (!a->by_term || compare_now(v.term, c->compare, c->number)))
        return true;
    saw_view(p, saw, n);
    return false;
}

bool assert_eval_role(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_role);
}

/* ---- N term = T; N votedfor M ---- */

bool assert_parse_term(struct cursor *c, struct cond *cond)
{
    return cur_need_word(c, "term") && need_comparison(c, cond, "a term");
}

static bool test_term(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    struct sut_view v;
    if (host_view(p->w, play_replica(p, n), &v) && compare_now(v.term, c->compare, c->number))
        return true;
    saw_view(p, saw, n);
    return false;
}

bool assert_eval_term(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_term);
}

bool assert_parse_vote(struct cursor *c, struct cond *cond)
{
    uint8_t node = 0;
    c->at++;
    cond->negated = cur_word(c, "not");
    if (!cur_word(c, "none") && !cur_node(c, &node))
        return cur_error(c, "write n2 or none", "expected a node");
    cond->number = node;
    return true;
}

static bool test_vote(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    struct sut_view v;
    if (!host_view(p->w, play_replica(p, n), &v)) return saw_add(saw, "n%u down", n), false;
    if ((v.vote == c->number) != c->negated) return true;
    if (v.vote)
        saw_add(saw, "n%u voted for n%u in term %llu", n, v.vote, (unsigned long long)v.term);
    else saw_add(saw, "n%u has not voted in term %llu", n, (unsigned long long)v.term);
    return false;
}

bool assert_eval_vote(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_vote);
}

/* ---- N up|down|paused|halted ---- */

bool assert_parse_state_of(struct cursor *c, struct cond *cond)
{
    uint32_t which;
    if (!cur_need_choice(c, "up|down|paused|halted", &which, "a state")) return false;
    cond->number = which;
    return true;
}

static bool test_state_of(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    const struct process *proc = &p->w->process[n];
    const bool halted = host_halted(p->w, n);
    bool is[4] = {proc->up && !halted, !proc->up, proc->up && proc->pauses, halted};
    assert(c->number < 4);
    bool holds = is[c->number] != c->negated;
    if (!holds)
        saw_add(saw, "n%u %s", n,
                halted ? "halted" : !proc->up ? "down" : proc->pauses ? "paused" : "up");
    return holds;
}

bool assert_eval_state_of(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_state_of);
}

/* ---- lease N held|expired ---- */

bool assert_parse_lease(struct cursor *c, struct cond *cond)
{
    uint32_t which;
    if (!need_who(c, &cond->who, "a node") ||
        !cur_need_choice(c, "expired|held", &which, "held or expired"))
        return false;
    cond->number = which;
    return true;
}

static bool test_lease(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    struct sut_view v;
    uint64_t local = clock_local(p->w, n);
    bool held = host_view(p->w, play_replica(p, n), &v) && v.lease_until > local;
    if (held == (c->number == 1)) return true;
    saw_add(saw, held ? "n%u holds a lease" : "n%u holds none", n);
    return false;
}

bool assert_eval_lease(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_lease);
}

/* ---- undisturbed N term T ---- */

bool assert_parse_undisturbed(struct cursor *c, struct cond *cond)
{
    return need_who(c, &cond->who, "a node") && cur_need_word(c, "term") && need_term(c, cond);
}

static bool test_undisturbed(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    struct sut_view v;
    if (!host_view(p->w, play_replica(p, n), &v) || v.term <= c->number) return true;
    saw_view(p, saw, n);
    return false;
}

bool assert_eval_undisturbed(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_undisturbed);
}

/* ---- N progress of M: ... ---- */

/* match, next, state, inflight */
struct progress_args { uint8_t peer; bool by[4]; uint64_t want[4]; };

bool assert_parse_progress_of(struct cursor *c, struct cond *cond)
{
    struct progress_args *a = cond->args = args_take(c, sizeof *a);
    uint32_t which, state;
    if (!a || !cur_need_word(c, "progress") || !cur_need_word(c, "of")) return false;
    if (!cur_node(c, &a->peer))
        return cur_error(c, "write n1 progress of n2: match 3", "expected a node");
    if (who_static(&cond->who) & NODE_BIT(a->peer))
        return c->at--, cur_error(c, "name another node", "a leader keeps no progress of itself");
    cur_word(c, ":");
    if (!cur_peek(c) || cur_peek(c)->kind != TOK_WORD)
        return cur_error(c, "write n1 progress of n2: match 3", "expected what is known of it");
    while (take_choice(c, "match|next|state|inflight", &which)) {
        a->by[which] = true;
        if (which == 2 && cur_need_choice(c, "probe|replicate|snapshot", &state, "a state"))
            a->want[2] = state;
        else if (which == 2 || !cur_need_count(c, &a->want[which], 0, UINT64_MAX, "a number"))
            return false;
    }
    return true;
}

static bool test_progress_of(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    static const char *const states[] = {"probe", "replicate", "snapshot"};
    const struct progress_args *a = c->args;
    struct sut_progress g;
    if (!p->w->process[n].up) return saw_add(saw, "n%u down", n), false;
    if (n == a->peer) return saw_add(saw, "n%u keeps no progress of itself", n), false;
    if (!p->w->sut->progress ||
        !p->w->sut->progress(arena_at(&p->w->arena, play_replica(p, n)->state), a->peer, &g))
        return saw_add(saw, "n%u keeps no progress of n%u (it does not lead)", n, a->peer), false;
    uint64_t is[4] = {g.match, g.next, g.state, g.inflight};
    bool ok = true;
    for (int i = 0; i < 4; i++) ok = ok && (!a->by[i] || is[i] == a->want[i]);
    if (!ok)
        saw_add(saw, "match %llu next %llu state %s inflight %u", (unsigned long long)g.match,
                (unsigned long long)g.next, g.state < 3 ? states[g.state] : "?", g.inflight);
    return ok;
}

/* What the leaders and the peer said to each other, and who leads. */
static void saw_talk(struct player *p, const struct cond *c, struct saw *saw)
{
    const struct progress_args *a = c->args;
    const node_set leaders = who_now(p, &c->who);
    struct record_filter role = {.kinds = KIND_BIT(ROLE) | KIND_BIT(BOOT) | KIND_BIT(CRASH) |
                                          KIND_BIT(HALT)};
    struct record_filter to = {.kinds = KIND_BIT(SEND) | KIND_BIT(DROP), .by_label = true,
                               .label = {.type = MSG_APPEND, .from.nodes = leaders,
                                         .to.nodes = NODE_BIT(a->peer)}};
    struct record_filter back = {.kinds = KIND_BIT(DELIVER), .by_label = true,
                                 .label = {.type = MSG_APPEND_REPLY,
                                           .from.nodes = NODE_BIT(a->peer), .to.nodes = leaders}};
    actors_add_nodes(&role.actors, leaders);
    saw_rests(saw, &role, 1, true);
    saw_rests(saw, &to, 3, false);
    saw_rests(saw, &back, 3, false);
}

bool assert_eval_progress_of(struct player *p, const struct cond *c, struct saw *saw)
{
    if (wants_rests(saw)) saw_talk(p, c, saw);
    return each_node(p, c, saw, test_progress_of);
}

/* ---- N config NODES ---- */

bool assert_parse_config(struct cursor *c, struct cond *cond)
{
    node_set set;
    c->at++;
    bool open = cur_word(c, "(");
    if (!need_node_set(c, &set, "the voters") || (open && !cur_need_word(c, ")"))) return false;
    cond->number = set;
    return true;
}

static bool test_config(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    struct sut_view v;
    if (!host_view(p->w, play_replica(p, n), &v)) return saw_add(saw, "n%u down", n), false;
    if (v.voters == c->number) return true;
    saw_add(saw, "n%u with voters", n);
    for (node_set left = v.voters; left; left &= left - 1) saw_add(saw, " n%u", node_first(left));
    return false;
}

bool assert_eval_config(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_config);
}
