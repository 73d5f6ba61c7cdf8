/* SPDX-License-Identifier: MIT */
/* What is said of single messages, writes and times comes to something, or the run fails at it. */
#define _GNU_SOURCE
#define HEAD "wavetank 1\nnodes n1..n3\nset prevote off\nset election-timeout 5s..6s\n"
#include "played.h"

/* its appends have just left */
#define SENT \
    "mark \"m\"\npropose n1 \"a\"\nwait until messages append since \"m\" = 2 within 9ms\n"
#define ELECT "campaign n1\nexpect leader n1 within 50ms\nsettle\n"

static void refused_line(const char *line, const char *complaint)
{
    char text[1000];
    snprintf(text, sizeof text, HEAD "hold next append as late\n%s\nexpect n1 up\n", line);
    refused(text, complaint);
}

static void passes(const char *body)
{
    char text[1000];
    snprintf(text, sizeof text, HEAD "%s", body);
    comes_to(text, V_PASS);
}

/* It comes to this verdict, at this place, and says so. */
static void fails(const char *body, enum verdict verdict, const char *where, const char *detail)
{
    char text[1000];
    snprintf(text, sizeof text, HEAD "%s", body);
    struct result r = played(text);
    if (r.verdict != (uint8_t)verdict || strcmp(r.where, where) || !strstr(r.detail, detail))
        fail_msg("%s\nwanted %s at %s: %s\nsaw %s at %s: %s", body, verdict_name((int)verdict),
                 where, detail, verdict_name(r.verdict), r.where, r.detail);
}

static void a_rule_whose_messages_never_come_fails(void **state)
{
    (void)state;
    fails("drop next 2 vote from n2\n" ELECT, V_EXPECTATION, "t.scn:5:1",
          "wanted 2 messages for `drop next 2 vote from n2`, saw 0");
    fails("drop next 3 append from n1 where entries>0\n" ELECT, V_EXPECTATION, "t.scn:5:1",
          "saw 2");
    fails("hold next append from n1 to n2 for 10us as h\n" ELECT, V_EXPECTATION, "t.scn:5:1",
          "wanted 1 message");
    fails("hold next append from n2 until heal as h\n" ELECT "heal\n", V_EXPECTATION, "t.scn:5:1",
          "wanted 1 message");
    fails("hold next 2 append from n1 to n2 as h\n" ELECT "release h\nsettle\n", V_EXPECTATION,
          "t.scn:5:1", "saw 1");
    passes("drop all vote from n2\n" ELECT);
}

/* ... and that is no `expect` that an xfail could mean. */
static void an_unmet_rule_is_not_what_xfail_expect_waits_for(void **state)
{
    (void)state;
    fails("xfail expect \"no\"\ndrop next vote from n2\n" ELECT, V_EXPECTATION, "t.scn:6:1",
          "xfail names expect, but what failed is unmet: wanted 1 message");
}

static void acting_on_messages_that_are_not_there_fails(void **state)
{
    (void)state;
    fails("hold all vote from n3 as h\n" ELECT "release h\n", V_EXPECTATION, "t.scn:9:1",
          "wanted messages held as h, saw none");
    fails("hold all append from n1 to n2 as h\n" ELECT "release h in order 2\n", V_EXPECTATION,
          "t.scn:9:1",
          "wanted message 2 of those held as h, saw 1");
    fails(ELECT "deliver n1 -> n2\n", V_EXPECTATION, "t.scn:8:1",
          "wanted messages under way for `deliver n1 -> n2`, saw none");
    fails(ELECT "client c1 write x 1 at n1\ndeliver c1 -> n1 2\n", V_EXPECTATION, "t.scn:9:1",
          "wanted 2 messages for `deliver c1 -> n1 2`, saw 1");
    fails(ELECT "drop pending append\n", V_EXPECTATION, "t.scn:8:1",
          "wanted messages under way for `drop pending append`");
    fails(ELECT "discard pending\n", V_EXPECTATION, "t.scn:8:1",
          "wanted messages under way for `discard pending`, saw none");
    fails(ELECT "shuffle n1 -> n2\n", V_EXPECTATION, "t.scn:8:1",
          "wanted at least two messages under way on a link for `shuffle n1 -> n2`, saw none");
    fails(ELECT SENT "shuffle n1 -> n2\n", V_EXPECTATION, "t.scn:11:1",
          "saw one");
    passes("hold all vote from n3 as h\n" ELECT "drop next vote from n3 if any\n"
           "release h if any\nrelease h in order 2 if any\ndeliver n1 -> n2 if any\n"
           "drop pending append if any\ndiscard pending if any\nshuffle n1 -> n2 if any\n"
           "crash n1 after next vote if any\ncrash n2 during next write if any\n"
           "disk n3 fail next write if any\ndisk n3 fail pending write if any\n"
           "disk n3 complete 2 writes if any\nexpect n1 up\n");
}

/* A trap, and a write that is to fail, wait for something too. */
static void what_waits_and_never_sees_it_fails(void **state)
{
    (void)state;
    fails(ELECT "crash n2 after next vote-reply\n", V_EXPECTATION, "t.scn:8:1",
          "wanted what `crash n2 after next vote-reply` waits for, saw none of it");
    fails(ELECT "crash n2 during next write\n", V_EXPECTATION, "t.scn:8:1", "saw none of it");
    fails(ELECT "disk n2 fail next write\n", V_EXPECTATION, "t.scn:8:1",
          "wanted n2 to write for `disk n2 fail next write`, saw no such write");
    fails(ELECT "disk n2 fail write 2\npropose n1 \"a\"\nsettle\n", V_EXPECTATION, "t.scn:8:1",
          "saw no such write");
    fails(ELECT "disk n2 fail write 100000\nchaos 100ms\n  link delay 1ms..2ms\n  then heal\nend\n",
          V_EXPECTATION, "t.scn:8:1", "saw no such write");           /* healed, and not failed */
}

/* Whatever sets a message on its way wants it to arrive, however it is lost. */
static void a_message_that_is_set_on_its_way_and_lost_fails(void **state)
{
    static const char *const losses[][2] = {
        {"cut n1 -> n3\n", "the link is cut"},
        {"link n1 -> n3 capacity 1\ninject heartbeat from n1 to n3 term 1\n", "the link is full"},
        {"link n1 -> n3 loss 100%\n", "lost"},
        {"crash n3\n", "the node is down"},
    };
    static const char inject[] = "inject heartbeat from n1 to n3 term 1";
    char text[600], says[200];
    (void)state;
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        snprintf(text, sizeof text, ELECT "%s%s\nwait 10ms\n", losses[i][0], inject);
        snprintf(says, sizeof says, "wanted the heartbeat from n1 to n3 to arrive for `%s`, saw it "
                 "dropped: %s", inject, losses[i][1]);
        fails(text, V_EXPECTATION, i == 1 ? "t.scn:10:1" : "t.scn:9:1", says);
        snprintf(text, sizeof text, ELECT "%s%s even if lost\nwait 10ms\n", losses[i][0], inject);
        passes(text);
    }
    fails(ELECT "inject heartbeat from n1 to n3 term 1\ncut n1 -> n3\nwait 10ms\n", V_EXPECTATION,
          "t.scn:8:1", "the link is cut");          /* on its way as well */
    fails(ELECT "pause n3\ninject heartbeat from n1 to n3 term 1\nwait 10ms\ncrash n3\n",
          V_EXPECTATION, "t.scn:9:1", "the node is down");
    fails(ELECT "pause n3\ninject heartbeat from n1 to n3 term 1\nwait 10ms\n", V_EXPECTATION,
          "t.scn:9:1", "saw it under way when the run ended");      /* in the inbox */
    passes(ELECT "pause n3\ninject heartbeat from n1 to n3 term 1\nwait 10ms\nresume n3\n"
           "wait 1ms\n");
    fails(ELECT "inject heartbeat from n1 to n3 term 1\nexpect n1 up\n", V_EXPECTATION, "t.scn:8:1",
          "saw it under way when the run ended");
    passes(ELECT "inject heartbeat from n1 to n3 term 1\ndiscard pending\n");
    fails(ELECT "inject append from n2 to n1 term 1 unsafe\nwait 10ms\n", V_EXPECTATION,
          "t.scn:8:1", "it makes no sense there");
}

static void each_way_to_set_a_message_on_its_way_wants_it_to_arrive(void **state)
{
    (void)state;
    fails("hold next append from n1 to n3 as h\n" ELECT "cut n1 -> n3\nrelease h\n", V_EXPECTATION,
          "t.scn:10:1", "for `release h`, saw it dropped: the link is cut");
    fails(ELECT SENT "cut n1 -> n2\ndeliver n1 -> n2\n", V_EXPECTATION,
          "t.scn:12:1", "for `deliver n1 -> n2`");
    fails(ELECT "delay next append to n2 by 1ms\ncut n1 -> n2\npropose n1 \"a\"\nwait 2ms\n",
          V_EXPECTATION, "t.scn:8:1", "for `delay next append to n2 by 1ms`");
    passes(ELECT "delay next append to n2 by 10s\npropose n1 \"a\"\nwait 2ms\n");
    fails(ELECT "duplicate next append to n2\ncut n1 -> n2\npropose n1 \"a\"\nwait 2ms\n",
          V_EXPECTATION, "t.scn:8:1", "for `duplicate next append to n2`");
    fails(ELECT "drop all append\nallow next append to n2\ncrash n2\npropose n1 \"a\"\nwait 9ms\n",
          V_EXPECTATION, "t.scn:9:1", "for `allow next append to n2`, saw it dropped: the node is");
    fails(ELECT SENT "delay pending append by 1ms\nisolate n1\nwait 5ms\n",
          V_EXPECTATION, "t.scn:11:1", "for `delay pending append by 1ms`");
    passes(ELECT "delay all append to n2 by 1ms\ncut n1 -> n2\npropose n1 \"a\"\nwait 5ms\n");
}

/* What takes as many as there are is content with one; what counts or names them wants each. */
static void of_many_one_may_do(void **state)
{
    (void)state;
    passes("hold all append from n1 as h\n" ELECT "cut n1 -> n3\nrelease h\nwait 5ms\n");
    fails("hold all append from n1 as h\n" ELECT "cut n1 -> n3\nrelease h in order 1 2\nwait 5ms\n",
          V_EXPECTATION, "t.scn:10:1", "the append from n1 to n3");
    passes("hold all append from n1 as h\n" ELECT
           "cut n1 -> n3\nrelease h in order 1 2 even if lost\nwait 5ms\n");
    fails("hold all append from n1 as h\n" ELECT "isolate n1\nrelease h in reverse\n",
          V_EXPECTATION, "t.scn:10:1", "for `release h in reverse`");
}

/* An xfail that waits for an expect is not content with what never arrived. */
static void a_loss_is_found_before_what_follows_from_it(void **state)
{
    (void)state;
    passes("xfail expect \"no\"\n" ELECT "cut n1 -> n3\n"
           "inject heartbeat from n1 to n3 term 1 even if lost\nexpect n3 down\n");
    fails("xfail expect \"no\"\n" ELECT "cut n1 -> n3\ninject heartbeat from n1 to n3 term 1\n"
          "expect n3 down\n", V_EXPECTATION, "t.scn:10:1", "what failed is unmet");
}

/* A statement whose time the run does not reach has said nothing. */
static void what_is_to_happen_after_the_end_fails(void **state)
{
    (void)state;
    fails("at 5s: expect n1 down\n" ELECT, V_EXPECTATION, "t.scn:5:8",
          "wanted the run to reach 5s for `expect n1 down`, saw it end before");
    fails("xfail expect \"no\"\nat 5s: expect n1 down\n" ELECT, V_EXPECTATION, "t.scn:6:8",
          "what failed is unmet");
    fails(ELECT "every 1s: crash n2\n", V_EXPECTATION, "t.scn:8:11",
          "wanted time to pass for `crash n2`, saw the run end at once");
    fails(ELECT "strobe n2 10ms every 20ms for 1s\n", V_EXPECTATION, "t.scn:8:1",
          "wanted time to pass for `strobe n2 10ms every 20ms for 1s`");
    passes("at 1s: expect n1 up\nwait 1s\n");
    passes("eventually n1 term >= 1\nexpect n1 up\nat 1ms: campaign n1\n");
    passes(ELECT "every 1s for 1h: crash n2\nwait 1ms\n");
}

static void where_if_any_and_even_if_lost_belong(void **state)
{
    (void)state;
    refused_line("drop all append if any",
                 "`if any` belongs to what is done to nodes that are found by a word, or to single "
                 "messages or writes");
    refused_line("crash n1 if any", "`if any` belongs to");
    refused_line("inject append from n1 to n3 term 1 if any", "`if any` belongs to");
    refused_line("drop next append even if lost",
                 "t.scn:6:18: error: `even if lost` belongs to single messages that are set on "
                 "their way");
    refused_line("delay all append by 5ms even if lost", "`even if lost` belongs to");
    refused_line("crash n1 even if lost", "`even if lost` belongs to");
    refused_line("release late even if losst", "unexpected 'even'");
    passes(ELECT "hold next append as h\npropose n1 \"a\"\nwait 2ms\n"
           "every 1ms for 3ms: release h if any even if lost\nwait 3ms\n"
           "delay next append by 1ms even if lost if any\nexpect n1 up\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_whose_messages_never_come_fails),
        cmocka_unit_test(an_unmet_rule_is_not_what_xfail_expect_waits_for),
        cmocka_unit_test(acting_on_messages_that_are_not_there_fails),
        cmocka_unit_test(what_waits_and_never_sees_it_fails),
        cmocka_unit_test(a_message_that_is_set_on_its_way_and_lost_fails),
        cmocka_unit_test(each_way_to_set_a_message_on_its_way_wants_it_to_arrive),
        cmocka_unit_test(of_many_one_may_do),
        cmocka_unit_test(a_loss_is_found_before_what_follows_from_it),
        cmocka_unit_test(what_is_to_happen_after_the_end_fails),
        cmocka_unit_test(where_if_any_and_even_if_lost_belong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
