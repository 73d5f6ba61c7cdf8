/* SPDX-License-Identifier: MIT */
/*
 * The shape of a log: terms as runs, and kind and size of the latest entries this node
 * created itself.
 *
 * Method: a log of a million entries has as many runs as it saw leaders. A run keeps its last index
 * instead of its length, so any index is found by bisection, and the newest run without any search.
 * Knows nothing of struct raft.
 */
#ifndef RAFT_LOG_H
#define RAFT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "raft.h"

struct raft_log_run {
    uint64_t term;
    uint64_t last;       /* index of its last entry; it begins after the run before */
};

struct raft_log {
    uint64_t last;                  /* 0: empty                                                   */
    uint64_t known;                 /* shapes of known..last are in the window; last + 1: of none */
    uint32_t nruns, room;           /* runs there are, and may be                                 */
    uint32_t runs_at;               /* bytes from here to the runs (room.c)                       */
    uint32_t zero;
    uint32_t window[RAFT_WINDOW];   /* entry i in slot i % RAFT_WINDOW: kind << 24 | size         */
};

static inline struct raft_log_run *raft_log_runs(const struct raft_log *log)
{
    return (struct raft_log_run *)(void *)((char *)(uintptr_t)log + log->runs_at);
}

uint64_t raft_log_last_term(const struct raft_log *);
/* 0 for index 0 and beyond the last. */
uint64_t raft_log_term_at(const struct raft_log *, uint64_t index);
/* The run that holds index, which must be in 1..last. */
uint32_t raft_log_run_at(const struct raft_log *, uint64_t index);
/* Runs that the log would have if it were cut from cut_from (0: not at all) and then got these; may
 * be too many. */
uint32_t raft_log_runs_after(const struct raft_log *, uint64_t cut_from, const struct raft_run *,
                             uint32_t nruns);
/* The first own entry whose term differs from what the runs say of first, first+1 ...;
 * 0: none does. */
uint64_t raft_log_conflict(const struct raft_log *, uint64_t first, const struct raft_run *,
                           uint32_t nruns);
/* The last entry at or before index whose term is at most term; 0: none (D 3.5, the optimisation at
 * its end). */
uint64_t raft_log_hint(const struct raft_log *, uint64_t index, uint64_t term);
/* Bytes of an entry in known..last. */
uint32_t raft_log_size(const struct raft_log *, uint64_t index);

/* The caller has made sure of the room. */
void raft_log_cut(struct raft_log *, uint64_t from);
void raft_log_append(struct raft_log *, uint64_t term, uint64_t n);             /* shapes unknown */
void raft_log_push(struct raft_log *, uint64_t term, const struct raft_entry_info *, uint32_t n);

#endif
