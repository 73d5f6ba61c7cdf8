/* SPDX-License-Identifier: MIT */
/*
 * The file behind sweep --out. Method: each run is one write(2) at the end of the file, so that
 * whatever kills the process, finished runs are whole lines; should a write stop half-way (a full
 * disk, a kill at the wrong moment) the torn line is cut off, at once or by --resume.
 *
 * A path that cannot be opened, or holds something else, is a mistake in the command line; what
 * fails after that is a failure of ours.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results.h"
#include "version.h"

/* ---- reading --------------------------------------------------------------------------------- */

/* More than any line has: each bucket of each histogram filled, and the timeline. */
enum { LINE_BYTES = 1 << 20 };

typedef void line_reader(void *ctx, const struct result_line *);

static int cannot_read(const char *path)
{
    fprintf(stderr, "wavetank: error: cannot read %s: %s\n", path, strerror(errno));
    return errno == EIO || errno == ENOMEM ? EXIT_INTERNAL : EXIT_USAGE;
}

struct reading {
    const char *path;
    uint64_t lines, bad, first_bad; /* read so far, and those that are none */
    uint64_t good_bytes;            /* up to the last newline */
    bool torn;
};

static int no_results(const struct reading *r)
{
    fprintf(stderr,
            "%s:%" PRIu64 ": error: this is no result file; those are written by: wavetank sweep "
            "FILE --seeds 1..100 --out results.jsonl\n",
            r->path, r->lines);
    return EXIT_USAGE;
}

static int read_line(struct reading *r, const char *text, size_t len, line_reader *line, void *ctx)
{
    static struct result_line parsed;
    r->lines++;
    bool good = results_parse(text, len, &parsed);
    if (!good && r->lines == 1)
        return no_results(r);
    if (!good) {
        r->first_bad = r->bad++ == 0 ? r->lines : r->first_bad;
        return EXIT_OK;
    }
    if (parsed.header != 0 && parsed.header != RESULTS_VERSION) {
        fprintf(stderr, "%s:%" PRIu64 ": error: results of version %" PRIu64
                "; this program reads version %d\n",
                r->path, r->lines, parsed.header, RESULTS_VERSION);
        return EXIT_USAGE;
    }
    line(ctx, &parsed);
    return EXIT_OK;
}

/* Notes of what was left out. */
static void reading_end(const struct reading *r)
{
    if (r->bad > 0)
        fprintf(stderr, "%s:%" PRIu64 ": note: not a line of a result file; left out%s\n", r->path,
                r->first_bad, r->bad > 1 ? ", and so are others below" : "");
    if (r->torn)
        fprintf(stderr, "%s:%" PRIu64 ": note: the last line is torn; left out\n", r->path,
                r->lines + 1);
}

/* Up to a newline, the end of the file, or LINE_BYTES: whatever the file is, it ends. */
static size_t take_line(FILE *f, char *text)
{
    size_t n = 0;
    for (int c; n < LINE_BYTES && (c = getc(f)) != EOF;) {
        text[n++] = (char)c;
        if (c == '\n')
            break;
    }
    return n;
}

static int read_lines(FILE *f, struct reading *r, line_reader *line, void *ctx)
{
    char *text = malloc(LINE_BYTES);
    int code = text != NULL ? EXIT_OK : EXIT_INTERNAL;
    size_t n;
    while (code == EXIT_OK && (n = take_line(f, text)) > 0) {
        r->torn = text[n - 1] != '\n';
        if (r->torn && n == LINE_BYTES) {
            r->lines++;
            code = no_results(r);
        }
        if (r->torn)
            break;
        r->good_bytes += (uint64_t)n;
        code = read_line(r, text, n - 1, line, ctx);
    }
    if (code == EXIT_OK && ferror(f))
        code = cannot_read(r->path);
    free(text);
    if (code == EXIT_OK)
        reading_end(r);
    return code;
}

int results_read(const char *path, line_reader *line, void *ctx)
{
    struct reading r = {.path = path};
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return cannot_read(path);
    int code = read_lines(f, &r, line, ctx);
    fclose(f);
    return code;
}

/* ---- going on with a file -------------------------------------------------------------------- */

/* What --resume needs to know on the way. */
struct resumed {
    const struct request *request;
    const char *(*line)(void *ctx, const struct result_line *);
    void *ctx;
    uint64_t runs, headers;
    char refused[2 * SETTINGS_BYTES + 128]; /* why; "" so far not */
};

static void refuse(struct resumed *r, const char *format, const char *a, const char *b)
{
    if (r->refused[0] == 0)
        snprintf(r->refused, sizeof(r->refused), format, a, b);
}

static void resume_line(void *ctx, const struct result_line *l)
{
    struct resumed *r = ctx;
    char settings[SETTINGS_BYTES];
    if (l->header == 0) {
        const char *why =
            r->headers > 0 ? r->line(r->ctx, l)
                           : "a line that says what was swept must stand before its runs";
        if (why != NULL)
            refuse(r, "%s%s", why, "");
        r->runs++;
        return;
    }
    r->headers++;
    settings_text(r->request, settings);
    if (strcmp(l->revision, WT_REVISION) != 0)
        refuse(r, "revision %s of wavetank wrote it, and this is %s", l->revision, WT_REVISION);
    else if (l->records != WT_RECORD_VERSION || l->draws != WT_DRAW_VERSION)
        refuse(r, "it was written with other versions of records or draws%s%s", "", "");
    else if (strcmp(l->settings, settings) != 0)
        refuse(r, "it was written with other settings: %s, and now %s",
               l->settings[0] ? l->settings : "none",
               settings[0] ? settings : "none");
}

static int resume(struct outfile *o, const struct request *q,
                  const char *(*line)(void *, const struct result_line *), void *ctx)
{
    struct resumed r = {.request = q, .line = line, .ctx = ctx};
    struct reading reading = {.path = o->path};
    FILE *f = fopen(o->path, "r");
    if (f == NULL && errno == ENOENT)
        return EXIT_OK;
    if (f == NULL)
        return cannot_read(o->path);
    int code = read_lines(f, &reading, resume_line, &r);
    fclose(f);
    o->good = reading.good_bytes;
    o->runs = r.runs;
    if (code == EXIT_OK && r.refused[0] != 0)
        code = usage_error("--resume %s: %s; give --out another file, or leave --resume out to "
                           "begin anew", o->path,
                           r.refused);
    return code;
}

/* A file that holds something else is not emptied: --out is easily given a scenario. */
static int check_overwritten(const char *path)
{
    static const char first[] = "{\"wavetank\":";
    char begins[sizeof(first)] = ""; /* and a digit: traces have a word there */
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
        return EXIT_OK;
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return EXIT_OK; /* opening it to write will say why */
    size_t n = fread(begins, 1, sizeof(begins), f);
    fclose(f);
    bool torn = n < sizeof(begins) && memcmp(begins, first, n) == 0;
    char digit = begins[sizeof(begins) - 1];
    if (torn ||
        (n == sizeof(begins) && memcmp(begins, first, n - 1) == 0 && digit >= '0' && digit <= '9'))
        return EXIT_OK;
    return usage_error("--out %s: that file is there and holds no results; remove it first, or "
                       "name another", path);
}

int outfile_open(struct outfile *o, const struct request *q,
                 const char *(*line)(void *, const struct result_line *), void *ctx)
{
    *o = (struct outfile){.fd = -1, .path = q->out};
    if (q->out == NULL)
        return EXIT_OK;
    int code = asked(q, OPT(RESUME)) ? resume(o, q, line, ctx) : check_overwritten(q->out);
    if (code != EXIT_OK)
        return code;
    o->fd = open(q->out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (o->fd >= 0 && ftruncate(o->fd, (off_t)o->good) != 0 && errno != EINVAL) {
        /* EINVAL: a pipe or a device */
        close(o->fd);
        o->fd = -1;
    }
    if (o->fd >= 0)
        return EXIT_OK;
    write_failed(q->out);
    return EXIT_USAGE;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void outfile_fail(struct outfile *o)
{
    struct stat st;
    fprintf(stderr, "wavetank: error: cannot write %s: %s; ", o->path, strerror(errno));
    if (o->fd < 0 || fstat(o->fd, &st) != 0 || !S_ISREG(st.st_mode))
        fprintf(stderr, "%" PRIu64 " runs went there before\n", o->runs);
    else if (ftruncate(o->fd, (off_t)o->good) != 0)
        fprintf(stderr, "it has %" PRIu64 " runs and a torn line, which --resume drops\n", o->runs);
    else
        fprintf(stderr, "it has %" PRIu64 " runs; --resume goes on from there\n", o->runs);
    o->failed = true;
}

void outfile_write(struct outfile *o, const char *text, size_t len, uint64_t runs)
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
        o->runs += runs;
        return;
    }
    outfile_fail(o);
    outfile_close(o);
}

void outfile_close(struct outfile *o)
{
    int fd = o->fd;
    o->fd = -1;
    if (fd >= 0 && close(fd) != 0 && !o->failed)
        outfile_fail(o);
}
