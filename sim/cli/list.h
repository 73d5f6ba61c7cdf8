/* SPDX-License-Identifier: MIT */
/* Inside wavetank list: the tables in words, and as the language's reference has them. */
#ifndef WT_LIST_H
#define WT_LIST_H

#include <stdio.h>

#include "../sut/sut.h"

void print_default(FILE *, const struct option_row *);     /* 150ms..300ms, on, read-index */
/* 1ms..3600s, on|off, read-index|lease|log */
void print_range(FILE *, const struct option_row *);

void list_records(void);

/* ---- list --markdown (list_markdown.c) ------------------------------------------------------- */

/* Whole sections. Behind each statement and each condition stands a line
 * [verbs/NAME.scn](verbs/NAME.scn): its example below scenarios/, whose text scenarios/reference.sh
 * puts there. */
void markdown_verbs(FILE *);
void markdown_faults(FILE *);
void markdown_occasions(FILE *);
void markdown_checks(FILE *);
void markdown_classes(FILE *);
void markdown_messages(FILE *);
void markdown_options(FILE *);
void markdown_records(FILE *);                             /* list_records.c */

#endif
