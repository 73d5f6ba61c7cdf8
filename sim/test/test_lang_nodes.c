/* SPDX-License-Identifier: MIT */
/* Which nodes are meant, and how many of them. */
#define _GNU_SOURCE
#include "played.h"

#define CALM                                                                                       \
    "wavetank 1\nnodes n1..n5\nset prevote off\nset election-timeout 5s..6s\n"                     \
    "set check-quorum off\n"
#define LED CALM "campaign n1\nexpect leader n1 term 1 within 50ms\nsettle\n"

static void says(const char *text, const char *detail)
{
    struct result r = played(text);
    if (r.verdict != V_EXPECTATION || !strstr(r.detail, detail))
        fail_msg("%s\nwanted %s\nsaw %s: %s", text, detail, verdict_name(r.verdict), r.detail);
}

static void all_but_some_are_the_others(void **state)
{
    (void)state;
    comes_to(LED "crash all but n1 n3..n5\nexpect n2 down\nexpect n1 n3 n4 n5 up\n", V_PASS);
    comes_to(LED "remember n2 n4 as some\ncrash all but some\nexpect some up\n"
                 "expect all but some down\nexpect all but n2 some down\n", V_PASS);
    comes_to(LED "expect all but leader role follower\nexpect all but leader n2 role follower\n"
                 "crash random 2 of all but leader\nexpect n1 up\n"
                 "expect at least 2 of all but n1 down\nexpect at least 3 of all but n5 up\n",
             V_PASS);
    comes_to(CALM "set entry-size 1kB\nset prevote on on all but n1\nisolate all but n1 n2 n3\n"
                  "campaign n1\nexpect leader n1 within 50ms\n", V_PASS);
}

static void all_but_nobody_is_refused(void **state)
{
    (void)state;
    refused(CALM "crash all but\n", "t.scn:6:14: error: expected who is left out; write all but");
    refused(CALM "crash all but n9\n", "t.scn:6:15: error: unknown node 'n9'");
    refused(CALM "crash all but n1..n5\n", "t.scn:6:15: error: nobody is left");
    refused(CALM "crash all but all\n", "t.scn:6:15: error: nobody is left");
    refused(CALM "expect all but n9 up\n", "t.scn:6:16: error: unknown node 'n9'");
    refused(CALM "drop all append from all but n1..n5\n", "nobody is left");
    refused(CALM "set prevote on on all but leader\n", "expected who is left out");
    refused(CALM "disk all but leader term 2\n", "nobody leads before the start");
    refused(CALM "isolate all but n1 c1\n", "`all but` leaves out nodes");
    refused(CALM "remember leader as first\ncrash all but frist\n", "did you mean 'first'?");
    says(CALM "crash all but leader\nexpect n1 up\n", "wanted nodes to act on");
}

static void messages_know_the_others(void **state)
{
    (void)state;
    comes_to(LED "remember leader as L\ndrop all append from leader to all but leader n2\n"
                 "client c1 write x 1 at n1\nwait 100ms\nexpect n2 last-index = 2\n"
                 "expect all but L n2 last-index = 1\n"
                 "expect messages append-reply from all but L >= 4\n"
                 "expect messages append from all but n1 = 0\n", V_PASS);
    comes_to(CALM "disk all but n1 n2 term 1 log 1\nexpect leader n3..n5 within 20s\n", V_PASS);
}

/* n1 leads term 1 beyond the cut, n3 term 2. */
#define TWO LED "partition n1 n2 | n3 n4 n5\ncampaign n3\nexpect leader n3 term 2 within 50ms\n"

static void a_side_has_a_leader_of_its_own(void **state)
{
    (void)state;
    comes_to(TWO "expect leader among n1 n2 term 1\nexpect leader among all term 2\n"
                 "expect exactly-one leader among n1 n2\nexpect exactly-one leader among n3..n5\n"
                 "expect no leader among n2 n4 n5\nremember n1 n2 as old\n"
                 "expect leader among old\nexpect exactly-one leader among all but old\n", V_PASS);
    says(TWO "expect leader n1\n", "saw n3 leader of term 2");
    says(TWO "expect leader among n2 n4\n", "saw no leader");
    says(TWO "expect exactly-one leader among n1 n3\n",
         "saw n1 leader of term 1, n3 leader of term 2");
    says(TWO "expect no leader among n1 n2\n", "saw n1 leader of term 1");
    says(CALM "at 1s: remember n1 as late\nexpect no leader among late\n",
         "saw no node that is meant");
    refused(CALM "expect leader among\n", "expected the nodes among which somebody leads");
    refused(CALM "expect exactly-one leader amon n1\n", "did you mean 'among'?");
}

static void some_of_them_are_enough(void **state)
{
    (void)state;
    comes_to(LED "isolate n4 n5\nclient c1 write x 1 at n1 -> ok\nsettle\n"
                 "expect at least 3 of n1..n5 last-index = 2\n"
                 "expect at least 1 of n1 n2 leader\nexpect at least 4 of all role follower\n"
                 "expect at least 2 of all but n1 votedfor n1\n", V_PASS);
    says(LED "crash n5\nisolate n4\nclient c1 write x 1 at n1 -> ok\nsettle\n"
             "expect at least 4 of n1..n5 last-index = 2\n",
         "saw 3 of 5: n4 last index 1, n5 down");
    says(CALM "expect at least 1 of followers up\n", "saw no node that is meant");
    refused(CALM "expect at least 4 of n1..n3 up\n",
            "t.scn:6:17: error: there are no more than 3 of them");
    refused(CALM "expect at least 4 of n1..n3 leader\n", "there are no more than 3 of them");
    refused(CALM "expect at least 0 of n1..n3 up\n",
            "'0' is out of range; write a number from 1 to 16");
    refused(CALM "expect at least 2 n1..n3 up\n", "expected 'of', found 'n1'");
    refused(CALM "expect at leas 2 of n1..n3 up\n", "did you mean 'least'?");
    refused(CALM "expect at least 2 of n1..n3 log equal\n", "logs are equal to one another");
}

static void not_asks_for_another(void **state)
{
    (void)state;
    comes_to(LED "expect n2 role not leader\nexpect n2..n5 not leader\nexpect all not candidate\n"
                 "expect n2 role not leader term 1\nexpect n1 votedfor not n2\n"
                 "expect n1 votedfor not none\nexpect all not down\ncrash n2\nexpect n2 not up\n"
                 "expect leader not paused\n", V_PASS);
    says(LED "expect n1 role not leader\n", "saw n1 leader of term 1");
    says(LED "expect n2 role not leader term 2\n", "saw n2 follower of term 1");
    says(LED "crash n1\nexpect n1 role not leader\n", "saw n1 down");
    says(LED "crash n1\nexpect n1 votedfor not n2\n", "saw n1 down");
    says(LED "expect n2 votedfor not n1\n", "saw n2 voted for n1 in term 1");
    says(LED "crash n1\nexpect n1 not down\n", "saw n1 down");
    refused(CALM "expect n1 not commit = 3\n",
            "t.scn:6:11: error: 'not' stands before a role or a state");
    refused(CALM "expect n1 not role leader\n", "'not' stands before a role or a state");
    refused(CALM "expect n1 role not leder\n", "did you mean 'leader'?");
    refused(CALM "expect n1 nott leader\n", "'nott' is no condition of a node");
}

static void what_is_done_if_any_is_not_done_to_nobody(void **state)
{
    (void)state;
    comes_to(CALM "crash leader if any\nexpect all up\nevery 100ms: crash leader if any\n"
                  "campaign n1\nwait 50ms\nexpect n1 up\nwait 500ms\nexpect n1 down\n"
                  "expect at least 4 of all up\n", V_PASS);
    says(CALM "every 100ms: crash leader\nwait 1ms\nexpect all up\n", "wanted nodes to act on");
    comes_to(CALM "isolate leader if any\ncut leader - n2 if any\nheal leader if any\n"
                  "drop all append from leader if any\npropose leader \"a\" \"b\" if any\n"
                  "client c1 write x 1 at leader if any\ncrash all but leader if any\n"
                  "at 1ms: disk followers stall if any\nwait 1ms\nexpect all up\n"
                  "expect messages any = 0\n", V_PASS);
    /* a name keeps who it was given to */
    comes_to(LED "remember leader as L\ncrash L\nremember leader as L if any\nexpect L down\n",
             V_PASS);
    comes_to(LED "every 10ms for 10ms: strobe leader 1ms every 1ms for 2ms if any\n"
                 "crash leader if any\nwait 1s\nexpect n1 down\n", V_PASS);
    refused(CALM "crash n1 if any\n", "t.scn:6:10: error: `if any` belongs to what is done");
    refused(CALM "expect leader commit = 1 if any\n", "`if any` belongs to what is done");
    refused(CALM "expect leader within 1s if any\n", "t.scn:6:25: error: `if any` belongs to");
    refused(CALM "settle leader if any\n", "`if any` belongs to what is done");
    comes_to(CALM "define f(x)\nisolate $x if any\nend\ndo f(n1)\ndo f(leader)\nexpect n1 up\n",
             V_PASS);
    refused(CALM "remember n2 as leader\n",
            "t.scn:6:16: error: 'leader' means something else already; remember leader as L");
    refused(CALM "remember n2 as n4\n", "'n4' means something else already");
    refused(CALM "every 1s: crash leader if\n", "unexpected 'if'; here may stand");
    refused(CALM "every 1s: crash leader if eny\n", "unexpected 'if'; here may stand");
}

int main(void)
{
    const struct CMUnitTest sim_lang_nodes[] = {
        cmocka_unit_test(all_but_some_are_the_others),
        cmocka_unit_test(all_but_nobody_is_refused),
        cmocka_unit_test(messages_know_the_others),
        cmocka_unit_test(a_side_has_a_leader_of_its_own),
        cmocka_unit_test(some_of_them_are_enough),
        cmocka_unit_test(not_asks_for_another),
        cmocka_unit_test(what_is_done_if_any_is_not_done_to_nobody),
    };
    return cmocka_run_group_tests(sim_lang_nodes, NULL, NULL);
}
