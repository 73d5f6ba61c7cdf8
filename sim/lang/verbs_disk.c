/* SPDX-License-Identifier: MIT */
/*
 * Disk faults: disk NODES ... A stepwise or stalled disk holds its writes until `complete`
 * or `resume`.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

struct disk_args { uint64_t lo, hi; bool flag; };

static struct disk_args *disk_args(struct cursor *c, struct stmt *s)
{
    return s->args = args_take(c, sizeof(struct disk_args));
}

typedef bool node_act(struct player *, const struct stmt *, const struct disk_args *, uint8_t node);

static bool each(struct player *p, const struct stmt *s, node_act *act)
{
    node_set set;
    if (!need_nodes_now(p, s, &s->who, &set)) return false;
    for (; set; set &= set - 1)
        if (!act(p, s, s->args, node_first(set))) return false;
    return true;
}

bool parse_disk_latency(struct cursor *c, struct stmt *s)
{
    struct disk_args *a = disk_args(c, s);
    return a && cur_need_span(c, &a->lo, &a->hi, "a latency");
}

static bool act_latency(struct player *p, const struct stmt *s, const struct disk_args *a,
                        uint8_t n)
{
    (void)s;
    struct disk_settings set = disk_settings(p->w, n);
    set.latency_min = a->lo;
    set.latency_max = a->hi;
    disk_set(p->w, n, &set);
    return true;
}
bool run_disk_latency(struct player *p, const struct stmt *s) { return each(p, s, act_latency); }

/* ---- stall, resume, stepwise ---- */

bool parse_disk_stall(struct cursor *c, struct stmt *s) { return disk_args(c, s); }
bool parse_disk_resume(struct cursor *c, struct stmt *s) { return disk_args(c, s); }

static bool act_stall(struct player *p, const struct stmt *s, const struct disk_args *a, uint8_t n)
{
    (void)s; (void)a;
    disk_stall(p->w, n);
    return true;
}

static bool act_resume(struct player *p, const struct stmt *s, const struct disk_args *a, uint8_t n)
{
    (void)s; (void)a;
    disk_resume(p->w, n);
    return true;
}
bool run_disk_stall(struct player *p, const struct stmt *s) { return each(p, s, act_stall); }
bool run_disk_resume(struct player *p, const struct stmt *s) { return each(p, s, act_resume); }

bool parse_disk_stepwise(struct cursor *c, struct stmt *s)
{
    struct disk_args *a = disk_args(c, s);
    if (!a) return false;
    a->flag = !cur_word(c, "off");
    if (a->flag) cur_word(c, "on");
    return true;
}

static bool act_stepwise(struct player *p, const struct stmt *s, const struct disk_args *a,
                         uint8_t n)
{
    (void)s;
    disk_stepwise(p->w, n, a->flag);
    return true;
}
bool run_disk_stepwise(struct player *p, const struct stmt *s) { return each(p, s, act_stepwise); }

/* complete; complete 2 writes; complete write 2 */
bool parse_disk_complete(struct cursor *c, struct stmt *s)
{
    struct disk_args *a = disk_args(c, s);
    if (!a) return false;
    a->lo = UINT32_MAX;
    if (cur_end(c) || cur_word(c, "all")) return true;
    s->seeks = true;
    a->flag = cur_word(c, "write");
    if (!cur_need_count(c, &a->lo, 1, 100000, "a number of writes")) return false;
    return a->flag || cur_word(c, "writes") || cur_word(c, "write") || cur_end(c) ||
           cur_need_end(c);
}

static bool act_complete(struct player *p, const struct stmt *s, const struct disk_args *a,
                         uint8_t n)
{
    uint32_t pending = disk_look(p->w, n).pending;
    if (a->flag && disk_complete_nth(p->w, n, (uint32_t)a->lo)) return true;
    if (!a->flag && (a->lo == UINT32_MAX || a->lo <= pending)) {
        disk_complete(p->w, n, a->lo < pending ? (uint32_t)a->lo : pending);
        return true;
    }
    const struct record_filter sought = sought_writes(n);
    return unmet_none(p, s, &sought, "wanted n%u to have %llu pending writes, saw %u", n,
                      (unsigned long long)a->lo, pending);
}
bool run_disk_complete(struct player *p, const struct stmt *s) { return each(p, s, act_complete); }

/* ---- fail next write; fail write 3; fail pending write ---- */

bool parse_disk_fail(struct cursor *c, struct stmt *s)
{
    struct disk_args *a = disk_args(c, s);
    if (!a) return false;
    s->seeks = true;
    a->lo = 1;
    a->flag = cur_word(c, "pending");
    if (!a->flag && !cur_word(c, "next")) {
        if (!cur_need_word(c, "write")) return false;
        return cur_need_count(c, &a->lo, 1, 1000000, "a write's number, counted from now");
    }
    return cur_need_word(c, "write");
}

static bool act_fail(struct player *p, const struct stmt *s, const struct disk_args *a, uint8_t n)
{
    const struct record_filter sought = sought_writes(n);
    if (a->flag && !disk_look(p->w, n).pending)
        return unmet_none(p, s, &sought, "wanted n%u to have a pending write, saw none", n);
    if (a->flag) return disk_fail_pending(p->w, n), true;
    disk_fail(p->w, n, (uint32_t)a->lo);
    p->failing[n] = s->if_any ? 0 : s->number;
    return true;
}
bool run_disk_fail(struct player *p, const struct stmt *s) { return each(p, s, act_fail); }

/* ---- reorder, keep, lose ---- */

bool parse_disk_reorder(struct cursor *c, struct stmt *s)
{
    struct disk_args *a = disk_args(c, s);
    return a && cur_need_share(c, &a->lo, 1000000);
}

static bool act_reorder(struct player *p, const struct stmt *s, const struct disk_args *a,
                        uint8_t n)
{
    (void)s;
    struct disk_settings set = disk_settings(p->w, n);
    set.reorder_ppm = (uint32_t)a->lo;
    disk_set(p->w, n, &set);
    return true;
}
bool run_disk_reorder(struct player *p, const struct stmt *s) { return each(p, s, act_reorder); }

static bool parse_unsynced(struct cursor *c, struct stmt *s, bool keep)
{
    struct disk_args *a = disk_args(c, s);
    if (!a || !cur_need_word(c, "unsynced")) return false;
    if (keep) cur_word(c, "random");
    a->flag = keep;
    return true;
}

static bool act_unsynced(struct player *p, const struct stmt *s, const struct disk_args *a,
                         uint8_t n)
{
    (void)s;
    struct disk_settings set = disk_settings(p->w, n);
    set.keep_unsynced = a->flag;
    disk_set(p->w, n, &set);
    return true;
}
bool parse_disk_keep(struct cursor *c, struct stmt *s) { return parse_unsynced(c, s, true); }
bool parse_disk_lose(struct cursor *c, struct stmt *s) { return parse_unsynced(c, s, false); }
bool run_disk_keep(struct player *p, const struct stmt *s) { return each(p, s, act_unsynced); }
bool run_disk_lose(struct player *p, const struct stmt *s) { return each(p, s, act_unsynced); }
