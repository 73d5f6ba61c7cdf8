/* SPDX-License-Identifier: MIT */
/*
 * sweep --against OLD: has anything got worse? The totals of run/totals.def are compared run by
 * run, each with the one of the same scenario, variant and seed in OLD, by the test of
 * run/paired.h. A total is worse or better where the test tells it and it differs by AGAINST_LEAST
 * percent or more. Were nothing changed, at most one comparison in 1,000 would find any total so,
 * however many totals there are: their number is corrected for (Bonferroni).
 *
 * A pair of which either run did not pass is left out: its totals are of another length.
 */
#ifndef WT_AGAINST_H
#define WT_AGAINST_H

#include "../run/paired.h"
#include "../run/totals.h"
#include "results.h"

enum { AGAINST_LEAST = 3, AGAINST_ODDS = 1000 };
_Static_assert(TOTALS * AGAINST_ODDS <= PAIRED_ODDS, "as many totals as the test has odds for");

struct against;
/* Reads q->against. NULL and *code after a message: it cannot be read; its revision did not count
 * all that is compared; it was swept with other settings, or a scenario has changed; it has not
 * just the runs that this sweep asks for; they are too few to tell anything. */
struct against *against_open(const struct request *, const struct suite *, int *code);
/* A run of this sweep. One that is added twice counts once. */
void against_add(struct against *, const struct item *, const struct result *);
enum against_found { AGAINST_NOTHING, AGAINST_WORSE, AGAINST_UNDECIDED };
/* The table, and what it comes to. `stopped`: the sweep ended early, and nothing is compared. */
enum against_found against_tell(FILE *, struct against *, bool stopped);
void against_free(struct against *);              /* NULL: nothing */

#endif
