/* SPDX-License-Identifier: MIT */
/*
 * A small cluster in memory, to run the core against itself: messages that are lost, repeated and
 * late, writes that take time, crashes that lose what was not durable.
 *
 * Method: steps of one millisecond. An entry is (term, value) with a value of its own; FILL is
 * resolved from the sender's log at sending. It judges while it runs: one leader a term, and one
 * entry at each committed index, for ever.
 */
#ifndef CORE_TEST_CLUSTER_H
#define CORE_TEST_CLUSTER_H

#include "kit.h"

enum { NODES = RAFT_VOTERS_MAX, LOG_MAX = 3000, NET_MAX = 1024, HELD_MAX = 256, TERMS_MAX = 4000,
       BATCH_MAX = 64 };

struct entry {
    uint64_t term, value;
};

struct parcel {
    struct raft_msg m;
    struct entry entries[BATCH_MAX];
};

struct write {
    uint64_t at;
    struct raft_write w;
    struct entry entries[BATCH_MAX];
};

struct held {
    uint64_t wid;
    struct parcel parcel;
};

struct host {
    struct node n;
    bool up;
    uint64_t offset;          /* of the local clock */
    struct entry log[LOG_MAX], disk[LOG_MAX];
    uint64_t disk_last, disk_term, boots;
    uint8_t disk_vote;
    uint32_t nwrites, nheld;
    struct write writes[RAFT_WRITES_MAX];
    struct held held[HELD_MAX];
};

struct cluster {
    uint32_t nodes;
    uint64_t now, chance, next_value;
    uint32_t loss, dup, delay, crash;  /* per mille, per mille, ms, per 100,000 node-milliseconds */
    uint32_t cuts, cut_in, cut_out;    /* cuts per 100,000 ms; nodes that hear nothing, that
                                          nobody hears */
    bool clocks_jump;
    struct raft_options options;
    struct host hosts[NODES + 1];
    uint64_t net_at[NET_MAX];          /* 0: free */
    struct parcel net[NET_MAX];
    uint8_t leader_of[TERMS_MAX];
    struct entry committed[LOG_MAX];
    uint64_t commit, wins, reads, crashes, max_term;
    uint64_t read_floor[1024];         /* the commit known anywhere when read i was asked; by id
                                          % 1024 */
    uint64_t next_read;
};

static inline uint64_t chance(struct cluster *c)
{
    c->chance ^= c->chance << 13;
    c->chance ^= c->chance >> 7;
    c->chance ^= c->chance << 17;
    return c->chance;
}

static inline bool once_in(struct cluster *c, uint64_t num, uint64_t den)
{
    return chance(c) % den < num;
}

static inline void post(struct cluster *c, const struct parcel *p)
{
    uint32_t copies = once_in(c, c->loss, 1000) ? 0 : once_in(c, c->dup, 1000) ? 2 : 1;
    for (uint32_t i = 0; i < NET_MAX && copies > 0; i++) {
        if (c->net_at[i] != 0) continue;
        memcpy(&c->net[i], p, offsetof(struct parcel, entries) + p->m.n * sizeof p->entries[0]);
        c->net_at[i] = c->now + 1 + chance(c) % c->delay;
        copies--;
    }
}

static inline void pack(const struct host *h, const struct raft_msg *m, struct parcel *p)
{
    assert_true(m->n <= BATCH_MAX && m->max_n <= BATCH_MAX);
    memcpy(&p->m, m, RAFT_MSG_SIZE(m));
    if (m->type != RAFT_MSG_APPEND) return;
    if (m->flags & RAFT_FLAG_FILL) {
        p->m.n = p->m.bytes = p->m.nruns = 0;
        while (p->m.n < m->max_n) {
            uint64_t term = h->log[m->index + p->m.n + 1].term;
            if (p->m.nruns == 0 || p->m.runs[p->m.nruns - 1].term != term) {
                if (p->m.nruns == RAFT_MSG_RUNS_MAX) break;
                p->m.runs[p->m.nruns++] = (struct raft_run){.term = term, .n = 0};
            }
            p->m.runs[p->m.nruns - 1].n++;
            p->m.n++;
        }
    }
    for (uint32_t i = 0; i < p->m.n; i++) p->entries[i] = h->log[m->index + 1 + i];
    uint64_t at = m->index;
    for (uint32_t i = 0; i < p->m.nruns; i++) {
        for (uint64_t k = 0; k < p->m.runs[i].n; k++)
            assert_int_equal(h->log[++at].term, p->m.runs[i].term);
    }
}

static inline void take_log(struct cluster *c, struct host *h, const struct parcel *from)
{
    const struct raft_delta *d = &h->n.fx.delta;
    for (uint64_t i = d->first; i <= d->last; i++) {
        assert_true(i < LOG_MAX);
        if (d->origin == RAFT_FROM_MESSAGE) h->log[i] = from->entries[i - from->m.index - 1];
        else h->log[i] = (struct entry){.term = d->term, .value = ++c->next_value};
        assert_int_equal(h->log[i].term, raft_term_at(&h->n.r, i));
    }
}

static inline void judge(struct cluster *c, struct host *h)
{
    const struct raft_delta *d = &h->n.fx.delta;
    if (d->role == RAFT_LEADER && (d->changed & RAFT_CHANGED_ROLE)) {
        assert_true(d->term < TERMS_MAX);
        assert_int_equal(c->leader_of[d->term], 0);   /* election safety */
        c->leader_of[d->term] = h->n.r.id;
        c->wins++;
        for (uint64_t i = 1; i <= c->commit; i++)
            assert_int_equal(h->log[i].value, c->committed[i].value);
    }
    if (d->term > c->max_term) c->max_term = d->term;
    if (!(d->changed & RAFT_CHANGED_COMMIT)) return;
    for (uint64_t i = 1; i <= d->commit; i++) {
        if (i <= c->commit) assert_int_equal(h->log[i].value, c->committed[i].value);
        else c->committed[i] = h->log[i];
    }
    if (d->commit > c->commit) c->commit = d->commit;
}

static inline void take_effects(struct cluster *c, struct host *h, const struct parcel *from)
{
    const struct raft_effects *fx = &h->n.fx;
    take_log(c, h, from);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < h->nheld; i++)
        if (h->held[i].parcel.m.term >= fx->cancel_below) h->held[kept++] = h->held[i];
    h->nheld = kept;
    if (fx->write.wid != 0) {
        assert_true(h->nwrites < RAFT_WRITES_MAX);
        struct write *w = &h->writes[h->nwrites++];
        w->at = c->now + 1 + chance(c) % 5;
        w->w = fx->write;
        for (uint64_t i = w->w.first; i <= w->w.last; i++) w->entries[i - w->w.first] = h->log[i];
    }
    for (uint32_t i = 0; i < fx->nmsgs; i++) {
        struct held *p = &h->held[h->nheld];
        pack(h, &fx->msgs[i].msg, &p->parcel);
        p->wid = fx->msgs[i].wid;
        if (p->wid == 0) post(c, &p->parcel);
        else if (h->nheld + 1 < HELD_MAX) h->nheld++;
    }
    for (uint32_t i = 0; i < fx->nreads; i++) {
        assert_true(fx->reads[i].index >= c->read_floor[fx->reads[i].id % 1024]);
        c->reads++;
    }
    judge(c, h);
}

static inline int feed(struct cluster *c, struct host *h, struct raft_event ev,
                       const struct parcel *from)
{
    h->n.now = c->now * 1000000 + h->offset;
    int rv = go(&h->n, ev);
    if (rv == RAFT_OK) take_effects(c, h, from);
    else if (rv != RAFT_E_BUSY && rv != RAFT_E_NOT_LEADER)
        fail_msg("event %d: %s", ev.type, raft_result_name(rv));
    return rv;
}

/* The oldest write becomes durable; the promises that waited for it leave. */
static inline void persist_one(struct cluster *c, struct host *h)
{
    static struct write done;
    done = h->writes[0];
    memmove(&h->writes[0], &h->writes[1], --h->nwrites * sizeof h->writes[0]);
    h->disk_term = done.w.term;
    h->disk_vote = done.w.vote;
    if (done.w.cut_from != 0) h->disk_last = done.w.cut_from - 1;
    if (done.w.first <= done.w.last) assert_int_equal(done.w.first, h->disk_last + 1);
    for (uint64_t i = done.w.first; i <= done.w.last; i++)
        h->disk[i] = done.entries[i - done.w.first];
    if (done.w.first <= done.w.last) h->disk_last = done.w.last;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < h->nheld; i++) {
        if (h->held[i].wid > done.w.wid) {
            h->held[kept++] = h->held[i];
        } else {
            assert_true(h->held[i].parcel.m.term >= h->n.r.term);   /* else it was cancelled */
            post(c, &h->held[i].parcel);
        }
    }
    h->nheld = kept;
    feed(c, h, (struct raft_event){.type = RAFT_EV_WRITE_DONE, .write.wid = done.w.wid}, NULL);
}

static inline void boot_host(struct cluster *c, uint8_t id, bool restarted)
{
    static struct raft_run runs[KIT_TERMS];
    struct host *h = &c->hosts[id];
    struct raft_boot boot = {.id = id, .voters = ((uint32_t)1 << c->nodes) - 1,
                             .restarted = restarted, .incarnation = ++h->boots};
    boot.seed = chance(c);
    boot.now = c->now * 1000000 + h->offset;
    boot.options = c->options;
    boot.term = h->disk_term;
    boot.vote = h->disk_vote;
    for (uint64_t i = 1; i <= h->disk_last; i++) {
        h->log[i] = h->disk[i];
        if (boot.nruns > 0 && runs[boot.nruns - 1].term == h->disk[i].term) {
            runs[boot.nruns - 1].n++;
        } else {
            assert_true(boot.nruns < KIT_TERMS);
            runs[boot.nruns++] = (struct raft_run){.term = h->disk[i].term, .n = 1};
        }
    }
    boot.runs = runs;
    h->nwrites = h->nheld = 0;
    start(&h->n, &boot);
    h->up = true;
}

/* One millisecond. */
static inline void weather_ms(struct cluster *c)
{
    if (once_in(c, c->cuts, 100000)) {
        c->cut_in = (uint32_t)(chance(c) & chance(c));
        c->cut_out = once_in(c, 1, 2) ? c->cut_in : (uint32_t)(chance(c) & chance(c));
    }
    if (c->cut_in | c->cut_out) {
        if (c->cuts == 0 || once_in(c, 1, 300)) c->cut_in = c->cut_out = 0;
    }
    if (!c->clocks_jump || !once_in(c, 1, 300)) return;
    struct host *h = &c->hosts[1 + chance(c) % c->nodes];
    h->offset = once_in(c, 1, 2) ? h->offset / 2 : h->offset + chance(c) % MS(400);
}

static inline void run_ms(struct cluster *c)
{
    c->now++;
    weather_ms(c);
    for (uint32_t i = 0; i < NET_MAX; i++) {
        if (c->net_at[i] == 0 || c->net_at[i] > c->now) continue;
        static struct parcel copy;
        copy = c->net[i];
        c->net_at[i] = 0;
        struct host *h = &c->hosts[copy.m.to];
        if (((c->cut_in >> copy.m.to | c->cut_out >> copy.m.from) & 1) != 0) continue;
        if (h->up)
            feed(c, h, (struct raft_event){.type = RAFT_EV_RECV, .recv.msg = &copy.m}, &copy);
    }
    for (uint8_t id = 1; id <= c->nodes; id++) {
        struct host *h = &c->hosts[id];
        if (!h->up) {
            if (once_in(c, 1, 100)) boot_host(c, id, true);
            continue;
        }
        while (h->nwrites > 0 && h->writes[0].at <= c->now) persist_one(c, h);
        for (int i = 0; i < 8 && raft_deadline(&h->n.r) <= c->now * 1000000 + h->offset; i++) {
            feed(c, h, (struct raft_event){.type = RAFT_EV_TIME}, NULL);
        }
        if (once_in(c, c->crash, 100000)) {
            h->up = false;
            c->crashes++;
        }
    }
}

static inline void client_ms(struct cluster *c, uint32_t per_mille)
{
    static const struct raft_entry_info entries[3] = {{.size = 100}, {.size = 50}, {.size = 20}};
    struct host *h = &c->hosts[1 + chance(c) % c->nodes];
    if (!h->up || !once_in(c, per_mille, 1000)) return;
    if (h->n.r.log.last + 10 < LOG_MAX) {
        uint32_t n = 1 + (uint32_t)(chance(c) % 3);
        feed(c, h, (struct raft_event){.type = RAFT_EV_PROPOSE,
                                       .propose = {.entries = entries, .n = n}}, NULL);
    }
    uint64_t id = ++c->next_read;
    c->read_floor[id % 1024] = c->commit;
    feed(c, h, (struct raft_event){.type = RAFT_EV_READ, .read.id = id}, NULL);
    if (id > 40)
        feed(c, h, (struct raft_event){.type = RAFT_EV_READ_CANCEL, .read.id = id - 40}, NULL);
}

static inline void cluster_start(struct cluster *c, uint32_t nodes, uint64_t seed)
{
    memset(c, 0, offsetof(struct cluster, hosts));
    for (uint32_t i = 1; i <= NODES; i++) {
        struct host *h = &c->hosts[i];
        h->disk_last = h->disk_term = h->boots = h->offset = 0;
        h->disk_vote = 0;
        h->up = false;
    }
    memset(c->net_at, 0, sizeof c->net_at);
    memset(c->leader_of, 0, sizeof *c - offsetof(struct cluster, leader_of));
    c->nodes = nodes;
    c->chance = seed * 0x9e3779b97f4a7c15u + 1;
    c->delay = 10;
    raft_options_default(&c->options);
}

#endif
