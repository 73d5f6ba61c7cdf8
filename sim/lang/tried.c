/* SPDX-License-Identifier: MIT */
/*
 * Method. While a line is read, each word that a reader would have taken is noted with the place at
 * which it was asked for. Where the line then fails, the words noted at that very place are what
 * might have stood there: the one most like what does stand there is suggested, or else all are
 * named. So no statement keeps a list of its own.
 */
#include <string.h>

#include "parse.h"

enum { LIKENESS_LEAST = 3 };        /* letters: of two, every other word is like every other */

void tried_clear(struct parser *p) { p->ntried = p->hushed = 0, p->example = NULL; }

/* Where nobody is told of errors, as in the trials of what a seed could draw, none is kept. */
static void note(struct parser *p, uint32_t at, const char *word, size_t n, bool quiet)
{
    if (!p->err) return;
    for (uint32_t i = 0; i < p->ntried && i < TRIED_MAX; i++)
        if (p->tried[i].at == at && p->tried[i].n == n && !memcmp(p->tried[i].word, word, n))
            return;
    p->tried[p->ntried++ % TRIED_MAX] = (struct tried){.word = word, .n = (uint32_t)n, .at = at,
                                                       .quiet = quiet};
}

void tried_words(const struct cursor *c, const char *words)
{
    for (const char *w = words; c->p && *w; w += *w == '|') {
        size_t n = strcspn(w, "|");
        note(c->p, c->at, w, n, c->p->hushed);
        w += n;
    }
}

void tried_anywhere(const struct cursor *c, const char *word)
{
    note(c->p, TRIED_ANYWHERE, word, strlen(word), false);
}

static bool stands_here(const struct tried *t, const struct cursor *c)
{
    return t->at == c->at || t->at == TRIED_ANYWHERE;
}

bool tried_guess(const struct cursor *c, char *out, size_t size)
{
    const struct token *t = cur_peek(c);
    if (!t || t->kind != TOK_WORD || t->n < LIKENESS_LEAST) return false;
    struct guess g = guess_for(t->text, t->n);
    for (uint32_t i = 0; i < c->p->ntried && i < TRIED_MAX; i++) {
        const struct tried *w = &c->p->tried[i];
        if (stands_here(w, c) && w->n >= LIKENESS_LEAST) guess_try(&g, w->word, w->n);
    }
    return g.distance && did_you_mean(&g, out, size);   /* distance 0: the word itself is no news */
}

bool tried_list(const struct cursor *c, char *out, size_t size)
{
    size_t k = (size_t)snprintf(out, size, "here may stand"), empty = k;
    for (uint32_t i = 0; i < c->p->ntried && i < TRIED_MAX; i++) {
        const struct tried *w = &c->p->tried[i];
        if (w->quiet || !stands_here(w, c) || k + w->n + 3 > size) continue;
        k += (size_t)snprintf(out + k, size - k, "%s%.*s", k > empty ? ", " : " ", (int)w->n,
                              w->word);
    }
    return k > empty;
}
