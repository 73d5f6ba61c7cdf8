/* SPDX-License-Identifier: MIT */
/* The columns of records: what is put in comes out, by name and as JSON, and nothing else moves. */
#define _GNU_SOURCE
#include "tank.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cli/json_read.h"
#include "../cli/trace_lines.h"
#include "../lang/scenario.h"
#include "../run/run.h"
#include "../trace/columns.h"
#include "../trace/sink.h"

static struct world *w;
static uint32_t an_entry;

static int open_it(void **state)
{
    (void)state;
    tank_prepare(3, 2);
    w = tank_open(1);
    const struct entry asks = {.verb = OP_NONE};
    an_entry = store_create(w, 1, 0, 0, 1, 0, 0, &asks);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    tank_close(w);
    return 0;
}

/* ---- every column of every kind, whatever the kind's sub ------------------------------------- */

enum { SUBS = 32 };

static bool divides(const struct record_column *c, const struct record *r)
{
    struct record all = *r;
    record_set(&all, c->column, UINT8_MAX);
    return rec_sub(&all) != rec_sub(r);
}

/* A record of this kind that is divided so and says nothing else. */
static struct record made(int kind, uint8_t sub)
{
    struct record r = {.kind = (uint8_t)kind};
    for (const struct record_column *c = record_columns(kind); c->what; c++)
        if (divides(c, &r))
            record_set(&r, c->column, sub);
    return r;
}

static void each(void (*check)(const struct record *, const struct record_column *))
{
    for (int kind = REC_NONE + 1; kind < REC_KINDS; kind++)
        for (uint8_t sub = 0; sub < SUBS; sub++) {
            const struct record r = made(kind, sub);
            if (rec_sub(&r) != sub)
                break;                                   /* nothing divides this kind */
            for (const struct record_column *c = record_columns(kind); c->what; c++)
                if (record_column_holds(c, &r))
                    check(&r, c);
        }
}

/* The most that fits, as its reader gives it back. */
static uint64_t most(const struct record *r, uint8_t column)
{
    struct record full = *r;
    record_set(&full, column, UINT64_MAX);
    return record_get(&full, column);
}

static void comes_back(const struct record *r, const struct record_column *c)
{
    const uint64_t value[] = {0, 1, most(r, c->column)};
    assert_true(value[2] >= 1);
    for (size_t i = 0; i < sizeof value / sizeof value[0]; i++) {
        struct record full = *r;
        record_set(&full, c->column, most(r, c->column));
        record_set(&full, c->column, value[i]);
        if (record_get(&full, c->column) != value[i])
            fail_msg("%s of %s", column_name(c->column), record_kind_name(r->kind));
    }
}

static void a_column_gives_back_what_was_put_in(void **state)
{
    (void)state;
    each(comes_back);
}

static void moves_no_other(const struct record *r, const struct record_column *c)
{
    struct record full = *r;
    record_set(&full, c->column, most(r, c->column));
    for (const struct record_column *o = record_columns(r->kind); o->what; o++)
        if (o->column != c->column && record_column_holds(o, r) &&
            record_get(&full, o->column) != record_get(r, o->column))
            fail_msg("%s of %s moves its %s", column_name(c->column), record_kind_name(r->kind),
                     column_name(o->column));
    assert_int_equal(full.at, r->at);
    assert_int_equal(full.kind, r->kind);
    assert_int_equal(full.group, r->group);
}

static void no_two_columns_of_a_kind_share_bits(void **state)
{
    (void)state;
    each(moves_no_other);
}

static void is_once(const struct record *r, const struct record_column *c)
{
    static const char *const every[] = {"at", "kind", "group", "text"};
    assert_true(record_has[r->kind][c->column]);
    for (const struct record_column *o = record_columns(r->kind); o->what; o++)
        if (o != c && record_column_holds(o, r))
            assert_string_not_equal(column_name(o->column), column_name(c->column));
    for (size_t i = 0; i < sizeof every / sizeof every[0]; i++)
        assert_string_not_equal(column_name(c->column), every[i]);
}

static void a_key_stands_once_in_a_record(void **state)
{
    (void)state;
    each(is_once);
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static char *json_of(const struct world *of, const struct record *r)
{
    char *line = NULL;
    size_t n;
    FILE *f = open_memstream(&line, &n);
    assert_non_null(f);
    sink_by_name("jsonl")->record(f, of, r);
    fclose(f);
    assert_int_equal(line[n - 1], '\n');
    line[n - 1] = 0;
    return line;
}

/* The value of a column as its type is written. */
static void expected(char *out, size_t size, uint8_t column, uint64_t value)
{
    const enum column_type type = column_type_of(column);
    const char *word = column_word(w, type, value);
    if (type == COLUMN_TYPE_FLAG)
        snprintf(out, size, "%s", word);
    else if (word)
        snprintf(out, size, "\"%s\"", word);
    else if (type == COLUMN_TYPE_VALUE)
        snprintf(out, size, "\"7\"");
    else if (type == COLUMN_TYPE_KEY)
        snprintf(out, size, "\"key%" PRIu64 "\"", value);
    else
        snprintf(out, size, value > UINT64_C(1) << 53 ? "\"%" PRIu64 "\"" : "%" PRIu64, value);
}

/* The i-th value to try, if it fits. Entries and values are such as the world has, since the
 * sentence tells of them; what divides the kind stays. */
static bool sample(const struct record *r, const struct record_column *c, int i, uint64_t *value)
{
    const enum column_type type = column_type_of(c->column);
    const uint64_t all[] = {0, 1, UINT64_C(1) << 53, (UINT64_C(1) << 53) + 1, most(r, c->column)};
    bool one = divides(c, r) || type == COLUMN_TYPE_ENTRY || type == COLUMN_TYPE_VALUE;
    *value = divides(c, r)               ? rec_sub(r)
             : type == COLUMN_TYPE_ENTRY ? an_entry
             : type == COLUMN_TYPE_VALUE ? VALUE_NUMBER(7)
                                         : all[i];
    return *value <= most(r, c->column) && (i == 0 || !one);
}

static void stands_in_json(const struct record *r, const struct record_column *c)
{
    const enum column_type type = column_type_of(c->column);
    uint64_t value;
    for (int i = 0; i < 5; i++) {
        struct trace_fields fields;
        struct record full = *r;
        char want[128];
        if (!sample(r, c, i, &value))
            continue;
        if (record_has[r->kind][COLUMN_entry])
            rec_set_entry(&full, an_entry);
        record_set(&full, c->column, value);
        char *line = json_of(w, &full);
        if (!trace_fields(line, strlen(line), &fields))
            fail_msg("no JSON: %s", line);
        const struct trace_field *f = trace_field(&fields, column_name(c->column));
        if (!f)
            fail_msg("no %s: %s", column_name(c->column), line);
        expected(want, sizeof want, c->column, value);
        if (column_is_list(type))
            assert_int_equal(f->value[0], '[');
        else if (type == COLUMN_TYPE_KEY && rec_verb(&full) == OP_RAW)
            assert_true(trace_field_is(&fields, column_name(c->column), "\"\""));
        else if (type != COLUMN_TYPE_NOTE)
            assert_true(trace_field_is(&fields, column_name(c->column), want));
        free(line);
    }
}

static void a_column_stands_in_json_under_its_name(void **state)
{
    (void)state;
    each(stands_in_json);
}

static void json_is(const struct record *r, const char *part)
{
    char *line = json_of(w, r);
    if (!strstr(line, part))
        fail_msg("no %s in %s", part, line);
    free(line);
}

static void words_and_lists_are_written_out(void **state)
{
    (void)state;
    struct record r = {.kind = REC_PHASE};
    rec_set_phase(&r, PHASE_HEALED);
    rec_set_healed(&r, NODE_BIT(1) | NODE_BIT(3));
    json_is(&r, "\"phase\":\"healed\",\"bound\":0,\"healed\":[1,3],");
    r = (struct record){.kind = REC_INJECT};
    rec_set_type(&r, MSG_VOTE);
    rec_set_flags(&r, LABEL_REJECT | LABEL_FORCE);
    rec_set_unsafe(&r, true);
    rec_set_entries(&r, 3);
    rec_set_round(&r, UINT32_MAX);
    json_is(&r, "\"type\":\"vote\",\"message\":0,\"flags\":[\"reject\",\"force\"],");
    json_is(&r, "\"try_boot\":3,\"try\":4294967295,\"unsafe\":true,");
    rec_set_type(&r, MSG_APPEND);
    json_is(&r, "\"entries\":3,\"round\":4294967295,\"unsafe\":true,");
    rec_set_type(&r, MSG_APPEND_REPLY);
    rec_set_asked(&r, 7);
    json_is(&r, "\"log_term\":0,\"asked\":7,\"entries\":3,");
    r = (struct record){.kind = REC_NOTE};
    rec_set_note(&r, 1);
    json_is(&r, "\"note\":\"term-old\",");
    r = (struct record){.kind = REC_FAULT};
    rec_set_state(&r, FAULT_OFF | FAULT_BIT);
    json_is(&r, "\"state\":[\"ends\",\"bit\"],");
    r = (struct record){.kind = REC_SEND};
    rec_set_type(&r, MSG_CLIENT_REPLY);
    rec_set_answer(&r, OUT_NOT_LEADER);
    json_is(&r, "\"answer\":\"not-leader\",\"answer_value\":\"absent\",");
    r = (struct record){.kind = REC_INVOKE, .node = CLIENT_BASE + 1};
    rec_set_verb(&r, OP_RAW);
    rec_set_value(&r, VALUE_NUMBER(7));
    json_is(&r, "\"verb\":\"raw\",\"key\":\"\",\"value\":\"7\",");
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* Whatever a record says lies in a column of its kind. */
static void says_all(void *ctx, const struct world *of, const struct record *r)
{
    uint64_t *seen = ctx;
    struct record again = {.at = r->at, .kind = r->kind, .group = r->group};
    for (const struct record_column *c = record_columns(r->kind); c->what; c++)
        if (record_column_holds(c, r))
            record_set(&again, c->column, record_get(r, c->column));
    if (memcmp(&again, r, sizeof again) == 0 && *seen >> r->kind & 1)
        return;
    *seen |= UINT64_C(1) << r->kind;
    char *line = json_of(of, r);
    struct trace_fields fields;
    if (memcmp(&again, r, sizeof again) != 0)
        fail_msg("it says more than its columns: %s", line);
    assert_true(trace_fields(line, strlen(line), &fields));
    free(line);
}

static void play(const char *path, uint64_t *seen)
{
    static struct arena *block;
    static struct result result;
    if (block == NULL)
        block = run_block();
    assert_non_null(block);
    struct scenario *s = scenario_load(path, NULL, 0, NULL, 0, stderr);
    assert_non_null(s);
    struct run run = {.scenario = s, .seed = 1, .play = {.until = SEC(8)}, .listener = says_all,
                      .listener_ctx = seen};
    run_once(&run, block, &result);
    scenario_free(s);
}

static void a_run_says_nothing_beside_the_columns(void **state)
{
    (void)state;
    uint64_t seen = 0;
    play("scenarios/storm/weather.scn", &seen);
    play("scenarios/storm/leases.scn", &seen);
    play("scenarios/storm/disks.scn", &seen);
    assert_true(seen >> REC_DROP & 1);
    assert_true(seen >> REC_LEASE & 1);
    assert_true(seen >> REC_FAULT & 1);
    assert_true(seen >> REC_CLOCK & 1);
}

#define RECORDS(test) cmocka_unit_test_setup_teardown(test, open_it, close_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS(a_column_gives_back_what_was_put_in),
        RECORDS(no_two_columns_of_a_kind_share_bits),
        RECORDS(a_key_stands_once_in_a_record),
        RECORDS(a_column_stands_in_json_under_its_name),
        RECORDS(words_and_lists_are_written_out),
        cmocka_unit_test(a_run_says_nothing_beside_the_columns),
    };
    return cmocka_run_group_tests_name("sim_records", tests, NULL, NULL);
}
