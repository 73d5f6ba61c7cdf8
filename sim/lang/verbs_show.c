/* SPDX-License-Identifier: MIT */
/*
 * What nodes are and hold at this moment, printed as `print` prints: for who writes a scenario and
 * wants to look. (What is under way, `show messages`, stands with what is done to messages.)
 */
#include <inttypes.h>

#include "../trace/text.h"
#include "parse.h"
#include "play.h"
#include "rows.h"

enum { LINE_BYTES = 2000 };

static bool parse_show(struct cursor *c, struct stmt *s)
{
    const node_set all = nodes_to(c->p->prog->plan.nodes);
    s->who = (struct who){.n = 1, .item[0] = {.kind = WHO_SET, .set = all}};
    group_here(c);
    return cur_end(c) || need_who(c, &s->who, "nodes");
}

bool parse_show_state(struct cursor *c, struct stmt *s) { return parse_show(c, s); }
bool parse_show_log(struct cursor *c, struct stmt *s) { return parse_show(c, s); }
bool parse_show_config(struct cursor *c, struct stmt *s) { return parse_show(c, s); }

typedef void show_node(struct player *, uint8_t node, struct saw *);

static bool each(struct player *p, node_set set, const char *what, show_node *show)
{
    char text[LINE_BYTES];
    uint64_t ms = p->w->now / MS(1);
    if (!p->how->say) return true;
    fprintf(p->how->say, "%" PRIu64 ".%03" PRIu64 "s %s%s\n", ms / 1000, ms % 1000, what,
            set ? "" : " of nobody");
    for (; set; set &= set - 1) {
        struct saw saw = {.text = text, .size = sizeof text};
        text[0] = 0;
        show(p, node_first(set), &saw);
        fprintf(p->how->say, "    %s\n", text);
    }
    return true;
}

static void show_state(struct player *p, uint8_t n, struct saw *out)
{
    const struct replica *rep = play_replica(p, n);
    const struct image disk = storage_image(p->w, rep);
    struct sut_view v;
    if (!host_view(p->w, rep, &v)) {
        saw_add(out, "n%u down, its disk in term %" PRIu64, n, disk.term);
        if (disk.vote) saw_add(out, ", vote n%u", disk.vote);
        return;
    }
    saw_add(out, "n%u %s of term %" PRIu64, n, sut_role_name(v.role), v.term);
    if (v.vote) saw_add(out, ", vote n%u", v.vote);
    if (v.leader && v.leader != n) saw_add(out, ", follows n%u", v.leader);
    saw_add(out, ", log through %" PRIu64 ", commit %" PRIu64 ", applied %" PRIu64,
            store_index(p->w, rep->head), v.commit, rep->applied);
    saw_add(out, ", durable through %" PRIu64, store_index(p->w, disk.head));
    if (disk.term != v.term) saw_add(out, " in term %" PRIu64, disk.term);
    if (v.lease_until > clock_local(p->w, n))
        saw_add(out, ", holds a lease until its clock says %s", when(v.lease_until).text);
    saw_add(out, ", clock %s", when(clock_local(p->w, n)).text);
    if (p->w->process[n].clock.frozen) saw_add(out, " (it stands)");
    if (p->w->process[n].pauses) saw_add(out, ", paused");
}

static void show_log(struct player *p, uint8_t n, struct saw *out)
{
    const struct replica *rep = play_replica(p, n);
    const uint32_t durable = storage_image(p->w, rep).head;
    const bool up = p->w->process[n].up;
    saw_log(p, out, n, up ? rep->head : durable);
    const uint64_t last = store_index(p->w, durable);
    if (!up) {
        saw_add(out, " (down: its disk)");
    } else if (store_at(p->w, rep->head, last) == durable) {
        if (durable != rep->head) saw_add(out, " (durable through %" PRIu64 ")", last);
    } else {
        saw_add(out, " (its disk: ");
        saw_log(p, out, n, durable);
        saw_add(out, ")");
    }
}

static void show_config(struct player *p, uint8_t n, struct saw *out)
{
    struct sut_view v;
    if (!host_view(p->w, play_replica(p, n), &v)) {
        saw_add(out, "n%u down", n);
        return;
    }
    saw_add(out, "n%u voters", n);
    for (node_set left = v.voters; left; left &= left - 1) saw_add(out, " n%u", node_first(left));
}

static bool show(struct player *p, const struct stmt *s, const char *what, show_node *how)
{
    return each(p, who_now(p, &s->who), what, how);
}

bool run_show_state(struct player *p, const struct stmt *s)
{
    return show(p, s, "state", show_state);
}
bool run_show_log(struct player *p, const struct stmt *s) { return show(p, s, "log", show_log); }
bool run_show_config(struct player *p, const struct stmt *s)
{
    return show(p, s, "config", show_config);
}

/* ---- all of the world ---- */

enum shown_part { PART_STATE, PART_LOG, PART_CONFIG, PART_MESSAGES };
const char *const shown_names[] = {"state", "log", "config", "messages", NULL};

void show_world(struct player *p, uint32_t what)
{
    static show_node *const shows[] = {show_state, show_log, show_config};
    const node_set all = nodes_to(p->w->nnodes);
    const struct label_match any = {0};
    if (!p->how->say) return;
    for (int part = PART_STATE; part <= PART_CONFIG; part++)
        if (what >> part & 1) each(p, all, shown_names[part], shows[part]);
    if (what >> PART_MESSAGES & 1) show_messages(p, &any);
}
