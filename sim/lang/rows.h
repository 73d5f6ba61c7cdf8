/* SPDX-License-Identifier: MIT */
/* The functions behind the rows of verbs.def and asserts.def, declared from the rows themselves. */
#ifndef WT_ROWS_H
#define WT_ROWS_H

#include "ast.h"

#define VERB(symbol, ...) \
    bool parse_##symbol(struct cursor *, struct stmt *); \
    bool run_##symbol(struct player *, const struct stmt *);
#define SETUP(symbol, ...) bool parse_##symbol(struct cursor *, struct stmt *);
#define SHAPE(...)
#define DRAWN(...)
#define BLOCK(symbol, ...) bool run_##symbol(struct player *, const struct stmt *);
#include "verbs.def"

#define ASSERT(symbol, ...) \
    bool assert_parse_##symbol(struct cursor *, struct cond *); \
    bool assert_eval_##symbol(struct player *, const struct cond *, struct saw *);
#include "asserts.def"

/* Shared by the assertion families (asserts_state.c). */
typedef bool node_test(struct player *, const struct cond *, uint8_t node, struct saw *);
bool each_node(struct player *, const struct cond *, struct saw *, node_test *);
bool need_comparison(struct cursor *, struct cond *, const char *what);

/* asserts_log.c: its last entries */
void saw_log(struct player *, struct saw *, uint8_t node, uint32_t head);
bool need_timeout(struct cursor *, uint64_t *timeout);  /* verbs_client.c: of a client's attempt */

#endif
