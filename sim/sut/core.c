/* SPDX-License-Identifier: MIT */
/* Our own core as a system under test. The two sides use the same numbers, so translating is
 * copying fields. */
#include <string.h>

#include "../../core/raft.h"
#include "option_rows.h"
#include "sut.h"

static const char *limit_hit = "";

_Static_assert((int)MSG_PROPOSE == (int)RAFT_MSG_PROPOSE && (int)MSG_VOTE == (int)RAFT_MSG_VOTE,
               "message types");
_Static_assert((int)MSG_READ_INDEX_REPLY == (int)RAFT_MSG_READ_INDEX_REPLY &&
                   (int)MSG_HEARTBEAT == (int)RAFT_MSG_HEARTBEAT,
               "message types");
_Static_assert((int)LABEL_REJECT == (int)RAFT_FLAG_REJECT &&
               (int)LABEL_FORCE == (int)RAFT_FLAG_FORCE &&
                   (int)LABEL_FILL == (int)RAFT_FLAG_FILL &&
                   (int)LABEL_LEASE == (int)RAFT_FLAG_LEASE,
               "flags");
_Static_assert((int)SUT_CHANGED_LEASE == (int)RAFT_CHANGED_LEASE &&
               (int)SUT_CHANGED_COMMIT == (int)RAFT_CHANGED_COMMIT,
               "deltas");
_Static_assert((int)SUT_HALTED == (int)RAFT_HALTED && (int)SUT_FROM_SELF == (int)RAFT_FROM_SELF,
               "roles and origins");
_Static_assert((int)SUT_PROPOSE_MAX == (int)RAFT_PROPOSE_MAX &&
               (int)SUT_OUT_MSGS == (int)RAFT_OUT_MSGS, "limits");
_Static_assert((int)SUT_OUT_READS == (int)RAFT_OUT_READS &&
               (int)SUT_OUT_NOTES == (int)RAFT_OUT_NOTES, "limits");
_Static_assert(sizeof(struct raft_msg) <= SUT_MSG_BYTES && sizeof(struct raft_options) <= 512,
               "sizes");
_Static_assert((int)RAFT_TERMS_MAX <= (int)SUT_BOOT_RUNS, "the host can tell of any durable log");
_Static_assert((int)LABEL_TRY_BITS == (int)RAFT_ASKED_BITS, "tries are numbered alike");
_Static_assert(sizeof(struct sut_run) == sizeof(struct raft_run), "runs are the same");
_Static_assert(OPTION_AUTO_VALUE == RAFT_AUTO, "auto is one value");

static const struct option_row rows[] = {
#define OPTIONS struct raft_options
#include "option_rows.inc"
#include "../../core/options.def"
#include "option_rows_end.inc"
    {0},
};

static int result(int rc)
{
    switch (rc) {
    case RAFT_OK: return SUT_OK;
    case RAFT_E_NOT_LEADER: return SUT_NOT_LEADER;
    case RAFT_E_BUSY: return SUT_BUSY;
    case RAFT_E_LIMIT_RUNS: limit_hit = "terms of a log (option log-terms)"; return SUT_LIMIT;
    case RAFT_E_LIMIT_LIFE: limit_hit = "questions of one life (RAFT_ASKED_BITS)"; return SUT_LIMIT;
    case RAFT_E_LIMIT_TERM: limit_hit = "term number"; return SUT_LIMIT;
    default: return SUT_INVALID;
    }
}

static const char *limit(void) { return limit_hit; }
static void options_default(void *o) { raft_options_default(o); }
static bool options_valid(const void *o, const char **why) { return raft_options_valid(o, why); }

static bool options_agree(const void *one, const void *other, const char **why)
{
    return raft_options_agree(one, other, why);
}

static size_t size(const void *options) { return (raft_size(options) + 15) & ~(size_t)15; }

static size_t used(const void *state) { return raft_used(state); }

static int boot(void *state, const struct sut_boot *b)
{
    struct raft_boot rb = {.id = b->id, .group = b->group, .incarnation = b->incarnation,
                           .now = b->now, .seed = b->seed, .restarted = b->restarted,
                           .term = b->term, .vote = b->vote, .commit = b->commit,
                           .nruns = b->nruns, .voters = b->voters,
                           .runs = (const struct raft_run *)(const void *)b->runs};
    memcpy(&rb.options, b->options, sizeof rb.options);
    return result(raft_init(state, &rb));
}

static void label_of(struct msg_label *l, const struct raft_msg *m)
{
    *l = (struct msg_label){.type = m->type, .from = m->from, .to = m->to, .flags = m->flags,
                            .group = (uint16_t)m->group, .term = m->term, .index = m->index,
                            .log_term = m->log_term, .commit = m->commit, .round = m->round,
                            .entries = m->n, .bytes = m->bytes};
}

static bool event_of(struct raft_event *ev, const struct sut_event *e,
                     struct raft_entry_info *infos)
{
    ev->now = e->now;
    switch ((enum sut_event_type)e->type) {
    case SUT_TIME: ev->type = RAFT_EV_TIME; return true;
    case SUT_RECV:
        ev->type = RAFT_EV_RECV;
        ev->recv.msg = e->bytes;
        return e->nbytes >= offsetof(struct raft_msg, runs);
    case SUT_PROPOSE:
        if (e->n > RAFT_PROPOSE_MAX)
            return false;
        for (uint32_t i = 0; i < e->n; i++)
            infos[i] = (struct raft_entry_info){.size = e->entries[i].size,
                                                .kind = e->entries[i].kind};
        ev->type = RAFT_EV_PROPOSE;
        ev->propose.entries = infos;
        ev->propose.n = e->n;
        return true;
    case SUT_READ: ev->type = RAFT_EV_READ; ev->read.id = e->id; return true;
    case SUT_READ_CANCEL: ev->type = RAFT_EV_READ_CANCEL; ev->read.id = e->id; return true;
    case SUT_CAMPAIGN: ev->type = RAFT_EV_CAMPAIGN; ev->campaign.force = e->flag; return true;
    case SUT_WRITE_DONE:
        ev->type = RAFT_EV_WRITE_DONE;
        ev->write.wid = e->id;
        ev->write.failed = e->flag;
        return true;
    case SUT_UNREACHABLE:
        ev->type = RAFT_EV_UNREACHABLE;
        ev->unreachable.peer = e->peer;
        return true;
    }
    return false;
}

static void messages_of(struct sut_effects *out, const struct raft_effects *fx)
{
    out->nmsgs = fx->nmsgs;
    for (uint32_t i = 0; i < fx->nmsgs; i++) {
        const struct raft_msg *m = &fx->msgs[i].msg;
        struct sut_out *o = &out->msgs[i];
        label_of(&o->label, m);
        o->wid = fx->msgs[i].wid;
        o->max_entries = m->max_n;
        o->nbytes = (uint32_t)RAFT_MSG_SIZE(m);
        o->bytes = m;
    }
}

static void effects_of(struct sut_effects *out, const struct raft_effects *fx)
{
    const struct raft_delta *d = &fx->delta;
    out->delta = (struct sut_delta){.changed = d->changed, .role = d->role, .leader = d->leader,
                                    .vote = d->vote, .origin = d->origin, .term = d->term,
                                    .commit = d->commit, .last = d->last, .cut_from = d->cut_from,
                                    .first = d->first, .lease_until = d->lease_until,
                                    .nruns = d->nruns,
                                    .runs = (const struct sut_run *)(const void *)d->runs};
    out->write = (struct sut_write){.wid = fx->write.wid, .term = fx->write.term,
                                    .cut_from = fx->write.cut_from, .first = fx->write.first,
                                    .last = fx->write.last, .vote = fx->write.vote};
    out->cancel_below = fx->cancel_below;
    out->forward_to = fx->forward.to;
    messages_of(out, fx);
    out->nreads = fx->nreads;
    for (uint32_t i = 0; i < fx->nreads; i++)
        out->reads[i] = (struct sut_read){.id = fx->reads[i].id, .index = fx->reads[i].index,
                                          .lease = fx->reads[i].lease};
    out->nnotes = fx->nnotes;
    for (uint32_t i = 0; i < fx->nnotes; i++)
        out->notes[i] = (struct sut_note){.kind = fx->notes[i].kind, .peer = fx->notes[i].peer,
                                          .a = fx->notes[i].a, .b = fx->notes[i].b};
}

static int step(void *state, const struct sut_event *e, struct sut_effects *out)
{
    static struct raft_effects fx;
    static struct raft_entry_info infos[RAFT_PROPOSE_MAX];
    struct raft_event ev = {0};
    if (!event_of(&ev, e, infos))
        return SUT_INVALID;
    int rc = raft_step(state, &ev, &fx);
    if (rc == RAFT_OK)
        effects_of(out, &fx);
    return result(rc);
}

static uint64_t deadline(const void *state) { return raft_deadline(state); }

static void view(const void *state, uint16_t group, struct sut_view *out)
{
    struct raft_view v;
    (void)group;
    raft_view(state, &v);
    *out = (struct sut_view){.term = v.term, .commit = v.commit, .last = v.last,
                             .last_term = v.last_term, .stable = v.stable,
                             .lease_until = v.lease_until, .id = v.id, .role = v.role,
                             .vote = v.vote, .leader = v.leader, .voters = v.voters};
}

static uint64_t term_at(const void *state, uint64_t index) { return raft_term_at(state, index); }
static uint64_t hash(const void *state) { return raft_hash(state); }
static int check(const void *state, const char **why) { return raft_check(state, why); }
static void stop(void *state) { (void)state; }

static uint32_t fill(struct msg_label *l, void *bytes, uint32_t nbytes, uint32_t nruns,
                     const struct sut_run *runs)
{
    struct raft_msg *m = bytes;
    (void)nbytes;
    m->flags = l->flags = (uint8_t)(l->flags & ~LABEL_FILL);
    m->n = l->entries;
    m->bytes = l->bytes;
    m->nruns = nruns;
    memcpy(m->runs, runs, nruns * sizeof *runs);
    return (uint32_t)RAFT_MSG_SIZE(m);
}

static uint32_t propose_msg(struct msg_label *l, void *bytes)
{
    struct raft_msg *m = bytes;
    memset(m, 0, offsetof(struct raft_msg, runs));
    m->type = RAFT_MSG_PROPOSE;
    m->from = l->from;
    m->to = l->to;
    m->group = l->group;
    m->term = l->term;
    m->n = l->entries;
    m->bytes = l->bytes;
    return (uint32_t)RAFT_MSG_SIZE(m);
}

/* Reads and proposals carry what only their host can give them. */
static uint32_t compose(const struct msg_label *l, uint64_t hint, uint32_t nruns,
                        const struct sut_run *runs, void *bytes)
{
    if (l->type == MSG_NONE || l->type > MSG_COMMIT_NOTIFY || nruns > RAFT_MSG_RUNS_MAX)
        return 0;
    struct raft_msg *m = bytes;
    memset(m, 0, offsetof(struct raft_msg, runs));
    m->type = l->type;
    m->from = l->from;
    m->to = l->to;
    m->flags = l->flags;
    m->group = l->group;
    m->term = l->term;
    m->index = l->index;
    m->log_term = l->log_term;
    m->commit = l->commit;
    m->round = l->round;
    m->hint = hint;
    m->n = l->entries;
    m->bytes = l->bytes;
    m->nruns = nruns;
    if (nruns)
        memcpy(m->runs, runs, nruns * sizeof *runs);
    return (uint32_t)RAFT_MSG_SIZE(m);
}

static bool progress(const void *state, uint8_t peer, struct sut_progress *out)
{
    struct raft_progress_view v;
    if (!raft_progress(state, peer, &v))
        return false;
    *out = (struct sut_progress){.match = v.match, .next = v.next, .state = v.state,
                                 .inflight = v.inflight};
    return true;
}

static int pin_timeout(void *state, uint64_t now, uint64_t ns)
{
    static struct raft_effects fx;
    struct raft_event ev = {.type = RAFT_EV_PIN_TIMEOUT, .now = now, .pin = {.timeout_ns = ns}};
    return result(raft_step(state, &ev, &fx));
}

static const char *note_name(int kind) { return raft_note_name(kind); }
static const char *note_text(int kind) { return raft_note_text(kind); }

const struct sut sut_core = {
    .name = "core",
    .help = "wavetank's own Raft core",
    .keeps = SUT_KEEPS_DURABLE_TERM | SUT_KEEPS_EXCLUSIVE_LEASES | SUT_KEEPS_FLOW,
    .options = rows,
    .options_default = options_default,
    .options_valid = options_valid,
    .options_agree = options_agree,
    .size = size,
    .used = used,
    .boot = boot,
    .step = step,
    .deadline = deadline,
    .view = view,
    .hash = hash,
    .check = check,
    .limit = limit,
    .stop = stop,
    .fill = fill,
    .propose_msg = propose_msg,
    .term_at = term_at,
    .progress = progress,
    .pin_timeout = pin_timeout,
    .note_name = note_name,
    .note_text = note_text,
    .compose = compose,
};
