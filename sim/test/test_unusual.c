/* SPDX-License-Identifier: MIT */
/* Legal but unusual messages: every slice is true of its sender's log, every echo has the bytes of
 * an answer that left, nobody refuses them as impossible, and they end when the link is healed. */
#include "tank.h"

#include <string.h>

#include "../world/unusual.h"

enum { ANSWERS_MAX = 1 << 16 };

static struct record answer[ANSWERS_MAX];
static uint32_t answers, slices, empty, earlier, later, instead, echoes, after_a_restart;
static uint64_t most_late;

static void see_slice(struct world *w, const struct record *r)
{
    const struct replica *rep = replica_of(w, r->node, 0);
    const uint32_t prev = r->index ? store_at(w, rep->head, r->index) : 0;
    const uint64_t end = r->index + rec_entries(r);
    assert_int_equal(rec_type(r), MSG_APPEND);
    assert_false(rec_unsafe(r));
    assert_true(w->process[r->node].up && rep->role == SUT_LEADER && rep->term == r->term);
    assert_true(end <= store_index(w, rep->head));
    assert_int_equal(rec_log_term(r), prev ? store_term(w, prev) : 0);
    assert_true(r->index == 0 || prev);
    assert_true(rec_commit(r) <= rep->commit);
    assert_true(rec_entries(r) <= world_option(w, r->node, "max-entries-per-append"));
    slices++;
    empty += rec_entries(r) == 0;
    later += end == store_index(w, rep->head);
    earlier += end < rep->commit;
}

static bool same_label(const struct record *a, const struct record *b)
{
    struct record x = *a, y = *b;
    x.at = y.at = 0;
    rec_set_message(&x, 0);
    rec_set_message(&y, 0);
    x.kind = y.kind = 0;
    return memcmp(&x, &y, sizeof x) == 0;
}

/* Of the answers with this label the latest is the one that it repeats, or a later one. */
static void see_echo(struct world *w, const struct record *r)
{
    uint32_t i = answers;
    while (i && !same_label(&answer[i - 1], r))
        i--;
    assert_true(i);
    const uint64_t late = r->at - answer[i - 1].at;
    most_late = late > most_late ? late : most_late;
    echoes++;
    after_a_restart += w->count.restarts && late > MS(300);
}

static void see(struct world *w, const struct record *r)
{
    if (r->kind == REC_SEND && (label_answers(rec_type(r)) ||
                                rec_type(r) == MSG_READ_INDEX_REPLY)) {
        assert_true(answers < ANSWERS_MAX);
        answer[answers++] = *r;
    } else if (r->kind == REC_INJECT) {
        see_slice(w, r);
    } else if (r->kind == REC_DUPLICATE) {
        see_echo(w, r);
    } else if (r->kind == REC_DROP) {
        assert_int_not_equal(rec_dropped(r), DROP_INVALID);
        instead += rec_dropped(r) == DROP_RECUT;
    }
}

static record_hook *const hooks[REC_KINDS] = {
#define RECORD_HOOK(KIND) see
#include "../world/record_hooks.inc"
};
static const struct watch watch = {.fault_name = tank_fault_name, .occasion_name = tank_fault_name,
                                   .record = hooks, .call = tank_call};

static void each_link(struct world *w, uint32_t slices_ppm, uint32_t echo_ppm)
{
    unusual_make(w);
    for (uint8_t a = 1; a <= w->nnodes; a++)
        for (uint8_t b = 1; b <= w->nnodes; b++) {
            struct unusual *u = unusual_of(w, a, b);
            u->slices_ppm = slices_ppm;
            u->echo_ppm = echo_ppm;
            u->echo_least = MS(20);
            u->echo_most = SEC(2);
        }
}

static struct world *begin(uint64_t seed, bool zero, const struct sut *sut)
{
    tank_prepare(3, 4);
    tank_plan.sut = sut;
    struct arena *block = arena_reserve(UINT64_C(1) << 30, sizeof(struct world));
    assert_non_null(block);
    struct world *w = world_init(block, &tank_plan, &watch, seed, zero);
    world_start(w);
    workload_start(w, &(struct workload){.first = CLIENT_BASE + 1, .count = 4, .keys = 2,
                                         .read_ppm = 500000, .write_ppm = 500000,
                                         .pause_min = MS(1), .pause_max = MS(5), .timeout = MS(300),
                                         .retries = 3, .stop = NEVER});
    answers = slices = empty = earlier = later = instead = echoes = after_a_restart = 0;
    most_late = 0;
    return w;
}

/* Somebody crashes every 400 ms, and is back 100 ms later. */
static void weather(struct world *w)
{
    for (uint64_t i = 0; i < 10; i++) {
        world_run(w, w->now + MS(300));
        uint8_t n = host_leader(w, 0) && i % 2 ? host_leader(w, 0) : (uint8_t)(1 + i % 3);
        host_crash(w, n);
        world_run(w, w->now + MS(100));
        host_boot(w, n);
    }
    assert_int_equal(w->stop, STOP_NONE);
}

static void every_slice_is_true_of_its_senders_log(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct world *w = begin(seed, false, suts[0]);
        each_link(w, 500000, 0);
        weather(w);
        assert_true(slices > 300 && empty > 10 && earlier > 30 && later > 30 && instead > 30);
        assert_true(w->count.commits > 100);
        tank_close(w);
    }
}

static void every_echo_is_an_answer_that_left(void **state)
{
    (void)state;
    uint32_t restarted = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct world *w = begin(seed, false, suts[0]);
        each_link(w, 0, 200000);
        weather(w);
        assert_true(echoes > 100 && most_late > MS(300));
        restarted += after_a_restart;
        tank_close(w);
    }
    assert_true(restarted > 50);
}

static void a_healed_link_is_done_with_both(void **state)
{
    (void)state;
    struct world *w = begin(1, false, suts[0]);
    each_link(w, 500000, 500000);
    world_run(w, SEC(1));
    assert_true(slices && echoes);
    each_link(w, 0, 0);
    slices = echoes = 0;
    world_run(w, SEC(5));
    assert_int_equal(slices + echoes, 0);
    tank_close(w);
}

static void without_a_seed_there_are_none(void **state)
{
    (void)state;
    struct world *w = begin(1, true, suts[0]);
    each_link(w, 500000, 500000);
    world_run(w, SEC(1));
    assert_int_equal(slices + echoes, 0);
    tank_close(w);
}

static void who_composes_no_messages_sends_no_slices(void **state)
{
    (void)state;
    struct sut mute = *suts[0];
    mute.compose = NULL;
    struct world *w = begin(1, false, &mute);
    each_link(w, 1000000, 0);
    world_run(w, SEC(1));
    assert_int_equal(slices + instead, 0);
    assert_true(w->count.commits > 50);
    tank_close(w);
}

int main(void)
{
    const struct CMUnitTest sim_unusual[] = {
        cmocka_unit_test(every_slice_is_true_of_its_senders_log),
        cmocka_unit_test(every_echo_is_an_answer_that_left),
        cmocka_unit_test(a_healed_link_is_done_with_both),
        cmocka_unit_test(without_a_seed_there_are_none),
        cmocka_unit_test(who_composes_no_messages_sends_no_slices),
    };
    return cmocka_run_group_tests(sim_unusual, NULL, NULL);
}
