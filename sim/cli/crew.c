/* SPDX-License-Identifier: MIT */
/*
 * The fork pool. Method: each worker has one pipe that brings it jobs, one on which it writes a
 * byte when a job is done, and one result in memory shared with the parent, so that a result is
 * never seen half-written. What failed is run once more, to see what it looks like and whether it
 * is the same: another byte says so before, as each of the two runs has its time. The parent polls:
 * a byte is news of a result, an end of file is a death, and a worker past its time is killed and
 * then dies like any other. Workers end when their pipe of jobs does, so a killed parent leaves
 * nobody behind.
 */
#define _GNU_SOURCE
#include "crew.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../run/signature.h"

enum { TICK_MS = 100, START_FAILURES_MAX = 8 };

struct worker {
    pid_t pid;      /* 0: none */
    int jobs, done; /* the parent's ends */
    bool busy, late;
    bool again; /* it has a result, and looks at that run once more */
    uint64_t since_ms;
    struct job job;
    struct result *result; /* shared */
};

struct crew {
    const struct crew_orders *orders;
    uint32_t n, busy, start_failures;
    int start_error; /* errno of the last of them */
    bool dry; /* no more jobs */
    struct arena *block; /* for the runs of each worker: forked untouched, it becomes its own */
    struct worker *workers;
    struct pollfd *polls;
};

uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- in the worker --------------------------------------------------------------------------- */

/* What a worker writes to its parent. */
static const char once_more = 'm', ready = 'r';

static void differs(struct result *out)
{
    out->verdict = V_NONDETERMINISM;
    snprintf(out->check, sizeof(out->check), "determinism");
    snprintf(out->detail, sizeof(out->detail),
             "the same seed run twice in one process has two digests");
    out->where[0] = 0;
}

/* False: the parent has gone. */
static bool do_job(const struct crew *c, const struct job *job, int done, struct result *out)
{
    static struct result again;
    const struct item *item = &c->orders->suite->items[job->item];
    struct run run = item_run(item, c->orders->request, job->seed);
    char signature[SIGNATURE_BYTES] = "";
    run_once(&run, c->block, out);
    bool broke = result_by_rule(out);
    if (job->twice || broke) {
        if (write(done, &once_more, 1) != 1)
            return false;
        signature_run(&run, c->block, out, &again, signature);
        if (memcmp(again.digest, out->digest, sizeof(again.digest)) != 0)
            differs(out);
    }
    if (out->verdict == V_NONDETERMINISM || (out->verdict != V_PASS && !broke))
        signature_plain(out, item_path(item), out->signature);
    else if (broke)
        memcpy(out->signature, signature, sizeof(signature));
    return true;
}

static void work(const struct crew *c, int jobs, int done, struct result *out)
{
    struct job job;
    interrupt_ignore();
    while (read(jobs, &job, sizeof(job)) == (ssize_t)sizeof(job)) {
        if (!do_job(c, &job, done, out) || write(done, &ready, 1) != 1)
            break;
    }
    _exit(EXIT_OK);
}

/* ---- in the parent --------------------------------------------------------------------------- */

static bool worker_start(struct crew *c, struct worker *w)
{
    int jobs[2], done[2];
    if (pipe(jobs) != 0) {
        c->start_error = errno;
        return false;
    }
    if (pipe(done) != 0) {
        c->start_error = errno;
        close(jobs[0]);
        close(jobs[1]);
        return false;
    }
    fflush(NULL);
    w->pid = fork();
    c->start_error = errno;
    if (w->pid == 0) {
        for (uint32_t i = 0; i < c->n; i++) { /* the others' pipes must end with the parent */
            if (c->workers[i].jobs != -1)
                close(c->workers[i].jobs);
            if (c->workers[i].done != -1)
                close(c->workers[i].done);
        }
        close(jobs[1]);
        close(done[0]);
        work(c, jobs[0], done[1], w->result);
    }
    close(jobs[0]);
    close(done[1]);
    if (w->pid < 0) {
        close(jobs[1]);
        close(done[0]);
        w->pid = 0;
        return false;
    }
    w->jobs = jobs[1];
    w->done = done[0];
    w->busy = w->late = false;
    interrupt_child((int)(w - c->workers), (int)w->pid);
    return true;
}

/* Closes the worker's pipes and waits for it. Returns its status. */
static int worker_bury(struct crew *c, struct worker *w)
{
    int status = 0;
    close(w->jobs);
    close(w->done);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    interrupt_child((int)(w - c->workers), 0);
    w->pid = 0;
    w->jobs = w->done = -1;
    return status;
}

/* What a run is worth whose worker is gone. */
static void post_mortem(const struct crew *c, const struct worker *w, int status,
                        struct result *out)
{
    memset(out, 0, sizeof(*out));
    out->seed = w->job.seed;
    out->verdict = V_LOST;
    if (w->late) {
        if (w->again) { /* what it came to the first time is known */
            memcpy(out, w->result, sizeof(*out));
            return;
        }
        snprintf(out->check, sizeof(out->check), "timeout");
        snprintf(out->detail, sizeof(out->detail),
                 "no verdict within %" PRIu64 ".%03" PRIu64 " s of wall-clock time; killed",
                 c->orders->request->seed_timeout_ms / 1000,
                 c->orders->request->seed_timeout_ms % 1000);
    } else if (WIFSIGNALED(status)) {
        snprintf(out->check, sizeof(out->check), "signal-%d", WTERMSIG(status));
        snprintf(out->detail, sizeof(out->detail), "its worker died of signal %d (%s)%s",
                 WTERMSIG(status), strsignal(WTERMSIG(status)),
                 WTERMSIG(status) == SIGKILL ? ", with which a system kills where memory is out"
                                             : "");
    } else {
        snprintf(out->check, sizeof(out->check), "worker");
        snprintf(out->detail, sizeof(out->detail), "its worker ended with code %d",
                 WEXITSTATUS(status));
    }
}

static void worker_died(struct crew *c, struct worker *w)
{
    static struct result result;
    bool busy = w->busy;
    int status = worker_bury(c, w);
    if (!busy) {
        c->start_failures++;
        return;
    }
    c->busy--;
    w->busy = false;
    post_mortem(c, w, status, &result);
    if (result.signature[0] == 0 && result.verdict != V_PASS)
        signature_plain(&result, item_path(&c->orders->suite->items[w->job.item]),
                        result.signature);
    c->orders->done(c->orders->ctx, &w->job, &result);
}

static void worker_news(struct crew *c, struct worker *w)
{
    char byte;
    ssize_t n = read(w->done, &byte, 1);
    if (n < 0 && errno == EINTR)
        return;
    if (n != 1) {
        worker_died(c, w);
        return;
    }
    assert(w->busy && w->result->seed == w->job.seed);
    if (byte == once_more) {
        w->again = true;
        w->since_ms = now_ms();
        return;
    }
    w->busy = false;
    c->busy--;
    c->start_failures = 0;
    c->orders->done(c->orders->ctx, &w->job, w->result);
}

static void worker_feed(struct crew *c, struct worker *w)
{
    if (w->busy || c->dry)
        return;
    if (w->pid == 0 && !worker_start(c, w)) {
        c->start_failures++;
        return;
    }
    if (!c->orders->next(c->orders->ctx, &w->job)) {
        c->dry = true;
        return;
    }
    w->busy = true;
    w->again = false;
    w->since_ms = now_ms();
    c->busy++;
    if (write(w->jobs, &w->job, sizeof(w->job)) != (ssize_t)sizeof(w->job))
        kill(w->pid, SIGKILL); /* dead already, most likely: its pipe will say so */
}

/* Only the workers that there are: poll refuses more than there may be open files. */
static void crew_poll(struct crew *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->workers[i].pid != 0)
            c->polls[n++] = (struct pollfd){.fd = c->workers[i].done, .events = POLLIN};
    if (poll(c->polls, n, TICK_MS) < 0)
        return; /* a signal: look again */
    for (uint32_t i = 0, k = 0; i < c->n; i++)
        if (c->workers[i].pid != 0 && c->polls[k++].revents != 0)
            worker_news(c, &c->workers[i]);
}

static void kill_the_late(struct crew *c)
{
    uint64_t now = now_ms(), most = c->orders->request->seed_timeout_ms;
    for (uint32_t i = 0; i < c->n; i++) {
        struct worker *w = &c->workers[i];
        if (!w->busy || w->late || now - w->since_ms <= most)
            continue;
        w->late = true;
        kill(w->pid, SIGKILL);
    }
}

static bool crew_open(struct crew *c)
{
    size_t bytes = c->n * sizeof(struct result);
    struct result *results =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (results == MAP_FAILED) {
        fatal_error(EXIT_INTERNAL, "out of memory: no room for the results of %" PRIu32
                    " workers; --jobs says how many there are", c->n);
        return false;
    }
    c->block = must_block();
    c->workers = must(calloc(c->n, sizeof(*c->workers)));
    c->polls = must(calloc(c->n, sizeof(*c->polls)));
    for (uint32_t i = 0; i < c->n; i++)
        c->workers[i] = (struct worker){.jobs = -1, .done = -1, .result = &results[i]};
    signal(SIGPIPE, SIG_IGN);
    return true;
}

static void crew_close(struct crew *c)
{
    for (uint32_t i = 0; c->workers != NULL && i < c->n; i++)
        if (c->workers[i].pid != 0)
            worker_bury(c, &c->workers[i]);
    free(c->workers);
    free(c->polls);
}

bool crew_run(const struct crew_orders *orders)
{
    struct crew c = {.orders = orders, .n = (uint32_t)orders->request->jobs};
    bool ok = crew_open(&c);
    while (ok && (!c.dry || c.busy > 0)) {
        for (uint32_t i = 0; i < c.n; i++)
            worker_feed(&c, &c.workers[i]);
        ok = c.busy > 0 || c.start_failures < START_FAILURES_MAX * c.n;
        if (c.busy > 0)
            crew_poll(&c);
        kill_the_late(&c);
        orders->tick(orders->ctx);
        if (!ok)
            fatal_error(EXIT_INTERNAL, "cannot start worker processes: %s",
                        strerror(c.start_error));
    }
    crew_close(&c);
    return ok;
}
