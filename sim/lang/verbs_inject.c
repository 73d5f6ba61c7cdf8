/* SPDX-License-Identifier: MIT */
/*
 * inject: a message that nobody sent. It is composed by the system under test and set on its link
 * as though it left now.
 *
 * Entries are those of the store: the one of this index and term that follows the one before it,
 * wherever it lies. A message that no correct node could have sent (past.h) is an error of the
 * scenario, unless it says `unsafe`; then entries that exist nowhere are made, and who refuses the
 * message as impossible is not blamed. A needless `unsafe` changes nothing.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

enum { ENTRIES_MAX = 256 };

struct inject_args {
    struct msg_label label;
    uint64_t hint;
    struct who from, to;
    struct log_items items;
    bool unsafe;
    struct place at[CLAUSES];       /* line 0: not said */
};

/* ---- reading --------------------------------------------------------------------------------- */

static const struct form { uint8_t type; const char *words; } forms[] = {
    {MSG_VOTE, "term|last|try|forced|unsafe"},
    {MSG_VOTE_REPLY, "term|reject|asked|try|unsafe"},
    {MSG_PREVOTE, "term|last|try|forced|unsafe"},
    {MSG_PREVOTE_REPLY, "term|reject|asked|try|unsafe"},
    {MSG_APPEND, "term|prev|entries|commit|round|unsafe"},
    {MSG_APPEND_REPLY, "term|index|reject|hint|asked|round|unsafe"},
    {MSG_HEARTBEAT, "term|commit|round|unsafe"},
    {MSG_HEARTBEAT_REPLY, "term|reject|asked|round|unsafe"},
    {MSG_COMMIT_NOTIFY, "term|commit|unsafe"},
};

static const struct form *need_form(struct cursor *c)
{
    uint32_t which;
    if (!cur_need_choice(
            c,
            "vote|vote-reply|prevote|prevote-reply|append|append-reply|heartbeat|heartbeat-reply|"
            "commit-notify",
            &which, "the type of a message between nodes"))
        return NULL;
    return &forms[which];
}

static bool need_one(struct cursor *c, const char *word, struct who *who, const char *what)
{
    uint32_t at = c->at + 1;
    if (!cur_need_word(c, word) || !need_who(c, who, what)) return false;
    if (who->n == 1 && !who->but &&
        (who->item[0].kind != WHO_SET || !(who->item[0].set & (who->item[0].set - 1))))
        return true;
    c->at = at;
    return cur_error(c, "write one statement for each", "a message has one %s", what);
}

/* TERM/INDEX */
static bool need_entry(struct cursor *c, uint64_t *term, uint64_t *index)
{
    if (cur_word(c, "nothing")) return *term = *index = 0, true;
    if (!cur_need_count(c, term, 1, UINT32_MAX, "an entry as TERM/INDEX")) return false;
    if (!cur_word(c, "/"))
        return cur_error(c, "an entry is written TERM/INDEX, as in 2/5", "expected '/'");
    return cur_need_count(c, index, 1, UINT32_MAX, "the entry's index");
}

/* TERM/INDEX[:VALUE] ... */
static bool need_entries(struct cursor *c, struct inject_args *a)
{
    struct log_item items[ENTRIES_MAX];
    const struct token *t = cur_peek(c);
    uint64_t index, next = 0;
    do {
        if (a->items.n == ENTRIES_MAX) return cur_error(c, NULL, "at most %d entries", ENTRIES_MAX);
        struct log_item *item = &items[a->items.n];
        *item = (struct log_item){0};
        if (!need_entry(c, &item->term, &index)) return false;
        if (!next) next = index;
        if (index != next++)
            return c->at--,
                   cur_error(c, "entries follow each other", "expected index %llu here",
                             (unsigned long long)next - 1);
        if (cur_word(c, ":")) {
            if (!need_value(c, &item->value)) return false;
            if (item->value.list || !item->value.word)
                return c->at--,
                    cur_error(c, "a number or a \"string\"", "this is no value of an entry");
            item->has_value = true;
        }
        a->items.n++;
    } while ((t = cur_peek(c)) && t->kind == TOK_NUMBER);
    a->label.entries = a->items.n;
    if (!a->at[CLAUSE_PREV].line && next - a->items.n > 1)
        return cur_error(c, NULL,
                         "the entry before the first is not named write prev before entries");
    if (next - a->items.n != a->label.index + 1)
        return report_at(c->p, &a->at[CLAUSE_ENTRIES], NULL,
                         "entries after prev begin at index %llu",
                         (unsigned long long)a->label.index + 1);
    struct log_item *copy = args_take(c, a->items.n * sizeof *copy);
    if (!copy) return false;
    memcpy(copy, items, a->items.n * sizeof *copy);
    a->items.item = copy;
    return true;
}

static bool need_number(struct cursor *c, uint64_t *n, const char *what)
{
    return cur_need_count(c, n, 0, UINT32_MAX, what);
}

static bool need_clause(struct cursor *c, const struct form *form, struct inject_args *a)
{
    static const struct { const char *word; enum clause clause;
    } clauses[] = {{"term", CLAUSE_TERM},     {"prev", CLAUSE_PREV},   {"entries", CLAUSE_ENTRIES},
                   {"commit", CLAUSE_COMMIT}, {"round", CLAUSE_ROUND}, {"last", CLAUSE_LAST},
                   {"index", CLAUSE_INDEX},   {"hint", CLAUSE_HINT},   {"reject", CLAUSE_ANSWER},
                   {"try", CLAUSE_TRY},       {"asked", CLAUSE_ASKED}, {"forced", CLAUSES}};
    struct msg_label *l = &a->label;
    struct place place = cur_place(c);
    const struct token *t = cur_peek(c);
    uint32_t which, i = 0;
    if (!cur_need_choice(c, form->words, &which, "what the message says")) return false;
    while (i < sizeof clauses / sizeof *clauses &&
           (strlen(clauses[i].word) != t->n || memcmp(clauses[i].word, t->text, t->n)))
        i++;
    if (i == sizeof clauses / sizeof *clauses) return a->unsafe = true;
    enum clause clause = clauses[i].clause;
    if (clause == CLAUSES) return l->flags |= LABEL_FORCE, true;
    if (a->at[clause].line)
        return c->at--, cur_error(c, "once is enough", "'%s' stands here twice", clauses[i].word);
    a->at[clause] = place;
    switch (clause) {
    case CLAUSE_TERM: return cur_need_count(c, &l->term, 1, UINT32_MAX, "a term");
    case CLAUSE_PREV: case CLAUSE_LAST: return need_entry(c, &l->log_term, &l->index);
    case CLAUSE_ENTRIES: return need_entries(c, a);
    case CLAUSE_COMMIT: return need_number(c, &l->commit, "an index");
    case CLAUSE_ROUND: return need_number(c, &l->round, "a round");
    case CLAUSE_INDEX: return need_number(c, &l->index, "an index");
    case CLAUSE_HINT: return need_entry(c, &l->log_term, &a->hint);
    case CLAUSE_ANSWER: return l->flags |= LABEL_REJECT, true;
    case CLAUSE_TRY: return need_try(c, &l->try_id);
    case CLAUSE_ASKED: return cur_need_count(c, &l->asked, 1, UINT32_MAX, "a term");
    case CLAUSES: break;
    }
    return false;
}

bool parse_inject(struct cursor *c, struct stmt *s)
{
    struct inject_args *a = s->args = args_take(c, sizeof *a);
    const struct form *form = a ? need_form(c) : NULL;
    if (!form || !need_one(c, "from", &a->from, "sender") || !need_one(c, "to", &a->to, "receiver"))
        return false;
    a->label.type = form->type;
    while (!cur_end(c) && !a->unsafe)
        if (!need_clause(c, form, a)) return false;
    if (!a->at[CLAUSE_TERM].line) return cur_error(c, "write term 2", "every message has a term");
    if (a->at[CLAUSE_HINT].line && !(a->label.flags & LABEL_REJECT))
        return report_at(c->p, &a->at[CLAUSE_HINT], "write reject before it",
                         "only a refusal has a hint");
    c->p->prog->injects = true;
    s->sends = true;
    return true;
}

/* ---- entries --------------------------------------------------------------------------------- */

/* An entry of this term and index, after `parent` where that is known; 0: none. */
static uint32_t find_entry(struct player *p, uint64_t term, uint64_t index, const uint32_t *parent,
                           const struct log_item *item)
{
    for (uint32_t id = STORE_BLOCK; id < p->w->store.entries.n; id++) {
        const struct entry *e = store_entry(p->w, id);
        if (!store_holds(p->w, id) || store_term(p->w, id) != term ||
            store_index(p->w, id) != index)
            continue;
        if (parent && store_parent(p->w, id) != *parent) continue;
        if (!item->has_value || (e->verb == OP_RAW && e->a == value_now(p, &item->value)))
            return id;
    }
    return 0;
}

/* The entry before the first: of the leader's log, or of the receiver's, or any. */
static uint32_t find_prev(struct player *p, const struct msg_label *l)
{
    const uint32_t heads[] = {past_leader_log(p->w, &p->past, l->term),
                              play_replica(p, l->to)->head, play_replica(p, l->from)->head};
    for (uint32_t i = 0; l->index && i < 3; i++) {
        uint32_t id = store_at(p->w, heads[i], l->index);
        if (id && store_term(p->w, id) == l->log_term) return id;
    }
    return l->index ? find_entry(p, l->log_term, l->index, NULL, &(struct log_item){0}) : 0;
}

/* Finds the entries; makes those that are missing, or returns 0 for all. An entry before which
 * nothing stands is never found. */
static uint32_t chain(struct player *p, const struct inject_args *a, const struct msg_label *l,
                      bool make)
{
    uint32_t at = find_prev(p, l);
    if (l->index && !at) return 0;
    for (uint32_t i = 0; i < a->items.n; i++) {
        const struct log_item *item = &a->items.item[i];
        uint32_t next = find_entry(p, item->term, l->index + 1 + i, &at, item);
        if (!next && !make) return 0;
        const struct entry asks = {.verb = item->has_value ? OP_RAW : OP_NONE,
                                   .a = item->has_value ? value_now(p, &item->value) : 0};
        at = next ? next : store_create(p->w, 0, 0, at, item->term, 0, 0, &asks);
    }
    return a->items.n ? at : 0;
}

/* The terms of the entries as runs; false: too many. */
static bool fill_runs(struct player *p, const struct inject_args *a, struct injection *in,
                      struct sut_run *runs)
{
    for (uint32_t i = 0; i < a->items.n; i++) {
        uint64_t term = a->items.item[i].term;
        if (!in->nruns || runs[in->nruns - 1].term != term) {
            if (in->nruns == SUT_MSG_RUNS) return false;
            runs[in->nruns++] = (struct sut_run){.term = term};
        }
        runs[in->nruns - 1].n++;
    }
    in->label.bytes = 0;
    for (uint32_t i = 0, id = in->entry; id && i < a->items.n; i++, id = store_parent(p->w, id))
        in->label.bytes += store_run(p->w, id)->size;
    in->runs = runs;
    return true;
}

/* ---- doing it -------------------------------------------------------------------------------- */

static bool ends_now(struct player *p, const struct stmt *s, struct msg_label *l)
{
    const struct inject_args *a = s->args;
    node_set from, to;
    if (!need_nodes_now(p, s, &a->from, &from) || !need_nodes_now(p, s, &a->to, &to)) return false;
    l->from = node_first(from), l->to = node_first(to);
    if ((from & (from - 1)) || (to & (to - 1)))
        return play_fail(p, &s->place, V_ERROR, "error",
                         "a message has one sender and one receiver");
    return l->from != l->to ||
           play_fail(p, &s->place, V_ERROR, "error", "n%u sends itself no message", l->from);
}

bool run_inject(struct player *p, const struct stmt *s)
{
    const struct inject_args *a = s->args;
    struct injection in = {.label = a->label, .hint = a->hint, .wish = unmet_wish(s, true)};
    struct sut_run runs[SUT_MSG_RUNS];
    struct doubt doubt;
    if (!p->w->sut->compose)
        return play_fail(p, &s->place, V_SKIP, "feature",
                         "the system under test composes no messages");
    if (!ends_now(p, s, &in.label)) return false;
    past_name(p->w, &p->past, &in.label, a->at[CLAUSE_TRY].line, a->at[CLAUSE_ASKED].line);
    in.entry = chain(p, a, &in.label, false);
    in.forged = !past_allows(p->w, &p->past, &in, &doubt);
    if (in.forged && !a->unsafe) {
        const struct place *at = a->at[doubt.clause].line ? &a->at[doubt.clause] : &s->place;
        return play_fail(p, at, V_ERROR, "error",
                         "no correct n%u could send this: %s; write unsafe at the end if that is "
                         "what you mean",
                         in.label.from, doubt.why);
    }
    if (!in.entry && a->items.n) in.entry = chain(p, a, &in.label, true);
    if (!fill_runs(p, a, &in, runs))
        return play_fail(p, &a->at[CLAUSE_ENTRIES], V_ERROR, "error",
                         "entries of more than %d terms", SUT_MSG_RUNS);
    return surgery_inject(p->w, &in) ||
           play_fail(p, &s->place, V_ERROR, "error", "the system under test cannot compose this");
}
