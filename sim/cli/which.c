/* SPDX-License-Identifier: MIT */
/*
 * Method: words are looked up among what the scenario has, before it runs; a word that is not there
 * is answered with those that are. The name of an operation may stand for several, in a loop, and
 * which they are the run alone knows, so it is made once in silence.
 */
#define _GNU_SOURCE
#include "which.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../trace/classes.h"
#include "../trace/text.h"

enum { LISTED_MAX = 24, WORD_BYTES = 128 };

/* ---- what there is --------------------------------------------------------------------------- */

/* A list of names, built up for a message: "a, b, c, ..." */
struct names_text { char *text; size_t size; FILE *file; uint32_t n; };

static void names_begin(struct names_text *t)
{
    memset(t, 0, sizeof(*t));
    t->file = must(open_memstream(&t->text, &t->size));
}

static void names_add_one(struct names_text *t, const char *name)
{
    if (t->n < LISTED_MAX)
        fprintf(t->file, "%s%s", t->n > 0 ? ", " : "", name);
    else if (t->n == LISTED_MAX)
        fputs(", ...", t->file);
    t->n++;
}

/* "--key z: there is no such key; there are x, y". */
static int not_there(const char *option, const char *word, const char *what, struct names_text *t)
{
    must_close(t->file);
    const int code =
        t->n > 0 ? usage_error("--%s %s: there is no such %s; there %s %s", option, word, what,
                               t->n == 1 ? "is" : "are", t->text)
                 : usage_error("--%s %s: the scenario has no %s", option, word, what);
    free(t->text);
    return code;
}

/* The next word of a list with commas; false: there is none. An empty word counts. */
static bool next_word(const char **list, char word[WORD_BYTES])
{
    if (*list == NULL)
        return false;
    const size_t n = strcspn(*list, ",");
    snprintf(word, WORD_BYTES, "%.*s", (int)n, *list);
    *list = (*list)[n] == ',' ? *list + n + 1 : NULL;
    return true;
}

/* ---- classes, keys --------------------------------------------------------------------------- */

static int find_classes(struct which *which, const char *list)
{
    char word[WORD_BYTES];
    while (next_word(&list, word)) {
        uint32_t i = 0;
        while (trace_classes[i].name != NULL && strcmp(trace_classes[i].name, word) != 0)
            i++;
        if (trace_classes[i].name != NULL) {
            which->filter.classes |= UINT32_C(1) << i;
            continue;
        }
        struct names_text t;
        names_begin(&t);
        for (i = 0; trace_classes[i].name != NULL; i++)
            names_add_one(&t, trace_classes[i].name);
        return not_there("class", word, "class", &t);
    }
    return EXIT_OK;
}

static int find_key(struct which *which, const struct world_plan *plan, const char *word)
{
    struct names_text t;
    names_begin(&t);
    for (uint32_t i = 0; i < plan->keys && plan->key_names != NULL; i++) {
        const char *name = plan->key_names[i];
        if (name == NULL || strchr(name, '#') != NULL)
            continue;                                       /* the scenario's own, for probes */
        names_add_one(&t, name);
        if (strcmp(name, word) == 0)
            which->filter.key = i + 1;
    }
    if (which->filter.key == 0)
        return not_there("key", word, "key", &t);
    must_close(t.file);
    free(t.text);
    return EXIT_OK;
}

/* ---- nodes and clients ----------------------------------------------------------------------- */

/* A node's number, n1 is 1; 0: it is none of them. */
static uint8_t node_named(const struct world_plan *plan, const char *word, size_t n)
{
    uint32_t number = 0;
    if (n < 2 || n > 3 || word[0] != 'n' || word[1] == '0')
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (word[i] < '0' || word[i] > '9')
            return 0;
        number = number * 10 + (uint32_t)(word[i] - '0');
    }
    return number <= plan->nodes ? (uint8_t)number : 0;
}

static const char *client_name(const struct world_plan *plan, uint32_t i, char plain[16])
{
    const char *name = plan->client_names != NULL ? plan->client_names[i] : NULL;
    snprintf(plain, 16, "c%" PRIu32, i);
    return name != NULL ? name : plain;
}

/* n1, c1, w.3, or n1..n3. */
static bool find_actor(struct actor_bits *actors, const struct world_plan *plan, const char *word)
{
    char plain[16];
    const char *dots = strstr(word, "..");
    if (dots != NULL) {
        const uint8_t from = node_named(plan, word, (size_t)(dots - word));
        const uint8_t to = node_named(plan, dots + 2, strlen(dots + 2));
        for (uint8_t n = from; from != 0 && n <= to; n++)
            actors_add(actors, n);
        return from != 0 && from <= to;
    }
    const uint8_t node = node_named(plan, word, strlen(word));
    if (node != 0)
        actors_add(actors, node);
    for (uint32_t i = 1; node == 0 && i <= plan->clients; i++)
        if (strcmp(client_name(plan, i, plain), word) == 0) {
            actors_add(actors, (uint8_t)(CLIENT_BASE + i));
            return true;
        }
    return node != 0;
}

static int find_actors(struct which *which, const struct world_plan *plan, const char *list)
{
    char word[WORD_BYTES], plain[16];
    while (next_word(&list, word)) {
        if (find_actor(&which->filter.actors, plan, word))
            continue;
        struct names_text t;
        names_begin(&t);
        snprintf(plain, sizeof(plain), plan->nodes > 1 ? "n1..n%u" : "n1", plan->nodes);
        names_add_one(&t, plain);
        for (uint32_t i = 1; i <= plan->clients; i++)
            names_add_one(&t, client_name(plan, i, plain));
        return not_there("node", word, "node or client", &t);
    }
    return EXIT_OK;
}

/* ---- operations ------------------------------------------------------------------------------ */

struct naming { struct which *which; const char *name; };

static void hear_name(void *ctx, const char *name, uint32_t op)
{
    struct naming *n = ctx;
    struct which *w = n->which;
    if (strcmp(name, n->name) != 0)
        return;
    uint32_t *more = must(realloc(w->ops, (w->nops + 1) * sizeof(*more)));
    more[w->nops++] = op;
    w->ops = more;
}

static int find_op(struct which *which, const char *word, const struct run *run,
                   struct arena *block)
{
    static struct result result; /* some 20 kB, and never two at a time */
    uint64_t number;
    const char *name;
    which->by_ops = true;
    if (count_parse(word, &number) && number > 0 && number <= UINT32_MAX) {
        hear_name(&(struct naming){which, word}, word, (uint32_t)number);
        return EXIT_OK;
    }
    uint32_t i = 0;
    while ((name = scenario_op_name(run->scenario, run->variant, i)) != NULL &&
           strcmp(name, word) != 0)
        i++;
    if (name == NULL) {
        struct names_text t;
        names_begin(&t);
        for (i = 0; (name = scenario_op_name(run->scenario, run->variant, i)) != NULL; i++)
            names_add_one(&t, name);
        return not_there("op", word, t.n > 0 ? "operation" : "operation with a name", &t);
    }
    struct run once = *run;
    struct naming naming = {which, word};
    once.play.say = NULL;
    once.play.named = hear_name;
    once.play.named_ctx = &naming;
    run_once(&once, block, &result);
    return EXIT_OK;
}

/* ---- all of them ----------------------------------------------------------------------------- */

int which_find(struct which *which, const struct request *q, const struct run *run,
               struct arena *block)
{
    const struct world_plan *plan = scenario_plan(run->scenario, run->variant);
    memset(which, 0, sizeof(*which));
    which->filter.from = q->from;
    which->filter.before = asked(q, OPT(TO_TIME)) ? q->to_time + 1 : 0;
    which->grep = q->grep;
    if (asked(q, OPT(TO_TIME)) && q->to_time < q->from)
        return usage_error("--to-time comes before --from: nothing lies between them");
    int code = q->class_list != NULL ? find_classes(which, q->class_list) : EXIT_OK;
    if (code == EXIT_OK && q->node_list != NULL)
        code = find_actors(which, plan, q->node_list);
    if (code == EXIT_OK && q->key != NULL)
        code = find_key(which, plan, q->key);
    if (code == EXIT_OK && q->op != NULL)
        code = find_op(which, q->op, run, block);
    return code;
}

static bool tells_of_ops(const struct which *which, const struct world *w, const struct record *r)
{
    const uint32_t op = record_op(w, r);
    for (uint32_t i = 0; i < which->nops; i++)
        if (op != 0 && which->ops[i] == op)
            return true;
    return false;
}

bool which_takes(struct which *which, const struct world *w, const struct record *r)
{
    char sentence[2048];
    if (!filter_takes(&which->filter, w, r) || (which->by_ops && !tells_of_ops(which, w, r)))
        return false;
    if (which->grep != NULL) {
        trace_sentence(w, r, sentence, sizeof(sentence));
        if (strstr(sentence, which->grep) == NULL)
            return false;
    }
    which->taken++;
    return true;
}

void which_tell(const struct which *which, const struct request *q)
{
    if (which->taken == 0 && asked(q, WHICH_OPTIONS))
        fputs("wavetank: note: nothing in this run is what was asked for\n", stderr);
}

void which_free(struct which *which) { free(which->ops); }
