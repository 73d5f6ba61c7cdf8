/* SPDX-License-Identifier: MIT */
/*
 * ^C and kill. Method: the first signal only raises a flag that loops look at between runs; the
 * second kills the children, whose numbers stand in a table that the handler may read at any
 * moment, and leaves with 130. Results already written stay.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum { CHILDREN_MAX = 1024 };

static volatile sig_atomic_t signals;
static volatile sig_atomic_t children[CHILDREN_MAX];

static void on_signal(int number)
{
    static const char note[] = "\nwavetank: finishing what runs; once more to stop at once\n";
    int before = errno;
    (void)number;
    if (++signals < 2) {
        ssize_t n = write(STDERR_FILENO, note, sizeof(note) - 1);
        (void)n;
        errno = before;
        return;
    }
    for (int i = 0; i < CHILDREN_MAX; i++)
        if (children[i] != 0)
            kill((pid_t)children[i], SIGKILL);
    _exit(EXIT_INTERRUPTED);
}

static void handle(void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void interrupt_watch(void) { handle(on_signal); }

bool interrupted(void) { return signals > 0; }

void interrupt_ignore(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = SIG_IGN;
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_DFL;
    sigaction(SIGTERM, &action, NULL);
}

void interrupt_child(int slot, int pid)
{
    assert(slot >= 0 && slot < CHILDREN_MAX);
    children[slot] = pid;
}
