/* SPDX-License-Identifier: MIT */
/*
 * A canonical hash of a state.
 *
 * Method: field by field, as 64-bit numbers, so that byte order and padding do not matter; lists by
 * their length and their elements in order, so that the position in a ring does not; and what the
 * present role never reads is left out.
 */
#include "state.h"

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v * 0x9e3779b185ebca87u;
    return (h << 27 | h >> 37) * 0xc2b2ae3d27d4eb4fu + 0x165667b19e3779f9u;
}

static uint64_t mix_log(uint64_t h, const struct raft_log *log)
{
    h = mix(mix(mix(h, log->last), log->known), log->nruns);
    const struct raft_log_run *runs = raft_log_runs(log);
    for (uint32_t i = 0; i < log->nruns; i++) h = mix(mix(h, runs[i].term), runs[i].last);
    for (uint64_t i = log->known; i <= log->last; i++) h = mix(h, log->window[i % RAFT_WINDOW]);
    return h;
}

static uint64_t mix_writes(uint64_t h, const struct raft *r)
{
    h = mix(mix(mix(h, r->wid_done), r->wid_last), r->stable);
    /* once durable, all numbers are alike */
    h = mix(h, r->hard_wid > r->wid_done ? r->hard_wid : 0);
    for (uint64_t wid = r->wid_done + 1; wid <= r->wid_last; wid++)
        h = mix(h, raft_write_index(r, wid));
    return h;
}

static uint64_t mix_peer(uint64_t h, const struct raft_peer *p)
{
    h = mix(mix(mix(h, p->match), p->next), p->contact);
    h = mix(mix(mix(mix(h, p->acked_round), p->acked_start), p->sent_round), p->told);
    h = mix(h, p->state | (uint64_t)p->paused << 8 | (uint64_t)p->count << 16);
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t slot = (p->head + i) % RAFT_INFLIGHT_MAX;
        h = mix(h, p->more[slot] | (uint64_t)p->bytes[slot] << 32);
    }
    return h;
}

static uint64_t mix_leader(uint64_t h, const struct raft *r)
{
    h = mix(mix(mix(h, r->owed), r->term_start), r->heartbeat_due);
    h = mix(mix(mix(h, r->quorum_due), r->round), r->round_floor);
    h = mix(mix(h, r->lease_until), r->disk_due);
    uint64_t kept = r->round < RAFT_ROUNDS_MAX ? r->round : RAFT_ROUNDS_MAX;
    for (uint64_t i = r->round - kept + 1; i <= r->round; i++)
        h = mix(h, r->round_start[i % RAFT_ROUNDS_MAX]);
    uint64_t marks = raft_min(r->marks, RAFT_MARKS_MAX);
    h = mix(h, marks);
    for (uint64_t i = r->marks - marks; i < r->marks; i++)
        h = mix(mix(h, r->mark[i % RAFT_MARKS_MAX].round), r->mark[i % RAFT_MARKS_MAX].start);
    for (uint32_t i = 0; i < r->npeers; i++) h = mix_peer(h, &r->progress[i]);
    return h;
}

static uint64_t mix_reads(uint64_t h, const struct raft *r)
{
    h = mix(mix(h, r->token), r->nreads);
    if (r->nreads > 0 && r->role == RAFT_FOLLOWER && r->leader != RAFT_NONE)
        h = mix(h, r->reads_due);
    for (uint32_t i = 0; i < r->nreads; i++) {
        const struct raft_reading *q = &r->reads[i];
        h = mix(mix(mix(h, q->id), q->token), q->from | (uint64_t)q->lease << 8);
        h = mix(mix(h, q->index), q->round);
    }
    return h;
}

static uint64_t mix_options(uint64_t h, const struct raft_options *o)
{
#define OPT_BOOL(field, ...) h = mix(h, o->field);
#define OPT_TIME(field, ...) h = mix(h, o->field);
#define OPT_AUTO(field, ...) h = mix(h, o->field);
#define OPT_SPAN(field, ...) h = mix(mix(h, o->field##_min), o->field##_max);
#define OPT_COUNT(field, ...) h = mix(h, o->field);
#define OPT_BYTES(field, ...) h = mix(h, o->field);
#define OPT_PPM(field, ...) h = mix(h, o->field);
#define OPT_ENUM(field, ...) h = mix(h, o->field);
#include "options.def"
    return h;
}

uint64_t raft_hash(const struct raft *r)
{
    uint64_t h = mix(0, r->id | (uint64_t)r->role << 8 | (uint64_t)r->vote << 16 |
                     (uint64_t)r->leader << 24);
    h = mix(mix(mix(h, r->group), r->voters), r->incarnation);
    h = mix(mix(h, r->term), r->commit);
    h = mix_log(h, &r->log);
    h = mix_writes(h, r);
    h = mix(mix(mix(h, r->now), r->skew), r->chance);
    h = mix(mix(h, r->pin), r->try_id);
    /* what is over is over: own time never runs back */
    h = mix(h, r->heard_until > r->now ? r->heard_until : 0);
    h = mix(h, r->silent_until > r->now ? r->silent_until : 0);
    if (r->role == RAFT_LEADER) h = mix_leader(h, r);
    else h = mix(mix(h, r->wait_start), r->election_due);
    if (r->role == RAFT_CANDIDATE || r->role == RAFT_PRECANDIDATE) {
        h = mix(mix(h, r->granted | (uint64_t)r->refused << 32), r->force);
    }
    h = mix(h, r->hung);
    h = mix_reads(h, r);
    h = mix_options(h, &r->options);
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdu;
    return h ^ h >> 33;
}
