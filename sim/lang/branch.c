/* SPDX-License-Identifier: MIT */
/*
 * branch NAME ... branch NAME ... end: each a variant, or, with `drawn` behind each name, one that
 * the seed draws (drawn.c).
 */
#include <string.h>

#include "parse.h"

#define EXAMPLE "branch A"

static bool name_branches(struct parser *p, struct source *s, uint32_t i, struct axis *a)
{
    const struct line *here = p->line;
    const char *name;
    uint32_t n, k = 0;
    bool ok = true;
    a->key = "";
    do {
        struct cursor c;
        p->line = &s->lines[i];
        ok = put_in(p, &c);
        c.at = 1, p->example = EXAMPLE;
        ok = ok && cur_need_name(&c, &name, &n, "the branch's name") && cur_need_end(&c) &&
             (name = pool_text(p->pool, name, n)) && axis_label(p, a, k++, "", name);
        i = s->lines[i].end;
    } while (ok && s->lines[i].end);
    p->line = here;
    return ok && axis_end(p, a, k);
}

/* ---- branches that are drawn ---- */

/* `branch NAME drawn`: the words behind the name, of line i. False: reported. */
static bool branch_line(struct parser *p, struct source *s, uint32_t i, struct cursor *c,
                        const char **name, bool *drawn)
{
    uint32_t n;
    p->line = &s->lines[i];
    if (!put_in(p, c)) return false;
    c->at = 1, p->example = EXAMPLE;
    if (!cur_need_name(c, name, &n, "the branch's name")) return false;
    *drawn = cur_word(c, "drawn");
    return (*name = pool_text(p->pool, *name, n)) || out_of_memory(p);
}

/* All branches of the group that begins in line i, with their shares. */
static bool draw_branches(struct parser *p, struct source *s, uint32_t i, const char **names,
                          struct lots *all)
{
    struct cursor c;
    bool drawn;
    *all = (struct lots){0};
    do {
        struct lot *a = &all->item[all->n];
        if (all->n == LOTS_MAX)
            return report(p, 0, 6, NULL, "at most %d branches are drawn among", LOTS_MAX);
        if (!branch_line(p, s, i, &c, &names[all->n], &drawn)) return false;
        if (!drawn) return cur_error(&c, "write branch A drawn 20%, or branch A drawn",
                                     "of these branches one is drawn: each says so");
        *a = (struct lot){.text = names[all->n], .place = cur_place(&c),
                                  .open = cur_end(&c)};
        if (!a->open && !cur_need_share(&c, &a->share, 1000000)) return false;
        if (!cur_need_end(&c)) return false;
        for (uint32_t k = 0; k < all->n; k++)
            if (!strcmp(names[k], names[all->n]))
                return report(p, 0, 6, "name each once", "two branches are called '%s'", names[k]);
        all->n++;
        i = s->lines[i].end;
    } while (s->lines[i].end);
    if (all->n == 1)
        return report(p, 0, 6, "write another branch beside it", "there is nothing to draw among");
    return shares_finish(&c, all);
}

/* Is it drawn, and which of them? */
static bool drawn_branch(struct parser *p, struct source *s, uint32_t i, uint32_t *pick)
{
    struct lots all;
    const char **names = pool_take(p->pool, LOTS_MAX * sizeof *names);
    const struct place place = {.source = s, .line = s->lines[i].number, .col = 1, .via = p->via};
    if (!names) return out_of_memory(p);
    if (!draw_branches(p, s, i, names, &all)) return false;
    const size_t size = strlen(names[0]) + sizeof "branch=";
    char *identity = pool_take(p->pool, size);
    if (!identity) return out_of_memory(p);
    snprintf(identity, size, "branch=%s", names[0]);
    struct drawn *d = drawn_new(p, &place, "branch", identity, &all);
    if (!d) return false;
    d->branches = true;
    d->pick = *pick = setting_picks(p, "branch", names, all.n, pick) ? *pick
                                                                     : draw_which(p, d, &all);
    d->value = names[d->pick];
    return true;
}

bool shape_branch(struct parser *p, struct source *s, uint32_t i, uint32_t *next)
{
    uint32_t last = i, from = i;
    while (s->lines[last].end) last = s->lines[last].end;
    *next = last + 1;
    if (p->in_branch)
        return report(p, 0, 6, "put the inner ones side by side",
                      "a branch cannot stand in a branch");
    struct cursor c;
    const struct line *here = p->line;
    const char *name;
    bool drawn, ok = branch_line(p, s, i, &c, &name, &drawn);
    uint32_t pick = 0;
    if (ok && drawn) {
        ok = drawn_branch(p, s, i, &pick);
    } else if (ok) {
        struct axis *a = axis_here(p, 0, "branch");
        ok = a && name_branches(p, s, i, a);
        if (ok) pick = a->pick;
    }
    p->line = here;
    if (!ok) return false;
    for (uint32_t k = 0; k < pick; k++) from = s->lines[from].end;
    p->in_branch++;
    ok = expand(p, s, from + 1, s->lines[from].end);
    p->in_branch--;
    return ok;
}
