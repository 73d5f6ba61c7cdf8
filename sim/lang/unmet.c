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
    return !loss.tag ||
           fail(p, loss.tag, "wanted the %s from %s to %s to arrive for `%s`, saw it dropped: %s",
                msg_type_name(loss.type), who(p->w, loss.from).text, who(p->w, loss.to).text,
                words(p, loss.tag), drop_words(loss.why));
}

void unmet_finish(struct player *p)
{
    const struct unmet rule = surgery_unmet(p->w);
    uint32_t owed;
    if (rule.tag) {
        fail(p, rule.tag, "wanted %u message%s for `%s`, saw %u", rule.wanted,
             rule.wanted == 1 ? "" : "s", words(p, rule.tag), rule.saw);
        return;
    }
    for (uint32_t i = 0; i < p->ntraps; i++)
        if (p->traps[i].armed && p->traps[i].statement) {
            fail(p, p->traps[i].statement, "wanted what `%s` waits for, saw none of it",
                 words(p, p->traps[i].statement));
            return;
        }
    for (uint8_t n = 1; n <= p->w->nnodes; n++)
        if (p->failing[n] && p->w->node[n].disk.fail_in) {
            fail(p, p->failing[n], "wanted n%u to write for `%s`, saw no such write", n,
                 words(p, p->failing[n]));
            return;
        }
    if ((owed = arrival_owed(p->w)))
        fail(p, owed, "wanted a message to arrive for `%s`, saw it under way when the run ended",
             words(p, owed));
}
