/* SPDX-License-Identifier: MIT */
/* What the checks of a sweep judged. Method: sums by the check's place; a check counts in the runs
 * in which it could judge anything (judge_tallies). */
#include <inttypes.h>

#include "summary.h"

void summary_checks_add(struct summary *s, const struct result *r)
{
    for (int i = 0; i < CHECKS; i++) {
        s->checks[i].runs += r->could_judge >> i & 1;
        s->checks[i].tally.judged += r->tally[i].judged;
        s->checks[i].tally.excused += r->tally[i].excused;
    }
}

void summary_checks_print(FILE *out, const struct summary *s)
{
    fprintf(out, "%-26s %10s %10s %12s\n", "check", "runs", "excused", "judged");
    for (int i = 0; i < CHECKS; i++) {
        const struct check_count *c = &s->checks[i];
        if (c->runs > 0)
            fprintf(out, "  %-24s %10" PRIu64 " %10" PRIu64 " %12" PRIu64 "%s\n", checks[i]->name,
                    c->runs, c->tally.excused, c->tally.judged,
                    c->tally.judged == 0 ? "   never" : "");
    }
    fprintf(out, "stability was armed for %" PRIu64 ".%03" PRIu64 " s of %" PRIu64 ".%03" PRIu64
            " s\n",
            s->total.armed_ns / 1000000000, s->total.armed_ns / 1000000 % 1000,
            s->simulated_ns / 1000000000, s->simulated_ns / 1000000 % 1000);
}

uint32_t summary_unjudged(FILE *out, const struct summary *s)
{
    uint32_t n = 0;
    for (int i = 0; i < CHECKS; i++) {
        const struct check_count *c = &s->checks[i];
        if (c->tally.judged > 0)
            continue;
        if (c->runs == 0) {
            fprintf(out, "check '%s' had nothing to judge in any run: %s%sit is disabled\n",
                    checks[i]->name, checks[i]->idle ? checks[i]->idle : "",
                    checks[i]->idle ? ", or " : "");
            continue;
        }
        fprintf(out, "check '%s' could judge in %" PRIu64 " runs and judged nothing: it waits for "
                "%s",
                checks[i]->name, c->runs, checks[i]->judges);
        if (c->tally.excused > 0)
            fprintf(out, ", and excused %" PRIu64, c->tally.excused);
        putc('\n', out);
        n++;
    }
    return n;
}
