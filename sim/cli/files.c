/* SPDX-License-Identifier: MIT */
/*
 * Files read whole and written whole. Method of writing: the new text goes to a temporary file
 * beside the old one and is renamed over it, so that whatever happens on the way there is one whole
 * file of that name. A symbolic link is followed: what it points to is what is rewritten.
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
            char *grown = realloc(data, capacity);
            if (grown == NULL)
                break;
            data = grown;
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

static bool write_all(int fd, const char *text, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, text + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

/* Into the temporary file, which then takes the name. */
static bool write_and_rename(int fd, const char *temporary, const char *path, mode_t mode,
                             const char *text, size_t len)
{
    bool ok = write_all(fd, text, len) && fchmod(fd, mode) == 0;
    int why = errno;
    ok = close(fd) == 0 && ok;
    if (ok && rename(temporary, path) == 0)
        return true;
    errno = ok ? errno : why;
    return false;
}

bool rewrite(const char *path, const char *text, size_t len)
{
    struct stat st;
    char *real = realpath(path, NULL), *temporary = NULL;
    bool ok = real != NULL && access(real, W_OK) == 0 && stat(real, &st) == 0;
    if (ok && !S_ISREG(st.st_mode)) {
        errno = EINVAL;
        ok = false;
    }
    if (ok && asprintf(&temporary, "%s.XXXXXX", real) < 0) {
        temporary = NULL;
        ok = false;
    }
    int fd = ok ? mkstemp(temporary) : -1;
    ok = ok && fd >= 0 && write_and_rename(fd, temporary, real, st.st_mode & 07777, text, len);
    int why = errno;
    if (!ok && fd >= 0)
        unlink(temporary);
    free(temporary);
    free(real);
    errno = why;
    return ok;
}
