/* SPDX-License-Identifier: MIT */
#include "tint.h"

#include <stddef.h>

enum { STREAMS = 4 };

static const FILE *coloured[STREAMS];

bool tint_allowed(const FILE *f)
{
    for (int i = 0; i < STREAMS; i++)
        if (coloured[i] == f)
            return true;
    return false;
}

void tint_allow(FILE *f, bool yes)
{
    for (int i = 0; i < STREAMS; i++)
        if (coloured[i] == f)
            coloured[i] = NULL;
    for (int i = 0; yes && i < STREAMS; i++) {
        if (coloured[i] != NULL)
            continue;
        coloured[i] = f;
        return;
    }
}

const char *tint(const FILE *f, enum tint which)
{
    static const char *const codes[] = {
        [TINT_NONE] = "\033[0m",
        [TINT_GOOD] = "\033[32m",
        [TINT_BAD] = "\033[1;31m",
        [TINT_DOUBT] = "\033[33m",
    };
    return f != NULL && tint_allowed(f) ? codes[which] : "";
}
