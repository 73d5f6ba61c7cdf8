/* SPDX-License-Identifier: MIT */
/*
 * Property: whatever events and messages reach raft_step, it neither crashes nor breaks raft_check;
 * an error leaves the state as it was and the effects empty; the same input gives the same states
 * and effects; term and commit never go back.
 *
 * Method: bytes decode into a boot image, then into events until they run out. Numbers are small so
 * that indexes, terms and rounds collide; a few are huge or as large as the limits let them be, and
 * a log may begin just below 2^16 or 2^32 entries. Each input is run twice, and the hash of every
 * state and effect is compared.
 */
#include <string.h>

#include "../core/raft.h"
#include "../core/state.h"
#include "bytes.h"

enum { EVENTS_MAX = 400, NINE = 511 };

enum { TERMS_MAX = 64 };
struct fuzz_state { struct raft raft; struct raft_log_run runs[TERMS_MAX]; };
_Static_assert(offsetof(struct fuzz_state, runs) == sizeof(struct raft),
               "the runs lie behind the state");
struct fuzz_run { struct fuzz_state state; struct raft_effects fx; uint64_t now, wid, digest; };

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
    return h ^ (h >> 32);
}

/* Mostly below `usual`; the highest byte values make the largest numbers up to `most`. */
static uint64_t take_wide(struct bytes *b, uint64_t usual, uint64_t most)
{
    uint8_t v = take8(b);
    return v < 0xf0 ? v % usual : most - (0xffu - v);
}

/* The length of a run at boot: small, or such that the log's last index comes near 2^16 or 2^32. */
static uint64_t take_length(struct bytes *b)
{
    uint8_t v = take8(b);
    if (v < 0xe0)
        return 1 + v % 4;
    return ((uint64_t)1 << (v < 0xf0 ? 16 : 32)) - 16 + (v & 0xf);
}

static void boot_of(struct bytes *b, struct raft_boot *boot, struct raft_run *runs)
{
    uint64_t term = 0;
    memset(boot, 0, sizeof *boot);
    raft_options_default(&boot->options);
    uint8_t bits = take8(b);
    boot->options.prevote = bits & 1;
    boot->options.check_quorum = boot->options.stickiness = (bits >> 1 & 1);
    boot->options.noop_on_election = bits >> 2 & 1;
    boot->options.proposal_forwarding = bits >> 3 & 1;
    boot->options.reads = boot->options.check_quorum ? bits >> 4 & 1 : 0;
    boot->options.max_entries = 1 + take_wide(b, 8, RAFT_PROPOSE_MAX - 1);
    boot->options.max_inflight = 1 + take_wide(b, 4, RAFT_INFLIGHT_MAX - 1);
    boot->options.log_terms = TERMS_MAX;
    boot->restarted = bits >> 5 & 1;
    boot->incarnation = 1 + take_wide(b, 3, (1u << RAFT_LIFE_BITS) - 2);
    boot->voters = bits >> 6 == 3 ? NINE : 7;
    boot->id = (uint8_t)(1 + take_below(b, boot->voters == NINE ? RAFT_VOTERS_MAX : 3));
    if (bits >> 6 == 0)
        boot->voters = 1u << (boot->id - 1);
    boot->nruns = (uint32_t)take_below(b, 6);
    for (uint32_t i = 0; i < boot->nruns; i++) {
        term += 1 + take_below(b, 3);
        runs[i] = (struct raft_run){.term = term, .n = take_length(b)};
    }
    boot->runs = runs;
    boot->term = term + take_below(b, 3);
    boot->vote = boot->term ? (uint8_t)take_below(b, 4) : 0;
    boot->seed = take8(b);
    boot->options.commit_notify = boot->seed % (RAFT_NOTIFY_ALWAYS + 1);
    if (boot->seed & 64)
        boot->options.disk_timeout = RAFT_MS(boot->seed & 63);
}

static void message_of(struct bytes *b, const struct raft *raft, struct raft_msg *m)
{
    struct raft_view v;
    raft_view(raft, &v);
    memset(m, 0, sizeof *m);
    m->type = (uint8_t)take_below(b, RAFT_MSG_TYPES + 1);
    m->from = (uint8_t)take_below(b, v.voters == NINE ? RAFT_NODES_MAX + 1 : 5);
    m->to = take8(b) < 250 ? v.id : (uint8_t)take_below(b, 20);
    m->flags = (uint8_t)(take8(b) & 3);
    m->term = take8(b) < 200 ? v.term + take_below(b, 3) - (v.term ? 1 : 0) : take_number(b);
    m->index = take8(b) < 200 ? (v.last + 2 > take_below(b, 8) ? v.last + 2 - take_below(b, 8) : 0)
                              : take_number(b);
    m->log_term = take8(b) < 200 ? raft_term_at(raft, m->index) : take_number(b);
    m->commit = take_number(b);   /* of an answer: the term asked */
    if (take8(b) < 200)
        m->asked = v.term + (m->type == RAFT_MSG_PREVOTE_REPLY);
    m->round = take8(b) < 200 ? take_number(b) : raft->try_id - take_below(b, 2);
    m->hint = take_number(b);
    m->context = take_number(b);
    m->nruns = (uint32_t)take_below(b, 4);
    uint64_t term = m->log_term;
    for (uint32_t i = 0; i < m->nruns; i++) {
        term += take_below(b, 3);
        m->runs[i] = (struct raft_run){.term = term, .n = take_wide(b, 5, RAFT_PROPOSE_MAX)};
        m->n += (uint32_t)m->runs[i].n;
    }
    m->n += take8(b) > 250;
    m->bytes = m->n * 8;
}

static void event_of(struct bytes *b, struct fuzz_run *r, struct raft_event *ev, struct raft_msg *m,
                     struct raft_entry_info *infos)
{
    memset(ev, 0, sizeof *ev);
    uint8_t kind = take8(b);
    r->now += take_below(b, 64) * RAFT_MS(5);
    if (kind >= 252)
        r->now = take_number(b) * RAFT_MS(50);
    ev->now = r->now;
    ev->type = (uint8_t)(kind % (RAFT_EV_TYPES + 1));
    switch (ev->type) {
    case RAFT_EV_RECV: message_of(b, &r->state.raft, m); ev->recv.msg = m; break;
    case RAFT_EV_PROPOSE:
        ev->propose.n = (uint32_t)take_wide(b, 6, RAFT_PROPOSE_MAX);
        ev->propose.entries = infos;
        for (uint32_t i = 0; i < ev->propose.n; i++) {
            uint32_t size = i < 8 ? (uint32_t)take_number(b) & 0xffff : infos[i % 8].size;
            infos[i] = (struct raft_entry_info){.size = size};
        }
        break;
    case RAFT_EV_READ:
    case RAFT_EV_READ_CANCEL: ev->read.id = take_below(b, 80); break;
    case RAFT_EV_CAMPAIGN: ev->campaign.force = take8(b) & 1; break;
    case RAFT_EV_WRITE_DONE:
        ev->write.wid = take8(b) < 200 ? r->wid : take_number(b);
        ev->write.failed = take8(b) > 250;
        break;
    case RAFT_EV_UNREACHABLE: ev->unreachable.peer = (uint8_t)take_below(b, 18); break;
    case RAFT_EV_PIN_TIMEOUT: ev->pin.timeout_ns = take_number(b) * RAFT_MS(1); break;
    default: break;
    }
}

static void judge(struct fuzz_run *r, const struct fuzz_state *before, int rc)
{
    const char *why = "";
    struct raft_view was, is;
    raft_view(&before->raft, &was);
    raft_view(&r->state.raft, &is);
    FUZZ_ASSERT(raft_check(&r->state.raft, &why) == 0, "%s", why);
    FUZZ_ASSERT(is.term >= was.term && is.commit >= was.commit, "term or commit went back");
    FUZZ_ASSERT(r->fx.nmsgs <= RAFT_OUT_MSGS && r->fx.nreads <= RAFT_OUT_READS &&
                r->fx.nnotes <= RAFT_OUT_NOTES,
                "too many effects");
    if (rc == RAFT_OK)
        return;
    FUZZ_ASSERT(memcmp(before, &r->state, sizeof *before) == 0, "%s changed the state",
                raft_result_name(rc));
    FUZZ_ASSERT(r->fx.nmsgs == 0 && r->fx.nreads == 0 && r->fx.write.wid == 0, "%s has effects",
                raft_result_name(rc));
}

static uint64_t run(const uint8_t *data, size_t size)
{
    static struct fuzz_run r;
    static struct fuzz_state before;
    static struct raft_entry_info infos[RAFT_PROPOSE_MAX];
    struct bytes b = {data, data + size};
    struct raft_run runs[8];
    struct raft_boot boot;
    struct raft_event ev;
    struct raft_msg m;
    memset(&r, 0, sizeof r);
    boot_of(&b, &boot, runs);
    if (raft_init(&r.state.raft, &boot) != RAFT_OK)
        return 0;
    for (int i = 0; i < EVENTS_MAX && b.at < b.end; i++) {
        before = r.state;
        event_of(&b, &r, &ev, &m, infos);
        int rc = raft_step(&r.state.raft, &ev, &r.fx);
        judge(&r, &before, rc);
        if (r.fx.write.wid)
            r.wid = r.fx.write.wid;
        r.digest = mix(mix(r.digest, raft_hash(&r.state.raft)), (uint64_t)rc << 32 | r.fx.nmsgs);
        for (uint32_t k = 0; k < r.fx.nmsgs; k++)
            r.digest = mix(mix(r.digest, r.fx.msgs[k].wid),
                           r.fx.msgs[k].msg.index ^ r.fx.msgs[k].msg.term << 20 ^
                           r.fx.msgs[k].msg.type);
        r.digest = mix(r.digest, raft_deadline(&r.state.raft));
    }
    return r.digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t first = run(data, size), second = run(data, size);
    FUZZ_ASSERT(first == second, "two runs of one input differ");
    return 0;
}
