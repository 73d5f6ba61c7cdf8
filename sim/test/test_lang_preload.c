/* SPDX-License-Identifier: MIT */
/* What disks hold before the start: what is filled in, what no history allows, what only
 * looks odd. */
#define _GNU_SOURCE
#include "played.h"

static void a_preload_is_a_disk_before_the_start(void **state)
{
    (void)state;
    comes_to(HEAD "disk n1 term 7 vote n2 commit 1 log 1 1 4\n"
                  "disk n2 term 5 log 1/1:\"a\" 1/2:\"b\"\n"
                  "disk n3 term 1\n"
                  "disk n3 log 1\n"
                  "expect n1 term = 7\n"
                  "expect n1 votedfor n2\n"
                  "expect n1 log 1/1:\"a\" 1 4\n"
                  "expect n2 log 1/1:\"a\" 1/2\n"
                  "expect disk n2 log 1 1\n"
                  "expect n3 log 1/1:\"a\"\n", V_PASS);
    refused(HEAD "disk n1 n2 term 1\ndisk n2 n3 term 2\n",
            "t.scn:4:12: error: n2 has a term already, by line 3; say each part once");
    refused(HEAD "disk n1 log 1/1 1/3\n", "expected index 2 here");
    refused(HEAD "disk n1 log 0 1 unsafe\n", "t.scn:3:13: error: terms of entries begin at 1");
    refused(HEAD "disk leader term 1\n", "t.scn:3:6: error: nobody leads before the start");
}

/* Who is in a term that has entries has voted for its leader, as far as it can have. */
static void what_a_preload_leaves_out_is_filled_in(void **state)
{
    (void)state;
    comes_to(HEAD "disk n1 n2 log 1 1\ndisk n3 term 1\n"
                  "expect all term = 1\nexpect all votedfor n1\n", V_PASS);
    /* n2 has most of its entries */
    comes_to(HEAD "disk n1 log 1 1\ndisk n2 log 1 1 1\ndisk n3 term 2\n"
                  "expect n1 n2 votedfor n2\nexpect n3 votedfor none\n", V_PASS);
    comes_to(HEAD "disk n1 log 1 2\ndisk n2 term 2 vote n2 log 1\ndisk n3 term 2 vote none log 1\n"
                  "expect n1 votedfor n2\nexpect n3 votedfor none\n", V_PASS);
    comes_to("wavetank 1\nnodes n1..n5\n"
             "disk n1 log 1 2\ndisk n2 term 2\ndisk n3 term 2 log 1\n"
             "disk n4 term 2 log 1 1\n"             /* ahead of n1 when that stood */
             "disk n5 log 1\n"
             "expect n1..n3 votedfor n1\nexpect n4 votedfor none\nexpect n5 votedfor n4\n", V_PASS);
    comes_to("wavetank 1\nnodes n1..n5\n"
             "disk n1 log 1 1\ndisk n2 log 1\n"     /* n1 has more, n2 has votes */
             "disk n3 n4 term 1 vote n2\ndisk n5 term 1\n"
             "expect n1 n2 n5 votedfor n2\n", V_PASS);
}

/* A scenario of five nodes with these preloads, each statement with `end` at its end. */
static void preloaded(char *out, size_t size, uint32_t nodes, const char *preloads, const char *end)
{
    size_t n = (size_t)snprintf(out, size, "wavetank 1\nnodes n1..n%u\n", nodes);
    for (const char *line = preloads; *line; line += strcspn(line, "\n") + 1)
        n += (size_t)snprintf(out + n, size - n, "%.*s%s\n", (int)strcspn(line, "\n"), line, end);
    snprintf(out + n, size - n, "expect no leader\n");
}

static void a_preload_that_no_history_allows_is_refused(void **state)
{
    (void)state;
    static const struct { const char *preload, *at, *why; } cases[] = {
        {"disk all log 1 3 2\n", "3:18",
         "the terms of a log never fall; end the statement with `unsafe`\n"},
        {"disk all term 1 log 2\n", "3:21",
         "an entry of term 2 in the log of a node in term 1; give the node that term, or end the "
         "statement"},
        {"disk all commit 3 log 1 1\n", "3:17", "entry 3 is committed, and the log ends at 2"},
        {"disk n1 vote n2\n", "3:14", "a vote is cast in a term; write term 1 vote n1"},
        {"disk n1 n2 log 1 2\ndisk n3 term 2 log 1 1 2\n", "4:24",
         "term 2 begins at entry 2 in n1's log and at 3 in n3's, and has one leader"},
        {"disk n1 n2 term 4 log 1 2 4\ndisk n3 log 1 3 4\n", "4:17",
         "n1 and n3 share entry 3 of term 4, and not entry 2 before it"},
        {"disk n1 log 1 2\ndisk n2 term 3 log 1/1:\"a\" 3\ndisk n3 term 3 log 1/1:\"b\"\n", "5:20",
         "n1 and n3 have different values in entry 1 of term 1"},
        {"disk n1 n2 log 1 2 commit 2\ndisk n3 term 3 log 1 1 commit 2\n", "4:31",
         "n1 and n3 have committed different entries at 2"},
        {"disk n1 commit 2 log 1 1\ndisk n2 n3 log 1\n", "3:16",
         "n1 has committed entry 2, which of the voters only n1 has; "
         "give a majority that entry, or"},
        {"disk n1 n2 term 3 commit 2 log 1 2\ndisk n3 log 1 3\n", "3:26",
         "n1 has committed entry 2 of term 2, and n3 followed a later leader without it"},
        {"disk n1 log 1 1\n", "3:13",
         "entries of term 1 need a leader with the votes of a majority, and of the voters only n1 "
         "has been in it; give a majority that term or a later one, or end"},
        {"disk n1 term 1 vote n1 log 1\ndisk n2 term 1 vote n2\ndisk n3 term 1 vote n3\n", "3:28",
         "entries of term 1 need a leader, and nobody can have had the votes of a majority"},
        {"disk n1 log 1 1 2\ndisk n2 n3 term 2 log 1 1 1\n", "3:17",    /* they were ahead of n1 */
         "entries of term 2 need a leader, and nobody can have had the votes of a majority"},
    };
    char text[300], complaint[400];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        preloaded(text, sizeof text, 3, cases[i].preload, "");
        snprintf(complaint, sizeof complaint, "t.scn:%s: error: no history of Raft leads there: %s",
                 cases[i].at, cases[i].why);
        refused(text, complaint);
        preloaded(text, sizeof text, 3, cases[i].preload, " unsafe");
        scenario_free(good(text));
    }
    refused("wavetank 1\nnodes n1..n3 spare n4\ndisk n1 term 1 vote n4\n",
            "n4 is no voter, and nobody votes for it");
    refused(HEAD "disk n1 log 2 1\n", "asserts nothing");                   /* and that as well */
}

/* Figure 8: entry 2 of term 2 lies on a majority, and no leader has committed it by one of
 * its own. */
static void a_majority_alone_commits_nothing_of_an_earlier_term(void **state)
{
    (void)state;
    char text[300];
    static const char *const possible = "disk n1 n2 n3 term 4 log 1 2 4 commit 3\ndisk n4 log 1\n"
                                        "disk n5 log 1 3\n";
    static const char *const impossible = "disk n1 term 4 log 1 2 4 commit 2\n"
                                          "disk n2 n3 term 4 log 1 2\n"
                                          "disk n4 term 4 log 1\ndisk n5 term 4 log 1 3\n";
    preloaded(text, sizeof text, 5, possible, "");
    scenario_free(good(text));
    preloaded(text, sizeof text, 5, impossible, "");
    refused(text, "n1 has committed entry 2 of term 2, and n5 followed a later leader without it");
}

static void a_preload_that_some_history_allows_is_read(void **state)
{
    (void)state;
    static const char *const cases[] = {
        /* two leaders, neither committed anything */
        "disk n1 n2 term 9 log 1 2\ndisk n3 term 9 vote n3 log 1 3\ndisk n4 term 9\n",
        /* a candidate that crashed before its term was on its own disk */
        "disk n1 term 5 vote n2\n",
        /* one that lags, and one that stood in vain */
        "disk n1 n2 n3 term 2 log 1 2 commit 2\ndisk n4 log 1 1\ndisk n5 term 7 log 1\n",
        /* votes of term 1 are forgotten */
        "disk n1 term 3 log 1 1\ndisk n2 n3 term 3 log 1\ndisk n4 n5 term 3\n",
        /* more than was committed */
        "disk n1..n3 term 2 commit 1 log 1\ndisk n4 n5 log 1 1 1\n",
        /* a leader that lost what it had not on its disk */
        "disk n1 log 2\ndisk n2 n3 term 2 vote n4\ndisk n4 term 2\n",
        /* a node that no rule looks at may have voted */
        "disk n1 n2 log 1\ndisk n3 vote n1 unsafe\n",
    };
    char text[300];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        preloaded(text, sizeof text, 5, cases[i], "");
        scenario_free(good(text));
    }
}

static void a_log_may_be_said_to_be_empty(void **state)
{
    (void)state;
    comes_to(HEAD "disk n1 log empty\nexpect n1 term = 0\nexpect disk n1 log empty\n", V_PASS);
    comes_to(HEAD "disk n1 n2 log 1 1\ndisk n3 log empty\nexpect durable n3 term 0 votedfor none\n"
             "expect all log equal within 2s\n", V_PASS);
    comes_to("wavetank 1\nnodes n1..n3 spare n4\ndisk n4 term 3 log empty unsafe\nstart n4\n"
             "expect n4 term = 3\nexpect n4 log empty\n", V_PASS);
    refused(HEAD "disk n1 log empty 1\nexpect n1 up\n", "t.scn:3:19: error: expected a part");
    refused(HEAD "disk n1 log empty commit 1\nexpect n1 up\n",
            "entry 1 is committed, and the log ends at 0");
    refused(HEAD "disk n1 log 1\ndisk n1 log empty\nexpect n1 up\n",
            "n1 has a log already, by line 3");
    refused(HEAD "disk n1 log\nexpect n1 up\n", "or log empty");
    refused(HEAD "campaign n1\ndisk n1 log empty\nexpect n1 up\n",
            "the cluster has started already");
}

int main(void)
{
    const struct CMUnitTest sim_lang_preload[] = {
        cmocka_unit_test(a_preload_is_a_disk_before_the_start),
        cmocka_unit_test(what_a_preload_leaves_out_is_filled_in),
        cmocka_unit_test(a_preload_that_no_history_allows_is_refused),
        cmocka_unit_test(a_majority_alone_commits_nothing_of_an_earlier_term),
        cmocka_unit_test(a_preload_that_some_history_allows_is_read),
        cmocka_unit_test(a_log_may_be_said_to_be_empty),
    };
    return cmocka_run_group_tests(sim_lang_preload, NULL, NULL);
}
