/* SPDX-License-Identifier: MIT */
/* Method: one test after the other, the cheap ones first. */
#include "filter.h"

#include "classes.h"

void actors_add(struct actor_bits *s, uint8_t actor)
{
    s->bits[actor / 64] |= UINT64_C(1) << actor % 64;
}

void actors_add_nodes(struct actor_bits *s, node_set nodes)
{
    s->bits[0] |= (uint64_t)nodes << 1;              /* node 1 is bit 0 of a node_set */
}

bool actors_have(const struct actor_bits *s, uint8_t actor)
{
    return s->bits[actor / 64] >> actor % 64 & 1;
}

bool actors_any(const struct actor_bits *s)
{
    return s->bits[0] || s->bits[1] || s->bits[2] || s->bits[3];
}

bool record_is_message(const struct record *r) { return record_has[r->kind][COLUMN_message]; }

struct msg_label record_label(const struct record *r)
{
    const bool arrives = r->kind == REC_DELIVER;
    struct msg_label l = {.type = rec_type(r),
                          .from = arrives ? r->peer : r->node,
                          .to = arrives ? r->node : r->peer,
                          .flags = rec_flags(r),
                          .term = r->term,
                          .index = r->index,
                          .log_term = rec_log_term(r)};
    if (label_answers(l.type))
        l.asked = rec_asked(r);
    else
        l.commit = rec_commit(r);
    if (label_elects(l.type)) {
        l.try_id = label_try(rec_try_boot(r), rec_try(r));
        return l;
    }
    l.entries = rec_entries(r);
    l.round = rec_round(r);
    return l;
}

uint32_t record_op(const struct world *w, const struct record *r)
{
    if (record_has[r->kind][COLUMN_op])
        return rec_op(r);
    if (record_is_message(r))
        return rec_type(r) == MSG_CLIENT_REQUEST || rec_type(r) == MSG_CLIENT_REPLY ||
                       rec_type(r) == MSG_PROPOSE
                   ? rec_for_op(r)
                   : 0;
    if (r->kind == REC_APPEND || r->kind == REC_APPLY)
        return rec_entry(r) ? store_entry(w, rec_entry(r))->op : 0;
    return 0;
}

const struct op *record_keyed_op(const struct world *w, const struct record *r)
{
    const uint32_t op = record_op(w, r);
    if (!op || op >= w->ops.n)
        return NULL;
    const struct op *o = world_op(w, op);
    return o->verb == OP_NONE || o->verb == OP_RAW ? NULL : o;
}

static bool is_by(const struct actor_bits *s, const struct record *r)
{
    return actors_have(s, r->node) ||
           ((record_is_message(r) || r->kind == REC_FAULT) && actors_have(s, r->peer));
}

static bool is_about(const struct record_filter *f, const struct world *w, const struct record *r)
{
    if (f->op && record_op(w, r) != f->op)
        return false;
    if (!f->key)
        return true;
    const struct op *op = record_keyed_op(w, r);
    return op && op->key == f->key - 1;
}

bool filter_takes(const struct record_filter *f, const struct world *w, const struct record *r)
{
    if (f->kinds && !(f->kinds >> r->kind & 1))
        return false;
    if (!rec_sub_among(r, f->subs))
        return false;
    if (f->group && f->group != r->group + 1u && !(RECORDS_OF_ALL_GROUPS >> r->kind & 1))
        return false;
    if (r->at < f->from || (f->before && r->at >= f->before))
        return false;
    if (f->classes && !class_has(f->classes, r))
        return false;
    if (actors_any(&f->actors) && !is_by(&f->actors, r))
        return false;
    if ((f->op || f->key) && !is_about(f, w, r))
        return false;
    if (!f->by_label)
        return true;
    const struct msg_label label =
        record_is_message(r) ? record_label(r) : (struct msg_label){0};
    return record_is_message(r) && label_matches(&f->label, &label);
}

void evidence_add(struct evidence *e, const struct evidence_part *part)
{
    if (e->n < EVIDENCE_MAX)
        e->part[e->n++] = *part;
}
