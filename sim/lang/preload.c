/* SPDX-License-Identifier: MIT */
/*
 * What disks hold before the cluster starts, and whether any history of Raft could have left
 * them so.
 *
 * Method. Statements are merged, a part at a time. When the variant has been read, what was left
 * out is filled in: a term is that of the last entry, a value that only one of two equal entries
 * names is the other's too, and who is in a term that has entries has voted for its leader. Then
 * the disks are judged. Voters are fixed, nothing was compacted, and all that a node ever promised
 * is on its disk (D 3.8); a node without a statement has an empty one. Each rule says why no
 * history breaks it; what merely looks odd is let through. A statement that ends in `unsafe` speaks
 * for nodes that no rule looks at, and that count for whatever another node may need: a vote, a
 * copy, a leader.
 */
#include <stdarg.h>
#include <string.h>

#include "parse.h"
#include "rows.h"

/* ---- reading ---- */

enum { PART_TERM, PART_VOTE, PART_COMMIT, PART_LOG, PART_UNSAFE };

struct part {
    uint32_t which;
    uint64_t number;                /* of a term, a vote, a commit */
    struct log_items log;
    struct place at;                /* of its word; of `value` what stands behind it */
    struct place value;
};

static bool need_part(struct cursor *c, struct part *part)
{
    uint8_t node = 0;
    bool ok;
    part->at = cur_place(c);
    if (!cur_need_choice(c, "term|vote|commit|log|unsafe", &part->which,
                         "a part of what the disk holds"))
        return false;
    part->value = cur_place(c);
    switch (part->which) {
    case PART_TERM: return cur_need_count(c, &part->number, 0, UINT32_MAX, "a term");
    case PART_COMMIT: return cur_need_count(c, &part->number, 0, LOG_ITEMS_MAX, "an index");
    case PART_VOTE:
        if (!cur_word(c, "none") && !cur_node(c, &node))
            return cur_error(c, "write vote n1, or vote none", "expected a node");
        part->number = node;
        return true;
    case PART_LOG:
        if (cur_word(c, "empty") || take_log(c, &part->log, &ok)) return true;
        return ok && cur_error(c, "write log 1 1 2, log 1/1 1/2:\"a\", or log empty",
                               "expected a log");
    default: return true;
    }
}

static bool set_log(struct parser *p, struct preload *to, struct preload_said *said,
                    const struct log_items *log)
{
    said->item = log->item;
    said->entries = pool_take(p->pool, (log->n + 1u) * sizeof *said->entries);
    if (!said->entries) return out_of_memory(p);
    for (uint32_t i = 0; i < log->n; i++)
        said->entries[i] = (struct preload_entry){.term = log->item[i].term,
                                                  .value = log->item[i].value.word,
                                                  .has_value = log->item[i].has_value};
    to->entries = said->entries, to->nentries = log->n;
    return true;
}

static bool set_part(struct parser *p, uint8_t node, const struct part *part)
{
    struct preload *to = &p->prog->plan.preload[node];
    struct preload_said *said = &p->prog->said[node];
    struct place *const places[] = {&said->term, &said->vote, &said->commit, &said->log};
    static const char *const words[] = {"term", "vote", "commit", "log"};
    to->set = 1;
    if (part->which == PART_UNSAFE) return said->unsafe = true;
    if (places[part->which]->line)
        return report_at(p, &part->at, "say each part once", "n%u has a %s already, by line %u",
                         node, words[part->which], places[part->which]->line);
    *places[part->which] = part->value;
    switch (part->which) {
    case PART_TERM: to->term = part->number; return true;
    case PART_VOTE: to->vote = (uint8_t)part->number; return true;
    case PART_COMMIT: to->commit = part->number; return true;
    default: return set_log(p, to, said, &part->log);
    }
}

bool parse_preload(struct cursor *c, struct stmt *s)
{
    const node_set set = who_static(&s->who);
    if (!set)
        return c->at = 1,
            cur_error(c, "write n1, n1 n2 or n1..n3", "nobody leads before the start");
    c->at--;                                    /* the sub is the first part */
    while (!cur_end(c)) {
        struct part part = {0};
        if (!need_part(c, &part)) return false;
        for (node_set left = set; left; left &= left - 1)
            if (!set_part(c->p, (uint8_t)(__builtin_ctz(left) + 1), &part)) return false;
    }
    return true;
}

/* ---- judging ---- */

struct past {
    struct parser *p;
    uint8_t nodes;
    node_set voters;
    uint32_t majority;
    const struct preload *disk;                             /* by node */
    uint32_t same[NODES_MAX + 1][NODES_MAX + 1];            /* how many entries two logs share, from
                                                               the first on */
};

static bool is_safe(const struct past *h, uint8_t n) { return !h->p->prog->said[n].unsafe; }
static uint64_t term_at(const struct past *h, uint8_t n, uint64_t index)
{
    return index ? h->disk[n].entries[index - 1].term : 0;
}

static uint64_t last_term(const struct past *h, uint8_t n)
{
    return term_at(h, n, h->disk[n].nentries);
}
static bool voter(const struct past *h, uint8_t n) { return h->voters & NODE_BIT(n); }

/* The place of an entry in the statement that says it. */
static struct place entry_place(const struct past *h, uint8_t n, uint64_t index)
{
    struct place at = h->p->prog->said[n].log;
    at.col = h->p->prog->said[n].item[index - 1].col;
    return at;
}

/* `way`: what to write instead, or NULL. */
static bool no_past(const struct past *h, const struct place *at, const char *way,
                    const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static bool no_past(const struct past *h, const struct place *at, const char *way,
                    const char *format, ...)
{
    char what[300], hint[200];
    va_list ap;
    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    snprintf(hint, sizeof hint, "%s%send the statement with `unsafe`", way ? way : "",
             way ? ", or " : "");
    return report_at(h->p, at, hint, "no history of Raft leads there: %s", what);
}

/* "n1 n4 n5", or "no node". */
static const char *names(node_set set, char *out, size_t size)
{
    size_t k = (size_t)snprintf(out, size, "%s", set ? "" : "no node");
    for (; set && k < size; set &= set - 1)
        k += (size_t)snprintf(out + k, size - k, "%sn%u", k ? " " : "",
                              (unsigned)__builtin_ctz(set) + 1);
    return out;
}

#define LLU(x) ((unsigned long long)(x))

/* ---- one disk ---- */

static bool log_fits(struct past *h, uint8_t n)
{
    const struct preload *d = &h->disk[n];
    for (uint64_t i = 1; i <= d->nentries; i++) {
        struct place at = entry_place(h, n, i);
        if (!term_at(h, n, i)) return report_at(h->p, &at, NULL, "terms of entries begin at 1");
        /* A leader appends behind entries of its predecessors (D 3.5), and accepted entries keep
         * the order. */
        if (is_safe(h, n) && term_at(h, n, i) < term_at(h, n, i - 1))
            return no_past(h, &at, NULL, "the terms of a log never fall");
    }
    return true;
}

static bool disk_fits(struct past *h, uint8_t n)
{
    const struct preload *d = &h->disk[n];
    const struct preload_said *said = &h->p->prog->said[n];
    if (!d->set) return true;
    if (!log_fits(h, n)) return false;
    if (!is_safe(h, n)) return true;
    /* Entries come from a leader whose term the node has taken over before (D 3.3, 3.8). */
    if (d->term < last_term(h, n)) {
        struct place at = entry_place(h, n, d->nentries);
        return no_past(h, &at, "give the node that term",
                       "an entry of term %llu in the log of a node in term %llu",
                       LLU(last_term(h, n)), LLU(d->term));
    }
    /* Nobody learns that an entry is committed before it has that entry (D 3.5). */
    if (d->commit > d->nentries)
        return no_past(h, &said->commit, NULL, "entry %llu is committed, and the log ends at %u",
                       LLU(d->commit), d->nentries);
    /* Terms begin at 1 with the first candidate (D 3.4). */
    if (d->vote && !d->term)
        return no_past(h, &said->vote, "write term 1 vote n1", "a vote is cast in a term");
    /* Only voters stand (D 3.4). */
    return !d->vote || voter(h, d->vote) ||
           no_past(h, &said->vote, NULL, "n%u is no voter, and nobody votes for it", d->vote);
}

/* ---- two logs ---- */

/* The first entry of that term; 0: none. */
static uint64_t term_begins(const struct past *h, uint8_t n, uint64_t term)
{
    for (uint64_t i = 1; i <= h->disk[n].nentries; i++)
        if (term_at(h, n, i) == term) return i;
    return 0;
}

/*
 * A term has one leader (D 3.4), who appends to one log, its own, and overwrites nothing there
 * (leader append-only). Whoever has any of its entries has all that stand before it in that log
 * (log matching, D 3.5). So two logs that have entries of one term have its first entry at the same
 * place, and the same entries before that.
 */
static bool pair_matches(struct past *h, uint8_t a, uint8_t b)
{
    for (uint64_t i = 1; i <= h->disk[b].nentries; i++) {
        uint64_t term = term_at(h, b, i),
            first = term == term_at(h, b, i - 1) ? 0 : term_begins(h, a, term);
        struct place at = entry_place(h, b, i);
        if (!first) continue;
        if (first != i)
            return no_past(h, &at, NULL,
                           "term %llu begins at entry %llu in n%u's log and at %llu in n%u's, and "
                           "has one leader", LLU(term), LLU(first), a, LLU(i), b);
        for (uint64_t k = i - 1; k; k--)
            if (term_at(h, a, k) != term_at(h, b, k))
                return no_past(h, &at, NULL,
                               "n%u and n%u share entry %llu of term %llu, and not entry %llu "
                               "before it",
                               a, b, LLU(i), LLU(term), LLU(k));
    }
    while (h->same[a][b] < h->disk[a].nentries && h->same[a][b] < h->disk[b].nentries &&
           term_at(h, a, h->same[a][b] + 1u) == term_at(h, b, h->same[a][b] + 1u))
        h->same[a][b]++;
    h->same[b][a] = h->same[a][b];
    return true;
}

/* What one of two equal entries carries, the other carries too. *changed: a value was
 * taken over. */
static bool values_match(struct past *h, uint8_t a, uint8_t b, bool *changed)
{
    struct preload_entry *x = h->p->prog->said[a].entries, *y = h->p->prog->said[b].entries;
    for (uint32_t i = 0; i < h->same[a][b]; i++) {
        struct place at = entry_place(h, b, i + 1);
        if (x[i].has_value && y[i].has_value && x[i].value != y[i].value)
            return no_past(h, &at, NULL,
                           "n%u and n%u have different values in entry %u of term %llu", a, b,
                           i + 1, LLU(x[i].term));
        if (x[i].has_value == y[i].has_value) continue;
        *(x[i].has_value ? &y[i] : &x[i]) = *(x[i].has_value ? &x[i] : &y[i]);
        *changed = true;
    }
    return true;
}

typedef bool pair_rule(struct past *, uint8_t a, uint8_t b);

static bool each_pair(struct past *h, pair_rule *rule)
{
    bool ok = true;
    for (uint8_t b = 2; b <= h->nodes; b++)
        for (uint8_t a = 1; a < b; a++)
            if (h->disk[a].set && h->disk[b].set && is_safe(h, a) && is_safe(h, b))
                ok = rule(h, a, b) && ok;
    return ok;
}

static bool spread_values(struct past *h)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint8_t b = 2; b <= h->nodes; b++)
            for (uint8_t a = 1; a < b; a++)
                if (h->same[a][b] && !values_match(h, a, b, &changed)) return false;
    }
    return true;
}

/* ---- commits ---- */

/* What is committed is applied everywhere in the same order (state machine safety, D 3.6.3). */
static bool commits_match(struct past *h, uint8_t a, uint8_t b)
{
    uint64_t both = h->disk[a].commit < h->disk[b].commit ? h->disk[a].commit : h->disk[b].commit;
    if (both <= h->same[a][b]) return true;
    return no_past(h, &h->p->prog->said[b].commit, NULL,
                   "n%u and n%u have committed different entries at %u", a, b,
                   h->same[a][b] + 1);
}

static bool holds(const struct past *h, uint8_t n, uint8_t of, uint64_t index)
{
    return n == of || !is_safe(h, n) || h->same[n][of] >= index;
}

/* The voters that have the entry of `of` at that index, and the nodes that have been led without
 * it since. */
static void count_copies(const struct past *h, uint8_t of, uint64_t index, node_set *have,
                         node_set *without)
{
    *have = *without = 0;
    for (uint8_t n = 1; n <= h->nodes; n++) {
        if (holds(h, n, of, index)) *have |= voter(h, n) ? NODE_BIT(n) : 0;
        else if (last_term(h, n) > term_at(h, of, index)) *without |= NODE_BIT(n);
    }
}

/*
 * An entry becomes committed with an entry x at its index or behind it in the same log, which a
 * leader of x's own term has stored on a majority (D 3.6.2). Who stored x has it still: leaders of
 * later terms have it (leader completeness, D 3.6.3), and earlier ones no longer reach who has been
 * in x's term. And a log with an entry of a later term is one of these leaders' up to that entry,
 * which stands behind x: it has x. So such an x must be among what the disks show: were it on no
 * disk with a statement, it would not be on a majority.
 */
static bool commit_fits(struct past *h, uint8_t n)
{
    uint64_t index = h->disk[n].commit;
    const struct place *at = &h->p->prog->said[n].commit;
    node_set have, without;
    char who[100];
    if (!h->disk[n].set || !is_safe(h, n) || !index) return true;
    for (uint8_t m = 1; m <= h->nodes; m++)
        for (uint64_t x = index; holds(h, m, n, index) && x <= h->disk[m].nentries; x++) {
            count_copies(h, m, x, &have, &without);
            if ((uint32_t)__builtin_popcount(have) >= h->majority && !without) return true;
        }
    count_copies(h, n, index, &have, &without);
    if ((uint32_t)__builtin_popcount(have) < h->majority)
        return no_past(h, at, "give a majority that entry",
                       "n%u has committed entry %llu, which of the voters only %s %s", n,
                       LLU(index), names(have, who, sizeof who),
                       have & (have - 1) ? "have" : "has");
    return no_past(h, at, NULL,
                   "n%u has committed entry %llu of term %llu, and %s followed a later leader "
                   "without it",
                   n, LLU(index), LLU(term_at(h, n, index)), names(without, who, sizeof who));
}

/* ---- leaders ---- */

/* The entries of one term: those of `log` from first to last, and its log up to there. */
struct reign { uint64_t term, first, last; uint8_t log; };

/* Do the node's log and the leader's differ where both have entries? */
static bool conflicts(const struct past *h, uint8_t n, const struct reign *r)
{
    uint64_t both = h->disk[n].nentries < r->last ? h->disk[n].nentries : r->last;
    return n != r->log && h->same[n][r->log] < both;
}

/*
 * Could it have voted for that leader? Not if its disk says that it is in that term and voted
 * otherwise (D 3.4), nor if it never was in it. A node of that very term whose log differs from the
 * leader's has, since it voted, taken nothing from it that reaches so far; the end of its log is
 * what it was, and the leader's, before its own entries, must have been at least as up to date
 * (D 3.6.1). Of a node in a later term nothing is known.
 */
static bool could_vote(const struct past *h, uint8_t n, uint8_t leader, const struct reign *r)
{
    const struct preload *d = &h->disk[n];
    if (!is_safe(h, n) || d->term > r->term) return true;
    if (d->term < r->term) return false;
    if (h->p->prog->said[n].vote.line) return d->vote == leader;
    uint64_t mine = last_term(h, n), its = term_at(h, r->log, r->first - 1);
    return !conflicts(h, n, r) || mine < its || (mine == its && d->nentries <= r->first - 1);
}

/*
 * Could it have led that term? Who leads has its term on disk, or it could lead the same term
 * again. While it is in that term it overwrites nothing of its log, on which the election turned
 * (D 3.6.1).
 */
static bool could_lead(const struct past *h, uint8_t n, const struct reign *r)
{
    uint32_t votes = 0;
    uint64_t term = is_safe(h, n) ? h->disk[n].term : UINT64_MAX;
    if (term < r->term || (term == r->term && conflicts(h, n, r))) return false;
    for (uint8_t v = 1; v <= h->nodes; v++) votes += voter(h, v) && could_vote(h, v, n, r);
    return votes >= h->majority;
}

/* Of those who could have led, who has the votes that were said, then who has most of the log. */
static uint8_t likely_leader(const struct past *h, const struct reign *r)
{
    uint8_t best = 0;
    uint64_t most = 0;
    for (uint8_t n = 1; n <= h->nodes; n++) {
        uint64_t said = 0,
            has = n == r->log ? r->last
                              : h->same[n][r->log] < r->last ? h->same[n][r->log] : r->last;
        if (!voter(h, n) || !could_lead(h, n, r)) continue;
        for (uint8_t v = 1; v <= h->nodes; v++)
            said += h->disk[v].term == r->term && h->disk[v].vote == n;
        uint64_t score = said << 32 | has;
        if (!best || score > most) best = n, most = score;
    }
    return best;
}

static bool reign_fits(struct past *h, const struct reign *r)
{
    uint8_t leader = likely_leader(h, r);
    node_set since = 0;
    char who[100];
    for (uint8_t n = 1; n <= h->nodes; n++)
        if (voter(h, n) && (!is_safe(h, n) || h->disk[n].term >= r->term)) since |= NODE_BIT(n);
    for (uint8_t n = 1; n <= h->nodes && leader; n++) {
        struct preload *d = &h->p->prog->plan.preload[n];
        if (d->set && voter(h, n) && is_safe(h, n) && d->term == r->term &&
            !h->p->prog->said[n].vote.line)
            d->vote = could_vote(h, n, leader, r) ? leader : 0;
    }
    if (leader) return true;
    struct place at = entry_place(h, r->log, r->first);
    /* A leader has the votes of a majority, each on a disk before it counts (D 3.4, 3.8). */
    if ((uint32_t)__builtin_popcount(since) >= h->majority)
        return no_past(h, &at, NULL,
                       "entries of term %llu need a leader, and nobody can have had the votes of a "
                       "majority", LLU(r->term));
    return no_past(h, &at, "give a majority that term or a later one",
                   "entries of term %llu need a leader with the votes of a majority, and of the "
                   "voters only %s %s been in it", LLU(r->term), names(since, who, sizeof who),
                   since & (since - 1) ? "have" : "has");
}

/* Each term that any log has entries of, as the log that has most of them shows it. */
static bool reigns_fit(struct past *h)
{
    bool ok = true;
    for (uint8_t n = 1; n <= h->nodes; n++)
        for (uint64_t i = 1; is_safe(h, n) && i <= h->disk[n].nentries; i++) {
            struct reign r = {.term = term_at(h, n, i), .first = i};
            if (r.term == term_at(h, n, i - 1)) continue;
            for (uint8_t m = 1; m <= h->nodes; m++) {
                uint64_t last = is_safe(h, m) ? term_begins(h, m, r.term) : 0;
                while (last && last < h->disk[m].nentries && term_at(h, m, last + 1) == r.term)
                    last++;
                if (last > r.last) r.last = last, r.log = m;
            }
            if (r.log == n) ok = reign_fits(h, &r) && ok;
        }
    return ok;
}

bool preloads_finish(struct parser *p)
{
    struct world_plan *plan = &p->prog->plan;
    struct past h = {.p = p, .nodes = plan->nodes, .voters = plan->voters, .disk = plan->preload,
                     .majority = (uint32_t)__builtin_popcount(plan->voters) / 2 + 1};
    bool ok = true;
    for (uint8_t n = 1; n <= h.nodes; n++) {
        struct preload *d = &plan->preload[n];
        if (d->set && !p->prog->said[n].term.line) d->term = last_term(&h, n);
        ok = disk_fits(&h, n) && ok;
    }
    if (!ok || !each_pair(&h, pair_matches) || !spread_values(&h)) return false;
    ok = each_pair(&h, commits_match);
    for (uint8_t n = 1; n <= h.nodes && ok; n++) ok = commit_fits(&h, n);
    return reigns_fit(&h) && ok;
}
