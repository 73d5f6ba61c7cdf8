/* SPDX-License-Identifier: MIT */
/*
 * Method: a disk is one journal, a ring of the writes of all replicas of its process, numbered in
 * the order in which they were issued. Each has the durable image of its replica that holds once it
 * and every earlier write are done: what the replica's writes asked for, and nothing else
 * (writes.c). Writes complete one by one, in order or not; durable images move only with the
 * unbroken prefix of completed writes. A crash forgets the rest, or keeps a drawn prefix of it. A
 * failed write breaks the prefix for good: the SUTs that wait behind it halt.
 */
#include "disk.h"
#include "storage.h"

#include <assert.h>
#include <string.h>

enum { ORD_DELAY, ORD_ORDER, ORD_CRASH };
enum write_state { WRITE_PENDING, WRITE_COMPLETE, WRITE_FAILED };

struct disk_write {
    uint64_t wid, at;               /* wid: its replica's number; at: when it completes; NEVER
                                       while held */
    struct image image;             /* the image once it and all earlier ones are durable */
    uint64_t cut_from;
    uint16_t group;
    uint8_t state;                  /* enum write_state */
};

/* What a replica has on the disk, and what its writes have asked for, by its own numbers of this
 * life. */
struct stored {
    struct image durable, asked;
    uint64_t durable_wid, asked_wid;    /* 0: none in this life */
    uint64_t asked_number;              /* the journal's number of the latest; 0: likewise */
    uint64_t cut_from;                  /* of the write that became durable last */
    bool moved;                         /* it became durable just now */
};

struct disk {
    struct disk_settings set;
    uint64_t ordinal[3];            /* DISK_DELAY, DISK_ORDER, DISK_CRASH */
    uint64_t last_at;
    uint64_t durable;               /* the journal's number of the latest that is durable with all
                                       earlier ones; 0: none in this life */
    uint64_t stored;                /* offset of struct stored[groups] */
    uint64_t incarnation;           /* the latest given; durable at once, and never lost */
    uint32_t head, count, capacity; /* ring of struct disk_write at `ring`, a power of two; at its
                                       head number durable + 1 */
    uint64_t ring;                  /* arena offset */
    uint64_t fail;                  /* the journal's number of the write that fails; 0: none */
    uint32_t fail_in;               /* fail the n-th write from now; 0: none */
    uint8_t stalls;                 /* how many faults stall it now */
    bool stepwise;                  /* writes complete only by disk_complete */
    bool unordered;                 /* a write in the ring may complete before an earlier one */
    bool broken;                    /* a write failed: nothing after it becomes durable until the
                                       next boot */
};

static inline struct disk *disk_of(const struct world *w, uint8_t node)
{
    return (struct disk *)arena_at(&w->arena, w->disks) + (node - 1u);
}

static inline struct stored *stored_of(const struct world *w, uint8_t node, uint16_t group)
{
    return (struct stored *)arena_at(&w->arena, disk_of(w, node)->stored) + group;
}

static struct disk_write *write_at(const struct world *w, const struct disk *d, uint32_t i)
{
    return (struct disk_write *)arena_at(&w->arena, d->ring) + ((d->head + i) & (d->capacity - 1));
}

struct disk_settings disk_planned(const struct world *w, uint8_t node)
{
    const struct host_options *opt = &w->plan->host[node];
    return (struct disk_settings){.latency_min = opt->disk ? 0 : opt->disk_latency_min,
                                  .latency_max = opt->disk ? 0 : opt->disk_latency_max};
}

void storage_init(struct world *w)
{
    w->disks = arena_take(&w->arena, w->nnodes * sizeof(struct disk));
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        disk_of(w, n)->set = disk_planned(w, n);
        disk_of(w, n)->stored = arena_take(&w->arena, w->groups * sizeof(struct stored));
    }
}

void storage_preload(struct world *w, const struct replica *rep, const struct image *image)
{
    struct stored *stored = stored_of(w, rep->node, rep->group);
    stored->durable = stored->asked = *image;
}

static void ring_grow(struct world *w, struct disk *d)
{
    uint32_t capacity = d->capacity ? d->capacity * 2 : 16;
    uint64_t to = arena_take(&w->arena, capacity * sizeof(struct disk_write));
    for (uint32_t i = 0; i < d->count; i++)
        ((struct disk_write *)arena_at(&w->arena, to))[i] = *write_at(w, d, i);
    d->ring = to;
    d->head = 0;
    d->capacity = capacity;
}

/* Completion times never fall below an earlier write's, unless this one is drawn to be out
 * of order. */
static uint64_t completion(struct world *w, uint8_t node, struct disk *d)
{
    if (d->stepwise)
        return NEVER;
    uint64_t at =
        w->now + draw_range(w, STREAM_DISK_DELAY, node, &d->ordinal[ORD_DELAY], d->set.latency_min,
                            d->set.latency_max);
    if (d->set.reorder_ppm && draw_chance(w, STREAM_DISK_ORDER, node, &d->ordinal[ORD_ORDER],
                                      d->set.reorder_ppm)) {
        d->unordered = true;
        return at;
    }
    if (at < d->last_at)
        at = d->last_at;
    d->last_at = at;
    return at;
}

static void record_write(struct world *w, enum record_kind kind, const struct replica *rep,
                         const struct image *image, uint64_t wid, uint64_t cut_from)
{
    struct record *r = record_of(w, kind, rep);
    rec_set_wid(r, wid);
    r->term = image->term;
    rec_set_vote(r, image->vote);
    const uint32_t head = store_readable(w, image->head);
    r->index = store_index(w, head);
    rec_set_head(r, head);
    rec_set_cut_from(r, cut_from);
    record_done(w);
}

void storage_write(struct world *w, const struct replica *rep, const struct sut_write *write,
                   uint32_t head)
{
    const uint8_t node = rep->node;
    struct disk *d = disk_of(w, node);
    struct stored *stored = stored_of(w, node, rep->group);
    if (d->count == d->capacity)
        ring_grow(w, d);
    struct disk_write *dw = write_at(w, d, d->count++);
    *dw = (struct disk_write){.wid = write->wid, .cut_from = write->cut_from, .group = rep->group,
                              .image = {.term = write->term, .vote = write->vote, .head = head}};
    stored->asked = dw->image;
    stored->asked_wid = write->wid;
    stored->asked_number = d->durable + d->count;
    if (d->fail_in && --d->fail_in == 0)
        d->fail = stored->asked_number;
    record_write(w, REC_WRITE, rep, &dw->image, write->wid, write->cut_from);
    dw->at = completion(w, node, d);
    if (!d->stalls)
        world_schedule(w, dw->at, EV_DISK, node);
}

static void record_durable(struct world *w, uint8_t node)
{
    for (uint16_t group = 0; group < w->groups; group++) {
        struct stored *stored = stored_of(w, node, group);
        if (!stored->moved)
            continue;
        stored->moved = false;
        record_write(w, REC_DURABLE, replica_of(w, node, group), &stored->durable,
                     stored->durable_wid, stored->cut_from);
    }
}

/* Moves the durable prefix over the completed writes; tells the host once. */
static void advance(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    const uint64_t before = d->durable;
    while (d->count) {
        const struct disk_write *dw = write_at(w, d, 0);
        if (dw->state != WRITE_COMPLETE)
            break;
        struct stored *stored = stored_of(w, node, dw->group);
        stored->durable = dw->image;
        stored->durable_wid = dw->wid;
        stored->cut_from = dw->cut_from;
        stored->moved = true;
        d->durable++;
        d->head = (d->head + 1) & (d->capacity - 1);
        d->count--;
    }
    if (d->count == 0)
        d->unordered = false;
    if (d->durable == before)
        return;
    record_durable(w, node);
    host_durable(w, node, false);
}

/* The i-th write at hand comes to its end. */
static void finish(struct world *w, struct disk *d, uint32_t i)
{
    w->count.events++;
    w->count.writes++;
    write_at(w, d, i)->state = d->durable + 1 + i == d->fail ? WRITE_FAILED : WRITE_COMPLETE;
}

/* After writes have finished: the prefix first, then a failure that now stands at its end. */
static void settle(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    advance(w, node);
    if (d->broken || d->count == 0 || write_at(w, d, 0)->state != WRITE_FAILED)
        return;
    d->broken = true;
    d->fail = d->durable + 1;               /* whoever asked for it may have taken that back */
    for (uint16_t group = 0; group < w->groups; group++) {
        const struct replica *rep = replica_of(w, node, group);
        const uint64_t lost = storage_failed(w, rep);
        if (!lost)
            continue;
        rec_set_wid(record_of(w, REC_FAILED, rep), lost);
        record_done(w);
    }
    host_write_failed(w, node);
}

/* Completes what is due by time `due`, and at most `most` writes. */
static void complete_due(struct world *w, uint8_t node, uint64_t due, uint32_t most)
{
    struct disk *d = disk_of(w, node);
    for (uint32_t i = 0; i < d->count && most; i++) {
        const struct disk_write *dw = write_at(w, d, i);
        if (dw->state != WRITE_PENDING)
            continue;
        if (dw->at > due) {
            if (!d->unordered)
                break;
            continue;
        }
        finish(w, d, i);
        most--;
    }
    settle(w, node);
}

void storage_event(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    if (w->process[node].up && !d->stalls)
        complete_due(w, node, w->now, UINT32_MAX);
}

void storage_crash(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    uint32_t kept = 0;
    if (d->set.keep_unsynced)
        kept = (uint32_t)draw(w, STREAM_DISK_CRASH, node, &d->ordinal[ORD_CRASH],
                              (uint64_t)d->count + 1);
    for (uint32_t i = 0; i < kept; i++) {
        if (write_at(w, d, i)->state == WRITE_FAILED) {
            kept = i;
            break;
        }
        stored_of(w, node, write_at(w, d, i)->group)->durable = write_at(w, d, i)->image;
    }
    struct record *r = record_new(w, REC_CRASH, node);
    rec_set_lost(r, d->count - kept);
    rec_set_kept(r, kept);
    record_done(w);
    d->head = d->count = 0;
    d->durable = d->fail = 0;
    d->last_at = 0;
    d->broken = d->unordered = false;
    for (uint16_t group = 0; group < w->groups; group++) {
        struct stored *stored = stored_of(w, node, group);
        *stored = (struct stored){.durable = stored->durable, .asked = stored->durable};
    }
}

uint64_t storage_incarnation(struct world *w, uint8_t node)
{
    return ++disk_of(w, node)->incarnation;
}

struct image storage_image(const struct world *w, const struct replica *rep)
{
    struct image image = stored_of(w, rep->node, rep->group)->durable;
    image.head = store_readable(w, image.head);
    return image;
}

struct image storage_recover(struct world *w, const struct replica *rep)
{
    struct stored *stored = stored_of(w, rep->node, rep->group);
    assert(stored->asked_number == 0);
    return stored->durable = stored->asked = storage_image(w, rep);
}

const struct image *storage_asked(const struct world *w, const struct replica *rep, uint64_t *wid)
{
    const struct stored *stored = stored_of(w, rep->node, rep->group);
    *wid = stored->asked_wid;
    return &stored->asked;
}

/* ---- what faults and scenarios do to a disk -------------------------------------------------- */

struct disk_settings disk_settings(const struct world *w, uint8_t node)
{
    return disk_of(w, node)->set;
}

void disk_set(struct world *w, uint8_t node, const struct disk_settings *to)
{
    assert(to->latency_min <= to->latency_max);
    disk_of(w, node)->set = *to;
}

void disk_stall(struct world *w, uint8_t node) { disk_of(w, node)->stalls++; }

/* Gives every pending write an event of its own. */
static void reschedule(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    for (uint32_t i = 0; i < d->count; i++) {
        struct disk_write *dw = write_at(w, d, i);
        if (dw->state == WRITE_PENDING)
            world_schedule(w, dw->at, EV_DISK, node);
    }
}

void disk_resume(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    if (d->stalls && --d->stalls == 0)
        reschedule(w, node);
}

void disk_stepwise(struct world *w, uint8_t node, bool on)
{
    struct disk *d = disk_of(w, node);
    d->stepwise = on;
    if (on)
        return;
    for (uint32_t i = 0; i < d->count; i++)
        if (write_at(w, d, i)->at == NEVER)
            write_at(w, d, i)->at = w->now;
    reschedule(w, node);
}

void disk_complete(struct world *w, uint8_t node, uint32_t writes)
{
    complete_due(w, node, NEVER, writes);
}

bool disk_complete_nth(struct world *w, uint8_t node, uint32_t nth)
{
    struct disk *d = disk_of(w, node);
    for (uint32_t i = 0; i < d->count; i++) {
        if (write_at(w, d, i)->state != WRITE_PENDING || --nth)
            continue;
        finish(w, d, i);
        settle(w, node);
        return true;
    }
    return false;
}

void disk_fail(struct world *w, uint8_t node, uint32_t nth) { disk_of(w, node)->fail_in = nth; }

void disk_fail_never(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    d->fail_in = 0;
    if (!disk_look(w, node).failed)
        d->fail = 0;
}

void disk_fail_pending(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    if (d->count)
        d->fail = d->durable + 1;
}

/* ---- what is seen of it ---------------------------------------------------------------------- */

uint64_t storage_durable(const struct world *w, uint8_t node) { return disk_of(w, node)->durable; }

uint64_t storage_durable_of(const struct world *w, const struct replica *rep)
{
    return stored_of(w, rep->node, rep->group)->durable_wid;
}

/* The journal's number of the oldest write under way of a group that has at least this number of
 * its own; 0: there is none. */
static uint64_t find(const struct world *w, const struct disk *d, uint16_t group, uint64_t wid)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (write_at(w, d, i)->group == group && write_at(w, d, i)->wid >= wid)
            return d->durable + 1 + i;
    return 0;
}

uint64_t storage_number(const struct world *w, const struct replica *rep, uint64_t wid)
{
    const struct stored *stored = stored_of(w, rep->node, rep->group);
    if (wid <= stored->durable_wid)
        return 0;
    if (wid >= stored->asked_wid)
        return stored->asked_number + (wid - stored->asked_wid);
    return find(w, disk_of(w, rep->node), rep->group, wid);
}

bool storage_broken(const struct world *w, uint8_t node) { return disk_of(w, node)->broken; }

uint64_t storage_failed(const struct world *w, const struct replica *rep)
{
    const struct disk *d = disk_of(w, rep->node);
    const uint64_t number = d->broken ? find(w, d, rep->group, 0) : 0;
    return number ? write_at(w, d, (uint32_t)(number - d->durable - 1))->wid : 0;
}

struct disk_condition disk_look(const struct world *w, uint8_t node)
{
    const struct disk *d = disk_of(w, node);
    bool failed = d->broken;
    for (uint32_t i = 0; i < d->count; i++)
        failed |= write_at(w, d, i)->state == WRITE_FAILED;
    return (struct disk_condition){.pending = d->count, .stalls = d->stalls,
                                   .stepwise = d->stepwise, .will_fail = d->fail_in != 0,
                                   .failing = d->fail != 0, .failed = failed,
                                   .broken = d->broken};
}

bool disk_overtakes(const struct world *w, uint8_t node)
{
    const struct disk *d = disk_of(w, node);
    return d->unordered && d->count >= 3 &&
           write_at(w, d, d->count - 2)->at < write_at(w, d, d->count - 3)->at;
}
