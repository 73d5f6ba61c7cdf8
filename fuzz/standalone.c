/* SPDX-License-Identifier: MIT */
/* Runs a harness over files and folders of inputs, without a fuzzing engine: `make check` replays
 * the corpora with it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "bytes.h"

static int one_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return -1;
    }
    static uint8_t data[1 << 20];
    size_t size = fread(data, 1, sizeof data, f);
    fclose(f);
    uint8_t *exact = malloc(size ? size : 1);      /* so that a sanitizer sees the true end */
    if (!exact)
        return -1;
    memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

static int one_path(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return one_file(path);
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort), done = 0;
    for (int i = 0; i < n; i++) {
        char full[4096];
        int len = snprintf(full, sizeof full, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && len > 0 && (size_t)len < sizeof full && done >= 0) {
            int ran = one_file(full);
            done = ran < 0 ? -1 : done + ran;
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return n < 0 ? -1 : done;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int done = one_path(argv[i]);
        if (done < 0)
            return 1;
        total += done;
    }
    printf("%d inputs, no property broken\n", total);
    return total ? 0 : 1;
}
