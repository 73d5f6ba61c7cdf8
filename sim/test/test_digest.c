/* SPDX-License-Identifier: MIT */
/* The digest of records. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../base/digest.h"

enum { RECORDS = 1000 };
static struct record records[RECORDS];

static void make_records(void)
{
    uint64_t x = 1;
    for (uint32_t i = 0; i < RECORDS; i++) {
        x = x * UINT64_C(6364136223846793005) + i;
        records[i] = (struct record){.at = x, .kind = (uint8_t)i, .node = 3,
                                     .raw_flags = (uint16_t)(x >> 20), .raw_ref = x >> 3,
                                     .raw_a = ~x, .raw_c = i};
    }
}

/* As every machine must have it: the bytes of the fields, little-endian, in order, at once. */
static void plainly(uint32_t n, uint8_t out[16])
{
    static unsigned char bytes[RECORDS * 64];
    size_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct record *r = &records[i];
        const uint64_t head = r->kind | (uint64_t)r->node << 8 | (uint64_t)r->peer << 16 |
                              (uint64_t)r->raw_sub << 24 |
                              (uint64_t)r->raw_flags << 32 | (uint64_t)r->group << 48;
        const uint64_t words[8] = {r->at, head, r->raw_ref, r->term, r->index,
                                   r->raw_a, r->raw_b, r->raw_c};
        for (int k = 0; k < 64; k++)
            bytes[at++] = (unsigned char)(words[k / 8] >> k % 8 * 8);
    }
    XXH128_canonical_t canon;
    XXH128_canonicalFromHash(&canon, XXH3_128bits(bytes, at));
    memcpy(out, canon.digest, 16);
}

static void records_hash_to_the_same_however_they_are_cut(void **state)
{
    (void)state;
    struct digest d;
    uint8_t got[16], want[16];
    make_records();
    plainly(RECORDS, want);
    for (size_t cut = 1; cut <= DIGEST_BATCH; cut++) {
        size_t at = 0;
        digest_start(&d);
        for (; at + cut < RECORDS; at += cut)
            digest_add(&d, records + at, cut);
        digest_look(&d, records + at, RECORDS - at, got);
        assert_memory_equal(got, want, 16);
    }
}

static void a_look_changes_nothing_and_a_copy_goes_on_alone(void **state)
{
    (void)state;
    struct digest d, copy;
    uint8_t got[16], want[16];
    make_records();
    digest_start(&d);
    digest_add(&d, records, DIGEST_BATCH);
    digest_look(&d, records + DIGEST_BATCH, 7, got);
    plainly(DIGEST_BATCH + 7, want);
    assert_memory_equal(got, want, 16);
    copy = d;
    digest_add(&copy, records, 3);
    digest_look(&d, NULL, 0, got);
    plainly(DIGEST_BATCH, want);
    assert_memory_equal(got, want, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_hash_to_the_same_however_they_are_cut),
        cmocka_unit_test(a_look_changes_nothing_and_a_copy_goes_on_alone),
    };
    return cmocka_run_group_tests_name("sim_digest", tests, NULL, NULL);
}
