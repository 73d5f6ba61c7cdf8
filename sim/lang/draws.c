/* SPDX-License-Identifier: MIT */
/*
 * Files in which something is drawn (drawn.c), and what a seed makes of them.
 *
 * Method. A file is short, and read in less time than a run needs for its first heartbeat. So what
 * a seed draws is put in while the file is read, once for each seed, and a plan is never changed
 * after it was made. Where what was drawn together does not fit, as options that exclude each other
 * or a node that a small cluster has not, the file does not read well, and all is drawn again:
 * another attempt of the same seed. --set pins a value after the attempt is known, so that the
 * others stay what they are.
 *
 * When a file is loaded as it is written, each single value that can be drawn (of a range, its
 * ends) is tried, with others as they are drawn: one that fits with nothing is a mistake of the
 * file. How often anything is tried is bounded, and so is the work that it takes all together.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/tint.h"
#include "parse.h"

enum { ATTEMPTS_MAX = 1000, EACH_MAX = 200, TRIED_DRAWS_MAX = 256 };
#define WORK_MAX UINT64_C(4000000)      /* statements read, by all attempts together */

struct drawing_room {
    struct scenario_input in;           /* as the file was loaded; its text is the scenario's */
    struct setting settings[SETTINGS_MAX];
    uint64_t seed;
    struct scenario *drawn;             /* what this seed drew; NULL: none was asked for yet */
    char unfit[240];
};

bool drawing_forces(const struct drawing *d, const char *identity, uint32_t *value)
{
    for (uint32_t i = 0; i < d->nforced; i++) {
        if (strcmp(d->forced[i].identity, identity) != 0) continue;
        *value = d->forced[i].value;
        return true;
    }
    return false;
}

/* ---- attempts ---- */

struct attempts {
    const struct scenario_input *in;
    const struct scenario *texts;
    uint64_t work;                      /* so far */
    struct drew drew;                   /* of the last */
    uint32_t wrong;                     /* the line in which each is wrong; 0: of none yet */
    bool differ;                        /* there is no such line */
};

/* Some variant draws it. */
static bool draws_it(const struct scenario *sc, const char *identity)
{
    for (uint32_t v = 0; v < sc->nvariants; v++)
        for (uint32_t i = 0; i < sc->programs[v].ndrawn; i++)
            if (!strcmp(sc->programs[v].drawn[i].identity, identity)) return true;
    return false;
}

/* The first attempt from `d`'s on, of at most `most`, that reads well and draws what is tried last;
 * d->attempt is its number. NULL: none. */
static struct scenario *first_that_fits(struct attempts *a, struct drawing *d, uint32_t most)
{
    const char *tried = d->nforced ? d->forced[d->nforced - 1].identity : NULL;
    for (uint32_t i = 0; i < most && a->work < WORK_MAX; i++, d->attempt++) {
        struct scenario *sc = scenario_reading(a->in, d, a->texts, &a->drew);
        a->work += a->drew.work + 1;
        a->differ = a->differ || (a->wrong && a->drew.line != a->wrong);
        a->wrong = a->drew.line;
        if (sc && (!tried || draws_it(sc, tried))) return sc;
        scenario_free(sc);
    }
    return NULL;
}

/* ---- telling ---- */

/* The errors of a reading go to memory, since only later it is known whether they are wanted. */
struct kept { FILE *file; char *text; size_t n; };

static void kept_open(struct kept *k, FILE *err)
{
    *k = (struct kept){0};
    if (err && (k->file = open_memstream(&k->text, &k->n))) tint_allow(k->file, tint_allowed(err));
}

static void kept_close(struct kept *k, FILE *err)
{
    const int error = errno;
    if (k->file) {
        tint_allow(k->file, false);
        fclose(k->file);
        if (err) fwrite(k->text, 1, k->n, err);
        free(k->text);
    }
    errno = error;
}

/* What the errors above it come from. */
static void tell_combination(FILE *err, const char *where, const char *drawn, const char *what)
{
    if (err) fprintf(err, "%s: note: read with %s, as drawn; %s\n", where, drawn, what);
}

/* ---- each value ---- */

/* A draw of the file, and the reading in which it was met first: in another one it may stand in a
 * branch that is not taken. */
struct met { const char *identity, *where; uint32_t tries; struct drawing by; };
struct mets { uint32_t n; struct met item[TRIED_DRAWS_MAX]; };

static bool is_met(const struct mets *all, const char *identity)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (!strcmp(all->item[i].identity, identity)) return true;
    return false;
}

/* Those that were not met before; what is kept of them lies in the pool of `sc`. */
static bool meet(struct mets *all, struct scenario *sc, const struct scenario *read,
                 const struct drawing *by)
{
    char where[200];
    for (uint32_t v = 0; v < read->nvariants; v++) {
        const struct program *g = &read->programs[v];
        for (const struct drawn *d = g->drawn; d < g->drawn + g->ndrawn; d++) {
            if (all->n == TRIED_DRAWS_MAX || is_met(all, d->identity)) continue;
            print_place(&d->place, where, sizeof where);
            const char *identity = pool_text(&sc->pool, d->identity, strlen(d->identity)),
                       *at = pool_text(&sc->pool, where, strlen(where));
            if (!identity || !at) return false;
            all->item[all->n++] = (struct met){identity, at, d->tries, *by};
        }
    }
    return true;
}

/* One value reads well with some others. False: it is told. */
static bool value_fits(struct attempts *a, struct mets *all, struct scenario *sc,
                       const struct met *m, uint32_t value, FILE *err)
{
    struct drawing d = m->by;
    struct kept kept;
    struct scenario_input in = *a->in;
    if (d.nforced == FORCED_MAX) return true;       /* deeper than any file has use for */
    d.forced[d.nforced++] = (struct forced){m->identity, value};
    struct scenario *read = first_that_fits(a, &d, EACH_MAX);
    if (read || a->work >= WORK_MAX) {
        const bool room = !read || meet(all, sc, read, &d);
        return scenario_free(read), room;
    }
    kept_open(&kept, err);
    in.err = kept.file, d.attempt = m->by.attempt;
    read = scenario_reading(&in, &d, a->texts, &a->drew);
    kept_close(&kept, err);
    if (read) return scenario_free(read), true;     /* tried, its own line is not read any more */
    tell_combination(err, m->where, a->drew.text, "nothing else that is drawn goes with that");
    return false;
}

/* Of a file whose first reading was by this drawing. */
static bool each_value_fits(struct attempts *a, struct scenario *sc, const struct drawing *by,
                            FILE *err)
{
    struct mets *all = calloc(1, sizeof *all);
    bool ok = all && meet(all, sc, sc, by);
    for (uint32_t i = 0; ok && i < all->n; i++)
        for (uint32_t value = 0; value < all->item[i].tries && ok; value++) {
            const struct met m = all->item[i];
            ok = value_fits(a, all, sc, &m, value, err);
        }
    free(all);
    return ok;
}

/* ---- loading ---- */

/* What a seed is read with later on. */
static bool room_make(struct scenario *sc, const struct scenario_input *in)
{
    struct drawing_room *r = calloc(1, sizeof *r);
    if (!r) return false;
    r->in = *in;
    if (in->nsettings) memcpy(r->settings, in->settings, in->nsettings * sizeof *r->settings);
    r->in.settings = r->settings;
    r->in.variant = NULL;               /* what is drawn does not depend on who is played */
    r->in.err = NULL, r->in.nerrors = NULL;
    r->in.text = sc->main->text, r->in.len = sc->main->len;
    r->in.path = sc->main->name;
    sc->room = r;
    return true;
}

void drawing_room_free(struct drawing_room *r)
{
    if (r) scenario_free(r->drawn);
    free(r);
}

/* The first attempt did not read well: another one, or what was said of the first. A mistake in one
 * line, whatever is drawn, is one like any other. */
static struct scenario *another(const struct scenario_input *in, const struct drew *first,
                                struct drawing *d, struct kept *said)
{
    struct scenario_input quiet = *in;
    struct attempts a = {.in = &quiet, .wrong = first->line};
    quiet.err = NULL, d->attempt = 1;
    if (first->source) quiet.text = first->source, quiet.len = first->len;
    struct scenario *sc = first_that_fits(&a, d, ATTEMPTS_MAX);
    if (in->nerrors) *in->nerrors = sc ? 0 : *in->nerrors;
    kept_close(said, sc ? NULL : in->err);
    if (!sc && a.differ && first->line)
        tell_combination(in->err, in->path, first->text, "no other combination reads better");
    return sc;
}

struct scenario *scenario_read(const struct scenario_input *in)
{
    struct drawing d = {0};
    assert(in && in->path && (in->settings || !in->nsettings));
    struct scenario_input loud = *in;
    struct drew drew;
    struct kept said;
    kept_open(&said, in->err);
    if (in->err && said.file) loud.err = said.file;
    struct scenario *sc = scenario_reading(&loud, &d, NULL, &drew);
    if (sc || !drew.any || drew.refused) kept_close(&said, in->err);
    else sc = another(in, &drew, &d, &said);
    free(drew.source);
    if (!sc || !sc->draws) return sc;
    struct attempts a = {.texts = sc};
    if (room_make(sc, in)) {
        a.in = &sc->room->in;
        if (in->nsettings || each_value_fits(&a, sc, &d, in->err)) return sc;
        if (in->nerrors) *in->nerrors = 1;
    } else {
        errno = ENOMEM;
    }
    scenario_free(sc);
    return NULL;
}

/* ---- a seed ---- */

/* It plays nothing, and says why; of the form of the file, so that its variants are there. */
static struct scenario *misfit(const struct scenario *sc, struct attempts *a)
{
    struct drawing_room *r = sc->room;
    struct drawing d = {0};
    a->work = 0;
    snprintf(r->unfit, sizeof r->unfit,
             "nothing fits that this seed draws, in %d attempts; the last: %.120s", ATTEMPTS_MAX,
             a->drew.text);
    struct scenario *stands = first_that_fits(a, &d, ATTEMPTS_MAX);
    if (stands) stands->unfit = r->unfit;
    return stands;
}

const struct scenario *scenario_of_seed(const struct scenario *sc, uint64_t seed)
{
    struct drawing_room *r = sc->room;
    if (!r || (r->drawn && r->seed == seed)) return r ? r->drawn : sc;
    struct attempts a = {.in = &r->in, .texts = sc};
    struct drawing d = {.seed = seed, .unpinned = r->in.nsettings > 0};
    scenario_free(r->drawn);
    r->drawn = first_that_fits(&a, &d, ATTEMPTS_MAX);
    if (d.unpinned) {
        d = (struct drawing){.seed = seed, .attempt = r->drawn ? d.attempt : 0};
        scenario_free(r->drawn);
        r->drawn = first_that_fits(&a, &d, ATTEMPTS_MAX);
    }
    if (!r->drawn) r->drawn = misfit(sc, &a);
    r->seed = seed;
    return r->drawn;
}

void scenario_drawn(const struct scenario *sc, uint32_t variant, char out[SCENARIO_DRAWN_BYTES])
{
    assert(variant < sc->nvariants);
    out[0] = 0;
    if (!sc->unfit) drawn_text(&sc->programs[variant], out);
}
