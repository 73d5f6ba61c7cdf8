/* SPDX-License-Identifier: MIT */
/*
 * Method: a disk is a ring of writes, each with the durable image that holds once it and every
 * earlier write are done: what those writes asked for, and nothing else (writes.c). Writes complete
 * one by one, in order or not; the durable image moves only with the unbroken prefix of completed
 * writes. A crash forgets the rest, or keeps a drawn prefix of it. A failed write breaks the prefix
 * for good: the node behind it halts.
 */
#include "disk.h"
#include "storage.h"

#include <assert.h>
#include <string.h>

enum { ORD_DELAY, ORD_ORDER, ORD_CRASH };
enum write_state { WRITE_PENDING, WRITE_COMPLETE, WRITE_FAILED };

struct disk_write {
    uint64_t wid, at;               /* at: when it completes; NEVER while held */
    struct image image;             /* the image once it and all earlier ones are durable */
    uint64_t cut_from;
    uint8_t state;                  /* enum write_state */
};

struct disk {
    struct disk_settings set;
    uint64_t ordinal[3];            /* DISK_DELAY, DISK_ORDER, DISK_CRASH */
    uint64_t last_at;
    uint64_t durable_wid;           /* it and all earlier ones are durable */
    struct image durable;
    uint64_t incarnation;           /* the latest given; durable at once, and never lost */
    uint32_t head, count, capacity; /* ring of struct disk_write at `ring`, a power of two; head:
                                       durable_wid + 1 */
    uint64_t ring;                  /* arena offset */
    uint64_t fail_wid;              /* fail this write; 0: none */
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
    for (uint8_t n = 1; n <= w->nnodes; n++)
        disk_of(w, n)->set = disk_planned(w, n);
}

void storage_preload(struct world *w, uint8_t node, const struct image *image)
{
    disk_of(w, node)->durable = *image;
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

static void record_write(struct world *w, enum record_kind kind, uint8_t node,
                         const struct image *image, uint64_t wid, uint64_t cut_from)
{
    struct record *r = record_new(w, kind, node);
    rec_set_wid(r, wid);
    r->term = image->term;
    rec_set_vote(r, image->vote);
    const uint32_t head = store_readable(w, image->head);
    r->index = store_index(w, head);
    rec_set_head(r, head);
    rec_set_cut_from(r, cut_from);
    record_done(w);
}

void storage_write(struct world *w, uint8_t node, const struct sut_write *write, uint32_t head)
{
    struct disk *d = disk_of(w, node);
    if (d->count == d->capacity)
        ring_grow(w, d);
    struct disk_write *dw = write_at(w, d, d->count++);
    *dw = (struct disk_write){.wid = write->wid, .cut_from = write->cut_from,
                              .image = {.term = write->term, .vote = write->vote, .head = head}};
    if (d->fail_in && --d->fail_in == 0)
        d->fail_wid = write->wid;
    record_write(w, REC_WRITE, node, &dw->image, write->wid, write->cut_from);
    dw->at = completion(w, node, d);
    if (!d->stalls)
        world_schedule(w, dw->at, EV_DISK, node);
}

/* Moves the durable prefix over the completed writes; tells the host once. */
static void advance(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    bool moved = false;
    uint64_t cut_from = 0;
    while (d->count) {
        struct disk_write *dw = write_at(w, d, 0);
        if (dw->state != WRITE_COMPLETE)
            break;
        d->durable = dw->image;
        d->durable_wid = dw->wid;
        cut_from = dw->cut_from;
        d->head = (d->head + 1) & (d->capacity - 1);
        d->count--;
        moved = true;
    }
    if (d->count == 0)
        d->unordered = false;
    if (moved) {
        record_write(w, REC_DURABLE, node, &d->durable, d->durable_wid, cut_from);
        host_durable(w, node);
    }
}

/* One write comes to its end. */
static void finish(struct world *w, struct disk *d, struct disk_write *dw)
{
    w->count.events++;
    w->count.writes++;
    dw->state = dw->wid == d->fail_wid ? WRITE_FAILED : WRITE_COMPLETE;
}

/* After writes have finished: the prefix first, then a failure that now stands at its end. */
static void settle(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    advance(w, node);
    if (d->broken || d->count == 0 || write_at(w, d, 0)->state != WRITE_FAILED)
        return;
    d->broken = true;
    d->fail_wid = write_at(w, d, 0)->wid;   /* whoever asked for it may have taken that back */
    struct record *r = record_new(w, REC_FAILED, node);
    rec_set_wid(r, d->fail_wid);
    record_done(w);
    host_write_failed(w, node, d->fail_wid);
}

/* Completes what is due by time `due`, and at most `most` writes. */
static void complete_due(struct world *w, uint8_t node, uint64_t due, uint32_t most)
{
    struct disk *d = disk_of(w, node);
    for (uint32_t i = 0; i < d->count && most; i++) {
        struct disk_write *dw = write_at(w, d, i);
        if (dw->state != WRITE_PENDING)
            continue;
        if (dw->at > due) {
            if (!d->unordered)
                break;
            continue;
        }
        finish(w, d, dw);
        most--;
    }
    settle(w, node);
}

void storage_event(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    if (w->node[node].up && !d->stalls)
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
        d->durable = write_at(w, d, i)->image;
    }
    struct record *r = record_new(w, REC_CRASH, node);
    rec_set_lost(r, d->count - kept);
    rec_set_kept(r, kept);
    record_done(w);
    d->head = d->count = 0;
    d->durable_wid = 0;
    d->fail_wid = 0;
    d->last_at = 0;
    d->broken = d->unordered = false;
}

uint64_t storage_incarnation(struct world *w, uint8_t node)
{
    return ++disk_of(w, node)->incarnation;
}

struct image storage_image(const struct world *w, uint8_t node)
{
    struct image image = disk_of(w, node)->durable;
    image.head = store_readable(w, image.head);
    return image;
}

struct image storage_recover(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    assert(d->count == 0);
    return d->durable = storage_image(w, node);
}

const struct image *storage_asked(const struct world *w, uint8_t node, uint64_t *wid)
{
    const struct disk *d = disk_of(w, node);
    if (d->count == 0) {
        *wid = d->durable_wid;
        return &d->durable;
    }
    const struct disk_write *dw = write_at(w, d, d->count - 1);
    *wid = dw->wid;
    return &dw->image;
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
        struct disk_write *dw = write_at(w, d, i);
        if (dw->state != WRITE_PENDING || --nth)
            continue;
        finish(w, d, dw);
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
        d->fail_wid = 0;
}

void disk_fail_pending(struct world *w, uint8_t node)
{
    struct disk *d = disk_of(w, node);
    if (d->count)
        d->fail_wid = write_at(w, d, 0)->wid;
}

/* ---- what is seen of it ---------------------------------------------------------------------- */

uint64_t storage_durable(const struct world *w, uint8_t node)
{
    return disk_of(w, node)->durable_wid;
}

uint64_t storage_failed(const struct world *w, uint8_t node)
{
    const struct disk *d = disk_of(w, node);
    return d->broken ? d->fail_wid : 0;
}

struct disk_condition disk_look(const struct world *w, uint8_t node)
{
    const struct disk *d = disk_of(w, node);
    bool failed = d->broken;
    for (uint32_t i = 0; i < d->count; i++)
        failed |= write_at(w, d, i)->state == WRITE_FAILED;
    return (struct disk_condition){.pending = d->count, .stalls = d->stalls,
                                   .stepwise = d->stepwise, .will_fail = d->fail_in != 0,
                                   .failing = d->fail_wid != 0, .failed = failed,
                                   .broken = d->broken};
}

bool disk_overtakes(const struct world *w, uint8_t node)
{
    const struct disk *d = disk_of(w, node);
    return d->unordered && d->count >= 3 &&
           write_at(w, d, d->count - 2)->at < write_at(w, d, d->count - 3)->at;
}
