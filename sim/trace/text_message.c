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
                                    "it makes no sense there, nor was it to"};
static const char *const outcomes[] = {"pending", "ok", "fail", "not-leader", "timeout",
                                       "cancelled"};
static const char *const verbs[] = {"none", "read", "write", "cas", "append", "raw"};

static void put_round(struct line *l, const struct record *r)
{
    put(l, " round %" PRIu32, (uint32_t)r->c);
}

static void append_words(struct line *l, const struct record *r)
{
    uint32_t entries = (uint32_t)(r->c >> 32);
    put(l, " term %" PRIu64 " prev ", r->term);
    put_entry(l, r->a, r->index);
    put(l, " entries %" PRIu32 " commit %" PRIu64, entries, r->b);
    put_round(l, r);
}

static void append_reply_words(struct line *l, const struct record *r, bool reject)
{
    put(l, " term %" PRIu64, r->term);
    if (reject)
        put(l, " refuses prev %" PRIu64, r->index);
    else
        put(l, " has through %" PRIu64, r->index);
    put_round(l, r);
}

static void client_words(struct line *l, const struct record *r)
{
    if (r->sub == MSG_CLIENT_REQUEST) {
        put(l, " op %" PRIu32 " attempt %" PRIu64, (uint32_t)r->c, r->a);
        return;
    }
    put(l, " op %" PRIu32 " %s ", (uint32_t)r->c, WORD(outcomes, (size_t)r->a));
    put_value(l, r->b);
    put(l, " index %" PRIu64, r->index);
}

static void label_words(struct line *l, const struct record *r)
{
    bool reject = r->flags & LABEL_REJECT;
    switch (r->sub) {
    case MSG_VOTE:
    case MSG_PREVOTE:
        put(l, " term %" PRIu64 " last ", r->term);
        put_entry(l, r->a, r->index);
        if (r->flags & LABEL_FORCE)
            put(l, " forced");
        break;
    case MSG_VOTE_REPLY:
    case MSG_PREVOTE_REPLY:
        put(l, " term %" PRIu64 " %s", r->term, reject ? "refuses" : "grants");
        break;
    case MSG_APPEND: append_words(l, r); break;
    case MSG_APPEND_REPLY: append_reply_words(l, r, reject); break;
    case MSG_HEARTBEAT:
        put(l, " term %" PRIu64 " commit %" PRIu64, r->term, r->b);
        put_round(l, r);
        break;
    case MSG_HEARTBEAT_REPLY:
        put(l, " term %" PRIu64 "%s", r->term, reject ? " refuses" : "");
        put_round(l, r);
        break;
    case MSG_READ_INDEX: put(l, " term %" PRIu64, r->term); break;
    case MSG_READ_INDEX_REPLY:
        if (reject)
            put(l, " term %" PRIu64 " refuses", r->term);
        else
            put(l, " term %" PRIu64 " index %" PRIu64, r->term, r->index);
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
    case REC_INJECT: return r->flags >> 8 ? "injected, unsafe" : "injected";
    default: return NULL;
    }
}

void message_line(struct line *l, const struct record *r)
{
    const char *type = msg_type_name(r->sub);
    if (r->kind == REC_DELIVER)
        put(l, "%s <- %s %s", who(l->w, r->node).text, who(l->w, r->peer).text, type);
    else
        put(l, "%s -> %s %s", who(l->w, r->node).text, who(l->w, r->peer).text, type);
    label_words(l, r);
    if (r->kind == REC_DROP)
        put(l, " -> dropped: %s", WORD(drops, (size_t)(r->flags >> 8)));
    if (fate(r))
        put(l, " -> %s", fate(r));
}

/* ---- clients --------------------------------------------------------------------------------- */

static void put_key(struct line *l, uint64_t key)
{
    const struct world_plan *plan = l->w->plan;
    if (plan->key_names && key < plan->keys && plan->key_names[key])
        put(l, " %s", plan->key_names[key]);
    else
        put(l, " key%" PRIu64, key);
}

void invoke_line(struct line *l, const struct record *r)
{
    put(l, "%s op %" PRIu64 ": %s", who(l->w, r->node).text, r->ref, WORD(verbs, r->sub));
    if (r->sub != OP_RAW)
        put_key(l, r->index);
    if (r->sub == OP_WRITE || r->sub == OP_CAS || r->sub == OP_APPEND || r->sub == OP_RAW) {
        put(l, " ");
        put_value(l, r->a);
    }
    if (r->sub == OP_CAS) {
        put(l, " -> ");
        put_value(l, r->b);
    }
    if (r->c != r->at)
        put(l, " (meant for %s)", when(r->c).text);
}

void return_line(struct line *l, const struct record *r)
{
    put(l, "%s op %" PRIu64 ": %s", who(l->w, r->node).text, r->ref, WORD(outcomes, r->sub));
    if (r->sub == OUT_OK || r->sub == OUT_FAIL) {
        put(l, " ");
        put_value(l, r->a);
        put(l, " at index %" PRIu64, r->index);
    }
    if (r->peer)
        put(l, " from %s", who(l->w, r->peer).text);
}

/* ---- decisions ------------------------------------------------------------------------------- */

static void put_local(struct line *l, uint64_t ns) { put(l, "%s", when(ns).text); }

/* A note's sentence with its numbers in place: %a %b numbers, %ta %tb local times, %p the peer. */
void note_line(struct line *l, const struct record *r)
{
    const char *s = l->w->sut && l->w->sut->note_text ? l->w->sut->note_text(r->sub) : "";
    put(l, "%s ", who(l->w, r->node).text);
    for (; s && *s; s++) {
        if (*s != '%') {
            put(l, "%c", *s);
            continue;
        }
        bool time = s[1] == 't';
        char what = time ? s[2] : s[1];
        if (what == 'a' || what == 'b') {
            uint64_t value = what == 'a' ? r->a : r->b;
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

/* ---- the names of sub ------------------------------------------------------------------------ */

const char *record_sub_name(const struct record *r)
{
    static const char *const clocks[] = {"rate", "jump", "freeze", "thaw"};
    static const char *const paths[] = {"read-index", "lease", "log"};
    static const char *const halts[] = {"?", "write-failed", "self-check"};
    static const char *const phases[] = {"?", "storm", "healed"};
    switch (r->kind) {
    case REC_SEND:
    case REC_DELIVER:
    case REC_DROP:
    case REC_DUPLICATE:
    case REC_HOLD:
    case REC_RELEASE:
    case REC_DELAY:
    case REC_HASTEN:
    case REC_SHUFFLE:
    case REC_INJECT: return msg_type_name(r->sub);
    case REC_ROLE:
    case REC_CUT:
    case REC_APPEND:
    case REC_COMMIT: return sut_role_name(r->sub);
    case REC_APPLY:
    case REC_RETURN: return WORD(outcomes, r->sub);
    case REC_INVOKE: return WORD(verbs, r->sub);
    case REC_READ: return WORD(paths, r->sub);
    case REC_CLOCK: return WORD(clocks, r->sub);
    case REC_HALT: return WORD(halts, r->sub);
    case REC_PHASE: return WORD(phases, r->sub);
    default: return "";
    }
}
