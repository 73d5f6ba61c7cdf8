/* SPDX-License-Identifier: MIT */
/* Method: reasons are kept as texts, since result files of other revisions may know others; they
 * are told by how often they stand there, and then by their bytes, whoever finished first. */
#include "undecided.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MANY_VOTERS = 3 };

static void reasons_add(struct reasons *r, const char *text, bool many)
{
    uint32_t i = 0;
    while (i < r->n && strncmp(r->row[i].text, text, REASON_BYTES - 1) != 0)
        i++;
    if (i >= REASONS_MAX - 1) {
        i = REASONS_MAX - 1;
        text = "others";
    }
    if (i == r->n)
        snprintf(r->row[r->n++].text, REASON_BYTES, "%s", text);
    *(many ? &r->row[i].many : &r->row[i].few) += 1;
}

void undecided_add(struct undecided *u, const struct result *r)
{
    const bool many = r->voters >= MANY_VOTERS;
    u->runs++;
    u->many += many;
    u->asked = u->asked || r->unable[0] != 0 || r->tally[CHECK_progress].judged > 0;
    if (r->unable[0] != 0)
        reasons_add(&u->unable, r->unable, many);
    if (r->verdict == V_INCONCLUSIVE)
        reasons_add(&u->inconclusive, r->detail, many);
}

static int oftenest_first(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;
    if (x->many != y->many)
        return x->many < y->many ? 1 : -1;
    return x->few != y->few ? (x->few < y->few ? 1 : -1) : strcmp(x->text, y->text);
}

/* "12 of 1900 runs of three voters and more (0.63 %): a 9, b 3" */
static void tell(FILE *out, const char *title, struct reasons *r, const struct undecided *u)
{
    const char *before = ": ";
    uint64_t many = 0, few = 0;
    qsort(r->row, r->n, sizeof(r->row[0]), oftenest_first);
    for (uint32_t i = 0; i < r->n; i++) {
        many += r->row[i].many;
        few += r->row[i].few;
    }
    const uint64_t share = u->many ? many * 10000 / u->many : 0; /* hundredths of a percent */
    fprintf(out, "%s: %" PRIu64 " of %" PRIu64 " runs of three voters and more (%" PRIu64
            ".%02" PRIu64 " %%)", title, many, u->many, share / 100, share % 100);
    for (uint32_t i = 0; i < r->n && r->row[i].many; i++, before = ", ")
        fprintf(out, "%s%s %" PRIu64, before, r->row[i].text, r->row[i].many);
    if (few > 0)
        fprintf(out, "; %" PRIu64 " of %" PRIu64 " others", few, u->runs - u->many);
    before = ": ";
    for (uint32_t i = 0; i < r->n; i++)
        if (r->row[i].few) {
            fprintf(out, "%s%s %" PRIu64, before, r->row[i].text, r->row[i].few);
            before = ", ";
        }
    putc('\n', out);
}

void undecided_print(FILE *out, struct undecided *u)
{
    if (u->asked)
        tell(out, "unable to recover", &u->unable, u);
    if (u->asked || u->inconclusive.n > 0)
        tell(out, "inconclusive", &u->inconclusive, u);
}
