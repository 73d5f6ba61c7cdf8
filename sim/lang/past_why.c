/* SPDX-License-Identifier: MIT */
/*
 * Why no correct node could have sent a message, in a sentence: of the moment that came furthest,
 * what it lacked.
 */
#include <stdarg.h>
#include <stdio.h>

#include "past_inside.h"

static void say(struct doubt *d, enum clause clause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(struct doubt *d, enum clause clause, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(d->why, sizeof d->why, format, ap);
    va_end(ap);
    d->clause = clause;
}

#define U(n) ((unsigned long long)(n))

static void say_term(const struct query *q, struct doubt *d)
{
    const struct msg_label *l = &q->in->label;
    char did[24] = "nobody did";
    if (q->f.leader)
        snprintf(did, sizeof did, "n%u did", q->f.leader);
    switch (l->type) {
    case MSG_APPEND:
    case MSG_HEARTBEAT:
    case MSG_COMMIT_NOTIFY:
        say(d, CLAUSE_TERM, "n%u never led term %llu (%s)", l->from, U(l->term), did);
        break;
    case MSG_VOTE:
        say(d, CLAUSE_TERM, "n%u was never a candidate in term %llu", l->from, U(l->term));
        break;
    case MSG_PREVOTE:
        say(d, CLAUSE_TERM, "n%u never asked for term %llu", l->from, U(l->term));
        break;
    default: say(d, CLAUSE_TERM, "n%u was never in term %llu", l->from, U(l->term)); break;
    }
}

static void say_try(const struct query *q, struct doubt *d)
{
    const struct msg_label *l = &q->in->label;
    const bool answers = label_answers(l->type);
    say(d, CLAUSE_TRY, "n%u never asked so for term %llu in try %llu/%llu",
        answers ? l->to : l->from, U(answers ? l->asked : l->term),
        U(l->try_id >> LABEL_TRY_BITS), U(l->try_id & ((UINT64_C(1) << LABEL_TRY_BITS) - 1)));
}

static void say_index(const struct query *q, struct doubt *d)
{
    const struct msg_label *l = &q->in->label;
    if (l->flags & LABEL_REJECT)
        say(d, CLAUSE_INDEX, "n%u never had reason to refuse what follows %llu in term %llu",
            l->from, U(l->index), U(l->term));
    else
        say(d, CLAUSE_INDEX, "the disk of n%u never held the log of term %llu through %llu",
            l->from, U(l->term), U(l->index));
}

void past_say(const struct query *q, enum lack lack, struct doubt *d)
{
    const struct msg_label *l = &q->in->label;
    unsigned long long term = U(l->term), index = U(l->index);
    switch (lack) {
    case LACK_TERM: say_term(q, d); break;
    case LACK_LEADER:
        if (l->type == MSG_HEARTBEAT_REPLY && (l->flags & LABEL_REJECT))
            say(d, CLAUSE_TERM, "n%u sent no heartbeat of a term before %llu", l->to, term);
        else
            say(d, CLAUSE_TERM, "n%u never led term %llu, so there was nothing to answer", l->to,
                term);
        break;
    case LACK_ASKED: say(d, CLAUSE_TERM, "n%u never asked for it", l->to); break;
    case LACK_PREV:
        say(d, CLAUSE_PREV, "the log of n%u as leader of term %llu never had %llu/%llu", l->from,
            term, U(l->log_term), index);
        break;
    case LACK_ENTRIES:
        say(d, CLAUSE_ENTRIES, "the log of n%u as leader of term %llu never had these entries",
            l->from, term);
        break;
    case LACK_LAST:
        say(d, CLAUSE_LAST, "the log of n%u did not end there when it asked", l->from);
        break;
    case LACK_VOTE:
        say(d, CLAUSE_ANSWER, "the disk of n%u never held a vote for n%u in term %llu", l->from,
            l->to, term);
        break;
    case LACK_LOG:
        say(d, CLAUSE_ANSWER, "the log of n%u, or its term, is newer than what n%u asked with",
            l->from, l->to);
        break;
    case LACK_INDEX: say_index(q, d); break;
    case LACK_HINT:
        say(d, CLAUSE_HINT, "the log of n%u had no such entry when it could refuse", l->from);
        break;
    case LACK_COMMIT:
        say(d, CLAUSE_COMMIT, "n%u never knew so much to be committed%s as leader of term %llu",
            l->from, l->type == MSG_APPEND ? "" : " and received", term);
        break;
    case LACK_ROUND:
        if (l->type == MSG_APPEND || l->type == MSG_HEARTBEAT)
            say(d, CLAUSE_ROUND, "the leader of term %llu never sent that round", term);
        else
            say(d, CLAUSE_ROUND, "n%u led term %llu and sent no such round while n%u was in it",
                l->to, term, l->from);
        break;
    case LACK_GRANTED:
        say(d, CLAUSE_ASKED, "who %s is in the term that was asked",
            label_elects(l->type) ? "grants" : "accepts");
        break;
    case LACK_ASKED_TERM:
        say(d, CLAUSE_ASKED, "n%u asked for nothing of the kind in term %llu", l->to, U(l->asked));
        break;
    case LACK_TRY: say_try(q, d); break;
    case LACK_NOTHING: break;
    }
}
