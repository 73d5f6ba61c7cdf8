/* SPDX-License-Identifier: MIT */
/*
 * The file behind sweep --out. Method: each run is one write(2) at the end of the file, so that
 * whatever kills the process, finished runs are whole lines; should a write stop half-way (a full
 * disk, a kill at the wrong moment) the torn line is cut off, at once or by --resume.
 *
 * Results that are there are never lost by accident: a file with runs is only added to (--resume)
 * or replaced (--force), and then the new ones are written beside it, to F.new, which takes the
 * name when the sweep has come to its end. A record lock on the file, which ends with its process,
 * keeps a second writer away. Such a lock goes when the process closes the file, by whichever
 * descriptor: so there is but one, which reads and writes.
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
    return fatal_error(errno == EIO || errno == ENOMEM ? EXIT_INTERNAL : EXIT_USAGE,
                       "cannot read %s: %s", path, strerror(errno));
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
    char *text = must(malloc(LINE_BYTES));
    int code = EXIT_OK;
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

/* Reads what the file has, and takes it over. */
static int resume(struct outfile *o, const struct request *q, const struct resuming *resuming)
{
    struct resumed r = {.request = q, .line = resuming->line, .ctx = resuming->ctx};
    struct reading reading = {.path = o->path};
    rewind(o->file);
    int code = read_lines(o->file, &reading, resume_line, &r);
    o->good = reading.good_bytes;
    o->runs = r.runs;
    if (code == EXIT_OK && r.refused[0] != 0)
        code = usage_error("--resume %s: %s; give --out another file, or say --force instead, to "
                           "replace it", o->path, r.refused);
    return code;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Only we write this file from now on, or a message says who does. */
static bool lock(const char *path, int fd)
{
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &all) == 0)
        return true;
    if (errno != EACCES && errno != EAGAIN) {
        fprintf(stderr, "wavetank: note: %s cannot be locked (%s); see to it that nobody else "
                        "writes there\n", path, strerror(errno));
        return true;
    }
    if (fcntl(fd, F_GETLK, &all) == 0 && all.l_type != F_UNLCK && all.l_pid > 0)
        usage_error("--out %s: process %ld is writing it; wait for its end, or name another file",
                    path, (long)all.l_pid);
    else
        usage_error("--out %s: another process is writing it; wait for its end, or name another "
                    "file", path);
    return false;
}

/* Is this still the file of that name? Another process may have renamed one over it. */
static bool is_named(const char *path, int fd)
{
    struct stat a, b;
    return stat(path, &a) == 0 && fstat(fd, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

/* Opens a regular file, made where it is missing, to read it and write at its end, and locks it.
 * NULL after a message. */
static FILE *open_locked(const char *path)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        FILE *f = fd >= 0 ? fdopen(fd, "r+") : NULL;
        if (f == NULL) {
            write_failed(path);
            return NULL;
        }
        bool ours = lock(path, fd);
        if (ours && is_named(path, fd))
            return f;
        fclose(f);
        if (!ours)
            return NULL;
    }
}

enum holds { HOLDS_NOTHING, HOLDS_RUNS, HOLDS_OTHER };

/* What a file holds that is there already: --out is easily given a scenario. The first line of
 * results has a digit where that of a trace has a word. A line is torn where its end is missing. */
static enum holds look_into(FILE *f, uint64_t *runs)
{
    static const char first[] = "{\"wavetank\":";
    enum { FIRST = sizeof(first) - 1 };
    char *line = must(malloc(LINE_BYTES));
    uint64_t lines = 0;
    bool ours = true;
    rewind(f);
    *runs = 0;
    for (size_t n; ours && (n = take_line(f, line)) > 0; lines++) {
        bool torn = line[n - 1] != '\n';
        bool head = n > FIRST && memcmp(line, first, FIRST) == 0 && line[FIRST] >= '0' &&
                    line[FIRST] <= '9';
        if (lines == 0)
            ours = head || (torn && n <= FIRST && memcmp(line, first, n) == 0);
        *runs += !head && !torn;
    }
    free(line);
    return !ours ? HOLDS_OTHER : *runs > 0 ? HOLDS_RUNS : HOLDS_NOTHING;
}

/* What replaces a file is written here first; to be freed. */
static char *beside_name(const char *path)
{
    char *real = file_name(path);
    char *beside = must(malloc(strlen(real) + sizeof(".new")));
    sprintf(beside, "%s.new", real);
    free(real);
    return beside;
}

/* The file beside, which a sweep with --force writes. */
static int open_beside(struct outfile *o, const struct request *q, const struct resuming *resuming)
{
    struct stat st;
    uint64_t runs;
    o->replaced = o->file;
    o->file = NULL;
    o->replaces = file_name(q->out);
    o->beside = beside_name(q->out);
    o->path = o->beside;
    bool there = stat(o->beside, &st) == 0;
    if (there && !is_plain_file(&st))
        return usage_error("--force writes to %s first, and that is no file; remove it", o->beside);
    o->file = open_locked(o->beside);
    if (o->file == NULL)
        return EXIT_USAGE;
    if (look_into(o->file, &runs) == HOLDS_OTHER)
        return usage_error("--force writes to %s first, and that file is there and holds no "
                           "results; remove it", o->beside);
    if (asked(q, OPT(RESUME)))
        return resume(o, q, resuming);
    if (runs > 0)
        fprintf(stderr, "wavetank: note: %s had %" PRIu64 " runs of a sweep that did not come to "
                        "its end; begun anew (--force --resume would have gone on with them)\n",
                o->beside, runs);
    return EXIT_OK;
}

static bool has_beside(const char *path)
{
    char *beside = beside_name(path);
    bool there = access(beside, F_OK) == 0;
    free(beside);
    return there;
}

static int open_plain(struct outfile *o, const struct request *q, const struct resuming *resuming)
{
    uint64_t runs;
    bool force = asked(q, OPT(FORCE)), go_on = asked(q, OPT(RESUME));
    o->file = open_locked(o->path);
    if (o->file == NULL)
        return EXIT_USAGE;
    enum holds holds = look_into(o->file, &runs);
    if (holds == HOLDS_OTHER && !go_on)
        return usage_error("--out %s: that file is there and holds no results; remove it first, "
                           "or name another", o->path);
    if (force && holds == HOLDS_RUNS && (!go_on || has_beside(o->path)))
        return open_beside(o, q, resuming);
    if (go_on)
        return resume(o, q, resuming);
    if (holds == HOLDS_RUNS)
        return usage_error("--out %s: it has %" PRIu64 " runs; --resume adds to them, --force "
                           "replaces them when the sweep has come to its end", o->path, runs);
    return EXIT_OK;
}

/* Drops what stands behind the lines that are gone on with. */
static int begin_writing(struct outfile *o)
{
    fflush(o->file);
    o->fd = fileno(o->file);
    if (ftruncate(o->fd, (off_t)o->good) == 0)
        return EXIT_OK;
    write_failed(o->path);
    return EXIT_USAGE;
}

int outfile_open(struct outfile *o, const struct request *q, const struct resuming *resuming)
{
    struct stat st;
    *o = (struct outfile){.fd = -1, .path = q->out};
    if (q->out == NULL)
        return EXIT_OK;
    bool there = stat(q->out, &st) == 0;
    if (!there || is_plain_file(&st)) {
        int code = open_plain(o, q, resuming);
        code = code == EXIT_OK ? begin_writing(o) : code;
        if (code != EXIT_OK)
            outfile_close(o, false);
        return code;
    }
    if (asked(q, OPT(RESUME)))
        return usage_error("--resume %s: that is no file, which could be read back", q->out);
    int stream = there ? standard_stream(&st) : -1;
    o->fd = stream >= 0 ? dup(stream) : open(q->out, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (o->fd >= 0)
        return EXIT_OK;
    write_failed(q->out);
    return EXIT_USAGE;
}

bool outfile_new(struct outfile *o, const char *name, const char *ending)
{
    enum { MOST = 10000 };
    char path[256];
    *o = (struct outfile){.fd = -1};
    for (int i = 1; o->fd < 0 && i <= MOST; i++) {
        if (i == 1)
            snprintf(path, sizeof(path), "%s%s", name, ending);
        else
            snprintf(path, sizeof(path), "%s-%d%s", name, i, ending);
        o->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
        if (o->fd < 0 && errno != EEXIST)
            break;
    }
    o->failed = o->fd < 0;
    if (o->failed)
        fprintf(stderr, "wavetank: note: failed runs are not kept: cannot write %s: %s; --out F "
                        "keeps all of them\n", path, strerror(errno));
    else
        o->path = o->name = must(strdup(path));
    return !o->failed;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Of outfile_new: there is no way to go on with it later, and one without a run is of no use. */
static void kept_fail(const struct outfile *o, const char *why)
{
    if (ftruncate(o->fd, (off_t)o->good) == 0 && o->runs == 0)
        unlink(o->path);
    fprintf(stderr, "wavetank: note: failed runs are not kept: cannot write %s: %s; ", o->path,
            why);
    if (o->runs == 0)
        fputs("--out F keeps all of them\n", stderr);
    else
        fprintf(stderr, "it has the first %" PRIu64 "; --out F keeps all of them\n", o->runs);
}

static void outfile_fail(struct outfile *o)
{
    const char *how = o->beside != NULL ? "--force --resume" : "--resume";
    const char *why = strerror(errno);
    o->failed = true;
    if (o->name != NULL)
        kept_fail(o, why);
    else if (o->file == NULL)
        fatal_error(EXIT_INTERNAL, "cannot write %s: %s; %" PRIu64 " runs went there before",
                    o->path, why, o->runs);
    else if (ftruncate(o->fd, (off_t)o->good) != 0)
        fatal_error(EXIT_INTERNAL, "cannot write %s: %s; it has %" PRIu64 " runs and a torn line, "
                    "which %s drops", o->path, why, o->runs, how);
    else
        fatal_error(EXIT_INTERNAL, "cannot write %s: %s; it has %" PRIu64 " runs; %s goes on from "
                    "there", o->path, why, o->runs, how);
}

void outfile_write(struct outfile *o, const char *text, size_t len, uint64_t runs)
{
    size_t done = 0;
    if (o->fd < 0 || o->failed)
        return;
    while (done < len) {
        ssize_t n = write(o->fd, text + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (done < len) {
        outfile_fail(o);
        return;
    }
    o->good += len;
    o->runs += runs;
}

static void take_the_name(struct outfile *o, bool ended)
{
    if (ended && !o->failed && rename(o->beside, o->replaces) == 0)
        return;
    if (ended && !o->failed) {
        outfile_fail(o);
        return;
    }
    fprintf(stderr, "wavetank: note: %s is as it was, and %s has %" PRIu64 " runs of this sweep; "
                    "--force --resume goes on from there\n", o->replaces, o->beside, o->runs);
}

void outfile_close(struct outfile *o, bool ended)
{
    int fd = o->fd;
    if (fd >= 0 && !o->failed && fsync(fd) != 0 && errno != EINVAL && errno != EROFS)
        outfile_fail(o);
    if (fd >= 0 && o->beside != NULL)
        take_the_name(o, ended);
    o->fd = -1;
    if (o->file != NULL)
        fclose(o->file); /* and the lock is gone */
    else if (fd >= 0)
        close(fd);
    if (o->replaced != NULL)
        fclose(o->replaced);
    free(o->beside);
    free(o->replaces);
    free(o->name);
    o->name = NULL;
    o->file = o->replaced = NULL;
    o->beside = o->replaces = NULL;
    o->path = NULL;
}
