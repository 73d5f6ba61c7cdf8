/* SPDX-License-Identifier: MIT */
/* Method: see progress.h. match only rises, and match < next always; every stale answer is told by these two. */
#include "progress.h"

#include <assert.h>

static void inflight_clear(struct raft_peer *p)
{
    p->head = p->count = 0;
    p->inflight_bytes = 0;
}

void raft_peer_reset(struct raft_peer *p, uint64_t next, uint64_t now)
{
    assert(next >= 1);
    p->match = 0;
    p->next = next;
    p->contact = now;
    p->acked_round = p->acked_start = p->sent_round = 0;
    p->state = RAFT_PROBE;
    p->paused = 0;
    inflight_clear(p);
}

void raft_peer_probe(struct raft_peer *p)
{
    p->state = RAFT_PROBE;
    p->next = p->match + 1;
    p->paused = 0;
    inflight_clear(p);
}

void raft_peer_sent(struct raft_peer *p, uint64_t last, uint32_t bytes)
{
    assert(p->state == RAFT_REPLICATE && last >= p->next);
    assert(p->count < RAFT_INFLIGHT_MAX);
    struct raft_inflight *slot = &p->inflight[(p->head + p->count) % RAFT_INFLIGHT_MAX];
    slot->last = (uint32_t)last;
    slot->bytes = bytes;
    p->count++;
    p->inflight_bytes += bytes;
    p->next = last + 1;
}

bool raft_peer_acked(struct raft_peer *p, uint64_t index)
{
    bool news = index > p->match;
    /* An accepted probe may confirm just what was known (an empty probe at match); it still ends the probing. */
    if (!news && (p->state != RAFT_PROBE || index < p->match)) return false;
    p->match = index;
    if (p->state == RAFT_PROBE) {
        p->state = RAFT_REPLICATE;
        p->next = index + 1;
        p->paused = 0;
        return true;
    }
    if (index >= p->next) {   /* the append that the host filled arrived: its end is known now */
        p->next = index + 1;
        p->paused = 0;
    }
    while (p->count > 0 && (int32_t)(p->inflight[p->head].last - (uint32_t)index) <= 0) {
        p->inflight_bytes -= p->inflight[p->head].bytes;
        p->head = (uint8_t)((p->head + 1u) % RAFT_INFLIGHT_MAX);
        p->count--;
    }
    return news;
}

bool raft_peer_refused(struct raft_peer *p, uint64_t index, uint64_t hint)
{
    /* What matched in this term cannot cease to match, so a refusal at or below match is older than that match. */
    if (index <= p->match || index >= p->next) return false;
    if (p->state == RAFT_REPLICATE) {
        raft_peer_probe(p);
        return true;
    }
    if (index != p->next - 1) return false;   /* of an earlier probe */
    uint64_t next = hint + 1 < index ? hint + 1 : index;
    p->next = next > p->match ? next : p->match + 1;
    p->paused = 0;
    return true;
}
