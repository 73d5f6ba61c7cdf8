/* SPDX-License-Identifier: MIT */
/*
 * xfail error "TEXT": the file must be refused, with an error that says so.
 *
 * Method. The statement is looked for before the file is cut into lines, since that may be what
 * goes wrong: among the lines before the first block. Where it is there, errors are not shown but
 * heard, and the file reads as a scenario that plays nothing: it passes where the text was among
 * them. What is wrong with a setting of the command line is no error of the file, and that it says
 * twice how it ends is none that it could mean: both are shown.
 */
#include <assert.h>
#include <string.h>

#include "parse.h"
#include "play.h"
#include "rows.h"

/* The line from `at` on is the statement, and whole. */
static bool take_text(struct parser *p, const struct source *s, const struct line *l, char **text)
{
    struct token t[LINE_TOKENS_MAX];
    struct lex_error e;
    struct cursor c = {.p = p, .tok = t};
    return l->n <= LINE_BYTES_MAX && lex_line(s->text + l->at, l->n, t, &c.n, &e) &&
           cur_word(&c, "xfail") && cur_word(&c, "error") && cur_peek(&c) &&
           cur_peek(&c)->kind == TOK_STRING && cur_need_string(&c, text, "a text") && **text &&
           cur_end(&c);
}

bool refusal_find(struct parser *p, struct source *s, size_t at)
{
    char *text;
    for (uint32_t number = 1; at < s->len; number++) {
        const char *line = s->text + at, *nl = memchr(line, '\n', s->len - at);
        const struct line l = {.at = (uint32_t)at, .number = number,
                               .n = (uint32_t)(nl ? (size_t)(nl - line) : s->len - at)};
        uint32_t n;
        const char *w = lex_first_word(line, l.n, &n);
        if (opens_block(s, &l)) return true;
        at += l.n + 1u;
        if (!word_among("xfail", w, n) || !take_text(p, s, &l, &text)) continue;
        struct refusal *r = p->scenario->refusal = pool_take(p->pool, sizeof *r);
        if (!r) return out_of_memory(p);
        *r = (struct refusal){.want = text, .source = s,
                              .place = {.source = s, .line = number,
                                        .col = (uint32_t)(w - line) + 1}};
        return true;
    }
    return true;
}

bool refusal_beside_xfail(struct cursor *c)
{
    struct refusal *r = c->p->scenario->refusal;
    if (r) r->deaf = true;
    c->at = 0;
    return cur_error(c, "take one of them out", "what is refused is not played");
}

bool parse_refusal(struct cursor *c, struct stmt *s)
{
    struct refusal *r = c->p->scenario->refusal;
    const struct place here = cur_place(c);
    char *text;
    (void)s;
    if (c->p->prog->nxfails) return refusal_beside_xfail(c);
    if (r && (r->place.source != here.source || r->place.line != here.line))
        return c->at = 0, r->deaf = true,
               cur_error(c, "take one of them out", "line %u says already what must be wrong",
                         r->place.line);
    if (!cur_need_string(c, &text, "what the error says")) return false;
    if (!*text)
        return c->at--, cur_error(c, "write a part of the message", "every error says nothing");
    if (!cur_need_end(c)) return false;
    return r || (c->at = 0, cur_error(c, "write it at the head of the file itself, before the "
                                      "first block", "this speaks of the file as a whole"));
}

bool refusal_hear(struct parser *p, const struct place *at, const char *message)
{
    struct refusal *r = p->scenario->refusal;
    if (r && at->source->setting) r->deaf = true;
    if (!r || r->deaf) return false;
    const bool own = at->source == r->place.source && at->line == r->place.line,
        met = !own && strstr(message, r->want);
    if (r->met || (r->said && !met)) return true;
    r->met = met, r->at = *at;
    r->said = pool_text(p->pool, message, strlen(message));
    if (!r->said) r->said = "this scenario needs too much memory";
    return true;
}

void refusal_judge(const struct refusal *r, struct ending *e)
{
    char at[sizeof e->where];
    assert(!r->met || r->said);
    if (r->met) {
        print_place(&r->at, at, sizeof at);
        snprintf(e->detail, sizeof e->detail, "refused as xfail says: %s: %s", at, r->said);
        return;
    }
    e->verdict = V_EXPECTATION;
    snprintf(e->check, sizeof e->check, "xfail");
    print_place(r->said ? &r->at : &r->place, e->where, sizeof e->where);
    if (r->said)
        snprintf(e->detail, sizeof e->detail, "wanted an error that says \"%.90s\", saw: %s",
                 r->want, r->said);
    else
        snprintf(e->detail, sizeof e->detail,
                 "wanted an error that says \"%.90s\", saw none: it reads well", r->want);
}
