/* SPDX-License-Identifier: MIT */
/* Bounds as scenarios spell them: 2s, or 8 election timeouts. */
#include <inttypes.h>
#include <stdio.h>

#include "parse.h"
#include "play.h"
#include "units.h"

enum { TIMEOUTS_MOST = 1000000 };

/* 8 election timeouts, 1 election timeout, 2.5 election timeouts: a number and `election` stand
 * there. */
static bool need_timeouts(struct cursor *c, struct bound *b)
{
    const struct token *t = cur_peek(c);
    struct cursor at = *c;
    if (number_digits(t->text, t->n) != t->n)
        return cur_error(c, "write 8 election timeouts", "election timeouts are counted");
    at.at += 2;
    if (!number_scaled(t->text, t->n, 1000, &b->timeouts) || b->timeouts > TIMEOUTS_MOST * 1000ull)
        return cur_error(c, "a million is the most", "too many election timeouts");
    if (!cur_word(&at, "timeouts") && !cur_word(&at, "timeout"))
        return cur_error(&at, "write 8 election timeouts", "expected `timeouts`");
    c->at = at.at;
    return true;
}

bool cur_need_bound(struct cursor *c, struct bound *b, const char *what)
{
    const struct token *t = cur_peek(c);
    struct cursor next = *c;
    next.at++;
    *b = (struct bound){0};
    return t && t->kind == TOK_NUMBER && cur_is(&next, "election")
               ? need_timeouts(c, b) : cur_need_time(c, &b->ns, what);
}

void bound_spell(const struct world *w, struct bound b, node_set nodes, char out[BOUND_BYTES])
{
    char time[SPELLED_BYTES], count[32];
    time_spell(bound_time(w, b, nodes), NULL, time);
    if (!b.timeouts) {
        snprintf(out, BOUND_BYTES, "%s", time);
        return;
    }
    int n = snprintf(count, sizeof count, "%" PRIu64 ".%03" PRIu64, b.timeouts / 1000,
                     b.timeouts % 1000);
    while (count[n - 1] == '0') n--;
    if (count[n - 1] == '.') n--;
    snprintf(out, BOUND_BYTES, "%.*s election timeout%s (%s)", n, count,
             b.timeouts == 1000 ? "" : "s", time);
}
