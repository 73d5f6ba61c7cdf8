/* SPDX-License-Identifier: MIT */
/* wavetank trace: one run, played into a sink. The run's own verdict goes to stderr; the exit code
 * is 0 unless writing failed, or a ^C ended the run: what happened until then is written. */
#include <string.h>

#include "../trace/sink.h"
#include "cli.h"
#include "which.h"

static int unknown_sink(const char *name)
{
    const char *names[32] = {0};
    for (size_t i = 0; i < 31 && sinks[i].name != NULL; i++)
        names[i] = sinks[i].name;
    const char *near = nearest(name, names);
    return usage_error("--to %s: no such form%s%s%s; see wavetank list sinks", name,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int cmd_trace(const struct request *q)
{
    static struct result result;
    static const char *const heads[] = {"# wavetank ", "{\"wavetank\":\"trace\"", NULL};
    struct suite suite;
    const char *sink = q->to != NULL ? q->to : "text";
    if (sink_by_name(sink) == NULL)
        return unknown_sink(sink);
    int code = suite_load_one(&suite, q);
    struct arena *block = code == EXIT_OK ? must_block() : NULL;
    if (code != EXIT_OK) {
        suite_free(&suite);
        return code;
    }
    const struct item *item = &suite.items[0];
    struct told told = told_of(item, q, &result);
    struct run run = item_run(item, q, item_seed(item, q));
    struct which which;
    interrupt_watch("\nwavetank: stopping; once more to stop at once\n");
    run.play.interrupt = interrupt_flag();
    code = which_find(&which, q, &run, block);
    struct output file = {.file = stdout};
    if (code == EXIT_OK && q->output != NULL)
        code = output_open(&file, "-o", q->output, heads);
    if (code != EXIT_OK) {
        which_free(&which);
        suite_free(&suite);
        return code;
    }
    bool ok = print_trace(file.file, sink, &which, &run, &told, block, &result);
    which_tell(&which, q);
    which_free(&which);
    if (q->output != NULL && !output_close(&file, ok))
        code = write_failed(q->output); /* of stdout, main() says so */
    else if (ok)
        print_last_line(stderr, &told);
    if (interrupted())
        code = exit_worse(code, EXIT_INCONCLUSIVE);
    suite_free(&suite);
    return code;
}
