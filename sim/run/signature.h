/* SPDX-License-Identifier: MIT */
/*
 * What a failure looks like, whatever its seed, its numbers and its place: runs that fail with the
 * same signature are taken for the same defect.
 *
 *     promise-audit: send append-reply by follower (way 2a7)
 *     linearizable: return of a read, answered by lease by a leader (way 51c)
 *     expect at scenarios/reads/stale.scn:12
 *     progress in scenarios/storm/disks.scn
 *
 * Of a broken rule: the check; the kind of the record at which it was broken (of a message its
 * type, of a read how it was answered); what its node was then; the way of breaking the rule, which
 * is a hash of the check's sentence without what it fills in; and the unsafe options that are on.
 * Not which record it disagrees with: that is often the latest of several that would do. Of a
 * statement that failed: where it stands. Of anything else: the check, and the scenario or, without
 * a verdict, the reason.
 */
#ifndef WT_SIGNATURE_H
#define WT_SIGNATURE_H

#include "run.h"

/* Runs once more what came to `first`: the run again is in `again`, the signature in `out`. Only
 * where the two have the same digest does it mean anything. */
void signature_run(const struct run *, struct arena *block, const struct result *first,
                   struct result *again, char out[SIGNATURE_BYTES]);
/* Without another run: of a run that broke no rule. */
void signature_plain(const struct result *, const char *path, char out[SIGNATURE_BYTES]);

#endif
