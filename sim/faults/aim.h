/* SPDX-License-Identifier: MIT */
/*
 * The inside of aiming: who waits for which occasion (fault.h has these). A line that says `after
 * OCCASION` is armed when its time comes, and strikes at the next such occasion: at the same
 * instant, but not before all that the occasion does is done; with `within D` a drawn while later.
 * A strike of a line that says `until OCCASION` is over at the next one, and when its time is up at
 * the latest.
 */
#ifndef WT_AIM_H
#define WT_AIM_H

#include "chaos.h"

/* A line that is armed, and a strike that awaits its end, may be told so again. */
void aim_arm(struct chaos *, uint32_t line);
void aim_await_end(struct chaos *, uint32_t slot);
void aim_forget_end(struct chaos *, uint32_t slot);
void aim_forget_all(struct chaos *);

/* Looks for occasions that lines and strikes wait for. Whoever waited does so no longer, and what
 * is to come of it stands in the queue: the world is not changed while a record is being told. To
 * be asked where c->aims has the record's kind. */
void aim_record(struct world *, const struct record *);

/* The engine's (chaos.c): what comes of it, as an event of this instant or of a drawn one. */
void chaos_strike_aimed(struct world *, uint32_t line, uint8_t about);
void chaos_mend_now(struct world *, uint32_t slot);

#endif
