/* SPDX-License-Identifier: MIT */
/*
 * The file behind sweep --out. Method: each run is one write(2) at the end of the file, so that whatever kills the
 * process, finished runs are whole lines; should a write stop half-way (a full disk, a kill at the wrong moment) the
 * torn line is cut off, at once or by --resume.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results.h"
#include "version.h"

typedef void line_reader(void *ctx, const struct result_line *);

/* Hands every whole line of an open stream to `line`; *good: bytes up to the last newline. False: a read error. */
static bool read_lines(FILE *f, const char *path, line_reader *line, void *ctx, uint64_t *good)
{
    static struct result_line parsed;
    char *text = NULL;
    size_t size = 0;
    uint64_t bad = 0;
    *good = 0;
    for (ssize_t n; (n = getline(&text, &size, f)) > 0 && text[n - 1] == '\n';) {
        *good += (uint64_t)n;
        if (results_parse(text, (size_t)n - 1, &parsed))
            line(ctx, &parsed);
        else
            bad++;
    }
    free(text);
    if (bad > 0)
        fprintf(stderr, "wavetank: %s: %" PRIu64 " lines are not of a result file and were left out\n", path, bad);
    return !ferror(f);
}

bool results_read(const char *path, line_reader *line, void *ctx)
{
    uint64_t good;
    FILE *f = fopen(path, "r");
    bool ok = f != NULL && read_lines(f, path, line, ctx, &good);
    if (!ok)
        fprintf(stderr, "wavetank: error: cannot read %s: %s\n", path, strerror(errno));
    if (f != NULL)
        fclose(f);
    return ok;
}

/* What --resume needs to know of the headers on the way. */
struct resumed {
    const struct request *request;
    line_reader *line;
    void *ctx;
    const char *refused;
};

static void resume_line(void *ctx, const struct result_line *l)
{
    struct resumed *r = ctx;
    char settings[SETTINGS_BYTES];
    if (!l->header) {
        r->line(r->ctx, l);
        return;
    }
    settings_text(r->request, settings);
    if (strcmp(l->revision, WT_REVISION) != 0 || l->records != WT_RECORD_VERSION || l->draws != WT_DRAW_VERSION)
        r->refused = "another revision of wavetank wrote it";
    else if (strcmp(l->settings, settings) != 0)
        r->refused = "it was written with other --set, --calm or --until";
}

static bool resume(struct outfile *o, const struct request *q, line_reader *line, void *ctx)
{
    struct resumed r = {q, line, ctx, NULL};
    FILE *f = fopen(o->path, "r");
    if (f == NULL && errno == ENOENT)
        return true;
    bool ok = f != NULL && read_lines(f, o->path, resume_line, &r, &o->good);
    if (!ok)
        fprintf(stderr, "wavetank: error: cannot read %s: %s\n", o->path, strerror(errno));
    if (f != NULL)
        fclose(f);
    if (r.refused != NULL)
        fprintf(stderr, "wavetank: error: --resume %s: %s\n", o->path, r.refused);
    return ok && r.refused == NULL;
}

bool outfile_open(struct outfile *o, const struct request *q, line_reader *line, void *ctx)
{
    *o = (struct outfile){.fd = -1, .path = q->out};
    if (q->out == NULL)
        return true;
    if (asked(q, BIT_RESUME) && !resume(o, q, line, ctx))
        return false;
    o->fd = open(q->out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (o->fd >= 0 && ftruncate(o->fd, (off_t)o->good) != 0 && errno != EINVAL) { /* EINVAL: a pipe or a device */
        close(o->fd);
        o->fd = -1;
    }
    if (o->fd < 0)
        fprintf(stderr, "wavetank: error: cannot write %s: %s\n", q->out, strerror(errno));
    return o->fd >= 0;
}

void outfile_write(struct outfile *o, const char *text, size_t len)
{
    size_t done = 0;
    if (o->fd < 0)
        return;
    while (done < len) {
        ssize_t n = write(o->fd, text + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (done == len) {
        o->good += len;
        return;
    }
    fprintf(stderr, "wavetank: error: cannot write %s: %s; the runs until here are in it\n", o->path, strerror(errno));
    if (ftruncate(o->fd, (off_t)o->good) != 0)
        fprintf(stderr, "wavetank: its last line is torn; --resume drops it\n");
    o->failed = true;
    outfile_close(o);
}

void outfile_close(struct outfile *o)
{
    if (o->fd >= 0 && close(o->fd) != 0) {
        fprintf(stderr, "wavetank: error: cannot write %s: %s\n", o->path, strerror(errno));
        o->failed = true;
    }
    o->fd = -1;
}
