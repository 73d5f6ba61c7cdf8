/* SPDX-License-Identifier: MIT */
/*
 * Which options a sweep ran under, and how often they bit. Method: option rows are numbered
 * through, those of each system under test, then the host's. A switch or a choice is counted by its
 * value on node 1; a number is counted where it is off its default on any node.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "summary.h"

enum { AT_DEFAULT, OFF_DEFAULT }; /* the values of a number */

static bool by_value(const struct option_row *o)
{
    return o->type == OPTION_BOOL || o->type == OPTION_ENUM;
}

static const uint64_t *value_of(const struct option_row *o, const struct world_plan *plan,
                                uint32_t node, bool host)
{
    const uint64_t *options = host ? (const uint64_t *)&plan->host[node] : plan->sut_options[node];
    return options + o->offset / sizeof(uint64_t);
}

static uint64_t slot_of(const struct option_row *o, const struct world_plan *plan, bool host)
{
    if (by_value(o)) {
        uint64_t value = *value_of(o, plan, 1, host);
        return value < OPTION_VALUES ? value : OPTION_VALUES - 1;
    }
    for (uint32_t node = 1; node <= plan->nodes; node++) {
        const uint64_t *value = value_of(o, plan, node, host);
        if (value[0] != o->def || (o->type == OPTION_SPAN && value[1] != o->def_hi))
            return OFF_DEFAULT;
    }
    return AT_DEFAULT;
}

static uint32_t add_rows(struct summary *s, uint32_t row, const struct option_row *o,
                         const struct world_plan *plan, const struct result *r, bool host)
{
    for (; o->name != NULL; o++, row++) {
        assert(row < OPTION_ROWS_MAX);
        if (plan == NULL)
            continue;
        struct option_count *c = &s->options[row][slot_of(o, plan, host)];
        int bite = bite_of(o->name);
        c->runs++;
        c->bit += bite >= 0 ? r->option_bit[bite] : 0;
    }
    return row;
}

void summary_options_add(struct summary *s, const struct world_plan *plan, const struct result *r)
{
    uint32_t row = 0;
    for (const struct sut *const *sut = suts; *sut != NULL; sut++)
        row = add_rows(s, row, (*sut)->options, *sut == plan->sut ? plan : NULL, r, false);
    add_rows(s, row, host_option_rows, plan, r, true);
}

/* ---- telling --------------------------------------------------------------------------------- */

/* One line of the table, for each value that is worth it. */
struct line {
    const struct option_row *o;
    const struct option_count *count;
    uint32_t slot;
    char name[64];
};

/* What is off its default; and in a storm also defaults that are watched by a rule. */
static bool worth_telling(const struct summary *s, const struct option_row *o, uint32_t slot)
{
    if (!by_value(o))
        return slot == OFF_DEFAULT;
    return slot != o->def || (s->chaos_runs > 0 && bite_of(o->name) >= 0);
}

static void name_line(struct line *l)
{
    const char *words = l->o->type == OPTION_BOOL ? "off|on" : l->o->words;
    if (!by_value(l->o)) {
        snprintf(l->name, sizeof(l->name), "%s", l->o->name);
        return;
    }
    for (uint32_t i = 0; i < l->slot && strchr(words, '|') != NULL; i++)
        words = strchr(words, '|') + 1;
    snprintf(l->name, sizeof(l->name), "%s=%.*s", l->o->name, (int)strcspn(words, "|"), words);
}

/* Has it a rule, so that it could have bitten? A switch that is off cannot. */
static bool could_bite(const struct line *l)
{
    return bite_of(l->o->name) >= 0 && (l->o->type != OPTION_BOOL || l->slot != 0);
}

typedef uint32_t teller(FILE *, const struct line *);

static uint32_t each_line(FILE *out, const struct summary *s, uint32_t *row,
                          const struct option_row *o, teller *tell)
{
    uint32_t n = 0;
    for (; o->name != NULL; o++, (*row)++) {
        for (uint32_t slot = 0; slot < OPTION_VALUES; slot++) {
            struct line l = {.o = o, .count = &s->options[*row][slot], .slot = slot};
            if (l.count->runs == 0 || !worth_telling(s, o, slot))
                continue;
            name_line(&l);
            n += tell(out, &l);
        }
    }
    return n;
}

static uint32_t each(FILE *out, const struct summary *s, teller *tell)
{
    uint32_t row = 0, n = 0;
    for (const struct sut *const *sut = suts; *sut != NULL; sut++)
        n += each_line(out, s, &row, (*sut)->options, tell);
    return n + each_line(out, s, &row, host_option_rows, tell);
}

static uint32_t tell_count(FILE *out, const struct line *l)
{
    fprintf(out, "  %-24s %10" PRIu64 " %10s", l->name, l->count->runs, "");
    if (could_bite(l))
        fprintf(out, " %12" PRIu64 "%s\n", l->count->bit, l->count->bit == 0 ? "   never" : "");
    else
        fprintf(out, " %12s\n", "-");
    return 1;
}

static uint32_t tell_nothing(FILE *out, const struct line *l)
{
    (void)out;
    (void)l;
    return 1;
}

static uint32_t tell_toothless(FILE *out, const struct line *l)
{
    if (!could_bite(l) || l->count->bit > 0)
        return 0;
    fprintf(out, "option '%s' held in %" PRIu64 " runs and bit in none\n", l->name, l->count->runs);
    return 1;
}

void summary_options_print(FILE *out, const struct summary *s)
{
    if (each(NULL, s, tell_nothing) == 0)
        return;
    fprintf(out, "%-26s %10s %10s %12s\n", "option", "runs", "", "bit");
    each(out, s, tell_count);
}

uint32_t summary_options_toothless(FILE *out, const struct summary *s)
{
    return s->chaos_runs > 0 ? each(out, s, tell_toothless) : 0;
}
