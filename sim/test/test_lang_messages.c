/* SPDX-License-Identifier: MIT */
/* Message surgery as scenarios say it: what is refused, what fails, what it does. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lang/ast.h"
#include "../run/run.h"

#define HEAD "wavetank 1\nnodes n1..n3\nset prevote off\nset election-timeout 5s..6s\n"
#define ELECT "campaign n1\nexpect leader n1 within 50ms\nsettle\n"

static char said[20000];

static struct scenario *load(const char *text)
{
    memset(said, 0, sizeof said);
    FILE *err = fmemopen(said, sizeof said - 1, "w");
    assert_non_null(err);
    struct scenario *s = scenario_load("t.scn", text, strlen(text), NULL, 0, err);
    fclose(err);
    return s;
}

static void refused(const char *line, const char *complaint)
{
    char text[5000];
    snprintf(text, sizeof text, HEAD "hold next append as late\n%s\nexpect n1 up\n", line);
    struct scenario *s = load(text);
    if (s)
        fail_msg("not refused: %s", line);
    if (!strstr(said, complaint))
        fail_msg("%s\nwanted %s\nsaw %s", line, complaint, said);
}

static FILE *say;                /* where `show` prints; NULL: nowhere */

static struct result play(const struct scenario *s, uint64_t seed, bool calm)
{
    static struct arena *block;
    struct result out;
    if (!block)
        block = run_block();
    assert_non_null(block);
    struct run run = {.scenario = s, .seed = seed,
                      .play = {.until = NEVER, .calm = calm, .say = say}};
    run_once(&run, block, &out);
    return out;
}

static struct scenario *good(const char *body)
{
    char text[4000];
    snprintf(text, sizeof text, HEAD "%s", body);
    struct scenario *s = load(text);
    if (!s)
        fail_msg("refused:\n%s\nsays\n%s", text, said);
    return s;
}

static void passes(const char *body)
{
    struct scenario *s = good(body);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct result r = play(s, seed, false);
        if (r.verdict != V_PASS)
            fail_msg("%s\nseed %u: %s: %s at %s", body, (unsigned)seed, verdict_name(r.verdict),
                     r.detail, r.where);
    }
    scenario_free(s);
}

/* It comes to this verdict, at this place, and says so. */
static void fails(const char *body, enum verdict verdict, const char *where, const char *detail)
{
    struct scenario *s = good(body);
    struct result r = play(s, 1, false);
    if (r.verdict != (uint8_t)verdict || strcmp(r.where, where) || !strstr(r.detail, detail))
        fail_msg("%s\nwanted %s at %s: %s\nsaw %s at %s: %s", body, verdict_name((int)verdict),
                 where, detail, verdict_name(r.verdict), r.where, r.detail);
    scenario_free(s);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void rules_that_are_no_rules_are_refused(void **state)
{
    (void)state;
    refused("drop next apend from n1 to n2",
            "t.scn:6:11: error: expected a message's type, found 'apend'; did you mean 'append'?");
    refused("drop", "expected a message's type, but the line ends");
    refused("drop next 0 append",
            "'0' is out of range; write a number from 1 to 1000000");
    refused("drop all append from n9", "unknown node 'n9' (this cluster has n1..n3)");
    refused("drop all append from", "expected who sends");
    refused("drop all append until noon", "expected 'heal', found 'noon'");
    refused("drop all append for 3", "'3' has no unit");
    refused("drop pending append until heal", "this is done at once and does not stand");
    refused("drop next append where terms=2",
            "expected what the message says, found 'terms'; did you mean 'term'?");
    refused("drop next append where term=2,", "expected what the message says, but the line ends");
    refused("drop next append where term 2", "expected =, !=, <=, >=, < or >");
    refused("hold next append",
            "expected 'as' and a name to release them by; write hold next append from n1 to n2 as "
            "h1");
    refused("hold next append as", "expected a name for what is held");
    refused("drop next append-reply where reject accept",
            "t.scn:6:37: error: no message is a refusal and none at once; write one of reject and "
            "accept");
    refused("drop next 1.5 append",
            "expected a number of messages, found '1.5'; write a whole number from 1 to 1000000");
    refused("drop next append where term=2.5",
            "expected a number, found '2.5'; write a whole number");
    refused("drop next append to n2 from n1",
            "t.scn:6:24: error: who sends stands first; write from A to B");
    refused("crash n1 after next append to n2 from n1",
            "who sends stands first; write from A to B");
    refused("delay next append",
            "expected 'by' and a time; write delay next append from n1 to n2 by 50ms");
    refused("delay next append by 0ms", "t.scn:6:22: error: a delay of nothing delays nothing");
    refused("delay next append by 5", "'5' has no unit");
    refused("duplicate next append 3", "expected 'times'");
    refused("allow pending append", "what is under way met no rule any more");
    refused("drop 3 append", "t.scn:6:6: error: a number alone says nothing; write next 3 append, "
                             "or 30% of append");
    refused("drop 0% of append", "a share of nothing takes no message");
    refused("drop 130% of append", "this share is more than 100%");
    refused("drop 30% append", "expected 'of', found 'append'");
    refused("drop 30% of next append", "the next messages are counted, not shared out");
    refused("allow 30% of pending append", "what is under way met no rule any more");
    refused("delay append by 0ms..0ms", "a delay of nothing delays nothing");
    refused("delay append by 9ms..5ms", "t.scn:6:17: error:");
    refused("drop all append as a as b", "a rule has one name");
    refused("drop pending append as a", "this is done at once and does not stand");
    refused("lift lat", "no rule is called 'lat'; did you mean 'late'?");
    refused("lift storm", "no rule is called 'storm'; write `drop all append from n1 as storm` "
                          "before it");
    refused("drop all append as storm\nrelease storm", "nothing is held as 'storm'");
}

static void releases_that_name_nothing_are_refused(void **state)
{
    (void)state;
    refused("release lat", "t.scn:6:9: error: nothing is held as 'lat'; did you mean 'late'?");
    refused("release", "expected the name of a hold, but the line ends");
    refused("release late in", "expected 'order'");
    refused("release late in order",
            "expected the order, but the line ends; write release h1 in order 2 1 3");
    refused("release late in order 2 1 2",
            "t.scn:6:27: error: 2 stands here twice; a message can be released once");
    refused("release late in order 0 1", "'0' is out of range; write a number from 1");
    refused("expect held lat = 1", "nothing is held as 'lat'; did you mean 'late'?");
    refused("deliver n1", "expected ->");
    refused("deliver n1 -> n2 many", "expected how many, found 'many'");
    refused("shuffle c1 -> n1", "only links between nodes are shuffled");
    refused("discard append", "expected 'pending', found 'append'");
    refused("show message", "unknown statement 'show message'; did you mean 'messages'?");
}

static void an_injection_has_so_many_entries_and_no_more(void **state)
{
    (void)state;
    char text[4096] = "inject append from n1 to n3 term 1 entries";
    size_t n = strlen(text);
    for (int i = 1; i <= 257; i++) n += (size_t)snprintf(text + n, sizeof text - n, " 1/%d", i);
    refused(text, "at most 256 entries");
}

static void injections_that_make_no_message_are_refused(void **state)
{
    (void)state;
    refused("inject request from n1 to n2 term 1",
            "expected the type of a message between nodes, found 'request'");
    refused("inject append from n1 n2 to n3 term 1", "a message has one sender");
    refused("inject append to n3 term 1", "expected 'from', found 'to'");
    refused("inject append from n1 to n3", "every message has a term; write term 2");
    refused("inject append from n1 to n3 term 0", "'0' is out of range; write a number from 1");
    refused("inject append from n1 to n3 term 1 last 1/1",
            "expected what the message says, found 'last'");
    refused("inject append from n1 to n3 term 1 term 2",
            "t.scn:6:36: error: 'term' stands here twice");
    refused("inject append from n1 to n3 term 1 prev 1",
            "expected '/'; an entry is written TERM/INDEX");
    refused("inject append from n1 to n3 term 1 prev 1/1 entries 1/3",
            "entries after prev begin at index 2");
    refused("inject append from n1 to n3 term 1 entries 1/1 1/3", "expected index 2 here");
    refused("inject append from n1 to n3 term 1 entries 1/2", "write prev before entries");
    refused("inject append from n1 to n3 term 1 entries",
            "expected an entry as TERM/INDEX, but the line ends");
    refused("inject append-reply from n1 to n3 term 1 hint 1/1", "only a refusal has a hint");
    refused("inject vote from n1 to n3 term 1 try 2", "a try is written BOOT/NUMBER, as in 1/2");
    refused("inject vote from n1 to n3 term 1 try 0/2",
            "'0' is out of range; write a number from 1");
    refused("inject vote from n1 to n3 term 1 try 1/1 try 1/1", "'try' stands here twice");
    refused("inject vote from n1 to n3 term 1 asked 1", "found 'asked'; it is one of");
    refused("inject append from n1 to n3 term 1 try 1/1", "found 'try'; it is one of");
    refused("inject heartbeat-reply from n3 to n1 term 1 reject asked x", "expected a term");
    refused("inject append from n1 to n3 term 1 unsafe commit 2", "unexpected 'commit'");
}

/* ---- what fails ------------------------------------------------------------------------------ */

static void a_message_that_no_correct_node_could_send_is_an_error(void **state)
{
    (void)state;
    const struct { const char *line, *where, *why; } cases[] = {
        {"inject append from n2 to n3 term 1", "t.scn:8:29",
         "n2 never led term 1 (n1 did); write unsafe at the end"},
        {"inject append from n1 to n3 term 2", "t.scn:8:29", "n1 never led term 2 (nobody did)"},
        {"inject append from n1 to n3 term 1 prev 1/1 entries 1/2", "t.scn:8:45",
         "never had these entries"},
        {"inject append from n1 to n3 term 1 prev 1/2", "t.scn:8:36",
         "as leader of term 1 never had 1/2"},
        {"inject append from n1 to n3 term 1 prev 1/1 commit 2", "t.scn:8:45",
         "never knew so much to be committed"},
        {"inject append from n1 to n3 term 1 prev 1/1 round 9", "t.scn:8:45",
         "never sent that round"},
        {"inject vote from n2 to n3 term 1", "t.scn:8:27", "n2 was never a candidate in term 1"},
        {"inject vote from n1 to n3 term 1 last 1/1", "t.scn:8:34",
         "did not end there when it asked"},
        {"inject vote-reply from n3 to n2 term 1", "t.scn:8:1",
         "never held a vote for n2 in term 1"},
        {"inject append-reply from n3 to n1 term 1 index 2", "t.scn:8:42",
         "never held the log of term 1 through 2"},
        {"inject append-reply from n3 to n1 term 1 index 3 reject", "t.scn:8:42",
         "never had reason to refuse what follows 3"},
        {"inject append-reply from n3 to n2 term 1 index 1", "t.scn:8:35", "n2 never led term 1"},
        {"inject heartbeat from n1 to n3 term 1 commit 2", "t.scn:8:39", "committed and received"},
        {"inject commit-notify from n1 to n3 term 1 commit 2", "t.scn:8:43",
         "committed and received"},
        {"inject commit-notify from n2 to n3 term 1", "t.scn:8:36", "n2 never led term 1"},
        {"inject vote from n1 to n3 term 1 last nothing try 1/2", "t.scn:8:47",
         "n1 never asked so for term 1 in try 1/2"},
        {"inject vote-reply from n3 to n1 term 1 try 2/1", "t.scn:8:40",
         "n1 never asked so for term 1 in try 2/1"},
        {"inject vote-reply from n3 to n1 term 1 asked 2", "t.scn:8:40",
         "who grants is in the term that was asked"},
        {"inject append-reply from n3 to n1 term 1 index 1 asked 2", "t.scn:8:50",
         "who accepts is in the term that was asked"},
        {"inject vote-reply from n3 to n1 term 1 reject asked 3", "t.scn:8:47",
         "n1 asked for nothing of the kind in term 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        snprintf(text, sizeof text, ELECT "%s\nexpect n1 up\n", cases[i].line);
        fails(text, V_ERROR, cases[i].where, cases[i].why);
    }
}

/* Rounds that began when the sender had left the term: it cannot have answered them. */
static void a_round_is_answered_when_it_has_begun(void **state)
{
    (void)state;
    const char *const lost = "drop all heartbeat from n1 to n3\n",
        *const reads = "client c1 read x at n1\nwait 5ms\n";
    const char *const left = "isolate n1\ncampaign n2\nexpect leader n2 within 50ms\n";
    char text[600];
    snprintf(text, sizeof text,
             ELECT "%s%sinject heartbeat-reply from n3 to n1 term 1 round 2\nwait 5ms\n", lost,
             reads);
    passes(text);
    snprintf(text, sizeof text,
             ELECT "%s%s%sinject heartbeat-reply from n3 to n1 term 1 round 2 even if lost\n", lost,
             reads, left);
    passes(text);
    snprintf(text, sizeof text, ELECT "%s%s%sinject heartbeat-reply from n3 to n1 term 1 round 2\n",
             lost, left, reads);
    fails(text, V_ERROR, "t.scn:14:45", "n1 led term 1 and sent no such round while n3 was in it");
    snprintf(text, sizeof text,
             ELECT "%s%s%sinject append-reply from n3 to n1 term 1 index 1 round 2\n", lost, left,
             reads);
    fails(text, V_ERROR, "t.scn:14:50", "n1 led term 1 and sent no such round while n3 was in it");
}

/* What a node holds in memory only, what it knew in another term, what it never was: no moment at
 * which it could say so. */
static void a_moment_must_have_been_there(void **state)
{
    (void)state;
    const char *const vote = "inject vote-reply from n3 to n1 term 1\n";
    char text[600];
    snprintf(text, sizeof text, "disk n3 stall\ncampaign n1\nexpect n3 votedfor n1 within 50ms\n%s",
             vote);
    fails(text, V_ERROR, "t.scn:8:1", "the disk of n3 never held a vote for n1");
    snprintf(text, sizeof text, "campaign n1\nexpect n3 votedfor n1 within 50ms\n"
             "expect durable n3 term 1 within 50ms\n%swait 5ms\n", vote);
    passes(text);
    fails("drop all vote from n1\ncampaign n1\ncampaign n2\ncampaign n2\n"
          "expect leader n2 term 2 within 50ms\nsettle\n"
          "inject vote from n1 to n3 term 2\n",
          V_ERROR, "t.scn:11:27", "n1 was never a candidate in term 2");
    fails(ELECT "drop all append from n1 to n3\nclient c1 write x 1 at n1 -> ok\n"
                "inject heartbeat from n1 to n3 term 1 commit 2\nexpect n1 up\n",
          V_ERROR, "t.scn:10:39",
          "n1 never knew so much to be committed and received as leader of term 1");
    fails(ELECT "client c1 write x 1 at n1 -> ok\nsettle\ncampaign n2\n"
                "expect leader n2 within 50ms\nsettle\n"
                "drop all append from n1 to n3\ncampaign n1\nexpect leader n1 term 3 within 50ms\n"
                "client c1 write x 2 at n1 -> ok\ninject heartbeat from n1 to n3 term 3 commit 2\n",
          V_ERROR, "t.scn:17:39", "and received as leader of term 3");
}

/* ---- what it does ---------------------------------------------------------------------------- */

static void rules_do_as_they_say(void **state)
{
    (void)state;
    passes("hold next vote-reply from n2 to n1 as late\ndrop next vote-reply from n3 to n1\n"
           "campaign n1\n"
           "wait until held late = 1 within 50ms\nwait 50ms\nexpect no leader\nrelease late\n"
           "expect leader n1 within 10ms\n");
    passes("hold next vote-reply as v\ncampaign n1\nwait until held v = 1 within 50ms\n"
           "expect messages vote-reply = 1 within 50ms\n");
    passes(ELECT "drop all append from leader to followers until heal\nclient c1 write x 1 at n1\n"
                 "wait 20ms\n"
                 "expect n2 n3 last-index = 1\nheal\nexpect n2 n3 last-index = 2 within 100ms\n");
    passes(ELECT "hold next request from c1 as r\ndrop next reply to c1\n"
                 "client c1 write x 1 at n1 timeout 100ms retry 3 as w\n"
                 "wait 10ms\nexpect n1 last-index = 1\nrelease r\nwait 10ms\n"
                 "expect n1 last-index = 2\n"
                 "expect w unanswered\n"
                 "expect w ok within 1s\n");
    passes(ELECT "hold all append from n1 to n2 as h\nclient c1 write x 1 -> ok\n"
                 "client c1 write x 2 -> ok\n"
                 "wait until held h >= 2 within 50ms\nrelease h in order 1\n"
                 "client c1 write x 3 -> ok\nwait 50ms\n"
                 "expect n2 last-index = 2\nexpect held h >= 2\nrelease h\n"
                 "client c1 write x 4 -> ok\n"
                 "expect held h = 0\n");
    passes(ELECT
           "crash n2 after next append-reply to n1\nhold next append-reply from n2 to n1 as ack\n"
                 "client c1 write x 1 at n1\nexpect n2 down within 20ms\nexpect held ack = 1\n");
}

static void shares_spans_and_names_do_as_they_say(void **state)
{
    (void)state;
    passes(ELECT "drop 100% of append to n3 as storm\nclient c1 write x 1 at n1 -> ok\nwait 20ms\n"
                 "expect n3 last-index = 1\nlift storm\nexpect n3 last-index = 2 within 100ms\n");
    passes(ELECT "hold all append to n3 as h\nclient c1 write x 1 at n1 -> ok\nsettle\nlift h\n"
                 "client c1 write x 2 at n1 -> ok\nexpect held h >= 1\nrelease h even if lost\n");
    passes(ELECT "delay all append to n3 by 40ms..60ms\npropose n1 \"a\"\nwait 40ms\n"
                 "expect n3 last-index = 1\nexpect n3 last-index = 2 within 25ms\n");
    fails(ELECT "drop all append as storm\nlift storm\nlift storm\n", V_EXPECTATION, "t.scn:10:1",
          "wanted a rule called storm to lift, saw none that stands");
    fails(ELECT "drop next vote as storm\nlift storm\n", V_EXPECTATION, "t.scn:8:1",
          "wanted 1 message for `drop next vote as storm`, saw 0");
    passes(ELECT "drop next vote as storm if any\nlift storm\n");
}

/* Healing at the end lifts every rule, also those that say nothing of a heal. */
static void no_rule_outlives_the_healing_at_the_end(void **state)
{
    (void)state;
    passes(ELECT "drop all append from n1\nclient c1 write x 1 at n1\nwait 50ms\n"
                 "expect n2 last-index = 1\n"
                 "eventually all last-index = 2\n");
    passes("drop all any from n1 n2 n3 to n1 n2 n3\nchaos 1s\n  link delay 1ms..2ms\n"
           "  then heal and expect progress within 20s\nend\n");
}

static void show_changes_no_run_however_much_is_under_way(void **state)
{
    (void)state;
    static const char more[] = "duplicate pending any to n3 16 times even if lost\n";   /* 4913 */
    char body[400];
    snprintf(body, sizeof body,
             "link n1 -> n3 delay 1h\ncampaign n1\nwait 50ms\n%s%s%sshow messages\nexpect n1 up\n",
             more, more, more);
    struct scenario *s = good(body);
    struct result quiet = play(s, 1, false);
    say = fopen("/dev/null", "w");
    assert_non_null(say);
    struct result shown = play(s, 1, false);
    fclose(say);
    say = NULL;
    assert_string_equal(quiet.detail, "");
    assert_string_equal(shown.detail, "");
    assert_memory_equal(quiet.digest, shown.digest, sizeof quiet.digest);
    scenario_free(s);
}

static void show_tells_what_is_under_way_and_where_held_ones_stand(void **state)
{
    (void)state;
    static char shown[4000];
    struct scenario *s = good("link all delay 1ms\n" ELECT
                              "hold all append from n1 as h\nclient c1 write x 1 at n1\n"
                              "wait 5ms\ninject append from n1 to n3 term 1 prev 1/1\nwait 250us\n"
                              "show messages n1 -> n3\nwait 1ms\nexpect n1 up\n");
    say = fmemopen(shown, sizeof shown - 1, "w");
    assert_non_null(say);
    struct result r = play(s, 1, false);
    fclose(say);
    say = NULL;
    assert_string_equal(r.detail, "");
    assert_string_equal(shown, "0.012s 2 messages under way or held\n"
                               "    in 750us: n1 -> n3 append term 1 prev 1/1 entries 0 commit 0 "
                               "round 0\n"
                               "    held as h, 2: n1 -> n3 append term 1 prev 1/1 entries 1 commit "
                               "1 round 1\n");
    scenario_free(s);
}

static void nothing_happens_under_calm(void **state)
{
    (void)state;
    struct scenario *s = good("hold all any from n1 to n2 as h\ndrop next vote from n2\n" ELECT
                              "release h\ndeliver n1 -> n2\ninject append from n2 to n1 term 9\n"
                              "expect held h = 0\n");
    struct result r = play(s, 1, true);
    assert_string_equal(verdict_name(r.verdict), "pass");
    scenario_free(s);
}

static void a_forged_message_is_not_blamed_on_its_sender(void **state)
{
    (void)state;
    /* n1 refuses an append in the term that it leads: of a correct peer's message that is the
     * peer's fault */
    passes(ELECT "inject append from n2 to n1 term 1 unsafe even if lost\nwait 10ms\n"
                 "expect leader n1 term 1\n");
    /* what follows from a lie that is believed is found */
    fails(ELECT "inject append from n1 to n3 term 1 prev 1/1 entries 1/2:\"x\" commit 2 unsafe\n"
                "wait 10ms\n"
          "expect n1 up\n",
          V_SAFETY, "", "n3 commits 1/2 in term 1");
}

static void a_stale_copy_of_what_was_sent_is_no_lie(void **state)
{
    (void)state;
    passes(ELECT "client c1 write x 1 -> ok\nsettle\ncampaign n2\nexpect leader n2 within 50ms\n"
                 "inject vote-reply from n3 to n1 term 1\n"
                 "inject append-reply from n3 to n1 term 1 index 2 round 1\n"
                 "inject append from n1 to n3 term 1 prev 1/1 entries 1/2 commit 1 round 1\n"
                 "wait 10ms\n"
                 "expect leader n2 term 2\nexpect all log equal within 50ms\n");
}

static void a_sut_that_composes_nothing_skips(void **state)
{
    (void)state;
    struct scenario *s = good(ELECT "inject append from n1 to n3 term 1\n");
    struct world_plan *plan = (struct world_plan *)(uintptr_t)scenario_plan(s, 0);
    struct sut mute = *plan->sut;
    mute.compose = NULL;
    plan->sut = &mute;
    struct result r = play(s, 1, false);
    assert_string_equal(verdict_name(r.verdict), "skip");
    scenario_free(s);
}

static void the_same_seed_gives_the_same_run(void **state)
{
    (void)state;
    struct scenario *s = good(ELECT "hold all append to n2 as h\n"
                                    "duplicate all append-reply from n3 2 times\n"
                              "delay all heartbeat to n3 by 7ms\n"
                              "workload w clients 3 keys 2 rate 500/s for 200ms timeout 100ms\n"
                              "wait 100ms\n"
                              "shuffle n1 -> n3 if any\n"
                              "release h in reverse\nwait 1s\neventually all log equal\n");
    struct result a = play(s, 7, false), b = play(s, 7, false), c = play(s, 8, false);
    assert_string_equal(verdict_name(a.verdict), "pass");
    assert_memory_equal(a.digest, b.digest, sizeof a.digest);
    assert_memory_not_equal(a.digest, c.digest, sizeof a.digest);
    scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest sim_lang_messages[] = {
        cmocka_unit_test(rules_that_are_no_rules_are_refused),
        cmocka_unit_test(releases_that_name_nothing_are_refused),
        cmocka_unit_test(an_injection_has_so_many_entries_and_no_more),
        cmocka_unit_test(injections_that_make_no_message_are_refused),
        cmocka_unit_test(a_message_that_no_correct_node_could_send_is_an_error),
        cmocka_unit_test(a_round_is_answered_when_it_has_begun),
        cmocka_unit_test(a_moment_must_have_been_there),
        cmocka_unit_test(rules_do_as_they_say),
        cmocka_unit_test(shares_spans_and_names_do_as_they_say),
        cmocka_unit_test(no_rule_outlives_the_healing_at_the_end),
        cmocka_unit_test(show_changes_no_run_however_much_is_under_way),
        cmocka_unit_test(show_tells_what_is_under_way_and_where_held_ones_stand),
        cmocka_unit_test(nothing_happens_under_calm),
        cmocka_unit_test(a_forged_message_is_not_blamed_on_its_sender),
        cmocka_unit_test(a_stale_copy_of_what_was_sent_is_no_lie),
        cmocka_unit_test(a_sut_that_composes_nothing_skips),
        cmocka_unit_test(the_same_seed_gives_the_same_run),
    };
    return cmocka_run_group_tests(sim_lang_messages, NULL, NULL);
}
