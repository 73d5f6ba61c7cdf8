/* SPDX-License-Identifier: MIT */
/*
 * Method: a host is the life around the SUTs of one process: it boots each from the disk's image,
 * hands it time, messages and completions, and lets effects.c carry out what it asks. A process
 * lives, stands still and dies with all its replicas. Every entry into a SUT passes host_step, and
 * no effect re-enters it, so the SUT and the effects buffer are never used twice at once.
 */
#include "host.h"
#include "service.h"

#include <assert.h>
#include <string.h>

enum { TIMERS_MAX = 100000, GENERATION_MASK = 0xffffff };

static void *state_of(const struct world *w, const struct replica *rep)
{
    return arena_at(&w->arena, rep->state);
}

/* It is up, and nothing holds it. */
static bool runs(const struct world *w, uint8_t node)
{
    return w->process[node].up && !w->process[node].pauses;
}

/* ---- deadlines ------------------------------------------------------------------------------- */

/* The deadline moved to where no timer in the queue covers it. Apart, so that a step that moves
 * none pays for no call. */
static __attribute__((noinline)) void set_timer(struct world *w, uint8_t node, uint64_t deadline)
{
    struct process *proc = &w->process[node];
    if (service_waits(w, node, TASK_TIMER))
        return;                         /* a timer that was due has its turn yet */
    const uint64_t at = clock_true(w, node, deadline);
    proc->timer_for = deadline;
    if (at >= proc->timer_at)
        return;                         /* the timer in the queue comes first and will look again */
    proc->timer_at = at;
    proc->timer_generation = (proc->timer_generation + 1) & GENERATION_MASK;
    world_schedule(w, at, EV_TIMER, proc->timer_generation << 8 | node);
}

static inline void rearm(struct world *w, const struct replica *rep)
{
    const struct process *proc = &w->process[rep->node];
    if (!proc->up || proc->pauses || proc->manual)
        return;
    const uint64_t deadline = w->sut->deadline(state_of(w, rep));
    if (deadline < proc->timer_for)
        set_timer(w, rep->node, deadline);
}

void host_rearm(struct world *w, uint8_t node)
{
    w->process[node].timer_for = NEVER;
    for (uint16_t group = 0; group < w->groups; group++)
        rearm(w, replica_of(w, node, group));
}

/* The process's life changed: whatever timer is in the queue no longer means anything. */
static void rearm_anew(struct world *w, uint8_t node)
{
    struct process *proc = &w->process[node];
    proc->timer_at = NEVER;
    proc->timer_generation = (proc->timer_generation + 1) & GENERATION_MASK;
    host_rearm(w, node);
}

void host_manual(struct world *w, uint8_t node, bool on)
{
    if (w->process[node].manual == on)
        return;
    w->process[node].manual = on;
    rearm_anew(w, node);
}

/* ---- stepping -------------------------------------------------------------------------------- */

int host_step(struct world *w, struct replica *rep, struct sut_event *ev, const struct cause *cause,
              struct stepped *did)
{
    static struct sut_effects fx;
    assert(w->process[rep->node].up);
    ev->now = clock_local(w, rep->node);
    ev->group = rep->group;
    int rc = w->sut->step(state_of(w, rep), ev, &fx);
    *did = (struct stepped){0};
    if (rc == SUT_LIMIT)
        world_stop(w, STOP_LIMIT, w->sut->limit());
    if (rc != SUT_OK) {
        if (!host_may_return(ev->type, rc))
            host_breach(w, rep, BREACH_RESULT, 0, (uint64_t)rc, ev->type, 0);
        return rc;
    }
    if (fx.delta.changed & SUT_CHANGED_LOG && fx.delta.first <= fx.delta.last)
        did->appended = fx.delta.last - fx.delta.first + 1;
    did->changed = fx.delta.changed || fx.nmsgs || fx.nreads || fx.nnotes || fx.write.wid;
    did->forward_to = fx.forward_to;
    effects_carry(w, rep, &fx, cause);
    host_look(w, rep, &fx.delta);
    rearm(w, rep);
    return rc;
}

void host_event(struct world *w, struct replica *rep, struct sut_event *ev)
{
    struct stepped did;
    if (w->process[rep->node].up)
        host_step(w, rep, ev, &(struct cause){0}, &did);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void stands_still(struct world *w, const struct replica *rep)
{
    host_breach(w, rep, BREACH_DEADLINE, 0, w->sut->deadline(state_of(w, rep)), 0, 0);
    world_stop(w, STOP_LIMIT, "a node's deadline does not move");
}

static bool is_due(const struct world *w, const struct replica *rep)
{
    return w->sut->deadline(state_of(w, rep)) <= clock_local(w, rep->node);
}

bool host_is_due(const struct world *w, uint8_t node)
{
    for (uint16_t group = 0; group < w->groups && !w->process[node].manual; group++)
        if (is_due(w, replica_of(w, node, group)))
            return true;
    return false;
}

static void fire(struct world *w, struct replica *rep)
{
    struct process *proc = &w->process[rep->node];
    struct stepped did;
    struct sut_event ev = {.type = SUT_TIME};
    host_step(w, rep, &ev, &(struct cause){0}, &did);
    if (did.changed) {
        w->count.events++;
        w->count.timers++;
        record_of(w, REC_TIMER, rep);
        record_done(w);
    }
    if (!is_due(w, rep))
        proc->timers_in_a_row = 0;
    else if (++proc->timers_in_a_row > TIMERS_MAX)
        stands_still(w, rep);
}

void host_fire(struct world *w, uint8_t node)
{
    for (uint16_t group = 0; group < w->groups && runs(w, node) && !w->stop; group++) {
        struct replica *rep = replica_of(w, node, group);
        if (w->groups == 1 || is_due(w, rep))
            fire(w, rep);
        else
            rearm(w, rep);
    }
}

void host_timer_event(struct world *w, uint32_t arg)
{
    uint8_t node = (uint8_t)(arg & 0xff);
    struct process *proc = &w->process[node];
    if (arg >> 8 != proc->timer_generation)
        return;
    proc->timer_at = proc->timer_for = NEVER;
    if (!runs(w, node) || proc->manual)
        return;
    if (!host_is_due(w, node)) {
        proc->timers_in_a_row = 0;
        host_rearm(w, node);
        return;
    }
    if (!w->service || !service_takes(w, node, TASK_TIMER, 0))
        host_fire(w, node);
}

void host_campaign(struct world *w, struct replica *rep, bool force)
{
    struct sut_event ev = {.type = SUT_CAMPAIGN, .flag = force};
    if (!runs(w, rep->node))
        return;
    rec_set_force(record_of(w, REC_CAMPAIGN, rep), force);
    record_done(w);
    host_event(w, rep, &ev);
}

bool host_pin_timeout(struct world *w, const struct replica *rep, uint64_t ns)
{
    if (!w->sut->pin_timeout || !w->process[rep->node].up)
        return false;
    rec_set_timeout(record_of(w, REC_PIN, rep), ns);
    record_done(w);
    w->sut->pin_timeout(state_of(w, rep), clock_local(w, rep->node), ns);
    rearm_anew(w, rep->node);
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

static void receive_peer(struct world *w, struct replica *rep, struct message *m)
{
    struct batched op = {.op = m->op, .attempt = m->attempt};
    struct cause cause = {.message = m, .ops = &op, .nops = m->op ? 1 : 0};
    struct sut_event ev = {.type = SUT_RECV, .label = &m->label, .bytes = m->bytes,
                           .nbytes = m->nbytes};
    struct stepped did;
    int rc = host_step(w, rep, &ev, &cause, &did);
    if (rc == SUT_BUSY || rc == SUT_INVALID)
        net_drop(w, m, rc == SUT_BUSY ? DROP_BUSY : m->forged ? DROP_REFUSED : DROP_INVALID);
    else
        net_arrived(w, m);
}

void host_handle(struct world *w, uint8_t node, struct message *m)
{
    struct replica *rep = replica_of(w, node, m->label.group);
    w->count.events++;
    w->count.delivered++;
    message_record(w, REC_DELIVER, m, node, m->label.from, 0);
    if (m->label.type != MSG_CLIENT_REQUEST) {
        receive_peer(w, rep, m);
        return;
    }
    if (request_receive(w, rep, m))
        net_arrived(w, m);
    else
        net_drop(w, m, DROP_BUSY);
}

void host_receive(struct world *w, uint8_t node, struct message *m)
{
    struct process *proc = &w->process[node];
    if (!proc->up) {
        net_drop(w, m, DROP_DOWN);
        return;
    }
    if (proc->pauses) {
        m->next = 0;
        if (proc->inbox_last)
            message_at(w, proc->inbox_last)->next = m->slot;
        else
            proc->inbox = m->slot;
        proc->inbox_last = m->slot;
        return;
    }
    if (!w->service || !service_takes(w, node, TASK_MESSAGE, m->slot))
        host_handle(w, node, m);
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

static void record_boot(struct world *w, const struct replica *rep, const struct image *image)
{
    const uint32_t boots = w->process[rep->node].boots;
    struct record *r = record_of(w, REC_BOOT, rep);
    r->term = image->term;
    rec_set_vote(r, image->vote);
    rec_set_boot(r, boots);
    rec_set_entry(r, image->head);
    r->index = store_index(w, image->head);
    rec_set_restarted(r, boots > 1);
    record_done(w);
}

static void reset_life(struct world *w, struct replica *rep, const struct image *image)
{
    rep->head = image->head;
    rep->term = image->term;
    rep->vote = image->vote;
    rep->role = SUT_FOLLOWER;
    rep->leader = 0;
    rep->applied = rep->commit = rep->lease_until = 0;
    rep->applied_head = rep->reads = rep->batch_n = 0;
    rep->told = 0;
    rep->halted = false;
    kv_reset(w, rep->kv);
    uint64_t size = ((uint64_t)w->nclients + 1) * sizeof(struct asked);
    if (!rep->asked)
        rep->asked = arena_take(&w->arena, size);
    memset(arena_at(&w->arena, rep->asked), 0, (size_t)size);
}

/* The process is down again, as one is that ends as soon as it is started. */
static void refused(struct world *w, const struct replica *rep, const struct image *image, int rc)
{
    struct process *proc = &w->process[rep->node];
    for (uint16_t group = 0; group < rep->group; group++)
        w->sut->stop(state_of(w, replica_of(w, rep->node, group)));
    proc->up = false;
    if (rc == SUT_LIMIT) {
        world_stop(w, STOP_LIMIT, "the durable log has too many terms to boot from");
        return;
    }
    if (proc->boots == 1) {                      /* from what the scenario laid on its disk */
        world_stop(w, STOP_LIMIT, "the SUT refuses to boot");
        return;
    }
    host_breach(w, rep, BREACH_BOOT, 0, image->term, store_index(w, image->head), (uint64_t)rc);
    storage_crash(w, rep->node);
}

/* False: it refused. */
static bool boot(struct world *w, struct replica *rep, uint64_t incarnation)
{
    const uint8_t node = rep->node;
    const bool first = w->process[node].boots == 1;
    const struct image image = storage_recover(w, rep);
    const struct sut_run *runs = NULL;
    bool full;
    struct sut_boot boot = {.id = node, .group = rep->group, .restarted = !first,
                            .vote = image.vote, .now = clock_local(w, node), .term = image.term,
                            .incarnation = incarnation, .voters = voters_of(w, rep->group),
                            .options = world_options(w, node)};
    boot.commit = first ? w->plan->preload[node].commit : 0;
    boot.seed = draw(w, STREAM_BOOT, ACTOR_REPLICA(node, rep->group), &rep->boot_ordinal,
                     UINT64_MAX);
    boot.nruns = log_runs(w, image.head, &runs, &full);
    boot.runs = runs;
    reset_life(w, rep, &image);
    record_boot(w, rep, &image);
    const int rc = full ? SUT_LIMIT : w->sut->boot(state_of(w, rep), &boot);
    if (rc != SUT_OK)
        refused(w, rep, &image, rc);
    return rc == SUT_OK;
}

void host_boot(struct world *w, uint8_t node)
{
    struct process *proc = &w->process[node];
    if (proc->up)
        return;
    const uint64_t incarnation = storage_incarnation(w, node);
    proc->up = true;
    w->count.restarts += proc->boots++ != 0;
    for (uint16_t group = 0; group < w->groups; group++)
        if (!boot(w, replica_of(w, node, group), incarnation))
            return;
    for (uint16_t group = 0; group < w->groups; group++) {
        struct sut_event ev = {.type = SUT_TIME};
        host_event(w, replica_of(w, node, group), &ev);
        host_look_at_log(w, replica_of(w, node, group));
    }
    rearm_anew(w, node);
}

void host_crash(struct world *w, uint8_t node)
{
    struct process *proc = &w->process[node];
    if (!proc->up)
        return;
    proc->up = false;
    proc->pauses = 0;
    proc->timer_at = proc->timer_for = NEVER;
    for (uint16_t group = 0; group < w->groups; group++)
        w->sut->stop(state_of(w, replica_of(w, node, group)));
    storage_crash(w, node);
    host_drop_list(w, &proc->held, &proc->held_last, DROP_DOWN);
    host_drop_list(w, &proc->inbox, &proc->inbox_last, DROP_DOWN);
    service_crash(w, node);
}

void host_upgrade(struct world *w, uint8_t node, const void *options)
{
    struct process *proc = &w->process[node];
    host_crash(w, node);
    if (w->sut->size(options) > w->sut->size(world_options(w, node)))
        for (uint16_t group = 0; group < w->groups; group++)
            replica_of(w, node, group)->state = arena_take(&w->arena, w->sut->size(options));
    if (!proc->options)
        proc->options = arena_take(&w->arena, sizeof w->plan->sut_options[node]);
    memcpy(arena_at(&w->arena, proc->options), options, sizeof w->plan->sut_options[node]);
    world_options_changed(w, node);
    clock_declare(w, node, world_option(w, node, "lease-drift-bound"));
    host_boot(w, node);
}

void host_pause(struct world *w, uint8_t node)
{
    struct process *proc = &w->process[node];
    if (!proc->up || proc->pauses++)
        return;
    record_new(w, REC_PAUSE, node);
    record_done(w);
}

void host_resume(struct world *w, uint8_t node)
{
    struct process *proc = &w->process[node];
    if (!proc->up || !proc->pauses || --proc->pauses)
        return;
    record_new(w, REC_RESUME, node);
    record_done(w);
    service_resume(w, node);
    uint32_t slot = proc->inbox;
    proc->inbox = proc->inbox_last = 0;
    host_durable(w, node, true);
    if (storage_broken(w, node))
        host_write_failed(w, node);
    while (slot && !w->stop) {
        struct message *m = message_at(w, slot);
        slot = m->next;
        host_receive(w, node, m);
    }
    for (uint16_t group = 0; group < w->groups; group++)
        host_flush(w, replica_of(w, node, group));
    rearm_anew(w, node);
}

/* ---- views ----------------------------------------------------------------------------------- */

bool host_view(const struct world *w, const struct replica *rep, struct sut_view *view)
{
    if (!w->process[rep->node].up)
        return false;
    w->sut->view(state_of(w, rep), rep->group, view);
    return true;
}

uint8_t host_leader(const struct world *w, uint16_t group)
{
    const struct replica *best = NULL;
    for (uint8_t n = 1; n <= w->nnodes; n++) {
        const struct replica *rep = replica_of(w, n, group);
        if (w->process[n].up && rep->role == SUT_LEADER && (!best || rep->term > best->term))
            best = rep;
    }
    return best ? best->node : 0;
}

bool host_halted(const struct world *w, uint8_t node)
{
    for (uint16_t group = 0; group < w->groups; group++)
        if (replica_of(w, node, group)->halted)
            return true;
    return false;
}
