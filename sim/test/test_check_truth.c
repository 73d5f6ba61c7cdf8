/* SPDX-License-Identifier: MIT */
/* What is true of the cluster, whatever its nodes say: who was voted for, and who commits. On
 * records made by hand, of a system that does not behave. */
#include "test_check.h"

/* ---- votes ----------------------------------------------------------------------------------- */

static void a_majority_of_grants_wins(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    stand(1, 3, 0);
    grant(2, 1, 3, 0);
    grant(4, 1, 3, 0);
    role(1, SUT_LEADER, 3, 0);
    assert_int_equal(judged_by("vote-quorum"), 1);
    SILENT();
}

static void half_of_the_votes_win_nothing(void **state)
{
    (void)state;
    tank_close(w);
    open_with(4);
    stand(1, 3, 0);
    grant(2, 1, 3, 0);
    role(1, SUT_LEADER, 3, 0);
    assert_non_null(strstr(fired("vote-quorum")->detail, "the votes of n1 n2 of 4 voters"));
}

static void a_grant_counts_when_it_has_arrived(void **state)
{
    (void)state;
    stand(1, 1, 0);
    durable(2, 1, 1, 0);
    of_try(REC_SEND, 2, 1, MSG_VOTE_REPLY, 1, 1);
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(fired("vote-quorum"));
}

/* Its vote for itself becomes durable last of all. */
static void its_own_vote_may_be_durable_last(void **state)
{
    (void)state;
    judge_disable(w, CHECK_durable_term);
    term(1, 1, 1);
    of_try(REC_SEND, 1, 2, MSG_VOTE, 1, 1);
    grant(2, 1, 1, 0);
    durable(1, 1, 1, 0);
    role(1, SUT_LEADER, 1, 0);
    SILENT();
}

static void its_own_vote_counts_when_its_disk_holds_it(void **state)
{
    (void)state;
    judge_disable(w, CHECK_promise_audit);
    judge_disable(w, CHECK_durable_term);
    term(1, 1, 1);
    of_try(REC_SEND, 1, 2, MSG_VOTE, 1, 1);
    grant(2, 1, 1, 0);
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(strstr(fired("vote-quorum")->detail, "the votes of n2 of 3 voters"));
}

/* Without its own vote, two others are a majority of three. */
static void two_others_are_enough(void **state)
{
    (void)state;
    judge_disable(w, CHECK_promise_audit);
    judge_disable(w, CHECK_durable_term);
    term(1, 1, 1);
    of_try(REC_SEND, 1, 2, MSG_VOTE, 1, 1);
    grant(2, 1, 1, 0);
    grant(3, 1, 1, 0);
    role(1, SUT_LEADER, 1, 0);
    SILENT();
}

static void a_grant_counts_once(void **state)
{
    (void)state;
    tank_close(w);
    open_with(5);
    stand(1, 1, 0);
    grant(2, 1, 1, 0);
    of_try(REC_DELIVER, 1, 2, MSG_VOTE_REPLY, 1, 1);
    of_try(REC_DELIVER, 1, 2, MSG_VOTE_REPLY, 1, 1);
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(fired("vote-quorum"));
}

static void a_refusal_is_no_grant(void **state)
{
    (void)state;
    stand(1, 1, 0);
    struct record *r = record_new(w, REC_DELIVER, 1);
    r->peer = 2;
    rec_set_type(r, MSG_VOTE_REPLY);
    rec_set_flags(r, LABEL_REJECT);
    r->term = 1;
    rec_set_try_boot(r, 1);
    rec_set_try(r, 1);
    done();
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(fired("vote-quorum"));
}

static void a_grant_of_another_term_or_try_is_of_another_candidacy(void **state)
{
    (void)state;
    stand(1, 1, 0);
    grant(2, 1, 1, 0);
    term(1, 2, 1);
    durable(1, 2, 1, 0);
    of_try(REC_SEND, 1, 2, MSG_VOTE, 2, 2);
    of_try(REC_DELIVER, 1, 2, MSG_VOTE_REPLY, 1, 1);
    of_try(REC_DELIVER, 1, 2, MSG_VOTE_REPLY, 2, 1);
    role(1, SUT_LEADER, 2, 0);
    assert_non_null(fired("vote-quorum"));
}

static void a_grant_to_a_former_life_is_of_another_candidacy(void **state)
{
    (void)state;
    stand(1, 1, 0);
    grant(2, 1, 1, 0);
    crash(1);
    boot(1, 1, 1, 0);
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(fired("vote-quorum"));
}

/* The request was repeated on its way: still one candidacy. */
static void asking_again_takes_no_grant_away(void **state)
{
    (void)state;
    stand(1, 1, 0);
    grant(2, 1, 1, 0);
    of_try(REC_SEND, 1, 3, MSG_VOTE, 1, 1);
    role(1, SUT_LEADER, 1, 0);
    SILENT();
}

static void a_grant_that_the_voters_disk_never_held_wins_nothing(void **state)
{
    (void)state;
    judge_disable(w, CHECK_promise_audit);
    stand(1, 1, 0);
    of_try(REC_DELIVER, 1, 2, MSG_VOTE_REPLY, 1, 1);
    role(1, SUT_LEADER, 1, 0);
    assert_non_null(strstr(fired("vote-quorum")->detail, "n2, whose disk never held that vote"));
}

/* It has gone on to a later term since, crashed, and come back. */
static void a_voter_that_has_left_the_term_held_its_vote(void **state)
{
    (void)state;
    stand(1, 1, 0);
    grant(2, 1, 1, 0);
    term(2, 4, 0);
    durable(2, 4, 0, 0);
    crash(2);
    boot(2, 4, 0, 0);
    role(1, SUT_LEADER, 1, 0);
    SILENT();
}

static void a_forged_grant_is_nobodys_fault(void **state)
{
    (void)state;
    judge_disable(w, CHECK_promise_audit);
    stand(1, 1, 0);
    mislead(1, 2, MSG_VOTE_REPLY, 1);
    of_try(REC_DELIVER, 1, 2, MSG_VOTE_REPLY, 1, 0);
    role(1, SUT_LEADER, 1, 0);
    SILENT();
    assert_int_equal(excused("vote-quorum"), 1);
}

static void one_voter_wins_by_its_own_vote(void **state)
{
    (void)state;
    tank_close(w);
    open_with(1);
    term(1, 1, 1);
    durable(1, 1, 1, 0);
    role(1, SUT_LEADER, 1, 0);
    SILENT();
    role(1, SUT_FOLLOWER, 1, 0);
    term(1, 2, 1);
    role(1, SUT_LEADER, 2, 0);
    assert_non_null(fired("vote-quorum"));
}

/* ---- commits --------------------------------------------------------------------------------- */

static void a_follower_commits_nothing_new(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    store_at_node(1, e3, 1, 1, 0);
    store_at_node(2, e3, 1, 1, 1);
    SILENT();
    assert_int_equal(judged_by("commit-by-leader"), 2);
    uint64_t second = commit(2, e3, 1, SUT_FOLLOWER);
    assert_int_equal(fired("commit-by-leader")->second, second);
}

static void a_step_that_ends_a_reign_may_commit(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    store_at_node(1, e3, 1, 1, 0);
    store_at_node(2, e3, 1, 1, 1);
    role(1, SUT_FOLLOWER, 1, e3);
    w->now -= MS(1);                                    /* of one step */
    commit(1, e3, 1, SUT_FOLLOWER);
    SILENT();
}

static void who_led_earlier_commits_nothing_new(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    store_at_node(1, e3, 1, 1, 0);
    store_at_node(2, e3, 1, 1, 1);
    role(1, SUT_FOLLOWER, 1, e3);
    commit(1, e3, 1, SUT_FOLLOWER);
    assert_non_null(fired("commit-by-leader"));
}

static void a_commit_of_who_was_misled_is_nobodys_fault(void **state)
{
    (void)state;
    one_term();
    uint32_t e3 = make(1, e2, 1, 0);
    store_at_node(1, e3, 1, 1, 0);
    store_at_node(2, e3, 1, 1, 1);
    mislead(2, 1, MSG_HEARTBEAT, 1);
    commit(2, e3, 1, SUT_FOLLOWER);
    SILENT();
    assert_int_equal(excused("commit-by-leader"), 1);
}

static void what_was_preloaded_as_committed_is_no_growth(void **state)
{
    (void)state;
    tank_close(w);
    tank_prepare(3, 2);
    static struct preload_entry log[] = {{.term = 1}, {.term = 1}};
    for (uint8_t n = 1; n <= 3; n++)
        tank_plan.preload[n] = (struct preload){.term = 1, .commit = n == 1 ? 2 : 0,
                                                .nentries = 2, .entries = log};
    w = world_init(arena_reserve(UINT64_C(1) << 30, sizeof(struct world)), &tank_plan, &judged, 1,
                   true);
    judge_start(w);
    world_configure(w);
    const uint32_t head = storage_image(w, replica_of(w, 2, 0)).head;
    boot(2, 1, 0, head);
    commit(2, head, 1, SUT_FOLLOWER);
    SILENT();
}

/* ---- what messages say ----------------------------------------------------------------------- */

struct says { uint8_t type; uint64_t term, index, log_term, commit; uint32_t entries; };

static uint64_t tells(uint8_t from, uint8_t to, struct says s)
{
    struct record *r = record_new(w, REC_SEND, from);
    r->peer = to;
    rec_set_type(r, s.type);
    r->term = s.term;
    r->index = s.index;
    rec_set_log_term(r, s.log_term);
    rec_set_commit(r, s.commit);
    if (!label_elects(s.type))
        rec_set_entries(r, s.entries);
    return done();
}

static void acknowledges(uint8_t from, uint8_t to, uint64_t t, uint64_t index)
{
    struct record *r = record_new(w, REC_DELIVER, to);
    r->peer = from;
    rec_set_type(r, MSG_APPEND_REPLY);
    r->term = t;
    r->index = index;
    done();
}

static void an_append_that_is_so_is_honest(void **state)
{
    (void)state;
    one_term();
    tells(1, 3, (struct says){MSG_APPEND, 1, 0, 0, 2, 2});
    tells(1, 3, (struct says){MSG_APPEND, 1, 1, 1, 1, 1});
    tells(1, 3, (struct says){MSG_APPEND, 1, 2, 1, 2, 0});
    assert_int_equal(judged_by("honest-messages"), 3 + 1);      /* and a request for votes */
    SILENT();
}

static void lies_of(struct says s, const char *what)
{
    tells(1, 3, s);
    assert_non_null(fired("honest-messages"));
    assert_non_null(strstr(fired("honest-messages")->detail, what));
}

static void the_entry_before_an_append_is_in_its_leaders_log(void **state)
{
    (void)state;
    one_term();
    lies_of((struct says){MSG_APPEND, 1, 2, 2, 2, 0}, "the term of its entry before");
}

static void the_entries_of_an_append_are_in_its_leaders_log(void **state)
{
    (void)state;
    one_term();
    lies_of((struct says){MSG_APPEND, 1, 1, 1, 2, 2}, "it has entries through 3, and it is 2");
}

static void no_append_tells_more_than_is_committed(void **state)
{
    (void)state;
    one_term();
    lies_of((struct says){MSG_APPEND, 1, 2, 1, 3, 0}, "the commit index is 3, and it is 2");
}

static void who_did_not_win_does_not_speak_as_a_leader(void **state)
{
    (void)state;
    one_term();
    tells(2, 3, (struct says){MSG_HEARTBEAT, 1, 0, 0, 0, 0});
    assert_non_null(strstr(fired("honest-messages")->detail, "a term that it never won"));
}

static void a_heartbeat_tells_what_its_receiver_acknowledged(void **state)
{
    (void)state;
    one_term();
    tells(1, 3, (struct says){MSG_HEARTBEAT, 1, 0, 0, 0, 0});
    acknowledges(3, 1, 1, 1);
    tells(1, 3, (struct says){MSG_HEARTBEAT, 1, 0, 0, 1, 0});
    acknowledges(2, 1, 1, 2);
    tells(1, 2, (struct says){MSG_COMMIT_NOTIFY, 1, 0, 0, 2, 0});
    SILENT();
    lies_of((struct says){MSG_HEARTBEAT, 1, 0, 0, 2, 0}, "through 2, and it is 1");
}

/* What was acknowledged to an earlier reign says nothing of this one. */
static void a_match_is_of_one_reign(void **state)
{
    (void)state;
    one_term();
    acknowledges(3, 1, 1, 2);
    role(1, SUT_FOLLOWER, 1, e2);
    elect(1, 2, 2, e2, e2);
    acknowledges(3, 1, 1, 2);
    SILENT();
    lies_of((struct says){MSG_HEARTBEAT, 2, 0, 0, 2, 0}, "through 2, and it is 0");
}

/* A message of a reign that is over, by who led it. */
static void an_append_may_leave_late(void **state)
{
    (void)state;
    one_term();
    role(1, SUT_FOLLOWER, 1, e2);
    term(1, 2, 0);
    tells(1, 3, (struct says){MSG_APPEND, 1, 1, 1, 2, 1});
    SILENT();
}

static void a_request_names_the_last_entry(void **state)
{
    (void)state;
    one_term();
    judge_disable(w, CHECK_durable_term);
    term(2, 2, 2);
    role(2, SUT_CANDIDATE, 2, e2);
    tells(2, 3, (struct says){MSG_VOTE, 2, 1, 1, 0, 0});
    assert_non_null(strstr(fired("honest-messages")->detail, "the index of its last entry"));
}

static void a_request_names_the_term_of_the_last_entry(void **state)
{
    (void)state;
    one_term();
    judge_disable(w, CHECK_durable_term);
    term(2, 2, 2);
    role(2, SUT_CANDIDATE, 2, e2);
    tells(2, 3, (struct says){MSG_VOTE, 2, 2, 1, 0, 0});
    SILENT();
    tells(2, 3, (struct says){MSG_VOTE, 2, 2, 2, 0, 0});
    assert_non_null(strstr(fired("honest-messages")->detail, "the term of its last entry"));
}

static void a_request_that_leaves_after_the_candidacy_is_excused(void **state)
{
    (void)state;
    one_term();
    durable(3, 2, 3, e2);
    term(3, 2, 3);
    role(3, SUT_FOLLOWER, 2, e2);
    tells(3, 2, (struct says){MSG_VOTE, 2, 1, 1, 0, 0});
    tells(3, 2, (struct says){MSG_PREVOTE, 3, 1, 1, 0, 0});
    assert_int_equal(excused("honest-messages"), 2);
    SILENT();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_majority_of_grants_wins),
        RULE(half_of_the_votes_win_nothing),
        RULE(a_grant_counts_when_it_has_arrived),
        RULE(its_own_vote_may_be_durable_last),
        RULE(its_own_vote_counts_when_its_disk_holds_it),
        RULE(two_others_are_enough),
        RULE(a_grant_counts_once),
        RULE(a_refusal_is_no_grant),
        RULE(a_grant_of_another_term_or_try_is_of_another_candidacy),
        RULE(a_grant_to_a_former_life_is_of_another_candidacy),
        RULE(asking_again_takes_no_grant_away),
        RULE(a_grant_that_the_voters_disk_never_held_wins_nothing),
        RULE(a_voter_that_has_left_the_term_held_its_vote),
        RULE(a_forged_grant_is_nobodys_fault),
        RULE(one_voter_wins_by_its_own_vote),
        RULE(a_follower_commits_nothing_new),
        RULE(a_step_that_ends_a_reign_may_commit),
        RULE(who_led_earlier_commits_nothing_new),
        RULE(a_commit_of_who_was_misled_is_nobodys_fault),
        RULE(what_was_preloaded_as_committed_is_no_growth),
        RULE(an_append_that_is_so_is_honest),
        RULE(the_entry_before_an_append_is_in_its_leaders_log),
        RULE(the_entries_of_an_append_are_in_its_leaders_log),
        RULE(no_append_tells_more_than_is_committed),
        RULE(who_did_not_win_does_not_speak_as_a_leader),
        RULE(a_heartbeat_tells_what_its_receiver_acknowledged),
        RULE(a_match_is_of_one_reign),
        RULE(an_append_may_leave_late),
        RULE(a_request_names_the_last_entry),
        RULE(a_request_names_the_term_of_the_last_entry),
        RULE(a_request_that_leaves_after_the_candidacy_is_excused),
    };
    return cmocka_run_group_tests_name("sim_check_truth", tests, NULL, NULL);
}
