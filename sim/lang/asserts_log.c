/* SPDX-License-Identifier: MIT */
/*
 * Assertions about logs, in memory and on disk, and about state machines. A log is one entry of the
 * store and its ancestors, so two logs are equal where they end in the same entry.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

enum { SHOWN_ENTRIES = 24 };

/* ---- indexes ---- */

static bool compare_index(struct player *p, const struct cond *c, uint8_t n, struct saw *saw,
                          const char *what, uint64_t is)
{
    if (p->w->process[n].up && compare_now(is, c->compare, c->number)) return true;
    if (p->w->process[n].up) saw_add(saw, "n%u %s %llu", n, what, (unsigned long long)is);
    else saw_add(saw, "n%u down", n);
    return false;
}

bool assert_parse_commit(struct cursor *c, struct cond *cond)
{
    c->at++;
    return need_comparison(c, cond, "an index");
}

bool assert_parse_last_index(struct cursor *c, struct cond *cond)
{
    c->at++;
    return need_comparison(c, cond, "an index");
}

bool assert_parse_applied_index(struct cursor *c, struct cond *cond)
{
    c->at++;
    return need_comparison(c, cond, "an index");
}

static bool test_commit(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    return compare_index(p, c, n, saw, "commit", play_replica(p, n)->commit);
}

static bool test_last(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    return compare_index(p, c, n, saw, "last index", store_index(p->w, play_replica(p, n)->head));
}

static bool test_applied_index(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    return compare_index(p, c, n, saw, "applied", play_replica(p, n)->applied);
}

bool assert_eval_commit(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_commit);
}

bool assert_eval_last_index(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_last);
}

bool assert_eval_applied_index(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_applied_index);
}

/* ---- logs ---- */

static void saw_value(struct player *p, struct saw *saw, uint64_t value)
{
    char text[60];
    if (!saw) return;
    value_print(p->w, value, text, sizeof text);
    saw_add(saw, "%s", text);
}

void saw_log(struct player *p, struct saw *saw, uint8_t n, uint32_t head)
{
    uint64_t last = store_index(p->w, head),
        from = last > SHOWN_ENTRIES ? last - SHOWN_ENTRIES + 1 : 1;
    if (!saw) return;
    saw_add(saw, last ? from > 1 ? "n%u ... " : "n%u " : "n%u empty", n);
    for (uint64_t i = from; i <= last; i++) {
        const uint32_t id = store_at(p->w, head, i);
        const struct entry *e = store_entry(p->w, id);
        saw_add(saw, "%s%llu/%llu", i > from ? " " : "", (unsigned long long)store_term(p->w, id),
                (unsigned long long)i);
        if (e->verb == OP_NONE) continue;
        saw_add(saw, ":");
        saw_value(p, saw, e->a);
    }
}

enum log_test { LOG_IS, LOG_BEGINS, LOG_HAS };
struct log_args { uint8_t how; struct log_items want; };

static bool log_is(struct player *p, uint32_t head, const struct log_args *a)
{
    const uint64_t last = store_index(p->w, head);
    if (a->how == LOG_IS && last != a->want.n) return false;
    for (uint32_t i = 0; i < a->want.n; i++) {
        const struct log_item *want = &a->want.item[i];
        if (want->index > last) return false;
        const uint32_t id = store_at(p->w, head, want->index);
        const struct entry *e = store_entry(p->w, id);
        if (store_term(p->w, id) != want->term) return false;
        if (want->has_value && (e->verb == OP_NONE || e->a != value_now(p, &want->value)))
            return false;
    }
    return true;
}

/* Terms begin with 1 and never fall in a log that a node has; on a disk a preload may have left
 * anything. */
static bool terms_rise(struct cursor *c, const struct log_items *log)
{
    if (log->n && !log->item[0].term && as_written(c))
        return report(c->p, log->item[0].col - 1, 1, "the first term is 1",
                      "no entry is of term 0");
    for (uint32_t i = 1; i < log->n && as_written(c); i++)
        if (log->item[i].term < log->item[i - 1].term)
            return report(c->p, log->item[i].col - 1, 1, "no node can have such a log",
                          "terms do not fall in a log, and here %llu comes after %llu",
                          (unsigned long long)log->item[i].term,
                          (unsigned long long)log->item[i - 1].term);
    return true;
}

static bool need_log(struct cursor *c, struct cond *cond)
{
    struct log_args *a = cond->args = args_take(c, sizeof *a);
    bool ok;
    if (!a) return false;
    if (cur_word(c, "has")) return a->how = LOG_HAS, need_log_entries(c, &a->want);
    if (cur_word(c, "begins")) a->how = LOG_BEGINS;
    else if (cur_word(c, "empty")) return true;
    if (take_log(c, &a->want, &ok)) return true;
    if (ok && a->how == LOG_BEGINS)
        return cur_error(c, "write terms as 1 1 4, or entries as 1/1 1/2:\"a\"",
                         "expected the beginning of a log");
    return ok && cur_error(c, "write terms as 1 1 4, entries as 1/1 1/2:\"a\", or empty",
                           "expected a log");
}

bool assert_parse_log(struct cursor *c, struct cond *cond)
{
    c->at++;
    cond->flag = cur_word(c, "equal");
    if (cond->flag && cond->at_least)
        return c->at--, cur_error(c, "write n1 n2 log equal", "logs are equal to one another");
    if (cond->flag) return true;
    if (!need_log(c, cond)) return false;
    return terms_rise(c, &((const struct log_args *)cond->args)->want);
}

static bool test_log(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    const struct log_args *a = c->args;
    const struct replica *rep = play_replica(p, n);
    const bool up = p->w->process[n].up;
    if (up && log_is(p, rep->head, a)) return true;
    if (up) saw_log(p, saw, n, rep->head);
    else saw_add(saw, "n%u down", n);
    return false;
}

static bool logs_equal(struct player *p, const struct cond *c, struct saw *saw)
{
    node_set set = who_now(p, &c->who);
    uint8_t first = node_first(set);
    bool equal = set != 0;
    for (node_set left = set; left; left &= left - 1) {
        const uint8_t n = node_first(left);
        equal = equal && p->w->process[n].up &&
                play_replica(p, n)->head == play_replica(p, first)->head;
    }
    if (equal || !saw) return equal;
    for (node_set left = set; left; left &= left - 1) {
        const uint8_t n = node_first(left);
        const uint32_t head = play_replica(p, n)->head;
        if (!p->w->process[n].up) saw_add(saw, "n%u down", n);
        else
            saw_add(saw, "n%u ends %llu/%llu", n, (unsigned long long)store_term(p->w, head),
                    (unsigned long long)store_index(p->w, head));
        if (left & (left - 1)) saw_add(saw, ", ");
    }
    return false;
}

bool assert_eval_log(struct player *p, const struct cond *c, struct saw *saw)
{
    return c->flag ? logs_equal(p, c, saw) : each_node(p, c, saw, test_log);
}

bool assert_parse_logs_equal(struct cursor *c, struct cond *cond)
{
    return cur_need_word(c, "equal") && need_who(c, &cond->who, "the nodes");
}

bool assert_eval_logs_equal(struct player *p, const struct cond *c, struct saw *saw)
{
    return logs_equal(p, c, saw);
}

bool assert_parse_disk_log(struct cursor *c, struct cond *cond)
{
    return need_who(c, &cond->who, "a node") && cur_need_word(c, "log") && need_log(c, cond);
}

static bool test_disk_log(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    const struct log_args *a = c->args;
    uint32_t head = storage_image(p->w, play_replica(p, n)).head;
    if (log_is(p, head, a)) return true;
    saw_log(p, saw, n, head);
    return false;
}

bool assert_eval_disk_log(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_disk_log);
}

bool assert_parse_pending_writes(struct cursor *c, struct cond *cond)
{
    c->at++;
    return cur_need_word(c, "writes") && need_comparison(c, cond, "a number of writes");
}

static bool test_pending_writes(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    uint32_t pending = disk_look(p->w, n).pending;
    if (compare_now(pending, c->compare, c->number)) return true;
    saw_add(saw, "n%u with %u pending write%s", n, pending, pending == 1 ? "" : "s");
    return false;
}

bool assert_eval_pending_writes(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_pending_writes);
}

struct durable_args { bool by_term, by_vote; uint8_t vote; };

bool assert_parse_durable(struct cursor *c, struct cond *cond)
{
    struct durable_args *a = cond->args = args_take(c, sizeof *a);
    if (!a || !need_who(c, &cond->who, "a node")) return false;
    a->by_term = cur_word(c, "term");
    if (a->by_term && !need_comparison(c, cond, "a term")) return false;
    a->by_vote = cur_word(c, "votedfor");
    if (!a->by_vote) return a->by_term || cur_need_word(c, "term");
    return cur_word(c, "none") || cur_node(c, &a->vote) ||
           cur_error(c, "write n2 or none", "expected a node");
}

static bool test_durable(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    const struct durable_args *a = c->args;
    const struct image disk = storage_image(p->w, play_replica(p, n));
    bool vote = !a->by_vote || disk.vote == a->vote;
    if (vote && (!a->by_term || compare_now(disk.term, c->compare, c->number))) return true;
    saw_add(saw, "n%u with durable term %llu", n, (unsigned long long)disk.term);
    if (disk.vote) saw_add(saw, " and vote n%u", disk.vote);
    return false;
}

bool assert_eval_durable(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_durable);
}

/* ---- what was applied ---- */

struct applied_args { uint32_t n; struct value value[32]; };

static bool need_values(struct cursor *c, struct cond *cond)
{
    struct applied_args *a = cond->args = args_take(c, sizeof *a);
    if (!a || !need_value(c, &a->value[a->n])) return false;
    for (a->n = 1; a->n < sizeof a->value / sizeof *a->value && !cond_is_over(c);)
        if (!need_value(c, &a->value[a->n++])) return false;
    return true;
}

bool assert_parse_applied_by(struct cursor *c, struct cond *cond)
{
    c->at++;
    return need_values(c, cond);
}
bool assert_parse_applied(struct cursor *c, struct cond *cond) { return need_values(c, cond); }

static bool carries_value(const struct entry *e)
{
    return e->verb == OP_RAW || e->verb == OP_WRITE || e->verb == OP_APPEND;
}

static bool test_applied_by(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    const struct applied_args *a = c->args;
    const struct replica *rep = play_replica(p, n);
    uint32_t k = 0;
    bool same = p->w->process[n].up;
    saw_add(saw, "n%u applied", n);
    for (uint64_t i = 1; i <= rep->applied; i++) {
        const struct entry *e = store_entry(p->w, store_at(p->w, rep->applied_head, i));
        if (!carries_value(e)) continue;
        same = same && k < a->n && e->a == value_now(p, &a->value[k]);
        k++;
        saw_add(saw, " ");
        saw_value(p, saw, e->a);
    }
    return same && k == a->n;
}

bool assert_eval_applied_by(struct player *p, const struct cond *c, struct saw *saw)
{
    return each_node(p, c, saw, test_applied_by);
}

static bool node_applied(struct player *p, uint8_t n, uint64_t value)
{
    const struct replica *rep = play_replica(p, n);
    for (uint64_t i = rep->applied; i >= 1; i--) {
        const struct entry *e = store_entry(p->w, store_at(p->w, rep->applied_head, i));
        if (carries_value(e) && e->a == value) return true;
    }
    return false;
}

/* Each of the values was applied somewhere. */
bool assert_eval_applied(struct player *p, const struct cond *c, struct saw *saw)
{
    const struct applied_args *a = c->args;
    for (uint32_t k = 0; k < a->n; k++) {
        uint64_t value = value_now(p, &a->value[k]);
        uint8_t n = 1;
        while (n <= p->w->nnodes && !(p->w->process[n].up && node_applied(p, n, value))) n++;
        if (n > p->w->nnodes) {
            saw_value(p, saw, value);
            return saw_add(saw, " applied nowhere"), false;
        }
        saw_value(p, saw, value);
        saw_add(saw, " applied by n%u ", n);
    }
    return true;
}

/* ---- state machines ---- */

struct key_args { uint16_t key; struct value value; };

bool assert_parse_key(struct cursor *c, struct cond *cond)
{
    struct key_args *a = cond->args = args_take(c, sizeof *a);
    if (!a || !need_key(c, &a->key) || !cur_need_word(c, "=") || !need_value(c, &a->value))
        return false;
    return cur_need_word(c, "on") && need_who(c, &cond->who, "the nodes");
}

static bool test_key(struct player *p, const struct cond *c, uint8_t n, struct saw *saw)
{
    const struct key_args *a = c->args;
    if (!p->w->process[n].up) return saw_add(saw, "n%u down", n), false;
    uint64_t value = kv_get(p->w, play_replica(p, n)->kv, a->key);
    if (value == value_now(p, &a->value)) return true;
    saw_add(saw, "n%u with ", n);
    saw_value(p, saw, value);
    return false;
}

static void saw_key(struct player *p, const struct cond *c, struct saw *saw)
{
    const struct key_args *a = c->args;
    struct record_filter f = {.kinds = KIND_BIT(APPLY), .key = a->key + 1u};
    actors_add_nodes(&f.actors, who_now(p, &c->who));
    saw_rests(saw, &f, 2, true);
}

bool assert_eval_key(struct player *p, const struct cond *c, struct saw *saw)
{
    if (wants_rests(saw)) saw_key(p, c, saw);
    return each_node(p, c, saw, test_key);
}

bool assert_parse_states_equal(struct cursor *c, struct cond *cond)
{
    if (!cur_need_word(c, "equal")) return false;
    cur_word(c, "on");
    if (take_who(c, &cond->who)) return true;
    const node_set all = nodes_to(c->p->prog->plan.nodes);
    cond->who = (struct who){.n = 1, .item[0] = {.kind = WHO_SET, .set = all}};
    return true;
}

bool assert_eval_states_equal(struct player *p, const struct cond *c, struct saw *saw)
{
    node_set set = who_now(p, &c->who);
    bool equal = set != 0, first = true;
    uint64_t hash = 0;
    for (node_set left = set; left; left &= left - 1) {
        const uint8_t n = node_first(left);
        const struct replica *rep = play_replica(p, n);
        const bool up = p->w->process[n].up;
        uint64_t h = up ? kv_hash(p->w, rep->kv) : 0;
        equal = equal && up && (first || h == hash);
        if (!up) saw_add(saw, "n%u down ", n);
        else saw_add(saw, "n%u applied %llu ", n, (unsigned long long)rep->applied);
        hash = h, first = false;
    }
    return equal;
}
