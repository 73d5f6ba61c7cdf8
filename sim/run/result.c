/* SPDX-License-Identifier: MIT */
/* Names and exit codes of verdicts: tables, in the order of the enums. */
#include "result.h"

#include <assert.h>
#include <string.h>
#include <stddef.h>

static const struct {
    const char *name;
    int exit;
} verdicts[VERDICTS] = {
    [V_PASS] = {"pass", EXIT_OK},
    [V_SAFETY] = {"safety", EXIT_SAFETY},
    [V_EXPECTATION] = {"expectation", EXIT_SAFETY},
    [V_LIVENESS] = {"liveness", EXIT_LIVENESS},
    [V_NONDETERMINISM] = {"nondeterminism", EXIT_NONDETERMINISM},
    [V_INCONCLUSIVE] = {"inconclusive", EXIT_INCONCLUSIVE},
    [V_SKIP] = {"skip", EXIT_SKIP},
    [V_ERROR] = {"error", EXIT_USAGE},
    [V_LOST] = {"error", EXIT_INTERNAL},
};

static const char *const metrics[METRICS] = {
    [METRIC_COMMIT] = "commit",         [METRIC_READ_INDEX] = "read-index",
    [METRIC_READ_LEASE] = "read-lease", [METRIC_READ_LOG] = "read-log",
    [METRIC_ELECTION] = "election",     [METRIC_RECOVERY] = "recovery",
};

const char *verdict_name(int verdict)
{
    return verdict >= 0 && verdict < VERDICTS ? verdicts[verdict].name : "?";
}

int verdict_exit(int verdict)
{
    return verdict >= 0 && verdict < VERDICTS ? verdicts[verdict].exit : EXIT_INTERNAL;
}

const char *metric_name(int metric)
{
    return metric >= 0 && metric < METRICS ? metrics[metric] : "?";
}

bool result_by_rule(const struct result *r)
{
    if (r->nviolations == 0 || r->verdict == V_SAFETY)
        return r->nviolations > 0;
    return strcmp(r->check, checks[r->violation[0].check]->name) == 0;
}

int exit_worse(int a, int b)
{
    static const int order[] = {EXIT_INTERNAL, EXIT_USAGE,    EXIT_NONDETERMINISM,
                                EXIT_SAFETY,   EXIT_LIVENESS, EXIT_INCONCLUSIVE,
                                EXIT_OK,       EXIT_SKIP};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (a == order[i] || b == order[i])
            return order[i];
    assert(false && "not an exit code");
    return EXIT_INTERNAL;
}
