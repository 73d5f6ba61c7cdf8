/* SPDX-License-Identifier: MIT */
/* Tables and names that every system under test shares. */
#include "sut.h"

#include <string.h>

#include "option_rows.h"

#define SUT(symbol) extern const struct sut symbol;
#include "suts.def"
#undef SUT

const struct sut *const suts[] = {
#define SUT(symbol) &symbol,
#include "suts.def"
#undef SUT
    NULL,
};

const char *msg_type_name(int type)
{
    static const char *const names[] = {"none",
#define MSG(name, text, promise) text,
#include "messages.def"
#undef MSG
    };
    return type >= 0 && type < MSG_TYPES ? names[type] : "?";
}

const char *sut_role_name(int role)
{
    static const char *const names[] = {"follower", "precandidate", "candidate", "leader",
                                        "halted"};
    return role >= 0 && role <= SUT_HALTED ? names[role] : "?";
}

void option_rows_default(const struct option_row *row, void *options)
{
    for (; row->name; row++) {
        uint64_t pair[2] = {row->def, row->def_hi};
        memcpy((char *)options + row->offset, pair,
               row->type == OPTION_SPAN ? sizeof pair : sizeof pair[0]);
    }
}
