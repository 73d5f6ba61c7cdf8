/* SPDX-License-Identifier: MIT */
/* Groups in scenarios: how they are declared, of which a statement speaks, and what is refused. */
#define _GNU_SOURCE
#include "played.h"

#define CALM                                                                                       \
    "wavetank 1\nnodes n1..n5\ngroups g1..g3\nset prevote off\nset election-timeout 5s..6s\n"      \
    "set check-quorum off\n"
#define LED                                                                                        \
    CALM "campaign n1\ncampaign n2 of g2\ncampaign n3 of g3\n"                                     \
         "expect leader n1 within 50ms\nexpect leader n2 of g2 within 50ms\n"                      \
         "expect leader n3 of g3 within 50ms\nsettle\n"

static void says(const char *text, const char *detail)
{
    struct result r = played(text);
    if (r.verdict != V_EXPECTATION || !strstr(r.detail, detail))
        fail_msg("%s\nwanted %s\nsaw %s: %s", text, detail, verdict_name(r.verdict), r.detail);
}

static void words_that_find_nodes_find_them_in_the_group(void **state)
{
    (void)state;
    comes_to(LED "pause leader of g2\nexpect n2 paused\nexpect n1 n3 up\n", V_PASS);
    comes_to(LED "crash followers of g3\nexpect n3 up\nexpect n1 n2 n4 n5 down\n", V_PASS);
    comes_to(LED "expect leader n1\nexpect leader n2 of g2\nnever leader n1 of g3 for 1s\n"
                 "wait 1s\n", V_PASS);
    says(LED "expect leader n1 of g2\n", "wanted leader n1 of g2, saw n2 leader of term 1");
}

static void each_group_has_its_own_values(void **state)
{
    (void)state;
    comes_to(LED "client c1 write x 1 -> ok\nclient c1 write x 2 of g2 -> ok\n"
                 "client c1 read x -> 1\nclient c1 read x of g2 -> 2\n"
                 "client c1 read x of g3 -> absent\n", V_PASS);
    comes_to(LED "propose n2 \"a\" of g2\nsettle\nexpect n2 last-index = 2 of g2\n"
                 "expect n2 last-index = 1\n", V_PASS);
}

static void messages_of_one_group_are_met(void **state)
{
    (void)state;
    comes_to(LED "drop all append from n2 as d of g2\nclient c1 write x 1 -> ok\n"
                 "client c1 write x 1 at n2 timeout 50ms of g2 -> unanswered\n", V_PASS);
    comes_to(LED "hold append to n4 as h of g3\nclient c1 write x 1 of g3 -> ok\nsettle\n"
                 "expect n5 last-index = 2 of g3\nexpect n4 last-index = 1 of g3\nrelease h\n"
                 "settle\nexpect n4 last-index = 2 of g3\n", V_PASS);
}

static void who_does_not_vote_stands_for_nothing(void **state)
{
    (void)state;
    comes_to("wavetank 1\nnodes n1..n5\ngroups g1..g2\nvoters n1..n3 of g2\ncrash n1 n2\n"
             "expect leader within 8 election timeouts\nwait 3s\nexpect no leader of g2\n", V_PASS);
}

static void progress_is_owed_by_each(void **state)
{
    (void)state;
    comes_to(CALM "expect progress within 20s\n", V_PASS);
    comes_to("wavetank 1\nnodes n1..n5\ngroups g1..g2\nvoters n4 n5 of g2\n"
             "crash n4\nexpect progress within 3s\n", V_LIVENESS);
    comes_to("wavetank 1\nnodes n1..n5\ngroups g1..g2\nvoters n3..n5 of g2\n"
             "crash n4\nexpect progress within 3s\n", V_PASS);
}

static void what_is_of_no_group_takes_none(void **state)
{
    (void)state;
    refused(CALM "crash n1 of g2\n", "t.scn:7:10: error: this concerns whole processes, and so all "
                                     "groups; leave it out");
    refused(CALM "wait 1s of g2\n", "error: this concerns whole processes");
    refused(CALM "expect leader n1 of g2 of g3\n", "error: a statement speaks of one group");
    refused(CALM "expect leader n1 of g4\n",
            "t.scn:7:21: error: there is no group g4; they are g1 to g3");
    refused("wavetank 1\nnodes n1..n3\nexpect leader n1 of g2\n",
            "error: there is no group g2; write groups g1..g3 at the head");
}

static void groups_are_declared_once_and_from_g1(void **state)
{
    (void)state;
    refused("wavetank 1\nnodes n1..n3\ngroups g2..g3\n", "error: expected g1..gK; write groups");
    refused("wavetank 1\nnodes n1..n3\ngroups g1..g65\n", "error: expected g2 to g64");
    refused("wavetank 1\nnodes n1..n3\ngroups three\n", "error: expected g1..gK");
    refused(CALM "groups g1..g2\n", "error: ");
    refused("wavetank 1\nnodes n1..n3\nvoters n1 of g1\n",
            "error: there are no groups whose voters");
    refused("wavetank 1\nnodes n1..n3 spare n4\ngroups g1..g2\nvoters n4 of g2\n",
            "error: a spare node votes in no group");
    comes_to("wavetank 1\nnodes n1..n3\ngroups g1\nexpect leader within 8 election timeouts\n",
             V_PASS);
}

int main(void)
{
    const struct CMUnitTest sim_lang_groups[] = {
        cmocka_unit_test(words_that_find_nodes_find_them_in_the_group),
        cmocka_unit_test(each_group_has_its_own_values),
        cmocka_unit_test(messages_of_one_group_are_met),
        cmocka_unit_test(who_does_not_vote_stands_for_nothing),
        cmocka_unit_test(progress_is_owed_by_each),
        cmocka_unit_test(what_is_of_no_group_takes_none),
        cmocka_unit_test(groups_are_declared_once_and_from_g1),
    };
    return cmocka_run_group_tests(sim_lang_groups, NULL, NULL);
}
