/* SPDX-License-Identifier: MIT */
/* Method: see log.h. Every search is over runs, never over entries. */
#include "log.h"

#include <assert.h>

enum { NEAR = 4 };     /* runs that are looked at one by one, before any search */

uint64_t raft_log_last_term(const struct raft_log *log)
{
    return log->nruns == 0 ? 0 : raft_log_runs(log)[log->nruns - 1].term;
}

uint32_t raft_log_run_at(const struct raft_log *log, uint64_t index)
{
    assert(index >= 1 && index <= log->last);
    uint32_t lo = 0, hi = log->nruns - 1;
    /* nearly every question is about the newest runs */
    for (uint32_t near = 0; near < NEAR; near++, hi--)
        if (hi == 0 || index > raft_log_runs(log)[hi - 1].last) return hi;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (raft_log_runs(log)[mid].last < index) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

uint64_t raft_log_term_at(const struct raft_log *log, uint64_t index)
{
    if (index == 0 || index > log->last) return 0;
    return raft_log_runs(log)[raft_log_run_at(log, index)].term;
}

uint32_t raft_log_runs_after(const struct raft_log *log, uint64_t cut_from,
                             const struct raft_run *runs, uint32_t nruns)
{
    uint32_t kept = log->nruns;
    if (cut_from != 0) kept = cut_from == 1 ? 0 : raft_log_run_at(log, cut_from - 1) + 1;
    if (nruns == 0) return kept;
    bool joins = kept > 0 && raft_log_runs(log)[kept - 1].term == runs[0].term;
    return kept + nruns - (joins ? 1 : 0);
}

uint64_t raft_log_conflict(const struct raft_log *log, uint64_t first, const struct raft_run *runs,
                           uint32_t nruns)
{
    if (first > log->last) return 0;
    uint32_t own = raft_log_run_at(log, first);
    uint64_t index = first;
    for (uint32_t i = 0; i < nruns; i++) {
        uint64_t end = index + runs[i].n - 1;
        while (index <= end) {
            if (index > log->last) return 0;
            if (raft_log_runs(log)[own].term != runs[i].term) return index;
            uint64_t step = raft_log_runs(log)[own].last < end ? raft_log_runs(log)[own].last : end;
            if (step == raft_log_runs(log)[own].last) own++;
            index = step + 1;
        }
    }
    return 0;
}

uint64_t raft_log_hint(const struct raft_log *log, uint64_t index, uint64_t term)
{
    if (index > log->last) index = log->last;
    if (index == 0) return 0;
    uint32_t i = raft_log_run_at(log, index);
    if (raft_log_runs(log)[i].term <= term) return index;
    while (i > 0 && raft_log_runs(log)[i - 1].term > term) i--;
    return i == 0 ? 0 : raft_log_runs(log)[i - 1].last;
}

uint32_t raft_log_size(const struct raft_log *log, uint64_t index)
{
    assert(index >= log->known && index <= log->last);
    return log->window[index % RAFT_WINDOW] & 0xffffffu;
}

void raft_log_cut(struct raft_log *log, uint64_t from)
{
    assert(from >= 1 && from <= log->last);
    log->last = from - 1;
    if (log->known > from) log->known = from;
    if (log->last == 0) {
        log->nruns = 0;
        return;
    }
    uint32_t i = raft_log_run_at(log, log->last);
    raft_log_runs(log)[i].last = log->last;
    log->nruns = i + 1;
}

/* Terms in a log never fall: entries come from leaders whose terms rise (D 3.5), and admit.c
 * refuses other input. */
static void extend(struct raft_log *log, uint64_t term, uint64_t n)
{
    assert(term >= raft_log_last_term(log) && n > 0);
    if (log->nruns == 0 || raft_log_runs(log)[log->nruns - 1].term != term) {
        assert(log->nruns < log->room);
        raft_log_runs(log)[log->nruns++].term = term;
    }
    log->last += n;
    raft_log_runs(log)[log->nruns - 1].last = log->last;
}

void raft_log_append(struct raft_log *log, uint64_t term, uint64_t n)
{
    extend(log, term, n);
    log->known = log->last + 1;
}

void raft_log_push(struct raft_log *log, uint64_t term, const struct raft_entry_info *entries,
                   uint32_t n)
{
    uint64_t index = log->last;
    extend(log, term, n);
    for (uint32_t i = 0; i < n; i++) {
        log->window[++index % RAFT_WINDOW] = (uint32_t)entries[i].kind << 24 | entries[i].size;
    }
    if (log->last >= RAFT_WINDOW && log->known <= log->last - RAFT_WINDOW)
        log->known = log->last - RAFT_WINDOW + 1;
}
