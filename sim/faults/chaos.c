/* SPDX-License-Identifier: MIT */
/*
 * Method: the engine owns time and counting, kinds own damage. A line that strikes again and again
 * has one event in the queue, its next strike; a strike that stands has one, its end. Both carry a
 * number, so that an event whose strike is gone is recognised. A momentary strike is watched for a
 * while after, because its bite comes later.
 *
 * A line that aims is armed by that event of the queue instead of striking, and strikes in another,
 * which its occasion puts there.
 *
 * Records are looked at only where a standing strike watches their kind: one bit a strike and kind
 * of record; and where an armed line waits for one (aim.h).
 *
 * Swarm (Groce and others 2012): a seed that has fewer kinds of fault finds more, so each draws its
 * subset, and how often each strikes. Zero draws enable nothing but lines of weight 10, and give
 * the longest gaps.
 */
#include "aim.h"

#include <assert.h>
#include <stddef.h>

enum call { CALL_STRIKE, CALL_MEND, CALL_END, CALL_AIMED };
enum { CALL_SHIFT = 28, NUMBER_SHIFT = 8, NUMBER_MASK = 0xfffff };
enum { STRETCH_MOST = 2000, STRETCH_LEAST = 500, WEIGHT_DEFAULT = 5, WEIGHT_ALWAYS = 10 };

#define DEFAULT_EVERY_MIN SEC(1)
#define DEFAULT_EVERY_MAX SEC(4)
#define DEFAULT_FOR_MIN MS(200)
#define DEFAULT_FOR_MAX SEC(2)
#define WATCH_MOMENTARY MS(500)

static const struct fault_line *line_at(const struct chaos *c, uint32_t i)
{
    return &c->block->lines[i];
}

static uint8_t row_of(const struct fault *kind)
{
    uint8_t row = 0;
    while (faults[row] && faults[row] != kind)
        row++;
    assert(faults[row]);
    return row;
}

static uint32_t call_arg(enum call call, uint32_t number, uint32_t what)
{
    return CHAOS_CALL | (uint32_t)call << CALL_SHIFT | (number & NUMBER_MASK) << NUMBER_SHIFT |
           what;
}

static uint64_t time_span(struct world *w, uint32_t line, uint64_t lo, uint64_t hi)
{
    return draw_range(w, STREAM_FAULT_TIME, ACTOR_FAULT(line), &chaos_of(w)->ord_time[line], lo,
                      hi);
}

/* ---- bites ----------------------------------------------------------------------------------- */

#define TELLS_WHO_LEADS (RECORD_BIT(ROLE) | RECORD_BIT(CRASH))

void chaos_listen(struct chaos *c)
{
    c->ears.kinds = c->aims | TELLS_WHO_LEADS;
    for (uint32_t k = 0; k < REC_KINDS; k++)
        c->ears.kinds |= (uint64_t)(c->watching[k] != 0) << k;
}

static void watch_set(struct chaos *c, uint32_t slot, uint64_t kinds, bool on)
{
    for (uint32_t k = 0; k < REC_KINDS; k++)
        if (kinds >> k & 1)
            c->watching[k] = on ? c->watching[k] | UINT64_C(1) << slot
                                : c->watching[k] & ~(UINT64_C(1) << slot);
    chaos_listen(c);
}

static void count_bite(struct world *w, struct chaos *c, uint32_t slot, bool first)
{
    const struct fault *kind = line_at(c, c->strike[slot].line)->kind;
    c->counts[row_of(kind)].bit++;
    w->count.faults_bit += first;
    if (kind->dense)
        watch_set(c, slot, kind->watches, false);
}

static void note_role(struct chaos *c, const struct record *r)
{
    const node_set node = NODE_BIT(r->node),
        leads = r->kind == REC_ROLE && rec_role(r) == SUT_LEADER ? node : 0;
    c->resigned = r->kind == REC_ROLE ? c->leaders & node & ~leads : 0;
    c->leaders = (c->leaders & ~node) | leads;
}

void chaos_hear(struct world *w, const struct record *r)
{
    struct chaos *c = chaos_of(w);
    if (TELLS_WHO_LEADS >> r->kind & 1)
        note_role(c, r);
    if (c->aims >> r->kind & 1)
        aim_record(w, r);
    for (uint64_t left = c->watching[r->kind]; left; left &= left - 1) {
        uint32_t slot = (uint32_t)__builtin_ctzll(left);
        struct fault_strike *s = &c->strike[slot];
        const struct fault_line *line = line_at(c, s->line);
        if (!line->kind->bit(w, line, s, r))
            continue;
        bool first = !s->bit;
        s->bit = true;
        count_bite(w, c, slot, first);
    }
}

const struct fault_count *chaos_counts(const struct world *w)
{
    return w->chaos ? chaos_of(w)->counts : NULL;
}

/* ---- strikes --------------------------------------------------------------------------------- */

static void record_fault(struct world *w, const struct fault_line *line,
                         const struct fault_strike *s, uint8_t state)
{
    struct record *r = record_new(w, REC_FAULT, s->node);
    rec_set_fault(r, row_of(line->kind));
    r->peer = s->peer;
    rec_set_state(r, state);
    rec_set_occasion(r, state & FAULT_ON ? line->after : s->over ? line->until : 0);
    rec_set_strike(r, s->number);
    rec_set_detail_1(r, s->arg[0]);
    rec_set_detail_2(r, s->arg[1]);
    rec_set_detail_3(r, s->arg[2]);
    record_done(w);
}

static void forget_slot(struct chaos *c, uint32_t slot)
{
    watch_set(c, slot, line_at(c, c->strike[slot].line)->kind->watches, false);
    if (c->ending >> slot & 1)
        aim_forget_end(c, slot);
    c->standing &= ~(UINT64_C(1) << slot);
}

static void mend_slot(struct world *w, uint32_t slot)
{
    struct chaos *c = chaos_of(w);
    struct fault_strike s = c->strike[slot];
    const struct fault_line *line = line_at(c, s.line);
    forget_slot(c, slot);
    if (!line->kind->mend || line->for_ever)
        return;
    record_fault(w, line, &s, (uint8_t)(FAULT_OFF | (s.bit ? FAULT_BIT : 0)));
    line->kind->mend(w, line, &s);
}

/* How long a strike stands; NEVER for one that is set for the whole block, or for ever. */
static uint64_t strike_length(struct world *w, const struct fault_line *line, uint32_t i)
{
    if (line->kind->timing == FAULT_ONCE || line->for_ever)
        return NEVER;
    if (!line->kind->mend)
        return WATCH_MOMENTARY;
    bool named = line->for_max != 0;
    return time_span(w, i, named ? line->for_min : DEFAULT_FOR_MIN,
                     named ? line->for_max : DEFAULT_FOR_MAX);
}

void chaos_mend_now(struct world *w, uint32_t slot)
{
    struct fault_strike *s = &chaos_of(w)->strike[slot];
    s->over = true;
    world_schedule(w, w->now, EV_CALL, call_arg(CALL_MEND, s->number, slot));
}

static void stand(struct world *w, uint32_t slot, uint64_t length)
{
    struct chaos *c = chaos_of(w);
    const struct fault_strike *s = &c->strike[slot];
    const struct fault_line *line = line_at(c, s->line);
    c->standing |= UINT64_C(1) << slot;
    if (line->kind->bit)
        watch_set(c, slot, line->kind->watches, true);
    if (s->bit)
        count_bite(w, c, slot, true);
    if (line->for_ever)
        c->lost_for_ever |= NODE_BIT(s->node);
    if (line->until)
        aim_await_end(c, slot);
    if (length != NEVER)
        world_schedule(w, w->now + length, EV_CALL, call_arg(CALL_MEND, s->number, slot));
}

/* `about`: the node of the occasion at which it strikes; 0: none. */
static void strike_line(struct world *w, uint32_t i, uint8_t about)
{
    struct chaos *c = chaos_of(w);
    const struct fault_line *line = line_at(c, i);
    uint64_t length = strike_length(w, line, i);
    if (c->standing == UINT64_MAX)
        return;
    uint32_t slot = (uint32_t)__builtin_ctzll(~c->standing);
    struct fault_strike *s = &c->strike[slot];
    *s = (struct fault_strike){.line = i, .number = ++c->strikes, .about = about};
    if (!line->kind->strike(w, line, s))
        return;
    c->counts[row_of(line->kind)].struck++;
    record_fault(w, line, s, FAULT_ON);
    stand(w, slot, length);
}

void chaos_strike_aimed(struct world *w, uint32_t i, uint8_t about)
{
    const uint64_t most = line_at(chaos_of(w), i)->after_within,
                   later = most ? most - time_span(w, i, 0, most) : 0;
    if (w->now + later < chaos_of(w)->end)
        world_schedule(w, w->now + later, EV_CALL, call_arg(CALL_AIMED, about, i));
}

/* Its time has come. */
static void strike_or_arm(struct world *w, uint32_t i)
{
    struct chaos *c = chaos_of(w);
    if (line_at(c, i)->after)
        aim_arm(c, i);
    else
        strike_line(w, i, 0);
}

static void plan_strike(struct world *w, uint32_t i)
{
    struct chaos *c = chaos_of(w);
    const struct fault_line *line = line_at(c, i);
    uint64_t lo = line->every_max ? line->every_min : DEFAULT_EVERY_MIN,
             hi = line->every_max ? line->every_max : DEFAULT_EVERY_MAX;
    uint64_t gap = c->block->swarm ? hi - time_span(w, i, 0, hi - lo) : time_span(w, i, lo, hi);
    gap = gap / 1000 * c->stretch[i] + gap % 1000 * c->stretch[i] / 1000;
    uint64_t at = w->now + (gap ? gap : 1);
    if (at < c->end)
        world_schedule(w, at, EV_CALL, call_arg(CALL_STRIKE, 0, i));
}

/* ---- the block ------------------------------------------------------------------------------- */

static void swarm_line(struct world *w, struct chaos *c, uint32_t i)
{
    const struct fault_line *line = line_at(c, i);
    uint32_t weight = line->weight ? line->weight : WEIGHT_DEFAULT;
    bool in = weight >= WEIGHT_ALWAYS || !c->block->swarm;
    c->stretch[i] = 1000;
    if (c->block->swarm) {
        uint64_t lot = draw(w, STREAM_SWARM, ACTOR_FAULT(i), &c->ord_swarm[i], WEIGHT_ALWAYS);
        in = in || lot >= WEIGHT_ALWAYS - weight;
        c->stretch[i] = STRETCH_MOST - (uint32_t)draw(w, STREAM_SWARM, ACTOR_FAULT(i),
                                                      &c->ord_swarm[i],
                                                      STRETCH_MOST - STRETCH_LEAST + 1);
    }
    if (in) {
        c->enabled |= UINT64_C(1) << i;
        c->counts[row_of(line->kind)].enabled = 1;
    }
}

static void remember(struct world *w, struct chaos *c)
{
    links_remember(w);
    for (uint8_t n = 1; n <= w->nnodes; n++)
        c->disk[n] = disk_settings(w, n);
}

static node_set who_leads(const struct world *w)
{
    node_set set = 0;
    for (uint8_t n = 1; n <= w->nnodes; n++)
        for (uint16_t group = 0; group < w->groups; group++)
            if (w->process[n].up && replica_of(w, n, group)->role == SUT_LEADER)
                set |= NODE_BIT(n);
    return set;
}

void chaos_phase(struct world *w, enum phase phase, uint64_t bound, uint64_t nodes)
{
    struct record *r = record_new(w, REC_PHASE, 0);
    rec_set_phase(r, (uint8_t)phase);
    rec_set_bound(r, bound);
    rec_set_healed(r, nodes);
    record_done(w);
}

void chaos_forget(struct world *w)
{
    struct chaos *c = chaos_of(w);
    c->active = false;
    aim_forget_all(c);
    for (uint64_t left = c->standing; left; left &= left - 1)
        forget_slot(c, (uint32_t)__builtin_ctzll(left));
}

static void mend_all(struct world *w)
{
    struct chaos *c = chaos_of(w);
    c->active = false;
    aim_forget_all(c);
    for (uint64_t left = c->standing; left; left &= left - 1)
        mend_slot(w, (uint32_t)__builtin_ctzll(left));
}

void chaos_begin(struct world *w, const struct chaos_block *block)
{
    assert(block->nlines <= CHAOS_LINES);
    if (!w->chaos) {
        uint64_t at = arena_take(&w->arena, sizeof(struct chaos));
        w->chaos = at;
    }
    struct chaos *c = chaos_of(w);
    if (c->standing)
        mend_all(w);
    c->block = block;
    c->enabled = 0;
    c->active = true;
    c->end = w->now + block->duration;
    remember(w, c);
    c->leaders = who_leads(w);
    chaos_listen(c);
    chaos_phase(w, PHASE_STORM, block->duration, chaos_members(w));
    for (uint32_t i = 0; i < block->nlines; i++)
        swarm_line(w, c, i);
    for (uint32_t i = 0; i < block->nlines; i++) {
        if (!(c->enabled >> i & 1))
            continue;
        if (line_at(c, i)->kind->timing == FAULT_ONCE)
            strike_line(w, i, 0);
        else
            plan_strike(w, i);
    }
    if (!bound_given(block->progress_within))
        world_schedule(w, c->end, EV_CALL, call_arg(CALL_END, 0, 0));
}

void chaos_call(struct world *w, uint32_t arg)
{
    struct chaos *c = chaos_of(w);
    uint32_t what = arg & 0xff, number = arg >> NUMBER_SHIFT & NUMBER_MASK;
    if (!w->chaos || !c->active)
        return;
    switch ((enum call)(arg >> CALL_SHIFT & 7)) {
    case CALL_STRIKE:
        strike_or_arm(w, what);
        plan_strike(w, what);
        break;
    case CALL_AIMED: strike_line(w, what, (uint8_t)number); break;
    case CALL_MEND:
        if ((c->standing >> what & 1) && (c->strike[what].number & NUMBER_MASK) == number)
            mend_slot(w, what);
        break;
    case CALL_END: mend_all(w); break;
    }
}
