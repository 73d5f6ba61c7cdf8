/* SPDX-License-Identifier: MIT */
/* The reference of the language. Method: row by row, each the same way, from the tables that the
 * parser itself is made of, so that what it says is what there is. */
#define _GNU_SOURCE
#include <ctype.h>
#include <string.h>

#include "../check/check.h"
#include "../faults/fault.h"
#include "../lang/scenario.h"
#include "../trace/classes.h"
#include "list.h"

/* Help texts are phrases: here they are sentences. */
static void sentence(FILE *out, const char *help)
{
    size_t n = strlen(help);
    if (n > 0)
        fprintf(out, "%c%s%s", toupper((unsigned char)help[0]), help + 1,
                help[n - 1] == '.' ? "" : ".");
}

/* What stands between the columns of a table. */
static void cell(FILE *out, const char *text)
{
    for (; *text != 0; text++) {
        if (*text == '|')
            putc('\\', out);
        putc(*text, out);
    }
}

static void rows(FILE *out, const struct table_row *r, const char *prefix, const char *folder)
{
    const char *group = NULL;
    for (; r->name != NULL; r++) {
        if (r->group != group)
            fprintf(out, "\n### %s\n", group = r->group);
        fprintf(out, "\n#### %s", prefix);
        size_t n = strlen(r->name);
        /* statements that begin with one word */
        bool many = strncmp(r->file, r->name, n) == 0 && r->file[n] == '-';
        if (prefix[0] == 0 && (!many || r->sub[0] != 0))
            fprintf(out, "%s%s%s", r->name, r->sub[0] != 0 ? " " : "", r->sub);
        else
            for (const char *c = r->file; *c != 0; c++)
                putc(*c == '-' ? ' ' : *c, out);
        fprintf(out, "\n\n`%s`  \n", r->synopsis);
        sentence(out, r->help);
        fprintf(out, "\n\n[%s/%s.scn](%s/%s.scn)\n", folder, r->file, folder, r->file);
    }
}

void markdown_verbs(FILE *out)
{
    fprintf(out, "## Statements\n");
    rows(out, verbs_table(), "", "verbs");
    fprintf(out, "\n## Conditions\n\n"
                 "They follow `expect`, `always`, `never`, `eventually` and `wait until`.\n");
    rows(out, asserts_table(), "expect ", "conditions");
}

void markdown_faults(FILE *out)
{
    for (const struct fault *const *f = faults; *f != NULL; f++) {
        fprintf(out, "- `%s`", (*f)->name);
        if ((*f)->synopsis[0] != 0)
            fprintf(out, " `%s`", (*f)->synopsis);
        fprintf(out, "  \n  ");
        sentence(out, (*f)->help);
        fprintf(out, " For instance `%s`.\n", (*f)->example);
    }
}

static void line(FILE *out, const char *name, const char *help)
{
    fprintf(out, "- `%s`: ", name);
    sentence(out, help);
    putc('\n', out);
}

void markdown_occasions(FILE *out)
{
    for (const struct occasion *o = occasions; o->name != NULL; o++)
        line(out, o->name, o->help);
}

void markdown_checks(FILE *out)
{
    for (const struct check *const *c = checks; *c != NULL; c++)
        line(out, (*c)->name, (*c)->rule);
}

void markdown_classes(FILE *out)
{
    for (const struct trace_class *c = trace_classes; c->name != NULL; c++)
        line(out, c->name, c->help);
}

void markdown_messages(FILE *out)
{
    fprintf(out, "| type | term | index | log-term | commit | entries | round | try | asked | "
                 "reject |\n"
                 "|---|---|---|---|---|---|---|---|---|---|\n");
    for (const struct msg_row *m = msg_rows + 1; m < msg_rows + MSG_TYPES; m++) {
        fprintf(out, "| `%s` |", m->name);
        for (int f = 0; f <= LABEL_FIELDS; f++) {
            const char *says = f < LABEL_FIELDS ? m->says[f] : m->refuses;
            putc(' ', out);
            cell(out, says);
            fputs(says[0] != 0 ? " |" : "|", out);
        }
        putc('\n', out);
    }
}

static void option_table(FILE *out, const struct option_row *o)
{
    fprintf(out, "| option | default | range | what it does |\n|---|---|---|---|\n");
    for (; o->name != NULL; o++) {
        char range[128] = "";
        FILE *f = fmemopen(range, sizeof(range), "w");
        if (f == NULL)
            return;
        print_range(f, o);
        fclose(f);
        fprintf(out, "| `%s` | `", o->name);
        print_default(out, o);
        fputs("` | `", out);
        cell(out, range);
        fputs("` | ", out);
        cell(out, o->help);
        fputs(" |\n", out);
    }
}

void markdown_options(FILE *out)
{
    for (const struct sut *const *s = suts; *s != NULL; s++) {
        fprintf(out, "Of the system under test `%s`:\n\n", (*s)->name);
        option_table(out, (*s)->options);
        putc('\n', out);
    }
    fprintf(out, "Of the host around it:\n\n");
    option_table(out, host_option_rows);
}
