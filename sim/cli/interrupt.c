/* SPDX-License-Identifier: MIT */
/*
 * ^C, kill and time that is over. Method: the first signal only raises a flag that loops look at,
 * between runs and within them; the second kills the children, whose numbers stand in a table that
 * the handler may read at any moment, and leaves with 130. Results already written stay.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli.h"

enum { CHILDREN_MAX = 1024 };

static volatile sig_atomic_t signals, flag;
static volatile sig_atomic_t children[CHILDREN_MAX];
static const char *first_note;

static void on_signal(int number)
{
    int before = errno;
    (void)number;
    flag = INTERRUPT_SIGNAL;
    if (++signals < 2) {
        ssize_t n = write(STDERR_FILENO, first_note, strlen(first_note));
        (void)n;
        errno = before;
        return;
    }
    for (int i = 0; i < CHILDREN_MAX; i++)
        if (children[i] != 0)
            kill((pid_t)children[i], SIGKILL);
    _exit(EXIT_INTERRUPTED);
}

static void on_time(int number)
{
    (void)number;
    if (flag == INTERRUPT_NONE)
        flag = INTERRUPT_TIME;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void interrupt_watch(const char *note)
{
    first_note = note;
    handle(SIGINT, on_signal);
    handle(SIGTERM, on_signal);
}

void interrupt_after(uint64_t ms)
{
    struct itimerval timer = {.it_value = {.tv_sec = (time_t)(ms / 1000),
                                           .tv_usec = (suseconds_t)(ms % 1000 * 1000)}};
    handle(SIGALRM, on_time);
    setitimer(ITIMER_REAL, &timer, NULL);
}

enum interrupt interrupted(void) { return (enum interrupt)flag; }

const volatile sig_atomic_t *interrupt_flag(void) { return &flag; }

void interrupt_ignore(void)
{
    handle(SIGINT, SIG_IGN);
    handle(SIGTERM, SIG_IGN); /* often sent to all of a group; the parent decides */
    handle(SIGABRT, SIG_DFL); /* the parent sees of what a worker died */
}

void interrupt_child(int slot, int pid)
{
    assert(slot >= 0 && slot < CHILDREN_MAX);
    children[slot] = pid;
}
