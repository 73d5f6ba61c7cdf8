/* SPDX-License-Identifier: MIT */
/*
 * Inside the reader: the parser's state and the helpers that parse functions share. A need_
 * helper reports an error at the word where it fails and returns false; a take_ helper leaves
 * the cursor where it was and says nothing. The first error of a line ends that line.
 */
#ifndef WT_PARSE_H
#define WT_PARSE_H

#include "ast.h"

enum {
    ERRORS_MAX = 20, BINDINGS_MAX = 256, MACROS_MAX = 64, FORMALS_MAX = 8, DEPTH_MAX = 24,
    SOURCES_MAX = 32, SETTINGS_MAX = 64, TRIED_MAX = 64
};
#define TRIED_ANYWHERE UINT32_MAX

/* A word that a reader of the line asked for, and where. */
struct tried { const char *word; uint32_t n, at; bool quiet; };

/* What $name stands for. param: a param of the file; else the counter of a repeat, or what `do`
 * gave. axis: its value follows this; NULL: it is the same in all variants. */
struct binding {
    const char *name, *value;
    uint32_t n, value_n;
    bool param, drawn;
    bool failed;                    /* what declares it is wrong: of what follows nothing is said */
    const struct axis *axis;
    const struct setting *given;    /* --set gave it; NULL: no */
    struct place place, used;       /* of a param's name; of the first $name, source NULL: none */
};
struct macro {
    const char *name;
    uint32_t n, nformals, body;
    const char *formal[FORMALS_MAX];
    uint32_t formal_n[FORMALS_MAX];
    struct source *source;
    bool active, failed;            /* failed: as of a binding */
};

/* How one reading of a file draws what is drawn in it. */
enum { FORCED_MAX = 4, BRANCH_ATTEMPTS = 100 };
struct forced { const char *identity; uint32_t value; };    /* value: of drawn.tries, from 0 */
struct drawing {
    uint64_t seed;
    uint32_t attempt;
    bool unpinned;                  /* what --set says of a draw is left aside */
    uint32_t nforced;
    struct forced forced[FORCED_MAX];       /* these are not drawn, but tried */
};
/* Values among which one is drawn. */
enum { LOTS_MAX = 32 };
struct lot {
    const char *text;
    struct place place;
    bool range, doublings;
    bool open;                      /* no share is given */
    const struct unit *unit;
    uint64_t lo, hi, step;          /* of a range, in steps */
    uint64_t share;                 /* in ppm */
};
struct lots {
    uint32_t n, open;
    uint64_t rest;                  /* the share of those without, together */
    struct lot item[LOTS_MAX];
};

/* `of g2`: number is 2; 0: it does not say. */
struct group_said {
    uint16_t number;
    bool asked;                     /* something of it is of one group */
    uint32_t col, width;
};

/* What became of one setting of the command line. */
struct setting_said {
    bool used;                      /* a param of this variant took it */
    bool known;                     /* some variant has a param or an option of that name */
    bool varied, chosen;            /* it speaks of what a matrix varies; some variant has that
                                       value */
    char values[200];               /* those that there are: "off, on" */
    struct place varied_at;
    struct source *line;            /* as text, for messages */
};
struct parser {
    struct scenario *scenario;
    struct pool *pool;
    const struct drawing *drawing;
    const struct scenario *texts;   /* has the texts of files that were read before; may be NULL */
    struct program *prog;
    const struct scenario_input *in;
    struct setting_said said[SETTINGS_MAX];
    FILE *err;
    uint32_t errors;
    struct place seen[ERRORS_MAX];
    const struct source *source;    /* being read */
    const struct line *line;
    const struct via *via;          /* why this line is read; NULL: it stands in the file itself */
    uint64_t statements, bytes;     /* expanded so far, of all variants */
    struct binding env[BINDINGS_MAX];
    uint32_t nenv;
    struct macro macros[MACROS_MAX];
    uint32_t nmacros;
    const struct axis *varied;      /* a parameter in the line follows this; NULL: none does */
    const struct setting *given;    /* a value in the line is from it; NULL: none is */
    uint32_t depth, in_branch, loops;   /* loops: how many are open here */
    bool refusable;                 /* errors may be what the file asks for */
    bool first, header;             /* first variant; `wavetank 1` was read */
    uint32_t ntokens;
    struct token tokens[LINE_TOKENS_MAX];
    struct tried tried[TRIED_MAX];
    uint32_t ntried, hushed;        /* hushed: words asked for now are suggested, but not listed */
    bool sought;                    /* the statement names nodes that are found when it runs */
    struct group_said group;        /* of the statement being read */
    const char *example;            /* of the statement or condition being read; NULL: none is
                                       known yet */
};

struct cursor { struct parser *p; struct token *tok; uint32_t n, at; };

/* ---- diag.c ---- */
bool report(struct parser *, uint32_t col, uint32_t width, const char *hint, const char *format,
            ...)
    __attribute__((format(printf, 5, 6)));
bool report_at(struct parser *, const struct place *, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same, and then shows another place, with a note that says what is there. */
bool report_both(struct parser *, const struct place *, const struct place *other,
                 const char *note, const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* What may be said once: false, and both places are shown, where `first` is one already. */
bool said_once(struct cursor *, struct place *first, const char *what);
bool out_of_memory(struct parser *);
bool gave_up(const struct parser *);
struct place cur_place(const struct cursor *);
bool same_place(const struct place *, const struct place *);
/* NULL where nothing is like it */
const char *did_you_mean(const struct guess *, char *out, size_t size);

/* ---- tried.c: what might have stood where a line fails ---- */
void tried_clear(struct parser *);
void tried_words(const struct cursor *, const char *words); /* "a|b|c", asked for at the cursor */
/* a clause that may stand at any place */
void tried_anywhere(const struct cursor *, const char *word);
/* "did you mean 'within'?"; false: nothing asked for here is like the word that stands here */
bool tried_guess(const struct cursor *, char *out, size_t size);
/* "here may stand term, as"; false: nothing was asked for here */
bool tried_list(const struct cursor *, char *out, size_t size);

/* ---- cursor.c, beside base/cursor.h ---- */
const struct token *cur_peek(const struct cursor *);                    /* NULL at the end */
bool cur_is(const struct cursor *, const char *word);
bool cur_need_end(struct cursor *);
bool cur_need_time(struct cursor *, uint64_t *ns, const char *what);
/* bound.c: a time, or 8 election timeouts */
bool cur_need_bound(struct cursor *, struct bound *, const char *what);
bool cur_need_bytes(struct cursor *, uint64_t *);
/* 5%, 100ppm, 3/100; most: in ppm */
bool cur_need_share(struct cursor *, uint64_t *ppm, uint64_t most);
bool cur_need_count(struct cursor *, uint64_t *n, uint64_t least, uint64_t most, const char *what);
bool cur_need_name(struct cursor *, const char **name, uint32_t *len, const char *what);
bool cur_need_string(struct cursor *, char **text, const char *what);   /* unescaped, in the pool */
bool cur_bytes(struct cursor *, uint64_t *);
struct unit;
/* A number, or a span of two, stands there that is beyond what any quantity of these units is. */
bool cur_beyond(const struct cursor *, const struct unit *);
/* One of the words of "a|b|c", its place in *which; unknown words are errors with a suggestion. */
bool cur_need_choice(struct cursor *, const char *words, uint32_t *which, const char *what);
bool take_choice(struct cursor *, const char *words, uint32_t *which);
/* Cut `within 2s`, `as r1` out of the line, wherever it stands. *found false: it does not.
 * False: reported. */
bool cur_cut_bound(struct cursor *, const char *word, struct bound *, bool *found);
bool cur_cut_name(struct cursor *, const char *word, const char **name, uint32_t *len, bool *found);
void cur_drop(struct cursor *, uint32_t from, uint32_t n);
/* the tokens from there on, as a line of text in the pool */
char *cur_text(struct cursor *, uint32_t from);
void *args_take(struct cursor *, size_t size);                             /* NULL is reported */

bool is_all_but(const struct cursor *);

/* ---- verbs_setup.c ---- */
/* The line that declares the nodes is wrong: none that is named after it is unknown. */
void nodes_failed(struct parser *);

/* ---- group.c: groups g1..g3, and `of g2` in any statement ---- */
/* Cuts `of g2` out of the rest of a statement, up to the colon before another one; false:
 * reported. */
bool group_cut(struct cursor *, struct stmt *);
/* Something is read that is of one group: of which, from 0. */
uint16_t group_here(struct cursor *);
/* A text of what was read, with `of g2` where the statement says it, in the pool; NULL:
 * reported. */
char *group_text(struct cursor *, char *text);
/* The statement is read. False: it names a group, and nothing of it is of one; reported. */
bool group_meant(struct cursor *);

/* ---- who.c ---- */
bool take_who(struct cursor *, struct who *);               /* false: the next word names no node */
bool need_who(struct cursor *, struct who *, const char *what);
bool need_single(struct cursor *, struct who *, const char *what);      /* one word: n1, leader */
/* no nodes stand at the cursor */
bool nodes_error(struct cursor *, const char *hint, const char *what);
bool take_actors(struct cursor *, struct actors *);
bool need_actors(struct cursor *, struct actors *);
bool need_node_set(struct cursor *, node_set *, const char *what); /* static */
uint8_t take_client(struct cursor *);                       /* actor; 0: not a client's name */
/* makes it; 0: too many, reported by the caller */
uint8_t client_actor(struct parser *, const char *name, uint32_t n);

/* ---- value.c ---- */
bool need_value(struct cursor *, struct value *);
bool take_value(struct cursor *, struct value *);
bool need_key(struct cursor *, uint16_t *key);
bool take_outcomes(struct cursor *, struct outcomes *); /* ok | fail | ... | VALUE | one-of ... */
bool take_compare(struct cursor *, uint8_t *compare);
/* 1 1 4, or 1/1 1/2:"a"; *ok false: reported */
bool take_log(struct cursor *, struct log_items *, bool *ok);
/* 3/2 5/7:"a": entries at any indexes, in their order */
bool need_log_entries(struct cursor *, struct log_items *);

/* ---- selector.c ---- */
/* [delivered] TYPE|any [from A] [to B] [where ...], or write */
bool need_selector(struct cursor *, struct selector *);
bool need_way_of(struct cursor *, struct selector *);           /* [from A] [to B] */
/* a field that `where` compares with a number */
bool selector_number(const struct token *);
/* BOOT/NUMBER: a candidacy, as labels have it */
bool need_try(struct cursor *, uint64_t *number);
/* TYPE|any [from A] [to B] [where ...]; nodes may be found when the statement runs: empty where the
 * match has them */
bool need_message(struct cursor *, struct label_match *, struct who *from, struct who *to);
/* No part of a selector stands at the cursor, where it would be too late. */
bool need_count_order(struct cursor *, const char *hint);
bool is_message_type(const struct cursor *);                    /* the next word is one, or any */
/* a client, or nodes */
bool need_party(struct cursor *, struct party *, struct who *, const char *what);

/* ---- vacuous.c: what can mean nothing ---- */
/* No parameter stands in the line. */
bool as_written(const struct cursor *);
/* Nor does one say how many nodes there are: `all`, and the others, are always as many. */
bool size_as_written(const struct cursor *);
/* The nodes, where they are named once and for all; else 0. */
node_set who_static(const struct who *);
/* Between two sets of nodes (0: not known) there is some link; if not, the word at `at` is to
 * blame. */
bool need_two_ends(struct cursor *, uint32_t at, node_set, node_set);
/* A message of this type says what the word before the cursor asks for: a field by its number, or,
 * beyond them, whether it is a refusal. */
bool need_said(struct cursor *, uint8_t type, uint32_t which);
/* A message can pass all tests of the latest one's field, and another would not pass that one. */
bool need_some(struct cursor *, const struct label_match *);
/* The comparison that was read from `at` on asks something of a count. */
bool need_tally(struct cursor *, struct cond *, uint32_t at);
/* `A or B` asks something that neither asks alone; if not, the word at the cursor is to blame. */
bool need_choice(struct cursor *, const struct cond *a, const struct cond *b);
/* Behind `until` stands another condition than before it. */
bool need_another(struct cursor *, const struct cond *, const struct cond *until);
/* It has its own judge, and is no state that comes and goes: linearizable, progress. */
bool judged_alone(const struct cond *);

/* ---- variants.c ---- */
/* The axis of the present line, made on the first reading. NULL is reported. */
struct axis *axis_here(struct parser *, uint32_t col, const char *what);
/* Its k-th label; false: reported, as where it was another one when the line was read before. */
bool axis_label(struct parser *, struct axis *, uint32_t k, const char *key, const char *value);
bool axis_end(struct parser *, struct axis *, uint32_t nvalues);        /* they are all there */
void axes_begin(struct parser *);           /* a reading begins */
bool axes_finish(struct parser *);          /* every axis was read, or it is reported */
bool axes_count(struct parser *, uint32_t *nvariants);      /* false: too many, reported; 1 */
void axes_turn(struct parser *, uint32_t variant);          /* its choice of every axis */
uint32_t axis_pick(const struct scenario *, uint32_t axis, uint32_t variant);
void axis_guess(const struct axis *, struct guess *);       /* tries what a file may call it by */
const char *variant_name(struct parser *);  /* of the present choices; NULL: out of memory */
/* a word among "one, two", where a sign ends each but the last */
bool has_word(const char *words, const char *word, char sign);
bool equals_finish(struct parser *);        /* what `variants ... may be equal` names is there */

/* ---- options.c ---- */
/* reads the value */
bool option_parse(struct cursor *, const char *name, uint32_t n, struct override *);
/* Tries all options. */
void option_guess(const struct program *, struct guess *);
/* Reports a name that no option has, with the option like it, or else this way out. */
bool option_unknown(struct cursor *, const char *name, uint32_t n, const char *way);
const struct option_row *option_find(const struct program *, const char *name, uint32_t n);
/* The axis that the option of that name follows; NULL: no such option, or none. */
const struct axis *option_axis(const struct parser *, const char *name, uint32_t n);
/* Would `set NAME TEXT` be understood? Nothing is reported. */
bool option_reads(struct parser *, const char *name, const char *text);
/* An option is set once, but for nodes of their own: false is reported with both places. */
bool override_add(struct parser *, const struct override *);
/* the command line's: over all that the file says */
bool override_last(struct parser *, const struct override *);
/* what the file says of all nodes; NULL: nothing */
const struct override *override_general(const struct program *, const struct option_row *);
/* what it says of some nodes and varies; NULL: nothing */
const struct override *override_of_some(const struct program *, const struct option_row *);
void option_store(void *options, const struct override *);  /* into option bytes */
/* A value as a user would write it; hi: of a span. */
enum { OPTION_TEXT = 140 };
void option_spell(const struct option_row *, uint64_t lo, uint64_t hi, char out[OPTION_TEXT]);
/* verbs_upgrade.c: behind options_finish */
bool upgrades_finish(struct parser *);
bool options_finish(struct parser *);       /* fills the plan from the overrides, and judges it */

/* ---- misfit.c ---- */
/* The options of each node fit together, and those of the voters; else it is reported where the
 * last of those that do not was set. */
bool options_fit(struct parser *);
/* Does `why` speak of the option of that name? */
bool speaks_of(const char *why, const char *name);

/* ---- cond.c, statement.c ---- */
bool need_cond(struct cursor *, struct cond *);             /* COND [or COND]... [within D] */
bool need_cond_now(struct cursor *, struct cond *);         /* without `within` */
bool need_end_cond(struct cursor *, struct cond *, bool timed);    /* behind `until` */
/* behind it stands nothing, or what may follow a condition */
bool cond_is_over(const struct cursor *);
bool parse_statement(struct cursor *, struct stmt *);                   /* all words of the line */
bool add_statement(struct parser *, const struct stmt *);
/* One that no row of verbs.def parses: it is played so, and stands where its line begins. */
struct stmt block_statement(const struct cursor *, verb_run *);
/* Gives it its number, and keeps its words, which stand at `at` and behind it. */
bool tell_statement(struct cursor *, struct stmt *, uint32_t at);

/* ---- source.c ---- */
/* NULL is reported; the same path is read once */
struct source *source_load(struct parser *, const char *path, const char *text, size_t len);
/* is it `trace expect`, so that what stands in its block is no statement? */
bool is_golden(const struct source *, const struct line *);
bool opens_block(const struct source *, const struct line *);   /* a line that an `end` closes */
/* one line that no file holds */
struct source *source_line(struct parser *, const char *name, const char *text);

/* ---- params.c ---- */
/* name and value must stay */
bool bind(struct parser *, const char *name, uint32_t n, const char *value, uint32_t value_n);
/* the latest; NULL: none */
struct binding *binding_find(struct parser *, const char *name, uint32_t n);
/* The line that declares it is wrong, and it counts as declared. */
void param_failed(struct parser *, const char *name, uint32_t n, const struct place *);
/* cuts the parser's line into tokens, parameters put in */
bool put_in(struct parser *, struct cursor *);

/* ---- drawn.c: what a seed draws of a file ---- */
/* VALUE|LO..HI [by doublings] [SHARE] [| ...]: as far as the end or an `on`. spans: A..B is one
 * value, not a range. */
bool need_lots(struct cursor *, bool spans, struct lots *);
bool shares_finish(struct cursor *, struct lots *);     /* they come to 100 % */
/* Something is drawn here. The same again where this place did before; NULL is reported. */
struct drawn *drawn_new(struct parser *, const struct place *, const char *key,
                        const char *identity, const struct lots *);
/* The value that the seed draws, or that --set pins, which is kept; node 0: for all, else one node
 * after another. NULL is reported. */
const char *drawn_now(struct cursor *, struct drawn *, uint32_t node, const struct lots *);
uint32_t draw_which(const struct parser *, const struct drawn *, const struct lots *);
struct drawn *drawn_find(const struct program *, const char *key, uint32_t n);  /* NULL: none */
void drawn_text(const struct program *, char out[DRAWN_BYTES]);     /* KEY=VALUE KEY=VALUE */
bool drawn_finish(struct parser *);             /* there is room to say it */

/* ---- draws.c ---- */
/* Is this to be tried, and which of its values? */
bool drawing_forces(const struct drawing *, const char *identity, uint32_t *value);
struct drawing_room;
void drawing_room_free(struct drawing_room *);          /* NULL: nothing happens */

/* ---- program.c ---- */
/* One reading, as `drawing` says; the texts of files that `texts` has are not read again. NULL
 * where there was any error. *drew, of which all is set: what was drawn when it ended, how many
 * statements that took, and in which line the first error is. */
struct drew {
    bool any, refused;
    uint32_t line;                  /* 0: in none of a file */
    uint64_t work;
    char text[DRAWN_BYTES];
    char *source;                   /* what standard input had, which is read once; to be freed;
                                       NULL: something else was read, or well */
    size_t len;
};
struct scenario *scenario_reading(const struct scenario_input *, const struct drawing *,
                                  const struct scenario *texts, struct drew *drew);

/* ---- settings.c ---- */
/* marks it as used; NULL: there is none */
const struct setting *setting_find(struct parser *, const char *name, uint32_t n);
/* Of what has several of a key: one that names one of these. */
bool setting_picks(struct parser *, const char *key, const char *const *names, uint32_t n,
                   uint32_t *pick);
/* In a variant that is read: what they choose, and options over what the file says. */
bool settings_finish(struct parser *);
/* Over all variants: each found what it speaks of, and some variant is left. */
bool settings_judge(struct parser *);

/* ---- spell.c, print.c ---- */
/* The words of one statement in their canonical spelling, one blank between two where there is to
 * be one. `full`: they do not fit, and what is there is worth nothing. */
struct spelled { char text[LINE_BYTES_MAX + 1]; uint32_t n; bool full; };
void spell(const struct token *, uint32_t n, struct spelled *);
bool same_words(const char *one, const char *other);    /* spelled so, they are: 1000ms and 1s */
void source_print(const struct source *, FILE *out);                        /* its canonical form */

/* ---- refusal.c: xfail error ---- */
/* Looks for it in a text that begins there; false: out of memory. */
bool refusal_find(struct parser *, struct source *, size_t at);
/* Is this error not to be shown, since the file may ask for it? */
bool refusal_hear(struct parser *, const struct place *, const char *message);
/* An error that is shown in any case: an xfail of the other kind stands beside it. False. */
bool refusal_beside_xfail(struct cursor *);

/* ---- when.c ---- */
/* KEY=VALUE|BRANCH... [or ...]: as far as the colon, behind which something stands. Is this variant
 * meant? The line notes it. */
bool when_read(struct cursor *, struct line *, bool *holds);
bool when_pass(struct cursor *);            /* what stands behind the colon is passed over */
bool whens_finish(struct parser *);         /* each spoke of some variants and not of others */

/* ---- loop.c ---- */
/* `until` stands at the cursor; the loop's lines are read next, and then it is closed at its
 * `end`. */
bool loop_open(struct cursor *, void **loop);
bool loop_close(struct cursor *, void *loop);

/* ---- expand.c, macro.c, verbs_chaos.c ---- */
bool expand_source(struct parser *, struct source *);
/* The file that an include names at the cursor is read by `read`, which knows what its lines are
 * and gets `with`. */
typedef bool source_reader(struct parser *, struct source *, void *with);
bool include_read(struct cursor *, source_reader *read, void *with);
/* Carries out lines from .. to - 1. */
bool expand(struct parser *, struct source *, uint32_t from, uint32_t to);
/* branch.c: the group that begins in line i; *next is the line behind it. */
bool shape_branch(struct parser *, struct source *, uint32_t i, uint32_t *next);
/* What follows is read because of the present line. NULL: reported. */
struct via *via_here(struct parser *, enum via_kind);
bool shape_define(struct cursor *, struct source *, uint32_t line);
void macro_failed(struct parser *, const char *name, uint32_t n);   /* as param_failed */
bool shape_do(struct cursor *);
/* lines first .. end - 1 */
bool chaos_parse(struct cursor *, struct stmt *, struct line *first, const struct line *end);
bool golden_parse(struct cursor *, struct stmt *, const struct line *first, const struct line *end);
bool preloads_finish(struct parser *);                  /* preload.c: completes and judges them */
bool xfail_finish(struct parser *);                     /* xfail.c: all names are known */

#endif
