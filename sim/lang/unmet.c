/* SPDX-License-Identifier: MIT */
/*
 * What is said of single messages and writes must come to something: a statement that finds none,
 * a rule or a trap whose message never comes, a message that is set on its way and lost: these are
 * mistakes that nothing else would show. Each fails like an `expect`, by the check "unmet", at the
 * statement, unless that ends in `if any` (there may be none) or `even if lost` (it need not
 * arrive). So does a statement whose time the run does not reach.
 *
 * Method. Whoever waits for something remembers the statement's number. A loss ends the run as soon
 * as somebody looks around (play.c), since what comes after it would rest on nothing; what never
 * came is known at the end only.
 */
#include <stdarg.h>
#include <stdio.h>

#include "../trace/text.h"
#include "../world/arrival.h"
#include "play.h"
#include "units.h"

#define MESSAGES (KIND_BIT(SEND) | KIND_BIT(DELIVER) | KIND_BIT(DROP) | KIND_BIT(HOLD) | \
                  KIND_BIT(RELEASE) | KIND_BIT(INJECT))

struct record_filter sought_messages(const struct label_match *m)
{
    return (struct record_filter){
        .kinds = MESSAGES,
        .by_label = true,
        .label = {.type = m->type, .from = m->from, .to = m->to},
    };
}

struct record_filter sought_held(void)
{
    return (struct record_filter){.kinds = KIND_BIT(HOLD) | KIND_BIT(RELEASE)};
}

struct record_filter sought_writes(uint8_t node)
{
    struct record_filter f = {.kinds = KIND_BIT(WRITE) | KIND_BIT(DURABLE) | KIND_BIT(FAILED) |
                                       KIND_BIT(BOOT) | KIND_BIT(CRASH)};
    if (node) actors_add(&f.actors, node);
    return f;
}

/* A failure that is about to be told rests on what came of that; of messages also on what came of
 * their type, and on their way. */
static void rests_on(struct player *p, const struct record_filter *sought)
{
    struct evidence e = {0};
    struct evidence_part part = {.filter = *sought, .latest = 4};
    evidence_add(&e, &part);
    part.latest = 2;
    part.filter.label = (struct label_match){.type = sought->label.type};
    if (sought->by_label) evidence_add(&e, &part);
    part.filter.label = (struct label_match){.from = sought->label.from, .to = sought->label.to};
    if (sought->by_label) evidence_add(&e, &part);
    play_rests(p, &e);
}

static void rests_on_messages(struct player *p, const struct label_match *m)
{
    const struct record_filter sought = sought_messages(m);
    rests_on(p, &sought);
}

static void rests_on_writes(struct player *p, uint8_t node)
{
    const struct record_filter sought = sought_writes(node);
    rests_on(p, &sought);
}

static struct party party_of(uint8_t actor)
{
    return is_client(actor) ? (struct party){.client = actor}
                            : (struct party){.nodes = NODE_BIT(actor)};
}

struct wish unmet_wish(const struct stmt *s, bool each)
{
    return (struct wish){.tag = s->even_if_lost ? 0 : s->number, .each = each};
}

bool unmet_none(struct player *p, const struct stmt *s, const struct record_filter *sought,
                const char *format, ...)
{
    char what[200];
    va_list ap;
    if (s->if_any) return true;
    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    rests_on(p, sought);
    return play_fail(p, &s->place, V_EXPECTATION, "unmet", "%s", what);
}

static bool fail(struct player *p, uint32_t statement, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool fail(struct player *p, uint32_t statement, const char *format, ...)
{
    char what[240];
    va_list ap;
    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    return play_fail(p, &p->prog->told[statement - 1].place, V_EXPECTATION, "unmet", "%s", what);
}

void unmet_time(struct player *p, const struct schedule *s)
{
    const uint32_t statement = s->stmt->number;
    char at[SPELLED_BYTES];
    time_spell(s->at, NULL, at);
    if (s->every)
        fail(p, statement, "wanted time to pass for `%s`, saw the run end at once",
             statement_words(p, statement));
    else
        fail(p, statement, "wanted the run to reach %s for `%s`, saw it end before", at,
             statement_words(p, statement));
}

bool unmet_losses(struct player *p)
{
    const struct loss loss = arrival_loss(p->w);
    if (!loss.tag) return true;
    rests_on_messages(p, &(struct label_match){.type = loss.type, .from = party_of(loss.from),
                                           .to = party_of(loss.to)});
    return fail(p, loss.tag, "wanted the %s from %s to %s to arrive for `%s`, saw it dropped: %s",
                msg_type_name(loss.type), who(p->w, loss.from).text, who(p->w, loss.to).text,
                statement_words(p, loss.tag), drop_words(loss.why));
}

void unmet_healing(struct player *p)
{
    for (uint8_t n = 1; n <= p->w->nnodes && !p->unfailed; n++)
        if (p->failing[n] && disk_look(p->w, n).will_fail) p->unfailed = n;
}

void unmet_finish(struct player *p)
{
    const struct unmet rule = surgery_unmet(p->w);
    uint32_t owed;
    if (rule.tag) {
        rests_on_messages(p, &rule.match);
        fail(p, rule.tag, "wanted %u message%s for `%s`, saw %u", rule.wanted,
             rule.wanted == 1 ? "" : "s", statement_words(p, rule.tag), rule.saw);
        return;
    }
    for (uint32_t i = 0; i < p->ntraps; i++)
        if (p->traps[i].armed && p->traps[i].statement) {
            if (p->traps[i].selector.kind == REC_WRITE) rests_on_writes(p, 0);
            else rests_on_messages(p, &p->traps[i].selector.match);
            fail(p, p->traps[i].statement, "wanted what `%s` waits for, saw none of it",
                 statement_words(p, p->traps[i].statement));
            return;
        }
    unmet_healing(p);
    if (p->unfailed) {
        const uint8_t n = p->unfailed;
        rests_on_writes(p, n);
        fail(p, p->failing[n], "wanted n%u to write for `%s`, saw no such write", n,
             statement_words(p, p->failing[n]));
        return;
    }
    if (!(owed = arrival_owed(p->w))) return;
    rests_on_messages(p, &(struct label_match){0});
    fail(p, owed, "wanted a message to arrive for `%s`, saw it under way when the run ended",
         statement_words(p, owed));
}
