/* SPDX-License-Identifier: MIT */
/*
 * Assertions about how often something happened. Counts are kept by the record stream from the
 * run's beginning; a mark notes how far they are. Who `leader` or a remembered name means is asked
 * last: until then all is counted, each pair of nodes by itself.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

/* What counts have in this order, and nothing of it behind. */
static bool need_in_order(struct cursor *c, bool after_number)
{
    static const char order[] = "the order is TYPE from A to B where TEST since \"MARK\" <= N";
    if (is_message_type(c))
        return cur_error(c, "write append from A to B", "a message's type stands first");
    if (after_number && cur_is(c, "since"))
        return cur_error(c, "write since \"MARK\" <= N", "`since` stands before the number");
    return need_count_order(c, order);
}

/* [since "MARK"]: one that stands before this line */
static bool need_since(struct cursor *c, uint32_t *mark)
{
    const struct names *marks = &c->p->prog->marks;
    char *text, hint[120];
    if (!cur_word(c, "since")) return true;
    if (!cur_need_string(c, &text, "the text of a mark")) return false;
    uint32_t n = (uint32_t)strlen(text);
    if ((*mark = names_find(marks, text, n))) return true;
    struct guess g = guess_for(text, n);
    for (uint32_t i = 1; i <= marks->n; i++) guess_try(&g, marks->name[i], strlen(marks->name[i]));
    if (!did_you_mean(&g, hint, sizeof hint))
        snprintf(hint, sizeof hint, "write mark \"%.60s\" before it", text);
    c->at--;
    return cur_error(c, hint, "no mark \"%.60s\" stands before this line%s", text,
                     c->p->scenario->naxes ? " in this variant" : "");
}

static bool draws(const struct who *who)
{
    bool any = who->random;
    for (uint32_t i = 0; i < who->n; i++) any = any || who->item[i].random;
    return any;
}

static bool new_tally(struct cursor *c, struct cond *cond, const struct tally *t)
{
    struct program *g = c->p->prog;
    if (draws(&t->selector.from) || draws(&t->selector.to))
        return cur_error(c, "write `remember random 2 of followers as some` before it, and from "
                            "some", "a count draws nobody");
    if (g->ntallies == TALLIES_MAX)
        return cur_error(c, NULL, "too many counts (at most %d)", TALLIES_MAX);
    g->tallies[g->ntallies] = *t;
    cond->tally = g->ntallies++;
    return need_since(c, &g->tallies[cond->tally].since) && need_in_order(c, false);
}

static bool need_number(struct cursor *c, struct cond *cond)
{
    uint32_t at = c->at;
    return need_comparison(c, cond, "a number") && need_in_order(c, true) &&
           need_tally(c, cond, at);
}

/* A rule or a trap takes the next message; a count takes what has come. */
static bool need_counted(struct cursor *c, struct selector *s)
{
    if (cur_is(c, "next"))
        return cur_error(c, "write messages append, and since \"MARK\" to count from there",
                         "counts look back");
    return need_selector(c, s);
}

bool assert_parse_messages(struct cursor *c, struct cond *cond)
{
    struct tally t = {0};
    return need_counted(c, &t.selector) && new_tally(c, cond, &t) && need_number(c, cond);
}

/* A comparison with 4096, 4kB or 4KiB. */
static bool need_size(struct cursor *c, struct cond *cond)
{
    struct cursor look = *c;
    uint8_t compare;
    uint64_t bytes;
    if (!take_compare(&look, &compare)) return need_comparison(c, cond, "a number of bytes");
    if (!cur_need_bytes(&look, &bytes)) return false;
    cond->compare = compare, cond->number = bytes;
    uint32_t at = c->at;
    c->at = look.at;
    return need_in_order(c, true) && need_tally(c, cond, at);
}

/* `bytes from n1 to n2 <= 4096`, or of one type */
bool assert_parse_bytes(struct cursor *c, struct cond *cond)
{
    struct tally t = {.selector.kind = REC_SEND, .bytes = true};
    uint32_t at = c->at;
    bool any = cur_is(c, "from") || cur_is(c, "to") || cur_is(c, "since") || !cur_peek(c) ||
               cur_peek(c)->kind != TOK_WORD;
    if (!(any ? need_way_of(c, &t.selector) : need_counted(c, &t.selector))) return false;
    if (t.selector.kind == REC_WRITE)
        return c->at = at,
            cur_error(c, "write bytes append, or bytes any", "only messages have bytes on a link");
    return new_tally(c, cond, &t) && need_size(c, cond);
}

bool assert_parse_elections(struct cursor *c, struct cond *cond)
{
    const struct tally t = {.selector = {.kind = REC_ROLE, .role = SUT_CANDIDATE}};
    return new_tally(c, cond, &t) && need_number(c, cond);
}

enum { PAIRS = (NODES_MAX + 1) * (NODES_MAX + 1) };

/* By sender and receiver; whoever is no node has place 0. */
static uint32_t pair_of(const struct record *r)
{
    bool arrives = r->kind == REC_DELIVER;
    uint32_t from = arrives ? r->peer : r->node, to = arrives ? r->node : r->peer;
    return (from > NODES_MAX ? 0 : from) * (NODES_MAX + 1) + (to > NODES_MAX ? 0 : to);
}

/* A record has no room for them: they are those of the message that it tells of. */
static uint64_t bytes_of(const struct world *w)
{
    return MESSAGE_BYTES + message_at(w, w->message_told)->label.bytes;
}

void counts_begin(struct player *p)
{
    for (uint32_t i = 0; i < p->prog->ntallies; i++) {
        const struct tally *t = &p->prog->tallies[i];
        struct arena *a = &p->w->arena;
        if (!t->selector.from.n && !t->selector.to.n) continue;
        p->counts[i].pair = arena_at(a, arena_take(a, 2 * PAIRS * sizeof(uint64_t)));
        p->counts[i].pair_at_mark = p->counts[i].pair + PAIRS;
    }
}

void count_record(struct player *p, const struct record *r)
{
    for (uint32_t i = 0; i < p->prog->ntallies; i++) {
        const struct tally *t = &p->prog->tallies[i];
        if (!selector_matches(&t->selector, r)) continue;
        uint64_t n = t->bytes ? bytes_of(p->w) : 1;
        p->counts[i].n += n;
        if (p->counts[i].pair) p->counts[i].pair[pair_of(r)] += n;
    }
}

void counts_mark(struct player *p, uint32_t mark)
{
    for (uint32_t i = 0; i < p->prog->ntallies; i++) {
        struct count *k = &p->counts[i];
        if (p->prog->tallies[i].since != mark) continue;
        k->marked = true;
        k->marked_at = p->w->now;
        k->at_mark = k->n;
        if (k->pair) memcpy(k->pair_at_mark, k->pair, PAIRS * sizeof *k->pair);
    }
}

static bool is_among(const struct who *who, node_set nodes, uint32_t n)
{
    return !who->n || (n && (nodes & NODE_BIT(n)));
}

/* Of the nodes that are meant now. */
static uint64_t counted(struct player *p, const struct tally *t, const struct count *k)
{
    const struct selector *s = &t->selector;
    if (!k->pair) return k->n - k->at_mark;
    node_set from = who_now(p, &s->from), to = who_now(p, &s->to);
    uint64_t n = 0;
    for (uint32_t i = 0; i < PAIRS; i++)
        if (is_among(&s->from, from, i / (NODES_MAX + 1)) &&
            is_among(&s->to, to, i % (NODES_MAX + 1)))
            n += k->pair[i] - k->pair_at_mark[i];
    return n;
}

/* Those that it counts. */
static void saw_counted(struct player *p, const struct tally *t, const struct count *k,
                        struct saw *saw)
{
    const struct selector *s = &t->selector;
    struct record_filter f = {.kinds = UINT64_C(1) << s->kind, .from = k->marked_at};
    if (s->kind == REC_ROLE) {
        f.subs = UINT32_C(1) << s->role;
    } else if (s->kind == REC_WRITE) {
        actors_add_nodes(&f.actors, s->from.n ? who_now(p, &s->from) : s->match.from.nodes);
    } else {
        f.by_label = true;
        f.label = s->match;
        if (s->from.n) f.label.from.nodes = who_now(p, &s->from);
        if (s->to.n) f.label.to.nodes = who_now(p, &s->to);
    }
    saw_rests(saw, &f, EVIDENCE_LATEST, false);
}

static bool tally_is(struct player *p, const struct cond *c, struct saw *saw)
{
    const struct tally *t = &p->prog->tallies[c->tally];
    const struct count *k = &p->counts[c->tally];
    if (wants_rests(saw)) saw_counted(p, t, k, saw);
    if (t->since && !k->marked)
        return saw_add(saw, "no mark \"%.60s\" yet", p->prog->marks.name[t->since]), false;
    if ((t->selector.from.n && !who_now(p, &t->selector.from)) ||
        (t->selector.to.n && !who_now(p, &t->selector.to)))
        return saw_add(saw, "nobody that is meant"), false;
    uint64_t n = counted(p, t, k);
    saw_add(saw, "%llu", (unsigned long long)n);
    return compare_now(n, c->compare, c->number);
}

bool assert_eval_messages(struct player *p, const struct cond *c, struct saw *saw)
{
    return tally_is(p, c, saw);
}

bool assert_eval_bytes(struct player *p, const struct cond *c, struct saw *saw)
{
    return tally_is(p, c, saw);
}

bool assert_eval_elections(struct player *p, const struct cond *c, struct saw *saw)
{
    return tally_is(p, c, saw);
}
