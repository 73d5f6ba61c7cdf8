/* SPDX-License-Identifier: MIT */
/*
 * Method: a host is the life around one SUT: it boots it from the disk's image, hands it time,
 * messages and completions, and lets effects.c carry out what it asks. Every entry into the SUT
 * passes host_step, and no effect re-enters it, so the SUT and the effects buffer are never used
 * twice at once.
 */
#include "host.h"
#include "service.h"

#include <assert.h>
#include <string.h>

enum { TIMERS_MAX = 100000, GENERATION_MASK = 0xffffff };

static void *state_of(struct world *w, uint8_t node)
{
    return arena_at(&w->arena, w->node[node].state);
}

/* ---- deadlines ------------------------------------------------------------------------------- */

/* The deadline moved to where no timer in the queue covers it. Apart, so that a step that moves
 * none pays for no call. */
static __attribute__((noinline)) void set_timer(struct world *w, uint8_t node, uint64_t deadline)
{
    struct node *n = &w->node[node];
    if (service_waits(w, node, TASK_TIMER))
        return;                         /* a timer that was due has its turn yet */
    const uint64_t at = clock_true(w, node, deadline);
    n->timer_for = deadline;
    if (at >= n->timer_at)
        return;                         /* the timer in the queue comes first and will look again */
    n->timer_at = at;
    n->timer_generation = (n->timer_generation + 1) & GENERATION_MASK;
    world_schedule(w, at, EV_TIMER, n->timer_generation << 8 | node);
}

static inline void rearm(struct world *w, uint8_t node)
{
    const struct node *n = &w->node[node];
    if (!n->up || n->pauses || n->manual)
        return;
    const uint64_t deadline = w->sut->deadline(state_of(w, node));
    if (deadline < n->timer_for)
        set_timer(w, node, deadline);
}

void host_rearm(struct world *w, uint8_t node)
{
    w->node[node].timer_for = NEVER;
    rearm(w, node);
}

/* The node's life changed: whatever timer is in the queue no longer means anything. */
static void rearm_anew(struct world *w, uint8_t node)
{
    w->node[node].timer_at = NEVER;
    w->node[node].timer_generation = (w->node[node].timer_generation + 1) & GENERATION_MASK;
    host_rearm(w, node);
}

void host_manual(struct world *w, uint8_t node, bool on)
{
    if (w->node[node].manual == on)
        return;
    w->node[node].manual = on;
    rearm_anew(w, node);
}

/* ---- stepping -------------------------------------------------------------------------------- */

int host_step(struct world *w, uint8_t node, struct sut_event *ev, const struct cause *cause,
              struct stepped *did)
{
    static struct sut_effects fx;
    assert(w->node[node].up);
    ev->now = clock_local(w, node);
    int rc = w->sut->step(state_of(w, node), ev, &fx);
    *did = (struct stepped){0};
    if (rc == SUT_LIMIT)
        world_stop(w, STOP_LIMIT, w->sut->limit());
    if (rc != SUT_OK) {
        if (!host_may_return(ev->type, rc))
            host_breach(w, node, BREACH_RESULT, 0, (uint64_t)rc, ev->type, 0);
        return rc;
    }
    if (fx.delta.changed & SUT_CHANGED_LOG && fx.delta.first <= fx.delta.last)
        did->appended = fx.delta.last - fx.delta.first + 1;
    did->changed = fx.delta.changed || fx.nmsgs || fx.nreads || fx.nnotes || fx.write.wid;
    did->forward_to = fx.forward_to;
    effects_carry(w, node, &fx, cause);
    host_look(w, node, &fx.delta);
    rearm(w, node);
    return rc;
}

void host_event(struct world *w, uint8_t node, struct sut_event *ev)
{
    struct stepped did;
    if (w->node[node].up)
        host_step(w, node, ev, &(struct cause){0}, &did);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void stands_still(struct world *w, uint8_t node)
{
    host_breach(w, node, BREACH_DEADLINE, 0, w->sut->deadline(state_of(w, node)), 0, 0);
    world_stop(w, STOP_LIMIT, "a node's deadline does not move");
}

bool host_is_due(const struct world *w, uint8_t node)
{
    const struct node *n = &w->node[node];
    return !n->manual &&
           w->sut->deadline(arena_at(&w->arena, n->state)) <= clock_local(w, node);
}

void host_fire(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    struct stepped did;
    struct sut_event ev = {.type = SUT_TIME};
    host_step(w, node, &ev, &(struct cause){0}, &did);
    if (did.changed) {
        w->count.events++;
        w->count.timers++;
        record_new(w, REC_TIMER, node);
        record_done(w);
    }
    if (w->sut->deadline(state_of(w, node)) > clock_local(w, node))
        n->timers_in_a_row = 0;
    else if (++n->timers_in_a_row > TIMERS_MAX)
        stands_still(w, node);
}

void host_timer_event(struct world *w, uint32_t arg)
{
    uint8_t node = (uint8_t)(arg & 0xff);
    struct node *n = &w->node[node];
    if (arg >> 8 != n->timer_generation)
        return;
    n->timer_at = n->timer_for = NEVER;
    if (!n->up || n->pauses || n->manual)
        return;
    if (!host_is_due(w, node)) {
        n->timers_in_a_row = 0;
        rearm(w, node);
        return;
    }
    if (!w->service || !service_takes(w, node, TASK_TIMER, 0))
        host_fire(w, node);
}

void host_campaign(struct world *w, uint8_t node, bool force)
{
    struct sut_event ev = {.type = SUT_CAMPAIGN, .flag = force};
    if (w->node[node].pauses || !w->node[node].up)
        return;
    rec_set_force(record_new(w, REC_CAMPAIGN, node), force);
    record_done(w);
    host_event(w, node, &ev);
}

bool host_pin_timeout(struct world *w, uint8_t node, uint64_t ns)
{
    if (!w->sut->pin_timeout || !w->node[node].up)
        return false;
    rec_set_timeout(record_new(w, REC_PIN, node), ns);
    record_done(w);
    w->sut->pin_timeout(state_of(w, node), clock_local(w, node), ns);
    rearm_anew(w, node);
    return true;
}

/* ---- messages -------------------------------------------------------------------------------- */

void host_drop_list(struct world *w, uint32_t *first, uint32_t *last, enum drop_reason why)
{
    while (*first) {
        struct message *m = message_at(w, *first);
        *first = m->next;
        net_drop(w, m, why);
    }
    *last = 0;
}

static void receive_peer(struct world *w, uint8_t node, struct message *m)
{
    struct batched op = {.op = m->op, .attempt = m->attempt};
    struct cause cause = {.message = m, .ops = &op, .nops = m->op ? 1 : 0};
    struct sut_event ev = {.type = SUT_RECV, .group = m->label.group, .label = &m->label,
                           .bytes = m->bytes, .nbytes = m->nbytes};
    struct stepped did;
    int rc = host_step(w, node, &ev, &cause, &did);
    if (rc == SUT_BUSY || rc == SUT_INVALID)
        net_drop(w, m, rc == SUT_BUSY ? DROP_BUSY : m->forged ? DROP_REFUSED : DROP_INVALID);
    else
        net_arrived(w, m);
}

void host_handle(struct world *w, uint8_t node, struct message *m)
{
    w->count.events++;
    w->count.delivered++;
    message_record(w, REC_DELIVER, m, node, m->label.from, 0);
    if (m->label.type != MSG_CLIENT_REQUEST) {
        receive_peer(w, node, m);
        return;
    }
    if (request_receive(w, node, m))
        net_arrived(w, m);
    else
        net_drop(w, m, DROP_BUSY);
}

void host_receive(struct world *w, uint8_t node, struct message *m)
{
    struct node *n = &w->node[node];
    if (!n->up) {
        net_drop(w, m, DROP_DOWN);
        return;
    }
    if (n->pauses) {
        m->next = 0;
        if (n->inbox_last)
            message_at(w, n->inbox_last)->next = m->slot;
        else
            n->inbox = m->slot;
        n->inbox_last = m->slot;
        return;
    }
    if (!w->service || !service_takes(w, node, TASK_MESSAGE, m->slot))
        host_handle(w, node, m);
}

/* ---- the disk answers ------------------------------------------------------------------------ */

static void hear_durable(struct world *w, uint8_t node)
{
    host_release(w, node);
    struct sut_event ev = {.type = SUT_WRITE_DONE, .id = storage_durable(w, node)};
    host_event(w, node, &ev);
}

static void hear_failed(struct world *w, uint8_t node, uint64_t wid)
{
    struct node *n = &w->node[node];
    struct sut_event ev = {.type = SUT_WRITE_DONE, .id = wid, .flag = true};
    host_event(w, node, &ev);
    host_drop_list(w, &n->held, &n->held_last, DROP_STALE_PROMISE);
    n->halted = n->role == SUT_HALTED;
    if (!n->halted)
        return;
    struct record *r = record_new(w, REC_HALT, node);
    rec_set_halt(r, HALT_WRITE_FAILED);
    record_done(w);
}

void host_hear_disk(struct world *w, uint8_t node)
{
    const struct node *n = &w->node[node];
    if (storage_durable(w, node))
        hear_durable(w, node);
    if (storage_failed(w, node) && !n->halted)
        hear_failed(w, node, storage_failed(w, node));
}

void host_durable(struct world *w, uint8_t node)
{
    if (w->node[node].pauses || storage_durable(w, node) == 0)
        return;                                 /* a paused process hears of it when it resumes */
    if (!w->service || !service_takes(w, node, TASK_DISK, 0))
        hear_durable(w, node);
}

void host_write_failed(struct world *w, uint8_t node, uint64_t wid)
{
    if (!w->node[node].pauses && (!w->service || !service_takes(w, node, TASK_DISK, 0)))
        hear_failed(w, node, wid);
}

/* ---- life ------------------------------------------------------------------------------------ */

/* The terms of the log that ends at `head`, as runs from index 1, in a static buffer; 0 runs and
 * *full where there are too many. */
static uint32_t log_runs(const struct world *w, uint32_t head, const struct sut_run **runs,
                         bool *full)
{
    static struct sut_run buffer[SUT_BOOT_RUNS];
    uint32_t at = SUT_BOOT_RUNS;
    *full = false;
    for (uint32_t id = head; id;) {
        const struct store_run *of = store_run(w, id);
        if (at == SUT_BOOT_RUNS || buffer[at].term != of->term) {
            if (at == 0) {
                *full = true;
                return 0;
            }
            buffer[--at] = (struct sut_run){.term = of->term};
        }
        buffer[at].n += id - of->first + 1;
        id = of->parent;
    }
    *runs = buffer + at;
    return SUT_BOOT_RUNS - at;
}

static void record_boot(struct world *w, uint8_t node, const struct image *image)
{
    struct node *n = &w->node[node];
    struct record *r = record_new(w, REC_BOOT, node);
    r->term = image->term;
    rec_set_vote(r, image->vote);
    rec_set_boot(r, n->boots);
    rec_set_entry(r, image->head);
    r->index = store_index(w, image->head);
    rec_set_restarted(r, n->boots > 1);
    record_done(w);
}

static void reset_life(struct world *w, uint8_t node, const struct image *image)
{
    struct node *n = &w->node[node];
    n->head = image->head;
    n->term = image->term;
    n->vote = image->vote;
    n->role = SUT_FOLLOWER;
    n->leader = 0;
    n->applied = n->commit = n->lease_until = 0;
    n->applied_head = n->reads = n->batch_n = 0;
    n->halted = false;
    n->up = true;
    n->boots++;
    kv_reset(w, n->kv);
    uint64_t size = ((uint64_t)w->nclients + 1) * sizeof(struct asked);
    if (!n->asked)
        n->asked = arena_take(&w->arena, size);
    memset(arena_at(&w->arena, n->asked), 0, (size_t)size);
}

/* It is down again, as a process is that ends as soon as it is started. */
static void refused(struct world *w, uint8_t node, const struct image *image, int rc)
{
    w->node[node].up = false;
    if (rc == SUT_LIMIT) {
        world_stop(w, STOP_LIMIT, "the durable log has too many terms to boot from");
        return;
    }
    if (w->node[node].boots == 1) {              /* from what the scenario laid on its disk */
        world_stop(w, STOP_LIMIT, "the SUT refuses to boot");
        return;
    }
    host_breach(w, node, BREACH_BOOT, 0, image->term, store_index(w, image->head), (uint64_t)rc);
    storage_crash(w, node);
}

void host_boot(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    if (n->up)
        return;
    bool full, first = n->boots == 0;
    const struct image image = storage_recover(w, node);
    const struct sut_run *runs = NULL;
    struct sut_boot boot = {.id = node, .restarted = !first, .vote = image.vote,
                            .now = clock_local(w, node), .term = image.term,
                            .voters = w->plan->voters, .options = world_options(w, node)};
    boot.incarnation = storage_incarnation(w, node);
    boot.commit = first ? w->plan->preload[node].commit : 0;
    boot.seed = draw(w, STREAM_BOOT, node, &n->boot_ordinal, UINT64_MAX);
    boot.nruns = log_runs(w, image.head, &runs, &full);
    boot.runs = runs;
    reset_life(w, node, &image);
    record_boot(w, node, &image);
    w->count.restarts += !first;
    int rc = full ? SUT_LIMIT : w->sut->boot(state_of(w, node), &boot);
    if (rc != SUT_OK) {
        refused(w, node, &image, rc);
        return;
    }
    struct sut_event ev = {.type = SUT_TIME};
    host_event(w, node, &ev);
    host_look_at_log(w, node);
    rearm_anew(w, node);
}

void host_crash(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    if (!n->up)
        return;
    n->up = false;
    n->pauses = 0;
    n->timer_at = n->timer_for = NEVER;
    w->sut->stop(state_of(w, node));
    storage_crash(w, node);
    host_drop_list(w, &n->held, &n->held_last, DROP_DOWN);
    host_drop_list(w, &n->inbox, &n->inbox_last, DROP_DOWN);
    service_crash(w, node);
}

void host_upgrade(struct world *w, uint8_t node, const void *options)
{
    struct node *n = &w->node[node];
    host_crash(w, node);
    if (w->sut->size(options) > w->sut->size(world_options(w, node)))
        n->state = arena_take(&w->arena, w->sut->size(options));
    if (!n->options)
        n->options = arena_take(&w->arena, sizeof w->plan->sut_options[node]);
    memcpy(arena_at(&w->arena, n->options), options, sizeof w->plan->sut_options[node]);
    world_options_changed(w, node);
    clock_declare(w, node, world_option(w, node, "lease-drift-bound"));
    host_boot(w, node);
}

void host_pause(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    if (!n->up || n->pauses++)
        return;
    record_new(w, REC_PAUSE, node);
    record_done(w);
}

void host_resume(struct world *w, uint8_t node)
{
    struct node *n = &w->node[node];
    if (!n->up || !n->pauses || --n->pauses)
        return;
    record_new(w, REC_RESUME, node);
    record_done(w);
    service_resume(w, node);
    uint32_t slot = n->inbox;
    n->inbox = n->inbox_last = 0;
    host_durable(w, node);
    if (storage_failed(w, node))
        host_write_failed(w, node, storage_failed(w, node));
    while (slot && !w->stop) {
        struct message *m = message_at(w, slot);
        slot = m->next;
        host_receive(w, node, m);
    }
    host_flush(w, node);
    rearm_anew(w, node);
}

/* ---- views ----------------------------------------------------------------------------------- */

bool host_view(const struct world *w, uint8_t node, struct sut_view *view)
{
    if (!w->node[node].up)
        return false;
    w->sut->view(arena_at(&w->arena, w->node[node].state), 0, view);
    return true;
}

uint8_t host_leader(const struct world *w)
{
    uint8_t best = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (w->node[n].up && w->node[n].role == SUT_LEADER &&
            (!best || w->node[n].term > w->node[best].term))
            best = n;
    return best;
}
