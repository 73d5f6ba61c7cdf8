/* SPDX-License-Identifier: MIT */
/*
 * Of the messages under way between nodes the oldest arrive now, whatever left before or after them
 * on their links: after an election, those are of the term before. arg[0]: how many.
 */
#include "chaos.h"

#include <stdlib.h>

enum { OLDEST_MOST = 4 };

static const struct world *sorted;      /* whose messages by_age compares */

static int by_age(const void *a, const void *b)
{
    const struct under_way *x = a, *y = b;
    const uint64_t m = message_at(sorted, x->slot)->number, n = message_at(sorted, y->slot)->number;
    return m < n ? -1 : m > n;
}

static bool parse(struct cursor *c, struct fault_line *line)
{
    return words_message(c, line) && words_number_span(c, line);
}

static bool strike(struct world *w, const struct fault_line *line, struct fault_strike *s)
{
    static struct under_way all[PENDING_MAX];
    const struct label_match match = message_match(w, line);
    uint64_t lo, hi;
    uint32_t n = 0;
    line_span(line, 1, OLDEST_MOST, &lo, &hi);
    const uint64_t most = chaos_span(w, s, lo, hi);
    const uint32_t found = surgery_list(w, &match, all, PENDING_MAX);
    for (uint32_t i = 0; i < found; i++)
        if (!all[i].hold)
            all[n++] = all[i];
    sorted = w;
    qsort(all, n, sizeof all[0], by_age);
    n = n < most ? n : (uint32_t)most;
    surgery_hasten(w, all, n, (struct wish){0});
    s->arg[0] = n;
    return s->bit = n != 0;
}

const struct fault fault_hasten = {
    .name = "hasten",
    .help = "the oldest messages that are under way between nodes, or the oldest of one type, "
            "arrive at once",
    .synopsis = MESSAGE_SYNOPSIS " [LEAST..MOST]",
    .example = "hasten append-reply 1..4 after win every 300ms..1s",
    .timing = FAULT_TIMED,
    .parse = parse,
    .strike = strike,
};
