/* SPDX-License-Identifier: MIT */
/* wavetank list: the tables of the program, as tables. Each topic is one function, fed by the table
 * that everything else is fed by. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <string.h>

#include "../trace/classes.h"
#include "../trace/sink.h"
#include "cli.h"
#include "list.h"

static void row(const char *name, const char *synopsis, const char *help)
{
    char left[512];
    snprintf(left, sizeof(left), "%s%s%s", name, synopsis != NULL && synopsis[0] != 0 ? " " : "",
             synopsis != NULL ? synopsis : "");
    if (strlen(left) <= 36)
        printf("  %-36s  %s\n", left, help);
    else
        printf("  %s\n  %-36s  %s\n", left, "", help);
}

/* A row of the language: its synopsis is the whole line, keyword and all. */
static void list_rows(const struct table_row *r)
{
    for (; r->name != NULL; r++)
        row(r->synopsis, NULL, r->help);
}

static void list_verbs(void)
{
    printf("statements:\n");
    list_rows(verbs_table());
    printf("\nassertions, after expect, always, never, wait until:\n");
    list_rows(asserts_table());
}

static void list_faults(void)
{
    printf("kinds of faults, in a chaos block:\n");
    for (const struct fault *const *f = faults; *f != NULL; f++)
        row((*f)->name, (*f)->synopsis, (*f)->help);
}

static void list_occasions(void)
{
    printf("occasions, behind after and until in a line of a chaos block:\n");
    for (const struct occasion *o = occasions; o->name != NULL; o++)
        row(o->name, NULL, o->help);
}

static void list_checks(void)
{
    static const char *const sees[SEES] = {
        [SEES_INSIDE] = "what a node keeps to itself, and its disk when it says something",
        [SEES_PROTOCOL] = "terms, votes, logs and commits",
        [SEES_OUTSIDE] = "what clients are told, what is applied, who leads",
    };
    printf("checks, on in every run; --without switches one off, or all of a class:\n");
    for (int of = SEES_INSIDE; of < SEES; of++) {
        printf("%s: %s\n", check_sees_names[of], sees[of]);
        for (const struct check *const *c = checks; *c != NULL; c++)
            if ((*c)->sees == of)
                row((*c)->name, NULL, (*c)->rule);
    }
}

/* ---- options --------------------------------------------------------------------------------- */

static void print_duration(FILE *out, uint64_t ns)
{
    static const struct {
        uint64_t ns;
        const char *name;
    } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    size_t i = 0;
    while (i < 3 && (ns == 0 ? i < 1 : ns % units[i].ns != 0))
        i++;
    fprintf(out, "%" PRIu64 "%s", ns / units[i].ns, units[i].name);
}

/* The i-th of "a|b|c". */
static void print_word(FILE *out, const char *words, uint64_t i)
{
    for (; i > 0 && strchr(words, '|') != NULL; i--)
        words = strchr(words, '|') + 1;
    fprintf(out, "%.*s", (int)strcspn(words, "|"), words);
}

static void print_value(FILE *out, const struct option_row *o, uint64_t value)
{
    switch ((enum option_type)o->type) {
    case OPTION_BOOL: fputs(value ? "on" : "off", out); break;
    case OPTION_AUTO:
        if (value == OPTION_AUTO_VALUE) {
            fputs("auto", out);
            break;
        }
        /* fallthrough */
    case OPTION_TIME:
    case OPTION_SPAN: print_duration(out, value); break;
    case OPTION_COUNT:
    case OPTION_BYTES: fprintf(out, "%" PRIu64, value); break;
    case OPTION_PPM: fprintf(out, "%" PRIu64 "ppm", value); break;
    case OPTION_ENUM: print_word(out, o->words, value); break;
    }
}

void print_default(FILE *out, const struct option_row *o)
{
    print_value(out, o, o->def);
    if (o->type == OPTION_SPAN) {
        fputs("..", out);
        print_value(out, o, o->def_hi);
    }
}

void print_range(FILE *out, const struct option_row *o)
{
    if (o->type == OPTION_BOOL) {
        fputs("on|off", out);
    } else if (o->type == OPTION_ENUM) {
        fputs(o->words, out);
    } else {
        if (o->type == OPTION_AUTO)
            fputs("auto|", out);
        print_value(out, o, o->least);
        fputs("..", out);
        print_value(out, o, o->most);
    }
}

static void list_option_rows(const struct option_row *o)
{
    for (; o->name != NULL; o++) {
        char range[128] = "", value[128] = "";
        FILE *f = fmemopen(range, sizeof(range), "w");
        FILE *g = fmemopen(value, sizeof(value), "w");
        if (f == NULL || g == NULL)
            return;
        print_range(f, o);
        print_default(g, o);
        fclose(f);
        fclose(g);
        printf("  %-34s %-14s %-24s %s\n", o->name, value, range, o->help);
    }
}

static void list_options(void)
{
    printf("  %-34s %-14s %-24s %s\n", "option", "default", "range", "what it does");
    for (const struct sut *const *s = suts; *s != NULL; s++) {
        printf("of the system under test '%s':\n", (*s)->name);
        list_option_rows((*s)->options);
    }
    printf("of the host around it:\n");
    list_option_rows(host_option_rows);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void list_sinks(void)
{
    printf("forms of a trace, for trace --to:\n");
    for (const struct sink *s = sinks; s->name != NULL; s++)
        row(s->name, NULL, s->help);
}

static void list_classes(void)
{
    printf("classes of events, for trace show:\n");
    for (const struct trace_class *c = trace_classes; c->name != NULL; c++)
        row(c->name, NULL, c->help);
}

static void list_messages(void)
{
    printf("types of messages, and what a `where` finds in their fields (others are 0):\n");
    for (const struct msg_row *m = msg_rows + 1; m < msg_rows + MSG_TYPES; m++) {
        printf("  %s\n", m->name);
        for (enum label_field f = 0; f < LABEL_FIELDS; f++)
            if (m->says[f][0] != 0)
                printf("    %-10s  %s\n", label_field_name(f), m->says[f]);
        if (m->refuses[0] != 0)
            printf("    %-10s  %s\n", "reject", m->refuses);
    }
}

static void list_suts(void)
{
    printf("systems under test:\n");
    for (const struct sut *const *s = suts; *s != NULL; s++)
        row((*s)->name, NULL, (*s)->help);
}

static void list_profiles(void) { printf("no profiles yet\n"); }

static const struct {
    const char *name;
    void (*print)(void);
    void (*markdown)(FILE *); /* NULL: the reference has no such part */
} topics[] = {
    {"verbs", list_verbs, markdown_verbs},
    {"faults", list_faults, markdown_faults},
    {"occasions", list_occasions, markdown_occasions},
    {"checks", list_checks, markdown_checks},
    {"options", list_options, markdown_options},
    {"sinks", list_sinks, NULL},
    {"classes", list_classes, markdown_classes},
    {"messages", list_messages, markdown_messages},
    {"records", list_records, markdown_records},
    {"suts", list_suts, NULL},
    {"profiles", list_profiles, NULL},
};
enum { TOPICS = sizeof(topics) / sizeof(topics[0]) };

int cmd_list(const struct request *q)
{
    const char *names[TOPICS + 1] = {0};
    for (int i = 0; i < TOPICS; i++)
        names[i] = topics[i].name;
    if (q->nfiles != 1)
        return usage_error("list needs one of: verbs faults occasions checks options sinks classes "
                           "messages records suts profiles");
    for (int i = 0; i < TOPICS; i++) {
        if (strcmp(q->files[0], names[i]) != 0)
            continue;
        if (asked(q, OPT(MARKDOWN)) && topics[i].markdown == NULL)
            return usage_error("list %s has no --markdown; verbs, faults, occasions, checks, "
                               "options, classes, messages and records have",
                               names[i]);
        if (asked(q, OPT(MARKDOWN)))
            topics[i].markdown(stdout);
        else
            topics[i].print();
        return EXIT_OK;
    }
    const char *near = nearest(q->files[0], names);
    if (near != NULL)
        return usage_error("list knows no '%s'; did you mean '%s'?", q->files[0], near);
    return usage_error("list knows no '%s'; it has: verbs faults occasions checks options sinks "
                       "classes messages records suts profiles",
                       q->files[0]);
}
