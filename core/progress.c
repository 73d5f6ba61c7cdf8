/* SPDX-License-Identifier: MIT */
/* Method: see progress.h. match only rises, and match < next always; every stale answer is told by
 * these two. */
#include "progress.h"

#include <assert.h>

_Static_assert(RAFT_INFLIGHT_MAX * RAFT_PROPOSE_MAX <= UINT16_MAX &&
               RAFT_PROPOSE_MAX - 1 <= UINT8_MAX,
               "entries in flight fit");

static void inflight_clear(struct raft_peer *p)
{
    p->head = p->count = 0;
    p->entries = 0;
    p->inflight_bytes = 0;
}

void raft_peer_reset(struct raft_peer *p, uint64_t next, uint64_t now)
{
    assert(next >= 1);
    p->match = 0;
    p->next = next;
    p->contact = now;
    p->acked_round = p->acked_start = p->sent_round = p->told = 0;
    p->state = RAFT_PROBE;
    p->paused = RAFT_FLOWS;
    inflight_clear(p);
}

void raft_peer_probe(struct raft_peer *p)
{
    p->state = RAFT_PROBE;
    p->next = p->match + 1;
    p->told = 0;   /* what told it may be lost */
    p->paused = RAFT_FLOWS;
    inflight_clear(p);
}

void raft_peer_sent(struct raft_peer *p, uint32_t n, uint32_t bytes)
{
    assert(p->state == RAFT_REPLICATE && n >= 1 && n <= RAFT_PROPOSE_MAX);
    assert(p->count < RAFT_INFLIGHT_MAX);
    uint32_t slot = ((uint32_t)p->head + p->count) % RAFT_INFLIGHT_MAX;
    p->more[slot] = (uint8_t)(n - 1);
    p->bytes[slot] = bytes;
    p->count++;
    p->entries = (uint16_t)(p->entries + n);
    p->inflight_bytes += bytes;
    p->next += n;
}

/* A probe is answered by what it asked after or more, and where it has entries, by more than was
 * known. Whatever else is accepted answers something older, or a slice of it; if that ended the
 * probing, two streams would be under way, each with refusals and such answers of its own. */
static bool answers_probe(const struct raft_peer *p, uint64_t index)
{
    return p->state == RAFT_PROBE && index + 1 >= p->next &&
           (index > p->match || p->paused == RAFT_WAITS_ANY);
}

bool raft_peer_acked(struct raft_peer *p, uint64_t index)
{
    bool probed = answers_probe(p, index);
    if (index <= p->match && !probed) return false;
    p->match = index;
    if (probed) {
        p->state = RAFT_REPLICATE;
        p->next = index + 1;
        p->paused = RAFT_FLOWS;
    }
    if (probed || p->state == RAFT_PROBE) return true;
    if (index >= p->next) {   /* the append that the host filled arrived: its end is known now */
        p->next = index + 1;
        p->paused = RAFT_FLOWS;
    }
    uint64_t left = p->next - 1 - index;   /* an append that ends among these is still in flight */
    while (p->entries > left + p->more[p->head]) {
        p->entries = (uint16_t)(p->entries - p->more[p->head] - 1u);
        p->inflight_bytes -= p->bytes[p->head];
        p->head = (uint8_t)((p->head + 1u) % RAFT_INFLIGHT_MAX);
        p->count--;
    }
    return true;
}

bool raft_peer_refused(struct raft_peer *p, uint64_t index, uint64_t hint)
{
    /* What matched in this term cannot cease to match, so a refusal at or below match is older than
     * that match. */
    if (index <= p->match || index >= p->next) return false;
    if (p->state == RAFT_REPLICATE) {
        raft_peer_probe(p);
        return true;
    }
    if (index != p->next - 1) return false;   /* of an earlier probe */
    uint64_t next = hint + 1 < index ? hint + 1 : index;
    p->next = next > p->match ? next : p->match + 1;
    p->paused = RAFT_FLOWS;
    return true;
}
