/* SPDX-License-Identifier: MIT */
/*
 * `--set KEY=VALUE`: what the command line lays over a file.
 *
 * Method. KEY is a param, or else an option. Where its value is one in all variants, the setting
 * replaces it: the default of a param, and all that `set` says of an option. Where a matrix varies
 * it, the setting chooses: variants in which it has another value are left out, and those that stay
 * keep their names and are the runs that they always are. What a setting comes to is known variant
 * by variant; whether it came to anything, once all are read.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"

static const struct setting *setting_at(const struct parser *p, uint32_t i)
{
    return &p->in->settings[i];
}

const struct setting *setting_find(struct parser *p, const char *name, uint32_t n)
{
    for (uint32_t i = 0; i < p->in->nsettings; i++) {
        const struct setting *set = setting_at(p, i);
        if (strlen(set->key) != n || memcmp(set->key, name, n)) continue;
        p->said[i].used = p->said[i].known = true;
        return p->scenario->refusal ? NULL : set;       /* as it is written it must be refused */
    }
    return NULL;
}

bool setting_picks(struct parser *p, const char *key, const char *const *names, uint32_t n,
                   uint32_t *pick)
{
    for (uint32_t i = 0; i < p->in->nsettings; i++) {
        const struct setting *set = setting_at(p, i);
        for (uint32_t k = 0; k < n && !strcmp(set->key, key); k++) {
            if (strcmp(set->value, names[k]) != 0) continue;
            p->said[i].used = p->said[i].known = true;
            if (p->scenario->refusal || p->drawing->unpinned) return false;
            return *pick = k, true;
        }
    }
    return false;
}

/* The setting as a line of text. One for all variants: its errors are told once. */
static struct source *line_of(struct parser *p, uint32_t i)
{
    struct setting_said *said = &p->said[i];
    const struct setting *set = setting_at(p, i);
    const size_t n = strlen(set->key) + strlen(set->value) + 12;
    char *text = said->line ? NULL : pool_take(p->pool, n), *name = pool_take(p->pool, n);
    if (said->line) return said->line;
    if (!text || !name) return out_of_memory(p), NULL;
    snprintf(text, n, "%s = %s", set->key, set->value);
    snprintf(name, n, "--set %s=%s", set->key, set->value);
    if ((said->line = source_line(p, name, text))) said->line->setting = true;
    return said->line;
}

static struct place place_of(struct parser *p, uint32_t i)
{
    struct source *line = line_of(p, i);
    return (struct place){.source = line ? line : p->scenario->main, .line = 1, .col = i + 1};
}

/* ---- choosing ---- */

static void add_value(char *values, size_t size, const char *value)
{
    const size_t n = strlen(values);
    if (!has_word(values, value, ',')) snprintf(values + n, size - n, "%s%s", n ? ", " : "", value);
}

/* Of what a matrix varies, this variant has `value`. */
static void choose(struct parser *p, uint32_t i, const struct place *at, const char *value,
                   bool same)
{
    struct setting_said *said = &p->said[i];
    said->known = said->varied = true;
    said->varied_at = *at;
    said->chosen = said->chosen || same;
    add_value(said->values, sizeof said->values, value);
    p->prog->left_out = p->prog->left_out || (!same && !p->scenario->refusal);
}

/* A param whose value varies, or was replaced, and that has the name of an option: does the option
 * go with it? */
static bool option_goes_along(struct parser *p, const struct binding *b, const struct place *at)
{
    const struct option_row *row = option_find(p->prog, b->name, b->n);
    const struct override *o = row ? override_general(p->prog, row) : NULL;
    if (!row || (o && same_words(o->text, b->value)) || !option_reads(p, row->name, b->value))
        return true;
    return report_both(p, at, &b->place, "the parameter is here",
                       "set the option from the parameter, or give the parameter another name",
                       "'%s' is an option too, and only the parameter follows this", row->name);
}

static bool params_agree(struct parser *p)
{
    bool ok = true;
    for (uint32_t i = 0; i < p->nenv; i++) {
        const struct binding *b = &p->env[i];
        const bool own = b->axis && !strcmp(b->axis->key, b->name);
        if (b->param && b->axis)
            ok = option_goes_along(p, b, own ? &b->axis->place : &b->place) && ok;
    }
    return ok;
}

/* ---- one setting in one variant ---- */

static bool read_option(struct parser *p, uint32_t i, const struct option_row *row,
                        struct override *o)
{
    const struct source *source = p->source;
    const struct line *line = p->line;
    struct cursor c = {.p = p};
    p->source = line_of(p, i);
    if (!p->source) return p->source = source, false;
    p->line = p->source->lines;
    bool ok = put_in(p, &c);
    /* past the key, however many words it is cut into, and the sign */
    while (ok && !cur_end(&c) && !cur_is(&c, "=")) c.at++;
    c.at++;
    ok = ok && option_parse(&c, row->name, (uint32_t)strlen(row->name), o) && cur_need_end(&c);
    p->source = source, p->line = line;
    return ok;
}

static bool apply(struct parser *p, uint32_t i)
{
    const struct setting *set = setting_at(p, i);
    struct setting_said *said = &p->said[i];
    const uint32_t n = (uint32_t)strlen(set->key);
    const struct binding *b = binding_find(p, set->key, n);
    const struct place at = place_of(p, i);
    struct override o;
    if (b && b->param && b->axis) {
        choose(p, i, &b->axis->place, b->value, same_words(b->value, set->value));
        return true;
    }
    if (b && b->param) return option_goes_along(p, b, &at);
    const struct option_row *row = said->used ? NULL : option_find(p->prog, set->key, n);
    if (!row) return true;
    said->known = true;
    if (!read_option(p, i, row, &o)) return false;
    if (p->scenario->refusal) return true;
    const struct override *all = override_general(p->prog, row),
                          *some = override_of_some(p->prog, row);
    if (some)
        return report_both(p, &at, &some->place, "it varies here, at some nodes",
                           "leave it out, or set what varies it", "no variant has this everywhere");
    if (!all || !all->axis) return override_last(p, &o);
    choose(p, i, &all->place, all->text, !memcmp(all->value, o.value, sizeof o.value));
    return true;
}

bool settings_finish(struct parser *p)
{
    bool ok = true;
    for (uint32_t i = 0; i < p->in->nsettings; i++) ok = apply(p, i) && ok;
    for (uint32_t i = 0; i < p->in->nsettings; i++) p->said[i].used = false;
    return params_agree(p) && ok;
}

/* ---- over all variants ---- */

static bool unknown(struct parser *p, uint32_t i)
{
    const struct place at = place_of(p, i);
    const char *key = setting_at(p, i)->key;
    struct guess g = guess_for(key, (uint32_t)strlen(key));
    char hint[120];
    if (!strcmp(key, "branch"))
        return report_at(p, &at, "name one of those that say `drawn`; --variant names others",
                         "no branch is drawn that is called '%.60s'", setting_at(p, i)->value);
    for (uint32_t k = 0; k < p->nenv; k++)
        if (p->env[k].param) guess_try(&g, p->env[k].name, p->env[k].n);
    option_guess(p->prog, &g);
    return report_at(p, &at, did_you_mean(&g, hint, sizeof hint)
                         ? hint : "'wavetank list options' shows all, and the file its params",
                     "no option or param '%.60s'", key);
}

static bool judge(struct parser *p, uint32_t i)
{
    const struct setting_said *said = &p->said[i];
    const struct place at = place_of(p, i);
    char hint[240];
    if (!said->known) return unknown(p, i);
    if (!said->varied || said->chosen) return true;
    snprintf(hint, sizeof hint, "it has %s", said->values);
    return report_both(p, &at, &said->varied_at, "what varies it is here", hint,
                       "no variant has this value");
}

bool settings_judge(struct parser *p)
{
    const struct scenario *sc = p->scenario;
    const char *one = p->in->variant;
    uint32_t left = 0, i;
    bool ok = true, there = !one;
    for (i = 0; i < p->in->nsettings; i++) ok = judge(p, i) && ok;
    for (uint32_t v = 0; v < sc->nvariants; v++) {
        left += !sc->programs[v].left_out;
        there = there || !strcmp(sc->variants[v], one);
    }
    /* a variant that is not there is told by who asked for it */
    if (!ok || left || !there) return ok;
    for (i = 0; i + 1 < p->in->nsettings && !p->said[i].varied;) i++;
    const struct place at = place_of(p, i);
    if (one)
        return report_both(p, &at, &p->said[i].varied_at, "what varies it is here",
                           "leave one of the two out", "variant %s has another value", one);
    return report_at(p, &at, "leave one of them out",
                     "no variant has this and what the other settings choose");
}
