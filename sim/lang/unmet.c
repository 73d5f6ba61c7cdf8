/* SPDX-License-Identifier: MIT */
/*
 * What is said of single messages and writes must come to something: a statement that finds none,
 * a rule or a trap whose message never comes, a message that is set on its way and lost: these are
 * mistakes that nothing else would show. Each fails like an `expect`, by the check "unmet", at the
 * statement, unless that ends in `if any` (there may be none) or `even if lost` (it need not
 * arrive).
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

#define MESSAGES (KIND_BIT(SEND) | KIND_BIT(DELIVER) | KIND_BIT(DROP) | KIND_BIT(HOLD) | \
                  KIND_BIT(RELEASE) | KIND_BIT(INJECT))

/* What came of these kinds, at a node (0: anywhere), while something else was awaited. */
static void rests_on(struct player *p, uint64_t kinds, uint8_t node)
{
    struct evidence e = {0};
    struct evidence_part part = {.filter.kinds = kinds, .latest = 6};
    if (node) actors_add(&part.filter.actors, node);
    evidence_add(&e, &part);
    play_rests(p, &e);
}

static struct party party_of(uint8_t actor)
{
    return is_client(actor) ? (struct party){.client = actor}
                            : (struct party){.nodes = NODE_BIT(actor)};
}

/* What came of messages like it: of its type on its way, of its type, and on its way. */
static void rests_on_like(struct player *p, const struct label_match *m)
{
    struct evidence e = {0};
    struct evidence_part part = {.filter = {.kinds = MESSAGES, .by_label = true}, .latest = 4};
    part.filter.label = (struct label_match){.type = m->type, .from = m->from, .to = m->to};
    evidence_add(&e, &part);
    part.latest = 2;
    part.filter.label = (struct label_match){.type = m->type};
    evidence_add(&e, &part);
    part.filter.label = (struct label_match){.from = m->from, .to = m->to};
    evidence_add(&e, &part);
    play_rests(p, &e);
}

struct wish unmet_wish(const struct stmt *s, bool each)
{
    return (struct wish){.tag = s->even_if_lost ? 0 : s->number, .each = each};
}

bool unmet_none(struct player *p, const struct stmt *s, const char *format, ...)
{
    char what[200];
    va_list ap;
    if (s->if_any) return true;
    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    rests_on(p, MESSAGES, 0);
    return play_fail(p, &s->place, V_EXPECTATION, "unmet", "%s", what);
}

static const char *words(const struct player *p, uint32_t statement)
{
    return p->prog->told[statement - 1].words;
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

bool unmet_losses(struct player *p)
{
    const struct loss loss = arrival_loss(p->w);
    if (!loss.tag) return true;
    rests_on_like(p, &(struct label_match){.type = loss.type, .from = party_of(loss.from),
                                           .to = party_of(loss.to)});
    return fail(p, loss.tag, "wanted the %s from %s to %s to arrive for `%s`, saw it dropped: %s",
                msg_type_name(loss.type), who(p->w, loss.from).text, who(p->w, loss.to).text,
                words(p, loss.tag), drop_words(loss.why));
}

void unmet_healing(struct player *p)
{
    for (uint8_t n = 1; n <= p->w->nnodes && !p->unfailed; n++)
        if (p->failing[n] && p->w->node[n].disk.fail_in) p->unfailed = n;
}

void unmet_finish(struct player *p)
{
    const struct unmet rule = surgery_unmet(p->w);
    uint32_t owed;
    if (rule.tag) {
        rests_on_like(p, &rule.match);
        fail(p, rule.tag, "wanted %u message%s for `%s`, saw %u", rule.wanted,
             rule.wanted == 1 ? "" : "s", words(p, rule.tag), rule.saw);
        return;
    }
    for (uint32_t i = 0; i < p->ntraps; i++)
        if (p->traps[i].armed && p->traps[i].statement) {
            if (p->traps[i].selector.kind == REC_WRITE) rests_on(p, KIND_BIT(WRITE), 0);
            else rests_on_like(p, &p->traps[i].selector.match);
            fail(p, p->traps[i].statement, "wanted what `%s` waits for, saw none of it",
                 words(p, p->traps[i].statement));
            return;
        }
    unmet_healing(p);
    if (p->unfailed) {
        const uint8_t n = p->unfailed;
        rests_on(p, KIND_BIT(WRITE) | KIND_BIT(DURABLE) | KIND_BIT(BOOT) | KIND_BIT(CRASH), n);
        fail(p, p->failing[n], "wanted n%u to write for `%s`, saw no such write", n,
             words(p, p->failing[n]));
        return;
    }
    if (!(owed = arrival_owed(p->w))) return;
    rests_on(p, MESSAGES, 0);
    fail(p, owed, "wanted a message to arrive for `%s`, saw it under way when the run ended",
             words(p, owed));
}
