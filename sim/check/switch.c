/* SPDX-License-Identifier: MIT */
/* Checks by name, alone or all of a class, and the names of several. */
#include <stdio.h>
#include <string.h>

#include "check.h"

const char *const check_sees_names[SEES] = {
    [SEES_INSIDE] = "inside", [SEES_PROTOCOL] = "protocol", [SEES_OUTSIDE] = "outside",
};

static uint32_t that_see(int sees)
{
    uint32_t set = 0;
    for (int i = 0; checks[i]; i++)
        set |= (uint32_t)(checks[i]->sees == sees) << i;
    return set;
}

uint32_t checks_named(const char *word, size_t len)
{
    const int one = check_by_name(word, len);
    uint32_t set = one >= 0 ? UINT32_C(1) << one : 0;
    for (int sees = SEES_INSIDE; sees < SEES; sees++)
        if (strlen(check_sees_names[sees]) == len && memcmp(check_sees_names[sees], word, len) == 0)
            set |= that_see(sees);
    return set;
}

const char *checks_parse(const char *list, uint32_t *set)
{
    for (;; list++) {
        const size_t n = strcspn(list, ",");
        const uint32_t these = checks_named(list, n);
        if (these == 0)
            return list;
        *set |= these;
        list += n;
        if (*list == 0)
            return NULL;
    }
}

const char *checks_text(uint32_t set, char out[CHECKS_TEXT])
{
    size_t n = 0;
    out[0] = 0;
    for (int sees = SEES_INSIDE; sees < SEES; sees++) {
        if ((set & that_see(sees)) != that_see(sees))
            continue;
        set &= ~that_see(sees);
        n += (size_t)snprintf(out + n, CHECKS_TEXT - n, "%s%s", n ? "," : "",
                              check_sees_names[sees]);
    }
    for (int i = 0; checks[i]; i++)
        if (set >> i & 1 && n < CHECKS_TEXT)
            n += (size_t)snprintf(out + n, CHECKS_TEXT - n, "%s%s", n ? "," : "", checks[i]->name);
    return out;
}
