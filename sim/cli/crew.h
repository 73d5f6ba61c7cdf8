/* SPDX-License-Identifier: MIT */
/*
 * A crew of worker processes, each of which runs one seed after another in memory of its own. A
 * worker that dies or takes too long costs its run a verdict `error` and is replaced; nobody
 * else notices.
 */
#ifndef WT_CREW_H
#define WT_CREW_H

#include "cli.h"

/* twice: run it again and compare the digests */
struct job { uint32_t item; bool twice; uint64_t seed; };

struct crew_orders {
    const struct suite *suite;
    const struct request *request;              /* jobs, seed_timeout_ms, and how to run */
    bool (*next)(void *ctx, struct job *);      /* the next job; false: none, for now and ever */
    /* the result is valid during the call */
    void (*done)(void *ctx, const struct job *, const struct result *);
    void (*tick)(void *ctx);                    /* some ten times a second */
    void *ctx;
};
/* Runs all jobs; where processes or pipes are scarce, with fewer workers. False: there is no worker
 * at all, and a message is out. */
bool crew_run(const struct crew_orders *);
uint64_t now_ms(void);     /* wall-clock time from some beginning; it never goes back */

#endif
