/* SPDX-License-Identifier: MIT */
/*
 * The worlds that raw tapes run in: small, short, and with every kind of fault on the menu, none of
 * which happens over the all-zero base. They stand here and not in scenarios/, because a raw tape's
 * meaning must not change with a file that anybody may edit. Writers and readers are workloads of
 * their own, because over the zero base a mix is all of its first kind.
 */
#include "tape.h"

/* Chaos lines that all four share; the count is part of each world. */
#define SHARED_FAULTS                                                                              \
    "  partition any every 100ms..400ms heal after 50ms..500ms\n"                                  \
    "  isolate leader every 100ms..400ms for 50ms..400ms\n"                                        \
    "  link loss 0%..20%\n"                                                                        \
    "  link duplicate 0%..20%\n"                                                                   \
    "  link reorder 0%..30% by 1ms..50ms\n"                                                        \
    "  crash every 100ms..500ms restart after 10ms..300ms keep majority up\n"                      \
    "  pause any every 100ms..500ms resume after 10ms..300ms\n"                                    \
    "  disk latency 100us..20ms\n"                                                                 \
    "  disk reorder 0%..50%\n"                                                                     \
    "  disk keep-unsynced\n"                                                                       \
    "  ties\n"                                                                                     \
    "  campaign any every 100ms..400ms\n"
enum { SHARED_LINES = 12 };

#define CHAOS_TAIL                                                                                 \
    "  then heal and expect progress within 20s\n"                                                 \
    "end\n"

const struct fixed_world fixed_worlds[] = {
    {.name = "fixed-world-0",
     .nodes = 3,
     .clients = 2,
     .lines = SHARED_LINES,
     .text = "wavetank 1\n"
             "scenario \"fixed world 0: three nodes, reads by ReadIndex\"\n"
             "nodes n1..n3\n"
             "workload w clients 1 keys 2 mix write 50% cas 30% append 20% think 10ms..40ms "
             "timeout 200ms retry 3\n"
             "workload r clients 1 keys 2 mix read 100% think 10ms..40ms timeout 200ms retry 3\n"
             "chaos 1000ms\n" SHARED_FAULTS CHAOS_TAIL},
    {.name = "fixed-world-1",
     .nodes = 3,
     .clients = 3,
     .lines = SHARED_LINES + 3,
     .text = "wavetank 1\n"
             "scenario \"fixed world 1: lease reads while clocks drift, jump and freeze\"\n"
             "nodes n1..n3\n"
             "set reads lease\n"
             "workload w clients 2 keys 1 mix write 50% cas 30% append 20% think 10ms..40ms "
             "timeout 200ms retry 3\n"
             "workload r clients 1 keys 1 mix read 100% think 10ms..40ms timeout 200ms retry 3\n"
             "chaos 1000ms\n" SHARED_FAULTS "  clock drift within bound\n"
             "  clock jump 10ms..500ms every 100ms..500ms\n"
             "  clock freeze any every 100ms..500ms for 50ms..300ms\n" CHAOS_TAIL},
    {.name = "fixed-world-2",
     .nodes = 5,
     .clients = 2,
     .lines = SHARED_LINES + 2,
     .text = "wavetank 1\n"
             "scenario \"fixed world 2: five nodes, reads through the log, small appends, "
             "batches\"\n"
             "nodes n1..n5\n"
             "set reads log\n"
             "set max-entries-per-append 2\n"
             "set max-inflight 2\n"
             "set batch 4\n"
             "workload w clients 1 keys 2 mix write 50% cas 30% append 20% think 10ms..40ms "
             "timeout 200ms retry 3\n"
             "workload r clients 1 keys 2 mix read 100% think 10ms..40ms timeout 200ms retry 3\n"
             "chaos 900ms\n" SHARED_FAULTS "  disk stall any every 100ms..400ms for 20ms..300ms\n"
             "  disk fail any every 200ms..800ms restart after 20ms..200ms\n" CHAOS_TAIL},
    {.name = "fixed-world-3",
     .nodes = 4,
     .clients = 2,
     .lines = SHARED_LINES + 1,
     .text = "wavetank 1\n"
             "scenario \"fixed world 3: four nodes without pre-vote and check-quorum\"\n"
             "nodes n1..n4\n"
             "set prevote off\n"
             "set check-quorum off\n"
             "workload w clients 1 keys 1 mix write 50% cas 30% append 20% think 10ms..40ms "
             "timeout 200ms retry 3\n"
             "workload r clients 1 keys 1 mix read 100% think 10ms..40ms timeout 200ms retry 3\n"
             "chaos 900ms\n" SHARED_FAULTS
             "  loss-burst 20%..80% every 100ms..500ms for 50ms..300ms\n" CHAOS_TAIL},
};
const uint32_t fixed_worlds_count = sizeof(fixed_worlds) / sizeof(fixed_worlds[0]);
