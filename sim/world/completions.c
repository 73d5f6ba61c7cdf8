/* SPDX-License-Identifier: MIT */
/*
 * Method: a process hears that writes are durable, or that one failed, when it runs: at once, after
 * its service time, or when it is resumed. First leave the messages that waited for that, then each
 * replica is told, by the number that it gave its own write.
 */
#include "host.h"
#include "service.h"

/* again: a replica is told what it knows, too, since who was held up tells what it finds. */
static void hear_durable(struct world *w, uint8_t node, bool again)
{
    host_release(w, node);
    for (uint16_t group = 0; group < w->groups; group++) {
        struct replica *rep = replica_of(w, node, group);
        struct sut_event ev = {.type = SUT_WRITE_DONE, .id = storage_durable_of(w, rep)};
        if (ev.id == 0 || (ev.id == rep->told && !again))
            continue;
        rep->told = ev.id;
        host_event(w, rep, &ev);
    }
}

/* Of the replicas that wait for the write that failed, or for a later one, none goes on. */
static void hear_failed(struct world *w, uint8_t node)
{
    struct process *proc = &w->process[node];
    for (uint16_t group = 0; group < w->groups; group++) {
        struct replica *rep = replica_of(w, node, group);
        struct sut_event ev = {.type = SUT_WRITE_DONE, .id = storage_failed(w, rep), .flag = true};
        if (ev.id)
            host_event(w, rep, &ev);
    }
    host_drop_list(w, &proc->held, &proc->held_last, DROP_STALE_PROMISE);
    for (uint16_t group = 0; group < w->groups; group++) {
        struct replica *rep = replica_of(w, node, group);
        rep->halted = rep->role == SUT_HALTED;
        if (!rep->halted)
            continue;
        struct record *r = record_of(w, REC_HALT, rep);
        rec_set_halt(r, HALT_WRITE_FAILED);
        record_done(w);
    }
}

void host_hear_disk(struct world *w, uint8_t node)
{
    if (storage_durable(w, node))
        hear_durable(w, node, true);
    if (storage_broken(w, node) && !host_halted(w, node))
        hear_failed(w, node);
}

void host_durable(struct world *w, uint8_t node, bool again)
{
    if (w->process[node].pauses || storage_durable(w, node) == 0)
        return;                                 /* a paused process hears of it when it resumes */
    if (!w->service || !service_takes(w, node, TASK_DISK, 0))
        hear_durable(w, node, again);
}

void host_write_failed(struct world *w, uint8_t node)
{
    if (!w->process[node].pauses && (!w->service || !service_takes(w, node, TASK_DISK, 0)))
        hear_failed(w, node);
}
