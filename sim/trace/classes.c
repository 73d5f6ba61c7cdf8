/* SPDX-License-Identifier: MIT */
/* Method: the table of classes, made of classes.def; a record belongs to a class by its kind and
 * its sub. */
#include "classes.h"

#include <stddef.h>

#include "../sut/sut.h"

#define KIND(kind) (UINT64_C(1) << REC_##kind)
#define SUB(sub) (UINT32_C(1) << (sub))

_Static_assert(REC_KINDS <= 64, "a bit for each kind");
_Static_assert(TRACE_CLASSES <= 32, "a bit for each class");

const struct trace_class trace_classes[] = {
#define CLASS(word, bits, which, what) {.name = #word, .help = what, .kinds = bits, .subs = which},
#include "classes.def"
    {.name = NULL},
};

bool class_has(uint32_t classes, const struct record *r)
{
    for (; classes; classes &= classes - 1) {
        const struct trace_class *c = &trace_classes[__builtin_ctz(classes)];
        if (!(c->kinds >> r->kind & 1)) continue;
        if (rec_sub_among(r, c->subs)) return true;
    }
    return false;
}
