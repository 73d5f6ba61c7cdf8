/* SPDX-License-Identifier: MIT */
/*
 * Drawing. Method: each figure is a gnuplot script that gets its data file, its output, its words
 * and where its panels stand as definitions on standard input; once for SVG, once for PNG. A page
 * holds PANELS_MAX panels; what a figure has beyond them goes to pages of their own. Scripts are
 * looked for beside the program (PREFIX/share/wavetank, or the source tree around the build
 * directory), then where the build was told to look.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plot.h"

#ifndef WAVETANK_SOURCE
#define WAVETANK_SOURCE "."
#endif
#ifndef WAVETANK_DATA
#define WAVETANK_DATA "/usr/local/share/wavetank"
#endif

/* Sizes in px; ten characters of the smaller words are some TEN_CHARACTERS wide. */
enum { FIGURE_WIDTH = 960, FIGURE_LEAST = 720, PANEL_WIDTH = 480, NARROW_WIDTH = 400,
       PLOT_HEIGHT = 400, PANEL_PLOT_HEIGHT = 210, LINE_HEIGHT = 18, AXIS_HEIGHT = 48,
       HEAD_HEIGHT = 62, FOOT_HEIGHT = 24, TEN_CHARACTERS = 64 };
/* How many lines a title and a set-up may have; below so many samples each is drawn as a point. */
enum { TITLE_LINES = 3, SETUP_LINES = 2, FEW = 20, LEGEND_COLUMNS = 2 };

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

/* In single quotes, where gnuplot changes nothing: in double ones it runs what stands in
 * backquotes, and titles come from files. */
static void define_text(FILE *f, const char *name, const char *value)
{
    fprintf(f, "%s='", name);
    for (; *value != 0; value++) {
        if (*value == '\n')
            fputs("'.\"\\n\".'", f);
        else if (*value == '\'')
            fputs("''", f);
        else
            putc((unsigned char)*value < 0x20 ? ' ' : *value, f);
    }
    fputs("'\n", f);
}

/* A name that begins with '<' or '|' would be a command. */
static void define_path(FILE *f, const struct plot *p, const char *name, const char *file,
                        const char *suffix)
{
    char path[PLOT_PATH_BYTES + 64] = "";
    append(path, sizeof(path), "%s%s/%s%s", p->directory[0] == '/' ? "" : "./", p->directory, file,
           suffix);
    define_text(f, name, path);
}

static void define_item(FILE *f, const char *array, uint32_t i, const char *value)
{
    char name[32];
    snprintf(name, sizeof(name), "%s[%" PRIu32 "]", array, i + 1);
    define_text(f, name, value);
}

static void define_ms(FILE *f, const char *name, uint64_t ns)
{
    fprintf(f, "%s=", name);
    print_ms(f, ns);
    putc('\n', f);
}

/* ---- a page ---------------------------------------------------------------------------------- */

struct page {
    const struct figure *figure;
    uint32_t first, n;                  /* its panels */
    uint32_t columns, rows, width;      /* width: of a panel */
    uint32_t legend_rows, title_lines, setup_lines, foot_rows;
    char setup[LABEL_BYTES];
};

static void lay_out_columns(struct page *p)
{
    const struct figure *g = p->figure;
    uint32_t all = g->npanels < PANELS_MAX ? g->npanels : PANELS_MAX;
    p->columns = all == 1 ? 1 : all <= 4 ? 2 : all <= 9 ? 3 : 4;
    p->rows = (p->n + p->columns - 1) / p->columns;
    p->width = p->columns == 1 ? FIGURE_WIDTH : p->columns == 2 ? PANEL_WIDTH : NARROW_WIDTH;
}

/* How many characters have room in so many px. */
static size_t room(uint32_t px) { return px * 10 / TEN_CHARACTERS; }

/* "calm network (12,345 samples, 3 timed out)", and below what of the set-up is the line's own; how
 * many lines that is. */
static uint32_t line_legend(const struct page *p, const struct line *l, const char *known,
                            const char *said, char out[LABEL_BYTES])
{
    enum { AROUND = 12 };
    char n[32], late[64] = "", own[SETUP_BYTES], text[LABEL_BYTES], count[32];
    char words[2 * LABEL_BYTES] = "";
    size_t width = room(p->width - 60), taken;
    grouped(l->hist->n, n);
    grouped(l->hist->timeouts, count);
    if (l->hist->timeouts > 0)
        append(late, sizeof(late), ", %s timed out", count);
    taken = strlen(n) + strlen(late) + AROUND;
    shorten(l->label, width > taken + AROUND ? width - taken : AROUND, text);
    out[0] = 0;
    append(out, LABEL_BYTES, "%s%s%s sample%s%s%s", text, text[0] ? " (" : "", n,
           l->hist->n == 1 ? "" : "s", late, text[0] ? ")" : "");
    append(words, sizeof(words), "%s, %s", l->label, said);
    setup_own(l->curve->setup, known, words, own);
    if (own[0] == 0)
        return 1;
    uint32_t lines = wrap_setup(own, width, SETUP_LINES, text);
    append(out, LABEL_BYTES, "\n%s", text);
    return 1 + lines;
}

/* A panel's title, and below it what it is of; how many lines that is. */
static uint32_t panel_title(const struct page *p, const struct panel *panel, const char *own,
                            char out[LABEL_BYTES])
{
    const struct figure *g = p->figure;
    char words[LABEL_BYTES] = "", runs[160] = "", n[32], text[LABEL_BYTES];
    size_t width = room(p->width - 24);
    if (g->over_time) {
        runs_text(&g->line[panel->first], 1, runs);
        grouped(timeline_samples(g->line[panel->first].curve, g->series), n);
        append(runs, sizeof(runs), ", %s operations", n);
    }
    append(words, sizeof(words), panel->title[0] && runs[0] ? "%s (%s)" : "%s%s", panel->title,
           runs);
    uint32_t lines = words[0] ? wrap(words, width, TITLE_LINES, text) : 0;
    out[0] = 0;
    append(out, LABEL_BYTES, "%s", lines > 0 ? text : "");
    if (own[0] == 0)
        return lines;
    uint32_t more = wrap_setup(own, width, SETUP_LINES, text);
    append(out, LABEL_BYTES, "%s%s", lines > 0 ? "\n" : "", text);
    return lines + more;
}

/* Colours go by labels, so that one label has one colour in all panels; where there are more labels
 * than colours, by places. */
static uint32_t colour_of(const struct figure *g, const struct panel *panel, uint32_t line)
{
    uint32_t n = 0, mine = 0;
    for (uint32_t i = 0; i < g->nlines; i++) {
        uint32_t j = 0;
        while (strcmp(g->line[j].label, g->line[i].label) != 0)
            j++;
        n += j == i;
        if (strcmp(g->line[i].label, g->line[line].label) == 0 && mine == 0)
            mine = n;
    }
    return n <= LINES_MAX ? mine : line - panel->first + 1;
}

/* The legend's entries of a panel, one below the other. */
static void define_legend(FILE *f, struct page *p, const struct panel *panel, const char *known)
{
    const struct figure *g = p->figure;
    char words[LABEL_BYTES], said[LABEL_BYTES] = "";
    uint32_t row = 0;
    append(said, sizeof(said), "%s, %s", g->subject, panel->title);
    for (uint32_t l = panel->first; l < panel->first + panel->n; l++) {
        uint32_t lines = line_legend(p, &g->line[l], known, said, words);
        define_item(f, "legend", l, words);
        fprintf(f, "colour[%" PRIu32 "]=%" PRIu32 "\nfew[%" PRIu32 "]=%d\nrow[%" PRIu32
                   "]=%" PRIu32 "\n",
                l + 1, colour_of(g, panel, l), l + 1, g->line[l].hist->n < FEW, l + 1, row);
        row += lines;
    }
    p->legend_rows = row > p->legend_rows ? row : p->legend_rows;
}

static void define_panels(FILE *f, struct page *p)
{
    const struct figure *g = p->figure;
    char common[SETUP_BYTES], shared[SETUP_BYTES], own[SETUP_BYTES], words[LABEL_BYTES];
    setup_common(g->line, g->nlines, common);
    fprintf(f, "panels=%" PRIu32 "\nlines=%" PRIu32 "\n", p->n, g->nlines);
    fputs("array title[panels]\narray first[panels]\narray count[panels]\narray legend[lines]\n"
          "array colour[lines]\narray few[lines]\narray row[lines]\n",
          f);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct panel *panel = &g->panel[p->first + i];
        setup_common(&g->line[panel->first], panel->n, shared);
        words[0] = 0;
        append(words, sizeof(words), "%s, %s", g->subject, panel->title);
        setup_own(shared, common, words, own);
        uint32_t lines = panel_title(p, panel, own, words);
        p->title_lines = lines > p->title_lines ? lines : p->title_lines;
        define_item(f, "title", i, words);
        fprintf(f, "first[%" PRIu32 "]=%" PRIu32 "\ncount[%" PRIu32 "]=%" PRIu32 "\n", i + 1,
                panel->first, i + 1, panel->n);
        if (!g->over_time)
            define_legend(f, p, panel, shared);
    }
}

/* What figures over time need beside: where the axis of time ends, and lanes for kinds of faults
 * that occur on the page. */
static void define_time(FILE *f, struct page *p)
{
    const struct figure *g = p->figure;
    unsigned found = 0;
    uint64_t highest = 0;
    uint32_t lanes = 0;
    fprintf(f, "array seconds[panels]\narray lane[%d]\narray band[%d]\n", TROUBLES, TROUBLES);
    for (uint32_t i = 0; i < g->nlines; i++)
        highest = highest_rate(g->line[i].curve) > highest ? highest_rate(g->line[i].curve)
                                                            : highest;
    for (uint32_t i = 0; i < p->n; i++) {
        const struct curve *c = g->line[g->panel[p->first + i].first].curve;
        fprintf(f, "seconds[%" PRIu32 "]=%" PRIu64 ".%03" PRIu64 "\n", i + 1,
                time_shown(c) / 1000000000, time_shown(c) / 1000000 % 1000);
        found |= troubles_of(c);
    }
    for (int k = 0; k < TROUBLES; k++) {
        fprintf(f, "lane[%d]=%d\n", k + 1, found >> k & 1 ? (int)lanes++ : -1);
        define_item(f, "band", (uint32_t)k, trouble_words(k));
    }
    p->foot_rows = (3 + lanes + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    fprintf(f, "lanes=%" PRIu32 "\nhighest=%" PRIu64 ".%03" PRIu64 "\nlegend_columns=%d\n"
               "legend_rows=%" PRIu32 "\n",
            lanes, highest / 1000, highest % 1000, LEGEND_COLUMNS, p->foot_rows);
}

static void define_axes(FILE *f, const struct axes *a)
{
    define_ms(f, "floor_ms", a->floor);
    define_ms(f, "most", a->most);
    define_ms(f, "ceiling", a->ceiling);
    fprintf(f, "rarest=%" PRIu64 "\ntimeouts=%d\n", a->samples > 10 ? a->samples : 10, a->timeouts);
}

static void define_sizes(FILE *f, const struct page *p)
{
    uint32_t plot = p->columns == 1 ? PLOT_HEIGHT : PANEL_PLOT_HEIGHT;
    uint32_t head = HEAD_HEIGHT + p->setup_lines * LINE_HEIGHT + 8;
    uint32_t title = p->title_lines * LINE_HEIGHT + (p->title_lines ? 4 : 0);
    uint32_t panel = title + plot + AXIS_HEIGHT + p->legend_rows * LINE_HEIGHT + 10;
    uint32_t width = p->columns * p->width;
    uint32_t bottom = head + p->rows * panel;
    fprintf(f,
            "figure_width=%" PRIu32 "\nfigure_height=%" PRIu32 "\ncolumns=%" PRIu32
            "\npanel_width=%" PRIu32 "\npanel_height=%" PRIu32 "\nplot_height=%" PRIu32
            "\ntitle_height=%" PRIu32 "\nhead_height=%" PRIu32 "\nlegend_top=%" PRIu32
            "\nline_height=%d\n",
            width > FIGURE_LEAST ? width : FIGURE_LEAST,
            bottom + p->foot_rows * LINE_HEIGHT + FOOT_HEIGHT, p->columns, p->width, panel, plot,
            title, head, bottom, LINE_HEIGHT);
}

/* The heading, what all have in common, and the footer that every figure carries: where it comes
 * from. */
static void define_words(FILE *f, struct page *p)
{
    const struct figure *g = p->figure;
    char runs[96], revisions[256], text[LABEL_BYTES], common[SETUP_BYTES], all[LABEL_BYTES] = "";
    size_t width = room(p->columns * p->width - 40);
    append(all, sizeof(all), "%s%s%s", g->heading, g->subject[0] ? ": " : "", g->subject);
    shorten(all, width / 2, text);
    define_text(f, "heading", text);
    define_text(f, "meaning", g->meaning);
    setup_common(g->line, g->nlines, common);
    p->setup_lines = common[0] ? wrap_setup(common, width, TITLE_LINES, p->setup) : 0;
    define_text(f, "setup", common[0] ? p->setup : "");
    runs_text(g->line, g->nlines, runs);
    revisions_text(g->line, g->nlines, revisions);
    all[0] = 0;
    append(all, sizeof(all), "wavetank %s, simulated, %s", revisions, runs);
    if (g->npanels > PANELS_MAX)
        append(all, sizeof(all), ", panels %" PRIu32 " to %" PRIu32 " of %" PRIu32, p->first + 1,
               p->first + p->n, g->npanels);
    shorten(all, width, text);
    define_text(f, "source", text);
}

/* ---- gnuplot --------------------------------------------------------------------------------- */

/* One call, with these definitions. 0, or the exit code; 127: there is no gnuplot. What it says is
 * shown only if it fails: it also warns of titles that it did place. */
static int gnuplot(FILE *definitions, const char *script)
{
    int status = 1 << 8; /* where there is no child: failed */
    FILE *said = tmpfile();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (said != NULL)
            dup2(fileno(said), STDERR_FILENO);
        rewind(definitions);
        dup2(fileno(definitions), STDIN_FILENO);
        /* the scripts are UTF-8, and gnuplot complains of any other locale */
        setenv("LC_ALL", "C.UTF-8", 1);
        execlp("gnuplot", "gnuplot", "-", script, (char *)NULL);
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

static int draw_page(const struct plot *plot, const char *scripts, struct page *p,
                     const char *suffix)
{
    char script[PLOT_PATH_BYTES + 64];
    FILE *f = tmpfile();
    if (f == NULL)
        return fatal_error(1, "no temporary file: %s", strerror(errno));
    snprintf(script, sizeof(script), "%s/%s", scripts, p->figure->script);
    define_text(f, "kind", strrchr(suffix, '.') + 1);
    define_text(f, "scripts", scripts);
    define_path(f, plot, "out", p->figure->name, suffix);
    define_path(f, plot, "data", p->figure->name, ".dat");
    lay_out_columns(p);
    define_words(f, p);
    define_axes(f, &p->figure->axes);
    define_panels(f, p);
    if (p->figure->over_time)
        define_time(f, p);
    define_sizes(f, p);
    int code = ferror(f) ? 1 : gnuplot(f, script);
    fclose(f);
    if (code == 0)
        printf("%s/%s%s\n", plot->directory, p->figure->name, suffix);
    return code;
}

static int draw_figure(const struct plot *plot, const char *scripts, const struct figure *g)
{
    static const char *const kinds[] = {"svg", "png"};
    int code = 0;
    for (uint32_t first = 0; code == 0 && first < g->npanels; first += PANELS_MAX) {
        for (int i = 0; code == 0 && i < 2; i++) {
            struct page page = {.figure = g, .first = first};
            char suffix[32] = "";
            page.n = g->npanels - first < PANELS_MAX ? g->npanels - first : PANELS_MAX;
            if (first > 0)
                append(suffix, sizeof(suffix), "-%" PRIu32, first / PANELS_MAX + 1);
            append(suffix, sizeof(suffix), ".%s", kinds[i]);
            code = draw_page(plot, scripts, &page, suffix);
        }
    }
    return code;
}

int draw_figures(const struct plot *p, const struct figure *const *figures, uint32_t n)
{
    char scripts[PLOT_PATH_BYTES];
    if (!find_scripts(scripts))
        return fatal_error(EXIT_INTERNAL,
                           "the plot scripts are neither installed nor in the source tree; data "
                           "files are in %s",
                           p->directory);
    int code = 0;
    for (uint32_t i = 0; code == 0 && i < n; i++)
        code = draw_figure(p, scripts, figures[i]);
    if (code == 0)
        return EXIT_OK;
    return fatal_error(EXIT_INTERNAL, "gnuplot %s; data files and table are in %s",
                       code == 127 ? "is not installed (Debian: gnuplot-nox)" : "failed",
                       p->directory);
}
