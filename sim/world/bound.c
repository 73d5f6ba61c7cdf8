/* SPDX-License-Identifier: MIT */
/* Method: see bound.h. A clock that stands still has no timeouts, and a SUT without the option has
 * those of the core's default. */
#include "world.h"

#include <string.h>

#include "bound.h"

#define BOUND_MOST SEC(1000000000)

/* In true time, as its clock runs now. */
static uint64_t by_clock(const struct world *w, uint8_t node, uint64_t ns)
{
    const struct clock *c = &w->node[node].clock;
    uint64_t scaled;
    if (c->num == 0 || __builtin_mul_overflow(ns, (uint64_t)c->den, &scaled))
        return ns;
    return scaled / c->num + (scaled % c->num != 0);
}

static uint64_t election_timeout(const struct world *w, uint8_t node)
{
    uint64_t most = MS(300);
    for (const struct option_row *row = w->sut->options; row->name; row++)
        if (strcmp(row->name, "election-timeout") == 0)
            memcpy(&most, (const char *)world_options(w, node) + row->offset + sizeof most,
                   sizeof most);
    return by_clock(w, node, most);
}

uint64_t bound_disk_timeout(const struct world *w, uint8_t node)
{
    const uint64_t ns = world_option(w, node, "disk-timeout");
    return ns == OPTION_AUTO_VALUE ? election_timeout(w, node) : by_clock(w, node, ns);
}

uint64_t bound_time(const struct world *w, struct bound b, node_set nodes)
{
    uint64_t most = 0, ns;
    if (!b.timeouts)
        return b.ns;
    for (; nodes; nodes &= nodes - 1) {
        const uint64_t timeout = election_timeout(w, (uint8_t)(__builtin_ctz(nodes) + 1));
        most = timeout > most ? timeout : most;
    }
    if (__builtin_mul_overflow(most, b.timeouts, &ns) || ns / 1000 > BOUND_MOST)
        return BOUND_MOST;
    return ns / 1000;
}
