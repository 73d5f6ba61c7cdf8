/* SPDX-License-Identifier: MIT */
/*
 * Method: who waits for an occasion is a bit a line and a bit a strike. One mask says in which
 * kinds of record any of them could come, so that a record of another kind costs one test.
 */
#include "aim.h"

#include <stddef.h>

/* ---- occasions ------------------------------------------------------------------------------- */

static bool grants(const struct record *r, enum msg_type type)
{
    return rec_type(r) == type && !(rec_flags(r) & LABEL_REJECT);
}

static bool promises(const struct record *r)
{
    const uint8_t type = rec_type(r);
    return !(rec_flags(r) & LABEL_REJECT) && type < MSG_TYPES &&
           (msg_rows[type].promises || type == MSG_PREVOTE_REPLY);
}

static bool asks_to_read(const struct world *w, const struct record *r)
{
    return world_op(w, (uint32_t)rec_for_op(r))->verb == OP_READ;
}

static bool answers(const struct record *r)
{
    return rec_type(r) == MSG_CLIENT_REPLY && rec_answer(r) == OUT_OK;
}

static bool steps_down(const struct world *w, const struct record *r)
{
    return w->chaos && (chaos_of(w)->resigned & NODE_BIT(r->node));
}

#define OCCASION(NAME, name, kinds, condition, help) \
    static bool shows_##NAME(const struct world *w, const struct record *r) \
    { \
        (void)w; \
        (void)r; \
        return condition; \
    }
#include "occasions.def"

const struct occasion occasions[] = {
#define OCCASION(NAME, name, kinds, condition, help) {name, help, kinds, shows_##NAME},
#include "occasions.def"
    {0},
};

const char *occasion_name(uint8_t place)
{
    const uint32_t rows = sizeof occasions / sizeof occasions[0] - 1;
    return !place ? "" : place <= rows ? occasions[place - 1].name : "?";
}

/* ---- who waits for one ----------------------------------------------------------------------- */

static const struct occasion *awaited_by_line(const struct chaos *c, uint32_t i)
{
    return &occasions[c->block->lines[i].after - 1];
}

static const struct occasion *awaited_by_strike(const struct chaos *c, uint32_t slot)
{
    return &occasions[c->block->lines[c->strike[slot].line].until - 1];
}

static void aims_anew(struct chaos *c)
{
    c->aims = 0;
    for (uint64_t left = c->armed; left; left &= left - 1)
        c->aims |= awaited_by_line(c, (uint32_t)__builtin_ctzll(left))->kinds;
    for (uint64_t left = c->ending; left; left &= left - 1)
        c->aims |= awaited_by_strike(c, (uint32_t)__builtin_ctzll(left))->kinds;
    chaos_listen(c);
}

static void set(struct chaos *c, uint64_t *who, uint32_t bit, bool on)
{
    *who = on ? *who | UINT64_C(1) << bit : *who & ~(UINT64_C(1) << bit);
    aims_anew(c);
}

void aim_arm(struct chaos *c, uint32_t line) { set(c, &c->armed, line, true); }
void aim_await_end(struct chaos *c, uint32_t slot) { set(c, &c->ending, slot, true); }
void aim_forget_end(struct chaos *c, uint32_t slot) { set(c, &c->ending, slot, false); }
void aim_forget_all(struct chaos *c)
{
    c->armed = c->ending = 0;
    aims_anew(c);
}

/* ---- when it comes --------------------------------------------------------------------------- */

static bool shows(const struct world *w, const struct occasion *o, const struct record *r)
{
    return (o->kinds >> r->kind & 1) && o->shown(w, r);
}

void aim_record(struct world *w, const struct record *r)
{
    struct chaos *c = chaos_of(w);
    for (uint64_t left = c->armed; left; left &= left - 1) {
        const uint32_t i = (uint32_t)__builtin_ctzll(left);
        if (!shows(w, awaited_by_line(c, i), r))
            continue;
        set(c, &c->armed, i, false);
        chaos_strike_aimed(w, i, r->node);
    }
    for (uint64_t left = c->ending; left; left &= left - 1) {
        const uint32_t slot = (uint32_t)__builtin_ctzll(left);
        if (!shows(w, awaited_by_strike(c, slot), r))
            continue;
        set(c, &c->ending, slot, false);
        chaos_mend_now(w, slot);
    }
}
