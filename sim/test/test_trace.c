/* SPDX-License-Identifier: MIT */
/* Records as lines and as JSON. */
#include "tank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../trace/sink.h"
#include "../trace/text.h"

static struct world *w;

static int open_it(void **state)
{
    (void)state;
    tank_prepare(3, 2);
    w = tank_open(1);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    tank_close(w);
    return 0;
}

/* What a sink writes for one record, or for its head where r is NULL. The caller frees it. */
static char *written(const char *name, const struct record *r)
{
    FILE *f = tmpfile();
    char *text = calloc(1, 4096);
    assert_non_null(f);
    assert_non_null(text);
    const struct sink *s = sink_by_name(name);
    assert_non_null(s);
    const struct trace_header header = {
        .revision = "1.2", .compiler = "cc", .scenario = "a \"b\".scn", .variant = "",
        .settings = "reads=log --calm", .drawn = "voters=5", .seed = UINT64_MAX};
    if (r)
        s->record(f, w, r);
    else
        s->begin(f, w, &header);
    s->end(f);
    rewind(f);
    assert_true(fread(text, 1, 4095, f) > 0);
    fclose(f);
    return text;
}

static void line_is(const struct record *r, const char *want)
{
    char line[256];
    int n = trace_line(w, r, line, sizeof line);
    assert_string_equal(line, want);
    assert_int_equal(n, strlen(want));
}

static void a_line_has_a_time_a_column_a_node_and_a_sentence(void **state)
{
    (void)state;
    w->process[2].up = w->process[1].up = true;
    replica_of(w, 2, 0)->role = SUT_LEADER;
    struct record r = {.at = 1204513000, .kind = REC_SEND, .node = 2, .peer = 3, .term = 3,
                       .index = 2};
    rec_set_type(&r, MSG_APPEND);
    rec_set_log_term(&r, 4);
    rec_set_commit(&r, 5);
    rec_set_entries(&r, 1);
    rec_set_round(&r, 9);
    line_is(&r,
            "   1.204513s   /   n2 -> n3 append term 3 prev 4/2 entries 1 commit 5 round 9");
    r = (struct record){.kind = REC_DROP, .node = 1, .peer = 2, .term = 3};
    rec_set_type(&r, MSG_VOTE_REPLY);
    rec_set_dropped(&r, DROP_CUT);
    line_is(&r,
            "   0.000000s  \\    n1 -> n2 vote-reply term 3 grants -> dropped: the link is cut");
    r = (struct record){.kind = REC_INVOKE, .node = CLIENT_BASE + 1};
    rec_set_op(&r, 4);
    rec_set_verb(&r, OP_CAS);
    rec_set_key(&r, 1);
    rec_set_value(&r, VALUE_NUMBER(1));
    rec_set_new_value(&r, VALUE_NUMBER(2));
    line_is(&r, "   0.000000s       c1 op 4: cas key1 1 -> 2");
    r = (struct record){.kind = REC_CRASH, .node = 3};
    rec_set_lost(&r, 2);
    line_is(&r,
            "   0.000000s    #  n3 crashes: 2 writes lost, 0 kept though unacknowledged");
    assert_int_equal(trace_line(w, &(struct record){.kind = REC_TIMER, .node = 1}, NULL, 0), 0);
}

static void what_a_scenario_does_to_a_message_is_said(void **state)
{
    (void)state;
    static const struct { uint8_t kind, why; const char *said; } fates[] = {
        {REC_HOLD, 0, "held"},
        {REC_RELEASE, 0, "released"},
        {REC_DELAY, 0, "delayed"},
        {REC_DUPLICATE, 0, "duplicated"},
        {REC_HASTEN, 0, "delivered before its time"},
        {REC_SHUFFLE, 0, "shuffled"},
        {REC_INJECT, 0, "injected"},
        {REC_INJECT, 1, "injected, unsafe"},
        {REC_DROP, DROP_RULE, "dropped: by a rule"},
        {REC_DROP, DROP_DISCARDED, "dropped: discarded on its way"},
        {REC_DROP, DROP_REFUSED, "dropped: it makes no sense there, nor was it to"},
        {REC_DROP, DROP_RECUT, "dropped: another slice of that log goes in its place"},
    };
    w->process[2].up = true;
    for (size_t i = 0; i < sizeof fates / sizeof fates[0]; i++) {
        char want[200];
        snprintf(want, sizeof want, "   0.000000s   \\   n2 -> n1 vote-reply term 3 refuses -> %s",
                 fates[i].said);
        struct record r = {.kind = fates[i].kind, .node = 2, .peer = 1, .term = 3};
        rec_set_type(&r, MSG_VOTE_REPLY);
        rec_set_flags(&r, LABEL_REJECT);
        if (r.kind == REC_DROP)
            rec_set_dropped(&r, fates[i].why);
        if (r.kind == REC_INJECT)
            rec_set_unsafe(&r, fates[i].why);
        line_is(&r, want);
    }
}

static void a_note_has_its_numbers_in_place(void **state)
{
    (void)state;
    w->process[1].up = true;
    int kind = 0;
    for (int i = 1; i < 64 && !kind; i++)
        if (w->sut->note_text(i) &&
            strncmp(w->sut->note_text(i), "term %a vs own -> refuse %p: lease until %tb", 44) == 0)
            kind = i;
    assert_true(kind);
    struct record r = {.kind = REC_NOTE, .node = 1, .peer = 3};
    rec_set_note(&r, (uint8_t)kind);
    rec_set_detail_1(&r, 7);
    rec_set_detail_2(&r, MS(1250));
    line_is(&r,
            "   0.000000s  \\    n1 term 7 vs own -> refuse n3: lease until 1.250s");
}

static void a_line_that_does_not_fit_is_cut_and_measured(void **state)
{
    (void)state;
    char line[16];
    struct record r = {.kind = REC_PAUSE, .node = 1};
    int n = trace_line(w, &r, line, sizeof line);
    assert_true(n > 16);
    assert_int_equal(strlen(line), 15);
}

static void json_has_the_columns_of_the_kind_in_a_fixed_order(void **state)
{
    (void)state;
    struct record r = {.at = 5, .kind = REC_COMMIT, .node = 1, .term = (UINT64_C(1) << 53) + 1,
                       .index = 3};
    rec_set_role(&r, SUT_LEADER);
    rec_set_entry(&r, 9);
    rec_set_commit_before(&r, UINT64_C(1) << 53);
    char *text = written("jsonl", &r);
    assert_string_equal(
        text, "{\"at\":5,\"kind\":\"commit\",\"node\":1,\"index\":3,"
              "\"commit_before\":9007199254740992,\"entry\":9,\"term\":\"9007199254740993\","
              "\"role\":\"leader\","
              "\"text\":\"n1 commit 9007199254740992 -> 3 in term 9007199254740993\"}\n");
    free(text);
}

static void the_head_says_which_run_it_is(void **state)
{
    (void)state;
    char *text = written("jsonl", NULL);
    assert_non_null(strstr(
        text, "{\"wavetank\":\"trace\",\"revision\":\"1.2\",\"compiler\":\"cc\",\"records\":"));
    assert_non_null(strstr(text, "\"scenario\":\"a \\\"b\\\".scn\",\"variant\":\"\","
                                 "\"seed\":\"0xffffffffffffffff\",\"settings\":\"reads=log "
                                 "--calm\",\"drawn\":\"voters=5\""));
    free(text);
    text = written("text", NULL);
    assert_non_null(strstr(text, "# wavetank 1.2  compiler cc  records "));
    assert_non_null(strstr(text,
                           "# scenario a \"b\".scn  seed 0xffffffffffffffff  with reads=log "
                           "--calm\n"));
    free(text);
}

static void names_come_from_the_tables(void **state)
{
    (void)state;
    assert_string_equal(record_kind_name(REC_APPLY), "apply");
    assert_string_equal(record_class_name(REC_APPLY), "log");
    assert_string_equal(record_kind_name(REC_KINDS), "?");
    assert_null(sink_by_name("no such"));
    assert_string_equal(when(MS(1204)).text, "1.204s");
    assert_string_equal(when(NEVER).text, "never");
    assert_string_equal(who(w, 3).text, "n3");
}

/* Whatever a real run records can be written. */
static void every_record_of_a_run_is_a_line(void **state)
{
    (void)state;
    world_start(w);
    struct op_request q = {.client = CLIENT_BASE + 1, .verb = OP_WRITE, .a = VALUE_NUMBER(7)};
    client_invoke(w, &q);
    world_run(w, SEC(1));
    assert_true(tank_n > 100);
    for (uint32_t i = 0; i < tank_n; i++) {
        char line[512];
        int n = trace_line(w, &tank_records[i], line, sizeof line);
        assert_true(n < (int)sizeof line);
        assert_true(n > 0 || tank_records[i].kind == REC_TIMER);
    }
}

#define TRACE(test) cmocka_unit_test_setup_teardown(test, open_it, close_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRACE(a_line_has_a_time_a_column_a_node_and_a_sentence),
        TRACE(what_a_scenario_does_to_a_message_is_said),
        TRACE(a_note_has_its_numbers_in_place),
        TRACE(a_line_that_does_not_fit_is_cut_and_measured),
        TRACE(json_has_the_columns_of_the_kind_in_a_fixed_order),
        TRACE(the_head_says_which_run_it_is),
        TRACE(names_come_from_the_tables),
        TRACE(every_record_of_a_run_is_a_line),
    };
    return cmocka_run_group_tests_name("sim_trace", tests, NULL, NULL);
}
