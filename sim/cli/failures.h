/* SPDX-License-Identifier: MIT */
/*
 * Runs that did not pass, in groups: failures by their signature (run/signature.h), what is
 * inconclusive or skipped by its reason.
 */
#ifndef WT_FAILURES_H
#define WT_FAILURES_H

#include "cli.h"

enum { FAILURES_TOLD = 100, FAILURE_GROUPS_MAX = 1024 };

/* One of them, as a result line has it. Strings need not stay. */
struct failure {
    uint8_t verdict;
    uint64_t seed;
    const char *check, *detail, *signature, *path, *replay;
};

struct failing { uint64_t seed; char *replay, *detail; };
struct failure_group {
    uint8_t verdict;
    char *check, *signature;
    char **path;                    /* the scenarios, each once, in the order of their bytes */
    uint32_t npaths;
    uint64_t count;
    struct failing *run;            /* of the least seeds; in order once they are sorted */
    uint32_t n, room;
};
/* Begins as zeros. */
struct failures {
    struct failure_group *group;
    uint32_t ngroups, room;
    uint64_t ungrouped;             /* beyond FAILURE_GROUPS_MAX groups */
    bool all;                       /* each is kept, not only those that are told */
};

/* True where it is the first of its group. */
bool failures_add(struct failures *, const struct failure *);
/* Those that failed, each with its replay line, up to FAILURES_TOLD of them unless all are kept; or
 * the others, by their reason. `where`: who knows the rest, said where there is one. */
void failures_print(FILE *, struct failures *, bool that_failed, const char *where);
void failures_free(struct failures *);

#endif
