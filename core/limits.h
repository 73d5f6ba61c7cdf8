/* SPDX-License-Identifier: MIT */
/*
 * The fixed sizes of the core. Every array of the state and of the effects has its length here, but
 * for those that a boot's options size (room.c); the core never grows anything. What happens at
 * each bound is said beside it: either the input is refused with a value (state untouched), or the
 * work waits for room.
 */
#ifndef RAFT_LIMITS_H
#define RAFT_LIMITS_H

enum {
    RAFT_NODES_MAX = 16,    /* node ids run 1..16; 0 means none                                  */
    RAFT_VOTERS_MAX = 9,    /* voters in one configuration                                       */
    RAFT_TERMS_MAX = 65536, /* what the option log-terms may ask for: runs of equal term in a log */
    RAFT_WINDOW = 256,      /* recent entries whose kind and size the core knows; below it the
                               host fills */
    RAFT_INFLIGHT_MAX = 64, /* unacknowledged appends to one peer (option max-inflight may
                               say less) */
    RAFT_WRITES_MAX = 256,  /* writes issued and not yet durable; one more: RAFT_E_BUSY
                               (option max-unsynced-writes may say less) */
    RAFT_READS_MAX = 64,    /* reads waiting at one node; one more: RAFT_E_BUSY                  */
    RAFT_ROUNDS_MAX = 64,   /* rounds whose beginning is remembered; an answer to an older one
                               extends no lease */
    RAFT_MARKS_MAX = 16,    /* beginnings, 1/8 of an election timeout apart, by which an older
                               one is still a contact */
    RAFT_MSG_RUNS_MAX = 8,  /* runs of equal term in one append; a batch is cut there            */
    RAFT_LIFE_BITS = 24,    /* incarnations of a node: 1..2^24 - 1; raft_init refuses others     */
    RAFT_ASKED_BITS = 40,   /* candidacies, and reads, of one life: 2^40 - 1; one more:
                               RAFT_E_LIMIT_LIFE */
    RAFT_PROPOSE_MAX = 256, /* entries in one proposal; more: RAFT_E_INVALID                     */
    RAFT_OUT_MSGS = 104,    /* messages of one step; appends that do not fit leave in the next
                               (deadline = now) */
    RAFT_OUT_READS = 64,    /* reads answered by one step                                        */
    RAFT_OUT_NOTES = 16     /* decisions explained by one step; later ones are counted, not kept */
};

#endif
