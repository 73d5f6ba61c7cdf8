/* SPDX-License-Identifier: MIT */
/* What a healing asks of nodes outside the core that it heals. Of the rules, see left_out.c. */
#ifndef WT_LEFT_OUT_H
#define WT_LEFT_OUT_H

#include "chaos.h"

bool left_inside(node_set core, uint8_t actor);                 /* a client always is */
bool left_acts(const struct world *, uint8_t node);             /* up, neither halted nor paused */
bool left_disk_hangs(const struct world *, uint8_t node);
/* The core, and whoever else leads or could lead. */
node_set left_rulers(struct world *, node_set core);
/* A voter outside: left as it is, it could keep a sound core from progress. */
bool left_in_the_way(struct world *, uint8_t node, node_set core);
/* One that is in the way and has damage that stays for ever: it still is when all else about it is
 * made whole. `healed`: the core, and all of its kind. */
bool left_beyond_help(struct world *, uint8_t node, node_set healed, node_set core);

#endif
