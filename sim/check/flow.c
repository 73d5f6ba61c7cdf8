/* SPDX-License-Identifier: MIT */
/*
 * Flow (liveness): a leader paces what it sends as its options promise. What breaks this is safe,
 * and every run passes; it is only dearer, or later. Judged when a message leaves, from labels and
 * the leader's log alone, of a SUT that declares SUT_KEEPS_FLOW:
 *
 * - Limits. An append has at most max-entries-per-append entries, and at most max-bytes bytes, but
 *   for one entry, which always fits. To a peer at most max-inflight appends are unacknowledged,
 *   and at most max-inflight-bytes, but for one append.
 * - Nothing twice. Who has not answered since the latest append is sent no entries again, nor an
 *   empty append again; a late acknowledgement of what was known before is no answer. Who
 *   acknowledged all that it was sent, and has refused nothing since, is sent nothing again. A
 *   notice of a commit tells its receiver something new.
 * - In time. A heartbeat tells of all that is committed and that its receiver is known to have.
 *   Where commit-notify is on, whoever keeps up is told of a commit in the step that commits or
 *   that takes in its acknowledgement; with `idle` only of the last entry there is. Whoever keeps
 *   up and has room is left no entries behind, for which an append would have to wait for an
 *   answer.
 *
 * Method. Of each reign and peer the greatest acknowledged index, the end of the latest append and
 * the greatest commit index that was told. A peer keeps up from when it acknowledged all that it
 * was sent until it refuses anything, or a statement of the scenario begins, which may report it
 * unreachable. Nobody knows from outside how many appends are unacknowledged: a bound below counts
 * those since one that is, a bound above those since the last moment at which none was, and each
 * rule takes the bound that accuses less. Entries that the leader did not append in this reign, or
 * long ago, are filled in by its host, and where such an append ends only its answer tells: until
 * then nothing is known of its receiver. What a step owes is judged at the leader's next message of
 * a later instant. Excused of that is a node that is driven by hand, or was paused since, and one
 * that has a service time: what finds no room among the messages of a step leaves in the next, and
 * that comes later then. Nothing is judged of a node that a scenario has sent what no correct node
 * could have sent.
 */
#include <inttypes.h>
#include <string.h>

#include "../world/service.h"
#include "model.h"

#define OF(type) (UINT32_C(1) << MSG_##type)

enum { NOTIFY_OFF, NOTIFY_IDLE, NOTIFY_ALWAYS };        /* words of the option, by their places */
enum { RECENT = 64 };                                   /* entries that the host need not fill in */

struct flow_peer {
    uint32_t match, end;            /* acknowledged; the end of the latest append */
    uint32_t told, told_since;      /* greatest commit index; and since its latest refusal, by which
                                       what was told before may be lost */
    uint32_t oldest;                /* the end of the append that `since` counts from */
    uint32_t since, most;           /* appends from that one on, all unacknowledged; since none
                                       was */
    bool sent, answered;            /* an append; anything new since the latest append */
    bool keeps_up;
};

struct flow_reign {
    uint64_t term, owed_at;
    uint64_t entries, bytes, appends, inflight;         /* limits; NEVER: there is none */
    uint32_t start, last;           /* the last entry at the win; when something was last owed */
    node_set tells, leaves;         /* since owed_at: who may be owed a commit; more entries */
    uint8_t notify;
    struct flow_peer peer[];        /* by node */
};

struct flow { uint64_t of, stride; };

static struct flow_reign *reign_at(const struct world *w, const struct flow *s, uint8_t node)
{
    return (struct flow_reign *)((char *)arena_at(&w->arena, s->of) + node * s->stride);
}

static void start(struct world *w, void *state)
{
    struct flow *s = state;
    const uint64_t bytes =
        sizeof(struct flow_reign) + (w->nnodes + 1u) * sizeof(struct flow_peer);
    s->stride = (bytes + 7) / 8 * 8;
    s->of = arena_take(&w->arena, (w->nnodes + 1u) * s->stride);
}

static void boots(struct world *w, struct flow_reign *g, uint8_t node)
{
    g->term = 0;
    g->entries = world_option_or(w, node, "max-entries-per-append", NEVER);
    g->bytes = world_option_or(w, node, "max-bytes", NEVER);
    g->appends = world_option_or(w, node, "max-inflight", NEVER);
    g->inflight = world_option_or(w, node, "max-inflight-bytes", NEVER);
    const uint64_t notify = world_option_or(w, node, "commit-notify", NEVER);
    g->notify = notify == NEVER ? NOTIFY_OFF : (uint8_t)notify;
}

static void wins(const struct world *w, const struct model *m, struct flow_reign *g, uint64_t term)
{
    const struct tenure *t = model_term(w, m, term);
    g->term = term;
    g->start = t && t->head ? (uint32_t)store_index(w, t->head) : 0;
    g->tells = g->leaves = 0;
    memset(g->peer, 0, (w->nnodes + 1u) * sizeof g->peer[0]);
}

static bool leads_in(const struct mnode *n, uint64_t term)
{
    return n->role == SUT_LEADER && n->led_term == term;
}

/* Its steps come late. */
static bool is_slow(const struct world *w, uint8_t node)
{
    uint64_t least, most;
    if (!w->service)
        return false;
    service_times(w, node, &least, &most);
    return most || service_waiting(w, node);
}

/* ---- what one message breaks ----------------------------------------------------------------- */

static void breaks(struct world *w, const struct record *r, uint64_t first, const char *what,
                   uint64_t has, uint64_t limit)
{
    violate_which(w, &check_flow, what, first,
                  "n%u sends n%u a %s of term %" PRIu64 " at %s %s: %" PRIu64 ", limit %" PRIu64,
                  r->node, r->peer, msg_type_name(rec_type(r)), r->term, when(r->at).text, what,
                  has, limit);
}

static void repeats(struct world *w, const struct record *r, uint64_t first, const char *why)
{
    violate_which(w, &check_flow, why, first, "n%u sends n%u a %s of term %" PRIu64 " at %s %s",
                  r->node, r->peer, msg_type_name(rec_type(r)), r->term, when(r->at).text, why);
}

/* Have the entries after one index through another more bytes than this? Most have as many as the
 * host gives. */
static bool more_bytes(const struct world *w, const struct mnode *n, uint64_t after, uint64_t end,
                       uint64_t limit, uint64_t *bytes)
{
    if ((end - after) * w->plan->host[0].entry_size <= limit)
        return false;
    *bytes = store_bytes(w, store_at(w, n->head, end), end - after);
    return *bytes > limit;
}

static void judge_size(struct world *w, const struct model *m, const struct flow_reign *g,
                       const struct record *r, uint64_t end)
{
    const struct mnode *n = &m->node[r->node];
    uint64_t bytes;
    if (end - r->index > g->entries)
        breaks(w, r, n->seen_log, "with too many entries", end - r->index, g->entries);
    else if (end - r->index > 1 && more_bytes(w, n, r->index, end, g->bytes, &bytes))
        breaks(w, r, n->seen_log, "with too many bytes", bytes, g->bytes);
}

/* Of who keeps up, and is sent what it was not sent before. */
static void judge_window(struct world *w, const struct model *m, const struct flow_reign *g,
                         const struct flow_peer *p, const struct record *r, uint64_t end)
{
    const struct mnode *n = &m->node[r->node];
    uint64_t bytes;
    if (p->since > g->appends)
        breaks(w, r, n->seen_role, "too many of which are unacknowledged", p->since, g->appends);
    else if (r->index > p->match && more_bytes(w, n, p->match, end, g->inflight, &bytes))
        breaks(w, r, n->seen_role, "and too many bytes are unacknowledged", bytes, g->inflight);
}

static void judge_repeat(struct world *w, const struct model *m, const struct flow_peer *p,
                         const struct record *r)
{
    const uint64_t first = m->node[r->node].seen_role;
    if (p->sent && !p->answered)
        repeats(w, r, first, "again, and it has answered nothing new since the one before");
    else if (p->keeps_up && rec_entries(r))
        repeats(w, r, first, "with entries that it was sent before, and it refused nothing");
}

static void learns_commit(struct flow_peer *p, uint64_t commit)
{
    p->told = commit > p->told ? (uint32_t)commit : p->told;
    p->told_since = commit > p->told_since ? (uint32_t)commit : p->told_since;
}

/* Something that it was sent may be lost. */
static void forgets(struct flow_peer *p)
{
    p->keeps_up = false;
    p->told_since = 0;
}

static void appends(struct world *w, const struct model *m, struct flow_reign *g,
                    const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    struct flow_peer *p = &g->peer[r->peer];
    const uint32_t index = (uint32_t)r->index, end = index + rec_entries(r);
    if (index < g->start || n->last - index > RECENT)
        p->keeps_up = false;                            /* its host may have filled it in */
    if (index < p->end || end == index) {
        judge_repeat(w, m, p, r);
    } else if (p->keeps_up) {
        p->oldest = p->since++ == 0 ? end : p->oldest;
        p->most++;
        judge_window(w, m, g, p, r, end);
    }
    judge_size(w, m, g, r, end);
    p->end = end;
    p->sent = true;
    p->answered = false;
    learns_commit(p, rec_commit(r));
    g->leaves &= ~NODE_BIT(r->peer);
    if (end >= n->last || !p->keeps_up || is_slow(w, r->node))
        return;
    g->leaves |= NODE_BIT(r->peer);
    g->last = (uint32_t)n->last;
    g->owed_at = r->at;
}

/* What is committed, and known to be in the log of that node. */
static uint64_t committed_at(const struct flow_peer *p, const struct mnode *leader)
{
    return p->match < leader->commit ? p->match : leader->commit;
}

static void tells(struct world *w, const struct model *m, struct flow_reign *g,
                  const struct record *r)
{
    const struct mnode *n = &m->node[r->node];
    struct flow_peer *p = &g->peer[r->peer];
    const uint64_t commit = rec_commit(r), known = committed_at(p, n);
    if (rec_type(r) == MSG_COMMIT_NOTIFY && commit <= p->told_since)
        repeats(w, r, n->seen_commit, "with a commit index that it was told before");
    if (rec_type(r) == MSG_HEARTBEAT && commit < known)
        breaks(w, r, n->seen_commit, "that tells of less than is committed there", commit, known);
    learns_commit(p, commit);
}

/* ---- what a step owes ------------------------------------------------------------------------ */

static void owes_telling(struct world *w, struct flow_reign *g, uint8_t node, node_set to)
{
    if (is_slow(w, node))
        return;
    g->tells = (g->owed_at == w->now ? g->tells : 0) | to;
    g->owed_at = w->now;
}

static bool has_room(const struct world *w, const struct flow_reign *g, const struct flow_peer *p)
{
    const uint64_t entries = p->end - p->match, appends = entries + 1 < p->most ? entries + 1
                                                                                : p->most;
    uint64_t most, bytes;
    return appends < g->appends && !__builtin_add_overflow(entries + 1, g->entries, &most) &&
           !__builtin_mul_overflow(most, w->plan->host[0].entry_size, &bytes) &&
           bytes <= g->inflight;
}

static void judge_owed(struct world *w, const struct model *m, struct flow_reign *g, uint8_t node)
{
    const struct mnode *n = &m->node[node];
    const bool excused = w->process[node].manual || is_slow(w, node);
    const node_set tell = g->notify != NOTIFY_OFF &&
                                  (g->notify == NOTIFY_ALWAYS || n->commit == n->last)
                              ? g->tells : 0;
    for (node_set left = leads_in(n, g->term) ? tell | g->leaves : 0; left; left &= left - 1) {
        const uint8_t to = (uint8_t)(__builtin_ctz(left) + 1);
        const struct flow_peer *p = &g->peer[to];
        const uint64_t known = committed_at(p, n);
        if (!p->keeps_up)
            continue;
        if (excused) {
            check_excused(w, CHECK_flow);
            continue;
        }
        check_judged(w, CHECK_flow);
        if ((tell & NODE_BIT(to)) && known > p->told)
            violate(w, &check_flow, n->seen_commit,
                    "n%u, leader of term %" PRIu64 ", has not told n%u at %s that %" PRIu64
                    " is committed, which has that entry", node, g->term, to,
                    when(g->owed_at).text, known);
        else if ((g->leaves & NODE_BIT(to)) && p->end < g->last && has_room(w, g, p))
            violate(w, &check_flow, n->seen_log,
                    "n%u, leader of term %" PRIu64 ", sends n%u entries through %u at %s, and has "
                    "them through %u; there is room for more appends", node, g->term, to, p->end,
                    when(g->owed_at).text, g->last);
    }
    g->tells = g->leaves = 0;
}

/* ---- records --------------------------------------------------------------------------------- */

static void is_answered(struct world *w, struct flow_reign *g, const struct record *r)
{
    struct flow_peer *p = &g->peer[r->peer];
    p->answered |= rec_type(r) != MSG_APPEND_REPLY || (rec_flags(r) & LABEL_REJECT) ||
                   r->index > p->match || r->index >= p->end;
    if (r->term > g->term) {            /* it unseats the leader, or was refused by its host */
        forgets(p);
        return;
    }
    if (rec_type(r) != MSG_APPEND_REPLY)
        return;
    if (rec_flags(r) & LABEL_REJECT) {
        forgets(p);
        return;
    }
    if (r->index > p->match) {
        p->match = (uint32_t)r->index;
        owes_telling(w, g, r->node, NODE_BIT(r->peer));
    }
    if (p->match >= p->oldest)
        p->since = 0;
    if (r->index < p->end || !p->sent)
        return;
    p->most = 0;
    p->since = p->keeps_up ? p->since : 0;
    p->keeps_up = true;
}

static bool leads(const struct world *w, const struct model *m, struct flow_reign *g,
                  const struct record *r, uint64_t term)
{
    if (!leads_in(&m->node[r->node], term) || r->peer > w->nnodes)
        return false;
    if (m->misled & NODE_BIT(r->node)) {
        check_excused(w, CHECK_flow);
        return false;
    }
    if (g->term != term)
        wins(w, m, g, term);
    return true;
}

/* A statement may report anybody unreachable. */
static void statement(struct world *w, const struct flow *s)
{
    for (uint8_t node = 1; node <= w->nnodes; node++) {
        struct flow_reign *g = reign_at(w, s, node);
        g->tells = g->leaves = 0;
        for (uint8_t n = 1; n <= w->nnodes; n++)
            forgets(&g->peer[n]), g->peer[n].sent = false;
    }
}

static void is_sent(struct world *w, const struct model *m, struct flow_reign *g,
                    const struct record *r)
{
    if (!leads(w, m, g, r, r->term))
        return;
    check_judged(w, CHECK_flow);
    if (rec_type(r) == MSG_APPEND)
        appends(w, m, g, r);
    else
        tells(w, m, g, r);
}

void check_flow_record(struct world *w, struct model *m, void *state, const struct record *r)
{
    if (r->kind == REC_STEP) {
        statement(w, state);
        return;
    }
    struct flow_reign *g = reign_at(w, state, r->node);
    if ((g->tells | g->leaves) && r->at > g->owed_at)
        judge_owed(w, m, g, r->node);
    if (r->kind == REC_SEND && !(rec_flags(r) & LABEL_REJECT))
        is_sent(w, m, g, r);
    else if (r->kind == REC_DELIVER && leads(w, m, g, r, rec_asked(r)))
        is_answered(w, g, r);
    else if (r->kind == REC_COMMIT && rec_role(r) == SUT_LEADER && g->term == r->term)
        owes_telling(w, g, r->node, m->voters & ~NODE_BIT(r->node));
    else if (r->kind == REC_BOOT)
        boots(w, g, r->node);
    else if (r->kind == REC_PAUSE)
        g->tells = g->leaves = 0;
}

const struct check check_flow = {
    .name = "flow",
    .rule = "what a leader sends keeps its limits, is sent again only for a cause, and tells of "
            "commits in time",
    .judges = "a message of a leader, or what a step of it owes a peer",
    .sees = SEES_PROTOCOL,
    .needs = SUT_KEEPS_FLOW,
    .liveness = true,
    .messages = OF(APPEND) | OF(APPEND_REPLY) | OF(HEARTBEAT) | OF(HEARTBEAT_REPLY) |
                OF(COMMIT_NOTIFY),
    .sent = OF(APPEND) | OF(HEARTBEAT) | OF(COMMIT_NOTIFY),
    .refusals = OF(APPEND_REPLY),
    .state = sizeof(struct flow),
    .start = start,
};
