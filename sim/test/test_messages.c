/* SPDX-License-Identifier: MIT */
/* What sim/sut/messages.def says of each type of message, held to what is sent: a field that it
 * leaves out is always 0, one that it explains is not, and means that. */
#define _GNU_SOURCE
#include <inttypes.h>

#include "played.h"

/* Reads and writes at every node, leaders that change, logs that part: all types are sent. */
static const char weather[] =
    "wavetank 1\nnodes n1..n5\nset check-quorum off\nset stickiness off\n"
    "chaos 20s\n"
    "partition any every 1s..3s heal after 500ms..2s\n"
    "pause any every 1s..4s resume after 200ms..1s\n"
    "crash 0.5/s restart after 100ms..1s keep majority up\n"
    "link loss 0%..5%\n"
    "disk latency 1ms..60ms\n"
    "workload w clients 6 keys 2 mix read 50% write 30% cas 20% rate 100/s timeout 300ms retry 4\n"
    "then heal and expect progress within 10s\n"
    "end\n";

static struct seen {
    uint64_t sent, refusals, nonzero[LABEL_FIELDS];
} seen[MSG_TYPES];

static void expect_equal(const struct record *r, const char *what, uint64_t is, uint64_t want)
{
    if (is != want)
        fail_msg("%s from n%u at %" PRIu64 " ns: %s is %" PRIu64 ", wanted %" PRIu64,
                 msg_type_name(rec_type(r)), r->node, r->at, what, is, want);
}

static void expect_most(const struct record *r, const char *what, uint64_t is, uint64_t most)
{
    if (is > most)
        fail_msg("%s from n%u at %" PRIu64 " ns: %s is %" PRIu64 ", more than %" PRIu64,
                 msg_type_name(rec_type(r)), r->node, r->at, what, is, most);
}

static void means_an_append(const struct world *w, const struct record *r,
                            const struct msg_label *l)
{
    const struct replica *rep = replica_of(w, r->node, 0);
    if (rep->term != l->term || rep->role != SUT_LEADER) return;     /* it waited for its disk */
    const uint32_t before = store_at(w, rep->head, l->index);
    expect_equal(r, "log-term", l->log_term, l->index ? store_term(w, before) : 0);
    expect_most(r, "index and entries", l->index + l->entries, store_index(w, rep->head));
    expect_most(r, "commit", l->commit, rep->commit);
}

static void means_an_answer(const struct world *w, const struct record *r,
                            const struct msg_label *l)
{
    const bool refuses = l->flags & LABEL_REJECT;
    expect_most(r, "asked", l->asked, l->term);
    if (!refuses) {
        expect_equal(r, "asked", l->asked, l->term);
        expect_equal(r, "log-term", l->log_term, 0);
        const struct image image = storage_image(w, replica_of(w, r->node, 0));
        expect_most(r, "index", l->index, store_index(w, image.head));
    } else if (l->asked != l->term) {                            /* to a leader of the past */
        expect_equal(r, "index", l->index, 0);
        expect_equal(r, "log-term", l->log_term, 0);
    }
}

static void means_a_request(const struct world *w, const struct record *r,
                            const struct msg_label *l)
{
    const struct replica *rep = replica_of(w, r->node, 0);
    const uint64_t stands = rep->term + (l->type == MSG_PREVOTE);
    if (stands != l->term) return;
    expect_equal(r, "index", l->index, store_index(w, rep->head));
    expect_equal(r, "log-term", l->log_term, store_term(w, rep->head));
    expect_equal(r, "the life of the try", l->try_id >> LABEL_TRY_BITS, w->process[r->node].boots);
}

static void means_a_reply(const struct world *w, const struct record *r, const struct msg_label *l)
{
    const struct op *op = world_op(w, (uint32_t)l->round);
    expect_equal(r, "the operation's client", op->client, l->to);
    expect_equal(r, "a refusal", l->flags & LABEL_REJECT, l->log_term != OUT_OK);
}

/* What a row says of a type, where the world can tell. */
static void means(const struct world *w, const struct record *r, const struct msg_label *l)
{
    switch ((enum msg_type)l->type) {
    case MSG_VOTE: case MSG_PREVOTE: means_a_request(w, r, l); break;
    case MSG_APPEND: means_an_append(w, r, l); break;
    case MSG_APPEND_REPLY: means_an_answer(w, r, l); break;
    case MSG_HEARTBEAT: case MSG_COMMIT_NOTIFY:
        expect_most(r, "commit", l->commit, replica_of(w, r->node, 0)->commit);
        break;
    case MSG_HEARTBEAT_REPLY:
        expect_equal(r, "a refusal", l->flags & LABEL_REJECT, l->asked != l->term);
        break;
    case MSG_READ_INDEX_REPLY:
        if (l->flags & LABEL_REJECT) expect_equal(r, "index", l->index, 0);
        break;
    case MSG_PROPOSE: expect_equal(r, "entries", l->entries, 1); break;
    case MSG_CLIENT_REQUEST:
        expect_equal(r, "the operation's client", world_op(w, (uint32_t)l->round)->client, l->from);
        break;
    case MSG_CLIENT_REPLY: means_a_reply(w, r, l); break;
    case MSG_NONE: case MSG_VOTE_REPLY: case MSG_PREVOTE_REPLY: case MSG_READ_INDEX:
    case MSG_TYPES: break;
    }
}

static void hear(void *ctx, const struct world *w, const struct record *r)
{
    (void)ctx;
    if (r->kind != REC_SEND) return;
    const struct msg_label l = message_at(w, w->message_told)->label;
    const struct msg_row *row = &msg_rows[l.type];
    struct seen *s = &seen[l.type];
    s->sent++;
    for (enum label_field f = 0; f < LABEL_FIELDS; f++) {
        s->nonzero[f] += label_field(&l, f) != 0;
        if (!*row->says[f]) expect_equal(r, label_field_name(f), label_field(&l, f), 0);
    }
    s->refusals += (l.flags & LABEL_REJECT) != 0;
    if (!*row->refuses) expect_equal(r, "a refusal", l.flags & LABEL_REJECT, 0);
    means(w, r, &l);
}

static void fields_mean_what_the_table_says(void **state)
{
    struct scenario *s = good(weather);
    struct arena *block = run_block();
    struct result out;
    (void)state;
    assert_non_null(block);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct run run = {.scenario = s, .seed = seed, .play = {.until = NEVER},
                          .listener = hear};
        run_once(&run, block, &out);
        if (out.verdict != V_PASS) fail_msg("%s: %s", out.check, out.detail);
    }
    scenario_free(s);
    for (int type = 1; type < MSG_TYPES; type++) {
        const struct msg_row *row = &msg_rows[type];
        if (!seen[type].sent) fail_msg("no %s was sent", row->name);
        if (*row->refuses && !seen[type].refusals) fail_msg("no %s refused", row->name);
        for (enum label_field f = 0; f < LABEL_FIELDS; f++)
            if (*row->says[f] && !seen[type].nonzero[f])
                fail_msg("the %s of a %s was never anything but 0", label_field_name(f), row->name);
    }
}

static void a_test_of_what_is_always_0_is_refused(void **state)
{
    (void)state;
    refused("wavetank 1\nnodes n1..n3\nnever messages vote where round>0 >= 1\n",
            "vote has no round: it is 0 in each");
    refused("wavetank 1\nnodes n1..n3\ndrop next heartbeat where index=0\n",
            "of heartbeat it may ask for term commit round");
    refused("wavetank 1\nnodes n1..n3\ndrop next append where try=1/1\n",
            "append has no try: it is 0 in each");
    refused("wavetank 1\nnodes n1..n3\ndrop next vote where asked=1\n",
            "of vote it may ask for term index log-term try");
    refused("wavetank 1\nnodes n1..n3\ndrop next append where reject\n", "no append is a refusal");
    refused("wavetank 1\nnodes n1..n3\ndrop next append where accept\n", "no append is a refusal");
    comes_to("wavetank 1\nnodes n1..n3\nparam f default round\ncampaign n1\nwait 1s\n"
             "expect messages vote where $f=1 = 0\nexpect messages any where round>0 >= 1\n",
             V_PASS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_mean_what_the_table_says),
        cmocka_unit_test(a_test_of_what_is_always_0_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
