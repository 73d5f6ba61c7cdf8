/* SPDX-License-Identifier: MIT */
/*
 * What of a state is sized at boot.
 *
 * Method: the arrays whose lengths the options say lie behind struct raft, one after another, and
 * are found by their distance from what they belong to: no pointer, so that a copy is a clone. A
 * new one is a row of options.def and a line in each function here. Last lies the log's runs, which
 * are used from their beginning only: so what is behind the last of them means nothing, and need
 * not be copied.
 */
#include "state.h"

size_t raft_size(const struct raft_options *o)
{
    return sizeof(struct raft) + (size_t)o->log_terms * sizeof(struct raft_log_run);
}

size_t raft_used(const struct raft *r)
{
    return sizeof(struct raft) + r->log.nruns * sizeof(struct raft_log_run);
}

void raft_room_lay(struct raft *r)
{
    r->log.room = (uint32_t)r->options.log_terms;
    r->log.runs_at = (uint32_t)(sizeof(struct raft) - offsetof(struct raft, log));
}
