/* SPDX-License-Identifier: MIT */
/*
 * What a rule draws about a message: whether it takes it, and how much later it comes. Two draws of
 * stream SURGERY, keyed by the rule, the message's link and its number there, so that what becomes
 * of one message, or of one rule, moves the draws of no other. A draw of 0 takes nothing of a
 * share, and the least of a span.
 */
#ifndef WT_SHARE_H
#define WT_SHARE_H

#include "surgery.h"

struct drawn { uint32_t actor; uint64_t ordinal; };
/* Of the n-th message of its link, from 1. pending: of the n-th that was met under way, which is
 * counted for itself. */
struct drawn share_about(const struct rule *, const struct msg_label *, uint64_t n, bool pending);
bool share_takes(struct world *, const struct rule *, struct drawn *);
/* ns; drawn after share_takes */
uint64_t share_later(struct world *, const struct rule *, struct drawn *);

#endif
