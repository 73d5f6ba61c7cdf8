/* SPDX-License-Identifier: MIT */
/* Between client.c, which carries operations out, and workload.c, which thinks of them. Nothing
 * else includes this. */
#ifndef WT_CLIENT_H
#define WT_CLIENT_H

#include "world.h"

enum { CLIENT_QUEUE_MAX = 1024 };

/* An operand that is filled in when the operation starts: the value that the client last saw of
 * the key. */
#define VALUE_LAST_SEEN UINT64_MAX

/* As client_invoke, with the time at which the operation was meant to start. */
uint32_t client_ask(struct world *, const struct op_request *, uint64_t intended);
/* An operation for which there is no room any more: invoked and timed out at once, never sent. */
void client_overflow(struct world *, const struct op_request *, uint64_t intended);
void client_wake(struct world *, uint8_t client, uint64_t at);      /* an EV_CLIENT at `at`, or an
                                                                       earlier one, will come */

/* What clients of workloads have not begun yet they forget: it never leaves them. */
void client_give_up(struct world *);

void workload_wake(struct world *, uint8_t client);         /* perhaps its next operation is due */
void workload_returned(struct world *, uint8_t client, const struct op *);
uint64_t workload_last_seen(const struct world *, uint8_t client, uint16_t key);

#endif
