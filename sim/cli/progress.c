/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "progress.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>

enum { BAR_MOST = 30, BAR_LEAST = 5, TEXT = 96, GUESS_AFTER_MS = 1000 };

/* How long the rest will take, going on as it went; "" while that is anybody's guess. */
static void left(const struct progress *p, char out[TEXT])
{
    out[0] = 0;
    if (p->fresh == 0 || p->spent_ms < GUESS_AFTER_MS || p->runs >= p->jobs)
        return;
    uint64_t rest = p->jobs - p->runs;
    uint64_t ms = rest > UINT64_MAX / p->spent_ms ? UINT64_MAX : p->spent_ms * rest / p->fresh;
    if (p->most_ms > p->spent_ms && p->most_ms - p->spent_ms < ms)
        ms = p->most_ms - p->spent_ms;
    uint64_t s = ms / 1000 + 1;
    if (s < 100)
        snprintf(out, TEXT, "  %" PRIu64 " s left", s);
    else if (s < UINT64_C(100) * 60)
        snprintf(out, TEXT, "  %" PRIu64 " min left", s / 60);
    else
        snprintf(out, TEXT, "  %" PRIu64 " h left", s / 3600);
}

static void bar(FILE *out, int length, const struct progress *p)
{
    uint64_t runs = p->runs, jobs = p->jobs;
    for (; jobs > UINT32_MAX; jobs /= 2) /* so that a product of it has room */
        runs /= 2;
    int filled = jobs > 0 ? (int)(runs * (uint64_t)length / jobs) : length;
    putc('[', out);
    for (int i = 0; i < length; i++)
        putc(i < filled ? '#' : ' ', out);
    fputs("] ", out);
}

void progress_line(FILE *out, int columns, const struct progress *p)
{
    char done[TEXT], rest[TEXT];
    left(p, rest);
    int n = snprintf(done, sizeof(done), "%" PRIu64 "/%" PRIu64 "  %" PRIu64 " failed", p->runs,
                     p->jobs, p->failed);
    int room = columns - 1 - n;
    if ((int)strlen(rest) > room)
        rest[0] = 0;
    room -= (int)strlen(rest) + 3; /* 3: what stands around the bar */
    fputs("\r", out);
    if (room >= BAR_LEAST)
        bar(out, room < BAR_MOST ? room : BAR_MOST, p);
    fprintf(out, "%.*s%s\033[K", columns > 1 ? columns - 1 : 0, done, rest);
}

void progress_clear(FILE *out) { fputs("\r\033[K", out); }

int columns_of(FILE *f)
{
    struct winsize size;
    return ioctl(fileno(f), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
