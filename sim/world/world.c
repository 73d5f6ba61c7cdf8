/* SPDX-License-Identifier: MIT */
/*
 * Method: one queue of events, ordered by (time, tie, sequence), and a loop that takes the least
 * and hands it to the room that it concerns. Whatever a room does it tells in records, which are
 * judged at once and hashed in batches.
 */
#include "looks.h"
#include "service.h"
#include "unusual.h"

#include <assert.h>
#include <string.h>

enum { TIE_SHIFT = 48, READS_LOG = 2 };   /* READS_LOG: third word of the option reads */

/* ---- the event queue ------------------------------------------------------------------------- */

void world_schedule(struct world *w, uint64_t at, enum event_kind kind, uint32_t arg)
{
    if (at == NEVER)
        return;
    const uint64_t tie = w->ties ? draw(w, STREAM_TIE, 0, &w->tie_ordinal, 1u << 15) : 0;
    const struct event e = {.at = at < w->now ? w->now : at,
                            .order = tie << TIE_SHIFT | w->sequence++, .kind = kind, .arg = arg};
    queue_push(&w->arena, &w->queue, e);
}

uint64_t world_next(const struct world *w) { return queue_next(&w->arena, &w->queue); }

/* ---- the loop -------------------------------------------------------------------------------- */

bool world_step(struct world *w, uint64_t until)
{
    if (w->stop || world_next(w) > until || world_next(w) == NEVER)
        return false;
    const struct event e = queue_pop(&w->arena, &w->queue);
    w->now = e.at;
    switch ((enum event_kind)e.kind) {
    case EV_DELIVER: net_deliver(w, message_at(w, e.arg)); break;
    case EV_DISK: storage_event(w, (uint8_t)e.arg); break;
    case EV_TIMER: host_timer_event(w, e.arg); break;
    case EV_CLIENT: client_event(w, (uint8_t)e.arg); break;
    case EV_BATCH: host_batch(w, e.arg); break;
    case EV_CALL: w->watch->call(w, e.arg); break;
    case EV_ECHO: unusual_echo(w, message_at(w, e.arg)); break;
    case EV_SERVED: service_event(w, e.arg); break;
    }
    return !w->stop;
}

bool world_steps(struct world *w, uint64_t until, uint32_t events)
{
    for (; events > 0; events--)
        if (!world_step(w, until))
            return false;
    return true;
}

bool world_run(struct world *w, uint64_t until)
{
    while (world_step(w, until))
        ;
    if (!w->stop && until != NEVER && until > w->now)
        w->now = until;
    return !w->stop;
}

void world_stop(struct world *w, enum run_stop stop, const char *why)
{
    if (w->stop == STOP_NONE) {
        w->stop = (uint8_t)stop;
        w->stop_why = why;
    }
}

void world_digest(const struct world *w, uint8_t out[16])
{
    digest_look(&w->digest, w->buffer, w->records % DIGEST_BATCH, out);
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static uint64_t option_word(const struct world *w, uint8_t node, const char *name, uint32_t word,
                            uint64_t otherwise)
{
    const struct option_row *row = w->sut->options;
    while (row && row->name && strcmp(row->name, name) != 0)
        row++;
    if (!row || !row->name)
        return otherwise;
    uint64_t value;
    memcpy(&value, (const char *)world_options(w, node) + row->offset + word * sizeof value,
           sizeof value);
    return value;
}

uint64_t world_option(const struct world *w, uint8_t node, const char *name)
{
    return option_word(w, node, name, 0, 0);
}

uint64_t world_option_or(const struct world *w, uint8_t node, const char *name, uint64_t otherwise)
{
    return option_word(w, node, name, 0, otherwise);
}

uint64_t world_option_most(const struct world *w, uint8_t node, const char *name,
                           uint64_t otherwise)
{
    return option_word(w, node, name, 1, otherwise);
}

void world_options_changed(struct world *w, uint8_t node)
{
    w->reads_by_log &= ~NODE_BIT(node);
    if (world_option(w, node, "reads") == READS_LOG)
        w->reads_by_log |= NODE_BIT(node);
}

node_set world_voters(const struct world *w)
{
    node_set all = 0;
    for (uint16_t group = 0; group < w->groups; group++)
        all |= voters_of(w, group);
    return all;
}

bool world_majorities(const struct world *w, node_set set, int more)
{
    for (uint16_t group = 0; group < w->groups; group++) {
        const node_set voters = voters_of(w, group);
        if (__builtin_popcount(set & voters) <= __builtin_popcount(voters) / 2 + more)
            return false;
    }
    return true;
}

/* A preloaded log: the same (index, term) after the same entries, with the same value, is the
 * same entry. */
static uint32_t preload_entry(struct world *w, uint32_t parent, const struct preload_entry *p)
{
    struct entry asks = {.verb = p->has_value ? OP_RAW : OP_NONE, .a = p->value};
    for (uint32_t id = STORE_BLOCK; id < w->store.entries.n; id++) {
        const struct entry *e = store_entry(w, id);
        if (store_holds(w, id) && store_term(w, id) == p->term && store_parent(w, id) == parent &&
            e->verb == asks.verb && e->a == asks.a)
            return id;
    }
    return store_create(w, 0, 0, parent, p->term, 0, 0, &asks);
}

static void replica_init(struct world *w, uint8_t node, uint16_t group)
{
    struct replica *rep = replica_of(w, node, group);
    rep->node = node;
    rep->group = group;
    rep->state = arena_take(&w->arena, w->sut->size(world_options(w, node)));
    rep->kv = kv_take(w);
}

static void process_init(struct world *w, uint8_t n)
{
    struct process *proc = &w->process[n];
    const struct preload *p = &w->plan->preload[n];
    struct image image = {.term = p->term, .vote = p->vote};
    for (uint32_t i = 0; i < p->nentries; i++)
        image.head = preload_entry(w, image.head, &p->entries[i]);
    for (uint16_t group = 0; group < w->groups; group++)
        replica_init(w, n, group);
    proc->timer_at = proc->timer_for = NEVER;
    proc->clock = (struct clock){.num = 1, .den = 1, .violated_at = NEVER};
    proc->clock.bound_ppm = world_option(w, n, "lease-drift-bound");
    world_options_changed(w, n);
    storage_preload(w, replica_of(w, n, 0), &image);
}

static void links_init(struct world *w)
{
    w->links = arena_take(&w->arena, net_links(w) * sizeof(struct link));
    for (uint32_t i = 0; i < net_links(w); i++) {
        net_links_of(w)[i].delay_min = w->plan->host[0].link_delay_min;
        net_links_of(w)[i].delay_max = w->plan->host[0].link_delay_max;
    }
}

bool seed_looks_always(uint64_t seed)
{
    const uint64_t about = UINT64_C(0x6c6f6f6b73);          /* "looks" */
    return draw_apart(seed, about, 1, LOOKS_ALWAYS_IN) == 0;
}

struct world *world_init(struct arena *block, const struct world_plan *plan,
                         const struct watch *watch, uint64_t seed, bool zero_base)
{
    assert(plan->nodes >= 1 && plan->nodes <= NODES_MAX && plan->clients <= CLIENTS_MAX);
    arena_reset(block, sizeof(struct world));
    struct world *w = (struct world *)(void *)block;
    w->plan = plan;
    w->sut = plan->sut;
    w->watch = watch;
    w->nnodes = plan->nodes;
    w->nclients = plan->clients;
    w->groups = plan->groups ? plan->groups : 1;
    w->choices = (struct choices){.seed = seed, .zero_base = zero_base};
    w->looks = !zero_base && seed_looks_always(seed) ? LOOKS_ALWAYS : LOOKS_SELDOM;
    digest_start(&w->digest);
    queue_init(&w->arena, &w->queue);
    vec_init(&w->ops, sizeof(struct op), OPS_CHUNK_LOG2);
    vec_push(&w->arena, &w->ops, 1);
    vec_init(&w->errands, sizeof(struct errand), ERRANDS_CHUNK_LOG2);
    vec_push(&w->arena, &w->errands, 1);
    store_init(w);
    links_init(w);
    w->clients = arena_take(&w->arena, ((uint64_t)w->nclients + 1) * sizeof(struct client));
    storage_init(w);
    w->group = arena_take(&w->arena, w->groups * sizeof(struct group));
    for (uint16_t group = 0; group < w->groups; group++)
        group_of(w, group)->config.voters =
            plan->group_voters ? plan->group_voters[group] : plan->voters;
    w->replicas = arena_take(&w->arena, w->groups * w->nnodes * sizeof(struct replica));
    for (uint8_t n = 1; n <= w->nnodes; n++)
        process_init(w, n);
    return w;
}

void world_configure(struct world *w)
{
    for (uint16_t group = 0; group < w->groups; group++) {
        struct record *r = record_new(w, REC_CONFIG, 0);
        r->group = group;
        rec_set_voters(r, voters_of(w, group));
        record_done(w);
    }
}

void world_start(struct world *w)
{
    world_configure(w);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        if (!(w->plan->spare & NODE_BIT(n)))
            host_boot(w, n);
}

struct span { uint64_t from, to; };

/* What the SUTs' states leave unused, in the order in which it lies; of the first group, as the
 * others' are little. */
static uint32_t unused_spans(const struct world *w, struct span span[NODES_MAX])
{
    uint32_t count = 0;
    for (uint8_t n = 1; w->sut->used && n <= w->nnodes; n++) {
        const uint64_t state = replica_of(w, n, 0)->state;
        const struct span s = {state + w->sut->used(arena_at(&w->arena, state)),
                               state + w->sut->size(world_options(w, n))};
        uint32_t i = count++;
        for (; i && span[i - 1].from > s.from; i--)
            span[i] = span[i - 1];
        span[i] = s;
    }
    return count;
}

uint64_t world_fork(const struct world *w, struct arena *into)
{
    const uint64_t cap = into->cap;
    struct span span[NODES_MAX];
    const uint32_t spans = unused_spans(w, span);
    uint64_t copied = 0, at = 0;
    assert(cap >= w->arena.used);
    for (uint32_t i = 0; i <= spans; i++) {
        const uint64_t end = i < spans ? span[i].from : w->arena.used;
        memcpy(arena_at(into, at), arena_at(&w->arena, at), (size_t)(end - at));
        copied += end - at;
        at = i < spans ? span[i].to : end;
    }
    into->cap = cap;
    return copied;
}
