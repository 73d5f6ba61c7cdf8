/* SPDX-License-Identifier: MIT */
/*
 * Tapes of a fuzzer's bytes, see tape.h. Method: the decoder is pure arithmetic on the bytes, so
 * that an input means the same for ever.
 */
#include "tape.h"

#include <string.h>

#include "../world/world.h"

static uint32_t raw_end(const struct fixed_world *fw, uint8_t byte)
{
    uint32_t i = byte % ((uint32_t)fw->nodes + fw->clients);
    return i < fw->nodes ? 1 + i : CLIENT_BASE + 1 + (i - fw->nodes);
}

static uint32_t raw_actor(const struct fixed_world *fw, enum stream stream, uint8_t first,
                          uint8_t second)
{
    switch (stream) {
    case STREAM_NET_DELAY:
    case STREAM_NET_LOSS:
    case STREAM_NET_DUP:
    case STREAM_NET_REORDER:
    case STREAM_SHUFFLE:
    case STREAM_SURGERY:
    case STREAM_SLICE:
    case STREAM_ECHO: return ACTOR_LINK(raw_end(fw, first), raw_end(fw, second));
    case STREAM_BOOT:
    case STREAM_SERVICE:
    case STREAM_DISK_DELAY:
    case STREAM_DISK_ORDER:
    case STREAM_DISK_CRASH: return 1 + first % (uint32_t)fw->nodes;
    case STREAM_CLIENT_OP:
    case STREAM_CLIENT_KEY:
    case STREAM_CLIENT_NODE:
    case STREAM_CLIENT_PAUSE: return CLIENT_BASE + 1 + first % (uint32_t)fw->clients;
    case STREAM_SWARM:
    case STREAM_FAULT_TIME:
    case STREAM_FAULT_WHAT: {
        uint32_t line = first % (fw->lines + 1u); /* one more: the draws of healing */
        return ACTOR_FAULT(line < fw->lines ? line : (uint32_t)CHAOS_LINES);
    }
    case STREAM_TIE:
    case STREAM_PICK:
    case STREAM_COUNT: return 0;
    }
    return 0;
}

uint32_t tape_decode_raw(const uint8_t *data, size_t len, uint32_t *world, struct exception *out,
                         uint32_t max)
{
    *world = len > 0 ? data[0] % fixed_worlds_count : 0;
    const struct fixed_world *fw = &fixed_worlds[*world];
    uint32_t n = 0;
    for (size_t at = 1; at < len && n < max; at += RAW_BYTES) {
        uint8_t b[RAW_BYTES] = {0};
        memcpy(b, data + at, len - at < RAW_BYTES ? len - at : RAW_BYTES);
        struct exception *e = &out[n++];
        /* fixed worlds have no statement that shuffles */
        e->stream = (uint8_t)(b[0] % STREAM_SHUFFLE);
        e->actor = raw_actor(fw, (enum stream)e->stream, b[1], b[2]);
        e->ordinal = (uint64_t)b[3] | (uint64_t)b[4] << 8;
        uint64_t m = (uint64_t)b[5] | (uint64_t)b[6] << 8;
        e->value = b[7] < 192 ? m << (b[7] % 48) : 999999 - m;
    }
    return n;
}
