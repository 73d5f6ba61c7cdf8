/* SPDX-License-Identifier: MIT */
/* Method: the options' table, and the names that scenarios and traces spell. */
#include "kit.h"

static void defaults_are_valid(void **state)
{
    (void)state;
    struct raft_options o;
    const char *why = NULL;
    raft_options_default(&o);
    assert_true(raft_options_valid(&o, &why));
    assert_string_equal(why, "");
    assert_int_equal(o.election_timeout_min, MS(150));
    assert_int_equal(o.election_timeout_max, MS(300));
    assert_int_equal(o.max_inflight, 64);
    assert_int_equal(o.max_unsynced_writes, RAFT_WRITES_MAX);
    assert_int_equal(o.prevote, 1);
}

static void a_value_out_of_range_is_named(void **state)
{
    (void)state;
    struct raft_options o;
    const char *why = NULL;
    raft_options_default(&o);
    o.max_entries = 257;
    assert_false(raft_options_valid(&o, &why));
    assert_string_equal(why, "max-entries-per-append is out of its range");
    o.max_entries = 0;
    assert_false(raft_options_valid(&o, NULL));
    raft_options_default(&o);
    o.reads = 3;
    assert_false(raft_options_valid(&o, &why));
    assert_string_equal(why, "reads is out of its range");
    raft_options_default(&o);
    o.prevote = 2;
    assert_false(raft_options_valid(&o, &why));
}

/* auto is no time, and lies beyond every range. */
static void auto_is_a_value_of_its_own(void **state)
{
    (void)state;
    struct raft_options o;
    const char *why = NULL;
    raft_options_default(&o);
    assert_true(o.disk_timeout == RAFT_AUTO);
    o.disk_timeout = 0;
    assert_true(raft_options_valid(&o, NULL));
    o.disk_timeout = MS(3600000);
    assert_true(raft_options_valid(&o, NULL));
    o.disk_timeout++;
    assert_false(raft_options_valid(&o, &why));
    assert_string_equal(why, "disk-timeout is out of its range");
    o.disk_timeout = RAFT_AUTO - 1;
    assert_false(raft_options_valid(&o, NULL));
}

static void timeouts_must_fit_together(void **state)
{
    (void)state;
    struct raft_options o;
    raft_options_default(&o);
    o.election_timeout_min = MS(301);
    assert_false(raft_options_valid(&o, NULL));
    raft_options_default(&o);
    o.heartbeat = o.election_timeout_min;
    assert_false(raft_options_valid(&o, NULL));
    o.heartbeat--;
    assert_true(raft_options_valid(&o, NULL));
}

static void leases_need_check_quorum_and_stickiness(void **state)
{
    (void)state;
    struct raft_options o;
    raft_options_default(&o);
    o.reads = RAFT_READS_LEASE;
    assert_true(raft_options_valid(&o, NULL));
    o.check_quorum = 0;
    assert_false(raft_options_valid(&o, NULL));
    o.check_quorum = 1;
    o.stickiness = 0;
    assert_false(raft_options_valid(&o, NULL));
    o.stickiness = 1;
    o.leases = RAFT_LEASES_OFF;
    assert_false(raft_options_valid(&o, NULL));
}

static void every_name_is_known_and_others_are_not(void **state)
{
    (void)state;
    for (int i = 0; i <= RAFT_E_LIMIT_TERM; i++) assert_string_not_equal(raft_result_name(i), "?");
    for (int i = 1; i < RAFT_MSG_TYPES; i++) assert_string_not_equal(raft_msg_type_name(i), "?");
    for (int i = 0; i <= RAFT_HALTED; i++) assert_string_not_equal(raft_role_name(i), "?");
    for (int i = 0; i < RAFT_NOTE_KINDS; i++) assert_string_not_equal(raft_note_text(i), "?");
    for (int i = 0; i < RAFT_NOTE_KINDS; i++) assert_string_not_equal(raft_note_name(i), "?");
    assert_string_equal(raft_msg_type_name(RAFT_MSG_READ_INDEX_REPLY), "read-index-reply");
    assert_string_equal(raft_msg_type_name(0), "?");
    assert_string_equal(raft_note_text(RAFT_NOTE_KINDS), "?");
    const char *(*const names[])(int) = {raft_result_name, raft_msg_type_name, raft_role_name,
                                         raft_note_name, raft_note_text};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(names[i](-1), "?");
        assert_string_equal(names[i](1000), "?");
    }
}

static void boot_refuses_an_impossible_image(void **state)
{
    (void)state;
    static struct node n;
    const struct raft_run falling[] = {{.term = 2, .n = 1}, {.term = 1, .n = 1}};
    struct raft_boot boot = boot_of(1, 3);
    boot.term = 2;
    boot.nruns = 2;
    boot.runs = falling;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
    boot.nruns = 1;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_OK);
    boot.commit = 2;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
    boot.commit = 1;
    boot.term = 1;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
    boot = boot_of(0, 3);
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
    boot = boot_of(17, 3);
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
    boot = boot_of(1, 10);
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
    boot = boot_of(1, 3);
    boot.voters = 0;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
    boot = boot_of(1, 3);
    boot.vote = 2;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_INVALID);
}

static void boot_refuses_more_runs_than_it_can_hold(void **state)
{
    (void)state;
    static struct node n;
    static struct raft_run runs[KIT_TERMS + 1];
    for (uint32_t i = 0; i <= KIT_TERMS; i++)
        runs[i] = (struct raft_run){.term = i + 1, .n = 1};
    struct raft_boot boot = boot_of(1, 3);
    boot.term = KIT_TERMS + 1;
    boot.runs = runs;
    boot.nruns = KIT_TERMS + 1;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_E_LIMIT_RUNS);
    boot.nruns--;
    assert_int_equal(raft_init(&n.r, &boot), RAFT_OK);
    assert_int_equal(raft_term_at(&n.r, 200), 200);
}

static void the_state_is_small_enough_to_fork_worlds(void **state)
{
    (void)state;
    struct raft_boot boot = boot_of(1, 3);
    boot.options.log_terms = 1;
    const size_t least = raft_size(&boot.options);
    assert_true(least <= 8 * 1024);
    boot.options.log_terms = 1001;
    assert_int_equal(raft_size(&boot.options), least + 1000 * 16);
    assert_int_equal(least % 8, 0);
}

/* What lies behind the runs in use is never looked at. */
static void a_copy_of_what_is_used_is_a_clone(void **state)
{
    (void)state;
    static struct node n, twin;
    struct raft_boot boot = boot_of(1, 1);
    start(&n, &boot);
    assert_int_equal(raft_used(&n.r), sizeof n.r);
    elect(&n);
    propose(&n, 3);
    assert_int_equal(raft_used(&n.r), sizeof n.r + sizeof n.runs[0]);
    memset(&twin, 0xa5, sizeof twin);
    memcpy(&twin, &n, raft_used(&n.r));
    twin.now = n.now;
    assert_true(raft_hash(&twin.r) == raft_hash(&n.r));
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(propose(&twin, 2), propose(&n, 2));
        all_written(&twin);
        all_written(&n);
        assert_true(raft_hash(&twin.r) == raft_hash(&n.r));
    }
    assert_int_equal(raft_check(&twin.r, NULL), 0);
}

static void voters_that_keep_leases_keep_the_same(void **state)
{
    (void)state;
    struct raft_options a, b;
    raft_options_default(&a);
    b = a;
    b.election_timeout_min = a.election_timeout_min / 2;
    b.prevote = 0;
    assert_true(raft_options_agree(&a, &b, NULL));      /* no leases, no promise */
    a.reads = b.reads = RAFT_READS_LEASE;
    assert_false(raft_options_agree(&a, &b, NULL));
    b.election_timeout_min = a.election_timeout_min;
    assert_true(raft_options_agree(&a, &b, NULL));
    b.lease_drift_bound++;
    assert_false(raft_options_agree(&a, &b, NULL));
    b = a;
    b.reads = RAFT_READS_INDEX;
    assert_false(raft_options_agree(&a, &b, NULL));
    b.leases = RAFT_LEASES_ON;
    assert_true(raft_options_agree(&a, &b, NULL));
}

int main(void)
{
    const struct CMUnitTest core_options[] = {
        cmocka_unit_test(defaults_are_valid),
        cmocka_unit_test(a_value_out_of_range_is_named),
        cmocka_unit_test(auto_is_a_value_of_its_own),
        cmocka_unit_test(timeouts_must_fit_together),
        cmocka_unit_test(leases_need_check_quorum_and_stickiness),
        cmocka_unit_test(every_name_is_known_and_others_are_not),
        cmocka_unit_test(boot_refuses_an_impossible_image),
        cmocka_unit_test(boot_refuses_more_runs_than_it_can_hold),
        cmocka_unit_test(the_state_is_small_enough_to_fork_worlds),
        cmocka_unit_test(a_copy_of_what_is_used_is_a_clone),
        cmocka_unit_test(voters_that_keep_leases_keep_the_same),
    };
    return cmocka_run_group_tests(core_options, NULL, NULL);
}
