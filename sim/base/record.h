/* SPDX-License-Identifier: MIT */
/* A record: one thing that happened, in 64 bytes without padding. records.def says which columns
 * each kind has, columns.def what lies where; columns.h reads and writes them by name. */
#ifndef WT_RECORD_H
#define WT_RECORD_H

#include <stdint.h>

/* Record version: raised whenever what is written down of the same run changes: a row of
 * records.def moved or renamed, a column with another name, place or meaning. New rows go to the
 * end and raise nothing. --version, traces and result files carry it; --resume refuses another's.
 * (A change of the core gives other runs, not other records: that is what the revision is for.) */
#define WT_RECORD_VERSION 8

enum record_kind {
    REC_NONE,
#define RECORD(kind, ...) REC_##kind,
#include "records.def"
#undef RECORD
    REC_KINDS
};

/* What is raw has no meaning without the kind: columns.h alone touches it, and the digest. */
struct record {
    uint64_t at;
    uint8_t kind, node, peer, raw_sub;
    uint16_t raw_flags, group;
    uint64_t raw_ref;
    uint64_t term, index;
    uint64_t raw_a, raw_b, raw_c;
};
_Static_assert(sizeof(struct record) == 64, "a record is 64 bytes");

/* What is of a process, or of the scenario, is of no group: `group` is 0, and means nothing. */
#define RECORDS_OF_ALL_GROUPS \
    (UINT64_C(1) << REC_CRASH | UINT64_C(1) << REC_PAUSE | UINT64_C(1) << REC_RESUME | \
     UINT64_C(1) << REC_CLOCK | UINT64_C(1) << REC_FAULT | UINT64_C(1) << REC_PHASE | \
     UINT64_C(1) << REC_STEP)

enum drop_reason {
    DROP_LOSS = 1, DROP_CUT, DROP_CAPACITY, DROP_DOWN, DROP_STALE_PROMISE, DROP_RULE, DROP_BUSY,
    DROP_GONE, DROP_INVALID,
    DROP_DISCARDED,     /* a scenario threw it away when it was under way */
    DROP_REFUSED,       /* as INVALID, of a message that a scenario made and called unsafe */
    DROP_RECUT          /* another slice of the sender's log goes in its place */
};
enum halt_reason { HALT_WRITE_FAILED = 1, HALT_SELF_CHECK };
enum read_path { READ_PATH_INDEX, READ_PATH_LEASE, READ_PATH_LOG };
enum clock_change { CLOCK_RATE, CLOCK_JUMP, CLOCK_FREEZE, CLOCK_THAW };
/* bits */
enum fault_state { FAULT_ON = 1, FAULT_OFF = 2, FAULT_BIT = 4 };
enum phase { PHASE_STORM = 1, PHASE_HEALED };
/* FAIL: a cas that did not match */
enum op_outcome { OUT_PENDING, OUT_OK, OUT_FAIL, OUT_NOT_LEADER, OUT_TIMEOUT };

const char *record_kind_name(int kind);    /* "?" beyond the table */
const char *record_class_name(int kind);

#include "columns.h"

#endif
