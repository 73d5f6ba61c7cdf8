/* SPDX-License-Identifier: MIT */
/* What is counted: since when, of whom, and what waits for a disk. */
#define _GNU_SOURCE
#include "played.h"

#define CALM HEAD "set prevote off\nset election-timeout 5s..6s\nset heartbeat 1s\n"
#define LED CALM "campaign n1\nexpect leader n1 term 1 within 50ms\nsettle\n"

static void counts_begin_at_a_mark(void **state)
{
    (void)state;
    comes_to(LED "mark \"elected\"\nexpect messages any since \"elected\" = 0\n"
                 "client c1 write x 1 at n1 -> ok\nsettle\n"
                 "expect messages append since \"elected\" < 5\n"
                 "expect messages append where entries>0 since \"elected\" = 2\n"
                 "expect messages append from n1 to n2 where entries>0 >= 2\n"
                 "expect bytes request since \"elected\" = 128\n"
                 "expect bytes since \"elected\" > 128\n"
                 "expect elections since \"elected\" = 0\nexpect elections = 1\n"
                 "campaign n2\nwait 50ms\nexpect elections since \"elected\" = 1\n", V_PASS);
    /* the latest of that text */
    comes_to(LED "repeat 2\nmark \"again\"\nclient c1 write x 1 at n1 -> ok\nsettle\nend\n"
                 "expect messages request since \"again\" = 1\n"
                 "expect messages request = 2\n", V_PASS);
    comes_to(CALM "mark \"first\"\ncampaign n1\nexpect leader n1 within 50ms\n"
                  "expect elections since \"first\" = 1\n", V_PASS);
    struct result r = played(LED "mark \"here\"\nclient c1 write x 1 at n1 -> ok\n"
                                 "expect messages request since \"here\" = 0\n");
    assert_string_equal(r.detail, "wanted messages request since \"here\" = 0, saw 1");
}

/* It is written above, but its time has not come. */
static void a_mark_that_is_still_to_come_is_no_beginning(void **state)
{
    (void)state;
    struct result r = played(LED "at 3s: mark \"late\"\nexpect messages any since \"late\" <= 9\n");
    assert_int_equal(r.verdict, V_EXPECTATION);
    assert_non_null(strstr(r.detail, "saw no mark \"late\" yet"));
    comes_to(LED "at 3s: mark \"late\"\nwait 3s\nexpect messages any since \"late\" <= 9\n",
             V_PASS);
}

static void marks_are_known_by_their_text(void **state)
{
    (void)state;
    refused(LED "mark \"entries sent\"\nexpect messages any since \"entries send\" <= 1\n",
            "t.scn:10:27: error: no mark \"entries send\" stands before this line; "
            "did you mean 'entries sent'?");
    refused(LED "expect elections since \"x\" <= 1\nmark \"x\"\n",
            "t.scn:9:24: error: no mark \"x\" stands before this line; write mark \"x\" before it");
    refused(HEAD "campaign n1\nbranch A\nmark \"m\"\nbranch B\nwait 1ms\nend\n"
                 "expect elections since \"m\" <= 1\n",
            "no mark \"m\" stands before this line in this variant");
    refused(HEAD "campaign n1\nexpect messages next append = 3\n",
            "t.scn:4:17: error: counts look back; write messages append, and since");
    refused(LED "mark \"x\"\nexpect bytes since x <= 1\n",
            "expected the text of a mark, found 'x'; write it in \"quotes\"");
    refused(LED "mark \"x\"\nexpect messages append sinc \"x\" <= 1\n", "did you mean 'since'?");
}

/* Those of the node that the name means when the question is asked, from the beginning on. */
static void a_count_finds_its_nodes_when_it_is_asked(void **state)
{
    (void)state;
    comes_to(LED "remember leader as L1\nmark \"crash\"\ncrash L1\ncampaign n2\n"
                 "expect leader n2 term 2 within 50ms\nsettle\n"
                 "expect messages append from L1 = 2\nexpect messages append from L1 to n3 = 1\n"
                 "expect messages append to L1 = 1\n"
                 "expect messages append from leader to followers = 2\n"
                 "expect messages append from L1 since \"crash\" = 0\n"
                 "expect messages append from leader since \"crash\" = 2\n"
                 "expect bytes append from L1 to n3 = 64\n"
                 "expect messages delivered append from leader to L1 = 0\n", V_PASS);
    comes_to(CALM "at 60ms: remember leader as late\ncampaign n1\nwait 70ms\n"
                  "expect messages append from late = 2\n"
                  "expect messages append from late to late = 0\n", V_PASS);
    struct result r = played(CALM "at 60ms: remember leader as late\ncampaign n1\nwait 10ms\n"
                                  "expect messages append from late <= 2\n");
    assert_int_equal(r.verdict, V_EXPECTATION);
    assert_non_null(strstr(r.detail, "saw nobody that is meant"));
    comes_to(LED "client c1 write x 1 at n1 -> ok\nexpect messages request from c1 to leader = 1\n"
                 "expect messages request to followers = 0\n"
                 "expect messages reply from leader = 1\n", V_PASS);
    refused(LED "expect messages append from random 2 of followers <= 1\n",
            "a count draws nobody");
    refused(LED "expect messages append from frist <= 1\n", "expected who sends");
    refused(LED "remember leader as first\nexpect messages append from frist <= 1\n",
            "expected who sends; did you mean 'first'?");
}

static void a_trap_finds_its_nodes_when_it_is_set(void **state)
{
    (void)state;
    comes_to(LED "remember leader as L1\ncrash n2 after next append from L1\n"
                 "client c1 write x 1 at n1\nwait 10ms\nexpect n2 down\n", V_PASS);
    comes_to(LED "crash n3 after next delivered append-reply from followers to leader\n"
                 "client c1 write x 1 at n1\nwait 50ms\nexpect n3 down\n", V_PASS);
    comes_to(CALM "crash n2 after next append from leader\nexpect n2 up\n", V_EXPECTATION);
}

static void a_disk_shows_its_queue(void **state)
{
    (void)state;
    comes_to(LED "disk n2 stepwise\nclient c1 write x 1 at n1 -> ok\n"
                 "client c1 write x 2 at n1 -> ok\nsettle\nexpect n2 pending writes = 2\n"
                 "expect n2 pending writes >= 2\nexpect n1 n3 pending writes = 0\n"
                 "disk n2 complete 1 write\nexpect n2 pending writes = 1\ncrash n2\n"
                 "expect at least 3 of all pending writes = 0\n", V_PASS);
    struct result r = played(LED "disk n2 stepwise\nclient c1 write x 2 at n1 -> ok\nsettle\n"
                                 "expect n2 pending writes = 0\n");
    assert_string_equal(r.detail, "wanted n2 pending writes = 0, saw n2 with 1 pending write");
    refused(LED "expect n2 pending writs = 1\n", "did you mean 'writes'?");
    refused(LED "expect n2 pendin writes = 1\n", "did you mean 'pending'?");
}

int main(void)
{
    const struct CMUnitTest sim_lang_counts[] = {
        cmocka_unit_test(counts_begin_at_a_mark),
        cmocka_unit_test(a_mark_that_is_still_to_come_is_no_beginning),
        cmocka_unit_test(marks_are_known_by_their_text),
        cmocka_unit_test(a_count_finds_its_nodes_when_it_is_asked),
        cmocka_unit_test(a_trap_finds_its_nodes_when_it_is_set),
        cmocka_unit_test(a_disk_shows_its_queue),
    };
    return cmocka_run_group_tests(sim_lang_counts, NULL, NULL);
}
