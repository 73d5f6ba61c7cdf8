/* SPDX-License-Identifier: MIT */
/*
 * Files read whole and written whole. Method of writing: the new text goes to a temporary file
 * beside the old one and is renamed over it, so that whatever happens on the way there is one whole
 * file of that name. A symbolic link is followed: what it points to is what is written anew. Pipes,
 * devices and the file that a standard stream goes to are written as they are.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

enum { WHOLE_MAX = 64 << 20 };          /* no tape and no scenario comes near; /dev/zero does */

char *read_whole(const char *path, size_t *len)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    char *data = NULL;
    size_t capacity = 0;
    *len = 0;
    for (size_t n = 1; f != NULL && n > 0 && *len <= WHOLE_MAX; *len += n) {
        if (*len == capacity) {
            capacity = capacity ? capacity * 2 : 65536;
            data = must(realloc(data, capacity));
        }
        n = fread(data + *len, 1, capacity - *len, f);
    }
    bool failed = f == NULL || ferror(f), large = *len > WHOLE_MAX;
    if (f != NULL && f != stdin)
        fclose(f);
    if (large)
        errno = EFBIG;
    if (failed || large) {
        free(data);
        data = NULL;
    }
    return data;
}

int standard_stream(const struct stat *st)
{
    for (int fd = 1; fd <= 2; fd++) {
        struct stat s;
        if (fstat(fd, &s) == 0 && s.st_dev == st->st_dev && s.st_ino == st->st_ino)
            return fd;
    }
    return -1;
}

bool is_plain_file(const struct stat *st)
{
    return S_ISREG(st->st_mode) && standard_stream(st) < 0;
}

char *file_name(const char *path)
{
    struct stat st;
    bool link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode) && stat(path, &st) == 0;
    return must(link ? realpath(path, NULL) : strdup(path));
}

/* Does a file that is there begin as one that may be replaced? An empty one may. */
static bool begins_with(const char *path, const char *const *heads)
{
    char begins[64];
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return false;
    size_t n = fread(begins, 1, sizeof(begins), f);
    fclose(f);
    bool own = n == 0;
    for (; *heads != NULL; heads++)
        own = own || (n >= strlen(*heads) && memcmp(begins, *heads, strlen(*heads)) == 0);
    return own;
}

/* Opens a temporary file beside `path`, with the mode that a new or the old file has. */
static bool open_beside(struct output *o, const char *path, const struct stat *old)
{
    mode_t mask = umask(0);
    umask(mask);
    o->temporary = must(malloc(strlen(path) + sizeof(".XXXXXX")));
    sprintf(o->temporary, "%s.XXXXXX", path);
    int fd = mkstemp(o->temporary);
    if (fd >= 0 && fchmod(fd, old != NULL ? old->st_mode & 07777 : 0666 & ~mask) == 0)
        o->file = fdopen(fd, "w");
    if (o->file != NULL)
        return true;
    int why = errno;
    if (fd >= 0) {
        close(fd);
        unlink(o->temporary);
    }
    errno = why;
    return false;
}

static bool open_output(struct output *o, const char *path)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (!there && errno != ENOENT)
        return false;
    int stream = there ? standard_stream(&st) : -1;
    if (stream >= 0)
        return (o->file = fdopen(dup(stream), "w")) != NULL;
    if (there && !S_ISREG(st.st_mode))
        return (o->file = fopen(path, "w")) != NULL;
    if (there && access(path, W_OK) != 0)
        return false;
    o->path = file_name(path);
    return open_beside(o, o->path, there ? &st : NULL);
}

static void output_free(struct output *o)
{
    free(o->path);
    free(o->temporary);
    *o = (struct output){0};
}

int output_open(struct output *o, const char *option, const char *path, const char *const *heads)
{
    struct stat st;
    *o = (struct output){0};
    if (stat(path, &st) == 0 && is_plain_file(&st) && access(path, R_OK) == 0 &&
        !begins_with(path, heads))
        return usage_error("%s %s: that file is there and holds something else; remove it first, "
                           "or name another", option, path);
    if (open_output(o, path))
        return EXIT_OK;
    write_failed(path);
    output_free(o);
    return EXIT_USAGE;
}

bool output_close(struct output *o, bool keep)
{
    bool ok = keep && fflush(o->file) == 0 && !ferror(o->file);
    int why = errno;
    if (fclose(o->file) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && o->temporary != NULL && rename(o->temporary, o->path) != 0) {
        ok = false;
        why = errno;
    }
    if (!ok && o->temporary != NULL)
        unlink(o->temporary);
    output_free(o);
    errno = why;
    return ok;
}

bool rewrite(const char *path, const char *text, size_t len)
{
    struct output o = {0};
    struct stat st;
    if (stat(path, &st) != 0)
        return false;
    if (!S_ISREG(st.st_mode)) {
        errno = EINVAL;
        return false;
    }
    if (!open_output(&o, path)) {
        output_free(&o);
        return false;
    }
    bool ok = fwrite(text, 1, len, o.file) == len;
    return output_close(&o, ok) && ok;
}
