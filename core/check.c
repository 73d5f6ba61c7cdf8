/* SPDX-License-Identifier: MIT */
/*
 * The core's own invariants.
 *
 * Method: rows of {what must hold, the sentence if it does not}, room by room; the first that fails
 * is named by its number. They hold after every step whatever the input was; a host that sees one
 * fail has found a defect of the core.
 */
#include <stddef.h>

#include "quorum.h"
#include "state.h"

/* The number of the row is its line in the check, so it needs no list. */
#define HOLDS(condition, sentence) \
    do { \
        if (!(condition)) { \
            *why = (sentence); \
            return __LINE__; \
        } \
    } while (0)

static int check_log(const struct raft *r, const char **why)
{
    const struct raft_log *log = &r->log;
    const struct raft_log_run *runs = raft_log_runs(log);
    HOLDS(log->room == r->options.log_terms, "the log's room is not what its option says");
    HOLDS(log->nruns <= log->room, "the log has more runs than it may");
    HOLDS((log->nruns == 0) == (log->last == 0), "runs and last index disagree about emptiness");
    HOLDS(log->nruns == 0 || runs[log->nruns - 1].last == log->last,
          "the runs do not end at the last index");
    uint64_t term = 0, last = 0;
    for (uint32_t i = 0; i < log->nruns; i++) {
        HOLDS(runs[i].term > term, "the terms of runs do not rise");
        HOLDS(runs[i].last > last, "a run is empty");
        term = runs[i].term;
        last = runs[i].last;
    }
    HOLDS(term <= r->term, "the log holds a term above the node's");
    HOLDS(log->known >= 1 && log->known <= log->last + 1, "the window begins outside the log");
    HOLDS(log->last + 1 - log->known <= RAFT_WINDOW, "the window is larger than it is");
    HOLDS(r->commit <= log->last, "commit lies beyond the last index");
    return 0;
}

static int check_writes(const struct raft *r, const char **why)
{
    HOLDS(r->stable <= r->log.last, "stable lies beyond the last index");
    HOLDS(r->wid_done <= r->wid_last, "a write is done that was never issued");
    HOLDS(r->wid_last - r->wid_done <= r->options.max_unsynced_writes,
          "more writes are pending than may be");
    HOLDS(r->hard_wid <= r->wid_last, "term and vote wait for a write that was never issued");
    bool pending = r->wid_last > r->wid_done;
    uint16_t latest = r->write_index[r->wid_last % RAFT_WRITES_MAX];
    HOLDS(pending || r->stable == r->log.last, "an entry is neither durable nor in a write");
    HOLDS(!pending || latest == (uint16_t)r->log.last,
          "the latest write does not end with the log");
    /* What the latest makes durable is log.last by definition, so the steps add up to the log. */
    uint64_t before = r->stable;
    for (uint64_t wid = r->wid_done + 1; wid <= r->wid_last; wid++) {
        uint64_t index = raft_write_index(r, wid);
        HOLDS(index >= before, "a later write makes less durable than an earlier one");
        HOLDS(index - before <= RAFT_PROPOSE_MAX, "a write makes more durable than it can hold");
        before = index;
    }
    return 0;
}

static int check_role(const struct raft *r, const char **why)
{
    bool campaigns = r->role == RAFT_PRECANDIDATE || r->role == RAFT_CANDIDATE;
    HOLDS(r->role <= RAFT_HALTED, "no such role");
    HOLDS((r->role == RAFT_LEADER) == (r->leader == r->id),
          "leads, and does not know it, or the reverse");
    HOLDS(!campaigns || r->leader == RAFT_NONE, "campaigns and follows a leader");
    HOLDS((!campaigns && r->role != RAFT_LEADER) || raft_is_voter(r, r->id),
          "campaigns or leads without a vote");
    HOLDS((r->role != RAFT_LEADER && r->role != RAFT_CANDIDATE) || r->vote == r->id,
          "leads without its own vote");
    HOLDS(!campaigns || (r->granted & raft_bit(r->id)), "a candidate does not count itself");
    HOLDS((r->granted & r->refused) == 0, "a voter answered both ways");
    HOLDS(((r->granted | r->refused) & ~r->voters) == 0, "one who has no vote was counted");
    HOLDS(campaigns || (r->granted | r->refused | r->force) == 0, "votes are left over");
    HOLDS(r->role != RAFT_LEADER || r->hard_wid <= r->wid_done,
          "leads before its own vote is durable");
    HOLDS(r->role == RAFT_LEADER || r->lease_until == 0, "holds a lease and does not lead");
    HOLDS(r->role == RAFT_LEADER || r->owed == 0, "owes entries and does not lead");
    HOLDS(r->lease_until == 0 || r->leases, "holds a lease though leases are off");
    HOLDS(!r->hung || r->role == RAFT_FOLLOWER || r->role == RAFT_CANDIDATE,
          "its disk hangs, and it leads or stands");
    HOLDS(!r->hung || r->wid_last > r->wid_done, "its disk hangs, and no write waits");
    HOLDS(r->term <= RAFT_TERM_MAX, "the term is too large");
    HOLDS(r->vote <= RAFT_NODES_MAX && r->leader <= RAFT_NODES_MAX, "vote or leader is no node");
    return 0;
}

static int check_peer(const struct raft *r, const struct raft_peer *p, const char **why)
{
    HOLDS(p->match < p->next, "next does not lie beyond match");
    HOLDS(p->match <= r->log.last, "match lies beyond the last index");
    HOLDS(p->next <= r->log.last + 1, "next lies beyond the end");
    HOLDS(p->state == RAFT_PROBE || p->state == RAFT_REPLICATE, "no such progress state");
    HOLDS(p->count <= r->options.max_inflight, "more is in flight than may be");
    HOLDS(p->state == RAFT_REPLICATE || p->count == 0, "appends are in flight to a probed peer");
    HOLDS(p->acked_round <= r->round && p->sent_round <= r->round,
          "a round is acknowledged that was never opened");
    HOLDS(p->contact <= r->now && p->acked_start <= r->now, "heard from in the future");
    HOLDS(p->told <= r->commit, "told of a commit that is none");
    uint64_t bytes = 0, entries = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t slot = (p->head + i) % RAFT_INFLIGHT_MAX;
        entries += p->more[slot] + 1u;
        bytes += p->bytes[slot];
    }
    HOLDS(bytes == p->inflight_bytes, "bytes in flight do not add up");
    HOLDS(entries == p->entries, "entries in flight do not add up");
    HOLDS(entries < p->next, "more entries are in flight than lie before next");
    /* Replication begins with next behind match. From then on only a sending moves next away from
     * match, and what it passes is in flight until an answer moves match to its end or beyond; an
     * append that the host fills moves next at its answer, up to match (progress.c). */
    HOLDS(p->state == RAFT_PROBE || p->next - 1 - entries <= p->match,
          "an entry before next is neither acknowledged nor in flight");
    HOLDS(p->count == 0 || p->next - entries + p->more[p->head] > p->match,
          "an append in flight is acknowledged");
    HOLDS(p->count <= 1 || bytes <= r->options.max_inflight_bytes,
          "more bytes are in flight than may be");
    return 0;
}

static int check_leader(const struct raft *r, const char **why)
{
    if (r->role != RAFT_LEADER) return 0;
    HOLDS(r->term_start >= 1 && r->term_start <= r->log.last + 1,
          "the leader's term begins outside its log");
    HOLDS(raft_log_term_at(&r->log, r->term_start - 1) < r->term,
          "an entry before the leader's first is of its term");
    HOLDS(r->log.last < r->term_start || raft_log_term_at(&r->log, r->term_start) == r->term,
          "the leader's first entry is not of its term");
    HOLDS(r->round < RAFT_ROUND_MAX, "no read can wait for the next round");
    HOLDS(r->marks >= 1 && r->marks <= r->round, "there are more marks than rounds");
    HOLDS(r->mark[(r->marks - 1) % RAFT_MARKS_MAX].round <= r->round,
          "a round is marked that was never opened");
    HOLDS(r->round_floor <= r->round, "no lease counts from a round that was never opened");
    if (raft_disk_is_behind(r)) {
        HOLDS(r->disk_due <= raft_sat_add(r->now, raft_disk_timeout(r)),
              "a majority is ahead of the disk, and nobody counts the time");
    } else {
        HOLDS(r->disk_due == RAFT_NEVER, "waits for its disk, and no majority is ahead of it");
    }
    HOLDS((r->owed & ~(r->voters & ~raft_bit(r->id))) == 0, "entries are owed to no peer");
    for (uint32_t i = 0; i < r->npeers; i++) {
        int broken = check_peer(r, &r->progress[i], why);
        if (broken != 0) return broken;
    }
    return 0;
}

static int check_reads(const struct raft *r, const char **why)
{
    HOLDS(r->nreads <= RAFT_READS_MAX, "more reads wait than may");
    uint64_t round = 0;
    for (uint32_t i = 0; i < r->nreads; i++) {
        const struct raft_reading *q = &r->reads[i];
        HOLDS(r->role == RAFT_LEADER || r->role == RAFT_HALTED ||
              (q->from == RAFT_NONE && q->round == 0),
              "a read of a leader waits at another");
        HOLDS(q->round >= round || r->role == RAFT_HALTED, "reads wait for falling rounds");
        HOLDS(q->round <= r->round + 1, "a read waits for a round that is not next");
        HOLDS(q->from != RAFT_NONE || (q->token <= r->token &&
                                       raft_life_of(q->token) == r->incarnation),
              "a read waits under a number that this life has not given");
        HOLDS(q->index <= r->commit, "a read would see what is not committed");
        round = q->round;
    }
    return 0;
}

static int check_members(const struct raft *r, const char **why)
{
    HOLDS(r->id >= 1 && r->id <= RAFT_NODES_MAX, "the node has no id");
    HOLDS(r->incarnation >= 1 && r->incarnation >> RAFT_LIFE_BITS == 0, "the life has no number");
    HOLDS(raft_life_of(r->try_id) == r->incarnation, "a candidacy has a number of another life");
    HOLDS(raft_life_of(r->token) == r->incarnation, "a read has a number of another life");
    HOLDS(r->nvoters == raft_quorum_count(r->voters) && r->nvoters >= 1,
          "the voters are miscounted");
    HOLDS(r->majority == raft_quorum_majority(r->voters), "the majority is none");
    HOLDS(r->npeers == (raft_is_voter(r, r->id) ? r->nvoters - 1u : 0u),
          "the peers are miscounted");
    HOLDS(raft_options_valid(&r->options, NULL), "the options became invalid");
    return 0;
}

int raft_check(const struct raft *r, const char **why)
{
    static int (*const rooms[])(const struct raft *, const char **) = {
        check_members, check_role, check_log, check_writes, check_leader, check_reads,
    };
    const char *unused;
    if (why == NULL) why = &unused;
    *why = "";
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        int broken = rooms[i](r, why);
        if (broken != 0) return broken;
    }
    return 0;
}
