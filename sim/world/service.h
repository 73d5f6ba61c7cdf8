/* SPDX-License-Identifier: MIT */
/*
 * Service time: what a process needs for each event that it handles. Where it has none, events are
 * handled at the instant at which they happen. Where it has some, they wait in one queue, first
 * come, first served: the next is taken when the one before it is done, is worked on for the time
 * drawn, and takes effect at the end of it. So an append keeps a heartbeat waiting, a due timer
 * fires late, and a process that gets more than it can handle falls behind.
 *
 * Events are: a message from a node, a client's request, a timer that is due, a batch that has
 * waited long enough, and that writes are durable or failed. A timer that something before it in
 * the queue has set anew costs nothing. What the scenario itself does to a node (campaign, tick, a
 * clock's jump, crash, pause) waits for nobody.
 *
 * Records tell of an event when it takes effect: a message is delivered when it has been handled,
 * and the time from its sending to that is its way and its wait. It left its link when it arrived
 * and takes up no capacity there. Promises whose write is durable leave when the process has heard
 * of that. A paused process begins what it was at anew when it resumes; a crash loses what waits.
 *
 * A world in which no node ever had a service time pays one test an event.
 */
#ifndef WT_SERVICE_H
#define WT_SERVICE_H

#include "world.h"

enum task_kind { TASK_MESSAGE, TASK_TIMER, TASK_DISK, TASK_BATCH, TASK_KINDS };

/* Of one event, drawn uniformly; 0, 0: none, and what waits is handled now. */
void service_time(struct world *, uint8_t node, uint64_t least, uint64_t most);
/* Both 0: it has none. */
void service_times(const struct world *, uint8_t node, uint64_t *least, uint64_t *most);
/* True where an event has to wait, and waits now: of a message its slot. Of the other kinds one
 * waits for all that happen meanwhile. */
bool service_takes(struct world *, uint8_t node, enum task_kind, uint32_t slot);
bool service_waits(const struct world *, uint8_t node, enum task_kind);
uint32_t service_waiting(const struct world *, uint8_t node);   /* how many, with the one at hand */
void service_event(struct world *, uint32_t arg);               /* the loop's: one is handled */
void service_resume(struct world *, uint8_t node);
void service_crash(struct world *, uint8_t node);

#endif
