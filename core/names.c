/* SPDX-License-Identifier: MIT */
/* Method: numbers to words, for hosts that show them. One table each; whatever is out of range
 * is "?". */
#include "raft.h"

#define NAME_OF(table, i)                                                                          \
    ((i) >= 0 && (size_t)(i) < sizeof(table) / sizeof(table)[0] && (table)[i] ? (table)[i] : "?")

const char *raft_result_name(int result)
{
    static const char *const names[] = {
        [RAFT_OK] = "ok", [RAFT_E_INVALID] = "invalid", [RAFT_E_NOT_LEADER] = "not-leader",
        [RAFT_E_BUSY] = "busy",
        [RAFT_E_LIMIT_RUNS] = "limit-runs", [RAFT_E_LIMIT_TERM] = "limit-term",
        [RAFT_E_LIMIT_LIFE] = "limit-life",
    };
    return NAME_OF(names, result);
}

const char *raft_msg_type_name(int type)
{
    static const char *const names[] = {
        [RAFT_MSG_VOTE] = "vote", [RAFT_MSG_VOTE_REPLY] = "vote-reply",
        [RAFT_MSG_PREVOTE] = "prevote", [RAFT_MSG_PREVOTE_REPLY] = "prevote-reply",
        [RAFT_MSG_APPEND] = "append", [RAFT_MSG_APPEND_REPLY] = "append-reply",
        [RAFT_MSG_HEARTBEAT] = "heartbeat", [RAFT_MSG_HEARTBEAT_REPLY] = "heartbeat-reply",
        [RAFT_MSG_COMMIT_NOTIFY] = "commit-notify",
        [RAFT_MSG_READ_INDEX] = "read-index", [RAFT_MSG_READ_INDEX_REPLY] = "read-index-reply",
        [RAFT_MSG_PROPOSE] = "propose",
    };
    return NAME_OF(names, type);
}

const char *raft_role_name(int role)
{
    static const char *const names[] = {
        [RAFT_FOLLOWER] = "follower", [RAFT_PRECANDIDATE] = "precandidate",
        [RAFT_CANDIDATE] = "candidate",
        [RAFT_LEADER] = "leader", [RAFT_HALTED] = "halted",
    };
    return NAME_OF(names, role);
}

const char *raft_note_name(int kind)
{
    static const char *const names[] = {
        [RAFT_NOTE_NONE] = "NONE",
#define NOTE(name, text) [RAFT_NOTE_##name] = #name,
#include "notes.def"
#undef NOTE
    };
    return NAME_OF(names, kind);
}

const char *raft_note_text(int kind)
{
    static const char *const texts[] = {
        [RAFT_NOTE_NONE] = "",
#define NOTE(name, text) [RAFT_NOTE_##name] = text,
#include "notes.def"
#undef NOTE
    };
    return NAME_OF(texts, kind);
}
