/* SPDX-License-Identifier: MIT */
/* A record: one thing that happened, in 64 bytes without padding. See records.def for the
 * meaning of each kind's fields. */
#ifndef WT_RECORD_H
#define WT_RECORD_H

#include <stdint.h>

/* Record version: raised whenever what is written down of the same run changes: a row of
 * records.def moved or renamed, a field or a number in it with another meaning. New rows go to the
 * end and raise nothing. --version, traces and result files carry it; --resume refuses another's.
 * (A change of the core gives other runs, not other records: that is what the revision is for.) */
#define WT_RECORD_VERSION 1

enum record_kind {
    REC_NONE,
#define RECORD(kind, ...) REC_##kind,
#include "records.def"
#undef RECORD
    REC_KINDS
};

struct record {
    uint64_t at;
    uint8_t kind, node, peer, sub;
    uint16_t flags, group;
    uint64_t ref;
    uint64_t term, index;
    uint64_t a, b, c;
};
_Static_assert(sizeof(struct record) == 64, "a record is 64 bytes");

enum drop_reason {
    DROP_LOSS = 1, DROP_CUT, DROP_CAPACITY, DROP_DOWN, DROP_STALE_PROMISE, DROP_RULE, DROP_BUSY,
    DROP_GONE, DROP_INVALID,
    DROP_DISCARDED,     /* a scenario threw it away when it was under way */
    DROP_REFUSED        /* as INVALID, of a message that a scenario made and called unsafe */
};
enum halt_reason { HALT_WRITE_FAILED = 1, HALT_SELF_CHECK };
enum read_path { READ_PATH_INDEX, READ_PATH_LEASE, READ_PATH_LOG };
enum clock_change { CLOCK_RATE, CLOCK_JUMP, CLOCK_FREEZE, CLOCK_THAW };
enum phase { PHASE_STORM = 1, PHASE_HEALED };
/* FAIL: a cas that did not match */
enum op_outcome { OUT_PENDING, OUT_OK, OUT_FAIL, OUT_NOT_LEADER, OUT_TIMEOUT, OUT_CANCELLED };

const char *record_kind_name(int kind);    /* "?" beyond the table */
const char *record_class_name(int kind);

#endif
