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

const struct msg_row msg_rows[MSG_TYPES] = {
    {"none", {"", "", "", "", "", "", "", ""}, "", false},
#define MSG(symbol, text, promise, term, index, log_term, commit, entries, round, try, asked,      \
            reject)                                                                                \
    {text, {term, index, log_term, commit, entries, round, try, asked}, reject, promise},
#include "messages.def"
#undef MSG
};

const char *msg_type_name(int type)
{
    return type >= 0 && type < MSG_TYPES ? msg_rows[type].name : "?";
}

uint64_t label_field(const struct msg_label *l, enum label_field field)
{
    switch (field) {
    case FIELD_TERM: return l->term;
    case FIELD_INDEX: return l->index;
    case FIELD_LOG_TERM: return l->log_term;
    case FIELD_COMMIT: return label_answers(l->type) ? 0 : l->commit;
    case FIELD_ENTRIES: return l->entries;
    case FIELD_ROUND: return label_elects(l->type) ? 0 : l->round;
    case FIELD_TRY: return label_elects(l->type) ? l->try_id : 0;
    case FIELD_ASKED: return label_answers(l->type) ? l->asked : 0;
    case LABEL_FIELDS: break;
    }
    return 0;
}

const char *label_field_name(enum label_field field)
{
#define NAME(symbol, name) name,
    static const char *const names[] = {FOR_LABEL_FIELDS(NAME)};
#undef NAME
    return field < LABEL_FIELDS ? names[field] : "?";
}

const char *breach_name(int breach)
{
    static const char *const names[] = {
#define BREACH(symbol, name, ...) name,
#include "contract.def"
    };
    return breach > BREACH_NONE && breach < BREACHES ? names[breach - 1] : "?";
}

const char *breach_promise(int breach)
{
    static const char *const promises[] = {
#define BREACH(symbol, name, promise, ...) promise,
#include "contract.def"
    };
    return breach > BREACH_NONE && breach < BREACHES ? promises[breach - 1] : "?";
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
