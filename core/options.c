/* SPDX-License-Identifier: MIT */
/* Method: both functions are made from options.def; what no single row can say stands at
 * the end. */
#include <string.h>

#include "raft.h"

void raft_options_default(struct raft_options *o)
{
    memset(o, 0, sizeof *o);
#define OPT_BOOL(field, name, def, help) o->field = (def);
#define OPT_TIME(field, name, def, least, most, help) o->field = (def);
#define OPT_AUTO(field, name, least, most, help) o->field = RAFT_AUTO;
#define OPT_SPAN(field, name, lo, hi, least, most, help)                                           \
    o->field##_min = (lo); o->field##_max = (hi);
#define OPT_COUNT(field, name, def, least, most, help) o->field = (def);
#define OPT_BYTES(field, name, def, least, most, help) o->field = (def);
#define OPT_PPM(field, name, def, least, most, help) o->field = (def);
#define OPT_ENUM(field, name, def, words, help) o->field = (def);
#include "options.def"
}

/* least is not below 0 in any row, so one comparison, wrapping, asks both ends. */
static bool within(uint64_t value, uint64_t least, uint64_t most)
{
    return value - least <= most - least;
}

static uint64_t words_in(const char *words)
{
    uint64_t n = 1;
    for (; *words != '\0'; words++) n += *words == '|';
    return n;
}

/* NULL, or what is out of range. */
static const char *row_out_of_range(const struct raft_options *o)
{
#define RANGE(value, least, most, name)                                                            \
    if (!within((value), (least), (most))) return name " is out of its range";
#define OPT_BOOL(field, name, def, help) RANGE(o->field, 0, 1, name)
#define OPT_TIME(field, name, def, least, most, help) RANGE(o->field, least, most, name)
#define OPT_AUTO(field, name, least, most, help)                                                   \
    if (o->field != RAFT_AUTO) RANGE(o->field, least, most, name)
#define OPT_SPAN(field, name, lo, hi, least, most, help) \
    RANGE(o->field##_min, least, most, name) RANGE(o->field##_max, least, most, name) \
    if (o->field##_min > o->field##_max) return name " has its ends the wrong way round";
#define OPT_COUNT(field, name, def, least, most, help) RANGE(o->field, least, most, name)
#define OPT_BYTES(field, name, def, least, most, help) RANGE(o->field, least, most, name)
#define OPT_PPM(field, name, def, least, most, help) RANGE(o->field, least, most, name)
#define OPT_ENUM(field, name, def, words, help) RANGE(o->field, 0, words_in(words) - 1, name)
#include "options.def"
#undef RANGE
    return NULL;
}

static bool keeps_leases(const struct raft_options *o)
{
    return o->leases == RAFT_LEASES_ON ||
           (o->leases == RAFT_LEASES_AUTO && o->reads == RAFT_READS_LEASE);
}

static const char *misfit(const struct raft_options *o)
{
    if (o->heartbeat >= o->election_timeout_min)
        return "heartbeat is not below the minimum election-timeout";
    bool leases = keeps_leases(o);
    if (o->reads == RAFT_READS_LEASE && !leases) return "reads are lease, but leases are off";
    bool by_reads = o->leases == RAFT_LEASES_AUTO;
    if (leases && !o->check_quorum)
        return by_reads ? "reads that are lease need check-quorum" : "leases need check-quorum";
    if (leases && !o->stickiness)
        return by_reads ? "reads that are lease need stickiness" : "leases need stickiness";
    return NULL;
}

bool raft_options_valid(const struct raft_options *o, const char **why)
{
    const char *wrong = row_out_of_range(o);
    if (wrong == NULL) wrong = misfit(o);
    if (why != NULL) *why = wrong == NULL ? "" : wrong;
    return wrong == NULL;
}

/* What a lease promises is what the other voters keep to: their silence, for their own minimum
 * timeout, by their clocks (D 6.4.1). */
bool raft_options_agree(const struct raft_options *a, const struct raft_options *b,
                        const char **why)
{
    const char *wrong = NULL;
    if (keeps_leases(a) != keeps_leases(b))
        wrong = "leases are on at one voter and off at another (auto: as its reads are); set "
                "leases on for all";
    else if (keeps_leases(a) && a->election_timeout_min != b->election_timeout_min)
        wrong = "under leases all voters need one minimum election-timeout";
    else if (keeps_leases(a) && a->lease_drift_bound != b->lease_drift_bound)
        wrong = "under leases all voters need one lease-drift-bound";
    if (why != NULL) *why = wrong == NULL ? "" : wrong;
    return wrong == NULL;
}
