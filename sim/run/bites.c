/* SPDX-License-Identifier: MIT */
/* See bites.h. Method: each kind of record is looked at once; what an option's value is does not
 * matter here, the reader of the sums knows it. */
#include "bites.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "../world/world.h"

_Static_assert(sizeof(((struct bites *)0)->led) / sizeof(uint64_t) == NODES_MAX + 1,
               "a place a node");

static const char *const options[BITES] = {
#define BITE(name, option, ...) [BITE_##name] = option,
#include "bites.def"
#undef BITE
};

const char *bite_option(int bite)
{
    assert(bite >= 0 && bite < BITES);
    return options[bite];
}

int bite_of(const char *option)
{
    for (int i = 0; i < BITES; i++)
        if (strcmp(options[i], option) == 0)
            return i;
    return -1;
}

void bites_start(const struct world *w, struct bites *b)
{
    for (const struct option_row *row = w->plan->sut->options; row->name != NULL; row++)
        for (uint8_t node = 1;
             strcmp(row->name, options[BITE_MAX_ENTRIES]) == 0 && node <= w->nnodes; node++)
            b->most_entries[node] = w->plan->sut_options[node][row->offset / sizeof(uint64_t)];
}

static void send(struct bites *b, const struct record *r)
{
    if (r->node > NODES_MAX)
        return;
    b->n[BITE_PREVOTE] += rec_type(r) == MSG_PREVOTE;
    b->n[BITE_FORWARDING] += rec_type(r) == MSG_PROPOSE;
    b->n[BITE_MAX_ENTRIES] += rec_type(r) == MSG_APPEND && b->most_entries[r->node] > 0 &&
                              rec_entries(r) >= b->most_entries[r->node];
}

static void role(struct bites *b, const struct record *r)
{
    assert(r->node >= 1 && r->node <= NODES_MAX);
    uint64_t *led = &b->led[r->node];
    b->n[BITE_CHECK_QUORUM] += rec_role(r) == SUT_FOLLOWER && *led == r->term && r->term != 0;
    *led = rec_role(r) == SUT_LEADER ? r->term : 0;
}

void bites_record(struct bites *b, const struct record *r)
{
    switch (r->kind) {
    case REC_SEND: send(b, r); break;
    case REC_ROLE: role(b, r); break;
    case REC_BOOT: b->led[r->node] = 0; break;
    case REC_READ: b->n[BITE_READS]++; break;
    case REC_LEASE: b->n[BITE_LEASES] += rec_until_local(r) != 0; break;
    case REC_APPEND: b->n[BITE_NOOP] += rec_origin(r) == SUT_FROM_SELF; break;
    default: break;
    }
}
