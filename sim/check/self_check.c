/* SPDX-License-Identifier: MIT */
/* The system under test looks at its own state after its steps (sut.check); what it finds is reported here, by the number it gives. */
#include <inttypes.h>

#include "model.h"

static void record(struct world *w, void *state, const struct record *r)
{
    (void)state;
    if (r->sub == HALT_SELF_CHECK)
        violate(w, &check_self_check, 0, "n%u breaks invariant %" PRIu64 " of its own at %s", r->node, r->a, when(r->at).text);
}

const struct check check_self_check = {
    .name = "self-check",
    .rule = "the system under test finds its own invariants kept",
    .kinds = WANTS(HALT),
    .record = record,
};
