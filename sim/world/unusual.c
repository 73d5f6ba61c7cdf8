/* SPDX-License-Identifier: MIT */
/*
 * Method: the log that a leader has when an append leaves is the chain of its head, since a leader
 * never cuts its own log; a message that waited for a write is of an earlier moment, so of its log
 * only what the message itself carries counts. All draws about the n-th append (or answer) of a
 * link begin at the ordinal n * DRAWS, so that what one of them decides keys no other.
 */
#include "unusual.h"
#include "surgery.h"

enum { DRAWS = 8, NEAR = 16, ANYWHERE_OF = 8, CAPPED_OF = 4, ENTRIES_MAX = 64 };
enum order { AFTER, ALSO_AFTER, BEFORE, INSTEAD, ORDERS };

struct unusual *unusual_of(const struct world *w, uint8_t from, uint8_t to)
{
    const uint32_t nodes = w->nnodes, f = from - 1u, t = to - 1u;
    return w->unusual && f < nodes && t < nodes
               ? (struct unusual *)arena_at(&w->arena, w->unusual) + (f * nodes + t) : NULL;
}

void unusual_make(struct world *w)
{
    if (!w->unusual)
        w->unusual = arena_take(&w->arena, (uint64_t)w->nnodes * w->nnodes *
                                sizeof(struct unusual));
}

/* ---- other slices ---------------------------------------------------------------------------- */

/* Which part of the leader's log it is, and how it goes with the append. */
struct cut { uint64_t prev, most; bool capped; enum order order; };

static uint64_t of_option(const struct world *w, uint8_t node, const char *name, uint64_t most)
{
    const uint64_t limit = world_option(w, node, name);
    return limit && limit < most ? limit : most;
}

/* Draws begin with a 0 that changes least: one entry more, near the place of the append itself. */
static struct cut draw_cut(struct world *w, const struct message *m, uint64_t last, uint64_t *at)
{
    const uint32_t link = ACTOR_LINK(m->label.from, m->label.to);
    const uint64_t index = m->label.index < last ? m->label.index : last;
    const bool near = draw(w, STREAM_SLICE, link, at, ANYWHERE_OF) < ANYWHERE_OF - 1;
    const uint64_t lo = near && index > NEAR ? index - NEAR : 0,
        hi = near && last - index > NEAR ? index + NEAR : last;
    const uint64_t turn = draw(w, STREAM_SLICE, link, at, hi - lo + 1);
    const uint64_t prev = lo + (index - lo + turn) % (hi - lo + 1);
    const uint64_t room = last - prev;
    const uint64_t most = of_option(w, m->label.from, "max-entries-per-append",
                                    draw(w, STREAM_SLICE, link, at, 2) ? ENTRIES_MAX : NEAR);
    return (struct cut){
        .prev = prev,
        .most = draw(w, STREAM_SLICE, link, at, (room < most ? room : most) + 1),
        .capped = draw(w, STREAM_SLICE, link, at, CAPPED_OF) == CAPPED_OF - 1,
        .order = (enum order)draw(w, STREAM_SLICE, link, at, ORDERS),
    };
}

/* The entries of a slice, as many of them as one append holds: their terms as runs. */
static void take_entries(const struct world *w, uint32_t head, uint64_t most, uint64_t bytes_most,
                         struct injection *in, struct sut_run *runs)
{
    uint64_t bytes = 0;
    while (in->label.entries < most) {
        const struct store_place at = store_find(w, head, in->label.index + in->label.entries + 1);
        const bool other = !in->nruns || runs[in->nruns - 1].term != at.run->term;
        if (in->label.entries &&
            (bytes + at.run->size > bytes_most || (other && in->nruns == SUT_MSG_RUNS)))
            break;
        if (other)
            runs[in->nruns++] = (struct sut_run){.term = at.run->term};
        runs[in->nruns - 1].n++;
        bytes += at.run->size;
        in->label.entries++;
        in->entry = at.id;
    }
    in->label.bytes = (uint32_t)bytes;
    in->runs = runs;
}

/* The slice that goes with this append. False: none can be made. */
static bool slice(struct world *w, const struct message *m, uint64_t *at, enum order *order,
                  struct injection *in, struct sut_run *runs)
{
    const struct replica *rep = replica_of(w, m->label.from, m->label.group);
    const uint64_t end = store_index(w, rep->head);
    const uint64_t last = m->wid ? m->label.index + m->label.entries : end;
    if (!w->sut->compose || !w->process[rep->node].up || rep->role != SUT_LEADER ||
        rep->term != m->label.term || last > end)
        return false;
    const struct cut cut = draw_cut(w, m, last, at);
    const uint32_t prev = cut.prev ? store_at(w, rep->head, cut.prev) : 0;
    *in = (struct injection){.label = m->label};
    in->label.index = cut.prev;
    in->label.log_term = prev ? store_term(w, prev) : 0;
    in->label.entries = 0;
    take_entries(w, rep->head, cut.most, of_option(w, m->label.from, "max-bytes", UINT32_MAX), in,
                 runs);
    if (cut.capped && in->label.commit > cut.prev + in->label.entries)
        in->label.commit = cut.prev + in->label.entries;
    *order = cut.order;
    return true;
}

static void send_append(struct world *w, struct message *m, struct unusual *u)
{
    struct sut_run runs[SUT_MSG_RUNS];
    struct injection in;
    enum order order;
    uint64_t at = u->appends++ * DRAWS;
    if (!draw_chance(w, STREAM_SLICE, ACTOR_LINK(m->label.from, m->label.to), &at,
                     u->slices_ppm) ||
        !slice(w, m, &at, &order, &in, runs)) {
        net_travel(w, m, 0, 0);
        return;
    }
    if (order == INSTEAD)
        net_drop(w, m, DROP_RECUT);
    else if (order != BEFORE)
        net_travel(w, m, 0, 0);
    u->slice = w->messages_made + 1;
    surgery_inject(w, &in);
    if (order == BEFORE)
        net_travel(w, m, 0, 0);
}

/* ---- echoes ---------------------------------------------------------------------------------- */

static bool is_answer(uint8_t type) { return label_answers(type) || type == MSG_READ_INDEX_REPLY; }

/* A copy that nobody knows of before it leaves. */
static void plan_echo(struct world *w, const struct message *m, struct unusual *u)
{
    const uint32_t link = ACTOR_LINK(m->label.from, m->label.to);
    uint64_t at = u->answers++ * DRAWS;
    if (!draw_chance(w, STREAM_ECHO, link, &at, u->echo_ppm))
        return;
    const uint64_t later = draw_range(w, STREAM_ECHO, link, &at, u->echo_least, u->echo_most);
    world_schedule(w, w->now + later, EV_ECHO, message_twin(w, m)->slot);
}

void unusual_echo(struct world *w, struct message *m)
{
    struct unusual *u = unusual_of(w, m->label.from, m->label.to);
    if (!u->echo_ppm) {
        message_free(w, m);
        return;
    }
    u->echo = m->number;
    message_record(w, REC_DUPLICATE, m, m->label.from, m->label.to, 0);
    net_travel(w, m, 0, 0);
}

void unusual_send(struct world *w, struct message *m)
{
    struct unusual *u = unusual_of(w, m->label.from, m->label.to);
    if (u && u->echo_ppm && is_answer(m->label.type))
        plan_echo(w, m, u);
    if (u && u->slices_ppm && m->label.type == MSG_APPEND)
        send_append(w, m, u);
    else
        net_travel(w, m, 0, 0);
}
