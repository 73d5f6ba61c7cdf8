/* SPDX-License-Identifier: MIT */
/* Method: one array of columns a kind, made of records.def. Words come from one function, which
 * asks whoever owns them. */
#include "columns.h"

#include <string.h>

#define WORD(words, i) ((i) < sizeof(words) / sizeof(words)[0] ? (words)[i] : "?")

/* ---- tables ---------------------------------------------------------------------------------- */

#define SUB(sub) (UINT32_C(1) << (sub))
#define COL(column, what) {COLUMN_##column, 0, what},
#define COL_OF(column, subs, what) {COLUMN_##column, subs, what},
#define RECORD(kind, name, class, happens, columns)                                                \
    static const struct record_column columns_##kind[] = {columns {0, 0, NULL}};
#include "../base/records.def"
#undef RECORD
#undef COL_OF
#undef COL
#undef SUB
static const struct record_column columns_NONE[] = {{0, 0, NULL}};

static const struct record_column *const of_kind[] = {
    columns_NONE,
#define RECORD(kind, ...) columns_##kind,
#include "../base/records.def"
#undef RECORD
};

static const struct {
    const char *name;
    enum column_type type;
    enum column_place place;
} rows[] = {
#define COMMON(name, type) {#name, COLUMN_TYPE_##type, PLACE_COMMON},
#define COLUMN(name, type, place) {#name, COLUMN_TYPE_##type, PLACE_##place},
#include "../base/columns.def"
};

const struct record_column *record_columns(int kind)
{
    return of_kind[kind > 0 && kind < REC_KINDS ? kind : REC_NONE];
}

bool record_column_holds(const struct record_column *c, const struct record *r)
{
    return rec_sub_among(r, c->subs);
}

const char *record_what(int kind)
{
    static const char *const what[] = {
        "nothing",
#define RECORD(kind, name, class, happens, columns) happens,
#include "../base/records.def"
#undef RECORD
    };
    return kind > 0 && kind < REC_KINDS ? what[kind] : "?";
}

const char *column_name(enum column column) { return rows[column].name; }
enum column_type column_type_of(enum column column) { return rows[column].type; }

const char *column_type_what(enum column_type type)
{
    static const char *const what[] = {
#define TYPE(name, c_type, text) text,
#include "../base/column_types.def"
    };
    return what[type];
}

/* ---- words ----------------------------------------------------------------------------------- */

static const char *const drops[] = {"?", "loss", "cut", "capacity", "down", "stale-promise",
                                    "rule", "busy", "gone", "invalid", "discarded", "refused",
                                    "recut"};
static const char *const origins[] = {"none", "proposal", "message", "self"};
static const char *const verbs[] = {"none", "read", "write", "cas", "append", "raw"};
static const char *const outcomes[] = {"pending", "ok", "fail", "not-leader", "timeout"};
static const char *const paths[] = {"read-index", "lease", "log"};
static const char *const halts[] = {"?", "write-failed", "self-check"};
static const char *const changes[] = {"rate", "jump", "freeze", "thaw"};
static const char *const phases[] = {"?", "storm", "healed"};

static const char *label_word(uint64_t bit)
{
    return bit == LABEL_REJECT ? "reject" : bit == LABEL_FORCE ? "force"
         : bit == LABEL_FILL   ? "fill"   : bit == LABEL_LEASE ? "lease" : "?";
}

static const char *state_word(uint64_t bit)
{
    return bit == FAULT_ON ? "begins" : bit == FAULT_OFF ? "ends" : bit == FAULT_BIT ? "bit" : "?";
}

static const char *note_word(const struct world *w, uint64_t kind)
{
    return w && w->sut && w->sut->note_name ? w->sut->note_name((int)kind) : "";
}

const char *column_word(const struct world *w, enum column_type type, uint64_t value)
{
    switch (type) {
    case COLUMN_TYPE_MSG: return msg_type_name((int)value);
    case COLUMN_TYPE_LABEL: return label_word(value);
    case COLUMN_TYPE_DROP: return WORD(drops, value);
    case COLUMN_TYPE_ROLE: return sut_role_name((int)value);
    case COLUMN_TYPE_ORIGIN: return WORD(origins, value);
    case COLUMN_TYPE_VERB: return WORD(verbs, value);
    case COLUMN_TYPE_OUTCOME: return WORD(outcomes, value);
    case COLUMN_TYPE_PATH: return WORD(paths, value);
    case COLUMN_TYPE_HALT: return WORD(halts, value);
    case COLUMN_TYPE_BREACH: return breach_name((int)value);
    case COLUMN_TYPE_CHANGE: return WORD(changes, value);
    case COLUMN_TYPE_PHASE: return WORD(phases, value);
    case COLUMN_TYPE_NOTE: return note_word(w, value);
    case COLUMN_TYPE_FAULT: return w ? w->watch->fault_name((uint8_t)value) : "";
    case COLUMN_TYPE_OCCASION: return w ? w->watch->occasion_name((uint8_t)value) : "";
    case COLUMN_TYPE_STATE: return state_word(value);
    case COLUMN_TYPE_FLAG: return value ? "true" : "false";
    case COLUMN_TYPE_NODE: case COLUMN_TYPE_NODES: case COLUMN_TYPE_TERM: case COLUMN_TYPE_INDEX:
    case COLUMN_TYPE_ENTRY: case COLUMN_TYPE_MESSAGE: case COLUMN_TYPE_OP: case COLUMN_TYPE_WID:
    case COLUMN_TYPE_TIME: case COLUMN_TYPE_COUNT: case COLUMN_TYPE_ROUND: case COLUMN_TYPE_KEY:
    case COLUMN_TYPE_VALUE: case COLUMN_TYPE_HASH: case COLUMN_TYPE_NUMBER: case COLUMN_TYPES:
        break;
    }
    return NULL;
}

bool column_is_list(enum column_type type)
{
    return type == COLUMN_TYPE_NODES || type == COLUMN_TYPE_LABEL || type == COLUMN_TYPE_STATE;
}

void column_words_print(FILE *out, enum column_type type)
{
    const bool list = column_is_list(type);
    const char *comma = ": ";
    if (type == COLUMN_TYPE_FLAG)
        return;
    for (uint64_t i = list; i < 64; i = list ? i << 1 : i + 1) {
        const char *word = column_word(NULL, type, i);
        if (!word || !*word || (i > 1 && strcmp(word, "?") == 0))
            return;
        if (strcmp(word, "?") == 0)
            continue;                                    /* a table that begins with 1 */
        fprintf(out, "%s%s", comma, word);
        comma = ", ";
    }
}

const char *record_sub_name(const struct record *r)
{
    for (const struct record_column *c = record_columns(r->kind); c->what; c++)
        if (rows[c->column].place == PLACE_SUB)
            return column_word(NULL, rows[c->column].type, rec_sub(r));
    return "";
}
