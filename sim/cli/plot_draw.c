/* SPDX-License-Identifier: MIT */
/*
 * Drawing. Method: each figure is a gnuplot script that gets its data file, its output and its
 * words by -e; once for SVG, once for PNG. Scripts are looked for beside the program
 * (PREFIX/share/wavetank, or the source tree around the build directory), then where the build was
 * told to look.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plot.h"

enum { DEFINITIONS_BYTES = 16384, LABEL_SHORT = 24 };

#ifndef WAVETANK_SOURCE
#define WAVETANK_SOURCE "."
#endif
#ifndef WAVETANK_DATA
#define WAVETANK_DATA "/usr/local/share/wavetank"
#endif

/* ---- where the scripts are ------------------------------------------------------------------- */

static bool has_scripts(const char *directory)
{
    char path[PLOT_PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/style.gp", directory);
    return n > 0 && (size_t)n < sizeof(path) && access(path, R_OK) == 0;
}

static bool find_scripts(char out[PLOT_PATH_BYTES])
{
    char self[PLOT_PATH_BYTES / 2];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash != NULL) {
        *slash = 0;
        snprintf(out, PLOT_PATH_BYTES, "%s/../share/wavetank/plots", self);
        if (has_scripts(out))
            return true;
        snprintf(out, PLOT_PATH_BYTES, "%s/../reports/plots", self);
        if (has_scripts(out))
            return true;
    }
    snprintf(out, PLOT_PATH_BYTES, "%s/reports/plots", WAVETANK_SOURCE);
    if (has_scripts(out))
        return true;
    snprintf(out, PLOT_PATH_BYTES, "%s/plots", WAVETANK_DATA);
    return has_scripts(out);
}

/* ---- what a script is told ------------------------------------------------------------------- */

static void define_text(FILE *f, const char *name, const char *value)
{
    fprintf(f, "%s=\"", name);
    for (; *value != 0; value++) {
        if (*value == '"' || *value == '\\')
            putc('\\', f);
        putc((unsigned char)*value < 0x20 ? ' ' : *value, f);
    }
    fputs("\";", f);
}

static void define_path(FILE *f, const struct plot *p, const char *name, const char *file)
{
    char path[PLOT_PATH_BYTES];
    snprintf(path, sizeof(path), "%s/%s", p->directory, file);
    define_text(f, name, path);
}

/* The footer that every figure carries: where it comes from. */
static void define_source(FILE *f, const struct plot *p)
{
    char text[512], runs[32], seeds[64];
    grouped(p->runs, runs);
    seeds_text(p, seeds);
    snprintf(text, sizeof(text), "wavetank %s, %s, %s simulated runs", p->revision, seeds, runs);
    define_text(f, "source", text);
}

static void define_axes(FILE *f, const struct axes *a, uint32_t n)
{
    fprintf(f,
            "n=%" PRIu32 ";floor_ms=%" PRIu64 ".%06" PRIu64 ";most=%" PRIu64 ".%06" PRIu64
            ";ceiling=%" PRIu64 ".%06" PRIu64,
            n, a->floor / 1000000, a->floor % 1000000, a->most / 1000000, a->most % 1000000,
            a->ceiling / 1000000, a->ceiling % 1000000);
    fprintf(f, ";rarest=%" PRIu64 ";timeouts=%d;", 2 * a->samples, a->timeouts);
}

/* The legend's columns: two, unless a title is too long for half the figure. */
static void define_legend(FILE *f, const struct curve *const *curves, uint32_t n)
{
    size_t longest = 0;
    for (uint32_t i = 0; i < n; i++)
        longest = strlen(curves[i]->label) > longest ? strlen(curves[i]->label) : longest;
    fprintf(f, "legend_columns=%d;", n > 1 && longest <= LABEL_SHORT ? 2 : 1);
}

/* ---- gnuplot --------------------------------------------------------------------------------- */

/* One call. 0, or the exit code; 127: there is no gnuplot. What it says is shown only if it fails:
 * it also warns of titles that it did place. */
static int gnuplot(const char *definitions, const char *script)
{
    int status = 1 << 8; /* where there is no child: failed */
    FILE *said = tmpfile();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (said != NULL)
            dup2(fileno(said), STDERR_FILENO);
        /* the scripts are UTF-8, and gnuplot complains of any other locale */
        setenv("LC_ALL", "C.UTF-8", 1);
        execlp("gnuplot", "gnuplot", "-e", definitions, script, (char *)NULL);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    if (said != NULL && code != 0) {
        rewind(said);
        for (int c; (c = getc(said)) != EOF;)
            putc(c, stderr);
    }
    if (said != NULL)
        fclose(said);
    return code;
}

static int draw_figure(const struct plot *p, const char *scripts, const char *script,
                       const char *name, const char *definitions)
{
    static const char *const kinds[] = {"svg", "png"};
    char path[PLOT_PATH_BYTES + 64];
    snprintf(path, sizeof(path), "%s/%s", scripts, script);
    for (int i = 0; i < 2; i++) {
        char all[DEFINITIONS_BYTES + 2 * PLOT_PATH_BYTES], file[80];
        FILE *f = fmemopen(all, sizeof(all), "w");
        if (f == NULL)
            return 1;
        snprintf(file, sizeof(file), "%s.%s", name, kinds[i]);
        define_text(f, "kind", kinds[i]);
        define_text(f, "scripts", scripts);
        define_path(f, p, "out", file);
        fputs(definitions, f);
        fclose(f);
        int code = gnuplot(all, path);
        if (code != 0)
            return code;
        printf("%s/%s\n", p->directory, file);
    }
    return 0;
}

static int draw_metric(const struct plot *p, const char *scripts, int metric)
{
    const struct curve *curves[SHOWN_MAX];
    char definitions[DEFINITIONS_BYTES], data[64];
    uint32_t n = curves_of(p, metric, curves);
    FILE *f = n > 0 ? fmemopen(definitions, sizeof(definitions), "w") : NULL;
    if (f == NULL)
        return n > 0;
    snprintf(data, sizeof(data), "%s.dat", metric_name(metric));
    define_path(f, p, "data", data);
    define_source(f, p);
    define_text(f, "heading", figure_title(metric));
    define_text(f, "meaning", figure_meaning(metric));
    struct axes axes = axes_of(curves, n, metric);
    define_axes(f, &axes, n);
    define_legend(f, curves, n);
    fclose(f);
    return draw_figure(p, scripts, metric == METRIC_ELECTION ? "cdf.gp" : "percentiles.gp",
                       metric_name(metric), definitions);
}

/* Reads of all kinds side by side, a panel a curve; only where there are at least two kinds. */
static int draw_reads(const struct plot *p, const char *scripts)
{
    const struct curve *curves[SHOWN_MAX];
    char definitions[DEFINITIONS_BYTES];
    struct axes axes;
    uint32_t kinds, n = curves_of_reads(p, curves, &axes, &kinds);
    FILE *f = kinds > 1 ? fmemopen(definitions, sizeof(definitions), "w") : NULL;
    if (f == NULL)
        return kinds > 1;
    define_path(f, p, "data", "reads.dat");
    define_source(f, p);
    define_text(f, "heading", "Read latency by kind of read");
    define_text(f, "meaning", figure_meaning(METRIC_READ_INDEX));
    for (uint32_t i = 0; i < n; i++) {
        char name[16], text[256], counts[READ_KINDS][32];
        for (int k = 0; k < READ_KINDS; k++)
            grouped(curves[i]->latency[read_metrics[k]].n, counts[k]);
        snprintf(name, sizeof(name), "panel%" PRIu32, i);
        snprintf(text, sizeof(text), "%s (%s, %s and %s samples)", curves[i]->label, counts[0],
                 counts[1], counts[2]);
        define_text(f, name, text);
    }
    define_axes(f, &axes, n);
    fprintf(f, "kinds=%d;", READ_KINDS);
    fclose(f);
    return draw_figure(p, scripts, "reads.gp", "reads", definitions);
}

int draw_figures(const struct plot *p)
{
    char scripts[PLOT_PATH_BYTES];
    if (!find_scripts(scripts)) {
        fprintf(
            stderr,
            "wavetank: error: the plot scripts are neither installed nor in the source tree; data "
            "files are in %s\n",
            p->directory);
        return EXIT_INTERNAL;
    }
    int code = 0;
    for (int m = 0; code == 0 && m < METRICS; m++)
        code = draw_metric(p, scripts, m);
    if (code == 0)
        code = draw_reads(p, scripts);
    if (code == 0)
        return EXIT_OK;
    if (code == 127)
        fprintf(stderr,
                "wavetank: error: gnuplot is not installed (Debian: gnuplot-nox); data files and "
                "table are in %s\n",
                p->directory);
    else
        fprintf(stderr, "wavetank: error: gnuplot failed; data files and table are in %s\n",
                p->directory);
    return EXIT_INTERNAL;
}
