/* SPDX-License-Identifier: MIT */
/*
 * Method: every line is time, columns, sentence. There is one column a node, and only the column of
 * the node that acts holds a sign, of what it is at that moment: so a glance down the page shows
 * who moves, and a wall of ^ is an election storm.
 *
 *     0.151204s   /    n2 leads term 1, last 1/1
 *     0.152001s  \     n1 <- n2 append term 1 prev nothing entries 1 commit 0 round 1
 *
 * Numbers of the two sides of a decision are in the line that tells it ("term 7 vs 6 -> ..."), as
 * the SUT's notes give them.
 */
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "line.h"
#include "sink.h"

enum { LINE_BYTES = 2048 };

/* ---- small words ----------------------------------------------------------------------------- */

struct text vote_of(uint64_t node)
{
    struct text t;
    if (node)
        snprintf(t.text, sizeof t.text, " vote n%" PRIu64, node);
    else
        snprintf(t.text, sizeof t.text, " no vote");
    return t;
}

struct text names_of(node_set set)
{
    struct text t = {"nobody"};
    size_t at = 0;
    for (uint8_t n = 1; n <= NODES_MAX && at + 4 < sizeof t.text; n++)
        if (set & NODE_BIT(n)) {
            const char digits[2] = {(char)('0' + n / 10), (char)('0' + n % 10)};
            t.text[at++] = 'n';
            if (n >= 10)
                t.text[at++] = digits[0];
            t.text[at++] = digits[1];
            t.text[at++] = ' ';
        }
    if (at)
        t.text[at - 1] = 0;
    return t;
}

struct text when(uint64_t ns)
{
    struct text t;
    if (ns == NEVER)
        snprintf(t.text, sizeof t.text, "never");
    else
        snprintf(t.text, sizeof t.text, "%" PRIu64 ".%03" PRIu64 "s", ns / SEC(1),
                 ns % SEC(1) / MS(1));
    return t;
}

struct text who(const struct world *w, uint8_t actor)
{
    struct text t;
    const char *const *names = w->plan ? w->plan->client_names : NULL;
    uint32_t number = (uint32_t)actor - CLIENT_BASE;
    if (actor == 0)
        snprintf(t.text, sizeof t.text, "?");
    else if (!is_client(actor))
        snprintf(t.text, sizeof t.text, "n%u", actor);
    else if (names && number <= w->nclients && names[number])
        snprintf(t.text, sizeof t.text, "%.31s", names[number]);
    else
        snprintf(t.text, sizeof t.text, "c%" PRIu32, number);
    return t;
}

void key_words(const struct world *w, uint64_t key, char *out, size_t size)
{
    const struct world_plan *plan = w->plan;
    if (plan->key_names && key < plan->keys && plan->key_names[key])
        snprintf(out, size, "%s", plan->key_names[key]);
    else
        snprintf(out, size, "key%" PRIu64, key);
}

const char *word(const char *const *words, size_t n, size_t i) { return i < n ? words[i] : "?"; }

void put(struct line *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t at = l->n < l->size ? l->n : l->size;
    int n = vsnprintf(l->size ? l->out + at : NULL, l->size - at, format, args);
    va_end(args);
    if (n > 0)
        l->n += (size_t)n;
}

void put_entry(struct line *l, uint64_t term, uint64_t index)
{
    if (index)
        put(l, "%" PRIu64 "/%" PRIu64, term, index);
    else
        put(l, "nothing");
}

void put_value(struct line *l, uint64_t value)
{
    char text[512];
    int n = value_print(l->w, value, text, sizeof text);
    put(l, "%s%s", text, n >= (int)sizeof text ? "..." : "");
}

static void put_vote(struct line *l, uint64_t vote) { put(l, "%s", vote_of(vote).text); }

/* ---- sentences ------------------------------------------------------------------------------- */

static void boot_line(struct line *l, const struct record *r)
{
    put(l, "%s: term %" PRIu64, rec_restarted(r) ? "restarts" : "boots", r->term);
    put_vote(l, rec_vote(r));
    put(l, " last ");
    put_entry(l, store_term(l->w, rec_entry(r)), r->index);
}

static void process_line(struct line *l, const struct record *r)
{
    put(l, "n%u ", r->node);
    switch (r->kind) {
    case REC_BOOT: boot_line(l, r); break;
    case REC_CRASH:
        put(l, "crashes: %" PRIu32 " writes lost, %" PRIu32 " kept though unacknowledged",
            rec_lost(r), rec_kept(r));
        break;
    case REC_PAUSE: put(l, "is paused"); break;
    case REC_RESUME: put(l, "is resumed"); break;
    case REC_CAMPAIGN: put(l, "is asked to %scampaign", rec_force(r) ? "" : "politely "); break;
    case REC_PIN: put(l, "election timeout is %s", when(rec_timeout(r)).text); break;
    case REC_HALT:
        if (rec_halt(r) == HALT_SELF_CHECK)
            put(l, "finds itself broken: %s", l->w->broken);
        else
            put(l, "halts: %s", record_sub_name(r));
        break;
    case REC_BREACH:
        put(l, "breaks the contract: %s", breach_promise(rec_breach(r)));
        break;
    default: break;
    }
}

static void disk_line(struct line *l, const struct record *r)
{
    put(l, "n%u write %" PRIu64, r->node, rec_wid(r));
    if (r->kind == REC_FAILED) {
        put(l, " fails");
        return;
    }
    put(l, "%s: term %" PRIu64, r->kind == REC_DURABLE ? " and all earlier are durable" : "",
        r->term);
    put_vote(l, rec_vote(r));
    put(l, " last ");
    put_entry(l, store_term(l->w, rec_head(r)), r->index);
    if (rec_cut_from(r))
        put(l, " cut from %" PRIu64, rec_cut_from(r));
}

static void role_line(struct line *l, const struct record *r)
{
    static const char *const does[] = {"follows", "asks for pre-votes", "campaigns", "leads",
                                       "is halted"};
    put(l, "n%u %s", r->node, WORD(does, rec_role(r)));
    if (rec_role(r) == SUT_FOLLOWER && rec_leader(r))
        put(l, " %s", who(l->w, rec_leader(r)).text);
    else if (rec_role(r) == SUT_FOLLOWER)
        put(l, " nobody");
    put(l, " in term %" PRIu64 ", last ", r->term);
    put_entry(l, store_term(l->w, rec_entry(r)), r->index);
}

static void state_line(struct line *l, const struct record *r)
{
    if (r->kind == REC_ROLE) {
        role_line(l, r);
    } else if (r->kind == REC_TERM) {
        put(l, "n%u term %" PRIu64, r->node, r->term);
        put_vote(l, rec_vote(r));
    } else if (rec_until_local(r) == 0) {
        put(l, "n%u holds no lease", r->node);
    } else {
        put(l, "n%u term %" PRIu64 " lease until local %s", r->node, r->term,
            when(rec_until_local(r)).text);
        put(l, ", true %s", when(rec_until_true(r)).text);
    }
}

static void put_command(struct line *l, const struct entry *e)
{
    if (e->verb == OP_NONE)
        put(l, " no-op");
    else if (e->op)
        put(l, " op %" PRIu32, e->op);
}

static void log_line(struct line *l, const struct record *r)
{
    put(l, "n%u ", r->node);
    switch (r->kind) {
    case REC_CUT:
        put(l, "cuts its log from %" PRIu64 ", last was %" PRIu64, r->index, rec_last_before(r));
        break;
    case REC_APPEND:
        put(l, "appends ");
        put_entry(l, r->term, r->index);
        put_command(l, store_entry(l->w, rec_entry(r)));
        break;
    case REC_COMMIT:
        put(l, "commit %" PRIu64 " -> %" PRIu64 " in term %" PRIu64, rec_commit_before(r),
            r->index, r->term);
        break;
    case REC_APPLY:
        put(l, "applies ");
        put_entry(l, r->term, r->index);
        put_command(l, store_entry(l->w, rec_entry(r)));
        break;
    default: break;
    }
}

static void read_line(struct line *l, const struct record *r)
{
    put(l, "n%u answers read op %" PRIu32 " at index %" PRIu64 " by %s in term %" PRIu64, r->node,
        rec_op(r), r->index, record_sub_name(r), r->term);
    if (r->peer && r->peer != r->node)
        put(l, ", for which n%u vouched", r->peer);
}

static void config_line(struct line *l, const struct record *r)
{
    if (r->node)
        put(l, "n%u configuration %" PRIu64 "/%" PRIu64 ": ", r->node, r->term, r->index);
    else
        put(l, "the group begins with ");
    put(l, "voters %s", names_of((node_set)rec_voters(r)).text);
    if (rec_outgoing(r))
        put(l, " and, going out, %s", names_of((node_set)rec_outgoing(r)).text);
    if (rec_learners(r))
        put(l, ", learners %s", names_of((node_set)rec_learners(r)).text);
}

static void fault_line(struct line *l, const struct record *r)
{
    put(l, "fault %s %s", l->w->watch->fault_name(rec_fault(r)),
        rec_state(r) & FAULT_ON    ? "begins"
        : rec_state(r) & FAULT_OFF ? "ends"
        : rec_state(r) & FAULT_BIT ? "bites"
                                   : "");
    if (r->node)
        put(l, " at %s", who(l->w, r->node).text);
    if (r->peer)
        put(l, " to %s", who(l->w, r->peer).text);
    if (rec_occasion(r))
        put(l, " after %s", l->w->watch->occasion_name(rec_occasion(r)));
}

static void clock_line(struct line *l, const struct record *r)
{
    put(l, "n%u clock ", r->node);
    if (rec_change(r) == CLOCK_JUMP)
        put(l, "jumps %s by %s", rec_back(r) ? "back" : "ahead", when(rec_by(r)).text);
    else if (rec_change(r) == CLOCK_FREEZE)
        put(l, "freezes");
    else
        put(l, "%s %" PRIu32 "/%" PRIu32,
            rec_change(r) == CLOCK_THAW ? "thaws at rate" : "rate", rec_rate_num(r),
            rec_rate_den(r));
    if (rec_outside(r))
        put(l, ": outside the declared bound");
}

static void step_line(struct line *l, const struct record *r)
{
    const struct world_plan *plan = l->w->plan;
    const uint64_t number = rec_statement(r);
    put(l, "line %" PRIu32, rec_line(r));
    if (number && number <= plan->nstatements)
        put(l, ": %s", plan->statements[number]);
}

static void phase_line(struct line *l, const struct record *r)
{
    put(l, "phase %s", record_sub_name(r));
    if (rec_phase(r) != PHASE_HEALED)
        return;
    put(l, ": healed");
    for (uint8_t n = 1; n <= NODES_MAX; n++)
        if (rec_healed(r) & NODE_BIT(n))
            put(l, " n%u", n);
    if (rec_bound(r))
        put(l, ", progress owed within %s", when(rec_bound(r)).text);
}

/* ---- the frame ------------------------------------------------------------------------------- */

static void sentence(struct line *l, const struct record *r)
{
    switch ((enum record_kind)r->kind) {
    case REC_BOOT: case REC_CRASH: case REC_PAUSE: case REC_RESUME:
    case REC_HALT: case REC_BREACH: case REC_CAMPAIGN: case REC_PIN: process_line(l, r); break;
    case REC_SEND: case REC_DELIVER: case REC_DROP: case REC_DUPLICATE: case REC_HOLD:
    case REC_RELEASE: case REC_DELAY:
    case REC_HASTEN: case REC_SHUFFLE: case REC_INJECT: message_line(l, r); break;
    case REC_WRITE: case REC_DURABLE: case REC_FAILED: disk_line(l, r); break;
    case REC_TERM: case REC_ROLE: case REC_LEASE: state_line(l, r); break;
    case REC_CONFIG: config_line(l, r); break;
    case REC_CUT: case REC_APPEND: case REC_COMMIT: case REC_APPLY: log_line(l, r); break;
    case REC_READ: read_line(l, r); break;
    case REC_INVOKE: invoke_line(l, r); break;
    case REC_RETURN: return_line(l, r); break;
    case REC_FAULT: fault_line(l, r); break;
    case REC_CLOCK: clock_line(l, r); break;
    case REC_NOTE: note_line(l, r); break;
    case REC_STEP: step_line(l, r); break;
    case REC_PHASE: phase_line(l, r); break;
    case REC_TIMER: case REC_NONE: case REC_KINDS: break;
    }
}

/* Where there are several: what is of all of them has none. */
static void put_group(struct line *l, const struct record *r)
{
    if (l->w->groups > 1 && !(RECORDS_OF_ALL_GROUPS >> r->kind & 1))
        put(l, "g%u ", r->group + 1u);
}

char trace_sign(const struct world *w, const struct record *r)
{
    static const char roles[] = "\\~^/x";
    if (!r->node || r->node > w->nnodes)
        return ' ';
    const struct process *proc = &w->process[r->node];
    if (r->kind == REC_CRASH || !proc->up)
        return '#';
    if (proc->pauses)
        return '=';
    uint8_t role =
        r->kind == REC_ROLE ? rec_role(r) : replica_of(w, r->node, r->group)->role;
    return role <= SUT_HALTED ? roles[role] : '?';
}

int trace_line(const struct world *w, const struct record *r, char *out, size_t size)
{
    return trace_line_later(w, r, trace_sign(w, r), out, size);
}

int trace_line_later(const struct world *w, const struct record *r, char sign, char *out,
                     size_t size)
{
    if (r->kind == REC_TIMER || r->kind == REC_NONE || r->kind >= REC_KINDS)
        return 0;
    struct line l = {.w = w, .out = out, .size = size};
    char columns[NODES_MAX + 1];
    memset(columns, ' ', sizeof columns);
    columns[w->nnodes] = 0;
    if (r->node && r->node <= w->nnodes)
        columns[r->node - 1] = sign;
    char time[32];
    snprintf(time, sizeof time, "%" PRIu64 ".%06" PRIu64 "s", r->at / SEC(1),
             r->at % SEC(1) / US(1));
    put(&l, "%12s  %s  ", time, columns);
    put_group(&l, r);
    sentence(&l, r);
    return (int)l.n;
}

int trace_sentence(const struct world *w, const struct record *r, char *out, size_t size)
{
    struct line l = {.w = w, .out = out, .size = size};
    if (size > 0)
        out[0] = 0;
    put_group(&l, r);
    sentence(&l, r);
    return (int)l.n;
}

void trace_legend(FILE *out, const struct world *w, const char *margin)
{
    fprintf(out,
            "%stime, a column for each of n1..n%u, what happens; a sign stands under the node that "
            "acts:\n"
            "%s/ leads  \\ follows  ~ asks for pre-votes  ^ campaigns  # down  = paused  x halted; "
            "2/7: term/index\n",
            margin, w->nnodes, margin);
}

/* ---- the sink -------------------------------------------------------------------------------- */

void text_begin(FILE *out, const struct world *w, const struct trace_header *h)
{
    if (h) {
        fprintf(out, "# wavetank %s  compiler %s  records %d  draws %d\n", h->revision, h->compiler,
                WT_RECORD_VERSION, WT_DRAW_VERSION);
        fprintf(out, "# scenario %s%s%s  seed 0x%" PRIx64 "%s%s\n", h->scenario,
                h->variant[0] ? "  variant " : "",
                h->variant, h->seed, h->settings[0] ? "  with " : "", h->settings);
        if (h->drawn[0])
            fprintf(out, "# drawn %s\n", h->drawn);
    }
    trace_legend(out, w, "# ");
}

void text_record(FILE *out, const struct world *w, const struct record *r)
{
    char line[LINE_BYTES];
    if (trace_line(w, r, line, sizeof line) > 0)
        fprintf(out, "%s\n", line);
}

void text_end(FILE *out) { (void)out; }
