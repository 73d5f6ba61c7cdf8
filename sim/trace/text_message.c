/* SPDX-License-Identifier: MIT */
/*
 * Method: a message is told by its label, each type in its own words, so that a reader of Raft
 * needs no key. Entries are written term/index as in scenarios.
 */
#include <inttypes.h>
#include <string.h>

#include "line.h"

static const char *const drops[] = {"?", "lost", "the link is cut", "the link is full",
                                    "the node is down", "its term is over", "by a rule",
                                    "the node is busy", "no such link", "it makes no sense there",
                                    "discarded on its way",
                                    "it makes no sense there, nor was it to",
                                    "another slice of that log goes in its place"};

static void put_round(struct line *l, const struct record *r)
{
    put(l, " round %" PRIu32, rec_round(r));
}

/* The candidacy that asks: its number in that life of the node. */
static void put_try(struct line *l, const struct record *r)
{
    if (rec_try(r))
        put(l, " try %" PRIu32 "/%" PRIu32, rec_try_boot(r), rec_try(r));
}

/* Who accepts or grants speaks of the term that was asked; who refuses may not. */
static void put_asked(struct line *l, const struct record *r)
{
    if (rec_asked(r) && rec_asked(r) != r->term)
        put(l, " asked in term %" PRIu64, rec_asked(r));
}

static void append_words(struct line *l, const struct record *r)
{
    put(l, " term %" PRIu64 " prev ", r->term);
    put_entry(l, rec_log_term(r), r->index);
    put(l, " entries %" PRIu32 " commit %" PRIu64, rec_entries(r), rec_commit(r));
    put_round(l, r);
}

static void append_reply_words(struct line *l, const struct record *r, bool reject)
{
    put(l, " term %" PRIu64, r->term);
    if (reject)
        put(l, " refuses prev %" PRIu64, r->index);
    else
        put(l, " has through %" PRIu64, r->index);
    put_asked(l, r);
    put_round(l, r);
}

static void client_words(struct line *l, const struct record *r)
{
    if (rec_type(r) == MSG_CLIENT_REQUEST) {
        put(l, " op %" PRIu32 " attempt %" PRIu32, rec_for_op(r), rec_attempt(r));
        return;
    }
    put(l, " op %" PRIu32 " %s ", rec_for_op(r),
        column_word(l->w, COLUMN_TYPE_OUTCOME, rec_answer(r)));
    put_value(l, rec_answer_value(r));
    put(l, " index %" PRIu64, r->index);
}

static void label_words(struct line *l, const struct record *r)
{
    bool reject = rec_flags(r) & LABEL_REJECT;
    switch (rec_type(r)) {
    case MSG_PROPOSE:
        put(l, " term %" PRIu64 " op %" PRIu32, r->term, rec_for_op(r));
        break;
    case MSG_VOTE:
    case MSG_PREVOTE:
        put(l, " term %" PRIu64 " last ", r->term);
        put_entry(l, rec_log_term(r), r->index);
        if (rec_flags(r) & LABEL_FORCE)
            put(l, " forced");
        put_try(l, r);
        break;
    case MSG_VOTE_REPLY:
    case MSG_PREVOTE_REPLY:
        put(l, " term %" PRIu64 " %s", r->term, reject ? "refuses" : "grants");
        put_asked(l, r);
        put_try(l, r);
        break;
    case MSG_APPEND: append_words(l, r); break;
    case MSG_APPEND_REPLY: append_reply_words(l, r, reject); break;
    case MSG_HEARTBEAT:
        put(l, " term %" PRIu64 " commit %" PRIu64, r->term, rec_commit(r));
        put_round(l, r);
        break;
    case MSG_COMMIT_NOTIFY:
        put(l, " term %" PRIu64 " commit %" PRIu64, r->term, rec_commit(r));
        break;
    case MSG_HEARTBEAT_REPLY:
        put(l, " term %" PRIu64 "%s", r->term, reject ? " refuses" : "");
        put_asked(l, r);
        put_round(l, r);
        break;
    case MSG_READ_INDEX:
        put(l, " term %" PRIu64 "%s", r->term,
            rec_flags(r) & LABEL_LEASE ? " a lease will do" : "");
        break;
    case MSG_READ_INDEX_REPLY:
        if (reject)
            put(l, " term %" PRIu64 " refuses", r->term);
        else
            put(l, " term %" PRIu64 " index %" PRIu64 "%s", r->term, r->index,
                rec_flags(r) & LABEL_LEASE ? " under a lease" : "");
        break;
    case MSG_CLIENT_REQUEST:
    case MSG_CLIENT_REPLY: client_words(l, r); break;
    default: put(l, " term %" PRIu64, r->term); break;
    }
}

/* What became of a message beside its sending and its arrival. */
static const char *fate(const struct record *r)
{
    switch (r->kind) {
    case REC_DUPLICATE: return "duplicated";
    case REC_HOLD: return "held";
    case REC_RELEASE: return "released";
    case REC_DELAY: return "delayed";
    case REC_HASTEN: return "delivered before its time";
    case REC_SHUFFLE: return "shuffled";
    case REC_INJECT: return rec_unsafe(r) ? "injected, unsafe" : "injected";
    default: return NULL;
    }
}

const char *drop_words(int reason) { return WORD(drops, (size_t)reason); }

void message_line(struct line *l, const struct record *r)
{
    const char *type = msg_type_name(rec_type(r));
    if (r->kind == REC_DELIVER)
        put(l, "%s <- %s %s", who(l->w, r->node).text, who(l->w, r->peer).text, type);
    else
        put(l, "%s -> %s %s", who(l->w, r->node).text, who(l->w, r->peer).text, type);
    label_words(l, r);
    if (r->kind == REC_DROP)
        put(l, " -> dropped: %s", drop_words(rec_dropped(r)));
    if (fate(r))
        put(l, " -> %s", fate(r));
}

/* ---- clients --------------------------------------------------------------------------------- */

static void put_key(struct line *l, uint64_t key)
{
    char name[512];
    key_words(l->w, key, name, sizeof name);
    put(l, " %s", name);
}

void invoke_line(struct line *l, const struct record *r)
{
    const uint8_t verb = rec_verb(r);
    put(l, "%s op %" PRIu32 ": %s", who(l->w, rec_client(r)).text, rec_op(r), record_sub_name(r));
    if (verb != OP_RAW)
        put_key(l, rec_key(r));
    if (verb == OP_WRITE || verb == OP_CAS || verb == OP_APPEND || verb == OP_RAW) {
        put(l, " ");
        put_value(l, rec_value(r));
    }
    if (verb == OP_CAS) {
        put(l, " -> ");
        put_value(l, rec_new_value(r));
    }
    if (rec_intended(r) != r->at)
        put(l, " (meant for %s)", when(rec_intended(r)).text);
}

void return_line(struct line *l, const struct record *r)
{
    put(l, "%s op %" PRIu32 ": %s", who(l->w, rec_client(r)).text, rec_op(r), record_sub_name(r));
    if (rec_outcome(r) == OUT_OK || rec_outcome(r) == OUT_FAIL) {
        put(l, " ");
        put_value(l, rec_value(r));
        put(l, " at index %" PRIu64, r->index);
    }
    if (rec_answered_by(r))
        put(l, " from %s", who(l->w, rec_answered_by(r)).text);
}

/* ---- decisions ------------------------------------------------------------------------------- */

static void put_local(struct line *l, uint64_t ns) { put(l, "%s", when(ns).text); }

/* A note's sentence with its numbers in place: %a %b numbers, %ta %tb local times, %p the peer. */
void note_line(struct line *l, const struct record *r)
{
    const char *s = l->w->sut && l->w->sut->note_text ? l->w->sut->note_text(rec_note(r)) : "";
    put(l, "%s ", who(l->w, r->node).text);
    for (; s && *s; s++) {
        if (*s != '%') {
            put(l, "%c", *s);
            continue;
        }
        bool time = s[1] == 't';
        char what = time ? s[2] : s[1];
        if (what == 'a' || what == 'b') {
            uint64_t value = what == 'a' ? rec_detail_1(r) : rec_detail_2(r);
            if (time)
                put_local(l, value);
            else
                put(l, "%" PRIu64, value);
        } else if (what == 'p') {
            put(l, "%s", who(l->w, r->peer).text);
        } else {
            put(l, "%%");
            continue;
        }
        s += time ? 2 : 1;
    }
}
